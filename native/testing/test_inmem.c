/* The bridge's in-memory route on the stand-in for AppleNeuralEngine. argv: the stand-in, a library
 * that has nothing of it, one for another processor. */
#include "inmem_fixture.h"
#include "lives.h"

static void results_and_state(jane_ane *ane, int32_t report) {
    int32_t ran = 0;
    standin_reset();
    standin_set_backend(add_up, &ran);
    standin_set_report(report);
    if (report < 0) {
        standin_fail("modelAttributes", 1, 1);
    }
    int16_t *y, *s;
    jane_ane_program *p = with_state(ane, &y, &s);
    for (int32_t i = 0; i < 5; i++) {
        OK(jane_ane_run(p));
    }
    standin_fail("evaluateWithQoS:options:request:error:", 1, 29);
    REFUSED(JANE_ANE_ERUN, jane_ane_run(p));
    for (int16_t k = 0; k < 3; k++) {
        CHECK(s[k] == k + 5, "state %d after 5 runs and one that failed: %d", k, s[k]);
    }
    CHECK(ran == 5 && y[2] == 20 + 2 + 4, "y saw s of its run: %d", y[2]);
    CHECK(jane_ane_last_hardware_ns(p) == -1, "not told");
    standin_set_time(1234);
    OK(jane_ane_run(p));
    CHECK(jane_ane_last_hardware_ns(p) == 1234, "%lld", (long long)jane_ane_last_hardware_ns(p));
    standin_set_time(0);
    OK(jane_ane_run(p));
    CHECK(jane_ane_last_hardware_ns(p) == -1, "not told of this run");
    REFUSED(JANE_ANE_EBUSY, jane_ane_close(&ane));
    OK(jane_ane_release(&p));
    standin_set_report(STANDIN_FULL);
    nothing_left("state");
}

/* Every output the input of its letter: z of a, y of b. */
static int32_t by_letter(void *context, const char *dir, const char *function, int32_t n,
                         const char *const *names, void *const *data, const int64_t *bytes,
                         const int32_t *is_output) {
    (void)context, (void)dir, (void)function;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < n && is_output[i]; k++) {
            if (!is_output[k] && names[k][0] == (strcmp(names[i], "y2") == 0 ? 'z' : 'a')) {
                memcpy(data[i], data[k], (size_t)bytes[i]);
            }
        }
    }
    return 0;
}

/* Declared z, a: the framework takes a, z. And y2@output comes before y@output. */
static const char ORDER[] =
    "program(1.3)\n[buildInfo = dict<string, string>({})]\n{\n"
    "    func main<ios18>(tensor<fp32, [2, 3, 5, 7]> z, tensor<fp16, [1, 2, 33]> a) {\n"
    "        tensor<fp16, [1, 2, 33]> y = relu(x = a);\n"
    "        tensor<fp32, [2, 3, 5, 7]> y2 = relu(x = z);\n    } -> (y, y2);\n}\n";

static void order_and_strides(jane_ane *ane, int32_t report) {
    static const int64_t wide[] = {2, 3, 5, 7}, flat[] = {2, 33};
    enum { WIDE = 2 * 3 * 5 * 7 * 4, FLAT = 2 * 33 * 2 };
    standin_reset();
    standin_set_backend(by_letter, NULL);
    standin_set_report(report);
    if (report < 0) {
        standin_fail("modelAttributes", 1, 1);
    }
    write_file("model.mil", ORDER);
    jane_ane_program *p;
    unsigned char *z, *a, *y, *y2;
    OK(jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_ANE, &p));
    OK(jane_ane_load(p));
    OK(jane_ane_port_shape(p, "y", 1, flat, 2, 2, (void **)&y));
    OK(jane_ane_port_shape(p, "z", 0, wide, 4, 4, (void **)&z));
    OK(jane_ane_port_shape(p, "y2", 1, wide, 4, 4, (void **)&y2));
    OK(jane_ane_port_shape(p, "a", 0, flat, 2, 2, (void **)&a));
    unsigned seed = 7;
    for (int32_t i = 0; i < WIDE; i++) {
        z[i] = (unsigned char)(seed = seed * 1103515245 + 12345);
    }
    for (int32_t i = 0; i < FLAT; i++) {
        a[i] = (unsigned char)(seed = seed * 1103515245 + 12345);
    }
    for (int32_t run = 0; run < 2; run++) {
        memset(y, 0, FLAT);
        OK(jane_ane_run(p));
        CHECK(memcmp(y2, z, WIDE) == 0, "report %d, run %d", report, run);
        CHECK(memcmp(y, a, FLAT) == 0, "report %d, run %d", report, run);
    }
    OK(jane_ane_release(&p));
    standin_set_report(STANDIN_FULL);
    write_file("model.mil", PROGRAM);
    nothing_left("order");
}

static void order_of_calls(jane_ane *ane) {
    static const char *const want[] = {
        "modelWithMILText:weights:optionsPlist:", "inMemoryModelWithDescriptor:", "hexStringIdentifier",
        "NSTemporaryDirectory", "setPerfStatsMask:", "compileWithQoS:options:error:", "setPerfStatsMask:",
        "loadWithQoS:options:error:", "setPerfStatsMask:", "model", "setPerfStatsMask:", "modelAttributes", "IOSurfaceCreate", "IOSurfaceGetAllocSize", "IOSurfaceLock",
        "IOSurfaceGetBaseAddress", "IOSurfaceUnlock", "objectWithIOSurface:"};
    standin_reset();
    OK(whole_life(ane, 1));
    const char *line = standin_calls();
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        size_t length = strcspn(line, "\n");
        CHECK(length == strlen(want[i]) && strncmp(line, want[i], length) == 0, "%s: %.*s", want[i],
              (int)length, line);
        line += length + (line[length] == '\n');
    }
    CHECK(has(line, "CFRelease\nCFRelease\nCFRelease\nCFRelease\nunloadWithQoS:error:\n"), "the end: %s", line);
}

static void failure_of_each_single_call(jane_ane *ane) {
    standin_reset();
    OK(whole_life(ane, 2));
    int32_t lines = 0;
    for (const char *c = standin_calls(); *c != 0; c++) {
        lines += *c == '\n';
    }
    CHECK(lines > 40, "%d", lines);
    for (int32_t n = 1; n <= lines; n++) {
        standin_reset();
        standin_fail("*", n, 7);
        int32_t status = whole_life(ane, 2);
        CHECK(status == 0 || has(jane_ane_last_error(), "status 7 ") || has(jane_ane_last_error(), "status 0 "),
              "call %d", n);
        CHECK(left_behind(NULL) == 0, "call %d", n);
    }
}

static void refused_program(jane_ane *ane, const char *text, int32_t code, const char *said) {
    jane_ane_program *p;
    write_file("model.mil", text);
    REFUSED(code, jane_ane_compile(ane, folder, cache, 4, &p));
    CHECK(has(jane_ane_last_error(), said), "need '%s'", said);
    write_file("model.mil", PROGRAM);
    nothing_left(said);
}

static void wrong_programs(jane_ane *ane) {
    jane_ane_program *p;
    char path[160], long_name[5000];
    standin_reset();
    refused_program(ane, "buildInfo but no program", JANE_ANE_ECOMPILE, "err=(InvalidMILProgram)");
    CHECK(jane_ane_last_native() == 1 && has(jane_ane_last_error(), "com.apple.appleneuralengine.compiler"),
          "code and domain");
    refused_program(ane, "not a program", JANE_ANE_ECOMPILE, "no descriptor");
    refused_program(ane, "buildInfo \xff", JANE_ANE_ECOMPILE, "no descriptor");
    refused_program(ane,
                    "program(1.3)\n[buildInfo = dict<string, string>({})]\n{\n    func main<ios18>"
                    "(tensor<fp16, [1, 3]> x) {\n    } -> (x);\n}\n",
                    JANE_ANE_ECOMPILE, "err=() (an empty error: no reason is given)");
    refused_program(ane, "buildInfo \"@model_path/../secret\"", JANE_ANE_EINVAL, "../secret");
    refused_program(ane, "buildInfo \"@model_path/weights", JANE_ANE_EINVAL, "need a path below");
    refused_program(ane, "buildInfo \"@model_path/weights/none.bin\"", JANE_ANE_EIO, "none.bin");
    REFUSED(JANE_ANE_EIO, jane_ane_compile(ane, "/no/such/folder", cache, 4, &p));
    CHECK(has(jane_ane_last_error(), "/no/such/folder/model.mil"), "names the file");
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(ane, long_name, cache, 4, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_CPU, &p));
    CHECK(has(jane_ane_last_error(), "the in-memory route takes bits of 4"), "says which");
    snprintf(path, sizeof path, "%s/weights/weight.bin", folder);
    remove(path);
    REFUSED(JANE_ANE_EIO, jane_ane_compile(ane, folder, cache, 4, &p));
    write_file("weights/weight.bin", "weights");
    nothing_left("wrong programs");
}

static void a_text_of_two_functions(jane_ane *ane) {
    static const char text[] =
        "program(1.3)\n[buildInfo = dict<string, string>({})]\n{\n"
        "    func main<ios18>(fp16 x) { fp16 y = relu(x = x); } -> (y);\n"
        "    func other<ios18>(fp16 x) { fp16 y = relu(x = x); } -> (y);\n}\n";
    jane_ane_program *p;
    standin_reset();
    write_file("model.mil", text);
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    REFUSED(JANE_ANE_ELOAD, jane_ane_load(p));
    CHECK(has(jane_ane_last_error(), "2 procedures; need a text with one function"), "says why");
    OK(jane_ane_release(&p));
    write_file("model.mil", PROGRAM);
    nothing_left("two functions");
}

static void wrong_ports(jane_ane *ane) {
    static const int64_t other[] = {3, 3}, deep[] = {1, 1, 1, 1, 3}, turned[] = {3, 1}, more[] = {1, 3, 2};
    jane_ane_program *p;
    void *data;
    standin_reset();
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    OK(jane_ane_load(p));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "nobody", 0, DIMS, 2, 2, &data));
    CHECK(has(jane_ane_last_error(), "no input 'nobody'; the program has 2, 's' first"), "says what there is");
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 1, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 0, other, 2, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 0, more, 3, 2, &data));
    REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 0, deep, 5, 2, &data));
    CHECK(has(jane_ane_last_error(), "rank 5; need 4"), "says why");
    OK(jane_ane_port_shape(p, "x", 0, turned, 2, 2, &data)); /* the same elements in the same order */
    OK(jane_ane_port_shape(p, "y", 1, DIMS, 2, 2, &data));
    OK(jane_ane_port_shape(p, "next_s", 1, DIMS, 2, 2, &data));
    REFUSED(JANE_ANE_ERUN, jane_ane_run(p));
    CHECK(has(jane_ane_last_error(), "1 inputs have buffers, of 2"), "counts them");
    REFUSED(JANE_ANE_ENOMEM, jane_ane_port_shape(p, "s", 0, (int64_t[]){1, INT64_MAX / 8}, 2, 2, &data));
    OK(jane_ane_port_shape(p, "s", 0, DIMS, 2, 2, &data));
    standin_fail("requestWithInputs:inputIndices:outputs:outputIndices:weightsBuffer:perfStats:procedureIndex:",
                 1, 1);
    REFUSED(JANE_ANE_ERUN, jane_ane_run(p));
    OK(jane_ane_run(p)); /* with new surfaces */
    OK(jane_ane_release(&p));
    nothing_left("ports");
    for (int32_t kind = STANDIN_INTERLEAVED; kind <= STANDIN_NARROW; kind++) {
        standin_set_report(kind);
        OK(jane_ane_compile(ane, folder, cache, 4, &p));
        OK(jane_ane_load(p));
        REFUSED(JANE_ANE_EPORT, jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &data));
        CHECK(has(jane_ane_last_error(), "the framework reports batches"), "says the layout");
        OK(jane_ane_release(&p));
    }
    standin_set_report(STANDIN_FULL);
    standin_fail("modelAttributes", 1, 1);
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    OK(jane_ane_load(p));
    REFUSED(JANE_ANE_ERUN, jane_ane_run(p)); /* no port at all */
    OK(jane_ane_release(&p));
    nothing_left("reports");
}

static void opening(char **argv) {
    jane_ane *ane = NULL, *again;
    char text[1024], both[1024];
    int64_t size = sizeof text;
    what_is_no_framework(JANE_ANE_INMEM, argv[3]);
    REFUSED(JANE_ANE_ENOLIB, jane_ane_open(JANE_ANE_INMEM, NULL, &ane));
    REFUSED(JANE_ANE_ENOSYM, jane_ane_open(JANE_ANE_INMEM, argv[2], &ane));
    CHECK(has(jane_ane_last_error(), "objc_getClass, sel_registerName") &&
              has(jane_ane_last_error(), "objc_msgSend") && has(jane_ane_last_error(), "kIOSurfaceWidth"),
          "names all");
    standin_set_device(STANDIN_NONE);
    REFUSED(JANE_ANE_ENOLIB, jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    CHECK(has(jane_ane_last_error(), "this machine has no Neural Engine"), "says so");
    standin_set_device(STANDIN_VIRTUAL);
    REFUSED(JANE_ANE_ENOLIB, jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    CHECK(has(jane_ane_last_error(), "virtual machine"), "says so");
    standin_set_device(STANDIN_DEVICE);
    OK(jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    snprintf(both, sizeof both, "%s:%s", argv[2], argv[1]);
    OK(jane_ane_open(JANE_ANE_INMEM, both, &again)); /* from several libraries */
    OK(jane_ane_describe(ane, text, &size));
    CHECK(has(text, "route=in-memory\n") && has(text, "chip=standin\n") && has(text, "cores=16\n") &&
              has(text, "resident=0\n") && has(text, "methods=") && !has(text, "build="),
          "%s", text);
    OK(jane_ane_close(&ane));
    OK(jane_ane_close(&again));
}

int main(int argc, char **argv) {
    jane_ane *ane;
    if (argc != 4) {
        return 2;
    }
    make_temporary();
    make_folder();
    opening(argv);
    OK(jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    for (int32_t report = -1; report <= STANDIN_WIDE; report++) {
        results_and_state(ane, report);
        if (report >= 0 && report != STANDIN_WIDE) {
            order_and_strides(ane, report);
        }
    }
    order_and_strides(ane, STANDIN_WIDE);
    order_and_strides(ane, -1);
    order_of_calls(ane);
    wrong_programs(ane);
    wrong_ports(ane);
    a_text_of_two_functions(ane);
    at_most_127_programs(ane, 0x50004);
    one_thread_in_a_program(ane);
    use_after_close(ane, JANE_ANE_INMEM, argv[1]);
    no_growth(ane);
    failure_of_each_single_call(ane); /* leaves what could not be unloaded */
    OK(jane_ane_close(&ane));
    remove_folder();
    remove_temporary();
    return failures();
}
