package jane.mil;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.target.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Texts and files that claim or nest more than a machine has, for a small heap: {@link #main}
 * prints the time and the error of each and fails if one is read or ends otherwise than in an error
 * of ours.
 */
final class HostileText {
    private static final int MILLION = 1_000_000;

    private int failed;

    private HostileText() {}

    public static void main(String[] args) {
        var hostile = new HostileText();
        hostile.nesting();
        hostile.shapes();
        hostile.literals();
        hostile.names();
        hostile.attributes();
        hostile.blobs();
        System.exit(hostile.failed == 0 ? 0 : 1);
    }

    private void add(String what, String text) {
        add(what, text, Map.of());
    }

    private void add(String what, String text, Map<String, ByteBuffer> files) {
        long start = System.nanoTime();
        String said = outcome(new Program(text, files, Map.of()));
        failed += said.startsWith("WRONG") ? 1 : 0;
        System.out.printf("%5d ms  %s: %s%n", (System.nanoTime() - start) / MILLION, what, said);
    }

    private static String outcome(Program program) {
        try {
            MilParser.parseAll(program);
            Target.named("strict").check(program);
            return "WRONG: it was read";
        } catch (JaneException e) {
            String said = e.getMessage().lines().findFirst().orElse("");
            return said.length() > 1100 ? "WRONG: an error of " + said.length() + " letters" : said;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return "WRONG: " + e;
        }
    }

    private static String body(String statements) {
        return "program(1.3) { func main<ios18>(tensor<fp32, [2]> x, state<fp32> s) { "
                + statements
                + " } -> (y); }";
    }

    private void nesting() {
        for (String open :
                new String[] {"[", "(", "{", "list<", "state<", "a = (", "fp32(", "[("}) {
            String nested = open.repeat(MILLION / open.length());
            add("nested " + open + " in the program's attributes", "program(1.3) [a = " + nested);
            add("nested " + open + " as a statement", body(nested));
            add("nested " + open + " as an argument", body("fp32 y = exp(x = " + nested));
            add("nested " + open + " as a value", body("fp32 y = const()[val = fp32(" + nested));
            String function = "program(1.3) { func main<ios18>(fp32 x) [a = " + nested;
            add("nested " + open + " in a function's attributes", function);
        }
        add(
                "nested lists of a literal",
                body("fp32 y = const()[val = tensor<fp32, [2]>(" + "[".repeat(MILLION)));
    }

    private void shapes() {
        for (String dims : new String[] {"1000000000", "536870912, 2", "65536, 65536, 65536"}) {
            String t = "tensor<fp32, [" + dims + "]>";
            add("shape " + dims, body(t + " y = exp(x = x);"));
            add("constant of shape " + dims, body(t + " y = const()[val = " + t + "([1])];"));
            String state = "program(1.3) { func main<ios18>(state<" + t + "> s) {} -> (); }";
            add("state of shape " + dims, state);
        }
        for (String type : new String[] {"fp32", "int4", "uint1", "int64", "bool", "fp8e4m3fn"}) {
            String t = "tensor<" + type + ", [536870912]>";
            add("2^29 of " + type + " on one", body(t + " y = const()[val = " + t + "([1])];"));
        }
        String huge = "tensor<fp32, [0, 536870912]>";
        add(
                "as many results as an axis is long",
                "program(1.3) { func main<ios18>("
                        + huge
                        + " x) { tensor<fp32, [0, 1]> y, tensor<fp32, [0, 1]> z = split(x = x,"
                        + " num_splits = int32(536870912), axis = int32(1)); } -> (y); }");
        add("a million dimensions", body("tensor<fp32, [" + "1, ".repeat(MILLION) + "1]> y = "));
    }

    private void literals() {
        String digits = "9".repeat(MILLION);
        for (String word :
                new String[] {
                    digits,
                    "0x" + digits,
                    "0x1p" + digits,
                    "1e" + digits,
                    "-." + digits,
                    "1e999999999"
                }) {
            String of = word.substring(0, Math.min(6, word.length())) + "...";
            add("int32 " + of, body("int32 y = const()[val = int32(" + word + ")];"));
            add("dimension " + of, body("tensor<fp32, [" + word + "]> y = exp(x = x);"));
        }
        add("an endless string", body("string y = const()[val = string(\"" + "a".repeat(MILLION)));
        add(
                "a list of commas",
                body("fp32 y = const()[val = tensor<fp32, [2]>([" + ",".repeat(MILLION)));
        String t = "tensor<uint8, [2]>";
        String many = "1, ".repeat(MILLION);
        add(
                "a million elements for two",
                body(t + " y = const()[val = " + t + "([" + many + "1])];"));
    }

    private void names() {
        String name = "n".repeat(MILLION);
        add("a name of a million letters", body("fp32 y = exp(x = " + name + ");"));
        add("an op of a million letters", body("fp32 y = " + name + "(x = x);"));
        add("a type of a million letters", body(name + " y = exp(x = x);"));
        add("a value of itself", body("tensor<fp32, [2]> y = exp(x = y);"));
        var chain = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            chain.append("tensor<fp32, [2]> a%d = exp(x = a%d);".formatted(i, i + 1));
        }
        add("a chain backward", body(chain.toString()));
        var same = "tensor<fp32, [2]> y = exp(x = x); ";
        add("a name defined often", body(same.repeat(20_000)));
        add(
                "an argument given often",
                body("tensor<fp32, [2]> y = exp(" + "x = x, ".repeat(50_000)));
        add("results without end", body("fp32 a, ".repeat(100_000)));
        String f = "func main<ios18>(fp32 x) { fp32 y = exp(x = x); } -> (y); ";
        add("a function defined often", "program(1.3) { " + f.repeat(5000) + "}");
    }

    private void attributes() {
        String big = "int32(2147483647)";
        for (String call :
                new String[] {
                    "tile(x = x, reps = tensor<int32, [1]>([2147483647]))",
                    "fill(shape = tensor<int32, [1]>([2147483647]), value = fp32(1))",
                    "pad(x = x, pad = tensor<int32, [2]>([2147483647, 2147483647]))",
                    "range_1d(start = int32(0), end = " + big + ", step = int32(1))",
                    "range_1d(start = fp32(0), end = fp32(1e30), step = fp32(1e-30))",
                    "one_hot(indices = tensor<int32, [2]>([0, 1]), one_hot_vector_size = "
                            + big
                            + ")",
                    "expand_dims(x = x, axes = tensor<int32, [1]>([2147483647]))",
                    "sliding_windows(x = x, axis = int32(0), size = "
                            + big
                            + ", stride = "
                            + big
                            + ")",
                    "split(x = x, num_splits = " + big + ", axis = int32(0))",
                    "reshape(x = x, shape = tensor<int32, [3]>([65536, 65536, -1]))",
                    "slice_by_size(x = x, begin = tensor<int32, [1]>(["
                            + "1]), size = tensor<int32, [1]>([2147483647]))",
                    "einsum(values = (x, x), equation = string(\""
                            + "a,".repeat(50_000)
                            + "->a\"))",
                    "concat(values = (" + "x, ".repeat(100_000) + "x), axis = int32(7))",
                }) {
            String of = call.substring(0, call.indexOf('('));
            add("attribute of " + of, body("tensor<fp32, [2]> y = " + call + ";"));
        }
        add(
                "a palette of long vectors",
                body(
                        "tensor<fp16, [536870912]> y = constexpr_lut_to_dense(indices ="
                                + " tensor<uint1, [1]>([0]), lut = tensor<fp16, [1, 2, 268435456]>("
                                + "[1]), vector_axis = int32(0));"));
        add(
                "a mask of 2^29 ones",
                body(
                        "tensor<fp16, [1]> y = constexpr_sparse_to_dense(nonzero_data ="
                                + " tensor<fp16, [1]>([1]), mask = tensor<uint8, [1]>([1]), shape ="
                                + " tensor<uint32, [1]>([536870912]));"));
    }

    private void blobs() {
        var writer = new BlobWriter();
        writer.add(StoredTensor.of(BlobType.INT4, Shape.of(2), 1, 2));
        for (String offset :
                new String[] {"0", "63", "128", "4294967360", "9".repeat(19), "9".repeat(99)}) {
            add(
                    "blob at " + offset,
                    blob("tensor<int4, [2]>", offset),
                    Map.of("w", writer.bytes()));
        }
        for (var type : BlobType.values()) {
            String t = "tensor<" + type.mil() + ", [536870912]>";
            add(
                    "2^29 of " + type.mil() + " in 64 bytes",
                    blob(t, "64"),
                    Map.of("w", writer.bytes()));
        }
        for (long size : new long[] {-1, 1L << 62, 1L << 31, 268435456}) {
            for (long at : new long[] {-64, 128, 1L << 40, Long.MAX_VALUE}) {
                var file = ByteBuffer.allocate(192).order(ByteOrder.LITTLE_ENDIAN);
                file.putInt(0, 1).putInt(4, 2).putInt(64, 0xDEADBEEF).putInt(68, 8);
                file.putLong(72, size).putLong(80, at);
                String what = "metadata of " + size + " bytes at " + at;
                add(what, blob("tensor<int4, [536870912]>", "64"), Map.of("w", file));
            }
        }
        add("an empty file", blob("tensor<int4, [2]>", "64"), Map.of("w", ByteBuffer.allocate(0)));
        add("a path out of the folder", blob("tensor<int4, [2]>", "64").replace("/w", "/../w"));
    }

    private static String blob(String type, String offset) {
        String place = "BLOBFILE(path = string(\"@model_path/w\"), offset = uint64(%s))";
        return body(type + " y = const()[val = " + type + "(" + place.formatted(offset) + ")];");
    }
}
