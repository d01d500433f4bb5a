package jane.notebook.magics;

import jane.notebook.chart.HtmlTable;
import jane.notebook.magic.Magic;
import jane.notebook.magic.MagicRegistry;
import java.util.Optional;

/** {@code %lsmagic}: what there is. */
public final class ListMagic implements Magic {
    private final MagicRegistry registry;

    /** Lists the magics of {@code registry}. */
    public ListMagic(MagicRegistry registry) {
        this.registry = registry;
    }

    @Override
    public String name() {
        return "lsmagic";
    }

    @Override
    public String summary() {
        return "Lists all magics.";
    }

    @Override
    public Optional<Object> run(Call call) {
        var table = HtmlTable.of("line", "cell", "what it does");
        for (var magic : registry.all()) {
            table.row(
                    magic.kind() == Kind.CELL ? "" : "%" + magic.name(),
                    magic.kind() == Kind.LINE ? "" : "%%" + magic.name(),
                    magic.summary());
        }
        return Optional.of(table.caption("Magics; %name? explains one"));
    }
}
