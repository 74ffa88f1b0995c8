/* The network: one queue a pair of nodes.
 *
 * A message stays in its queue until a choice delivers or drops it, so delay needs no fault.
 * Without FATHOM_REORDER only the oldest of a queue can arrive. A duplicate is put at the end of
 * the queue. Partitions are kept per direction (`cut`) and per node (`isolated`); what is behind
 * one waits, as it would with a transport that sends again, and `drop` loses it where losing is
 * allowed. A tracked message that is sent into a partition is reported as unreachable, and does not
 * arrive.
 *
 * Messages to a node that is down wait too: whether they are lost is for `drop` to decide. */
#include "sim/state.h"

#include <string.h>

static struct fm_channel *channel_of(struct fm_world *world, unsigned from, unsigned to)
{
    return &world->channels[from - 1][to - 1];
}

bool fm_network_open(const struct fm_world *world, unsigned from, unsigned to)
{
    return from == to || (!world->channels[from - 1][to - 1].cut && !world->isolated[from - 1] &&
                          !world->isolated[to - 1]);
}

void fm_network_send(struct fm_world *world, unsigned from, unsigned to, struct fm_message message)
{
    fm_vec_push(&channel_of(world, from, to)->messages, message);
}

bool fm_network_take(struct fm_world *world, const struct fm_choice *choice, bool keep,
                     struct fm_message *message)
{
    struct fm_channel *channel = channel_of(world, choice->node, choice->peer);
    uint32_t place = choice->position;
    if (place >= channel->messages.count) {
        return false;
    }
    *message = channel->messages.at[place];
    if (!keep) {
        channel->messages.count--;
        memmove(&channel->messages.at[place], &channel->messages.at[place + 1],
                (channel->messages.count - place) * sizeof *message);
    }
    return true;
}

static bool heal(struct fm_world *world)
{
    bool changed = false;
    for (unsigned from = 0; from < world->options.nodes; from++) {
        changed |= world->isolated[from];
        world->isolated[from] = false;
        for (unsigned to = 0; to < world->options.nodes; to++) {
            changed |= world->channels[from][to].cut;
            world->channels[from][to].cut = false;
        }
    }
    return changed;
}

bool fm_network_change(struct fm_world *world, const struct fm_choice *choice)
{
    if (choice->kind == FM_CHOICE_HEAL) {
        return heal(world);
    }
    bool *what = choice->kind == FM_CHOICE_ISOLATE
                     ? &world->isolated[choice->node - 1]
                     : &channel_of(world, choice->node, choice->peer)->cut;
    if (*what || (choice->kind == FM_CHOICE_CUT && choice->node == choice->peer)) {
        return false;
    }
    *what = true;
    return true;
}

void fm_network_reset(struct fm_world *world)
{
    memset(world->isolated, 0, sizeof world->isolated);
    for (unsigned from = 0; from < world->options.nodes; from++) {
        for (unsigned to = 0; to < world->options.nodes; to++) {
            world->channels[from][to].cut = false;
            world->channels[from][to].messages.count = 0;
        }
    }
}

uint32_t fm_network_ready(const struct fm_world *world, enum fm_choice_kind kind, unsigned from,
                          unsigned to)
{
    const struct fathom_node *node = &world->nodes[to - 1];
    uint32_t count = world->channels[from - 1][to - 1].messages.count;
    if (kind != FM_CHOICE_DELIVER) {
        return count;
    }
    if (count == 0 || !node->up || node->paused || !fm_network_open(world, from, to)) {
        return 0;
    }
    return (world->options.faults & FATHOM_REORDER) != 0 ? count : 1;
}
