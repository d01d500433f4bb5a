package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.ShapeException;
import java.awt.Color;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    @Test
    void imagesStandSideBySideWithTheirCaptions() {
        var sheet =
                ContactSheet.of(Given.tensor(i -> i % 28 < 14 ? 0 : 1, 2, 1, 28, 28))
                        .title("Mistakes")
                        .captions(List.of("7, read as 1", "3, read as 8"));
        assertEquals(
                "Contact sheet \"Mistakes\": 2 images of 28 × 28, values 0 to 1; 7, read as 1;"
                        + " 3, read as 8.",
                sheet.alt());
        var seen = new Seen(sheet).isADrawing().nothingIsCutOff();
        assertTrue(seen.count(Color.BLACK) > 2 * 84 * 42 * 0.9, "black halves");
    }

    @Test
    void threeChannelsAreColours() {
        var red = ContactSheet.of(Given.tensor(i -> i < 64 ? 1 : 0, 1, 3, 8, 8));
        assertTrue(new Seen(red).count(Color.RED) > 60_000);
        assertEquals("Contact sheet: 1 image of 8 × 8, values 0 to 1.", red.alt());
    }

    @Test
    void otherChannelsAreImagesOfTheirOwn() {
        var features = ContactSheet.of(Given.tensor(i -> i, 2, 5, 4, 4));
        assertEquals("Contact sheet: 10 images of 4 × 4, values 0 to 159.", features.alt());
    }

    @Test
    void threeChannelsAreImagesOfTheirOwnIfAskedFor() {
        var three = Given.tensor(i -> i < 64 ? 1 : 0, 1, 3, 8, 8);
        var sheet = ContactSheet.of(three).channels().captions(List.of("a", "b", "c"));
        assertEquals("Contact sheet: 3 images of 8 × 8, values 0 to 1; a; b; c.", sheet.alt());
        assertEquals(0, new Seen(sheet).isADrawing().count(Color.RED));
        assertEquals(
                "[chart] 1 captions for 3 images; need one each",
                assertThrows(
                                ShapeException.class,
                                () -> ContactSheet.of(three).captions(List.of("a")).channels())
                        .getMessage());
    }

    @Test
    void onlyTheFirstOfManyAreDrawn() {
        var sheet = ContactSheet.of(Given.tensor(i -> i % 2, 1000, 3, 3)).most(5);
        assertEquals(
                "Contact sheet: first 5 of 1,000 images of 3 × 3, values 0 to 1.", sheet.alt());
        assertTrue(new Seen(sheet).image.getHeight() < 150);
    }

    @Test
    void onlyCaptionsOfDrawnImagesAreTold() {
        var sheet =
                ContactSheet.of(Given.tensor(i -> i, 3, 2, 2))
                        .captions(List.of("a", "b", "c"))
                        .most(2);
        assertEquals(
                "Contact sheet: first 2 of 3 images of 2 × 2, values 0 to 11; a; b; ….",
                sheet.alt());
    }

    @Test
    void aLongCaptionIsCut() {
        var long100 = String.join("", Collections.nCopies(20, "wide "));
        var sheet = ContactSheet.of(Given.tensor(i -> i, 4, 4)).captions(List.of(long100));
        new Seen(sheet).isADrawing().nothingIsCutOff();
    }

    @Test
    void whatIsNoImageIsRefused() {
        assertEquals(
                "[chart] no images in shape [3]; need [N, C, H, W], [N, H, W] or [H, W]",
                assertThrows(ShapeException.class, () -> ContactSheet.of(Given.tensor(i -> i, 3)))
                        .getMessage());
        var sheet = ContactSheet.of(Given.tensor(i -> i, 2, 4, 4));
        assertEquals(
                "[chart] 1 captions for 2 images; need one each",
                assertThrows(ShapeException.class, () -> sheet.captions(List.of("a")))
                        .getMessage());
        assertEquals(
                "[chart] 0 images; need 1 to 400",
                assertThrows(ShapeException.class, () -> sheet.most(0)).getMessage());
    }
}
