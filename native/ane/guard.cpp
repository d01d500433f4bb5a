// The border for exceptions: Espresso is C++ behind its C calls and lets them through.
#include <exception>

extern "C" {
int ane_threw(const char *text);
int ane_guard(int (*body)(void *), void *argument);

// guard_objc.m, where there is an Objective-C runtime to link with: knows what an NSException says.
__attribute__((weak)) int ane_guard_objc(int (*body)(void *), void *argument);
}

int ane_guard(int (*body)(void *), void *argument) {
    try {
        return ane_guard_objc != nullptr ? ane_guard_objc(body, argument) : body(argument);
    } catch (const std::exception &e) {
        return ane_threw(e.what());
    } catch (...) {
        return ane_threw("an exception of another kind than std::exception");
    }
}
