/* The text of the last failure, one for each thread. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

static _Thread_local char last_text[ANE_TEXT];
static _Thread_local int64_t last_native;
static _Thread_local const struct ane_call *current;

JANE_API int32_t jane_ane_abi(void) {
    return JANE_ANE_ABI;
}

JANE_API const char *jane_ane_last_error(void) {
    return last_text;
}

JANE_API int64_t jane_ane_last_native(void) {
    return last_native;
}

int32_t ane_fail(int32_t code, const char *where, const char *format, ...) {
    char text[ANE_TEXT];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    last_native = 0;
    snprintf(last_text, sizeof last_text, "%.200s: %.1800s", where, text);
    return code;
}

int32_t ane_refused(int32_t code, const struct ane_call *call, int64_t native, const char *text) {
    last_native = native;
    snprintf(last_text, sizeof last_text, "%s: status %lld (0x%llx): %.1200s; %s", call->name,
             (long long)native, (unsigned long long)native,
             text != NULL ? text : "the framework says no more here", call->remedy);
    return code;
}

void ane_restore(const char *text, int64_t native) {
    last_native = native;
    snprintf(last_text, sizeof last_text, "%s", text);
}

void ane_at(const struct ane_call *call) {
    current = call;
}

int32_t ane_threw(const char *text) {
    last_native = 0;
    snprintf(last_text, sizeof last_text, "%s: status none, it threw: %.1200s; %s",
             current != NULL ? current->name : "the framework", text != NULL ? text : "no text",
             current != NULL ? current->remedy : "report it with the system's log");
    return JANE_ANE_EEXCEPTION;
}

char *ane_copy(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

void ane_line(char *text, int64_t room, int64_t *length, const char *key, const char *format, ...) {
    char value[ANE_TEXT];
    va_list values;
    va_start(values, format);
    vsnprintf(value, sizeof value, format, values);
    va_end(values);
    for (char *c = value; *c != 0; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    int64_t left = room - *length;
    *length += snprintf(left > 0 ? text + *length : NULL, left > 0 ? (size_t)left : 0, "%s=%s\n",
                        key, value);
}
