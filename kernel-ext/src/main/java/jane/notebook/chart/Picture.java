package jane.notebook.chart;

import jane.notebook.Display;

/** Something drawn: a PNG, a sentence for who cannot see it, and the facts as text. */
public interface Picture {
    /** The bytes of a PNG file on an opaque white ground. */
    byte[] png();

    /** What the picture shows, as a sentence with its main numbers. */
    String alt();

    /** The same facts as plain text. */
    String text();

    /**
     * All three together. Where this Java finds no font at all there is only the text, and a line
     * that says why.
     */
    default Display display() {
        var missing = Lettering.missing();
        if (missing.isPresent()) {
            return Display.text(text() + "\n(no picture: " + missing.get() + ")");
        }
        return Display.text(text()).png(png(), alt());
    }
}
