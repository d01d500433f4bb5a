/* Controls and the little that a stand-in has to understand of MIL. */
#include "standin.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CALLS = 1 << 16 };

struct standin_state standin = {.cap = 127};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char fail_symbol[160];
static int32_t fail_nth;
static int64_t fail_status;
static char calls[CALLS];
static size_t calls_length;
static char rule[64], text[256];

void standin_lock(void) {
    pthread_mutex_lock(&mutex);
}

void standin_unlock(void) {
    pthread_mutex_unlock(&mutex);
}

void standin_set_backend(standin_backend f, void *context) {
    standin_lock();
    standin.backend = f;
    standin.context = context;
    standin_unlock();
}

void standin_fail(const char *symbol, int32_t nth, int64_t status) {
    standin_lock();
    snprintf(fail_symbol, sizeof fail_symbol, "%s", symbol != NULL ? symbol : "");
    fail_nth = nth;
    fail_status = status;
    standin_unlock();
}

void standin_counts(int64_t *compiled, int64_t *resident, int64_t *objects_alive) {
    standin_lock();
    *compiled = standin.compiled;
    *resident = standin.resident;
    *objects_alive = standin.objects;
    standin_unlock();
}

int64_t standin_mask(void) {
    return standin.mask;
}

const char *standin_calls(void) {
    return calls;
}

const char *standin_rule(void) {
    return rule;
}

const char *standin_text(void) {
    return text;
}

void standin_reset(void) {
    standin_lock();
    fail_nth = 0;
    calls_length = 0;
    calls[0] = rule[0] = text[0] = 0;
    standin.backend = NULL;
    standin.cap = 127;
    standin_unlock();
}

void standin_set_cap(int64_t operations) {
    standin_lock();
    standin.cap = operations != 0 ? operations : 127;
    standin_unlock();
}

int64_t standin_enter(const char *symbol) {
    standin_lock();
    size_t size = strlen(symbol) + 1;
    if (calls_length + size < CALLS) {
        memcpy(calls + calls_length, symbol, size);
        calls_length += size;
        calls[calls_length - 1] = '\n';
        calls[calls_length] = 0;
    }
    int64_t status = 0;
    if (fail_nth != 0 && (strcmp(fail_symbol, symbol) == 0 || strcmp(fail_symbol, "*") == 0)) {
        fail_nth -= fail_nth > 0;
        status = fail_nth <= 0 ? fail_status : 0;
    }
    standin_unlock();
    return status;
}

void standin_broke(const char *name, const char *message) {
    standin_lock();
    snprintf(rule, sizeof rule, "%s", name);
    snprintf(text, sizeof text, "%s", message);
    standin_unlock();
}

/* --- MIL ----------------------------------------------------------------------------------- */

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *content = size >= 0 ? malloc((size_t)size + 1) : NULL;
    if (content != NULL) {
        content[fread(content, 1, (size_t)size, file)] = 0;
    }
    fclose(file);
    return content;
}

static const char *skip(const char *c) {
    return c + strspn(c, " \t\r\n");
}

/* Bytes of an element; 0 if there is no such type. */
static int32_t element_bytes(const char *dtype) {
    static const char *const names[] = {"fp32", "int32", "fp16", "int16", "uint16", "int8", "uint8", "bool"};
    static const int32_t sizes[] = {4, 4, 2, 2, 2, 1, 1, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (strcmp(dtype, names[i]) == 0) {
            return sizes[i];
        }
    }
    return 0;
}

/* "tensor<fp16, [1, 2]>", or "fp16" of a scalar, at c into the port; past it, or NULL. */
static const char *read_type(const char *c, struct standin_port *port) {
    char dtype[16];
    int length = 0;
    int is_tensor = sscanf(c, "tensor<%15[a-z0-9], [%n", dtype, &length) == 1 && length != 0;
    if (!is_tensor && sscanf(c, "%15[a-z0-9]%n", dtype, &length) != 1) {
        return NULL;
    }
    port->bytes = port->element_bytes = element_bytes(dtype);
    c = skip(c + length);
    if (!is_tensor) {
        return port->bytes > 0 ? c : NULL;
    }
    while (*c != ']' && port->rank < STANDIN_RANK) {
        char *end;
        port->dims[port->rank] = strtoll(c, &end, 10);
        if (end == c) {
            return NULL;
        }
        port->bytes *= port->dims[port->rank++];
        c = skip(end);
        c = *c == ',' ? skip(c + 1) : c;
    }
    return c[0] == ']' && c[1] == '>' && port->element_bytes > 0 && port->bytes >= 0 ? skip(c + 2) : NULL;
}

static const char *read_name(const char *c, struct standin_port *port) {
    size_t n = strspn(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    if (n == 0 || n >= sizeof port->name) {
        return NULL;
    }
    memcpy(port->name, c, n);
    port->name[n] = 0;
    return skip(c + n);
}

/* The type of the value, from the statement that gives it, maybe among others. */
static int has_statement(const char *body, struct standin_port *port) {
    char needle[140];
    size_t length = (size_t)snprintf(needle, sizeof needle, " %s", port->name);
    for (const char *at = strstr(body, needle); at != NULL; at = strstr(at + 1, needle)) {
        if (at[length] != ',' && strncmp(at + length, " =", 2) != 0) {
            continue;
        }
        const char *type = at;
        if (type[-1] == '>') {
            while (type > body && strncmp(type, "tensor<", 7) != 0) {
                type--;
            }
        } else {
            while (isalnum((unsigned char)type[-1])) {
                type--;
            }
        }
        struct standin_port found = *port;
        if (read_type(type, &found) != NULL) {
            *port = found;
            return 1;
        }
    }
    return 0;
}

static enum standin_verdict read_ports(struct standin_program *program, const char *text) {
    const char *c = strstr(text, "func ");
    int length = 0;
    for (const char *each = c; each != NULL; each = strstr(each + 1, "func ")) {
        program->functions++;
    }
    if (strstr(text, "program(") == NULL || strstr(text, "buildInfo") == NULL || c == NULL ||
        sscanf(c, "func %63[A-Za-z0-9_]<%*[a-z0-9]>(%n", program->function, &length) != 1 || length == 0) {
        return MIL_TEXT;
    }
    c = skip(c + strlen("func ") + strlen(program->function));
    c = skip(strchr(c, '(') + 1);
    const char *close = strstr(c, "{"), *results = strstr(c, "->");
    if (close == NULL || results == NULL) {
        return MIL_TEXT;
    }
    while (*c != ')' && program->n < STANDIN_PORTS) {
        struct standin_port *port = &program->ports[program->n++];
        c = read_type(c, port);
        c = c != NULL ? read_name(c, port) : NULL;
        if (c == NULL) {
            return MIL_TEXT;
        }
        c = *c == ',' ? skip(c + 1) : c;
    }
    int32_t inputs = program->n;
    c = skip(results + 2);
    c = *c == '(' ? skip(c + 1) : c;
    while (*c != ')' && program->n < STANDIN_PORTS) {
        struct standin_port *port = &program->ports[program->n++];
        port->is_output = 1;
        c = read_name(c, port);
        if (c == NULL) {
            return MIL_TEXT;
        }
        for (int32_t i = 0; i < inputs; i++) {
            if (strcmp(program->ports[i].name, port->name) == 0) {
                return MIL_EMPTY;
            }
        }
        if (!has_statement(close, port)) {
            return MIL_TEXT;
        }
        c = *c == ',' ? skip(c + 1) : c;
    }
    return program->n > inputs ? MIL_FINE : MIL_TEXT;
}

static int has_blobs(const char *dir, const char *text) {
    static const char prefix[] = "@model_path/";
    for (const char *c = strstr(text, prefix); c != NULL; c = strstr(c, prefix)) {
        char path[4096];
        c += strlen(prefix);
        snprintf(path, sizeof path, "%s/%.*s", dir, (int)strcspn(c, "\""), c);
        if (access(path, R_OK) != 0) {
            return 0;
        }
    }
    return 1;
}

enum standin_verdict standin_read(struct standin_program *program, const char *dir, const char *given) {
    memset(program, 0, sizeof *program);
    program->dir = strdup(dir);
    program->pid = getpid();
    char path[4096];
    snprintf(path, sizeof path, "%s/model.mil", dir);
    char *content = given != NULL ? strdup(given) : read_file(path);
    enum standin_verdict verdict = MIL_MISSING;
    if (content != NULL) {
        verdict = read_ports(program, content);
        if (verdict == MIL_FINE && !has_blobs(dir, content)) {
            verdict = MIL_BLOB;
        }
        if (verdict == MIL_FINE && given == NULL && !standin_compiles(dir)) {
            verdict = MIL_TEXT;
        }
    }
    free(content);
    if (verdict != MIL_FINE) {
        standin_free(program);
    }
    return verdict;
}

void standin_free(struct standin_program *program) {
    free(program->dir);
    program->dir = NULL;
}
