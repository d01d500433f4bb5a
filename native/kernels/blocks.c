/* Checks of the parameter blocks, and the room that their kernels need. The same at all levels. */
#include "elementwise.h"

#include <stddef.h>

static int is_bad_view(const struct jane_view *v) {
    return v->dtype < JANE_FP32 || v->dtype > JANE_BOOL || v->inner < 1 || v->outer < 0 ||
           v->outer > JANE_AXES;
}

/* Whether a count is negative, or so large that sums of sizes could overflow. */
static int is_bad_count(int64_t n) { return n < 0 || n > 1 << 20; }

/* Whether tiles are no whole lines, or so long that sizes of rows could overflow. */
static int is_bad_tile(const struct jane_fused *f) {
    return f->line < 0 || f->tile < 1 || f->tile > INT32_MAX ||
           (f->line == 0 ? f->tile != JANE_TILE : f->tile % f->line != 0);
}

static int is_bad_head(const struct jane_fused *f) {
    return is_bad_count(f->registers) || is_bad_count(f->loads) || is_bad_count(f->stores) ||
           is_bad_count(f->constants) || is_bad_count(f->steps) || f->totals < 0 ||
           f->totals > JANE_TOTALS || is_bad_tile(f);
}

static int is_bad_row(int64_t row, int64_t rows) { return row < 0 || row >= rows; }

/* Whether a step is about lines that are not there, or of another length. */
static int is_bad_line(const struct jane_fused *f, const struct jane_step *s) {
    int of_lines = s->lane >= JANE_LANE_LINE_SUM && s->lane < JANE_LANES;
    return (f->line == 0 && s->narrow != 0) ||
           (of_lines && (s->narrow == 0 || s->q != (float)f->line));
}

int64_t jane_fused_room(const struct jane_fused *f) {
    if (f == NULL || is_bad_head(f)) {
        return -1;
    }
    struct fused_parts p = fused_parts(f);
    int64_t rows = fused_slots(f);
    int bad = 0;
    for (int64_t i = 0; i < f->loads + f->stores; i++) {
        bad |= is_bad_view(&p.loads[i].view) || /* stores follow loads */
               (p.loads[i].narrow != 0 && f->line == 0);
    }
    for (int64_t i = 0; i < f->constants; i++) {
        bad |= is_bad_row(p.constants[i].slot, rows);
    }
    for (int64_t i = 0; i < f->steps; i++) {
        const struct jane_step *s = &p.steps[i];
        bad |= s->lane < 0 || s->lane >= JANE_PAIRS_END || is_bad_row(s->d, rows) ||
               is_bad_row(s->a, rows) || is_bad_row(s->b, rows) || is_bad_row(s->c, rows) ||
               is_bad_line(f, s);
    }
    for (int64_t i = 0; i < f->totals; i++) {
        bad |= is_bad_row(p.totals[i].slot, rows) || p.totals[i].kind < JANE_SUM ||
               p.totals[i].kind > JANE_MIN;
    }
    return bad ? -1 : fused_table_bytes(f) + rows * fused_row_floats(f) * (int64_t)sizeof(float);
}

int64_t jane_reduce_room(const struct jane_reduce *r) {
    int bad = r == NULL || r->kind < JANE_SUM || r->kind > JANE_MIN || r->kept < 0 ||
              r->reduced < 0 || r->chunk < 1 || is_bad_view(&r->x) || is_bad_view(&r->y);
    return bad ? -1 : (int64_t)(JANE_TILE * sizeof(float));
}

int64_t jane_copy_units(const struct jane_copy *c) {
    if (c == NULL || (c->size != 1 && c->size != 2 && c->size != 4) || c->rows < 0 ||
        c->columns < 0 || c->outer < 0 || c->outer > JANE_AXES) {
        return -1;
    }
    int64_t count = copy_bands(c);
    for (int64_t i = 0; i < c->outer; i++) {
        count *= c->dims[i];
    }
    return count;
}
