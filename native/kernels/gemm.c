/* Matrix products in registers: a tile of C stays there while K goes by. B is copied ("packed") so
 * that each step of K is one run of memory; A is read where it lies if its rows are contiguous
 * floats. Halves become floats as they are copied, and sums halves when all of K went by. */
#include "gemm_pack.h"

/* Stores around the caches. p is a multiple of the vector's size. */
VF_INLINE void stream(float *p, lanes v) {
#if defined(JANE_LEVEL_avx512)
    _mm512_stream_ps(p, (__m512)v);
#elif defined(JANE_LEVEL_avx2)
    _mm256_stream_ps(p, (__m256)v);
#else
    store(p, v);
#endif
}

/* What was streamed is seen before what is stored from now on. */
static void end_of_stream(void) {
#if defined(JANE_LEVEL_avx512) || defined(JANE_LEVEL_avx2)
    _mm_sfence();
#endif
}

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

/* What becomes of the sums of a tile. */
enum into { SET, ADD, STREAM };

/* c[i, j] (+)= sum over x < k of a[i * row + x * step] b[x * COLUMNS + j], for a whole tile. */
VF_INLINE void tile(int rows, const float *a, int64_t row, int64_t step, const float *b, int64_t k,
                    float *c, int64_t ldc, enum into into) {
    lanes sum[ROWS][VECTORS];
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < VECTORS; j++) { sum[i][j] = (lanes){0}; }
    }
    for (int64_t x = 0; x < k; x++, a += step, b += COLUMNS) {
        lanes right[VECTORS];
        UNROLL for (int j = 0; j < VECTORS; j++) { right[j] = load(b + j * LANES); }
        UNROLL for (int i = 0; i < rows; i++) {
            float left = a[i * row];
            UNROLL for (int j = 0; j < VECTORS; j++) {
                sum[i][j] = multiply_add(left, right[j], sum[i][j]);
            }
        }
    }
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < VECTORS; j++) {
            float *to = c + i * ldc + j * LANES;
            if (into == STREAM) {
                stream(to, sum[i][j]);
            } else {
                store(to, into == ADD ? load(to) + sum[i][j] : sum[i][j]);
            }
        }
    }
}

typedef void tile_of(const float *a, int64_t row, const float *b, int64_t k, float *c, int64_t ldc,
                     enum into into);

/* Functions for each number of rows, so that the accumulators stay in registers: for an A where it
 * lies, and for a packed one, whose steps are known. */
#define TILE(rows)                                                                                 \
    static __attribute__((noinline)) void lying_##rows(const float *a, int64_t row,                \
                                                       const float *b, int64_t k, float *c,        \
                                                       int64_t ldc, enum into into) {              \
        tile(rows, a, row, 1, b, k, c, ldc, into);                                                 \
    }                                                                                              \
    static __attribute__((noinline)) void packed_##rows(const float *a, int64_t row,               \
                                                        const float *b, int64_t k, float *c,       \
                                                        int64_t ldc, enum into into) {             \
        (void)row;                                                                                 \
        tile(rows, a, 1, A_STEP, b, k, c, ldc, into);                                              \
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

#if ROWS > 8
#define ALL(f)                                                                                     \
    {NULL,  f(1), f(2),  f(3),  f(4),  f(5),  f(6), f(7),                                          \
     f(8), f(9), f(10), f(11), f(12), f(13), f(14)}
#elif ROWS > 6
#define ALL(f) {NULL, f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8)}
#elif ROWS > 4
#define ALL(f) {NULL, f(1), f(2), f(3), f(4), f(5), f(6)}
#else
#define ALL(f) {NULL, f(1), f(2), f(3), f(4)}
#endif
#define LYING(rows) lying_##rows
#define PACKED(rows) packed_##rows

static tile_of *const LYING_TILES[ROWS + 1] = ALL(LYING);
static tile_of *const PACKED_TILES[ROWS + 1] = ALL(PACKED);

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

/* One block of K and of columns, packed in b: every row of C. A C of halves gets what this ends; till
 * then its tiles wait in sums, one after the other, if there is more of K. */
static void multiply(const struct jane_gemm *g, const void *a, const float *b, int64_t k,
                     int64_t width, void *c, enum into into, int ends, float *room, float *sums) {
    int64_t tiles = (g->m + ROWS - 1) / ROWS;
    int64_t together = A_ROOM / (k * A_STEP);
    float edge[ROWS * COLUMNS];
    for (int64_t t = 0; t < tiles; t++) {
        int64_t i = g->m * t / tiles;
        int64_t rows = g->m * (t + 1) / tiles - i;
        const float *left = room;
        int64_t row = ROW_STEP;
        if (g->a_turned) {
            if (t % together == 0) {
                pack_tiles(g, a, k, t, least(t + together, tiles), tiles, room);
            }
            left = room + t % together * k * A_STEP;
        } else if (g->a_type == JANE_FP16) {
            for (int64_t r = 0; r < rows; r++) {
                copy(JANE_FP16, at(a, JANE_FP16, (i + r) * g->lda), k, room + r * ROW_STEP);
            }
        } else {
            left = at(a, JANE_FP32, i * g->lda);
            row = g->lda;
        }
        tile_of *run = (g->a_turned ? PACKED_TILES : LYING_TILES)[rows];
        for (int64_t j = 0; j < width; j += COLUMNS) {
            int64_t columns = least(COLUMNS, width - j);
            if (g->c_type == JANE_FP16) {
                float *tile = sums != NULL ? sums : edge;
                run(left, row, b + j * k, k, tile, COLUMNS, into);
                if (ends) {
                    narrow(tile, rows, columns, (uint16_t *)c + i * g->ldc + j, g->ldc);
                }
                sums = sums != NULL ? sums + ROWS * COLUMNS : NULL;
                continue;
            }
            float *to = (float *)c + i * g->ldc + j;
            if (columns == COLUMNS) {
                run(left, row, b + j * k, k, to, g->ldc, into);
                continue;
            }
            run(left, row, b + j * k, k, edge, COLUMNS, SET);
            for (int64_t r = 0; r < rows; r++) {
                for (int64_t x = 0; x < columns; x++) {
                    float *cell = to + r * g->ldc + x;
                    *cell = into == ADD ? *cell + edge[r * COLUMNS + x] : edge[r * COLUMNS + x];
                }
            }
        }
    }
}

/* Whether C can be streamed: whole vectors, each written once. */
static int streams(const struct jane_gemm *g, const void *c, int64_t chunks) {
    return g->c_streams && g->c_type == JANE_FP32 && chunks == 1 && g->ldc % LANES == 0 &&
           (uintptr_t)c % (LANES * sizeof(float)) == 0;
}

static void product(const struct jane_gemm *g, const void *a, const void *b, void *c, float *room) {
    float *packed = room + A_ROOM;
    int64_t chunks = (g->k + INNER - 1) / INNER;
    int64_t tiles = (g->n + COLUMNS - 1) / COLUMNS;
    int64_t longest = (g->k + chunks - 1) / chunks;
    int64_t most = JANE_GEMM_INNER * JANE_GEMM_WIDTH / longest / COLUMNS * COLUMNS;
    int64_t blocks = (g->n + most - 1) / most;
    enum into first = streams(g, c, chunks) ? STREAM : SET;
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
                     at(c, g->c_type, j0), chunk > 0 ? ADD : first, chunk + 1 == chunks, room, sums);
        }
    }
    if (first == STREAM) {
        end_of_stream();
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
