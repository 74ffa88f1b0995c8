/* Library operators in emitted code: what its files share. Internal to src/native. */
#ifndef FM_NATIVE_EMIT_NATIVE_H
#define FM_NATIVE_EMIT_NATIVE_H

#include "native/emit_data.h"

/* A call of a library operator. */
struct fm_emit_call {
    const struct fm_node *node;
    struct fm_emit_frame *frame;
    const struct fm_shape *want;
};
typedef struct fm_term fm_emit_call_fn(struct fm_emit *emit, const struct fm_emit_call *call);
struct fm_emit_operator_row {
    const char *module; /* NULL: any of Naturals, Integers, Reals */
    const char *name;
    uint32_t arity;
    fm_emit_call_fn *call;
};
/* The tables of the other files, each ended by a row without name. */
const struct fm_emit_operator_row *fm_emit_sequence_rows(void); /* emit_sequence.c */
const struct fm_emit_operator_row *fm_emit_fold_rows(void);     /* emit_fold.c */
const struct fm_emit_operator_row *fm_emit_bag_rows(void);      /* emit_bag.c */
const struct fm_emit_operator_row *fm_emit_number_rows(void);   /* emit_number.c */

/* The least PFUN that holds the functions of all terms, and one more argument if a key is given;
 * NULL when that is too large, or there is none but the empty function. */
const struct fm_shape *fm_emit_partial_shape(struct fm_emit *emit, const struct fm_node *node,
                                             const struct fm_term *functions, uint32_t count,
                                             const struct fm_term *key);
/* Argument number i as a term, of any shape. */
struct fm_term fm_emit_argument(struct fm_emit *emit, const struct fm_emit_call *call, uint32_t i,
                                const struct fm_shape *want);
/* The same as C of an integer (shape INT); refuses what is none. */
struct fm_term fm_emit_integer(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_term term);
/* All small integers: what sums are computed in. */
const struct fm_shape *fm_emit_integers(struct fm_emit *emit);
/* The arithmetic operator of that name upon two integers; false when it is none. */
bool fm_emit_arithmetic(struct fm_emit *emit, const struct fm_node *node, const char *name,
                        const struct fm_term *operands, struct fm_term *result);
/* Applies an operator argument (OPERATOR or OPERATOR_LOCAL node) to terms. */
struct fm_term fm_emit_apply_operator(struct fm_emit *emit, const struct fm_emit_call *call,
                                      uint32_t argument, const struct fm_term *operands,
                                      const struct fm_shape *want);

#endif
