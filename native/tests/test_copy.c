#include "test.h"

#include <stddef.h>
#include <stdlib.h>

/* planes x rows x columns elements of size bytes, transposed or not, part by part. */
static void copies_every_element(int32_t level) {
    for (int i = 0; i < 300; i++) {
        int64_t size = 1 << random_bits() % 3;
        int64_t planes = 1 + random_bits() % 3;
        int64_t rows = random_bits() % 150;
        int64_t columns = random_bits() % 70;
        int transposed = i % 2;
        int64_t total = planes * rows * columns;
        struct jane_copy c = {
            .size = size,
            .rows = rows,
            .columns = columns,
            .from_row = transposed ? 1 : columns,
            .from_column = transposed ? rows : 1,
            .to_row = columns,
            .to_column = 1,
            .outer = 1,
            .dims = {planes},
            .from = {-rows * columns}, /* planes backward */
            .to = {rows * columns},
        };
        uint8_t *from = malloc((size_t)(total * size + 1));
        uint8_t *to = malloc((size_t)(total * size + 1));
        for (int64_t k = 0; k < total * size; k++) {
            from[k] = (uint8_t)random_bits();
        }
        to[total * size] = 77;
        int64_t units = jane_copy_units(&c);
        const uint8_t *last = from + (total == 0 ? 0 : (planes - 1) * rows * columns * size);
        for (int64_t unit = 0; unit < units; unit += 2) {
            int64_t end = unit + 2 < units ? unit + 2 : units;
            CHECK(jane_copy_run(&c, last, to, unit, end) == JANE_OK, "level %d", level);
        }
        for (int64_t k = 0; k < total; k++) {
            int64_t plane = planes - 1 - k / (rows * columns);
            int64_t row = k / columns % rows;
            int64_t column = k % columns;
            int64_t at = plane * rows * columns +
                         (transposed ? column * rows + row : row * columns + column);
            CHECK(memcmp(to + k * size, from + at * size, (size_t)size) == 0,
                  "level %d, size %d, %d x %d at %d", level, (int)size, (int)rows, (int)columns,
                  (int)k);
        }
        CHECK(to[total * size] == 77, "level %d wrote behind the end", level);
        free(from);
        free(to);
    }
}

static void wrong_blocks_are_refused(void) {
    struct jane_copy c = {.size = 3, .rows = 1, .columns = 1};
    CHECK(jane_copy_units(&c) == -1, "size");
    c = (struct jane_copy){.size = 4, .rows = -1, .columns = 1};
    CHECK(jane_copy_units(&c) == -1, "rows");
    c = (struct jane_copy){.size = 4, .outer = JANE_AXES + 1};
    CHECK(jane_copy_units(&c) == -1, "axes");
    CHECK(jane_copy_run(&c, &c, &c, -1, 1) == JANE_EINVAL, "begin");
}

int main(void) {
    for (int32_t level = 0; next_level(&level); level++) {
        copies_every_element(level);
    }
    wrong_blocks_are_refused();
    return failures();
}
