/* What goes round the matrix products of a BLAS. */
#include "dispatch.h"
#include "simd.h"

void JANE_NAME(combine_f32)(const float *parts, int64_t stride, float *sum, int64_t count,
                            int64_t n) {
    int64_t i = 0;
    for (; i + VF_WIDTH <= n; i += VF_WIDTH) {
        vf total = vf_load(parts + i);
        for (int64_t part = 1; part < count; part++) {
            total += vf_load(parts + part * stride + i);
        }
        vf_store(sum + i, total);
    }
    for (; i < n; i++) {
        float total = parts[i];
        for (int64_t part = 1; part < count; part++) {
            total += parts[part * stride + i];
        }
        sum[i] = total;
    }
}
