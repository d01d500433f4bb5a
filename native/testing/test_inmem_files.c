/* Files of the in-memory route on the stand-in for AppleNeuralEngine: the framework's folders, loads from
 * them, and loads again from files that were overwritten. argv: the stand-in. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "inmem_fixture.h"

/* Files end after this many bytes, as on a full disk, until ended. */
static struct rlimit whole_disk;

static void begin_full_disk(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &whole_disk);
    struct rlimit none = whole_disk;
    none.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &none);
}

static void end_full_disk(void) {
    setrlimit(RLIMIT_FSIZE, &whole_disk);
}

static void loads_twice(jane_ane *ane) {
    standin_reset();
    standin_fail("loadWithQoS:options:error:", 1, 5);
    OK(whole_life(ane, 1));
    standin_fail("loadWithQoS:options:error:", -1, 5);
    CHECK(whole_life(ane, 1) == JANE_ANE_ELOAD && has(jane_ane_last_error(), "status 5 "), "twice");
    standin_reset();
    standin_fail("loadWithQoS:options:error:", 1, 0x20004);
    CHECK(whole_life(ane, 1) == JANE_ANE_ELOAD, "too large for any second try");
    nothing_left("loads");
    standin_reset();
    jane_ane_program *p; /* somebody cleaned up between compile and load */
    char name[256], command[400];
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    CHECK(left_behind(name) == 1, "one folder");
    snprintf(command, sizeof command, "rm -r %s/%s", temporary, name);
    CHECK(system(command) == 0, "%s", command);
    OK(jane_ane_load(p));
    CHECK(strcmp(standin_rule(), "load_folder") == 0, "refused once: %s", standin_rule());
    OK(jane_ane_release(&p));
    nothing_left("load");
    standin_fail("modelAttributes", 1, STANDIN_THROW);
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    REFUSED(JANE_ANE_EEXCEPTION, jane_ane_load(p));
    REFUSED(JANE_ANE_ELOAD, jane_ane_load(p)); /* it is on the device */
    OK(jane_ane_release(&p));
    nothing_left("load");
}

/* --- loading again ------------------------------------------------------------------------- */

/* y = x + the blob's first byte, in 16-bit integers. */
static int32_t add_weight(void *context, const char *dir, const char *function, int32_t n,
                          const char *const *names, void *const *data, const int64_t *bytes,
                          const int32_t *is_output) {
    (void)context, (void)function;
    char path[4096];
    snprintf(path, sizeof path, "%s/weights/weight.bin", dir);
    FILE *file = fopen(path, "rb");
    int weight = file != NULL ? fgetc(file) : -1;
    if (file != NULL) {
        fclose(file);
    }
    int16_t *x = NULL;
    for (int32_t i = 0; i < n; i++) {
        x = strcmp(names[i], "x") == 0 ? data[i] : x;
    }
    for (int32_t i = 0; i < n; i++) {
        for (int64_t k = 0; k < bytes[i] / 2 && is_output[i]; k++) {
            ((int16_t *)data[i])[k] = (int16_t)(x[k] + weight);
        }
    }
    return 0;
}

static void reloads(jane_ane *ane, int32_t kind) {
    jane_ane_program *p, *equal;
    int16_t *y, *s;
    standin_reset();
    standin_set_backend(add_weight, NULL);
    standin_set_reload(kind);
    p = with_state(ane, &y, &s);
    OK(jane_ane_run(p));
    CHECK(y[2] == 20 + 'w', "%d", y[2]);
    write_file("weights/weight.bin", "Weights");
    for (int32_t times = 0; times < 2; times++) {
        OK(jane_ane_reload(p));
        OK(jane_ane_run(p));
        CHECK(y[2] == 20 + (kind == STANDIN_FRESH ? 'W' : 'w'), "%d of kind %d", y[2], kind);
        CHECK(s[0] == (kind == STANDIN_FRESH ? 'W' : 'w'), "ports stay");
    }
    REFUSED(JANE_ANE_EINVAL, jane_ane_load(p));
    write_file("weights/weight.bin", "weights");
    REFUSED(JANE_ANE_EBUSY, jane_ane_compile(ane, folder, cache, 4, &equal));
    CHECK(has(jane_ane_last_error(), "loaded again with other weights"), "its files are others");
    OK(jane_ane_release(&p));
    standin_set_reload(STANDIN_STALE);
    nothing_left("reload");
}

static void wrong_reloads(jane_ane *ane) {
    jane_ane_program *p, *equal;
    int16_t *y, *s;
    int32_t ran = 0;
    standin_reset();
    standin_set_backend(add_up, &ran);
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_reload(p)); /* before load */
    OK(jane_ane_release(&p));
    p = with_state(ane, &y, &s);
    OK(jane_ane_compile(ane, folder, cache, 4, &equal));
    REFUSED(JANE_ANE_EBUSY, jane_ane_reload(p));
    CHECK(has(jane_ane_last_error(), "an equal program is alive"), "says why");
    OK(jane_ane_release(&equal));
    write_file("weights/weight.bin", "other weights");
    REFUSED(JANE_ANE_EINVAL, jane_ane_reload(p));
    CHECK(has(jane_ane_last_error(), "had 7 bytes when it was compiled, and has 13"), "says both sizes");
    char path[160];
    snprintf(path, sizeof path, "%s/weights/weight.bin", folder);
    remove(path);
    REFUSED(JANE_ANE_EIO, jane_ane_reload(p));
    write_file("weights/weight.bin", "weights");
    OK(jane_ane_compile(ane, folder, cache, 4, &equal)); /* nothing was changed */
    OK(jane_ane_release(&equal));
    OK(jane_ane_run(p));
    standin_fail("unloadWithQoS:error:", 1, 6);
    REFUSED(JANE_ANE_ERUN, jane_ane_reload(p));
    OK(jane_ane_run(p)); /* it is still there */
    standin_fail("loadWithQoS:options:error:", -1, 5);
    REFUSED(JANE_ANE_ELOAD, jane_ane_reload(p));
    REFUSED(JANE_ANE_EINVAL, jane_ane_run(p));
    standin_fail("loadWithQoS:options:error:", 0, 0);
    OK(jane_ane_load(p));
    OK(jane_ane_run(p));
    CHECK(ran == 3 && s[1] == 1 + 3, "the state of %d runs: %d", ran, s[1]);
    OK(jane_ane_release(&p));
    nothing_left("wrong reloads");
}

/* Files of a folder end after 3 bytes, and cannot be opened. */
static void reloads_on_a_full_disk(jane_ane *ane) {
    jane_ane_program *p;
    int16_t *y, *s;
    char name[256], path[400];
    standin_reset();
    p = with_state(ane, &y, &s);
    begin_full_disk(3);
    int32_t status = jane_ane_reload(p);
    end_full_disk();
    CHECK(status == JANE_ANE_EIO && has(jane_ane_last_error(), "cannot write 7 bytes to"), "%d", status);
    REFUSED(JANE_ANE_EINVAL, jane_ane_reload(p)); /* it is off the device */
    OK(jane_ane_load(p));
    CHECK(left_behind(name) == 1, "one folder");
    snprintf(path, sizeof path, "%s/%s/weights/weight.bin", temporary, name);
    remove(path);
    REFUSED(JANE_ANE_EIO, jane_ane_reload(p));
    OK(jane_ane_run(p));
    OK(jane_ane_release(&p));
    nothing_left("a full disk");
}

/* --- the temporary folder ------------------------------------------------------------------ */

static void equal_programs_share_a_folder(jane_ane *ane) {
    jane_ane_program *a, *b;
    standin_reset();
    OK(jane_ane_compile(ane, folder, cache, 4, &a));
    OK(jane_ane_compile(ane, folder, cache, 4, &b));
    CHECK(left_behind(NULL) == 1, "%d", left_behind(NULL));
    OK(jane_ane_release(&a));
    OK(jane_ane_load(b));
    OK(jane_ane_release(&b));
    nothing_left("equal programs");
}

static void folders_that_are_no_use(jane_ane *ane) {
    jane_ane_program *p;
    char name[256], path[800], file[160];
    standin_reset();
    OK(jane_ane_compile(ane, folder, cache, 4, &p));
    CHECK(left_behind(name) == 1, "one folder");
    OK(jane_ane_release(&p));
    snprintf(path, sizeof path, "mkdir -p %s/%s && echo old > %s/%s/model.mil", temporary, name, temporary,
             name);
    CHECK(system(path) == 0, "%s", path); /* of a process that was killed */
    OK(whole_life(ane, 1));
    nothing_left("a killed process");
    snprintf(file, sizeof file, "%s/model.mil", folder);
    setenv("TMPDIR", file, 1); /* a file */
    REFUSED(JANE_ANE_EIO, jane_ane_compile(ane, folder, cache, 4, &p));
    CHECK(has(jane_ane_last_error(), "createDirectoryAtPath") && has(jane_ane_last_error(), "TMPDIR"),
          "says what and what to do");
    char far[1100];
    memset(far, 'f', sizeof far - 1);
    far[sizeof far - 1] = 0;
    setenv("TMPDIR", far, 1);
    REFUSED(JANE_ANE_EIO, jane_ane_compile(ane, folder, cache, 4, &p));
    setenv("TMPDIR", temporary, 1);
    nothing_left("foreign folders");
    begin_full_disk(10);
    int32_t status = jane_ane_compile(ane, folder, cache, 4, &p);
    end_full_disk();
    CHECK(status == JANE_ANE_EIO && has(jane_ane_last_error(), "has room"), "%d", status);
    nothing_left("a full disk");
}

static void *many_lives(void *ane) {
    int32_t *done = calloc(1, sizeof *done);
    while (*done < 20) { /* the other thread ends, and then nobody is in the way */
        jane_ane_program *p;
        int32_t status = jane_ane_compile(ane, folder, cache, 4, &p);
        CHECK(status == JANE_ANE_OK || status == JANE_ANE_EBUSY, "%d", status);
        if (status == JANE_ANE_OK) {
            OK(jane_ane_load(p));
            OK(jane_ane_release(&p));
            ++*done;
        }
    }
    return done;
}

static void equal_programs_in_two_threads(jane_ane *ane) {
    pthread_t thread;
    void *there, *here;
    standin_reset();
    CHECK(pthread_create(&thread, NULL, many_lives, ane) == 0, "a thread");
    here = many_lives(ane);
    pthread_join(thread, &there);
    free(here);
    free(there);
    nothing_left("two threads");
}

int main(int argc, char **argv) {
    jane_ane *ane;
    if (argc != 2) {
        return 2;
    }
    make_temporary();
    make_folder();
    OK(jane_ane_open(JANE_ANE_INMEM, argv[1], &ane));
    loads_twice(ane);
    reloads(ane, STANDIN_STALE);
    reloads(ane, STANDIN_FRESH);
    wrong_reloads(ane);
    reloads_on_a_full_disk(ane);
    equal_programs_share_a_folder(ane);
    folders_that_are_no_use(ane);
    equal_programs_in_two_threads(ane);
    OK(jane_ane_close(&ane));
    remove_folder();
    remove_temporary();
    return failures();
}
