/* What the stand-in's compiler makes of a program's folder: a copy of its files, from which the program
 * runs. So what is overwritten in the folder reaches it at a load, or not at all. */
#include "compiled.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "standin.h"

enum { PATH = 2048 };

/* Equal programs of several threads have one folder. */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int32_t reload_kind;
static int64_t copies; /* made at loads, in this process: no two are of one name */

void standin_set_reload(int32_t kind) {
    reload_kind = kind;
}

static char *content_of(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    struct stat found;
    if (file == NULL || stat(path, &found) != 0) {
        return NULL;
    }
    char *content = malloc((size_t)found.st_size + 1);
    *size = fread(content, 1, (size_t)found.st_size, file);
    content[*size] = 0;
    fclose(file);
    return content;
}

/* The files that the compiler reads: model.mil, and the blobs that it names. */
struct files {
    char paths[COMPILED_FILES][256];
    int32_t count;
};

static struct files files_of(const char *folder) {
    static const char prefix[] = "@model_path/";
    struct files f = {.count = 1};
    char path[PATH];
    size_t size;
    strcpy(f.paths[0], "model.mil");
    snprintf(path, sizeof path, "%s/model.mil", folder);
    char *text = content_of(path, &size);
    for (const char *c = text; c != NULL && (c = strstr(c, prefix)) != NULL && f.count < COMPILED_FILES;) {
        c += sizeof prefix - 1;
        snprintf(f.paths[f.count++], sizeof f.paths[0], "%.*s", (int)strcspn(c, "\""), c);
    }
    free(text);
    return f;
}

static int64_t number_of(const char *folder, const char *name, int64_t *bytes) {
    char path[PATH];
    struct stat found;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int there = stat(path, &found) == 0;
    *bytes = there ? (int64_t)found.st_size : -1;
    return there ? (int64_t)found.st_ino : -1;
}

/* Unless it is there already: another thread may be reading it. */
static void copy_file(const char *from, const char *to, const char *name) {
    char path[PATH];
    size_t size, old_size;
    snprintf(path, sizeof path, "%s/%s", from, name);
    char *content = content_of(path, &size);
    snprintf(path, sizeof path, "%s/%s", to, name);
    for (char *c = path + strlen(to); content != NULL && *c != 0; c++) {
        if (*c == '/') { /* each folder above it */
            *c = 0;
            mkdir(path, 0700);
            *c = '/';
        }
    }
    char *old = content_of(path, &old_size);
    int32_t equal = content != NULL && old != NULL && size == old_size && memcmp(old, content, size) == 0;
    FILE *file = content != NULL && !equal ? fopen(path, "wb") : NULL;
    if (file != NULL) {
        fwrite(content, 1, size, file);
        fclose(file);
    }
    free(content);
    free(old);
}

char *compiled_copy(const char *folder, int64_t *inodes) {
    char copy[PATH];
    int64_t bytes;
    snprintf(copy, sizeof copy, "%s/compiled-0", folder);
    pthread_mutex_lock(&one);
    struct files f = files_of(folder);
    for (int32_t i = 0; i < f.count; i++) {
        copy_file(folder, copy, f.paths[i]);
        inodes[i] = number_of(folder, f.paths[i], &bytes);
    }
    pthread_mutex_unlock(&one);
    return strdup(copy);
}

int32_t compiled_same_sizes(const char *folder, const char *copy) {
    int32_t same = 1;
    pthread_mutex_lock(&one);
    struct files f = files_of(folder);
    for (int32_t i = 0; i < f.count; i++) {
        int64_t now, before;
        number_of(folder, f.paths[i], &now);
        number_of(copy, f.paths[i], &before);
        same &= before < 0 || now == before;
    }
    pthread_mutex_unlock(&one);
    return same;
}

char *compiled_again(const char *folder, const char *copy, int64_t *inodes) {
    char again[PATH];
    int64_t bytes;
    if (number_of(copy, "model.mil", &bytes) < 0) {
        return compiled_copy(folder, inodes); /* somebody cleaned up */
    }
    if (reload_kind != STANDIN_FRESH) {
        return strdup(copy);
    }
    pthread_mutex_lock(&one);
    snprintf(again, sizeof again, "%s/compiled-r%lld", folder, (long long)++copies);
    struct files f = files_of(folder);
    for (int32_t i = 0; i < f.count; i++) { /* a file that was replaced is not seen */
        int32_t same = number_of(folder, f.paths[i], &bytes) == inodes[i];
        copy_file(same ? folder : copy, again, f.paths[i]);
    }
    pthread_mutex_unlock(&one);
    return strdup(again);
}
