package jane.engine.ane;

/** What Espresso compiles a program for. */
enum Device {
    /** The Neural Engine. */
    ANE(4),
    /** The Mac's processor: a reference by the same interface. */
    CPU(1);

    /** {@code JANE_ANE_MASK_*} of the bridge. */
    final int mask;

    Device(int mask) {
        this.mask = mask;
    }
}
