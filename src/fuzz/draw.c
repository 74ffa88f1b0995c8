/* Random schedules.
 *
 * First the kind is drawn, by weight, among the kinds that apply to something as things stand; then
 * the place, evenly; then amounts. Kinds that keep the system going (messages, disks) are drawn
 * most often, timers less, else elections follow each other and nothing is ever decided; faults
 * seldom, since each opens a way into a state that takes many ordinary events to use. Nodes that
 * are down or paused come back with more weight than nodes go down, so that a quorum is usually
 * there.
 *
 * A schedule does not use all faults that are allowed, but a set of them that is drawn first, each
 * with even odds, and all of them once in eight schedules. A fault whose first use ends most
 * schedules (writes that fail, where the system crashes of that) would hide what the others lead
 * to; and what takes many uses of one fault is seldom reached where twelve take turns. Groce et
 * al., "Swarm Testing", ISSTA 2012, is the idea and its measurement.
 *
 * Half of the schedules have a temperament besides: how often each kind of fault, requests, timers,
 * what operators do, and the disks are drawn, how many timers fire in the order in which they are
 * due, and whether faults come in storms with calm times between them. One distribution suits no
 * two bugs: a leader elected by timers out of order seldom commits anything, and by timers in order
 * is seldom contradicted. The other half is even, so whatever even schedules find takes at most
 * twice as many.
 *
 * Where messages may be reordered the oldest of a channel still comes first half of the time:
 * evenly drawn places would starve old messages in long queues. */
#include "fuzz/draw.h"

#include "base/assert.h"
#include "sim/hash.h"

#include <string.h>

/* ORDER(choice) */
static const uint16_t weights[FM_CHOICE_COUNT] = {
    [FM_CHOICE_DELIVER] = 400,  [FM_CHOICE_TIMER] = 100, [FM_CHOICE_TICK] = 10,
    [FM_CHOICE_REQUEST] = 60,   [FM_CHOICE_DISK] = 200,  [FM_CHOICE_SENT] = 200,
    [FM_CHOICE_CUSTOM] = 15,    [FM_CHOICE_START] = 60,  [FM_CHOICE_DROP] = 15,
    [FM_CHOICE_DUPLICATE] = 15, [FM_CHOICE_CUT] = 5,     [FM_CHOICE_ISOLATE] = 5,
    [FM_CHOICE_HEAL] = 20,      [FM_CHOICE_CRASH] = 12,  [FM_CHOICE_PAUSE] = 5,
    [FM_CHOICE_RESUME] = 30,    [FM_CHOICE_JUMP] = 5,    [FM_CHOICE_ROT] = 2,
};
/* One in so many events of code is cut short, where that is allowed, and at one of the first
 * effects. */
static const unsigned cut_one_in = 50;
static const unsigned cut_max = 8;
/* One in so many operations of the disk fails, where that is allowed. */
static const unsigned fail_one_in = 30;
/* Milliseconds of ticks and jumps at most: a few election timeouts. */
static const unsigned tick_max = 500;
static const unsigned jump_max = 10000;

static uint32_t below(struct fm_draw *draw, uint32_t bound)
{
    return (uint32_t)fm_random_below(&draw->random, bound);
}

static bool is_fault(unsigned kind)
{
    return fm_choice_table()[kind].fault != 0;
}

uint64_t fm_draw_faults(uint64_t seed, uint64_t allowed)
{
    /* Not the numbers that choices are drawn from. */
    uint64_t bits = fm_sim_hash_number(seed, allowed);
    return bits >> 61 == 0 ? allowed : allowed & bits;
}

/* --- temperaments --- */

static void scale(struct fm_draw *draw, uint16_t *weight, const unsigned quarters[4])
{
    unsigned scaled = *weight * quarters[below(draw, 4)] / 4;
    *weight = (uint16_t)(scaled == 0 ? 1 : scaled);
}

static void draw_weights(struct fm_draw *draw)
{
    /* Quarters of the weight; one of the four is drawn. */
    static const unsigned of_fault[4] = {1, 2, 4, 12}, of_request[4] = {1, 4, 4, 16},
                          of_custom[4] = {2, 4, 8, 32}, of_timer[4] = {1, 2, 4, 4},
                          of_disk[4] = {1, 4, 4, 8};
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        if (is_fault(kind)) {
            scale(draw, &draw->weights[kind], of_fault);
        }
    }
    scale(draw, &draw->weights[FM_CHOICE_REQUEST], of_request);
    scale(draw, &draw->weights[FM_CHOICE_CUSTOM], of_custom);
    scale(draw, &draw->weights[FM_CHOICE_TIMER], of_timer);
    scale(draw, &draw->weights[FM_CHOICE_DISK], of_disk);
}

void fm_draw_begin(struct fm_draw *draw, uint64_t seed, bool even)
{
    /* Choices that calm times and storms last in the mean. */
    static const unsigned of_calm[4] = {0, 0, 20, 60}, of_storm[4] = {4, 8, 16, 30},
                          of_first_timers[4] = {0, 4, 6, 8};
    *draw = (struct fm_draw){.first_timers = 0};
    memcpy(draw->weights, weights, sizeof weights);
    fm_random_seed(&draw->random, seed);
    if (!even && below(draw, 2) == 0) {
        draw_weights(draw);
        draw->first_timers = of_first_timers[below(draw, 4)];
        draw->calm_mean = of_calm[below(draw, 4)];
        draw->storm_mean = of_storm[below(draw, 4)];
    }
}

/* --- choices --- */

static uint32_t weight_of(const struct fm_draw *draw, const struct fm_world *world, unsigned kind)
{
    uint32_t weight = draw->calm && is_fault(kind) ? 0 : draw->weights[kind];
    /* Each thing that an operator can do is a kind of its own. */
    return kind == FM_CHOICE_CUSTOM ? weight * fm_world_customs(world) : weight;
}

static enum fm_choice_kind draw_kind(struct fm_draw *draw, const struct fm_world *world,
                                     uint32_t *counts)
{
    uint32_t total = 0;
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        counts[kind] = fm_world_count(world, (enum fm_choice_kind)kind);
        total += counts[kind] > 0 ? weight_of(draw, world, kind) : 0;
    }
    fm_assert(total > 0); /* time can always go on */
    uint32_t place = below(draw, total);
    unsigned kind = 0;
    for (;; kind++) {
        uint32_t weight = counts[kind] > 0 ? weight_of(draw, world, kind) : 0;
        if (place < weight) {
            return (enum fm_choice_kind)kind;
        }
        place -= weight;
    }
}

/* The status of an operation on the disk: what is not allowed does not apply, and is not drawn. */
static uint16_t draw_status(struct fm_draw *draw, uint64_t faults)
{
    if (draw->calm || below(draw, fail_one_in) != 0) {
        return FATHOM_OK;
    }
    bool full = (faults & FATHOM_DISK_FULL) != 0;
    bool fail = (faults & (FATHOM_WRITE_FAIL | FATHOM_SYNC_FAIL)) != 0;
    if (full && fail) {
        return below(draw, 2) == 0 ? FATHOM_FULL : FATHOM_FAILED;
    }
    return full ? FATHOM_FULL : fail ? FATHOM_FAILED : FATHOM_OK;
}

static void draw_crash(struct fm_draw *draw, const struct fm_world *world, struct fm_choice *choice)
{
    uint64_t faults = fm_world_faults(world);
    choice->kept = (uint16_t)below(draw, fm_world_disk_pending(world, choice->node) + 1);
    if ((faults & FATHOM_TORN_WRITE) != 0 && below(draw, 4) == 0) {
        choice->amount = below(draw, 64);
    }
    choice->position = (faults & FATHOM_UNSYNCED_LOST) != 0 ? (uint16_t)below(draw, 2) : 0;
}

/* Whether the time is calm. */
static void draw_weather(struct fm_draw *draw)
{
    if (draw->calm_mean > 0 && below(draw, draw->calm ? draw->calm_mean : draw->storm_mean) == 0) {
        draw->calm = !draw->calm;
    }
}

struct fm_choice fm_draw_choice(struct fm_draw *draw, const struct fm_world *world)
{
    uint32_t counts[FM_CHOICE_COUNT];
    uint64_t faults = fm_world_faults(world);
    draw_weather(draw);
    enum fm_choice_kind kind = draw_kind(draw, world, counts);
    struct fm_choice choice = fm_world_choice(world, kind, below(draw, counts[kind]));
    if (kind == FM_CHOICE_DELIVER && below(draw, 2) == 0) {
        choice.position = 0;
    } else if (kind == FM_CHOICE_TIMER && below(draw, 8) < draw->first_timers) {
        choice = fm_world_first_timer(world);
    } else if (kind == FM_CHOICE_TICK) {
        choice.amount = 1 + below(draw, tick_max);
    } else if (kind == FM_CHOICE_JUMP) {
        choice.amount = 1 + below(draw, jump_max);
    } else if (kind == FM_CHOICE_CUSTOM) {
        choice.amount = 1 + below(draw, fm_world_nodes(world));
    } else if (kind == FM_CHOICE_ROT) {
        choice.amount = below(draw, UINT32_MAX);
    } else if (kind == FM_CHOICE_CRASH) {
        draw_crash(draw, world, &choice);
    } else if (kind == FM_CHOICE_DISK) {
        choice.position = draw_status(draw, faults);
    }
    if ((faults & FATHOM_CRASH_INSIDE) != 0 && fm_choice_runs_code(kind) && !draw->calm &&
        below(draw, cut_one_in) == 0) {
        choice.cut = (uint8_t)below(draw, cut_max);
    }
    return choice;
}
