// A stand-in for IOSurface and the little of Core Foundation that goes with it; and what the other
// file needs of surfaces: layouts, the report of a loaded program, its run.
#import "neural.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t status;
    const char *text;
} rules[] = {
#define INMEM_RULE(name, call, status, text) {#name, status, text},
#include "api.h"
};

const char standin_route[] = "inmem";

NSString *const kIOSurfaceWidth = @"IOSurfaceWidth";
NSString *const kIOSurfaceHeight = @"IOSurfaceHeight";
NSString *const kIOSurfaceBytesPerElement = @"IOSurfaceBytesPerElement";
NSString *const kIOSurfaceBytesPerRow = @"IOSurfaceBytesPerRow";
NSString *const kIOSurfaceAllocSize = @"IOSurfaceAllocSize";
NSString *const kIOSurfacePixelFormat = @"IOSurfacePixelFormat";

static struct neural_surface *alive;
static int32_t report_kind;

int32_t neural_refuse(enum neural_rule rule) {
    standin_broke(rules[rule].name, rules[rule].text);
    if (rules[rule].status == -1 && rule != RULE_surface_handle) {
        [NSException raise:@"ANEException" format:@"%s", rules[rule].text];
    }
    return (int32_t)rules[rule].status;
}

BOOL neural_error(enum neural_rule rule, NSError **error) {
    int32_t code = neural_refuse(rule);
    BOOL compiler = strstr(rules[rule].text, "_ANECompiler") != NULL;
    if (error != NULL) {
        *error = [NSError
            errorWithDomain:compiler ? @"com.apple.appleneuralengine.compiler" : @"com.apple.appleneuralengine"
                       code:code
                   userInfo:[NSDictionary dictionaryWithObject:[NSString stringWithUTF8String:rules[rule].text]
                                                        forKey:NSLocalizedDescriptionKey]];
    }
    return NO;
}

int64_t neural_enter(const char *symbol) {
    int64_t status = standin_enter(symbol);
    if (status == STANDIN_THROW) {
        [NSException raise:@"ANEException" format:@"thrown on purpose"];
    }
    return status;
}

void neural_count(int32_t objects) {
    standin_lock();
    standin.objects += objects;
    standin_unlock();
}

void standin_set_report(int32_t kind) {
    report_kind = kind;
}

NSString *NSTemporaryDirectory(void) {
    const char *root = getenv("TMPDIR");
    return neural_enter("NSTemporaryDirectory") != 0
               ? nil
               : [NSString stringWithFormat:@"%s/", root != NULL ? root : "/tmp"];
}

/* --- surfaces ------------------------------------------------------------------------------ */

struct neural_surface *neural_live(void *surface) {
    standin_lock();
    struct neural_surface *each = alive;
    while (each != NULL && each != surface) {
        each = each->next;
    }
    standin_unlock();
    return each;
}

void neural_hold(struct neural_surface *surface) {
    standin_lock();
    surface->users++;
    standin_unlock();
}

void neural_drop(struct neural_surface *surface) {
    standin_lock();
    int32_t last = --surface->users == 0;
    if (last) {
        struct neural_surface **link = &alive;
        while (*link != surface) {
            link = &(*link)->next;
        }
        *link = surface->next;
        standin.objects--;
    }
    standin_unlock();
    if (last) {
        free(surface->data);
        free(surface);
    }
}

STANDIN_API void *IOSurfaceCreate(void *properties) {
    if (neural_enter("IOSurfaceCreate") != 0) {
        return NULL;
    }
    NSDictionary *all = properties;
    int64_t size = [[all objectForKey:kIOSurfaceWidth] longLongValue];
    if (size <= 0 || [[all objectForKey:kIOSurfaceBytesPerRow] longLongValue] != size ||
        [[all objectForKey:kIOSurfaceAllocSize] longLongValue] != size ||
        [[all objectForKey:kIOSurfaceHeight] longLongValue] != 1 ||
        [[all objectForKey:kIOSurfaceBytesPerElement] longLongValue] != 1 ||
        ![[all objectForKey:kIOSurfacePixelFormat] isEqual:[NSNumber numberWithInt:0]]) {
        neural_refuse(RULE_surface_properties);
        return NULL;
    }
    struct neural_surface *surface = calloc(1, sizeof *surface);
    surface->users = 1;
    surface->size = size;
    surface->data = malloc((size_t)size);
    memset(surface->data, 0xa5, (size_t)size); /* the bridge zeroes it */
    standin_lock();
    surface->next = alive;
    alive = surface;
    standin.objects++;
    standin_unlock();
    return surface;
}

STANDIN_API int32_t IOSurfaceLock(void *surface, uint32_t options, uint32_t *seed) {
    (void)seed;
    int64_t injected = neural_enter("IOSurfaceLock");
    struct neural_surface *s = neural_live(surface);
    if (injected != 0 || s == NULL || options > 1) {
        return injected != 0 ? (int32_t)injected
                             : neural_refuse(s == NULL ? RULE_surface_handle : RULE_surface_options);
    }
    s->locks++;
    s->options = options;
    return 0;
}

STANDIN_API int32_t IOSurfaceUnlock(void *surface, uint32_t options, uint32_t *seed) {
    (void)seed;
    int64_t injected = neural_enter("IOSurfaceUnlock");
    struct neural_surface *s = neural_live(surface);
    if (injected != 0 || s == NULL || s->locks == 0 || s->options != options) {
        return injected != 0 ? (int32_t)injected
                             : neural_refuse(s == NULL ? RULE_surface_handle : RULE_surface_unlock);
    }
    s->locks--;
    return 0;
}

STANDIN_API void *IOSurfaceGetBaseAddress(void *surface) {
    int64_t injected = neural_enter("IOSurfaceGetBaseAddress");
    struct neural_surface *s = neural_live(surface);
    if (s == NULL) {
        neural_refuse(RULE_surface_handle);
    }
    return injected == 0 && s != NULL ? s->data : NULL;
}

STANDIN_API uint64_t IOSurfaceGetAllocSize(void *surface) {
    int64_t injected = neural_enter("IOSurfaceGetAllocSize");
    struct neural_surface *s = neural_live(surface);
    if (s == NULL) {
        neural_refuse(RULE_surface_handle);
    }
    return injected == 0 && s != NULL ? (uint64_t)s->size : 0;
}

STANDIN_API void CFRelease(void *object) {
    int64_t injected = neural_enter("CFRelease");
    struct neural_surface *s = neural_live(object);
    if (s == NULL) {
        neural_refuse(RULE_surface_handle);
    } else if (injected == 0) {
        neural_drop(s);
    }
}

/* --- programs over surfaces ---------------------------------------------------------------- */

struct neural_layout neural_layout_of(const struct standin_port *port) {
    struct neural_layout l = {.sizes = {1, 1, 1, 1}};
    for (int32_t i = 0; i < port->rank; i++) {
        l.sizes[4 - port->rank + i] = port->dims[i];
    }
    l.strides[2] = (l.sizes[3] * port->element_bytes + 63) / 64 * 64;
    l.strides[1] = l.sizes[2] * l.strides[2];
    l.strides[0] = l.sizes[1] * l.strides[1] + (report_kind == STANDIN_WIDE ? 192 : 0);
    l.bytes = l.sizes[0] * l.strides[0];
    return l;
}

static void set(NSMutableDictionary *entry, NSString *key, int64_t value) {
    [entry setObject:[NSNumber numberWithLongLong:value] forKey:key];
}

static NSDictionary *entry_of(const struct standin_port *port, NSString *symbol) {
    struct neural_layout l = neural_layout_of(port);
    NSMutableDictionary *entry = [NSMutableDictionary dictionary];
    [entry setObject:symbol forKey:report_kind == STANDIN_NAMES ? @"Name" : @"Symbol"];
    [entry setObject:port->element_bytes == 2 ? @"Float16" : @"Float32" forKey:@"Type"];
    set(entry, @"Batches", l.sizes[0]);
    set(entry, @"Channels", l.sizes[1]);
    set(entry, @"Height", l.sizes[2]);
    set(entry, @"Width", l.sizes[3]);
    set(entry, @"Depth", 1);
    set(entry, @"BatchStride", l.strides[0]);
    set(entry, @"DepthStride", l.strides[0]);
    set(entry, @"PlaneCount", l.sizes[1]);
    set(entry, @"PlaneStride", l.strides[1]);
    set(entry, @"RowStride", report_kind == STANDIN_NARROW ? 1 : l.strides[2]);
    set(entry, @"Interleave", report_kind == STANDIN_INTERLEAVED ? 4 : 1);
    return entry;
}

NSDictionary *neural_report(const struct standin_program *program, const int32_t *order) {
    NSMutableArray *symbols[2] = {[NSMutableArray array], [NSMutableArray array]};
    NSMutableArray *live[2] = {[NSMutableArray array], [NSMutableArray array]};
    for (int32_t i = 0; i < program->n; i++) {
        const struct standin_port *port = &program->ports[order[i]];
        NSString *symbol = [NSString stringWithFormat:port->is_output ? @"%s@output" : @"%s", port->name];
        [symbols[port->is_output] addObject:symbol];
        /* The lists need not have the order of the symbols. */
        [live[port->is_output] insertObject:entry_of(port, symbol) atIndex:0];
    }
    NSMutableArray *procedures = [NSMutableArray array];
    for (int32_t i = 0; i < program->functions; i++) {
        [procedures addObject:[NSDictionary dictionaryWithObject:[NSNumber numberWithInt:i]
                                                          forKey:@"ANEFModelProcedureID"]];
    }
    NSDictionary *description = [NSDictionary
        dictionaryWithObjectsAndKeys:symbols[0], @"kANEFModelInputSymbolsArrayKey", symbols[1],
                                     @"kANEFModelOutputSymbolsArrayKey", procedures, @"ANEFModelProcedures",
                                     nil];
    NSDictionary *network = [NSDictionary
        dictionaryWithObjectsAndKeys:live[0], @"LiveInputList", live[1], @"LiveOutputList", nil];
    NSArray *networks =
        report_kind == STANDIN_SYMBOLS ? [NSArray array] : [NSArray arrayWithObject:network];
    return [NSDictionary dictionaryWithObjectsAndKeys:description, @"ANEFModelDescription", networks,
                                                      @"NetworkStatusList", nil];
}

/* Between a surface and a dense copy; NO if padding that must be zero is not. */
static BOOL copy_rows(const struct standin_port *port, char *data, char *dense, BOOL to_surface) {
    struct neural_layout l = neural_layout_of(port);
    int64_t row = l.sizes[3] * port->element_bytes;
    BOOL clean = YES;
    for (int64_t n = 0; n < l.sizes[0]; n++) {
        for (int64_t i = 0; i < l.sizes[1] * l.sizes[2]; i++, dense += row) {
            char *at = data + n * l.strides[0] + i * l.strides[2];
            memcpy(to_surface ? at : dense, to_surface ? dense : at, (size_t)row);
            for (int64_t k = row; k < l.strides[2]; k++) {
                clean &= at[k] == 0;
                at[k] = to_surface ? (char)0xa5 : at[k]; /* the device leaves what it likes there */
            }
        }
    }
    return clean;
}

int32_t neural_evaluate(const struct standin_program *program, const int32_t *order,
                        struct neural_surface *const *surfaces, enum neural_rule *rule) {
    const char *names[STANDIN_PORTS];
    void *data[STANDIN_PORTS];
    int64_t bytes[STANDIN_PORTS];
    int32_t is_output[STANDIN_PORTS], status = 0;
    for (int32_t i = 0; i < program->n; i++) {
        const struct standin_port *port = &program->ports[order[i]];
        names[i] = port->name;
        bytes[i] = port->bytes;
        is_output[i] = port->is_output;
        data[i] = calloc(1, (size_t)port->bytes);
        if (!copy_rows(port, surfaces[i]->data, data[i], NO) && !port->is_output) {
            *rule = RULE_padding;
            status = 1;
        }
    }
    standin_lock();
    standin_backend backend = standin.backend;
    void *context = standin.context;
    standin_unlock();
    if (status == 0 && backend != NULL) {
        status = backend(context, program->dir, program->function, program->n, names, data, bytes, is_output);
        *rule = RULE_surface_small; /* Program Inference error */
    }
    for (int32_t i = 0; i < program->n; i++) {
        if (is_output[i] && status == 0) {
            copy_rows(&program->ports[order[i]], surfaces[i]->data, data[i], YES);
        }
        free(data[i]);
    }
    return status;
}
