/* The files of a program of the in-memory route, where the framework looks for them:
 * NSTemporaryDirectory()/identifier, with model.mil and every blob at its own path. The identifier
 * is a hash of text and weights, so equal programs have one folder. */
#include "inmem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 1024 };

static const char PREFIX[] = "@model_path/";

struct inmem_folder {
    struct inmem_folder *next;
    int32_t users, ready; /* ready: its files are there */
    int32_t owned;        /* its files are no longer those of its name, or may not be soon */
    char path[];
};

static struct inmem_folder *all_folders;
static char lock;

static void acquire(void) {
    while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) {
    }
}

static void release(void) {
    __atomic_clear(&lock, __ATOMIC_RELEASE);
}

int32_t inmem_read(struct objc *o, const char *dir, const char *name, void **data) {
    char path[2 * PATH];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "a path of more than %d bytes: %.100s...",
                        2 * PATH - 1, path);
    }
    void *file = ane_objc_string(o, path);
    *data = CLASS_SEND(o, NSData_dataWithContentsOfFile_, file);
    return *data != NULL ? JANE_ANE_OK
                         : ane_fail(JANE_ANE_EIO, "jane_ane_compile",
                                    "cannot read '%s'; need model.mil and the blob files that it names",
                                    path);
}

/* The bytes of an NSData, and their end. */
static const char *bytes_of(struct objc *o, void *data, const char **end) {
    const char *bytes = SEND(o, NSData_bytes, data);
    *end = bytes != NULL ? bytes + SEND(o, NSData_length, data) : NULL;
    return bytes;
}

/* The next blob's path in the text from *c to end, into path; 0 if there is none, -1 if it is no
 * path of a file below the text's own folder. */
static int32_t next_blob(const char **c, const char *end, char *path) {
    const int64_t prefix = sizeof PREFIX - 1;
    while (end - *c >= prefix && memcmp(*c, PREFIX, (size_t)prefix) != 0) {
        ++*c;
    }
    if (end - *c < prefix) {
        return 0;
    }
    *c += prefix;
    int64_t n = 0;
    while (*c < end && **c != '"' && n + 1 < PATH) {
        path[n++] = *(*c)++;
    }
    path[n] = 0;
    return n != 0 && path[0] != '/' && strstr(path, "..") == NULL && *c < end && **c == '"' ? 1 : -1;
}

static int32_t wrong_blob(const char *path) {
    return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile",
                    "the text names the blob file '@model_path/%.200s'; need a path below its folder",
                    path);
}

int32_t inmem_weights(struct objc *o, const char *dir, void *text, void **dictionary) {
    const char *end, *c = bytes_of(o, text, &end);
    char path[PATH], key[PATH + sizeof PREFIX];
    int32_t found;
    *dictionary = CLASS_SEND(o, NSMutableDictionary_dictionary);
    while ((found = next_blob(&c, end, path)) > 0) {
        snprintf(key, sizeof key, "%s%s", PREFIX, path);
        void *name = ane_objc_string(o, key), *data;
        if (name == NULL) {
            return wrong_blob(path);
        }
        if (SEND(o, NSDictionary_objectForKey_, *dictionary, name) != NULL) {
            continue;
        }
        int32_t status = inmem_read(o, dir, path, &data);
        if (status != JANE_ANE_OK) {
            return status;
        }
        void *entry = CLASS_SEND(o, NSMutableDictionary_dictionary);
        void *zero = ane_objc_number(o, 0), *offset = ane_objc_string(o, "offset");
        void *bytes = ane_objc_string(o, "data");
        SEND(o, NSMutableDictionary_setObject_forKey_, entry, zero, offset);
        SEND(o, NSMutableDictionary_setObject_forKey_, entry, data, bytes);
        SEND(o, NSMutableDictionary_setObject_forKey_, *dictionary, entry, name);
    }
    return found == 0 ? JANE_ANE_OK : wrong_blob(path);
}

/* Copies dir/name into the folder, unless it is there. */
static int32_t put_file(struct objc *o, struct inmem_program *made, const char *name) {
    char from[2 * PATH], to[2 * PATH], parent[2 * PATH];
    snprintf(from, sizeof from, "%s/%s", made->dir, name);
    if (snprintf(to, sizeof to, "%s/%s", made->folder->path, name) >= (int)sizeof to) {
        return ane_fail(JANE_ANE_EINVAL, "jane_ane_compile", "a path of more than %d bytes: %.100s...",
                        2 * PATH - 1, to);
    }
    void *files = CLASS_SEND(o, NSFileManager_defaultManager), *error = NULL;
    void *target = ane_objc_string(o, to);
    if (SEND(o, NSFileManager_fileExistsAtPath_, files, target)) {
        return JANE_ANE_OK;
    }
    size_t length = strlen(to);
    while (length > 0 && to[length - 1] != '/') {
        length--;
    }
    memcpy(parent, to, length);
    parent[length > 0 ? length - 1 : 0] = 0;
    void *above = ane_objc_string(o, parent), *source = ane_objc_string(o, from);
    if (!SEND(o, NSFileManager_createDirectoryAtPath_withIntermediateDirectories_attributes_error_, files,
              above, 1, NULL, &error)) {
        return ane_objc_failed(
            o, JANE_ANE_EIO,
            METHOD_NSFileManager_createDirectoryAtPath_withIntermediateDirectories_attributes_error_,
            error);
    }
    return SEND(o, NSFileManager_copyItemAtPath_toPath_error_, files, source, target, &error)
               ? JANE_ANE_OK
               : ane_objc_failed(o, JANE_ANE_EIO, METHOD_NSFileManager_copyItemAtPath_toPath_error_, error);
}

int32_t inmem_fill_folder(struct objc *o, struct inmem_program *made) {
    void *text;
    int32_t status = inmem_read(o, made->dir, "model.mil", &text);
    if (status != JANE_ANE_OK) {
        return status;
    }
    const char *end, *c = bytes_of(o, text, &end);
    char path[PATH];
    status = put_file(o, made, "model.mil");
    while (status == JANE_ANE_OK && next_blob(&c, end, path) > 0) {
        status = put_file(o, made, path);
    }
    return status;
}

/* Removes the folder with all that is in it, if it is there. */
static int32_t remove_folder(struct objc *o, const struct inmem_folder *folder) {
    void *files = CLASS_SEND(o, NSFileManager_defaultManager), *error = NULL;
    void *path = ane_objc_string(o, folder->path);
    return !SEND(o, NSFileManager_fileExistsAtPath_, files, path) ||
                   SEND(o, NSFileManager_removeItemAtPath_error_, files, path, &error)
               ? JANE_ANE_OK
               : ane_objc_failed(o, JANE_ANE_EIO, METHOD_NSFileManager_removeItemAtPath_error_, error);
}

/* The folder of this path with one more user; *is_new if this user has to fill it. NULL without
 * memory, or with *busy if another thread fills or removes it now, or a program owns it. */
static struct inmem_folder *join(const char *path, int32_t *is_new, int32_t *busy) {
    struct inmem_folder *fresh = calloc(1, sizeof *fresh + strlen(path) + 1);
    acquire();
    struct inmem_folder *each = all_folders;
    while (each != NULL && strcmp(each->path, path) != 0) {
        each = each->next;
    }
    *busy = each != NULL && (!each->ready || each->owned);
    *is_new = each == NULL && fresh != NULL;
    if (*is_new) {
        memcpy(fresh->path, path, strlen(path) + 1);
        fresh->next = all_folders;
        all_folders = each = fresh;
        fresh = NULL;
    }
    if (each != NULL && !*busy) {
        each->users++;
    }
    release();
    free(fresh);
    return *busy ? NULL : each;
}

int32_t inmem_take_folder(struct objc *o, struct inmem_program *made, const char *identifier) {
    void *string = CALL(o, NSTemporaryDirectory);
    const char *root = ane_objc_text(o, string);
    char path[PATH];
    if (root == NULL || *root == 0) {
        return ane_refused(JANE_ANE_EIO, &ane_objc_calls[CALL_NSTemporaryDirectory], 0,
                           "there is no temporary folder");
    }
    int slash = root[strlen(root) - 1] == '/';
    if (snprintf(path, sizeof path, "%s%s%s", root, slash ? "" : "/", identifier) >= (int)sizeof path) {
        return ane_fail(JANE_ANE_EIO, "NSTemporaryDirectory", "a path of %d bytes or more: %.100s...",
                        PATH, path);
    }
    int32_t is_new, busy;
    made->folder = join(path, &is_new, &busy);
    if (busy) {
        return ane_fail(JANE_ANE_EBUSY, "jane_ane_compile",
                        "an equal program is being compiled or released in another thread, or was "
                        "loaded again with other weights; wait for it, or release it");
    }
    if (made->folder == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_compile", "no memory");
    }
    if (!is_new) {
        return JANE_ANE_OK;
    }
    int32_t status = remove_folder(o, made->folder); /* of a process that was killed */
    if (status == JANE_ANE_OK) {
        status = inmem_fill_folder(o, made);
    }
    if (status == JANE_ANE_OK) {
        acquire();
        made->folder->ready = 1;
        release();
    }
    return status;
}

/* Writes data over what is in the file: the framework may hold on to the file itself. */
static int32_t overwrite(struct objc *o, const char *path, void *data) {
    size_t size = (size_t)SEND(o, NSData_length, data);
    const void *bytes = SEND(o, NSData_bytes, data);
    FILE *file = fopen(path, "r+b");
    size_t written = file != NULL && bytes != NULL ? fwrite(bytes, 1, size, file) : 0;
    int32_t closed = file != NULL && fclose(file) == 0;
    return closed && written == size
               ? JANE_ANE_OK
               : ane_fail(JANE_ANE_EIO, "jane_ane_reload",
                          "cannot write %zu bytes to '%s'; check that the temporary folder can be "
                          "written and has room",
                          size, path);
}

/* Compares the blob files of both folders, or overwrites the framework's with the caller's. */
static int32_t each_blob(struct objc *o, struct inmem_program *made, int32_t writes) {
    void *text, *old, *data;
    int32_t status = inmem_read(o, made->folder->path, "model.mil", &text);
    if (status != JANE_ANE_OK) {
        return status;
    }
    const char *end, *c = bytes_of(o, text, &end);
    char path[PATH], to[2 * PATH];
    while (status == JANE_ANE_OK && next_blob(&c, end, path) > 0) {
        snprintf(to, sizeof to, "%s/%s", made->folder->path, path);
        status = inmem_read(o, made->dir, path, &data);
        if (status == JANE_ANE_OK && writes) {
            status = overwrite(o, to, data);
        } else if (status == JANE_ANE_OK) {
            status = inmem_read(o, made->folder->path, path, &old);
        }
        if (status == JANE_ANE_OK && !writes && SEND(o, NSData_length, old) != SEND(o, NSData_length, data)) {
            status = ane_fail(JANE_ANE_EINVAL, "jane_ane_reload",
                              "'%.200s' had %llu bytes when it was compiled, and has %llu; need the same size",
                              path, (unsigned long long)SEND(o, NSData_length, old),
                              (unsigned long long)SEND(o, NSData_length, data));
        }
    }
    return status;
}

int32_t inmem_own_folder(struct objc *o, struct inmem_program *made) {
    acquire();
    int32_t alone = made->folder->users == 1, before = made->folder->owned;
    made->folder->owned |= alone;
    release();
    if (!alone) {
        return ane_fail(JANE_ANE_EBUSY, "jane_ane_reload",
                        "an equal program is alive and has the same files; release it first");
    }
    int32_t status = each_blob(o, made, 0);
    if (status != JANE_ANE_OK) {
        acquire();
        made->folder->owned = before;
        release();
    }
    return status;
}

int32_t inmem_overwrite(struct objc *o, struct inmem_program *made) {
    return each_blob(o, made, 1);
}

int32_t inmem_give_folder(struct objc *o, struct inmem_program *made) {
    struct inmem_folder *folder = made->folder;
    int32_t status = JANE_ANE_OK, again = made->gives_folder;
    acquire();
    folder->users -= !again;
    int32_t last = folder->users == 0;
    folder->ready &= !last;
    release();
    made->gives_folder = 1;
    if (last && !again) { /* again: after an exception here */
        status = remove_folder(o, folder);
    }
    made->folder = NULL;
    if (last) {
        acquire();
        struct inmem_folder **link = &all_folders;
        while (*link != folder) {
            link = &(*link)->next;
        }
        *link = folder->next;
        release();
        free(folder);
    }
    return status;
}
