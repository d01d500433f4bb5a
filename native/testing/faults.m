// Calls and methods that fail when a test says so; all else goes through to the real ones.
#import <Foundation/Foundation.h>

#include <dlfcn.h>
#include <objc/runtime.h>

#include "faults.h"

#define PUBLIC __attribute__((visibility("default")))

static char armed[256];
static int32_t left, mode, fired;

PUBLIC void faults_arm(const char *name, int32_t nth, enum faults_how how) {
    snprintf(armed, sizeof armed, "%s", name);
    left = nth;
    mode = how;
    fired = 0;
}

PUBLIC int32_t faults_fired(void) {
    return fired;
}

static int32_t hits(const char *name) {
    if (mode == FAULTS_NONE || strcmp(name, armed) != 0 || left == 0 || --left != 0) {
        return 0;
    }
    return fired = 1;
}

static void throw_it(void) {
    [NSException raise:@"Fault" format:@"thrown on purpose"];
}

// This library is opened for the bridge alone: whoever looks in the whole process finds the real one.
#define CALL(result, name, parameters, arguments, zero)                                            \
    PUBLIC result fault_##name parameters __asm__(#name);                                          \
    result fault_##name parameters {                                                               \
        if (hits(#name)) {                                                                         \
            if (mode == FAULTS_THROW) {                                                            \
                throw_it();                                                                           \
            }                                                                                      \
            return zero;                                                                           \
        }                                                                                          \
        result(*real) parameters;                                                                  \
        void *address = dlsym(RTLD_DEFAULT, #name);                                                \
        memcpy(&real, &address, sizeof real);                                                      \
        return real arguments;                                                                     \
    }

CALL(void *, objc_getClass, (const char *name), (name), NULL)
CALL(void *, sel_registerName, (const char *name), (name), NULL)
CALL(const char *, method_getTypeEncoding, (void *method), (method), NULL)
CALL(void *, NSTemporaryDirectory, (void), (), NULL)
CALL(void *, IOSurfaceCreate, (void *properties), (properties), NULL)
CALL(int32_t, IOSurfaceLock, (void *surface, uint32_t options, uint32_t *seed), (surface, options, seed), 4242)
CALL(int32_t, IOSurfaceUnlock, (void *surface, uint32_t options, uint32_t *seed), (surface, options, seed), 4242)
CALL(void *, IOSurfaceGetBaseAddress, (void *surface), (surface), NULL)
CALL(uint64_t, IOSurfaceGetAllocSize, (void *surface), (surface), 0)
CALL(void, CFRelease, (void *object), (object), )

// "-[class selector]" is armed.
static int32_t is_armed(char sign, const char *type, SEL selector) {
    char name[256];
    snprintf(name, sizeof name, "%c[%s %s]", sign, type, sel_getName(selector));
    return strcmp(name, armed) == 0;
}

#define FIND(name, sign)                                                                           \
    PUBLIC Method fault_##name(Class type, SEL selector) __asm__(#name);                           \
    Method fault_##name(Class type, SEL selector) {                                                \
        if (hits(#name)) {                                                                         \
            if (mode == FAULTS_THROW) {                                                            \
                throw_it();                                                                           \
            }                                                                                      \
            return NULL;                                                                           \
        }                                                                                          \
        if (mode == FAULTS_ABSENT && selector != NULL && is_armed(sign, class_getName(type), selector)) { \
            fired = 1;                                                                             \
            return NULL;                                                                           \
        }                                                                                          \
        return selector != NULL ? name(type, selector) : NULL;                                     \
    }
FIND(class_getInstanceMethod, '-')
FIND(class_getClassMethod, '+')

static id gives_nil(id receiver, SEL selector, ...) {
    (void)receiver, (void)selector;
    return nil;
}

static id throws(id receiver, SEL selector, ...) {
    (void)receiver, (void)selector;
    throw_it();
    return nil;
}

// The class that has the method, or one above it, is the armed one.
static int32_t is_armed_for(id receiver, SEL selector) {
    Class type = object_getClass(receiver);
    if (class_isMetaClass(type)) {
        return is_armed('+', class_getName((Class)receiver), selector);
    }
    while (type != Nil && !is_armed('-', class_getName(type), selector)) {
        type = class_getSuperclass(type);
    }
    return type != Nil;
}

IMP fault_lookup(id receiver, SEL selector) __asm__("fault_lookup_here") __attribute__((visibility("hidden")));
IMP fault_lookup(id receiver, SEL selector) {
    if ((mode == FAULTS_NIL || mode == FAULTS_THROW) && receiver != nil && armed[1] == '[' &&
        is_armed_for(receiver, selector) && hits(armed)) {
        return mode == FAULTS_THROW ? throws : gives_nil;
    }
    IMP (*real)(id, SEL);
    void *address = dlsym(RTLD_DEFAULT, "objc_msg_lookup");
    memcpy(&real, &address, sizeof real);
    return real(receiver, selector);
}

PUBLIC IMP fault_msg_lookup(id receiver, SEL selector) __asm__("objc_msg_lookup");
IMP fault_msg_lookup(id receiver, SEL selector) {
    return fault_lookup(receiver, selector);
}

#ifdef __x86_64__
// Apple's runtime has objc_msgSend and no objc_msg_lookup. GNU's is the other way round: with this one,
// messages go as they do there. It keeps the arguments, looks the code up and goes on to it.
__asm__(".text\n"
        ".globl objc_msgSend\n"
        ".type objc_msgSend, @function\n"
        "objc_msgSend:\n"
        "    push %rax\n    push %rdi\n    push %rsi\n    push %rdx\n    push %rcx\n    push %r8\n    push %r9\n"
        "    call fault_lookup_here\n"
        "    mov %rax, %r11\n"
        "    pop %r9\n    pop %r8\n    pop %rcx\n    pop %rdx\n    pop %rsi\n    pop %rdi\n    pop %rax\n"
        "    jmp *%r11\n"
        ".size objc_msgSend, . - objc_msgSend\n");
#endif
