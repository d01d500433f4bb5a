#include "test.h"

#include <math.h>
#include <stdlib.h>

static float value(void) {
    static const float ugly[] = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1e-40f};
    uint32_t bits = random_bits();
    return bits % 32 == 0 ? ugly[bits / 32 % 6] : (float)(bits / 32 % 9) - 4;
}

static float *floats(int64_t n) {
    float *p = malloc((size_t)n * sizeof(float));
    for (int64_t i = 0; i < n; i++) {
        p[i] = value();
    }
    return p;
}

static int64_t pick(int64_t most) { return 1 + (int64_t)(random_bits() % (uint32_t)most); }

static struct jane_axis axis(int64_t size, int64_t kernel, int64_t stride, int64_t before) {
    struct jane_axis a = {size, kernel, 1, stride, 1, before, 1};
    int64_t length = size + before + (int64_t)(random_bits() % 2);
    a.windows = length < kernel ? 1 : (length - kernel) / stride + 1;
    return a;
}

static struct jane_pool sized(int64_t n, int64_t c, struct jane_axis h, struct jane_axis w) {
    struct jane_pool p = {.images = n, .channels = c, .h = h, .w = w};
    int64_t x[] = {c * h.size * w.size, h.size * w.size, w.size, 1};
    int64_t y[] = {c * h.windows * w.windows, h.windows * w.windows, w.windows, 1};
    memcpy(p.x_strides, x, sizeof x);
    memcpy(p.dx_strides, x, sizeof x);
    memcpy(p.y_strides, y, sizeof y);
    memcpy(p.dy_strides, y, sizeof y);
    return p;
}

/* Element i, j of window u, v of a plane; what is outside is below everything. */
static float tap(const struct jane_pool *p, const float *x, int64_t u, int64_t v, int64_t k,
                 int64_t *at) {
    int64_t row = u * p->h.stride + k / p->w.kernel - p->h.before;
    int64_t col = v * p->w.stride + k % p->w.kernel - p->w.before;
    int inside = row >= 0 && col >= 0 && row < p->h.size && col < p->w.size;
    *at = inside ? row * p->w.size + col : -1;
    return inside ? x[*at] : -INFINITY;
}

static int same(float a, float b) { return a == b || (a != a && b != b); }

static void check_plane(const struct jane_pool *p, const float *x, const float *largest,
                        const float *mean, const float *dy, const float *dx, const float *dmean) {
    int64_t size = p->h.size * p->w.size;
    int64_t taps = p->h.kernel * p->w.kernel;
    float *given = calloc((size_t)size, sizeof(float));
    double *shared = calloc((size_t)size, sizeof(double));
    int64_t at;
    for (int64_t o = 0; o < p->h.windows * p->w.windows; o++) {
        int64_t u = o / p->w.windows;
        int64_t v = p->w.windows - 1 - o % p->w.windows; /* gradients are added in this order */
        int64_t to = u * p->w.windows + v;
        float best = -INFINITY;
        double sum = 0;
        int inside = 0;
        for (int64_t k = 0; k < taps; k++) {
            float t = tap(p, x, u, v, k, &at);
            best = best != best ? best : t > best || t != t ? t : best;
            sum += at < 0 ? 0 : (double)t;
            inside += at >= 0;
        }
        CHECK(same(largest[to], best), "maximum %g, need %g", (double)largest[to], (double)best);
        float share = (float)(sum / (double)(p->count_padding ? taps : inside));
        CHECK(same(mean[to], share), "mean %g, need %g", (double)mean[to], (double)share);
        int taken = 0;
        for (int64_t k = 0; k < taps; k++) {
            float t = tap(p, x, u, v, k, &at);
            if (t == best && !taken) {
                taken = 1;
                if (at >= 0) {
                    given[at] += dy[to];
                }
            }
            if (at >= 0) {
                shared[at] += (double)dy[to] / (double)(p->count_padding ? taps : inside);
            }
        }
    }
    for (int64_t i = 0; i < size; i++) {
        float need = p->relu && !(x[i] > 0) ? 0 : given[i];
        CHECK(same(dx[i], need), "gradient %d: %g, need %g", (int)i, (double)dx[i], (double)need);
        CHECK(fabs((double)dmean[i] - shared[i]) < 1e-4 || !isfinite(shared[i]), "mean's gradient");
    }
    free(given);
    free(shared);
}

static void check(struct jane_pool p) {
    int64_t planes = p.images * p.channels;
    int64_t in = p.x_strides[1];
    int64_t out = p.y_strides[1];
    float *x = floats(planes * in);
    float *dy = floats(planes * out);
    float *largest = floats(planes * out);
    float *mean = floats(planes * out);
    float *dx = floats(planes * in);
    float *dmean = floats(planes * in);
    int64_t room = jane_pool_room(&p);
    CHECK(room > 0, "room");
    char *scratch = aligned_alloc(64, (size_t)(room + 63) / 64 * 64);
    int64_t half = planes / 2;
    for (int part = 0; part < 2; part++) {
        int64_t first = part == 0 ? half : 0;
        int64_t last = part == 0 ? planes : half;
        jane_pool_mean(&p, first, last, x, mean, scratch);
        jane_pool_max(&p, first, last, x, largest, scratch);
        jane_pool_mean_grad(&p, first, last, dy, dmean, scratch);
        jane_pool_max_grad(&p, first, last, x, largest, dy, dx, scratch);
    }
    for (int64_t k = 0; k < planes; k++) {
        check_plane(&p, x + k * in, largest + k * out, mean + k * out, dy + k * out, dx + k * in,
                    dmean + k * in);
    }
    free(x);
    free(dy);
    free(largest);
    free(mean);
    free(dx);
    free(dmean);
    free(scratch);
}

static void random_windows(void) {
    for (int k = 0; k < 300; k++) {
        struct jane_axis a[2];
        for (int i = 0; i < 2; i++) {
            int64_t kernel = pick(4);
            a[i] = axis(pick(37), kernel, pick(4), (int64_t)(random_bits() % (uint32_t)kernel));
        }
        struct jane_pool p = sized(pick(2), pick(3), a[0], a[1]);
        p.relu = random_bits() & 1;
        p.count_padding = random_bits() & 1;
        check(p);
    }
}

static void pairs(void) {
    static const int64_t sizes[] = {2, 14, 16, 18, 28, 34};
    for (int k = 0; k < 6; k++) {
        struct jane_axis a = {sizes[k], 2, sizes[k] / 2, 2, 1, 0, 1};
        struct jane_pool p = sized(2, 2, a, a);
        p.relu = k & 1;
        check(p);
    }
}

static void wrong_parameters_are_refused(void) {
    struct jane_pool p = sized(1, 1, axis(4, 2, 2, 0), axis(4, 2, 2, 0));
    float x[64] = {0};
    CHECK(jane_pool_room(NULL) == -1, "no block");
    CHECK(jane_pool_max(&p, 0, 2, x, x, x) == JANE_EINVAL, "plane");
    CHECK(jane_pool_mean(&p, -1, 1, x, x, x) == JANE_EINVAL, "plane");
    CHECK(jane_pool_max_grad(&p, 0, 1, x, NULL, x, x, x) == JANE_EINVAL, "y");
    CHECK(jane_pool_mean_grad(&p, 0, 1, x, NULL, x) == JANE_EINVAL, "dx");
    p.w.kernel = 0;
    CHECK(jane_pool_room(&p) == -1, "kernel 0");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        random_windows();
        pairs();
    }
    wrong_parameters_are_refused();
    return failures();
}
