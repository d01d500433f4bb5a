package jane.notebook.magics;

import jane.notebook.Display;
import jane.notebook.RecordingNotebook;
import jane.notebook.chart.HtmlTable;

/** Runs cells, one an argument, and prints what they show: for processes with a stand-in. */
final class StandInCells {
    private StandInCells() {}

    public static void main(String[] cells) throws Exception {
        try (var notebook = new RecordingNotebook()) {
            for (var cell : cells) {
                int shown = notebook.outputs().size();
                var value = cell.startsWith("%") ? notebook.magic(cell) : notebook.cell(cell);
                for (Display display :
                        notebook.outputs().subList(shown, notebook.outputs().size())) {
                    System.out.println(display);
                }
                value.filter(HtmlTable.class::isInstance)
                        .map(table -> ((HtmlTable) table).display())
                        .ifPresent(System.out::println);
            }
        }
        System.exit(0); // threads of JShell go on
    }
}
