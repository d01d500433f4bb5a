#include "test.h"

#include <math.h>
#include <stddef.h>

/* The value of a half by its definition. */
static double value(uint16_t half) {
    int exponent = half >> 10 & 31;
    double fraction = (half & 0x3ff) / 1024.0;
    double size = exponent == 0    ? ldexp(fraction, -14)
                  : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                   : ldexp(1 + fraction, exponent - 15);
    return half & 0x8000 ? -size : size;
}

static void every_half_widens_to_its_value_and_comes_back(int32_t level) {
    for (int64_t length = 1; length <= 17; length += 8) { /* with and without vectors */
        for (uint32_t first = 0; first < 0x10000; first += (uint32_t)length) {
            uint16_t halves[17];
            uint16_t back[17];
            float floats[17];
            for (int64_t i = 0; i < length; i++) {
                halves[i] = (uint16_t)(first + i);
            }
            CHECK(jane_half_to_float(halves, floats, length) == JANE_OK, "level %d", level);
            CHECK(jane_float_to_half(floats, back, length) == JANE_OK, "level %d", level);
            for (int64_t i = 0; i < length; i++) {
                double expected = value(halves[i]);
                int same = isnan(expected) ? isnan(floats[i]) && isnan(value(back[i]))
                                           : (double)floats[i] == expected && back[i] == halves[i];
                CHECK(same, "level %d, half %04x: %g, back %04x", level, halves[i], floats[i],
                      back[i]);
            }
        }
    }
}

/* Nearest by search among neighbours, ties to even. */
static void floats_round_to_the_nearest_half(int32_t level) {
    for (int i = 0; i < 200000; i++) {
        uint32_t bits = random_bits();
        float x[8] = {0};
        uint16_t h[8];
        memcpy(x, &bits, sizeof bits);
        if (i % 2 == 0) { /* near the halves' range */
            x[0] = ldexpf(random_float(), (int)(random_bits() % 44) - 27);
        }
        jane_float_to_half(x, h, i % 3 == 0 ? 1 : 8);
        double got = value(h[0]);
        if (isnan(x[0])) {
            CHECK(isnan(got), "level %d, %g", level, x[0]);
            continue;
        }
        double size = fabs((double)x[0]);
        uint16_t positive = h[0] & 0x7fff;
        double off = fabs(fabs(got) - size);
        if (isinf(got)) {
            CHECK(size >= 65520, "level %d, %g became infinite", level, x[0]);
            continue;
        }
        for (int step = -1; step <= 1; step += 2) {
            if (positive + step < 0) {
                continue;
            }
            double other = positive + step == 0x7c00 ? 65536 : value((uint16_t)(positive + step));
            double far = fabs(other - size);
            CHECK(off < far || (off == far && positive % 2 == 0), "level %d, %.9g gave %g", level,
                  x[0], got);
        }
        CHECK(!signbit(got) == !signbit(x[0]), "level %d, sign of %g", level, x[0]);
    }
}

static void wrong_parameters_are_refused(void) {
    float x[1] = {0};
    uint16_t h[1] = {0};
    CHECK(jane_half_to_float(NULL, x, 1) == JANE_EINVAL, "src");
    CHECK(jane_half_to_float(h, x, -1) == JANE_EINVAL, "n");
    CHECK(jane_float_to_half(x, NULL, 1) == JANE_EINVAL, "dst");
    CHECK(jane_float_to_half(x, h, -1) == JANE_EINVAL, "n");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        every_half_widens_to_its_value_and_comes_back(level);
        floats_round_to_the_nearest_half(level);
    }
    wrong_parameters_are_refused();
    return failures();
}
