/* The whole of the emitted C: one program made into translation units of one shared object.
 *
 * Each text is complete but for the runtime's headers (#include "fathom_native.h"). The first
 * exports `fathom_native_code` (struct fm_nrt_code); all of them are to be linked together. */
#ifndef FM_NATIVE_EMIT_UNIT_H
#define FM_NATIVE_EMIT_UNIT_H

#include "model/model.h"
#include "native/emit.h"

/* Translation units at most. */
#define FM_EMIT_TEXTS_MAX 8u

struct fm_emit_options {
    const struct fm_model *model; /* the interpreter's: actions, formulas */
    struct fm_engine *engine;     /* of it: evaluates constant expressions */
    struct fm_value_context *context;
    struct fm_shapes *shapes;
    const struct fm_layout *layout;
    uint32_t text_max;   /* translation units at most: as many as compile at once */
    size_t function_max; /* bytes of the C of one action or formula; 0: 256 KiB */
    const struct fm_formula *const *named; /* formulas emitted besides: c->evaluate knows them by
                                              their numbers here */
    uint32_t named_count;
    const atomic_bool *cancel; /* once set the rest is refused, in no time; or NULL */
    /* Dry run: no text; each variable's entry becomes its join with what is stored. Or NULL. */
    const struct fm_shape **stores;
};

/* Order of the notes: actions, invariants, implied actions, constraints, action constraints, the
 * view, the initial predicate, named formulas. */
struct fm_emit_unit {
    const char *texts[FM_EMIT_TEXTS_MAX];
    uint32_t text_count;
    const fm_value *constants; /* c->constants[i]: frozen, of the context's arena */
    uint32_t constant_count;
    const struct fm_emit_site *sites;
    uint32_t site_count;
    const struct fm_emit_note *notes;
    uint32_t note_count;
    uint32_t emitted_actions; /* how many are not left to the interpreter */
    struct fm_emit emit;      /* owner of all this */
};

/* The unit is freed by fm_emit_unit_free, whatever happened. */
void fm_emit_unit(const struct fm_emit_options *options, struct fm_emit_unit *unit);
void fm_emit_unit_free(struct fm_emit_unit *unit);

#endif
