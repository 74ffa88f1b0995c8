/* Operators of standard and community modules implemented in C.
 *
 * The TLA+ text under modules/ declares every operator; a row here says that C evaluates it. Rows
 * are found by (module, name, arity) when a definition is resolved; a user's own module of the same
 * name that is found first in the search path has no natives unless it is a copy the table may
 * serve: the row applies only to the built-in text or a module of that name with the same operator
 * and arity.
 *
 * Most natives take evaluated arguments (strict). Those that control evaluation (TLCEval, Assert's
 * message, TLCDefer, AssertError, IF-like folds over operators) are evaluated by the evaluator
 * itself: it keys on `special`. */
#ifndef FM_MODULES_NATIVE_H
#define FM_MODULES_NATIVE_H

#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

/* Keys of TLCGet: a natural number or a string "s:..." is a register of this worker. "diameter",
 * "generated", "distinct", "queue", "duration" (s) and "level" are integers. "stats" is a record of
 * them; "config" one of mode ("bfs", "simulate", "generate"), depth, deadlock, seed, fingerprint,
 * worker, traces, install, sched; "revision" of count, timestamp, date, tag, calver; "spec" of the
 * sets inits, actions, temporals, invariants, impliedinits, impliedactions, impliedtemporals,
 * variables, actionconstraints, constraints; "action" of name, location, context. "all" and
 * "all:named" are functions from the registers in use to the sequence of their values by worker;
 * "-Dkey" is a property given on the command line, or the key itself, as a string. Keys of TLCSet:
 * registers, "exit", "pause", "-Dkey". */

/* What a native needs besides values: applying operators, the run's registers, the door to files.
 */
struct fm_native_context {
    struct fm_value_context *values;
    void *owner;
    /* Applies an OPERATOR value to arguments. */
    fm_value (*apply_operator)(struct fm_native_context *context, fm_value op,
                               const fm_value *arguments, uint32_t count);
    /* Prints one line of the specification's own output (Print, PrintT). */
    void (*print)(struct fm_native_context *context, const char *text);
    /* TLCGet: what is stored or known under the key, NONE when nothing is. Keys: above. */
    fm_value (*tlc_get)(struct fm_native_context *context, fm_value key);
    /* TLCSet: stores; for "exit" (when the value is TRUE) ends the run. */
    void (*tlc_set)(struct fm_native_context *context, fm_value key, fm_value value);
    struct fm_random *random; /* of this worker */
    /* Texts that natives are putting together; freed (fm_text_deinit) by whoever made the context.
     * It stands here so that an error raised in the middle loses no memory. */
    struct fm_text scratch;
    bool allow_exec; /* --allow-exec */
    /* Paths of IO operators that are relative start at the working directory, as TLC's do. */
    const char *spec_directory;
};

/* ORDER(special): evaluated by src/eval, not by a C function of this table. */
enum fm_special {
    FM_SPECIAL_NONE,
    FM_SPECIAL_TLC_EVAL,
    FM_SPECIAL_ASSERT,
    FM_SPECIAL_ASSERT_ERROR,
    FM_SPECIAL_TLC_DEFER,
    FM_SPECIAL_TLC_CACHE,
    FM_SPECIAL_TRACE, /* TLCExt!Trace, CounterExample */
    FM_SPECIAL_COUNTER_EXAMPLE,
    FM_SPECIAL_PICK_SUCCESSOR,
    FM_SPECIAL_TLC_FP,
    FM_SPECIAL_EVAL_DEFINITION,
    FM_SPECIAL_AND, /* operators of Naturals etc. the evaluator has fast paths for */
    FM_SPECIAL_PLUS,
    FM_SPECIAL_MINUS,
    FM_SPECIAL_TIMES,
    FM_SPECIAL_LESS,
    FM_SPECIAL_LESS_EQUAL,
    FM_SPECIAL_GREATER,
    FM_SPECIAL_GREATER_EQUAL,
    FM_SPECIAL_INTERVAL,
    FM_SPECIAL_NEGATE,
    FM_SPECIAL_LEN,
    FM_SPECIAL_APPEND,
    FM_SPECIAL_HEAD,
    FM_SPECIAL_TAIL,
    FM_SPECIAL_CONCAT,
    FM_SPECIAL_CARDINALITY
};

/* ORDER(purity): why a step that uses the operator cannot be taken for a function of its state. */
#define FM_IMPURE_RANDOM 1u
#define FM_IMPURE_CLOCK 2u
#define FM_IMPURE_REGISTERS 4u /* TLCGet of anything that changes, TLCSet */
#define FM_IMPURE_IO 8u        /* prints, files, programs */
#define FM_IMPURE_TRACE 16u    /* reads the path that led here */

typedef fm_value fm_native_fn(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count);

struct fm_native {
    const char *module;
    const char *name; /* canonical operator spelling: "+", "\\o", "Append" */
    uint32_t arity;
    fm_native_fn
        *call; /* strict: evaluated arguments. Set even for specials that have a strict meaning */
    enum fm_special special;
    uint32_t impure; /* FM_IMPURE_ bits */
    /* Least level at which an application is evaluated: what is above CONSTANT is never computed in
     * advance. */
    enum { FM_NATIVE_CONSTANT, FM_NATIVE_STATE, FM_NATIVE_ACTION } level;
};

/* The row, or NULL. */
const struct fm_native *fm_native_find(const char *module, const char *name, uint32_t arity);
/* The FM_IMPURE_ bits of an application whose first argument is the literal string `key`, or with
 * key NULL of any: TLCGet("level") is a function of the state, TLCGet("queue") is not. */
uint32_t fm_native_impurity(const struct fm_native *row, const char *key);
/* Whether TLC has no override of the operator: as a conjunct of an action its text holds in as many
 * ways as it has. Its values are computed in C all the same. */
bool fm_native_is_solved_by_text(const struct fm_native *row);
/* Whether TLC's own code for the operator looks at its arguments and names what is wrong with them:
 * such errors end with another exit status than those of evaluation. False of operators that are
 * text there and of those whose arguments Java converts. */
bool fm_native_judges_arguments(const struct fm_native *row);
/* All rows, for lists and tests; index < fm_native_count. */
uint32_t fm_native_count(void);
const struct fm_native *fm_native_at(uint32_t index);

#endif
