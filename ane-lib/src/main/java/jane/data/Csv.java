package jane.data;

import jane.ir.DataException;
import jane.ir.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Reads a table of numbers with one column of labels. The first line is a header, cells are parted
 * by commas and the last column is the label, unless said otherwise.
 *
 * <p>Cells may stand in double quotes, a quote inside of them doubled; a line break may not. Empty
 * lines are skipped. Labels that are all whole numbers from 0 on are the classes themselves; others
 * are names, numbered in alphabetical order or in the order of {@link #classes}.
 *
 * <p><b>Errors.</b> {@link DataException} naming file, line and column: a cell that is no finite
 * number, a line with more or fewer cells than the first, an unknown column or class.
 *
 * <pre>{@code
 * Csv.Table iris = Csv.of(Path.of("iris.csv")).label("species").read();
 * Dataset data = iris.data();
 * }</pre>
 */
public final class Csv {
    private static final int MOST_CLASSES = 100_000;

    private final Path file;
    private final boolean header;
    private final char separator;
    private final String labelName; // empty: by index
    private final int labelIndex;
    private final List<String> classes; // empty: as found

    private Csv(
            Path file,
            boolean header,
            char separator,
            String labelName,
            int labelIndex,
            List<String> classes) {
        this.file = file;
        this.header = header;
        this.separator = separator;
        this.labelName = labelName;
        this.labelIndex = labelIndex;
        this.classes = List.copyOf(classes);
    }

    /**
     * A table.
     *
     * @param data samples of shape [features], in the order of the lines
     * @param features names of the feature columns; {@code column 1} and so on without a header
     * @param classes names of the classes, by number
     */
    public record Table(Dataset data, List<String> features, List<String> classes) {
        /** Copies the names. */
        public Table {
            features = List.copyOf(features);
            classes = List.copyOf(classes);
        }
    }

    /** The table in {@code file}, UTF-8; nothing is read yet. */
    public static Csv of(Path file) {
        return new Csv(file, true, ',', "", -1, List.of());
    }

    /** The first line is data already. */
    public Csv noHeader() {
        return new Csv(file, false, separator, labelName, labelIndex, classes);
    }

    /** Cells are parted by another character, such as {@code ';'} or a tab. */
    public Csv separator(char c) {
        if (c == '"' || c == '\n' || c == '\r') {
            throw new DataException(
                    file.toString(), "separator U+%04X; need no quote or line end", (int) c);
        }
        return new Csv(file, header, c, labelName, labelIndex, classes);
    }

    /** The label is the column of this name in the header. */
    public Csv label(String column) {
        return new Csv(file, header, separator, column, labelIndex, classes);
    }

    /** The label is this column, 0 for the first; negative counts from the end. */
    public Csv label(int column) {
        return new Csv(file, header, separator, "", column, classes);
    }

    /** The labels are these names, numbered in this order. */
    public Csv classes(String... names) {
        if (List.of(names).stream().distinct().count() < names.length) {
            throw new DataException(
                    file.toString(), "classes %s; need each name once", List.of(names));
        }
        return new Csv(file, header, separator, labelName, labelIndex, List.of(names));
    }

    /** Reads the file. */
    public Table read() {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file.toString(), "no such file; need a CSV file");
        }
        try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new Reading(in).table();
        } catch (CharacterCodingException e) {
            throw new DataException(e, file.toString(), "is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            throw new DataException(e, file.toString(), "cannot read: %s", e);
        }
    }

    /** One pass over the lines. */
    private final class Reading {
        private final BufferedReader in;
        private final List<float[]> rows = new ArrayList<>();
        private final List<String> labels = new ArrayList<>();
        private final List<Integer> lines = new ArrayList<>();
        private int line;
        private List<String> columns = List.of();
        private int label;

        Reading(BufferedReader in) {
            this.in = in;
        }

        Table table() throws IOException {
            var cells = next();
            if (cells.isEmpty()) {
                throw new DataException(file.toString(), "is empty; need lines of numbers");
            }
            columns = header ? cells : numbered(cells.size());
            label = labelColumn();
            cells = header ? next() : cells;
            while (!cells.isEmpty()) {
                add(cells);
                cells = next();
            }
            if (rows.isEmpty()) {
                throw new DataException(
                        file.toString(),
                        "has a header and no data; need a line of numbers or more");
            }
            return made();
        }

        /** The cells of the next line that is not empty; none at the end. */
        private List<String> next() throws IOException {
            for (var text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                if (line == 1 && text.startsWith("\uFEFF")) {
                    text = text.substring(1); // the byte order mark that spreadsheets write
                }
                if (!text.isBlank()) {
                    return CsvLine.split(file + " line " + line, text, separator);
                }
            }
            return List.of();
        }

        private List<String> numbered(int count) {
            var names = new ArrayList<String>();
            for (int i = 1; i <= count; i++) {
                names.add("column " + i);
            }
            return names;
        }

        private int labelColumn() {
            if (columns.size() < 2) {
                throw new DataException(
                        file.toString(),
                        "one column, '%s'; need a feature and a label or more: is the separator"
                                + " '%s' right?",
                        columns.get(0),
                        separator);
            }
            if (!labelName.isEmpty()) {
                int at = header ? columns.indexOf(labelName) : -1;
                if (at < 0) {
                    throw new DataException(
                            file.toString(),
                            "no column '%s' for the label; need %s",
                            labelName,
                            header ? "one of " + columns : "a header, or a column by number");
                }
                return at;
            }
            int at = labelIndex < 0 ? labelIndex + columns.size() : labelIndex;
            if (at < 0 || at >= columns.size()) {
                throw new DataException(
                        file.toString(),
                        "label column %d of %d; need %d to %d",
                        labelIndex,
                        columns.size(),
                        -columns.size(),
                        columns.size() - 1);
            }
            return at;
        }

        private void add(List<String> cells) {
            if (cells.size() != columns.size()) {
                throw new DataException(
                        file + " line " + line,
                        "%d cells; need %d, as in the first line",
                        cells.size(),
                        columns.size());
            }
            var row = new float[cells.size() - 1];
            for (int i = 0, k = 0; i < cells.size(); i++) {
                if (i != label) {
                    row[k++] = number(cells.get(i).strip(), columns.get(i));
                }
            }
            rows.add(row);
            labels.add(cells.get(label).strip());
            lines.add(line);
        }

        private float number(String cell, String column) {
            float value = Float.NaN;
            // Java's own parser would also take "1f", "0x1p3" and "NaN".
            if (cell.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
                value = Float.parseFloat(cell);
            }
            if (!Float.isFinite(value)) {
                throw new DataException(
                        file + " line " + line,
                        "column '%s' is %s; need a finite number%s",
                        column,
                        cell.isEmpty() ? "empty" : "'" + cell + "'",
                        cell.isEmpty() ? ": fill it in or remove the line" : "");
            }
            return value;
        }

        private Table made() {
            var names = names();
            var classOf = new int[labels.size()];
            var number = new HashMap<String, Integer>();
            names.forEach(name -> number.putIfAbsent(name, number.size()));
            for (int i = 0; i < classOf.length; i++) {
                classOf[i] = number.getOrDefault(labels.get(i), -1);
                if (classOf[i] < 0) {
                    throw new DataException(
                            file + " line " + lines.get(i),
                            "label '%s'; need one of %s",
                            labels.get(i),
                            names);
                }
            }
            int width = columns.size() - 1;
            var features = new float[Math.multiplyExact(rows.size(), width)];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(rows.get(i), 0, features, i * width, width);
            }
            var name = file.getFileName().toString();
            var data = Dataset.of(name, Shape.of(width), features, classOf, names.size());
            var kept = new ArrayList<>(columns);
            kept.remove(label);
            return new Table(data, kept, names);
        }

        private List<String> names() {
            if (!classes.isEmpty()) {
                return classes;
            }
            boolean whole = labels.stream().allMatch(l -> l.matches("0|[1-9]\\d{0,8}"));
            if (!whole) {
                return labels.stream().distinct().sorted().toList();
            }
            int most = labels.stream().mapToInt(Integer::parseInt).max().orElseThrow();
            if (most >= MOST_CLASSES) {
                throw new DataException(
                        file.toString(),
                        "labels up to %d in column '%s'; need less than %d: is this the label's"
                                + " column?",
                        most,
                        columns.get(label),
                        MOST_CLASSES);
            }
            var names = new ArrayList<String>();
            for (int i = 0; i <= most; i++) {
                names.add(String.valueOf(i));
            }
            return names;
        }
    }
}
