/* Objective-C from C: calls, classes and methods of api.tsv by their names, at run time. Works on
 * Apple's runtime (objc_msgSend) and on GNU's (objc_msg_lookup). */
#ifndef JANE_ANE_OBJC_H
#define JANE_ANE_OBJC_H

#include "bridge.h"

enum {
#define INMEM_CALL(field, symbol, result, arguments, need, remedy) CALL_##field,
#include "api.h"
    OBJC_CALLS
};

enum {
#define INMEM_KEY(field, symbol) KEY_##field,
#include "api.h"
    OBJC_KEYS
};

enum {
#define INMEM_METHOD(field, name, type, is_class, selector, result, arguments, signature, need, remedy) \
    METHOD_##field,
#include "api.h"
    OBJC_METHODS
};

/* How a method is called, receiver and selector first. A wrong cast corrupts silently: the types
 * are those of the table, and ane_objc_open holds them against what the runtime says. */
#define INMEM_METHOD(field, name, type, is_class, selector, result, arguments, signature, need, remedy) \
    typedef result field##_method arguments;
#include "api.h"

struct objc_calls {
#define INMEM_CALL(field, symbol, result, arguments, need, remedy) result(*field) arguments;
#include "api.h"
};

struct objc {
    union {
        struct objc_calls calls;
        void *address[OBJC_CALLS];
    };
    void **key[OBJC_KEYS];
    void *class_of[OBJC_METHODS];
    void *selector[OBJC_METHODS]; /* NULL: an optional method that is not there */
};

extern const struct ane_call ane_objc_calls[OBJC_CALLS], ane_objc_methods[OBJC_METHODS];

/* Finds everything in the libraries, paths with ':' between them. ENOLIB, ENOSYM with all that is
 * missing. The libraries stay open: classes cannot be unloaded. */
int32_t ane_objc_open(struct objc *o, const char *libraries);

/* The code that a receiver, which may be nil, runs for a method. */
void *ane_objc_code(struct objc *o, void *receiver, int32_t method);

/* A call of the table, by its name. */
#define CALL(o, field, ...) (ane_at(&ane_objc_calls[CALL_##field]), (o)->calls.field(__VA_ARGS__))

/* A message to an object, or to the class of the method. Its arguments send none themselves: what throws
 * is blamed on the last one that was begun. */
#define SEND(o, field, receiver, ...)                                                              \
    __extension__({                                                                                \
        struct objc *objc_ = (o);                                                                  \
        void *receiver_ = (receiver);                                                              \
        ((field##_method *)ane_objc_code(objc_, receiver_, METHOD_##field))(                       \
            receiver_, objc_->selector[METHOD_##field], ##__VA_ARGS__);                            \
    })
#define CLASS_SEND(o, field, ...) SEND(o, field, (o)->class_of[METHOD_##field], ##__VA_ARGS__)

/* body(argument) in a guard and a pool of its own, which is drained after exceptions too. */
int32_t ane_objc_pooled(struct objc *o, int32_t (*body)(void *), void *argument);

/* NSString of UTF-8; NULL for NULL or other bytes. And back, valid until the pool is drained. */
void *ane_objc_string(struct objc *o, const char *text);
const char *ane_objc_text(struct objc *o, void *string);

void *ane_objc_number(struct objc *o, int64_t value);

/* Whether an object is there and of the class that the method belongs to. */
int32_t ane_objc_is(struct objc *o, void *object, int32_t method);

/* An entry of a dictionary, and an element of an array: NULL if it is not there, or if the
 * collection or what is in it is of another class than the method belongs to. */
void *ane_objc_get(struct objc *o, void *dictionary, const char *key, int32_t method);
void *ane_objc_at(struct objc *o, void *array, uint64_t index, int32_t method);

/* Elements, 0 of what is no array. */
int64_t ane_objc_count(struct objc *o, void *array);

/* An integer of a dictionary, or other. */
int64_t ane_objc_integer(struct objc *o, void *dictionary, const char *key, int64_t other);

/* The error of a method that failed with this NSError, which may be nil. Returns code. */
int32_t ane_objc_failed(struct objc *o, int32_t code, int32_t method, void *error);

#endif
