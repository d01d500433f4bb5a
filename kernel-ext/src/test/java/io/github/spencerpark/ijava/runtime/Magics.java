package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.List;

/** A double of what IJava turns magics into calls of. */
public final class Magics {
    private Magics() {}

    public static <T> T lineMagic(String name, List<String> args) {
        try {
            return IJava.getKernelInstance().getMagics().applyLineMagic(name, args);
        } catch (UndefinedMagicException e) {
            throw e;
        } catch (Exception e) {
            throw new RuntimeException("Exception while running line magic '" + name + "'", e);
        }
    }

    public static <T> T cellMagic(String name, List<String> args, String body) {
        try {
            return IJava.getKernelInstance().getMagics().applyCellMagic(name, args, body);
        } catch (UndefinedMagicException e) {
            throw e;
        } catch (Exception e) {
            throw new RuntimeException("Exception while running cell magic '" + name + "'", e);
        }
    }
}
