package jane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
    @TempDir private Path folder;

    private Csv csv(String text) throws IOException {
        return Csv.of(Files.writeString(folder.resolve("t.csv"), text));
    }

    private static float[] sample(Dataset data, int i) {
        var out = new float[data.sampleShape().size()];
        data.copySample(i, out, 0);
        return out;
    }

    @Test
    void readsNumbersAndNamedClasses() throws IOException {
        var table =
                csv("\uFEFFlength, width,species\r\n"
                                + "5.1,-3.5e-1,setosa\r\n\r\n"
                                + " +6, .5 ,\"vir, \"\"g\"\"\"\n")
                        .read();
        assertEquals(List.of("length", " width"), table.features());
        assertEquals(List.of("setosa", "vir, \"g\""), table.classes());
        assertEquals("t.csv: 2 samples of [2], 2 classes", table.data().toString());
        assertEquals(
                List.of(5.1f, -0.35f),
                List.of(sample(table.data(), 0)[0], sample(table.data(), 0)[1]));
        assertEquals(0.5f, sample(table.data(), 1)[1]);
        assertEquals(1, table.data().label(1));
    }

    @Test
    void labelColumnByNameOrNumberWithOrWithoutHeader() throws IOException {
        var text = "y;a;b\n2;1;10\n0;2;20\n";
        for (var csv : List.of(csv(text).label("y"), csv(text).label(0), csv(text).label(-3))) {
            var data = csv.separator(';').read().data();
            assertEquals(3, data.classes()); // whole numbers are the classes themselves
            assertEquals(2, data.label(0));
            assertEquals(20f, sample(data, 1)[1]);
        }
        var bare = csv("1,2,0\n3,4,1\n").noHeader().read();
        assertEquals(2, bare.data().size());
        assertEquals(List.of("column 1", "column 2"), bare.features());
    }

    @Test
    void givenClassesKeepTheirOrder() throws IOException {
        var table = csv("a,y\n1,no\n2,yes\n").classes("yes", "no", "maybe").read();
        assertEquals(1, table.data().label(0));
        assertEquals(3, table.data().classes());
        assertRefused(
                " line 2] label 'no'; need one of [yes, maybe]",
                csv("a,y\n1,no\n").classes("yes", "maybe"));
    }

    @Test
    void badCellsAreNamedByLineAndColumn() throws IOException {
        assertRefused(
                " line 4] column 'b' is 'abc'; need a finite number",
                csv("a,b,y\n1,2,0\n\n1,abc,0\n"));
        assertRefused(
                " line 2] column 'a' is empty; need a finite number: fill it in or remove the line",
                csv("a,y\n,0\n"));
        for (var cell : List.of("NaN", "1f", "0x1p3", "1e999", "Infinity", "1_000", "--1")) {
            assertRefused(
                    " line 2] column 'a' is '" + cell + "'; need a finite number",
                    csv("a,y\n" + cell + ",0\n"));
        }
        assertRefused(" line 3] 3 cells; need 2, as in the first line", csv("a,y\n1,0\n1,2,0\n"));
        assertRefused(
                " line 2] a quote is opened and not closed; need both on one line",
                csv("a,y\n\"1,0\n"));
        assertRefused(
                " line 2] character 2: '\"' inside a cell; need quotes around the whole cell, and a"
                        + " quote inside doubled",
                csv("a,y\n1\"2,0\n"));
    }

    @Test
    void tablesThatAreNoneAreRefused() throws IOException {
        assertRefused("] is empty; need lines of numbers", csv("\n \n"));
        assertRefused("] has a header and no data; need a line of numbers or more", csv("a,y\n"));
        assertRefused(
                "] one column, 'a;y'; need a feature and a label or more: is the separator ','"
                        + " right?",
                csv("a;y\n1;0\n"));
        assertRefused("] no column 'z' for the label; need one of [a, y]", csv("a,y\n").label("z"));
        assertRefused(
                "] no column 'y' for the label; need a header, or a column by number",
                csv("1,2\n").noHeader().label("y"));
        assertRefused("] label column 2 of 2; need -2 to 1", csv("a,y\n").label(2));
        assertRefused(
                "] labels up to 20230101 in column 'y'; need less than 100000: is this the label's"
                        + " column?",
                csv("a,y\n1,20230101\n"));
        Files.write(folder.resolve("t.csv"), new byte[] {'a', ',', (byte) 0xff, '\n'});
        assertRefused("] is not UTF-8; save it as UTF-8", Csv.of(folder.resolve("t.csv")));
        assertEquals(
                "[" + folder.resolve("none") + "] no such file; need a CSV file",
                assertThrows(DataException.class, () -> Csv.of(folder.resolve("none")).read())
                        .getMessage());
    }

    private void assertRefused(String message, Csv csv) {
        var error = assertThrows(DataException.class, csv::read);
        assertEquals("[" + folder.resolve("t.csv") + message, error.getMessage());
    }
}
