/* Mutation of schedules. */
#ifndef FM_FUZZ_MUTATE_H
#define FM_FUZZ_MUTATE_H

#include "base/random.h"
#include "sim/choice.h"

#include <stdbool.h>
#include <stdint.h>

/* Choices beside the faults that may occur in them: what mutation changes. */
struct fm_mutant {
    struct fm_choice *choices; /* the caller's; room for limits.count_max */
    uint32_t count;
    uint64_t faults; /* enum fathom_fault, or-ed */
};

/* The schedules that there are. */
struct fm_mutate_limits {
    unsigned nodes, customs; /* of the world */
    uint64_t faults;         /* that may occur at all */
    uint32_t count_max;      /* choices */
};

/* ORDER(mutator) */
enum fm_mutator {
    FM_MUTATE_SWAP,      /* two choices change places */
    FM_MUTATE_SPLICE,    /* a range of choices moves elsewhere */
    FM_MUTATE_INSERT,    /* a random choice is put in */
    FM_MUTATE_DELETE,    /* a range is left out */
    FM_MUTATE_REPEAT,    /* a range follows itself once more */
    FM_MUTATE_SHIFT,     /* one choice of a fault (or start) moves elsewhere */
    FM_MUTATE_FAULTS,    /* one fault becomes allowed, and occurs, or is no longer allowed */
    FM_MUTATE_CROSSOVER, /* the end is replaced by that of another schedule */
    FM_MUTATE_HAVOC,     /* 2 to 16 of those above */
    FM_MUTATOR_COUNT
};

/* Whether the choice can apply in some world within the limits, and has no field that its kind does
 * not have. */
bool fm_mutate_is_valid(const struct fm_choice *choice, const struct fm_mutate_limits *limits);
/* A choice of that kind, evenly among those with small numbers. The kind applies within the limits
 * (fm_mutate_has). */
struct fm_choice fm_mutate_choice(enum fm_choice_kind kind, const struct fm_mutate_limits *limits,
                                  struct fm_random *random);
/* Whether worlds within the limits, with those faults, have choices of that kind. */
bool fm_mutate_has(enum fm_choice_kind kind, const struct fm_mutate_limits *limits,
                   uint64_t faults);
/* Changes a mutant whose choices are all valid; so they are afterwards, at most count_max of them.
 * `other`: for CROSSOVER; may be NULL, then it is a SWAP. What does not apply (SHIFT without
 * faults, DELETE of the only choice ...) changes nothing. All follows from `random`. */
void fm_mutate(struct fm_mutant *mutant, enum fm_mutator mutator, const struct fm_mutant *other,
               const struct fm_mutate_limits *limits, struct fm_random *random);
/* One mutator or HAVOC, drawn. */
enum fm_mutator fm_mutate_draw(struct fm_random *random);

#endif
