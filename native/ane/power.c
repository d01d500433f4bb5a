/* What the system tells an unprivileged program of power: battery (IOKit), low-power mode and heat
 * (NSProcessInfo), energy of the Neural Engine (IOReport), and the quality of service of a thread.
 * Objects of Core Foundation are owned by the function that made them, or by the subscription, and
 * released there. Sources: native/testing/api.tsv. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

enum { system_ = JANE_ANE_LIBRARY_SYSTEM, objc = JANE_ANE_LIBRARY_OBJC };
enum { core = JANE_ANE_LIBRARY_CORE, iokit = JANE_ANE_LIBRARY_IOKIT, report = JANE_ANE_LIBRARY_REPORT };
#define system system_ /* as the table spells it */

struct calls {
#define POWER_CALL(symbol, library, result, arguments) result(*symbol) arguments;
#include "api.h"
};

static const struct {
    const char *symbol;
    int32_t library;
} all_calls[] = {
#define POWER_CALL(symbol, library, result, arguments) {#symbol, library},
#include "api.h"
};
enum { CALLS = sizeof all_calls / sizeof *all_calls };

static const char *const apples[JANE_ANE_LIBRARIES] = {
    "/usr/lib/libSystem.B.dylib",
    "/usr/lib/libobjc.A.dylib",
    "/System/Library/Frameworks/Foundation.framework/Foundation",
    "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation",
    "/System/Library/Frameworks/IOKit.framework/IOKit",
    "/usr/lib/libIOReport.dylib",
};

struct jane_ane_power {
    struct jane_ane_power *next; /* of all that are open */
    void *libraries[JANE_ANE_LIBRARIES];
    int32_t complete[JANE_ANE_LIBRARIES]; /* whether all calls of it are there */
    union {
        struct calls calls;
        void *address[CALLS];
    };
    int32_t busy, asked; /* asked: whether a subscription was tried */
    void *subscription, *channels;
};

enum { UTF8 = 0x08000100, INT64 = 4, UNKNOWN = -1 };

static jane_ane_power *all_open;
static char lock;

static void acquire(void) {
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) {
    }
}

/* The link to power among the open ones, under the lock; NULL if it is not open. */
static jane_ane_power **find(const jane_ane_power *power) {
    jane_ane_power **link = &all_open;
    while (*link != NULL && *link != power) {
        link = &(*link)->next;
    }
    return *link != NULL ? link : NULL;
}

/* Lets one thread in. */
static int32_t enter(jane_ane_power *power, const char *where, const void *out) {
    acquire();
    int32_t open = find(power) != NULL, busy = open && power->busy;
    if (open && !busy && out != NULL) {
        power->busy = 1;
    }
    __atomic_clear(&lock, __ATOMIC_RELEASE);
    if (!open || out == NULL) {
        return ane_fail(JANE_ANE_EINVAL, where, "handle %p, out %p; need an open handle and a place",
                        (void *)power, out);
    }
    return busy ? ane_fail(JANE_ANE_EBUSY, where, "another thread is in it; wait for that")
                : JANE_ANE_OK;
}

static void leave(jane_ane_power *power) {
    acquire();
    power->busy = 0;
    __atomic_clear(&lock, __ATOMIC_RELEASE);
}

/* --- objects of Core Foundation --------------------------------------------------------------- */

static void drop(jane_ane_power *power, const void *object) {
    if (object != NULL) {
        power->calls.CFRelease(object);
    }
}

static int32_t read_text(jane_ane_power *power, const void *string, char text[64]) {
    return string != NULL && power->calls.CFStringGetCString(string, text, 64, UTF8);
}

static int32_t says(jane_ane_power *power, const void *string, const char *expected) {
    char text[64];
    return read_text(power, string, text) && strcmp(text, expected) == 0;
}

/* Not owned by the caller; NULL if the key is not there. */
static const void *value_of(jane_ane_power *power, const void *dictionary, const char *key) {
    void *name = power->calls.CFStringCreateWithCString(NULL, key, UTF8);
    const void *value = name != NULL ? power->calls.CFDictionaryGetValue(dictionary, name) : NULL;
    drop(power, name);
    return value;
}

static int64_t number_of(jane_ane_power *power, const void *dictionary, const char *key) {
    const void *number = value_of(power, dictionary, key);
    int64_t value = UNKNOWN;
    if (number == NULL || !power->calls.CFNumberGetValue(number, INT64, &value)) {
        return UNKNOWN;
    }
    return value;
}

/* --- state ------------------------------------------------------------------------------------ */

static void read_charge(jane_ane_power *power, const void *info, int32_t *values) {
    void *list = power->calls.IOPSCopyPowerSourcesList(info);
    long count = list != NULL ? power->calls.CFArrayGetCount(list) : 0;
    for (long i = 0; i < count; i++) {
        const void *source = power->calls.CFArrayGetValueAtIndex(list, i);
        const void *about =
            source != NULL ? power->calls.IOPSGetPowerSourceDescription(info, source) : NULL;
        if (about != NULL && says(power, value_of(power, about, "Type"), "InternalBattery")) {
            int64_t now = number_of(power, about, "Current Capacity");
            int64_t full = number_of(power, about, "Max Capacity");
            if (now >= 0 && full > 0 && now <= full) {
                values[JANE_ANE_PERCENT] = (int32_t)((double)now / (double)full * 100 + 0.5);
            }
        }
    }
    drop(power, list);
}

static void read_battery(jane_ane_power *power, int32_t *values) {
    void *info = power->calls.IOPSCopyPowerSourcesInfo();
    if (info == NULL) {
        return;
    }
    const void *type = power->calls.IOPSGetProvidingPowerSourceType(info);
    if (says(power, type, "AC Power")) {
        values[JANE_ANE_ON_BATTERY] = 0;
    } else if (says(power, type, "Battery Power") || says(power, type, "UPS Power")) {
        values[JANE_ANE_ON_BATTERY] = 1;
    }
    read_charge(power, info, values);
    drop(power, info);
}

struct process {
    jane_ane_power *power;
    int32_t *values;
};

/* Sends a message without arguments, as a function of its real type; the caller has asked
 * whether the class answers it. */
#define SEND(power, result, receiver, selector)                                                    \
    ((result(*)(void *, void *))(void (*)(void))(power)->calls.objc_msgSend)(receiver, selector)

static int32_t read_process(void *argument) {
    struct process *process = argument;
    jane_ane_power *power = process->power;
    void *class = power->calls.objc_getClass("NSProcessInfo");
    void *low = power->calls.sel_registerName("isLowPowerModeEnabled");
    void *heat = power->calls.sel_registerName("thermalState");
    void *info =
        class != NULL ? SEND(power, void *, class, power->calls.sel_registerName("processInfo")) : NULL;
    if (info == NULL) {
        return JANE_ANE_OK;
    }
    if (power->calls.class_getInstanceMethod(class, low) != NULL) {
        process->values[JANE_ANE_LOW_POWER] = SEND(power, unsigned char, info, low) != 0;
    }
    if (power->calls.class_getInstanceMethod(class, heat) != NULL) {
        long level = SEND(power, long, info, heat);
        process->values[JANE_ANE_HEAT] = level >= 0 && level <= 3 ? (int32_t)level : UNKNOWN;
    }
    return JANE_ANE_OK;
}

JANE_API int32_t jane_ane_power_state(jane_ane_power *power, int32_t *values) {
    int32_t status = enter(power, "jane_ane_power_state", values);
    if (status != JANE_ANE_OK) {
        return status;
    }
    for (int32_t i = 0; i < JANE_ANE_POWER_VALUES; i++) {
        values[i] = UNKNOWN;
    }
    if (power->complete[core] && power->complete[iokit]) {
        read_battery(power, values);
    }
    if (power->complete[objc]) {
        struct process process = {power, values};
        void *pool = power->calls.objc_autoreleasePoolPush();
        ane_guard(read_process, &process); /* what it did not come to stays unknown */
        power->calls.objc_autoreleasePoolPop(pool);
    }
    leave(power);
    return JANE_ANE_OK;
}

/* --- energy ----------------------------------------------------------------------------------- */

static void subscribe(jane_ane_power *power) {
    power->asked = 1;
    void *group = power->calls.CFStringCreateWithCString(NULL, "Energy Model", UTF8);
    void *found = group != NULL
                      ? power->calls.IOReportCopyChannelsInGroup(group, NULL, 0, 0, 0)
                      : NULL;
    drop(power, group);
    if (found == NULL) {
        return;
    }
    power->channels = power->calls.CFDictionaryCreateMutableCopy(NULL, 0, found);
    drop(power, found);
    if (power->channels == NULL) {
        return;
    }
    void *subscribed = NULL; /* not known to be ours to release: the channels are asked for instead */
    power->subscription =
        power->calls.IOReportCreateSubscription(NULL, power->channels, &subscribed, 0, NULL);
}

/* Nanojoules of a unit, 0 if it is another one; labels may have spaces around. */
static int64_t nanojoules(const char *unit) {
    while (*unit == ' ') {
        unit++;
    }
    int64_t scale = *unit == 'm' ? 1000000 : *unit == 'u' ? 1000 : *unit == 'n';
    return scale != 0 && unit[1] == 'J' && (unit[2] == 0 || unit[2] == ' ') ? scale : 0;
}

/* Sum over the channels whose name begins with ANE: machines of two dies have two. */
static int64_t sum(jane_ane_power *power, const void *sample) {
    const void *list = value_of(power, sample, "IOReportChannels");
    long count = list != NULL ? power->calls.CFArrayGetCount(list) : 0;
    int64_t total = UNKNOWN;
    for (long i = 0; i < count; i++) {
        const void *channel = power->calls.CFArrayGetValueAtIndex(list, i);
        char name[64], unit[64];
        if (channel == NULL ||
            !read_text(power, power->calls.IOReportChannelGetChannelName(channel), name) ||
            name[0] != 'A' || name[1] != 'N' || name[2] != 'E') {
            continue;
        }
        int64_t scale =
            read_text(power, power->calls.IOReportChannelGetUnitLabel(channel), unit) ? nanojoules(unit) : 0;
        int64_t value = power->calls.IOReportSimpleGetIntegerValue(channel, 0);
        if (scale == 0 || value < 0 || value > INT64_MAX / scale / 16) {
            return UNKNOWN; /* one part that cannot be read spoils the sum */
        }
        total = (total < 0 ? 0 : total) + value * scale;
    }
    return total;
}

JANE_API int32_t jane_ane_energy(jane_ane_power *power, int64_t *nanojoules_taken) {
    int32_t status = enter(power, "jane_ane_energy", nanojoules_taken);
    if (status != JANE_ANE_OK) {
        return status;
    }
    *nanojoules_taken = UNKNOWN;
    if (power->complete[core] && power->complete[report]) {
        if (!power->asked) {
            subscribe(power);
        }
        void *sample = power->subscription != NULL
                           ? power->calls.IOReportCreateSamples(power->subscription, power->channels, NULL)
                           : NULL;
        if (sample != NULL) {
            *nanojoules_taken = sum(power, sample);
        }
        drop(power, sample);
    }
    leave(power);
    return JANE_ANE_OK;
}

/* --- quality of service ----------------------------------------------------------------------- */

JANE_API int32_t jane_ane_thread_qos(jane_ane_power *power, int32_t qos, int32_t *before) {
    static const char where[] = "jane_ane_thread_qos";
    if (qos != 0 && qos != 9 && qos != 17 && qos != 21 && qos != 25 && qos != 33) {
        return ane_fail(JANE_ANE_EINVAL, where, "class %d; need 0, 9, 17, 21, 25 or 33", qos);
    }
    acquire(); /* any number of threads, each for itself */
    int32_t open = find(power) != NULL;
    __atomic_clear(&lock, __ATOMIC_RELEASE);
    if (!open || before == NULL) {
        return ane_fail(JANE_ANE_EINVAL, where, "handle %p, out %p; need an open handle and a place",
                        (void *)power, (void *)before);
    }
    int32_t there = power->complete[system];
    *before = there ? (int32_t)power->calls.qos_class_self() : UNKNOWN;
    if (qos == 0) {
        return JANE_ANE_OK;
    }
    if (!there) {
        return ane_fail(JANE_ANE_ENOSYM, where, "this system has no quality of service for threads");
    }
    int32_t error = power->calls.pthread_set_qos_class_self_np((uint32_t)qos, 0);
    return error == 0 ? JANE_ANE_OK
                      : ane_fail(JANE_ANE_ERUN, where, "class %d refused with error %d; leave it as it is",
                                 qos, error);
}

/* --- open and close --------------------------------------------------------------------------- */

JANE_API int32_t jane_ane_power_open(const char *const *libraries, jane_ane_power **out) {
    if (libraries == NULL || out == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_power_open",
                        "libraries %p, out %p; need %d paths, NULL for Apple's, and a place",
                        (const void *)libraries, (void *)out, JANE_ANE_LIBRARIES);
    }
    *out = NULL;
    jane_ane_power *power = calloc(1, sizeof *power);
    if (power == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_power_open", "no memory; close other programs");
    }
    for (int32_t i = 0; i < JANE_ANE_LIBRARIES; i++) {
        power->libraries[i] = dlopen(libraries[i] != NULL ? libraries[i] : apples[i], RTLD_NOW);
        power->complete[i] = power->libraries[i] != NULL;
    }
    for (int32_t i = 0; i < CALLS; i++) {
        int32_t library = all_calls[i].library;
        void *handle = power->libraries[library];
        power->address[i] = handle != NULL ? dlsym(handle, all_calls[i].symbol) : NULL;
        power->complete[library] &= power->address[i] != NULL;
    }
    acquire();
    power->next = all_open;
    all_open = power;
    __atomic_clear(&lock, __ATOMIC_RELEASE);
    *out = power;
    return JANE_ANE_OK;
}

JANE_API int32_t jane_ane_power_close(jane_ane_power **handle) {
    jane_ane_power *power = handle != NULL ? *handle : NULL;
    int32_t status = enter(power, "jane_ane_power_close", handle);
    if (status != JANE_ANE_OK) {
        return status;
    }
    acquire();
    *find(power) = power->next;
    __atomic_clear(&lock, __ATOMIC_RELEASE);
    drop(power, power->subscription);
    drop(power, power->channels);
    for (int32_t i = 0; i < JANE_ANE_LIBRARIES; i++) {
        if (power->libraries[i] != NULL) {
            dlclose(power->libraries[i]);
        }
    }
    free(power);
    *handle = NULL;
    return JANE_ANE_OK;
}
