/* What the tests of the bridge share: a folder with a program, CHECK, a backend. */
#ifndef JANE_FIXTURE_H
#define JANE_FIXTURE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jane_ane.h"
#include "standin.h"

static int failed;

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            failed++;                                                                              \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fprintf(stderr, " [%s]\n", jane_ane_last_error());                                     \
        }                                                                                          \
    } while (0)

#define OK(call) CHECK((call) == JANE_ANE_OK, "must work")
#define REFUSED(code, call) CHECK((call) == (code), "must be refused with " #code)

static inline int failures(void) {
    printf("%d failures\n", failed);
    return failed != 0;
}

static inline int has(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

/* y = x + s, next_s = s + 1 in the backend below; a blob, so that files are looked at. */
static const char PROGRAM[] =
    "program(1.3)\n"
    "[buildInfo = dict<string, string>({{\"coremlc-component-MIL\", \"3520.4.1\"}})]\n{\n"
    "    func main<ios18>(tensor<fp16, [1, 3]> x, tensor<fp16, [1, 3]> s) {\n"
    "        tensor<fp16, [1, 3]> w = const()[name = string(\"w\"), val = tensor<fp16, [1, 3]>"
    "(BLOBFILE(path = string(\"@model_path/weights/weight.bin\"), offset = uint64(64)))];\n"
    "        tensor<fp16, [1, 3]> y = add(x = x, y = s)[name = string(\"y\")];\n"
    "        tensor<fp16, [1, 3]> next_s = add(x = s, y = w)[name = string(\"next_s\")];\n"
    "    } -> (y, next_s);\n}\n";

static char folder[64], cache[80];

static inline void write_file(const char *name, const char *text) {
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file != NULL) {
        fputs(text, file);
        fclose(file);
    }
}

static inline void make_folder(void) {
    snprintf(folder, sizeof folder, "/tmp/jane-ane-XXXXXX");
    char path[160];
    CHECK(mkdtemp(folder) != NULL, "%s", folder);
    snprintf(path, sizeof path, "%s/weights", folder);
    mkdir(path, 0700);
    snprintf(cache, sizeof cache, "%s/cache", folder);
    mkdir(cache, 0700);
    write_file("model.mil", PROGRAM);
    write_file("weights/weight.bin", "weights");
}

static inline void remove_folder(void) {
    static const char *const names[] = {"model.mil", "weights/weight.bin", "weights", "cache", "."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (i + 1 == sizeof names / sizeof *names) {
            CHECK(rmdir(folder) == 0, "%s is not empty", folder);
        } else {
            remove(path);
        }
    }
}

/* In 16-bit integers: every output is the sum of the inputs; next_s is s + 1. */
static inline int32_t add_up(void *context, const char *dir, const char *function, int32_t n,
                             const char *const *names, void *const *data, const int64_t *bytes,
                             const int32_t *is_output) {
    (void)dir;
    (void)function;
    int16_t total[64] = {0}, state[64] = {0};
    for (int32_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < bytes[i] / 2 && !is_output[i]; k++) {
            total[k] = (int16_t)(total[k] + ((int16_t *)data[i])[k]);
            state[k] = strcmp(names[i], "s") == 0 ? ((int16_t *)data[i])[k] : state[k];
        }
    }
    for (int32_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < bytes[i] / 2 && is_output[i]; k++) {
            ((int16_t *)data[i])[k] =
                strcmp(names[i], "next_s") == 0 ? (int16_t)(state[k] + 1) : total[k];
        }
    }
    ++*(int32_t *)context;
    return 0;
}

/* Objects of the stand-in that are alive. */
static inline int64_t objects(void) {
    int64_t compiled, resident, alive;
    standin_counts(&compiled, &resident, &alive);
    return alive;
}

static const int64_t DIMS[] = {1, 3};

/* The program with its ports made, x and s filled with 10 k and k, s in the memory of next_s. */
static inline jane_ane_program *with_state(jane_ane *ane, int16_t **y, int16_t **s) {
    static const char *const names[] = {"x", "s", "y", "next_s"};
    jane_ane_program *p;
    void *data[4], *shared;
    OK(jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_ANE, &p));
    OK(jane_ane_load(p));
    for (int32_t i = 0; i < 4; i++) {
        OK(jane_ane_port_shape(p, names[i], i > 1, DIMS, 2, 2, &data[i]));
        CHECK((uintptr_t)data[i] % 64 == 0, "aligned");
        for (int32_t k = 0; k < 64; k++) {
            CHECK(((char *)data[i])[k] == 0, "zeroed to a multiple of 64");
        }
    }
    OK(jane_ane_alias(p, "next_s", "s", &shared));
    CHECK(shared == data[3], "the output owns the shared buffer");
    int16_t *x = data[0];
    *y = data[2];
    *s = shared;
    for (int16_t k = 0; k < 3; k++) {
        x[k] = (int16_t)(10 * k);
        (*s)[k] = k;
    }
    return p;
}

/* The whole life of a program; stops at the first status that is not OK, and releases it. */
static inline int32_t whole_life(jane_ane *ane, int32_t runs) {
    jane_ane_program *p = NULL;
    void *x, *s, *y, *next;
    int32_t status = jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_ANE, &p);
    if (status != JANE_ANE_OK) {
        CHECK(p == NULL, "nothing is made");
        return status;
    }
    status = jane_ane_load(p);
    if (status == 0) status = jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &x);
    if (status == 0) status = jane_ane_port_shape(p, "s", 0, DIMS, 2, 2, &s);
    if (status == 0) status = jane_ane_port_shape(p, "y", 1, DIMS, 2, 2, &y);
    if (status == 0) status = jane_ane_port_shape(p, "next_s", 1, DIMS, 2, 2, &next);
    if (status == 0) status = jane_ane_alias(p, "next_s", "s", &s);
    for (int32_t i = 0; i < runs && status == 0; i++) {
        status = jane_ane_run(p);
    }
    char text[2048];
    int64_t native = jane_ane_last_native();
    snprintf(text, sizeof text, "%s", jane_ane_last_error());
    int32_t released = jane_ane_release(&p);
    CHECK(p == NULL, "released");
    if (status != 0) { /* said again for the caller */
        CHECK(released == 0, "release after a failure");
        (void)native;
        snprintf((char *)(uintptr_t)jane_ane_last_error(), 2048, "%s", text);
        return status;
    }
    return released;
}

#endif
