package jane.notebook.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jane.ir.JaneException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTableTest {
    private static HtmlTable layers() {
        return HtmlTable.of("layer", "parameters", "share")
                .caption("A model")
                .row("0.conv", 80, 0.25)
                .row("1.linear", 1290, Double.NaN)
                .foot("total", 1370, 1.0);
    }

    @Test
    void textIsAlignedNumbersToTheRight() {
        assertEquals(
                """
                A model
                layer     parameters  share
                --------  ----------  -----
                0.conv            80   0.25
                1.linear        1290      –
                --------  ----------  -----
                total           1370      1\
                """,
                layers().text());
    }

    @Test
    void htmlHasTheSameCellsAndNoStyle() {
        assertEquals(
                """
                <table><caption>A model</caption>
                <thead>
                <tr><th align="left">layer</th><th align="right">parameters</th>\
                <th align="right">share</th></tr></thead>
                <tbody>
                <tr><td align="left">0.conv</td><td align="right">80</td>\
                <td align="right">0.25</td></tr>
                <tr><td align="left">1.linear</td><td align="right">1290</td>\
                <td align="right">–</td></tr></tbody>
                <tfoot>
                <tr><th align="left">total</th><th align="right">1370</th>\
                <th align="right">1</th></tr></tfoot>
                </table>\
                """,
                layers().html());
    }

    @Test
    void cellsCannotBreakOutOfTheTable() {
        var html = HtmlTable.of("<b>").row("</td><script>alert('\"&')</script>").html();
        assertFalse(html.contains("<script>"));
        assertFalse(html.contains("<b>"));
        assertEquals(
                "&lt;/td&gt;&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;",
                HtmlTable.escape("</td><script>alert('\"&')</script>"));
    }

    @Test
    void aLineBreakInACellStaysInIt() {
        var table = HtmlTable.of("a", "b").row("1\n2", "x");
        assertEquals("a    b\n---  -\n1 2  x", table.text());
        assertEquals(true, table.html().contains("<td align=\"left\">1<br>2</td>"));
    }

    @Test
    void displayHasBothForms() {
        var display = HtmlTable.of("a").rows(List.of(List.of(1), List.of(2))).display();
        assertEquals(List.of("text/plain", "text/html"), List.copyOf(display.data().keySet()));
        assertEquals("a\n-\n1\n2", display.toString());
    }

    @Test
    void aRowNeedsACellForEachHead() {
        var table = HtmlTable.of("a", "b");
        var e = assertThrows(JaneException.class, () -> table.row(1));
        assertEquals(
                "[table] a row of 1 cells under the 2 heads [a, b]; need as many cells as heads",
                e.getMessage());
    }
}
