/* The public functions: each checks its parameters and calls the kernel of the level in use. */
#include "dispatch.h"

#include <stdatomic.h>
#include <stddef.h>

static int has_level(int32_t level) {
    switch (level) {
    case JANE_SCALAR:
        return 1;
#if defined(__x86_64__)
    case JANE_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("f16c");
    case JANE_AVX512:
        return has_level(JANE_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq");
#elif defined(__aarch64__)
    case JANE_NEON:
        return 1;
#endif
    default:
        return 0;
    }
}

static const struct jane_table *table_of(int32_t level) {
    switch (level) {
#if defined(__x86_64__)
    case JANE_AVX2:
        return &table_avx2;
    case JANE_AVX512:
        return &table_avx512;
#elif defined(__aarch64__)
    case JANE_NEON:
        return &table_neon;
#endif
    default:
        return &table_scalar;
    }
}

/* -1 until the first call; every thread that finds it so comes to the same answer. */
static _Atomic int32_t chosen = -1;

int32_t jane_kernels_level(void) {
    int32_t level = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (level < 0) {
        level = JANE_BEST;
        while (!has_level(level)) {
            level--;
        }
        atomic_store_explicit(&chosen, level, memory_order_relaxed);
    }
    return level;
}

int32_t jane_kernels_force(int32_t level) {
    if (!has_level(level)) {
        return JANE_EINVAL;
    }
    atomic_store_explicit(&chosen, level, memory_order_relaxed);
    return JANE_OK;
}

int32_t jane_kernels_abi(void) { return JANE_KERNELS_ABI; }

static const struct jane_table *table(void) { return table_of(jane_kernels_level()); }

/* --- product.c ----------------------------------------------------------------------------- */

int32_t jane_combine_f32(const float *parts, int64_t stride, float *sum, int64_t count,
                         int64_t n) {
    if (parts == NULL || sum == NULL || count < 1 || n < 0 || stride < n) {
        return JANE_EINVAL;
    }
    table()->combine_f32(parts, stride, sum, count, n);
    return JANE_OK;
}

/* --- gemm.c -------------------------------------------------------------------------------- */

int64_t jane_gemm_room(int64_t n, int64_t k) {
    if (n < 0 || k < 0) {
        return -1;
    }
    int64_t inner = k < JANE_GEMM_INNER ? k : JANE_GEMM_INNER;
    int64_t block = JANE_GEMM_INNER * JANE_GEMM_WIDTH;
    if (n < block && inner * (n + 32) < block) { /* whole tiles */
        block = inner * (n + 32);
    }
    return (JANE_GEMM_INNER * JANE_GEMM_LEFT + block) * (int64_t)sizeof(float);
}

/* Whether rows of that many elements overlap. */
static int is_bad_matrix(int64_t rows, int64_t columns, int64_t ld, int32_t turned) {
    return rows > 1 && columns > 1 && ld < (turned ? rows : columns);
}

int32_t jane_gemm_f32(int64_t m, int64_t n, int64_t k, const float *a, int64_t lda,
                      int64_t a_turned, const float *b, int64_t ldb, int64_t b_turned, float *c,
                      int64_t ldc, int64_t c_streams, float *room) {
    if (a == NULL || b == NULL || c == NULL || room == NULL || m < 0 || n < 0 || k < 1 ||
        is_bad_matrix(m, k, lda, a_turned != 0) || is_bad_matrix(k, n, ldb, b_turned != 0) ||
        is_bad_matrix(m, n, ldc, 0)) {
        return JANE_EINVAL;
    }
    struct jane_gemm g = {m, n, k, lda, ldb, ldc, a_turned, b_turned, c_streams};
    table()->gemm(&g, a, b, c, room);
    return JANE_OK;
}

/* --- half.c, fused.c, reduce.c, copy.c; checks of their blocks are in blocks.c ---------------- */

int32_t jane_half_to_float(const uint16_t *src, float *dst, int64_t n) {
    if (src == NULL || dst == NULL || n < 0) {
        return JANE_EINVAL;
    }
    table()->half_to_float(src, dst, n);
    return JANE_OK;
}

int32_t jane_float_to_half(const float *src, uint16_t *dst, int64_t n) {
    if (src == NULL || dst == NULL || n < 0) {
        return JANE_EINVAL;
    }
    table()->float_to_half(src, dst, n);
    return JANE_OK;
}

int32_t jane_fused_run(const struct jane_fused *f, const int64_t *addresses, void *room,
                       int64_t begin, int64_t end, double *totals) {
    if (f == NULL || room == NULL || f->tile < 1 || begin < 0 || begin % f->tile != 0 ||
        (addresses == NULL && f->loads + f->stores > 0) || (totals == NULL && f->totals > 0)) {
        return JANE_EINVAL;
    }
    table()->fused_run(f, addresses, room, begin, end, totals);
    return JANE_OK;
}

int32_t jane_reduce_part(const struct jane_reduce *r, const void *x, void *room, double *partials,
                         int64_t chunk, int64_t k0, int64_t k1) {
    if (r == NULL || room == NULL || partials == NULL || chunk < 0 || k0 < 0 || k1 > r->kept) {
        return JANE_EINVAL;
    }
    table()->reduce_part(r, x, room, partials, chunk, k0, k1);
    return JANE_OK;
}

int32_t jane_reduce_finish(const struct jane_reduce *r, double *partials, void *y, void *room) {
    if (r == NULL || room == NULL || partials == NULL) {
        return JANE_EINVAL;
    }
    table()->reduce_finish(r, partials, y, room);
    return JANE_OK;
}

int32_t jane_reduce_all(const struct jane_reduce *r, const void *x, void *y, void *room,
                        double *partials) {
    if (r == NULL || room == NULL || partials == NULL) {
        return JANE_EINVAL;
    }
    table()->reduce_all(r, x, y, room, partials);
    return JANE_OK;
}

int32_t jane_copy_run(const struct jane_copy *c, const void *from, void *to, int64_t begin,
                      int64_t end) {
    if (c == NULL || begin < 0) {
        return JANE_EINVAL;
    }
    table()->copy_run(c, from, to, begin, end);
    return JANE_OK;
}

/* --- conv.c, pool.c ------------------------------------------------------------------------ */

int32_t jane_conv_pack(const struct jane_conv *p, int64_t task, const void *weights,
                       float *packed) {
    if (p == NULL || task < 0 || task >= p->weight_tasks || weights == NULL || packed == NULL) {
        return JANE_EINVAL;
    }
    table()->conv_pack(p, task, weights, packed);
    return JANE_OK;
}

int32_t jane_conv_run(const struct jane_conv *p, int64_t task, const void *x, const void *weights,
                      const float *packed, const float *bias, float *partials, void *y,
                      void *scratch) {
    if (p == NULL || task < 0 || task >= p->tiles * p->chunks || x == NULL || weights == NULL ||
        (packed == NULL && p->weight_tasks > 0) || (bias == NULL && p->bias) ||
        (partials == NULL && p->chunks > 1) || y == NULL || scratch == NULL) {
        return JANE_EINVAL;
    }
    table()->conv_run(p, task, x, weights, packed, bias, partials, y, scratch);
    return JANE_OK;
}

int32_t jane_conv_combine(const struct jane_conv *p, int64_t tile, const float *bias,
                          float *partials, void *y) {
    if (p == NULL || tile < 0 || tile >= p->tiles || (bias == NULL && p->bias) ||
        partials == NULL || y == NULL) {
        return JANE_EINVAL;
    }
    table()->conv_combine(p, tile, bias, partials, y);
    return JANE_OK;
}

/* Whether the planes do not exist. */
static int is_bad_range(const struct jane_pool *p, int64_t first, int64_t last) {
    return p == NULL || first < 0 || last > p->images * p->channels;
}

int32_t jane_pool_max(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                      void *y, void *scratch) {
    if (is_bad_range(p, first, last) || x == NULL || y == NULL || scratch == NULL) {
        return JANE_EINVAL;
    }
    table()->pool_max(p, first, last, x, y, (float *)scratch);
    return JANE_OK;
}

int32_t jane_pool_mean(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                       void *y, void *scratch) {
    if (is_bad_range(p, first, last) || x == NULL || y == NULL || scratch == NULL) {
        return JANE_EINVAL;
    }
    table()->pool_mean(p, first, last, x, y, (float *)scratch);
    return JANE_OK;
}

int32_t jane_pool_max_grad(const struct jane_pool *p, int64_t first, int64_t last, const void *x,
                           const void *y, const void *dy, void *dx, void *scratch) {
    if (is_bad_range(p, first, last) || x == NULL || y == NULL || dy == NULL || dx == NULL ||
        scratch == NULL) {
        return JANE_EINVAL;
    }
    table()->pool_max_grad(p, first, last, x, y, dy, dx, (float *)scratch);
    return JANE_OK;
}

int32_t jane_pool_mean_grad(const struct jane_pool *p, int64_t first, int64_t last, const void *dy,
                            void *dx, void *scratch) {
    if (is_bad_range(p, first, last) || dy == NULL || dx == NULL || scratch == NULL) {
        return JANE_EINVAL;
    }
    table()->pool_mean_grad(p, first, last, dy, dx, (float *)scratch);
    return JANE_OK;
}

/* --- exact.c ------------------------------------------------------------------------------- */

int32_t jane_exact_run(const struct jane_exact *e, int64_t i0, int64_t j0, void *room) {
    if (e == NULL || room == NULL || e->m < 0 || e->k < 0 || e->n < 0 || i0 < 0 || j0 < 0) {
        return JANE_EINVAL;
    }
    table()->exact(e, i0, j0, room);
    return JANE_OK;
}

int32_t jane_exact_settle(float *x, int64_t n, int64_t flushes) {
    if (n < 0 || (x == NULL && n > 0)) {
        return JANE_EINVAL;
    }
    table()->exact_settle(x, n, flushes);
    return JANE_OK;
}
