/* Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE
 * 2002): parts of the schedule are left out, large ones first, as long as the rest ends with the
 * same signature; at the end no single choice can be left out. Choices name channels and positions,
 * so what is left keeps a meaning. Then, one at a time: nodes (those above move down), faults, and
 * the numbers in choices (a crash that loses nothing, the oldest message, a shorter time). Whatever
 * helped is a reason to try the choices again.
 *
 * Leaks and nondeterminism take several runs to be seen (again.c), each time. What is seen in one
 * of these is there; what is not may be, so such a finding can end up longer than it need be.
 *
 * Every run is a process of its own: findings crash, and what the run before left in the target
 * must not matter. A run takes about a millisecond, a finding of 100 choices some hundred runs. */
#include "fuzz/minimize.h"

#include "base/arena.h"
#include "fuzz/again.h"

#include <string.h>

struct search {
    struct fm_finding *finding; /* the best so far */
    const struct fm_minimize_options *options;
    struct fm_text wanted, got; /* signatures */
    enum fm_fuzz_verdict verdict;
    uint32_t runs;
    bool judged; /* by a model */
    bool broken; /* the system makes no process */
};

static struct fm_mapping *mapping_of(const struct search *search, const struct fm_finding *finding)
{
    const struct fm_minimize_options *options = search->options;
    return search->judged ? options->mapping_for(options->mappings, finding->nodes) : NULL;
}

/* Runs a variant of the finding; whether it has the signature. Its outcome goes to *outcome. */
static bool try(struct search *search, const struct fm_finding *variant, struct fm_outcome *outcome)
{
    struct fm_schedule schedule = {.sut = search->options->sut,
                                   .mapping = mapping_of(search, variant),
                                   .nodes = variant->nodes,
                                   .seed = variant->seed,
                                   .faults = variant->faults,
                                   .choices = variant->choices.at,
                                   .count = variant->choices.count,
                                   .rounds = variant->rounds};
    bool beyond = fm_outcome_is_beyond(&search->finding->outcome);
    schedule.beyond = beyond;
    if (search->judged && schedule.mapping == NULL) {
        return false; /* the model is for another number of nodes */
    }
    search->runs++;
    if (search->broken ||
        !fm_run_again(&schedule, search->verdict, search->options->hang_ms, outcome)) {
        search->broken = true;
        return false;
    }
    fm_text_clear(&search->got);
    fm_finding_signature(outcome, &search->got);
    return strcmp(fm_text_string(&search->got), fm_text_string(&search->wanted)) == 0 &&
           beyond == fm_outcome_is_beyond(outcome);
}

/* The variant is the finding from now on; what comes behind its end is cut off. */
static void accept(struct search *search, const struct fm_finding *variant,
                   const struct fm_outcome *outcome)
{
    struct fm_finding *finding = search->finding;
    uint32_t count = outcome->steps < variant->choices.count ? outcome->steps
                                                             : variant->choices.count;
    if (count > 0) {
        memcpy(finding->choices.at, variant->choices.at, count * sizeof *variant->choices.at);
    }
    finding->choices.count = count;
    finding->nodes = variant->nodes;
    finding->faults = variant->faults;
    if (search->judged) {
        finding->hashes = fm_mapping_hashes(mapping_of(search, variant));
    }
    finding->rounds = outcome->drained > 0 ? variant->rounds : 0;
    finding->outcome = *outcome;
    if (search->options->progress != NULL) {
        search->options->progress(search->options->closure, count, search->runs);
    }
}

/* Leaves out parts of `size` choices, from the end: late choices are needed more seldom. */
static bool drop_parts(struct search *search, uint32_t size)
{
    bool helped = false;
    struct fm_finding *finding = search->finding;
    for (uint32_t end = finding->choices.count; end > 0;) {
        uint32_t start = end > size ? end - size : 0;
        struct fm_finding variant = fm_finding_copy(finding);
        struct fm_outcome outcome;
        memmove(variant.choices.at + start, variant.choices.at + end,
                (variant.choices.count - end) * sizeof *variant.choices.at);
        variant.choices.count -= end - start;
        if (try(search, &variant, &outcome)) {
            accept(search, &variant, &outcome);
            helped = true;
        }
        fm_finding_deinit(&variant);
        end = start < finding->choices.count ? start : finding->choices.count;
    }
    return helped;
}

static bool drop_choices(struct search *search)
{
    bool helped = false;
    for (uint32_t size = (search->finding->choices.count + 1) / 2; size > 1;
         size = (size + 1) / 2) {
        helped |= drop_parts(search, size);
    }
    while (drop_parts(search, 1)) {
        helped = true;
    }
    return helped;
}

/* Tries the variant that `change` makes of the finding; false when it makes none, or it is no good.
 */
static bool try_change(struct search *search,
                       bool (*change)(struct fm_finding *variant, uint32_t number), uint32_t number)
{
    struct fm_finding variant = fm_finding_copy(search->finding);
    struct fm_outcome outcome;
    bool helps = change(&variant, number) && try(search, &variant, &outcome);
    if (helps) {
        accept(search, &variant, &outcome);
    }
    fm_finding_deinit(&variant);
    return helps;
}

/* The number that a node has without node `gone`, or 0: it was that one. */
static uint8_t renumber(uint8_t node, uint32_t gone)
{
    return node == gone ? 0 : node > gone ? (uint8_t)(node - 1) : node;
}

/* A cluster without that node: choices that name it are left out, and those above it move down. */
static bool drop_node(struct fm_finding *variant, uint32_t number)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < variant->choices.count; i++) {
        struct fm_choice choice = variant->choices.at[i];
        enum fm_choice_place place = fm_choice_table()[choice.kind].place;
        bool stays = true;
        if (place != FM_PLACE_NOWHERE) {
            choice.node = renumber(choice.node, number);
            stays = choice.node != 0;
        }
        if (place == FM_PLACE_CHANNEL) {
            choice.peer = renumber(choice.peer, number);
            stays &= choice.peer != 0;
        }
        if (choice.kind == FM_CHOICE_CUSTOM && choice.amount <= FATHOM_NODES_MAX) {
            choice.amount = renumber((uint8_t)choice.amount, number);
            stays &= choice.amount != 0;
        }
        if (stays) {
            variant->choices.at[kept++] = choice;
        }
    }
    variant->choices.count = kept;
    variant->nodes--;
    return variant->nodes > 0;
}

static bool drop_fault(struct fm_finding *variant, uint32_t number)
{
    uint64_t bit = (uint64_t)1 << number;
    bool has = (variant->faults & bit) != 0;
    variant->faults &= ~bit;
    return has;
}

/* Simpler numbers in one choice: everything 0, if it is not. */
static bool simplify(struct fm_finding *variant, uint32_t number)
{
    struct fm_choice *choice = &variant->choices.at[number];
    struct fm_choice plain = fm_choice_make((enum fm_choice_kind)choice->kind);
    plain.node = choice->node;
    plain.peer = choice->peer;
    /* A custom's kind and argument say what it is; time has no simplest amount. */
    if (choice->kind == FM_CHOICE_CUSTOM || choice->kind == FM_CHOICE_TICK ||
        choice->kind == FM_CHOICE_JUMP) {
        plain.position = choice->position;
        plain.amount = choice->amount;
    }
    bool other = memcmp(&plain, choice, sizeof plain) != 0;
    *choice = plain;
    return other;
}

static bool halve(struct fm_finding *variant, uint32_t number)
{
    struct fm_choice *choice = &variant->choices.at[number];
    bool is_time = choice->kind == FM_CHOICE_TICK || choice->kind == FM_CHOICE_JUMP;
    choice->amount = is_time ? choice->amount / 2 : choice->amount;
    return is_time && choice->amount > 0;
}

static bool change_all(struct search *search)
{
    bool helped = false;
    uint32_t nodes = search->options->keep_nodes ? 0 : search->finding->nodes;
    for (uint32_t node = nodes; node > 0; node--) {
        helped |= try_change(search, drop_node, node);
    }
    for (uint32_t bit = 0; bit < 64; bit++) {
        helped |= try_change(search, drop_fault, bit);
    }
    for (uint32_t i = 0; i < search->finding->choices.count; i++) {
        helped |= try_change(search, simplify, i);
        while (i < search->finding->choices.count && try_change(search, halve, i)) {
            helped = true;
        }
    }
    return helped;
}

enum fm_minimize_result fm_minimize(struct fm_finding *finding,
                                    const struct fm_minimize_options *options, uint32_t *runs)
{
    struct search search = {.finding = finding, .options = options};
    struct fm_outcome outcome;
    search.verdict = finding->outcome.verdict;
    search.judged = options->mapping_for(options->mappings, finding->nodes) != NULL;
    fm_finding_signature(&finding->outcome, &search.wanted);
    bool occurs = try(&search, finding, &outcome);
    if (!search.broken && !occurs) {
        finding->outcome = outcome;
    }
    if (occurs) {
        struct fm_finding same = fm_finding_copy(finding);
        accept(&search, &same, &outcome);
        fm_finding_deinit(&same);
        do {
            (void)drop_choices(&search);
        } while (change_all(&search));
    }
    *runs = search.runs;
    fm_text_deinit(&search.wanted);
    fm_text_deinit(&search.got);
    return search.broken ? FM_MINIMIZE_ERROR : occurs ? FM_MINIMIZE_DONE : FM_MINIMIZE_GONE;
}
