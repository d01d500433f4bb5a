/* What the files of the in-memory route share. Functions that return a status run inside a guard
 * and a pool, but for those that say so. */
#ifndef JANE_ANE_INMEM_H
#define JANE_ANE_INMEM_H

#include "objc.h"

/* How a surface keeps a tensor: batches, channels, rows, columns; bytes from one batch, plane and
 * row to the next. strides[0] is 0 where the framework tells none. */
struct inmem_layout {
    char *name;
    int64_t sizes[4], strides[3];
};

/* The inputs or the outputs, in the order that the framework reports; count 0: it reports none. */
struct inmem_side {
    int32_t count;
    struct inmem_layout *layouts;
};

/* The framework's side of a port. */
struct inmem_surface {
    void *ref; /* from the first run on */
    int32_t order;
    int64_t sizes[4], strides[3], bytes;
};

struct inmem_folder; /* that the framework reads a program's files from */

struct inmem_program {
    char *dir; /* the caller's */
    struct inmem_folder *folder;
    int32_t gives_folder; /* inmem_give_folder has begun */
    void *model, *request;
    struct inmem_side sides[2]; /* of outputs: sides[1] */
    int32_t resident;
};

extern int32_t inmem_residents; /* models loaded in this process */

/* Of struct ane_route. No guard around close. */
int32_t inmem_open(jane_ane *ane, const char *library);
void inmem_close(jane_ane *ane);
int32_t inmem_describe(jane_ane *ane, char *text, int64_t room, int64_t *length);

/* The NSData of dir/name. EIO. */
int32_t inmem_read(struct objc *o, const char *dir, const char *name, void **data);

/* The dictionary of the blobs that a text names, read from beside it. EIO, EINVAL. */
int32_t inmem_weights(struct objc *o, const char *dir, void *text, void **dictionary);

/* Makes the folder of a program with this identifier, with its files, or shares that of an equal
 * program. EIO, EBUSY. */
int32_t inmem_take_folder(struct objc *o, struct inmem_program *made, const char *identifier);

/* Puts files into the folder that are no longer there. EIO. */
int32_t inmem_fill_folder(struct objc *o, struct inmem_program *made);

/* The folder is this program's alone from now on, and its blob files are those of the caller's folder
 * in size. EBUSY, EINVAL, EIO. */
int32_t inmem_own_folder(struct objc *o, struct inmem_program *made);

/* Overwrites its blob files in place with those of the caller's folder. EIO. */
int32_t inmem_overwrite(struct objc *o, struct inmem_program *made);

/* Deletes it, if no equal program is alive. EIO. */
int32_t inmem_give_folder(struct objc *o, struct inmem_program *made);

/* Order and layouts of the ports, as far as a loaded model tells. ENOMEM. */
int32_t inmem_read_report(struct objc *o, struct inmem_program *made);

/* Frees it. No guard. */
void inmem_free_report(struct inmem_program *made);

/* Finds a port among those reported, and its layout, into port->port. EPORT, ENOMEM. */
int32_t inmem_lay_out(struct inmem_program *made, struct ane_port *port);

/* Makes the surfaces of all ports, and the request over them. ERUN, ENOMEM. */
int32_t inmem_make_request(struct objc *o, jane_ane_program *p);

/* Releases what the surface has of the framework, if anything. */
void inmem_drop_surface(struct objc *o, struct inmem_surface *s);

/* From the dense buffer into the surface, or back. ERUN. */
int32_t inmem_copy(struct objc *o, const struct ane_port *port, int32_t to_surface);

#endif
