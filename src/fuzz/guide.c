/* Features: what guides look at.
 *
 *     model       a state of the model's, one for each candidate
 *     transition  (what the model was before an event, what it is behind it), where they differ
 *     action      (disjunct of Event, how often in this schedule: 1, 2, 3, 4-7, 8-15, ...)
 *     trace       (shape of an event, shape of the one behind it)
 *
 * The counts of `action` are in buckets, as in AFL (Zalewski, its technical details): a loop that
 * went around once more is no news, one that went around twice as often is. The shape of an event
 * is its kind, its nodes and the effects in order, with their receivers and outcomes, but not what
 * is in messages and files: terms and indices grow, and every schedule would be new. Pairs of
 * events see what follows what; longer runs of events are new in nearly every schedule, too.
 *
 * Guides add up: `model+trace` counts the features of both, which share one corpus and cannot be
 * mistaken for each other because each kind has its own seed. What a drain does is not looked at:
 * nothing there is chosen. */
#include "fuzz/guide.h"

#include "base/arena.h"
#include "sim/hash.h"

#include <string.h>

static const struct {
    const char *word;
    unsigned guide;
} words[] = {
    {"model", FM_GUIDE_MODEL},
    {"transition", FM_GUIDE_TRANSITION},
    {"action", FM_GUIDE_ACTION},
    {"trace", FM_GUIDE_TRACE},
};
static const size_t word_count = sizeof words / sizeof *words;

const char *fm_guide_parse(const char *text, unsigned *guides)
{
    *guides = 0;
    if (strcmp(text, "random") == 0) {
        return NULL;
    }
    for (;;) {
        size_t length = strcspn(text, "+"), i = 0;
        while (i < word_count &&
               (strlen(words[i].word) != length || strncmp(words[i].word, text, length) != 0)) {
            i++;
        }
        if (i == word_count) {
            return "a guide is random, or of model, transition, action and trace some with + "
                   "between";
        }
        *guides |= words[i].guide;
        if (text[length] == '\0') {
            return NULL;
        }
        text += length + 1;
    }
}

void fm_guide_print(unsigned guides, struct fm_text *out)
{
    const char *between = "";
    for (size_t i = 0; i < word_count; i++) {
        if ((guides & words[i].guide) != 0) {
            fm_text_printf(out, "%s%s", between, words[i].word);
            between = "+";
        }
    }
    if (guides == 0) {
        fm_text_puts(out, "random");
    }
}

bool fm_guide_needs_model(unsigned guides)
{
    return (guides & (FM_GUIDE_MODEL | FM_GUIDE_TRANSITION | FM_GUIDE_ACTION)) != 0;
}

bool fm_guide_is_apart(uint64_t index)
{
    return index % FM_RANDOM_ARM_ONE_IN == 0;
}

/* --- gathering --- */

void fm_gather_init(struct fm_gather *gather, unsigned guides, struct fm_oracle *oracle,
                    const struct fm_mapping *mapping)
{
    *gather = (struct fm_gather){.guides = guides, .oracle = oracle};
    if (mapping != NULL) {
        gather->step_count = fm_mapping_step_count(mapping);
        gather->steps = fm_memory_calloc(2 * (size_t)gather->step_count + 1, sizeof *gather->steps);
        gather->steps_start = gather->steps + gather->step_count;
    }
}

void fm_gather_deinit(struct fm_gather *gather)
{
    fm_memory_free(gather->steps);
}

static void add(struct fm_gather *gather, enum fm_guide guide, uint64_t one, uint64_t other)
{
    uint64_t pair[] = {one, other};
    fm_features_add(&gather->features, fm_sim_hash_bytes(guide, pair, sizeof pair));
}

void fm_gather_happened(void *closure, const struct fm_happening *happening)
{
    struct fm_gather *gather = closure;
    uint64_t shape[4] = {happening->kind, happening->node, happening->peer,
                         (uint64_t)happening->status};
    if ((gather->guides & FM_GUIDE_TRACE) == 0 || happening->drains) {
        return;
    }
    switch (happening->kind) {
    case FM_HAPPENED_CHOICE:
        shape[3] = happening->choice == NULL ? UINT64_MAX : happening->choice->kind;
        gather->event = fm_sim_hash_bytes(FM_GUIDE_TRACE, shape, sizeof shape);
        break;
    case FM_HAPPENED_SEND:
    case FM_HAPPENED_CANCEL:
    case FM_HAPPENED_TIMER:
    case FM_HAPPENED_DISK:
    case FM_HAPPENED_PUT:
    case FM_HAPPENED_REPLY:
    case FM_HAPPENED_EVENT:
    case FM_HAPPENED_CRASH:
        gather->event = fm_sim_hash_bytes(gather->event, shape, sizeof shape);
        break;
    case FM_HAPPENED_STATE:
        break;
    case FM_HAPPENED_END:
        add(gather, FM_GUIDE_TRACE, gather->event_before, gather->event);
        gather->event_before = gather->event;
        break;
    }
}

void fm_gather_begin(struct fm_gather *gather)
{
    fm_features_clear(&gather->features);
    gather->cover = 0;
    gather->event_before = 0;
    if ((gather->guides & FM_GUIDE_ACTION) != 0) {
        const uint64_t *steps = fm_judge_steps(fm_oracle_own_judge(gather->oracle));
        memcpy(gather->steps, steps, gather->step_count * sizeof *steps);
        memcpy(gather->steps_start, steps, gather->step_count * sizeof *steps);
    }
}

/* 1, 2, 3, then the powers of two from 4 on. */
static uint64_t bucket(uint64_t count)
{
    while (count > 3 && (count & (count - 1)) != 0) {
        count &= count - 1;
    }
    return count;
}

static void gather_states(struct fm_gather *gather)
{
    uint64_t hashes[FM_CANDIDATES_MAX];
    uint64_t cover = 0; /* of all candidates, in whatever order */
    uint32_t count = fm_oracle_cover(gather->oracle, hashes);
    for (uint32_t i = 0; i < count; i++) {
        cover += hashes[i];
        if ((gather->guides & FM_GUIDE_MODEL) != 0) {
            add(gather, FM_GUIDE_MODEL, hashes[i], 0);
        }
    }
    if ((gather->guides & FM_GUIDE_TRANSITION) != 0 && cover != gather->cover) {
        add(gather, FM_GUIDE_TRANSITION, gather->cover, cover);
    }
    gather->cover = cover;
}

static void gather_actions(struct fm_gather *gather)
{
    const uint64_t *steps = fm_judge_steps(fm_oracle_own_judge(gather->oracle));
    for (uint32_t i = 0; i < gather->step_count; i++) {
        if (steps[i] != gather->steps[i]) {
            gather->steps[i] = steps[i];
            add(gather, FM_GUIDE_ACTION, i, bucket(steps[i] - gather->steps_start[i]));
        }
    }
}

void fm_gather_event(struct fm_gather *gather)
{
    if ((gather->guides & (FM_GUIDE_MODEL | FM_GUIDE_TRANSITION)) != 0) {
        gather_states(gather);
    }
    if ((gather->guides & FM_GUIDE_ACTION) != 0) {
        gather_actions(gather);
    }
}
