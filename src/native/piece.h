/* Emitting expressions: text set apart, thunks, and what an expression needs. Internal to the
 * emitter's files.
 *
 * The text of a function grows at its end, but not everything is known in order: the type of an IF
 * only after both arms, and that a LET definition must be kept over a loop only when the loop uses
 * it. So a piece of text can be cut out and put back later, and a line can be inserted where a hole
 * was noted. */
#ifndef FM_NATIVE_PIECE_H
#define FM_NATIVE_PIECE_H

#include "native/emit.h"

/* A place in the body to which somebody will return: it moves when text is inserted before it. */
struct fm_emit_point {
    struct fm_emit_point *outer;
    struct fm_emit_helper *helper;
    size_t length; /* of the body then */
};
/* Innermost until its maker resets emit->points to the outer one. */
void fm_emit_point_set(struct fm_emit *emit, struct fm_emit_point *point);

/* A place for declarations, at the beginning of a line. */
struct fm_emit_hole {
    struct fm_emit_helper *helper;
    size_t at;
    uint32_t indent;
    uint32_t block;
    bool primed;
};
struct fm_emit_hole *fm_emit_hole_here(struct fm_emit *emit);
bool fm_emit_hole_is_open(const struct fm_emit *emit, const struct fm_emit_hole *hole);
/* One line there. */
void fm_emit_hole_add(struct fm_emit *emit, struct fm_emit_hole *hole, const char *line);
/* Whether the present block stands in a loop that was opened within that block. emit.c */
bool fm_emit_in_loop_since(const struct fm_emit *emit, uint32_t block);

/* Statements of a block that is not yet written: cut out of the body. */
struct fm_emit_piece {
    struct fm_emit_point point;
    uint32_t blocks, indent, block;
    const char *text; /* "" when nothing was emitted */
};
void fm_emit_piece_begin(struct fm_emit *emit, struct fm_emit_piece *piece);
void fm_emit_piece_end(struct fm_emit *emit, struct fm_emit_piece *piece);
static inline bool fm_emit_piece_is_empty(const struct fm_emit_piece *piece)
{
    return piece->text[0] == '\0';
}
/* "head {", and the text; what follows is added to the same block until the leave. */
void fm_emit_piece_enter(struct fm_emit *emit, const struct fm_emit_piece *piece);
void fm_emit_piece_leave(struct fm_emit *emit, const struct fm_emit_piece *piece);

/* A conjunction or disjunction whose operands come one by one and stop where it is decided. */
struct fm_emit_chain {
    bool is_or;
    bool decided; /* a known operand decides it: the rest is not looked at */
    bool started;
    const char *var;  /* C variable with the result of what was written as statements, or NULL */
    const char *expr; /* what is to be combined with it, or NULL */
    struct fm_emit_piece piece;
};
void fm_emit_chain_init(struct fm_emit_chain *chain, bool is_or);
/* Around the emission of an operand; not to be called once it is decided. */
void fm_emit_chain_open(struct fm_emit *emit, struct fm_emit_chain *chain);
void fm_emit_chain_close(struct fm_emit *emit, struct fm_emit_chain *chain, struct fm_term operand);
struct fm_term fm_emit_chain_end(struct fm_emit *emit, struct fm_emit_chain *chain);

/* --- Booleans as terms --- */
struct fm_term fm_emit_truth(struct fm_emit *emit, bool value);
struct fm_term fm_emit_test(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* 0, 1, or -1 when it is not known. */
int fm_emit_is_known_bool(struct fm_term term);
struct fm_term fm_emit_not(struct fm_emit *emit, struct fm_term term);
/* A Boolean operand as a term: known, or C of type bool. */
struct fm_term fm_emit_bool_term(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame);
/* C of a word or struct that is cheap to repeat: declares a variable where it is not. */
struct fm_term fm_emit_bind(struct fm_emit *emit, struct fm_term term, const char *hint);

/* --- emit_member.c: x \in S --- */
struct fm_term fm_emit_member_of(struct fm_emit *emit, struct fm_term element,
                                 const struct fm_node *set, struct fm_emit_frame *frame);
struct fm_term fm_emit_member_known(struct fm_emit *emit, struct fm_term element, fm_value set);
/* x \in S where S is a term. */
struct fm_term fm_emit_member_value(struct fm_emit *emit, struct fm_term element,
                                    struct fm_term set);
struct fm_term fm_emit_subset(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame);
/* Whether the elements of `part` are in the set. */
struct fm_term fm_emit_within(struct fm_emit *emit, struct fm_term part, const struct fm_node *set,
                              struct fm_emit_frame *frame);

/* --- emit_sieve.c --- */
struct fm_emit_sieve {
    const struct fm_shape *set;  /* in: a SET of fewer than 65 elements, or of words */
    struct fm_emit_frame *frame; /* of the body */
    uint32_t slot;               /* of the element */
    uint64_t *mask;              /* out: the elements that are left */
    uint32_t part;               /* where these are all of one part of a SUM: that, or UINT32_MAX */
    bool all; /* the formula holds for each of them, and is nothing to evaluate */
};
/* Takes off the elements for which the formula is known not to hold (not wanted: to hold), and
 * assumes what is known of the others: emit->assumed, to be shortened where the loop ends. C of the
 * mask, a word or the name of an array of them; NULL when nothing is taken off. */
const char *fm_emit_sieve(struct fm_emit *emit, const struct fm_node *body, bool wanted,
                          struct fm_emit_sieve *sieve);
/* The element as one of that part. */
struct fm_term fm_emit_sieved_element(struct fm_emit *emit, struct fm_term element, uint32_t part);
bool fm_emit_is_assumed(const struct fm_emit *emit, const struct fm_node *node,
                        const struct fm_emit_frame *frame);

/* --- emit_recursive.c --- */
/* Declares `uint64_t counter` and counts the ways in which a formula that assigns nothing holds. */
typedef void fm_emit_count_fn(struct fm_emit *emit, const struct fm_node *formula,
                              struct fm_emit_frame *frame, const char *counter);
/* A call of an operator declared RECURSIVE, in whose frame the arguments stand: its value, or in
 * how many ways it holds when `ways` is given. */
struct fm_term fm_emit_recursive_call(struct fm_emit *emit, const struct fm_node *node,
                                      struct fm_emit_frame *callee, fm_emit_count_fn *ways,
                                      const struct fm_shape *want);
/* f[x] where f is a recursive function; false when it is none. */
bool fm_emit_recursive_application(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, fm_emit_count_fn *ways,
                                   const struct fm_shape *want, struct fm_term *result);
/* The recursive function that an expression names, and its frame; NULL when it is none. */
const struct fm_node *fm_emit_recursive_function(struct fm_emit *emit, const struct fm_node *node,
                                                 struct fm_emit_frame **frame);

/* --- emit_needs.c --- */
struct fm_emit_capture {
    int64_t level; /* static nesting of the frame: fm_emit_level */
    uint32_t slot;
    bool is_operator;
};
/* What must be given to evaluate a node: closed over the definitions it calls. */
struct fm_emit_needs {
    const struct fm_emit_capture *captures; /* slots around it */
    uint32_t capture_count;
    const uint32_t *variables, *primed; /* rising */
    uint32_t variable_count, primed_count;
    bool shifts;        /* looks at something through a prime, ENABLED and the like */
    const char *barred; /* why nobody may evaluate it on its own, or NULL */
};
const struct fm_emit_needs *fm_emit_needs_of(struct fm_emit *emit, const struct fm_node *node,
                                             const struct fm_emit_frame *frame);
int64_t fm_emit_level(const struct fm_emit_frame *frame);
/* The frame of that level; NULL when there is none. */
struct fm_emit_frame *fm_emit_climb(struct fm_emit_frame *frame, int64_t level);

/* --- emit_thunk.c --- */
#define FM_EMIT_READS_STATE 1u
#define FM_EMIT_READS_PRIMED 2u
/* What evaluating the slot reads, through whatever it refers to. */
uint32_t fm_emit_slot_reads(struct fm_emit *emit, struct fm_emit_slot *slot);
/* The known value of a slot, or NONE. */
fm_value fm_emit_slot_value(struct fm_emit *emit, struct fm_emit_slot *slot);
struct fm_term fm_emit_slot_term(struct fm_emit *emit, struct fm_emit_slot *slot,
                                 const struct fm_node *at);
/* Behind labels, arguments and definitions without parameters: the node that says something, and
 * its frame. */
const struct fm_node *fm_emit_peel(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame **frame);

#endif
