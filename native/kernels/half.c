/* Runs of halves as floats, and back. */
#include "dispatch.h"
#include "half.h"

void JANE_NAME(half_to_float)(const uint16_t *src, float *dst, int64_t n) {
    half_to_floats(src, dst, n);
}

void JANE_NAME(float_to_half)(const float *src, uint16_t *dst, int64_t n) {
    half_of_floats(src, dst, n);
}
