package jane.notebook;

import jane.data.Dataset;
import jane.nn.Layer;
import jane.optim.Optimizer;
import jane.tensor.Tensor;
import jane.train.Inspection;
import jane.train.Run;
import jane.train.Step;
import jane.train.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps what was made and trained by the names of its variables. JShell sets a variable back to
 * null when a class it mentions changes, or an import; from here it gets its value back.
 *
 * <p>A value is replaced when the user's code gives its variable another, and let go when the code
 * says {@code x = null}.
 */
public final class Workspace {
    /** What is kept, and the type that a variable of it can always be declared with. */
    private static final Map<Class<?>, String> KINDS =
            Map.of(
                    Tensor.class, "jane.tensor.Tensor",
                    Layer.class, "jane.nn.Layer",
                    Trainer.class, "jane.train.Trainer",
                    Step.class, "jane.train.Step",
                    Run.class, "jane.train.Run",
                    Inspection.class, "jane.train.Inspection",
                    Dataset.class, "jane.data.Dataset",
                    Optimizer.class, "jane.optim.Optimizer");

    private final Map<String, Object> held = new LinkedHashMap<>();

    /** As {@link #remember(Notebook, String)} when the cell's text is not known. */
    public List<String> remember(Notebook notebook) {
        return remember(notebook, "");
    }

    /**
     * To be called after each cell: notes what its variables hold and gives back what they lost.
     *
     * @param cell the cell's text; a variable it sets to null is let go
     * @return names of the variables that got their value back
     */
    public synchronized List<String> remember(Notebook notebook, String cell) {
        held.keySet().removeIf(name -> isLetGo(name, cell));
        var lost = new ArrayList<>(held.keySet());
        for (var name : notebook.variables()) {
            var value = notebook.variable(name);
            if (value.isPresent()) {
                lost.remove(name);
                note(name, value.get());
            }
        }
        lost.forEach(name -> restore(notebook, name));
        return lost;
    }

    private void note(String name, Object value) {
        if (kind(value).isPresent()) {
            held.put(name, value);
        } else {
            held.remove(name); // the name now means something else
        }
    }

    private static Optional<String> kind(Object value) {
        return KINDS.entrySet().stream()
                .filter(kind -> kind.getKey().isInstance(value))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isLetGo(String name, String cell) {
        var quoted = Pattern.quote(name);
        return Pattern.compile("(?<![\\w.$])" + quoted + "\\s*=\\s*null\\s*;").matcher(cell).find();
    }

    private void restore(Notebook notebook, String name) {
        var value = held.get(name);
        notebook.define(kind(value).orElse("Object"), name, value);
    }

    /** What a variable holds, or held before the session lost it; that is then given back. */
    public synchronized Optional<Object> find(Notebook notebook, String name) {
        var value = notebook.variable(name);
        if (value.isPresent()) {
            note(name, value.get());
            return value;
        }
        if (!held.containsKey(name)) {
            return Optional.empty();
        }
        restore(notebook, name);
        return Optional.of(held.get(name));
    }

    /** What is kept that is of a kind, by name. */
    public synchronized <T> Map<String, T> all(Class<T> kind) {
        var all = new LinkedHashMap<String, T>();
        held.forEach(
                (name, value) -> {
                    if (kind.isInstance(value)) {
                        all.put(name, kind.cast(value));
                    }
                });
        return all;
    }

    /** Names of what is kept that is of a kind. */
    public List<String> names(Class<?> kind) {
        return List.copyOf(all(kind).keySet());
    }

    /** Lets a value go. */
    public synchronized void forget(String name) {
        held.remove(name);
    }
}
