package jane.notebook.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MagicRegistryTest {
    private final MagicRegistry registry = new MagicRegistry();

    private record Fake(String name, Kind kind) implements Magic {
        @Override
        public String summary() {
            return "Does " + name + ".";
        }

        @Override
        public String usage() {
            return "NAME";
        }

        @Override
        public List<Option> options() {
            return List.of(new Option("epochs", "N", "how many"), new Option("quiet", "", "hush"));
        }

        @Override
        public List<String> completions(String word) {
            return List.of("trainer", "other");
        }

        @Override
        public Optional<Object> run(Call call) {
            return Optional.of(call);
        }
    }

    @BeforeEach
    void register() {
        registry.register(new Fake("train", Magic.Kind.BOTH));
        registry.register(new Fake("seed", Magic.Kind.LINE));
        registry.register(new Fake("layer", Magic.Kind.CELL));
    }

    private static String message(org.junit.jupiter.api.function.Executable work) {
        return assertThrows(JaneException.class, work).getMessage();
    }

    @Test
    void runsLinesAndCells() throws Exception {
        var line = (Magic.Call) registry.line("train", "t epochs=2").orElseThrow();
        assertEquals("2", line.option("epochs", "1"));
        var cell = (Magic.Call) registry.cell("layer", "Gated", "return x;").orElseThrow();
        assertEquals("return x;", cell.body());
        assertTrue(cell.cell());
    }

    @Test
    void namesTheNearestOfAnUnknownMagic() {
        assertEquals(
                "[%trian] unknown magic (did you mean %train?); need one of [layer, seed, train]",
                message(() -> registry.line("trian", "")));
        assertEquals(
                "[%%xyzzy] unknown magic; need one of [layer, seed, train]",
                message(() -> registry.cell("xyzzy", "", "")));
    }

    @Test
    void saysWhenAMagicStandsInTheWrongPlace() {
        assertEquals(
                "[%%seed] is a line magic, used on a whole cell; need %seed with one percent sign",
                message(() -> registry.cell("seed", "", "")));
        assertEquals(
                "[%layer] is a cell magic, used on one line;"
                        + " need %%layer as the first line of a cell",
                message(() -> registry.line("layer", "")));
    }

    @Test
    void givesHelpInsteadOfRunning() throws Exception {
        assertEquals(
                "%seed NAME [options]\nDoes seed.\n"
                        + "  epochs=N           how many\n  --quiet            hush",
                registry.line("seed", "--help").orElseThrow());
    }

    @Test
    void completesNamesOptionsAndWords() {
        assertEquals(List.of("%train", "%%train"), registry.complete("%tr"));
        assertEquals(List.of("%%layer"), registry.complete("%%l"));
        assertEquals(List.of("epochs="), registry.complete("%train e"));
        assertEquals(List.of("--epochs"), registry.complete("%train t --e"));
        assertEquals(List.of("trainer"), registry.complete("%train tr"));
        assertEquals(List.of(), registry.complete("%nothing x"));
    }
}
