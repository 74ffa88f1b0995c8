/* Deciding temporal properties after the search: the graph is filled, and for each property a fair
 * behaviour that violates it is looked for.
 *
 * A violation becomes a problem of the check's result (explore/check.h), with a behaviour that was
 * executed again by the interpreter and passed the judge of behaviours (verify.h). What else there
 * is to say stands in a result here. */
#ifndef FM_LIVENESS_LIVENESS_H
#define FM_LIVENESS_LIVENESS_H

#include "explore/check.h"
#include "liveness/formula.h"

struct fm_liveness;

struct fm_liveness_options {
    const struct fm_temporals *temporals;
    /* The interpreter's model of the program, which executes and judges counterexamples. */
    struct fm_model *interpreter;
    uint32_t workers;
    bool keep_going;              /* on to further properties after a violation */
    const atomic_bool *interrupt; /* polled, or NULL */
    uint64_t memory_max;          /* resident bytes; 0: no limit */
    void *closure;
    /* The safety part is over, so many states were found; or NULL. */
    void (*begin)(void *closure, uint64_t states);
    /* All was decided that will be; or NULL. */
    void (*end)(void *closure);
};

struct fm_liveness *fm_liveness_new(const struct fm_liveness_options *options);
void fm_liveness_free(struct fm_liveness *liveness);
/* Another model of the same program; before the check. */
void fm_liveness_set_interpreter(struct fm_liveness *liveness, struct fm_model *interpreter);
/* `then` of struct fm_check_options, which has the liveness as its closure; once. */
enum fm_check_end fm_liveness_check(void *liveness, struct fm_checker *checker,
                                    enum fm_check_end end);

enum fm_liveness_verdict {
    FM_LIVENESS_UNDECIDED, /* the check ended before */
    FM_LIVENESS_HOLDS,
    FM_LIVENESS_VIOLATED
};

struct fm_liveness_property {
    const char *name;
    enum fm_liveness_verdict verdict;
    uint64_t product_states, components;
    uint32_t automaton_states, pairs;
};

struct fm_liveness_result {
    bool ran;              /* the search came to its end, so this began */
    const char *undecided; /* why some properties were not decided; NULL: all were, or it ended */
    uint64_t states, initial, steps;
    uint32_t atoms, letters;
    uint64_t cut_off; /* steps out of the constraints, or beyond the depth */
    uint64_t graph_bytes, index_bytes;
    uint64_t fill_ns, search_ns;
    double collision; /* probability that two states were taken for one, at most */
    const struct fm_liveness_property *properties; /* in the order of the configuration */
    uint32_t property_count;
    const char *const *warnings; /* a line each */
    uint32_t warning_count;
};

/* Lives as long as the liveness; complete when the check is over. */
const struct fm_liveness_result *fm_liveness_result(const struct fm_liveness *liveness);

/* Numbers while it runs; from any thread. */
struct fm_liveness_progress {
    uint64_t states, indexed, filled; /* states: 0 before it begins */
    uint64_t components, found;       /* of the property being decided */
    uint32_t property;                /* its number, from 1; 0: none yet */
};
void fm_liveness_progress(const struct fm_liveness *liveness,
                          struct fm_liveness_progress *progress);

#endif
