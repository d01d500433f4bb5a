package jane.notebook.kernel;

import jane.ir.JaneException;
import jane.notebook.magic.MagicRegistry;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Runs a cell part by part: Java by the session, magics by the registry. */
final class CellEvaluator {
    private final JavaSession session;
    private final MagicRegistry magics;

    CellEvaluator(JavaSession session, MagicRegistry magics) {
        this.session = session;
        this.magics = magics;
    }

    /** The value of the cell's last part, if it has one. */
    Optional<Object> run(CellSource cell) throws CellFailure {
        Optional<Object> result = Optional.empty();
        for (CellSplitter.Part part : CellSplitter.split(cell.text())) {
            result = run(cell, part);
            if (CellThread.currentMustStop()) {
                throw CellFailure.interrupted(null);
            }
        }
        return result;
    }

    private Optional<Object> run(CellSource cell, CellSplitter.Part part) throws CellFailure {
        if (part instanceof CellSplitter.Java java) {
            return session.run(new JavaSession.Piece(cell, java.text(), java.firstLine()));
        }
        if (part instanceof CellSplitter.Help help) {
            return Optional.of(magic(() -> magics.help(help.name())));
        }
        if (part instanceof CellSplitter.Cell magic) {
            return magic(() -> magics.cell(magic.name(), magic.line(), magic.body()));
        }
        CellSplitter.Line line = (CellSplitter.Line) part;
        Optional<Object> value = magic(() -> line(line.name(), line.line()));
        if (line.target().isEmpty()) {
            return value;
        }
        if (value.isEmpty()) {
            throw ErrorReport.magic(
                    new JaneException(
                            "%" + line.name(),
                            "gives no value to assign to \"%s\"; need it on a line of its own",
                            line.target().strip()));
        }
        session.assign(line.target(), value.get());
        return Optional.empty();
    }

    /** Runs one line magic; also the call that a magic inside a loop becomes. */
    Optional<Object> line(String name, String words) throws Exception {
        if (name.startsWith("%")) {
            throw new JaneException(
                    "%" + name, "is not at the top: need %%%s as the first line of its cell", name);
        }
        return magics.line(name, words);
    }

    /** A magic is open to interrupts, as user code is. */
    private static <T> T magic(Callable<T> work) throws CellFailure {
        int shield = CellThread.enterUserCode();
        try {
            return work.call();
        } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError thrown) {
            throw ErrorReport.magic(thrown);
        } finally {
            CellThread.leaveUserCode(shield);
        }
    }
}
