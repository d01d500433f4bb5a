package jane.notebook.magics;

import jane.notebook.magic.Magic;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code %time JAVA} and {@code %%time}: runs Java and prints how long it took. */
public final class TimeMagic implements Magic {
    private final Evaluator evaluator;

    /** Evaluates Java in the session. */
    public interface Evaluator {
        /** The value, if it has one. */
        Optional<Object> eval(String java) throws Exception;
    }

    /** Times {@code evaluator}. */
    public TimeMagic(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public String summary() {
        return "Runs Java and prints how long it took, compilation included.";
    }

    @Override
    public Kind kind() {
        return Kind.BOTH;
    }

    @Override
    public String usage() {
        return "JAVA";
    }

    @Override
    public Optional<Object> run(Call call) throws Exception {
        long start = System.nanoTime();
        String code = call.cell() ? call.body() : call.line();
        Optional<Object> value = evaluator.eval(code);
        double millis = (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        System.out.printf(
                millis < 1000 ? "%.1f ms%n" : "%.2f s%n", millis < 1000 ? millis : millis / 1000);
        return value;
    }
}
