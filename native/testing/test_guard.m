/* The guards at the border, against real exceptions of Objective-C: their text arrives. */
#import <Foundation/Foundation.h>
#include <stdio.h>
#include <string.h>

#include "bridge.h"

static int32_t raise_one(void *argument) {
    [NSException raise:@"ANEException" format:@"code %d", *(int *)argument];
    return 0;
}

static int32_t throw_string(void *argument) {
    (void)argument;
    @throw @"a string";
}

static int32_t fine(void *argument) {
    return *(int32_t *)argument;
}

static int check(int condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "%s [%s]\n", what, jane_ane_last_error());
    }
    return !condition;
}

int main(void) {
    int code = 29, bad = 0;
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    static const struct ane_call call = {"loadWithQoS:options:error:", "try again"};
    ane_at(&call);
    bad |= check(ane_guard(fine, &code) == 29, "a status comes through");
    for (int i = 0; i < 1000; i++) {
        bad |= check(ane_guard(raise_one, &code) == JANE_ANE_EEXCEPTION, "caught");
        const char *said = jane_ane_last_error();
        bad |= check(strstr(said, "code 29") && strstr(said, call.name) && strstr(said, call.remedy), "said");
    }
    bad |= check(ane_guard(throw_string, &code) == JANE_ANE_EEXCEPTION, "caught any object");
    bad |= check(strstr(jane_ane_last_error(), "a string") != NULL, "said");
    [pool drain];
    return bad;
}
