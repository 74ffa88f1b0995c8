/* Insertion in turns: new states of a parallel level go into the table in the order of one worker.
 *
 * Parts of a level are handed out in order, and in that order they have the turn: `search->turn` is
 * the offset of the part whose new states go into the table next. Only who works on that part
 * inserts; everybody reads. A worker does one of two things with a batch of successors:
 *
 *     its part has the turn      inserts them, as one worker alone would
 *     an earlier part has it     leaves out what the table has (fm_table_sift) and keeps the rest
 *                                waiting; records, invariants and all else as if these were new
 *
 * When the turn comes to a part that waits, its worker inserts what waited, in order, drops the
 * records of those that an earlier part has put in meanwhile, and goes on: straight into the table
 * when he is still at work on that part, else by passing the turn on to the part behind it. He
 * looks whether it has come before each batch. So who inserts a state first comes to it under the
 * least order key, and no state is inserted twice or found to be another worker's later on.
 *
 * What the table has was put there by earlier parts or by the part itself: nothing that is seen
 * while sifting can turn out to be new. The same goes for a state that the worker keeps waiting
 * already, or has kept waiting at any time before: it is in the table by the time that it would be
 * inserted again. `recent` remembers some of these, since parents next to each other have many
 * successors in common (two-phase commit: two in three of what the table does not have yet).
 *
 * The turn is one word. Its store releases, and its load acquires, everything that belongs to who
 * has it: the table's slots and count. Slots are written whole, so those who only read need
 * nothing. A thread that was given no processor holds the turn up; the others go on, WAITING_MAX
 * parts ahead. When the search stops inside the level parts are left without passing the turn on;
 * what then still waits is inserted by the leader, in order (turns_end_level), so that the counts
 * up to a find are those of one worker. */
#include "explore/turns.h"

#include "explore/judge.h"

#include "base/assert.h"
#include "store/relax.h"

#include <sched.h>
#include <string.h>

/* Parts of a worker that wait at most: several milliseconds of work in emitted code. */
#define WAITING_MAX 512u
/* States that are inserted together; the lines of the next ones are asked for meanwhile. */
#define CHUNK 32u
/* Places of `recent`, a power of two: a quarter of the nearest cache. */
#define RECENT 2048u
/* Looks at the turn before the processor is given away. */
#define LOOKS 2000u

void turns_init(struct turns *turns)
{
    turns->recent = fm_memory_calloc(RECENT, sizeof *turns->recent);
    /* No digest belongs where it stands: zero is not at place 0, nor is one. */
    turns->recent[0].low = 1;
}

void turns_deinit(struct turns *turns)
{
    fm_vec_deinit(&turns->parts);
    fm_vec_deinit(&turns->prints);
    fm_memory_free(turns->recent);
}

void turns_keep(struct worker *worker, const struct fm_digest *prints,
                uint64_t set[FM_TABLE_MANY_WORDS])
{
    struct turns *turns = &worker->turns;
    struct fm_digest *const recent = turns->recent;
    uint32_t before = turns->prints.count;
    for (uint32_t word = 0; word < FM_TABLE_MANY_WORDS; word++) {
        for (uint64_t bits = set[word]; bits != 0; bits &= bits - 1) {
            const struct fm_digest print = prints[word * 64 + (uint32_t)__builtin_ctzll(bits)];
            struct fm_digest *place = &recent[print.low & (RECENT - 1)];
            if (fm_digest_equal(*place, print)) {
                set[word] ^= bits & -bits;
            } else {
                *place = print;
                fm_vec_push(&turns->prints, print);
            }
        }
    }
    fm_vec_last(&turns->parts).prints += turns->prints.count - before;
}

/* Puts what waits of the worker's first part into the table; false when memory is refused. The turn
 * is its, or nobody else is at work. */
static bool insert_waiting(struct worker *worker)
{
    struct turns *turns = &worker->turns;
    struct waiting_part *part = &turns->parts.at[turns->parts_begin];
    const struct fm_digest *prints = turns->prints.at + turns->prints_begin;
    const struct fm_table_places places = fm_table_places(worker->search->table);
    for (uint32_t i = 0; i < part->prints && i < CHUNK; i++) {
        fm_table_prefetch_own(places, prints[i]);
    }
    for (uint32_t from = 0; from < part->prints; from += CHUNK) {
        uint32_t left = part->prints - from;
        struct fm_table_many many = {.digests = prints + from,
                                     .count = left < CHUNK ? left : CHUNK};
        for (uint32_t i = CHUNK; i < left && i < 2 * CHUNK; i++) {
            fm_table_prefetch_own(places, prints[from + i]);
        }
        if (!room_insert(worker, &many)) {
            return false;
        }
        for (uint32_t i = 0; i < many.count; i++) {
            if ((many.fresh[0] >> i & 1) == 0) {
                level_drop(worker, part->fresh + from + i, &part->segment);
                turns->dropped++;
            }
        }
    }
    return true;
}

_Static_assert(CHUNK <= 64, "one word of a set");

/* What waited of the first part has been inserted. The lists begin anew when nothing is left of
 * them, and are moved to their beginning when that is the smaller part. */
static void forget_prints(struct turns *turns)
{
    struct waiting_part *part = &turns->parts.at[turns->parts_begin];
    turns->ahead += part->prints;
    turns->prints_begin += part->prints;
    part->prints = 0;
    uint32_t left = turns->prints.count - turns->prints_begin;
    if (turns->prints_begin > 0 && turns->prints_begin >= left) {
        memmove(turns->prints.at, turns->prints.at + turns->prints_begin,
                left * sizeof *turns->prints.at);
        turns->prints.count = left;
        turns->prints_begin = 0;
    }
}

static void forget_part(struct turns *turns)
{
    uint32_t left = turns->parts.count - ++turns->parts_begin;
    if (turns->parts_begin >= left) {
        memmove(turns->parts.at, turns->parts.at + turns->parts_begin,
                left * sizeof *turns->parts.at);
        turns->parts.count = left;
        turns->parts_begin = 0;
    }
}

/* The first part is done with: the next one of the level may go on. */
static void pass_on(struct worker *worker)
{
    struct turns *turns = &worker->turns;
    uint64_t end = turns->parts.at[turns->parts_begin].end;
    forget_part(turns);
    atomic_store_explicit(&worker->search->turn, end, memory_order_release);
}

bool turns_has_come(struct worker *worker)
{
    struct turns *turns = &worker->turns;
    while (!turns->mine && turns->parts_begin < turns->parts.count) {
        /* Acquire: who has the turn sees what was inserted before. */
        if (atomic_load_explicit(&worker->search->turn, memory_order_acquire) !=
            turns->parts.at[turns->parts_begin].first) {
            return false;
        }
        if (!insert_waiting(worker)) {
            refuse_memory(worker);
            return false;
        }
        forget_prints(turns);
        if (turns->at_work && turns->parts_begin + 1 == turns->parts.count) {
            turns->mine = true;
        } else {
            pass_on(worker);
        }
    }
    return turns->mine;
}

void turns_begin_part(struct worker *worker, const struct part *part)
{
    struct turns *turns = &worker->turns;
    uint32_t segments = worker->writer.segments.count;
    struct waiting_part waiting = {
        .first = part->offset,
        .end = part->end,
        .fresh = worker->fresh_count,
        .segment = segments > 0 ? segments - 1 : 0,
    };
    fm_vec_push(&turns->parts, waiting);
    turns->at_work = true;
}

void turns_end_part(struct worker *worker)
{
    struct turns *turns = &worker->turns;
    turns->at_work = false;
    if (turns->mine) {
        turns->mine = false;
        pass_on(worker);
    } else {
        (void)turns_has_come(worker);
    }
}

bool turns_await(struct worker *worker)
{
    const struct search *search = worker->search;
    const struct turns *turns = &worker->turns;
    uint32_t looks = 0;
    worker->turns.waits += turns->parts.count - turns->parts_begin == WAITING_MAX;
    while (turns->parts.count - turns->parts_begin == WAITING_MAX) {
        if (atomic_load_explicit(&search->cursor.over, memory_order_relaxed) ||
            atomic_load_explicit(&search->halt, memory_order_relaxed)) {
            return false;
        }
        if (++looks < LOOKS) {
            fm_cpu_relax();
        } else {
            (void)sched_yield();
            room_help(worker);
        }
        (void)turns_has_come(worker);
    }
    return true;
}

/* --- the leader --- */

void turns_begin_level(struct search *search)
{
    atomic_store_explicit(&search->turn, 0, memory_order_relaxed);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        fm_assert(search->workers[i].turns.parts.count == 0);
    }
}

/* The worker of the first part that the turn has not been passed of; NULL: all parts are done. */
static struct worker *first_waiting(const struct search *search)
{
    struct worker *first = NULL;
    uint64_t least = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct turns *turns = &search->workers[i].turns;
        if (turns->parts_begin < turns->parts.count) {
            uint64_t offset = turns->parts.at[turns->parts_begin].first;
            if (first == NULL || offset < least) {
                first = &search->workers[i];
                least = offset;
            }
        }
    }
    return first;
}

void turns_end_level(struct search *search)
{
    struct worker *worker;
    while ((worker = first_waiting(search)) != NULL) {
        struct turns *turns = &worker->turns;
        if (!atomic_load(&search->memory_refused) && !insert_waiting(worker)) {
            refuse_memory(worker);
        }
        forget_prints(turns);
        forget_part(turns);
        turns->at_work = turns->mine = false;
    }
}
