package jane.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.DType;
import jane.ir.DataException;
import jane.ir.JaneException;
import jane.ir.Shape;
import jane.ir.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir private Path folder;

    private static ByteBuffer bytes(int count, long seed) {
        var data = new byte[count];
        new SplittableRandom(seed).nextBytes(data);
        return ByteBuffer.wrap(data);
    }

    private Path file(String header, int dataBytes) throws IOException {
        var text = header.getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(text.length).put(text);
        return Files.write(folder.resolve("x"), out.array());
    }

    private String refused(String header, int dataBytes) throws IOException {
        return refused(file(header, dataBytes));
    }

    private static String refused(Path file) {
        var message = assertThrows(DataException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(message.startsWith("[" + file + "] "), message);
        return message.substring(("[" + file + "] ").length());
    }

    @Test
    void everyTypeComesBackWithNamesAndNotes() {
        var out = new Safetensors().note("format", "a \"b\" \\ \n ü");
        var expected = new ArrayList<ByteBuffer>();
        for (var dtype : DType.values()) {
            for (int size : new int[] {0, 1, 13}) {
                var type = new TensorType(dtype, Shape.of(size, 1));
                var data = bytes((int) type.sizeBytes(), expected.size());
                expected.add(data.duplicate());
                out.put(dtype + " ü." + size, type, data);
            }
        }
        out.put("scalar", TensorType.fp32(), bytes(4, 99));
        var file = folder.resolve("all.safetensors");
        out.write(file);
        var in = Safetensors.read(file);
        assertEquals(Map.of("format", "a \"b\" \\ \n ü"), in.metadata());
        int i = 0;
        for (var dtype : DType.values()) {
            for (int size : new int[] {0, 1, 13}) {
                var name = dtype + " ü." + size;
                assertEquals(new TensorType(dtype, Shape.of(size, 1)), in.type(name));
                assertEquals(expected.get(i++), in.data(name), name);
            }
        }
        assertEquals(TensorType.fp32(), in.type("scalar"));
        assertEquals(25, in.names().size());
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        var file = folder.resolve("one");
        new Safetensors().put("w", TensorType.fp32(2, 1), bytes(8, 1)).write(file);
        var all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var header = new byte[(int) all.getLong()];
        all.get(header);
        assertEquals(
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}",
                new String(header, StandardCharsets.UTF_8).strip());
        assertEquals(0, all.position() % 8);
        assertEquals(8, all.remaining());
    }

    @Test
    void readsWhatOthersWrite() throws IOException {
        // keys in any order, white space, metadata last, tensors not in the order of their bytes
        var in =
                Safetensors.read(
                        file(
                                "{ \"b\" : {\"shape\":[], \"data_offsets\":[2, 4],"
                                        + "\"dtype\":\"F16\"},\n\"a\\u0041\":{\"dtype\":\"U8\","
                                        + "\"shape\":[2],\"data_offsets\":[0,2]},"
                                        + "\"__metadata__\":{\"k\":\"v\"}}   ",
                                4));
        assertEquals(List.of("aA", "b"), List.copyOf(in.names()));
        assertEquals("v", in.metadata().get("k"));
    }

    @Test
    void liesAboutSizesAreRefusedBeforeAnythingIsAllocated() throws IOException {
        var w = "{\"w\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}";
        assertEquals(
                "tensor 'w', F32 of shape [2], is at bytes 0 to 8 of 4; need 8 bytes within",
                refused(w.formatted("[2]", "[0,8]"), 4));
        assertEquals(
                "tensor 'w', F32 of shape [3], is at bytes 0 to 8 of 8; need 12 bytes within",
                refused(w.formatted("[3]", "[0,8]"), 8));
        assertEquals(
                "tensor 'w', F32 of shape [99999999999, 99999999999], is at bytes 0 to 8 of 8;"
                        + " need less than 2^31 bytes within",
                refused(w.formatted("[99999999999,99999999999]", "[0,8]"), 8));
        assertEquals(
                "tensor 'w' begins at byte 4 of the data; need 0: no holes, no overlap",
                refused(w.formatted("[1]", "[4,8]"), 8));
        assertEquals(
                "8 bytes of data for tensors of 4; need a whole safetensors file",
                refused(w.formatted("[1]", "[0,4]"), 8));
        assertEquals(
                "tensor 'w' has data_offsets [0]; need [begin, end]",
                refused(w.formatted("[1]", "[0]"), 4));
        assertEquals(
                "tensor 'v' begins at byte 0 of the data; need 4: no holes, no overlap",
                refused(
                        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"v\":"
                                + "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                        4));
    }

    @Test
    void aHeaderThatIsNoneIsRefused() throws IOException {
        assertEquals(
                "a header of 18446744073709551615 bytes in a file of 16; need a safetensors file,"
                        + " whose header is 2 to 8 bytes",
                refused(
                        Files.write(
                                folder.resolve("y"),
                                new byte[] {
                                    -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0
                                })));
        assertEquals(
                "3 bytes is too short for a safetensors file; need 10 or more",
                refused(Files.write(folder.resolve("z"), new byte[3])));
        assertEquals("header, character 1: found '['; need '{'", refused("[1,2]", 0));
        assertEquals("header, character 3: found the end; need '\"'", refused("{ ", 0));
        assertEquals("header, character 6: found '1'; need '{'", refused("{\"a\":1,", 0));
        assertEquals(
                "header, character 9: found '\"'; 'a' stands here twice; need it once",
                refused("{\"a\":{},\"a\":{}}", 0));
        assertEquals(
                "tensor 'a' has the fields []; need dtype, shape and data_offsets",
                refused("{\"a\":{}}", 0));
        assertEquals(
                "tensor 'a' is of type 'BF16'; need one of F32, F16, I32, I16, U16, I8, U8, BOOL",
                refused("{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2));
        assertEquals("no such file; need a safetensors file", refused(folder.resolve("nothing")));
    }

    @Test
    void randomDamageGivesAnErrorOrTheSameTensors() throws IOException {
        var file = folder.resolve("d");
        new Safetensors()
                .note("k", "v")
                .put("w", TensorType.fp32(2, 3), bytes(24, 1))
                .put("b", new TensorType(DType.INT8, Shape.of(5)), bytes(5, 2))
                .write(file);
        var good = Files.readAllBytes(file);
        var random = new SplittableRandom(5);
        for (int i = 0; i < 2000; i++) {
            var bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            Files.write(file, bad);
            try {
                assertEquals(2, Safetensors.read(file).names().size());
            } catch (JaneException e) {
                assertTrue(e.getMessage().startsWith("[" + file + "]"), e.getMessage());
            }
        }
    }

    @Test
    void namesAndSizesAreCheckedOnTheWayOut() {
        var out = new Safetensors().put("w", TensorType.fp32(), bytes(4, 1));
        assertEquals(
                "[safetensors] 'w' is taken; need another name for a tensor",
                assertThrows(
                                DataException.class,
                                () -> out.put("w", TensorType.fp32(), bytes(4, 1)))
                        .getMessage());
        assertEquals(
                "[v] 3 bytes for fp32; need 4",
                assertThrows(
                                JaneException.class,
                                () -> out.put("v", TensorType.fp32(), bytes(3, 1)))
                        .getMessage());
        assertEquals(
                "[safetensors] no tensor 'v'; need one of [w]",
                assertThrows(DataException.class, () -> out.data("v")).getMessage());
    }
}
