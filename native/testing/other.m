// A framework of another macOS: IOSurface is there, of the classes one, with a method of other
// arguments and most methods missing. For test_inmem_missing.c.
#import <Foundation/Foundation.h>

#define NOTHING(name) __attribute__((visibility("default"))) int name(void); int name(void) { return 0; }
NOTHING(IOSurfaceCreate)
NOTHING(IOSurfaceLock)
NOTHING(IOSurfaceUnlock)
NOTHING(IOSurfaceGetBaseAddress)
NOTHING(IOSurfaceGetAllocSize)
NOTHING(CFRelease)

NSString *const kIOSurfaceWidth = @"", *const kIOSurfaceHeight = @"", *const kIOSurfaceBytesPerElement = @"",
               *const kIOSurfaceBytesPerRow = @"", *const kIOSurfaceAllocSize = @"",
               *const kIOSurfacePixelFormat = @"";

@interface _ANEInMemoryModel : NSObject
@end

@implementation _ANEInMemoryModel
+ (id)inMemoryModelWithDescriptor:(id)descriptor {
    return descriptor;
}
- (BOOL)loadWithQoS:(uint64_t)qos options:(id)options error:(NSError **)error {
    return qos == 0 && options == nil && error == NULL;
}
- (NSRange)modelAttributes {
    return NSMakeRange(0, 0);
}
@end
