package jane.engine.natives;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** Finds, unpacks, checks and loads Jane's native libraries and OpenBLAS. */
public final class Natives {
    private static final int RTLD_NOW = 2; // and local: our symbols are nobody else's business
    private static final String ROOT = "/jane/native/";

    /** Opens a library file: JNA's part, which tests replace. */
    interface Opener {
        NativeLibrary open(String file);
    }

    private final NativeSettings settings;
    private final Function<String, InputStream> resources;
    private final Opener opener;

    /** Loads as the settings say. */
    public Natives(NativeSettings settings) {
        this(settings, Natives.class::getResourceAsStream, Natives::open);
    }

    Natives(NativeSettings settings, Function<String, InputStream> resources, Opener opener) {
        this.settings = settings;
        this.resources = resources;
        this.opener = opener;
    }

    /**
     * Jane's library of a name, such as {@code janekernels}.
     *
     * @throws NativeException if there is none for this machine, or it cannot be unpacked or loaded
     */
    public NativeLibrary library(String name) {
        var bundle = Bundle.read(ROOT + "SHA256SUMS", ROOT, "get Jane again", resources);
        var host = settings.host();
        var path = host.folder() + "/" + host.fileName(name);
        var entries = bundle.below(path);
        if (entries.isEmpty()) {
            throw new NativeException(
                    "no %s for %s in this copy of Jane; build it from native/ and name it in %s",
                    host.fileName(name), host.folder(), NativeSettings.KERNELS);
        }
        return load(new Unpacker(settings.cache()).unpack(bundle, entries).get(0).toString());
    }

    /**
     * Jane's CPU kernels, as the settings choose them.
     *
     * @throws NativeException as {@link #library(String)} and {@link #library(Path)}
     */
    public NativeLibrary kernels() {
        boolean bundled =
                settings.kernels().equals("native") || settings.kernels().equals("scalar");
        return bundled ? library("janekernels") : library(Path.of(settings.kernels()));
    }

    /**
     * A library with CBLAS: Accelerate on macOS, the bundled OpenBLAS elsewhere.
     *
     * @throws NativeException if there is none for this machine, or it cannot be unpacked or loaded
     */
    public NativeLibrary blas() {
        if (settings.host().mac()) {
            return load("/System/Library/Frameworks/Accelerate.framework/Accelerate");
        }
        var bundle =
                Bundle.read(
                        ROOT + "OPENBLAS_SHA256SUMS",
                        "/",
                        "put org.bytedeco:openblas for this system on the class path, in the"
                                + " version of Jane's pom.xml",
                        resources);
        var entries = bundle.below("org/bytedeco/openblas/" + settings.host().javaCpp() + "/");
        if (entries.isEmpty()) {
            throw new NativeException(
                    "no OpenBLAS for %s in this version of Jane; matrix products run in Java",
                    settings.host().folder());
        }
        NativeLibrary last = null;
        for (var file : new Unpacker(settings.cache()).unpack(bundle, entries)) {
            last = load(file.toString()); // listed before what needs it: no search beside
            // it is sure
        }
        return last;
    }

    /** A library that the user built, unchecked. */
    public NativeLibrary library(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new NativeException(
                    "%s is '%s', and there is no such file; need native, java, scalar or the path"
                            + " of a library",
                    NativeSettings.KERNELS, file);
        }
        return load(file.toAbsolutePath().toString());
    }

    private static NativeLibrary open(String file) {
        return NativeLibrary.getInstance(file, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
    }

    /**
     * Binds the static native methods of a class to the functions of the same names.
     *
     * @throws NativeException if the library lacks one
     */
    public static void bind(Class<?> methods, NativeLibrary library) {
        try {
            Native.register(methods, library);
        } catch (UnsatisfiedLinkError e) {
            throw new NativeException(
                    e,
                    "%s does not fit this version of Jane: %s; build it from the same sources",
                    library.getFile(),
                    firstLine(e));
        }
    }

    private NativeLibrary load(String file) {
        try {
            return opener.open(file);
        } catch (UnsatisfiedLinkError e) {
            throw new NativeException(
                    e,
                    "the system cannot load %s: %s; need a library for %s",
                    file,
                    firstLine(e),
                    settings.host().folder());
        } catch (NoClassDefFoundError e) {
            throw noJna(e);
        } catch (Error e) { // all that JNA says of a native part of another version
            if (e.getClass() != Error.class) {
                throw e;
            }
            throw noJna(e);
        }
    }

    private static NativeException noJna(Error e) {
        return new NativeException(
                e,
                "JNA does not start: %s; need net.java.dev.jna:jna of version 5 once on the class"
                        + " path, and no other libjnidispatch in jna.boot.library.path",
                firstLine(e));
    }

    /** The first line with a reason; JNA's own first line ends with a colon. */
    private static String firstLine(Throwable e) {
        var lines = String.valueOf(e.getMessage()).strip().lines().toList();
        return lines.stream().filter(line -> !line.endsWith(":")).findFirst().orElse(lines.get(0));
    }

    /** Where a direct buffer lies; valid as long as the buffer is reachable. */
    public static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
