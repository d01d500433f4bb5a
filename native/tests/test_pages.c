#include <stdlib.h>

#include "test.h"

#define SIZE ((5 << 20) + 64) /* one whole page of that size at least, wherever it begins */

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
    char *raw = fresh(SIZE + 2 * JANE_HUGE_PAGE);
    CHECK(raw != NULL, "no memory");
    char *at = raw + JANE_HUGE_PAGE - (uintptr_t)raw % JANE_HUGE_PAGE + 64; /* as malloc's */
    at[-1] = 5;
    at[SIZE] = 7; /* somebody else's, on pages that are ours in part */
    CHECK(jane_huge_pages(at, SIZE) == JANE_OK, "refused");
    int64_t others = 0;
    for (int64_t i = 0; i < SIZE; i++) {
        others += at[i] != 0;
    }
    CHECK(others == 0, "%d bytes are no zeros", (int)others);
    CHECK(at[-1] == 5 && at[SIZE] == 7, "%d %d", at[-1], at[SIZE]);
    memset(at, 1, SIZE);
    CHECK(at[0] == 1 && at[SIZE - 1] == 1, "cannot be written");
    CHECK(jane_huge_pages(at, 0) == JANE_OK, "nothing is refused");
    CHECK(jane_huge_pages(at, JANE_HUGE_PAGE - 1) == JANE_OK, "less than a page is refused");
    CHECK(at[0] == 1, "contents of less than a page are gone");
    CHECK(jane_huge_pages(NULL, SIZE) == JANE_EINVAL, "nowhere");
    CHECK(jane_huge_pages(at, -1) == JANE_EINVAL, "a size below 0");
    return failures();
}
