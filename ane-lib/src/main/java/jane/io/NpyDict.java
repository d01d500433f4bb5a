package jane.io;

import jane.ir.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dictionary in an npy header: three keys, in Python's notation and in any order. */
final class NpyDict {
    private static final int MAX_RANK = 32; // NumPy's own limit until version 2
    private static final String KEY = "\\s*(?:'(\\w+)'|\"(\\w+)\")\\s*:\\s*";
    private static final String VALUE =
            "('[^']*'|\"[^\"]*\"|True|False|\\([\\d\\s,L]*\\)|\\[.*\\])";
    private static final Pattern ENTRY = Pattern.compile(KEY + VALUE + "\\s*(,|(?=\\}))");
    private static final Pattern DIM = Pattern.compile("\\s*(\\d+)L?\\s*(?:,|$)"); // 3L: Python 2

    private final Path file;
    private final String text;
    private final Map<String, String> entries = new HashMap<>();

    NpyDict(Path file, String text) {
        this.file = file;
        this.text = text.strip();
        if (!this.text.startsWith("{") || !this.text.endsWith("}")) {
            throw error("need {'descr': ..., 'fortran_order': ..., 'shape': ...}");
        }
        parse();
    }

    /** The string under {@code key}. */
    String string(String key) {
        var value = value(key);
        if (value.startsWith("[")) {
            throw error("records with named fields are not supported; save each field by itself");
        }
        if (!value.startsWith("'") && !value.startsWith("\"")) {
            throw error("need a string under '" + key + "'");
        }
        return value.substring(1, value.length() - 1);
    }

    /** True or False under {@code key}. */
    boolean bool(String key) {
        var value = value(key);
        if (!value.equals("True") && !value.equals("False")) {
            throw error("need True or False under '" + key + "'");
        }
        return value.equals("True");
    }

    /** The tuple of dimensions under {@code key}. */
    List<Integer> dims(String key) {
        var value = value(key);
        if (!value.startsWith("(")) {
            throw error("need a tuple under '" + key + "'");
        }
        var inside = value.substring(1, value.length() - 1).strip();
        var dims = new ArrayList<Integer>();
        Matcher dim = DIM.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            if (!dim.region(at, inside.length()).lookingAt() || dims.size() == MAX_RANK) {
                throw error("need at most " + MAX_RANK + " dimensions, such as (2, 3)");
            }
            dims.add(dimension(dim.group(1)));
            at = dim.end();
        }
        return dims;
    }

    private int dimension(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw error("need dimensions below 2^31");
        }
    }

    private void parse() {
        Matcher entry = ENTRY.matcher(text);
        int at = 1;
        while (text.charAt(at) != '}') {
            if (!entry.region(at, text.length()).lookingAt()) {
                throw error("need a 'key': value at column " + (at + 1));
            }
            var key = entry.group(1) != null ? entry.group(1) : entry.group(2);
            if (entries.put(key, entry.group(3)) != null) {
                throw error("need '" + key + "' once");
            }
            at = entry.end();
            while (Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
        if (at != text.length() - 1 || entries.size() != 3) {
            throw error("need just descr, fortran_order and shape");
        }
    }

    private String value(String key) {
        if (!entries.containsKey(key)) {
            throw error("need a value for '" + key + "'");
        }
        return entries.get(key);
    }

    private DataException error(String need) {
        return new DataException(file.toString(), "npy header %s: %s", excerpt(), need);
    }

    /** The start of the header, which may be any bytes at all. */
    private String excerpt() {
        var start = text.substring(0, Math.min(100, text.length()));
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
