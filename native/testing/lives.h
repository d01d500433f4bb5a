/* Tests that hold for a program's life on either route. */
#ifndef JANE_LIVES_H
#define JANE_LIVES_H

#include <pthread.h>
#ifdef __linux__
#include <malloc.h>
#endif

#include "fixture.h"

/* No such file, a text, a library for another processor. */
static inline void what_is_no_framework(int32_t route, const char *foreign) {
    char text[160];
    snprintf(text, sizeof text, "%s/model.mil", folder);
    const char *const paths[] = {"/no/such/framework", text, foreign};
    for (int32_t i = 0; i < 3; i++) {
        jane_ane *ane = (jane_ane *)(void *)text;
        REFUSED(JANE_ANE_ENOLIB, jane_ane_open(route, paths[i], &ane));
        CHECK(ane == NULL && has(jane_ane_last_error(), paths[i]), "names %s", paths[i]);
        CHECK(has(jane_ane_last_error(), "need macOS 14 or newer on Apple silicon, or the CPU engine"), "what to do");
    }
}

/* native: the framework's own status for a device that is full. */
static inline void at_most_127_programs(jane_ane *ane, int64_t native) {
    static jane_ane_program *p[128];
    standin_reset();
    for (int32_t i = 0; i < 128; i++) {
        OK(jane_ane_compile(ane, folder, cache, 4, &p[i]));
    }
    for (int32_t i = 0; i < 127; i++) {
        OK(jane_ane_load(p[i]));
    }
    REFUSED(JANE_ANE_ESLOTS, jane_ane_load(p[127]));
    CHECK(jane_ane_last_native() == native && has(jane_ane_last_error(), "127 fit one process"), "says why");
    OK(jane_ane_release(&p[5]));
    OK(jane_ane_load(p[127]));
    for (int32_t i = 0; i < 128; i++) {
        if (p[i] != NULL) {
            OK(jane_ane_release(&p[i]));
        }
    }
    CHECK(objects() == 0, "%lld objects", (long long)objects());
}

/* --- handles that are closed, or of nothing ------------------------------------------------- */

/* Every function refuses this program, whatever it is. */
static inline void refused_everywhere(int32_t code, jane_ane_program *p) {
    jane_ane_program *same = p;
    void *data;
    REFUSED(code, jane_ane_load(p));
    REFUSED(code, jane_ane_reload(p));
    REFUSED(code, jane_ane_port_shape(p, "x", 0, DIMS, 2, 2, &data));
    REFUSED(code, jane_ane_alias(p, "next_s", "s", NULL));
    REFUSED(code, jane_ane_run(p));
    REFUSED(code, jane_ane_release(&same));
    CHECK(same == p && jane_ane_last_hardware_ns(p) == -1, "left as it is");
}

static inline void use_after_close(jane_ane *ane, int32_t route, const char *library) {
    jane_ane *other, *closed;
    jane_ane_program *p, *stale;
    char text[4096];
    int64_t size = sizeof text;
    standin_reset();
    OK(jane_ane_open(route, library, &other));
    OK(jane_ane_compile(other, folder, cache, 4, &p));
    REFUSED(JANE_ANE_EBUSY, jane_ane_close(&other));
    CHECK(has(jane_ane_last_error(), "1 programs are alive; release them first"), "says why");
    stale = p;
    OK(jane_ane_release(&p));
    refused_everywhere(JANE_ANE_EINVAL, stale);
    refused_everywhere(JANE_ANE_EINVAL, NULL);
    refused_everywhere(JANE_ANE_EINVAL, (jane_ane_program *)(void *)text); /* never one of ours */
    closed = other;
    OK(jane_ane_close(&other));
    CHECK(other == NULL, "forgotten");
    REFUSED(JANE_ANE_EINVAL, jane_ane_close(&closed));
    REFUSED(JANE_ANE_EINVAL, jane_ane_describe(closed, text, &size));
    REFUSED(JANE_ANE_EINVAL, jane_ane_compile(closed, folder, cache, 4, &p));
    CHECK(p == NULL && has(jane_ane_last_error(), "is not open"), "nothing is made");
    OK(whole_life(ane, 1)); /* others go on */
}

/* --- two threads --------------------------------------------------------------------------- */

static int32_t entered, go_on;

static inline int32_t wait_inside(void *context, const char *dir, const char *function, int32_t n,
                                  const char *const *names, void *const *data, const int64_t *bytes,
                                  const int32_t *is_output) {
    (void)context, (void)dir, (void)function, (void)n, (void)names, (void)data, (void)bytes, (void)is_output;
    __atomic_store_n(&entered, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&go_on, __ATOMIC_SEQ_CST)) {
        usleep(100);
    }
    return 0;
}

static inline void *run_there(void *p) {
    OK(jane_ane_run(p));
    return NULL;
}

static inline void one_thread_in_a_program(jane_ane *ane) {
    int16_t *y, *s;
    pthread_t thread;
    standin_reset();
    standin_set_backend(wait_inside, NULL);
    jane_ane_program *p = with_state(ane, &y, &s);
    CHECK(pthread_create(&thread, NULL, run_there, p) == 0, "a thread");
    while (!__atomic_load_n(&entered, __ATOMIC_SEQ_CST)) {
        usleep(100);
    }
    refused_everywhere(JANE_ANE_EBUSY, p);
    CHECK(has(jane_ane_last_error(), "another thread"), "says why");
    __atomic_store_n(&go_on, 1, __ATOMIC_SEQ_CST);
    pthread_join(thread, NULL);
    OK(jane_ane_run(p));
    OK(jane_ane_release(&p));
}

/* --- memory -------------------------------------------------------------------------------- */

/* Without what malloc keeps at hand, most of it. */
static inline size_t in_use(void) {
#ifdef __GLIBC__
    malloc_trim(0);
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

static inline void no_growth(jane_ane *ane) {
    size_t after[2001];
    for (int32_t i = 0; i <= 2000; i++) {
        standin_reset();
        OK(whole_life(ane, 1));
        standin_reset();
        after[i] = i == 20 || i == 2000 ? in_use() : 0;
    }
    /* The smallest piece of malloc has 32 bytes: lost by each program, 63,360. GNUstep fills caches. */
    CHECK(after[2000] < after[20] + 40000, "%zu bytes after 20 programs, %zu after 2000", after[20], after[2000]);
    CHECK(objects() == 0, "%lld objects", (long long)objects());
    printf("%zu bytes in use after 20 programs, %zu after 2000\n", after[20], after[2000]);
}

#endif
