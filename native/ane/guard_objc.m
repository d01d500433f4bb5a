// The border for Objective-C exceptions; C++ ones go on to guard.cpp.
#ifdef __APPLE__
@interface NSException // no headers of Apple's in the cross build
- (id)description;
- (const char *)UTF8String;
@end
#else
#import <Foundation/Foundation.h>
#endif

int ane_threw(const char *text);
int ane_guard_objc(int (*body)(void *), void *argument);

__attribute__((visibility("hidden"))) int ane_guard_objc(int (*body)(void *), void *argument) {
    @try {
        return body(argument);
    } @catch (id e) {
        return ane_threw([[e description] UTF8String]);
    }
}
