#include "blocks.h"
#include "test.h"

#include <math.h>
#include <stddef.h>

#define MOST 6000

static float x[MOST];
static float room[JANE_TILE];
static double partials[MOST];

/* By the order that jane_kernels.h gives. */
static double by_hand(const struct jane_reduce *r, int64_t k) {
    double total = 0;
    for (int64_t from = 0; from < r->reduced; from += r->chunk) {
        double sums[16] = {0};
        for (int64_t i = from; i < from + r->chunk && i < r->reduced; i++) {
            double one = r->along_rows ? x[k * r->reduced + i] : x[i * r->kept + k];
            sums[r->along_rows ? (i - from) % 16 : 0] += one;
        }
        for (int step = 8; step > 0; step /= 2) {
            for (int i = 0; i < step; i++) {
                sums[i] += sums[i + step];
            }
        }
        total = from == 0 ? sums[0] : total + sums[0];
    }
    return total / r->divisor;
}

static struct jane_reduce block(int64_t kind, int along_rows, int64_t kept, int64_t reduced) {
    return (struct jane_reduce){
        .kind = kind,
        .along_rows = along_rows,
        .kept = kept,
        .reduced = reduced,
        .chunk = 1 + (int64_t)(random_bits() % 1200),
        .divisor = 3,
        .x = line(JANE_FP32, MOST, 1),
        .y = line(JANE_FP32, MOST, 1),
    };
}

static void sums_have_the_documented_order(int32_t level) {
    static float y[MOST + 1];
    for (int i = 0; i < 300; i++) {
        int64_t kept = 1 + (int64_t)(random_bits() % 40);
        int64_t reduced = random_bits() % (MOST / kept);
        struct jane_reduce r = block(JANE_SUM, i % 2, kept, reduced);
        for (int64_t k = 0; k < MOST; k++) {
            x[k] = random_float();
        }
        y[kept] = 7;
        CHECK(jane_reduce_all(&r, x, y, room, partials) == JANE_OK, "level %d", level);
        for (int64_t k = 0; k < kept; k++) {
            float e = (float)by_hand(&r, k);
            CHECK(bits_of(y[k]) == bits_of(e), "level %d, %d of %d x %d, chunk %d: %g; need %g",
                  level, (int)k, (int)kept, (int)reduced, (int)r.chunk, y[k], e);
        }
        CHECK(y[kept] == 7, "level %d wrote behind the end", level);
    }
}

static void extremes_know_nan_and_signed_zeros(int32_t level) {
    for (int64_t n = 1; n < 40; n++) {
        for (int along_rows = 0; along_rows < 2; along_rows++) {
            struct jane_reduce most = block(JANE_MAX, along_rows, 1, n);
            struct jane_reduce least = block(JANE_MIN, along_rows, 1, n);
            most.divisor = least.divisor = 1;
            float y;
            for (int64_t i = 0; i < n; i++) {
                x[i] = -0.0f;
            }
            x[random_bits() % n] = n > 1 ? 0.0f : -0.0f;
            jane_reduce_all(&most, x, &y, room, partials);
            CHECK(bits_of(y) == bits_of(n > 1 ? 0.0f : -0.0f), "level %d, n %d", level, (int)n);
            jane_reduce_all(&least, x, &y, room, partials);
            CHECK(bits_of(y) == bits_of(n > 1 ? -0.0f : -0.0f), "level %d, n %d", level, (int)n);
            x[random_bits() % n] = NAN;
            jane_reduce_all(&most, x, &y, room, partials);
            CHECK(y != y, "level %d, n %d: %g", level, (int)n, y);
            jane_reduce_all(&least, x, &y, room, partials);
            CHECK(y != y, "level %d, n %d: %g", level, (int)n, y);
        }
    }
}

static void wrong_blocks_are_refused(void) {
    struct jane_reduce r = block(JANE_SUM, 1, 2, 3);
    float y[2];
    CHECK(jane_reduce_room(&r) > 0, "a right one");
    CHECK(jane_reduce_part(&r, x, room, partials, 0, 0, 3) == JANE_EINVAL, "k1");
    CHECK(jane_reduce_finish(&r, NULL, y, room) == JANE_EINVAL, "partials");
    r.chunk = 0;
    CHECK(jane_reduce_room(&r) == -1, "chunk");
    r = block(3, 1, 2, 3);
    CHECK(jane_reduce_room(&r) == -1, "kind");
    r = block(JANE_SUM, 1, 2, 3);
    r.x.inner = 0;
    CHECK(jane_reduce_room(&r) == -1, "an empty row");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        sums_have_the_documented_order(level);
        extremes_know_nan_and_signed_zeros(level);
    }
    wrong_blocks_are_refused();
    return failures();
}
