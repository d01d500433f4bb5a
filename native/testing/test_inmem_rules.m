// Each rule of api.tsv for the in-memory route: a wrong call, made on the stand-in without the
// bridge, is refused with that rule's status and text. And the stand-in takes what the table says.
#import <Foundation/Foundation.h>

#include <objc/runtime.h>
#include <sys/wait.h>

#include "fixture.h"

@interface NSObject (Private) // of the stand-in's classes
+ (id)modelWithMILText:(id)text weights:(id)weights optionsPlist:(id)plist;
+ (id)inMemoryModelWithDescriptor:(id)descriptor;
- (NSString *)hexStringIdentifier;
- (BOOL)compileWithQoS:(uint32_t)qos options:(id)options error:(NSError **)error;
- (BOOL)loadWithQoS:(uint32_t)qos options:(id)options error:(NSError **)error;
- (BOOL)evaluateWithQoS:(uint32_t)qos options:(id)options request:(id)request error:(NSError **)error;
- (BOOL)unloadWithQoS:(uint32_t)qos error:(NSError **)error;
+ (id)objectWithIOSurface:(void *)surface;
+ (id)requestWithInputs:(id)inputs
           inputIndices:(id)inputIndices
                outputs:(id)outputs
          outputIndices:(id)outputIndices
          weightsBuffer:(id)weights
              perfStats:(id)statistics
         procedureIndex:(id)procedure;
@end

#define INMEM_CALL(field, symbol, result, arguments, need, remedy) result field arguments;
#define NSTemporaryDirectory void_NSTemporaryDirectory /* Foundation declares it too */
#define objc_getClass table_objc_getClass
#define sel_registerName table_sel_registerName
#define class_getInstanceMethod table_class_getInstanceMethod
#define class_getClassMethod table_class_getClassMethod
#define method_getTypeEncoding table_method_getTypeEncoding
#define objc_msg_lookup table_objc_msg_lookup
#include "api.h"
#undef NSTemporaryDirectory
#undef objc_getClass

extern NSString *const kIOSurfaceWidth, *const kIOSurfaceHeight, *const kIOSurfaceBytesPerElement,
    *const kIOSurfaceBytesPerRow, *const kIOSurfaceAllocSize, *const kIOSurfacePixelFormat;

static struct rule {
    const char *name;
    int64_t status;
    const char *text;
    int seen;
} rules[] = {
#define INMEM_RULE(name, call, status, text) {#name, status, text, 0},
#include "api.h"
};

static NSError *error;
static NSDictionary *options;
static NSString *temporary;

static void refused(const char *name, int64_t status) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].name, name) == 0) {
            CHECK(status == rules[i].status && strcmp(standin_rule(), name) == 0 &&
                      strcmp(standin_text(), rules[i].text) == 0,
                  "%s: status %lld, refused for %s", name, (long long)status, standin_rule());
            rules[i].seen = 1;
        }
    }
    standin_reset();
}

// A method that fails with an error, gives no object, or throws.
#define FAILS(name, call) refused(name, (call) ? -9 : [error code])
#define GIVES_NIL(name, call) refused(name, (call) == nil ? 0 : -9)
#define THROWS(name, call)                                                                         \
    do {                                                                                           \
        int64_t threw = -9;                                                                        \
        @try {                                                                                     \
            (void)(call);                                                                          \
        } @catch (NSException * e) {                                                               \
            threw = strstr([[e reason] UTF8String], standin_text()) != NULL ? -1 : -8;             \
        }                                                                                          \
        refused(name, threw);                                                                      \
    } while (0)

static Class of(const char *name) {
    return objc_getClass(name);
}

static NSData *data_of(const char *text) {
    return [NSData dataWithBytes:text length:strlen(text)];
}

static NSDictionary *weights_of(id offset, id data) {
    NSDictionary *entry = [NSDictionary dictionaryWithObjectsAndKeys:offset, @"offset", data, @"data", nil];
    return [NSDictionary dictionaryWithObject:entry forKey:@"@model_path/weights/weight.bin"];
}

static NSDictionary *right_weights(void) {
    return weights_of([NSNumber numberWithInt:0], data_of("weights"));
}

static id model_of(const char *text, NSDictionary *weights) {
    id descriptor = [of("_ANEInMemoryModelDescriptor") modelWithMILText:data_of(text)
                                                                 weights:weights
                                                            optionsPlist:nil];
    return [of("_ANEInMemoryModel") inMemoryModelWithDescriptor:descriptor];
}

static NSString *path_in(id model, NSString *name) {
    return [NSString stringWithFormat:@"%@/%@/%@", temporary, [model hexStringIdentifier], name];
}

static void put(id model, NSString *name, const char *text) {
    NSString *path = path_in(model, name);
    [[NSFileManager defaultManager] createDirectoryAtPath:[path stringByDeletingLastPathComponent]
                              withIntermediateDirectories:YES
                                               attributes:nil
                                                    error:NULL];
    CHECK([data_of(text) writeToFile:path atomically:NO], "%s", [path UTF8String]);
}

static void descriptor_rules(void) {
    Class descriptor = of("_ANEInMemoryModelDescriptor");
    THROWS("text_data", [descriptor modelWithMILText:@"text" weights:options optionsPlist:nil]);
    THROWS("weights_nil", [descriptor modelWithMILText:data_of(PROGRAM) weights:nil optionsPlist:nil]);
    THROWS("weights_entry", model_of(PROGRAM, weights_of([NSNumber numberWithInt:64], data_of("weights"))));
    THROWS("weights_entry", model_of(PROGRAM, weights_of([NSNumber numberWithInt:0], @"weights")));
    GIVES_NIL("text_utf8", [descriptor modelWithMILText:data_of("hello") weights:options optionsPlist:nil]);
    GIVES_NIL("text_utf8", [descriptor modelWithMILText:data_of("buildInfo \xff")
                                                weights:options
                                           optionsPlist:nil]);
    GIVES_NIL("descriptor_nil", [of("_ANEInMemoryModel") inMemoryModelWithDescriptor:nil]);
}

static void compile_rules(void) {
    id model = model_of(PROGRAM, right_weights());
    FAILS("folder_missing", [model compileWithQoS:21 options:options error:&error]);
    FAILS("qos", [model compileWithQoS:64 options:options error:&error]);
    THROWS("options", [model compileWithQoS:21 options:nil error:&error]);
    put(model, @"model.mil", "another text");
    FAILS("text_differs", [model compileWithQoS:21 options:options error:&error]);
    put(model, @"model.mil", PROGRAM);
    FAILS("blob_missing", [model compileWithQoS:21 options:options error:&error]);
    FAILS("load_early", [model loadWithQoS:21 options:options error:&error]);
    id bare = model_of(PROGRAM, options);
    put(bare, @"model.mil", PROGRAM);
    put(bare, @"weights/weight.bin", "weights");
    FAILS("blob_missing", [bare compileWithQoS:21 options:options error:&error]);
    id wrong = model_of("buildInfo", options);
    put(wrong, @"model.mil", "buildInfo");
    FAILS("mil_text", [wrong compileWithQoS:21 options:options error:&error]);
    static const char empty[] = "program(1.3) buildInfo func main<ios18>(tensor<fp16, [1]> x) { } -> (x);";
    wrong = model_of(empty, options);
    put(wrong, @"model.mil", empty);
    FAILS("empty_list", [wrong compileWithQoS:21 options:options error:&error]);
}

static id loaded(void) {
    id model = model_of(PROGRAM, right_weights());
    put(model, @"model.mil", PROGRAM);
    put(model, @"weights/weight.bin", "weights");
    CHECK([model compileWithQoS:21 options:options error:&error], "compiles");
    CHECK([model loadWithQoS:21 options:options error:&error], "loads");
    return model;
}

static void load_rules(void) {
    id model = model_of(PROGRAM, right_weights());
    FAILS("unload_early", [model unloadWithQoS:21 error:&error]);
    FAILS("qos", [model unloadWithQoS:64 error:&error]);
    put(model, @"model.mil", PROGRAM);
    put(model, @"weights/weight.bin", "weights");
    CHECK([model compileWithQoS:21 options:options error:&error], "compiles");
    [[NSFileManager defaultManager] removeItemAtPath:path_in(model, @"") error:NULL];
    FAILS("load_folder", [model loadWithQoS:21 options:options error:&error]);
    put(model, @"model.mil", PROGRAM);
    FAILS("evaluate_early", [model evaluateWithQoS:21 options:options request:nil error:&error]);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        BOOL other = [model loadWithQoS:21 options:options error:&error];
        _exit(!other && strcmp(standin_rule(), "bundle_process") == 0 ? 0 : 1);
    }
    int code = -1;
    CHECK(waitpid(child, &code, 0) == child && code == 0, "another process is refused: %d", code);
    standin_broke("bundle_process", "ANEProgramCreate() Failed: compiled by another process");
    refused("bundle_process", 0x20002);
    standin_set_cap(1);
    CHECK([model loadWithQoS:21 options:options error:&error], "loads");
    id other = model_of(PROGRAM, right_weights());
    put(other, @"weights/weight.bin", "weights");
    CHECK([other compileWithQoS:21 options:options error:&error], "compiles");
    FAILS("resident_cap", [other loadWithQoS:21 options:options error:&error]);
    CHECK([model unloadWithQoS:21 error:&error], "unloads");
    put(model, @"weights/weight.bin", "longer weights");
    FAILS("reload_size", [model loadWithQoS:21 options:options error:&error]);
}

static void *surface_of(int64_t width, int64_t row, int64_t size, int64_t height, int64_t element, id format) {
    return IOSurfaceCreate([NSDictionary
        dictionaryWithObjectsAndKeys:[NSNumber numberWithLongLong:width], kIOSurfaceWidth,
                                     [NSNumber numberWithLongLong:row], kIOSurfaceBytesPerRow,
                                     [NSNumber numberWithLongLong:size], kIOSurfaceAllocSize,
                                     [NSNumber numberWithLongLong:height], kIOSurfaceHeight,
                                     [NSNumber numberWithLongLong:element], kIOSurfaceBytesPerElement,
                                     format, kIOSurfacePixelFormat, nil]);
}

static void *surface(int64_t bytes) {
    void *made = surface_of(bytes, bytes, bytes, 1, 1, [NSNumber numberWithInt:0]);
    CHECK(made != NULL && IOSurfaceLock(made, 0, NULL) == 0, "a surface");
    memset(IOSurfaceGetBaseAddress(made), 0, (size_t)bytes);
    CHECK(IOSurfaceUnlock(made, 0, NULL) == 0, "unlocked");
    return made;
}

static void surface_rules(void) {
    id zero = [NSNumber numberWithInt:0];
    GIVES_NIL("surface_properties", surface_of(0, 0, 0, 1, 1, zero));
    GIVES_NIL("surface_properties", surface_of(64, 128, 64, 1, 1, zero));
    GIVES_NIL("surface_properties", surface_of(64, 64, 128, 1, 1, zero));
    GIVES_NIL("surface_properties", surface_of(64, 64, 64, 2, 1, zero));
    GIVES_NIL("surface_properties", surface_of(64, 64, 64, 1, 2, zero));
    GIVES_NIL("surface_properties", surface_of(64, 64, 64, 1, 1, nil));
    refused("surface_handle", IOSurfaceLock(&error, 0, NULL));
    refused("surface_handle", IOSurfaceUnlock(&error, 0, NULL));
    refused("surface_handle", IOSurfaceGetBaseAddress(&error) == NULL ? -1 : 0);
    refused("surface_handle", IOSurfaceGetAllocSize(&error) == 0 ? -1 : 0);
    void *one = surface(64);
    refused("surface_options", IOSurfaceLock(one, 2, NULL));
    refused("surface_unlock", IOSurfaceUnlock(one, 0, NULL));
    CHECK(IOSurfaceLock(one, 1, NULL) == 0, "locked");
    refused("surface_unlock", IOSurfaceUnlock(one, 0, NULL)); /* locked to read only */
    CFRelease(one);
    CFRelease(one);
    refused("surface_handle", -1);
    GIVES_NIL("surface_object", [of("_ANEIOSurfaceObject") objectWithIOSurface:&error]);
}

static NSArray *surfaces(void **all, int count) {
    NSMutableArray *objects = [NSMutableArray array];
    for (int i = 0; i < count; i++) {
        [objects addObject:[of("_ANEIOSurfaceObject") objectWithIOSurface:all[i]]];
    }
    return objects;
}

static NSArray *indices(int first, int count) {
    NSMutableArray *numbers = [NSMutableArray array];
    for (int i = 0; i < count; i++) {
        [numbers addObject:[NSNumber numberWithInt:first + i]];
    }
    return numbers;
}

static id request(id inputs, id inputIndices, id outputs, id outputIndices, id procedure) {
    return [of("_ANERequest") requestWithInputs:inputs
                                   inputIndices:inputIndices
                                        outputs:outputs
                                  outputIndices:outputIndices
                                  weightsBuffer:nil
                                      perfStats:nil
                                 procedureIndex:procedure];
}

static void request_rules(void) {
    id model = loaded(), zero = [NSNumber numberWithInt:0];
    void *all[] = {surface(64), surface(64), surface(64), surface(64)}, *large[] = {surface(64), surface(128)};
    void *small[] = {surface(32), surface(32)};
    NSArray *two = surfaces(all, 2), *out = surfaces(all + 2, 2), *numbers = indices(0, 2);
    THROWS("request_types", request(nil, numbers, out, numbers, zero));
    THROWS("request_types", request(numbers, numbers, out, numbers, zero));
    THROWS("request_types", request(two, numbers, out, numbers, nil));
    THROWS("request_indices", request(two, indices(0, 1), out, numbers, zero));
    THROWS("request_indices", request(two, numbers, out, indices(1, 2), zero));
#define RUN(r) [model evaluateWithQoS:21 options:options request:(r) error:&error]
    id right = request(two, numbers, out, numbers, zero);
    CHECK(RUN(right), "runs");
    THROWS("options", [model evaluateWithQoS:21 options:nil request:right error:&error]);
    FAILS("qos", [model evaluateWithQoS:64 options:options request:right error:&error]);
    FAILS("procedure", RUN(request(two, numbers, out, numbers, [NSNumber numberWithInt:16])));
    FAILS("surface_count", RUN(request(surfaces(all, 1), indices(0, 1), out, numbers, zero)));
    FAILS("surface_small", RUN(request(surfaces(small, 2), numbers, out, numbers, zero)));
    FAILS("surface_uniform", RUN(request(surfaces(large, 2), numbers, out, numbers, zero)));
    FAILS("surface_uniform", RUN(request(two, numbers, surfaces(large, 2), numbers, zero)));
    CHECK(IOSurfaceLock(all[0], 0, NULL) == 0, "locked");
    FAILS("surface_locked", RUN(right));
    ((char *)IOSurfaceGetBaseAddress(all[0]))[6] = 1; /* rows are of 6 bytes */
    CHECK(IOSurfaceUnlock(all[0], 0, NULL) == 0, "unlocked");
    FAILS("padding", RUN(right));
    CHECK([model unloadWithQoS:21 error:&error], "unloads");
    for (int i = 0; i < 4; i++) {
        CFRelease(all[i]);
        if (i < 2) {
            CFRelease(large[i]);
            CFRelease(small[i]);
        }
    }
}

int main(void) {
    char root[] = "/tmp/jane-tmp-XXXXXX";
    CHECK(mkdtemp(root) != NULL, "%s", root);
    setenv("TMPDIR", root, 1);
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    temporary = [NSString stringWithUTF8String:root];
    options = [NSDictionary dictionary];
    descriptor_rules();
    compile_rules();
    load_rules();
    surface_rules();
    request_rules();
    CHECK([[NSFileManager defaultManager] removeItemAtPath:temporary error:NULL], "%s", root);
    [pool drain];
    int64_t compiled, resident, alive;
    standin_counts(&compiled, &resident, &alive);
    CHECK(compiled == 0 && resident == 0 && alive == 0, "%lld objects", (long long)alive);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        CHECK(rules[i].seen, "rule %s has no wrong call", rules[i].name);
    }
    return failures();
}
