/* Slots of the fingerprint table, and the table: what table.c and table_growth.c have in common,
 * and no other file sees. store/table.c says what a slot holds. */
#ifndef FM_STORE_SLOTS_H
#define FM_STORE_SLOTS_H

#include "store/pages.h"
#include "store/table.h"

#include <stdatomic.h>

/* Slots of a line: 64 bytes. */
#define LINE 8u
/* Lines of a group, and so of a search at most. */
#define GROUP 32u
#define GROUP_SLOTS (GROUP * LINE)
/* Slots of an empty table, log2: one page, so that a small model touches no memory for nothing. */
#define SLOTS_LOG2_FIRST 9u
/* Bits that every entry of a table knows for good, less the log2 of its slots when the entry came:
 * 54 of the remainder in the farthest lines, 3 less of the home. */
#define SURELY_KEPT 51u
/* What a digest of 128 bits can still feed with remainders of 62 bits, with room to spare. */
#define SLOTS_LOG2_MAX 48u
/* Shares of one growth at most. */
#define SHARES_MAX 1024u
/* Low bits of a slot that are compared first. Every entry knows them: the remainder has 54 bits or
 * more at first and loses at most 36 to growth. */
#define SURE_BITS 20u
#define SURE (((uint64_t)1 << SURE_BITS) - 1)

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
    bool wide;            /* the processor has vectors of 32 bytes, and what goes with them */
    uint64_t count;
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

/* Whether the slot is taken and its known bits are those of the pattern, which knows all: the first
 * bit in which they differ, if there is one, is not below the slot's highest. */
static inline bool agrees(uint64_t slot, uint64_t pattern)
{
    uint64_t differ = slot ^ pattern;
    return (differ ^ (differ - 1)) > slot - 1;
}

/* Bits of a remainder that fit beside the ordinal, of `known` ones. */
static inline uint32_t fitting(uint32_t length, uint32_t known)
{
    return length + known > 63 ? 63 - length : known;
}

/* A slot for this ordinal and the lowest `known` bits of the remainder. */
static inline uint64_t final_slot(uint32_t ordinal, uint64_t remainder, uint32_t known)
{
    uint32_t length = code_length(ordinal);
    uint32_t fits = fitting(length, known);
    uint64_t mark = (uint64_t)1 << fits;
    return ((remainder & (mark - 1)) | mark) << length | code_of(ordinal);
}

/* Bytes of so many lines. */
static inline size_t table_size(uint64_t lines)
{
    return (size_t)lines * LINE * sizeof(uint64_t);
}

#endif
