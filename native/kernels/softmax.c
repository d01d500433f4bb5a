/* Softmax over lines: see struct jane_softmax. */
#include "curves.h"
#include "elementwise.h"

static void exponentials(float *x, int64_t n) {
    for (int64_t i = 0; i < n; i += 8) { /* the room has 8 floats to spare */
        vf_store(x + i, curve_exp(vf_load(x + i)));
    }
}

void JANE_NAME(softmax_run)(const struct jane_softmax *s, const void *x, void *y, void *room,
                                int64_t first) {
    int64_t count = s->lines - first < s->together ? s->lines - first : s->together;
    int64_t n = count * s->length;
    float *tile = (float *)room;
    JANE_NAME(tile_load)(&s->x, x, first * s->length, n, tile);
    for (int64_t line = 0; line < n; line += s->length) {
        float most = -INFINITY;
        JANE_NAME(largest)(&most, tile + line, s->length);
        for (int64_t i = line; i < line + s->length; i++) {
            tile[i] -= most;
        }
    }
    memset(tile + n, 0, 8 * sizeof(float));
    exponentials(tile, n);
    for (int64_t line = 0; line < n; line += s->length) {
        double sums[JANE_SUMS] = {0};
        JANE_NAME(sum)(sums, tile + line, s->length);
        float share = (float)(1.0 / sum_total(sums));
        for (int64_t i = line; i < line + s->length; i++) {
            tile[i] *= share;
        }
    }
    JANE_NAME(tile_store)(&s->y, y, first * s->length, n, tile);
}
