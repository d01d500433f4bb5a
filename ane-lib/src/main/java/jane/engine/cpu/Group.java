package jane.engine.cpu;

import jane.ir.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Nodes that run together, in the graph's order, and the kernels that do it. */
final class Group {
    final int id;
    final List<Node<?>> nodes = new ArrayList<>();
    final List<Kernel> kernels = new ArrayList<>();

    /** What the nodes run over, if a fused kernel can compute them. */
    Optional<Domain> domain = Optional.empty();

    /** Ids of all groups that must run before. */
    final BitSet before = new BitSet();

    /** Place of the last node in the graph's order, by which independent groups are sorted. */
    int rank;

    Group(int id, int rank) {
        this.id = id;
        this.rank = rank;
    }

    /** Whether one fused kernel computes all of it. */
    boolean isFused() {
        return domain.isPresent() && (nodes.size() > 1 || !PlanNodes.reduces(nodes.get(0)));
    }

    boolean reads(Storage storage) {
        return kernels.stream()
                .anyMatch(k -> k.reads().stream().anyMatch(v -> v.storage == storage));
    }

    boolean writes(Storage storage) {
        return kernels.stream()
                .anyMatch(k -> k.writes().stream().anyMatch(v -> v.storage == storage));
    }
}
