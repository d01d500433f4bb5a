package jane.notebook.magics;

import jane.Jane;
import jane.ir.DataException;
import jane.notebook.magic.Magic;
import jane.tensor.Session;
import java.util.Optional;

/** {@code %seed N}: starts all random numbers again. */
public final class SeedMagic implements Magic {
    @Override
    public String name() {
        return "seed";
    }

    @Override
    public String summary() {
        return "Starts all random numbers again from a seed, so that a run repeats bit for bit.";
    }

    @Override
    public String usage() {
        return "[N]";
    }

    @Override
    public String details() {
        return "Without N it tells the seed in use. Gives the seed. In Java: Jane.seed(42)";
    }

    @Override
    public Optional<Object> run(Call call) {
        if (!call.words().isEmpty()) {
            try {
                Jane.seed(Long.parseLong(call.words().get(0)));
            } catch (NumberFormatException e) {
                throw new DataException(
                        e, "%seed", "\"%s\" is no seed; need a whole number", call.words().get(0));
            }
        }
        return Optional.of(Session.current().seed());
    }
}
