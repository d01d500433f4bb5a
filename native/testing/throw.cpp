// Throws as Espresso does: through its C calls.
#include <stdexcept>

extern "C" __attribute__((visibility("hidden"))) void standin_throw(const char *text);

void standin_throw(const char *text) {
    if (text == nullptr) {
        throw 1; // of a kind nobody knows
    }
    throw std::out_of_range(text);
}
