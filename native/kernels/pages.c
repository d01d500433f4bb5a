/* Large pages behind large memory: with small ones, a product that walks down a matrix pays for a
 * look into the page table at every row. */
#include <stddef.h>

#include "jane_kernels.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

int32_t jane_huge_pages(void *memory, int64_t size) {
    if (memory == NULL || size < 0 || (uintptr_t)memory % JANE_HUGE_PAGE != 0) {
        return JANE_EINVAL;
    }
#ifdef __linux__
    size_t whole = (size_t)(size / JANE_HUGE_PAGE * JANE_HUGE_PAGE);
    if (whole > 0 && madvise(memory, whole, MADV_HUGEPAGE) == 0) {
        madvise(memory, whole, MADV_DONTNEED); /* small ones that it has already; zeros again */
    }
#endif
    return JANE_OK;
}
