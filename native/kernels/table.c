/* The table of one level. */
#include "dispatch.h"

const struct jane_table JANE_NAME(table) = {
#define JANE_ENTRY(name, parameters) .name = JANE_NAME(name),
    JANE_KERNELS(JANE_ENTRY)
#undef JANE_ENTRY
};
