/* Normal forms of goals (lasso_conditions.c), and what steps say of them.
 *
 * A part is a formula in negation normal form; equal parts have equal numbers, and a part's number
 * is higher than those of its kids. Two properties decide what becomes of a part: a boolean one
 * speaks of one step only; a tail is a connective of INFINITE and LASTING, which a behaviour's end
 * decides, whatever comes before it. */
#ifndef FM_LIVENESS_LASSO_CONDITIONS_H
#define FM_LIVENESS_LASSO_CONDITIONS_H

#include "base/map.h"
#include "base/vec.h"
#include "liveness/lasso.h"

enum fm_part_op {
    FM_PART_FALSE, /* number 0 */
    FM_PART_TRUE,  /* number 1 */
    FM_PART_LITERAL,
    FM_PART_AND,
    FM_PART_OR,
    FM_PART_ALWAYS,
    FM_PART_EVENTUALLY,
    FM_PART_INFINITE, /* []<>b, b boolean */
    FM_PART_LASTING   /* <>[]b, b boolean */
};

struct fm_part {
    enum fm_part_op op;
    bool is_boolean, is_tail; /* FALSE and TRUE are both */
    bool is_negated;          /* of LITERAL */
    uint32_t atom;            /* of LITERAL */
    uint32_t first, count;    /* kids: numbers in fm_parts.kids */
    uint32_t mark;            /* of INFINITE and LASTING, once fm_marks_assign was called */
};

struct fm_parts {
    FM_VEC(struct fm_part) parts;
    FM_VEC(uint32_t) kids;
    uint32_t *slots; /* number of a part + 1, 0 is empty */
    uint32_t slot_count;
    struct fm_map seen[2];       /* formulas as given, plain and negated */
    FM_VEC(uint32_t) settled[2]; /* []<> and <>[] of a part, + 1 */
    uint32_t depth;              /* of recursion */
    bool is_large;               /* a limit was passed: the parts mean nothing */
};

void fm_parts_init(struct fm_parts *parts);
void fm_parts_deinit(struct fm_parts *parts);
/* The normal form of the conjunction of a goal. */
uint32_t fm_parts_of_goal(struct fm_parts *parts, const struct fm_goal *goal);
/* The connective `op`, AND or OR, of these. */
uint32_t fm_parts_join(struct fm_parts *parts, enum fm_part_op op, const uint32_t *ids,
                       uint32_t count);

static inline const struct fm_part *fm_part_at(const struct fm_parts *parts, uint32_t id)
{
    return &parts->parts.at[id];
}

static inline const uint32_t *fm_part_kids(const struct fm_parts *parts, uint32_t id)
{
    return parts->kids.at + parts->parts.at[id].first;
}

/* A mark is a set of steps: those on which a boolean part is true. INFINITE(b) is satisfied when
 * steps with its mark are taken for ever, LASTING(b) when those with its mark, of ~b, are not. The
 * marks of one step are a row of bits. */
struct fm_marks {
    uint32_t count; /* those of letters first, then `extra` ones of the automaton */
    uint32_t letter_marks;
    uint32_t words;  /* of a row */
    uint64_t *rows;  /* of each letter */
    uint32_t *parts; /* the boolean part of each of the letters' marks */
    uint32_t letter_count;
};

/* Numbers the marks of the tails that the parts in `roots` have. */
void fm_marks_assign(struct fm_marks *marks, struct fm_parts *parts, const uint32_t *roots,
                     uint32_t root_count);
/* Adds marks of the automaton and judges all letters. */
void fm_marks_fill(struct fm_marks *marks, const struct fm_parts *parts,
                   const struct fm_graph *graph, uint32_t extra);
void fm_marks_deinit(struct fm_marks *marks);

/* What a boolean part is on each letter: the lowest bit of values[part], for the parts of `wanted`
 * (and those below them), which are in order. */
void fm_parts_judge(const struct fm_parts *parts, const uint32_t *wanted, uint32_t count,
                    const uint64_t *letter, uint8_t *values);
/* Those below these boolean parts, and they, in order; freed by the caller (fm_memory_free). */
uint32_t *fm_parts_below(const struct fm_parts *parts, const uint32_t *roots, uint32_t root_count,
                         uint32_t *count);

static inline bool fm_bits_has(const uint64_t *bits, uint32_t i)
{
    return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static inline void fm_bits_add(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline bool fm_bits_meet(const uint64_t *a, const uint64_t *b, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        if ((a[i] & b[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* Whether a has all of b. */
static inline bool fm_bits_cover(const uint64_t *a, const uint64_t *b, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        if ((b[i] & ~a[i]) != 0) {
            return false;
        }
    }
    return true;
}

static inline void fm_bits_join(uint64_t *to, const uint64_t *from, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        to[i] |= from[i];
    }
}

/* What a tail is for a cycle through steps that have exactly these marks together, where steps may
 * still be taken away: OPEN is only not satisfied because of steps that can be left out. */
enum fm_tail_value { FM_TAIL_NO, FM_TAIL_OPEN, FM_TAIL_YES };

enum fm_tail_value fm_tail_judge(const struct fm_parts *parts, uint32_t id, const uint64_t *marks);

#endif
