package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetteringTest {
    @Test
    void theFontHasEveryCharacterThatPicturesUse() {
        assertEquals(Optional.empty(), Lettering.missing());
        assertEquals(-1, Lettering.plain(12).canDisplayUpTo("aZ09 →·×…–±()[]%,"));
    }

    @Test
    void textThatDoesNotFitEndsInAnEllipsis() {
        assertEquals("short", Canvas.fit("short", Canvas.TEXT, 100));
        var cut = Canvas.fit("a text that is far too long for this", Canvas.TEXT, 100);
        assertTrue(cut.endsWith("…"), cut);
        assertTrue(Canvas.widthOf(cut, Canvas.TEXT) <= 100);
        assertEquals("…", Canvas.fit("wide", Canvas.TEXT, 0));
    }
}
