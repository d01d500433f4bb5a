/* What the bridge uses of it. */
#ifndef JANE_DARWIN_STDIO_H
#define JANE_DARWIN_STDIO_H

#include <stdarg.h>
#include <stddef.h>

typedef struct jane_darwin_file FILE;

FILE *fopen(const char *restrict path, const char *restrict mode);
size_t fwrite(const void *restrict bytes, size_t size, size_t count, FILE *restrict file);
int fclose(FILE *file);
int snprintf(char *restrict to, size_t size, const char *restrict format, ...);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list values);

#endif
