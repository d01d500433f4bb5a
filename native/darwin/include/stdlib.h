/* What the bridge uses of it. */
#ifndef JANE_DARWIN_STDLIB_H
#define JANE_DARWIN_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);
int posix_memalign(void **memory, size_t alignment, size_t size);

#endif
