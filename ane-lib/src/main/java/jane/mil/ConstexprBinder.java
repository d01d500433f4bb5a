package jane.mil;

import jane.ir.JaneException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks the arguments of a {@code constexpr_*} statement and unpacks its constants. */
final class ConstexprBinder {
    /** Bytes that all of a program's unpacked constants may take: as many as one weight file. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private final Source source;
    private long unpackedBytes;

    ConstexprBinder(Source source) {
        this.source = source;
    }

    List<Constant> unpack(Constexpr op, Token at, Map<String, Syntax.Operand> args, Scope scope) {
        var values = new LinkedHashMap<String, Constant>();
        args.forEach((name, operand) -> values.put(name, argument(op, at, name, operand, scope)));
        for (var name : op.required()) {
            if (!values.containsKey(name)) {
                throw source.error(at.offset(), "%s without '%s'; need %s", at, name, op.params());
            }
        }
        List<Constant> made;
        try {
            made = op.unpack(new ConstexprArgs(op, values));
        } catch (JaneException | ArithmeticException e) {
            throw source.error(e, at.offset(), "%s", e.getMessage());
        }
        made.forEach(constant -> unpackedBytes += constant.sizeBytes());
        if (unpackedBytes > MOST_BYTES) {
            throw source.error(
                    at.offset(),
                    "unpacked constants of %d bytes and more; need less than 2 GiB in a program",
                    unpackedBytes);
        }
        return made;
    }

    private Constant argument(
            Constexpr op, Token at, String name, Syntax.Operand operand, Scope scope) {
        if (!op.params().contains(name)) {
            throw source.error(
                    operand.offset(),
                    "%s has no argument '%s'; need %s%s",
                    at,
                    name,
                    op.params(),
                    Nearest.hint(name, op.params()));
        }
        return scope.constant(name, operand);
    }
}
