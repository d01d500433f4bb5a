/* Controls of the stand-ins for Apple's frameworks, the same in both: what tests tell them and ask.
 * libjaneespresso.so stands for Espresso, libjaneneural.so for AppleNeuralEngine. */
#ifndef JANE_STANDIN_H
#define JANE_STANDIN_H

#include <stdint.h>

#define STANDIN_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Computes a program's outputs from its inputs. dir: model.mil and its blobs; names, data, bytes,
 * is_output: (n) ports, dense and row-major. 0 = done; else the status of the run. */
typedef int32_t (*standin_backend)(void *context, const char *dir, const char *function, int32_t n,
                                   const char *const *names, void *const *data,
                                   const int64_t *bytes, const int32_t *is_output);

/* Until it is set, outputs stay as they are, or the process of JANE_STANDIN_BACKEND computes (process.c). */
STANDIN_API void standin_set_backend(standin_backend f, void *context);

/* Status that makes the call throw: a C++ exception in Espresso, an NSException in the other. */
#define STANDIN_THROW INT64_MIN

/* The nth call of this symbol (from now; 1 the next) fails with this status, once. symbol "*":
 * any call. nth 0: nothing fails any more; -1: every call does. For a method, symbol is its
 * selector. */
STANDIN_API void standin_fail(const char *symbol, int32_t nth, int64_t status);

/* Alive now: programs compiled, operations on the device, objects of any kind. */
STANDIN_API void standin_counts(int64_t *compiled, int64_t *resident, int64_t *objects_alive);

/* Names of the calls since the last reset, one a line; the first 64 KiB of them. */
STANDIN_API const char *standin_calls(void);

/* Rule of api.tsv that the last refusal broke, "" if none, and its error text. */
STANDIN_API const char *standin_rule(void);
STANDIN_API const char *standin_text(void);

/* Device mask of the last program that was compiled. */
STANDIN_API int64_t standin_mask(void);

/* Forgets failures, calls, the rule and the backend; objects stay. */
STANDIN_API void standin_reset(void);

/* Most operations on the device; 0: 127. */
STANDIN_API void standin_set_cap(int64_t operations);

/* AppleNeuralEngine only: the status that a method fails with without an NSError. */
#define STANDIN_SILENT (-2)

/* AppleNeuralEngine only: how it reports loaded programs. */
enum standin_report {
    STANDIN_FULL = 0,
    STANDIN_NAMES = 1,       /* entries have Name, no Symbol */
    STANDIN_SYMBOLS = 2,     /* no strides */
    STANDIN_WIDE = 3,        /* batches further apart than their rows need */
    STANDIN_INTERLEAVED = 4, /* which nobody can copy */
    STANDIN_NARROW = 5       /* rows that do not fit their step */
};
STANDIN_API void standin_set_report(int32_t kind);

/* AppleNeuralEngine only: whether a load sees blob files that were overwritten after the compile. */
enum standin_reload { STANDIN_STALE = 0, STANDIN_FRESH = 1 };
STANDIN_API void standin_set_reload(int32_t kind);

/* AppleNeuralEngine only: nanoseconds that it tells of each run, if it is asked; 0: it tells none. */
STANDIN_API void standin_set_time(int64_t ns);

/* AppleNeuralEngine only: what machine it is. */
enum standin_device { STANDIN_DEVICE = 0, STANDIN_NONE = 1, STANDIN_VIRTUAL = 2 };
STANDIN_API void standin_set_device(int32_t kind);

#ifdef __cplusplus
}
#endif

/* --- inside the stand-ins ------------------------------------------------------------------ */

enum { STANDIN_PORTS = 64, STANDIN_RANK = 5 };

/* The word for the route that this stand-in is of. */
extern const char standin_route[];

struct standin_port {
    char name[128];
    int32_t is_output, rank, element_bytes;
    int64_t dims[STANDIN_RANK], bytes;
};

/* What a compiler found in model.mil. */
struct standin_program {
    char *dir;
    char function[64];
    int32_t functions; /* in the text; the first is read */
    int32_t n;
    struct standin_port ports[STANDIN_PORTS];
    int64_t pid; /* of the process that compiled it */
};

enum standin_verdict { MIL_FINE, MIL_MISSING, MIL_TEXT, MIL_BLOB, MIL_EMPTY };

/* Reads dir/model.mil, or text if that is not NULL. */
enum standin_verdict standin_read(struct standin_program *program, const char *dir, const char *text);
void standin_free(struct standin_program *program);

/* Whether the process of JANE_STANDIN_BACKEND, if it is the backend, takes the program. */
int standin_compiles(const char *dir);

/* Notes a call; the status it is to fail with, or 0. */
int64_t standin_enter(const char *symbol);

/* Notes a broken rule. */
STANDIN_API void standin_broke(const char *rule, const char *text);

struct standin_state {
    standin_backend backend;
    void *context;
    int64_t compiled, resident, objects, cap, mask;
};
extern struct standin_state standin;
void standin_lock(void);
void standin_unlock(void);

#endif
