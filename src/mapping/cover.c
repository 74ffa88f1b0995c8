/* What guides see of the candidates: a hash for each.
 *
 * A schedule is worth changing when it reached a state of the specification that none had reached.
 * Which states are different is the mapping's to say: Cover is an expression of the state, as a
 * VIEW is, and where it leaves out what grows without end (the set of all messages ever sent, say)
 * guides are not led by what is new for ever. Without Cover each state is its own.
 *
 * The event that led here is in the state, as a variable of the module around the mapping; it is
 * not part of what is seen. */
#include "mapping/state.h"

#include "eval/embed.h"
#include "value/order.h"

struct looking {
    struct fm_judge *judge;
    const struct fm_state *state;
    fm_value cover;
    uint64_t hash;
};

static void hash_cover(struct fm_engine *engine, void *closure)
{
    struct looking *looking = closure;
    looking->hash = fm_value_digest(looking->judge->ops->context(engine), looking->cover).low;
}

static void hash_state(struct fm_engine *engine, void *closure)
{
    struct looking *looking = closure;
    const struct fm_judge *judge = looking->judge;
    /* The event is the last variable. */
    looking->hash = fm_state_digest(judge->ops->context(engine),
                                    judge->ops->values(engine, looking->state),
                                    judge->mapping->event_variable, 0)
                        .low;
}

static bool look(struct looking *looking)
{
    struct fm_judge *judge = looking->judge;
    const struct fm_formula *cover = judge->mapping->cover;
    if (cover == NULL) {
        return fm_eval_guard(judge->engine, hash_state, looking);
    }
    struct fm_state *state = fm_judge_state(judge, looking->state, fm_small(0));
    looking->cover = judge->ops->eval(judge->engine, cover, state, NULL);
    return !fm_is_none(looking->cover) && fm_eval_guard(judge->engine, hash_cover, looking);
}

enum fm_judged fm_judge_cover(struct fm_judge *judge, uint64_t hashes[FM_CANDIDATES_MAX],
                              uint32_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < judge->now.states.count; i++) {
        struct looking looking = {.judge = judge, .state = judge->now.states.at[i]};
        if (!look(&looking)) {
            fm_judge_note_error(judge, judge->ops->failure(judge->engine));
            return judge->verdict;
        }
        hashes[(*count)++] = looking.hash;
    }
    return FM_JUDGED_FINE;
}
