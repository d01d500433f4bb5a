package jane.train;

import jane.engine.Buffer;
import jane.io.Safetensors;
import jane.ir.DataException;
import jane.ir.TensorType;
import jane.nn.Layer;
import jane.tensor.Session;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A training or a model in one safetensors file, written whole or not at all. A training resumed
 * from it goes on bit for bit as if it had not stopped: parameters, running statistics, optimizer
 * state and the place in the data are there; shuffling, masks and schedules follow from them.
 *
 * <p><b>Errors.</b> {@link DataException} naming the file and what does not fit; nothing is changed
 * then.
 */
public final class Checkpoint {
    private static final String FORMAT = "jane-training-1";
    private static final String MODEL = "model.";
    private static final String OPTIMIZER = "optimizer.";

    private Checkpoint() {}

    /** Writes everything that {@link #resume} needs. */
    public static void save(Trainer trainer, Path file) {
        var out = new Safetensors();
        out.note("format", FORMAT);
        trainer.identity().forEach(out::note);
        trainer.place().notes().forEach(out::note);
        addModel(out, MODEL, trainer.model());
        trainer.step()
                .state()
                .forEach(
                        (path, states) ->
                                states.forEach(
                                        (name, buffer) ->
                                                out.put(
                                                        OPTIMIZER + path + "." + name,
                                                        buffer.type(),
                                                        bytes(buffer))));
        out.write(file);
    }

    /** Saves to {@code file} after each epoch of the trainer that it is added to. */
    public static Trainer.Callback afterEpochs(Path file) {
        return new Trainer.Callback() {
            @Override
            public void epoch(Trainer trainer, EpochReport report) {
                save(trainer, file);
            }
        };
    }

    /**
     * Puts a trainer where another one was when it was saved. It must have the same model,
     * optimizer state, data, batch size and seed; the optimizer's rates may differ.
     */
    public static void resume(Trainer trainer, Path file) {
        var in = Safetensors.read(file);
        var notes = in.metadata();
        if (!FORMAT.equals(notes.get("format"))) {
            throw new DataException(
                    file.toString(),
                    "format %s; need %s, as Checkpoint.save writes it: for weights alone there is"
                            + " loadModel",
                    notes.get("format"),
                    FORMAT);
        }
        trainer.identity()
                .forEach(
                        (key, value) -> {
                            if (!value.equals(notes.get(key))) {
                                throw new DataException(
                                        file.toString(),
                                        "was saved with %s %s, this trainer has %s; need the same",
                                        key.replace('_', ' '),
                                        notes.get(key),
                                        value);
                            }
                        });
        var place = Trainer.Place.of(file, notes, trainer.stepsPerEpoch());
        var need = modelTypes(MODEL, trainer.model());
        if (place.step() > 0) {
            addStates(need, trainer);
        }
        requireSame(file, need, in);
        loadStates(trainer, in, place.step() > 0);
        load(MODEL, trainer.model(), in);
        trainer.moveTo(place);
    }

    /** Writes the parameters of a model, running statistics included, by their paths. */
    public static void saveModel(Layer model, Path file) {
        var out = new Safetensors();
        addModel(out, "", model);
        out.write(file);
    }

    /** Gives a model the parameters that {@link #saveModel} wrote. */
    public static void loadModel(Layer model, Path file) {
        var in = Safetensors.read(file);
        requireSame(file, modelTypes("", model), in);
        load("", model, in);
    }

    private static void addModel(Safetensors out, String prefix, Layer model) {
        model.parameters()
                .forEach((path, p) -> out.put(prefix + path, p.type(), bytes(p.memory())));
    }

    private static ByteBuffer bytes(Buffer buffer) {
        return buffer.bytes().duplicate().position(0).limit((int) buffer.type().sizeBytes());
    }

    private static Map<String, TensorType> modelTypes(String prefix, Layer model) {
        var types = new LinkedHashMap<String, TensorType>();
        model.parameters().forEach((path, p) -> types.put(prefix + path, p.type()));
        return types;
    }

    private static void addStates(Map<String, TensorType> types, Trainer trainer) {
        var names = trainer.step().optimizer().states();
        trainer.model()
                .parameters()
                .forEach(
                        (path, p) -> {
                            for (var name : p.trainable() ? names : List.<String>of()) {
                                types.put(OPTIMIZER + path + "." + name, p.type());
                            }
                        });
    }

    private static void requireSame(Path file, Map<String, TensorType> need, Safetensors in) {
        var missing = new TreeSet<>(need.keySet());
        missing.removeAll(in.names());
        var extra = new TreeSet<>(in.names());
        extra.removeAll(need.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new DataException(
                    file.toString(),
                    "is of another model or optimizer: lacks %s, has %s besides; need just the"
                            + " same names",
                    missing,
                    extra);
        }
        need.forEach(
                (name, type) -> {
                    if (!in.type(name).equals(type)) {
                        throw new DataException(
                                file.toString(), "'%s' is %s; need %s", name, in.type(name), type);
                    }
                });
    }

    private static void load(String prefix, Layer model, Safetensors in) {
        model.parameters()
                .forEach(
                        (path, p) -> {
                            p.beforeWrite();
                            p.memory().putBytes(in.data(prefix + path));
                        });
    }

    /** The optimizer's state, zeros for one that had not begun. */
    private static void loadStates(Trainer trainer, Safetensors in, boolean begun) {
        var types = new LinkedHashMap<String, TensorType>();
        addStates(types, trainer);
        var memory = trainer.step().state();
        types.forEach(
                (key, type) -> {
                    int dot = key.lastIndexOf('.');
                    var path = key.substring(OPTIMIZER.length(), dot);
                    var buffer =
                            memory.computeIfAbsent(path, p -> new LinkedHashMap<>())
                                    .computeIfAbsent(
                                            key.substring(dot + 1),
                                            n -> Session.current().engine().allocate(type));
                    if (begun) {
                        buffer.putBytes(in.data(key));
                    } else {
                        buffer.put(new float[type.shape().size()]);
                    }
                });
    }
}
