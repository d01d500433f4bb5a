package jane.engine.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jane.ir.TensorType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Views are right when every element is found at the place the naive rule says. */
final class ViewTest {
    private static View dense(int... dims) {
        return View.dense(Storage.scratch(0, TensorType.fp32(dims)));
    }

    /** Places of all elements in row-major order, by the definition of strides. */
    private static int[] places(View v) {
        var places = new int[v.size()];
        for (int i = 0; i < places.length; i++) {
            int rest = i;
            places[i] = v.offset;
            for (int axis = v.rank() - 1; axis >= 0; axis--) {
                places[i] += rest % v.dims[axis] * v.strides[axis];
                rest /= v.dims[axis];
            }
        }
        return places;
    }

    @Test
    void aReshapeKeepsThePlacesOrIsRefused() {
        var random = new Random(11);
        int possible = 0;
        for (int round = 0; round < 2000; round++) {
            var v = dense(2, 3, 4, 2).slice(random.nextInt(4), 0, 1 + random.nextInt(2), 1);
            v = random.nextBoolean() ? v.transpose(1, 0, 2, 3) : v;
            v = random.nextBoolean() ? v.slice(2, 0, (v.dims[2] + 1) / 2, 2) : v;
            int rows = 1 + random.nextInt(6);
            if (v.size() % rows != 0) {
                continue;
            }
            var reshaped = v.reshape(rows, 1, v.size() / rows);
            if (reshaped.isPresent()) {
                possible++;
                assertEquals(Arrays.toString(places(v)), Arrays.toString(places(reshaped.get())));
            }
        }
        assertTrue(possible > 100, "only " + possible + " reshapes were possible");
    }

    @Test
    void rowsOfANestAreThePlaces() {
        var views =
                new View[] {
                    dense(),
                    dense(2, 3, 4),
                    dense(2, 3, 4).transpose(2, 0, 1),
                    dense(3, 1).broadcastTo(2, 3, 5),
                    dense(4, 6).slice(1, 1, 3, 2),
                    dense(4, 6).flip(0).flip(1),
                    dense(1, 1).broadcastTo(7, 3)
                };
        for (var v : views) {
            var nest = new Nest(v);
            var places = places(v);
            for (int i = 0; i < places.length; i++) {
                int at = nest.row(i / nest.inner) + i % nest.inner * nest.step;
                assertEquals(places[i], at, v + " element " + i);
            }
        }
    }
}
