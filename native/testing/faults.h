/* A library that stands before the Objective-C runtime and the stand-in for AppleNeuralEngine, and lets one
 * call or method of api.tsv fail. */
#ifndef JANE_FAULTS_H
#define JANE_FAULTS_H

#include <stdint.h>

enum faults_how {
    FAULTS_NIL = 1,    /* gives nil, 0 or NO; a call whose 0 is success, 4242 */
    FAULTS_THROW = 2,  /* raises an NSException */
    FAULTS_ABSENT = 3, /* of a method: the class has none of this name */
    FAULTS_NONE = 0
};

/* The nth call of this name from now fails, once: "objc_getClass", "-[NSData length]". */
void faults_arm(const char *name, int32_t nth, enum faults_how how);

/* Whether it has. */
int32_t faults_fired(void);

#endif
