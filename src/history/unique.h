/* Deciding histories in which each value is written once, without a search. */
#ifndef FM_HISTORY_UNIQUE_H
#define FM_HISTORY_UNIQUE_H

#include "history/history.h"

enum fm_unique {
    FM_UNIQUE_LINEARIZABLE,
    FM_UNIQUE_NOT_LINEARIZABLE,
    FM_UNIQUE_UNFIT /* values repeat, or operations are among them that this does not decide */
};

/* Operations of one object, by call; O(n log n). */
enum fm_unique fm_unique_register(const struct fm_history *history,
                                  const struct fm_operation *const *operations, uint32_t count);
enum fm_unique fm_unique_queue(const struct fm_history *history,
                               const struct fm_operation *const *operations, uint32_t count);

#endif
