package jane.engine.sim;

import jane.ir.JaneException;
import jane.target.Effect;
import jane.target.Violation;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What happens when programs of one process are evaluated: some fail each time, and on some chips
 * one poisons the process, so that from then on all fail. An engine stands for a process.
 */
final class Evaluations {
    /** Poisons the process instead of failing itself. Source: field guide, M3. */
    private static final String POISON = "ANE-C21";

    private final AtomicReference<String> poison = new AtomicReference<>("");

    /** A loaded program that breaks rules whose effect shows when it is evaluated. */
    Loaded program(String engine, List<Violation> broken) {
        return new Loaded(engine, broken);
    }

    /** One program of the process. */
    final class Loaded {
        private final String engine;
        private final List<Violation> failures;
        private final List<Violation> poisons;

        private Loaded(String engine, List<Violation> broken) {
            this.engine = engine;
            poisons = broken.stream().filter(v -> v.rule().equals(POISON)).toList();
            failures = broken.stream().filter(v -> !v.rule().equals(POISON)).toList();
        }

        boolean isOf(Evaluations process) {
            return process == Evaluations.this;
        }

        /** Throws what the chip would throw. */
        void beforeRun() {
            if (!failures.isEmpty()) {
                throw failed(failures.get(0).toString());
            }
            if (!poison.get().isEmpty()) {
                throw failed(
                        "a program run before poisoned this process; open the engine anew: "
                                + poison.get());
            }
        }

        void afterRun() {
            poisons.forEach(v -> poison.compareAndSet("", v.toString()));
        }

        private JaneException failed(String why) {
            return new JaneException(
                    engine, "%s, because:%n  %s", Effect.EVAL_FAILURE.chipError(), why);
        }
    }
}
