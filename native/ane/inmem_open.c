/* The in-memory route as a whole: whether this machine has it, and what it tells of itself. */
#include "inmem.h"

#include <stdlib.h>

static int32_t has_device(void *argument) {
    struct objc *o = argument;
    if (o->selector[METHOD_ANEDeviceInfo_hasANE] == NULL || CLASS_SEND(o, ANEDeviceInfo_hasANE)) {
        return JANE_ANE_OK; /* or the system does not tell */
    }
    int32_t known = o->selector[METHOD_ANEDeviceInfo_isVirtualMachine] != NULL;
    int32_t is_virtual = known && CLASS_SEND(o, ANEDeviceInfo_isVirtualMachine);
    return ane_fail(JANE_ANE_ENOLIB, "+[_ANEDeviceInfo hasANE]",
                    "the framework is there with all its calls, but %s; use the CPU engine",
                    is_virtual ? "this is a virtual machine, which has no Neural Engine"
                               : "this machine has no Neural Engine");
}

int32_t inmem_open(jane_ane *ane, const char *library) {
    (void)library;
    struct objc *o = calloc(1, sizeof *o);
    ane->made = o;
    if (o == NULL) {
        return ane_fail(JANE_ANE_ENOMEM, "jane_ane_open", "no memory");
    }
    int32_t status = ane_objc_open(o, ane->library);
    return status == JANE_ANE_OK ? ane_objc_pooled(o, has_device, o) : status;
}

void inmem_close(jane_ane *ane) {
    free(ane->made);
}

static void describe_text(struct objc *o, void *string, char *text, int64_t room, int64_t *length,
                          const char *key) {
    const char *value = ane_objc_text(o, string);
    if (value != NULL) {
        ane_line(text, room, length, key, "%s", value);
    }
}

struct description {
    struct objc *o;
    char *text;
    int64_t room, *length;
};

static int32_t describe_body(void *argument) {
    struct description *d = argument;
    struct objc *o = d->o;
    int32_t found = 0;
    for (int32_t i = 0; i < OBJC_METHODS; i++) {
        found += o->selector[i] != NULL;
    }
    ane_line(d->text, d->room, d->length, "methods", "%d of %d", found, OBJC_METHODS);
    ane_line(d->text, d->room, d->length, "resident", "%d",
             __atomic_load_n(&inmem_residents, __ATOMIC_RELAXED));
#define TEXT(key, field)                                                                           \
    if (o->selector[METHOD_##field] != NULL) {                                                     \
        describe_text(o, CLASS_SEND(o, field), d->text, d->room, d->length, key);                  \
    }
#define NUMBER(key, field)                                                                         \
    if (o->selector[METHOD_##field] != NULL) {                                                     \
        ane_line(d->text, d->room, d->length, key, "%u", CLASS_SEND(o, field));                    \
    }
    TEXT("chip", ANEDeviceInfo_aneArchitectureType)
    NUMBER("engines", ANEDeviceInfo_numANEs)
    NUMBER("cores", ANEDeviceInfo_numANECores)
    TEXT("system", ANEDeviceInfo_productName)
    TEXT("build", ANEDeviceInfo_buildVersion)
    return JANE_ANE_OK;
}

int32_t inmem_describe(jane_ane *ane, char *text, int64_t room, int64_t *length) {
    struct description d = {ane->made, text, room, length};
    return ane_objc_pooled(ane->made, describe_body, &d);
}
