/* Finding calls, classes and methods; messages; the few objects that the bridge handles. */
#include "objc.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct ane_call ane_objc_calls[OBJC_CALLS] = {
#define INMEM_CALL(field, symbol, result, arguments, need, remedy) {symbol, remedy},
#include "api.h"
};

const struct ane_call ane_objc_methods[OBJC_METHODS] = {
#define INMEM_METHOD(field, name, type, is_class, selector, result, arguments, signature, need, remedy) \
    {name, remedy},
#include "api.h"
};

static const char *const call_names[OBJC_CALLS] = {
#define INMEM_CALL(field, symbol, result, arguments, need, remedy) need ? symbol : NULL,
#include "api.h"
};

static const char *const key_names[OBJC_KEYS] = {
#define INMEM_KEY(field, symbol) symbol,
#include "api.h"
};

static const struct {
    const char *type, *selector, *signature;
    unsigned char is_class, need;
} methods[OBJC_METHODS] = {
#define INMEM_METHOD(field, name, type, is_class, selector, result, arguments, signature, need, remedy) \
    {type, selector, signature, is_class, need},
#include "api.h"
};

/* --- what is there ------------------------------------------------------------------------- */

enum { LIBRARIES = 8 };

struct missing {
    char text[ANE_TEXT];
    size_t length;
    int32_t count;
};

static void note(struct missing *missing, const char *name, const char *more) {
    size_t room = sizeof missing->text - missing->length;
    missing->length +=
        (size_t)snprintf(missing->text + missing->length, room, "%s%s%s",
                         missing->count++ == 0 ? "" : ", ", name, more);
    if (missing->length >= sizeof missing->text) {
        missing->length = sizeof missing->text - 1;
    }
}

/* Opens the libraries of a path list; their number, or -1 with the error set. */
static int32_t open_all(const char *paths, void **libraries) {
    static const struct ane_call loading = {"dlopen", "see the text"};
    ane_at(&loading);
    int32_t count = 0;
    char *copy = ane_copy(paths);
    for (char *path = copy; path != NULL && count < LIBRARIES;) {
        char *end = path;
        while (*end != ':' && *end != 0) {
            end++;
        }
        char *next = *end == ':' ? end + 1 : NULL;
        *end = 0;
        libraries[count] = dlopen(path, RTLD_NOW);
        if (libraries[count] == NULL) {
            const char *why = dlerror();
            ane_fail(JANE_ANE_ENOLIB, "dlopen",
                     "%s; need macOS 14 or newer on Apple silicon, or the CPU engine",
                     why != NULL ? why : path);
            count = -1;
            break;
        }
        count++;
        path = next;
    }
    free(copy);
    return count;
}

static void *symbol_of(void *const *libraries, int32_t count, const char *name) {
    void *address = NULL;
    for (int32_t i = 0; i < count && address == NULL; i++) {
        address = dlsym(libraries[i], name);
    }
    return address;
}

/* Past the type at c. */
static const char *past(const char *c) {
    static const char open[] = "{[(", close[] = "}])";
    while (*c == '^' || *c == 'r') {
        c++;
    }
    if (c[0] == '@' && c[1] == '"') {
        for (c += 2; *c != '"' && *c != 0;) {
            c++;
        }
    } else if (c[0] == '@' && c[1] == '?') {
        c++;
    }
    for (int32_t depth = 0; *c != 0; c++) {
        for (int32_t i = 0; i < 3; i++) {
            depth += (*c == open[i]) - (*c == close[i]);
        }
        if (depth == 0) {
            return c + 1;
        }
    }
    return c;
}

/* The runtime's encoding of a method's types as the table writes it: see api.awk. */
static void signature_of(const char *encoding, char *signature, int32_t room) {
    int32_t n = 0;
    for (const char *c = encoding; *c != 0 && n + 1 < room;) {
        char is = *c;
        switch (is) {
        case '@':
        case '#':
        case ':':
        case '*':
        case '^':
            is = 'p';
            break;
        case 'B':
        case 'c':
        case 'C':
            is = 'b';
            break;
        case 'i':
        case 'I':
            is = 'i';
            break;
        case 'q':
        case 'Q':
            is = 'q';
            break;
        case 'v':
            break;
        default: /* qualifiers, offsets in the frame; a struct and all else as it is */
            if ((is >= '0' && is <= '9') || is == '+' || is == '-' || is == 'r' || is == 'n' ||
                is == 'N' || is == 'o' || is == 'O' || is == 'R' || is == 'V' || is == 'A') {
                c++;
                continue;
            }
        }
        signature[n++] = is;
        c = past(c);
    }
    signature[n] = 0;
}

static void find_method(struct objc *o, int32_t i, struct missing *missing) {
    void *type = CALL(o, objc_getClass, methods[i].type);
    if (type == NULL) {
        int seen = 0;
        for (int32_t k = 0; k < i; k++) {
            seen |= methods[k].need && o->class_of[k] == NULL && strcmp(methods[k].type, methods[i].type) == 0;
        }
        if (methods[i].need && !seen) {
            note(missing, "class ", methods[i].type);
        }
        return;
    }
    void *selector = CALL(o, sel_registerName, methods[i].selector);
    void *method = methods[i].is_class ? CALL(o, class_getClassMethod, type, selector)
                                       : CALL(o, class_getInstanceMethod, type, selector);
    if (method == NULL) {
        if (methods[i].need) {
            note(missing, ane_objc_methods[i].name, "");
        }
        return;
    }
    const char *encoding = CALL(o, method_getTypeEncoding, method);
    char found[32], text[80];
    signature_of(encoding != NULL ? encoding : "", found, sizeof found);
    if (found[0] != 0 && strcmp(found, methods[i].signature) != 0) {
        snprintf(text, sizeof text, " (takes %s, not %s)", found, methods[i].signature);
        note(missing, ane_objc_methods[i].name, text);
        return;
    }
    o->class_of[i] = type;
    o->selector[i] = selector;
}

int32_t ane_objc_open(struct objc *o, const char *paths) {
    void *libraries[LIBRARIES];
    int32_t count = open_all(paths, libraries);
    if (count < 0) {
        return JANE_ANE_ENOLIB;
    }
    struct missing missing = {.count = 0};
    for (int32_t i = 0; i < OBJC_CALLS; i++) {
        o->address[i] = symbol_of(libraries, count, ane_objc_calls[i].name);
        if (o->address[i] == NULL && call_names[i] != NULL) {
            note(&missing, call_names[i], "");
        }
    }
    if (o->address[CALL_objc_msgSend] == NULL && o->address[CALL_objc_msg_lookup] == NULL) {
        note(&missing, "objc_msgSend", "");
    }
    for (int32_t i = 0; i < OBJC_KEYS; i++) {
        o->key[i] = symbol_of(libraries, count, key_names[i]);
        if (o->key[i] == NULL) {
            note(&missing, key_names[i], "");
        }
    }
    if (o->calls.objc_getClass != NULL && o->calls.sel_registerName != NULL &&
        o->calls.class_getClassMethod != NULL && o->calls.class_getInstanceMethod != NULL &&
        o->calls.method_getTypeEncoding != NULL) { /* else there is no runtime to ask */
        for (int32_t i = 0; i < OBJC_METHODS; i++) {
            find_method(o, i, &missing);
        }
    }
    return missing.count == 0
               ? JANE_ANE_OK
               : ane_fail(JANE_ANE_ENOSYM, "objc_getClass",
                          "%d of %d calls, classes and methods are missing or others: %.1500s; this "
                          "system's AppleNeuralEngine is another one, use the CPU engine",
                          missing.count, OBJC_CALLS + OBJC_KEYS + OBJC_METHODS, missing.text);
}

/* --- messages ------------------------------------------------------------------------------ */

void *ane_objc_code(struct objc *o, void *receiver, int32_t method) {
    ane_at(&ane_objc_methods[method]);
    return o->address[CALL_objc_msgSend] != NULL
               ? o->address[CALL_objc_msgSend]
               : o->calls.objc_msg_lookup(receiver, o->selector[method]);
}

int32_t ane_objc_pooled(struct objc *o, int32_t (*body)(void *), void *argument) {
    void *pool = CLASS_SEND(o, NSAutoreleasePool_new);
    int32_t status = ane_guard(body, argument);
    SEND(o, NSAutoreleasePool_drain, pool);
    return status;
}

void *ane_objc_string(struct objc *o, const char *text) {
    return text != NULL ? CLASS_SEND(o, NSString_stringWithUTF8String_, text) : NULL;
}

const char *ane_objc_text(struct objc *o, void *string) {
    return string != NULL ? SEND(o, NSString_UTF8String, string) : NULL;
}

void *ane_objc_number(struct objc *o, int64_t value) {
    return CLASS_SEND(o, NSNumber_numberWithLongLong_, value);
}

int32_t ane_objc_is(struct objc *o, void *object, int32_t method) {
    return object != NULL && SEND(o, NSObject_isKindOfClass_, object, o->class_of[method]) != 0;
}

void *ane_objc_get(struct objc *o, void *dictionary, const char *key, int32_t method) {
    if (!ane_objc_is(o, dictionary, METHOD_NSDictionary_objectForKey_)) {
        return NULL;
    }
    void *name = ane_objc_string(o, key);
    void *value = SEND(o, NSDictionary_objectForKey_, dictionary, name);
    return ane_objc_is(o, value, method) ? value : NULL;
}

void *ane_objc_at(struct objc *o, void *array, uint64_t index, int32_t method) {
    void *value = (int64_t)index < ane_objc_count(o, array)
                      ? SEND(o, NSArray_objectAtIndex_, array, index)
                      : NULL;
    return ane_objc_is(o, value, method) ? value : NULL;
}

int64_t ane_objc_count(struct objc *o, void *array) {
    return ane_objc_is(o, array, METHOD_NSArray_count) ? (int64_t)SEND(o, NSArray_count, array) : 0;
}

int64_t ane_objc_integer(struct objc *o, void *dictionary, const char *key, int64_t other) {
    void *number = ane_objc_get(o, dictionary, key, METHOD_NSNumber_longLongValue);
    return number != NULL ? SEND(o, NSNumber_longLongValue, number) : other;
}

int32_t ane_objc_failed(struct objc *o, int32_t code, int32_t method, void *error) {
    if (error == NULL) {
        return ane_refused(code, &ane_objc_methods[method], 0, "it failed and gave no error");
    }
    int64_t native = SEND(o, NSError_code, error);
    const char *domain = ane_objc_text(o, SEND(o, NSError_domain, error));
    const char *said = ane_objc_text(o, SEND(o, NSError_localizedDescription, error));
    char text[ANE_TEXT];
    int32_t empty = said == NULL || *said == 0 || strstr(said, "err=()") != NULL;
    snprintf(text, sizeof text, "%.200s: %.900s%s", domain != NULL ? domain : "no domain",
             said != NULL ? said : "", empty ? " (an empty error: no reason is given)" : "");
    return ane_refused(code, &ane_objc_methods[method], native, text);
}
