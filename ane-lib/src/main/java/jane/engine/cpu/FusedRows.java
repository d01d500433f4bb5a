package jane.engine.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The steps of a fused program with rows for registers: rows 0 to {@code registers - 1} are the
 * registers, then follow one for each load and one for each store. What is loaded is read from the
 * load's row until its register is used for something else; what is stored is computed in the
 * store's row.
 */
final class FusedRows {
    private final FusedKernel.Code code;
    private final List<FusedKernel.Step> steps = new ArrayList<>();
    private final int[] row; // of each register, now
    private final Set<Integer> kept = new HashSet<>(); // rows that totals read in the end
    private final List<FusedPairs.Step> joined;

    FusedRows(FusedKernel.Code code) {
        this.code = code;
        row = new int[code.registers()];
        Arrays.setAll(row, r -> r);
        for (int i = 0; i < code.loads().size(); i++) {
            row[code.loads().get(i).register()] = code.registers() + i;
        }
        var stores = storeOfLastWrite();
        for (int i = 0; i < code.steps().size(); i++) {
            add(code.steps().get(i), stores[i]);
        }
        code.totals().forEach(t -> kept.add(row[t.register()]));
        joined = FusedPairs.of(steps, code.registers(), kept);
    }

    /** For each step the store whose value it leaves in its register for good, or -1. */
    private int[] storeOfLastWrite() {
        var stores = new int[code.steps().size()];
        Arrays.fill(stores, -1);
        for (int s = 0; s < code.stores().size(); s++) {
            int i = stores.length - 1;
            while (code.steps().get(i).d() != code.stores().get(s).register()) {
                i--;
            }
            stores[i] = s;
        }
        return stores;
    }

    private void add(FusedKernel.Step step, int store) {
        int a = row[step.a()];
        int b = step.lane().needsRoom() ? a : row[step.b()];
        int c = row[step.c()];
        int d = step.d();
        if (store >= 0) {
            d = code.registers() + code.loads().size() + store;
        }
        row[step.d()] = d;
        steps.add(new FusedKernel.Step(step.lane(), d, a, b, c, step.p(), step.q(), step.narrow()));
    }

    /** The steps, which name rows instead of registers. */
    List<FusedPairs.Step> steps() {
        return joined;
    }

    /** The row that a register has in the end. */
    int of(int register) {
        return row[register];
    }

    /** The last step that reads a load; one behind all steps if a total does, which comes then. */
    int lastRead(int load) {
        if (kept.contains(code.registers() + load)) {
            return joined.size();
        }
        int last = 0;
        for (int i = 0; i < joined.size(); i++) {
            last = joined.get(i).reads(code.registers() + load) ? i : last;
        }
        return last;
    }

    /** The step that computes what is stored. */
    int writer(int store) {
        int i = joined.size() - 1;
        while (joined.get(i).d() != code.registers() + code.loads().size() + store) {
            i--;
        }
        return i;
    }
}
