/* Shapes as bytes that outlive the run. Internal to src/native.
 *
 * Symbols are written as their spelling, so another process can read them; the entries they lie in
 * are found by a key over everything they follow from (recall.c). */
#ifndef FM_NATIVE_SHAPE_STORE_H
#define FM_NATIVE_SHAPE_STORE_H

#include "base/text.h"
#include "native/shape.h"

/* Adds the shape; false where it holds a value that is not kept (lazy sets, functions over them):
 * what was added is then to be thrown away. */
bool fm_shape_write(struct fm_value_context *context, const struct fm_shape *shape,
                    struct fm_text *out);

struct fm_shape_reader {
    const char *at, *end;
    bool failed;
};
/* The next shape, made in the table; NULL, and `failed`, where the bytes are none. May raise as
 * making does, and where a symbol has no place in TLC's order yet. */
const struct fm_shape *fm_shape_read(struct fm_shapes *shapes, struct fm_shape_reader *reader);

#endif
