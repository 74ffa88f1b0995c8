/* From one level to the next: taking parts, merging what parallel workers found, giving indices.
 *
 * A level is a list of segments in order; the offset of a state in it is its place in that list.
 * After a serial level the next one is simply what worker 0 wrote. After a parallel level every
 * worker has segments of its own, each labelled with the offset of the part of parents it came
 * from. A part was worked on by one worker, so ordering all segments by that label, and those of
 * one part as they were written, is TLC's order: nothing is copied, only the list is merged. Before
 * that, records whose state an earlier part has were marked dropped (turns.c); readers skip them.
 * The steps:
 *
 *     insert   leader        the few states that still wait for their turn
 *     merge    leader        one list of segments, index of each one's first state
 *     settle   all workers   own new states into links
 *
 * The memory of a segment goes back when the last of its records was expanded, unless the search
 * keeps all states (struct search, `archive`). */
#include "explore/level.h"

#include "base/assert.h"

#include <time.h>

/* States of one part at most: beyond it the lock is forgotten, and the halt is still heeded soon.
 */
#define PART_MAX (1u << FM_PART_BITS)
/* Parts per worker that a level is cut into, so that the last ones end together. */
#define PARTS_PER_WORKER 16u

/* Between two looks at whether a worker may begin: short against the levels it would be missed in.
 */
#define AWAIT_NS 100000

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
    atomic_store_explicit(&cursor->over, false, memory_order_relaxed);
    uint64_t share = level->count / ((uint64_t)search->worker_count * PARTS_PER_WORKER);
    cursor->part_max = share < 1 ? 1 : share > PART_MAX ? PART_MAX : (uint32_t)share;
    if (!search->parallel) {
        cursor->part_max = PART_MAX;
    }
    fm_memory_free(cursor->unread);
    cursor->unread = fm_memory_alloc((level->segment_count + 1) * sizeof *cursor->unread);
    for (uint32_t i = 0; i < level->segment_count; i++) {
        atomic_store_explicit(&cursor->unread[i], level->segments[i].total, memory_order_relaxed);
    }
    if (level->segment_count > 0) {
        fm_reader_begin(&cursor->reader, &level->segments[0]);
    }
}

/* Moves the cursor to a segment that has records left; false when there is none. */
static bool find_records(struct cursor *cursor, const struct level *level)
{
    while (cursor->segment < level->segment_count && cursor->reader.at == cursor->reader.end) {
        if (++cursor->segment < level->segment_count) {
            fm_reader_begin(&cursor->reader, &level->segments[cursor->segment]);
        }
    }
    return cursor->segment < level->segment_count;
}

/* The part ends before the record that the cursor is at. */
static void end_part(const struct cursor *cursor, struct part *part)
{
    part->last = cursor->segment;
    part->last_end = cursor->reader.at;
    if (part->last == part->first) {
        part->reader.end = part->last_end;
    }
}

bool cursor_take(struct search *search, struct worker *worker, struct part *part)
{
    struct cursor *cursor = &search->cursor;
    const struct level *level = &search->level;
    if (pthread_mutex_trylock(&cursor->lock) != 0) {
        worker->part_waits++;
        pthread_mutex_lock(&cursor->lock);
    }
    bool found = find_records(cursor, level);
    if (found) {
        part->reader = cursor->reader;
        part->first = part->at = cursor->segment;
        part->first_begin = cursor->reader.at;
        part->offset = cursor->offset;
        uint32_t wanted = cursor->part_max;
        do {
            wanted -= fm_reader_skip(&cursor->reader, wanted);
            end_part(cursor, part);
        } while (wanted > 0 && find_records(cursor, level));
        cursor->offset += cursor->part_max - wanted;
        part->end = cursor->offset;
    }
    pthread_mutex_unlock(&cursor->lock);
    return found;
}

uint32_t part_take(const struct search *search, struct part *part, uint32_t max,
                   const uint8_t **records)
{
    uint32_t count = 0;
    while ((count += fm_reader_take(&part->reader, max - count, records + count)) < max &&
           part->at < part->last) {
        fm_reader_begin(&part->reader, &search->level.segments[++part->at]);
        if (part->at == part->last) {
            part->reader.end = part->last_end;
        }
    }
    return count;
}

/* So many records of the segment will not be read any more, by whom took them. */
static void give_back(struct search *search, uint32_t segment, uint32_t records)
{
    /* Acquire and release: whoever gives the last records back must see the others' reads done. */
    uint32_t before = atomic_fetch_sub_explicit(&search->cursor.unread[segment], records,
                                                memory_order_acq_rel);
    if (before == records && !search->archive) {
        fm_segment_release(search->queue, &search->level.segments[segment]);
    }
}

void cursor_give_back(struct search *search, const struct part *part)
{
    uint32_t begin = part->first_begin;
    for (uint32_t i = part->first; i <= part->last; i++) {
        uint32_t end = i == part->last ? part->last_end : search->level.segments[i].total;
        if (end > begin) {
            give_back(search, i, end - begin);
        }
        begin = 0;
    }
}

/* --- processors --- */

uint32_t level_processors(const struct search *search)
{
    uint32_t busy = atomic_load_explicit(&search->model->busy, memory_order_relaxed);
    if (busy == 0) {
        return search->worker_count;
    }
    return search->processors > busy ? search->processors - busy : 1;
}

bool level_await_processor(const struct worker *worker)
{
    const struct search *search = worker->search;
    const struct timespec pause = {.tv_nsec = AWAIT_NS};
    while (worker->number >= level_processors(search)) {
        if (atomic_load_explicit(&search->cursor.over, memory_order_relaxed)) {
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
    return true;
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
        if (search->level.count > 0) {
            fm_vec_push(&search->kept_levels, search->level.first);
        }
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

void level_drop(struct worker *worker, uint32_t number, uint32_t *segment)
{
    level_fresh(worker, number)->lost = true;
    if (number >= worker->writer.candidates) {
        return; /* a search that stops admitted it, but did not get to judging it */
    }
    const fm_segments *segments = &worker->writer.segments;
    while (*segment + 1 < segments->count && segments->at[*segment + 1].candidate <= number) {
        ++*segment;
    }
    fm_segment_drop(&segments->at[*segment], number - segments->at[*segment].candidate);
}

/* The worker whose next segment comes first, of those that have some left; `taken` of each are
 * merged. NULL: all are. */
static const struct worker *first_worker(const struct search *search, const uint32_t *taken)
{
    const struct worker *first = NULL;
    uint64_t least = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        if (taken[i] < worker->writer.segments.count) {
            uint64_t order = worker->writer.segments.at[taken[i]].order;
            if (first == NULL || order < least) {
                first = worker;
                least = order;
            }
        }
    }
    return first;
}

/* One list of all workers' segments, in order, with indices; the workers keep their own lists. */
static struct level merge_segments(struct search *search, uint64_t first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        count += search->workers[i].writer.segments.count;
    }
    struct fm_segment *all = fm_memory_alloc((count + 1) * sizeof *all);
    uint32_t *taken = fm_memory_calloc(search->worker_count, sizeof *taken);
    uint32_t used = 0;
    const struct worker *worker;
    while ((worker = first_worker(search, taken)) != NULL) {
        /* A part was worked on by one worker: all that came from it follow each other. */
        const fm_segments *segments = &worker->writer.segments;
        uint32_t *at = &taken[worker->number];
        uint64_t order = segments->at[*at].order;
        while (*at < segments->count && segments->at[*at].order == order) {
            all[used++] = segments->at[(*at)++];
        }
    }
    fm_memory_free(taken);
    uint64_t index = first;
    for (uint32_t i = 0; i < count; i++) {
        all[i].first = index;
        index += all[i].live;
    }
    return (struct level){all, count, first, index - first};
}

/* Room for the actions of states that are kept. */
static void reserve_actions(struct search *search, uint64_t count)
{
    fm_assert(!search->keeps_actions || count < UINT32_MAX);
    while (search->keeps_actions && search->kept_actions.count < count) {
        fm_vec_push(&search->kept_actions, FM_ACTION_INITIAL);
    }
}

struct settle_job {
    struct search *search;
    const struct level *next;
    bool is_initial;
};

/* The parent whose new states were counted has no more. */
static void close_parent(struct worker *worker)
{
    uint64_t degree = worker->parent_new;
    if (degree > 0) {
        worker->outdegrees[degree < FM_OUTDEGREE_BUCKETS ? degree : FM_OUTDEGREE_BUCKETS - 1]++;
        worker->outdegrees[0]--;
    }
    worker->parent_new = 0;
}

/* Distinct new states per parent: they come ordered by parent. */
static void count_parents(struct worker *worker, uint64_t parent, uint32_t action)
{
    if (parent != worker->parent_offset) {
        close_parent(worker);
        worker->parent_offset = parent;
    }
    worker->parent_new++;
    worker->actions[action].distinct++;
}

static void link_segment(struct worker *worker, const struct fm_segment *segment)
{
    struct search *search = worker->search;
    struct fm_link links[FM_SEGMENT_STATES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < segment->total; i++) {
        const struct fresh *fresh = level_fresh(worker, segment->candidate + i);
        if (fresh->lost) {
            continue;
        }
        uint64_t parent = segment->order + fresh->parent;
        links[count] = (struct fm_link){search->level.first + parent, fresh->own};
        if (search->keeps_actions) {
            search->kept_actions.at[segment->first + count] = fresh->action;
        }
        count++;
        count_parents(worker, parent, fresh->action);
    }
    fm_links_set_many(search->links, segment->first, links, count);
}

static void link_initial(const struct worker *worker, const struct fm_segment *segment)
{
    for (uint32_t i = 0; i < segment->total; i++) {
        uint64_t own = *level_initial(worker, segment->candidate + i);
        fm_links_set(worker->search->links, segment->first + i,
                     (struct fm_link){FM_LINK_INITIAL, own});
    }
}

static void settle_task(void *closure, uint32_t member)
{
    const struct settle_job *job = closure;
    struct worker *worker = &job->search->workers[member];
    worker->parent_offset = UINT64_MAX;
    worker->parent_new = 0;
    worker->outdegrees[0] += atomic_load_explicit(&worker->expanded, memory_order_relaxed);
    for (uint32_t i = 0; i < job->next->segment_count; i++) {
        if (job->next->segments[i].writer == member && job->is_initial) {
            link_initial(worker, &job->next->segments[i]);
        } else if (job->next->segments[i].writer == member) {
            link_segment(worker, &job->next->segments[i]);
        }
    }
    close_parent(worker);
}

static void note_contention(struct search *search)
{
    struct fm_check_contention *contention = &search->contention;
    contention->shared_levels++;
    uint64_t end = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        end = search->workers[i].end_ns > end ? search->workers[i].end_ns : end;
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        contention->parts += worker->parts.count;
        contention->idle_ns += end - worker->end_ns;
    }
}

bool level_settle(struct search *search)
{
    note_contention(search);
    uint64_t first = search->level.first + search->level.count;
    struct level next = merge_segments(search, first);
    if (!fm_links_reserve(search->links, first + next.count)) {
        fm_memory_free(next.segments);
        return false;
    }
    reserve_actions(search, first + next.count);
    struct settle_job job = {search, &next, search->level.count == 0};
    bool ran = fm_crew_run(search->crew, settle_task, &job);
    fm_assert(ran);
    if (job.is_initial) {
        fm_table_add_count(search->table, next.count);
    }
    fm_assert(fm_table_count(search->table) == first + next.count);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        fm_memory_free(worker->writer.segments.at);
        fm_writer_next_level(&worker->writer);
        /* Levels shrink towards the end of a search: what this one did not need goes back. */
        fm_blocks_trim(&worker->freshes, job.is_initial ? 0 : worker->fresh_count);
        worker->fresh_count = 0;
    }
    level_release(search);
    search->level = next;
    keep_level(search);
    return true;
}
