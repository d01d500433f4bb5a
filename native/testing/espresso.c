/* A stand-in for Espresso: the calls of api.tsv, with its rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "espresso_objects.h"

#ifndef SYMBOL_PREFIX
#define SYMBOL_PREFIX ""
#endif

#define TEXT_OF(x) #x
#define LABEL(prefix) TEXT_OF(prefix)

#define E5RT_CALL(field, symbol, arguments, remedy)                                                \
    STANDIN_API int64_t e5rt_##field arguments                                                     \
        __asm__(LABEL(__USER_LABEL_PREFIX__) SYMBOL_PREFIX symbol);
#include "api.h"

const char standin_route[] = "e5rt";

#define CREATE(name, kind)                                                                         \
    int64_t e5rt_##name##_create(void **out) {                                                     \
        ENTER(name##_create);                                                                      \
        NEED(out != NULL, out);                                                                    \
        *out = espresso_make(kind, NULL);                                                          \
        return 0;                                                                                  \
    }

#define FREE(name, kind)                                                                           \
    int64_t e5rt_##name##_release(void **handle) {                                                 \
        ENTER(name##_release);                                                                     \
        return espresso_release(handle, kind);                                                     \
    }

CREATE(e5_compiler_config_options, CONFIG)
CREATE(e5_compiler_options, OPTIONS)
CREATE(execution_stream, STREAM)
FREE(e5_compiler_config_options, CONFIG)
FREE(e5_compiler, COMPILER)
FREE(e5_compiler_options, OPTIONS)
FREE(program_library, LIBRARY)
FREE(program_function, FUNCTION)
FREE(precompiled_compute_op_create_options, OP_OPTIONS)
FREE(execution_stream_operation, OPERATION)
FREE(buffer_object, BUFFER)
FREE(io_port, PORT)
FREE(execution_stream, STREAM)

int64_t e5rt_e5_compiler_config_options_set_cache_bundle_location(void *config, const char *path) {
    ENTER(e5_compiler_config_options_set_cache_bundle_location);
    struct object *object = espresso_live(config, CONFIG);
    struct stat found;
    NEED(object != NULL, handle);
    NEED(path != NULL && stat(path, &found) == 0 && S_ISDIR(found.st_mode), cache_folder);
    object->cached = 1;
    return 0;
}

int64_t e5rt_e5_compiler_create_with_config(void **out, void *config) {
    ENTER(e5_compiler_create_with_config);
    NEED(out != NULL, out);
    NEED(espresso_live(config, CONFIG) != NULL, handle);
    *out = espresso_make(COMPILER, NULL);
    return 0;
}

int64_t e5rt_e5_compiler_options_set_compute_device_types_mask(void *options, uint64_t mask) {
    ENTER(e5_compiler_options_set_compute_device_types_mask);
    NEED(espresso_live(options, OPTIONS) != NULL, handle);
    NEED(mask >= 1 && mask <= 7, mask);
    standin_lock();
    standin.mask = (int64_t)mask;
    standin_unlock();
    return 0;
}

int64_t e5rt_e5_compiler_options_set_force_recompilation(void *options, int value) {
    ENTER(e5_compiler_options_set_force_recompilation);
    (void)value;
    NEED(espresso_live(options, OPTIONS) != NULL, handle);
    return 0;
}

int64_t e5rt_e5_compiler_options_set_segmenter(void *options, const char *value) {
    ENTER(e5_compiler_options_set_segmenter);
    NEED(espresso_live(options, OPTIONS) != NULL, handle);
    NEED(value != NULL && strcmp(value, "graph") == 0, segmenter);
    return 0;
}

int64_t e5rt_e5_compiler_compile(void *compiler, const char *path, void *options, void **out) {
    ENTER(e5_compiler_compile);
    NEED(espresso_live(compiler, COMPILER) != NULL && espresso_live(options, OPTIONS) != NULL, handle);
    NEED(out != NULL, out);
    const char *file = path != NULL ? strrchr(path, '/') : NULL;
    NEED(file != NULL && strcmp(file, "/model.mil") == 0, mil_missing);
    char *dir = strndup(path, (size_t)(file - path));
    struct shared *shared = calloc(1, sizeof *shared);
    enum standin_verdict verdict = standin_read(&shared->program, dir, NULL);
    free(dir);
    if (verdict == MIL_FINE) {
        *out = espresso_make(LIBRARY, shared);
        return 0;
    }
    free(shared);
    NEED(verdict != MIL_MISSING, mil_missing);
    NEED(verdict != MIL_BLOB, blob_missing);
    NEED(verdict != MIL_EMPTY, empty_body);
    return espresso_refuse(RULE_mil_text);
}

int64_t e5rt_program_library_retain_program_function(void *library, const char *name, void **out) {
    ENTER(program_library_retain_program_function);
    struct object *object = espresso_live(library, LIBRARY);
    NEED(object != NULL, handle);
    NEED(out != NULL, out);
    NEED(name != NULL && strcmp(name, object->shared->program.function) == 0, function_name);
    *out = espresso_make(FUNCTION, object->shared);
    return 0;
}

int64_t e5rt_precompiled_compute_op_create_options_create_with_program_function(void **out,
                                                                                void *function) {
    ENTER(precompiled_compute_op_create_options_create_with_program_function);
    NEED(out != NULL, out);
    struct object *object = espresso_live(function, FUNCTION);
    NEED(object != NULL, function_null);
    *out = espresso_make(OP_OPTIONS, object->shared);
    return 0;
}

int64_t e5rt_precompiled_compute_op_create_options_set_operation_name(void *options,
                                                                      const char *name) {
    ENTER(precompiled_compute_op_create_options_set_operation_name);
    struct object *object = espresso_live(options, OP_OPTIONS);
    NEED(object != NULL, handle);
    NEED(name != NULL, operation_name);
    object->named = 1;
    return 0;
}

int64_t e5rt_precompiled_compute_op_create_options_set_allocate_intermediate_buffers(void *options,
                                                                                     int value) {
    ENTER(precompiled_compute_op_create_options_set_allocate_intermediate_buffers);
    (void)value;
    NEED(espresso_live(options, OP_OPTIONS) != NULL, handle);
    return 0;
}

int64_t e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(
    void **out, void *options) {
    ENTER(execution_stream_operation_create_precompiled_compute_operation_with_options);
    NEED(out != NULL, out);
    struct object *object = espresso_live(options, OP_OPTIONS);
    NEED(object != NULL, handle);
    NEED(object->named, operation_name);
    NEED(object->shared->program.pid == getpid(), bundle_process);
    NEED(standin.resident < standin.cap, resident_cap);
    *out = espresso_make(OPERATION, object->shared);
    return 0;
}

static int64_t retain_port(void *operation, const char *name, int32_t is_output, void **out) {
    struct object *object = espresso_live(operation, OPERATION);
    NEED(object != NULL, handle);
    NEED(out != NULL, out);
    const struct standin_program *program = &object->shared->program;
    for (int32_t i = 0; name != NULL && i < program->n; i++) {
        if (program->ports[i].is_output == is_output && strcmp(program->ports[i].name, name) == 0) {
            struct object *port = espresso_make(PORT, NULL);
            port->operation = object;
            port->index = i;
            *out = port;
            return 0;
        }
    }
    return espresso_refuse(RULE_port_name);
}

int64_t e5rt_execution_stream_operation_retain_input_port(void *operation, const char *name,
                                                          void **out) {
    ENTER(execution_stream_operation_retain_input_port);
    return retain_port(operation, name, 0, out);
}

int64_t e5rt_execution_stream_operation_retain_output_port(void *operation, const char *name,
                                                           void **out) {
    ENTER(execution_stream_operation_retain_output_port);
    return retain_port(operation, name, 1, out);
}

int64_t e5rt_buffer_object_alloc(void **out, uint64_t size, uint32_t type) {
    ENTER(buffer_object_alloc);
    NEED(out != NULL, out);
    NEED(type < 3, buffer_type);
    NEED(size != 0 && size % 64 == 0, buffer_size);
    struct memory *memory = calloc(1, sizeof *memory);
    memory->users = 1;
    memory->size = (int64_t)size;
    if (posix_memalign(&memory->data, 64, size) != 0) {
        free(memory);
        return espresso_refuse(RULE_buffer_size);
    }
    memset(memory->data, 0xa5, size); /* the bridge zeroes it */
    struct object *buffer = espresso_make(BUFFER, NULL);
    buffer->memory = memory;
    *out = buffer;
    return 0;
}

int64_t e5rt_buffer_object_get_data_ptr(void *buffer, void **out) {
    ENTER(buffer_object_get_data_ptr);
    struct object *object = espresso_live(buffer, BUFFER);
    NEED(object != NULL, handle);
    NEED(out != NULL, out);
    *out = object->memory->data;
    return 0;
}

int64_t e5rt_io_port_bind_buffer_object(void *port, void *buffer) {
    ENTER(io_port_bind_buffer_object);
    struct object *at = espresso_live(port, PORT), *with = espresso_live(buffer, BUFFER);
    NEED(at != NULL && with != NULL && espresso_live(at->operation, OPERATION) != NULL, handle);
    NEED(!at->operation->encoded, bind_late);
    NEED(with->memory->size >= at->operation->shared->program.ports[at->index].bytes, port_size);
    struct memory **slot = &at->operation->bound[at->index];
    standin_lock();
    with->memory->users++;
    espresso_drop(*slot);
    *slot = with->memory;
    standin_unlock();
    return 0;
}

int64_t e5rt_execution_stream_encode_operation(void *stream, void *operation) {
    ENTER(execution_stream_encode_operation);
    struct object *on = espresso_live(stream, STREAM), *object = espresso_live(operation, OPERATION);
    NEED(on != NULL && object != NULL, handle);
    NEED(!object->encoded, encode_twice);
    for (int32_t i = 0; i < object->shared->program.n; i++) {
        NEED(object->bound[i] != NULL, port_unbound);
    }
    object->encoded = 1;
    on->operation = object;
    return 0;
}

int64_t e5rt_execution_stream_execute_sync(void *stream) {
    ENTER(execution_stream_execute_sync);
    struct object *on = espresso_live(stream, STREAM);
    NEED(on != NULL, handle);
    struct object *object = espresso_live(on->operation, OPERATION);
    NEED(object != NULL, stream_empty);
    const struct standin_program *program = &object->shared->program;
    const char *names[STANDIN_PORTS];
    void *data[STANDIN_PORTS];
    int64_t bytes[STANDIN_PORTS];
    int32_t is_output[STANDIN_PORTS];
    for (int32_t i = 0; i < program->n; i++) {
        names[i] = program->ports[i].name;
        data[i] = object->bound[i]->data;
        bytes[i] = program->ports[i].bytes;
        is_output[i] = program->ports[i].is_output;
    }
    standin_lock();
    standin_backend backend = standin.backend;
    void *context = standin.context;
    standin_unlock();
    return backend == NULL ? 0
                           : backend(context, program->dir, program->function, program->n, names, data,
                                     bytes, is_output);
}
