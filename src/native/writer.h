/* Writing all functions of the emitted C: what emit_unit.c and emit_actions.c share. Internal to
 * the emitter's files. */
#ifndef FM_NATIVE_WRITER_H
#define FM_NATIVE_WRITER_H

#include "native/emit_unit.h"

struct fm_emit_function {
    const char *name;
    const char *declaration; /* without the semicolon */
    const char *text;
    size_t size;
    bool needs_no_context; /* it takes no `c`, and so always returns */
};

/* What an action is in the emitted code: a function, and which of its instances. */
struct fm_emit_member {
    uint32_t function; /* of writer->functions; FM_EMIT_NOWHERE: the interpreter does it */
    uint32_t instance; /* FM_EMIT_NOWHERE: the function has one only */
};
#define FM_EMIT_NOWHERE UINT32_MAX
#define FM_EMIT_HOLDS (UINT32_MAX - 1) /* in place of a formula's function: it is TRUE */

/* A formula that is emitted because somebody will ask for it by its number. */
struct fm_emit_named {
    uint32_t function;     /* or FM_EMIT_NOWHERE, FM_EMIT_HOLDS */
    bool is_pair, is_bool; /* over s and t; the function returns a bool, not a boxed value */
};

struct fm_emit_writer {
    struct fm_emit_unit *unit;
    struct fm_emit *emit;
    struct fm_emit_member *actions;
    uint32_t *invariants, *implied_actions, *constraints,
        *action_constraints; /* of functions, or FM_EMIT_NOWHERE, FM_EMIT_HOLDS */
    uint32_t view, initial;
    struct fm_emit_named *named;
    FM_VEC(struct fm_emit_function) functions; /* emitted ones, in order */
    size_t size;                               /* of them, below a limit */
    size_t function_max;
};

/* --- emit_unit.c --- */
void fm_emit_function_begin(struct fm_emit_writer *writer);
/* What the body holds, as a function. */
struct fm_emit_function fm_emit_function_end(struct fm_emit_writer *writer, const char *name,
                                             const char *declaration);
/* Makes it one of the functions; its index. */
uint32_t fm_emit_function_add(struct fm_emit_writer *writer, struct fm_emit_function function);
/* What became of the thing of that kind and name. */
void fm_emit_note_add(struct fm_emit *emit, const char *what, const char *name, struct fm_span span,
                      uint32_t first_site, bool emitted);
const char *fm_emit_note_name(const struct fm_symbol *name);
/* A function for a formula that is to hold: of functions, or FM_EMIT_NOWHERE, FM_EMIT_HOLDS. */
uint32_t fm_emit_formula(struct fm_emit_writer *writer, const char *what,
                         const struct fm_formula *formula, bool is_pair);
/* The next state's variables as terms, for emit->target. */
const struct fm_term *fm_emit_next_state(struct fm_emit *emit);

/* --- emit_named.c --- */
void fm_emit_all_named(struct fm_emit_writer *writer, const struct fm_formula *const *formulas,
                       uint32_t count);
/* Functions decide and evaluate, into the body; of that many named formulas. */
void fm_emit_deciding(struct fm_emit_writer *writer, uint32_t named_count);

/* A call of the formula, or of the interpreter in its place. */
const char *fm_emit_formula_call(const struct fm_emit_writer *writer, uint32_t function,
                                 const char *kind, uint32_t index, const char *arguments,
                                 const char *both);

/* --- emit_initial.c --- */
/* The function for the initial predicate: writer->initial. */
void fm_emit_initial(struct fm_emit_writer *writer);
/* What it gives its states to, into the body. */
void fm_emit_initial_delivery(struct fm_emit_writer *writer);

/* --- emit_action.c --- */
/* Whether both are instances of one formula, which differ in constant values only. */
bool fm_emit_actions_are_alike(struct fm_emit *emit, uint32_t a, uint32_t b);
/* Writes a function for one action, or for several that are alike, into the body. Its head is
 * `ACTION void NAME(struct fm_nrt *c, const struct parent *p)`, and `uint32_t instance` besides:
 * the index in `actions`. */
void fm_emit_action(struct fm_emit *emit, const uint32_t *actions, uint32_t count,
                    const char *name);
const char *fm_emit_action_head(struct fm_emit *emit, const char *name, uint32_t count);

/* --- emit_actions.c --- */
void fm_emit_all_actions(struct fm_emit_writer *writer);
/* Whether `successors` calls each function for actions in one place. */
bool fm_emit_calls_each_once(const struct fm_emit_writer *writer);
/* Functions successors and apply, into the body. */
void fm_emit_all_successors(struct fm_emit_writer *writer);

#endif
