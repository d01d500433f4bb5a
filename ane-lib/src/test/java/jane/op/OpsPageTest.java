package jane.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jane.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/ops.md says what the op table says. */
class OpsPageTest {
    private static final List<String> TARGETS = List.of("m1", "m2", "m3", "m4", "m5", "strict");

    @Test
    void pageIsAsGenerated() throws IOException {
        var page = OpsPage.write(TARGETS, (name, op) -> Target.named(name).status(op).toString());
        var fresh = Path.of("target", "ops.md");
        Files.createDirectories(fresh.getParent());
        Files.writeString(fresh, page);
        var kept = Path.of("..", "docs", "ops.md");
        assertEquals(
                page,
                Files.exists(kept) ? Files.readString(kept) : "",
                "docs/ops.md is out of date: cp ane-lib/target/ops.md docs/ops.md");
    }
}
