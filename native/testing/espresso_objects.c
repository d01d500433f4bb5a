/* Objects of the stand-in for Espresso. */
#include "espresso_objects.h"

#include <stdlib.h>

static const struct {
    const char *name;
    int64_t status;
    const char *text;
} rules[] = {
#define E5RT_RULE(name, call, status, text) {#name, status, text},
#include "api.h"
};

static struct object *alive;

int64_t espresso_refuse(enum rule rule) {
    standin_broke(rules[rule].name, rules[rule].text);
    if (rules[rule].status < 0) {
        standin_throw(rules[rule].text);
    }
    return rules[rule].status;
}

struct object *espresso_live(void *handle, enum kind kind) {
    standin_lock();
    struct object *each = alive;
    while (each != NULL && each != handle) {
        each = each->next;
    }
    standin_unlock();
    return each != NULL && each->kind == kind ? each : NULL;
}

struct object *espresso_make(enum kind kind, struct shared *shared) {
    struct object *object = calloc(1, sizeof *object);
    object->kind = kind;
    object->shared = shared;
    standin_lock();
    if (shared != NULL) {
        shared->users++;
    }
    object->next = alive;
    alive = object;
    standin.objects++;
    standin.compiled += kind == LIBRARY;
    standin.resident += kind == OPERATION;
    standin_unlock();
    return object;
}

void espresso_drop(struct memory *memory) {
    if (memory != NULL && --memory->users == 0) {
        free(memory->data);
        free(memory);
    }
}

int64_t espresso_release(void **handle, enum kind kind) {
    if (handle == NULL) {
        return espresso_refuse(RULE_out);
    }
    struct object *object = espresso_live(*handle, kind);
    if (object == NULL) {
        return espresso_refuse(RULE_handle);
    }
    standin_lock();
    struct object **link = &alive;
    while (*link != object) {
        link = &(*link)->next;
    }
    *link = object->next;
    standin.objects--;
    standin.compiled -= kind == LIBRARY;
    standin.resident -= kind == OPERATION;
    if (object->shared != NULL && --object->shared->users == 0) {
        standin_free(&object->shared->program);
        free(object->shared);
    }
    espresso_drop(object->memory);
    for (int32_t i = 0; i < STANDIN_PORTS; i++) {
        espresso_drop(object->bound[i]);
    }
    standin_unlock();
    free(object);
    *handle = NULL;
    return 0;
}
