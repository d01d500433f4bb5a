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
#define LINE 16 /* floats */
#define A_STEP (ROWS > 8 ? 16 : 8) /* floats from one step of K to the next in a packed tile of A */
#define A_ROOM (INNER * JANE_GEMM_LEFT)

_Static_assert(ROWS <= A_STEP, "rows of a tile fit a step");
_Static_assert(INNER * A_STEP <= A_ROOM, "a tile of A fits its room");

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

/* Tiles first to last of count of an A that is stored by columns, each with its rows of A_STEP for
 * one step of K after the other. Many at once, so that lines that come from far away come once. */
static void pack_left(const struct jane_gemm *g, const float *a, int64_t k, int64_t first,
                      int64_t last, int64_t count, float *to) {
    int64_t begin = g->m * first / count / LINE * LINE;
    int64_t end = g->m * last / count;
    for (int64_t x = 0; x < k; x++, a += g->lda, to += A_STEP) {
        const float *ahead = a + least(AHEAD, k - 1 - x) * g->lda;
        for (int64_t i = begin; i < end; i += LINE) {
            __builtin_prefetch(ahead + i);
        }
        for (int64_t t = first; t < last; t++) {
            int64_t i = g->m * t / count;
            float *step = to + (t - first) * k * A_STEP;
            if (g->m - i >= A_STEP) { /* more than is wanted may be read, but not beyond the column */
                for (int v = 0; v < A_STEP; v += 8) {
                    vf_store(step + v, vf_load(a + i + v));
                }
            } else {
                for (int64_t end_of_tile = g->m * (t + 1) / count, r = i; r < end_of_tile; r++) {
                    step[r - i] = a[r];
                }
            }
        }
    }
}

/* One block of K and of columns, packed in b: every row of C. */
static void multiply(const struct jane_gemm *g, const float *a, const float *b, int64_t k,
                     int64_t width, float *c, enum into into, float *room) {
    int64_t tiles = (g->m + ROWS - 1) / ROWS;
    int64_t together = A_ROOM / (k * A_STEP);
    float edge[ROWS * COLUMNS];
    for (int64_t t = 0; t < tiles; t++) {
        int64_t i = g->m * t / tiles;
        int64_t rows = g->m * (t + 1) / tiles - i;
        if (g->a_turned && t % together == 0) {
            pack_left(g, a, k, t, least(t + together, tiles), tiles, room);
        }
        const float *left = g->a_turned ? room + t % together * k * A_STEP : a + i * g->lda;
        tile_of *run = (g->a_turned ? PACKED_TILES : LYING_TILES)[rows];
        for (int64_t j = 0; j < width; j += COLUMNS) {
            float *to = c + i * g->ldc + j;
            int64_t columns = least(COLUMNS, width - j);
            if (columns == COLUMNS) {
                run(left, g->lda, b + j * k, k, to, g->ldc, into);
                continue;
            }
            run(left, g->lda, b + j * k, k, edge, COLUMNS, SET);
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
static int streams(const struct jane_gemm *g, const float *c, int64_t chunks) {
    return g->c_streams && chunks == 1 && g->ldc % LANES == 0 &&
           (uintptr_t)c % (LANES * sizeof(float)) == 0;
}

void JANE_NAME(gemm)(const struct jane_gemm *g, const float *a, const float *b, float *c,
                     float *room) {
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
            multiply(g, a + (g->a_turned ? k0 * g->lda : k0), packed, k, width, c + j0,
                     chunk > 0 ? ADD : first, room);
        }
    }
    if (first == STREAM) {
        end_of_stream();
    }
}
