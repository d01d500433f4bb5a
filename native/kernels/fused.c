/*
 * Elementwise programs: see struct jane_fused. One call runs every step over one tile after the
 * other. What is dense fp32 in memory is used where it lies; everything else goes through rows of
 * the caller's room, which together stay in the first-level cache.
 */
#ifdef JANE_LEVEL_avx512
#define VF_WIDTH 16
#endif

#include "elementwise.h"
#include "lanes.h"

static void fill(float *row, float value, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        row[i] = value;
    }
}

/* Whether a port is dense fp32 in memory, element by element. */
static int is_dense(const struct jane_port *p) {
    return p->view.dtype == JANE_FP32 && jane_view_dense(&p->view) && !p->narrow;
}

/* Whether a store may go to memory as soon as it is computed, with all operands still there. */
static int may_store_at_once(const struct jane_fused *f, const struct fused_parts *p, int64_t store,
                             const int64_t *addresses, int64_t begin, int64_t end) {
    const struct jane_port *s = &p->stores[store];
    if (!is_dense(s)) {
        return 0;
    }
    int64_t target = addresses[f->loads + store];
    for (int64_t i = 0; i < f->loads; i++) {
        if (!is_dense(&p->loads[i])) {
            continue; /* is copied into its row before any step */
        }
        int64_t length = 4 * (end - begin);
        int64_t apart = addresses[i] - target;
        if (apart > -length && apart < length && (apart != 0 || p->loads[i].step > s->step)) {
            return 0;
        }
    }
    return 1;
}

/* Whether every tile from begin on reads the same. */
static int is_same_for_all(const struct jane_port *p, int64_t tile, int64_t begin) {
    const struct jane_view *v = &p->view;
    int64_t period = v->step == 0 ? 1 : v->inner;
    return !p->narrow && v->repeats && tile % period == 0 && begin % period == 0;
}

/* The bytes of memory, from the first to behind the last, that a view is about. */
struct reach {
    int64_t from;
    int64_t to;
};

static void extend(struct reach *r, int64_t bytes) {
    r->from += bytes < 0 ? bytes : 0;
    r->to += bytes > 0 ? bytes : 0;
}

static struct reach reach_of(const struct jane_view *v, int64_t address) {
    int64_t size = v->dtype == JANE_FP32 ? 4 : v->dtype == JANE_FP16 ? 2 : 1;
    struct reach r = {address, address + size};
    extend(&r, size * (v->inner - 1) * v->step);
    for (int64_t i = 0; i < v->outer; i++) {
        extend(&r, size * (v->dims[i] - 1) * v->strides[i]);
    }
    return r;
}

/* Whether a load may be read where it lies, tile by tile, as far as a tile is in one piece. */
static int is_apart(const struct jane_fused *f, const struct fused_parts *p, int64_t load,
                    const int64_t *addresses) {
    const struct jane_port *l = &p->loads[load];
    if (l->view.dtype != JANE_FP32 || l->view.step != 1 || l->narrow) {
        return 0;
    }
    struct reach mine = reach_of(&l->view, addresses[load]);
    for (int64_t i = 0; i < f->stores; i++) {
        struct reach r = reach_of(&p->stores[i].view, addresses[f->loads + i]);
        if (mine.from < r.to && r.from < mine.to) {
            return 0;
        }
    }
    return 1;
}

/* From lines to a number each, or back. */
static void run_lines(const struct jane_step *s, float *d, const float *a, int64_t line,
                      int64_t lines) {
    double result;
    for (int64_t i = 0; i < lines; i++) {
        switch (s->lane) {
        case JANE_LANE_LINE_SUM:
            JANE_NAME(of_line)(JANE_SUM, a + i * line, line, &result);
            d[i] = (float)(result / (double)s->p);
            break;
        case JANE_LANE_LINE_SHARE:
            JANE_NAME(of_line)(JANE_SUM, a + i * line, line, &result);
            d[i] = (float)(1.0 / result);
            break;
        case JANE_LANE_LINE_MAX:
            JANE_NAME(of_line)(JANE_MAX, a + i * line, line, &result);
            d[i] = (float)result;
            break;
        case JANE_LANE_LINE_MIN:
            JANE_NAME(of_line)(JANE_MIN, a + i * line, line, &result);
            d[i] = (float)result;
            break;
        default:
            fill(d + i * line, a[i], line);
        }
    }
}

static void run_step(const struct jane_step *s, float *const *row, int64_t n, int64_t line) {
    float *d = row[s->d];
    const float *a = row[s->a];
    const float *b = row[s->b];
    const float *c = row[s->c];
    if (s->lane >= JANE_LANE_LINE_SUM && s->lane < JANE_LANES) {
        run_lines(s, d, a, line, n / line);
        return;
    }
    lane *f = LANES[s->lane];
    if (s->narrow) { /* in rows of the room, which have space for whole vectors */
        f(d, a, b, c, s->p, s->q, (n / line + VF_WIDTH - 1) & ~(int64_t)(VF_WIDTH - 1));
        return;
    }
    int64_t whole = n & ~(int64_t)(VF_WIDTH - 1);
    f(d, a, b, c, s->p, s->q, whole);
    if (whole != n) { /* memory ends here: the last few by way of copies */
        float r[4][VF_WIDTH] = {{0}};
        size_t bytes = (size_t)(n - whole) * sizeof(float);
        memcpy(r[1], a + whole, bytes);
        memcpy(r[2], b + whole, bytes);
        memcpy(r[3], c + whole, bytes);
        f(r[0], r[1], r[2], r[3], s->p, s->q, VF_WIDTH);
        memcpy(d + whole, r[0], bytes);
    }
}

/* What a total has come to. */
struct running {
    double sums[JANE_SUMS];
    float extreme;
};

static void add_to(struct running *r, int64_t kind, const float *src, int64_t n) {
    if (kind == JANE_MAX) {
        JANE_NAME(largest)(&r->extreme, src, n);
    } else if (kind == JANE_MIN) {
        JANE_NAME(smallest)(&r->extreme, src, n);
    } else {
        JANE_NAME(sum)(r->sums, src, n);
    }
}

/* A call of fused_run. */
struct call {
    const struct jane_fused *f;
    struct fused_parts p;
    const int64_t *addresses;
    int64_t begin;
    int64_t end;
    float **row;    /* where each row is now */
    float **loaded; /* those of loads */
    float **stored; /* those of stores */
    int64_t checked; /* stores that may_store_at_once was asked about */
    uint8_t at_once[JANE_STORES];
    uint64_t apart; /* loads, of the first 64, that is_apart said yes about */
};

/* A row's own place in the room. */
static float *row_of(const struct call *c, int64_t i) {
    char *rows = (char *)c->row + fused_table_bytes(c->f);
    return (float *)rows + i * fused_row_floats(c->f);
}

/* Gives rows their places in the room, and those that stay as they are their contents. */
static void prepare(struct call *c, void *room) {
    const struct jane_fused *f = c->f;
    c->row = (float **)room;
    for (int64_t i = 0; i < fused_slots(f); i++) {
        c->row[i] = row_of(c, i);
    }
    c->loaded = c->row + f->registers;
    c->stored = c->loaded + f->loads;
    int64_t longest = c->end - c->begin < f->tile ? c->end - c->begin : f->tile;
    for (int64_t i = 0; i < f->constants; i++) {
        fill(c->row[c->p.constants[i].slot], c->p.constants[i].value, longest);
    }
    for (int64_t i = 0; i < f->loads; i++) {
        if (!is_dense(&c->p.loads[i]) && is_same_for_all(&c->p.loads[i], f->tile, c->begin)) {
            const void *base = (const void *)c->addresses[i];
            JANE_NAME(tile_load)(&c->p.loads[i].view, base, c->begin, longest, c->loaded[i]);
        }
    }
    for (int64_t i = 0; i < f->loads && i < 64; i++) {
        c->apart |= (uint64_t)is_apart(f, &c->p, i, c->addresses) << i;
    }
    c->checked = f->stores < JANE_STORES ? f->stores : JANE_STORES;
    for (int64_t i = 0; i < c->checked; i++) {
        c->at_once[i] =
            (uint8_t)may_store_at_once(f, &c->p, i, c->addresses, c->begin, c->end);
    }
}

/* A load's part of a tile: where it lies in memory, or in its row. */
static void load(struct call *c, int64_t i, int64_t flat, int64_t n) {
    const struct jane_port *p = &c->p.loads[i];
    const void *base = (const void *)c->addresses[i];
    if (is_dense(p)) {
        c->loaded[i] = (float *)c->addresses[i] + flat;
        return;
    }
    if (p->narrow) {
        int64_t line = c->f->line;
        JANE_NAME(tile_load)(&p->view, base, flat / line, n / line, c->loaded[i]);
        return;
    }
    if (is_same_for_all(p, c->f->tile, c->begin)) {
        return; /* is there since prepare */
    }
    if (i < 64 && (c->apart >> i & 1) != 0) {
        struct jane_walk w = jane_walk_from(&p->view, flat);
        if (w.column + n <= p->view.inner) {
            c->loaded[i] = (float *)c->addresses[i] + w.at + w.column;
            return;
        }
        c->loaded[i] = row_of(c, c->f->registers + i);
    }
    JANE_NAME(tile_load)(&p->view, base, flat, n, c->loaded[i]);
}

static void store(struct call *c, int64_t i, int64_t flat, int64_t n) {
    const struct jane_port *p = &c->p.stores[i];
    void *target = (void *)c->addresses[c->f->loads + i];
    int64_t each = p->narrow ? c->f->line : 1;
    JANE_NAME(tile_store)(&p->view, target, flat / each, n / each, c->stored[i]);
}

static void tile(struct call *c, struct running *running, int64_t flat, int64_t n) {
    const struct jane_fused *f = c->f;
    for (int64_t i = 0; i < f->loads; i++) {
        load(c, i, flat, n);
    }
    for (int64_t i = 0; i < c->checked; i++) {
        if (c->at_once[i]) {
            c->stored[i] = (float *)c->addresses[f->loads + i] + flat;
        }
    }
    for (int64_t i = 0; i < f->steps; i++) {
        run_step(&c->p.steps[i], c->row, n, f->line);
    }
    for (int64_t i = 0; i < f->totals; i++) {
        add_to(&running[i], c->p.totals[i].kind, c->row[c->p.totals[i].slot], n);
    }
    for (int64_t i = 0; i < f->stores; i++) {
        if (i >= c->checked || !c->at_once[i]) {
            store(c, i, flat, n);
        }
    }
}

void JANE_NAME(fused_run)(const struct jane_fused *f, const int64_t *addresses, void *room,
                          int64_t begin, int64_t end, double *totals) {
    struct call c = {
        .f = f, .p = fused_parts(f), .addresses = addresses, .begin = begin, .end = end};
    prepare(&c, room);
    struct running running[JANE_TOTALS];
    for (int64_t i = 0; i < f->totals; i++) {
        float start = c.p.totals[i].kind == JANE_MAX ? -INFINITY : INFINITY;
        running[i] = (struct running){.extreme = start};
    }
    for (int64_t flat = begin; flat < end; flat += f->tile) {
        tile(&c, running, flat, end - flat < f->tile ? end - flat : f->tile);
    }
    for (int64_t i = 0; i < f->totals; i++) {
        totals[i] = c.p.totals[i].kind == JANE_SUM ? sum_total(running[i].sums)
                                                   : (double)running[i].extreme;
    }
}
