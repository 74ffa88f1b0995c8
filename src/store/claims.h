/* Claims: who reached each new state of a level first, in TLC's order, when several workers search.
 *
 * While a level is expanded the fingerprint table is only read; a state that it lacks is claimed
 * here under the order key of the step that reached it, and the least key wins, whichever worker
 * was faster. Claiming is lock-free on any number of threads; reserving and clearing may not run
 * beside anything else. */
#ifndef FM_STORE_CLAIMS_H
#define FM_STORE_CLAIMS_H

#include "value/order.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_claims;

/* Keys are below this. */
#define FM_CLAIM_KEY_MAX (UINT64_MAX - 1)

enum fm_claim {
    FM_CLAIM_LOST, /* somebody holds the state under a key that is not larger */
    FM_CLAIM_HELD, /* ours, so far */
    FM_CLAIM_FIRST /* ours, and nobody's before */
};

struct fm_claims *fm_claims_new(void);
void fm_claims_free(struct fm_claims *claims);

void fm_claims_prefetch(const struct fm_claims *claims, struct fm_digest digest);
/* Precondition: room was reserved. */
enum fm_claim fm_claims_put(struct fm_claims *claims, struct fm_digest digest, uint64_t key);
/* The least key under which the digest was claimed; UINT64_MAX when it never was. */
uint64_t fm_claims_key(const struct fm_claims *claims, struct fm_digest digest);

/* Adds to the number of first claims; any thread. */
void fm_claims_add_count(struct fm_claims *claims, uint64_t added);
uint64_t fm_claims_count(const struct fm_claims *claims);
bool fm_claims_has_room(const struct fm_claims *claims, uint64_t more);
/* Grows until `more` fit beside those counted; false with errno. */
bool fm_claims_reserve(struct fm_claims *claims, uint64_t more);
/* Forgets all claims. */
void fm_claims_clear(struct fm_claims *claims);
uint64_t fm_claims_bytes(const struct fm_claims *claims);

#endif
