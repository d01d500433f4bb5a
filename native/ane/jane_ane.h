/* Jane's bridge to the Apple Neural Engine: the public C interface.
 *
 * Two routes, both private API of macOS, opened by dlopen: Espresso's C calls (e5rt), and the
 * in-memory models of AppleNeuralEngine, in Objective-C. On other systems tests open stand-ins.
 * There is no policy here: no cache, no budget; the in-memory route tries a load twice.
 *
 * Functions return a status; jane_ane_last_error says more about any but JANE_ANE_OK. On failure
 * nothing has been made and nothing is left behind. Buffers at this border are dense and row-major
 * on every route. Strings are UTF-8 and end with NUL.
 *
 * Threads: any number may call at once. Two calls on one program at the same time are not run
 * side by side: the second returns JANE_ANE_EBUSY. A handle that was closed or released is
 * refused with JANE_ANE_EINVAL. */
#ifndef JANE_ANE_H
#define JANE_ANE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Goes up when a function changes its parameters or meaning, or is removed. */
#define JANE_ANE_ABI 2

#ifndef JANE_API
#define JANE_API __attribute__((visibility("default")))
#endif

enum jane_ane_status {
    JANE_ANE_OK = 0,
    JANE_ANE_EINVAL = 1,     /* NULL, an unknown code, a wrong size, a handle no longer open, order of calls */
    JANE_ANE_ENOLIB = 2,     /* the framework cannot be opened */
    JANE_ANE_ENOSYM = 3,     /* the framework lacks calls; the text names all of them */
    JANE_ANE_ECOMPILE = 4,   /* the compiler refused the program */
    JANE_ANE_ELOAD = 5,      /* the device did not take the program; may pass */
    JANE_ANE_ESLOTS = 6,     /* no resident slot is free: release a program first */
    JANE_ANE_EPORT = 7,      /* no such port, or its buffer was refused */
    JANE_ANE_ERUN = 8,       /* the program did not run to its end */
    JANE_ANE_EEXCEPTION = 9, /* the framework threw; the text has what it said */
    JANE_ANE_ENOMEM = 10,    /* no memory, or text longer than the room for it */
    JANE_ANE_EIO = 11,       /* a file or folder cannot be read, written or made */
    JANE_ANE_EBUSY = 12      /* another thread is in this program, or programs are alive */
};

enum jane_ane_route { JANE_ANE_E5RT = 0, JANE_ANE_INMEM = 1 };

/* Compute devices of a program. */
#define JANE_ANE_MASK_CPU 1
#define JANE_ANE_MASK_ANE 4

/* Most dimensions of a port. */
#define JANE_ANE_RANK 5

typedef struct jane_ane jane_ane;                 /* an open route */
typedef struct jane_ane_program jane_ane_program; /* a compiled program */

/* JANE_ANE_ABI of the library as built. */
JANE_API int32_t jane_ane_abi(void);

/* "call: status N: what; remedy" of the last function that failed on this thread, "" if none did.
 * Valid until the next call on this thread. */
JANE_API const char *jane_ane_last_error(void);

/* The framework's own status, or code of its NSError, in that failure; 0 if it gave none. */
JANE_API int64_t jane_ane_last_native(void);

/* Opens a route and looks up every call it needs. library: path of the framework's binary, NULL
 * for Apple's own; in-memory: paths with ':' between them, for what is looked up is in several.
 * ENOLIB, also in-memory on a machine that says it has no Neural Engine; ENOSYM. *out:
 * jane_ane_close frees it. */
JANE_API int32_t jane_ane_open(int32_t route, const char *library, jane_ane **out);

/* EBUSY while programs of it are alive. Sets *ane to NULL. */
JANE_API int32_t jane_ane_close(jane_ane **ane);

/* Lines "key=value\n" about the route: route, library, calls found, programs resident, and what
 * the framework tells of the chip (in-memory: chip, engines, cores, system, build). *size: bytes of room at text before, bytes needed with the NUL after. ENOMEM when
 * the room is too small; then text is not written. text may be NULL with *size 0. */
JANE_API int32_t jane_ane_describe(jane_ane *ane, char *text, int64_t *size);

/* Compiles dir/model.mil with the blob files it names beside it, which stay until it is loaded.
 * cache_dir: an existing empty folder for what the compiler writes; the caller deletes it after
 * release. The in-memory route leaves it empty: its framework reads and writes a folder of its own,
 * which the bridge makes and deletes. mask: JANE_ANE_MASK_*, in-memory the Neural Engine alone.
 * ECOMPILE, EIO; in-memory EBUSY while another thread compiles or releases an equal program.
 * *out: jane_ane_release frees it. */
JANE_API int32_t jane_ane_compile(jane_ane *ane, const char *dir, const char *cache_dir,
                                  int32_t mask, jane_ane_program **out);

/* Loads the program onto its device; takes a resident slot until release. Once. ELOAD, ESLOTS. */
JANE_API int32_t jane_ane_load(jane_ane_program *p);

/* Makes the buffer of a port: dims (rank) of elements of element_bytes, dense, row-major, zeroed,
 * starting at a multiple of 64 bytes, its size rounded up to one. Once per port, after load and
 * before the first run. The program owns *data: valid until release. In-memory: rank 4 at most; a
 * run copies between these buffers and the framework's surfaces, by the strides it reports. EPORT. */
JANE_API int32_t jane_ane_port_shape(jane_ane_program *p, const char *name, int32_t is_output,
                                     const int64_t *dims, int32_t rank, int32_t element_bytes,
                                     void **data);

/* From now on the input reads the buffer that the output writes: state that stays on the device.
 * Both have been made, with the same size; before the first run. The input's own buffer is
 * freed; *data, if data is not NULL, is the shared one. In-memory: the device has a surface for
 * each, and the copies of a run go through the shared buffer, which a failed run leaves alone.
 * EPORT. */
JANE_API int32_t jane_ane_alias(jane_ane_program *p, const char *output, const char *input,
                                void **data);

/* Runs once over the buffers as they are now, and returns when the outputs are written. ERUN. */
JANE_API int32_t jane_ane_run(jane_ane_program *p);

/* Takes the program off its device, writes its blob files, as they are now in dir, over those that
 * the framework reads, in place, and loads it without a compile. Whether it runs with the new weights
 * then is the framework's affair: most publications find that it does not. Buffers and what is in
 * them stay. After load; in-memory alone, EINVAL on e5rt and for a file of another size than it had;
 * EBUSY while an equal program is alive, which has the same files: nothing has changed then. After
 * EIO, ELOAD and ESLOTS the program may be off its device, and jane_ane_load puts it there again. */
JANE_API int32_t jane_ane_reload(jane_ane_program *p);

/* Unloads and frees the program with its buffers; *p becomes NULL. The slot is free even if the
 * framework complained, in which case its status is returned. */
JANE_API int32_t jane_ane_release(jane_ane_program **p);

/* Nanoseconds the hardware spent in the last run, -1 where the system does not tell. */
JANE_API int64_t jane_ane_last_hardware_ns(jane_ane_program *p);

/* --- power: what an unprivileged program is told. What a system does not tell is -1 ---------- */

typedef struct jane_ane_power jane_ane_power;

enum jane_ane_power_library { /* where the calls are */
    JANE_ANE_LIBRARY_SYSTEM = 0,
    JANE_ANE_LIBRARY_OBJC = 1,
    JANE_ANE_LIBRARY_FOUNDATION = 2, /* loaded for its class NSProcessInfo */
    JANE_ANE_LIBRARY_CORE = 3,
    JANE_ANE_LIBRARY_IOKIT = 4,
    JANE_ANE_LIBRARY_REPORT = 5,
    JANE_ANE_LIBRARIES = 6
};

enum jane_ane_power_value { /* of jane_ane_power_state, -1 each where it is unknown */
    JANE_ANE_ON_BATTERY = 0, /* 0 mains, 1 battery or UPS */
    JANE_ANE_PERCENT = 1,    /* charge of the battery, 0 to 100 */
    JANE_ANE_LOW_POWER = 2,  /* 1 if the user asked the system to save power */
    JANE_ANE_HEAT = 3,       /* 0 nominal, 1 fair, 2 serious, 3 critical */
    JANE_ANE_POWER_VALUES = 4
};

/* libraries: JANE_ANE_LIBRARIES paths, NULL each for Apple's own. A library or call that is not
 * there leaves unknown what needs it and is no failure. ENOMEM. *out: jane_ane_power_close. */
JANE_API int32_t jane_ane_power_open(const char *const *libraries, jane_ane_power **out);

/* EBUSY while another thread is in it. Sets *power to NULL. */
JANE_API int32_t jane_ane_power_close(jane_ane_power **power);

/* values: room for JANE_ANE_POWER_VALUES. */
JANE_API int32_t jane_ane_power_state(jane_ane_power *power, int32_t *values);

/* *nanojoules: what the machine's Neural Engines took since it started, by the system's own
 * estimate and at its resolution; -1 if that is unknown. Takes about as long as a dispatch or more. */
JANE_API int32_t jane_ane_energy(jane_ane_power *power, int64_t *nanojoules);

/* Quality of service of the calling thread: *before is what it was, 0 for none, -1 if unknown.
 * qos: 0 to leave it, or 9 background, 17 utility, 21 default, 25 user-initiated, 33
 * user-interactive. ENOSYM where there is none, ERUN if the system refuses. */
JANE_API int32_t jane_ane_thread_qos(jane_ane_power *power, int32_t qos, int32_t *before);

#ifdef __cplusplus
}
#endif

#endif
