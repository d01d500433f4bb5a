/* Every call and every method of api.tsv for the in-memory route fails in each way that it can, in the life of
 * a program: the bridge says what and leaves nothing. A row that no failure reaches fails this test. argv:
 * the library that lets calls fail, the stand-in. */
#include <dlfcn.h>

#include "faults.h"
#include "inmem_fixture.h"

static const struct row {
    const char *name, *remedy, *result;
    int32_t is_method, is_private, need;
} rows[] = {
#define INMEM_CALL(field, symbol, result, arguments, need, remedy) {symbol, remedy, #result, 0, 0, need},
#define INMEM_METHOD(field, name, type, is_class, selector, result, arguments, signature, need, remedy) \
    {name, remedy, #result, 1, type[0] == '_', need},
#include "api.h"
};
enum { ROWS = sizeof rows / sizeof *rows };

static void (*arm)(const char *name, int32_t nth, enum faults_how how);
static int32_t (*fired)(void);
static const char *libraries;
static int32_t released; /* status of the release */
static char said[2048];  /* of the first failure */

static int32_t noted(int32_t status) {
    snprintf(said, sizeof said, "%s", status != 0 ? jane_ane_last_error() : "");
    return status;
}

/* A program's life with a reload in it; the first status that is not OK. */
static int32_t life(jane_ane *ane) {
    jane_ane_program *p = NULL;
    void *data[4];
    char text[4096];
    int64_t size = sizeof text;
    static const char *const names[] = {"x", "s", "y", "next_s"};
    int32_t status = noted(jane_ane_describe(ane, text, &size));
    if (status == 0) status = noted(jane_ane_compile(ane, folder, cache, JANE_ANE_MASK_ANE, &p));
    if (status == 0) status = noted(jane_ane_load(p));
    for (int32_t i = 0; i < 4 && status == 0; i++) {
        status = noted(jane_ane_port_shape(p, names[i], i > 1, DIMS, 2, 2, &data[i]));
    }
    if (status == 0) status = noted(jane_ane_alias(p, "next_s", "s", &data[1]));
    for (int32_t i = 0; i < 3 && status == 0; i++) {
        status = noted(jane_ane_run(p));
        if (status == 0 && i == 1) status = noted(jane_ane_reload(p));
    }
    if (status == 0) {
        CHECK(((int16_t *)data[1])[2] == 3 && ((int16_t *)data[2])[2] == 2, "state of three runs: %d, %d",
              ((int16_t *)data[1])[2], ((int16_t *)data[2])[2]);
    }
    released = p != NULL ? jane_ane_release(&p) : JANE_ANE_OK;
    return status == 0 && released != 0 ? noted(released) : status;
}

static int32_t whole(void) {
    jane_ane *ane;
    int32_t ran = 0;
    standin_reset();
    standin_set_cap(1 << 20); /* what could not be unloaded keeps its slot */
    standin_set_backend(add_up, &ran);
    released = JANE_ANE_OK;
    int32_t status = noted(jane_ane_open(JANE_ANE_INMEM, libraries, &ane));
    if (status == 0) {
        status = life(ane);
        OK(jane_ane_close(&ane));
    }
    return status;
}

/* What a release that threw did not free stays; so does all that is in a pool that is not drained. */
static int32_t may_leave(const char *name) {
    return has(name, "NSAutoreleasePool") || has(name, "NSObject release") || has(name, "CFRelease");
}

/* A retain gives its receiver, whatever happens: it may throw, and nothing else. */
static int32_t may_fail(const struct row *row) {
    return strcmp(row->result, "void") != 0 && !has(row->name, "NSObject retain");
}

static int32_t fails(const struct row *row, int32_t nth, enum faults_how how) {
    int64_t before = objects();
    arm(row->name, nth, how);
    int32_t status = whole();
    int32_t reached = fired();
    arm("", 0, FAULTS_NONE);
    if (!reached) {
        OK(status);
        return 0;
    }
    if (how == FAULTS_THROW) {
        CHECK(status == JANE_ANE_EEXCEPTION && strstr(said, row->name) == said, "%s %d: %d, %s", row->name, nth,
              status, said);
        CHECK(has(said, "thrown on purpose") && has(said, row->remedy), "%s %d: %s", row->name, nth, said);
    } else if (how == FAULTS_ABSENT) {
        CHECK(row->need ? status == JANE_ANE_ENOSYM && has(said, row->name) : status == JANE_ANE_OK,
              "%s: %d, %s", row->name, status, said);
    } else {
        CHECK(status == JANE_ANE_OK || has(said, ": "), "%s %d: %d, %s", row->name, nth, status, said);
        /* A load is tried twice; no statistics or report is no failure. */
        CHECK(strcmp(row->result, "int32_t") != 0 || has(said, "status 4242"), "%s %d: %s", row->name, nth, said);
        CHECK(!row->is_private || !row->need || has(row->name, "loadWithQoS") ||
                  has(row->name, "modelAttributes") || (status != JANE_ANE_OK && strstr(said, row->name) == said && has(said, row->remedy)),
              "%s %d: %d, %s", row->name, nth, status, said);
    }
    if (released == JANE_ANE_OK && !may_leave(row->name)) {
        CHECK(objects() == before && left_behind(NULL) == 0, "%s %d of kind %d leaves %lld objects, %d files: %s",
              row->name, nth, how, (long long)(objects() - before), left_behind(NULL), said);
    }
    empty_temporary();
    return 1;
}

int main(int argc, char **argv) {
    char both[1024];
    if (argc != 3) {
        return 2;
    }
    /* Not linked: it would stand before the runtime for everybody. */
    void *faults = dlopen(argv[1], RTLD_NOW), *address = faults != NULL ? dlsym(faults, "faults_arm") : NULL;
    memcpy(&arm, &address, sizeof arm);
    address = faults != NULL ? dlsym(faults, "faults_fired") : NULL;
    memcpy(&fired, &address, sizeof fired);
    if (arm == NULL || fired == NULL) {
        return 3;
    }
    snprintf(both, sizeof both, "%s:%s", argv[1], argv[2]);
    libraries = both;
    make_temporary();
    make_folder();
    OK(whole());
    for (int32_t i = 0; i < ROWS; i++) {
        static const int32_t at[] = {1, 2, 5};
        const struct row *row = &rows[i];
        int32_t reached = 0;
        for (int32_t k = 0; k < 3; k++) {
            reached += fails(row, at[k], FAULTS_THROW);
            reached += may_fail(row) && fails(row, at[k], FAULTS_NIL);
        }
        reached += row->is_method && fails(row, 1, FAULTS_ABSENT);
        /* What messages go through: each method's failures went through them. */
        CHECK(reached != 0 || strncmp(row->name, "objc_msg", 8) == 0, "no failure reaches %s", row->name);
    }
    OK(whole());
    remove_folder();
    remove_temporary();
    return failures();
}
