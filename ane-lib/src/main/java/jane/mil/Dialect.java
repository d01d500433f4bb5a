package jane.mil;

import jane.ir.TensorType;

/** The two ways to write MIL that the Neural Engine's compilers take. The parser reads both. */
public enum Dialect {
    /** {@code program(1.3)}, {@code ios18}; scalars are {@code int32(1)}. M3 and later. */
    A("program(1.3)", "ios18", "string", true),

    /** {@code program(1.0)}, {@code ios16}; scalars are {@code tensor<int32, []>(1)}. All chips. */
    B("program(1.0)", "ios16", "tensor<string, []>", false);

    private static final String BUILD_B =
            "dict<tensor<string, []>, tensor<string, []>>({{\"coremlc-version\", \"3505.4.1\"}})";
    private static final String BUILD_A =
            "dict<string, string>({{\"coremlc-component-MIL\", \"3510.2.1\"},"
                    + " {\"coremlc-version\", \"3505.4.1\"},"
                    + " {\"coremltools-component-milinternal\", \"\"},"
                    + " {\"coremltools-version\", \"9.0\"}})";

    private final String version;
    private final String opset;
    private final String stringType;
    private final boolean plain;

    Dialect(String version, String opset, String stringType, boolean plain) {
        this.version = version;
        this.opset = opset;
        this.stringType = stringType;
        this.plain = plain;
    }

    String header() {
        String build = this == A ? BUILD_A : BUILD_B;
        return version + "\n[buildInfo = " + build + "]\n{\n";
    }

    String function(String name) {
        return "func " + name + "<" + opset + ">";
    }

    /** The type of one {@code element}: {@code int32}. */
    String scalar(String element) {
        return plain ? element : "tensor<" + element + ", []>";
    }

    String type(TensorType type) {
        return type.shape().rank() == 0 ? scalar(type.dtype().mil()) : type.toString();
    }

    String stringType() {
        return stringType;
    }

    String string(String contents) {
        return stringType + "(\"" + contents + "\")";
    }

    String blob(String path, long offset) {
        return "BLOBFILE(path = "
                + string("@model_path/" + path)
                + ", offset = "
                + scalar("uint64")
                + "("
                + offset
                + "))";
    }
}
