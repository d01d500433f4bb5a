/* The public functions: arguments, handles, threads, exceptions; the routes do the rest. */
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

static jane_ane *all_open;
static jane_ane_program *all_programs;
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
    jane_ane_program *p;
    const char *text, *cache;
    int32_t mask;
    struct ane_port *port, *input;
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

static int32_t do_compile(void *w) {
    struct work *work = w;
    return work->p->ane->route->compile(work->p, work->text, work->cache, work->mask);
}

static int32_t do_load(void *w) {
    struct work *work = w;
    return work->p->ane->route->load(work->p);
}

static int32_t do_reload(void *w) {
    struct work *work = w;
    return work->p->ane->route->reload(work->p);
}

static int32_t do_port(void *w) {
    struct work *work = w;
    return work->p->ane->route->port(work->p, work->port);
}

static int32_t do_alias(void *w) {
    struct work *work = w;
    return work->p->ane->route->alias(work->p, work->port, work->input);
}

static int32_t do_run(void *w) {
    struct work *work = w;
    return work->p->ane->route->run(work->p);
}

static int32_t do_stop(void *w) {
    struct work *work = w;
    return work->p->ane->route->stop(work->p);
}

static int32_t do_drop(void *w) {
    struct work *work = w;
    return work->p->ane->route->drop(work->p, work->port);
}

static int32_t do_destroy(void *w) {
    struct work *work = w;
    return work->p->ane->route->destroy(work->p);
}

/* Frees with body until it says that nothing is left; each exception costs one thing. Keeps the
 * first failure in *status. */
static void free_all(int32_t (*body)(void *), struct work *work, int32_t *status) {
    int32_t now;
    do {
        char text[ANE_TEXT];
        int64_t native = jane_ane_last_native();
        memcpy(text, jane_ane_last_error(), sizeof text);
        now = ane_guard(body, work);
        if (*status != JANE_ANE_OK) {
            ane_restore(text, native); /* the first failure is what is said */
        } else {
            *status = now;
        }
    } while (now == JANE_ANE_EEXCEPTION);
}

static void free_port(jane_ane_program *p, struct ane_port *port, int32_t *status) {
    struct work work = {.p = p, .port = port};
    free_all(do_drop, &work, status);
    free(port->name);
    free(port);
}

/* Frees all that the route and the ports have made. */
static int32_t destroy(jane_ane_program *p, int32_t status) {
    struct work work = {.p = p};
    free_all(do_stop, &work, &status);
    while (p->ports != NULL) {
        struct ane_port *port = p->ports;
        p->ports = port->next;
        free_port(p, port, &status);
    }
    free_all(do_destroy, &work, &status);
    return status;
}

/* --- routes -------------------------------------------------------------------------------- */

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

/* An open route with one more program, so that nobody closes it; NULL if it is not open. */
static jane_ane *hold(jane_ane *ane) {
    acquire();
    jane_ane *open = find(ane);
    if (open != NULL) {
        open->programs++;
    }
    release();
    return open;
}

static void let_go(jane_ane *ane) {
    acquire();
    ane->programs--;
    release();
}

JANE_API int32_t jane_ane_describe(jane_ane *ane, char *text, int64_t *size) {
    if (size == NULL || *size < 0 || (text == NULL && *size != 0)) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_describe",
                        "no size, or none for the text; need the bytes of room at text");
    }
    struct work work = {.ane = hold(ane), .room = text, .size = size};
    if (work.ane == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_describe", "%p is not open", (void *)ane);
    }
    ane_line(text, *size, &work.length, "route", "%s", ane->route->name);
    ane_line(text, *size, &work.length, "library", "%s", ane->library);
    int32_t status = ane_guard(do_describe, &work);
    let_go(ane);
    if (status == JANE_ANE_OK && work.length + 1 > *size) {
        status = ane_fail(JANE_ANE_ENOMEM, "jane_ane_describe", "%lld bytes of room; need %lld",
                          (long long)*size, (long long)work.length + 1);
    }
    *size = work.length + 1;
    return status;
}

/* --- programs ------------------------------------------------------------------------------ */

JANE_API int32_t jane_ane_compile(jane_ane *ane, const char *dir, const char *cache_dir,
                                  int32_t mask, jane_ane_program **out) {
    if (dir == NULL || cache_dir == NULL || out == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "NULL; need two folders and a place");
    }
    *out = NULL;
    jane_ane *open = hold(ane);
    if (open == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "%p is not open", (void *)ane);
    }
    if (mask <= 0 || (mask & ~open->route->masks) != 0) {
        let_go(open);
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile",
                        "device mask %d; the %s route takes bits of %d (1 CPU, 4 Neural Engine)", mask,
                        open->route->name, open->route->masks);
    }
    jane_ane_program *p = calloc(1, sizeof *p);
    int32_t status = JANE_ANE_ENOMEM;
    if (p != NULL) {
        p->ane = open;
        p->hardware_ns = -1;
        struct work work = {.p = p, .text = dir, .cache = cache_dir, .mask = mask};
        status = ane_guard(do_compile, &work);
    } else {
        ane_fail(status, "jane_ane_compile", "no memory");
    }
    if (status == JANE_ANE_OK) {
        acquire();
        p->next = all_programs;
        all_programs = p;
        release();
        *out = p;
        return status;
    }
    if (p != NULL) {
        destroy(p, status);
        free(p);
    }
    let_go(open);
    return status;
}

/* p for this thread alone until leave; NULL with *status set if it cannot be. */
static jane_ane_program *enter(jane_ane_program *p, const char *where, int32_t *status) {
    acquire();
    jane_ane_program *each = all_programs;
    while (each != NULL && each != p) {
        each = each->next;
    }
    int32_t busy = each != NULL && each->busy;
    if (each != NULL) {
        each->busy = 1;
    }
    release();
    if (each == NULL) {
        *status = ane_fail(JANE_ANE_EINVAL, where, "program %p is not alive; was it released?",
                           (void *)p);
    } else if (busy) {
        *status = ane_fail(JANE_ANE_EBUSY, where,
                           "another thread is in this program; one call at a time");
    }
    return busy ? NULL : each;
}

static void leave(jane_ane_program *p) {
    __atomic_store_n(&p->busy, 0, __ATOMIC_RELEASE);
}

JANE_API int32_t jane_ane_load(jane_ane_program *p) {
    int32_t status;
    if (enter(p, "jane_ane_load", &status) == NULL) {
        return status;
    }
    struct work work = {.p = p};
    status = p->loaded ? ane_fail(JANE_ANE_EINVAL, "jane_ane_load", "loaded already; load once")
                       : ane_guard(do_load, &work);
    p->loaded |= status == JANE_ANE_OK;
    leave(p);
    return status;
}

JANE_API int32_t jane_ane_reload(jane_ane_program *p) {
    const char *where = "jane_ane_reload";
    int32_t status;
    if (enter(p, where, &status) == NULL) {
        return status;
    }
    struct work work = {.p = p};
    if (p->ane->route->reload == NULL) {
        status = ane_fail(JANE_ANE_EINVAL, where,
                          "the %s route has no load without a compile; compile the program again",
                          p->ane->route->name);
    } else if (!p->loaded) {
        status = ane_fail(JANE_ANE_EINVAL, where, "not loaded; load the program first");
    } else {
        status = ane_guard(do_reload, &work);
    }
    leave(p);
    return status;
}

static struct ane_port *port_named(const jane_ane_program *p, const char *name, int32_t is_output) {
    struct ane_port *port = p->ports;
    while (port != NULL && (port->is_output != is_output || strcmp(port->name, name) != 0)) {
        port = port->next;
    }
    return port;
}

/* Bytes of a dense tensor, -1 if there is none of these dimensions. */
static int64_t bytes_of(const int64_t *dims, int32_t rank, int32_t element_bytes) {
    if (dims == NULL || rank < 1 || rank > JANE_ANE_RANK ||
        (element_bytes != 1 && element_bytes != 2 && element_bytes != 4)) {
        return -1;
    }
    int64_t bytes = element_bytes;
    for (int32_t i = 0; i < rank; i++) {
        if (dims[i] < 1 || __builtin_mul_overflow(bytes, dims[i], &bytes)) {
            return -1;
        }
    }
    return bytes < INT64_MAX / 2 ? bytes : -1;
}

static int32_t make_port(jane_ane_program *p, struct work *work, const char *name) {
    const char *where = "jane_ane_port_shape";
    if (!p->loaded || p->has_run) {
        return ane_fail(JANE_ANE_EINVAL, where, "port '%s' %s", name,
                        p->loaded ? "after the first run; make ports before it"
                                  : "before the program is loaded; load it first");
    }
    if (port_named(p, name, work->port->is_output) != NULL) {
        return ane_fail(JANE_ANE_EINVAL, where, "port '%s' has its buffer; make it once", name);
    }
    work->port->name = ane_copy(name);
    if (work->port->name == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, where, "no memory");
    }
    return ane_guard(do_port, work);
}

JANE_API int32_t jane_ane_port_shape(jane_ane_program *p, const char *name, int32_t is_output,
                                     const int64_t *dims, int32_t rank, int32_t element_bytes,
                                     void **data) {
    const char *where = "jane_ane_port_shape";
    int64_t bytes = bytes_of(dims, rank, element_bytes);
    if (name == NULL || data == NULL || bytes < 0) {
        return ane_fail(JANE_ANE_EINVAL, where,
                        "port '%s': rank %d, elements of %d bytes; need a name, a place, 1 to %d "
                        "dimensions of at least 1, and 1, 2 or 4 bytes",
                        name != NULL ? name : "NULL", rank, element_bytes, JANE_ANE_RANK);
    }
    int32_t status;
    if (enter(p, where, &status) == NULL) {
        return status;
    }
    struct ane_port *port = calloc(1, sizeof *port);
    if (port == NULL) {
        leave(p);
        return ane_fail(JANE_ANE_ENOMEM, where, "no memory");
    }
    port->is_output = is_output != 0;
    port->bytes = bytes;
    port->rank = rank;
    port->element_bytes = element_bytes;
    memcpy(port->dims, dims, (size_t)rank * sizeof *dims);
    struct work work = {.p = p, .port = port};
    status = make_port(p, &work, name);
    if (status == JANE_ANE_OK) {
        port->next = p->ports;
        p->ports = port;
        *data = port->data;
    } else {
        free_port(p, port, &status);
    }
    leave(p);
    return status;
}

JANE_API int32_t jane_ane_alias(jane_ane_program *p, const char *output, const char *input,
                                void **data) {
    const char *where = "jane_ane_alias";
    int32_t status;
    if (output == NULL || input == NULL) {
        return ane_fail(JANE_ANE_EINVAL, where, "NULL; need the names of an output and an input");
    }
    if (enter(p, where, &status) == NULL) {
        return status;
    }
    struct work work = {.p = p, .port = port_named(p, output, 1), .input = port_named(p, input, 0)};
    if (p->has_run) {
        status = ane_fail(JANE_ANE_EINVAL, where, "after the first run; alias before it");
    } else if (work.port == NULL || work.input == NULL || work.input->source != NULL) {
        status = ane_fail(JANE_ANE_EPORT, where,
                          "output '%s' to input '%s': need two ports with buffers of their own", output,
                          input);
    } else if (work.port->bytes != work.input->bytes) {
        status = ane_fail(JANE_ANE_EPORT, where, "'%s' has %lld bytes, '%s' %lld; need the same", output,
                          (long long)work.port->bytes, input, (long long)work.input->bytes);
    } else {
        status = ane_guard(do_alias, &work);
    }
    if (status == JANE_ANE_OK && data != NULL) {
        *data = work.port->data;
    }
    leave(p);
    return status;
}

JANE_API int32_t jane_ane_run(jane_ane_program *p) {
    int32_t status;
    if (enter(p, "jane_ane_run", &status) == NULL) {
        return status;
    }
    struct work work = {.p = p};
    if (p->loaded) {
        status = ane_guard(do_run, &work);
    } else {
        status = ane_fail(JANE_ANE_EINVAL, "jane_ane_run", "not loaded; load the program first");
    }
    leave(p);
    return status;
}

JANE_API int32_t jane_ane_release(jane_ane_program **p) {
    int32_t status;
    if (p == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_release", "NULL; need the address of a handle");
    }
    jane_ane_program *alive = enter(*p, "jane_ane_release", &status);
    if (alive == NULL) {
        return status;
    }
    acquire();
    jane_ane_program **link = &all_programs;
    while (*link != alive) {
        link = &(*link)->next;
    }
    *link = alive->next;
    release();
    status = destroy(alive, JANE_ANE_OK);
    let_go(alive->ane);
    free(alive);
    *p = NULL;
    return status;
}

JANE_API int64_t jane_ane_last_hardware_ns(jane_ane_program *p) {
    int32_t status;
    if (enter(p, "jane_ane_last_hardware_ns", &status) == NULL) {
        return -1;
    }
    int64_t ns = p->hardware_ns;
    leave(p);
    return ns;
}
