/* The bridge on the stand-in, whose programs another process computes: this one, started again as
 * "test_process compute e5rt". It knows one program, refuses folders with a file "refuse" or "fail"
 * and ends where there is a file "end". */
#include "fixture.h"

static int take(void *bytes, size_t size) {
    return fread(bytes, 1, size, stdin) == size;
}

static int32_t number(void) {
    int32_t value = -1;
    return take(&value, sizeof value) ? value : -1;
}

static void text(char *into) {
    int32_t length = number();
    into[length >= 0 && take(into, (size_t)length) ? length : 0] = 0;
}

static int is_there(const char *dir, const char *name) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void say(const char *reason) {
    int32_t words[] = {0, 0};
    if (reason == NULL) {
        fwrite(words, 4, 1, stdout);
        return;
    }
    words[0] = 1;
    words[1] = (int32_t)strlen(reason);
    fwrite(words, 4, 2, stdout);
    fputs(reason, stdout);
}

static void compute(const char *dir) {
    char names[8][128];
    int32_t outputs[8], aliases[8], runs = 0, n = number();
    int64_t bytes[8];
    int16_t values[8][3];
    void *data[8];
    const char *each[8];
    for (int32_t i = 0; i < n; i++) {
        text(names[i]);
        each[i] = names[i];
        outputs[i] = number();
        aliases[i] = number();
        data[i] = values[i];
        if (!take(&bytes[i], sizeof *bytes)) {
            exit(3);
        }
    }
    for (int32_t i = 0; i < n; i++) {
        if (!outputs[i] && !take(values[i], (size_t)bytes[i])) {
            exit(3);
        }
        int state = strcmp(names[i], "next_s") == 0;
        if (aliases[i] != (state ? 1 : -1)) {
            exit(4);
        }
    }
    add_up(&runs, dir, "main", n, each, data, bytes, outputs);
    say(is_there(dir, "fail") ? "it does not run" : NULL);
    for (int32_t i = 0; i < n && !is_there(dir, "fail"); i++) {
        if (outputs[i]) {
            fwrite(values[i], 1, (size_t)bytes[i], stdout);
        }
    }
}

static int serve(void) {
    char dir[4096];
    for (int32_t what = number(); what >= 0; what = number()) {
        text(dir);
        if (is_there(dir, "end")) {
            return 0;
        }
        if (what == 0) {
            say(is_there(dir, "refuse") ? "it is not liked" : NULL);
        } else {
            compute(dir);
        }
        fflush(stdout);
    }
    return 0;
}

static void outputs_are_what_the_process_computes(jane_ane *ane) {
    jane_ane_program *p;
    int16_t *x, *s, *y, *next;
    OK(jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_ANE, &p));
    OK(jane_ane_load(p));
    OK(jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, (void **)&x));
    OK(jane_ane_port_shape(p, "s", 0, DIMS, 2, 2, (void **)&s));
    OK(jane_ane_port_shape(p, "y", 1, DIMS, 2, 2, (void **)&y));
    OK(jane_ane_port_shape(p, "next_s", 1, DIMS, 2, 2, (void **)&next));
    OK(jane_ane_alias(p, "next_s", "s", (void **)&s));
    if (failed) {
        return;
    }
    x[0] = 7;
    s[2] = 40;
    for (int i = 0; i < 3; i++) {
        OK(jane_ane_run(p));
    }
    CHECK(y[0] == 9 && y[1] == 2 && y[2] == 42, "%d %d %d", y[0], y[1], y[2]);
    CHECK(s[0] == 3 && s[2] == 43, "%d %d", s[0], s[2]);
    OK(jane_ane_release(&p));
}

/* What a program's life ends with while the folder has such a file. */
static int32_t life_with(jane_ane *ane, const char *name) {
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_file(name, "");
    int32_t status = whole_life(ane, 1);
    remove(path);
    return status;
}

static void refusals_are_errors(jane_ane *ane) {
    REFUSED(JANE_ANE_ECOMPILE, life_with(ane, "refuse"));
    CHECK(strcmp(standin_rule(), "mil_text") == 0, "%s", standin_rule());
    REFUSED(JANE_ANE_ERUN, life_with(ane, "fail"));
    OK(whole_life(ane, 1));
}

static void a_process_that_ended_is_an_error(jane_ane *ane) {
    REFUSED(JANE_ANE_ECOMPILE, life_with(ane, "end"));
    REFUSED(JANE_ANE_ECOMPILE, whole_life(ane, 1));
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "compute") == 0) {
        return argc == 3 && strcmp(argv[2], "e5rt") == 0 ? serve() : 5;
    }
    make_folder();
    jane_ane *ane;
    OK(jane_ane_open(JANE_ANE_E5RT, argv[1], &ane));
    outputs_are_what_the_process_computes(ane);
    refusals_are_errors(ane);
    a_process_that_ended_is_an_error(ane);
    OK(jane_ane_close(&ane));
    remove_folder();
    return failures();
}
