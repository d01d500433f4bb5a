package jane.mil;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.JaneException;
import jane.ir.Shape;
import jane.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile text and files: only Jane's own errors come out, soon, and memory stays small. */
final class MilFuzzTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int ROUNDS = 6000;
    private static final List<String> NAMES =
            List.of(
                    "surfaces-added.a",
                    "linear-by-convolution.a",
                    "linear-by-convolution.b",
                    "causal-attention.b",
                    "weights-in-the-input.a",
                    "style-printf",
                    "style-inline",
                    "style-converter",
                    "style-procedures");
    private static final List<String> CONVERTED =
            List.of(
                    "slices",
                    "several-results",
                    "small-weights-ios16",
                    "small-weights-ios18",
                    "state-cache");
    private static final String CONSTEXPR =
            """
            program(1.3) { func main<ios18>(tensor<fp16, [2, 4]> x) {
            tensor<fp16, [2, 4]> a = constexpr_blockwise_shift_scale(data = tensor<int4, [2, 4]>(
            [7, -8, 1, -1, 0, 3, -8, 7]), scale = tensor<fp16, [2, 2]>([1, 2, 0.5, 4]));
            tensor<fp16, [2, 4]> b = constexpr_lut_to_dense(indices = tensor<uint1, [2, 2]>(
            [0, 1, 1, 0]), lut = tensor<fp16, [1, 1, 2, 2]>([1, 2, 3, 4]), vector_axis = int32(1));
            tensor<fp16, [2, 4]> c = constexpr_lut_to_dense()[indices = tensor<uint8, [2]>([39, 141
            ]), lut = tensor<fp16, [4]>([0, 1, 2, 3]), shape = tensor<uint32, [2]>([2, 4])];
            tensor<fp16, [2, 4]> d = constexpr_sparse_to_dense(nonzero_data = tensor<fp16, [3]>(
            [5, 6, 7]), mask = tensor<uint8, [1]>([13]), shape = tensor<uint32, [2]>([2, 4]));
            tensor<fp16, [2, 4]> e = constexpr_affine_dequantize(quantized_data = tensor<int8,
            [2, 4]>([1, 2, 3, 4, 5, 6, 7, 8]), scale = tensor<fp16, [4]>([1, 2, 3, 4]), axis =
            int32(1), zero_point = int8(3));
            tensor<fp16, [4]> f = constexpr_cast(source_val = tensor<fp32, [4]>([1, 2, 3, 4]),
            output_dtype = string("fp16"));
            tensor<fp16, [2, 4]> g = add(x = a, y = b); tensor<fp16, [2, 4]> h = add(x = c, y = d);
            tensor<fp16, [2, 4]> i = add(x = e, y = f); tensor<fp16, [2, 4]> j = add(x = g, y = h);
            tensor<fp16, [2, 4]> k = add(x = i, y = j); tensor<fp16, [2, 4]> y = add(x = k, y = x);
            } -> (y); }
            """;

    private static List<Program> programs() throws IOException {
        var programs = new ArrayList<Program>();
        programs.add(new Program(CONSTEXPR, Map.of(), Map.of()));
        for (var name : NAMES) {
            String text = Texts.read("programs/" + name + ".mil");
            programs.add(new Program(text, files(text), Map.of()));
        }
        for (var name : CONVERTED) {
            var weights = Map.of("weights/weight.bin", Texts.bytes("converted/" + name + ".bin"));
            programs.add(new Program(Texts.read("converted/" + name + ".mil"), weights, Map.of()));
        }
        return programs;
    }

    /** Weight files in which each offset of the text holds a blob of the declared type. */
    private static Map<String, ByteBuffer> files(String text) {
        var files = new HashMap<String, ByteBuffer>();
        var reference =
                Pattern.compile(
                                "tensor<(\\w+),\\s*\\[([^]]*)]>\\(BLOBFILE\\(path\\s*=[^\"]*\""
                                        + "@model_path/([^\"]+)\".*?\\((\\d+)\\)")
                        .matcher(text);
        while (reference.find()) {
            var type = BlobType.ofMil(reference.group(1)).orElseThrow();
            long elements = 1;
            for (var dim : reference.group(2).split(",")) {
                elements *= Long.parseLong(dim.strip());
            }
            int at = Integer.parseInt(reference.group(4));
            var file =
                    files.computeIfAbsent(
                            reference.group(3),
                            f -> ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN));
            file.putInt(0, 1).putInt(4, 2);
            file.putInt(at, 0xDEADBEEF).putInt(at + 4, type.code());
            file.putLong(at + 8, type.sizeBytes(elements)).putLong(at + 16, at + 64);
        }
        return files;
    }

    @Test
    void theUndamagedProgramsAreRead() throws IOException {
        programs().forEach(MilParser::parseAll);
    }

    @Test
    void onlyOurErrorsComeOut() throws IOException {
        long seed = Long.getLong("jane.fuzz.seed", 20261127);
        System.out.println("MilFuzzTest seed " + seed);
        var random = new Random(seed);
        var programs = programs();
        var counts = new int[2];
        assertTimeoutPreemptively(
                BOUND,
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        var program = damaged(programs.get(i % programs.size()), random);
                        counts[outcome(program, "seed " + seed + ", round " + i)]++;
                    }
                });
        // Damage that never shows, or always, would test little.
        assertTrue(counts[0] > ROUNDS / 50 && counts[1] > ROUNDS / 4, counts[0] + " " + counts[1]);
    }

    /** 0 for a program that is read, printed and checked, 1 for one that is refused. */
    private static int outcome(Program program, String what) {
        try {
            Listing.of(program);
            MilParser.parseAll(program);
            Target.named("strict").check(program);
            MilPrinter.reprint(program, Dialect.A);
            return 0;
        } catch (JaneException e) {
            return 1;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            throw new AssertionError(what + "\n" + program.text(), e);
        }
    }

    private static Program damaged(Program program, Random random) {
        var text = new StringBuilder(program.text());
        var words = program.text().split("(?<=\\W)|(?=\\W)");
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(30));
            switch (random.nextInt(6)) {
                case 0 -> text.delete(at, Math.min(end, at + 3));
                case 1 -> text.insert(at, words[random.nextInt(words.length)]);
                case 2 -> text.setCharAt(at, (char) random.nextInt(128));
                case 3 -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                default -> number(text, random);
            }
        }
        return new Program(text.toString(), damaged(program.files(), random), Map.of());
    }

    /** Another number in the place of one. */
    private static void number(StringBuilder text, Random random) {
        var numbers = List.of("-1", "0", "1", "2", "3", "65", "70000", "536870912", "4294967295");
        var found = Pattern.compile("\\b\\d+\\b").matcher(text);
        if (found.find(random.nextInt(text.length()))) {
            int start = found.start();
            text.replace(start, found.end(), numbers.get(random.nextInt(numbers.size())));
        }
    }

    private static Map<String, ByteBuffer> damaged(Map<String, ByteBuffer> files, Random random) {
        if (random.nextInt(3) > 0) {
            return files;
        }
        var others = new HashMap<String, ByteBuffer>();
        files.forEach(
                (name, bytes) -> {
                    int length = random.nextInt(8) == 0 ? random.nextInt(400) : bytes.capacity();
                    var copy = ByteBuffer.allocate(length);
                    int kept = Math.min(length, bytes.capacity());
                    copy.put(bytes.duplicate().rewind().limit(kept)).rewind();
                    for (int n = random.nextInt(3); n > 0 && length > 0; n--) {
                        // The header, then anywhere in the metadata of any blob.
                        int blob = random.nextInt((length + 63) / 64) * 64;
                        int at = Math.min(length - 1, blob + random.nextInt(32));
                        copy.put(at, (byte) random.nextInt(256));
                    }
                    others.put(name, copy);
                });
        return others;
    }

    private static String function(String body) {
        return "program(1.3) { func main<ios18>(tensor<fp32, [2]> x) { " + body + " } -> (y); }";
    }

    private static void refused(String text, Map<String, ByteBuffer> files) {
        assertTimeoutPreemptively(
                BOUND,
                () -> assertThrows(MilParseException.class, () -> MilParser.parse(text, files)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tensor<fp32, [2]> y = exp(x = y);",
                "tensor<fp32, [2]> a = exp(x = b); tensor<fp32, [2]> b = exp(x = a);",
                "tensor<fp32, [2]> y = exp(x = x); tensor<fp32, [2]> y = exp(x = x);",
                "fp32 y = const()[val = y];"
            })
    void cyclesAndDuplicateNamesAreRefused(String body) {
        refused(function(body), Map.of());
    }

    @Test
    void aFunctionDefinedTwiceIsRefused() {
        String f = "func main<ios18>(fp32 x) { fp32 y = exp(x = x); } -> (y);";
        refused("program(1.3) {" + f + f + "}", Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "(", "{", "[(", "tuple<"})
    void aMillionBracketsInAFunctionsAttributes(String open) {
        String nested = open.repeat(1_000_000 / open.length());
        refused("program(1.3) { func main<ios18>(fp32 x) [a = " + nested, Map.of());
        refused("program(1.3) [a = " + nested, Map.of());
        refused(function("fp32 y = exp(x = " + nested), Map.of());
        refused(function("fp32 y = exp(x = const(" + nested), Map.of());
    }

    @Test
    void sizesThatNothingBacksAreNotAllocated() {
        String huge = "536870912";
        for (var type : BlobType.values()) {
            String t = "tensor<" + type.mil() + ", [" + huge + "]>";
            refused(function(t + " y = const()[val = " + t + "([1])];"), Map.of());
        }
        // A small table of long vectors, and a missing operand of a huge one.
        refused(
                function(
                        "tensor<fp16, [536870912]> y = constexpr_lut_to_dense(indices ="
                                + " tensor<uint1, [1]>([0]), lut = tensor<fp16, [1, 2, 268435456]>("
                                + "[1]), vector_axis = int32(0));"),
                Map.of());
        refused(
                "program(1.3) { func main<ios18>(tensor<fp32, [1, 536870912, 1, 1]> x,"
                        + " tensor<fp32, [536870912]> m) { tensor<fp32, [1, 536870912, 1, 1]> y ="
                        + " batch_norm(x = x, mean = m, variance = m, beta = m); } -> (y); }",
                Map.of());
    }

    @Test
    void oneBlobNamedOftenCostsItOnce() {
        var writer = new BlobWriter();
        writer.add(StoredTensor.of(BlobType.UINT8, Shape.of(1 << 22), new double[1 << 22]));
        var body = new StringBuilder();
        String t = "tensor<uint8, [4194304]>";
        String blob = "(BLOBFILE(path = string(\"@model_path/w\"), offset = uint64(64)))";
        for (int i = 0; i < 20_000; i++) { // 80 GB, were each a copy
            body.append(t + " c" + i + " = const()[val = " + t + blob + "];");
        }
        body.append("tensor<fp32, [2]> y = exp(x = x);");
        assertTimeoutPreemptively(
                BOUND,
                () -> MilParser.parse(function(body.toString()), Map.of("w", writer.bytes())));
    }
}
