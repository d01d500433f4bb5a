/* IOSurfaces of the in-memory route: the framework's report of order and strides, surfaces of one
 * size, and the copies between padded rows and dense buffers. */
#include "inmem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 64, LEAST = 16384 }; /* bytes of a row's step, of a surface */
enum { READ_ONLY = 1 };

static const char SUFFIX[] = "@output"; /* of an output's symbol */

/* --- the report ---------------------------------------------------------------------------- */

/* A symbol without the suffix; NULL without memory. */
static char *plain_name(const char *symbol) {
    char *name = ane_copy(symbol);
    size_t length = name != NULL ? strlen(name) : 0, suffix = sizeof SUFFIX - 1;
    if (length > suffix && strcmp(name + length - suffix, SUFFIX) == 0) {
        name[length - suffix] = 0;
    }
    return name;
}

static int32_t is_named(struct objc *o, void *entry, const char *key, const char *name) {
    const char *symbol = ane_objc_text(o, ane_objc_get(o, entry, key, METHOD_NSString_UTF8String));
    size_t length = strlen(name);
    return symbol != NULL && strncmp(symbol, name, length) == 0 &&
           (symbol[length] == 0 || strcmp(symbol + length, SUFFIX) == 0);
}

static void read_layout(struct objc *o, void *live, struct inmem_layout *layout) {
    static const char *const sizes[] = {"Batches", "Channels", "Height", "Width"};
    static const char *const strides[] = {"BatchStride", "PlaneStride", "RowStride"};
    for (int64_t i = 0; i < ane_objc_count(o, live); i++) {
        void *entry = ane_objc_at(o, live, (uint64_t)i, METHOD_NSDictionary_objectForKey_);
        if (entry == NULL ||
            !(is_named(o, entry, "Symbol", layout->name) || is_named(o, entry, "Name", layout->name))) {
            continue;
        }
        for (int32_t k = 0; k < 4; k++) {
            layout->sizes[k] = ane_objc_integer(o, entry, sizes[k], 1);
        }
        for (int32_t k = 0; k < 3; k++) {
            layout->strides[k] = ane_objc_integer(o, entry, strides[k], 0);
        }
        /* Interleaved channels and a depth are layouts that nothing here can copy. */
        if (ane_objc_integer(o, entry, "Interleave", 1) != 1 || ane_objc_integer(o, entry, "Depth", 1) != 1) {
            layout->strides[0] = -1;
        }
    }
}

int32_t inmem_read_report(struct objc *o, struct inmem_program *made) {
    static const char *const symbol_keys[] = {"kANEFModelInputSymbolsArrayKey",
                                              "kANEFModelOutputSymbolsArrayKey"};
    static const char *const live_keys[] = {"LiveInputList", "LiveOutputList"};
    void *attributes = SEND(o, ANEInMemoryModel_modelAttributes, made->model);
    void *description =
        ane_objc_get(o, attributes, "ANEFModelDescription", METHOD_NSDictionary_objectForKey_);
    void *networks = ane_objc_get(o, attributes, "NetworkStatusList", METHOD_NSArray_count);
    void *network = ane_objc_at(o, networks, 0, METHOD_NSDictionary_objectForKey_);
    int64_t procedures =
        ane_objc_count(o, ane_objc_get(o, description, "ANEFModelProcedures", METHOD_NSArray_count));
    if (procedures > 1) {
        return ane_fail(JANE_ANE_ELOAD, "jane_ane_load",
                        "the program has %lld procedures; need a text with one function, main",
                        (long long)procedures);
    }
    inmem_free_report(made); /* of a load before this one */
    for (int32_t side = 0; side < 2; side++) {
        void *symbols = ane_objc_get(o, description, symbol_keys[side], METHOD_NSArray_count);
        void *live = ane_objc_get(o, network, live_keys[side], METHOD_NSArray_count);
        int64_t count = ane_objc_count(o, symbols);
        made->sides[side].layouts = calloc((size_t)count + 1, sizeof *made->sides[side].layouts);
        if (made->sides[side].layouts == NULL) {
            return ane_fail(JANE_ANE_ENOMEM, "jane_ane_load", "no memory");
        }
        for (int64_t i = 0; i < count; i++) {
            struct inmem_layout *layout = &made->sides[side].layouts[i];
            const char *symbol =
                ane_objc_text(o, ane_objc_at(o, symbols, (uint64_t)i, METHOD_NSString_UTF8String));
            layout->name = plain_name(symbol != NULL ? symbol : "");
            if (layout->name == NULL) {
                return ane_fail(JANE_ANE_ENOMEM, "jane_ane_load", "no memory");
            }
            made->sides[side].count++;
            read_layout(o, live, layout);
        }
    }
    return JANE_ANE_OK;
}

void inmem_free_report(struct inmem_program *made) {
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t i = 0; i < made->sides[side].count; i++) {
            free(made->sides[side].layouts[i].name);
        }
        free(made->sides[side].layouts);
        made->sides[side].layouts = NULL;
        made->sides[side].count = 0;
    }
}

/* --- a port's layout ----------------------------------------------------------------------- */

static const char *kind_of(const struct ane_port *port) {
    return port->is_output ? "output" : "input";
}

/* Whether both have the same elements in the same order: equal but for dimensions of 1. */
static int32_t same_shape(const int64_t *sizes, const struct ane_port *port) {
    int32_t k = 0;
    for (int32_t i = 0; i < 4; i++) {
        while (k < port->rank && port->dims[k] == 1) {
            k++;
        }
        if (sizes[i] != 1 && (k == port->rank || port->dims[k++] != sizes[i])) {
            return 0;
        }
    }
    while (k < port->rank && port->dims[k] == 1) {
        k++;
    }
    return k == port->rank;
}

static int32_t fits(const struct inmem_surface *s, int64_t element_bytes) {
    int64_t row = s->sizes[3] * element_bytes;
    int64_t plane = (s->sizes[2] - 1) * s->strides[2] + row;
    int64_t batch = (s->sizes[1] - 1) * s->strides[1] + plane;
    return s->strides[2] >= row && s->strides[1] >= plane && s->strides[0] >= batch;
}

/* Rows padded to 64 bytes, where the framework tells nothing. */
static void assume(struct inmem_surface *s, const struct ane_port *port) {
    for (int32_t i = 0; i < 4; i++) {
        int32_t k = port->rank - 4 + i;
        s->sizes[i] = k >= 0 ? port->dims[k] : 1;
    }
    s->strides[2] = (s->sizes[3] * port->element_bytes + ROW - 1) / ROW * ROW;
    s->strides[1] = s->sizes[2] * s->strides[2];
    s->strides[0] = s->sizes[1] * s->strides[1];
}

static int32_t wrong_layout(const struct ane_port *port, const struct inmem_layout *l) {
    return ane_fail(JANE_ANE_EPORT, "jane_ane_port_shape",
                    "%s '%s' of rank %d and %lld bytes, but the framework reports batches, channels, "
                    "rows, columns %lld, %lld, %lld, %lld with strides %lld, %lld, %lld; need the "
                    "program's own shape, not interleaved and without a depth",
                    kind_of(port), port->name, port->rank, (long long)port->bytes,
                    (long long)l->sizes[0], (long long)l->sizes[1], (long long)l->sizes[2],
                    (long long)l->sizes[3], (long long)l->strides[0], (long long)l->strides[1],
                    (long long)l->strides[2]);
}

int32_t inmem_lay_out(struct inmem_program *made, struct ane_port *port) {
    const char *where = "jane_ane_port_shape";
    const struct inmem_side *side = &made->sides[port->is_output];
    struct inmem_surface *s = port->port = calloc(1, sizeof *s);
    if (s == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, where, "no memory");
    }
    if (port->rank > 4) {
        return ane_fail(JANE_ANE_EPORT, where, "%s '%s' of rank %d; need 4 at most on this route",
                        kind_of(port), port->name, port->rank);
    }
    while (s->order < side->count && strcmp(side->layouts[s->order].name, port->name) != 0) {
        s->order++;
    }
    if (side->count > 0 && s->order == side->count) {
        return ane_fail(JANE_ANE_EPORT, where, "no %s '%s'; the program has %d, '%s' first", kind_of(port),
                        port->name, side->count, side->layouts[0].name);
    }
    const struct inmem_layout *layout = side->count > 0 ? &side->layouts[s->order] : NULL;
    if (layout == NULL || layout->strides[0] == 0) {
        assume(s, port);
    } else {
        memcpy(s->sizes, layout->sizes, sizeof s->sizes);
        memcpy(s->strides, layout->strides, sizeof s->strides);
        if (!same_shape(s->sizes, port) || !fits(s, port->element_bytes)) {
            return wrong_layout(port, layout);
        }
    }
    s->bytes = s->sizes[0] * s->strides[0];
    return JANE_ANE_OK;
}

/* --- surfaces and the request -------------------------------------------------------------- */

/* Byte i of a port's symbol, by which unreported ports are sorted. */
static char symbol_at(const struct ane_port *port, size_t i) {
    size_t length = strlen(port->name), suffix = port->is_output ? sizeof SUFFIX - 1 : 0;
    return i < length ? port->name[i] : i - length < suffix ? SUFFIX[i - length] : 0;
}

static int32_t sorts_before(const struct ane_port *a, const struct ane_port *b) {
    size_t i = 0;
    while (symbol_at(a, i) != 0 && symbol_at(a, i) == symbol_at(b, i)) {
        i++;
    }
    return (unsigned char)symbol_at(a, i) < (unsigned char)symbol_at(b, i);
}

void inmem_drop_surface(struct objc *o, struct inmem_surface *s) {
    void *ref = s->ref;
    s->ref = NULL;
    if (ref != NULL) {
        CALL(o, CFRelease, ref);
    }
}

static int32_t unlock(struct objc *o, const struct inmem_surface *s, uint32_t options) {
    int32_t native = CALL(o, IOSurfaceUnlock, s->ref, options, NULL);
    return native == 0 ? JANE_ANE_OK
                       : ane_refused(JANE_ANE_ERUN, &ane_objc_calls[CALL_IOSurfaceUnlock], native, NULL);
}

/* Locks a surface and gives its memory. */
static int32_t lock(struct objc *o, const struct inmem_surface *s, uint32_t options, void **base) {
    int32_t native = CALL(o, IOSurfaceLock, s->ref, options, NULL);
    if (native != 0) {
        return ane_refused(JANE_ANE_ERUN, &ane_objc_calls[CALL_IOSurfaceLock], native, NULL);
    }
    *base = CALL(o, IOSurfaceGetBaseAddress, s->ref);
    if (*base == NULL) {
        unlock(o, s, options);
        return ane_refused(JANE_ANE_ERUN, &ane_objc_calls[CALL_IOSurfaceGetBaseAddress], 0, "no memory");
    }
    return JANE_ANE_OK;
}

static int32_t make_surface(struct objc *o, struct ane_port *port, int64_t bytes) {
    struct inmem_surface *s = port->port;
    inmem_drop_surface(o, s); /* of a request that failed, and perhaps of another size */
    const int64_t values[OBJC_KEYS] = {
        [KEY_kIOSurfaceWidth] = bytes,       [KEY_kIOSurfaceHeight] = 1,
        [KEY_kIOSurfaceBytesPerElement] = 1, [KEY_kIOSurfaceBytesPerRow] = bytes,
        [KEY_kIOSurfaceAllocSize] = bytes,   [KEY_kIOSurfacePixelFormat] = 0};
    void *properties = CLASS_SEND(o, NSMutableDictionary_dictionary);
    for (int32_t i = 0; i < OBJC_KEYS; i++) {
        void *value = ane_objc_number(o, values[i]);
        SEND(o, NSMutableDictionary_setObject_forKey_, properties, value, *o->key[i]);
    }
    s->ref = CALL(o, IOSurfaceCreate, properties);
    int32_t call = CALL_IOSurfaceCreate;
    if (s->ref != NULL) {
        call = CALL_IOSurfaceGetAllocSize;
    }
    if (s->ref == NULL || CALL(o, IOSurfaceGetAllocSize, s->ref) < (uint64_t)bytes) {
        char text[200];
        snprintf(text, sizeof text, "no surface of %lld bytes for '%.100s'", (long long)bytes, port->name);
        return ane_refused(JANE_ANE_ENOMEM, &ane_objc_calls[call], 0, text);
    }
    void *base;
    int32_t status = lock(o, s, 0, &base);
    if (status != JANE_ANE_OK) {
        return status;
    }
    memset(base, 0, (size_t)bytes); /* the rows' padding stays so */
    return unlock(o, s, 0);
}

/* Surfaces of one size for a side, as the framework wants them, and what a request takes of them. */
static int32_t make_side(struct objc *o, jane_ane_program *p, int32_t is_output, void **objects,
                         void **indices) {
    const struct inmem_side *reported = &((struct inmem_program *)p->made)->sides[is_output];
    int64_t bytes = LEAST;
    int32_t count = 0;
    for (struct ane_port *port = p->ports; port != NULL; port = port->next) {
        struct inmem_surface *s = port->port;
        if (port->is_output != is_output) {
            continue;
        }
        count++;
        bytes = s->bytes > bytes ? s->bytes : bytes;
        if (reported->count == 0) {
            s->order = 0;
            for (struct ane_port *other = p->ports; other != NULL; other = other->next) {
                s->order += other->is_output == is_output && sorts_before(other, port);
            }
        }
    }
    if (count == 0 || (reported->count != 0 && count != reported->count)) {
        return ane_fail(JANE_ANE_ERUN, "jane_ane_run", "%d %s have buffers, of %d; make all ports first",
                        count, is_output ? "outputs" : "inputs", reported->count);
    }
    bytes = (bytes + ROW - 1) / ROW * ROW;
    *objects = CLASS_SEND(o, NSMutableArray_array);
    *indices = CLASS_SEND(o, NSMutableArray_array);
    for (int32_t i = 0; i < count; i++) {
        struct ane_port *port = p->ports;
        while (port->is_output != is_output || ((struct inmem_surface *)port->port)->order != i) {
            port = port->next;
        }
        int32_t status = make_surface(o, port, bytes);
        if (status != JANE_ANE_OK) {
            return status;
        }
        void *object = CLASS_SEND(o, ANEIOSurfaceObject_objectWithIOSurface_,
                                  ((struct inmem_surface *)port->port)->ref);
        if (object == NULL) {
            return ane_refused(JANE_ANE_ERUN,
                               &ane_objc_methods[METHOD_ANEIOSurfaceObject_objectWithIOSurface_], 0,
                               "no object for a surface");
        }
        SEND(o, NSMutableArray_addObject_, *objects, object);
        void *index = ane_objc_number(o, i);
        SEND(o, NSMutableArray_addObject_, *indices, index);
    }
    return JANE_ANE_OK;
}

int32_t inmem_make_request(struct objc *o, jane_ane_program *p) {
    const int32_t method =
        METHOD_ANERequest_requestWithInputs_inputIndices_outputs_outputIndices_weightsBuffer_perfStats_procedureIndex_;
    struct inmem_program *made = p->made;
    void *objects[2], *indices[2];
    for (int32_t side = 0; side < 2; side++) {
        int32_t status = make_side(o, p, side, &objects[side], &indices[side]);
        if (status != JANE_ANE_OK) {
            return status;
        }
    }
    void *procedure = ane_objc_number(o, 0);
    void *request = CLASS_SEND(
        o,
        ANERequest_requestWithInputs_inputIndices_outputs_outputIndices_weightsBuffer_perfStats_procedureIndex_,
        objects[0], indices[0], objects[1], indices[1], NULL, NULL, procedure);
    if (request == NULL) {
        return ane_refused(JANE_ANE_ERUN, &ane_objc_methods[method], 0, "no request");
    }
    SEND(o, NSObject_retain, request);
    made->request = request;
    return JANE_ANE_OK;
}

/* --- copies -------------------------------------------------------------------------------- */

int32_t inmem_copy(struct objc *o, const struct ane_port *port, int32_t to_surface) {
    const struct inmem_surface *s = port->port;
    const uint32_t options = to_surface ? 0 : READ_ONLY;
    char *base, *dense = port->data;
    int32_t status = lock(o, s, options, (void **)&base);
    if (status != JANE_ANE_OK) {
        return status;
    }
    const size_t row = (size_t)(s->sizes[3] * port->element_bytes);
    for (int64_t n = 0; n < s->sizes[0]; n++) {
        for (int64_t c = 0; c < s->sizes[1]; c++) {
            char *at = base + n * s->strides[0] + c * s->strides[1];
            for (int64_t h = 0; h < s->sizes[2]; h++, at += s->strides[2], dense += row) {
                memcpy(to_surface ? at : dense, to_surface ? dense : at, row);
            }
        }
    }
    return unlock(o, s, options);
}
