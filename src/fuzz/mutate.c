/* Mutation of schedules: what a guide tries near a schedule that showed something new.
 *
 * A choice names a channel, a node or a timer, never a message by number, so it keeps a meaning
 * when those before it change: "the oldest message from 1 to 2" is there in most neighbours of a
 * schedule. That makes mutants feasible, after Gulcan et al., "Model-guided fuzzing of distributed
 * systems", OOPSLA 2025, whose operators swap nodes and counts. Here an order can change (swap,
 * splice), become longer or shorter (insert, delete, repeat), faults can come at another time
 * (shift) or be others (faults), and two schedules can meet (crossover).
 *
 * A mutant is a list of valid choices. Those that do not apply when it runs are left out of what is
 * run and recorded (worker.c), and behind its end the schedule goes on at random to the horizon: so
 * nothing here needs a world, and an operator that makes a schedule shorter makes room for a new
 * end.
 *
 * Ranges are short mostly: their length is drawn evenly below a bound that is itself drawn among
 * the powers of two, so that a range of one choice and one of half of the schedule both occur. */
#include "fuzz/mutate.h"

#include "base/assert.h"
#include "fathom/sut.h"

#include <string.h>

/* Amounts of inserted choices (milliseconds, bytes, arguments, bits) are below a power of two up to
 * this one: clocks jump by 10 s at most where choices are drawn (draw.c), too. */
static const unsigned amount_bits = 13;
/* Of an event that is cut short, effects before the crash; one in so many is. As in draw.c. */
static const unsigned cut_max = 8;
static const unsigned cut_one_in = 50;
static const unsigned havoc_max = 16;

static uint32_t below(struct fm_random *random, uint64_t bound)
{
    return (uint32_t)fm_random_below(random, bound);
}

bool fm_mutate_has(enum fm_choice_kind kind, const struct fm_mutate_limits *limits, uint64_t faults)
{
    const struct fm_choice_row *row = &fm_choice_table()[kind];
    return (limits->faults & faults & row->fault) == row->fault &&
           (kind != FM_CHOICE_CUSTOM || limits->customs > 0);
}

bool fm_mutate_is_valid(const struct fm_choice *choice, const struct fm_mutate_limits *limits)
{
    if (choice->kind >= FM_CHOICE_COUNT ||
        !fm_mutate_has((enum fm_choice_kind)choice->kind, limits, UINT64_MAX)) {
        return false;
    }
    const struct fm_choice_row *row = &fm_choice_table()[choice->kind];
    bool has_node = choice->node >= 1 && choice->node <= limits->nodes;
    bool has_peer = choice->peer >= 1 && choice->peer <= limits->nodes;
    return (row->place == FM_PLACE_NOWHERE ? choice->node == 0 : has_node) &&
           (row->place == FM_PLACE_CHANNEL ? has_peer : choice->peer == 0) &&
           (row->position != NULL || choice->position == 0) &&
           (row->kept != NULL || choice->kept == 0) &&
           (row->amount != NULL || choice->amount == 0) &&
           (choice->kind != FM_CHOICE_CUSTOM || choice->position < limits->customs) &&
           (choice->cut == FM_CHOICE_WHOLE ||
            fm_choice_runs_code((enum fm_choice_kind)choice->kind));
}

/* A number of messages, operations or files: 0 half of the time, seldom more than a few. */
static uint16_t draw_position(struct fm_random *random)
{
    uint16_t position = 0;
    while (position < 15 && below(random, 2) == 0) {
        position++;
    }
    return position;
}

struct fm_choice fm_mutate_choice(enum fm_choice_kind kind, const struct fm_mutate_limits *limits,
                                  struct fm_random *random)
{
    const struct fm_choice_row *row = &fm_choice_table()[kind];
    struct fm_choice choice = fm_choice_make(kind);
    if (row->place != FM_PLACE_NOWHERE) {
        choice.node = (uint8_t)(1 + below(random, limits->nodes));
    }
    if (row->place == FM_PLACE_CHANNEL && limits->nodes == 1) {
        choice.peer = 1;
    } else if (row->place == FM_PLACE_CHANNEL) { /* nodes seldom write to themselves */
        uint32_t peer = 1 + below(random, limits->nodes - 1);
        choice.peer = (uint8_t)(peer + (peer >= choice.node));
    }
    if (kind == FM_CHOICE_CUSTOM) {
        choice.position = (uint16_t)below(random, limits->customs);
        choice.amount = 1 + below(random, limits->nodes);
        return choice;
    }
    if (row->position != NULL && kind != FM_CHOICE_DISK) {
        choice.position = kind == FM_CHOICE_CRASH ? (uint16_t)below(random, 2)
                                                  : draw_position(random);
    }
    if (row->kept != NULL) {
        choice.kept = draw_position(random);
    }
    if (row->amount != NULL) {
        choice.amount = below(random, UINT64_C(1) << (1 + below(random, amount_bits)));
    }
    if ((limits->faults & FATHOM_CRASH_INSIDE) != 0 && fm_choice_runs_code(kind) &&
        below(random, cut_one_in) == 0) {
        choice.cut = (uint8_t)below(random, cut_max);
    }
    return choice;
}

/* --- ranges --- */

struct range {
    uint32_t from, count;
};

/* A part of the mutant that is not empty, of at most `most` choices. */
static struct range draw_range(const struct fm_mutant *mutant, uint32_t most,
                               struct fm_random *random)
{
    uint32_t bound = 1;
    while (bound < most && below(random, 2) == 0) {
        bound *= 2;
    }
    bound = bound < most ? bound : most;
    struct range range = {.count = 1 + below(random, bound)};
    range.from = below(random, mutant->count - range.count + 1);
    return range;
}

static void close_gap(struct fm_mutant *mutant, struct range range)
{
    uint32_t end = range.from + range.count;
    memmove(mutant->choices + range.from, mutant->choices + end,
            (mutant->count - end) * sizeof *mutant->choices);
    mutant->count -= range.count;
}

/* Room for `count` choices at `at`; those that get beyond count_max are lost. Returns how much
 * room there is. */
static uint32_t open_gap(struct fm_mutant *mutant, uint32_t at, uint32_t count,
                         const struct fm_mutate_limits *limits)
{
    uint32_t room = limits->count_max - at;
    count = count < room ? count : room;
    uint32_t behind = mutant->count - at;
    behind = behind < room - count ? behind : room - count;
    memmove(mutant->choices + at + count, mutant->choices + at, behind * sizeof *mutant->choices);
    mutant->count = at + count + behind;
    return count;
}

static void reverse(struct fm_choice *choices, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        struct fm_choice swap = choices[i];
        choices[i] = choices[count - 1 - i];
        choices[count - 1 - i] = swap;
    }
}

/* The range stands at `to` afterwards, of the list without it. */
static void move(struct fm_mutant *mutant, struct range range, uint32_t to)
{
    uint32_t first = to < range.from ? to : range.from;
    uint32_t end = (to < range.from ? range.from : to) + range.count;
    uint32_t left = to < range.from ? range.from - to : range.count;
    reverse(mutant->choices + first, left);
    reverse(mutant->choices + first + left, end - first - left);
    reverse(mutant->choices + first, end - first);
}

/* --- operators --- */

static void swap(struct fm_mutant *mutant, struct fm_random *random)
{
    if (mutant->count > 1) {
        uint32_t one = below(random, mutant->count);
        uint32_t other = below(random, mutant->count - 1);
        other += other >= one;
        struct fm_choice kept = mutant->choices[one];
        mutant->choices[one] = mutant->choices[other];
        mutant->choices[other] = kept;
    }
}

static void splice(struct fm_mutant *mutant, struct fm_random *random)
{
    if (mutant->count > 1) {
        struct range range = draw_range(mutant, mutant->count - 1, random);
        move(mutant, range, below(random, mutant->count - range.count + 1));
    }
}

static void put_in(struct fm_mutant *mutant, const struct fm_choice *choice,
                   const struct fm_mutate_limits *limits, struct fm_random *random)
{
    uint32_t at = below(random,
                        mutant->count < limits->count_max ? mutant->count + 1 : limits->count_max);
    if (open_gap(mutant, at, 1, limits) == 1) {
        mutant->choices[at] = *choice;
    }
}

static void insert(struct fm_mutant *mutant, const struct fm_mutate_limits *limits,
                   struct fm_random *random)
{
    enum fm_choice_kind kind;
    do {
        kind = (enum fm_choice_kind)below(random, FM_CHOICE_COUNT);
    } while (!fm_mutate_has(kind, limits, mutant->faults));
    struct fm_choice choice = fm_mutate_choice(kind, limits, random);
    put_in(mutant, &choice, limits, random);
}

static void leave_out(struct fm_mutant *mutant, struct fm_random *random)
{
    if (mutant->count > 1) {
        close_gap(mutant, draw_range(mutant, mutant->count - 1, random));
    }
}

static void repeat(struct fm_mutant *mutant, const struct fm_mutate_limits *limits,
                   struct fm_random *random)
{
    if (mutant->count > 0) {
        struct range range = draw_range(mutant, mutant->count, random);
        uint32_t behind = range.from + range.count;
        uint32_t count = open_gap(mutant, behind, range.count, limits);
        memcpy(mutant->choices + behind, mutant->choices + range.from,
               count * sizeof *mutant->choices);
    }
}

static bool is_of_faults(const struct fm_choice *choice)
{
    return fm_choice_table()[choice->kind].fault != 0 || choice->kind == FM_CHOICE_START ||
           choice->kind == FM_CHOICE_HEAL || choice->kind == FM_CHOICE_RESUME ||
           (choice->kind == FM_CHOICE_DISK && choice->position != FATHOM_OK);
}

static void shift(struct fm_mutant *mutant, struct fm_random *random)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mutant->count; i++) {
        count += is_of_faults(&mutant->choices[i]);
    }
    if (count > 0) {
        uint32_t number = below(random, count), at = 0;
        while (!is_of_faults(&mutant->choices[at]) || number-- > 0) {
            at++;
        }
        move(mutant, (struct range){at, 1}, below(random, mutant->count));
    }
}

static void change_faults(struct fm_mutant *mutant, const struct fm_mutate_limits *limits,
                          struct fm_random *random)
{
    unsigned count = (unsigned)__builtin_popcountll(limits->faults);
    if (count == 0) {
        return;
    }
    uint64_t left = limits->faults;
    for (uint32_t skipped = below(random, count); skipped > 0; skipped--) {
        left &= left - 1;
    }
    uint64_t fault = left & ~(left - 1);
    mutant->faults ^= fault;
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        if (fm_choice_table()[kind].fault == fault && (mutant->faults & fault) != 0 &&
            fm_mutate_has((enum fm_choice_kind)kind, limits, mutant->faults)) {
            struct fm_choice choice = fm_mutate_choice((enum fm_choice_kind)kind, limits, random);
            put_in(mutant, &choice, limits, random);
        }
    }
}

static void cross(struct fm_mutant *mutant, const struct fm_mutant *other,
                  const struct fm_mutate_limits *limits, struct fm_random *random)
{
    uint32_t from = below(random, (uint64_t)other->count + 1);
    uint32_t at = below(random, (uint64_t)mutant->count + 1);
    uint32_t room = limits->count_max - at, count = other->count - from;
    count = count < room ? count : room;
    memcpy(mutant->choices + at, other->choices + from, count * sizeof *mutant->choices);
    mutant->count = at + count;
    mutant->faults |= other->faults;
}

enum fm_mutator fm_mutate_draw(struct fm_random *random)
{
    /* Half of the mutants are near, half far. */
    return below(random, 2) == 0 ? FM_MUTATE_HAVOC
                                 : (enum fm_mutator)below(random, FM_MUTATE_HAVOC);
}

void fm_mutate(struct fm_mutant *mutant, enum fm_mutator mutator, const struct fm_mutant *other,
               const struct fm_mutate_limits *limits, struct fm_random *random)
{
    fm_assert(mutant->count <= limits->count_max && limits->count_max > 0);
    switch (mutator) {
    case FM_MUTATE_SWAP:
        swap(mutant, random);
        return;
    case FM_MUTATE_SPLICE:
        splice(mutant, random);
        return;
    case FM_MUTATE_INSERT:
        insert(mutant, limits, random);
        return;
    case FM_MUTATE_DELETE:
        leave_out(mutant, random);
        return;
    case FM_MUTATE_REPEAT:
        repeat(mutant, limits, random);
        return;
    case FM_MUTATE_SHIFT:
        shift(mutant, random);
        return;
    case FM_MUTATE_FAULTS:
        change_faults(mutant, limits, random);
        return;
    case FM_MUTATE_CROSSOVER:
        if (other == NULL) {
            swap(mutant, random);
        } else {
            cross(mutant, other, limits, random);
        }
        return;
    case FM_MUTATE_HAVOC:
        for (uint32_t left = 2 + below(random, havoc_max - 1); left > 0; left--) {
            fm_mutate(mutant, (enum fm_mutator)below(random, FM_MUTATE_HAVOC), other, limits,
                      random);
        }
        return;
    case FM_MUTATOR_COUNT:
        break;
    }
    fm_unreachable();
}
