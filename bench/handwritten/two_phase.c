/* What a programmer can do by hand: the reachable states of two-phase commit, in C for any
 * processor, with one worker.
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
 * What such a word can say against the invariant TPTypeOK is a tmState of 3; that is checked of
 * every state. Each action is one OR with a constant (and an AND for one of them).
 *
 * The rules: every successor that TLC generates is counted, and every one is looked up but those
 * that equal their state, which is known anyway (37 of 100 with 8 resource managers); the visited
 * set holds whole states, no fingerprints; levels are searched one after the other.
 *
 * The visited set is one open-addressing table. A word is kept multiplied by an odd constant,
 * modulo two to the number of its bits: that loses nothing (the inverse constant brings the word
 * back), and the high bits of the product are a good slot number. So a product, its bits at the
 * upper end of 64, is hash and state in one, and what table and queues hold.
 *
 * Cache misses are what such a search costs, so successors are collected in batches: when a product
 * is made, the line of its slot is prefetched; only when the batch is full is it looked up, and by
 * then the lines have come. Table and queues lie on huge pages, or each access would miss the TLB
 * too. The queues hold two levels, the one that is read and the one that is found, and are used
 * again for the next two: a fresh page costs more than the states on it.
 *
 * The number of slots is fixed (LOG2_SLOTS); a table that gets too full ends the run.
 *
 * What we know to be faster still, with 10 resource managers, and left out: the eight slots of a
 * line compared by one instruction of AVX-512 (1.5 times, no longer C that every compiler takes);
 * entries of 32 bits, without the bits that the slot's number says (1.2 times). */
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

_Static_assert(RMS >= 1 && 4 * RMS + 4 <= 63, "a state must fit into a word and leave a bit over");

enum {
    BATCH = 256, /* products: their lines stay in the first-level cache (16 KiB of 32) */
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

#define TM_STATE (TM_COMMITTED | TM_ABORTED)

#define SPARE (64 - (4 * RMS + 4)) /* low bits of a product that are 0 */
#define FACTOR UINT64_C(0x9E3779B97F4A7C15)
#define INVERSE UINT64_C(0xF1DE83E19937733D)
#define TAKEN UINT64_C(1) /* set in every slot that holds a product: 0 is free */

_Static_assert(1 == FACTOR * INVERSE, "products must give their words back");

struct search {
    uint64_t *slots; /* product | TAKEN, or 0 */
    uint64_t slot_mask;
    unsigned shift;  /* of a product: its high bits are the slot */
    uint64_t *level; /* products to expand */
    uint64_t *next;  /* products found */
    uint64_t next_count;
    uint64_t distinct, distinct_max;
    uint64_t generated; /* and looked up */
    uint64_t unchanged; /* generated, equal to their state */
    uint32_t batch_count;
    bool full;
    bool type_ok;
    uint64_t batch[BATCH];
};

static void insert_batch(struct search *search)
{
    uint64_t *const slots = search->slots;
    uint64_t *found = search->next + search->next_count;
    uint32_t count = search->batch_count;
    if (search->distinct + search->next_count + count > search->distinct_max) {
        search->full = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t product = search->batch[i];
        uint64_t slot = product >> search->shift;
        while (slots[slot] != (product | TAKEN)) {
            if (slots[slot] == 0) {
                slots[slot] = product | TAKEN;
                *found++ = product;
                break;
            }
            slot = (slot + 1) & search->slot_mask;
        }
    }
    search->next_count = (uint64_t)(found - search->next);
    search->generated += count;
    search->batch_count = 0;
}

static inline uint64_t count_of(uint64_t set)
{
    return (uint64_t)__builtin_popcountll(set);
}

static inline void generate(struct search *search, uint64_t word)
{
    uint64_t product = word * (FACTOR << SPARE);
    __builtin_prefetch(&search->slots[product >> search->shift], 1, 3);
    search->batch[search->batch_count++] = product;
}

/* At most 5 successors for each resource manager, and 2. Of those actions that can leave the state
 * as it is, each set holds the resource managers that the action changes. */
static inline void expand(struct search *search, uint64_t word)
{
    uint64_t low = word & ALL, high = word >> RMS & ALL;
    if ((word & TM_STATE) == 0) {
        uint64_t received = word >> (2 * RMS) & ALL, sent = word >> (3 * RMS) & ALL;
        if (received == ALL) {
            generate(search, word | TM_COMMITTED | MESSAGE_COMMIT); /* TMCommit */
        }
        generate(search, word | TM_ABORTED | MESSAGE_ABORT); /* TMAbort */
        search->unchanged += count_of(sent & received);
        for (uint64_t set = sent & ~received; set != 0; set &= set - 1) {
            generate(search, word | (set & -set) * RECEIVED); /* TMRcvPrepared */
        }
    }
    for (uint64_t set = ALL & ~(low | high); set != 0; set &= set - 1) {
        uint64_t rm = set & -set;
        generate(search, word | rm * (LOW | SENT)); /* RMPrepare */
        generate(search, word | rm * (LOW | HIGH)); /* RMChooseToAbort */
    }
    if ((word & MESSAGE_COMMIT) != 0) {
        search->unchanged += count_of(high & ~low);
        for (uint64_t set = ALL & ~(high & ~low); set != 0; set &= set - 1) {
            uint64_t rm = set & -set;
            generate(search, (word & ~(rm * LOW)) | rm * HIGH); /* RMRcvCommitMsg */
        }
    }
    if ((word & MESSAGE_ABORT) != 0) {
        search->unchanged += count_of(high & low);
        for (uint64_t set = ALL & ~(high & low); set != 0; set &= set - 1) {
            generate(search, word | (set & -set) * (LOW | HIGH)); /* RMRcvAbortMsg */
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
    generate(search, 0);
    insert_batch(search);
    while (search->next_count > 0 && !search->full && search->type_ok) {
        uint64_t *level = search->next;
        uint64_t count = search->next_count;
        search->next = search->level;
        search->next_count = 0;
        search->level = level;
        search->distinct += count;
        for (uint64_t i = 0; i < count; i++) {
            if (search->batch_count > BATCH - (5 * RMS + 2)) {
                insert_batch(search);
                if (search->full) { /* the batch has no room left */
                    return depth;
                }
            }
            uint64_t word = level[i] * INVERSE >> SPARE;
            search->type_ok &= (word & TM_STATE) != TM_STATE;
            expand(search, word);
        }
        insert_batch(search);
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
    search.distinct_max = slot_count / 8 * 7;
    search.level = map_words(slot_count);
    search.next = map_words(slot_count);
    search.type_ok = true;
    uint32_t depth = explore(&search);
    if (search.full) {
        fprintf(stderr, "two_phase: more than %" PRIu64 " states: give more LOG2_SLOTS\n",
                search.distinct_max);
        return 1;
    }
    if (!search.type_ok) {
        fprintf(stderr, "two_phase: TPTypeOK is violated\n");
        return 1;
    }
    printf("rms %d distinct %" PRIu64 " generated %" PRIu64 " depth %" PRIu32
           " wall_s %.3f cpu_s %.3f\n",
           RMS, search.distinct, search.generated + search.unchanged, depth,
           seconds(CLOCK_MONOTONIC) - begin, seconds(CLOCK_PROCESS_CPUTIME_ID));
    return 0;
}
