/* Checks of parameter blocks, and how a convolution is cut up. That depends on its sizes only:
 * results do not depend on the number of threads, nor the order of sums on the processor. */
#include "windows.h"

#include <stddef.h>

enum {
    COLUMNS = 512,   /* windows of a tile */
    OUTPUTS = 256,   /* outputs of a tile: with COLUMNS, half a megabyte of sums */
    DEPTH = 1024,    /* inner indices of a stretch: 64 KiB of weights */
    PATCH = 1 << 16, /* floats of the image part of a stretch */
    FEW_OUTPUTS = 4, /* with so few, lanes are windows of a row */
    FEW_TILES = 16,  /* with fewer, a long inner dimension is cut into chunks */
    MAX_PARTIALS = 1 << 20,
    MAX_PACKED = 1 << 22, /* larger weights are packed tile by tile */
    MAX_SCRATCH = 1 << 26,
    LANES = JANE_CONV_LANES
};

/* Steps of at most limit that cut size evenly. */
static int64_t even(int64_t size, int64_t limit) {
    limit = most(1, limit);
    return size <= limit ? most(1, size) : ceil_div(size, ceil_div(size, limit));
}

static void plan_results(struct jane_conv *p) {
    p->o_step = even(ceil_div(p->outputs, LANES), OUTPUTS / LANES) * LANES;
    p->v_step = even(p->w.windows, COLUMNS);
    p->u_step = p->v_step < p->w.windows ? 1 : even(p->h.windows, COLUMNS / p->w.windows);
    int64_t whole = p->h.windows * p->w.windows;
    p->b_step = p->u_step < p->h.windows || p->v_step < p->w.windows
                    ? 1
                    : even(p->images, COLUMNS / 2 / whole);
    p->o_tiles = ceil_div(p->outputs, p->o_step);
    p->v_tiles = ceil_div(p->w.windows, p->v_step);
    p->u_tiles = ceil_div(p->h.windows, p->u_step);
    p->b_tiles = ceil_div(p->images, p->b_step);
    p->tiles = p->groups * p->o_tiles * p->b_tiles * p->u_tiles * p->v_tiles;
    p->by_rows = p->outputs <= FEW_OUTPUTS && p->v_step >= 8;
    p->tile_floats = p->by_rows ? p->outputs * p->b_step * p->u_step * whole_vectors(p->v_step)
                                : p->o_step * p->b_step * p->u_step * p->v_step;
}

/* Floats of the padded part of one channel that a stretch touches; 0 if they are too many. */
static int64_t plan_plane(struct jane_conv *p) {
    p->j_step = even(p->w.kernel, DEPTH);
    p->i_step = p->j_step < p->w.kernel ? 1 : even(p->h.kernel, DEPTH / p->w.kernel);
    p->phase = ceil_div(reach(&p->w, p->v_step, p->j_step), p->w.stride);
    p->patch_row = p->phase * p->w.stride;
    int64_t rows = reach(&p->h, p->u_step, p->i_step);
    p->patch_plane = rows > MAX_SCRATCH / p->patch_row ? 0 : rows * p->patch_row;
    return p->patch_plane;
}

/* Whole channels, as many as the limits allow, if one fits. */
static void plan_channels(struct jane_conv *p) {
    int64_t c = 1;
    if (p->i_step == p->h.kernel && p->j_step == p->w.kernel) {
        c = least(DEPTH / (p->h.kernel * p->w.kernel), PATCH / (p->b_step * p->patch_plane));
    }
    p->c_step = even(p->chunk_channels, c);
    p->patch_image = p->patch_plane * p->c_step;
}

/* With few tiles, chunks of channels give every thread something to do. */
static void plan_chunks(struct jane_conv *p) {
    int64_t wanted = 1;
    int64_t inner = p->channels * p->h.kernel * p->w.kernel;
    if (p->tiles < FEW_TILES && inner >= 2 * DEPTH) {
        wanted = least(FEW_TILES, MAX_PARTIALS / (p->tiles * p->tile_floats));
        wanted = most(1, least(wanted, p->channels));
    }
    p->chunk_channels = ceil_div(p->channels, wanted);
    p->chunks = ceil_div(p->channels, p->chunk_channels);
}

static int64_t room(int64_t *end, int64_t bytes) {
    int64_t at = *end;
    *end = (at + bytes + 63) / 64 * 64;
    return at;
}

/* The product of sizes, or -1 if it is above 2^62. */
static int64_t product(const int64_t *sizes, int n) {
    int64_t all = 1;
    for (int i = 0; i < n; i++) {
        if (all > (INT64_MAX >> 1) / sizes[i]) {
            return -1;
        }
        all *= sizes[i];
    }
    return all;
}

/* Whether no size is below 1 and none is so large that products of them could overflow. */
static int is_good(const struct jane_conv *p) {
    int64_t counts[] = {p->images, p->groups, p->channels, p->outputs};
    int bad = is_bad_axis(&p->h) || is_bad_axis(&p->w);
    for (int i = 0; i < 4; i++) {
        bad |= counts[i] < 1 || counts[i] > INT32_MAX;
    }
    if (bad) {
        return 0;
    }
    int64_t results[] = {p->images, p->groups, p->outputs + LANES, p->h.windows, p->w.windows};
    int64_t weights[] = {p->groups, p->outputs + LANES, p->channels, p->h.kernel, p->w.kernel};
    return product(results, 5) > 0 && product(weights, 5) > 0;
}

/* Where everything lies that a task needs; whether it is little enough. */
static int plan_memory(struct jane_conv *p) {
    int64_t blocks = p->groups * ceil_div(p->outputs, LANES);
    int64_t inner = p->channels * p->h.kernel * p->w.kernel;
    int64_t uses = p->b_tiles * p->u_tiles * p->v_tiles; /* of a packed weight */
    int whole = p->i_step == p->h.kernel && p->j_step == p->w.kernel;
    p->streams = !whole || p->chunks > 1 || uses == 1 || inner > MAX_PACKED / (blocks * LANES);
    p->weight_tasks = p->streams ? 0 : blocks;
    p->packed_floats = p->streams ? 0 : blocks * inner * LANES;
    p->partial_floats = p->chunks > 1 ? p->chunks * p->tiles * p->tile_floats : 0;
    int64_t end = 0;
    int64_t deep = p->c_step * p->i_step * p->j_step;
    p->windows_at = room(&end, p->b_step * p->u_step * p->v_step * 4);
    p->taps_at = room(&end, deep * 4);
    p->patch_at = room(&end, (p->b_step * p->patch_image + 8) * 4);
    p->panel_at = room(&end, p->streams ? deep * LANES * 4 : 0);
    p->sums_at = room(&end, p->chunks > 1 ? 0 : p->tile_floats * 4);
    p->scratch_bytes = end;
    return end <= MAX_SCRATCH;
}

int32_t jane_conv_plan(struct jane_conv *p) {
    if (p == NULL || !is_good(p)) {
        return JANE_EINVAL;
    }
    plan_results(p);
    if (plan_plane(p) == 0) {
        return JANE_EINVAL;
    }
    plan_chunks(p);
    plan_channels(p);
    return plan_memory(p) ? JANE_OK : JANE_EINVAL;
}

int64_t jane_pool_room(const struct jane_pool *p) {
    if (p == NULL || p->images < 1 || p->channels < 1 || is_bad_axis(&p->h) || is_bad_axis(&p->w) ||
        p->h.before < 0 || p->w.before < 0 || p->images > INT32_MAX || p->channels > INT32_MAX) {
        return -1;
    }
    int64_t row = pool_phase(p) * p->w.stride;
    int64_t lines = 4 * padded(most(p->w.size, p->w.windows));
    if (row > INT32_MAX / p->h.kernel) {
        return -1;
    }
    return (2 * row * p->h.kernel + lines) * (int64_t)sizeof(float); /* rows of x and of dx */
}
