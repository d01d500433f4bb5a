/* The in-memory route on a framework of another macOS: what is missing, and what takes other
 * arguments, is named, all of it. argv: that framework. */
#include "fixture.h"

int main(int argc, char **argv) {
    static const char *const want[] = {
        "class _ANEInMemoryModelDescriptor, ",
        "class _ANEIOSurfaceObject, ",
        "class _ANERequest; ",
        "-[_ANEInMemoryModel hexStringIdentifier], ",
        "-[_ANEInMemoryModel compileWithQoS:options:error:], ",
        "-[_ANEInMemoryModel loadWithQoS:options:error:] (takes bppqpp, not bppipp), ",
        "-[_ANEInMemoryModel evaluateWithQoS:options:request:error:], ",
        "-[_ANEInMemoryModel modelAttributes] (takes {pp, not ppp), ",
    };
    jane_ane *ane;
    if (argc != 2) {
        return 2;
    }
    REFUSED(JANE_ANE_ENOSYM, jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK(has(jane_ane_last_error(), want[i]), "names %s", want[i]);
    }
    CHECK(has(jane_ane_last_error(), "9 of ") && has(jane_ane_last_error(), "use the CPU engine"), "counts");
    CHECK(!has(jane_ane_last_error(), "inMemoryModelWithDescriptor") && !has(jane_ane_last_error(), "Device"),
          "what is there, or not needed, is not named");
    (void)folder, (void)cache;
    return failures();
}
