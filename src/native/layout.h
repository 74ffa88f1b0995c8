/* Layouts: values in and out of the C representation of a shape, and packed.
 *
 * Emitted code works on structs whose members fm_shape describes (shape.h: size, align, offsets);
 * a state is one struct with a member for each variable. What is here works on the same bytes from
 * outside: it boxes (makes fm_values), unboxes, and lists the leaves that are packed. Emitted code
 * packs and unpacks by statements of its own, made from the same list of leaves; tests hold both
 * against each other. */
#ifndef FM_NATIVE_LAYOUT_H
#define FM_NATIVE_LAYOUT_H

#include "native/shape.h"

/* The run's dictionary: numbers for values of shape ANY. Append-only, thread-safe; a value's number
 * never changes; equal values have one number. */
struct fm_dictionary;
struct fm_dictionary *fm_dictionary_new(void);
void fm_dictionary_free(struct fm_dictionary *dictionary);
/* The number of the value, which is copied and frozen into the dictionary when it is new. The
 * context is the calling thread's. May raise as fm_value_freeze does. */
uint32_t fm_dictionary_number(struct fm_dictionary *dictionary, struct fm_value_context *context,
                              fm_value v);
fm_value fm_dictionary_value(const struct fm_dictionary *dictionary, uint32_t number);
/* The digest of the value: kept beside it. */
struct fm_digest fm_dictionary_digest(const struct fm_dictionary *dictionary, uint32_t number);

/* A state's struct: members in order of declaration of the variables. */
struct fm_layout {
    struct fm_shapes *shapes;
    const struct fm_shape *const *variables;
    uint32_t variable_count;
    const uint32_t *offsets; /* bytes */
    uint32_t size, align;    /* bytes of the struct */
    uint32_t bits;           /* packed */
    const struct fm_leaf *leaves;
    uint32_t leaf_count;
};

/* One scalar of the struct: an unsigned number of `bits` bits at `bit` of the packed form is the
 * stored integer minus `bias`. A leaf of no bits is always `bias`, which is not 0; scalars that are
 * always 0 have no leaf. */
struct fm_leaf {
    uint32_t offset; /* bytes, in the state's struct */
    uint8_t width;   /* bytes stored: 1, 2, 4, 8 */
    bool is_signed;
    uint8_t bits; /* at most 64 */
    uint32_t bit; /* place in the packed form; leaves never straddle a 64-bit word */
    int64_t bias;
};

/* In the arena of the shapes; the array is copied. */
struct fm_layout *fm_layout_new(struct fm_shapes *shapes, const struct fm_shape *const *variables,
                                uint32_t count);

/* The bytes stand as inside another. Box allocates in the context's arena. */
fm_value fm_layout_box(struct fm_value_context *context, const struct fm_dictionary *dictionary,
                       const struct fm_shape *shape, const void *bytes);
/* false when the value is not of the shape; `bytes` is then undefined. Clears padding and tails.
 * bytes NULL: only tests, and `dictionary` may be NULL. May raise where comparing values does. */
bool fm_layout_unbox(struct fm_value_context *context, struct fm_dictionary *dictionary,
                     const struct fm_shape *shape, fm_value v, void *bytes);
/* fm_layout.bits rounded up to bytes: size of `packed`. */
uint32_t fm_layout_packed_size(const struct fm_layout *layout);
void fm_layout_pack(const struct fm_layout *layout, const void *state, uint8_t *packed);
void fm_layout_unpack(const struct fm_layout *layout, const uint8_t *packed, void *state);

#endif
