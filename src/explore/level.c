/* From one level to the next: taking parts, settling what parallel workers claimed, giving indices.
 *
 * A level is a list of segments in order; the offset of a state in it is its place in that list.
 * After a serial level the next one is simply what worker 0 wrote. After a parallel level every
 * worker has segments of its own, each labelled with the offset of the part of parents it came
 * from. A part was worked on by one worker, so ordering all segments by that label, and those of
 * one part as they were written, is TLC's order: nothing is copied, only the list is merged. Before
 * that, records whose state another worker holds under a smaller key are marked dropped; readers
 * skip them. The steps:
 *
 *     mark     all workers   own candidates against the claims
 *     merge    leader        one list of segments, index of each one's first state
 *     grow     all workers   the fingerprint table
 *     insert   all workers   own surviving candidates into table and links
 *
 * The memory of a segment goes back when the last of its records was expanded, unless the search
 * keeps all states (struct search, `archive`). */
#include "explore/search.h"

#include "base/assert.h"

#include <stdlib.h>

/* States of one part at most: beyond it the lock is forgotten, and the halt is still heeded soon.
 */
#define PART_MAX 64u
/* Parts per worker that a level is cut into, so that the last ones end together. */
#define PARTS_PER_WORKER 16u

/* --- parts --- */

bool cursor_init(struct cursor *cursor)
{
    return pthread_mutex_init(&cursor->lock, NULL) == 0;
}

void cursor_begin(struct search *search)
{
    struct cursor *cursor = &search->cursor;
    const struct level *level = &search->level;
    cursor->segment = 0;
    cursor->offset = 0;
    uint64_t share = level->count / ((uint64_t)search->worker_count * PARTS_PER_WORKER);
    cursor->part_max = share < 1 ? 1 : share > PART_MAX ? PART_MAX : (uint32_t)share;
    if (!search->parallel) {
        cursor->part_max = PART_MAX;
    }
    fm_memory_free(cursor->unread);
    cursor->unread = fm_memory_alloc((level->segment_count + 1) * sizeof *cursor->unread);
    for (uint32_t i = 0; i < level->segment_count; i++) {
        cursor->unread[i] = level->segments[i].total;
    }
    if (level->segment_count > 0) {
        fm_reader_begin(&cursor->reader, &level->segments[0]);
    }
}

bool cursor_take(struct search *search, struct part *part)
{
    struct cursor *cursor = &search->cursor;
    const struct level *level = &search->level;
    pthread_mutex_lock(&cursor->lock);
    while (cursor->segment < level->segment_count && cursor->reader.left == 0) {
        if (++cursor->segment < level->segment_count) {
            fm_reader_begin(&cursor->reader, &level->segments[cursor->segment]);
        }
    }
    bool found = cursor->segment < level->segment_count;
    if (found) {
        part->reader = cursor->reader;
        part->segment = cursor->segment;
        part->offset = cursor->offset;
        part->records = 0;
        size_t size;
        for (uint32_t taken = 0; taken < cursor->part_max; taken++) {
            if (fm_reader_next(&cursor->reader, &size) == NULL) {
                break;
            }
            cursor->offset++;
        }
        part->records = part->reader.left - cursor->reader.left;
        part->reader.left = part->records;
    }
    pthread_mutex_unlock(&cursor->lock);
    return found;
}

void cursor_give_back(struct search *search, const struct part *part)
{
    struct cursor *cursor = &search->cursor;
    pthread_mutex_lock(&cursor->lock);
    cursor->unread[part->segment] -= part->records;
    bool last = cursor->unread[part->segment] == 0;
    pthread_mutex_unlock(&cursor->lock);
    if (last && !search->archive) {
        fm_segment_release(search->queue, &search->level.segments[part->segment]);
    }
}

/* --- the next level --- */

void level_release(struct search *search)
{
    struct level *level = &search->level;
    if (!search->archive) {
        for (uint32_t i = 0; i < level->segment_count; i++) {
            fm_segment_release(search->queue, &level->segments[i]);
        }
    }
    fm_memory_free(level->segments);
    level->segments = NULL;
    level->segment_count = 0;
}

static void keep_level(struct search *search)
{
    if (search->archive) {
        for (uint32_t i = 0; i < search->level.segment_count; i++) {
            fm_vec_push(&search->kept, search->level.segments[i]);
        }
    }
}

void level_take_direct(struct search *search, uint64_t first)
{
    struct fm_writer *writer = &search->workers[0].writer;
    level_release(search);
    uint64_t index = first;
    for (uint32_t i = 0; i < writer->segments.count; i++) {
        writer->segments.at[i].first = index;
        index += writer->segments.at[i].live;
    }
    search->level = (struct level){writer->segments.at, writer->segments.count, first,
                                   index - first};
    fm_writer_next_level(writer);
    keep_level(search);
}

/* --- settling --- */

static void mark_task(void *closure, uint32_t member)
{
    struct search *search = closure;
    struct worker *worker = &search->workers[member];
    for (uint32_t i = 0; i < worker->writer.segments.count; i++) {
        struct fm_segment *segment = &worker->writer.segments.at[i];
        struct fm_reader reader;
        fm_reader_begin(&reader, segment);
        struct candidate *candidate = &worker->candidates.at[segment->candidate];
        bool lost = false;
        do {
            lost = reader.left > 0 && candidate->key != UINT64_MAX &&
                   fm_claims_key(search->claims, candidate->fingerprint) != candidate->key;
            if (lost) {
                candidate->key = UINT64_MAX;
                segment->live--;
            }
            candidate++;
        } while (fm_reader_settle(&reader, lost));
    }
}

void level_mark(struct search *search)
{
    bool ran = fm_crew_run(search->crew, mark_task, search);
    fm_assert(ran);
}

static int compare_segments(const void *a, const void *b)
{
    const struct fm_segment *first = a;
    const struct fm_segment *second = b;
    if (first->order != second->order) {
        return first->order < second->order ? -1 : 1;
    }
    return first->candidate < second->candidate ? -1 : first->candidate > second->candidate;
}

/* One list of all workers' segments, in order, with indices; the workers keep their own lists. */
static struct level merge_segments(struct search *search, uint64_t first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        count += search->workers[i].writer.segments.count;
    }
    struct fm_segment *all = fm_memory_alloc((count + 1) * sizeof *all);
    uint32_t used = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        for (uint32_t j = 0; j < search->workers[i].writer.segments.count; j++) {
            all[used++] = search->workers[i].writer.segments.at[j];
        }
    }
    qsort(all, count, sizeof *all, compare_segments);
    uint64_t index = first;
    for (uint32_t i = 0; i < count; i++) {
        all[i].first = index;
        index += all[i].live;
    }
    return (struct level){all, count, first, index - first};
}

static void grow_task(void *closure, uint32_t member)
{
    const struct search *search = closure;
    fm_table_grow_share(search->table, member);
}

static bool grow_table(struct search *search, uint64_t more)
{
    while (!fm_table_has_room(search->table, more)) {
        if (!fm_table_grow_begin(search->table, search->worker_count)) {
            return false;
        }
        bool ran = fm_crew_run(search->crew, grow_task, search);
        fm_assert(ran);
    }
    return true;
}

/* Room for the actions of states that are kept. */
static void reserve_actions(struct search *search, uint64_t count)
{
    fm_assert(!search->archive || count < UINT32_MAX);
    while (search->archive && search->kept_actions.count < count) {
        fm_vec_push(&search->kept_actions, FM_ACTION_INITIAL);
    }
}

struct insert_job {
    struct search *search;
    const struct level *next;
};

/* Distinct new states per parent: candidates come ordered by parent. */
static void count_parents(struct worker *worker, const struct candidate *candidate)
{
    uint64_t parent = candidate->key >> FM_KEY_ORDINAL_BITS;
    if (parent != worker->parent_offset) {
        uint64_t degree = worker->parent_new;
        if (degree > 0) {
            uint64_t bucket = degree < FM_OUTDEGREE_BUCKETS ? degree : FM_OUTDEGREE_BUCKETS - 1;
            worker->outdegrees[bucket]++;
            worker->outdegrees[0]--;
        }
        worker->parent_offset = parent;
        worker->parent_new = 0;
    }
    worker->parent_new++;
    worker->actions[candidate->action].distinct++;
}

static void insert_segment(struct worker *worker, const struct fm_segment *segment)
{
    struct search *search = worker->search;
    const struct candidate *candidate = &worker->candidates.at[segment->candidate];
    uint64_t index = segment->first;
    for (uint32_t i = 0; i < segment->total; i++, candidate++) {
        if (candidate->key == UINT64_MAX) {
            continue;
        }
        enum fm_table_result result = fm_table_insert(search->table, candidate->fingerprint);
        if (result == FM_TABLE_FULL) {
            atomic_store(&search->memory_refused, true);
        }
        uint64_t parent = search->level.first + (candidate->key >> FM_KEY_ORDINAL_BITS);
        fm_links_set(search->links, index, (struct fm_link){parent, candidate->own});
        if (search->archive) {
            search->kept_actions.at[index] = candidate->action;
        }
        index++;
        count_parents(worker, candidate);
    }
}

static void insert_task(void *closure, uint32_t member)
{
    const struct insert_job *job = closure;
    struct worker *worker = &job->search->workers[member];
    worker->parent_offset = UINT64_MAX;
    worker->parent_new = 0;
    worker->outdegrees[0] += worker->expanded;
    for (uint32_t i = 0; i < job->next->segment_count; i++) {
        if (job->next->segments[i].writer == member) {
            insert_segment(worker, &job->next->segments[i]);
        }
    }
    /* Closes the count of the last parent. */
    if (worker->parent_new > 0) {
        uint64_t degree = worker->parent_new;
        worker->outdegrees[degree < FM_OUTDEGREE_BUCKETS ? degree : FM_OUTDEGREE_BUCKETS - 1]++;
        worker->outdegrees[0]--;
    }
}

bool level_settle(struct search *search)
{
    level_mark(search);
    uint64_t first = search->level.first + search->level.count;
    struct level next = merge_segments(search, first);
    if (!grow_table(search, next.count) || !fm_links_reserve(search->links, first + next.count)) {
        fm_memory_free(next.segments);
        return false;
    }
    reserve_actions(search, first + next.count);
    struct insert_job job = {search, &next};
    bool ran = fm_crew_run(search->crew, insert_task, &job);
    fm_assert(ran);
    fm_table_add_count(search->table, next.count);
    fm_claims_clear(search->claims);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        fm_memory_free(worker->writer.segments.at);
        fm_writer_next_level(&worker->writer);
        fm_vec_deinit(&worker->candidates);
    }
    level_release(search);
    search->level = next;
    keep_level(search);
    return !atomic_load(&search->memory_refused);
}
