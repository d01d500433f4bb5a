/* The public functions on routes: open, close, describe, and who holds one open. */
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

static jane_ane *all_open;
static char lock;

static void acquire(void) {
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) {
    }
}

static void release(void) {
    __atomic_clear(&lock, __ATOMIC_RELEASE);
}

static jane_ane *find(const jane_ane *ane) { /* under the lock */
    jane_ane *each = all_open;
    while (each != NULL && each != ane) {
        each = each->next;
    }
    return each;
}

/* --- guarded bodies ------------------------------------------------------------------------ */

struct work {
    jane_ane *ane;
    const char *text;
    char *room;
    int64_t *size;
    int64_t length;
};

static int32_t do_open(void *w) {
    struct work *work = w;
    return work->ane->route->open(work->ane, work->text);
}

static int32_t do_describe(void *w) {
    struct work *work = w;
    return work->ane->route->describe(work->ane, work->room, *work->size, &work->length);
}

/* --- the functions ------------------------------------------------------------------------- */

JANE_API int32_t jane_ane_open(int32_t route, const char *library, jane_ane **out) {
    if (out == NULL || (route != JANE_ANE_E5RT && route != JANE_ANE_INMEM)) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_open",
                        "route %d, out %p; need route 0 (e5rt) or 1 (in-memory) and a place", route,
                        (void *)out);
    }
    *out = NULL;
    jane_ane *ane = calloc(1, sizeof *ane);
    if (ane == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_open", "no memory; close other programs");
    }
    ane->route = route == JANE_ANE_E5RT ? &ane_e5rt : &ane_inmem;
    ane->library = ane_copy(library != NULL ? library : ane->route->library);
    struct work work = {.ane = ane, .text = library};
    int32_t status = ane->library != NULL
                         ? ane_guard(do_open, &work)
                         : ane_fail(JANE_ANE_ENOMEM, "jane_ane_open", "no memory");
    if (status != JANE_ANE_OK) {
        ane->route->close(ane);
        free(ane->library);
        free(ane);
        return status;
    }
    acquire();
    ane->next = all_open;
    all_open = ane;
    release();
    *out = ane;
    return JANE_ANE_OK;
}

JANE_API int32_t jane_ane_close(jane_ane **ane) {
    if (ane == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_close", "NULL; need the address of a handle");
    }
    acquire();
    jane_ane *open = find(*ane);
    int32_t programs = open != NULL ? open->programs : 0;
    if (open != NULL && programs == 0) {
        jane_ane **link = &all_open;
        while (*link != open) {
            link = &(*link)->next;
        }
        *link = open->next;
    }
    release();
    if (open == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_close", "%p is not open; was it closed before?",
                        (void *)*ane);
    }
    if (programs != 0) {
        return ane_fail(JANE_ANE_EBUSY, "jane_ane_close", "%d programs are alive; release them first",
                        programs);
    }
    open->route->close(open);
    free(open->library);
    free(open);
    *ane = NULL;
    return JANE_ANE_OK;
}

jane_ane *ane_hold(jane_ane *ane) {
    acquire();
    jane_ane *open = find(ane);
    if (open != NULL) {
        open->programs++;
    }
    release();
    return open;
}

void ane_let_go(jane_ane *ane) {
    acquire();
    ane->programs--;
    release();
}

JANE_API int32_t jane_ane_describe(jane_ane *ane, char *text, int64_t *size) {
    if (size == NULL || *size < 0 || (text == NULL && *size != 0)) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_describe",
                        "no size, or none for the text; need the bytes of room at text");
    }
    struct work work = {.ane = ane_hold(ane), .room = text, .size = size};
    if (work.ane == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_describe", "%p is not open", (void *)ane);
    }
    ane_line(text, *size, &work.length, "route", "%s", ane->route->name);
    ane_line(text, *size, &work.length, "library", "%s", ane->library);
    int32_t status = ane_guard(do_describe, &work);
    ane_let_go(ane);
    if (status == JANE_ANE_OK && work.length + 1 > *size) {
        status = ane_fail(JANE_ANE_ENOMEM, "jane_ane_describe", "%lld bytes of room; need %lld",
                          (long long)*size, (long long)work.length + 1);
    }
    *size = work.length + 1;
    return status;
}
