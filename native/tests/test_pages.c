#include <stdlib.h>

#include "test.h"

#define SIZE ((3 << 20) + 64) /* one whole page of that size, and more */

#ifdef __linux__
#include <sys/mman.h>

/* New memory of the process, zeros, as an allocator gets it. */
static char *fresh(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}
#else
static char *fresh(size_t size) { return calloc(size, 1); }
#endif

int main(void) {
    char *raw = fresh(SIZE + JANE_HUGE_PAGE);
    CHECK(raw != NULL, "no memory");
    char *at = raw + JANE_HUGE_PAGE - (uintptr_t)raw % JANE_HUGE_PAGE;
    at[SIZE - 1] = 7; /* beyond the last whole page */
    CHECK(jane_huge_pages(at, SIZE) == JANE_OK, "refused");
    int64_t others = 0;
    for (int64_t i = 0; i < SIZE - 1; i++) {
        others += at[i] != 0;
    }
    CHECK(others == 0, "%d bytes are no zeros", (int)others);
    CHECK(at[SIZE - 1] == 7, "%d", at[SIZE - 1]);
    memset(at, 1, SIZE);
    CHECK(at[0] == 1 && at[SIZE - 1] == 1, "cannot be written");
    CHECK(jane_huge_pages(at, 0) == JANE_OK, "nothing is refused");
    CHECK(jane_huge_pages(at, JANE_HUGE_PAGE - 1) == JANE_OK, "less than a page is refused");
    CHECK(at[0] == 1, "contents of less than a page are gone");
    CHECK(jane_huge_pages(at + 64, SIZE) == JANE_EINVAL, "between pages");
    CHECK(jane_huge_pages(NULL, SIZE) == JANE_EINVAL, "nowhere");
    CHECK(jane_huge_pages(at, -1) == JANE_EINVAL, "a size below 0");
    return failures();
}
