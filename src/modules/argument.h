/* What natives share: taking arguments apart, and saying precisely what is wrong with them.
 *
 * Each fm_argument_ function returns the argument in the form asked for or raises FM4201, naming
 * the operator, which argument, what was expected and the value found. `position` counts from 1; a
 * position of 0 stands for the only argument. Nothing here allocates outside the context's arena.
 */
#ifndef FM_MODULES_ARGUMENT_H
#define FM_MODULES_ARGUMENT_H

#include "modules/native.h"
#include "value/object.h"
#include "value/raise.h"

#include <stdbool.h>
#include <stdint.h>

/* Where an argument stands, for messages. */
struct fm_argument {
    const char *operator_name;
    uint32_t position;
};

static inline struct fm_argument fm_argument_of(const char *operator_name, uint32_t position)
{
    return (struct fm_argument){operator_name, position};
}

/* Raises a formatted error; does not return. */
_Noreturn void fm_native_fail(struct fm_native_context *context, uint32_t code, const char *format,
                              ...) __attribute__((format(printf, 3, 4)));
/* "the second argument of SubSeq must be `expected`, found 7"; does not return. */
_Noreturn void fm_argument_fail(struct fm_native_context *context, struct fm_argument place,
                                const char *expected, fm_value found);
/* The same with FM4202: right kind, wrong value. */
_Noreturn void fm_argument_range(struct fm_native_context *context, struct fm_argument place,
                                 const char *expected, fm_value found);
/* The value as printed, cut to a length that fits a message; in the arena. */
static inline const char *fm_native_show(struct fm_native_context *context, fm_value v)
{
    return fm_value_describe(context->values, v);
}

/* --- arguments --- */

struct fm_sequence {
    const fm_value *at; /* valid as long as the value */
    uint32_t count;
};

struct fm_sequence fm_argument_sequence(struct fm_native_context *context, struct fm_argument place,
                                        fm_value v);
/* The normalized elements of a finite enumerable set. */
struct fm_sequence fm_argument_elements(struct fm_native_context *context, struct fm_argument place,
                                        fm_value v);
fm_value fm_argument_int(struct fm_native_context *context, struct fm_argument place, fm_value v);
int64_t fm_argument_int64(struct fm_native_context *context, struct fm_argument place, fm_value v);
/* A natural number, at most INT64_MAX. */
int64_t fm_argument_nat(struct fm_native_context *context, struct fm_argument place, fm_value v);
bool fm_argument_bool(struct fm_native_context *context, struct fm_argument place, fm_value v);
const struct fm_symbol *fm_argument_string(struct fm_native_context *context,
                                           struct fm_argument place, fm_value v);
void fm_argument_set(struct fm_native_context *context, struct fm_argument place, fm_value v);
void fm_argument_operator(struct fm_native_context *context, struct fm_argument place, fm_value v);

/* A function with finite domain, explicit: domain elements in normalized order, values beside them.
 */
struct fm_pairs {
    fm_value function; /* TUPLE, RECORD or FCN */
    fm_value domain;
    const fm_value *keys;
    const fm_value *values;
    uint32_t count;
};

/* Whether v is a function that can be made explicit; fills *out if so. */
bool fm_pairs_of(struct fm_native_context *context, fm_value v, struct fm_pairs *out);
struct fm_pairs fm_argument_function(struct fm_native_context *context, struct fm_argument place,
                                     fm_value v);
/* f[key]; NONE outside of the domain, whatever the key. */
fm_value fm_native_lookup(struct fm_native_context *context, fm_value function, fm_value key);
/* The field of a record (any function with string domain); NONE when absent. */
fm_value fm_record_lookup(struct fm_native_context *context, fm_value record, const char *name);
/* [names[0] |-> values[0], ...] */
fm_value fm_native_record(struct fm_native_context *context, const char *const *names,
                          const fm_value *values, uint32_t count);
/* Raises unless v is a record-like function; FM4201 otherwise. */
void fm_argument_record(struct fm_native_context *context, struct fm_argument place, fm_value v);

/* --- applying operators --- */

static inline fm_value fm_apply_one(struct fm_native_context *context, fm_value op, fm_value a)
{
    return context->apply_operator(context, op, &a, 1);
}

static inline fm_value fm_apply_two(struct fm_native_context *context, fm_value op, fm_value a,
                                    fm_value b)
{
    const fm_value both[2] = {a, b};
    return context->apply_operator(context, op, both, 2);
}

/* Raises FM4203 unless the operator, the argument at `place`, returned a Boolean. */
bool fm_apply_test(struct fm_native_context *context, struct fm_argument place, fm_value op,
                   fm_value a);
bool fm_test_result(struct fm_native_context *context, struct fm_argument place, fm_value result);

/* Walks a set in the order of TLC's folds: explicit sets, unions and intersections normalized
 * (without repetitions), other lazy sets in their own order. */
void fm_fold_begin(struct fm_native_context *context, struct fm_set_cursor *cursor, fm_value set);

/* --- texts under construction --- */

/* A text at the end of the context's scratch text: texts nest, and what an error leaves behind
 * there is freed with the context. */
struct fm_native_text {
    struct fm_text *out; /* add to it */
    size_t start;        /* where this text begins in it */
};

static inline struct fm_native_text fm_native_text_begin(struct fm_native_context *context)
{
    return (struct fm_native_text){&context->scratch, context->scratch.length};
}

/* The text in the arena, *length (may be NULL) without its NUL; ends the construction. */
const char *fm_native_text_take(struct fm_native_context *context, struct fm_native_text *text,
                                size_t *length);
/* The same as a string value. */
fm_value fm_native_text_string(struct fm_native_context *context, struct fm_native_text *text);
/* The value as TLA+ writes it, in the arena. */
const char *fm_native_printed(struct fm_native_context *context, fm_value v);

/* --- growing lists of values --- */

/* A list under construction in the context's arena; zero-initialized is empty. */
struct fm_value_list {
    fm_value *at;
    uint32_t count;
    uint32_t capacity;
};

void fm_value_list_push(struct fm_native_context *context, struct fm_value_list *list, fm_value v);
/* count uninitialized values in the arena. */
fm_value *fm_native_values(struct fm_native_context *context, uint32_t count);

/* --- shared by several families --- */

/* All permutations of a finite set, as functions on it or as sequences; a normal set. */
fm_value fm_permutations(struct fm_native_context *context, struct fm_argument place, fm_value set,
                         bool as_sequences);
/* s in the order of `op`, by TLC's insertion sort; the operator stands at `place`. */
fm_value fm_sort_sequence(struct fm_native_context *context, struct fm_argument place,
                          struct fm_sequence s, fm_value op);
/* op(f[x], accumulator) over the domain of f; arguments: op, base, f. */
fm_value fm_fold_function(struct fm_native_context *context, const char *operator_name,
                          const fm_value *arguments);
/* An element of a finite set, each with the same probability. */
fm_value fm_random_element(struct fm_native_context *context, struct fm_argument place,
                           fm_value set);

/* --- sets of values by equality --- */

/* Numbers values from 0 in order of first insertion, by digest and equality. */
struct fm_value_index {
    struct fm_value_list values;
    uint32_t *slots; /* index + 1; 0 is empty */
    uint32_t slot_count;
};

#define FM_VALUE_INDEX_NONE UINT32_MAX

/* The number of v, new when it was not there (then *added is true; added may be NULL). */
uint32_t fm_value_index_add(struct fm_native_context *context, struct fm_value_index *index,
                            fm_value v, bool *added);
/* Its number or FM_VALUE_INDEX_NONE. */
uint32_t fm_value_index_find(struct fm_native_context *context, const struct fm_value_index *index,
                             fm_value v);

/* --- tables of the module families, joined by native.c --- */

struct fm_native_rows {
    const struct fm_native *at;
    uint32_t count;
};

#define FM_NATIVE_ROWS(table)                                                                      \
    ((struct fm_native_rows){(table), (uint32_t)(sizeof(table) / sizeof((table)[0]))})

struct fm_native_rows fm_natives_bags(void);
struct fm_native_rows fm_natives_bagsext(void);
struct fm_native_rows fm_natives_bitwise(void);
struct fm_native_rows fm_natives_csv(void);
struct fm_native_rows fm_natives_finitesets(void);
struct fm_native_rows fm_natives_finitesetsext(void);
struct fm_native_rows fm_natives_functions(void);
struct fm_native_rows fm_natives_graphics(void);
struct fm_native_rows fm_natives_graphs(void);
struct fm_native_rows fm_natives_ioutils(void);
struct fm_native_rows fm_natives_json(void);
struct fm_native_rows fm_natives_naturals(void);
struct fm_native_rows fm_natives_randomization(void);
struct fm_native_rows fm_natives_sequences(void);
struct fm_native_rows fm_natives_sequencesext(void);
struct fm_native_rows fm_natives_statistics(void);
struct fm_native_rows fm_natives_tlc(void);
struct fm_native_rows fm_natives_tlcext(void);
struct fm_native_rows fm_natives_vectorclocks(void);

#endif
