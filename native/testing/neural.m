// A stand-in for AppleNeuralEngine: the small classes of api.tsv, with its rules.
#import "neural.h"

static int32_t device_kind;

void standin_set_device(int32_t kind) {
    device_kind = kind;
}

/* --- descriptor ---------------------------------------------------------------------------- */

@implementation _ANEInMemoryModelDescriptor
+ (id)modelWithMILText:(NSData *)data weights:(NSDictionary *)blobs optionsPlist:(NSData *)plist {
    (void)plist;
    if (neural_enter("modelWithMILText:weights:optionsPlist:") != 0) {
        return nil;
    }
    if (![data isKindOfClass:[NSData class]]) {
        neural_refuse(RULE_text_data);
    }
    if (blobs == nil) {
        neural_refuse(RULE_weights_nil);
    }
    for (NSDictionary *entry in [blobs allValues]) {
        if (![entry isKindOfClass:[NSDictionary class]] ||
            ![[entry objectForKey:@"offset"] isEqual:[NSNumber numberWithInt:0]] ||
            ![[entry objectForKey:@"data"] isKindOfClass:[NSData class]]) {
            neural_refuse(RULE_weights_entry);
        }
    }
    NSString *string = [[[NSString alloc] initWithData:data encoding:NSUTF8StringEncoding] autorelease];
    if (string == nil || [string rangeOfString:@"buildInfo"].location == NSNotFound) {
        neural_refuse(RULE_text_utf8);
        return nil;
    }
    _ANEInMemoryModelDescriptor *descriptor = [[[self alloc] init] autorelease];
    descriptor->text = [string retain];
    descriptor->weights = [blobs retain];
    neural_count(1);
    return descriptor;
}

- (void)dealloc {
    [text release];
    [weights release];
    neural_count(-1);
    [super dealloc];
}
@end

/* --- surface objects and requests ---------------------------------------------------------- */

@implementation _ANEIOSurfaceObject
+ (id)objectWithIOSurface:(struct neural_surface *)surface {
    if (neural_enter("objectWithIOSurface:") != 0) {
        return nil;
    }
    if (neural_live(surface) == NULL) {
        neural_refuse(RULE_surface_object);
        return nil;
    }
    _ANEIOSurfaceObject *object = [[[self alloc] init] autorelease];
    object->surface = surface;
    neural_hold(surface);
    neural_count(1);
    return object;
}

- (void)dealloc {
    neural_drop(surface);
    neural_count(-1);
    [super dealloc];
}
@end

static void check_side(NSArray *objects, NSArray *indices) {
    BOOL right = [objects isKindOfClass:[NSArray class]] && [indices isKindOfClass:[NSArray class]];
    for (id object in right ? objects : nil) {
        right = right && [object isKindOfClass:[_ANEIOSurfaceObject class]];
    }
    if (!right) {
        neural_refuse(RULE_request_types);
    }
    right = [objects count] == [indices count];
    for (NSUInteger i = 0; right && i < [indices count]; i++) {
        right = [[indices objectAtIndex:i] isEqual:[NSNumber numberWithUnsignedInteger:i]];
    }
    if (!right) {
        neural_refuse(RULE_request_indices);
    }
}

@implementation _ANERequest
+ (id)requestWithInputs:(NSArray *)inputs
           inputIndices:(NSArray *)inputIndices
                outputs:(NSArray *)outputs
          outputIndices:(NSArray *)outputIndices
          weightsBuffer:(id)weights
              perfStats:(id)statistics
         procedureIndex:(NSNumber *)procedure {
    (void)weights, (void)statistics;
    if (neural_enter("requestWithInputs:inputIndices:outputs:outputIndices:weightsBuffer:perfStats:"
                     "procedureIndex:") != 0) {
        return nil;
    }
    check_side(inputs, inputIndices);
    check_side(outputs, outputIndices);
    if (![procedure isKindOfClass:[NSNumber class]]) {
        neural_refuse(RULE_request_types);
    }
    _ANERequest *request = [[[self alloc] init] autorelease];
    request->inputs = [inputs copy];
    request->outputs = [outputs copy];
    request->procedure = [procedure retain];
    neural_count(1);
    return request;
}

- (id)perfStats {
    return neural_enter("perfStats") != 0 ? nil : statistics;
}

- (void)dealloc {
    [inputs release];
    [outputs release];
    [procedure release];
    [statistics release];
    neural_count(-1);
    [super dealloc];
}
@end

/* --- device -------------------------------------------------------------------------------- */

@interface _ANEDeviceInfo : NSObject
@end

@implementation _ANEDeviceInfo
+ (BOOL)hasANE {
    return device_kind == STANDIN_DEVICE;
}
+ (BOOL)isVirtualMachine {
    return device_kind == STANDIN_VIRTUAL;
}
+ (uint32_t)numANEs {
    return 1;
}
+ (uint32_t)numANECores {
    return 16;
}
+ (NSString *)aneArchitectureType {
    return @"standin";
}
+ (NSString *)productName {
    return @"a stand-in";
}
+ (NSString *)buildVersion {
    return nil;
}
@end
