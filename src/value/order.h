/* Order, equality, fingerprints and the flat encoding of values.
 *
 * compare follows TLC (docs/values.md): sets by cardinality then elementwise; tuples by length;
 * records by size, names, values; functions by size, domain, values; strings and model values by
 * rank; untyped model values before other kinds; other different kinds raise. equal may be true
 * without compare being defined, and different sizes make collections unequal rather than an error.
 *
 * Digests are 128-bit, structural, independent of layout, symbol numbers and machine: equal values
 * have equal digests whatever their representation (tuple, record, function with equal graphs; lazy
 * sets by their elements). Every composite is finalized by a non-linear mix of kind, size and a sum
 * over parts, so that EXCEPT, insertion and removal can adjust the sum in O(1) a level. */
#ifndef FM_VALUE_ORDER_H
#define FM_VALUE_ORDER_H

#include "base/fathom_digest.h"
#include "value/value.h"

static inline bool fm_digest_equal(struct fm_digest a, struct fm_digest b)
{
    return a.low == b.low && a.high == b.high;
}

int fm_value_compare(struct fm_value_context *context, fm_value a, fm_value b);
bool fm_value_equal(struct fm_value_context *context, fm_value a, fm_value b);
/* Total: like compare where that is defined, by kind where it would raise. For our own tables. */
int fm_value_compare_total(struct fm_value_context *context, fm_value a, fm_value b);

struct fm_digest fm_value_digest(struct fm_value_context *context, fm_value v);
/* The digest of a state: variables in order of declaration, seeded (-fp). */
struct fm_digest fm_state_digest(struct fm_value_context *context, const fm_value *variables,
                                 uint32_t count, uint64_t seed);
/* What a variable with this number and value adds to the sum behind that digest. */
struct fm_digest fm_state_digest_part(struct fm_value_context *context, uint32_t variable,
                                      fm_value v);

/* Normalizes v in depth and fills its caches, so that threads may share it read-only; returns v.
 * Large lazy sets stay lazy and closures are not run; what is missing is then computed by each use.
 */
fm_value fm_value_freeze(struct fm_value_context *context, fm_value v);
/* A deep copy in the context's arena: nothing of it lives elsewhere, registered constants excepted
 * (value/constants.h). Lazy functions and filters become explicit; raises on operators. */
fm_value fm_value_copy(struct fm_value_context *context, fm_value v);

/* The flat encoding: canonical (equal values, equal bytes) and self-delimiting; drawn in
 * value/encode.c and docs/formats.md. Symbols are written by index: valid within one run, and
 * within one table of constants (context->constants). Raises on what a state cannot hold; `out` is
 * then undefined. */
void fm_value_encode(struct fm_value_context *context, fm_value v, struct fm_text *out);
/* Decodes one value into the context's arena; *bytes moves behind it. The input is trusted memory.
 */
fm_value fm_value_decode(struct fm_value_context *context, const uint8_t **bytes);
void fm_value_skip(struct fm_value_context *context, const uint8_t **bytes);

/* As TLC prints: <<1, 2>>, [a |-> 1], (k :> v @@ ...), {..}, strings quoted. */
void fm_value_print(struct fm_value_context *context, fm_value v, struct fm_text *out);
/* The same over several lines of at most `width` columns, continued at `indent`, as TLC wraps. */
void fm_value_print_wide(struct fm_value_context *context, fm_value v, uint32_t indent,
                         uint32_t width, struct fm_text *out);
/* As TLC's Json module writes values. */
void fm_value_print_json(struct fm_value_context *context, fm_value v, struct fm_text *out);

#endif
