/* What the bridge makes of what a system tells of power, on the stand-in. argv: the stand-in, and a
 * library that has none of its calls. */
#include <pthread.h>

#include "fixture.h"
#include "standin_power.h"

static const char *const calls[] = {
#define POWER_CALL(symbol, library, result, arguments) #symbol,
#include "api.h"
};
enum { CALLS = sizeof calls / sizeof *calls };

#define POWER_CALL(symbol, library, result, arguments) result symbol arguments;
#include "api.h"

static const char *library, *empty;

static const struct standin_power LAPTOP = {.source = 1, .now = 3051, .full = 4200, .low_power = 1, .heat = 2,
                                            .engines = 1, .energy = 5, .unit = "mJ", .qos = 0};

/* Libraries: bit i of missing leaves out the i-th. */
static jane_ane_power *opened(int32_t missing) {
    const char *paths[JANE_ANE_LIBRARIES];
    jane_ane_power *power = NULL;
    for (int32_t i = 0; i < JANE_ANE_LIBRARIES; i++) {
        paths[i] = missing >> i & 1 ? empty : library;
    }
    OK(jane_ane_power_open(paths, &power));
    return power;
}

static void closed(jane_ane_power *power) {
    OK(jane_ane_power_close(&power));
    CHECK(power == NULL && standin_power_objects() == 0, "%lld alive", (long long)standin_power_objects());
    CHECK(*standin_power_rule() == 0, "breaks %s", standin_power_rule());
}

static void is(jane_ane_power *power, int32_t battery, int32_t percent, int32_t low, int32_t heat) {
    int32_t v[JANE_ANE_POWER_VALUES];
    OK(jane_ane_power_state(power, v));
    CHECK(v[JANE_ANE_ON_BATTERY] == battery && v[JANE_ANE_PERCENT] == percent && v[JANE_ANE_LOW_POWER] == low &&
              v[JANE_ANE_HEAT] == heat,
          "battery %d, %d %%, low %d, heat %d; need %d %d %d %d", v[0], v[1], v[2], v[3], battery, percent, low, heat);
}

static int64_t energy(jane_ane_power *power) {
    int64_t nanojoules = 0;
    OK(jane_ane_energy(power, &nanojoules));
    return nanojoules;
}

static void what_the_system_says(void) {
    jane_ane_power *power = opened(0);
    struct standin_power now = LAPTOP;
    standin_power_set(&now);
    is(power, 1, 73, 1, 2); /* 72.6 % */
    now.source = 0, now.low_power = 0, now.heat = 0;
    standin_power_set(&now);
    is(power, 0, 73, 0, 0);
    now.source = 2, now.heat = 3, now.now = 4200;
    standin_power_set(&now);
    is(power, 1, 100, 0, 3);
    now.source = 3, now.heat = 4, now.now = 4201; /* nothing that we know */
    standin_power_set(&now);
    is(power, -1, -1, 0, -1);
    now.source = -1, now.full = -1, now.low_power = -1, now.heat = -1; /* a system that tells less */
    standin_power_set(&now);
    is(power, -1, -1, -1, -1);
    now = LAPTOP, now.now = -1;
    standin_power_set(&now);
    is(power, 1, -1, 1, 2);
    closed(power);
}

static void energy_in_every_unit(void) {
    static const struct { const char *unit; int64_t value, engines, expected; } cases[] = {
        {"mJ", 7, 1, 7000000},  {"uJ", 7, 1, 7000},   {"nJ", 7, 2, 14},       {"  mJ  ", 7, 1, 7000000},
        {"J", 7, 1, -1},        {"mJs", 7, 1, -1},    {"", 7, 1, -1},         {"mJ", -1, 1, -1},
        {"mJ", 7, 0, -1},       {"mJ", 7, -1, -1},    {"mJ", INT64_MAX, 1, -1}, {"mJ", 0, 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct standin_power now = LAPTOP;
        strcpy(now.unit, cases[i].unit);
        now.energy = cases[i].value;
        now.engines = (int32_t)cases[i].engines;
        standin_power_set(&now);
        jane_ane_power *power = opened(0);
        for (int32_t again = 0; again < 3; again++) {
            int64_t found = energy(power);
            CHECK(found == cases[i].expected, "'%s': %lld", cases[i].unit, (long long)found);
        }
        closed(power);
    }
    standin_power_reset();
    standin_power_set(&LAPTOP);
    jane_ane_power *power = opened(0);
    for (int32_t i = 0; i < 5; i++) {
        energy(power);
    }
    CHECK(standin_power_calls("IOReportCreateSubscription") == 1, "subscribed once");
    closed(power);
}

/* Without a library, what needs it is unknown and all else is told. */
static void missing_libraries(void) {
    standin_power_set(&LAPTOP);
    for (int32_t missing = 0; missing < 1 << JANE_ANE_LIBRARIES; missing++) {
        jane_ane_power *power = opened(missing);
        int32_t core = !(missing >> JANE_ANE_LIBRARY_CORE & 1), iokit = !(missing >> JANE_ANE_LIBRARY_IOKIT & 1);
        int32_t report = !(missing >> JANE_ANE_LIBRARY_REPORT & 1), objc = !(missing >> JANE_ANE_LIBRARY_OBJC & 1);
        int32_t before = 7, there = !(missing >> JANE_ANE_LIBRARY_SYSTEM & 1);
        is(power, core && iokit ? 1 : -1, core && iokit ? 73 : -1, objc ? 1 : -1, objc ? 2 : -1);
        CHECK(energy(power) == (core && report ? 5000000 : -1), "without %d", missing);
        OK(jane_ane_thread_qos(power, 0, &before));
        CHECK(before == (there ? 0 : -1), "without %d: %d", missing, before);
        closed(power);
    }
    const char *nowhere[JANE_ANE_LIBRARIES];
    for (int32_t i = 0; i < JANE_ANE_LIBRARIES; i++) {
        nowhere[i] = "/no/such/library";
    }
    jane_ane_power *power;
    int32_t before;
    OK(jane_ane_power_open(nowhere, &power));
    is(power, -1, -1, -1, -1);
    CHECK(energy(power) == -1, "nothing there");
    REFUSED(JANE_ANE_ENOSYM, jane_ane_thread_qos(power, 9, &before));
    closed(power);
}

/* Every single call of a state, an energy and a change of class fails once: values are right or
 * unknown, and nothing is left behind. */
static void failure_at_every_call(void) {
    for (int32_t i = -1; i < CALLS; i++) {
        for (int32_t nth = 1; nth <= (i < 0 ? 120 : 8); nth++) {
            standin_power_reset();
            standin_power_set(&LAPTOP);
            jane_ane_power *power = opened(0);
            standin_power_fail(i < 0 ? "*" : calls[i], nth);
            int32_t v[JANE_ANE_POWER_VALUES], before = 0;
            OK(jane_ane_power_state(power, v));
            int64_t nanojoules = energy(power);
            int32_t status = jane_ane_thread_qos(power, 17, &before);
            const char *name = i < 0 ? "*" : calls[i];
            CHECK((v[0] == 1 || v[0] == -1) && (v[1] == 73 || v[1] == -1), "%s %d: %d %d", name, nth, v[0], v[1]);
            CHECK((v[2] == 1 || v[2] == -1) && (v[3] == 2 || v[3] == -1), "%s %d: %d %d", name, nth, v[2], v[3]);
            CHECK(nanojoules == 5000000 || nanojoules == -1, "%s %d: %lld", name, nth, (long long)nanojoules);
            CHECK(status == JANE_ANE_OK || status == JANE_ANE_ERUN, "%s %d: %d", name, nth, status);
            closed(power);
        }
        CHECK(i < 0 || standin_power_calls(calls[i]) > 0, "%s is never called", calls[i]);
    }
    standin_power_reset();
}

static void an_exception_leaves_the_rest(void) {
    standin_power_set(&LAPTOP);
    standin_power_throw(1);
    jane_ane_power *power = opened(0);
    is(power, 1, 73, 1, -1);
    standin_power_reset();
    is(power, 1, 73, 1, 2);
    closed(power);
}

static void quality_of_service(void) {
    static const int32_t classes[] = {9, 17, 21, 25, 33};
    standin_power_set(&LAPTOP);
    jane_ane_power *power = opened(0);
    int32_t before, last = 0;
    for (int32_t i = 0; i < 5; i++) {
        OK(jane_ane_thread_qos(power, classes[i], &before));
        CHECK(before == last, "%d", before);
        last = classes[i];
    }
    OK(jane_ane_thread_qos(power, 0, &before));
    CHECK(before == 33, "left as it is: %d", before);
    for (int32_t qos = -1; qos < 70; qos++) {
        if (qos != 0 && qos != 9 && qos != 17 && qos != 21 && qos != 25 && qos != 33) {
            REFUSED(JANE_ANE_EINVAL, jane_ane_thread_qos(power, qos, &before));
        }
    }
    struct standin_power now = LAPTOP;
    now.qos_error = 1; /* EPERM: the thread chose a priority by itself */
    standin_power_set(&now);
    REFUSED(JANE_ANE_ERUN, jane_ane_thread_qos(power, 9, &before));
    CHECK(has(jane_ane_last_error(), "class 9 refused with error 1"), "says which");
    closed(power);
}

static void wrong_arguments(void) {
    const char *paths[JANE_ANE_LIBRARIES] = {NULL}; /* Apple's: elsewhere none is there */
    jane_ane_power *power, *stale, *none = NULL;
    int32_t v[JANE_ANE_POWER_VALUES];
    int64_t nanojoules;
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_open(NULL, &power));
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_open(paths, NULL));
    OK(jane_ane_power_open(paths, &power));
    stale = power;
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_state(power, NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_energy(power, NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_thread_qos(power, 9, NULL));
    jane_ane_power *other = opened(0);
    OK(jane_ane_power_close(&power));
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_state(stale, v));
    REFUSED(JANE_ANE_EINVAL, jane_ane_energy(stale, &nanojoules));
    REFUSED(JANE_ANE_EINVAL, jane_ane_thread_qos(stale, 9, v));
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_close(&stale));
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_close(&none));
    REFUSED(JANE_ANE_EINVAL, jane_ane_power_close(NULL));
    closed(other);
}

/* Two threads: each call is done or refused as busy, and nothing is lost. */
static void *ask(void *power) {
    static int32_t done[2];
    int32_t v[JANE_ANE_POWER_VALUES];
    for (int32_t i = 0; i < 2000; i++) {
        int32_t status = jane_ane_power_state(power, v);
        done[status == JANE_ANE_OK]++;
        if (status != JANE_ANE_OK && status != JANE_ANE_EBUSY) {
            return "another status";
        }
    }
    return NULL;
}

static void two_threads(void) {
    standin_power_set(&LAPTOP);
    jane_ane_power *power = opened(0);
    pthread_t other;
    void *wrong = NULL;
    pthread_create(&other, NULL, ask, power);
    CHECK(ask(power) == NULL, "busy or done");
    pthread_join(other, &wrong);
    CHECK(wrong == NULL, "busy or done");
    is(power, 1, 73, 1, 2);
    closed(power);
}

/* What the bridge must not do, done to the stand-in. */
static void broken(const char *rule) {
    CHECK(strcmp(standin_power_rule(), rule) == 0, "found %s; need %s", standin_power_rule(), rule);
    standin_power_reset();
}

static void rules(void) {
    char text[64];
    int64_t value;
    standin_power_set(&LAPTOP);
    void *info = IOPSCopyPowerSourcesInfo();
    CFArrayGetCount(info);
    broken("object");
    CFRelease(IOPSGetProvidingPowerSourceType(info));
    broken("owner");
    CHECK(CFStringCreateWithCString(NULL, "x", 1) == NULL, "refused");
    broken("encoding");
    void *key = CFStringCreateWithCString(NULL, "1", 0x08000100);
    const void *battery = CFDictionaryGetValue(info, key);
    CFRelease(key);
    key = CFStringCreateWithCString(NULL, "Max Capacity", 0x08000100);
    CFNumberGetValue(CFDictionaryGetValue(battery, key), 3, &value);
    broken("number_type");
    CFRelease(key);
    CFRelease(key);
    broken("object");
    CFRelease(info);
    CFStringGetCString(key, text, 64, 0x08000100);
    broken("object");
    void *class = objc_getClass("NSProcessInfo");
    void *pool = objc_autoreleasePoolPush();
    objc_msgSend(class, sel_registerName("thermalPressure"));
    broken("selector");
    objc_autoreleasePoolPop((char *)pool + 1);
    broken("pool");
    objc_autoreleasePoolPop(pool);
    CHECK(pthread_set_qos_class_self_np(0, 0) == 22, "refused");
    broken("qos");
    CHECK(standin_power_objects() == 0, "nothing left");
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    library = argv[1];
    empty = argv[2];
    rules();
    what_the_system_says();
    energy_in_every_unit();
    missing_libraries();
    failure_at_every_call();
    an_exception_leaves_the_rest();
    quality_of_service();
    wrong_arguments();
    two_threads();
    return failures();
}
