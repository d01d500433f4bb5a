package jane.notebook;

import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something to show, in every form a front end may want: always text, and beside it HTML or a
 * picture. HTML is plain, without style sheets, so that it survives on a page that strips them.
 */
public final class Display {
    private final Map<String, String> data = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> metadata = new LinkedHashMap<>();

    private Display(String text) {
        data.put("text/plain", text);
    }

    /** Starts with the plain text form. */
    public static Display text(String text) {
        return new Display(text);
    }

    /** Adds an HTML form. */
    public Display html(String html) {
        data.put("text/html", html);
        return this;
    }

    /**
     * Adds a picture.
     *
     * @param png the bytes of a PNG file
     * @param alt what the picture shows, as a sentence
     */
    public Display png(byte[] png, String alt) {
        data.put("image/png", Base64.getEncoder().encodeToString(png));
        metadata.put("image/png", Map.of("alt", alt));
        return this;
    }

    /** Contents by MIME type; pictures in base 64. */
    public Map<String, String> data() {
        return Collections.unmodifiableMap(data);
    }

    /** What a front end should know of a form, by MIME type: {@code alt} of pictures. */
    public Map<String, Map<String, String>> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** The plain text form. */
    @Override
    public String toString() {
        return data.get("text/plain");
    }
}
