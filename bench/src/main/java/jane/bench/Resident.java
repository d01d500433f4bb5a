package jane.bench;

import jane.ir.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Resident memory of a process, in MB.
 *
 * @param now at this moment
 * @param peak the most it ever was
 */
public record Resident(double now, double peak) {
    /** Of a process on this machine; Linux only. */
    public static Resident of(long pid) {
        var file = Path.of("/proc", Long.toString(pid), "status");
        try {
            var lines = Files.readAllLines(file);
            return new Resident(megabytes(lines, "VmRSS:"), megabytes(lines, "VmHWM:"));
        } catch (IOException e) {
            throw new DataException(
                    e, file.toString(), "cannot read: %s; need Linux and a running process", e);
        }
    }

    private static double megabytes(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }
}
