/* The end of a schedule: does the system get on when the world leaves it alone?
 *
 * Safety says nothing about a system that does nothing any more. So, when a schedule has ended
 * without a finding, every fault is healed (partitions, pauses, nodes that are down), and from then
 * on the world is fair: what is under way when a sweep begins is done in it, disks first, then
 * messages by age; between two sweeps a millisecond passes, or the time until something is due if
 * nothing is under way; timers fire when they are due. Meanwhile each node has a client. It sends a
 * request, and when it is refused, or after a while without an answer, another one to the next
 * node: systems with a leader refuse what the others get. Within `rounds` rounds, of the length
 * that the target states, every client must have got FATHOM_REPLY_OK, for any of its requests.
 *
 * All of it follows from the world as the schedule left it: nothing is drawn, so a schedule and the
 * number of rounds repeat it. It is made of choices, as anything that happens, so whoever watches
 * sees it, and the hash has it.
 *
 * A system that answers each message with two would go on for ever in no time: after too many
 * events, or with too many messages under way, the drain is given up, undecided. */
#include "sim/state.h"

#include "base/assert.h"

/* Events of a drain at most. Ten rounds of a quiet system of five nodes are a few thousand. */
static const uint32_t events_max = 200000;
/* Messages under way at most. */
static const uint32_t messages_max = 10000;
static const uint64_t step_us = 1000;
/* A client that was refused asks again after this part of a round. */
static const unsigned refused_parts = 10;

struct client {
    unsigned asks; /* the node that its next request goes to, from 0 */
    uint64_t again_us;
    uint64_t request; /* its last one */
    bool waits, served;
};

struct drain {
    struct fm_world *world;
    struct client clients[FATHOM_NODES_MAX];
    uint64_t first;         /* request of the drain */
    FM_VEC(uint8_t) owners; /* the clients of requests, from the first */
    uint64_t round_us, deadline_us;
    uint64_t patience_us; /* how long a client waits for an answer */
    uint32_t events;
    bool given_up;
    _Atomic uint32_t *pulse;
};

static bool goes_on(const struct drain *drain)
{
    return drain->world->verdict == FM_WORLD_FINE && !drain->given_up;
}

/* Applies a choice of that kind; whether it applies. */
static bool act(struct drain *drain, enum fm_choice_kind kind, unsigned node, unsigned peer)
{
    struct fm_world *world = drain->world;
    if (!goes_on(drain)) {
        return false;
    }
    struct fm_choice choice = fm_choice_make(kind);
    choice.node = (uint8_t)node;
    choice.peer = (uint8_t)peer;
    drain->events++;
    drain->given_up = drain->events >= events_max;
    if (drain->pulse != NULL) {
        atomic_store_explicit(drain->pulse, drain->events, memory_order_relaxed);
    }
    return fm_world_apply(world, &choice);
}

static void heal(struct drain *drain)
{
    struct fm_world *world = drain->world;
    (void)act(drain, FM_CHOICE_HEAL, 0, 0);
    for (unsigned i = 0; i < world->options.nodes; i++) {
        const struct fathom_node *node = &world->nodes[i];
        if (!node->up) {
            (void)act(drain, FM_CHOICE_START, node->id, 0);
        } else if (node->paused) {
            (void)act(drain, FM_CHOICE_RESUME, node->id, 0);
        }
    }
}

/* What is under way on disks, and told to senders. */
static void sweep_nodes(struct drain *drain)
{
    struct fm_world *world = drain->world;
    for (unsigned i = 0; i < world->options.nodes && goes_on(drain); i++) {
        struct fathom_node *node = &world->nodes[i];
        uint32_t operations = node->operations.count - node->operations_head;
        uint32_t tracked = node->tracked.count - node->tracked_head;
        for (; operations > 0 && goes_on(drain); operations--) {
            (void)act(drain, FM_CHOICE_DISK, node->id, 0);
        }
        for (; tracked > 0 && goes_on(drain); tracked--) {
            (void)act(drain, FM_CHOICE_SENT, node->id, 0);
        }
    }
}

/* The messages that are under way now, the oldest first. */
static void sweep_messages(struct drain *drain)
{
    struct fm_world *world = drain->world;
    unsigned nodes = world->options.nodes;
    uint32_t left[FATHOM_NODES_MAX][FATHOM_NODES_MAX];
    uint32_t total = 0;
    for (unsigned from = 0; from < nodes; from++) {
        for (unsigned to = 0; to < nodes; to++) {
            left[from][to] = world->channels[from][to].messages.count;
            total += left[from][to];
        }
    }
    drain->given_up |= total > messages_max;
    for (; total > 0 && goes_on(drain); total--) {
        unsigned from = 0, to = 0;
        uint64_t oldest = UINT64_MAX;
        for (unsigned i = 0; i < nodes * nodes; i++) {
            const struct fm_channel *channel = &world->channels[i / nodes][i % nodes];
            if (left[i / nodes][i % nodes] > 0 && channel->messages.at[0].number < oldest) {
                oldest = channel->messages.at[0].number;
                from = i / nodes;
                to = i % nodes;
            }
        }
        left[from][to]--;
        (void)act(drain, FM_CHOICE_DELIVER, from + 1, to + 1);
    }
}

/* Fires the timers that are due, each at most once, the one that is due longest first. */
static void fire(struct drain *drain)
{
    struct fm_world *world = drain->world;
    uint32_t left = 0;
    for (unsigned i = 0; i < world->options.nodes; i++) {
        left += world->nodes[i].timers.count;
    }
    for (; left > 0 && goes_on(drain); left--) {
        const struct fathom_node *latest = NULL;
        uint64_t late_us = 0;
        for (unsigned i = 0; i < world->options.nodes; i++) {
            const struct fathom_node *node = &world->nodes[i];
            if (!node->up || node->timers.count == 0 ||
                node->timers.at[0].due_us > fm_clock_now(node)) {
                continue;
            }
            uint64_t late = fm_clock_now(node) - node->timers.at[0].due_us;
            if (latest == NULL || late > late_us) {
                latest = node;
                late_us = late;
            }
        }
        if (latest == NULL) {
            return;
        }
        (void)act(drain, FM_CHOICE_TIMER, latest->id, 0);
    }
}

/* Whose requests were answered with OK; true when all clients have one. */
static bool look_at_answers(struct drain *drain)
{
    const struct fm_world *world = drain->world;
    for (uint32_t i = 0; i < drain->owners.count; i++) {
        drain->clients[drain->owners.at[i]].served |= world->requests.at[drain->first + i] ==
                                                      FM_REQUEST_ANSWERED + FATHOM_REPLY_OK;
    }
    bool all = true;
    for (unsigned i = 0; i < world->options.nodes; i++) {
        struct client *client = &drain->clients[i];
        all &= client->served;
        if (client->waits && world->requests.at[client->request] != FM_REQUEST_OPEN) {
            client->waits = false;
            client->again_us = world->time_us + drain->round_us / refused_parts;
        }
    }
    return all;
}

/* Clients that are neither served nor patient send a request to the next node. */
static void ask(struct drain *drain)
{
    struct fm_world *world = drain->world;
    for (unsigned i = 0; i < world->options.nodes && goes_on(drain); i++) {
        struct client *client = &drain->clients[i];
        if (client->served || world->time_us < client->again_us) {
            continue;
        }
        client->request = world->requests.count;
        client->waits = true;
        client->again_us = world->time_us + drain->patience_us;
        unsigned node = client->asks + 1;
        client->asks = (client->asks + 1) % world->options.nodes;
        if (act(drain, FM_CHOICE_REQUEST, node, 0)) {
            fm_vec_push(&drain->owners, (uint8_t)i);
        } else {
            client->waits = false;
        }
    }
}

static bool is_busy(const struct fm_world *world)
{
    for (unsigned i = 0; i < world->options.nodes; i++) {
        const struct fathom_node *node = &world->nodes[i];
        if (node->operations.count > node->operations_head ||
            node->tracked.count > node->tracked_head) {
            return true;
        }
        for (unsigned to = 0; to < world->options.nodes; to++) {
            if (world->channels[i][to].messages.count > 0) {
                return true;
            }
        }
    }
    return false;
}

/* Time goes on to what comes next. */
static void wait(struct drain *drain)
{
    struct fm_world *world = drain->world;
    uint64_t least = world->time_us + step_us, next = drain->deadline_us;
    for (unsigned i = 0; i < world->options.nodes; i++) {
        const struct fathom_node *node = &world->nodes[i];
        const struct client *client = &drain->clients[i];
        uint64_t now = fm_clock_now(node);
        if (node->up && node->timers.count > 0) {
            uint64_t due = node->timers.at[0].due_us;
            uint64_t at = world->time_us + (due > now ? due - now : 0);
            next = at < next ? at : next;
        }
        if (!client->served && client->again_us < next) {
            next = client->again_us;
        }
    }
    world->time_us = next < least || is_busy(world) ? least : next;
}

static void judge(struct drain *drain, unsigned rounds)
{
    const struct fm_world *world = drain->world;
    unsigned served = 0, first = 0;
    for (unsigned i = world->options.nodes; i > 0; i--) {
        served += drain->clients[i - 1].served;
        first = drain->clients[i - 1].served ? first : i;
    }
    fm_world_judge(drain->world, FM_WORLD_STUCK, 0,
                   served == 0 ? "no request is answered within %u rounds after all faults healed"
                               : "not all clients are served within %u rounds after all faults "
                                 "healed: client %u of %u",
                   rounds, first, world->options.nodes);
}

bool fm_world_can_drain(const struct fathom_sut *sut)
{
    return sut->round_ms > 0 && sut->client != NULL;
}

bool fm_world_drains(const struct fm_world *world)
{
    return world->options.rounds > 0 && fm_world_can_drain(world->options.sut) &&
           world->verdict == FM_WORLD_FINE;
}

uint32_t fm_world_drain(struct fm_world *world, _Atomic uint32_t *pulse)
{
    const struct fathom_sut *sut = world->options.sut;
    unsigned rounds = world->options.rounds;
    if (!fm_world_drains(world)) {
        return 0;
    }
    struct drain drain = {.world = world,
                          .first = world->requests.count,
                          .round_us = (uint64_t)sut->round_ms * 1000,
                          .pulse = pulse};
    world->draining = true;
    drain.deadline_us = world->time_us + drain.round_us * rounds;
    /* So that each client reaches each node in half of the time. */
    drain.patience_us = drain.round_us * rounds / (2u * world->options.nodes);
    if (drain.patience_us > drain.round_us) {
        drain.patience_us = drain.round_us;
    }
    for (unsigned i = 0; i < world->options.nodes; i++) {
        drain.clients[i] = (struct client){.asks = i, .again_us = world->time_us};
    }
    heal(&drain);
    bool all = false;
    while (goes_on(&drain) && !all) {
        ask(&drain);
        sweep_nodes(&drain);
        sweep_messages(&drain);
        fire(&drain);
        all = look_at_answers(&drain);
        if (!all && goes_on(&drain) && world->time_us >= drain.deadline_us) {
            judge(&drain, rounds);
        } else if (!all) {
            wait(&drain);
        }
    }
    fm_vec_deinit(&drain.owners);
    world->undecided = !all && world->verdict == FM_WORLD_FINE;
    return drain.events;
}

bool fm_world_is_undecided(const struct fm_world *world)
{
    return world->undecided;
}
