/* What the files of the bridge share. */
#ifndef JANE_ANE_BRIDGE_H
#define JANE_ANE_BRIDGE_H

#include <stdint.h>

#include "jane_ane.h"

/* A call of a framework, as api.tsv has it. */
struct ane_call {
    const char *name;
    const char *remedy;
};

enum { ANE_TEXT = 2048 }; /* bytes of an error's text */

/* Sets this thread's error to "where: text" and returns code. */
int32_t ane_fail(int32_t code, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets it to "call: status N: text; remedy"; text may be NULL. Returns code. */
int32_t ane_refused(int32_t code, const struct ane_call *call, int64_t native, const char *text);

/* Sets it back to what it was. */
void ane_restore(const char *text, int64_t native);

/* What an exception is blamed on from now on. */
void ane_at(const struct ane_call *call);

/* Called by a guard in its handler: JANE_ANE_EEXCEPTION, with what the exception said. */
int32_t ane_threw(const char *text);

/* body(argument), or what ane_threw returns if it throws: C++ exceptions (guard.cpp) and, with
 * guard_objc.m linked in, those of Objective-C with their text. */
int32_t ane_guard(int32_t (*body)(void *), void *argument);

/* A buffer of a program: dense at the border, whatever the framework keeps behind it. */
struct ane_port {
    struct ane_port *next;
    char *name;
    int32_t is_output;
    int64_t bytes;       /* as dims say */
    void *data;          /* what the caller sees */
    void *port, *buffer; /* of the framework */
    struct ane_port *source; /* an input whose buffer is this output's */
    int64_t dims[JANE_ANE_RANK];
    int32_t rank, element_bytes;
};

struct jane_ane_program {
    struct jane_ane_program *next; /* of all that are alive in the process */
    jane_ane *ane;
    int32_t busy, loaded, has_run;
    struct ane_port *ports;
    int64_t hardware_ns;
    void *made; /* the route's own */
};

/* The bodies below run inside a guard. They put what they make into the program at once, so that
 * destroy finds all of it even after an exception. */
struct ane_route {
    const char *name, *library;
    int32_t masks; /* bits that compile takes */
    int32_t (*open)(jane_ane *ane, const char *library);
    void (*close)(jane_ane *ane);
    int32_t (*describe)(jane_ane *ane, char *text, int64_t room, int64_t *length);
    int32_t (*compile)(jane_ane_program *p, const char *dir, const char *cache_dir, int32_t mask);
    int32_t (*load)(jane_ane_program *p);
    int32_t (*reload)(jane_ane_program *p); /* NULL: not known; keeps p->loaded true to the device */
    int32_t (*port)(jane_ane_program *p, struct ane_port *port);
    int32_t (*alias)(jane_ane_program *p, struct ane_port *output, struct ane_port *input);
    int32_t (*run)(jane_ane_program *p);
    /* The three below free one thing after the other, forgetting each before the call that frees it:
     * they can be called again after an exception. They return the first status that is not OK,
     * after trying all. */
    int32_t (*drop)(jane_ane_program *p, struct ane_port *port); /* what port has made */
    int32_t (*stop)(jane_ane_program *p);    /* what uses the ports */
    int32_t (*destroy)(jane_ane_program *p); /* all else, when no port is left */
};

extern const struct ane_route ane_e5rt, ane_inmem;

struct jane_ane {
    struct jane_ane *next; /* of all that are open in the process */
    const struct ane_route *route;
    char *library;
    int32_t programs; /* alive */
    void *made;       /* the route's own */
};

/* An open route with one more program, so that nobody closes it; NULL if it is not open. */
jane_ane *ane_hold(jane_ane *ane);
void ane_let_go(jane_ane *ane);

char *ane_copy(const char *text); /* NULL without memory */

/* Appends "key=value\n" to a text of which length bytes are written, or would be. */
void ane_line(char *text, int64_t room, int64_t *length, const char *key, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
