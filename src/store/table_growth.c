/* Growth of the fingerprint table, and what its entries know of their digests.
 *
 * When the table doubles, the lowest bit of each remainder becomes the highest bit of the home
 * line: the entries of group g go to g or to g + the old number of groups. Groups are independent,
 * so threads divide them, and each is moved through a copy of 2 KiB: the block is doubled with
 * zeros behind, its old half is read and written in order, the new one written, and nothing is
 * looked up.
 *
 * An entry keeps the bits it knows, less what its new place cannot hold. So for the bound on lost
 * states entries are counted by their known bits before and after each growth (fm_table_losses). */
#include "store/slots.h"

#include "base/assert.h"
#include "store/probability.h"

#include <string.h>

#define KEPT_MAX 128u

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
    bool all_risky;             /* no entries are keys */
    uint64_t plain[64];         /* of move_plain: entries by their highest bit */
};

/* Remainder behind the home of the table as it was, and how many bits of it are known. */
static inline uint64_t old_remainder(uint64_t slot, uint32_t *known)
{
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
    uint64_t remainder = old_remainder(slot, &known);
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
    if (is_risky(table, split->first + home, table->lines_log2 - 1, remainder)) {
        uint32_t known_after = fitting(code_length(ordinal), known - 1);
        split->kept[0][table->lines_log2 - 1 + known - table->shared_bits]++;
        split->kept[1][table->lines_log2 + known_after - table->shared_bits]++;
    }
    atomic_store_explicit(place, moved, memory_order_relaxed);
}

/* Moves what most entries are: in the home line (its code is a zero bit), and with room in the new
 * one. There a slot loses the lowest bit of its remainder, and no more. false: this is none
 * of them. */
static inline bool move_plain(struct split *split, uint32_t line, uint64_t slot)
{
    uint32_t half = slot >> 1 & 1;
    uint32_t filled = split->filled[half][line];
    if ((slot & 1) != 0 || filled == LINE || !split->all_risky) {
        return false;
    }
    uint32_t top = top_of(slot);
    fm_assert(top > 1);
    uint64_t moved = (slot >> 1) & ~(uint64_t)1;
    split->filled[half][line] = (uint8_t)(filled + 1);
    split->plain[top]++;
    atomic_store_explicit(&split->group[half][line * LINE + filled], moved, memory_order_relaxed);
    return true;
}

/* Adds the entries of move_plain to the others. */
static void count_plain(const struct fm_table *table, struct split *split)
{
    for (uint32_t top = 2; top < 64; top++) {
        split->kept[0][table->lines_log2 - 1 + top - 1] += split->plain[top];
        split->kept[1][table->lines_log2 + top - 2] += split->plain[top];
    }
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
    struct split split = {.all_risky = table->exact_bits == 0};
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
            if (copy[j] != 0 && !move_plain(&split, j / LINE, copy[j])) {
                move_entry(table, &split, j / LINE, copy[j]);
            }
        }
    }
    count_plain(table, &split);
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
    uint64_t plain[64] = {0};    /* of those in their home line, by highest bit */
    for (uint64_t i = 0; i < table->lines * LINE; i++) {
        uint64_t slot = atomic_load_explicit(&table->slots[i], memory_order_relaxed);
        if (slot == 0) {
            i |= LINE - 1; /* lines fill from the front */
        } else if ((slot & 1) == 0 && table->exact_bits == 0) {
            plain[top_of(slot)]++;
        } else {
            uint32_t ordinal = ordinal_of(slot);
            uint64_t remainder = (slot ^ (uint64_t)1 << top_of(slot)) >> code_length(ordinal);
            uint32_t known = table->lines_log2 + top_of(slot) - code_length(ordinal);
            kept[known - table->shared_bits] += is_risky(table, (i / LINE) ^ ordinal,
                                                         table->lines_log2, remainder);
            found[ordinal]++;
        }
    }
    for (uint32_t top = 1; top < 64; top++) {
        kept[table->lines_log2 + top - 1] += plain[top];
        found[0] += plain[top];
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
