/* Core Foundation of the stand-in for power, whose objects all of it is made of, and the controls. */
#include "power_objects.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS_KEPT = 64 };

struct standin_power power_now = {.full = -1, .low_power = -1, .heat = -1, .unit = "mJ"};
int32_t power_throws, power_pools;
static struct object *alive;
static struct { const char *symbol; int64_t count; } calls[CALLS_KEPT];
static char failing[64];
static const char *broken = "";
static int32_t fails_in;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void power_breaks(const char *rule) {
    broken = *broken == 0 ? rule : broken;
}

int32_t power_called(const char *symbol) {
    pthread_mutex_lock(&mutex);
    int32_t i = 0;
    while (i < CALLS_KEPT - 1 && calls[i].symbol != NULL && strcmp(calls[i].symbol, symbol) != 0) {
        i++;
    }
    calls[i].symbol = symbol;
    calls[i].count++;
    int32_t hit = fails_in > 0 && (strcmp(failing, "*") == 0 || strcmp(failing, symbol) == 0);
    int32_t fails = hit && --fails_in == 0;
    pthread_mutex_unlock(&mutex);
    return fails;
}

struct object *power_make(enum kind kind, int32_t owners) {
    struct object *object = calloc(1, sizeof *object);
    object->kind = kind;
    object->owners = owners;
    object->next = alive;
    alive = object;
    return object;
}

struct object *power_text(const char *text) {
    struct object *object = power_make(STRING, 0);
    object->text = text;
    return object;
}

struct object *power_number(int64_t number) {
    struct object *object = power_make(NUMBER, 0);
    object->number = number;
    return object;
}

void power_put(struct object *object, const char *key, struct object *value) {
    object->keys[object->count] = key;
    object->values[object->count++] = value;
}

struct object *power_check(const void *given, enum kind kind) {
    for (struct object *o = alive; o != NULL; o = o->next) {
        if (o == given && o->kind == kind) {
            return o;
        }
    }
    power_breaks("object");
    return NULL;
}

static void destroy(struct object *object) {
    struct object **link = &alive;
    while (*link != object) {
        link = &(*link)->next;
    }
    *link = object->next;
    for (int32_t i = 0; i < object->count; i++) {
        destroy(object->values[i]);
    }
    free(object->copy);
    free(object);
}

/* --- Core Foundation -------------------------------------------------------------------------- */

STANDIN_API void CFRelease(const void *given) {
    CALLED;
    for (struct object *o = alive; o != NULL; o = o->next) {
        if (o == given) {
            if (o->owners != 1) {
                power_breaks("owner");
            } else {
                destroy(o);
            }
            return;
        }
    }
    power_breaks("object");
}

STANDIN_API void *CFStringCreateWithCString(void *allocator, const char *text, uint32_t encoding) {
    (void)allocator;
    if (CALLED) {
        return NULL;
    }
    if (encoding != 0x08000100) {
        power_breaks("encoding");
        return NULL;
    }
    struct object *string = power_make(STRING, 1);
    string->text = string->copy = strdup(text);
    return string;
}

STANDIN_API unsigned char CFStringGetCString(const void *given, char *text, long size, uint32_t encoding) {
    struct object *string = power_check(given, STRING);
    if (CALLED || string == NULL || encoding != 0x08000100 || (long)strlen(string->text) >= size) {
        return 0;
    }
    strcpy(text, string->text);
    return 1;
}

STANDIN_API long CFArrayGetCount(const void *array) {
    struct object *list = power_check(array, ARRAY);
    return CALLED || list == NULL ? 0 : list->count;
}

STANDIN_API const void *CFArrayGetValueAtIndex(const void *array, long index) {
    struct object *list = power_check(array, ARRAY);
    if (list != NULL && (index < 0 || index >= list->count)) {
        power_breaks("object");
    }
    return CALLED || list == NULL || index < 0 || index >= list->count ? NULL : list->values[index];
}

STANDIN_API const void *CFDictionaryGetValue(const void *dictionary, const void *key) {
    struct object *map = power_check(dictionary, DICTIONARY), *name = power_check(key, STRING);
    if (CALLED || map == NULL || name == NULL) {
        return NULL;
    }
    for (int32_t i = 0; i < map->count; i++) {
        if (strcmp(map->keys[i], name->text) == 0) {
            return map->values[i];
        }
    }
    return NULL;
}

STANDIN_API void *CFDictionaryCreateMutableCopy(void *allocator, long capacity, const void *dictionary) {
    (void)allocator;
    (void)capacity;
    return power_check(dictionary, DICTIONARY) == NULL || CALLED ? NULL : power_make(DICTIONARY, 1);
}

STANDIN_API unsigned char CFNumberGetValue(const void *given, long type, void *value) {
    struct object *number = power_check(given, NUMBER);
    if (type != 4) {
        power_breaks("number_type");
        return 0;
    }
    if (CALLED || number == NULL) {
        return 0;
    }
    *(int64_t *)value = number->number;
    return 1;
}

/* --- controls --------------------------------------------------------------------------------- */

STANDIN_API void standin_power_set(const struct standin_power *state) {
    power_now = *state;
}

STANDIN_API void standin_power_fail(const char *symbol, int32_t nth) {
    strncpy(failing, symbol, sizeof failing - 1);
    fails_in = nth;
}

STANDIN_API int64_t standin_power_objects(void) {
    int64_t count = power_pools;
    for (struct object *o = alive; o != NULL; o = o->next) {
        count++;
    }
    return count;
}

STANDIN_API int64_t standin_power_calls(const char *symbol) {
    for (int32_t i = 0; i < CALLS_KEPT && calls[i].symbol != NULL; i++) {
        if (strcmp(calls[i].symbol, symbol) == 0) {
            return calls[i].count;
        }
    }
    return 0;
}

STANDIN_API const char *standin_power_rule(void) {
    return broken;
}

STANDIN_API void standin_power_throw(int32_t on) {
    power_throws = on;
}

STANDIN_API void standin_power_reset(void) {
    memset(calls, 0, sizeof calls);
    fails_in = power_throws = 0;
    broken = "";
}
