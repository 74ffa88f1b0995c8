/* From a state's own digest to its index in the search.
 *
 * Open addressing over the states that a search kept; built by all its workers in one pass, then
 * read by any number of threads. */
#ifndef FM_LIVENESS_INDEX_H
#define FM_LIVENESS_INDEX_H

#include "explore/kept.h"

struct fm_index;

#define FM_INDEX_MISSING UINT64_MAX

/* NULL with errno when memory is refused, ECANCELED when the interrupt came first; that may be
 * NULL. done: states, told while it is built, or NULL. */
struct fm_index *fm_index_new(struct fm_checker *checker, const atomic_bool *interrupt,
                              _Atomic uint64_t *done);
void fm_index_free(struct fm_index *index);
uint64_t fm_index_bytes(const struct fm_index *index);
/* Probability that two of the states have digests that the index takes for one, at most. */
double fm_index_collision(const struct fm_index *index);

/* Asks the cache for the place of the digest. */
void fm_index_prefetch(const struct fm_index *index, struct fm_digest own);
/* FM_INDEX_MISSING: no state of the search. */
uint64_t fm_index_find(const struct fm_index *index, struct fm_digest own);

#endif
