/* What the files of the stand-in for Espresso share: its objects and its rules. */
#ifndef JANE_ESPRESSO_OBJECTS_H
#define JANE_ESPRESSO_OBJECTS_H

#include <string.h>

#include "standin.h"

enum rule {
#define E5RT_RULE(name, call, status, text) RULE_##name,
#include "api.h"
};

void standin_throw(const char *text); /* throw.cpp */

enum kind { CONFIG, COMPILER, OPTIONS, LIBRARY, FUNCTION, OP_OPTIONS, OPERATION, PORT, BUFFER, STREAM };

/* Programs outlive the handles they are seen through. */
struct shared {
    int32_t users;
    struct standin_program program;
};

struct object {
    enum kind kind;
    struct object *next;
    struct shared *shared;     /* LIBRARY, FUNCTION, OP_OPTIONS, OPERATION */
    int32_t cached, masked, named, encoded;
    struct object *operation;  /* PORT, STREAM (encoded) */
    int32_t index;             /* PORT */
    struct memory *memory;     /* BUFFER */
    struct memory *bound[STANDIN_PORTS]; /* OPERATION */
};

struct memory {
    int32_t users;
    int64_t size;
    void *data;
};

/* The status of the rule, which was broken; throws if it says so. */
int64_t espresso_refuse(enum rule rule);

/* The object if it is alive and of this kind, else NULL. */
struct object *espresso_live(void *handle, enum kind kind);
struct object *espresso_make(enum kind kind, struct shared *shared);
int64_t espresso_release(void **handle, enum kind kind);

/* One user less; under the lock. */
void espresso_drop(struct memory *memory);

#define ENTER(field)                                                                               \
    do {                                                                                           \
        int64_t injected = standin_enter("e5rt_" #field);                                          \
        if (injected == STANDIN_THROW) {                                                           \
            standin_throw(strstr(#field, "encode") ? NULL : "thrown on purpose");                  \
        }                                                                                          \
        if (injected != 0) {                                                                       \
            return injected;                                                                       \
        }                                                                                          \
    } while (0)

#define NEED(condition, rule)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return espresso_refuse(RULE_##rule);                                                   \
        }                                                                                          \
    } while (0)

#endif
