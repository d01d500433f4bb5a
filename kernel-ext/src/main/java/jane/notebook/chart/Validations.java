package jane.notebook.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at validation data during a run: the best and the last exactly, the rest thinned. */
final class Validations {
    /** Looks held at most; even. */
    static final int MOST = 512;

    /** One look; accuracy is NaN where it was not measured. */
    record Look(long step, double loss, double accuracy) {}

    private final List<Look> looks;
    private int every = 1;
    private int passedOver;
    private int count;
    private int sinceBest;
    private Optional<Look> best = Optional.empty();
    private Optional<Look> latest = Optional.empty();

    Validations() {
        this(List.of());
    }

    private Validations(List<Look> looks) {
        this.looks = new ArrayList<>(looks);
    }

    void add(Look look) {
        count++;
        sinceBest++;
        latest = Optional.of(look);
        if (!Double.isFinite(look.loss())) {
            return;
        }
        if (best.isEmpty() || look.loss() < best.get().loss()) {
            best = latest;
            sinceBest = 0;
        }
        if (++passedOver < every) {
            return;
        }
        passedOver = 0;
        if (looks.size() == MOST) {
            for (int i = MOST - 2; i >= 0; i -= 2) {
                looks.remove(i);
            }
            every *= 2;
        }
        looks.add(look);
    }

    Validations copy() {
        var copy = new Validations(looks);
        copy.count = count;
        copy.sinceBest = sinceBest;
        copy.best = best;
        copy.latest = latest;
        return copy;
    }

    /** What to draw: finite losses in order, always with the best and the last. */
    List<Look> shown() {
        var shown = new ArrayList<>(looks);
        for (var extra : List.of(best, latest)) {
            extra.filter(look -> Double.isFinite(look.loss()) && !shown.contains(look))
                    .ifPresent(shown::add);
        }
        shown.sort((a, b) -> Long.compare(a.step(), b.step()));
        return shown;
    }

    int count() {
        return count;
    }

    /** How many looks came after the best. */
    int sinceBest() {
        return sinceBest;
    }

    /** The look with the least loss. */
    Optional<Look> best() {
        return best;
    }

    Optional<Look> latest() {
        return latest;
    }
}
