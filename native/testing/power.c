/* The stand-in that standin_power.h describes: IOKit, IOReport, the Objective-C runtime, threads. */
#include "power_objects.h"

#include <stdlib.h>
#include <string.h>

void standin_throw(const char *text); /* throw.cpp */

/* --- IOKit: power sources --------------------------------------------------------------------- */

static const char *const sources[] = {"AC Power", "Battery Power", "UPS Power", "Crank Power"};

/* A snapshot has the name of what provides power, and a description of a mouse and of a battery. */
STANDIN_API void *IOPSCopyPowerSourcesInfo(void) {
    if (CALLED) {
        return NULL;
    }
    struct object *info = power_make(DICTIONARY, 1);
    if (power_now.source >= 0) {
        power_put(info, "source", power_text(sources[power_now.source]));
    }
    struct object *mouse = power_make(DICTIONARY, 0);
    power_put(mouse, "Type", power_text("Accessory Source"));
    power_put(mouse, "Current Capacity", power_number(7));
    power_put(mouse, "Max Capacity", power_number(100));
    power_put(info, "0", mouse);
    if (power_now.full >= 0) {
        struct object *battery = power_make(DICTIONARY, 0);
        power_put(battery, "Type", power_text("InternalBattery"));
        power_put(battery, "Max Capacity", power_number(power_now.full));
        if (power_now.now >= 0) {
            power_put(battery, "Current Capacity", power_number(power_now.now));
        }
        power_put(info, "1", battery);
    }
    return info;
}

STANDIN_API void *IOPSCopyPowerSourcesList(const void *info) {
    struct object *all = power_check(info, DICTIONARY);
    if (CALLED || all == NULL) {
        return NULL;
    }
    struct object *list = power_make(ARRAY, 1);
    for (int32_t i = 0; i < all->count; i++) {
        if (strcmp(all->keys[i], "source") != 0) {
            power_put(list, all->keys[i], power_text(all->keys[i]));
        }
    }
    return list;
}

STANDIN_API const void *IOPSGetPowerSourceDescription(const void *info, const void *source) {
    struct object *all = power_check(info, DICTIONARY), *name = power_check(source, STRING);
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
    struct object *all = power_check(info, DICTIONARY);
    return CALLED || all == NULL || power_now.source < 0 ? NULL : all->values[0];
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
    int32_t there = (strcmp(selector, "isLowPowerModeEnabled") == 0 && power_now.low_power >= 0) ||
                    (strcmp(selector, "thermalState") == 0 && power_now.heat >= 0);
    return CALLED || class != &the_class || !there ? NULL : &the_method;
}

STANDIN_API intptr_t objc_msgSend(void *receiver, void *selector) {
    if (receiver == &the_class && strcmp(selector, "processInfo") == 0) {
        return CALLED ? 0 : (intptr_t)&the_object;
    }
    CALLED;
    if (power_pools == 0) {
        power_breaks("pool");
    }
    if (receiver == &the_object && strcmp(selector, "isLowPowerModeEnabled") == 0 && power_now.low_power >= 0) {
        return power_now.low_power | 0x7f00; /* a caller looks at one byte only */
    }
    if (receiver == &the_object && strcmp(selector, "thermalState") == 0 && power_now.heat >= 0) {
        if (power_throws) {
            standin_throw("no heat today");
        }
        return power_now.heat;
    }
    power_breaks("selector");
    return 0;
}

STANDIN_API void *objc_autoreleasePoolPush(void) {
    CALLED;
    return (void *)(intptr_t)++power_pools;
}

STANDIN_API void objc_autoreleasePoolPop(void *pool) {
    CALLED;
    if ((intptr_t)pool != power_pools) {
        power_breaks("pool");
        return;
    }
    power_pools--;
}

/* --- IOReport --------------------------------------------------------------------------------- */

STANDIN_API void *IOReportCopyChannelsInGroup(const void *group, const void *subgroup, uint64_t a, uint64_t b,
                                              uint64_t c) {
    struct object *name = power_check(group, STRING);
    int32_t there = name != NULL && strcmp(name->text, "Energy Model") == 0 && power_now.engines >= 0;
    return CALLED || !there || subgroup != NULL || a + b + c != 0 ? NULL : power_make(DICTIONARY, 1);
}

STANDIN_API void *IOReportCreateSubscription(void *a, void *channels, void **subscribed, uint64_t b,
                                             const void *c) {
    if (CALLED || a != NULL || c != NULL || b != 0 || power_check(channels, DICTIONARY) == NULL) {
        return NULL;
    }
    *subscribed = channels;
    return power_make(SUBSCRIPTION, 1);
}

static struct object *channel(const char *name, int64_t value) {
    struct object *channel = power_make(DICTIONARY, 0);
    power_put(channel, "name", power_text(name));
    power_put(channel, "unit", power_text(power_now.unit));
    power_put(channel, "value", power_number(value));
    return channel;
}

STANDIN_API void *IOReportCreateSamples(void *subscription, void *channels, const void *a) {
    if (power_check(subscription, SUBSCRIPTION) == NULL || power_check(channels, DICTIONARY) == NULL || CALLED ||
        a != NULL) {
        return NULL;
    }
    struct object *sample = power_make(DICTIONARY, 1), *list = power_make(ARRAY, 0);
    power_put(list, "", channel("ECPU", 1111));
    for (int32_t i = 0; i < power_now.engines; i++) {
        power_put(list, "", channel(i == 0 ? "ANE" : "ANE1", power_now.energy));
    }
    power_put(list, "", channel("DRAM", 2222));
    power_put(sample, "IOReportChannels", list);
    return sample;
}

STANDIN_API const void *IOReportChannelGetChannelName(const void *channel) {
    struct object *about = power_check(channel, DICTIONARY);
    return CALLED || about == NULL ? NULL : about->values[0];
}

STANDIN_API const void *IOReportChannelGetUnitLabel(const void *channel) {
    struct object *about = power_check(channel, DICTIONARY);
    return CALLED || about == NULL ? NULL : about->values[1];
}

STANDIN_API int64_t IOReportSimpleGetIntegerValue(const void *channel, int32_t a) {
    struct object *about = power_check(channel, DICTIONARY);
    return CALLED || about == NULL || a != 0 ? -1 : about->values[2]->number;
}

/* --- quality of service ----------------------------------------------------------------------- */

STANDIN_API uint32_t qos_class_self(void) {
    return CALLED ? 0 : (uint32_t)power_now.qos;
}

STANDIN_API int32_t pthread_set_qos_class_self_np(uint32_t qos, int32_t priority) {
    if (qos != 9 && qos != 17 && qos != 21 && qos != 25 && qos != 33) {
        power_breaks("qos");
        return 22;
    }
    if (CALLED || power_now.qos_error != 0 || priority != 0) {
        return power_now.qos_error != 0 ? power_now.qos_error : 1;
    }
    power_now.qos = (int32_t)qos;
    return 0;
}
