/* Virtual time. The world's time goes on only by choices: by a tick, or to the moment when the
 * timer that is to fire is due. A timer therefore never fires early, and may fire late by any
 * amount, as on a machine under load: that other timers are overdue by then is nobody's concern.
 *
 * A node's clock is  offset + time + time * drift / 10^6,  offset and drift drawn from the seed
 * under FATHOM_CLOCK_SKEW and 0 otherwise; a jump adds to the offset. All three only grow with
 * time, so a clock never goes back. A crash does not touch it. */
#include "sim/state.h"

#include "base/random.h"

/* Clocks differ by up to 10 s and run up to 500 ppm fast: NTP gives up at that drift (RFC 5905,
 * MAXFREQ). */
static const uint64_t offset_us_max = 10000000;
static const uint64_t drift_ppm_max = 500;

static uint64_t local_time(const struct fathom_node *node, uint64_t time_us)
{
    return node->offset_us + time_us + time_us * (uint64_t)node->drift_ppm / 1000000;
}

uint64_t fm_clock_now(const struct fathom_node *node)
{
    return local_time(node, node->world->time_us);
}

void fm_clock_set(struct fathom_node *node, uint64_t number, uint64_t delay_us)
{
    (void)fm_clock_cancel(node, number);
    struct fm_timer timer = {
        .number = number,
        .due_us = fm_clock_now(node) + delay_us,
        .ordinal = ++node->world->numbers,
    };
    /* Kept in order of when they are due. */
    fm_vec_push(&node->timers, timer);
    uint32_t place = node->timers.count - 1;
    for (; place > 0 && node->timers.at[place - 1].due_us > timer.due_us; place--) {
        node->timers.at[place] = node->timers.at[place - 1];
    }
    node->timers.at[place] = timer;
}

static void remove_timer(struct fathom_node *node, uint32_t place)
{
    node->timers.count--;
    for (uint32_t i = place; i < node->timers.count; i++) {
        node->timers.at[i] = node->timers.at[i + 1];
    }
}

bool fm_clock_cancel(struct fathom_node *node, uint64_t number)
{
    for (uint32_t i = 0; i < node->timers.count; i++) {
        if (node->timers.at[i].number == number) {
            remove_timer(node, i);
            return true;
        }
    }
    return false;
}

bool fm_clock_fire(struct fathom_node *node, uint32_t position, uint64_t *number)
{
    if (position >= node->timers.count) {
        return false;
    }
    struct fm_timer timer = node->timers.at[position];
    struct fm_world *world = node->world;
    uint64_t now = fm_clock_now(node);
    if (now < timer.due_us) {
        uint64_t missing = timer.due_us - now;
        world->time_us += missing - missing * (uint64_t)node->drift_ppm / 1000000;
        /* Rounding, and the drift of the drift: at most a few microseconds. */
        while (fm_clock_now(node) < timer.due_us) {
            world->time_us++;
        }
    }
    remove_timer(node, position);
    *number = timer.number;
    return true;
}

void fm_clock_reset(struct fathom_node *node)
{
    const struct fm_world_options *options = &node->world->options;
    node->timers.count = 0;
    node->offset_us = 0;
    node->drift_ppm = 0;
    if ((options->faults & FATHOM_CLOCK_SKEW) != 0) {
        struct fm_random random;
        fm_random_seed(&random, options->seed ^ ((uint64_t)node->id << 32));
        node->offset_us = fm_random_below(&random, offset_us_max + 1);
        node->drift_ppm = (int64_t)fm_random_below(&random, drift_ppm_max + 1);
    }
}
