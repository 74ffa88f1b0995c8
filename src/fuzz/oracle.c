/* The judge of a mapping beside a world.
 *
 * The world tells what happens as it happens, the judge wants whole events, and gets each when it
 * is over. It runs in the process of the target. A target that writes over foreign memory can lead
 * it astray, as it can everything else here: findings count when they occur again in a process of
 * their own. */
#include "fuzz/oracle.h"

#include "base/arena.h"
#include "fuzz/event.h"

#include <stdio.h>

struct fm_oracle {
    struct fm_judge *judge;
    struct fm_world *world;
    struct fm_events events;
    struct fm_world_watch watch; /* another one, or NULLs */
    struct fm_judge_event event;
    enum fm_judged verdict;
    unsigned node; /* whose event it was */
    bool beyond;
    fm_oracle_probe *probe; /* or NULL */
    void *probe_closure;
};

/* ORDER(judged) */
static const enum fm_fuzz_verdict verdicts[] = {
    FM_FUZZ_FINE,      FM_FUZZ_IMPOSSIBLE, FM_FUZZ_DIFFERS,
    FM_FUZZ_INVARIANT, FM_FUZZ_MAPPING,    FM_FUZZ_INCONCLUSIVE,
};

static void happened(void *closure, const struct fm_happening *happening)
{
    struct fm_oracle *oracle = closure;
    if (fm_events_add(&oracle->events, happening) && oracle->verdict == FM_JUDGED_FINE) {
        oracle->node = fm_events_node(&oracle->events);
        fm_judge_ready(oracle->judge);
        fm_events_take(&oracle->events, oracle->judge, &oracle->event);
        if (oracle->probe != NULL) {
            oracle->probe(oracle->probe_closure, oracle->judge, &oracle->event);
        }
        oracle->verdict = fm_judge_event(oracle->judge, &oracle->event);
    }
    if (oracle->watch.happened != NULL) {
        oracle->watch.happened(oracle->watch.closure, happening);
    }
}

struct fm_oracle *fm_oracle_new(struct fm_mapping *mapping, struct fm_world *world,
                                const struct fathom_sut *sut, const struct fm_world_watch *watch)
{
    struct fm_oracle *oracle = fm_memory_calloc(1, sizeof *oracle);
    oracle->world = world;
    oracle->judge = fm_judge_new(mapping);
    oracle->events.sut = sut;
    oracle->events.nodes = fm_world_nodes(world);
    if (watch != NULL) {
        oracle->watch = *watch;
    }
    return oracle;
}

void fm_oracle_free(struct fm_oracle *oracle)
{
    if (oracle != NULL) {
        fm_judge_free(oracle->judge);
        fm_events_deinit(&oracle->events);
        fm_memory_free(oracle);
    }
}

void fm_oracle_begin(struct fm_oracle *oracle)
{
    struct fm_world_watch own = {happened, oracle};
    fm_world_set_watch(oracle->world, &own);
    fm_events_begin(&oracle->events);
    oracle->node = 0;
    oracle->verdict = fm_judge_begin(oracle->judge);
}

bool fm_oracle_agrees(const struct fm_oracle *oracle)
{
    return oracle->verdict == FM_JUDGED_FINE;
}

void fm_oracle_set_probe(struct fm_oracle *oracle, fm_oracle_probe *probe, void *closure)
{
    oracle->probe = probe;
    oracle->probe_closure = closure;
}

void fm_oracle_go_beyond(struct fm_oracle *oracle, bool beyond)
{
    oracle->beyond = beyond;
}

bool fm_oracle_goes_on(const struct fm_oracle *oracle)
{
    return oracle->beyond || fm_oracle_agrees(oracle);
}

uint32_t fm_oracle_cover(struct fm_oracle *oracle, uint64_t hashes[FM_CANDIDATES_MAX])
{
    uint32_t count = 0;
    if (fm_oracle_agrees(oracle)) {
        oracle->verdict = fm_judge_cover(oracle->judge, hashes, &count);
    }
    return count;
}

void fm_oracle_judge(struct fm_oracle *oracle, struct fm_outcome *outcome)
{
    outcome->verdict = verdicts[oracle->verdict];
    outcome->node = oracle->node;
    (void)snprintf(outcome->reason, sizeof outcome->reason, "%s", fm_judge_reason(oracle->judge));
}

const char *fm_oracle_explanation(struct fm_oracle *oracle)
{
    return fm_judge_explanation(oracle->judge);
}

const struct fm_judge_counts *fm_oracle_totals(const struct fm_oracle *oracle)
{
    return fm_judge_totals(oracle->judge);
}

const struct fm_judge *fm_oracle_own_judge(const struct fm_oracle *oracle)
{
    return oracle->judge;
}
