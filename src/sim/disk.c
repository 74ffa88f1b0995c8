/* Disks: files, and one queue of operations a node.
 *
 * An operation takes effect when a choice completes it, in the order in which it was begun; until
 * then a crash may find it done or not. A file is two texts: `data`, what a read gives, and
 * `durable`, what a crash cannot take. Operations that ask for durability, and syncs, make the
 * second the first.
 *
 *                 begin            complete              sync
 *     operation --------> queue ------------> data ------------> durable
 *                           |                  |
 *     crash:       `kept` of them are done,    | `lost`: data = durable
 *                  of the next append `torn`   |
 *                  bytes are                   v
 *
 * A sync that fails loses what it should have made durable, although a read still gives it and the
 * next sync succeeds: the page cache forgets that the pages are dirty (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020). The bytes in question are zero
 * after a crash that loses what is not durable. */
#include "sim/state.h"

#include <string.h>

static void set_text(struct fm_text *text, const char *bytes, size_t size)
{
    fm_text_clear(text);
    fm_text_add(text, bytes, size);
}

uint32_t fm_disk_file(struct fathom_node *node, const char *name)
{
    uint32_t index = 0;
    while (index < node->file_count && strcmp(node->files.at[index].name, name) != 0) {
        index++;
    }
    if (index < node->file_count) {
        return index;
    }
    if (index == node->files.count) {
        fm_vec_push(&node->files, (struct fm_file){.lost_from = 0});
    }
    struct fm_file *file = &node->files.at[index];
    file->name = fm_arena_strndup(&node->world->arena, name, strlen(name));
    fm_text_clear(&file->data);
    fm_text_clear(&file->durable);
    file->lost_from = file->lost_to = 0;
    node->file_count++;
    return index;
}

/* What is lost for good when the machine goes down is so in `durable` already. */
static void make_durable(struct fm_file *file)
{
    set_text(&file->durable, fm_text_string(&file->data), file->data.length);
    size_t to = file->lost_to < file->durable.length ? file->lost_to : file->durable.length;
    if (file->lost_from < to) {
        memset(file->durable.at + file->lost_from, 0, to - file->lost_from);
    }
}

/* The bytes from the first that the two texts do not share are lost. */
static void fail_sync(struct fm_file *file)
{
    size_t shared = 0;
    while (shared < file->data.length && shared < file->durable.length &&
           file->data.at[shared] == file->durable.at[shared]) {
        shared++;
    }
    if (shared < file->data.length) {
        file->lost_from = file->lost_to > file->lost_from && file->lost_from < shared
                              ? file->lost_from
                              : shared;
        file->lost_to = file->data.length;
    }
}

static void truncate_text(struct fm_text *text, size_t size)
{
    if (size < text->length) {
        text->length = size;
        text->at[size] = '\0';
    }
}

/* The first `size` bytes of an append, or a whole operation of another kind. */
static void perform(struct fathom_node *node, const struct fm_operation *operation, size_t size)
{
    struct fm_file *file = &node->files.at[operation->file];
    switch (operation->kind) {
    case FM_DISK_APPEND:
        fm_text_add(&file->data, operation->bytes.data, size);
        break;
    case FM_DISK_TRUNCATE:
        truncate_text(&file->data, operation->size);
        if (file->lost_to > operation->size) {
            file->lost_to = operation->size;
        }
        break;
    case FM_DISK_REPLACE:
        set_text(&file->data, operation->bytes.data, operation->bytes.size);
        file->lost_from = file->lost_to = 0;
        break;
    case FM_DISK_SYNC:
        break;
    }
    if (operation->durability == FATHOM_DURABLE) {
        make_durable(file);
    }
}

uint64_t fm_disk_begin(struct fathom_node *node, struct fm_operation operation)
{
    operation.number = ++node->world->numbers;
    operation.bytes = fm_world_keep(node->world, operation.bytes);
    fm_vec_push(&node->operations, operation);
    return operation.number;
}

bool fm_disk_complete(struct fathom_node *node, enum fathom_status status,
                      struct fm_operation *operation)
{
    if (node->operations_head == node->operations.count) {
        return false;
    }
    *operation = node->operations.at[node->operations_head];
    uint64_t allowed = node->world->options.faults;
    bool is_sync = operation->kind == FM_DISK_SYNC;
    if (status > FATHOM_FULL ||
        (status == FATHOM_FAILED &&
         (allowed & (is_sync ? FATHOM_SYNC_FAIL : FATHOM_WRITE_FAIL)) == 0) ||
        (status == FATHOM_FULL && (is_sync || (allowed & FATHOM_DISK_FULL) == 0))) {
        return false;
    }
    node->operations_head++;
    if (status == FATHOM_OK) {
        perform(node, operation, operation->bytes.size);
    } else if (is_sync) {
        fail_sync(&node->files.at[operation->file]);
    }
    return true;
}

void fm_disk_put(struct fathom_node *node, const char *name, struct fathom_bytes bytes)
{
    uint32_t index = fm_disk_file(node, name); /* moves files */
    struct fm_file *file = &node->files.at[index];
    set_text(&file->data, bytes.data, bytes.size);
    set_text(&file->durable, bytes.data, bytes.size);
}

void fm_disk_crash(struct fathom_node *node, const struct fm_choice *choice)
{
    uint64_t allowed = node->world->options.faults;
    uint32_t pending = node->operations.count - node->operations_head;
    uint32_t kept = choice->kept < pending ? choice->kept : pending;
    for (uint32_t i = 0; i < kept; i++) {
        const struct fm_operation *operation = &node->operations.at[node->operations_head++];
        perform(node, operation, operation->bytes.size);
    }
    if (kept < pending && choice->amount > 0 && (allowed & FATHOM_TORN_WRITE) != 0) {
        const struct fm_operation *next = &node->operations.at[node->operations_head];
        if (next->kind == FM_DISK_APPEND && next->bytes.size > 0) {
            perform(node, next, choice->amount % next->bytes.size);
        }
    }
    bool lose = choice->position != 0 && (allowed & FATHOM_UNSYNCED_LOST) != 0;
    for (uint32_t i = 0; i < node->file_count; i++) {
        struct fm_file *file = &node->files.at[i];
        if (lose) {
            set_text(&file->data, fm_text_string(&file->durable), file->durable.length);
        } else {
            set_text(&file->durable, fm_text_string(&file->data), file->data.length);
        }
        file->lost_from = file->lost_to = 0;
    }
    node->operations.count = node->operations_head = 0;
}

bool fm_disk_rot(struct fathom_node *node, uint32_t file, uint32_t bit)
{
    if (file >= node->file_count || node->files.at[file].data.length == 0) {
        return false;
    }
    struct fm_text *texts[] = {&node->files.at[file].data, &node->files.at[file].durable};
    size_t place = bit / 8 % texts[0]->length;
    for (unsigned i = 0; i < 2; i++) {
        if (place < texts[i]->length) {
            texts[i]->at[place] = (char)(texts[i]->at[place] ^ (1 << bit % 8));
        }
    }
    return true;
}

void fm_disk_reset(struct fathom_node *node)
{
    node->file_count = 0;
    node->operations.count = node->operations_head = 0;
}

void fm_disk_free(struct fathom_node *node)
{
    for (uint32_t i = 0; i < node->files.count; i++) {
        fm_text_deinit(&node->files.at[i].data);
        fm_text_deinit(&node->files.at[i].durable);
    }
    fm_vec_deinit(&node->files);
    fm_vec_deinit(&node->operations);
}
