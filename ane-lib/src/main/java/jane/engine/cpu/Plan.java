package jane.engine.cpu;

import java.util.List;
import java.util.stream.Collectors;

/** Kernels in order, the storages they work on, and the sizes of the blocks that hold scratch. */
record Plan(List<Kernel> kernels, List<Storage> storages, List<Long> blocks) {
    Plan {
        kernels = List.copyOf(kernels);
        storages = List.copyOf(storages);
        blocks = List.copyOf(blocks);
    }

    /** One line per kernel: family, ops, results. */
    List<String> describe() {
        return kernels.stream().map(Plan::line).toList();
    }

    private static String line(Kernel kernel) {
        return kernel.describe()
                + " -> "
                + kernel.writes().stream().map(Plan::result).collect(Collectors.joining(", "));
    }

    private static String result(View view) {
        boolean output = view.storage.kind() == Storage.Kind.OUTPUT;
        return view + (output ? " " + view.storage.port() : "");
    }
}
