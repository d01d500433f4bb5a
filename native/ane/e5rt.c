/* The e5rt route: Espresso's C calls, in the order that is known to work. Every create puts its
 * result first, compile and retain put it last, every release takes the address of a handle.
 * Sources: native/testing/api.tsv. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

struct calls {
#define E5RT_CALL(field, symbol, arguments, remedy) int64_t(*field) arguments;
#include "api.h"
};

enum {
#define E5RT_CALL(field, symbol, arguments, remedy) CALL_##field,
#include "api.h"
    CALLS
};

static const struct ane_call all_calls[CALLS] = {
#define E5RT_CALL(field, symbol, arguments, remedy) {symbol, remedy},
#include "api.h"
};

struct e5rt {
    void *library;
    union {
        struct calls calls;
        void *address[CALLS];
    };
};

struct program {
    void *config, *compiler, *options; /* until the operation is made */
    void *library, *function, *op_options, *operation, *stream;
    char *path; /* of the text */
    int32_t encoded, resident;
};

/* Operations alive in this process: the device holds about 127, the compiler service counts by
 * process, and the status of a refusal is not known to mean "full". */
static int32_t residents;
enum { FULL = 110 };

/* field(...) of a program's route; failed() tells. */
#define CALL(p, field, ...)                                                                        \
    (ane_at(&all_calls[CALL_##field]), last_call = &all_calls[CALL_##field],                       \
     native = ((struct e5rt *)(p)->ane->made)->calls.field(__VA_ARGS__))

#define TRY(code, p, field, ...)                                                                   \
    do {                                                                                           \
        if (CALL(p, field, __VA_ARGS__) != 0) {                                                    \
            return ane_refused(code, last_call, native, NULL);                                     \
        }                                                                                          \
    } while (0)

/* Releases a handle that is there, forgetting it first. */
#define RELEASE(p, field, handle)                                                                  \
    do {                                                                                           \
        void *held = (handle);                                                                     \
        if (held != NULL) {                                                                        \
            (handle) = NULL;                                                                       \
            if (CALL(p, field, &held) != 0 && status == JANE_ANE_OK) {                             \
                status = ane_refused(JANE_ANE_ERUN, last_call, native, NULL);                      \
            }                                                                                      \
        }                                                                                          \
    } while (0)

#define LOCALS                                                                                     \
    int64_t native = 0;                                                                            \
    const struct ane_call *last_call = NULL

static void *symbol_of(void *library, const char *name) {
    void *address = dlsym(library, name);
    if (address == NULL) {
        char other[128];
        snprintf(other, sizeof other, "_%s", name);
        address = dlsym(library, other);
    }
    return address;
}

static int32_t e5rt_open(jane_ane *ane, const char *library) {
    (void)library;
    struct e5rt *made = calloc(1, sizeof *made);
    ane->made = made;
    if (made == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_open", "no memory");
    }
    static const struct ane_call loading = {"dlopen", "see the text"};
    ane_at(&loading);
    made->library = dlopen(ane->library, RTLD_NOW);
    if (made->library == NULL) {
        const char *why = dlerror();
        return ane_fail(JANE_ANE_ENOLIB, "dlopen",
                        "%s; need macOS 14 or newer on Apple silicon, or the CPU engine",
                        why != NULL ? why : ane->library);
    }
    char missing[ANE_TEXT] = "";
    size_t length = 0;
    int32_t count = 0;
    for (int32_t i = 0; i < CALLS; i++) {
        made->address[i] = symbol_of(made->library, all_calls[i].name);
        if (made->address[i] == NULL) {
            count++;
            length += (size_t)snprintf(missing + length, sizeof missing - length, " %s",
                                       all_calls[i].name + strlen("e5rt_"));
            length = length < sizeof missing ? length : sizeof missing - 1;
        }
    }
    if (count != 0) {
        return ane_fail(JANE_ANE_ENOSYM, "dlsym",
                        "%d of %d calls are missing, e5rt_*:%s; this system's Espresso is another one, "
                        "use the in-memory route or the CPU engine",
                        count, CALLS, missing);
    }
    return JANE_ANE_OK;
}

static void e5rt_close(jane_ane *ane) {
    struct e5rt *made = ane->made;
    if (made != NULL && made->library != NULL) {
        dlclose(made->library);
    }
    free(made);
}

static int32_t e5rt_describe(jane_ane *ane, char *text, int64_t room, int64_t *length) {
    (void)ane;
    ane_line(text, room, length, "symbols", "%d of %d", CALLS, CALLS);
    ane_line(text, room, length, "resident", "%d", __atomic_load_n(&residents, __ATOMIC_RELAXED));
    return JANE_ANE_OK;
}

static int32_t e5rt_compile(jane_ane_program *p, const char *dir, const char *cache_dir,
                            int32_t mask) {
    LOCALS;
    const int32_t failed = JANE_ANE_ECOMPILE;
    struct program *made = calloc(1, sizeof *made);
    p->made = made;
    size_t size = strlen(dir) + sizeof "/model.mil";
    char *path = malloc(size);
    if (made == NULL || path == NULL) {
        free(path);
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_compile", "no memory");
    }
    snprintf(path, size, "%s/model.mil", dir);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        int32_t status = ane_fail(JANE_ANE_EIO, "jane_ane_compile",
                                  "cannot read '%s'; need the program's text there", path);
        free(path);
        return status;
    }
    fclose(file);
    made->path = path;
    TRY(failed, p, e5_compiler_config_options_create, &made->config);
    TRY(failed, p, e5_compiler_config_options_set_cache_bundle_location, made->config, cache_dir);
    TRY(failed, p, e5_compiler_create_with_config, &made->compiler, made->config);
    TRY(failed, p, e5_compiler_options_create, &made->options);
    TRY(failed, p, e5_compiler_options_set_compute_device_types_mask, made->options, (uint64_t)mask);
    TRY(failed, p, e5_compiler_options_set_force_recompilation, made->options, 1);
    TRY(failed, p, e5_compiler_options_set_segmenter, made->options, "graph");
    TRY(failed, p, e5_compiler_compile, made->compiler, path, made->options, &made->library);
    TRY(failed, p, program_library_retain_program_function, made->library, "main", &made->function);
    return JANE_ANE_OK;
}

/* What only the compiler needed. */
static int32_t free_compiler(jane_ane_program *p, int32_t status) {
    LOCALS;
    struct program *made = p->made;
    RELEASE(p, e5_compiler_options_release, made->options);
    RELEASE(p, e5_compiler_release, made->compiler);
    RELEASE(p, e5_compiler_config_options_release, made->config);
    return status;
}

/* Leaves the device. */
static int32_t unload(jane_ane_program *p, int32_t status) {
    LOCALS;
    struct program *made = p->made;
    if (made->resident) {
        made->resident = 0;
        __atomic_fetch_sub(&residents, 1, __ATOMIC_RELAXED);
    }
    RELEASE(p, execution_stream_operation_release, made->operation);
    RELEASE(p, precompiled_compute_op_create_options_release, made->op_options);
    return status;
}

static int32_t e5rt_load(jane_ane_program *p) {
    LOCALS;
    const int32_t failed = JANE_ANE_ELOAD;
    struct program *made = p->made;
    int32_t status = unload(p, JANE_ANE_OK); /* after one that failed */
    TRY(failed, p, precompiled_compute_op_create_options_create_with_program_function,
        &made->op_options, made->function);
    TRY(failed, p, precompiled_compute_op_create_options_set_operation_name, made->op_options, "main");
    TRY(failed, p, precompiled_compute_op_create_options_set_allocate_intermediate_buffers,
        made->op_options, 1);
    if (CALL(p, execution_stream_operation_create_precompiled_compute_operation_with_options,
             &made->operation, made->op_options) != 0) {
        int32_t alive = __atomic_load_n(&residents, __ATOMIC_RELAXED);
        char text[64];
        snprintf(text, sizeof text, "not loaded, with %d programs of this process resident", alive);
        return ane_refused(alive >= FULL ? JANE_ANE_ESLOTS : failed, last_call, native, text);
    }
    made->resident = 1;
    __atomic_fetch_add(&residents, 1, __ATOMIC_RELAXED);
    return free_compiler(p, status);
}

static int32_t e5rt_port(jane_ane_program *p, struct ane_port *port) {
    LOCALS;
    const int32_t failed = JANE_ANE_EPORT;
    struct program *made = p->made;
    uint64_t size = ((uint64_t)port->bytes + 63) / 64 * 64;
    if (port->is_output) {
        TRY(failed, p, execution_stream_operation_retain_output_port, made->operation, port->name,
            &port->port);
    } else {
        TRY(failed, p, execution_stream_operation_retain_input_port, made->operation, port->name,
            &port->port);
    }
    TRY(JANE_ANE_ENOMEM, p, buffer_object_alloc, &port->buffer, size, 0);
    TRY(failed, p, buffer_object_get_data_ptr, port->buffer, &port->data);
    memset(port->data, 0, size);
    TRY(failed, p, io_port_bind_buffer_object, port->port, port->buffer);
    return JANE_ANE_OK;
}

static int32_t e5rt_alias(jane_ane_program *p, struct ane_port *output, struct ane_port *input) {
    LOCALS;
    int32_t status = JANE_ANE_OK;
    TRY(JANE_ANE_EPORT, p, io_port_bind_buffer_object, input->port, output->buffer);
    input->source = output;
    input->data = output->data;
    RELEASE(p, buffer_object_release, input->buffer);
    return status;
}

static int32_t e5rt_run(jane_ane_program *p) {
    LOCALS;
    struct program *made = p->made;
    if (!made->encoded) {
        if (made->stream == NULL) {
            TRY(JANE_ANE_ERUN, p, execution_stream_create, &made->stream);
        }
        TRY(JANE_ANE_ERUN, p, execution_stream_encode_operation, made->stream, made->operation);
        made->encoded = 1;
        p->has_run = 1;
    }
    TRY(JANE_ANE_ERUN, p, execution_stream_execute_sync, made->stream);
    return JANE_ANE_OK;
}

static int32_t e5rt_stop(jane_ane_program *p) {
    LOCALS;
    int32_t status = JANE_ANE_OK;
    struct program *made = p->made;
    if (made != NULL) {
        RELEASE(p, execution_stream_release, made->stream);
    }
    return status;
}

static int32_t e5rt_drop(jane_ane_program *p, struct ane_port *port) {
    LOCALS;
    int32_t status = JANE_ANE_OK;
    RELEASE(p, buffer_object_release, port->buffer);
    RELEASE(p, io_port_release, port->port);
    return status;
}

static int32_t e5rt_destroy(jane_ane_program *p) {
    LOCALS;
    int32_t status = JANE_ANE_OK;
    struct program *made = p->made;
    if (made == NULL) {
        return status;
    }
    status = unload(p, status);
    RELEASE(p, program_function_release, made->function);
    RELEASE(p, program_library_release, made->library);
    status = free_compiler(p, status);
    p->made = NULL;
    free(made->path);
    free(made);
    return status;
}

const struct ane_route ane_e5rt = {
    .name = "e5rt",
    .library = "/System/Library/PrivateFrameworks/Espresso.framework/Espresso",
    .masks = JANE_ANE_MASK_CPU | 2 | JANE_ANE_MASK_ANE,
    .open = e5rt_open,
    .close = e5rt_close,
    .describe = e5rt_describe,
    .compile = e5rt_compile,
    .load = e5rt_load,
    .port = e5rt_port,
    .alias = e5rt_alias,
    .run = e5rt_run,
    .stop = e5rt_stop,
    .drop = e5rt_drop,
    .destroy = e5rt_destroy,
};
