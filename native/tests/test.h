/* A few lines of test framework: CHECK counts and goes on; main ends with return failures(). */
#ifndef JANE_TEST_H
#define JANE_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "jane_kernels.h"

static int failed;

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            failed++;                                                                              \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fputc('\n', stderr);                                                                   \
        }                                                                                          \
    } while (0)

static inline int failures(void) {
    printf("%d failures\n", failed);
    return failed != 0;
}

/* xorshift64*: the same numbers on every machine. */
static uint64_t seed = 20260101;

static inline uint32_t random_bits(void) {
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * 0x2545f4914f6cdd1dULL) >> 32);
}

/* -1 to 1. */
static inline float random_float(void) {
    return (float)(int32_t)random_bits() / 2147483648.0f;
}

static inline uint32_t bits_of(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* for (level = 0; next_level(&level); level++): every level that this machine has, in use. */
static inline int next_level(int32_t *level) {
    while (*level <= JANE_AVX512) {
        if (jane_kernels_force(*level) == JANE_OK) {
            return 1;
        }
        ++*level;
    }
    return 0;
}

#endif
