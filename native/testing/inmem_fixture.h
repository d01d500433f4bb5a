/* What the tests of the in-memory route share: a temporary folder, and what is left in it. */
#ifndef JANE_INMEM_FIXTURE_H
#define JANE_INMEM_FIXTURE_H

#include <dirent.h>

#include "fixture.h"

static char temporary[64];

/* The folder that NSTemporaryDirectory gives from now on. */
static inline void make_temporary(void) {
    snprintf(temporary, sizeof temporary, "/tmp/jane-tmp-XXXXXX");
    CHECK(mkdtemp(temporary) != NULL, "%s", temporary);
    setenv("TMPDIR", temporary, 1);
}

static inline void remove_temporary(void) {
    CHECK(rmdir(temporary) == 0, "%s is not empty", temporary);
}

/* Files and folders in it; the first one's name, if name is not NULL. */
static inline int32_t left_behind(char *name) {
    int32_t count = 0;
    DIR *dir = opendir(temporary);
    for (struct dirent *each = readdir(dir); each != NULL; each = readdir(dir)) {
        if (each->d_name[0] != '.') {
            count++;
            if (name != NULL) {
                snprintf(name, 256, "%s", each->d_name);
            }
        }
    }
    closedir(dir);
    return count;
}

static inline void nothing_left(const char *after) {
    CHECK(objects() == 0 && left_behind(NULL) == 0, "%s: %lld objects, %d files", after,
          (long long)objects(), left_behind(NULL));
}

/* Deletes what is left in it. */
static inline void empty_temporary(void) {
    char name[256], command[400];
    while (left_behind(name) > 0) {
        snprintf(command, sizeof command, "rm -rf '%s/%s'", temporary, name);
        CHECK(system(command) == 0, "%s", command);
    }
}

#endif
