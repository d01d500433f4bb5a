#include "test.h"

int main(void) {
    CHECK(jane_kernels_abi() == JANE_KERNELS_ABI, "%d", jane_kernels_abi());
    int32_t best = jane_kernels_level();
    int levels = 0;
    for (int32_t level = 0; next_level(&level); level++) {
        CHECK(jane_kernels_level() == level, "%d instead of %d", jane_kernels_level(), level);
        CHECK(level <= best, "%d is above the best, %d", level, best);
        levels++;
    }
    CHECK(levels >= 1, "%d levels", levels);
    CHECK(jane_kernels_force(JANE_SCALAR) == JANE_OK, "no scalar level");
    CHECK(jane_kernels_force(99) == JANE_EINVAL, "level 99");
    CHECK(jane_kernels_force(-1) == JANE_EINVAL, "level -1");
    CHECK(jane_kernels_level() == JANE_SCALAR, "%d", jane_kernels_level());
    return failures();
}
