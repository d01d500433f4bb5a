/* Each rule of api.tsv for e5rt: a wrong call, made on the stand-in without the bridge, is refused
 * with that rule's status and text. */
#include <sys/wait.h>

#include "fixture.h"

#define E5RT_CALL(field, symbol, arguments, remedy) int64_t e5rt_##field arguments;
#include "api.h"

struct rule {
    const char *name;
    int64_t status;
    const char *text;
    int seen;
};

static struct rule rules[] = {
#define E5RT_RULE(name, call, status, text) {#name, status, text, 0},
#include "api.h"
};

static void refused(const char *name, int64_t status) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            CHECK(status == rules[i].status && strcmp(standin_rule(), name) == 0 &&
                      strcmp(standin_text(), rules[i].text) == 0,
                  "%s: status %lld, refused for %s", name, (long long)status, standin_rule());
            rules[i].seen = 1;
        }
    }
    standin_reset();
}

#define FINE(call) CHECK((call) == 0, "must work")

static void *config, *compiler, *options, *library, *function, *op_options, *operation, *stream, *buffer;

static int64_t compile(void **out) {
    char path[160];
    snprintf(path, sizeof path, "%s/model.mil", folder);
    return e5rt_e5_compiler_compile(compiler, path, options, out);
}

static void compiler_rules(void) {
    void *x = NULL;
    refused("out", e5rt_e5_compiler_config_options_create(NULL));
    FINE(e5rt_e5_compiler_config_options_create(&config));
    refused("cache_folder", e5rt_e5_compiler_config_options_set_cache_bundle_location(config, "/no/such"));
    refused("handle", e5rt_e5_compiler_create_with_config(&x, NULL));
    refused("handle", e5rt_e5_compiler_create_with_config(config, &x)); /* the two the wrong way round */
    FINE(e5rt_e5_compiler_create_with_config(&compiler, config));
    FINE(e5rt_e5_compiler_options_create(&options));
    refused("mask", e5rt_e5_compiler_options_set_compute_device_types_mask(options, 0));
    refused("mask", e5rt_e5_compiler_options_set_compute_device_types_mask(options, 8));
    refused("segmenter", e5rt_e5_compiler_options_set_segmenter(options, "tree"));
    refused("mil_missing", e5rt_e5_compiler_compile(compiler, folder, options, &library));
    static const char *const wrong[] = {
        "hello", "program(1.3) buildInfo func main<ios18>(half x) { fp16 y = 1; } -> (y);",
        "program(1.3) buildInfo func main<ios18>(tensor<fp16, [1, -1]> x) { fp16 y = 1; } -> (y);",
        "program(1.3) buildInfo func main<ios18>(fp16 x) { fp16 z = add(x = y, y = x); } -> (y);",
        "program(1.3) buildInfo func main<ios18>(tensor<fp16, [1, 2]> x) { no result",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_file("model.mil", wrong[i]);
        refused("mil_text", compile(&library));
    }
    write_file("model.mil", PROGRAM);
    char path[160];
    snprintf(path, sizeof path, "%s/weights/weight.bin", folder);
    remove(path);
    refused("blob_missing", compile(&library));
    write_file("weights/weight.bin", "weights");
    FINE(compile(&library));
}

static void operation_rules(void) {
    refused("function_name", e5rt_program_library_retain_program_function(library, "other", &function));
    FINE(e5rt_program_library_retain_program_function(library, "main", &function));
    void *x = NULL;
    refused("function_null",
            e5rt_precompiled_compute_op_create_options_create_with_program_function(&x, NULL));
    refused("function_null",
            e5rt_precompiled_compute_op_create_options_create_with_program_function(function, &x));
    FINE(e5rt_precompiled_compute_op_create_options_create_with_program_function(&op_options, function));
    refused("operation_name", e5rt_precompiled_compute_op_create_options_set_operation_name(op_options, NULL));
    refused("operation_name",
            e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&x, op_options));
    FINE(e5rt_precompiled_compute_op_create_options_set_operation_name(op_options, "main"));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int64_t status =
            e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&x, op_options);
        _exit(status == 12 && strcmp(standin_rule(), "bundle_process") == 0 ? 0 : 1);
    }
    int code = -1;
    CHECK(waitpid(child, &code, 0) == child && code == 0, "another process is refused: %d", code);
    standin_broke("bundle_process", "ANE model load has failed. Must re-compile the E5 bundle");
    refused("bundle_process", 12);
    void *all[127];
    for (int i = 0; i < 127; i++) {
        FINE(e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&all[i],
                                                                                               op_options));
    }
    refused("resident_cap",
            e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&x, op_options));
    for (int i = 0; i < 127; i++) {
        FINE(e5rt_execution_stream_operation_release(&all[i]));
    }
    FINE(e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&operation,
                                                                                           op_options));
}

static void port_rules(void) {
    void *x = NULL, *port[4];
    static const char *const names[] = {"x", "s", "y", "next_s"};
    refused("port_name", e5rt_execution_stream_operation_retain_input_port(operation, "y", &x));
    refused("port_name", e5rt_execution_stream_operation_retain_output_port(operation, "x", &x));
    refused("port_name", e5rt_execution_stream_operation_retain_input_port(operation, NULL, &x));
    for (int i = 0; i < 2; i++) {
        FINE(e5rt_execution_stream_operation_retain_input_port(operation, names[i], &port[i]));
        FINE(e5rt_execution_stream_operation_retain_output_port(operation, names[2 + i], &port[2 + i]));
    }
    refused("buffer_type", e5rt_buffer_object_alloc(&x, 64, 3));
    refused("buffer_size", e5rt_buffer_object_alloc(&x, 6, 0));
    refused("buffer_size", e5rt_buffer_object_alloc(&x, 0, 0));
    FINE(e5rt_buffer_object_alloc(&buffer, 64, 0));
    FINE(e5rt_execution_stream_create(&stream));
    refused("stream_empty", e5rt_execution_stream_execute_sync(stream));
    refused("port_unbound", e5rt_execution_stream_encode_operation(stream, operation));
    for (int i = 0; i < 4; i++) {
        refused("handle", e5rt_io_port_bind_buffer_object(buffer, port[i])); /* the wrong way round */
        FINE(e5rt_io_port_bind_buffer_object(port[i], buffer));
    }
    FINE(e5rt_execution_stream_encode_operation(stream, operation));
    refused("encode_twice", e5rt_execution_stream_encode_operation(stream, operation));
    refused("bind_late", e5rt_io_port_bind_buffer_object(port[0], buffer));
    FINE(e5rt_execution_stream_execute_sync(stream));
    for (int i = 0; i < 4; i++) {
        FINE(e5rt_io_port_release(&port[i]));
        refused("handle", e5rt_io_port_release(&port[i]));
    }
}

/* A port of 128 bytes and a buffer of 64. */
static void size_rule(void) {
    void *lib, *fn, *opt, *op, *port;
    write_file("model.mil", "program(1.3)\n[buildInfo = dict<string, string>({})]\n{\n    func main<ios18>"
                            "(tensor<fp16, [64]> x) {\n        tensor<fp16, [64]> y = relu(x = x);\n    } -> (y);\n}\n");
    FINE(compile(&lib));
    FINE(e5rt_program_library_retain_program_function(lib, "main", &fn));
    FINE(e5rt_precompiled_compute_op_create_options_create_with_program_function(&opt, fn));
    FINE(e5rt_precompiled_compute_op_create_options_set_operation_name(opt, "main"));
    FINE(e5rt_precompiled_compute_op_create_options_set_allocate_intermediate_buffers(opt, 1));
    FINE(e5rt_execution_stream_operation_create_precompiled_compute_operation_with_options(&op, opt));
    FINE(e5rt_execution_stream_operation_retain_input_port(op, "x", &port));
    refused("port_size", e5rt_io_port_bind_buffer_object(port, buffer));
    FINE(e5rt_io_port_release(&port));
    FINE(e5rt_execution_stream_operation_release(&op));
    FINE(e5rt_precompiled_compute_op_create_options_release(&opt));
    FINE(e5rt_program_function_release(&fn));
    FINE(e5rt_program_library_release(&lib));
}

int main(void) {
    make_folder();
    compiler_rules();
    operation_rules();
    port_rules();
    size_rule();
    FINE(e5rt_execution_stream_release(&stream));
    FINE(e5rt_buffer_object_release(&buffer));
    FINE(e5rt_execution_stream_operation_release(&operation));
    FINE(e5rt_precompiled_compute_op_create_options_release(&op_options));
    FINE(e5rt_program_function_release(&function));
    FINE(e5rt_program_library_release(&library));
    FINE(e5rt_e5_compiler_options_release(&options));
    FINE(e5rt_e5_compiler_release(&compiler));
    FINE(e5rt_e5_compiler_config_options_release(&config));
    int64_t compiled, resident, alive;
    standin_counts(&compiled, &resident, &alive);
    CHECK(compiled == 0 && resident == 0 && alive == 0, "%lld objects", (long long)alive);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        /* The one that throws is in test_e5rt.c: C cannot catch it. */
        CHECK(rules[i].seen || rules[i].status < 0, "rule %s has no wrong call", rules[i].name);
    }
    remove_folder();
    return failures();
}
