package jane.train;

import java.util.List;
import java.util.Locale;

/**
 * What one call of {@link Trainer#fit} or {@link Trainer#steps} did.
 *
 * @param firstStep number of the first step taken
 * @param losses the loss of each step taken, before its update
 * @param epochs the epochs that ended
 * @param end whether it finished or was stopped
 * @param position where training stands now
 * @param seconds how long it took
 */
public record Run(
        long firstStep,
        List<Double> losses,
        List<EpochReport> epochs,
        Trainer.End end,
        String position,
        double seconds) {
    /** Copies the lists. */
    public Run {
        losses = List.copyOf(losses);
        epochs = List.copyOf(epochs);
    }

    /** Starts to note what {@code trainer} does; call {@link Begun#ended} after training. */
    public static Begun begin(Trainer trainer) {
        return new Begun(
                trainer,
                trainer.step().steps(),
                trainer.losses().size(),
                trainer.epochs().size(),
                System.nanoTime());
    }

    /** Where a run began. */
    public record Begun(Trainer trainer, long step, int losses, int epochs, long nanos) {
        /** What happened since. */
        public Run ended(Trainer.End end) {
            var all = trainer.losses();
            var done = trainer.epochs();
            return new Run(
                    step + 1,
                    all.subList(losses, all.size()),
                    done.subList(epochs, done.size()),
                    end,
                    trainer.position(),
                    (System.nanoTime() - nanos) / 1e9);
        }
    }

    /** Steps taken. */
    public int steps() {
        return losses.size();
    }

    /** One sentence: how many steps, from which loss to which, where it stands. */
    @Override
    public String toString() {
        if (losses.isEmpty()) {
            return "no step was taken; training stands at " + position;
        }
        String steps = steps() == 1 ? "1 step" : steps() + " steps";
        return String.format(
                Locale.ROOT,
                "%s in %.1f s, loss %.4g to %.4g; %s %s",
                steps,
                seconds,
                losses.get(0),
                losses.get(losses.size() - 1),
                end == Trainer.End.FINISHED ? "finished at" : "stopped at",
                position);
    }
}
