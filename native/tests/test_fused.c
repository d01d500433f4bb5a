#include "blocks.h"
#include "test.h"

#include <math.h>
#include <stddef.h>

#define MOST 3000

/* One load each of a and b, one step, one store, and the sum and the largest of the result. */
struct program {
    struct jane_fused head;
    struct jane_port ports[3];
    struct jane_constant constants[1];
    struct jane_step steps[2];
    struct jane_total totals[2];
};

static float room[1 << 15];

static struct program of(int32_t lane, int64_t n) {
    struct program p = {.head = {.registers = 2, .loads = 2, .stores = 1, .steps = 2, .totals = 2,
                                 .constants = 1, .tile = JANE_TILE}};
    for (int i = 0; i < 3; i++) {
        p.ports[i].view = line(JANE_FP32, n, 1);
        p.ports[i].step = i == 2 ? 1 : 0;
    }
    p.constants[0] = (struct jane_constant){.slot = 1, .value = 2.0f};
    p.steps[0] = (struct jane_step){.lane = lane, .d = 0, .a = 2, .b = 3, .c = 2, .p = 0.5f};
    p.steps[1] = (struct jane_step){.lane = JANE_LANE_MUL, .d = 4, .a = 0, .b = 1};
    p.totals[0] = (struct jane_total){.slot = 4, .kind = JANE_SUM};
    p.totals[1] = (struct jane_total){.slot = 4, .kind = JANE_MAX};
    return p;
}

static float ugly(void) {
    static const float values[] = {0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1e-42f, -1e-42f, 1.0f};
    return random_bits() % 4 == 0 ? values[random_bits() % 8] : 10 * random_float();
}

static float larger(float a, float b) {
    if (a != a || b != b) {
        return NAN;
    }
    if (a == b) {
        return signbit(a) ? b : a;
    }
    return a > b ? a : b;
}

static float expected(int32_t lane, float a, float b) {
    switch (lane) {
    case JANE_LANE_ADD:
        return a + b;
    case JANE_LANE_SUB:
        return a - b;
    case JANE_LANE_DIV:
        return a / b;
    case JANE_LANE_SCALE:
        return a * 0.5f;
    case JANE_LANE_MAX:
        return larger(a, b);
    case JANE_LANE_SQRT:
        return sqrtf(a);
    case JANE_LANE_LESS:
        return a < b ? 1.0f : 0.0f;
    default:
        return a;
    }
}

static int same(float a, float b) {
    return bits_of(a) == bits_of(b) || (a != a && b != b);
}

static void programs_run_tile_by_tile(int32_t level) {
    static const int32_t lanes[] = {JANE_LANE_ADD, JANE_LANE_SUB,  JANE_LANE_DIV, JANE_LANE_SCALE,
                                    JANE_LANE_MAX, JANE_LANE_SQRT, JANE_LANE_LESS, JANE_LANE_MOVE};
    static const int64_t sizes[] = {1, 7, 8, 31, 511, 512, 513, 1500, 2999};
    static float a[MOST + 1];
    static float b[MOST + 1];
    for (int i = 0; i < 8 * 9; i++) {
        int32_t lane = lanes[i % 8];
        int64_t n = sizes[i / 8];
        for (int64_t k = 0; k <= n; k++) {
            a[k] = ugly();
            b[k] = ugly();
        }
        static float before[MOST + 1];
        memcpy(before, a, sizeof a);
        struct program p = of(lane, n);
        CHECK(jane_fused_room(&p.head) <= (int64_t)sizeof room, "room");
        int in_place = i % 2;
        static float fresh[MOST + 1];
        float *y = in_place ? a : fresh;
        float guard = y[n];
        int64_t addresses[] = {(int64_t)(a + 0), (int64_t)b, (int64_t)y};
        double totals[2];
        CHECK(jane_fused_run(&p.head, addresses, room, 0, n, totals) == JANE_OK, "run");
        double sum = 0;
        float most = -INFINITY;
        for (int64_t k = 0; k < n; k++) {
            float e = expected(lane, before[k], b[k]) * 2.0f;
            CHECK(same(y[k], e), "level %d, lane %d, n %d: y[%d] = %g; need %g (%g, %g)", level,
                  lane, (int)n, (int)k, y[k], e, before[k], b[k]);
            sum += e;
            most = larger(most, e);
        }
        CHECK(same(y[n], guard), "level %d wrote behind the end", level);
        CHECK(same((float)totals[1], most), "level %d, largest %g; need %g", level, totals[1],
              most);
        int near = fabs(totals[0] - sum) <= 1e-9 * n * 40;
        CHECK(near || same((float)totals[0], (float)sum), "level %d, sum %g; need %g", level,
              totals[0], sum);
    }
}

static void strided_and_repeated_operands(int32_t level) {
    enum { ROWS = 67, COLUMNS = 19, N = ROWS * COLUMNS };
    static float a[N];
    static uint16_t halves[COLUMNS];
    static uint8_t bools[N];
    for (int i = 0; i < N; i++) {
        a[i] = random_float();
    }
    for (int i = 0; i < COLUMNS; i++) {
        halves[i] = (uint16_t)(0x3c00 + i); /* 1 + i / 1024 */
    }
    struct program p = of(JANE_LANE_LESS, N);
    p.ports[0].view = grid(JANE_FP32, ROWS, COLUMNS, 1, ROWS); /* a transposed */
    p.ports[1].view = grid(JANE_FP16, ROWS, COLUMNS, 0, -1);   /* backward, for every row */
    p.ports[2].view = line(JANE_BOOL, N, -1);
    int64_t addresses[] = {(int64_t)a, (int64_t)(halves + COLUMNS - 1), (int64_t)(bools + N - 1)};
    double totals[2];
    p.steps[0] = (struct jane_step){.lane = JANE_LANE_SHIFT, .d = 0, .a = 2, .p = 1.0f};
    p.steps[1] = (struct jane_step){.lane = JANE_LANE_LESS, .d = 4, .a = 0, .b = 3};
    CHECK(jane_fused_run(&p.head, addresses, room, 0, N, totals) == JANE_OK, "run");
    for (int i = 0; i < N; i++) {
        int row = i / COLUMNS;
        int column = i % COLUMNS;
        float limit = 1 + (COLUMNS - 1 - column) / 1024.0f;
        int e = a[column * ROWS + row] + 1.0f < limit;
        CHECK(bools[N - 1 - i] == e, "level %d at %d: %d; need %d", level, i, bools[N - 1 - i], e);
    }
}

static void pow_has_javas_special_values(int32_t level) {
    static const float cases[][3] = {
        {NAN, 0, 1},         {1, INFINITY, NAN}, {-1, -INFINITY, NAN}, {2, INFINITY, INFINITY},
        {0.5f, INFINITY, 0}, {-0.0f, 3, -0.0f},  {-0.0f, 2, 0},        {-0.0f, -3, -INFINITY},
        {0, -2, INFINITY},   {-2, 3, -8},        {-2, 0.5f, NAN},      {-INFINITY, -3, -0.0f},
        {3, 2, 9},           {2, -149, 1e-45f},  {2, -151, 0},         {10, 39, INFINITY},
        {-3, 33554432, INFINITY}, {NAN, 1, NAN}, {1, NAN, NAN},        {1e-45f, -0.5f, 2.6713e22f},
    };
    for (int i = 0; i < 20; i++) {
        struct program p = of(JANE_LANE_POW, 1);
        p.steps[1] = (struct jane_step){.lane = JANE_LANE_MOVE, .d = 4, .a = 0};
        float y = 7;
        float x[2] = {cases[i][0], cases[i][1]};
        int64_t addresses[] = {(int64_t)x, (int64_t)(x + 1), (int64_t)&y};
        double totals[2];
        jane_fused_run(&p.head, addresses, room, 0, 1, totals);
        int near = fabsf(y - cases[i][2]) <= 1e-4f * fabsf(y);
        CHECK(same(y, cases[i][2]) || near, "level %d: %g ^ %g = %g; need %g", level, x[0], x[1], y,
              cases[i][2]);
    }
}

static float head_of(int32_t head, float a, float b, float p) {
    float all[] = {a + b, a - b, a * b, a / b, a * p, a + p, a * a, sqrtf(a)};
    return all[head];
}

static float tail_of(int32_t tail, float t, float c, float q) {
    float scaled = c * q;
    float all[] = {t + c, t - c, c - t, t * c, t / c, c / t, t * q, t + q, sqrtf(t), t + scaled};
    return all[tail];
}

static void pairs_are_one_lane_after_another(int32_t level) {
    enum { N = 45 };
    static float x[3][N];
    for (int32_t head = 0; head < JANE_HEADS; head++) {
        for (int32_t tail = 0; tail < JANE_TAILS; tail++) {
            for (int i = 0; i < 3 * N; i++) {
                x[i / N][i % N] = ugly();
            }
            float y[N];
            struct {
                struct jane_fused head;
                struct jane_port ports[4];
                struct jane_step steps[1];
            } p = {.head = {.loads = 3, .stores = 1, .steps = 1, .tile = JANE_TILE}};
            for (int i = 0; i < 4; i++) {
                p.ports[i].view = line(JANE_FP32, N, 1);
            }
            p.steps[0] = (struct jane_step){
                .lane = JANE_PAIR(head, tail), .d = 3, .a = 0, .b = 1, .c = 2, .p = 0.3f, .q = 7};
            int64_t addresses[] = {(int64_t)x[0], (int64_t)x[1], (int64_t)x[2], (int64_t)y};
            CHECK(jane_fused_room(&p.head) > 0, "room");
            CHECK(jane_fused_run(&p.head, addresses, room, 0, N, NULL) == JANE_OK, "run");
            for (int i = 0; i < N; i++) {
                float e = tail_of(tail, head_of(head, x[0][i], x[1][i], 0.3f), x[2][i], 7);
                CHECK(same(y[i], e), "level %d, pair %d %d at %d: %g; need %g", level, head, tail,
                      i, y[i], e);
            }
        }
    }
}

static struct jane_view row_of(int64_t n) { return line(JANE_FP32, n, 1); }

/* Softmax of lines: loads 0 and, one number a line, 1; shares of x times that number. */
static void lines_have_sums_of_their_own(int32_t level) {
    static float x[4096];
    static float y[4096];
    float scales[512];
    for (int i = 0; i < 200; i++) {
        int64_t length = 1 + (int64_t)(random_bits() % 90);
        int64_t lines = 1 + (int64_t)(random_bits() % 40);
        int turned = i % 2; /* lines along the last axis, or along the first */
        struct {
            struct jane_fused head;
            struct jane_port ports[3];
            struct jane_step steps[8];
        } p = {.head = {.registers = 3, .loads = 2, .stores = 1, .steps = 8, .line = length,
                        .tile = length * (1 + (int64_t)(random_bits() % 5))}};
        p.ports[0].view = turned ? grid(JANE_FP32, lines, length, 1, lines)
                                 : row_of(lines * length);
        p.ports[1] = (struct jane_port){.narrow = 1, .view = row_of(lines)};
        p.ports[2] = (struct jane_port){.step = 7, .view = row_of(lines * length)};
        float q = (float)length;
        struct jane_step steps[] = {
            {.lane = JANE_LANE_LINE_MAX, .d = 0, .a = 3, .q = q, .narrow = 1},
            {.lane = JANE_LANE_SPREAD, .d = 1, .a = 0, .q = q, .narrow = 1},
            {.lane = JANE_PAIR(JANE_HEAD_SUB, JANE_TAIL_SCALE), .d = 2, .a = 3, .b = 1, .q = 1},
            {.lane = JANE_LANE_EXP, .d = 2, .a = 2},
            {.lane = JANE_LANE_LINE_SHARE, .d = 0, .a = 2, .q = q, .narrow = 1},
            {.lane = JANE_LANE_MUL, .d = 0, .a = 0, .b = 4, .narrow = 1},
            {.lane = JANE_LANE_SPREAD, .d = 1, .a = 0, .q = q, .narrow = 1},
            {.lane = JANE_LANE_MUL, .d = 5, .a = 2, .b = 1},
        };
        memcpy(p.steps, steps, sizeof steps);
        for (int64_t k = 0; k < lines * length; k++) {
            x[k] = 100 * random_float();
        }
        for (int64_t k = 0; k < lines; k++) {
            scales[k] = 1 + (float)k;
        }
        CHECK(jane_fused_room(&p.head) <= (int64_t)sizeof room, "room");
        int64_t addresses[] = {(int64_t)x, (int64_t)scales, (int64_t)y};
        CHECK(jane_fused_run(&p.head, addresses, room, 0, lines * length, NULL) == JANE_OK, "run");
        for (int64_t k = 0; k < lines; k++) {
            double sum = 0;
            for (int64_t j = 0; j < length; j++) {
                sum += exp((double)(turned ? x[k + j * lines] : x[k * length + j]));
            }
            for (int64_t j = 0; j < length; j++) {
                double e = exp((double)(turned ? x[k + j * lines] : x[k * length + j])) / sum;
                e *= (double)scales[k];
                double off = fabs(y[k * length + j] - e);
                CHECK(off <= 1e-5 * e + 1e-38, "level %d, line %d at %d: %g; need %g", level,
                      (int)k, (int)j, y[k * length + j], e);
            }
        }
    }
}

static void wrong_programs_are_refused(void) {
    struct program p = of(JANE_LANE_ADD, 8);
    CHECK(jane_fused_room(&p.head) > 0, "a right one");
    p.steps[1].a = 5;
    CHECK(jane_fused_room(&p.head) == -1, "a row that is not there");
    p = of(JANE_PAIRS_END, 8);
    CHECK(jane_fused_room(&p.head) == -1, "an unknown lane");
    p = of(JANE_LANE_ADD, 8);
    p.ports[1].view.outer = JANE_AXES + 1;
    CHECK(jane_fused_room(&p.head) == -1, "too many axes");
    p = of(JANE_LANE_ADD, 8);
    p.head.registers = -1;
    CHECK(jane_fused_room(&p.head) == -1, "fewer than no registers");
    p = of(JANE_LANE_ADD, 8);
    p.head.tile = 100;
    CHECK(jane_fused_room(&p.head) == -1, "a tile of another size");
    p = of(JANE_LANE_ADD, 8);
    p.head.line = 7;
    CHECK(jane_fused_room(&p.head) == -1, "a tile that ends in a line");
    p = of(JANE_LANE_ADD, 8);
    p.steps[0].narrow = 1;
    CHECK(jane_fused_room(&p.head) == -1, "a step on lines that are not there");
    p = of(JANE_LANE_LINE_SUM, 8);
    CHECK(jane_fused_room(&p.head) == -1, "sums of no lines");
    CHECK(jane_fused_room(NULL) == -1, "no program");
    p = of(JANE_LANE_ADD, 8);
    int64_t addresses[3] = {0};
    double totals[2];
    CHECK(jane_fused_run(&p.head, addresses, room, 5, 8, totals) == JANE_EINVAL, "begin");
    CHECK(jane_fused_run(&p.head, NULL, room, 0, 8, totals) == JANE_EINVAL, "addresses");
    CHECK(jane_fused_run(&p.head, addresses, NULL, 0, 8, totals) == JANE_EINVAL, "room");
    CHECK(jane_fused_run(&p.head, addresses, room, 0, 8, NULL) == JANE_EINVAL, "totals");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        programs_run_tile_by_tile(level);
        strided_and_repeated_operands(level);
        pow_has_javas_special_values(level);
        pairs_are_one_lane_after_another(level);
        lines_have_sums_of_their_own(level);
    }
    wrong_programs_are_refused();
    return failures();
}
