#include "blocks.h"
#include "test.h"

#include <math.h>
#include <stddef.h>

static float x[4096];
static float y[4096];
static float room[4096 + 8];

static void lines_are_shares(int32_t level) {
    for (int i = 0; i < 200; i++) {
        int64_t length = 1 + (int64_t)(random_bits() % 90);
        int64_t lines = 1 + (int64_t)(random_bits() % 40);
        int64_t axis = i % 2; /* lines along the last axis, or along the first */
        struct jane_softmax s = {
            .lines = lines,
            .length = length,
            .together = 1 + (int64_t)(random_bits() % 5),
            .x = axis ? line(JANE_FP32, lines * length, 1)
                      : grid(JANE_FP32, lines, length, 1, lines),
            .y = line(JANE_FP32, lines * length, 1),
        };
        for (int64_t k = 0; k < lines * length; k++) {
            x[k] = 100 * random_float();
        }
        CHECK(jane_softmax_room(&s) <= (int64_t)sizeof room, "room");
        for (int64_t first = 0; first < lines; first += s.together) {
            CHECK(jane_softmax_run(&s, x, y, room, first) == JANE_OK, "level %d", level);
        }
        for (int64_t k = 0; k < lines; k++) {
            double sum = 0;
            for (int64_t j = 0; j < length; j++) {
                sum += exp((double)(axis ? x[k * length + j] : x[k + j * lines]));
            }
            for (int64_t j = 0; j < length; j++) {
                double e = exp((double)(axis ? x[k * length + j] : x[k + j * lines])) / sum;
                double off = fabs(y[k * length + j] - e);
                CHECK(off <= 1e-5 * e + 1e-40, "level %d, line %d at %d: %g; need %g", level,
                      (int)k, (int)j, y[k * length + j], e);
            }
        }
    }
}

static void wrong_blocks_are_refused(void) {
    struct jane_softmax s = {.lines = 1, .length = 0, .together = 1};
    CHECK(jane_softmax_room(&s) == -1, "length");
    s = (struct jane_softmax){.lines = 1, .length = INT64_MAX, .together = 1};
    CHECK(jane_softmax_room(&s) == -1, "too long");
    CHECK(jane_softmax_run(&s, x, y, NULL, 0) == JANE_EINVAL, "room");
    CHECK(jane_softmax_run(&s, x, y, room, 2) == JANE_EINVAL, "first");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        lines_are_shares(level);
    }
    wrong_blocks_are_refused();
    return failures();
}
