/* The in-memory route: models of AppleNeuralEngine.framework, made of a text and its weights, over
 * the Objective-C runtime's C interface. Sources: native/testing/api.tsv.
 *
 * The framework reads a program's files from a folder of its own choice, which is made before the
 * compile and deleted after the last equal program. Its tensors are in IOSurfaces, with padded rows;
 * dense buffers at the border are copied into them and back at each run. An alias is one dense
 * buffer for output and input: the copies move the state. */
#include "inmem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Quality of service of every request: user-initiated work has 25, background 9; published
 * measurements find no difference in latency. */
enum { QOS = 21 };

enum { NO_SLOT = 0x50004, TOO_LARGE = 0x20004 }; /* codes of a load's NSError */
enum { AGAIN_MICROSECONDS = 100000 };            /* before the second try to load */
enum { TIME = 1 };                               /* the one statistic that is asked for */

int32_t inmem_residents;

struct job {
    jane_ane_program *p;
    const char *dir;
    struct ane_port *port;
};

#define OBJC(p) ((struct objc *)(p)->ane->made)

/* --- compile and load ---------------------------------------------------------------------- */

/* Asks the framework to tell the time on the hardware: before each compile and load, which forgets
 * it, and after the load the model behind the model too. */
static void ask_for_time(struct objc *o, void *model, int32_t is_loaded) {
    if (o->selector[METHOD_ANEInMemoryModel_setPerfStatsMask_] != NULL) {
        SEND(o, ANEInMemoryModel_setPerfStatsMask_, model, TIME);
    }
    if (is_loaded && o->selector[METHOD_ANEModel_setPerfStatsMask_] != NULL &&
        o->selector[METHOD_ANEInMemoryModel_model] != NULL) {
        void *inner = SEND(o, ANEInMemoryModel_model, model);
        if (ane_objc_is(o, inner, METHOD_ANEModel_setPerfStatsMask_)) {
            SEND(o, ANEModel_setPerfStatsMask_, inner, TIME);
        }
    }
}

static int32_t compile_body(void *argument) {
    struct job *job = argument;
    struct objc *o = OBJC(job->p);
    struct inmem_program *made = job->p->made;
    void *text, *weights, *error = NULL;
    int32_t status = inmem_read(o, job->dir, "model.mil", &text);
    if (status == JANE_ANE_OK) {
        status = inmem_weights(o, job->dir, text, &weights);
    }
    if (status != JANE_ANE_OK) {
        return status;
    }
    void *descriptor = CLASS_SEND(o, ANEInMemoryModelDescriptor_modelWithMILText_weights_optionsPlist_,
                                  text, weights, NULL);
    if (descriptor == NULL) {
        return ane_refused(
            JANE_ANE_ECOMPILE,
            &ane_objc_methods[METHOD_ANEInMemoryModelDescriptor_modelWithMILText_weights_optionsPlist_],
            0, "no descriptor: the text is not UTF-8, or has no buildInfo");
    }
    void *model = CLASS_SEND(o, ANEInMemoryModel_inMemoryModelWithDescriptor_, descriptor);
    if (model == NULL) {
        return ane_refused(JANE_ANE_ECOMPILE,
                           &ane_objc_methods[METHOD_ANEInMemoryModel_inMemoryModelWithDescriptor_], 0,
                           "no model");
    }
    const char *identifier = ane_objc_text(o, SEND(o, ANEInMemoryModel_hexStringIdentifier, model));
    if (identifier == NULL || *identifier == 0) {
        return ane_refused(JANE_ANE_ECOMPILE,
                           &ane_objc_methods[METHOD_ANEInMemoryModel_hexStringIdentifier], 0,
                           "no identifier, which names the folder of its files");
    }
    SEND(o, NSObject_retain, model);
    made->model = model;
    status = inmem_take_folder(o, made, identifier);
    if (status != JANE_ANE_OK) {
        return status;
    }
    void *options = CLASS_SEND(o, NSMutableDictionary_dictionary);
    ask_for_time(o, made->model, 0);
    return SEND(o, ANEInMemoryModel_compileWithQoS_options_error_, made->model, QOS, options, &error)
               ? JANE_ANE_OK
               : ane_objc_failed(o, JANE_ANE_ECOMPILE,
                                 METHOD_ANEInMemoryModel_compileWithQoS_options_error_, error);
}

static int32_t inmem_compile(jane_ane_program *p, const char *dir, const char *cache_dir, int32_t mask) {
    (void)cache_dir; /* the framework has its own place for what it writes */
    (void)mask;
    struct inmem_program *made = calloc(1, sizeof *made);
    p->made = made;
    if (made == NULL || (made->dir = ane_copy(dir)) == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_compile", "no memory");
    }
    struct job job = {.p = p, .dir = dir};
    return ane_objc_pooled(OBJC(p), compile_body, &job);
}

static int32_t load_body(void *argument) {
    struct job *job = argument;
    struct objc *o = OBJC(job->p);
    struct inmem_program *made = job->p->made;
    void *options = CLASS_SEND(o, NSMutableDictionary_dictionary), *error = NULL;
    const int32_t method = METHOD_ANEInMemoryModel_loadWithQoS_options_error_;
    ask_for_time(o, made->model, 0);
    unsigned char loaded =
        SEND(o, ANEInMemoryModel_loadWithQoS_options_error_, made->model, QOS, options, &error);
    int64_t code = !loaded && error != NULL ? SEND(o, NSError_code, error) : 0;
    if (!loaded && code != NO_SLOT && code != TOO_LARGE) {
        usleep(AGAIN_MICROSECONDS); /* others may have the device, or the folder was cleaned up */
        int32_t status = inmem_fill_folder(o, made);
        if (status != JANE_ANE_OK) {
            return status;
        }
        error = NULL;
        ask_for_time(o, made->model, 0);
        loaded = SEND(o, ANEInMemoryModel_loadWithQoS_options_error_, made->model, QOS, options, &error);
    }
    if (!loaded) {
        return ane_objc_failed(o, code == NO_SLOT ? JANE_ANE_ESLOTS : JANE_ANE_ELOAD, method, error);
    }
    made->resident = 1;
    __atomic_fetch_add(&inmem_residents, 1, __ATOMIC_RELAXED);
    ask_for_time(o, made->model, 1);
    return inmem_read_report(o, made);
}

static int32_t inmem_load(jane_ane_program *p) {
    struct job job = {.p = p};
    struct inmem_program *made = p->made;
    /* After a report that could not be read, the model is loaded already. */
    return made->resident
               ? ane_fail(JANE_ANE_ELOAD, "jane_ane_load", "failed before; release the program")
               : ane_objc_pooled(OBJC(p), load_body, &job);
}

static void forget_resident(struct inmem_program *made) {
    made->resident = 0;
    __atomic_fetch_sub(&inmem_residents, 1, __ATOMIC_RELAXED);
}

static int32_t drop_request(struct objc *o, struct inmem_program *made) {
    void *request = made->request;
    made->request = NULL;
    SEND(o, NSObject_release, request);
    return JANE_ANE_OK;
}

static int32_t reload_body(void *argument) {
    struct job *job = argument;
    struct objc *o = OBJC(job->p);
    struct inmem_program *made = job->p->made;
    void *error = NULL;
    int32_t status = inmem_own_folder(o, made);
    if (status != JANE_ANE_OK) {
        return status;
    }
    drop_request(o, made); /* the next run makes one of the model as it is then */
    if (!SEND(o, ANEInMemoryModel_unloadWithQoS_error_, made->model, QOS, &error)) {
        return ane_objc_failed(o, JANE_ANE_ERUN, METHOD_ANEInMemoryModel_unloadWithQoS_error_, error);
    }
    forget_resident(made);
    job->p->loaded = 0;
    status = inmem_overwrite(o, made);
    if (status == JANE_ANE_OK) {
        status = load_body(job);
    }
    job->p->loaded = status == JANE_ANE_OK;
    return status;
}

static int32_t inmem_reload(jane_ane_program *p) {
    struct job job = {.p = p};
    return ane_objc_pooled(OBJC(p), reload_body, &job);
}

/* --- ports and runs ------------------------------------------------------------------------ */

static int32_t inmem_port(jane_ane_program *p, struct ane_port *port) {
    size_t size = ((size_t)port->bytes + 63) / 64 * 64;
    if (posix_memalign(&port->buffer, 64, size) != 0) {
        port->buffer = NULL;
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_port_shape", "no memory for %lld bytes of '%s'",
                        (long long)port->bytes, port->name);
    }
    port->data = memset(port->buffer, 0, size);
    return inmem_lay_out(p->made, port);
}

static int32_t inmem_alias(jane_ane_program *p, struct ane_port *output, struct ane_port *input) {
    (void)p;
    free(input->buffer);
    input->buffer = NULL;
    input->data = output->data;
    input->source = output;
    return JANE_ANE_OK;
}

static int32_t copy_all(struct objc *o, jane_ane_program *p, int32_t is_output) {
    int32_t status = JANE_ANE_OK;
    for (struct ane_port *port = p->ports; port != NULL && status == JANE_ANE_OK; port = port->next) {
        if (port->is_output == is_output) {
            status = inmem_copy(o, port, !is_output);
        }
    }
    return status;
}

/* Of the request's last run; -1 if it is not told. */
static int64_t hardware_time(struct objc *o, void *request) {
    if (o->selector[METHOD_ANERequest_perfStats] == NULL) {
        return -1;
    }
    const int32_t method = METHOD_ANEPerformanceStats_hwExecutionTime;
    void *statistics = SEND(o, ANERequest_perfStats, request);
    int64_t ns = o->selector[method] != NULL && ane_objc_is(o, statistics, method)
                     ? (int64_t)SEND(o, ANEPerformanceStats_hwExecutionTime, statistics)
                     : 0;
    return ns > 0 ? ns : -1;
}

static int32_t run_body(void *argument) {
    struct job *job = argument;
    struct objc *o = OBJC(job->p);
    struct inmem_program *made = job->p->made;
    int32_t status = made->request == NULL ? inmem_make_request(o, job->p) : JANE_ANE_OK;
    if (status == JANE_ANE_OK) {
        job->p->has_run = 1;
        status = copy_all(o, job->p, 0);
    }
    if (status != JANE_ANE_OK) {
        return status;
    }
    void *options = CLASS_SEND(o, NSMutableDictionary_dictionary), *error = NULL;
    if (!SEND(o, ANEInMemoryModel_evaluateWithQoS_options_request_error_, made->model, QOS, options,
              made->request, &error)) {
        return ane_objc_failed(o, JANE_ANE_ERUN,
                               METHOD_ANEInMemoryModel_evaluateWithQoS_options_request_error_, error);
    }
    status = copy_all(o, job->p, 1);
    job->p->hardware_ns = status == JANE_ANE_OK ? hardware_time(o, made->request) : -1;
    return status;
}

static int32_t inmem_run(jane_ane_program *p) {
    struct job job = {.p = p};
    return ane_objc_pooled(OBJC(p), run_body, &job);
}

/* --- freeing: each thing is forgotten before the call that frees it ------------------------- */

static int32_t stop_body(void *argument) {
    struct job *job = argument;
    return drop_request(OBJC(job->p), job->p->made);
}

static int32_t inmem_stop(jane_ane_program *p) {
    struct inmem_program *made = p->made;
    struct job job = {.p = p};
    return made != NULL && made->request != NULL ? ane_objc_pooled(OBJC(p), stop_body, &job)
                                                 : JANE_ANE_OK;
}

static int32_t drop_body(void *argument) {
    struct job *job = argument;
    inmem_drop_surface(OBJC(job->p), job->port->port);
    return JANE_ANE_OK;
}

static int32_t inmem_drop(jane_ane_program *p, struct ane_port *port) {
    struct job job = {.p = p, .port = port};
    struct inmem_surface *surface = port->port;
    int32_t status = JANE_ANE_OK;
    if (surface != NULL && surface->ref != NULL) {
        status = ane_objc_pooled(OBJC(p), drop_body, &job);
    }
    if (status == JANE_ANE_OK) {
        free(surface);
        free(port->buffer);
        port->port = port->buffer = NULL;
    }
    return status;
}

static int32_t destroy_body(void *argument) {
    struct job *job = argument;
    struct objc *o = OBJC(job->p);
    struct inmem_program *made = job->p->made;
    int32_t status = JANE_ANE_OK;
    void *error = NULL, *model = made->model;
    if (made->resident) {
        forget_resident(made);
        if (!SEND(o, ANEInMemoryModel_unloadWithQoS_error_, model, QOS, &error)) {
            status = ane_objc_failed(o, JANE_ANE_ERUN, METHOD_ANEInMemoryModel_unloadWithQoS_error_, error);
        }
    }
    made->model = NULL;
    SEND(o, NSObject_release, model);
    int32_t given = made->folder != NULL ? inmem_give_folder(o, made) : JANE_ANE_OK;
    return status != JANE_ANE_OK ? status : given;
}

static int32_t inmem_destroy(jane_ane_program *p) {
    struct inmem_program *made = p->made;
    struct job job = {.p = p};
    int32_t status = JANE_ANE_OK;
    if (made == NULL) {
        return status;
    }
    if (made->model != NULL || made->folder != NULL) {
        status = ane_objc_pooled(OBJC(p), destroy_body, &job);
    }
    if (status != JANE_ANE_EEXCEPTION) {
        inmem_free_report(made);
        p->made = NULL;
        free(made->dir);
        free(made);
    }
    return status;
}

const struct ane_route ane_inmem = {
    .name = "in-memory",
    .library = "/System/Library/PrivateFrameworks/AppleNeuralEngine.framework/AppleNeuralEngine:"
               "/System/Library/Frameworks/Foundation.framework/Foundation:"
               "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation:"
               "/System/Library/Frameworks/IOSurface.framework/IOSurface:/usr/lib/libobjc.A.dylib",
    .masks = JANE_ANE_MASK_ANE,
    .open = inmem_open,
    .close = inmem_close,
    .describe = inmem_describe,
    .compile = inmem_compile,
    .load = inmem_load,
    .reload = inmem_reload,
    .port = inmem_port,
    .alias = inmem_alias,
    .run = inmem_run,
    .stop = inmem_stop,
    .drop = inmem_drop,
    .destroy = inmem_destroy,
};
