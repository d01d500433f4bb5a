// The models of the stand-in for AppleNeuralEngine, and what they tell of a run's time.
#import "neural.h"

#include "compiled.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t run_ns;

void standin_set_time(int64_t ns) {
    run_ns = ns;
}

/* The error of a call that is to fail; NO. */
static BOOL injected_error(int64_t status, NSError **error) {
    if (error != NULL && status != STANDIN_SILENT) {
        *error = [NSError errorWithDomain:@"com.apple.appleneuralengine" code:(NSInteger)status userInfo:nil];
    }
    return NO;
}

#define ENTER_BOOL(symbol, error)                                                                  \
    do {                                                                                           \
        int64_t injected = neural_enter(symbol);                                                   \
        if (injected != 0) {                                                                       \
            return injected_error(injected, error);                                                \
        }                                                                                          \
    } while (0)

static BOOL right_options(uint32_t qos, id options, NSError **error) {
    if (![options isKindOfClass:[NSDictionary class]]) {
        neural_refuse(RULE_options);
    }
    return qos <= 63 || neural_error(RULE_qos, error);
}

/* --- time -------------------------------------------------------------------------- */

@interface _ANEPerformanceStats : NSObject {
  @public
    uint64_t ns;
}
@end

@implementation _ANEPerformanceStats
- (uint64_t)hwExecutionTime {
    return neural_enter("hwExecutionTime") != 0 ? 0 : ns;
}
- (void)dealloc {
    neural_count(-1);
    [super dealloc];
}
@end

/* Of a run, owned by the caller; nil if none are told. */
static _ANEPerformanceStats *statistics(void) {
    if (run_ns == 0) {
        return nil;
    }
    _ANEPerformanceStats *made = [_ANEPerformanceStats new];
    made->ns = (uint64_t)run_ns;
    neural_count(1);
    return made;
}

/* What is behind a model in memory: it is asked for statistics when it runs. */
@interface _ANEModel : NSObject {
  @public
    uint32_t mask;
}
@end

@implementation _ANEModel
- (void)setPerfStatsMask:(uint32_t)wanted {
    mask = neural_enter("setPerfStatsMask:") != 0 ? 0 : wanted;
}
- (void)dealloc {
    neural_count(-1);
    [super dealloc];
}
@end

@interface _ANEInMemoryModel : NSObject {
    _ANEInMemoryModelDescriptor *descriptor;
    _ANEModel *inner;
    struct standin_program program;
    int32_t order[STANDIN_PORTS];
    int64_t inodes[COMPILED_FILES]; // of the files that were compiled
    BOOL compiled, loaded;
}
@end

/* 64 hex digits that depend on every byte: four FNV-1a sums, in the place of a SHA-256. */
static NSString *digest(NSData *data) {
    NSMutableString *text = [NSMutableString string];
    const unsigned char *bytes = [data bytes];
    for (uint64_t part = 0; part < 4; part++) {
        uint64_t sum = 14695981039346656037u + part;
        for (NSUInteger i = 0; i < [data length]; i++) {
            sum = (sum ^ bytes[i]) * 1099511628211u;
        }
        [text appendFormat:@"%016llx", (unsigned long long)sum];
    }
    return text;
}

@implementation _ANEInMemoryModel
+ (id)inMemoryModelWithDescriptor:(_ANEInMemoryModelDescriptor *)descriptor {
    if (neural_enter("inMemoryModelWithDescriptor:") != 0) {
        return nil;
    }
    if (![descriptor isKindOfClass:[_ANEInMemoryModelDescriptor class]]) {
        neural_refuse(RULE_descriptor_nil);
        return nil;
    }
    _ANEInMemoryModel *model = [[[self alloc] init] autorelease];
    model->descriptor = [descriptor retain];
    model->inner = [_ANEModel new];
    neural_count(2);
    return model;
}

- (void)dealloc {
    standin_lock();
    standin.compiled -= compiled;
    standin.objects--;
    standin_unlock(); /* one that is loaded still keeps its slot */
    standin_free(&program);
    [descriptor release];
    [inner release];
    [super dealloc];
}

- (id)model {
    return neural_enter("model") != 0 ? nil : inner;
}

- (void)setPerfStatsMask:(uint32_t)wanted {
    [inner setPerfStatsMask:wanted];
}

- (NSString *)identifier {
    NSMutableData *weights = [NSMutableData data];
    for (NSString *key in [[descriptor->weights allKeys] sortedArrayUsingSelector:@selector(compare:)]) {
        [weights appendData:[key dataUsingEncoding:NSUTF8StringEncoding]];
        [weights appendData:[[descriptor->weights objectForKey:key] objectForKey:@"data"]];
    }
    return [NSString stringWithFormat:@"%@_%@_%@",
                                      digest([descriptor->text dataUsingEncoding:NSUTF8StringEncoding]),
                                      digest([NSData data]), digest(weights)];
}

- (NSString *)hexStringIdentifier {
    return neural_enter("hexStringIdentifier") != 0 ? nil : [self identifier];
}

- (NSString *)folder {
    const char *root = getenv("TMPDIR");
    return [NSString stringWithFormat:@"%s/%@", root != NULL ? root : "/tmp", [self identifier]];
}

static int by_symbol(const struct standin_port *a, const struct standin_port *b) {
    char x[144], y[144];
    snprintf(x, sizeof x, a->is_output ? "%s@output" : "%s", a->name);
    snprintf(y, sizeof y, b->is_output ? "%s@output" : "%s", b->name);
    return a->is_output != b->is_output ? a->is_output - b->is_output : strcmp(x, y);
}

- (BOOL)compileWithQoS:(uint32_t)qos options:(NSDictionary *)options error:(NSError **)error {
    ENTER_BOOL("compileWithQoS:options:error:", error);
    if (!right_options(qos, options, error)) {
        return NO;
    }
    NSString *folder = [self folder];
    NSString *file = [folder stringByAppendingPathComponent:@"model.mil"];
    NSString *text = [NSString stringWithContentsOfFile:file encoding:NSUTF8StringEncoding error:NULL];
    if (text == nil) {
        return neural_error(RULE_folder_missing, error);
    }
    if (![text isEqual:descriptor->text]) {
        return neural_error(RULE_text_differs, error);
    }
    NSUInteger named = [[text componentsSeparatedByString:@"@model_path/"] count] - 1;
    standin_free(&program);
    char *copy = compiled_copy([folder UTF8String], inodes);
    enum standin_verdict verdict = standin_read(&program, copy, NULL);
    free(copy);
    if (verdict == MIL_BLOB || (named > 0 && [descriptor->weights count] == 0)) {
        return neural_error(RULE_blob_missing, error);
    }
    if (verdict != MIL_FINE) {
        return neural_error(verdict == MIL_EMPTY ? RULE_empty_list : RULE_mil_text, error);
    }
    for (int32_t i = 0; i < program.n; i++) {
        int32_t k = i;
        for (; k > 0 && by_symbol(&program.ports[order[k - 1]], &program.ports[i]) > 0; k--) {
            order[k] = order[k - 1];
        }
        order[k] = i;
    }
    /* The compiler leaves its own files there. */
    [@"made" writeToFile:[folder stringByAppendingPathComponent:@"net.plist"]
              atomically:NO
                encoding:NSUTF8StringEncoding
                   error:NULL];
    standin_lock();
    standin.compiled += !compiled;
    standin_unlock();
    compiled = YES;
    return YES;
}

- (BOOL)loadWithQoS:(uint32_t)qos options:(NSDictionary *)options error:(NSError **)error {
    ENTER_BOOL("loadWithQoS:options:error:", error);
    if (!right_options(qos, options, error)) {
        return NO;
    }
    if (!compiled || loaded) {
        return neural_error(RULE_load_early, error);
    }
    if (program.pid != getpid()) {
        return neural_error(RULE_bundle_process, error);
    }
    NSString *folder = [self folder];
    if (access([[folder stringByAppendingPathComponent:@"model.mil"] UTF8String], R_OK) != 0) {
        return neural_error(RULE_load_folder, error);
    }
    if (!compiled_same_sizes([folder UTF8String], program.dir)) {
        return neural_error(RULE_reload_size, error);
    }
    char *copy = compiled_again([folder UTF8String], program.dir, inodes);
    free(program.dir);
    program.dir = copy;
    standin_lock();
    loaded = standin.resident < standin.cap;
    standin.resident += loaded;
    standin_unlock();
    inner->mask = 0; /* a load forgets it */
    return loaded || neural_error(RULE_resident_cap, error);
}

- (NSDictionary *)modelAttributes {
    return neural_enter("modelAttributes") != 0 || !loaded ? nil : neural_report(&program, order);
}

/* The rule that surfaces break, or -1. */
- (int)broken:(_ANERequest *)request into:(struct neural_surface **)surfaces {
    NSUInteger sides[2] = {[request->inputs count], [request->outputs count]}, wanted[2] = {0, 0};
    for (int32_t i = 0; i < program.n; i++) {
        wanted[program.ports[i].is_output]++;
    }
    if (sides[0] != wanted[0] || sides[1] != wanted[1]) {
        return RULE_surface_count;
    }
    for (int32_t i = 0; i < program.n; i++) {
        NSUInteger at = (NSUInteger)i;
        _ANEIOSurfaceObject *object = at < sides[0] ? [request->inputs objectAtIndex:at]
                                                    : [request->outputs objectAtIndex:at - sides[0]];
        surfaces[i] = object->surface;
        if (surfaces[i]->size < neural_layout_of(&program.ports[order[i]]).bytes) {
            return RULE_surface_small;
        }
        if (surfaces[i]->size != surfaces[at < sides[0] ? 0 : sides[0]]->size) {
            return RULE_surface_uniform;
        }
        if (surfaces[i]->locks != 0) {
            return RULE_surface_locked;
        }
    }
    return -1;
}

- (BOOL)evaluateWithQoS:(uint32_t)qos
                options:(NSDictionary *)options
                request:(_ANERequest *)request
                  error:(NSError **)error {
    ENTER_BOOL("evaluateWithQoS:options:request:error:", error);
    if (!right_options(qos, options, error)) {
        return NO;
    }
    if (!loaded || ![request isKindOfClass:[_ANERequest class]]) {
        return neural_error(RULE_evaluate_early, error);
    }
    if ([request->procedure longLongValue] < 0 || [request->procedure longLongValue] > 15) {
        return neural_error(RULE_procedure, error);
    }
    struct neural_surface *surfaces[STANDIN_PORTS];
    int broken = [self broken:request into:surfaces];
    enum neural_rule rule = RULE_surface_small;
    if (broken < 0 && neural_evaluate(&program, order, surfaces, &rule) == 0) {
        [request->statistics release];
        request->statistics = inner->mask != 0 ? statistics() : nil;
        return YES;
    }
    return neural_error(broken < 0 ? rule : (enum neural_rule)broken, error);
}

- (BOOL)unloadWithQoS:(uint32_t)qos error:(NSError **)error {
    ENTER_BOOL("unloadWithQoS:error:", error);
    if (qos > 63) {
        return neural_error(RULE_qos, error);
    }
    if (!loaded) {
        return neural_error(RULE_unload_early, error);
    }
    loaded = NO;
    standin_lock();
    standin.resident--;
    standin_unlock();
    return YES;
}
@end
