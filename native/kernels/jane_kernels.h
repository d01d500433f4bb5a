/* Jane's CPU kernels: the public C interface.
 *
 * Every function works on the calling thread alone, allocates nothing and keeps nothing, so any
 * number of threads may call any of them at once. Memory belongs to the caller. Pointers need the
 * alignment of their elements and no more; buffers do not overlap unless a comment allows it.
 * Sizes and strides are int64_t and count elements. Functions return JANE_OK or JANE_EINVAL, and
 * have written nothing in the latter case. */
#ifndef JANE_KERNELS_H
#define JANE_KERNELS_H

#include <stdint.h>

/* Goes up when a function changes its parameters or meaning, or is removed. */
#define JANE_KERNELS_ABI 5

#define JANE_OK 0
#define JANE_EINVAL 1 /* a size below 0, a NULL where memory is needed, an unknown code */

#define JANE_API __attribute__((visibility("default")))

/* --- dispatch ------------------------------------------------------------------------------ */

/* JANE_KERNELS_ABI of the library as built. */
JANE_API int32_t jane_kernels_abi(void);

/* Levels, each with all kernels: scalar runs everywhere, the others where the processor can. */
#define JANE_SCALAR 0
#define JANE_AVX2 1 /* with FMA and F16C */
#define JANE_NEON 2
#define JANE_AVX512 3 /* AVX2, and F, VL, BW and DQ of AVX-512 */
#define JANE_BEST JANE_AVX512

/* The level in use: at first the best that this processor has. */
JANE_API int32_t jane_kernels_level(void);

/* Uses another level from now on, in all threads: for tests, and to be called between kernels.
 * JANE_EINVAL if the processor or the library lacks it. */
JANE_API int32_t jane_kernels_force(int32_t level);

/* --- pages.c ------------------------------------------------------------------------------- */

#define JANE_HUGE_PAGE (2 << 20)

/* Asks the system for pages of JANE_HUGE_PAGE behind memory, as far as they are whole, and gives back
 * the small ones that it has already if there is one. For a process's own memory that holds zeros,
 * and does after. It is a wish: JANE_OK does not say that it came true. */
JANE_API int32_t jane_huge_pages(void *memory, int64_t size);

/* --- product.c ----------------------------------------------------------------------------- */

/* sum[i] = parts[i] + parts[stride + i] + ..., count terms added in this order, for i < n.
 * sum: (n) f32, may be the first row of parts. count >= 1, stride >= n. */
JANE_API int32_t jane_combine_f32(const float *parts, int64_t stride, float *sum, int64_t count,
                                  int64_t n);

/* --- gemm.c -------------------------------------------------------------------------------- */

/* Inner indices that are packed at a time, and columns of so many; of fewer, more columns. */
#define JANE_GEMM_INNER 768
#define JANE_GEMM_WIDTH 256
#define JANE_GEMM_LEFT 32 /* floats of A that are packed for each inner index */

/* Rows of a C of halves, whose sums are kept as floats while K goes by. */
#define JANE_GEMM_SUMS 512

/* Bytes of room that products of up to m rows, n columns and k inner indices need; -1 if one is
 * below 0, or the type of C wrong. */
JANE_API int64_t jane_gemm_room(int64_t m, int64_t n, int64_t k, int64_t c_type);

/* C = A B: (m, k) by (k, n), each fp32 or fp16 (enum jane_dtype). Rows lie ld elements apart, or
 * columns where turned is not 0; the rows of C always rows. m, n >= 0, k >= 1. Sums are fp32, and
 * rounded to C's type at the end. Each element is summed in an order that depends on k alone, so a
 * product may be cut by rows and columns in any way, and halves give what the same floats give.
 * Levels may differ in the last bits. Where c_streams is not 0, a C of floats goes around the caches
 * if that can be: for one that is larger than they are and that nobody reads soon. */
JANE_API int32_t jane_gemm(int64_t m, int64_t n, int64_t k, int64_t a_type, const void *a,
                           int64_t lda, int64_t a_turned, int64_t b_type, const void *b,
                           int64_t ldb, int64_t b_turned, int64_t c_type, void *c, int64_t ldc,
                           int64_t c_streams, float *room);

/* --- fused.c, reduce.c, copy.c ------------------------------------------------------------- */

/* Parameter blocks: fields of 8 bytes (steps: of 4) in native byte order, made once for a plan. An
 * address of a view is that of its element of index 0; strides may be 0 or negative. */

/* Element types in memory. A bool is a byte: 0 is false, everything else true. */
enum jane_dtype { JANE_FP32 = 0, JANE_FP16 = 1, JANE_BOOL = 2 };

/* Outer axes of a view. */
#define JANE_AXES 7

/* Elements of a tile, and of a row in a room. */
#define JANE_TILE 512

/* Stores of one program that may go to memory without a copy; totals of one program. */
#define JANE_STORES 256
#define JANE_TOTALS 64

/* A view as rows of inner elements, step apart; outer axes lead from one row to the next. */
struct jane_view {
    int64_t dtype;   /* enum jane_dtype */
    int64_t inner;   /* 1 or more */
    int64_t step;
    int64_t repeats; /* 1 if all rows are the same memory */
    int64_t outer;   /* 0 to JANE_AXES */
    int64_t dims[JANE_AXES];
    int64_t strides[JANE_AXES];
};

/* How elements combine. */
enum jane_kind { JANE_SUM = 0, JANE_MAX = 1, JANE_MIN = 2 };

/* What a step does, named as in jane.engine.cpu.Lane and in that order. */
enum jane_lane {
    JANE_LANE_ADD,
    JANE_LANE_SUB,
    JANE_LANE_MUL,
    JANE_LANE_SCALE,
    JANE_LANE_SHIFT,
    JANE_LANE_DIV,
    JANE_LANE_MAX,
    JANE_LANE_MIN,
    JANE_LANE_CLAMP,
    JANE_LANE_POW,
    JANE_LANE_ABS,
    JANE_LANE_SIGN,
    JANE_LANE_SQUARE,
    JANE_LANE_SQRT,
    JANE_LANE_RSQRT,
    JANE_LANE_LOG,
    JANE_LANE_EXP,
    JANE_LANE_SIGMOID,
    JANE_LANE_TANH,
    JANE_LANE_ERF,
    JANE_LANE_SILU,
    JANE_LANE_GELU_EXACT,
    JANE_LANE_GELU_TANH,
    JANE_LANE_GELU_SIGMOID,
    JANE_LANE_EQUAL,
    JANE_LANE_NOT_EQUAL,
    JANE_LANE_LESS,
    JANE_LANE_LESS_EQUAL,
    JANE_LANE_TRUTH,
    JANE_LANE_NOT,
    JANE_LANE_SELECT,
    JANE_LANE_MOVE,
    JANE_LANE_ROUND_HALF,
    JANE_LANE_LINE_SUM, /* from here on of each line of a, q elements, one number, and back */
    JANE_LANE_LINE_SHARE, /* 1 / sum */
    JANE_LANE_LINE_MAX,
    JANE_LANE_LINE_MIN,
    JANE_LANE_SPREAD, /* a line of each number of a */
    JANE_LANES /* how many */
};

/* Two lanes in one step, t = head(a, b, p) and d = tail(t, c, q): JANE_PAIR(head, tail). */
enum jane_head {
    JANE_HEAD_ADD,
    JANE_HEAD_SUB,
    JANE_HEAD_MUL,
    JANE_HEAD_DIV,
    JANE_HEAD_SCALE,
    JANE_HEAD_SHIFT,
    JANE_HEAD_SQUARE,
    JANE_HEAD_SQRT,
    JANE_HEADS /* how many */
};

enum jane_tail {
    JANE_TAIL_ADD,
    JANE_TAIL_SUB,
    JANE_TAIL_SUB_FROM, /* c - t */
    JANE_TAIL_MUL,
    JANE_TAIL_DIV,
    JANE_TAIL_DIV_INTO, /* c / t */
    JANE_TAIL_SCALE,
    JANE_TAIL_SHIFT,
    JANE_TAIL_SQRT,
    JANE_TAIL_ADD_SCALED, /* t + c q, rounded twice */
    JANE_TAILS            /* how many */
};

#define JANE_PAIR(head, tail) (JANE_LANES + (head)*JANE_TAILS + (tail))
#define JANE_PAIRS_END JANE_PAIR(JANE_HEADS, 0)

/* Row d from rows a, b and c and the parameters p and q; unused operands may be any row. A sum of
 * lines is divided by p. */
struct jane_step {
    int32_t lane; /* enum jane_lane, or a JANE_PAIR */
    int32_t d;
    int32_t a;
    int32_t b;
    int32_t c;
    float p;
    float q;
    int32_t narrow; /* 1: on one number a line */
};

/* A load, with the last step that reads it, or a store, with the step that computes it. */
struct jane_port {
    int64_t step;
    int64_t narrow; /* 1: the view has one number a line */
    struct jane_view view;
};

/* A row that holds one value. */
struct jane_constant {
    int64_t slot;
    float value;
    float spare;
};

/* A row that is summed up, or of which the largest or smallest is wanted. */
struct jane_total {
    int64_t slot;
    int64_t kind; /* enum jane_kind */
};

/*
 * A program. Its rows are numbered: first registers, then the loads, then the stores in order.
 * Behind it lie loads and stores (struct jane_port), constants, steps and totals. All loads of a
 * tile come before its stores, so a store may have the memory of a load, element by element.
 * Elements may be lines, of which there are sums and the like on the way, one number a line.
 */
struct jane_fused {
    int64_t registers;
    int64_t loads;
    int64_t stores;
    int64_t constants;
    int64_t steps;
    int64_t totals;
    int64_t line; /* elements of a line, 0 if there are none */
    int64_t tile; /* elements of a tile: JANE_TILE, or whole lines */
};

/* Bytes of room, 64-aligned, that a call needs; -1 if the program names rows it does not have. */
JANE_API int64_t jane_fused_room(const struct jane_fused *f);

/*
 * Elements begin to end - 1 of every view; begin is a multiple of the tile, end one of the line.
 * addresses: of loads, then stores. totals: one double for each total of these elements.
 * f must have passed jane_fused_room. No allocation; thread-safe on rooms and totals of one's own.
 */
JANE_API int32_t jane_fused_run(const struct jane_fused *f, const int64_t *addresses, void *room,
                                int64_t begin, int64_t end, double *totals);

/*
 * y[k] = (x[k, 0] + x[k, 1] + ..) / divisor, or the largest or smallest of row k.
 * Rows are taken in chunks, which are put together in order: with along_rows, x is (kept, reduced)
 * and element i of a chunk goes to sum i mod 16 of 16, which are added in pairs 8, 4, 2, 1 apart;
 * else x is (reduced, kept) and one element after the other is added. All in double.
 */
struct jane_reduce {
    int64_t kind; /* enum jane_kind */
    int64_t along_rows;
    int64_t kept;    /* results */
    int64_t reduced; /* elements of x for each */
    int64_t chunk;   /* of the reduced ones */
    double divisor;
    struct jane_view x;
    struct jane_view y; /* (kept) */
};

/* Bytes of room that the calls need; -1 if the block makes no sense. */
JANE_API int64_t jane_reduce_room(const struct jane_reduce *r);

/* partials[chunk, k] for k from k0 to k1 - 1. partials: (chunks, kept), at least one chunk. */
JANE_API int32_t jane_reduce_part(const struct jane_reduce *r, const void *x, void *room,
                                  double *partials, int64_t chunk, int64_t k0, int64_t k1);

/* y from partials, which are lost. */
JANE_API int32_t jane_reduce_finish(const struct jane_reduce *r, double *partials, void *y,
                                    void *room);

/* All of it in one call. */
JANE_API int32_t jane_reduce_all(const struct jane_reduce *r, const void *x, void *y, void *room,
                                 double *partials);

/* Matrices of rows x columns elements of 1, 2 or 4 bytes, one for each index of outer axes. */
struct jane_copy {
    int64_t size;
    int64_t rows;
    int64_t columns;
    int64_t from_row;
    int64_t from_column;
    int64_t to_row;
    int64_t to_column;
    int64_t outer;
    int64_t dims[JANE_AXES];
    int64_t from[JANE_AXES];
    int64_t to[JANE_AXES];
};

/* Into how many units the copy can be cut; -1 if the block makes no sense. */
JANE_API int64_t jane_copy_units(const struct jane_copy *c);

/* Units begin to end - 1. The two sides do not overlap. */
JANE_API int32_t jane_copy_run(const struct jane_copy *c, const void *from, void *to, int64_t begin,
                               int64_t end);

/* fp16 to fp32 and back: to nearest, ties to even; NaN stays NaN. src and dst do not overlap. */
JANE_API int32_t jane_half_to_float(const uint16_t *src, float *dst, int64_t n);
JANE_API int32_t jane_float_to_half(const float *src, uint16_t *dst, int64_t n);

/* --- conv.c, pool.c, windows.c -------------------------------------------------------------- */

/* Windows on one axis of an image: tap k of window o is at o stride + k dilation - before, on an
 * image whose elements are spread apart, with zeros between (1 but for a transposed convolution). */
struct jane_axis {
    int64_t size;
    int64_t kernel;
    int64_t windows;
    int64_t stride;
    int64_t dilation;
    int64_t before; /* padding before the image; negative cuts it off */
    int64_t spread;
};

/* y[n, g outputs + o, u, v] = sum over c, i, j of x[n, g channels + c, tap i of window u, tap j of
 * window v] weight[g, o, c, i, j], then + bias[g outputs + o], then the larger of that and 0. Sizes
 * are 1 or more. A weight gradient is such a convolution: its images are x's channels, its channels
 * x's images and its weights dy. Sums are taken in f32; their order depends on the sizes only. */
struct jane_conv {
    int64_t images;
    int64_t groups;
    int64_t channels; /* of a group */
    int64_t outputs;  /* of a group */
    struct jane_axis h;
    struct jane_axis w;
    int64_t x_strides[4]; /* n, channel, row, column; any sign */
    int64_t w_strides[5]; /* g, o, c, i, j */
    int64_t y_strides[4];
    int64_t x_half; /* 1 if stored as fp16, 0 for fp32 */
    int64_t w_half;
    int64_t y_half;
    int64_t bias; /* 1: there is one, f32 and dense */
    int64_t relu;
    /* From here on jane_conv_plan fills in. First what the caller needs to know: */
    int64_t tiles;          /* parts of y that can be computed by themselves */
    int64_t chunks;         /* parts of the inner dimension: tasks are tiles x chunks */
    int64_t weight_tasks;   /* of jane_conv_pack; 0 if the weights are packed as they are used */
    int64_t packed_floats;  /* room for packed weights */
    int64_t partial_floats; /* room for the sums of chunks; 0 if there is one chunk */
    int64_t scratch_bytes;  /* room for each thread */
    /* Then for conv.c: whether weights are packed as they are used, whether lanes are windows of a
     * row instead of outputs, the size and number of parts along each dimension, the patch of images
     * that a task copies, the rooms in its scratch. */
    int64_t streams, by_rows;
    int64_t o_step, o_tiles, b_step, b_tiles, u_step, u_tiles, v_step, v_tiles;
    int64_t c_step, i_step, j_step, chunk_channels;
    int64_t patch_image, patch_plane, patch_row, phase, tile_floats;
    int64_t windows_at, taps_at, patch_at, panel_at, sums_at;
};

/* JANE_EINVAL also if a thread would need more than 64 MiB. */
JANE_API int32_t jane_conv_plan(struct jane_conv *p);

/* A run: all weight tasks; then all tiles x chunks tasks; then, if there are chunks, jane_conv_combine
 * for all tiles. Tasks of one kind may run at once. Unused rooms may be NULL; partials and scratch
 * are 64-aligned. Task i of jane_conv_run is chunk i mod chunks of tile i / chunks. */
JANE_API int32_t jane_conv_pack(const struct jane_conv *p, int64_t task, const void *weights,
                                float *packed);
JANE_API int32_t jane_conv_run(const struct jane_conv *p, int64_t task, const void *x,
                               const void *weights, const float *packed, const float *bias,
                               float *partials, void *y, void *scratch);
JANE_API int32_t jane_conv_combine(const struct jane_conv *p, int64_t tile, const float *bias,
                                   float *partials, void *y);

/* Pooling of x (images, channels, h.size, w.size) to y and dy (images, channels, h.windows,
 * w.windows); dx is as x. Strides 1 for dilation and spread. */
struct jane_pool {
    int64_t images;
    int64_t channels;
    struct jane_axis h;
    struct jane_axis w;
    int64_t x_strides[4];
    int64_t y_strides[4];
    int64_t dy_strides[4];
    int64_t dx_strides[4];
    int64_t half;          /* 1: all are fp16, 0: all are fp32 */
    int64_t count_padding; /* 1: a mean's divisor counts padding */
    int64_t relu;          /* 1: a maximum's gradient is 0 where x is not above 0 */
};

/* Bytes of scratch that a thread needs for the functions below; -1 if the sizes make no sense. */
JANE_API int64_t jane_pool_room(const struct jane_pool *p);

/* Planes first to last - 1, counted image by image and channel by channel. Results are bit-equal on
 * all levels. Maximum: NaN if the window has one. Mean: summed in f64. */
JANE_API int32_t jane_pool_max(const struct jane_pool *p, int64_t first, int64_t last,
                               const void *x, void *y, void *scratch);
JANE_API int32_t jane_pool_mean(const struct jane_pool *p, int64_t first, int64_t last,
                                const void *x, void *y, void *scratch);

/* dx from x, y = the pooling of x, and dy. The first of equal elements of a window gets its dy; a
 * window whose maximum is NaN gives to none. What several windows give is added row by row of
 * windows, in a row from the last to the first. */
JANE_API int32_t jane_pool_max_grad(const struct jane_pool *p, int64_t first, int64_t last,
                                    const void *x, const void *y, const void *dy, void *dx,
                                    void *scratch);
JANE_API int32_t jane_pool_mean_grad(const struct jane_pool *p, int64_t first, int64_t last,
                                     const void *dy, void *dx, void *scratch);

/* --- exact.c ------------------------------------------------------------------------------- */

/* Rows and columns of y that one call makes, and the bytes of room it needs. */
#define JANE_EXACT_ROWS 128
#define JANE_EXACT_COLUMNS 256
#define JANE_EXACT_ROOM (1 << 19)

/*
 * y = x w in the Neural Engine's measured arithmetic: fp16 operands, each product rounded to a
 * multiple of 2^-16 with ties away from zero (and dropped where the exponents add up to less than
 * -16), an exact sum that is infinite for good once it reaches 2^15 in ascending k, and a result
 * rounded to fp16 with ties away from zero. Bit for bit the same at every level.
 *
 * Element (i, p) of x is x[x_rows[i] + x_inner[p]], and so on: any strides, windows of padded
 * images, transposes. A sum begins with start[i * start_row + j * start_column], or with 0 if start
 * is NULL. y overlaps nothing.
 */
struct jane_exact {
    int64_t m;
    int64_t k;
    int64_t n;
    const uint16_t *x;
    const int64_t *x_rows;  /* (m) */
    const int64_t *x_inner; /* (k) */
    const uint16_t *w;
    const int64_t *w_inner;   /* (k) */
    const int64_t *w_columns; /* (n) */
    const uint16_t *start;
    int64_t start_row;
    int64_t start_column;
    uint16_t *y;
    const int64_t *y_rows;    /* (m) */
    const int64_t *y_columns; /* (n) */
    int64_t truncates;        /* not 0: results are rounded toward zero */
};

/* Rows i0 to i0 + JANE_EXACT_ROWS - 1 and columns j0 to j0 + JANE_EXACT_COLUMNS - 1 of y, as far as
 * there are. room: JANE_EXACT_ROOM bytes, 64-aligned. */
JANE_API int32_t jane_exact_run(const struct jane_exact *e, int64_t i0, int64_t j0, void *room);

/* Rounds n floats to halves, ties away from zero, infinite from 65520 on; flushes: what is then
 * smaller than 2^-14 becomes 0. A NaN stays. Bit for bit the same at every level. */
JANE_API int32_t jane_exact_settle(float *x, int64_t n, int64_t flushes);

#endif
