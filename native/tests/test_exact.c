/* exact.c against the rule in another form: products in double, rounded by the C library. */
#include <math.h>
#include <stdlib.h>

#include "test.h"

enum { MOST = 300 };

static double decoded(uint16_t half) {
    int biased = half >> 10 & 31;
    double fraction = half & 1023;
    double magnitude =
        biased == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, biased - 15 - 10);
    return half & 0x8000 ? -magnitude : magnitude;
}

static int exponent(uint16_t half) {
    int biased = half >> 10 & 31;
    return biased == 0 ? -14 : biased - 15;
}

/* round() takes ties away from zero. */
static double rounded_product(uint16_t x, uint16_t w) {
    return exponent(x) + exponent(w) < -16 ? 0 : round(ldexp(decoded(x) * decoded(w), 16));
}

static uint16_t rounded_half(double x, int64_t truncates) {
    uint16_t sign = x < 0 ? 0x8000 : 0;
    double size = fabs(x);
    if (size == 0) {
        return 0;
    }
    int e = ilogb(size) < -14 ? -14 : ilogb(size);
    double exact = ldexp(size, 10 - e);
    double units = truncates ? floor(exact) : round(exact); /* up to 2048 */
    if (units == 2048) {
        units = 1024;
        e++;
    }
    int normal = units >= 1024;
    return (uint16_t)(sign | (normal ? (e + 15) << 10 : 0) | ((int)units & 1023));
}

static uint16_t by_rule(const struct jane_exact *e, int64_t i, int64_t j) {
    double sum = 0;
    if (e->start != NULL) {
        sum = rounded_product(e->start[i * e->start_row + j * e->start_column], 0x3c00);
    }
    for (int64_t p = 0; p < e->k && fabs(sum) < 2147483648.0; p++) {
        sum += rounded_product(e->x[e->x_rows[i] + e->x_inner[p]],
                               e->w[e->w_inner[p] + e->w_columns[j]]);
    }
    if (fabs(sum) >= 2147483648.0) {
        return sum < 0 ? 0xfc00 : 0x7c00;
    }
    return rounded_half(ldexp(sum, -16), e->truncates);
}

static uint16_t with_exponent(int least, int range) {
    uint32_t r = random_bits();
    return (uint16_t)((r & 0x83ff) | (least + (r >> 16) % range) << 10);
}

/* Kinds of operands, each with its own way through exact.c. */
static uint16_t operand(int kind, int is_w) {
    switch (kind) {
    case 0: /* anything at all */
        return (uint16_t)random_bits();
    case 1: /* around the exponents where products begin to count */
        return with_exponent(5, 7);
    case 2: /* subnormals by large numbers */
        return is_w ? with_exponent(26, 4) : with_exponent(0, 2);
    case 3: /* products beyond 64, sums near the limit */
        return with_exponent(17, 4);
    case 4: /* few bits, so that many products are ties; some zeros */
        return random_bits() % 8 == 0 ? 0 : (uint16_t)(with_exponent(6, 9) & 0xfe00);
    case 5: /* one sign: sums that pass the limit slowly */
        return with_exponent(18, 2) & 0x7fff;
    default: /* ordinary values */
        return with_exponent(10, 6);
    }
}

static void compare(int kind, int level) {
    int64_t m = 1 + random_bits() % 140;
    int64_t k = random_bits() % MOST;
    int64_t n = 1 + random_bits() % 270;
    int64_t shift = random_bits() % 3;
    uint16_t *x = malloc((size_t)(m * k + shift + 1) * 2);
    uint16_t *w = malloc((size_t)(n * k + shift + 1) * 2);
    uint16_t *y = malloc((size_t)(m * n) * 2);
    uint16_t *start = malloc((size_t)n * 2);
    int64_t *x_rows = malloc((size_t)m * 8), *y_rows = malloc((size_t)m * 8);
    int64_t *x_inner = malloc((size_t)k * 8 + 8), *w_inner = malloc((size_t)k * 8 + 8);
    int64_t *w_columns = malloc((size_t)n * 8), *y_columns = malloc((size_t)n * 8);
    void *room = aligned_alloc(64, JANE_EXACT_ROOM);
    for (int64_t i = 0; i < m; i++) { /* x by columns, y backward */
        x_rows[i] = shift + i;
        y_rows[i] = (m - 1 - i) * n;
    }
    for (int64_t p = 0; p < k; p++) {
        x_inner[p] = p * m;
        w_inner[p] = shift + p * n;
    }
    for (int64_t j = 0; j < n; j++) {
        w_columns[j] = j;
        y_columns[j] = j;
        start[j] = operand(kind, 0);
    }
    for (int64_t i = 0; i < m * k; i++) {
        x[shift + i] = operand(kind, 0);
    }
    for (int64_t i = 0; i < n * k; i++) {
        w[shift + i] = operand(kind, 1);
    }
    struct jane_exact e = {m, k, n, x, x_rows, x_inner, w, w_inner, w_columns,
                           random_bits() % 2 ? start : NULL, 0, 1, y, y_rows, y_columns, random_bits() % 4 == 0};
    for (int64_t i = 0; i < m; i += JANE_EXACT_ROWS) {
        for (int64_t j = 0; j < n; j += JANE_EXACT_COLUMNS) {
            CHECK(jane_exact_run(&e, i, j, room) == JANE_OK, "at %d, %d", (int)i, (int)j);
        }
    }
    int wrong = 0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            wrong += y[y_rows[i] + y_columns[j]] != by_rule(&e, i, j);
        }
    }
    CHECK(wrong == 0, "%d of %d wrong: level %d, kind %d, %d x %d x %d", wrong, (int)(m * n), level,
          kind, (int)m, (int)k, (int)n);
    free(x), free(w), free(y), free(start), free(room);
    free(x_rows), free(y_rows), free(x_inner), free(w_inner), free(w_columns), free(y_columns);
}

static void settles(int level) {
    float x[1029], y[1029];
    for (int round = 0; round < 200; round++) {
        int64_t n = random_bits() % 1029;
        int flushes = round % 2;
        for (int64_t i = 0; i < n; i++) { /* any bits; ties and their neighbours; subnormals */
            uint32_t bits = random_bits();
            uint32_t low = random_bits() % 3 - 1;
            bits = round % 4 < 2 ? bits : ((bits & 0x8fffe000) | 0x30001000) + low;
            memcpy(x + i, &bits, sizeof bits);
            y[i] = x[i];
        }
        CHECK(jane_exact_settle(y, n, flushes) == JANE_OK, "%d", (int)n);
        for (int64_t i = 0; i < n; i++) {
            float size = fabsf(x[i]);
            double step = size < 0x1p-14f || !(size < 65520) ? 0x1p-24 : ldexp(1, ilogb(size) - 10);
            double wanted = size >= 65520 ? INFINITY : copysign(floor(size / step + 0.5) * step, x[i]);
            wanted = size >= 65520 ? copysign(wanted, x[i]) : wanted;
            wanted = flushes && fabs(wanted) < 0x1p-14 ? 0 : wanted;
            int same = isnan(x[i]) ? bits_of(y[i]) == bits_of(x[i]) : bits_of(y[i]) == bits_of((float)wanted);
            CHECK(same, "%a became %a, not %a; level %d", x[i], y[i], wanted, level);
        }
    }
}

int main(void) {
    CHECK(jane_exact_settle(NULL, 1, 0) == JANE_EINVAL, "no floats");
    struct jane_exact none = {0};
    CHECK(jane_exact_run(NULL, 0, 0, &none) == JANE_EINVAL, "no block");
    CHECK(jane_exact_run(&none, 0, 0, NULL) == JANE_EINVAL, "no room");
    none.k = -1;
    CHECK(jane_exact_run(&none, 0, 0, &none) == JANE_EINVAL, "a size below 0");
    for (int32_t level = 0; next_level(&level); level++) {
        for (int i = 0; i < 70; i++) {
            compare(i % 7, level);
        }
        settles(level);
    }
    return failures();
}
