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
 * Where messages may be reordered the oldest of a channel still comes first half of the time:
 * evenly drawn places would starve old messages in long queues. */
#include "fuzz/draw.h"

#include "base/assert.h"
#include "sim/hash.h"

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

static uint32_t below(struct fm_random *random, uint32_t bound)
{
    return (uint32_t)fm_random_below(random, bound);
}

static enum fm_choice_kind draw_kind(struct fm_random *random, const struct fm_world *world,
                                     uint32_t *counts)
{
    uint32_t total = 0;
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        counts[kind] = fm_world_count(world, (enum fm_choice_kind)kind);
        total += counts[kind] > 0 ? weights[kind] : 0;
    }
    fm_assert(total > 0); /* time can always go on */
    uint32_t place = below(random, total);
    unsigned kind = 0;
    for (;; kind++) {
        uint32_t weight = counts[kind] > 0 ? weights[kind] : 0;
        if (place < weight) {
            return (enum fm_choice_kind)kind;
        }
        place -= weight;
    }
}

/* The status of an operation on the disk: what is not allowed does not apply, and is not drawn. */
static uint16_t draw_status(struct fm_random *random, uint64_t faults)
{
    if (below(random, fail_one_in) != 0) {
        return FATHOM_OK;
    }
    bool full = (faults & FATHOM_DISK_FULL) != 0;
    bool fail = (faults & (FATHOM_WRITE_FAIL | FATHOM_SYNC_FAIL)) != 0;
    if (full && fail) {
        return below(random, 2) == 0 ? FATHOM_FULL : FATHOM_FAILED;
    }
    return full ? FATHOM_FULL : fail ? FATHOM_FAILED : FATHOM_OK;
}

static void draw_crash(struct fm_random *random, const struct fm_world *world,
                       struct fm_choice *choice)
{
    uint64_t faults = fm_world_faults(world);
    choice->kept = (uint16_t)below(random, fm_world_disk_pending(world, choice->node) + 1);
    if ((faults & FATHOM_TORN_WRITE) != 0 && below(random, 4) == 0) {
        choice->amount = below(random, 64);
    }
    choice->position = (faults & FATHOM_UNSYNCED_LOST) != 0 ? (uint16_t)below(random, 2) : 0;
}

uint64_t fm_draw_faults(uint64_t seed, uint64_t allowed)
{
    /* Not the numbers that choices are drawn from. */
    uint64_t bits = fm_sim_hash_number(seed, allowed);
    return bits >> 61 == 0 ? allowed : allowed & bits;
}

struct fm_choice fm_draw_choice(struct fm_random *random, const struct fm_world *world)
{
    uint32_t counts[FM_CHOICE_COUNT];
    uint64_t faults = fm_world_faults(world);
    enum fm_choice_kind kind = draw_kind(random, world, counts);
    struct fm_choice choice = fm_world_choice(world, kind, below(random, counts[kind]));
    if (kind == FM_CHOICE_DELIVER && below(random, 2) == 0) {
        choice.position = 0;
    } else if (kind == FM_CHOICE_TICK) {
        choice.amount = 1 + below(random, tick_max);
    } else if (kind == FM_CHOICE_JUMP) {
        choice.amount = 1 + below(random, jump_max);
    } else if (kind == FM_CHOICE_CUSTOM) {
        choice.amount = 1 + below(random, fm_world_nodes(world));
    } else if (kind == FM_CHOICE_ROT) {
        choice.amount = below(random, UINT32_MAX);
    } else if (kind == FM_CHOICE_CRASH) {
        draw_crash(random, world, &choice);
    } else if (kind == FM_CHOICE_DISK) {
        choice.position = draw_status(random, faults);
    }
    if ((faults & FATHOM_CRASH_INSIDE) != 0 && fm_choice_runs_code(kind) &&
        below(random, cut_one_in) == 0) {
        choice.cut = (uint8_t)below(random, cut_max);
    }
    return choice;
}
