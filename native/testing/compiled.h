/* The copies from which programs of the in-memory stand-in run. */
#ifndef JANE_COMPILED_H
#define JANE_COMPILED_H

#include <stdint.h>

enum { COMPILED_FILES = 128 }; /* most of a program */

/* Copies the files of a program's folder into one below it, and notes their numbers in the file system
 * (COMPILED_FILES). Its path, to be freed. */
char *compiled_copy(const char *folder, int64_t *inodes);

/* Whether files of the folder have the sizes of those in the copy. */
int32_t compiled_same_sizes(const char *folder, const char *copy);

/* What a load runs from: the copy, or a new one, with what was overwritten in place. To be freed. */
char *compiled_again(const char *folder, const char *copy, int64_t *inodes);

#endif
