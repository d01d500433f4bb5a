package jane.nn;

import jane.ir.JaneException;
import jane.ir.ShapeException;
import jane.ir.TensorType;
import jane.tensor.Parameter;
import jane.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A layer whose body was written in a notebook cell and may be written again. The cell's class says
 * only its signature; what it computes is a {@link Recipe} found by that signature when an object
 * is made. Objects made earlier keep the body and the weights they have.
 *
 * <pre>{@code
 * class Gated extends CellLayer {
 *     Gated(int in, int out) {
 *         super("Gated(int in, int out)", new Object[] {in, out});
 *     }
 * }
 * }</pre>
 */
public abstract class CellLayer extends Layer {
    /** What one object of the layer computes. */
    public interface Body {
        Tensor forward(Tensor x);
    }

    /** Makes the parameters and inner layers of a new object, then its body. */
    public interface Recipe {
        Body make(Parts parts, Object[] arguments);
    }

    // Static, because the class in the session has nothing but its own text to find its body by:
    // whatever else it mentioned would, when changed, make the session forget its objects.
    private static final Map<String, Recipe> RECIPES = new ConcurrentHashMap<>();

    private final Object[] arguments;
    private final Body body;

    /**
     * Makes parameters, inner layers and body by the newest recipe for {@code signature}.
     *
     * @param arguments what the constructor was given, in order
     */
    protected CellLayer(String signature, Object[] arguments) {
        var recipe = RECIPES.get(signature);
        if (recipe == null) {
            throw new JaneException(
                    signature,
                    "this layer has no body in this session; run its %%%%layer cell first");
        }
        this.arguments = arguments.clone();
        body = recipe.make(new Parts(), this.arguments);
    }

    /** Gives objects made from now on another body. */
    public static void define(String signature, Recipe recipe) {
        RECIPES.put(signature, recipe);
    }

    /** Registers what a recipe makes as the layer's own. */
    public final class Parts {
        private Parts() {}

        /** A trained parameter that starts from {@code initial}. */
        public Parameter param(String name, Tensor initial) {
            return CellLayer.this.param(name, initial);
        }

        /** State that is kept with the model but not trained. */
        public Parameter state(String name, Tensor initial) {
            return CellLayer.this.state(name, initial);
        }

        /** Has each training step write {@code next} of its old value to a state. */
        public void update(Parameter state, UnaryOperator<Tensor> next) {
            CellLayer.this.update(state, next);
        }

        /** A tensor that {@code fill} gives new values before each step. */
        public Tensor perStep(String name, TensorType type, Scope.Fill fill) {
            return CellLayer.this.perStep(name, type, fill);
        }

        /** An inner layer; apply it by {@code name.apply(x)}. */
        public <L extends Layer> L layer(String name, L inner) {
            return CellLayer.this.layer(name, inner);
        }
    }

    @Override
    public final Tensor forward(Tensor x) {
        Tensor y;
        try {
            y = body.forward(x);
        } catch (ShapeException e) {
            throw new JaneException(
                    e,
                    describe(),
                    "an input of shape %s does not fit: %s",
                    x.shape(),
                    e.getMessage());
        }
        if (y == null) {
            throw new JaneException(
                    describe(), "its body returned null for %s; need a tensor", x.type());
        }
        return y;
    }

    @Override
    public final String describe() {
        return getClass().getSimpleName()
                + Arrays.stream(arguments)
                        .map(a -> a instanceof Layer layer ? layer.describe() : String.valueOf(a))
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
