/* The values that variables had, as sets of digests: one set for each variable and worker, united
 * at the end.
 *
 * TLC estimates these numbers (HyperLogLog, tlc2/util/statistics/CountDistinct) and feeds them with
 * the states that are searched further, initial states left out; so do we, and count. Digests are
 * cut to a pointer's size: two values that then look the same make a number one too small, which
 * happens once in 10^9 runs with 10^5 values. */
#include "explore/variety.h"

#include "base/map.h"
#include "value/order.h"

void variety_note(struct worker *worker, const struct fm_state *state)
{
    struct search *search = worker->search;
    uint32_t count = search->model->variable_count;
    struct fm_engine *engine = atomic_load_explicit(&worker->engine, memory_order_relaxed);
    const fm_value *values = search->ops->values(engine, state);
    if (worker->variety == NULL) {
        worker->variety = fm_memory_calloc(count, sizeof *worker->variety);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct fm_digest digest = fm_value_digest(search->ops->context(engine), values[i]);
        const void *key = (const void *)(uintptr_t)(digest.low | 1u); /* a key is not NULL */
        if (!fm_map_has(&worker->variety[i], key)) {
            fm_map_put(&worker->variety[i], key, worker);
        }
    }
}

const uint64_t *variety_count(struct search *search)
{
    uint32_t count = search->model->variable_count;
    uint64_t *counts = fm_arena_calloc(&search->arena, count + 1, sizeof *counts);
    for (uint32_t i = 0; i < count; i++) {
        struct fm_map all = {0};
        for (uint32_t j = 0; j < search->worker_count; j++) {
            const struct fm_map *variety = search->workers[j].variety;
            for (uint32_t k = 0; variety != NULL && k < variety[i].count; k++) {
                const void *key = variety[i].entries[k].key;
                if (!fm_map_has(&all, key)) {
                    fm_map_put(&all, key, search);
                    counts[i]++;
                }
            }
        }
        fm_map_deinit(&all);
    }
    return counts;
}

void variety_deinit(struct worker *worker)
{
    uint32_t count = worker->variety != NULL ? worker->search->model->variable_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        fm_map_deinit(&worker->variety[i]);
    }
    fm_memory_free(worker->variety);
}
