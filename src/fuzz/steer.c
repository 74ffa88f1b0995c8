/* Schedules of a campaign.
 *
 * A campaign without a guide draws each schedule (draw.c). With one, each schedule is an entry of
 * the corpus, changed (mutate.c), but for the random arm: one in ten is drawn as it would be
 * without a guide, the same schedule for the same number. These are independent of each other and
 * of everything found, which is what an estimate of the bugs that are left assumes; and they keep
 * coming to places that no mutation leads to.
 *
 * A mutant keeps the seed of the entry's world, so that what nodes draw stays as it was where the
 * choices do. Behind its last choice it goes on at random. */
#include "fuzz/steer.h"

#include "base/arena.h"
#include "fuzz/guide.h"
#include "sim/hash.h"

/* Numbers of mutation are others than those that choices are drawn from. */
static const uint64_t mutation_stream = 0x6d757461;

void fm_steer_init(struct fm_steer *steer, struct fm_corpus *corpus,
                   const struct fm_mutate_limits *limits, bool all_faults)
{
    *steer = (struct fm_steer){.corpus = corpus, .limits = *limits, .all_faults = all_faults};
    if (corpus != NULL) {
        size_t size = limits->count_max * sizeof(struct fm_choice);
        steer->mutant.choices = fm_memory_alloc(size);
        steer->other.choices = fm_memory_alloc(size);
    }
}

void fm_steer_deinit(struct fm_steer *steer)
{
    fm_memory_free(steer->mutant.choices);
    fm_memory_free(steer->other.choices);
}

/* Makes the mutant; false: there is nothing to change yet. */
static bool breed(struct fm_steer *steer, uint64_t own_seed)
{
    struct fm_random random;
    uint64_t other_seed;
    fm_random_seed(&random, fm_sim_hash_number(own_seed, mutation_stream));
    if (!fm_corpus_pick(steer->corpus, &random, &steer->mutant, &steer->seed)) {
        return false;
    }
    (void)fm_corpus_pick(steer->corpus, &random, &steer->other, &other_seed);
    fm_mutate(&steer->mutant, fm_mutate_draw(&random), &steer->other, &steer->limits, &random);
    steer->faults = steer->all_faults ? steer->limits.faults : steer->mutant.faults;
    return true;
}

void fm_steer_begin(struct fm_steer *steer, uint64_t campaign_seed, uint64_t index)
{
    uint64_t seed = fm_sim_hash_number(campaign_seed, index);
    fm_draw_begin(&steer->draw, seed, steer->all_faults);
    steer->next = 0;
    if (steer->corpus == NULL || fm_guide_is_apart(index) || !breed(steer, seed)) {
        steer->mutant.count = 0;
        steer->seed = seed;
        steer->faults = steer->all_faults ? steer->limits.faults
                                          : fm_draw_faults(seed, steer->limits.faults);
    }
}

bool fm_steer_choice(struct fm_steer *steer, const struct fm_world *world, struct fm_choice *choice)
{
    bool drawn = steer->next >= steer->mutant.count;
    *choice = drawn ? fm_draw_choice(&steer->draw, world) : steer->mutant.choices[steer->next++];
    return drawn;
}
