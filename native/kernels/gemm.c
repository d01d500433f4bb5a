/* Matrix products in registers: a tile of C stays there while K goes by. B is copied ("packed") so
 * that each step of K is one run of memory; A is read where it lies if its rows are contiguous. */
#include "dispatch.h"
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

/* Columns of B, width of them, tile by tile, one step of K after the other; zeros up to a whole tile.
 * Rows are read from end to end, and asked for before their turn: they may come from far away. */
static void pack_rows(const float *b, int64_t ldb, int64_t k, int64_t width, float *to) {
    for (int64_t x = 0; x < k; x++, b += ldb, to += COLUMNS) {
        const float *ahead = b + least(AHEAD, k - 1 - x) * ldb;
        float *tile = to;
        int64_t j = 0;
        for (; j + COLUMNS <= width; j += COLUMNS, tile += COLUMNS * k) {
            UNROLL for (int v = 0; v < VECTORS; v++) {
                __builtin_prefetch(ahead + j + v * LANES);
                store(tile + v * LANES, load(b + j + v * LANES));
            }
        }
        if (j < width) {
            memset(tile, 0, COLUMNS * sizeof(float));
            memcpy(tile, b + j, (size_t)(width - j) * sizeof(float));
        }
    }
}

/* One tile of a B that is stored by columns, ldb floats from one to the next. */
static void pack_columns(const float *b, int64_t ldb, int64_t k, int64_t width, float *to) {
    int64_t j = 0;
    for (; j + 8 <= width; j += 8) {
        int64_t x = 0;
        int64_t ahead = j + 16 <= width ? 8 * ldb : 0;
        for (; x + 8 <= k; x += 8) {
            vf r[8];
            for (int i = 0; i < 8; i++) {
                __builtin_prefetch(b + (j + i) * ldb + x + ahead);
                r[i] = vf_load(b + (j + i) * ldb + x);
            }
            vf_transpose(r);
            for (int i = 0; i < 8; i++) {
                vf_store(to + (x + i) * COLUMNS + j, r[i]);
            }
        }
        for (; x < k; x++) {
            for (int i = 0; i < 8; i++) {
                to[x * COLUMNS + j + i] = b[(j + i) * ldb + x];
            }
        }
    }
    for (; j < COLUMNS; j++) {
        for (int64_t x = 0; x < k; x++) {
            to[x * COLUMNS + j] = j < width ? b[j * ldb + x] : 0.0f;
        }
    }
}

/* Rows of an A that is stored by columns: the first rows of A_STEP, for each step of K. */
static void pack_left(const float *a, int64_t lda, int64_t k, int64_t rows, int64_t left,
                      float *to) {
    for (int64_t x = 0; x < k; x++, a += lda, to += A_STEP) {
        __builtin_prefetch(a + least(2 * AHEAD, k - 1 - x) * lda);
        if (left >= A_STEP) { /* more than is wanted may be read, but not beyond the column */
            vf_store(to, vf_load(a));
            vf_store(to + 8, vf_load(a + 8));
        } else {
            for (int64_t i = 0; i < rows; i++) {
                to[i] = a[i];
            }
        }
    }
}

/* Rows of an A that is stored by rows, closer together. */
static void gather_rows(const float *a, int64_t lda, int64_t k, int64_t rows, float *to) {
    for (int64_t i = 0; i < rows; i++) {
        memcpy(to + i * ROW_STEP, a + i * lda, (size_t)k * sizeof(float));
    }
}

/* One block of K and of columns, packed in b: every row of C. */
static void multiply(const struct jane_gemm *g, const float *a, const float *b, int64_t k,
                     int64_t width, float *c, int adds, float *room) {
    int64_t blocks = (g->m + ROWS - 1) / ROWS;
    float edge[ROWS * COLUMNS];
    for (int64_t block = 0; block < blocks; block++) {
        int64_t i = g->m * block / blocks;
        int64_t rows = g->m * (block + 1) / blocks - i;
        const float *left = a + (g->a_turned ? i : i * g->lda);
        int64_t row = g->lda;
        int64_t step = 1;
        if (g->a_turned) {
            pack_left(left, g->lda, k, rows, g->m - i, room);
            left = room;
            row = 1;
            step = A_STEP;
        } else if (g->lda % PAGE == 0 && width >= 8 * COLUMNS) {
            gather_rows(left, g->lda, k, rows, room);
            left = room;
            row = ROW_STEP;
        }
        for (int64_t j = 0; j < width; j += COLUMNS) {
            float *to = c + i * g->ldc + j;
            int64_t columns = least(COLUMNS, width - j);
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

void JANE_NAME(gemm)(const struct jane_gemm *g, const float *a, const float *b, float *c,
                     float *room) {
    float *packed = room + INNER * A_STEP;
    int64_t chunks = (g->k + INNER - 1) / INNER;
    int64_t tiles = (g->n + COLUMNS - 1) / COLUMNS;
    int64_t longest = (g->k + chunks - 1) / chunks;
    int64_t most = JANE_GEMM_INNER * JANE_GEMM_WIDTH / longest / COLUMNS * COLUMNS;
    int64_t blocks = (g->n + most - 1) / most;
    for (int64_t block = 0; block < blocks; block++) { /* as wide as one another */
        int64_t j0 = tiles * block / blocks * COLUMNS;
        int64_t width = least(tiles * (block + 1) / blocks * COLUMNS, g->n) - j0;
        for (int64_t chunk = 0; chunk < chunks; chunk++) {
            int64_t k0 = g->k * chunk / chunks;
            int64_t k = g->k * (chunk + 1) / chunks - k0;
            const float *from = b + (g->b_turned ? j0 * g->ldb + k0 : k0 * g->ldb + j0);
            if (g->b_turned) {
                for (int64_t j = 0; j < width; j += COLUMNS) {
                    pack_columns(from + j * g->ldb, g->ldb, k, least(COLUMNS, width - j),
                                 packed + j * k);
                }
            } else {
                pack_rows(from, g->ldb, k, width, packed);
            }
            multiply(g, a + (g->a_turned ? k0 * g->lda : k0), packed, k, width, c + j0, chunk > 0,
                     room);
        }
    }
}
