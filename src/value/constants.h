/* The table of constants: sets of model lifetime that the flat encoding refers to by number.
 *
 * A state variable is most often a function over a constant set or a record with the field names of
 * the specification. With the set in this table its encoding is one byte for the domain and then
 * the values, and decoding gives the very object that was registered, with its digest known.
 * Register, before the search starts: constant sets that are domains of functions (CONSTANTs and
 * constant definitions whose value is a finite set) and the field names of record constructors
 * (fm_record_domain). The table belongs to its maker; sets must live as long as it; once contexts
 * use it, it is read-only and may be shared by threads. */
#ifndef FM_VALUE_CONSTANTS_H
#define FM_VALUE_CONSTANTS_H

#include "base/vec.h"
#include "value/order.h"
#include "value/value.h"

/* Public so that decoding inlines; touch it only through the functions. */
struct fm_constants {
    FM_VEC(fm_value) sets;
    FM_VEC(const struct fm_digest *) digests; /* of the elements of each set */
    FM_VEC(const struct fm_symbol *) symbols; /* by index, a prefix of the symbol table */
    struct fm_constants_slot *slots;
    uint32_t slot_count; /* power of two, more than twice the sets */
};

struct fm_constants *fm_constants_new(void);
void fm_constants_free(struct fm_constants *constants);

/* Freezes the set (enumerable, finite) and enters it; what that takes is in the context's arena.
 * Returns the object to use from now on: it, or the equal one that was entered before. The empty
 * set, 1..n and whatever comes after the table is full are returned as they are.
 */
fm_value fm_constants_add(struct fm_value_context *context, struct fm_constants *constants,
                          fm_value set);
/* Remembers all symbols made so far, so that decoding finds them without asking the symbol table.
 */
void fm_constants_add_symbols(struct fm_value_context *context, struct fm_constants *constants);
uint32_t fm_constants_count(const struct fm_constants *constants);

/* 1 + the number of the set equal to `set` (a normal SET or an INTERVAL) in context->constants, 0
 * when there is none. */
uint32_t fm_constants_find(struct fm_value_context *context, fm_value set);
/* The digests of the elements of a set that is in context->constants and knows it, else NULL. */
const struct fm_digest *fm_constants_digests(struct fm_value_context *context, fm_value set);
/* number < fm_constants_count. */
static inline fm_value fm_constants_at(const struct fm_constants *constants, uint32_t number)
{
    return constants->sets.at[number];
}
/* NULL when the symbol was made later. */
static inline const struct fm_symbol *fm_constants_symbol(const struct fm_constants *constants,
                                                          uint32_t index)
{
    return constants != NULL && index < constants->symbols.count ? constants->symbols.at[index]
                                                                 : NULL;
}

#endif
