/* Digests of values. Internal to src/value; the idea stands in digest.c, the arithmetic in
 * base/fathom_digest.h. */
#ifndef FM_VALUE_DIGEST_H
#define FM_VALUE_DIGEST_H

#include "base/fathom_digest.h"
#include "value/object.h"

static inline struct fm_digest fm_digest_of_symbol(const struct fm_symbol *symbol, uint64_t seed)
{
    return (struct fm_digest){
        fm_digest_fold(symbol->hash_low ^ seed, symbol->hash_high ^ UINT64_C(0x94d049bb133111eb)),
        fm_digest_fold(symbol->hash_high ^ seed, symbol->hash_low ^ UINT64_C(0xc2b2ae3d27d4eb4f))};
}

/* The digest when it costs no descent and cannot raise: atoms, and objects that know theirs. */
static inline bool fm_digest_known(fm_value v)
{
    return fm_is_atom(v) || (fm_value_object(v)->flags & FM_OBJECT_DIGEST) != 0;
}

#endif
