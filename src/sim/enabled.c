/* Which choices apply: counted and numbered, for whoever picks one.
 *
 * Numbered by node, or by channel (from, then to), then by position. Kinds without a position, and
 * kinds whose amount is free, count one for each node or channel that they apply to. With at most
 * 16 nodes a count is a short loop; a schedule of 100 choices asks a few hundred times.
 *
 * The conditions are those of world.c. What is counted applies: tests/unit/test_sim_world.c tries
 * every choice counted, on worlds in all kinds of states. */
#include "sim/state.h"

#include "base/assert.h"

/* Positions that the kind has at the node. */
static uint32_t count_at_node(const struct fm_world *world, enum fm_choice_kind kind,
                              const struct fathom_node *node)
{
    bool awake = node->up && !node->paused;
    switch (kind) {
    case FM_CHOICE_TIMER:
        return awake ? node->timers.count : 0;
    case FM_CHOICE_REQUEST:
        return awake && world->options.sut->client != NULL;
    case FM_CHOICE_DISK:
        return awake && node->operations_head < node->operations.count;
    case FM_CHOICE_SENT:
        return awake && node->tracked_head < node->tracked.count;
    case FM_CHOICE_CUSTOM:
        return awake ? world->custom_count : 0;
    case FM_CHOICE_START:
        return !node->up;
    case FM_CHOICE_CRASH:
    case FM_CHOICE_JUMP:
        return node->up;
    case FM_CHOICE_PAUSE:
        return awake;
    case FM_CHOICE_RESUME:
        return node->up && node->paused;
    case FM_CHOICE_ISOLATE:
        return !world->isolated[node->id - 1];
    case FM_CHOICE_ROT:
        return node->file_count;
    case FM_CHOICE_DELIVER:
    case FM_CHOICE_TICK:
    case FM_CHOICE_DROP:
    case FM_CHOICE_DUPLICATE:
    case FM_CHOICE_CUT:
    case FM_CHOICE_HEAL:
    case FM_CHOICE_COUNT:
        break;
    }
    fm_unreachable();
}

static uint32_t count_at_channel(const struct fm_world *world, enum fm_choice_kind kind,
                                 unsigned from, unsigned to)
{
    if (kind == FM_CHOICE_CUT) {
        return from != to && !world->channels[from - 1][to - 1].cut;
    }
    return fm_network_ready(world, kind, from, to);
}

static bool is_partitioned(const struct fm_world *world)
{
    for (unsigned from = 1; from <= world->options.nodes; from++) {
        for (unsigned to = 1; to <= world->options.nodes; to++) {
            if (!fm_network_open(world, from, to)) {
                return true;
            }
        }
    }
    return world->options.nodes == 1 && world->isolated[0];
}

/* Walks over all choices of the kind: their number, or with `choice` the index-th one in it. */
static uint32_t walk(const struct fm_world *world, enum fm_choice_kind kind, uint32_t index,
                     struct fm_choice *choice)
{
    const struct fm_choice_row *row = &fm_choice_table()[kind];
    unsigned nodes = world->options.nodes;
    uint32_t total = 0;
    if ((world->options.faults & row->fault) != row->fault) {
        return 0;
    }
    if (row->place == FM_PLACE_NOWHERE) {
        return kind == FM_CHOICE_TICK || is_partitioned(world);
    }
    unsigned peers = row->place == FM_PLACE_CHANNEL ? nodes : 1;
    for (unsigned node = 1; node <= nodes; node++) {
        for (unsigned peer = 1; peer <= peers; peer++) {
            uint32_t here = row->place == FM_PLACE_CHANNEL
                                ? count_at_channel(world, kind, node, peer)
                                : count_at_node(world, kind, &world->nodes[node - 1]);
            if (choice != NULL && index - total < here) {
                choice->node = (uint8_t)node;
                choice->peer = row->place == FM_PLACE_CHANNEL ? (uint8_t)peer : 0;
                choice->position = (uint16_t)(index - total);
                return total;
            }
            total += here;
        }
    }
    return total;
}

struct fm_choice fm_world_first_timer(const struct fm_world *world)
{
    struct fm_choice choice = fm_choice_make(FM_CHOICE_TIMER);
    uint64_t soonest = UINT64_MAX;
    for (unsigned i = 0; i < world->options.nodes; i++) {
        const struct fathom_node *node = &world->nodes[i];
        if (count_at_node(world, FM_CHOICE_TIMER, node) == 0) {
            continue;
        }
        /* By its own clock, which runs at most a little fast. */
        uint64_t now = fm_clock_now(node), due = node->timers.at[0].due_us;
        uint64_t left = due > now ? due - now : 0;
        if (left < soonest) {
            soonest = left;
            choice.node = (uint8_t)node->id;
        }
    }
    return choice;
}

uint32_t fm_world_count(const struct fm_world *world, enum fm_choice_kind kind)
{
    return walk(world, kind, 0, NULL);
}

struct fm_choice fm_world_choice(const struct fm_world *world, enum fm_choice_kind kind,
                                 uint32_t index)
{
    struct fm_choice choice = fm_choice_make(kind);
    (void)walk(world, kind, index, &choice);
    return choice;
}
