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

#include "value/value.h"

struct fm_constants *fm_constants_new(void);
void fm_constants_free(struct fm_constants *constants);

/* Freezes the set (enumerable, finite) and enters it, in the context's arena when it must become
 * explicit first. Returns the object to use from now on: it, or the equal one that was entered
 * before. The empty set, 1..n and whatever comes after the table is full are returned as they are.
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
/* number < fm_constants_count. */
fm_value fm_constants_at(const struct fm_constants *constants, uint32_t number);
/* NULL when the symbol was made later. */
const struct fm_symbol *fm_constants_symbol(const struct fm_constants *constants, uint32_t index);

#endif
