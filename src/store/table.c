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
#include "store/slots.h"

#include "base/arena.h"
#include "base/assert.h"

#include <string.h>
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#include <immintrin.h>
#define HAS_VECTORS 1
#else
#define HAS_VECTORS 0
#endif

/* Claims that are asked for ahead of being settled: behind a worker that was given no processor for
 * a while, thousands wait and have left the cache. */
#define SETTLE_AHEAD 16u

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
/* The same with vectors of four slots, for functions compiled for processors that have them. */
#define WIDE __attribute__((target("avx2,bmi,bmi2")))

static inline __attribute__((always_inline)) WIDE __m256i load_four(const _Atomic uint64_t *at)
{
    __m256i four = _mm256_load_si256((const __m256i *)(uintptr_t)at);
    __asm__("" : "+x"(four)); /* as in load_two */
    return four;
}

static inline __attribute__((always_inline)) WIDE uint32_t zeros_of_four(__m256i slots)
{
    __m256i equal = _mm256_cmpeq_epi64(slots, _mm256_setzero_si256());
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(equal));
}

static inline __attribute__((always_inline)) WIDE uint32_t
same_at_wide(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure)
{
    const __m256i wanted = _mm256_set1_epi64x((long long)pattern);
    const __m256i mask = _mm256_set1_epi64x((long long)sure);
    __m256i first = _mm256_xor_si256(load_four(line), wanted);
    __m256i second = _mm256_xor_si256(load_four(line + 4), wanted);
    return zeros_of_four(_mm256_and_si256(first, mask)) |
           zeros_of_four(_mm256_and_si256(second, mask)) << 4;
}

static inline __attribute__((always_inline)) WIDE uint32_t
empty_at_wide(const _Atomic uint64_t *line)
{
    return zeros_of_four(load_four(line)) | zeros_of_four(load_four(line + 4)) << 4;
}

static bool has_wide(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
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
#if HAS_VECTORS
    table->wide = (options == NULL || !options->narrow) && has_wide();
#endif
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

/* --- many at a time --- */

/* What a look at a line tells, as a set of bits: slots that may be the pattern's, and empty ones
 * (the first may be among the second). There are functions for all processors and for those with
 * wider vectors; what calls them is compiled for both. */
struct looks {
    uint32_t (*same)(const _Atomic uint64_t *line, uint64_t pattern, uint64_t sure);
    uint32_t (*empty)(const _Atomic uint64_t *line);
};

#define FOR_BOTH static inline __attribute__((always_inline))

static uint32_t empty_at(const _Atomic uint64_t *line)
{
    return look_at(line, 0, 0).empty;
}

/* Where digests go first, kept in registers. */
struct homes {
    _Atomic uint64_t *slots;
    uint64_t mask, sure;
    uint32_t log2;
};

static inline struct homes homes_of(const struct fm_table *table)
{
    return (struct homes){table->slots, table->lines - 1, table->sure, table->lines_log2};
}

FOR_BOTH _Atomic uint64_t *home_line(struct homes homes, struct fm_digest digest)
{
    return homes.slots + (digest.low & homes.mask) * LINE;
}

FOR_BOTH uint64_t home_pattern(struct homes homes, struct fm_digest digest)
{
    uint64_t remainder = digest.low >> homes.log2 | digest.high << (64 - homes.log2);
    return remainder << code_length(0) | code_of(0);
}

/* Those whose home line does not tell are left for the end, when the next lines have come: one that
 * is left has its like left behind it. */
FOR_BOTH uint32_t insert_many(struct fm_table *table, struct fm_table_many *many, uint32_t from,
                              struct looks looks)
{
    const struct fm_digest *const digests = many->digests;
    const uint8_t *const wanted = many->wanted;
    const uint32_t count = many->count;
    const struct homes homes = homes_of(table);
    uint8_t left[FM_TABLE_MANY_MAX];
    uint32_t left_count = 0;
    for (uint32_t i = from; i < count; i++) {
        if (wanted != NULL && wanted[i] == 0) {
            continue;
        }
        _Atomic uint64_t *line = home_line(homes, digests[i]);
        uint64_t pattern = home_pattern(homes, digests[i]);
        uint32_t same = looks.same(line, pattern, homes.sure);
        if (same != 0) {
            uint64_t slot = atomic_load_explicit(&line[__builtin_ctz(same)], memory_order_relaxed);
            if (agrees(slot, pattern)) {
                continue;
            }
        }
        uint32_t empty = looks.empty(line);
        if ((same & ~empty) == 0 && empty != 0) {
            uint64_t slot = final_slot(0, pattern >> code_length(0), table->remainder_max);
            atomic_store_explicit(&line[__builtin_ctz(empty)], slot, memory_order_relaxed);
            many->fresh[i / 64] |= (uint64_t)1 << (i % 64);
        } else {
            __builtin_prefetch(homes.slots + ((digests[i].low & homes.mask) ^ 1) * LINE, 1, 3);
            left[left_count++] = (uint8_t)i;
        }
    }
    for (uint32_t i = 0; i < left_count; i++) {
        struct request request = {.digest = digests[left[i]], .insert = true};
        const struct probe probe = probe_of(table, request.digest);
        enum fm_table_result result = search_all(table, &request, &probe);
        if (result == FM_TABLE_FULL) {
            return left[i];
        }
        many->fresh[left[i] / 64] |= (uint64_t)(result == FM_TABLE_NEW) << (left[i] % 64);
    }
    return count;
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

/* Whether the home line has the digest in a final slot, or in a claimed one under a key not above
 * this one: what nearly every look-up ends with. */
FOR_BOTH bool is_home(const struct fm_table *table, struct homes homes, struct fm_digest digest,
                      uint64_t key, struct looks looks)
{
    const _Atomic uint64_t *line = home_line(homes, digest);
    uint64_t pattern = home_pattern(homes, digest);
    uint32_t same = looks.same(line, pattern, homes.sure);
    if (same == 0) {
        return false;
    }
    /* Acquire pairs with the release that published the claim. */
    const _Atomic uint64_t *at = &line[__builtin_ctz(same)];
    uint64_t slot = atomic_load_explicit(at, memory_order_acquire);
    return is_claimed(slot) ? is_claimed_below(table, at, slot, digest, key)
                            : agrees(slot, pattern);
}

FOR_BOTH void sift(const struct fm_table *table, const struct fm_digest *digests, uint32_t count,
                   uint64_t key, uint64_t rest[FM_TABLE_MANY_WORDS], struct looks looks)
{
    const struct homes homes = homes_of(table);
    for (uint32_t from = 0; from < FM_TABLE_MANY_MAX; from += 64) {
        uint64_t bits = 0;
        for (uint32_t i = from; i < count && i < from + 64; i++) {
            bits |= (uint64_t)!is_home(table, homes, digests[i], key, looks) << (i - from);
        }
        rest[from / 64] = bits;
    }
}

#if HAS_VECTORS
static WIDE uint32_t insert_many_wide(struct fm_table *table, struct fm_table_many *many,
                                      uint32_t from)
{
    const struct looks looks = {same_at_wide, empty_at_wide};
    return insert_many(table, many, from, looks);
}

static WIDE void sift_wide(const struct fm_table *table, const struct fm_digest *digests,
                           uint32_t count, uint64_t key, uint64_t rest[FM_TABLE_MANY_WORDS])
{
    const struct looks looks = {same_at_wide, empty_at_wide};
    sift(table, digests, count, key, rest, looks);
}
#endif

uint32_t fm_table_insert_many(struct fm_table *table, struct fm_table_many *many, uint32_t from)
{
    fm_assert_slow(many->count <= FM_TABLE_MANY_MAX);
#if HAS_VECTORS
    if (table->wide) {
        return insert_many_wide(table, many, from);
    }
#endif
    const struct looks looks = {same_at, empty_at};
    return insert_many(table, many, from, looks);
}

void fm_table_sift(const struct fm_table *table, const struct fm_digest *digests, uint32_t count,
                   uint64_t key, uint64_t rest[FM_TABLE_MANY_WORDS])
{
    fm_assert_slow(count <= FM_TABLE_MANY_MAX);
#if HAS_VECTORS
    if (table->wide) {
        sift_wide(table, digests, count, key, rest);
        return;
    }
#endif
    const struct looks looks = {same_at, empty_at};
    sift(table, digests, count, key, rest, looks);
}

void fm_table_approach(const struct fm_table *table, const struct fm_digest *digests,
                       uint32_t count, const uint64_t rest[FM_TABLE_MANY_WORDS])
{
    const struct homes homes = homes_of(table);
    for (uint32_t from = 0; from < count; from += 64) {
        for (uint64_t bits = rest[from / 64]; bits != 0; bits &= bits - 1) {
            const struct fm_digest digest = digests[from + (uint32_t)__builtin_ctzll(bits)];
            const _Atomic uint64_t *line = home_line(homes, digest);
            /* Lines fill from the front. */
            if (atomic_load_explicit(&line[LINE - 1], memory_order_relaxed) != 0) {
                uint64_t next = (digest.low & homes.mask) ^ 1;
                __builtin_prefetch(homes.slots + next * LINE, 0, 3);
            } else {
                fm_prefetch_own(line);
            }
        }
    }
}

/* --- claims --- */

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
