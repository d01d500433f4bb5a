package jane.notebook.kernel;

import jane.notebook.magic.Magic;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code %time JAVA} and {@code %%time}: runs Java and prints how long it took. */
final class TimeMagic implements Magic {
    private final JaneKernel kernel;

    TimeMagic(JaneKernel kernel) {
        this.kernel = kernel;
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
        Optional<Object> value = Optional.ofNullable(kernel.evalRaw(code));
        double millis = (System.nanoTime() - start) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        System.out.printf(
                millis < 1000 ? "%.1f ms%n" : "%.2f s%n", millis < 1000 ? millis : millis / 1000);
        return value;
    }
}
