/* A quotienting table of 8-byte slots in lines of eight, one cache line each; no deletion.
 *
 * The idea is Cleary's (1984): what the place of an entry says need not be stored in it. The low
 * bits of a digest are its home line; the next bits, the remainder, go into the slot together with
 * the ordinal of the line that had room, so that the home can be told from the place. The lines
 * probed are home ^ 0, home ^ 1, ... home ^ 31: one aligned group of 2 KiB. An entry takes the
 * first empty slot of the first line that has one, so that a line with an empty slot ends a search.
 *
 *     slot        [0...0 1][remainder, its lowest bits][ordinal]      from bit 63 to bit 0
 *     empty slot  0
 *
 * The ordinal is a prefix code: 0, 01, 011, 0111 for the first four lines (most entries
 * need one bit), 1111 with five bits before it for the others. The highest bit set ends the
 * remainder: an entry knows how much it knows. That makes growth honest. When the table doubles,
 * the lowest bit of the remainder becomes the highest bit of the home; nothing takes its place at
 * the other end, for the digest is gone. So an entry keeps, for good, the bits that the table had
 * room for when it came: with 2^k slots k - 3 of the home and 62 of the remainder, k + 59; one less
 * in the second line, and so on. Two digests that agree in all bits an entry knows are taken for
 * one. Half of all states come after the last doubling, a quarter before it, ...: each generation
 * has half the entries of the next with one bit less, so that growing from nothing costs a factor
 * of about the number of doublings in the bound, not 2 for each. fm_table_losses adds it all up:
 * entries by their known bits, times the distinct states that came later.
 *
 * Who inserts is alone with that, nearly always: a search has one worker at a time that does, while
 * others look up (explore/turns.c). So batches are inserted with plain stores, of whole slots: who
 * reads meanwhile finds an entry or does not, and a slot says all that there is to know. Only
 * initial states are inserted by several threads at once. Publishing an entry is one
 * compare-and-swap then. Two threads that insert one digest scan the same lines from their
 * beginning; lines fill from the front; so the later one meets the earlier entry, or fails to swap
 * and looks again. Growth in place: the block is doubled with zeros behind, and
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
        /* Relaxed: a slot says all itself. */
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

/* What is looked for, and whether it is put where the search for it ends. */
struct request {
    struct fm_digest digest;
    bool insert;
};

/* Takes the first of the empty slots of a line, unless somebody else puts the same digest there. */
static enum fm_table_result put(const struct fm_table *table, const struct probe *probe,
                                uint32_t ordinal, uint32_t empty)
{
    _Atomic uint64_t *line = probe->group + (size_t)(probe->home ^ ordinal) * LINE;
    uint64_t slot = final_slot(ordinal, probe->remainder, table->remainder_max);
    for (; empty != 0; empty &= empty - 1) {
        uint64_t found = 0;
        if (atomic_compare_exchange_strong_explicit(&line[__builtin_ctz(empty)], &found, slot,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            return FM_TABLE_NEW;
        }
        if (agrees(found, pattern_of(probe, ordinal))) {
            return FM_TABLE_SEEN;
        }
    }
    return FM_TABLE_FULL;
}

static __attribute__((noinline)) enum fm_table_result search_all(const struct fm_table *table,
                                                                 const struct request *request,
                                                                 const struct probe *probe)
{
    for (uint32_t ordinal = 0; ordinal < GROUP; ordinal++) {
        _Atomic uint64_t *line = probe->group + (size_t)(probe->home ^ ordinal) * LINE;
        uint64_t pattern = pattern_of(probe, ordinal);
        struct look look = look_at(line, pattern, table->sure);
        for (; look.same != 0; look.same &= look.same - 1) {
            uint64_t slot = atomic_load_explicit(&line[__builtin_ctz(look.same)],
                                                 memory_order_relaxed);
            if (agrees(slot, pattern)) {
                return FM_TABLE_SEEN;
            }
        }
        if (look.empty != 0) {
            if (!request->insert) {
                return FM_TABLE_NEW;
            }
            enum fm_table_result result = put(table, probe, ordinal, look.empty);
            if (result != FM_TABLE_FULL) {
                return result;
            }
        }
    }
    return FM_TABLE_FULL;
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
    const struct request request = {.digest = digest};
    const struct probe probe = probe_of(table, digest);
    return search_all(table, &request, &probe) == FM_TABLE_SEEN;
}

enum fm_table_result fm_table_insert(struct fm_table *table, struct fm_digest digest)
{
    struct probe probe = probe_of(table, digest);
    const struct request request = {.digest = digest, .insert = true};
    return search_all(table, &request, &probe);
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
        const struct request request = {.digest = digests[left[i]], .insert = true};
        const struct probe probe = probe_of(table, request.digest);
        enum fm_table_result result = search_all(table, &request, &probe);
        if (result == FM_TABLE_FULL) {
            return left[i];
        }
        many->fresh[left[i] / 64] |= (uint64_t)(result == FM_TABLE_NEW) << (left[i] % 64);
    }
    return count;
}

/* As in insert_many those whose home line does not tell are left for the end. */
FOR_BOTH void sift(const struct fm_table *table, const struct fm_digest *digests,
                   const uint8_t *wanted, uint32_t count, uint64_t rest[FM_TABLE_MANY_WORDS],
                   struct looks looks)
{
    const struct homes homes = homes_of(table);
    uint8_t left[FM_TABLE_MANY_MAX];
    uint32_t left_count = 0;
    memset(rest, 0, FM_TABLE_MANY_WORDS * sizeof *rest);
    for (uint32_t i = 0; i < count; i++) {
        if (wanted != NULL && wanted[i] == 0) {
            continue;
        }
        const _Atomic uint64_t *line = home_line(homes, digests[i]);
        uint64_t pattern = home_pattern(homes, digests[i]);
        uint32_t same = looks.same(line, pattern, homes.sure);
        if (same != 0) {
            uint64_t slot = atomic_load_explicit(&line[__builtin_ctz(same)], memory_order_relaxed);
            if (agrees(slot, pattern)) {
                continue;
            }
        }
        rest[i / 64] |= (uint64_t)1 << (i % 64);
        if (same != 0 || looks.empty(line) == 0) {
            __builtin_prefetch(homes.slots + ((digests[i].low & homes.mask) ^ 1) * LINE, 0, 3);
            left[left_count++] = (uint8_t)i;
        }
    }
    for (uint32_t i = 0; i < left_count; i++) {
        const struct request request = {.digest = digests[left[i]]};
        const struct probe probe = probe_of(table, request.digest);
        if (search_all(table, &request, &probe) == FM_TABLE_SEEN) {
            rest[left[i] / 64] &= ~((uint64_t)1 << (left[i] % 64));
        }
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
                           const uint8_t *wanted, uint32_t count,
                           uint64_t rest[FM_TABLE_MANY_WORDS])
{
    const struct looks looks = {same_at_wide, empty_at_wide};
    sift(table, digests, wanted, count, rest, looks);
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

void fm_table_sift(const struct fm_table *table, const struct fm_digest *digests,
                   const uint8_t *wanted, uint32_t count, uint64_t rest[FM_TABLE_MANY_WORDS])
{
    fm_assert_slow(count <= FM_TABLE_MANY_MAX);
#if HAS_VECTORS
    if (table->wide) {
        sift_wide(table, digests, wanted, count, rest);
        return;
    }
#endif
    const struct looks looks = {same_at, empty_at};
    sift(table, digests, wanted, count, rest, looks);
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
