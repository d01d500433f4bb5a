#include "test.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

struct product {
    int64_t m, n, k, lda, ldb, ldc, a_turned, b_turned, c_streams;
};

/* Room of exactly the size that is asked for. */
static float *room_for(int64_t n, int64_t k) { return malloc((size_t)jane_gemm_room(n, k)); }

static int32_t run(const struct product *g, const float *a, const float *b, float *c, float *work) {
    return jane_gemm_f32(g->m, g->n, g->k, a, g->lda, g->a_turned, b, g->ldb, g->b_turned, c, g->ldc,
                         g->c_streams, work);
}

static float *random_floats(int64_t n) {
    float *p = malloc((size_t)(n > 0 ? n : 1) * sizeof *p); /* exactly: the sanitizer sees the end */
    for (int64_t i = 0; i < n; i++) {
        p[i] = random_float();
    }
    return p;
}

static double element(const float *x, int64_t ld, int64_t turned, int64_t i, int64_t j) {
    return turned ? x[j * ld + i] : x[i * ld + j];
}

/* Memory that ends with the last element. */
static int64_t extent(int64_t rows, int64_t columns, int64_t ld, int64_t turned) {
    return turned ? (columns - 1) * ld + rows : (rows - 1) * ld + columns;
}

static void check_product(int32_t level, int64_t m, int64_t n, int64_t k, int a_turned,
                          int b_turned, int64_t gap) {
    struct product g = {m, n, k, (a_turned ? m : k) + gap, (b_turned ? k : n) + gap, n + gap,
                          a_turned, b_turned, random_bits() & 1};
    float *a = random_floats(extent(m, k, g.lda, a_turned));
    float *b = random_floats(extent(k, n, g.ldb, b_turned));
    int64_t size = extent(m, n, g.ldc, 0);
    float *c = random_floats(size);
    float *before = malloc((size_t)size * sizeof *before);
    memcpy(before, c, (size_t)size * sizeof *c);
    float *room = room_for(n, k);
    CHECK(run(&g, a, b, c, room) == JANE_OK, "level %d", level);
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t x = 0; x < k; x++) {
                sum += element(a, g.lda, a_turned, i, x) * element(b, g.ldb, b_turned, x, j);
            }
            CHECK(fabs(c[i * g.ldc + j] - sum) <= 2e-6 * sqrt((double)k) + 1e-6,
                  "level %d, %dx%dx%d, turned %d %d: [%d, %d] %g instead of %g", level, (int)m,
                  (int)k, (int)n, a_turned, b_turned, (int)i, (int)j, c[i * g.ldc + j], sum);
        }
        for (int64_t j = n; i < m - 1 && j < g.ldc; j++) {
            CHECK(bits_of(c[i * g.ldc + j]) == bits_of(before[i * g.ldc + j]),
                  "level %d wrote between rows", level);
        }
    }
    free(a);
    free(b);
    free(c);
    free(before);
    free(room);
}

static void multiplies_any_shape(int32_t level) {
    static const int64_t sizes[] = {1, 2, 5, 8, 13, 14, 15, 16, 17, 29, 31, 32, 33, 40, 65};
    int count = sizeof sizes / sizeof *sizes;
    for (int round = 0; round < 400; round++) {
        int64_t m = sizes[random_bits() % (uint32_t)count];
        int64_t n = sizes[random_bits() % (uint32_t)count];
        int64_t k = sizes[random_bits() % (uint32_t)count];
        check_product(level, m, n, k, round & 1, round >> 1 & 1, round % 3);
    }
    for (int way = 0; way < 4; way++) {
        check_product(level, 20, JANE_GEMM_WIDTH + 37, JANE_GEMM_INNER + 5, way & 1, way >> 1, 1);
        check_product(level, 30, 300, 1024, way & 1, way >> 1, 0); /* rows a page apart */
        check_product(level, 9, 3 * JANE_GEMM_WIDTH + 5, JANE_GEMM_INNER / 4, way & 1, way >> 1, 1);
        check_product(level, 200, 33, JANE_GEMM_INNER, way & 1, way >> 1, 0); /* A in parts */
        check_product(level, 3, 5, 3 * JANE_GEMM_INNER - 1, way & 1, way >> 1, 0);
    }
}

/* A block of rows and columns by itself has the bits that it has in the whole. */
static void cuts_do_not_matter(int32_t level) {
    enum { M = 61, N = 90, K = JANE_GEMM_INNER + 116 };
    float *room = room_for(N, K);
    for (int way = 0; way < 4; way++) {
        int at = way & 1;
        int bt = way >> 1;
        struct product g = {M, N, K, at ? M : K, bt ? K : N, N, at, bt, 0};
        float *a = random_floats(M * K);
        float *b = random_floats(K * N);
        float *whole = random_floats(M * N);
        float *parts = random_floats(M * N);
        CHECK(run(&g, a, b, whole, room) == JANE_OK, "whole");
        for (int64_t i = 0; i < M; i += 23) {
            for (int64_t j = 0; j < N; j += 37) {
                struct product part = g;
                part.m = M - i < 23 ? M - i : 23;
                part.n = N - j < 37 ? N - j : 37;
                CHECK(run(&part, a + (at ? i : i * K), b + (bt ? j * K : j),
                                    parts + i * N + j, room) == JANE_OK,
                      "part");
            }
        }
        CHECK(memcmp(whole, parts, M * N * sizeof *whole) == 0, "level %d, way %d", level, way);
        free(a);
        free(b);
        free(whole);
        free(parts);
    }
    free(room);
}

/* Rows of whole vectors, at an address for them: only such a C goes around the caches. */
static void what_streams_has_the_same_bits(int32_t level) {
    enum { M = 75, N = 96, K = 50 };
    _Alignas(64) static float stored[M * N];
    _Alignas(64) static float streamed[M * N];
    float *room = room_for(N, K);
    for (int way = 0; way < 4; way++) {
        int at = way & 1;
        int bt = way >> 1;
        struct product g = {M, N - way, K, at ? M : K, bt ? K : N - way, N, at, bt, 0};
        float *a = random_floats(M * K);
        float *b = random_floats(K * N);
        memset(stored, 1, sizeof stored);
        memset(streamed, 1, sizeof streamed);
        CHECK(run(&g, a, b, stored, room) == JANE_OK, "stored");
        g.c_streams = 1;
        CHECK(run(&g, a, b, streamed, room) == JANE_OK, "streamed");
        CHECK(memcmp(stored, streamed, sizeof stored) == 0, "level %d, way %d", level, way);
        free(a);
        free(b);
    }
    free(room);
}

static void nan_and_infinity_go_through(int32_t level) {
    struct product g = {2, 2, 2, 2, 2, 2, 0, 0, 0};
    float a[] = {INFINITY, 0, 1, 1};
    float b[] = {0, 1, 2, NAN};
    float c[4];
    float *room = room_for(2, 2);
    CHECK(run(&g, a, b, c, room) == JANE_OK, "run");
    CHECK(isnan(c[0]) && isnan(c[1]) && c[2] == 2 && isnan(c[3]), "level %d: %g %g %g %g", level,
          c[0], c[1], c[2], c[3]);
    free(room);
}

static void wrong_parameters_are_refused(void) {
    float x[4] = {0};
    float room[4]; /* never used */
    struct product good = {2, 2, 2, 2, 2, 2, 0, 0, 0};
    CHECK(run(&good, x, x, NULL, room) == JANE_EINVAL, "c");
    CHECK(run(&good, x, NULL, x, room) == JANE_EINVAL, "b");
    CHECK(run(&good, NULL, x, x, room) == JANE_EINVAL, "a");
    CHECK(run(&good, x, x, x, NULL) == JANE_EINVAL, "room");
    struct product bad = good;
    bad.k = 0;
    CHECK(run(&bad, x, x, x, room) == JANE_EINVAL, "k");
    bad = good;
    bad.lda = 1;
    CHECK(run(&bad, x, x, x, room) == JANE_EINVAL, "lda");
    bad = good;
    bad.m = -1;
    CHECK(run(&bad, x, x, x, room) == JANE_EINVAL, "m");
    CHECK(jane_gemm_room(-1, 1) == -1 && jane_gemm_room(1, -1) == -1, "room");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        multiplies_any_shape(level);
        cuts_do_not_matter(level);
        what_streams_has_the_same_bits(level);
        nan_and_infinity_go_through(level);
    }
    wrong_parameters_are_refused();
    return failures();
}
