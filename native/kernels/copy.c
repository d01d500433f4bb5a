/* Copies between strided views: see struct jane_copy. Bits are moved as they are. */
#include "elementwise.h"

#include <string.h>

/* Edge of the squares in which a transposition is done: lines of both sides stay in the cache. */
#define SQUARE 16

/* rows x columns elements from src to dst, square by square. */
#define MATRIX(name, type)                                                                     \
    static void name(const struct jane_copy *c, const void *src, void *dst, int64_t rows) {    \
        const type *from = (const type *)src;                                                  \
        type *to = (type *)dst;                                                                \
        for (int64_t i0 = 0; i0 < rows; i0 += SQUARE) {                                        \
            int64_t i1 = i0 + SQUARE < rows ? i0 + SQUARE : rows;                              \
            for (int64_t j0 = 0; j0 < c->columns; j0 += SQUARE) {                              \
                int64_t j1 = j0 + SQUARE < c->columns ? j0 + SQUARE : c->columns;              \
                for (int64_t i = i0; i < i1; i++) {                                            \
                    for (int64_t j = j0; j < j1; j++) {                                        \
                        to[i * c->to_row + j * c->to_column] =                                 \
                            from[i * c->from_row + j * c->from_column];                        \
                    }                                                                          \
                }                                                                              \
            }                                                                                  \
        }                                                                                      \
    }

MATRIX(matrix_1, uint8_t)
MATRIX(matrix_2, uint16_t)
MATRIX(matrix_4, uint32_t)

static void lines(const struct jane_copy *c, const char *from, char *to, int64_t rows) {
    for (int64_t i = 0; i < rows; i++) {
        memcpy(to + i * c->to_row * c->size, from + i * c->from_row * c->size,
               (size_t)(c->columns * c->size));
    }
}

static void band(const struct jane_copy *c, const char *from, char *to, int64_t rows) {
    if (c->from_column == 1 && c->to_column == 1) {
        lines(c, from, to, rows);
    } else if (c->size == 1) {
        matrix_1(c, from, to, rows);
    } else if (c->size == 2) {
        matrix_2(c, from, to, rows);
    } else {
        matrix_4(c, from, to, rows);
    }
}

void JANE_NAME(copy_run)(const struct jane_copy *c, const void *from, void *to, int64_t begin,
                             int64_t end) {
    for (int64_t unit = begin; unit < end; unit++) {
        int64_t matrix = unit / copy_bands(c);
        int64_t row = (unit - matrix * copy_bands(c)) * JANE_BAND;
        int64_t source = row * c->from_row;
        int64_t target = row * c->to_row;
        for (int64_t i = c->outer - 1; i >= 0; i--) {
            int64_t above = matrix / c->dims[i];
            source += (matrix - above * c->dims[i]) * c->from[i];
            target += (matrix - above * c->dims[i]) * c->to[i];
            matrix = above;
        }
        int64_t rows = c->rows - row < JANE_BAND ? c->rows - row : JANE_BAND;
        band(c, (const char *)from + source * c->size, (char *)to + target * c->size, rows);
    }
}
