package jane.target;

import java.util.List;

/**
 * Entries of the two catalogues that no rule stands for, with the reason: most concern what happens
 * while a program runs, and not its text.
 *
 * @param id the entry: {@code C-11}
 * @param what the entry says
 * @param reason why there is no rule
 */
record WrittenOff(String id, String what, String reason) {
    static final List<WrittenOff> ALL =
            List.of(
                    off(
                            "C-11",
                            "weights are frozen when a program is compiled",
                            "what an engine does: sim keeps them frozen; weights that change are"
                                    + " inputs"),
                    off(
                            "C-12",
                            "a blob's offset is that of its metadata",
                            "the reader of blob files refuses any other, with the offset and what"
                                    + " stands there"),
                    off(
                            "C-13",
                            "MIL text is NSData, the weight dictionary is not nil",
                            "a call of the bridge, which makes both"),
                    off(
                            "C-20",
                            "reloading weights without compiling",
                            "a call, and not the text: reload of the engines sim and ane does it,"
                                    + " stale but on M4 with macOS 15; training never does"),
                    off(
                            "C-32",
                            "a contraction of 32768 or more is inf",
                            "depends on values: the simulator's arithmetic does it, bit for bit"),
                    off(
                            "C-40",
                            "request depth 127, little gain from concurrent requests",
                            "one program at a time runs; nothing in the text"),
                    off(
                            "C-42",
                            "a folder with model.mil and weights must exist",
                            "the bridge writes it before it compiles"),
                    off(
                            "C-43",
                            "the descriptor never validates",
                            "the bridge reports errors at compile; this check comes first"),
                    off(
                            "C-44",
                            "reading many outputs, or compiling meanwhile, is slow",
                            "load on the machine; the cost model has the time of each output's"
                                    + " bytes"),
                    off(
                            "C-47",
                            "the cache's key is the text and the dictionary",
                            "the engine hashes text, options and weights"),
                    off(
                            "C-48",
                            "many failed compilations delay later ones",
                            "anecdotal; nothing in one program"),
                    off(
                            "C-49",
                            "int8 gives no speed-up unless both operands are int8",
                            "the cost model's business: it counts int8 as fp16"),
                    off(
                            "C-51",
                            "one thread dispatches; no writing to a surface in use",
                            "the engine's locks"),
                    off(
                            "C-52",
                            "weights are [out, in] in a convolution, [in, out] in a matmul",
                            "type rules refuse what does not fit; a square one is the author's"
                                    + " meaning"),
                    off("Q-01", "a matmul of 32760 or more is inf", "as C-32"),
                    off("Q-02", "products below 2^-16 are lost in a matmul", "as C-32"),
                    off(
                            "Q-15",
                            "NaN and inf are not those of IEEE",
                            "depends on values: the simulator's"),
                    off(
                            "Q-27",
                            "attention with a full score matrix is three times slower",
                            "no number says from where; the cost model sees it once one head's"
                                    + " scores leave the chip"),
                    off(
                            "E-01",
                            "a bundle loads only in the process that compiled it",
                            "the bridge compiles in its own process"),
                    off(
                            "E-02",
                            "fork after loading Espresso crashes",
                            "Java starts workers by posix_spawn"),
                    off("E-04", "wrong order of create arguments", "a call of the bridge"),
                    off("E-05", "a NULL event name, a bad buffer type", "a call of the bridge"),
                    off(
                            "E-06",
                            "prepare before encode, reset of a fresh stream",
                            "a call of the bridge"),
                    off("E-07", "foreign HWX files are refused", "Jane makes none"),
                    off(
                            "E-09",
                            "an unknown compiler target compiles for the host, silently",
                            "Target.named refuses names that are not in the table"),
                    off("E-10", "compile failures are paced", "as C-48"),
                    off("E-11", "programs are not thread safe", "as C-51"),
                    off("E-23", "shapes are static", "the parser takes numbers only"),
                    off(
                            "E-24",
                            "names are unique; ports keep theirs",
                            "the parser refuses a second definition; the printer keeps port"
                                    + " names"));

    private static WrittenOff off(String id, String what, String reason) {
        return new WrittenOff(id, what, reason);
    }
}
