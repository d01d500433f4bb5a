package jane.engine.ane;

import com.sun.jna.Pointer;

/**
 * The functions of {@code native/ane/jane_ane.h}, under the same names; the header says what they
 * do. Handles are addresses, strings end with NUL, results come in arrays of one. Bound once per
 * process, by {@link NativeBridge}.
 */
final class AneLibrary {
    /** {@code JANE_ANE_ABI} that this class is written for. */
    static final int ABI = 2;

    private AneLibrary() {}

    static native int jane_ane_abi();

    static native Pointer jane_ane_last_error();

    static native int jane_ane_open(int route, byte[] library, long[] out);

    static native int jane_ane_close(long[] ane);

    static native int jane_ane_describe(long ane, byte[] text, long[] size);

    static native int jane_ane_compile(long ane, byte[] dir, byte[] cacheDir, int mask, long[] out);

    static native int jane_ane_load(long program);

    static native int jane_ane_reload(long program);

    static native int jane_ane_port_shape(
            long program,
            byte[] name,
            int isOutput,
            long[] dims,
            int rank,
            int elementBytes,
            long[] data);

    static native int jane_ane_alias(long program, byte[] output, byte[] input, long[] data);

    static native int jane_ane_run(long program);

    static native int jane_ane_release(long[] program);

    static native long jane_ane_last_hardware_ns(long program);

    static native int jane_ane_power_open(Pointer libraries, long[] out);

    static native int jane_ane_power_close(long[] power);

    static native int jane_ane_power_state(long power, int[] values);

    static native int jane_ane_energy(long power, long[] nanojoules);

    static native int jane_ane_thread_qos(long power, int qos, int[] before);
}
