/* What of api.tsv a system has, for someone to read: symbols, and selectors with their types as the
 * Objective-C runtime tells them; with "classes", every method of classes, whoever believes in them.
 *
 *   listing FRAMEWORK... < names            "found NAME" or "missing NAME" a line; a name is a symbol,
 *                                           or "Class +selector" or "Class -selector". Exit code 1 if any is missing
 *   listing FRAMEWORK... classes NAME...    their methods, "Class +selector types" */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*get_class)(const char *);
static void *(*meta_of)(const char *);
static void *(*selector)(const char *);
static void *(*instance_method)(void *, void *);
static void *(*class_method)(void *, void *);
static const char *(*types_of)(void *);
static void **(*methods_of)(void *, unsigned *);
static void *(*name_of)(void *);
static const char *(*text_of)(void *);

/* dlsym gives a data pointer; this is how POSIX makes a function of it. */
static int find(const char *name, void *function) {
    void *address = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static int has_runtime(void) {
    return find("objc_getClass", &get_class) & find("objc_getMetaClass", &meta_of) &
           find("sel_registerName", &selector) & find("class_getInstanceMethod", &instance_method) &
           find("class_getClassMethod", &class_method) & find("method_getTypeEncoding", &types_of) &
           find("class_copyMethodList", &methods_of) & find("method_getName", &name_of) &
           find("sel_getName", &text_of);
}

/* The method's types, or NULL. */
static const char *method(const char *class_name, const char *signed_selector) {
    void *class = get_class(class_name), *sel = selector(signed_selector + 1);
    void *found = class == NULL              ? NULL
                  : *signed_selector == '+' ? class_method(class, sel)
                                            : instance_method(class, sel);
    return found != NULL ? types_of(found) : NULL;
}

static int list_names(int runtime) {
    char line[512];
    int missing = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = 0;
        char *space = strchr(line, ' ');
        const char *types = "";
        int found;
        if (space == NULL) {
            found = dlsym(RTLD_DEFAULT, line) != NULL;
        } else {
            *space = 0;
            types = runtime ? method(line, space + 1) : NULL;
            found = types != NULL;
            *space = ' ';
        }
        missing += !found;
        printf("%s %s%s%s\n", found ? "found" : "missing", line, found && *types ? "  " : "",
               found ? types : "");
    }
    return missing != 0;
}

static void list_methods(const char *name, void *class, char sign) {
    unsigned count = 0;
    void **methods = methods_of(class, &count);
    for (unsigned i = 0; methods != NULL && methods[i] != NULL; i++) {
        printf("%s %c%s  %s\n", name, sign, text_of(name_of(methods[i])), types_of(methods[i]));
    }
    free(methods);
}

static int list_classes(int runtime, char **names) {
    if (!runtime) {
        fprintf(stderr, "no Objective-C runtime in these libraries\n");
        return 1;
    }
    for (; *names != NULL; names++) {
        void *class = get_class(*names);
        if (class == NULL) {
            printf("missing %s\n", *names);
            continue;
        }
        list_methods(*names, meta_of(*names), '+');
        list_methods(*names, class, '-');
    }
    return 0;
}

int main(int argc, char **argv) {
    int i = 1;
    for (; i < argc && strcmp(argv[i], "classes") != 0; i++) {
        if (dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL) == NULL) {
            fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
    }
    if (i == 1) {
        fprintf(stderr, "listing FRAMEWORK... [classes NAME...] [< names]\n");
        return 2;
    }
    int runtime = has_runtime();
    return i < argc ? list_classes(runtime, argv + i + 1) : list_names(runtime);
}
