package jane.tensor;

import jane.engine.Buffer;
import jane.ir.JaneException;
import jane.ir.Value;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * A trained tensor: a name and memory whose contents change from step to step. Each use of it is a
 * use of its present version, which keeps its values: before the memory is written, a version that
 * somebody still holds gets a copy.
 */
public final class Parameter extends Tensor {
    private final String name;
    private final boolean trainable;
    private final Buffer memory;
    private WeakReference<Tensor> version = new WeakReference<>(null);

    private Parameter(String name, Buffer memory, boolean trainable) {
        super(jane.ir.Leaf.input(memory.type()), List.of(), trainable);
        this.name = name;
        this.memory = memory;
        this.trainable = trainable;
    }

    /** A parameter that starts from the values of {@code initial}. */
    public static Parameter of(String name, Tensor initial) {
        return new Parameter(name, copy(initial.buffer()), true);
    }

    /** State that is part of a model but not trained, such as running statistics. */
    public static Parameter state(String name, Tensor initial) {
        return new Parameter(name, copy(initial.buffer()), false);
    }

    static Buffer copy(Buffer from) {
        var copy = Session.current().engine().allocate(from.type());
        copy.copyFrom(from);
        return copy;
    }

    /** What it is called within its layer. */
    public String name() {
        return name;
    }

    /** Whether an optimizer updates it. */
    public boolean trainable() {
        return trainable;
    }

    /** Replaces the values; tensors made from the old ones keep them. */
    public void set(Tensor values) {
        if (!values.type().equals(type())) {
            throw new JaneException(
                    "parameter " + name,
                    "cannot set %s from %s; need the same",
                    type(),
                    values.type());
        }
        var from = values.buffer();
        beforeWrite();
        memory.copyFrom(from);
    }

    /**
     * The memory itself, for a program that updates it in place; call {@link #beforeWrite} before
     * each write.
     */
    public Buffer memory() {
        return memory;
    }

    /** Lets those who hold the present version keep its values. */
    public void beforeWrite() {
        var held = version.get();
        if (held != null) {
            held.computed(copy(memory));
            version = new WeakReference<>(null);
        }
    }

    /** The present version as a tensor of its own. */
    @Override
    public Tensor operand() {
        var held = version.get();
        if (held == null) {
            held = Tensor.version(this, memory);
            version = new WeakReference<>(held);
        }
        return held;
    }

    @Override
    public Value value() {
        return operand().value();
    }

    @Override
    public Buffer buffer() {
        return memory;
    }

    @Override
    Buffer lasting() {
        return copy(memory);
    }

    @Override
    public boolean isComputed() {
        return true;
    }
}
