/* What the files of the stand-in for AppleNeuralEngine share, on GNUstep. */
#ifndef JANE_NEURAL_H
#define JANE_NEURAL_H

#import <Foundation/Foundation.h>

#include "standin.h"

enum neural_rule {
#define INMEM_RULE(name, call, status, text) RULE_##name,
#include "api.h"
};

/* Notes the broken rule; raises its text if the table says that it throws. */
int32_t neural_refuse(enum neural_rule rule);

/* Notes it, and gives the NSError of it; NO. */
BOOL neural_error(enum neural_rule rule, NSError **error);

/* The status that a call is to fail with, or 0; raises if it is to throw. */
int64_t neural_enter(const char *symbol);

void neural_count(int32_t objects);

struct neural_surface {
    struct neural_surface *next;
    int32_t users, locks;
    uint32_t options;
    int64_t size;
    char *data;
};

/* The surface if it is alive, else NULL. */
struct neural_surface *neural_live(void *surface);
void neural_hold(struct neural_surface *surface);
void neural_drop(struct neural_surface *surface);

/* Of a port in a surface: rows padded to 64 bytes. */
struct neural_layout {
    int64_t sizes[4], strides[3], bytes;
};
struct neural_layout neural_layout_of(const struct standin_port *port);

/* What modelAttributes says of a program, in the order of its symbols. */
NSDictionary *neural_report(const struct standin_program *program, const int32_t *order);

/* Runs the backend over surfaces in this order, dense copies between. NO with *rule set. */
int32_t neural_evaluate(const struct standin_program *program, const int32_t *order,
                        struct neural_surface *const *surfaces, enum neural_rule *rule);

/* --- classes that more than one file knows -------------------------------------------------- */

@interface _ANEInMemoryModelDescriptor : NSObject {
  @public
    NSString *text;
    NSDictionary *weights;
}
@end

@interface _ANEIOSurfaceObject : NSObject {
  @public
    struct neural_surface *surface;
}
@end

@interface _ANERequest : NSObject {
  @public
    NSArray *inputs, *outputs;
    NSNumber *procedure;
    id statistics; // of the last run, nil if the framework tells none
}
@end

#endif
