package jane.target;

import jane.ir.Literal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A value of a program as the rules see it: an input, a constant or a result. */
final class ValueView {
    /** Where a value comes from. */
    enum Kind {
        INPUT,
        CONST,
        COMPUTED
    }

    /** How a constant is written: in line, as a statement of its own, or in a weight file. */
    enum Form {
        INLINE,
        NAMED,
        BLOB
    }

    private final Kind kind;
    private final String name;
    private final String dtype;
    private final List<Integer> dims;
    private final int position;
    private final int line;
    private final List<OpView> readers = new ArrayList<>();
    private Form form = Form.NAMED;
    private Optional<Literal> literal = Optional.empty();
    private Optional<OpView> producer = Optional.empty();
    private boolean output;

    ValueView(Kind kind, String name, String dtype, List<Integer> dims, int position, int line) {
        this.kind = kind;
        this.name = name;
        this.dtype = dtype;
        this.dims = List.copyOf(dims);
        this.position = position;
        this.line = line;
    }

    /** For readers of programs: how this constant is written and what it is, if it is small. */
    ValueView written(Form how, Optional<Literal> what) {
        form = how;
        literal = what;
        return this;
    }

    void producedBy(OpView op) {
        producer = Optional.of(op);
    }

    void readBy(OpView op) {
        readers.add(op);
    }

    void returned() {
        output = true;
    }

    boolean isConst() {
        return kind == Kind.CONST;
    }

    boolean isInput() {
        return kind == Kind.INPUT;
    }

    boolean isComputed() {
        return kind == Kind.COMPUTED;
    }

    boolean isOutput() {
        return output;
    }

    boolean isBlob() {
        return isConst() && form == Form.BLOB;
    }

    boolean isInline() {
        return isConst() && form == Form.INLINE;
    }

    String name() {
        return name;
    }

    /** The element type's MIL word. */
    String dtype() {
        return dtype;
    }

    boolean isFloat() {
        return dtype.equals("fp16") || dtype.equals("fp32") || dtype.equals("bf16");
    }

    List<Integer> dims() {
        return dims;
    }

    int rank() {
        return dims.size();
    }

    /** Dimension {@code axis}, negative from the end; 1 where the shape has none. */
    int dim(int axis) {
        int at = axis < 0 ? axis + dims.size() : axis;
        return at < 0 || at >= dims.size() ? 1 : dims.get(at);
    }

    long elements() {
        long n = 1;
        for (int d : dims) {
            n *= d;
        }
        return n;
    }

    long bits() {
        return elements() * bitsOf(dtype);
    }

    long bytes() {
        return (bits() + 7) / 8;
    }

    static int bitsOf(String dtype) {
        String digits = dtype.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 8 : Integer.parseInt(digits);
    }

    int position() {
        return position;
    }

    int line() {
        return line;
    }

    Optional<Literal> literal() {
        return literal;
    }

    /** The number that a constant of one element is. */
    Optional<Double> number() {
        return literal.flatMap(
                l -> {
                    if (l instanceof Literal.Float f) {
                        return Optional.of(f.value());
                    }
                    return l instanceof Literal.Int i
                            ? Optional.of((double) i.value())
                            : Optional.empty();
                });
    }

    Optional<OpView> producer() {
        return producer;
    }

    /** Whether an op of one of these names makes it. */
    boolean madeBy(Collection<String> ops) {
        return producer.filter(p -> ops.contains(p.op())).isPresent();
    }

    List<OpView> readers() {
        return Collections.unmodifiableList(readers);
    }

    String type() {
        return dims.isEmpty() ? dtype : "tensor<" + dtype + ", " + dims + ">";
    }
}
