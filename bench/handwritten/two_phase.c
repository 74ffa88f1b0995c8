/* What a programmer can do by hand: the reachable states of two-phase commit, as fast as we know
 * how.
 *
 * This is the yardstick of bench/run, and no part of Fathom: one specification (TwoPhase.tla of
 * tlaplus/Examples, "specifications/transaction_commit"), written into the program.
 *
 *     cc -O3 -march=native -DRMS=10 -o two_phase two_phase.c && ./two_phase [LOG2_SLOTS]
 *
 * A state with N resource managers is 4 N + 4 bits of one word:
 *
 *     bit  0 .. N-1     rmState[i], low bit    working 0, prepared 1, committed 2, aborted 3
 *     bit  N .. 2N-1    rmState[i], high bit
 *     bit 2N .. 3N-1    i \in tmPrepared
 *     bit 3N .. 4N-1    [type |-> "Prepared", rm |-> i] \in msgs
 *     bit 4N, 4N+1      [type |-> "Commit"] \in msgs, [type |-> "Abort"] \in msgs
 *     bit 4N+2, 4N+3    tmState                init 0, committed 1, aborted 2
 *
 * The invariant TPTypeOK holds of every such word and so is not evaluated. Each action is one OR
 * with a constant (and an AND for one of them); every successor that TLC generates is made and
 * looked up, also those that equal their state.
 *
 * The visited set is one open-addressing table of whole words: no collisions of fingerprints. Its
 * cache misses are what such a search costs, so successors are collected in batches: when a word is
 * made, the line of its slot is prefetched; only when the batch is full are its words inserted, and
 * by then the lines have come. Table and queue lie on huge pages, or each access would miss the TLB
 * too. The queue is the list of all distinct states in the order of their discovery; a level is a
 * range of it.
 *
 * The number of slots is fixed (LOG2_SLOTS); a table that gets too full ends the run. */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#ifndef RMS
#define RMS 8
#endif

_Static_assert(RMS >= 1 && 4 * RMS + 4 <= 63, "a state must fit into a word and leave one over");

enum {
    BATCH = 256, /* words: their lines stay in the first-level cache (16 KiB of 32) */
    LOG2_SLOTS_MIN = 10,
    LOG2_SLOTS_MAX = 34
};

#define ALL ((UINT64_C(1) << RMS) - 1)
#define LOW (UINT64_C(1))
#define HIGH (UINT64_C(1) << RMS)
#define RECEIVED (UINT64_C(1) << (2 * RMS))
#define SENT (UINT64_C(1) << (3 * RMS))
#define MESSAGE_COMMIT (UINT64_C(1) << (4 * RMS))
#define MESSAGE_ABORT (UINT64_C(1) << (4 * RMS + 1))
#define TM_COMMITTED (UINT64_C(1) << (4 * RMS + 2))
#define TM_ABORTED (UINT64_C(1) << (4 * RMS + 3))

struct search {
    uint64_t *slots; /* word + 1; 0 is free */
    uint64_t slot_mask;
    unsigned shift;  /* of the hash: its high bits are the slot */
    uint64_t *found; /* all distinct words */
    uint64_t found_count, found_max;
    uint64_t generated;
    uint32_t batch_count;
    bool full;
    uint64_t batch[BATCH];
};

/* Multiplication spreads low bits upwards only; the fold before it brings the high ones down. */
static inline uint64_t slot_of(const struct search *search, uint64_t word)
{
    word ^= word >> (2 * RMS + 1);
    return (word * UINT64_C(0x9E3779B97F4A7C15)) >> search->shift;
}

static inline void insert(struct search *search, uint64_t word)
{
    for (uint64_t slot = slot_of(search, word);; slot = (slot + 1) & search->slot_mask) {
        uint64_t there = search->slots[slot];
        if (there == word + 1) {
            return;
        }
        if (there == 0) {
            search->slots[slot] = word + 1;
            search->found[search->found_count++] = word;
            return;
        }
    }
}

static void insert_batch(struct search *search)
{
    uint32_t count = search->batch_count;
    if (search->found_count + count > search->found_max) {
        search->full = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        insert(search, search->batch[i]);
    }
    search->generated += count;
    search->batch_count = 0;
}

static inline void generate(struct search *search, uint64_t word)
{
    __builtin_prefetch(&search->slots[slot_of(search, word)], 1, 3);
    search->batch[search->batch_count++] = word;
}

/* At most 5 successors for each resource manager, and 2. */
static inline void expand(struct search *search, uint64_t word)
{
    uint64_t working = ~(word | word >> RMS) & ALL;
    if ((word & (TM_COMMITTED | TM_ABORTED)) == 0) {
        if ((word >> (2 * RMS) & ALL) == ALL) {
            generate(search, word | TM_COMMITTED | MESSAGE_COMMIT); /* TMCommit */
        }
        generate(search, word | TM_ABORTED | MESSAGE_ABORT); /* TMAbort */
        for (uint64_t sent = word >> (3 * RMS) & ALL; sent != 0; sent &= sent - 1) {
            generate(search, word | (sent & -sent) * RECEIVED); /* TMRcvPrepared */
        }
    }
    for (; working != 0; working &= working - 1) {
        uint64_t rm = working & -working;
        generate(search, word | rm * (LOW | SENT)); /* RMPrepare */
        generate(search, word | rm * (LOW | HIGH)); /* RMChooseToAbort */
    }
    if ((word & MESSAGE_COMMIT) != 0) {
        for (uint64_t rm = 1; rm <= ALL; rm <<= 1) {
            generate(search, (word & ~(rm * LOW)) | rm * HIGH); /* RMRcvCommitMsg */
        }
    }
    if ((word & MESSAGE_ABORT) != 0) {
        for (uint64_t rm = 1; rm <= ALL; rm <<= 1) {
            generate(search, word | rm * (LOW | HIGH)); /* RMRcvAbortMsg */
        }
    }
}

/* Zeroed pages, huge where the system has them to give. */
static uint64_t *map_words(uint64_t count)
{
    size_t size = (size_t)count * sizeof(uint64_t);
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);
    if (at == MAP_FAILED) {
        perror("two_phase: mmap");
        exit(1);
    }
    if (madvise(at, size, MADV_HUGEPAGE) != 0) {
        perror("two_phase: madvise: no huge pages, this run is slower");
    }
    return at;
}

/* Returns the depth: the number of levels, that of the initial state included. */
static uint32_t explore(struct search *search)
{
    uint32_t depth = 0;
    uint64_t begin = 0;
    generate(search, 0);
    insert_batch(search);
    while (begin < search->found_count && !search->full) {
        uint64_t end = search->found_count;
        for (uint64_t i = begin; i < end && !search->full; i++) {
            if (search->batch_count > BATCH - (5 * RMS + 2)) {
                insert_batch(search);
            }
            expand(search, search->found[i]);
        }
        insert_batch(search);
        begin = end;
        depth++;
    }
    return depth;
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    /* States number about 5.9 to the power of N: a table between a third and two thirds full. */
    unsigned long log2_slots = RMS < 4 ? LOG2_SLOTS_MIN : (RMS * 8 + 2) / 3;
    if (argc > 1) {
        log2_slots = strtoul(argv[1], NULL, 10);
    }
    if (argc > 2 || log2_slots < LOG2_SLOTS_MIN || log2_slots > LOG2_SLOTS_MAX) {
        fprintf(stderr, "usage: two_phase [LOG2_SLOTS], %d to %d\n", LOG2_SLOTS_MIN,
                LOG2_SLOTS_MAX);
        return 2;
    }
    double begin = seconds(CLOCK_MONOTONIC);
    struct search search = {0};
    uint64_t slot_count = UINT64_C(1) << log2_slots;
    search.slots = map_words(slot_count);
    search.slot_mask = slot_count - 1;
    search.shift = 64 - (unsigned)log2_slots;
    search.found_max = slot_count / 8 * 7;
    search.found = map_words(slot_count);
    uint32_t depth = explore(&search);
    if (search.full) {
        fprintf(stderr, "two_phase: more than %" PRIu64 " states: give more LOG2_SLOTS\n",
                search.found_max);
        return 1;
    }
    printf("rms %d distinct %" PRIu64 " generated %" PRIu64 " depth %" PRIu32
           " wall_s %.3f cpu_s %.3f\n",
           RMS, search.found_count, search.generated, depth, seconds(CLOCK_MONOTONIC) - begin,
           seconds(CLOCK_PROCESS_CPUTIME_ID));
    return 0;
}
