/* Checking a model: every reachable state, breadth first, level by level.
 *
 * A checker is made first, because the model is made with its hooks; then the model is given to
 * fm_check_run, which returns when the search is over. Everything in a result is text or numbers in
 * the checker's memory: reports need no engine. Nothing here prints.
 *
 * With any number of workers the states, their order, the counts and the first problem are the same
 * as with one, which are TLC's with one worker; what the model's impurity says is excepted. */
#ifndef FM_EXPLORE_CHECK_H
#define FM_EXPLORE_CHECK_H

#include "explore/simulate.h"
#include "model/model.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct fm_checker;

/* ORDER(problem): what can be wrong with a model, TLC's code and exit status in
 * explore/problems.def. */
enum fm_problem_kind {
#define FM_PROBLEM(kind, code, exit_status) FM_PROBLEM_##kind,
#include "explore/problems.def"
#undef FM_PROBLEM
};

/* Number of the message of TLC. */
uint32_t fm_problem_code(enum fm_problem_kind kind);

/* One printed state of a trace. */
struct fm_trace_state {
    const char *label; /* "<Initial predicate>", "<Add(2) line 5, col 1 ... of module M>" */
    const struct fm_action *action;    /* NULL for an initial state */
    const char *const *arguments;      /* of the action: TLA+ text */
    const char *const *arguments_json; /* the same as JSON */
    uint32_t variable_count;           /* of this state: of ALIAS's record where there is one */
    const char *const *names;
    const char *const
        *values;             /* TLA+ text, several lines when it is long; "null" when unassigned */
    const char *const *json; /* the same as JSON */
    const bool *changed;     /* differs from the state before; all false in the first */
    const char *const *differences; /* how, in words (explore/difference.h); NULL where unknown */
    const fm_value *exact; /* the values themselves, the checker's; NONE where there is none */
};

struct fm_trace {
    const struct fm_trace_state *states;
    uint32_t count;
    bool executed; /* replayed from the initial state, every step and the problem itself verified */
    const char *note; /* why not, when not executed */
    /* A behaviour without an end: from the last state it goes back to states[cycle], by the step
     * whose label, action and arguments are those of `closing`; NULL: it stutters for ever. */
    bool is_lasso;
    uint32_t cycle;
    const struct fm_trace_state *closing;
};

/* An evaluation error, copied out of its engine. */
struct fm_failure_report {
    enum fm_code code;
    bool is_assert, is_memory;
    const char *message;
    bool is_argument;   /* of a library operator: what TLC gives an exit status of its own */
    bool generated;     /* the successor was complete: it counts */
    const char *judged; /* "constraint C", "the view": evaluated on a successor, or NULL */
    struct fm_span span;
    const struct fm_frame_place *stack; /* innermost first */
    uint32_t stack_count;
};

/* Why an action has no successor in the last state of a deadlock's trace. */
struct fm_disabled {
    const char *label; /* "<Add(2) line 5, col 1 ... of module M>" */
    const struct fm_action *action;
    const struct fm_explanation *explanation;
};

struct fm_problem {
    enum fm_problem_kind kind;
    const char *name;    /* of the invariant, property, assumption, action; or "" */
    struct fm_span span; /* of its formula; may have no place */
    const struct fm_failure_report *failure;  /* NULL unless something could not be evaluated */
    const struct fm_explanation *explanation; /* NULL when nothing is known */
    const struct fm_trace *trace;             /* NULL where there is no behaviour */
    const struct fm_disabled *disabled;       /* of a deadlock, action by action */
    uint32_t disabled_count;
    /* Of a temporal property: others that the trace violates as well; how it fails (or why the
     * counterexample was not confirmed); why each fairness condition holds on the cycle. */
    const char *const *also;
    uint32_t also_count;
    const char *failing;
    const char *const *fairness;
    uint32_t fairness_count;
    const char *hint; /* or NULL */
};

/* TLC's. */
int fm_problem_exit_status(const struct fm_problem *problem);

enum fm_check_end {
    FM_CHECK_COMPLETE,    /* every reachable state within the depth was visited */
    FM_CHECK_PROBLEM,     /* stopped at a problem */
    FM_CHECK_DEPTH,       /* -depth cut it off */
    FM_CHECK_EXIT,        /* TLCSet("exit", TRUE) */
    FM_CHECK_INTERRUPTED, /* the caller's flag */
    FM_CHECK_MEMORY       /* refused by the system, or beyond the limit */
};

struct fm_check_counts {
    uint64_t generated, distinct, queue;
    uint64_t initial_generated, initial_distinct;
    uint64_t depth;
    uint64_t outdegree_min, outdegree_max, outdegree_p95; /* unseen successors per expanded state */
    double outdegree_mean;
    uint64_t expanded;
};

/* Per action of the split next-state relation, and for the initial predicate. */
struct fm_action_count {
    uint64_t generated, distinct;
};

struct fm_check_memory {
    uint64_t encoded_bytes; /* of all distinct states together */
    uint64_t table_bytes_max, queue_bytes_max, links_bytes_max, noted_bytes_max;
    uint32_t table_growths;
    uint64_t growth_ns, growth_ns_max; /* while all workers waited for the table to double */
    uint64_t growth_bytes_max; /* of the table while it doubled: never the old and the new one */
    uint64_t resident_begin;   /* of the process when the search began; 0 where unknown */
    uint64_t resident_max;
    /* The process's own memory, without pages of files, as seen at ends of levels; 0 where unknown.
     */
    uint64_t own_max;
};

/* The fingerprint table in the end. */
struct fm_check_table {
    uint32_t slots_log2, kept_bits; /* kept_bits: of a fingerprint that comes now */
    uint64_t entries, home;         /* home: in the first line they were looked for in */
    double lines_mean;              /* lines read for finding an entry */
    uint32_t lines_max;
    uint32_t exact_bits; /* of fingerprints that belong to one state each; 0: they are hashes */
};

/* How often workers of shared levels met at something that all of them use. */
struct fm_check_contention {
    uint64_t parts;      /* times a worker took parents from the level: a lock */
    uint64_t part_waits; /* times it was taken */
    uint64_t ahead;      /* states kept waiting, since an earlier part had the turn */
    uint64_t dropped;    /* of these, those that an earlier part had put into the table then */
    uint64_t turn_waits; /* times that a worker was too far ahead to take more parts */
    uint64_t idle_ns;    /* all workers' waiting for the last one at the ends of levels */
    uint64_t shared_levels;
};

struct fm_check_result {
    enum fm_check_end end;
    const struct fm_problem *const *problems; /* in order of discovery; several with keep_going */
    uint32_t problem_count;
    struct fm_check_counts counts;
    struct fm_check_memory memory;
    struct fm_check_contention contention;
    struct fm_check_table table;
    const struct fm_simulation *simulation; /* NULL: every state was visited */
    double collision; /* probability that two states were taken for one, at most */
    const struct fm_action *action_table;  /* the model's */
    const struct fm_action_count *actions; /* action_count of them */
    uint32_t action_count;
    struct fm_action_count initial;
    const uint64_t *evaluations;         /* per node index; NULL unless coverage was asked for */
    const struct fm_tallies *cost_trees; /* the model's, NULL unless costs were counted */
    const struct fm_tally_count *cost_counts; /* by their indices */
    const uint64_t *variety; /* the same: different values of each variable, but for those of
                                initial states */
    bool has_behaviour;      /* false: only assumptions were checked */
    bool ordered;            /* nothing impure: counts do not depend on the number of workers */
    uint32_t impurity;       /* FM_IMPURE_ bits of the model */
    uint32_t workers;
};

/* Called on the thread of fm_check_run unless it says otherwise; all may be NULL. */
struct fm_check_observer {
    void *closure;
    /* A line of the specification's own output; on any worker's thread. */
    void (*print)(void *closure, const char *line);
    /* The assumptions hold, and there is a behaviour: initial states are about to be computed. */
    void (*computing)(void *closure);
    /* The initial states were computed. */
    void (*initial)(void *closure, const struct fm_check_counts *counts);
    /* Every state as it is found, in order, with the index of the state it was reached from
     * (UINT64_MAX for an initial one). The texts die with the call. */
    void (*state)(void *closure, const struct fm_trace_state *state, uint64_t index,
                  uint64_t parent);
    /* A problem, complete with its trace, as soon as it is certain. */
    void (*problem)(void *closure, const struct fm_problem *problem);
};

struct fm_check_options {
    uint32_t workers; /* at least 1 */
    bool deadlock;    /* check for it */
    bool keep_going;  /* -continue */
    bool coverage;
    bool keep_states;    /* and the actions that made them, for fm_check_graph */
    bool keep_encodings; /* of all states, for explore/kept.h */
    /* All states, but for SYMMETRY, were judged by an earlier search: invariants are not again. */
    bool invariants_known;
    /* Called on the thread of fm_check_run when all states within the depth were visited, before
     * postconditions are judged; explore/kept.h is for it. How the run ends: the end it is given,
     * INTERRUPTED or MEMORY. NULL: nothing. */
    enum fm_check_end (*then)(void *closure, struct fm_checker *checker, enum fm_check_end end);
    void *then_closure;
    int64_t depth_max;    /* states of a behaviour at most; -1: none */
    uint64_t memory_max;  /* resident bytes; 0: what the machine has */
    uint64_t table_bytes; /* of the fingerprint table at the beginning; 0: small */
    uint64_t seed;
    /* Sample behaviours; depth_max then bounds their steps. NULL: visit every state. */
    const struct fm_simulate_options *simulate;
    const atomic_bool *interrupt; /* polled; NULL: never */
    struct fm_check_observer observer;
    fm_memory_handler *refused; /* memory handler of the helpers' threads, or NULL */
    void *refused_closure;
};

/* Copies the options. */
struct fm_checker *fm_checker_new(const struct fm_check_options *options);
void fm_checker_free(struct fm_checker *checker);
/* For making the model. Valid until the checker is freed. */
struct fm_run *fm_checker_hooks(struct fm_checker *checker);

/* Runs the whole check; on a thread with a large stack. The result lives in the checker. */
const struct fm_check_result *fm_check_run(struct fm_checker *checker, struct fm_model *model);

/* A state of the graph. Numbers count from 0 in the order in which states were found. */
struct fm_graph_node {
    uint64_t number;      /* UINT64_MAX: outside of the model */
    uint64_t fingerprint; /* 64 bits of it: the same in every run with the same -fp */
    uint32_t level;       /* 1 for initial states */
    /* NULL for the source of an edge; has no variables when it is the target of one that is not
     * new, only the action. */
    const struct fm_trace_state *state;
};

struct fm_graph_edge {
    struct fm_graph_node from, to;
    const struct fm_action *action;
    bool is_new;                          /* the first edge to that state */
    const struct fm_formula *excluded_by; /* constraint that keeps `to` out of the model, or NULL */
};

struct fm_graph_visitor {
    void *closure;
    bool constrained; /* edges out of the model too */
    void (*initial)(void *closure, const struct fm_graph_node *node);
    void (*edge)(void *closure, const struct fm_graph_edge *edge);
};

/* Visits the state graph after fm_check_run, on the same thread: first the initial states, then the
 * edges by their sources. What is visited dies with the call. false when steps are no functions of
 * their states: then nothing was visited. */
bool fm_check_graph(struct fm_checker *checker, const struct fm_graph_visitor *visitor);

/* Numbers while it runs; from any thread. */
struct fm_check_progress {
    uint64_t generated, distinct, queue, depth;
    uint32_t kept_bits; /* of a fingerprint, in the table as it is now */
    bool searching;     /* initial states are done */
    bool simulating;    /* then distinct and queue are 0 */
    uint64_t behaviours;
    double length_mean, length_variance; /* of behaviours, in states */
};
void fm_checker_progress(const struct fm_checker *checker, struct fm_check_progress *progress);

#endif
