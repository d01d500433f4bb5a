/*
 * Elementwise programs: see struct jane_fused. One call runs every step over one tile after the
 * other. What is dense fp32 in memory is used where it lies; everything else goes through rows of
 * the caller's room, which together stay in the first-level cache.
 */
#include "elementwise.h"
#include "lanes.h"

/* Whether a store may go to memory as soon as it is computed, with all operands still there. */
static int may_store_at_once(const struct jane_fused *f, const struct fused_parts *p, int64_t store,
                             const int64_t *addresses, int64_t begin, int64_t end) {
    const struct jane_port *s = &p->stores[store];
    if (s->view.dtype != JANE_FP32 || !jane_view_dense(&s->view)) {
        return 0;
    }
    int64_t target = addresses[f->loads + store];
    for (int64_t i = 0; i < f->loads; i++) {
        const struct jane_view *v = &p->loads[i].view;
        if (v->dtype != JANE_FP32 || !jane_view_dense(v)) {
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

/* How a load gets its tile. */
static int is_dense(const struct jane_view *v) {
    return v->dtype == JANE_FP32 && jane_view_dense(v);
}

/* Whether every tile from begin on reads the same. */
static int is_same_for_all(const struct jane_view *v, int64_t begin) {
    int64_t period = v->step == 0 ? 1 : v->inner;
    return v->repeats && JANE_TILE % period == 0 && begin % period == 0;
}

static void run_step(const struct jane_step *s, float *const *row, int64_t n) {
    lane *f = LANES[s->lane];
    int64_t whole = n & ~(int64_t)7;
    float *d = row[s->d];
    const float *a = row[s->a];
    const float *b = row[s->b];
    const float *c = row[s->c];
    f(d, a, b, c, s->p, s->q, whole);
    if (whole != n) { /* memory ends here: the last few by way of copies */
        float r[4][8] = {{0}};
        size_t bytes = (size_t)(n - whole) * sizeof(float);
        memcpy(r[1], a + whole, bytes);
        memcpy(r[2], b + whole, bytes);
        memcpy(r[3], c + whole, bytes);
        f(r[0], r[1], r[2], r[3], s->p, s->q, 8);
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

static void fill(float *row, float value, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        row[i] = value;
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
};

/* Gives rows their places in the room, and those that stay as they are their contents. */
static void prepare(struct call *c, void *room) {
    const struct jane_fused *f = c->f;
    c->row = (float **)room;
    float *rows = (float *)((char *)room + fused_table_bytes(f));
    for (int64_t i = 0; i < fused_slots(f); i++) {
        c->row[i] = rows + i * JANE_TILE;
    }
    c->loaded = c->row + f->registers;
    c->stored = c->loaded + f->loads;
    int64_t longest = c->end - c->begin < JANE_TILE ? c->end - c->begin : JANE_TILE;
    for (int64_t i = 0; i < f->constants; i++) {
        fill(c->row[c->p.constants[i].slot], c->p.constants[i].value, longest);
    }
    for (int64_t i = 0; i < f->loads; i++) {
        const struct jane_view *v = &c->p.loads[i].view;
        if (!is_dense(v) && is_same_for_all(v, c->begin)) {
            const void *base = (const void *)c->addresses[i];
            JANE_NAME(tile_load)(v, base, c->begin, longest, c->loaded[i]);
        }
    }
    c->checked = f->stores < JANE_STORES ? f->stores : JANE_STORES;
    for (int64_t i = 0; i < c->checked; i++) {
        c->at_once[i] =
            (uint8_t)may_store_at_once(f, &c->p, i, c->addresses, c->begin, c->end);
    }
}

static void tile(struct call *c, struct running *running, int64_t flat, int64_t n) {
    const struct jane_fused *f = c->f;
    for (int64_t i = 0; i < f->loads; i++) {
        const struct jane_view *v = &c->p.loads[i].view;
        if (is_dense(v)) {
            c->loaded[i] = (float *)c->addresses[i] + flat;
        } else if (!is_same_for_all(v, c->begin)) {
            JANE_NAME(tile_load)(v, (const void *)c->addresses[i], flat, n, c->loaded[i]);
        }
    }
    for (int64_t i = 0; i < c->checked; i++) {
        if (c->at_once[i]) {
            c->stored[i] = (float *)c->addresses[f->loads + i] + flat;
        }
    }
    for (int64_t i = 0; i < f->steps; i++) {
        run_step(&c->p.steps[i], c->row, n);
    }
    for (int64_t i = 0; i < f->totals; i++) {
        add_to(&running[i], c->p.totals[i].kind, c->row[c->p.totals[i].slot], n);
    }
    for (int64_t i = 0; i < f->stores; i++) {
        if (i >= c->checked || !c->at_once[i]) {
            void *target = (void *)c->addresses[f->loads + i];
            JANE_NAME(tile_store)(&c->p.stores[i].view, target, flat, n, c->stored[i]);
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
    for (int64_t flat = begin; flat < end; flat += JANE_TILE) {
        tile(&c, running, flat, end - flat < JANE_TILE ? end - flat : JANE_TILE);
    }
    for (int64_t i = 0; i < f->totals; i++) {
        totals[i] = c.p.totals[i].kind == JANE_SUM ? sum_total(running[i].sums)
                                                   : (double)running[i].extreme;
    }
}
