package jane.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShippedJavadocTest {
    private static void says(String signature, String start) {
        var text = ShippedJavadoc.of(signature).orElse("");
        assertTrue(text.startsWith(start), signature + ": " + text);
    }

    @Test
    void knowsMethodsConstructorsAndTypes() {
        says("Tensor TensorOps.matmul(Tensor other)", "(..., M, K) times (..., K, N)");
        says("Tensor TensorFactory.randn(int... dims)", "Normal with mean 0 and deviation 1");
        says("void Tensor.backward()", "Adds the gradient of this scalar");
        says("Linear(int in, int out)", "From {@code in} features to {@code out}.");
        says("jane.nn.Linear", "{@code y = x W");
    }

    @Test
    void knowsNothingOfOthers() {
        assertEquals(Optional.empty(), ShippedJavadoc.of("int Math.max(int a, int b)"));
        assertEquals(Optional.empty(), ShippedJavadoc.of("java.util.List"));
    }
}
