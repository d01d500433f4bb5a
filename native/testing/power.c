/* The stand-in that standin_power.h describes. Objects are counted; what "Get" calls give is owned by
 * the object it is of. Wrong use is remembered by the rule it breaks, and answered with nothing. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "standin_power.h"

void standin_throw(const char *text); /* throw.cpp */

enum kind { STRING = 1, NUMBER, ARRAY, DICTIONARY, SUBSCRIPTION };
enum { MOST = 16, CALLS_KEPT = 64 };

struct object {
    enum kind kind;
    int32_t owners; /* 1 while alive; 0 for parts of another */
    const char *text;
    char *copy; /* that text points to, if it has its own */
    int64_t number;
    int32_t count;
    const char *keys[MOST];
    struct object *values[MOST];
    struct object *next;
};

static struct object *alive;
static struct standin_power now = {.full = -1, .low_power = -1, .heat = -1, .unit = "mJ"};
static struct { const char *symbol; int64_t count; } calls[CALLS_KEPT];
static char failing[64];
static const char *broken = "";
static int32_t fails_in, throws_now, pools;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void breaks(const char *rule) {
    broken = *broken == 0 ? rule : broken;
}

/* Counts the call; 1 if it is to fail. */
static int32_t called(const char *symbol) {
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
#define CALLED called(__func__)

static struct object *make(enum kind kind, int32_t owners) {
    struct object *object = calloc(1, sizeof *object);
    object->kind = kind;
    object->owners = owners;
    object->next = alive;
    alive = object;
    return object;
}

static struct object *text_of(const char *text) {
    struct object *object = make(STRING, 0);
    object->text = text;
    return object;
}

static struct object *number_of(int64_t number) {
    struct object *object = make(NUMBER, 0);
    object->number = number;
    return object;
}

static void put(struct object *object, const char *key, struct object *value) {
    object->keys[object->count] = key;
    object->values[object->count++] = value;
}

static struct object *check(const void *given, enum kind kind) {
    for (struct object *o = alive; o != NULL; o = o->next) {
        if (o == given && o->kind == kind) {
            return o;
        }
    }
    breaks("object");
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
                breaks("owner");
            } else {
                destroy(o);
            }
            return;
        }
    }
    breaks("object");
}

STANDIN_API void *CFStringCreateWithCString(void *allocator, const char *text, uint32_t encoding) {
    (void)allocator;
    if (CALLED) {
        return NULL;
    }
    if (encoding != 0x08000100) {
        breaks("encoding");
        return NULL;
    }
    struct object *string = make(STRING, 1);
    string->text = string->copy = strdup(text);
    return string;
}

STANDIN_API unsigned char CFStringGetCString(const void *given, char *text, long size, uint32_t encoding) {
    struct object *string = check(given, STRING);
    if (CALLED || string == NULL || encoding != 0x08000100 || (long)strlen(string->text) >= size) {
        return 0;
    }
    strcpy(text, string->text);
    return 1;
}

STANDIN_API long CFArrayGetCount(const void *array) {
    struct object *list = check(array, ARRAY);
    return CALLED || list == NULL ? 0 : list->count;
}

STANDIN_API const void *CFArrayGetValueAtIndex(const void *array, long index) {
    struct object *list = check(array, ARRAY);
    if (list != NULL && (index < 0 || index >= list->count)) {
        breaks("object");
    }
    return CALLED || list == NULL || index < 0 || index >= list->count ? NULL : list->values[index];
}

STANDIN_API const void *CFDictionaryGetValue(const void *dictionary, const void *key) {
    struct object *map = check(dictionary, DICTIONARY), *name = check(key, STRING);
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
    return check(dictionary, DICTIONARY) == NULL || CALLED ? NULL : make(DICTIONARY, 1);
}

STANDIN_API unsigned char CFNumberGetValue(const void *given, long type, void *value) {
    struct object *number = check(given, NUMBER);
    if (type != 4) {
        breaks("number_type");
        return 0;
    }
    if (CALLED || number == NULL) {
        return 0;
    }
    *(int64_t *)value = number->number;
    return 1;
}

/* --- IOKit: power sources --------------------------------------------------------------------- */

static const char *const sources[] = {"AC Power", "Battery Power", "UPS Power", "Crank Power"};

/* A snapshot has the name of what provides power, and a description of a mouse and of a battery. */
STANDIN_API void *IOPSCopyPowerSourcesInfo(void) {
    if (CALLED) {
        return NULL;
    }
    struct object *info = make(DICTIONARY, 1);
    if (now.source >= 0) {
        put(info, "source", text_of(sources[now.source]));
    }
    struct object *mouse = make(DICTIONARY, 0);
    put(mouse, "Type", text_of("Accessory Source"));
    put(mouse, "Current Capacity", number_of(7));
    put(mouse, "Max Capacity", number_of(100));
    put(info, "0", mouse);
    if (now.full >= 0) {
        struct object *battery = make(DICTIONARY, 0);
        put(battery, "Type", text_of("InternalBattery"));
        put(battery, "Max Capacity", number_of(now.full));
        if (now.now >= 0) {
            put(battery, "Current Capacity", number_of(now.now));
        }
        put(info, "1", battery);
    }
    return info;
}

STANDIN_API void *IOPSCopyPowerSourcesList(const void *info) {
    struct object *all = check(info, DICTIONARY);
    if (CALLED || all == NULL) {
        return NULL;
    }
    struct object *list = make(ARRAY, 1);
    for (int32_t i = 0; i < all->count; i++) {
        if (strcmp(all->keys[i], "source") != 0) {
            put(list, all->keys[i], text_of(all->keys[i]));
        }
    }
    return list;
}

STANDIN_API const void *IOPSGetPowerSourceDescription(const void *info, const void *source) {
    struct object *all = check(info, DICTIONARY), *name = check(source, STRING);
    if (CALLED || all == NULL || name == NULL) {
        return NULL;
    }
    for (int32_t i = 0; i < all->count; i++) {
        if (strcmp(all->keys[i], name->text) == 0) {
            return all->values[i];
        }
    }
    return NULL;
}

STANDIN_API const void *IOPSGetProvidingPowerSourceType(const void *info) {
    struct object *all = check(info, DICTIONARY);
    return CALLED || all == NULL || now.source < 0 ? NULL : all->values[0];
}

/* --- the Objective-C runtime and NSProcessInfo ------------------------------------------------ */

static int32_t the_class, the_object, the_method;

STANDIN_API void *objc_getClass(const char *name) {
    return CALLED || strcmp(name, "NSProcessInfo") != 0 ? NULL : &the_class;
}

STANDIN_API void *sel_registerName(const char *name) {
    CALLED; /* does not fail */
    return (char *)(uintptr_t)name;
}

STANDIN_API void *class_getInstanceMethod(void *class, void *selector) {
    int32_t there = (strcmp(selector, "isLowPowerModeEnabled") == 0 && now.low_power >= 0) ||
                    (strcmp(selector, "thermalState") == 0 && now.heat >= 0);
    return CALLED || class != &the_class || !there ? NULL : &the_method;
}

STANDIN_API intptr_t objc_msgSend(void *receiver, void *selector) {
    if (receiver == &the_class && strcmp(selector, "processInfo") == 0) {
        return CALLED ? 0 : (intptr_t)&the_object;
    }
    CALLED;
    if (pools == 0) {
        breaks("pool");
    }
    if (receiver == &the_object && strcmp(selector, "isLowPowerModeEnabled") == 0 && now.low_power >= 0) {
        return now.low_power | 0x7f00; /* a caller looks at one byte only */
    }
    if (receiver == &the_object && strcmp(selector, "thermalState") == 0 && now.heat >= 0) {
        if (throws_now) {
            standin_throw("no heat today");
        }
        return now.heat;
    }
    breaks("selector");
    return 0;
}

STANDIN_API void *objc_autoreleasePoolPush(void) {
    CALLED;
    return (void *)(intptr_t)++pools;
}

STANDIN_API void objc_autoreleasePoolPop(void *pool) {
    CALLED;
    if ((intptr_t)pool != pools) {
        breaks("pool");
        return;
    }
    pools--;
}

/* --- IOReport --------------------------------------------------------------------------------- */

STANDIN_API void *IOReportCopyChannelsInGroup(const void *group, const void *subgroup, uint64_t a, uint64_t b,
                                              uint64_t c) {
    struct object *name = check(group, STRING);
    int32_t there = name != NULL && strcmp(name->text, "Energy Model") == 0 && now.engines >= 0;
    return CALLED || !there || subgroup != NULL || a + b + c != 0 ? NULL : make(DICTIONARY, 1);
}

STANDIN_API void *IOReportCreateSubscription(void *a, void *channels, void **subscribed, uint64_t b,
                                             const void *c) {
    if (CALLED || a != NULL || c != NULL || b != 0 || check(channels, DICTIONARY) == NULL) {
        return NULL;
    }
    *subscribed = channels;
    return make(SUBSCRIPTION, 1);
}

static struct object *channel(const char *name, int64_t value) {
    struct object *channel = make(DICTIONARY, 0);
    put(channel, "name", text_of(name));
    put(channel, "unit", text_of(now.unit));
    put(channel, "value", number_of(value));
    return channel;
}

STANDIN_API void *IOReportCreateSamples(void *subscription, void *channels, const void *a) {
    if (check(subscription, SUBSCRIPTION) == NULL || check(channels, DICTIONARY) == NULL || CALLED ||
        a != NULL) {
        return NULL;
    }
    struct object *sample = make(DICTIONARY, 1), *list = make(ARRAY, 0);
    put(list, "", channel("ECPU", 1111));
    for (int32_t i = 0; i < now.engines; i++) {
        put(list, "", channel(i == 0 ? "ANE" : "ANE1", now.energy));
    }
    put(list, "", channel("DRAM", 2222));
    put(sample, "IOReportChannels", list);
    return sample;
}

STANDIN_API const void *IOReportChannelGetChannelName(const void *channel) {
    struct object *about = check(channel, DICTIONARY);
    return CALLED || about == NULL ? NULL : about->values[0];
}

STANDIN_API const void *IOReportChannelGetUnitLabel(const void *channel) {
    struct object *about = check(channel, DICTIONARY);
    return CALLED || about == NULL ? NULL : about->values[1];
}

STANDIN_API int64_t IOReportSimpleGetIntegerValue(const void *channel, int32_t a) {
    struct object *about = check(channel, DICTIONARY);
    return CALLED || about == NULL || a != 0 ? -1 : about->values[2]->number;
}

/* --- quality of service ----------------------------------------------------------------------- */

STANDIN_API uint32_t qos_class_self(void) {
    return CALLED ? 0 : (uint32_t)now.qos;
}

STANDIN_API int32_t pthread_set_qos_class_self_np(uint32_t qos, int32_t priority) {
    if (qos != 9 && qos != 17 && qos != 21 && qos != 25 && qos != 33) {
        breaks("qos");
        return 22;
    }
    if (CALLED || now.qos_error != 0 || priority != 0) {
        return now.qos_error != 0 ? now.qos_error : 1;
    }
    now.qos = (int32_t)qos;
    return 0;
}

/* --- controls --------------------------------------------------------------------------------- */

STANDIN_API void standin_power_set(const struct standin_power *state) {
    now = *state;
}

STANDIN_API void standin_power_fail(const char *symbol, int32_t nth) {
    strncpy(failing, symbol, sizeof failing - 1);
    fails_in = nth;
}

STANDIN_API int64_t standin_power_objects(void) {
    int64_t count = pools;
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
    throws_now = on;
}

STANDIN_API void standin_power_reset(void) {
    memset(calls, 0, sizeof calls);
    fails_in = throws_now = 0;
    broken = "";
}
