/* The bridge's e5rt route on the stand-in for Espresso. argv: the stand-in, the one whose symbols
 * begin with an underscore, a library that has none of them, one for another processor. */
#include "lives.h"

static const struct {
    const char *symbol, *remedy;
} calls[] = {
#define E5RT_CALL(field, symbol, arguments, remedy) {symbol, remedy},
#include "api.h"
};
enum { CALLS = sizeof calls / sizeof *calls };

static void results_and_state(jane_ane *ane) {
    int32_t ran = 0;
    standin_reset();
    standin_set_backend(add_up, &ran);
    int16_t *y, *s;
    jane_ane_program *p = with_state(ane, &y, &s);
    for (int32_t i = 0; i < 5; i++) {
        OK(jane_ane_run(p));
    }
    for (int16_t k = 0; k < 3; k++) {
        CHECK(s[k] == k + 5, "state %d after 5 runs: %d", k, s[k]);
        CHECK(ran == 5, "%d", ran);
    }
    CHECK(y[2] == 20 + 2 + 5 || y[2] == 20 + 2 + 4, "y saw s of its run: %d", y[2]);
    CHECK(jane_ane_last_hardware_ns(p) == -1, "not told on this route");
    REFUSED(JANE_ANE_EBUSY, jane_ane_close(&ane));
    OK(jane_ane_release(&p));
    CHECK(objects() == 0, "%lld objects", (long long)objects());
}

/* The order that is known to work, call by call. */
static void order_of_calls(jane_ane *ane) {
    static const char want[] =
        "config_options_create config_options_set_cache_bundle_location create_with_config options_create "
        "options_set_compute_device_types_mask options_set_force_recompilation options_set_segmenter compile "
        "retain_program_function create_with_program_function set_operation_name "
        "set_allocate_intermediate_buffers with_options options_release compiler_release "
        "config_options_release retain_input_port alloc get_data_ptr bind_buffer_object";
    standin_reset();
    OK(whole_life(ane, 1));
    char copy[sizeof want];
    strcpy(copy, want);
    const char *line = standin_calls();
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        size_t length = strcspn(line, "\n"), n = strlen(word);
        CHECK(length >= n && strncmp(line + length - n, word, n) == 0, "%s: %.*s", word, (int)length, line);
        line += length + (line[length] == '\n');
    }
    const char *last = strstr(standin_calls(), "execution_stream_execute_sync\n");
    CHECK(last != NULL && has(last, "sync\ne5rt_execution_stream_release\n"), "the stream goes first");
}

static void failure_at_every_call(jane_ane *ane) {
    for (int32_t i = 0; i < CALLS; i++) {
        int is_release = has(calls[i].symbol, "_release");
        for (int32_t throws = 0; throws < 2; throws++) {
            int64_t before = objects();
            standin_reset();
            standin_fail(calls[i].symbol, 1, throws ? STANDIN_THROW : 4242);
            int32_t status = whole_life(ane, 1);
            const char *said = jane_ane_last_error();
            CHECK(status != 0 && (status == JANE_ANE_EEXCEPTION) == throws, "%s: %d", calls[i].symbol, status);
            CHECK(has(said, calls[i].symbol) && has(said, calls[i].remedy), "%s", calls[i].symbol);
            CHECK(throws ? has(said, "threw") : has(said, "status 4242"), "%s", calls[i].symbol);
            /* What the framework refuses to release stays with it; all else is gone. */
            CHECK(objects() - before == is_release, "%s leaks %lld", calls[i].symbol,
                  (long long)(objects() - before));
        }
    }
    int32_t status = 1;
    for (int32_t n = 1; status != 0; n++) {
        standin_reset();
        standin_fail("*", n, 7);
        status = whole_life(ane, 2);
        CHECK(status == 0 || has(jane_ane_last_error(), "status 7"), "call %d", n);
        CHECK(n < 100, "ends");
    }
}

static void wrong_arguments(jane_ane *ane) {
    jane_ane_program *p = NULL;
    jane_ane *none = NULL;
    void *data;
    int64_t zero[] = {1, 0}, huge[] = {INT64_MAX, 2};
    standin_reset();
    REFUSED(JANE_ANE_EINVAL, jane_ane_open(2, NULL, &none));
    REFUSED(JANE_ANE_EINVAL, jane_ane_open(0, NULL, NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_close(NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_close(&none));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(ane, NULL, cache, 4, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(none, folder, cache, 4, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(ane, folder, cache, 0, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(ane, folder, cache, 8, &p));
    REFUSED(JANE_ANE_EIO, jane_ane_compile(ane, "/no/such/folder", cache, 4, &p));
    CHECK(has(jane_ane_last_error(), "/no/such/folder/model.mil"), "names the file");
    REFUSED(JANE_ANE_ECOMPILE, jane_ane_compile(ane, folder, "/no/such/cache", 4, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_release(NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_load(NULL));
    OK(jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_CPU, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_run(p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &data));
    OK(jane_ane_load(p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_load(p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_reload(p));
    CHECK(has(jane_ane_last_error(), "the e5rt route has no load without a compile"), "says why");
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, NULL, 0, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, NULL, 2, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, DIMS, 6, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, DIMS, 2, 3, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, zero, 2, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, huge, 2, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "nobody", 0, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 1, DIMS, 2, 2, &data));
    OK(jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_EINVAL, jane_ane_alias(p, NULL, "x", NULL));
    REFUSED(JANE_ANE_EPORT, jane_ane_alias(p, "next_s", "s", NULL));
    OK(jane_ane_port_shape(p, "y", 1, (int64_t[]){1, 64}, 2, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_alias(p, "y", "x", NULL));
    CHECK(has(jane_ane_last_error(), "128 bytes, 'x' 6"), "says both sizes");
    REFUSED(JANE_ANE_ERUN, jane_ane_run(p)); /* s and next_s have no buffers */
    CHECK(strcmp(standin_rule(), "port_unbound") == 0, "%s", standin_rule());
    OK(jane_ane_port_shape(p, "s", 0, DIMS, 2, 2, &data));
    OK(jane_ane_port_shape(p, "next_s", 1, DIMS, 2, 2, &data));
    OK(jane_ane_alias(p, "next_s", "s", NULL));
    REFUSED(JANE_ANE_EPORT, jane_ane_alias(p, "next_s", "s", NULL));
    OK(jane_ane_run(p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_alias(p, "y", "x", NULL));
    REFUSED(JANE_ANE_EINVAL, jane_ane_port_shape(p, "z", 1, DIMS, 2, 2, &data));
    OK(jane_ane_release(&p));
    CHECK(objects() == 0, "%lld objects", (long long)objects());
    /* A program that the compiler rejects, a missing blob, one that makes it throw. */
    write_file("model.mil", "not a program");
    REFUSED(JANE_ANE_ECOMPILE, jane_ane_compile(ane, folder, cache, 4, &p));
    write_file("model.mil", PROGRAM);
    char path[160];
    snprintf(path, sizeof path, "%s/weights/weight.bin", folder);
    remove(path);
    REFUSED(JANE_ANE_ECOMPILE, jane_ane_compile(ane, folder, cache, 4, &p));
    write_file("weights/weight.bin", "weights");
    write_file("model.mil", "program(1.3)\n[buildInfo = dict<string, string>({})]\n{\n    func main<ios18>"
                            "(tensor<fp16, [1, 3]> x) {\n    } -> (x);\n}\n");
    REFUSED(JANE_ANE_EEXCEPTION, jane_ane_compile(ane, folder, cache, 4, &p));
    CHECK(has(jane_ane_last_error(), "unordered_map::at: key not found"), "says what was thrown");
    write_file("model.mil", PROGRAM);
    CHECK(objects() == 0, "%lld objects", (long long)objects());
}

/* The status of a refusal is not known to mean "full": few programs are no reason to think so. */
static void a_device_that_others_fill(jane_ane *ane) {
    standin_reset();
    standin_set_cap(1);
    jane_ane_program *two[2];
    OK(jane_ane_compile(ane, folder, cache, 4, &two[0]));
    OK(jane_ane_compile(ane, folder, cache, 4, &two[1]));
    OK(jane_ane_load(two[0]));
    REFUSED(JANE_ANE_ELOAD, jane_ane_load(two[1]));
    OK(jane_ane_release(&two[0]));
    OK(jane_ane_release(&two[1]));
    CHECK(objects() == 0, "%lld objects", (long long)objects());
}

static void opening(char **argv) {
    jane_ane *ane = NULL, *again;
    char text[512], small[8] = "x";
    int64_t size = 0;
    what_is_no_framework(JANE_ANE_E5RT, argv[4]);
#ifndef __APPLE__
    REFUSED(JANE_ANE_ENOLIB, jane_ane_open(JANE_ANE_E5RT, NULL, &ane));
    REFUSED(JANE_ANE_ENOLIB, jane_ane_open(JANE_ANE_INMEM, NULL, &ane));
#endif
    REFUSED(JANE_ANE_ENOSYM, jane_ane_open(JANE_ANE_E5RT, argv[3], &ane));
    for (int32_t i = 0; i < CALLS; i++) {
        CHECK(has(jane_ane_last_error(), calls[i].symbol + strlen("e5rt_")), "%s is named", calls[i].symbol);
    }
    OK(jane_ane_open(JANE_ANE_E5RT, argv[2], &ane)); /* _e5rt_... */
    OK(jane_ane_open(JANE_ANE_E5RT, argv[1], &again));
    REFUSED(JANE_ANE_ENOMEM, jane_ane_describe(ane, NULL, &size));
    CHECK(size > 20 && size < (int64_t)sizeof text, "%lld", (long long)size);
    size = sizeof small;
    REFUSED(JANE_ANE_ENOMEM, jane_ane_describe(ane, small, &size));
    size = sizeof text;
    OK(jane_ane_describe(ane, text, &size));
    CHECK(has(text, "route=e5rt\n") && has(text, "symbols=31 of 31\n") && size == (int64_t)strlen(text) + 1,
          "%s", text);
    REFUSED(JANE_ANE_EINVAL, jane_ane_describe(ane, NULL, NULL));
    OK(jane_ane_close(&ane));
    REFUSED(JANE_ANE_EINVAL, jane_ane_describe(ane, text, &size));
    OK(jane_ane_close(&again));
    CHECK(jane_ane_abi() == JANE_ANE_ABI, "%d", jane_ane_abi());
}

int main(int argc, char **argv) {
    jane_ane *ane;
    if (argc != 5) {
        return 2;
    }
    make_folder();
    opening(argv);
    OK(jane_ane_open(JANE_ANE_E5RT, argv[1], &ane));
    results_and_state(ane);
    order_of_calls(ane);
    wrong_arguments(ane);
    at_most_127_programs(ane, 13);
    a_device_that_others_fill(ane);
    one_thread_in_a_program(ane);
    use_after_close(ane, JANE_ANE_E5RT, argv[1]);
    no_growth(ane);
    failure_at_every_call(ane); /* leaves what a release refused */
    OK(jane_ane_close(&ane));
    remove_folder();
    return failures();
}
