package jane.mil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.conform.OpSamples;
import jane.ir.ConstData;
import jane.ir.Op;
import jane.ir.TensorType;
import jane.op.Ops;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MilParserErrorTest {
    private static final String BLOB =
            "tensor<fp32, [4]> c = const()[val = tensor<fp32, [4]>(BLOBFILE(path ="
                    + " string(\"@model_path/w.bin\"), offset = uint64(%s)))];";

    private static MilParseException error(String text, Map<String, ByteBuffer> files) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(MilParseException.class, () -> MilParser.parse(text, files)));
    }

    /** What is wrong with a statement between input x, a tensor of 2 x 3, and output y. */
    private static String problem(String statements) {
        String text = wrapped(statements);
        return error(text, Map.of()).getMessage().lines().findFirst().orElseThrow();
    }

    private static String wrapped(String statements) {
        return "program(1.3)\n{\nfunc main<ios18>(tensor<fp32, [2, 3]> x) {\n"
                + statements
                + "\n} -> (y);\n}\n";
    }

    @Test
    void theWholeMessageShowsThePlace() {
        var error = error(wrapped("  tensor<fp32, [2, 3]> y = ad(x = x, y = x);"), Map.of());
        assertEquals(
                """
                [mil] line 4, column 28: unknown op 'ad'; did you mean 'add'?
                  tensor<fp32, [2, 3]> y = ad(x = x, y = x);
                                           ^\
                """,
                error.getMessage());
        assertEquals(4, error.line());
        assertEquals(28, error.column());
    }

    @Test
    void longLinesAreCutAroundThePlace() {
        var error = error(wrapped(" ".repeat(5000) + "?" + " ".repeat(5000)), Map.of());
        assertEquals(
                "[mil] line 4, column 5001: '?' in place of a type or an op; need a name\n..."
                        + " ".repeat(60)
                        + "?"
                        + " ".repeat(59)
                        + "...\n"
                        + " ".repeat(63)
                        + "^",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "fp32 y = exp(x = q); | 18: 'q' is not defined above",
                "fp32 y = exp(x = xx); | 18: 'xx' is not defined above; did you mean 'x'?",
                "fp32 y = exp(x = z); fp32 z = exp(x = y); | 18: 'z' is defined below; need it"
                        + " above its first use: programs have no cycles",
                "fp32 y = exp(x = y); | 18: 'y' is defined below; need it above its first use:"
                        + " programs have no cycles",
                "fp32 y = EXP(x = x); | 10: unknown op 'EXP'; did you mean 'exp'?",
                "fp32 y = reloop(x = x); | 10: unknown op 'reloop'; need one that docs/ops.md"
                        + " lists",
                "fp32 y = cond(pred = x) { yes() { | 25: a block of op 'cond'; need ops without:"
                        + " unroll loops and choose branches when the program is made",
                "fp32 y = exp(x = x)[name = string(\"y\"), name = string(\"z\")]; | 41: a second"
                        + " name; need one",
                "\uFEFFfp32 y = exp(x = x); | 1: character U+FEFF has no meaning here; MIL has no"
                        + " comments or operators",
                "tensor<fp32, [1, 1]> y = slice_by_index(x = x, begin = tensor<int32, [2]>([0, 0]),"
                        + " end = tensor<int32, [2]>([1, 1]), begin_mask = tensor<bool,"
                        + " [1]>([true])); | 26: [slice_by_index] begin_mask = [true] has 1"
                        + " entries; need 2",
                "fp32 y = exp(x = x, x = x); | 21: argument 'x' is given twice",
                "fp32 y = exp(x = x, z = x); | 21: 'exp' has no argument 'z'; need [x]",
                "fp32 y = add(x = x); | 10: 'add' without 'y'; need [x, y]",
                "fp32 y = exp(x = x); | 6: 'y' is declared fp32; need tensor<fp32, [2, 3]>, which"
                        + " 'exp' makes here",
                "fp32 x = exp(x = x); | 6: 'x' is declared fp32; need tensor<fp32, [2, 3]>, which"
                        + " 'exp' makes here",
                "tensor<fp32, [2, 3]> x = exp(x = x); | 22: 'x' is defined twice; need a new name"
                        + " for each value",
                "int32 a = const()[val = int32(1.5)]; | 31: '1.5' is no int32; need a whole number"
                        + " of type int32",
                "int8 a = const()[val = int8(200)]; | 29: '200' is no int8; need a number that int8"
                        + " can hold",
                "fp16 a = const()[val = fp16(0x12345)]; | 29: '0x12345' is no fp16; need a bit"
                        + " pattern of at most 16 bits",
                "fp32 a = const()[val = fp32(1.2.3)]; | 29: '1.2.3' is no fp32; need a number such"
                        + " as 0x1.8p-1, 0.75, inf or nan",
                "bool a = const()[val = bool(1)]; | 29: '1' is no bool; need true or false",
                "fp32 a = const()[val = fp16(1)]; | 24: a value of type fp16 for 'a'; need fp32 as"
                        + " declared",
                "fp32 a = const()[name = string(\"a\")]; | 10: a const with 1 results and arguments"
                        + " []; need one result and val",
                "tensor<fp32, [3]> a = const()[val = tensor<fp32, [3]>([1, 2])]; | 55: elements [2]"
                        + " for tensor<fp32, [3]>; need 3 elements, nested like the shape or flat",
                "tensor<fp32, [3]> a = const()[val = tensor<fp32, [3]>([[1, 2], [3]])]; | 66: a"
                        + " list of 1 beside lists of 2; need lists of equal length",
                "tensor<fp32, [2]> a = const()[val = tensor<fp32, [2]>([1, [2]])]; | 60: '2' 2 deep"
                        + " beside elements 1 deep",
                "tensor<fp32, [2]> a = const()[val = tensor<fp32, [2]>([1, 2,])]; | 61: ']' in a"
                        + " list of fp32",
                "tensor<fp32, [2, 3]> y = softmax(x = x, axis = x); | 48: 'x' is computed; need a"
                        + " const",
                "tensor<fp32, [2, 3]> y = softmax(x = x, axis = fp32(1)); | 48: fp32 for 'axis';"
                        + " need a scalar such as int32(1)",
                "tensor<fp32, [2, 3]> y = softmax(x = x, axis = 1); | 48: '1' as an argument; need"
                        + " a variable or a typed value such as int32(1)",
                "tensor<fp32, [2, 3]> y = exp(x = x) | 1: '}' after op 'exp'; need ';'",
                "tensor<fp32, [?, 3]> y = exp(x = x); | 15: '?' as a dimension; need a whole"
                        + " number, 0 or more",
                "tensor<fp33, [2]> y = exp(x = x); | 8: unknown type 'fp33'; need tensor, string,"
                        + " fp16, int32 ...",
                "string s = const()[val = string(\"a]; | 33: a string that does not end on its"
                        + " line; need a closing \"",
                "// note | 1: character '/' has no meaning here; MIL has no comments or operators",
                "tensor<fp32, [99999, 99999]> y = exp(x = x); | 14: [99999, 99999] is too large a"
                        + " shape; need at most 2^29 elements in a tensor"
            })
    void saysWhatIsWrongAndWhere(String statement, String expected) {
        int line = expected.startsWith("1: '}'") ? 5 : 4;
        assertEquals("[mil] line " + line + ", column " + expected, problem(statement));
    }

    @Test
    void anOpsOwnRefusalIsShownAtTheOp() {
        assertEquals(
                "[mil] line 4, column 29: [softmax] axis 5 is outside shape [2, 3]; need -2 to 1",
                problem("tensor<fp32, [2, 3]> y   =  softmax(x = x, axis = int32(5));"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64 | no weight file 'w.bin'; need one of []",
                "0 | [w.bin] no metadata at offset 0: the file has 192 bytes; need an offset from"
                        + " 64 to 128",
                "192 | [w.bin] no metadata at offset 192: the file has 192 bytes; need an offset"
                        + " from 64 to 128",
                "99999999999999999999 | [w.bin] no metadata at offset 9223372036854775807: the file"
                        + " has 192 bytes; need an offset from 64 to 128",
                "128 | [w.bin] no blob at offset 128: found 0x00000000; need 0xDEADBEEF (the offset"
                        + " is that of the metadata, 64 before the first payload)"
            })
    void aMissingBlobOrAnOffsetPastTheEnd(String offset, String expected) {
        var blobs = new BlobWriter();
        blobs.add(ConstData.of(TensorType.fp32(4), 0, 0, 0, 0));
        boolean missing = expected.startsWith("no weight file");
        Map<String, ByteBuffer> files = missing ? Map.of() : Map.of("w.bin", blobs.bytes());
        var message = error(wrapped(BLOB.formatted(offset)), files).getMessage();
        assertEquals(
                expected,
                message.lines()
                        .findFirst()
                        .orElseThrow()
                        .replaceFirst("\\[mil] line 4, column [0-9]+: ", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{", "tensor<fp32, [3]>([", "list<", "a = ("})
    void aMillionNestedBracketsEndInAnError(String open) {
        String nested = open.repeat(1_000_000 / open.length());
        error("program(1.3) [a = " + nested, Map.of());
        error(wrapped("fp32 y = exp(x = " + nested), Map.of());
        error(wrapped("fp32 y = exp(x = fp32(" + nested), Map.of());
        error(wrapped(nested), Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000", "99999999999999999999999", "1000000, 1000000"})
    void aShapeOfManyElementsEndsInAnError(String dims) {
        String type = "tensor<fp32, [" + dims + "]>";
        error(wrapped(type + " y = exp(x = x);"), Map.of());
        error(wrapped(type + " c = const()[val = " + type + "([1])];"), Map.of());
    }

    @Test
    void aLargeDeclaredConstantIsNotAllocated() {
        // 2 GiB of fp32, on one element and on no blob.
        String type = "tensor<fp32, [536870912]>";
        error(wrapped(type + " c = const()[val = " + type + "([1])];"), Map.of());
        error(wrapped(BLOB.replace("tensor<fp32, [4]>", type).formatted(64)), Map.of());
    }

    @Test
    void damagedTextIsRefusedOrReadButNeverFailsOtherwise() {
        long seed = 77;
        var random = new Random(seed);
        var programs =
                LongStream.range(0, 40).mapToObj(RandomGraphs::of).map(MilPrinter::print).toList();
        for (int i = 0; i < 4000; i++) {
            var program = programs.get(i % programs.size());
            String text = damaged(program.text(), random);
            try {
                MilParser.parse(text, program.files());
            } catch (MilParseException e) {
                assertTrue(e.line() > 0, text);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i + ": " + text, e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("spelledOps")
    void wrongNumbersInAnyOpAreRefusedOrRead(Op<?> op) {
        long seed = 99;
        var random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            var program = MilPrinter.print(OpSamples.sample(op, random).graph());
            String text = renumbered(program.text(), random);
            try {
                MilParser.parse(text, program.files());
            } catch (MilParseException e) {
                assertTrue(e.line() > 0, text);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i + ": " + text, e);
            }
        }
    }

    static List<Op<?>> spelledOps() {
        return Ops.all().stream().filter(op -> op.spelling().isPresent()).toList();
    }

    /** Some whole numbers, dimensions and attributes, replaced by others. */
    private static String renumbered(String text, Random random) {
        var numbers = List.of("-1", "0", "1", "2", "7", "70000", "2147483647", "-2147483648");
        return Pattern.compile("(?<=[\\[( ])-?[0-9]+(?=[\\]),])")
                .matcher(text)
                .replaceAll(
                        m ->
                                random.nextInt(6) == 0
                                        ? numbers.get(random.nextInt(numbers.size()))
                                        : m.group());
    }

    /** A few characters or words replaced, doubled or dropped, or the end cut off. */
    private static String damaged(String text, Random random) {
        var out = new StringBuilder(text);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = 200 + random.nextInt(out.length() - 200);
            int length = Math.min(1 + random.nextInt(12), out.length() - at);
            String piece = out.substring(at, at + length);
            switch (random.nextInt(5)) {
                case 0 -> out.delete(at, at + length);
                case 1 -> out.insert(at, piece);
                case 2 -> out.setCharAt(at, (char) (32 + random.nextInt(96)));
                case 3 -> out.setCharAt(at, "0123456789[](){}<>,;=-\"".charAt(random.nextInt(22)));
                default -> {
                    int from = 200 + random.nextInt(out.length() - 200);
                    out.insert(from, piece);
                }
            }
        }
        return random.nextInt(20) == 0
                ? out.substring(0, random.nextInt(out.length()))
                : out.toString();
    }
}
