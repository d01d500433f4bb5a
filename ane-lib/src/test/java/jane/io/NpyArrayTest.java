package jane.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.ConstData;
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
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Fixtures are the bytes that NumPy 2.4 writes for these arrays. */
class NpyArrayTest {
    private static final String HEADER = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }";

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.npy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<f2 ; (2, 3) ; 00be00b80038003e00410043 ; fp16 ; -1.5 -0.5 0.5 1.5 2.5 3.5",
                "<f4 ; (1, 3) ; 000000bf000080be0000403f ; fp32 ; -0.5 -0.25 0.75",
                ">f4 ; (1, 3) ; bf000000be8000003f400000 ; fp32 ; -0.5 -0.25 0.75",
                "|i1 ; (2, 3) ; fdfeff000102 ; int8 ; -3 -2 -1 0 1 2",
                "|u1 ; (2,) ; ff00 ; uint8 ; 255 0",
                "<i2 ; (2,) ; ffff0100 ; int16 ; -1 1",
                "<u2 ; (2,) ; ffff0100 ; uint16 ; 65535 1",
                ">i4 ; (3,) ; 00000001fffffffe00011170 ; int32 ; 1 -2 70000",
                "|b1 ; (2, 2) ; 01000100 ; bool ; 1 0 1 0",
                "<f8 ; (1, 2) ; 9a9999999999b93f000000000000f0ff ; fp32 ;"
                        + " 0.10000000149011612 -Infinity",
                "<i8 ; (2,) ; ffffff7f00000000fbffffffffffffff ; int32 ; 2147483647 -5"
            })
    void readsWhatNumPyWrites(String descr, String shape, String data, String dtype, String values)
            throws IOException {
        write(1, HEADER.formatted(descr, shape), data);
        var array = NpyArray.read(file);
        assertEquals(DType.ofMil(dtype), array.type().dtype());
        assertEquals(
                shape.replaceAll("[(,)]", ""),
                array.shape().toString().replaceAll("[\\[,\\]]", ""));
        assertValues(array, values);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void readsEveryHeaderVersion(int version) throws IOException {
        write(version, HEADER.formatted("<f4", "()"), "00002040");
        var array = NpyArray.read(file);
        assertEquals(TensorType.fp32(), array.type());
        assertValues(array, "2.5");
    }

    @Test
    void transposesFortranOrder() throws IOException {
        // np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype('<i2'))
        write(
                1,
                "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }",
                "00000c00040010000800140001000d00050011000900150002000e00060012000a0016000300"
                        + "0f00070013000b001700");
        var array = NpyArray.read(file);
        assertEquals(new TensorType(DType.INT16, Shape.of(2, 3, 4)), array.type());
        assertValues(array, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23");
    }

    @Test
    void readsAnArrayWithoutElements() throws IOException {
        write(1, HEADER.formatted("|u1", "(0, 3)"), "");
        assertEquals(Shape.of(0, 3), NpyArray.read(file).shape());
    }

    @Test
    void acceptsOtherSpellingsOfTheHeader() throws IOException {
        write(
                1,
                "{\"shape\":(2L,1L),\"fortran_order\":False,\"descr\":\"<i4\"}",
                "0100000002000000");
        assertValues(NpyArray.read(file), "1 2");
    }

    @Test
    void writesTheBytesNumPyWrites() throws IOException {
        NpyArray.write(file, TensorType.fp32(2, 3), floats(-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f));
        assertEquals(
                "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572"
                        + "273a2046616c73652c20277368617065273a2028322c2033292c207d"
                        + "20".repeat(58)
                        + "0a000000bf000080be000000000000803e0000003f0000403f",
                HexFormat.of().formatHex(Files.readAllBytes(file)));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyTypeComesBackBitForBit(DType dtype) {
        for (var shape :
                new Shape[] {
                    Shape.SCALAR,
                    Shape.of(1),
                    Shape.of(13),
                    Shape.of(3, 0, 2),
                    Shape.of(257, 3),
                    Shape.of(1, 2, 3, 4, 5)
                }) {
            var values = new double[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = dtype == DType.BOOL ? i % 2 : i % 127;
            }
            var type = new TensorType(dtype, shape);
            var bytes = ConstData.of(type, values).bytes();
            NpyArray.write(file, type, bytes);
            var back = NpyArray.read(file);
            assertEquals(type, back.type());
            assertEquals(bytes, back.data());
        }
    }

    @Test
    void keepsTheBitsOfANaN() throws IOException {
        write(1, HEADER.formatted("<f4", "(1,)"), "3412a07f");
        assertEquals(0x7fa01234, NpyArray.read(file).data().getInt(0));
    }

    @Test
    void replacesAFileAndLeavesNothingElseBehind() throws IOException {
        NpyArray.write(file, TensorType.fp32(1), floats(1));
        NpyArray.write(file, TensorType.fp32(1), floats(2));
        assertValues(NpyArray.read(file), "2");
        try (var entries = Files.list(folder)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void aFailedWriteKeepsTheOldFile() throws IOException {
        Files.writeString(file, "old");
        var error =
                assertThrows(
                        DataException.class,
                        () ->
                                AtomicFile.write(
                                        file,
                                        channel -> {
                                            channel.write(floats(1));
                                            throw new IOException("disk full");
                                        }));
        assertEquals(
                "["
                        + file
                        + "] cannot write: java.io.IOException: disk full; need an existing"
                        + " folder with room and write permission",
                error.getMessage());
        assertEquals("old", Files.readString(file));
        try (var entries = Files.list(folder)) {
            assertEquals(1, entries.count());
        }
    }

    @Test
    void refusesDataOfAnotherSize() {
        assertRefused(
                "12 bytes of data for tensor<fp32, [2]>; need 8",
                () -> NpyArray.write(file, TensorType.fp32(2), floats(1, 2, 3)));
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        assertRefused("no such file; need an npy file");
        Files.write(file, new byte[] {'P', 'K', 3, 4});
        assertRefused("4 bytes is too short for an npy file; need 10 or more");
        Files.write(file, new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0});
        assertRefused("not an npy file: starts with 50 4b 03 04 00 00; need 93 4e 55 4d 50 59");
        write(9, HEADER.formatted("<f4", "()"), "00002040");
        assertRefused("npy version 9; need 1, 2 or 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; ff7f; a header of 32767 bytes in a file of 12 bytes",
                "2; ffffffff; a header of 4294967295 bytes in a file of 14 bytes",
                "2; 00ffff7f; a header of 2147483392 bytes in a file of 14 bytes"
            })
    void refusesAHeaderLengthThatLies(int version, String length, String message)
            throws IOException {
        var bytes = "934e554d5059" + "0" + version + "00" + length + "7b7d";
        Files.write(file, HexFormat.of().parseHex(bytes));
        assertRefused(message + "; need a header that fits the file and at most 65536");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(2, 3); '0000'; 2 bytes of data for '<f4' of shape [2, 3]; need 24",
                "(1,); '0000000000'; 5 bytes of data for '<f4' of shape [1]; need 4",
                "(2147483647, 2147483647, 2147483647); 00000000; 4 bytes of data for '<f4' of"
                        + " shape [2147483647, 2147483647, 2147483647]; need"
                        + " 39614081201791936601413124092"
            })
    void refusesAShapeThatLies(String shape, String data, String start, String need)
            throws IOException {
        write(1, HEADER.formatted("<f4", shape), data.replace("'", ""));
        assertRefused(start + "; " + need);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "|O; ' (Python objects, which only Python can read)'",
                "<c8;''",
                "<u4;''",
                "=f4;''",
                "|f4;''",
                "<f16;''",
                "M8[ns];''",
                "<U3;''"
            })
    void refusesOtherElementTypes(String descr, String why) throws IOException {
        write(1, HEADER.formatted(descr, "(1,)"), "00000000");
        assertRefused(
                "element type '"
                        + descr
                        + "'"
                        + why
                        + "; need f2, f4, f8, i1, i2, i4, i8, u1, u2"
                        + " or b1, as x.astype(np.float32) gives");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "hello; need {'descr': ..., 'fortran_order': ..., 'shape': ...}",
                "{'descr': '<f4', }; need just descr, fortran_order and shape",
                "{'descr': '<f4', 'shape': (1,), 'order': False}; need a value for 'fortran_order'",
                "{'descr': '<f4', 'descr': '<f4'}; need 'descr' once",
                "{'descr': 4}; need a 'key': value at column 2",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}; records with"
                        + " named fields are not supported| save each field by itself",
                "{'descr': '<f4', 'fortran_order': (1,), 'shape': (1,)}; need True or False under"
                        + " 'fortran_order'",
                "{'descr': '<f4', 'fortran_order': False, 'shape': True}; need a tuple under"
                        + " 'shape'",
                "{'descr': True, 'fortran_order': False, 'shape': (1,)}; need a string under"
                        + " 'descr'",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}; need at most 32"
                        + " dimensions, such as (2, 3)",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648,)}; need dimensions"
                        + " below 2^31",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}; need a 'key': value at"
                        + " column 42"
            })
    void refusesHeadersItCannotUnderstand(String header, String need) throws IOException {
        write(1, header, "00000000");
        assertRefused("npy header " + header + ": " + need.replace('|', ';'));
    }

    @Test
    void refusesValuesThatDoNotFit() throws IOException {
        write(1, HEADER.formatted("<i8", "(2,)"), "01000000000000000000008000000000");
        assertRefused(
                "i8 value 2147483648 at flat index 1 of the file does not fit int32; need"
                        + " -2147483648 to 2147483647");
        write(1, HEADER.formatted("<f8", "()"), "9c7500883ce4377e"); // 1e300
        assertRefused(
                "f8 value 1.0E300 at flat index 0 of the file does not fit fp32; need at most"
                        + " 3.4028235E38 in magnitude");
        write(1, HEADER.formatted("|b1", "(3,)"), "0001ff");
        assertRefused("bool byte 255 at flat index 2 of the file; need 0 or 1");
    }

    private void assertRefused(String message) {
        assertRefused(message, () -> NpyArray.read(file));
    }

    private void assertRefused(String message, Runnable run) {
        var error = assertThrows(JaneException.class, run::run);
        assertEquals("[" + file + "] " + message, error.getMessage());
    }

    /** An npy file as NumPy lays it out, the header padded to 64 bytes. */
    private void write(int version, String header, String dataHex) throws IOException {
        int lengthBytes = version == 1 ? 2 : 4;
        int total = (8 + lengthBytes + header.length() + 1 + 63) / 64 * 64;
        byte[] data = HexFormat.of().parseHex(dataHex);
        var bytes = ByteBuffer.allocate(total + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        int length = total - 8 - lengthBytes;
        if (version == 1) {
            bytes.putShort((short) length);
        } else {
            bytes.putInt(length);
        }
        var text = header + " ".repeat(length - header.length() - 1) + "\n";
        bytes.put(text.getBytes(StandardCharsets.UTF_8)).put(data);
        Files.write(file, bytes.array());
    }

    private static ByteBuffer floats(float... values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }

    private static void assertValues(NpyArray array, String values) {
        var words = values.strip().split(" ");
        var expected = new double[words.length];
        var actual = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            expected[i] = Double.parseDouble(words[i]);
            actual[i] = ConstData.get(array.data(), array.type().dtype(), i);
        }
        assertArrayEquals(expected, actual);
        assertEquals(words.length, array.shape().size());
        assertTrue(array.data().isReadOnly());
        assertEquals(ByteOrder.LITTLE_ENDIAN, array.data().order());
    }
}
