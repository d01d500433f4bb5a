/* What Jane uses of it: clang-19 on Linux has no headers of macOS. */
#ifndef JANE_DARWIN_STRING_H
#define JANE_DARWIN_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int byte, size_t size);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
int memcmp(const void *a, const void *b, size_t size);
char *strstr(const char *text, const char *part);

#endif
