package jane.notebook.magics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class MaskedJavaTest {
    @Test
    void commentsBecomeSpacesAndNothingMoves() {
        var masked = new MaskedJava("a; // b;\nc /* d\n; */ e;");
        assertEquals("a;      \nc     \n     e;", masked.code());
    }

    @Test
    void semicolonsInStringsAndBracketsDoNotEndAStatement() {
        var source = "f(\";\", ';', \"\\\";\", () -> { g(); }); rest;";
        assertEquals(source.indexOf(" rest") - 1, new MaskedJava(source).semicolon(0));
    }

    @Test
    void textBlocksAreStrings() {
        var source = "f(\"\"\"\n;\n\"\"\");";
        assertEquals(source.length() - 1, new MaskedJava(source).semicolon(0));
    }

    @Test
    void statementWithoutItsSemicolonHasNoEnd() {
        assertEquals(-1, new MaskedJava("a(b;)").semicolon(0));
        assertEquals(-1, new MaskedJava("a }; b").semicolon(0));
    }
}
