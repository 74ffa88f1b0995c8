/* A quotienting table of 8-byte slots in lines of eight, one cache line each; no deletion.
 *
 * The idea is Cleary's (1984): what the place of an entry says need not be stored in it. The low
 * bits of a digest are its home line; the next bits, the remainder, go into the slot together with
 * the ordinal of the line that had room, so that the home can be told from the place. The lines
 * probed are home ^ 0, home ^ 1, ... home ^ 31: one aligned group of 2 KiB. An entry takes the
 * first empty slot of the first line that has one, so that a line with an empty slot ends a search.
 *
 *     final slot    [0...0 1][remainder, its lowest bits][ordinal]      from bit 63 to bit 0
 *     claimed slot  [01][42 bits: the claim][20 lowest bits of the final slot]
 *     empty slot    0
 *
 * The ordinal is a prefix code: 0, 01, 011, 0111 for the first four lines (most entries
 * need one bit), 1111 with five bits before it for the others. The highest bit set ends the
 * remainder: an entry knows how much it knows. That makes growth honest. When the table doubles,
 * the lowest bit of the remainder becomes the highest bit of the home; nothing takes its place at
 * the other end, for the digest is gone. So an entry keeps, for good, the bits that the table had
 * room for when it came: with 2^k slots k - 3 of the home and 62 of the remainder, k + 59; one less
 * in the second line, and so on; one less if it was moved once, since the highest bit at 62 marks a
 * claimed slot. Two digests that agree in all bits an entry knows are taken for one. Half of all
 * states come after the last doubling, a quarter before it, ...: each generation has half the
 * entries of the next with one bit less, so that growing from nothing costs a factor of about the
 * number of doublings in the bound, not 2 for each. fm_table_losses adds it all up: entries by
 * their known bits, times the distinct states that came later.
 *
 * Claimed slots are those of states that were found while another worker might still come to them
 * under a smaller order key. Whether a digest is the claimed one is decided by the whole digest, in
 * the claim; the key stands there too (store/claims.h). That costs a second line for each look-up
 * that ends at one, so they are made final as soon as nobody can come with a smaller key, most of
 * them microseconds later. A slot goes from claim to claim, of falling keys, and then becomes
 * final; it names no claim twice. Who has read a claim reads the slot again: if it is the same, the
 * claim was.
 *
 * Publishing an entry is one compare-and-swap. Two threads that insert one digest scan the same
 * lines from their beginning; lines fill from the front; so the later one meets the earlier entry,
 * or fails to swap and looks again. Growth in place: the block is doubled with zeros behind, and
 * the entries of group g belong to g or to g + the old number of groups. Groups are independent, so
 * the threads divide them.
 *
 * The load stays below 7/10: 11.4 bytes a state just before a doubling. A full group of 256 slots
 * is then about as rare as one in 10^8, and only makes the table grow early. Rejected: linear
 * probing by slots, whose displacements are of several hundreds in large tables; two-choice
 * placement, which reads two lines for each state seen and inserts twice when threads race; one
 * remainder length for all, which would cost every early doubling a bit of all entries to come. */
#include "store/table.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"
#include "store/probability.h"

#include <stdatomic.h>
#include <string.h>
#if defined(__SSE2__) && !defined(__SANITIZE_THREAD__)
#include <emmintrin.h>
#define HAS_VECTORS 1
#else
#define HAS_VECTORS 0
#endif

/* Slots of a line: 64 bytes. */
#define LINE 8u
/* Lines of a group, and so of a search at most. */
#define GROUP 32u
#define GROUP_SLOTS (GROUP * LINE)
/* Slots of an empty table, log2: one page, so that a small model touches no memory for nothing. */
#define SLOTS_LOG2_FIRST 9u
/* Bits that every entry of a table knows for good, less the log2 of its slots when the entry came:
 * 54 of the remainder in the farthest lines, 3 less of the home, one for the mark of claimed slots.
 */
#define SURELY_KEPT 50u
/* What a digest of 128 bits can still feed with remainders of 62 bits, with room to spare. */
#define SLOTS_LOG2_MAX 48u
/* Shares of one growth at most. */
#define SHARES_MAX 1024u
/* Low bits that a claimed slot has in common with the final one. Every entry knows them: the
 * remainder has 54 bits or more at first and loses at most 36 to growth, and two to marks. */
#define SURE_BITS 20u
#define SURE (((uint64_t)1 << SURE_BITS) - 1)
#define KEPT_MAX 128u
/* Claims that are asked for ahead of being settled: behind a worker that was given no processor for
 * a while, thousands wait and have left the cache. */
#define SETTLE_AHEAD 16u

struct share {
    double before, after; /* sum over its entries of 2^-(bits known) */
};

struct fm_table {
    struct fm_pages pages;
    _Atomic uint64_t *slots;
    uint64_t lines; /* a power of two, at least GROUP */
    uint32_t lines_log2;
    uint32_t remainder_max;
    uint32_t exact_bits;  /* 0: none are keys */
    uint32_t shared_bits; /* that all digests but keys have in common: the one that says so */
    uint64_t sure;        /* low bits of slots that two equal digests share */
    uint64_t count;
    struct fm_claims *const *lists;
    uint32_t list_count;
    /* Of the losses: expected up to the last growth; then, the sum of 2^-(bits known) and the
     * entries right after it. */
    double losses, weight;
    uint64_t weighed;
    uint32_t share_count;
    struct share shares[SHARES_MAX];
};

/* --- slots --- */

static inline uint32_t code_length(uint32_t ordinal)
{
    return ordinal < 4 ? ordinal + 1 : 9;
}

static inline uint64_t code_of(uint32_t ordinal)
{
    return ordinal < 4 ? ((uint64_t)1 << ordinal) - 1 : 15 + ((uint64_t)(ordinal - 4) << 4);
}

static inline uint32_t ordinal_of(uint64_t slot)
{
    uint32_t ones = (uint32_t)__builtin_ctzll(~slot);
    return ones < 4 ? ones : 4 + (uint32_t)(slot >> 4 & 31);
}

static inline uint32_t top_of(uint64_t slot)
{
    return 63u - (uint32_t)__builtin_clzll(slot);
}

static inline bool is_claimed(uint64_t slot)
{
    return slot >> 62 == 1;
}

/* Whether the slot's known bits are those of the pattern, which knows all. */
static inline bool agrees(uint64_t slot, uint64_t pattern)
{
    return (slot ^ pattern) << (63 - top_of(slot)) << 1 == 0;
}

/* Bits of a remainder that fit beside the ordinal, of `known` ones: never with the mark at bit 62.
 */
static inline uint32_t fitting(uint32_t length, uint32_t known)
{
    uint32_t top = length + known;
    return top > 63 ? 63 - length : top == 62 ? 61 - length : known;
}

/* A slot for this ordinal and the lowest `known` bits of the remainder. */
static inline uint64_t final_slot(uint32_t ordinal, uint64_t remainder, uint32_t known)
{
    uint32_t length = code_length(ordinal);
    uint32_t fits = fitting(length, known);
    uint64_t mark = (uint64_t)1 << fits;
    return ((remainder & (mark - 1)) | mark) << length | code_of(ordinal);
}

/* --- lines --- */

/* Where a digest goes, and what it looks like there. */
struct probe {
    _Atomic uint64_t *group; /* its first line */
    uint64_t remainder;      /* 64 bits behind those of the home */
    uint32_t home;           /* line in the group */
};

static inline struct probe probe_of(const struct fm_table *table, struct fm_digest digest)
{
    uint64_t line = digest.low & (table->lines - 1);
    return (struct probe){
        .group = table->slots + (line & ~(uint64_t)(GROUP - 1)) * LINE,
        .remainder = digest.low >> table->lines_log2 | digest.high << (64 - table->lines_log2),
        .home = (uint32_t)(line & (GROUP - 1)),
    };
}

static inline uint64_t pattern_of(const struct probe *probe, uint32_t ordinal)
{
    return probe->remainder << code_length(ordinal) | code_of(ordinal);
}

/* Slots of a line whose sure bits are the pattern's, and empty ones, as sets of bits. Without
 * branches: where a match stands is unpredictable. One look for both: a slot that is neither was
 * filled with something else, for good. */
struct look {
    uint32_t same, empty;
};

#if HAS_VECTORS
/* Two slots. An aligned load reads each of them whole on every processor that has such vectors, and
 * what is found is read again. */
static inline __m128 load_two(const __m128i *at)
{
    __m128 two = _mm_castsi128_ps(_mm_load_si128(at));
    /* One load: read twice, the halves of a slot that is being filled would be those of no slot,
     * and the place of an entry would look taken by another one. */
    __asm__("" : "+x"(two));
    return two;
}

/* The lower and upper halves of the slots of a line. */
struct halves {
    __m128i low[2], high[2];
};

static inline struct halves halves_of(const _Atomic uint64_t *line)
{
    const __m128i *at = (const __m128i *)(uintptr_t)line;
    struct halves halves;
    for (uint32_t i = 0; i < 2; i++) {
        __m128 first = load_two(at + 2 * i), second = load_two(at + 2 * i + 1);
        halves.low[i] = _mm_castps_si128(_mm_shuffle_ps(first, second, 0x88));
        halves.high[i] = _mm_castps_si128(_mm_shuffle_ps(first, second, 0xdd));
    }
    return halves;
}

/* The numbers of the 32-bit words that are zero, as a set of bits. */
static inline uint32_t zeros_of(__m128i words)
{
    __m128i equal = _mm_cmpeq_epi32(words, _mm_setzero_si128());
    return (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(equal));
}

static inline struct look look_at(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure)
{
    const struct halves halves = halves_of(line);
    /* The sure bits are in the lower half of a slot. */
    const __m128i wanted = _mm_set1_epi32((int)(uint32_t)pattern);
    const __m128i mask = _mm_set1_epi32((int)(uint32_t)sure);
    struct look look = {0, 0};
    for (uint32_t i = 0; i < 2; i++) {
        __m128i differ = _mm_and_si128(_mm_xor_si128(halves.low[i], wanted), mask);
        look.same |= zeros_of(differ) << (4 * i);
        look.empty |= zeros_of(_mm_or_si128(halves.low[i], halves.high[i])) << (4 * i);
    }
    look.same &= ~look.empty;
    return look;
}

static inline uint32_t same_at(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure)
{
    const struct halves halves = halves_of(line);
    const __m128i wanted = _mm_set1_epi32((int)(uint32_t)pattern);
    const __m128i mask = _mm_set1_epi32((int)(uint32_t)sure);
    return zeros_of(_mm_and_si128(_mm_xor_si128(halves.low[0], wanted), mask)) |
           zeros_of(_mm_and_si128(_mm_xor_si128(halves.low[1], wanted), mask)) << 4;
}
#else
static inline struct look look_at(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure)
{
    struct look look = {0, 0};
#pragma GCC unroll 8
    for (uint32_t i = 0; i < LINE; i++) {
        /* Relaxed: a final slot says all itself; a claimed one is read again with acquire. */
        uint64_t slot = atomic_load_explicit(&line[i], memory_order_relaxed);
        look.same |= (uint32_t)(((slot ^ pattern) & sure) == 0) << i;
        look.empty |= (uint32_t)(slot == 0) << i;
    }
    look.same &= ~look.empty;
    return look;
}

static inline uint32_t same_at(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure)
{
    return look_at(line, pattern, sure).same;
}
#endif

static uint64_t name_of_slot(uint64_t slot)
{
    return (slot & ~((uint64_t)3 << 62)) >> SURE_BITS;
}

static struct fm_claim *claim_of_slot(const struct fm_table *table, uint64_t slot)
{
    uint64_t name = name_of_slot(slot);
    return fm_claims_at(table->lists[name >> FM_CLAIM_NUMBER_BITS], (uint32_t)name);
}

/* Where nobody else writes it. */
static struct fm_digest digest_of_claim(const struct fm_claim *claim)
{
    return (struct fm_digest){atomic_load_explicit(&claim->low, memory_order_relaxed),
                              atomic_load_explicit(&claim->high, memory_order_relaxed)};
}

static uint64_t claim_name(const struct fm_claims *claims, uint32_t index)
{
    return (uint64_t)fm_claims_number(claims) << FM_CLAIM_NUMBER_BITS | index;
}

static uint64_t claimed_slot(uint64_t name, uint64_t pattern)
{
    return (uint64_t)1 << 62 | name << SURE_BITS | (pattern & SURE);
}

/* What is looked for, and what is put where the search for it ends. */
struct request {
    struct fm_digest digest;
    bool insert;
    bool claimed;     /* insert a claimed slot */
    uint32_t retries; /* slots that somebody else changed in the same moment */
    uint64_t name;    /* of its claim */
    /* Where it is, once it is. */
    _Atomic uint64_t *at;
    bool found_claimed; /* and then, what the slot said and the claim's key */
    uint64_t found, found_key;
};

/* Whether an occupied slot is the digest's; what it says is noted when it is claimed. */
static bool is_same(const struct fm_table *table, _Atomic uint64_t *at, struct request *request,
                    uint64_t pattern)
{
    /* Acquire pairs with the release that published the claim. */
    uint64_t slot = atomic_load_explicit(at, memory_order_acquire);
    request->found_claimed = false;
    while (is_claimed(slot)) {
        if (((slot ^ pattern) & SURE) != 0) {
            return false;
        }
        /* Acquire pairs with the release of a claim that takes this one's place. */
        struct fm_claim *claim = claim_of_slot(table, slot);
        struct fm_digest digest = {atomic_load_explicit(&claim->low, memory_order_acquire),
                                   atomic_load_explicit(&claim->high, memory_order_acquire)};
        uint64_t key = atomic_load_explicit(&claim->key, memory_order_acquire);
        uint64_t again = atomic_load_explicit(at, memory_order_acquire);
        if (again == slot) {
            request->at = at;
            request->found_claimed = true;
            request->found = slot;
            request->found_key = key;
            return fm_digest_equal(digest, request->digest);
        }
        slot = again;
    }
    return agrees(slot, pattern);
}

static uint64_t slot_to_put(const struct fm_table *table, const struct request *request,
                            const struct probe *probe, uint32_t ordinal)
{
    if (request->claimed) {
        return claimed_slot(request->name, pattern_of(probe, ordinal));
    }
    return final_slot(ordinal, probe->remainder, table->remainder_max);
}

/* Takes the first of the empty slots of a line, unless somebody else puts the same digest there. */
static enum fm_table_result put(const struct fm_table *table, struct request *request,
                                const struct probe *probe, uint32_t ordinal, uint32_t empty)
{
    _Atomic uint64_t *line = probe->group + (size_t)(probe->home ^ ordinal) * LINE;
    uint64_t pattern = pattern_of(probe, ordinal);
    uint64_t slot = slot_to_put(table, request, probe, ordinal);
    for (; empty != 0; empty &= empty - 1) {
        _Atomic uint64_t *at = &line[__builtin_ctz(empty)];
        uint64_t expected = 0;
        /* Release publishes the claim that the slot names. */
        if (atomic_compare_exchange_strong_explicit(at, &expected, slot, memory_order_release,
                                                    memory_order_relaxed)) {
            request->at = at;
            return FM_TABLE_NEW;
        }
        request->retries++;
        if (is_same(table, at, request, pattern)) {
            return FM_TABLE_SEEN;
        }
    }
    return FM_TABLE_FULL;
}

static __attribute__((noinline)) enum fm_table_result search_all(const struct fm_table *table,
                                                                 struct request *request,
                                                                 const struct probe *probe)
{
    for (uint32_t ordinal = 0; ordinal < GROUP; ordinal++) {
        _Atomic uint64_t *line = probe->group + (size_t)(probe->home ^ ordinal) * LINE;
        uint64_t pattern = pattern_of(probe, ordinal);
        struct look look = look_at(line, pattern, table->sure);
        for (; look.same != 0; look.same &= look.same - 1) {
            if (is_same(table, &line[__builtin_ctz(look.same)], request, pattern)) {
                return FM_TABLE_SEEN;
            }
        }
        if (look.empty != 0) {
            if (!request->insert) {
                return FM_TABLE_NEW;
            }
            enum fm_table_result result = put(table, request, probe, ordinal, look.empty);
            if (result != FM_TABLE_FULL) {
                return result;
            }
        }
    }
    return FM_TABLE_FULL;
}

/* Whether the claim that a slot names is that of the digest, under a key not above this one. */
static inline bool is_claimed_below(const struct fm_table *table, const _Atomic uint64_t *at,
                                    uint64_t slot, struct fm_digest digest, uint64_t key)
{
    const struct fm_claim *claim = claim_of_slot(table, slot);
    uint64_t differ = atomic_load_explicit(&claim->low, memory_order_acquire) ^ digest.low;
    differ |= atomic_load_explicit(&claim->high, memory_order_acquire) ^ digest.high;
    bool below = atomic_load_explicit(&claim->key, memory_order_acquire) <= key;
    /* Of a slot that has changed nothing is known; it is looked up again. */
    return differ == 0 && below && atomic_load_explicit(at, memory_order_acquire) == slot;
}

/* Whether the home line has the digest in a final slot, or, when `key` is not NULL, in a claimed
 * one under a key not above that: what nearly every look-up ends with. */
static inline __attribute__((always_inline)) bool is_home(const struct fm_table *table,
                                                          const struct probe *probe,
                                                          struct fm_digest digest,
                                                          const uint64_t *key)
{
    const _Atomic uint64_t *line = probe->group + (size_t)probe->home * LINE;
    uint64_t pattern = pattern_of(probe, 0);
    /* What is empty may look the same here: nothing else is computed that is not needed. */
    uint32_t same = same_at(line, pattern, table->sure);
    if (same == 0) {
        return false;
    }
    /* Acquire pairs with the release that published the claim. */
    const _Atomic uint64_t *at = &line[__builtin_ctz(same)];
    uint64_t slot = atomic_load_explicit(at, memory_order_acquire);
    if (is_claimed(slot)) {
        return key != NULL && is_claimed_below(table, at, slot, digest, *key);
    }
    return slot != 0 && agrees(slot, pattern);
}

/* Search and insertion. What is not in the home line mostly goes there. */
static inline __attribute__((always_inline)) enum fm_table_result insert(
    const struct fm_table *table, struct request *request, const struct probe *probe)
{
    _Atomic uint64_t *line = probe->group + (size_t)probe->home * LINE;
    uint64_t pattern = pattern_of(probe, 0);
    struct look look = look_at(line, pattern, table->sure);
    if (look.same != 0 && is_same(table, &line[__builtin_ctz(look.same)], request, pattern)) {
        return FM_TABLE_SEEN;
    }
    if (look.same == 0 && look.empty != 0) {
        uint64_t expected = 0;
        request->at = &line[__builtin_ctz(look.empty)];
        /* Release publishes the claim that the slot names. */
        if (atomic_compare_exchange_strong_explicit(request->at, &expected,
                                                    slot_to_put(table, request, probe, 0),
                                                    memory_order_release, memory_order_relaxed)) {
            return FM_TABLE_NEW;
        }
        request->retries++;
    }
    return search_all(table, request, probe);
}

/* --- operations --- */

static size_t table_size(uint64_t lines)
{
    return (size_t)lines * LINE * sizeof(uint64_t);
}

struct fm_table *fm_table_new(const struct fm_table_options *options)
{
    uint32_t log2 = options == NULL || options->slots_log2 == 0 ? SLOTS_LOG2_FIRST
                                                                : options->slots_log2;
    uint32_t exact_bits = options == NULL ? 0 : options->exact_bits;
    if (exact_bits != 0 && log2 + SURELY_KEPT < exact_bits + 1) {
        log2 = exact_bits + 1 - SURELY_KEPT;
    }
    fm_assert(log2 >= FM_TABLE_SLOTS_LOG2_MIN && log2 <= SLOTS_LOG2_MAX);
    struct fm_table *table = fm_memory_calloc(1, sizeof *table);
    table->exact_bits = exact_bits;
    table->shared_bits = exact_bits != 0 ? 1 : 0;
    table->lines_log2 = log2 - 3;
    table->lines = (uint64_t)1 << table->lines_log2;
    table->remainder_max = 63;
    table->sure = SURE;
    if (options != NULL && options->remainder_max != 0) {
        table->remainder_max = options->remainder_max;
        table->sure = 1;
    }
    if (!fm_pages_map(&table->pages, table_size(table->lines))) {
        fm_memory_free(table);
        return NULL;
    }
    table->slots = table->pages.at;
    return table;
}

void fm_table_free(struct fm_table *table)
{
    if (table != NULL) {
        fm_pages_unmap(&table->pages);
        fm_memory_free(table);
    }
}

void fm_table_clear(struct fm_table *table)
{
    memset(table->pages.at, 0, table_size(table->lines));
    table->count = table->weighed = 0;
    table->losses = table->weight = 0;
}

struct fm_table_places fm_table_places(const struct fm_table *table)
{
    return (struct fm_table_places){table->pages.at, table->lines - 1};
}

bool fm_table_contains(const struct fm_table *table, struct fm_digest digest)
{
    struct request request = {.digest = digest};
    struct probe probe = probe_of(table, digest);
    return search_all(table, &request, &probe) == FM_TABLE_SEEN;
}

enum fm_table_result fm_table_insert(struct fm_table *table, struct fm_digest digest)
{
    struct probe probe = probe_of(table, digest);
    struct request request = {.digest = digest, .insert = true};
    return insert(table, &request, &probe);
}

void fm_table_sift(const struct fm_table *table, const struct fm_digest *digests, uint32_t count,
                   uint64_t rest[FM_TABLE_SIFT_MAX / 64])
{
    fm_assert_slow(count <= FM_TABLE_SIFT_MAX);
    for (uint32_t from = 0; from < FM_TABLE_SIFT_MAX; from += 64) {
        uint64_t bits = 0;
        for (uint32_t i = from; i < count && i < from + 64; i++) {
            struct probe probe = probe_of(table, digests[i]);
            bits |= (uint64_t)!is_home(table, &probe, digests[i], NULL) << (i - from);
        }
        rest[from / 64] = bits;
    }
}

void fm_table_sift_claimed(const struct fm_table *table, const struct fm_digest *digests,
                           uint32_t count, uint64_t key, uint64_t rest[FM_TABLE_SIFT_MAX / 64])
{
    fm_assert_slow(count <= FM_TABLE_SIFT_MAX);
    for (uint32_t from = 0; from < FM_TABLE_SIFT_MAX; from += 64) {
        uint64_t bits = 0;
        for (uint32_t i = from; i < count && i < from + 64; i++) {
            struct probe probe = probe_of(table, digests[i]);
            bits |= (uint64_t)!is_home(table, &probe, digests[i], &key) << (i - from);
        }
        rest[from / 64] = bits;
    }
}

void fm_table_approach(const struct fm_table *table, const struct fm_digest *digests,
                       uint32_t count, const uint64_t rest[FM_TABLE_SIFT_MAX / 64], bool shared)
{
    for (uint32_t from = 0; from < count; from += 64) {
        for (uint64_t bits = rest[from / 64]; bits != 0; bits &= bits - 1) {
            const struct fm_digest digest = digests[from + (uint32_t)__builtin_ctzll(bits)];
            struct probe probe = probe_of(table, digest);
            _Atomic uint64_t *line = probe.group + (size_t)probe.home * LINE;
            /* Lines fill from the front. */
            if (atomic_load_explicit(&line[LINE - 1], memory_order_relaxed) != 0) {
                __builtin_prefetch(probe.group + (size_t)(probe.home ^ 1) * LINE, 0, 3);
            } else if (shared) {
                fm_prefetch_own(line);
            }
        }
    }
}

void fm_table_set_claims(struct fm_table *table, struct fm_claims *const *lists, uint32_t count)
{
    table->lists = lists;
    table->list_count = count;
}

/* Puts another claim or the final entry where the request found a claimed slot, if ours is the
 * smaller key. */
static enum fm_table_result overturn(const struct fm_table *table, struct request *request,
                                     uint64_t key)
{
    const struct probe probe = probe_of(table, request->digest);
    while (request->found_claimed && request->found_key > key) {
        uint32_t ordinal = ordinal_of(request->found);
        uint64_t expected = request->found;
        if (atomic_compare_exchange_strong_explicit(request->at, &expected,
                                                    slot_to_put(table, request, &probe, ordinal),
                                                    memory_order_release, memory_order_relaxed)) {
            return FM_TABLE_HELD;
        }
        request->retries++;
        /* A slot stays its digest's. */
        bool same = is_same(table, request->at, request, pattern_of(&probe, ordinal));
        fm_assert(same);
    }
    return FM_TABLE_SEEN;
}

static enum fm_table_result claim(const struct fm_table *table, struct fm_claims *claims,
                                  struct request *request, uint64_t key)
{
    const struct probe probe = probe_of(table, request->digest);
    enum fm_table_result result = insert(table, request, &probe);
    if (result == FM_TABLE_SEEN && request->found_claimed) {
        result = overturn(table, request, key);
        claims->taken += result == FM_TABLE_HELD;
    }
    claims->retries += request->retries;
    return result;
}

enum fm_table_result fm_table_claim(struct fm_table *table, struct fm_claims *claims,
                                    struct fm_digest digest, uint64_t key)
{
    uint32_t index = fm_claims_count(claims);
    struct fm_claim *mine = fm_claims_at(claims, index);
    /* Release: who reads this in place of the claim that was here sees that one settled. */
    atomic_store_explicit(&mine->low, digest.low, memory_order_release);
    atomic_store_explicit(&mine->high, digest.high, memory_order_release);
    atomic_store_explicit(&mine->key, key, memory_order_release);
    struct request request = {
        .digest = digest,
        .insert = true,
        .claimed = true,
        .name = claim_name(claims, index),
    };
    enum fm_table_result result = claim(table, claims, &request, key);
    if (result == FM_TABLE_NEW || result == FM_TABLE_HELD) {
        mine->slot = (uint64_t)(request.at - table->slots);
        mine->note = claims->note;
        fm_claims_push(claims);
    }
    return result;
}

enum fm_table_result fm_table_claim_surely(struct fm_table *table, struct fm_claims *claims,
                                           struct fm_digest digest, uint64_t key)
{
    struct request request = {.digest = digest, .insert = true};
    return claim(table, claims, &request, key);
}

uint64_t fm_table_least_key(const struct fm_table *table, struct fm_digest digest)
{
    struct request request = {.digest = digest};
    struct probe probe = probe_of(table, digest);
    bool seen = search_all(table, &request, &probe) == FM_TABLE_SEEN;
    return seen && request.found_claimed ? request.found_key : UINT64_MAX;
}

uint32_t fm_table_settle(struct fm_table *table, struct fm_claims *claims, uint64_t horizon)
{
    uint32_t count = fm_claims_count(claims);
    uint32_t lost = 0;
    uint32_t i = fm_claims_settled(claims);
    for (; i < count; i++) {
        struct fm_claim *mine = fm_claims_at(claims, i);
        if (i + SETTLE_AHEAD < count) {
            fm_prefetch_own(&table->slots[fm_claims_at(claims, i + SETTLE_AHEAD)->slot]);
        }
        if (atomic_load_explicit(&mine->key, memory_order_relaxed) >= horizon) {
            break;
        }
        _Atomic uint64_t *at = &table->slots[mine->slot];
        /* Relaxed: if the slot names this claim nobody changes it any more. */
        uint64_t slot = atomic_load_explicit(at, memory_order_relaxed);
        mine->lost = !is_claimed(slot) || name_of_slot(slot) != claim_name(claims, i);
        lost += mine->lost;
        if (!mine->lost) {
            struct probe probe = probe_of(table, digest_of_claim(mine));
            slot = final_slot(ordinal_of(slot), probe.remainder, table->remainder_max);
            atomic_store_explicit(at, slot, memory_order_relaxed);
        }
    }
    fm_claims_set_settled(claims, i);
    return lost;
}

void fm_table_add_count(struct fm_table *table, uint64_t added)
{
    table->count += added;
}

uint64_t fm_table_count(const struct fm_table *table)
{
    return table->count;
}

uint64_t fm_table_limit(const struct fm_table *table)
{
    return table->lines * LINE / 10 * 7;
}

uint64_t fm_table_bytes(const struct fm_table *table)
{
    return table->pages.size;
}

uint32_t fm_table_slots_log2(const struct fm_table *table)
{
    return table->lines_log2 + 3;
}

/* --- growth --- */

bool fm_table_grow(struct fm_table *table)
{
    if (!fm_table_grow_begin(table, 1)) {
        return false;
    }
    fm_table_grow_share(table, 0);
    fm_table_grow_end(table, table->count);
    return true;
}

bool fm_table_reserve(struct fm_table *table, uint64_t more)
{
    while (table->count + more > fm_table_limit(table)) {
        if (!fm_table_grow(table)) {
            return false;
        }
    }
    return true;
}

bool fm_table_grow_begin(struct fm_table *table, uint32_t shares)
{
    fm_assert(shares >= 1 && shares <= SHARES_MAX);
    fm_assert(table->lines_log2 + 3 < SLOTS_LOG2_MAX);
    if (!fm_pages_resize(&table->pages, table_size(2 * table->lines))) {
        return false;
    }
    table->slots = table->pages.at;
    table->lines *= 2;
    table->lines_log2++;
    table->share_count = shares;
    return true;
}

/* The two groups that one old group becomes, and how far their lines are filled. */
struct split {
    _Atomic uint64_t *group[2];
    uint8_t filled[2][GROUP];
    uint64_t kept[2][KEPT_MAX]; /* risky entries by the bits they know, before and after */
    uint64_t first;             /* line of the old group */
};

/* Remainder behind the home of the table as it was, and how many bits of it are known; of a claimed
 * slot all are. */
static inline uint64_t old_remainder(const struct fm_table *table, uint64_t slot, uint32_t *known)
{
    if (is_claimed(slot)) {
        struct fm_digest digest = digest_of_claim(claim_of_slot(table, slot));
        uint32_t log2 = table->lines_log2 - 1;
        *known = 64;
        return digest.low >> log2 | digest.high << (64 - log2);
    }
    uint32_t length = code_length(ordinal_of(slot));
    *known = top_of(slot) - length;
    return (slot ^ (uint64_t)1 << top_of(slot)) >> length;
}

/* Whether an entry can be what a state is lost to: it is no key. Of its digest the home line's bits
 * (`log2` of them) and the remainder are given. */
static inline bool is_risky(const struct fm_table *table, uint64_t home, uint32_t log2,
                            uint64_t remainder)
{
    if (table->exact_bits == 0) {
        return true;
    }
    return (table->exact_bits < log2 ? home >> table->exact_bits & 1
                                     : remainder >> (table->exact_bits - log2) & 1) != 0;
}

static inline void move_entry(const struct fm_table *table, struct split *split, uint32_t line,
                              uint64_t slot)
{
    uint32_t home = line ^ ordinal_of(slot);
    uint32_t known;
    uint64_t remainder = old_remainder(table, slot, &known);
    fm_assert(known > 0);
    uint32_t half = remainder & 1;
    uint32_t ordinal = 0;
    while (split->filled[half][home ^ ordinal] == LINE) {
        ordinal++;
        fm_assert(ordinal < GROUP);
    }
    uint32_t to = home ^ ordinal;
    _Atomic uint64_t *place = &split->group[half][to * LINE + split->filled[half][to]++];
    uint64_t moved = final_slot(ordinal, remainder >> 1, known - 1);
    uint32_t known_before = known;
    uint32_t known_after = known - 1;
    if (is_claimed(slot)) {
        /* Counted as it will be once it is settled. */
        uint64_t pattern = remainder >> 1 << code_length(ordinal) | code_of(ordinal);
        moved = (slot & ~SURE) | (pattern & SURE);
        claim_of_slot(table, slot)->slot = (uint64_t)(place - table->slots);
        known_before = fitting(code_length(ordinal_of(slot)), table->remainder_max);
        known_after = table->remainder_max;
    }
    if (is_risky(table, split->first + home, table->lines_log2 - 1, remainder)) {
        known_after = fitting(code_length(ordinal), known_after);
        split->kept[0][table->lines_log2 - 1 + known_before - table->shared_bits]++;
        split->kept[1][table->lines_log2 + known_after - table->shared_bits]++;
    }
    atomic_store_explicit(place, moved, memory_order_relaxed);
}

static double weight_of(const uint64_t *kept)
{
    double weight = 0;
    for (uint32_t bits = 0; bits < KEPT_MAX; bits++) {
        weight += fm_probability_weight(kept[bits], bits);
    }
    return weight;
}

void fm_table_grow_share(struct fm_table *table, uint32_t share)
{
    fm_assert(share < table->share_count);
    uint64_t groups = table->lines / 2 / GROUP;
    uint64_t begin = groups * share / table->share_count;
    uint64_t end = groups * (share + 1) / table->share_count;
    struct split split = {.kept = {{0}}};
    for (uint64_t i = begin; i < end; i++) {
        uint64_t copy[GROUP_SLOTS];
        split.group[0] = table->slots + i * GROUP_SLOTS;
        split.group[1] = table->slots + (i + groups) * GROUP_SLOTS;
        split.first = i * GROUP;
        memset(split.filled, 0, sizeof split.filled);
        for (uint32_t j = 0; j < GROUP_SLOTS; j++) {
            copy[j] = atomic_load_explicit(&split.group[0][j], memory_order_relaxed);
            atomic_store_explicit(&split.group[0][j], 0, memory_order_relaxed);
        }
        for (uint32_t j = 0; j < GROUP_SLOTS; j++) {
            if (copy[j] != 0) {
                move_entry(table, &split, j / LINE, copy[j]);
            }
        }
    }
    table->shares[share] = (struct share){weight_of(split.kept[0]), weight_of(split.kept[1])};
}

void fm_table_grow_end(struct fm_table *table, uint64_t count)
{
    double before = 0;
    double after = 0;
    for (uint32_t i = 0; i < table->share_count; i++) {
        before += table->shares[i].before;
        after += table->shares[i].after;
    }
    table->losses += fm_probability_losses(count - table->weighed, table->weight, before);
    table->weight = after;
    table->weighed = count;
}

struct fm_table_survey fm_table_survey(const struct fm_table *table)
{
    struct fm_table_survey survey = {0};
    uint64_t kept[KEPT_MAX] = {0};
    uint64_t found[GROUP] = {0}; /* by ordinal */
    for (uint64_t i = 0; i < table->lines * LINE; i++) {
        uint64_t slot = atomic_load_explicit(&table->slots[i], memory_order_relaxed);
        if (slot != 0) {
            uint32_t ordinal = ordinal_of(slot);
            uint64_t remainder = (slot ^ (uint64_t)1 << top_of(slot)) >> code_length(ordinal);
            uint32_t known = table->lines_log2 + top_of(slot) - code_length(ordinal);
            kept[known - table->shared_bits] += is_risky(table, (i / LINE) ^ ordinal,
                                                         table->lines_log2, remainder);
            found[ordinal]++;
        }
    }
    for (uint32_t i = 0; i < GROUP; i++) {
        survey.entries += found[i];
        survey.lines_mean += (double)found[i] * (i + 1);
        survey.lines_max = found[i] > 0 ? i + 1 : survey.lines_max;
    }
    survey.home = found[0];
    survey.lines_mean /= survey.entries == 0 ? 1 : (double)survey.entries;
    /* A growth forced early may have counted what its caller then did not keep. */
    uint64_t added = table->count > table->weighed ? table->count - table->weighed : 0;
    survey.losses = table->losses + fm_probability_losses(added, table->weight, weight_of(kept));
    return survey;
}

double fm_table_losses(const struct fm_table *table)
{
    return fm_table_survey(table).losses;
}

uint32_t fm_table_slots_log2_for(uint64_t bytes)
{
    uint32_t log2 = FM_TABLE_SLOTS_LOG2_MIN;
    while (log2 < SLOTS_LOG2_MAX && bytes >> (log2 + 1) >= FM_TABLE_ENTRY_SIZE) {
        log2++;
    }
    return log2;
}
