/* The list of kernels that exist once per level, and the tables made from it. */
#ifndef JANE_DISPATCH_H
#define JANE_DISPATCH_H

#include <stdint.h>

#include "jane_kernels.h"

/* C = A B; see jane_gemm_f32. */
struct jane_gemm {
    int64_t m, n, k;
    int64_t lda, ldb, ldc;
    int64_t a_turned, b_turned;
    int64_t c_streams;
};

/* X(name, parameters). All return void: the public functions of dispatch.c check parameters. */
#define JANE_KERNELS(X)                                                                            \
    /* product.c */                                                                                \
    X(combine_f32,                                                                                 \
      (const float *parts, int64_t stride, float *sum, int64_t count, int64_t n))                  \
    /* gemm.c */                                                                                   \
    X(gemm, (const struct jane_gemm *g, const float *a, const float *b, float *c, float *room))    \
    /* tile.c: n elements of a view, from its flat-th on, as floats, and back */                   \
    X(tile_load,                                                                                   \
      (const struct jane_view *v, const void *base, int64_t flat, int64_t n, float *dst))          \
    X(tile_store,                                                                                  \
      (const struct jane_view *v, void *base, int64_t flat, int64_t n, const float *src))          \
    /* half.c */                                                                                   \
    X(half_to_float, (const uint16_t *src, float *dst, int64_t n))                                 \
    X(float_to_half, (const float *src, uint16_t *dst, int64_t n))                                 \
    /* fused.c */                                                                                  \
    X(fused_run, (const struct jane_fused *f, const int64_t *addresses, void *room,                \
                  int64_t begin, int64_t end, double *totals))                                     \
    /* reduce.c: adds n floats to 16 sums, the largest or smallest of start and n floats */        \
    X(sum, (double *sums, const float *src, int64_t n))                                            \
    X(largest, (float *extreme, const float *src, int64_t n))                                      \
    X(smallest, (float *extreme, const float *src, int64_t n))                                     \
    X(of_line, (int64_t kind, const float *src, int64_t n, double *result))                        \
    X(reduce_part, (const struct jane_reduce *r, const void *x, void *room, double *partials,      \
                    int64_t chunk, int64_t k0, int64_t k1))                                        \
    X(reduce_finish, (const struct jane_reduce *r, double *partials, void *y, void *room))         \
    X(reduce_all,                                                                                  \
      (const struct jane_reduce *r, const void *x, void *y, void *room, double *partials))         \
    /* copy.c */                                                                                   \
    X(copy_run, (const struct jane_copy *c, const void *from, void *to, int64_t begin,             \
                 int64_t end)) \
    /* conv.c */ \
    X(conv_pack, (const struct jane_conv *p, int64_t task, const void *weights, float *packed)) \
    X(conv_run, (const struct jane_conv *p, int64_t task, const void *x, const void *weights, const float *packed, const float *bias, float *partials, void *y, void *scratch)) \
    X(conv_combine, (const struct jane_conv *p, int64_t tile, const float *bias, float *partials, void *y)) \
    /* pool.c */ \
    X(pool_max, (const struct jane_pool *p, int64_t first, int64_t last, const void *x, void *y, float *scratch)) \
    X(pool_mean, (const struct jane_pool *p, int64_t first, int64_t last, const void *x, void *y, float *scratch)) \
    X(pool_max_grad, (const struct jane_pool *p, int64_t first, int64_t last, const void *x, const void *y, const void *dy, void *dx, float *scratch)) \
    X(pool_mean_grad, (const struct jane_pool *p, int64_t first, int64_t last, const void *dy, void *dx, float *scratch))\
    /* exact.c */                                                                                  \
    X(exact, (const struct jane_exact *e, int64_t i0, int64_t j0, void *room))                     \
    X(exact_settle, (float *x, int64_t n, int64_t flushes))

#define JANE_JOIN_(a, b) a##_##b
#define JANE_JOIN(a, b) JANE_JOIN_(a, b)

/* The name of a function at the level that is being compiled: combine_f32_avx2. */
#define JANE_NAME(name) JANE_JOIN(name, JANE_LEVEL)

struct jane_table {
#define JANE_FIELD(name, parameters) void(*name) parameters;
    JANE_KERNELS(JANE_FIELD)
#undef JANE_FIELD
};

extern const struct jane_table table_scalar;
extern const struct jane_table table_avx2;
extern const struct jane_table table_avx512;
extern const struct jane_table table_neon;

#ifdef JANE_LEVEL
#define JANE_DECLARE(name, parameters) void JANE_NAME(name) parameters;
JANE_KERNELS(JANE_DECLARE)
#undef JANE_DECLARE
#endif

#endif
