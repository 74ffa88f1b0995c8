/* A world: applies choices.
 *
 * An event has three parts: the choice is checked against how things stand (a choice that does not
 * apply changes nothing, not even time); the world changes and the target's function runs, whose
 * services act at once (services.c); then a node that was cut short crashes, what the node shows is
 * observed if anybody watches, and the target's own judge is asked. The hash covers the choices
 * that applied and every effect in order; observations are not in it, so that it does not depend on
 * who watches.
 *
 * Which choices apply is said in one place a kind: the counting functions at the end follow the
 * same conditions as the functions that apply, and tests/unit/test_sim_world.c holds the two
 * together by applying what was counted. */
#include "sim/hash.h"
#include "sim/state.h"

#include "base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct fm_world *fm_world_new(const struct fm_world_options *options)
{
    fm_assert(options->nodes >= 1 && options->nodes <= FATHOM_NODES_MAX);
    struct fm_world *world = fm_memory_calloc(1, sizeof *world);
    world->options = *options;
    world->ended = true;
    fm_arena_init(&world->arena, "world");
    for (unsigned i = 0; i < FATHOM_NODES_MAX; i++) {
        world->nodes[i].world = world;
        world->nodes[i].id = i + 1;
    }
    const char *const *customs = options->sut->customs;
    while (customs != NULL && customs[world->custom_count] != NULL) {
        world->custom_count++;
    }
    return world;
}

void fm_world_free(struct fm_world *world)
{
    if (world == NULL) {
        return;
    }
    fm_world_end(world);
    for (unsigned i = 0; i < FATHOM_NODES_MAX; i++) {
        struct fathom_node *node = &world->nodes[i];
        fm_disk_free(node);
        fm_vec_deinit(&node->timers);
        fm_vec_deinit(&node->tracked);
        fm_vec_deinit(&node->tracked_status);
        for (unsigned to = 0; to < FATHOM_NODES_MAX; to++) {
            fm_vec_deinit(&world->channels[i][to].messages);
        }
    }
    fm_vec_deinit(&world->requests);
    fm_arena_deinit(&world->arena);
    fm_memory_free(world);
}

void fm_world_set_watch(struct fm_world *world, const struct fm_world_watch *watch)
{
    world->watch = watch == NULL ? (struct fm_world_watch){NULL, NULL} : *watch;
}

void fm_world_set_seed(struct fm_world *world, uint64_t seed)
{
    fm_assert(world->ended);
    world->options.seed = seed;
}

void fm_world_set_faults(struct fm_world *world, uint64_t faults)
{
    fm_assert(world->ended);
    world->options.faults = faults;
}

void fm_world_judge(struct fm_world *world, enum fm_world_verdict verdict, unsigned node,
                    const char *format, ...)
{
    if (world->verdict != FM_WORLD_FINE) {
        return;
    }
    world->verdict = verdict;
    world->reason_node = node;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(world->reason, sizeof world->reason, format, arguments);
    va_end(arguments);
}

static void tell_watch(struct fm_world *world, const struct fm_happening *happening)
{
    if (world->watch.happened != NULL) {
        struct fm_happening told = *happening;
        told.time_us = world->time_us;
        told.step = world->steps;
        told.drains = world->draining;
        world->watch.happened(world->watch.closure, &told);
    }
}

void fm_world_happen(struct fm_world *world, const struct fm_happening *happening)
{
    uint64_t words[] = {(uint64_t)happening->kind, happening->node, happening->peer,
                        happening->number, (uint64_t)happening->status};
    world->hash = fm_sim_hash_bytes(world->hash, words, sizeof words);
    if (happening->data.size > 0) {
        world->hash = fm_sim_hash_bytes(world->hash, happening->data.data, happening->data.size);
    }
    tell_watch(world, happening);
}

struct fathom_bytes fm_world_keep(struct fm_world *world, struct fathom_bytes bytes)
{
    if (bytes.size == 0) {
        return (struct fathom_bytes){.data = "", .size = 0};
    }
    return (struct fathom_bytes){.data = fm_arena_copy(&world->arena, bytes.data, bytes.size),
                                 .size = bytes.size};
}

/* The memory of a node that goes down; its disk stays. */
static void drop_node(struct fathom_node *node)
{
    if (node->state != NULL) {
        node->dropping = true;
        node->world->options.sut->drop(node->state);
        node->dropping = false;
        node->state = NULL;
    }
    node->up = node->paused = false;
    node->timers.count = 0;
    node->tracked.count = node->tracked_head = 0;
    node->tracked_status.count = 0;
}

static void crash_node(struct fathom_node *node, const struct fm_choice *choice)
{
    fm_disk_crash(node, choice);
    drop_node(node);
    struct fm_happening happening = {.kind = FM_HAPPENED_CRASH, .node = node->id};
    fm_world_happen(node->world, &happening);
}

static void enter(struct fathom_node *node, const struct fm_choice *choice)
{
    bool cut = choice->cut != FM_CHOICE_WHOLE;
    node->inside = true;
    node->effects = 0;
    node->effects_max = cut ? choice->cut : UINT32_MAX;
}

/* The target's function has returned: a node that was cut short crashes. */
static void leave(struct fathom_node *node, const struct fm_choice *choice)
{
    node->inside = false;
    if (choice->cut != FM_CHOICE_WHOLE) {
        /* Nothing that is under way is done, and what is on the disk stays. */
        struct fm_choice crash = fm_choice_make(FM_CHOICE_CRASH);
        crash_node(node, &crash);
    }
}

static void start_node(struct fathom_node *node, const struct fm_choice *choice)
{
    struct fm_world *world = node->world;
    bool first = node->file_count == 0;
    node->incarnation++;
    node->drawn = 0;
    node->up = true;
    enter(node, choice);
    node->state = world->options.sut->start(node, first);
    bool refused = node->state == NULL && choice->cut == FM_CHOICE_WHOLE;
    leave(node, choice);
    if (refused) {
        node->up = false;
        fm_world_judge(world, FM_WORLD_REFUSED, node->id, "node %u did not start", node->id);
    }
}

static void observe(struct fm_world *world, struct fathom_node *node)
{
    struct fathom_record *record = fm_record_new(&world->arena, &world->record_misuse);
    node->dropping = true; /* an observation has no effects */
    world->options.sut->observe(node->state, record);
    node->dropping = false;
    struct fm_happening happening = {.kind = FM_HAPPENED_STATE, .node = node->id, .record = record};
    tell_watch(world, &happening);
}

/* After an event: observations, and the target's own judge. `node` 0: no node was concerned. */
static void settle(struct fm_world *world, unsigned number)
{
    const struct fathom_sut *sut = world->options.sut;
    if (number != 0 && world->watch.happened != NULL && sut->observe != NULL &&
        world->nodes[number - 1].state != NULL) {
        observe(world, &world->nodes[number - 1]);
    }
    struct fm_happening end = {.kind = FM_HAPPENED_END, .node = number};
    tell_watch(world, &end);
    if (world->record_misuse != NULL) {
        fm_world_judge(world, FM_WORLD_HARNESS, number, "%s", world->record_misuse);
    }
    if (sut->check == NULL || world->verdict != FM_WORLD_FINE) {
        return;
    }
    void *states[FATHOM_NODES_MAX];
    for (unsigned i = 0; i < world->options.nodes; i++) {
        states[i] = world->nodes[i].state;
    }
    const char *broken = sut->check(states, world->options.nodes);
    if (broken != NULL) {
        fm_world_judge(world, FM_WORLD_PROPERTY, 0, "%s", broken);
    }
}

void fm_world_begin(struct fm_world *world)
{
    fm_world_end(world);
    fm_arena_reset(&world->arena);
    world->ended = false;
    world->time_us = world->numbers = world->answered = 0;
    world->requests.count = 0;
    world->steps = 0;
    world->draining = world->undecided = false;
    world->hash = world->options.seed;
    world->verdict = FM_WORLD_FINE;
    world->reason[0] = '\0';
    world->reason_node = 0;
    world->record_misuse = NULL;
    fm_network_reset(world);
    if (world->options.sut->begin != NULL) {
        world->options.sut->begin(world->options.nodes);
    }
    struct fm_choice start = fm_choice_make(FM_CHOICE_START);
    for (unsigned i = 0; i < world->options.nodes; i++) {
        struct fathom_node *node = &world->nodes[i];
        node->incarnation = 0;
        fm_clock_reset(node);
        fm_disk_reset(node);
    }
    for (unsigned i = 0; i < world->options.nodes && world->verdict == FM_WORLD_FINE; i++) {
        start.node = (uint8_t)(i + 1);
        struct fm_happening happening = {
            .kind = FM_HAPPENED_CHOICE, .choice = &start, .node = i + 1, .status = 1};
        fm_world_happen(world, &happening);
        start_node(&world->nodes[i], &start);
        settle(world, i + 1);
    }
}

void fm_world_end(struct fm_world *world)
{
    if (world->ended) {
        return;
    }
    for (unsigned i = 0; i < world->options.nodes; i++) {
        drop_node(&world->nodes[i]);
    }
    world->ended = true;
}

/* What an event is about, found while it is checked. */
struct event {
    struct fm_message message;
    struct fm_operation operation;
    uint64_t number;
    enum fathom_status status;
    bool first; /* START: the disk is empty */
};

/* Whether the node can be given an event. */
static bool is_awake(const struct fathom_node *node)
{
    return node->up && !node->paused;
}

/* Checks a choice that names one node, and takes from the world what it is about. */
static bool take_node_event(struct fathom_node *node, const struct fm_choice *choice,
                            struct event *event)
{
    struct fm_world *world = node->world;
    switch ((enum fm_choice_kind)choice->kind) {
    case FM_CHOICE_TIMER:
        return is_awake(node) && fm_clock_fire(node, choice->position, &event->number);
    case FM_CHOICE_REQUEST:
        if (!is_awake(node) || world->options.sut->client == NULL) {
            return false;
        }
        event->number = world->requests.count;
        fm_vec_push(&world->requests, FM_REQUEST_OPEN);
        return true;
    case FM_CHOICE_DISK:
        event->status = (enum fathom_status)choice->position;
        return is_awake(node) && fm_disk_complete(node, event->status, &event->operation);
    case FM_CHOICE_SENT:
        if (!is_awake(node) || node->tracked_head == node->tracked.count) {
            return false;
        }
        event->status = (enum fathom_status)node->tracked_status.at[node->tracked_head];
        event->number = node->tracked.at[node->tracked_head++];
        return true;
    case FM_CHOICE_CUSTOM:
        return is_awake(node) && choice->position < world->custom_count && choice->amount >= 1 &&
               choice->amount <= world->options.nodes;
    case FM_CHOICE_START:
        event->first = node->file_count == 0;
        return !node->up;
    case FM_CHOICE_CRASH:
    case FM_CHOICE_JUMP:
        return node->up;
    case FM_CHOICE_PAUSE:
        return is_awake(node);
    case FM_CHOICE_RESUME:
        return node->up && node->paused;
    case FM_CHOICE_ROT:
        return fm_disk_rot(node, choice->position, choice->amount);
    case FM_CHOICE_ISOLATE:
        return fm_network_change(world, choice);
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

/* Choices that concern no single node's code. */
static bool take_other_event(struct fm_world *world, const struct fm_choice *choice,
                             struct event *event)
{
    switch ((enum fm_choice_kind)choice->kind) {
    case FM_CHOICE_TICK:
        world->time_us += (uint64_t)choice->amount * 1000;
        return choice->amount > 0;
    case FM_CHOICE_DELIVER:
        return fm_network_ready(world, FM_CHOICE_DELIVER, choice->node, choice->peer) >
                   choice->position &&
               fm_network_take(world, choice, false, &event->message);
    case FM_CHOICE_DROP:
        return fm_network_take(world, choice, false, &event->message);
    case FM_CHOICE_DUPLICATE:
        if (!fm_network_take(world, choice, true, &event->message)) {
            return false;
        }
        fm_network_send(world, choice->node, choice->peer, event->message);
        return true;
    case FM_CHOICE_CUT:
    case FM_CHOICE_HEAL:
        return fm_network_change(world, choice);
    case FM_CHOICE_TIMER:
    case FM_CHOICE_REQUEST:
    case FM_CHOICE_DISK:
    case FM_CHOICE_SENT:
    case FM_CHOICE_CUSTOM:
    case FM_CHOICE_START:
    case FM_CHOICE_ISOLATE:
    case FM_CHOICE_CRASH:
    case FM_CHOICE_PAUSE:
    case FM_CHOICE_RESUME:
    case FM_CHOICE_JUMP:
    case FM_CHOICE_ROT:
    case FM_CHOICE_COUNT:
        break;
    }
    fm_unreachable();
}

/* Gives the event to the target. */
static void run_node(struct fathom_node *node, const struct fm_choice *choice,
                     const struct event *event)
{
    const struct fathom_sut *sut = node->world->options.sut;
    char payload[24];
    int length;
    enter(node, choice);
    switch ((enum fm_choice_kind)choice->kind) {
    case FM_CHOICE_DELIVER:
        sut->deliver(node->state, choice->node, event->message.bytes);
        break;
    case FM_CHOICE_TIMER:
        sut->timer(node->state, event->number);
        break;
    case FM_CHOICE_REQUEST:
        length = snprintf(payload, sizeof payload, "r%llu", (unsigned long long)event->number);
        sut->client(node->state, event->number,
                    (struct fathom_bytes){.data = payload, .size = (size_t)length});
        break;
    case FM_CHOICE_DISK:
        if (sut->done != NULL) {
            sut->done(node->state, event->operation.number, event->status);
        }
        break;
    case FM_CHOICE_SENT:
        if (sut->done != NULL) {
            sut->done(node->state, event->number, event->status);
        }
        break;
    case FM_CHOICE_CUSTOM:
        sut->custom(node->state, sut->customs[choice->position], choice->amount);
        break;
    case FM_CHOICE_TICK:
    case FM_CHOICE_START:
    case FM_CHOICE_DROP:
    case FM_CHOICE_DUPLICATE:
    case FM_CHOICE_CUT:
    case FM_CHOICE_ISOLATE:
    case FM_CHOICE_HEAL:
    case FM_CHOICE_CRASH:
    case FM_CHOICE_PAUSE:
    case FM_CHOICE_RESUME:
    case FM_CHOICE_JUMP:
    case FM_CHOICE_ROT:
    case FM_CHOICE_COUNT:
        fm_unreachable(); /* they run no code of a node that is up */
    }
    leave(node, choice);
}

/* The node whose code runs or that the choice changes, or NULL. */
static struct fathom_node *node_of(struct fm_world *world, const struct fm_choice *choice)
{
    const struct fm_choice_row *row = &fm_choice_table()[choice->kind];
    unsigned number = row->place == FM_PLACE_NODE         ? choice->node
                      : choice->kind == FM_CHOICE_DELIVER ? choice->peer
                                                          : 0;
    return number == 0 ? NULL : &world->nodes[number - 1];
}

/* Whether the nodes named exist and the faults it needs are on. */
static bool is_allowed(const struct fm_world *world, const struct fm_choice *choice)
{
    const struct fm_choice_row *row = &fm_choice_table()[choice->kind];
    unsigned nodes = world->options.nodes;
    if (row->place != FM_PLACE_NOWHERE && (choice->node < 1 || choice->node > nodes)) {
        return false;
    }
    if (row->place == FM_PLACE_CHANNEL && (choice->peer < 1 || choice->peer > nodes)) {
        return false;
    }
    uint64_t needed = row->fault | (choice->cut == FM_CHOICE_WHOLE ? 0 : FATHOM_CRASH_INSIDE);
    return (world->options.faults & needed) == needed;
}

static void tell_choice(struct fm_world *world, const struct fm_choice *choice,
                        const struct event *event)
{
    bool disk = choice->kind == FM_CHOICE_DISK;
    struct fm_happening happening = {
        .kind = FM_HAPPENED_CHOICE,
        .choice = choice,
        .node = choice->node,
        .peer = choice->peer,
        .number = disk                         ? event->operation.number
                  : event->message.number != 0 ? event->message.number
                                               : event->number,
        .name = choice->kind == FM_CHOICE_CUSTOM ? world->options.sut->customs[choice->position]
                                                 : NULL,
        .data = disk ? event->operation.bytes : event->message.bytes,
        .status = choice->kind == FM_CHOICE_START ? event->first : (int)event->status,
    };
    world->hash = fm_sim_hash_bytes(world->hash, choice, sizeof *choice);
    fm_world_happen(world, &happening);
}

bool fm_world_apply(struct fm_world *world, const struct fm_choice *choice)
{
    fm_assert(!world->ended && world->verdict == FM_WORLD_FINE);
    world->steps++;
    if (!is_allowed(world, choice) || (choice->cut != FM_CHOICE_WHOLE &&
                                       !fm_choice_runs_code((enum fm_choice_kind)choice->kind))) {
        return false;
    }
    struct event event = {.number = 0};
    struct fathom_node *node = node_of(world, choice);
    bool takes = node != NULL && choice->kind != FM_CHOICE_DELIVER
                     ? take_node_event(node, choice, &event)
                     : take_other_event(world, choice, &event);
    if (!takes) {
        return false;
    }
    tell_choice(world, choice, &event);
    if (choice->kind == FM_CHOICE_START) {
        start_node(node, choice);
    } else if (fm_choice_runs_code((enum fm_choice_kind)choice->kind)) {
        run_node(node, choice, &event);
    } else if (choice->kind == FM_CHOICE_CRASH) {
        crash_node(node, choice);
    } else if (choice->kind == FM_CHOICE_PAUSE || choice->kind == FM_CHOICE_RESUME) {
        node->paused = choice->kind == FM_CHOICE_PAUSE;
    } else if (choice->kind == FM_CHOICE_JUMP) {
        node->offset_us += (uint64_t)choice->amount * 1000;
    }
    settle(world, node == NULL ? 0 : node->id);
    return true;
}

enum fm_world_verdict fm_world_verdict(const struct fm_world *world)
{
    return world->verdict;
}

const char *fm_world_reason(const struct fm_world *world, unsigned *node)
{
    *node = world->reason_node;
    return world->reason;
}

uint64_t fm_world_hash(const struct fm_world *world)
{
    return world->hash;
}

/* Grows when the same choices lead to other events, beyond what the table of choices tells. */
static const uint64_t world_version = 2;

static uint64_t hash_word(uint64_t hash, const char *word)
{
    return fm_sim_hash_bytes(hash, word == NULL ? "" : word, word == NULL ? 0 : strlen(word));
}

uint64_t fm_world_own_hash(void)
{
    uint64_t hash = world_version;
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        const struct fm_choice_row *row = &fm_choice_table()[kind];
        hash = hash_word(fm_sim_hash_number(hash, row->place), row->word);
        hash = hash_word(hash_word(hash_word(hash, row->position), row->kept), row->amount);
    }
    return hash;
}

unsigned fm_world_nodes(const struct fm_world *world)
{
    return world->options.nodes;
}

uint64_t fm_world_faults(const struct fm_world *world)
{
    return world->options.faults;
}

unsigned fm_world_customs(const struct fm_world *world)
{
    return world->custom_count;
}

uint32_t fm_world_disk_pending(const struct fm_world *world, unsigned node)
{
    const struct fathom_node *owner = &world->nodes[node - 1];
    return owner->operations.count - owner->operations_head;
}

void fm_world_requests(const struct fm_world *world, uint64_t *asked, uint64_t *answered)
{
    *asked = world->requests.count;
    *answered = world->answered;
}
