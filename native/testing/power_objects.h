/* What the files of the stand-in for power share. Objects are counted; what "Get" calls give is owned by
 * the object it is of. Wrong use is remembered by the rule it breaks, and answered with nothing. */
#ifndef JANE_POWER_OBJECTS_H
#define JANE_POWER_OBJECTS_H

#include "standin_power.h"

enum kind { STRING = 1, NUMBER, ARRAY, DICTIONARY, SUBSCRIPTION };
enum { MOST = 16 };

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

extern struct standin_power power_now;       /* what the system says */
extern int32_t power_throws, power_pools;    /* thermalState throws; pools that were pushed */

void power_breaks(const char *rule);

/* Counts the call; 1 if it is to fail. */
int32_t power_called(const char *symbol);
#define CALLED power_called(__func__)

/* owners: 1, or 0 for a part of another. */
struct object *power_make(enum kind kind, int32_t owners);
struct object *power_text(const char *text);
struct object *power_number(int64_t number);
void power_put(struct object *object, const char *key, struct object *value);

/* The object if it is alive and of this kind; else breaks a rule. */
struct object *power_check(const void *given, enum kind kind);

#endif
