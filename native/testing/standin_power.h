/* Controls of the stand-in for what tells of power: libjanepower.so stands for Core Foundation,
 * IOKit, IOReport, the Objective-C runtime with NSProcessInfo, and threads' quality of service. */
#ifndef JANE_STANDIN_POWER_H
#define JANE_STANDIN_POWER_H

#include <stdint.h>

#include "standin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the system says from now on. Fields below 0: not there. Texts end with NUL. */
struct standin_power {
    int32_t source; /* 0 "AC Power", 1 "Battery Power", 2 "UPS Power", 3 a name nobody knows */
    int32_t now, full; /* of the battery; full -1: the machine has none */
    int32_t low_power, heat;
    int32_t engines;  /* channels of Neural Engines, beside others */
    int64_t energy;   /* in each of them */
    char unit[16];
    int32_t qos;      /* of the threads; a class that is set stays */
    int32_t qos_error;
};

STANDIN_API void standin_power_set(const struct standin_power *state);

/* The nth call of this symbol (1 the next) gives NULL, 0 or -1; "*": any call; nth 0: none. */
STANDIN_API void standin_power_fail(const char *symbol, int32_t nth);

/* Objects that somebody owns, pools that were not popped included; calls so far. */
STANDIN_API int64_t standin_power_objects(void);
STANDIN_API int64_t standin_power_calls(const char *symbol);

/* Rule of api.tsv that was broken first since the last reset, "" if none. */
STANDIN_API const char *standin_power_rule(void);

/* thermalState throws from now on. */
STANDIN_API void standin_power_throw(int32_t on);

/* Forgets failures, calls and the rule; objects and state stay. */
STANDIN_API void standin_power_reset(void);

#ifdef __cplusplus
}
#endif

#endif
