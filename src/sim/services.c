/* The services that a target calls: fathom/sut.h's functions.
 *
 * Each effect is counted; from the one that a choice's `cut` names on they do not happen, though
 * the target is told that they did, until its handler returns and the node crashes. That is the
 * same, to everybody else, as a crash between two effects, and needs no jump out of the target's
 * code, which would lose the memory and the locks that it holds at that moment.
 *
 * A misuse of a service (a node that does not exist, an answer to no request) is judged on the spot
 * and has no effect. */
#include "sim/hash.h"
#include "sim/state.h"

#include "base/random.h"

#include <stdio.h>
#include <string.h>

/* Whether the effect that the target asks for happens. */
static bool begin_effect(struct fathom_node *node)
{
    if (node->dropping) {
        return false;
    }
    if (!node->inside) {
        fm_world_judge(node->world, FM_WORLD_HARNESS, node->id,
                       "a service was called outside of an event of this node");
        return false;
    }
    return node->effects++ < node->effects_max;
}

static void happen(struct fathom_node *node, struct fm_happening happening)
{
    happening.node = node->id;
    fm_world_happen(node->world, &happening);
}

unsigned fathom_id(const struct fathom_node *node)
{
    return node->id;
}

unsigned fathom_nodes(const struct fathom_node *node)
{
    return node->world->options.nodes;
}

uint64_t fathom_now(const struct fathom_node *node)
{
    return fm_clock_now(node) / 1000;
}

uint64_t fathom_random(struct fathom_node *node, uint64_t bound)
{
    if (bound == 0) {
        fm_world_judge(node->world, FM_WORLD_HARNESS, node->id, "fathom_random: the bound is 0");
        return 0;
    }
    uint64_t seed = fm_sim_hash_number(node->world->options.seed, node->id);
    seed = fm_sim_hash_number(seed, node->incarnation);
    struct fm_random random;
    fm_random_seed(&random, fm_sim_hash_number(seed, node->drawn++));
    return fm_random_below(&random, bound);
}

static uint64_t send(struct fathom_node *node, unsigned to, struct fathom_bytes message,
                     bool tracked)
{
    struct fm_world *world = node->world;
    if (to < 1 || to > world->options.nodes) {
        fm_world_judge(world, FM_WORLD_HARNESS, node->id,
                       "a message to node %u, which does not exist", to);
        return 0;
    }
    uint64_t number = ++world->numbers;
    if (!begin_effect(node)) {
        return number;
    }
    bool open = fm_network_open(world, node->id, to);
    struct fm_message kept = {.bytes = fm_world_keep(world, message), .number = number};
    int status = open || !tracked ? FATHOM_OK : FATHOM_UNREACHABLE;
    happen(node, (struct fm_happening){.kind = FM_HAPPENED_SEND,
                                       .peer = to,
                                       .number = number,
                                       .data = kept.bytes,
                                       .status = status});
    if (status == FATHOM_OK) {
        fm_network_send(world, node->id, to, kept);
    }
    if (tracked) {
        fm_vec_push(&node->tracked, number);
        fm_vec_push(&node->tracked_status, (uint8_t)status);
    }
    return number;
}

void fathom_send(struct fathom_node *node, unsigned to, struct fathom_bytes message)
{
    (void)send(node, to, message, false);
}

uint64_t fathom_send_tracked(struct fathom_node *node, unsigned to, struct fathom_bytes message)
{
    return send(node, to, message, true);
}

void fathom_timer(struct fathom_node *node, uint64_t timer, uint64_t delay)
{
    if (begin_effect(node)) {
        fm_clock_set(node, timer, delay * 1000);
        happen(node, (struct fm_happening){
                         .kind = FM_HAPPENED_TIMER, .number = timer, .status = (int)delay});
    }
}

void fathom_cancel(struct fathom_node *node, uint64_t timer)
{
    if (begin_effect(node) && fm_clock_cancel(node, timer)) {
        happen(node, (struct fm_happening){.kind = FM_HAPPENED_CANCEL, .number = timer});
    }
}

/* False, and judged, when it is no name of a file. */
static bool check_name(struct fathom_node *node, const char *file)
{
    size_t length = strlen(file);
    if (length == 0 || length > FM_DISK_NAME_MAX) {
        fm_world_judge(node->world, FM_WORLD_HARNESS, node->id,
                       "the name of a file has %zu bytes, and can have 1 to %u", length,
                       FM_DISK_NAME_MAX);
        return false;
    }
    return true;
}

static uint64_t begin_operation(struct fathom_node *node, const char *file,
                                struct fm_operation operation)
{
    if (!check_name(node, file) || !begin_effect(node)) {
        return ++node->world->numbers;
    }
    operation.file = fm_disk_file(node, file);
    uint64_t number = fm_disk_begin(node, operation);
    happen(node, (struct fm_happening){.kind = FM_HAPPENED_DISK,
                                       .number = number,
                                       .name = node->files.at[operation.file].name,
                                       .data = operation.bytes,
                                       .status = (int)operation.kind});
    return number;
}

uint64_t fathom_append(struct fathom_node *node, const char *file, struct fathom_bytes bytes,
                       enum fathom_durability durability)
{
    return begin_operation(
        node, file,
        (struct fm_operation){.kind = FM_DISK_APPEND, .bytes = bytes, .durability = durability});
}

uint64_t fathom_truncate(struct fathom_node *node, const char *file, size_t size,
                         enum fathom_durability durability)
{
    return begin_operation(
        node, file,
        (struct fm_operation){.kind = FM_DISK_TRUNCATE, .size = size, .durability = durability});
}

uint64_t fathom_replace(struct fathom_node *node, const char *file, struct fathom_bytes bytes,
                        enum fathom_durability durability)
{
    return begin_operation(
        node, file,
        (struct fm_operation){.kind = FM_DISK_REPLACE, .bytes = bytes, .durability = durability});
}

uint64_t fathom_sync(struct fathom_node *node, const char *file)
{
    return begin_operation(
        node, file, (struct fm_operation){.kind = FM_DISK_SYNC, .durability = FATHOM_DURABLE});
}

struct fathom_bytes fathom_read(struct fathom_node *node, const char *file)
{
    for (uint32_t i = 0; i < node->file_count; i++) {
        if (strcmp(node->files.at[i].name, file) == 0) {
            const struct fm_text *data = &node->files.at[i].data;
            return (struct fathom_bytes){.data = fm_text_string(data), .size = data->length};
        }
    }
    return (struct fathom_bytes){.data = "", .size = 0};
}

void fathom_put(struct fathom_node *node, const char *file, struct fathom_bytes bytes)
{
    if (check_name(node, file) && begin_effect(node)) {
        fm_disk_put(node, file, bytes);
        happen(node, (struct fm_happening){.kind = FM_HAPPENED_PUT,
                                           .name = node->files.at[fm_disk_file(node, file)].name,
                                           .data = fm_world_keep(node->world, bytes)});
    }
}

void fathom_reply(struct fathom_node *node, uint64_t request, enum fathom_outcome outcome,
                  struct fathom_bytes payload)
{
    struct fm_world *world = node->world;
    if (request >= world->requests.count) {
        fm_world_judge(world, FM_WORLD_HARNESS, node->id,
                       "an answer to request %llu, which nobody sent", (unsigned long long)request);
        return;
    }
    if (!begin_effect(node)) {
        return;
    }
    if (world->requests.at[request] != FM_REQUEST_OPEN) {
        fm_world_judge(world, FM_WORLD_BREACH, node->id, "request %llu is answered twice",
                       (unsigned long long)request);
        return;
    }
    world->requests.at[request] = (uint8_t)(FM_REQUEST_ANSWERED + outcome);
    world->answered += outcome == FATHOM_REPLY_OK;
    happen(node, (struct fm_happening){.kind = FM_HAPPENED_REPLY,
                                       .number = request,
                                       .data = fm_world_keep(world, payload),
                                       .status = (int)outcome});
}

struct fathom_record *fathom_event(struct fathom_node *node, const char *kind)
{
    struct fm_world *world = node->world;
    struct fathom_record *record = fm_record_new(&world->arena, &world->record_misuse);
    if (begin_effect(node)) {
        happen(node,
               (struct fm_happening){.kind = FM_HAPPENED_EVENT,
                                     .name = fm_arena_strndup(&world->arena, kind, strlen(kind)),
                                     .record = record});
    }
    return record;
}

/* The text of a finding that the target tells. */
__attribute__((format(printf, 3, 0))) static void tell(struct fathom_node *node,
                                                       enum fm_world_verdict verdict,
                                                       const char *format, va_list arguments)
{
    if (node->dropping || node->effects >= node->effects_max) {
        return; /* what a node thinks that is about to crash is of no interest */
    }
    char text[sizeof node->world->reason];
    (void)vsnprintf(text, sizeof text, format, arguments);
    fm_world_judge(node->world, verdict, node->id, "%s", text);
}

const struct fathom_sut *fm_node_sut(const struct fathom_node *node)
{
    return node->world->options.sut;
}

__attribute__((format(printf, 3, 4))) static void tell_formatted(struct fathom_node *node,
                                                                 enum fm_world_verdict verdict,
                                                                 const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(node, verdict, format, arguments);
    va_end(arguments);
}

void fm_node_judge(struct fathom_node *node, enum fm_world_verdict verdict, const char *text)
{
    tell_formatted(node, verdict, "%s", text);
}

uint64_t fm_node_incarnation(const struct fathom_node *node)
{
    return node->incarnation;
}

bool fm_node_drains(const struct fathom_node *node)
{
    return node->world->draining;
}

bool fm_node_acts(const struct fathom_node *node)
{
    return !node->dropping && node->effects < node->effects_max;
}

uint64_t fm_node_requests(const struct fathom_node *node)
{
    return node->world->requests.count;
}

bool fm_node_file(const struct fathom_node *node, uint32_t index, const char **name,
                  struct fathom_bytes *bytes)
{
    if (index >= node->file_count) {
        return false;
    }
    const struct fm_file *file = &node->files.at[index];
    *name = file->name;
    *bytes = (struct fathom_bytes){.data = fm_text_string(&file->data), .size = file->data.length};
    return true;
}

void fathom_fail(struct fathom_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(node, FM_WORLD_FAILED, format, arguments);
    va_end(arguments);
}

void fathom_breach(struct fathom_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(node, FM_WORLD_BREACH, format, arguments);
    va_end(arguments);
}

void fathom_stopped(struct fathom_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell(node, FM_WORLD_STOPPED, format, arguments);
    va_end(arguments);
}
