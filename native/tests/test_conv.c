#include "test.h"

#include <math.h>
#include <stdlib.h>

static float value(int special) {
    static const float ugly[] = {0.0f, -0.0f, 1e15f, -1e15f, 1e-40f};
    return special && random_bits() % 64 == 0 ? ugly[random_bits() % 5] : random_float();
}

/* n floats in a block of their own size, so that a sanitizer sees every step outside. */
static float *floats(int64_t n, int special) {
    float *p = malloc((size_t)n * sizeof(float));
    for (int64_t i = 0; i < n; i++) {
        p[i] = value(special);
    }
    return p;
}

static int64_t pick(int64_t most) { return 1 + (int64_t)(random_bits() % (uint32_t)most); }

static struct jane_axis axis(int64_t size, int64_t kernel, int64_t stride, int64_t dilation,
                             int64_t before, int64_t spread) {
    struct jane_axis a = {size, kernel, 1, stride, dilation, before, spread};
    int64_t extent = (kernel - 1) * dilation + 1;
    int64_t length = (size - 1) * spread + 1 + before + (int64_t)(random_bits() % 4);
    a.windows = length < extent ? 1 : (length - extent) / stride + 1;
    return a;
}

static struct jane_conv sized(int64_t n, int64_t g, int64_t c, int64_t o, struct jane_axis h,
                              struct jane_axis w) {
    struct jane_conv p = {.images = n, .groups = g, .channels = c, .outputs = o, .h = h, .w = w};
    int64_t x[] = {g * c * h.size * w.size, h.size * w.size, w.size, 1};
    int64_t k[] = {o * c * h.kernel * w.kernel, c * h.kernel * w.kernel, h.kernel * w.kernel,
                   w.kernel, 1};
    int64_t y[] = {g * o * h.windows * w.windows, h.windows * w.windows, w.windows, 1};
    memcpy(p.x_strides, x, sizeof x);
    memcpy(p.w_strides, k, sizeof k);
    memcpy(p.y_strides, y, sizeof y);
    return p;
}

static double expected(const struct jane_conv *p, const float *x, const float *w, const float *bias,
                       const int64_t *at, double *size) {
    double sum = 0;
    for (int64_t c = 0; c < p->channels; c++) {
        for (int64_t k = 0; k < p->h.kernel * p->w.kernel; k++) {
            int64_t i = k / p->w.kernel;
            int64_t j = k % p->w.kernel;
            int64_t row = at[3] * p->h.stride + i * p->h.dilation - p->h.before;
            int64_t col = at[4] * p->w.stride + j * p->w.dilation - p->w.before;
            if (row < 0 || col < 0 || row % p->h.spread || col % p->w.spread ||
                row / p->h.spread >= p->h.size || col / p->w.spread >= p->w.size) {
                continue;
            }
            const int64_t *s = p->x_strides;
            const int64_t *t = p->w_strides;
            double product =
                (double)x[at[0] * s[0] + (at[1] * p->channels + c) * s[1] +
                          row / p->h.spread * s[2] + col / p->w.spread * s[3]] *
                (double)w[at[1] * t[0] + at[2] * t[1] + c * t[2] + i * t[3] + j * t[4]];
            sum += product;
            *size += fabs(product);
        }
    }
    sum += p->bias ? (double)bias[at[1] * p->outputs + at[2]] : 0;
    return p->relu && sum < 0 ? 0 : sum;
}

static void run(struct jane_conv *p, const float *x, const float *w, const float *bias, float *y) {
    float *packed = floats(p->packed_floats + 1, 0);
    float *partials = aligned_alloc(64, (size_t)(p->partial_floats + 16) / 16 * 64);
    char *scratch = aligned_alloc(64, (size_t)p->scratch_bytes + 64);
    memset(scratch, 0xff, (size_t)p->scratch_bytes); /* NaNs, should any of it be used unset */
    for (int64_t i = 0; i < p->weight_tasks; i++) {
        CHECK(jane_conv_pack(p, i, w, packed) == JANE_OK, "pack %d", (int)i);
    }
    for (int64_t i = p->tiles * p->chunks - 1; i >= 0; i--) {
        CHECK(jane_conv_run(p, i, x, w, packed, bias, partials, y, scratch) == JANE_OK, "run");
    }
    for (int64_t i = 0; p->chunks > 1 && i < p->tiles; i++) {
        CHECK(jane_conv_combine(p, i, bias, partials, y) == JANE_OK, "combine %d", (int)i);
    }
    free(packed);
    free(partials);
    free(scratch);
}

static void check(struct jane_conv p, int special, const char *what) {
    CHECK(jane_conv_plan(&p) == JANE_OK, "%s", what);
    int64_t results = p.images * p.y_strides[0];
    float *x = floats(p.images * p.x_strides[0], special);
    float *w = floats(p.groups * p.w_strides[0], special);
    float *bias = floats(p.groups * p.outputs, 0);
    float *y = floats(results, 0);
    run(&p, x, w, bias, y);
    double terms = (double)(p.channels * p.h.kernel * p.w.kernel);
    for (int64_t i = 0; i < results; i++) {
        int64_t u = i / p.w.windows % p.h.windows;
        int64_t o = i / p.y_strides[1] % (p.groups * p.outputs);
        int64_t at[] = {i / p.y_strides[0], o / p.outputs, o % p.outputs, u, i % p.w.windows};
        double size = 1;
        double sum = expected(&p, x, w, bias, at, &size);
        CHECK(fabs((double)y[i] - sum) <= 2e-7 * size * (2 + sqrt(terms)),
              "%s: level %d, result %d: %g, need %g", what, jane_kernels_level(), (int)i,
              (double)y[i], sum);
    }
    free(x);
    free(w);
    free(bias);
    free(y);
}

static void random_sizes(int count) {
    for (int k = 0; k < count; k++) {
        int spread = random_bits() % 3 == 0;
        struct jane_axis a[2];
        for (int i = 0; i < 2; i++) {
            int64_t kernel = pick(5);
            a[i] = axis(pick(17), kernel, spread ? 1 : pick(3), pick(2),
                        (int64_t)(random_bits() % 4), spread ? pick(3) : 1);
        }
        int64_t groups = pick(3);
        struct jane_conv p = sized(pick(6), groups, pick(9), pick(20), a[0], a[1]);
        p.bias = random_bits() & 1;
        p.relu = random_bits() & 1;
        char what[64];
        snprintf(what, sizeof what, "random sizes %d", k);
        check(p, 1, what);
    }
}

static void large_sizes(void) {
    struct jane_axis a = axis(14, 3, 1, 1, 1, 1);
    check(sized(3, 1, 33, 40, a, a), 0, "three images");
    struct jane_axis image = axis(15, 13, 1, 1, 1, 1);
    check(sized(5, 1, 37, 17, image, image), 0, "weight gradient");
    struct jane_axis one = axis(1, 1, 1, 1, 0, 1);
    check(sized(2, 1, 3, 5, one, axis(3000, 7, 2, 3, 4, 1)), 0, "one long row");
    check(sized(1, 1, 5, 3, one, axis(2500, 2400, 1, 1, 0, 1)), 0, "one long kernel");
    struct jane_axis wide = axis(60, 60, 1, 1, 2, 1);
    check(sized(2, 1, 1, 4, wide, wide), 0, "a kernel as large as the image");
    check(sized(1, 1, 300, 18, axis(9, 3, 1, 1, 1, 1), axis(9, 3, 1, 1, 1, 1)), 0, "deep");
}

static void wrong_parameters_are_refused(void) {
    struct jane_axis a = axis(5, 3, 1, 1, 1, 1);
    struct jane_conv good = sized(1, 1, 1, 1, a, a);
    struct jane_conv p = good;
    CHECK(jane_conv_plan(NULL) == JANE_EINVAL, "no block");
    p.channels = 0;
    CHECK(jane_conv_plan(&p) == JANE_EINVAL, "no channels");
    p = good;
    p.h.stride = 0;
    CHECK(jane_conv_plan(&p) == JANE_EINVAL, "stride 0");
    p = good;
    p.images = p.channels = p.outputs = INT32_MAX;
    CHECK(jane_conv_plan(&p) == JANE_EINVAL, "more results than can be counted");
    p = good;
    p.h.dilation = p.w.dilation = INT32_MAX;
    CHECK(jane_conv_plan(&p) == JANE_EINVAL, "a patch beyond all memory");
    p = good;
    CHECK(jane_conv_plan(&p) == JANE_OK, "good");
    float x[32] = {0};
    CHECK(jane_conv_run(&p, p.tiles, x, x, x, x, x, x, x) == JANE_EINVAL, "task");
    CHECK(jane_conv_run(&p, 0, NULL, x, x, x, x, x, x) == JANE_EINVAL, "x");
    CHECK(jane_conv_pack(&p, -1, x, x) == JANE_EINVAL, "task");
    CHECK(jane_conv_combine(&p, 0, x, NULL, x) == JANE_EINVAL, "partials");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        random_sizes(200);
        large_sizes();
    }
    wrong_parameters_are_refused();
    return failures();
}
