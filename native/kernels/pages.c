/* Large pages behind large memory: with small ones, a product that walks down a matrix pays for a
 * look into the page table at every row. */
#include <stddef.h>

#include "jane_kernels.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>

static uintptr_t up(uintptr_t address, uintptr_t page) { return (address + page - 1) / page * page; }

static void ask(uintptr_t start, uintptr_t end) {
    uintptr_t first = up(start, JANE_HUGE_PAGE);
    uintptr_t last = end / JANE_HUGE_PAGE * JANE_HUGE_PAGE;
    if (first >= last || madvise((void *)first, last - first, MADV_HUGEPAGE) != 0) {
        return;
    }
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    first = up(start, page);
    madvise((void *)first, end / page * page - first, MADV_DONTNEED); /* zeros again, when used */
}
#endif

int32_t jane_huge_pages(void *memory, int64_t size) {
    if (memory == NULL || size < 0) {
        return JANE_EINVAL;
    }
#ifdef __linux__
    ask((uintptr_t)memory, (uintptr_t)memory + (uintptr_t)size);
#endif
    return JANE_OK;
}
