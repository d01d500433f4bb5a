/* Opens a built bridge on this system's Espresso, or with "inmem" on its AppleNeuralEngine, and says
 * what it finds; with "run MASK", compiles y = relu(x) for that device mask, runs it and checks every
 * element.
 *
 *   probe LIBRARY [inmem] [run MASK] [FRAMEWORK] */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jane_ane.h"

static void *bridge;

/* dlsym gives a data pointer; this is how POSIX makes a function of it. */
static void find(const char *name, void *function) {
    void *address = dlsym(bridge, name);
    if (address == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    memcpy(function, &address, sizeof address);
}

static int32_t (*open_route)(int32_t, const char *, jane_ane **);
static int32_t (*close_route)(jane_ane **);
static int32_t (*describe)(jane_ane *, char *, int64_t *);
static int32_t (*compile)(jane_ane *, const char *, const char *, int32_t, jane_ane_program **);
static int32_t (*load)(jane_ane_program *);
static int32_t (*port)(jane_ane_program *, const char *, int32_t, const int64_t *, int32_t, int32_t,
                       void **);
static int32_t (*run)(jane_ane_program *);
static int32_t (*release)(jane_ane_program **);
static const char *(*last_error)(void);

static void need(int32_t status) {
    if (status != JANE_ANE_OK) {
        fprintf(stderr, "status %d: %s\n", status, last_error());
        exit(1);
    }
}

static const char RELU[] =
    "program(1.3)\n"
    "[buildInfo = dict<string, string>({{\"coremlc-component-MIL\", \"3520.4.1\"}, "
    "{\"coremlc-version\", \"3520.5.1\"}})]\n{\n"
    "    func main<ios18>(tensor<fp16, [1, 64]> x) {\n"
    "        tensor<fp16, [1, 64]> y = relu(x = x)[name = string(\"y\")];\n"
    "    } -> (y);\n}\n";

static void relu(jane_ane *ane, int32_t mask) {
    char dir[] = "/tmp/jane-probe-XXXXXX", path[80], cache[80];
    if (mkdtemp(dir) == NULL) {
        exit(1);
    }
    snprintf(path, sizeof path, "%s/model.mil", dir);
    snprintf(cache, sizeof cache, "%s/cache", dir);
    mkdir(cache, 0700);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputs(RELU, file) < 0 || fclose(file) != 0) {
        exit(1);
    }
    jane_ane_program *p;
    const int64_t dims[] = {1, 64};
    void *x, *y;
    need(compile(ane, dir, cache, mask, &p));
    need(load(p));
    need(port(p, "x", 0, dims, 2, 2, &x));
    need(port(p, "y", 1, dims, 2, 2, &y));
    for (int i = 0; i < 64; i++) {
        ((uint16_t *)x)[i] = i % 2 ? 0xbc00 : 0x3c00; /* -1, 1 */
    }
    need(run(p));
    for (int i = 0; i < 64; i++) {
        if (((uint16_t *)y)[i] != (i % 2 ? 0 : 0x3c00)) {
            fprintf(stderr, "y[%d] is 0x%04x\n", i, ((uint16_t *)y)[i]);
            exit(1);
        }
    }
    need(release(&p));
    remove(path);
    printf("relu on device mask %d: 64 of 64 elements right\n", mask);
}

int main(int argc, char **argv) {
    bridge = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (bridge == NULL) {
        fprintf(stderr, "%s\n", argc > 1 ? dlerror() : "probe LIBRARY [inmem] [run MASK] [FRAMEWORK]");
        return 2;
    }
    find("jane_ane_open", &open_route);
    find("jane_ane_close", &close_route);
    find("jane_ane_describe", &describe);
    find("jane_ane_compile", &compile);
    find("jane_ane_load", &load);
    find("jane_ane_port_shape", &port);
    find("jane_ane_run", &run);
    find("jane_ane_release", &release);
    find("jane_ane_last_error", &last_error);
    int inmem = argc > 2 && strcmp(argv[2], "inmem") == 0, at = 2 + inmem;
    int runs = argc > at + 1 && strcmp(argv[at], "run") == 0, next = runs ? at + 2 : at;
    jane_ane *ane;
    char text[4096];
    int64_t size = sizeof text;
    need(open_route(inmem ? JANE_ANE_INMEM : JANE_ANE_E5RT, argc > next ? argv[next] : NULL, &ane));
    need(describe(ane, text, &size));
    fputs(text, stdout);
    if (runs) {
        relu(ane, atoi(argv[at + 1]));
    }
    need(close_route(&ane));
    return 0;
}
