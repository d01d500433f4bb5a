package jane.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.lang.reflect.Array;
import java.util.Map;

/** Turns a value into what a notebook shows of it. */
final class Values {
    private static final int MAX_ELEMENTS = 200;
    private static final int MAX_CHARACTERS = 200_000;

    private Values() {}

    /** The value as its registered renderer has it, in any case with {@code text/plain}. */
    static DisplayData render(Renderer renderer, Object value) {
        if (value instanceof DisplayData data) {
            return data;
        }
        if (value.getClass().isArray()) {
            StringBuilder text = new StringBuilder();
            array(value, text, new int[] {MAX_ELEMENTS});
            return new DisplayData(text.toString());
        }
        if (value instanceof CharSequence text) {
            return new DisplayData(cut(text.toString()));
        }
        DisplayData data = renderer.render(value);
        if (data.getData(MIMEType.TEXT_PLAIN) instanceof String text) {
            data.putText(cut(text));
        }
        return data;
    }

    private static String cut(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return text;
        }
        int rest = text.length() - MAX_CHARACTERS;
        return text.substring(0, MAX_CHARACTERS) + "\n... " + rest + " more characters";
    }

    /** {@code [1, 2, 3]}, nested as deep as the array is, cut after {@code room[0]} elements. */
    private static void array(Object array, StringBuilder text, int[] room) {
        int length = Array.getLength(array);
        text.append('[');
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ", ");
            if (room[0] <= 0) {
                text.append("... ").append(length - i).append(" more");
                break;
            }
            Object element = Array.get(array, i);
            if (element != null && element.getClass().isArray()) {
                array(element, text, room);
            } else {
                room[0]--;
                text.append(element);
            }
        }
        text.append(']');
    }

    /** A bundle from plain maps. */
    static DisplayData bundle(Map<String, Object> data, Map<String, Object> metadata) {
        DisplayData bundle = new DisplayData();
        data.forEach(bundle::putData);
        metadata.forEach(bundle::putMetaData);
        return bundle;
    }
}
