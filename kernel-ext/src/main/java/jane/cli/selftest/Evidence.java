package jane.cli.selftest;

import jane.engine.ane.AneEngine;

/** What a line comes from. */
public enum Evidence {
    /** This machine; for what an engine does, its Neural Engine. */
    HARDWARE(""),
    /** Apple's framework, which ran programs on the Mac's processor. */
    MAC_CPU("mac-cpu"),
    /** A stand-in for Apple's framework; what computes for it is no Neural Engine. */
    STAND_IN("stand-in"),
    /** Jane's simulator or CPU engine. */
    SIMULATED("simulated");

    private final String word;

    Evidence(String word) {
        this.word = word;
    }

    /** Of what an engine of this name does. */
    static Evidence of(String engine) {
        if (!engine.startsWith("ane")) {
            return SIMULATED;
        }
        var own = ofMachine();
        return own == HARDWARE && engine.equals("ane:cpu") ? MAC_CPU : own;
    }

    /** Of what is said about this machine and its framework. */
    static Evidence ofMachine() {
        if (!AneEngine.standIn()) {
            return HARDWARE;
        }
        return AneEngine.missing().isEmpty() ? STAND_IN : SIMULATED;
    }

    /** The word for it in a line of text; empty for hardware. */
    String mark() {
        return word;
    }

    @Override
    public String toString() {
        return this == HARDWARE ? "hardware" : word;
    }
}
