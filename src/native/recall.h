/* Shapes of earlier runs: kept in the cache, beside the code. Internal to src/native. */
#ifndef FM_NATIVE_RECALL_H
#define FM_NATIVE_RECALL_H

#include "native/cache.h"
#include "native/tier.h"

struct native_recalled {
    const struct fm_shape **variables; /* out: settled shapes of an earlier run on this input */
    bool is_short;                     /* its sample was the whole search */
    struct fm_cache_key key;           /* of the input */
};
/* Called once, before any other text is read. false: there are none; what stands in `variables` is
 * then to be thrown away. */
bool fm_native_recall(struct native_model *model, struct native_recalled *recalled);
/* Keeps the shapes of model->layout for later runs. */
void fm_native_remember(struct native_model *model, const struct native_recalled *recalled,
                        bool is_short);

#endif
