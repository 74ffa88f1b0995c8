/* Room in the fingerprint table, before and while a level is searched.
 *
 * A level of one worker asks for room before each batch; the table is doubled when there is none,
 * by the whole crew when it is large, since the helpers are idle then.
 *
 * In a level of several workers the one whose turn it is inserts, and so it alone asks for room and
 * doubles the table (room_insert). All others must be out of it: they raise `inside` around each
 * look at a batch, a section of microseconds in which nothing is evaluated and nothing waited for,
 * and look at `growth.now` after that. Both flags are sequentially consistent: each side writes its
 * own before it reads the other's, so one of them sees. A worker that comes while the table grows
 * takes shares of the work, then waits for the last one; one that is busy evaluating is not missed.
 *
 * Initial states are inserted by all at once. A counter that each of these raises would be
 * everybody's bottleneck: workers take room for ROOM_QUOTA states at a time; who gets none doubles
 * the table.
 *
 * The pause of a growth is the time from the flag until all may go on; the longest and the sum are
 * part of the result. */
#include "explore/judge.h"

#include "base/assert.h"
#include "base/file.h"
#include "store/relax.h"

#include <sched.h>

/* Tables from this size on are doubled by the crew: waking it takes as long as 64 KiB moved. */
#define SHARED_SLOTS_LOG2 16u
/* Shares per worker, so that the last ones end together. */
#define SHARES_PER_WORKER 4u
/* Turns of waiting for another worker's batch before the processor is given away. */
#define SPINS 2000u

bool room_init(struct search *search)
{
    return pthread_mutex_init(&search->growth.lock, NULL) == 0 &&
           pthread_cond_init(&search->growth.ended, NULL) == 0;
}

void room_deinit(struct search *search)
{
    pthread_cond_destroy(&search->growth.ended);
    pthread_mutex_destroy(&search->growth.lock);
}

static void note_pause(struct search *search, uint64_t begin)
{
    struct growth *growth = &search->growth;
    uint64_t bytes = fm_table_bytes(search->table);
    growth->bytes_max = bytes > growth->bytes_max ? bytes : growth->bytes_max;
    uint64_t ns = fm_clock_monotonic_ns() - begin;
    growth->count++;
    growth->ns += ns;
    growth->ns_max = ns > growth->ns_max ? ns : growth->ns_max;
}

/* --- between the levels of several workers --- */

static void grow_task(void *closure, uint32_t member)
{
    const struct search *search = closure;
    fm_table_grow_share(search->table, member);
}

static bool double_table(struct search *search)
{
    bool together = search->worker_count > 1 && !search->alone &&
                    fm_table_slots_log2(search->table) >= SHARED_SLOTS_LOG2;
    uint32_t shares = together ? search->worker_count : 1;
    uint64_t begin = fm_clock_monotonic_ns();
    if (!fm_table_grow_begin(search->table, shares)) {
        return false;
    }
    if (!together || !fm_crew_run(search->crew, grow_task, search)) {
        for (uint32_t i = 0; i < shares; i++) {
            fm_table_grow_share(search->table, i);
        }
    }
    fm_table_grow_end(search->table, fm_table_count(search->table));
    note_pause(search, begin);
    return true;
}

bool room_reserve(struct search *search, uint64_t more)
{
    while (fm_table_count(search->table) + more > fm_table_limit(search->table)) {
        if (!double_table(search)) {
            return false;
        }
    }
    return true;
}

bool room_double(struct search *search)
{
    return double_table(search);
}

/* --- among several workers --- */

/* Takes shares of the growth until none is left; the lock is held. */
static void take_shares(struct search *search)
{
    struct growth *growth = &search->growth;
    while (growth->next < growth->shares) {
        uint32_t share = growth->next++;
        pthread_mutex_unlock(&growth->lock);
        fm_table_grow_share(search->table, share);
        pthread_mutex_lock(&growth->lock);
        if (++growth->done == growth->shares) {
            pthread_cond_broadcast(&growth->ended);
        }
    }
}

static void help(struct search *search)
{
    struct growth *growth = &search->growth;
    pthread_mutex_lock(&growth->lock);
    while (atomic_load(&growth->now)) {
        take_shares(search);
        if (atomic_load(&growth->now)) {
            pthread_cond_wait(&growth->ended, &growth->lock);
        }
    }
    pthread_mutex_unlock(&growth->lock);
}

void room_enter(struct worker *worker)
{
    for (;;) {
        atomic_store(&worker->inside, 1);
        if (!atomic_load(&worker->search->growth.now)) {
            return;
        }
        room_leave(worker);
        help(worker->search);
    }
}

void room_leave(struct worker *worker)
{
    if (worker->entered != 0) {
        uint64_t fresh = atomic_load_explicit(&worker->fresh, memory_order_relaxed);
        atomic_store_explicit(&worker->fresh, fresh + worker->entered, memory_order_relaxed);
        worker->room -= worker->entered;
        worker->entered = 0;
    }
    /* Release: who waits for it sees what was inserted. */
    atomic_store_explicit(&worker->inside, 0, memory_order_release);
}

static void wait_for_others(struct search *search)
{
    for (uint32_t i = 0; i < search->worker_count; i++) {
        for (uint32_t spins = 0; atomic_load(&search->workers[i].inside) != 0; spins++) {
            if (spins < SPINS) {
                fm_cpu_relax();
            } else {
                sched_yield();
            }
        }
    }
}

static uint64_t count_all(const struct search *search)
{
    uint64_t count = fm_table_count(search->table);
    if (search->level.count > 0) {
        return count;
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        count += atomic_load_explicit(&search->workers[i].fresh, memory_order_relaxed);
    }
    return count;
}

/* The lock is held, nobody grows. */
static bool grow_locked(struct search *search)
{
    struct growth *growth = &search->growth;
    uint64_t begin = fm_clock_monotonic_ns();
    atomic_store(&growth->now, true);
    wait_for_others(search);
    uint32_t shares = search->worker_count * SHARES_PER_WORKER;
    bool grown = fm_table_grow_begin(search->table, shares);
    if (grown) {
        growth->shares = shares;
        growth->next = 0;
        growth->done = 0;
        take_shares(search);
        while (growth->done < growth->shares) {
            pthread_cond_wait(&growth->ended, &growth->lock);
        }
        fm_table_grow_end(search->table, count_all(search));
        note_pause(search, begin);
    }
    atomic_store(&growth->now, false);
    pthread_cond_broadcast(&growth->ended);
    return grown;
}

void room_help(struct worker *worker)
{
    if (atomic_load_explicit(&worker->search->growth.now, memory_order_relaxed)) {
        help(worker->search);
    }
}

/* By who inserts: nobody else grows the table meanwhile. */
static bool grow_in_turn(struct search *search)
{
    pthread_mutex_lock(&search->growth.lock);
    bool grown = grow_locked(search);
    pthread_mutex_unlock(&search->growth.lock);
    return grown;
}

static bool grow_for_insertion(struct search *search)
{
    return search->parallel ? grow_in_turn(search) : double_table(search);
}

bool room_insert(struct worker *worker, struct fm_table_many *many)
{
    struct search *search = worker->search;
    struct fm_table *table = search->table;
    while (fm_table_count(table) + many->count > fm_table_limit(table)) {
        if (!grow_for_insertion(search)) {
            return false;
        }
    }
    uint32_t at = 0;
    while ((at = fm_table_insert_many(table, many, at)) < many->count) {
        if (!grow_for_insertion(search)) {
            return false;
        }
    }
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < FM_TABLE_MANY_WORDS; i++) {
        fresh += (uint32_t)__builtin_popcountll(many->fresh[i]);
    }
    fm_table_add_count(table, fresh);
    raise_count(&worker->fresh, fresh);
    return true;
}

bool room_grow(struct worker *worker, uint64_t limit)
{
    struct search *search = worker->search;
    room_leave(worker);
    bool grown = true;
    pthread_mutex_lock(&search->growth.lock);
    /* Another one may have grown it meanwhile, or be at it: entering again helps him. */
    if (!atomic_load(&search->growth.now) && fm_table_limit(search->table) == limit) {
        grown = grow_locked(search);
    }
    pthread_mutex_unlock(&search->growth.lock);
    room_enter(worker);
    return grown;
}

bool room_take(struct worker *worker, uint32_t more)
{
    struct search *search = worker->search;
    while (worker->room < more) {
        uint64_t limit = fm_table_limit(search->table);
        uint64_t before = atomic_fetch_add_explicit(&search->handed_out, ROOM_QUOTA,
                                                    memory_order_relaxed);
        if (fm_table_count(search->table) + before + ROOM_QUOTA <= limit) {
            worker->room += ROOM_QUOTA;
        } else {
            atomic_fetch_sub_explicit(&search->handed_out, ROOM_QUOTA, memory_order_relaxed);
            if (!room_grow(worker, limit)) {
                return false;
            }
        }
    }
    return true;
}
