/* The public functions on programs: arguments, handles, threads, exceptions; the routes do the rest. */
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

static jane_ane_program *all_programs;
static char lock;

static void acquire(void) {
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) {
    }
}

static void release(void) {
    __atomic_clear(&lock, __ATOMIC_RELEASE);
}

/* --- guarded bodies ------------------------------------------------------------------------ */

struct work {
    jane_ane_program *p;
    const char *text, *cache;
    int32_t mask;
    struct ane_port *port, *input;
};

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

/* --- the functions ------------------------------------------------------------------------- */

JANE_API int32_t jane_ane_compile(jane_ane *ane, const char *dir, const char *cache_dir,
                                  int32_t mask, jane_ane_program **out) {
    if (dir == NULL || cache_dir == NULL || out == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "NULL; need two folders and a place");
    }
    *out = NULL;
    jane_ane *open = ane_hold(ane);
    if (open == NULL) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "%p is not open", (void *)ane);
    }
    if (mask <= 0 || (mask & ~open->route->masks) != 0) {
        ane_let_go(open);
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
    ane_let_go(open);
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
    ane_let_go(alive->ane);
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
