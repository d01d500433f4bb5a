#include "test.h"

#include <stddef.h>

static void combine_adds_in_order(int32_t level) {
    static float parts[5 * 37 + 1];
    static float sum[38];
    for (int64_t n = 0; n <= 37; n++) {
        for (int64_t count = 1; count <= 5; count++) {
            float *from = parts + 1; // off by one: no alignment is promised
            for (int64_t i = 0; i < count * n; i++) {
                from[i] = random_float();
            }
            sum[n] = 7;
            CHECK(jane_combine_f32(from, n, sum, count, n) == JANE_OK, "level %d", level);
            for (int64_t i = 0; i < n; i++) {
                float expected = from[i];
                for (int64_t part = 1; part < count; part++) {
                    expected += from[part * n + i];
                }
                CHECK(bits_of(sum[i]) == bits_of(expected), "level %d, n %d, count %d, at %d",
                      level, (int)n, (int)count, (int)i);
            }
            CHECK(sum[n] == 7, "level %d wrote behind the end", level);
        }
    }
}

static void wrong_parameters_are_refused(void) {
    float x[4] = {0};
    CHECK(jane_combine_f32(NULL, 1, x, 1, 1) == JANE_EINVAL, "parts");
    CHECK(jane_combine_f32(x, 1, NULL, 1, 1) == JANE_EINVAL, "sum");
    CHECK(jane_combine_f32(x, 1, x, 0, 1) == JANE_EINVAL, "count");
    CHECK(jane_combine_f32(x, 1, x, 1, -1) == JANE_EINVAL, "n");
    CHECK(jane_combine_f32(x, 1, x, 1, 2) == JANE_EINVAL, "stride");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        combine_adds_in_order(level);
    }
    wrong_parameters_are_refused();
    return failures();
}
