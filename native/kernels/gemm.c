/* Matrix products in registers: a tile of C stays there while K goes by. B is copied ("packed") so
 * that each step of K is one run of memory; A is read where it lies if its rows are contiguous
 * floats. Halves become floats as they are copied, and sums halves when all of K went by. */
#include "dispatch.h"
#include "half.h"
#include "shuffle.h"

/* A tile of C is up to ROWS by COLUMNS: as many accumulators as there are registers for. */
#if defined(JANE_LEVEL_avx512)
#define LANES 16
#define VECTORS 2
#define ROWS 14
#elif defined(JANE_LEVEL_avx2)
#define LANES 8
#define VECTORS 2
#define ROWS 6
#elif defined(JANE_LEVEL_neon)
#define LANES 4
#define VECTORS 3
#define ROWS 8
#else
#define LANES 4
#define VECTORS 2
#define ROWS 4
#endif
#define COLUMNS (LANES * VECTORS)

/* A packed block of B fits the second cache: the wider, the shorter K is. */
#define INNER JANE_GEMM_INNER
#define AHEAD 4 /* rows */
#define A_STEP 16 /* floats between two steps of K in a packed block of A */

/* Rows that lie a multiple of this apart compete for the same few lines of the first cache: they are
 * copied to where they lie ROW_STEP apart. In floats. */
#define PAGE 1024
#define ROW_STEP (INNER + 16)

_Static_assert(ROWS <= A_STEP, "rows of a tile fit a step");
_Static_assert(ROWS * ROW_STEP <= INNER * A_STEP, "a block of A fits its room either way");

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

typedef float lanes __attribute__((vector_size(4 * LANES)));

VF_INLINE lanes load(const float *p) {
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

VF_INLINE void store(float *p, lanes v) { memcpy(p, &v, sizeof v); }

VF_INLINE lanes multiply_add(float a, lanes b, lanes c) {
#if defined(JANE_LEVEL_avx512)
    return (lanes)_mm512_fmadd_ps(_mm512_set1_ps(a), (__m512)b, (__m512)c);
#elif defined(JANE_LEVEL_avx2)
    return (lanes)_mm256_fmadd_ps(_mm256_set1_ps(a), (__m256)b, (__m256)c);
#elif defined(JANE_LEVEL_neon)
    return (lanes)vfmaq_n_f32((float32x4_t)c, (float32x4_t)b, a);
#else
    return b * a + c;
#endif
}

/* c[i, j] (+)= sum over x < k of a[i * row + x * step] b[x * COLUMNS + j], for a whole tile. */
VF_INLINE void tile(int rows, const float *a, int64_t row, int64_t step, const float *b, int64_t k,
                    float *c, int64_t ldc, int adds) {
    lanes sum[ROWS][VECTORS];
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < VECTORS; j++) { sum[i][j] = (lanes){0}; }
    }
    for (int64_t x = 0; x < k; x++) {
        lanes right[VECTORS];
        UNROLL for (int j = 0; j < VECTORS; j++) { right[j] = load(b + x * COLUMNS + j * LANES); }
        UNROLL for (int i = 0; i < rows; i++) {
            float left = a[i * row + x * step];
            UNROLL for (int j = 0; j < VECTORS; j++) {
                sum[i][j] = multiply_add(left, right[j], sum[i][j]);
            }
        }
    }
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < VECTORS; j++) {
            float *to = c + i * ldc + j * LANES;
            store(to, adds ? load(to) + sum[i][j] : sum[i][j]);
        }
    }
}

typedef void tile_of(const float *a, int64_t row, int64_t step, const float *b, int64_t k, float *c,
                     int64_t ldc, int adds);

/* One function for each number of rows, so that the accumulators stay in registers. */
#define TILE(rows)                                                                                 \
    static __attribute__((noinline)) void tile_##rows(const float *a, int64_t row, int64_t step,   \
                                                      const float *b, int64_t k, float *c,         \
                                                      int64_t ldc, int adds) {                     \
        tile(rows, a, row, step, b, k, c, ldc, adds);                                              \
    }

TILE(1)
TILE(2)
TILE(3)
TILE(4)
#if ROWS > 4
TILE(5)
TILE(6)
#endif
#if ROWS > 6
TILE(7)
TILE(8)
#endif
#if ROWS > 8
TILE(9)
TILE(10)
TILE(11)
TILE(12)
TILE(13)
TILE(14)
#endif

static tile_of *const TILES[ROWS + 1] = {
    NULL,   tile_1, tile_2,  tile_3,  tile_4,
#if ROWS > 4
    tile_5, tile_6,
#endif
#if ROWS > 6
    tile_7, tile_8,
#endif
#if ROWS > 8
    tile_9, tile_10, tile_11, tile_12, tile_13, tile_14,
#endif
};

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* Where the i-th element of that type is. */
VF_INLINE void *at(const void *p, int64_t type, int64_t i) {
    return (char *)p + i * (type == JANE_FP16 ? 2 : 4);
}

/* Elements as floats. Callers know the type when they are compiled. */
VF_INLINE lanes load_as(int64_t type, const void *p) {
    if (type == JANE_FP16) {
        float floats[LANES];
        half_to_floats(p, floats, LANES);
        return load(floats);
    }
    return load(p);
}

VF_INLINE vf vf_load_as(int64_t type, const void *p) {
    if (type == JANE_FP16) {
        float floats[8];
        half_to_floats(p, floats, 8);
        return vf_load(floats);
    }
    return vf_load(p);
}

VF_INLINE float element(int64_t type, const void *p) {
    return type == JANE_FP16 ? half_widen(*(const uint16_t *)p) : *(const float *)p;
}

static void copy(int64_t type, const void *p, int64_t n, float *to) {
    if (type == JANE_FP16) {
        half_to_floats(p, to, n);
    } else {
        memcpy(to, p, (size_t)n * sizeof(float));
    }
}

/* Columns of B, width of them, tile by tile, one step of K after the other; zeros up to a whole tile.
 * Rows are read from end to end, and asked for before their turn: they may come from far away. */
VF_INLINE void pack_rows(int64_t type, const void *b, int64_t ldb, int64_t k, int64_t width,
                         float *to) {
    for (int64_t x = 0; x < k; x++, b = at(b, type, ldb), to += COLUMNS) {
        const void *ahead = at(b, type, least(AHEAD, k - 1 - x) * ldb);
        float *tile = to;
        int64_t j = 0;
        for (; j + COLUMNS <= width; j += COLUMNS, tile += COLUMNS * k) {
            UNROLL for (int v = 0; v < VECTORS; v++) {
                __builtin_prefetch(at(ahead, type, j + v * LANES));
                store(tile + v * LANES, load_as(type, at(b, type, j + v * LANES)));
            }
        }
        if (j < width) {
            memset(tile, 0, COLUMNS * sizeof(float));
            copy(type, at(b, type, j), width - j, tile);
        }
    }
}

/* One tile of a B that is stored by columns, ldb elements from one to the next. */
VF_INLINE void pack_columns(int64_t type, const void *b, int64_t ldb, int64_t k, int64_t width,
                            float *to) {
    int64_t j = 0;
    for (; j + 8 <= width; j += 8) {
        int64_t x = 0;
        int64_t ahead = j + 16 <= width ? 8 * ldb : 0;
        for (; x + 8 <= k; x += 8) {
            vf r[8];
            for (int i = 0; i < 8; i++) {
                __builtin_prefetch(at(b, type, (j + i) * ldb + x + ahead));
                r[i] = vf_load_as(type, at(b, type, (j + i) * ldb + x));
            }
            vf_transpose(r);
            for (int i = 0; i < 8; i++) {
                vf_store(to + (x + i) * COLUMNS + j, r[i]);
            }
        }
        for (; x < k; x++) {
            for (int i = 0; i < 8; i++) {
                to[x * COLUMNS + j + i] = element(type, at(b, type, (j + i) * ldb + x));
            }
        }
    }
    for (; j < COLUMNS; j++) {
        for (int64_t x = 0; x < k; x++) {
            to[x * COLUMNS + j] = j < width ? element(type, at(b, type, j * ldb + x)) : 0.0f;
        }
    }
}

/* Rows of an A that is stored by columns: the first rows of A_STEP, for each step of K. */
VF_INLINE void pack_left(int64_t type, const void *a, int64_t lda, int64_t k, int64_t rows,
                         int64_t left, float *to) {
    for (int64_t x = 0; x < k; x++, a = at(a, type, lda), to += A_STEP) {
        __builtin_prefetch(at(a, type, least(2 * AHEAD, k - 1 - x) * lda));
        if (left >= A_STEP) { /* more than is wanted may be read, but not beyond the column */
            vf_store(to, vf_load_as(type, a));
            vf_store(to + 8, vf_load_as(type, at(a, type, 8)));
        } else {
            for (int64_t i = 0; i < rows; i++) {
                to[i] = element(type, at(a, type, i));
            }
        }
    }
}

/* Rows of an A that is stored by rows, closer together. */
static void gather_rows(int64_t type, const void *a, int64_t lda, int64_t k, int64_t rows,
                        float *to) {
    for (int64_t i = 0; i < rows; i++) {
        copy(type, at(a, type, i * lda), k, to + i * ROW_STEP);
    }
}

/* A block of B, packed. */
static void pack(const struct jane_gemm *g, const void *b, int64_t k, int64_t width, float *to) {
    int64_t type = g->b_type;
    if (!g->b_turned) {
        type == JANE_FP16 ? pack_rows(JANE_FP16, b, g->ldb, k, width, to)
                          : pack_rows(JANE_FP32, b, g->ldb, k, width, to);
        return;
    }
    for (int64_t j = 0; j < width; j += COLUMNS) {
        int64_t columns = least(COLUMNS, width - j);
        const void *from = at(b, type, j * g->ldb);
        type == JANE_FP16 ? pack_columns(JANE_FP16, from, g->ldb, k, columns, to + j * k)
                          : pack_columns(JANE_FP32, from, g->ldb, k, columns, to + j * k);
    }
}

/* A tile of sums, rounded. */
static void narrow(const float *sums, int64_t rows, int64_t columns, uint16_t *c, int64_t ldc) {
    for (int64_t i = 0; i < rows; i++, sums += COLUMNS, c += ldc) {
        if (columns == COLUMNS) {
            half_of_floats(sums, c, COLUMNS);
        } else {
            half_of_floats(sums, c, columns);
        }
    }
}

/* One block of K and of columns, packed in b: every row of C, set or added to. A C of halves gets
 * what this ends; till then its tiles wait in sums, one after the other, if there is more of K. */
static void multiply(const struct jane_gemm *g, const void *a, const float *b, int64_t k,
                     int64_t width, void *c, int adds, int ends, float *room, float *sums) {
    int64_t blocks = (g->m + ROWS - 1) / ROWS;
    float edge[ROWS * COLUMNS];
    for (int64_t block = 0; block < blocks; block++) {
        int64_t i = g->m * block / blocks;
        int64_t rows = g->m * (block + 1) / blocks - i;
        const void *from = at(a, g->a_type, g->a_turned ? i : i * g->lda);
        const float *left = room;
        int64_t row = g->a_turned ? 1 : ROW_STEP;
        int64_t step = g->a_turned ? A_STEP : 1;
        if (g->a_turned && g->a_type == JANE_FP16) {
            pack_left(JANE_FP16, from, g->lda, k, rows, g->m - i, room);
        } else if (g->a_turned) {
            pack_left(JANE_FP32, from, g->lda, k, rows, g->m - i, room);
        } else if (g->a_type == JANE_FP16 || (g->lda % PAGE == 0 && width >= 8 * COLUMNS)) {
            gather_rows(g->a_type, from, g->lda, k, rows, room);
        } else {
            left = from;
            row = g->lda;
        }
        for (int64_t j = 0; j < width; j += COLUMNS) {
            int64_t columns = least(COLUMNS, width - j);
            if (g->c_type == JANE_FP16) {
                float *tile = sums != NULL ? sums : edge;
                TILES[rows](left, row, step, b + j * k, k, tile, COLUMNS, adds);
                if (ends) {
                    narrow(tile, rows, columns, (uint16_t *)c + i * g->ldc + j, g->ldc);
                }
                sums = sums != NULL ? sums + ROWS * COLUMNS : NULL;
                continue;
            }
            float *to = (float *)c + i * g->ldc + j;
            if (columns == COLUMNS) {
                TILES[rows](left, row, step, b + j * k, k, to, g->ldc, adds);
                continue;
            }
            TILES[rows](left, row, step, b + j * k, k, edge, COLUMNS, 0);
            for (int64_t r = 0; r < rows; r++) {
                for (int64_t x = 0; x < columns; x++) {
                    float *cell = to + r * g->ldc + x;
                    *cell = adds ? *cell + edge[r * COLUMNS + x] : edge[r * COLUMNS + x];
                }
            }
        }
    }
}

static void product(const struct jane_gemm *g, const void *a, const void *b, void *c, float *room) {
    float *packed = room + INNER * A_STEP;
    int64_t chunks = (g->k + INNER - 1) / INNER;
    int64_t tiles = (g->n + COLUMNS - 1) / COLUMNS;
    int64_t longest = (g->k + chunks - 1) / chunks;
    int64_t most = JANE_GEMM_INNER * JANE_GEMM_WIDTH / longest / COLUMNS * COLUMNS;
    int64_t blocks = (g->n + most - 1) / most;
    for (int64_t block = 0; block < blocks; block++) { /* as wide as one another */
        int64_t j0 = tiles * block / blocks * COLUMNS;
        int64_t width = least(tiles * (block + 1) / blocks * COLUMNS, g->n) - j0;
        int64_t padded = (width + COLUMNS - 1) / COLUMNS * COLUMNS;
        float *sums = chunks > 1 && g->c_type == JANE_FP16 ? packed + longest * padded : NULL;
        for (int64_t chunk = 0; chunk < chunks; chunk++) {
            int64_t k0 = g->k * chunk / chunks;
            int64_t k = g->k * (chunk + 1) / chunks - k0;
            pack(g, at(b, g->b_type, g->b_turned ? j0 * g->ldb + k0 : k0 * g->ldb + j0), k, width,
                 packed);
            multiply(g, at(a, g->a_type, g->a_turned ? k0 * g->lda : k0), packed, k, width,
                     at(c, g->c_type, j0), chunk > 0, chunk + 1 == chunks, room, sums);
        }
    }
}

void JANE_NAME(gemm)(const struct jane_gemm *g, const void *a, const void *b, void *c,
                     float *room) {
    int64_t parts = g->c_type == JANE_FP16 && g->k > INNER
                        ? (g->m + JANE_GEMM_SUMS - 1) / JANE_GEMM_SUMS
                        : 1;
    for (int64_t p = 0; p < parts; p++) { /* of so few rows that there is room for the sums */
        struct jane_gemm part = *g;
        int64_t i = g->m * p / parts;
        part.m = g->m * (p + 1) / parts - i;
        product(&part, at(a, g->a_type, g->a_turned ? i : i * g->lda), b,
                at(c, g->c_type, i * g->ldc), room);
    }
}
