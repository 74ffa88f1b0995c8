/* The model: the one interface every engine implements and every explorer uses.
 *
 * A model is a closed program made executable by an engine: the interpreter (src/eval) or emitted
 * code (src/native). They agree on everything observable: states, counts, order, errors. One
 * fm_model is shared read-only by all threads; each worker opens its own fm_engine. States inside
 * an engine are opaque (struct fm_state). Those of a batch live until `take` returns; if it returns
 * false, and those made otherwise, until the engine's next reset. What outlives that is the flat
 * encoding.
 *
 * Successors come in ordered batches through a sink. An evaluation error or a failed Assert is an
 * item at its place, always the last of its batch; the explorer judges items in order, so the first
 * failure in TLC's order wins. A model whose actions print, draw random numbers or use registers
 * delivers batches of one, so that effects interleave with checks as in TLC. */
#ifndef FM_MODEL_MODEL_H
#define FM_MODEL_MODEL_H

#include "model/tally.h"
#include "semantics/program.h"
#include "value/order.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_engine;
struct fm_state; /* a decoded or freshly computed state, owned by its engine */

/* Items of one batch at most: enough to hide the latency of prefetched inserts, small enough for
 * cache. */
#define FM_BATCH_MAX 128u
/* States that are expanded together at most. */
#define FM_GROUP_MAX 64u
#define FM_ACTION_INITIAL UINT32_MAX

/* One entry of the operator stack of an error, innermost first. */
struct fm_frame_place {
    const struct fm_symbol *name;
    struct fm_span span; /* of the expression being evaluated in it */
};

/* An evaluation error or a failed Assert; memory of the engine until its next call. */
struct fm_failure {
    enum fm_code code;
    bool is_assert; /* TLC's Assert: exit 14 */
    bool is_memory; /* out of memory or stack */
    const char *message;
    struct fm_span span;
    const struct fm_native *native; /* library operator that raised it, or NULL */
    const struct fm_frame_place *stack;
    uint32_t stack_count;
    uint32_t action; /* being evaluated, FM_ACTION_INITIAL elsewhere */
    const fm_value
        *partial; /* the successor as far as it was assigned, or NULL; NONE where unassigned */
    /* A complete successor (or initial state) was being judged: it counts as generated. What was
     * evaluated, "constraint C", or NULL; the state, whose digest is in the item, or NULL when it
     * has none. */
    bool generated;
    const char *judged;
    struct fm_state *successor;
};

struct fm_item {
    struct fm_digest fingerprint; /* for the table: of the view or of the least symmetric image */
    struct fm_digest own;         /* the state's own structural digest: parent links */
    struct fm_state *state;       /* NULL: this item is `failure` */
    const struct fm_failure *failure;
    uint32_t action; /* index of model->actions, or FM_ACTION_INITIAL */
    bool in_model;   /* within CONSTRAINT and ACTION_CONSTRAINT */
};

struct fm_batch {
    struct fm_item items[FM_BATCH_MAX];
    uint32_t count;
    /* For sinks that are `lazy`, which most successors do not interest: `make` writes item `number`
     * when it is asked to, and these arrays tell beforehand what is in it (its fingerprint ...).
     * `prints` NULL: the items stand. `in_model` NULL: all are. */
    const struct fm_digest *prints, *owns;
    const uint32_t *actions;
    const uint8_t *in_model;
    void (*make)(struct fm_batch *batch, uint32_t number);
    /* Not 0: the encodings of the states have this size, and check_some and encode_some work on
     * items that are not made. */
    uint32_t encoded_size;
    /* Of `expand` alone, which has several parents: items before ends[i] are of parent number
     * `parent + i` or of an earlier one; the last of these `end_count` is the count. A parent that
     * is passed over has no items; the next batch may go on with the last one. */
    uint32_t parent, end_count;
    uint32_t ends[FM_GROUP_MAX];
    /* Beside `prints`, for a sink that asks for it: successors that equal their parent and are no
     * items. In order: so many items are before each of them, and their actions; unchanged_ends
     * says like `ends` whose they are. A batch may have these alone. */
    const uint32_t *unchanged_before, *unchanged_actions;
    uint32_t unchanged_count;
    uint32_t unchanged_ends[FM_GROUP_MAX];
    /* Only where the program has choices with distributions: of each item the product of the
     * chances of the elements chosen on the way, and a number for which these were. */
    const double *weights;
    const uint64_t *ways;
};

/* Receives batches in order. `hidden` counts successors that are generated without being items: the
 * intermediate states of A \cdot B. Returning false stops the generation. `lines` and `line_mask`
 * say where the sink will look a fingerprint up (store/table.h, struct fm_table_places): an engine
 * may ask the cache for the place of each as soon as it knows it. NULL and 0: nowhere. */
struct fm_sink {
    bool (*take)(struct fm_sink *sink, struct fm_batch *batch);
    uint64_t hidden;
    const char *lines;
    uint64_t line_mask;
    bool lazy;             /* takes batches whose items are made on demand */
    bool counts_unchanged; /* and then, those that equal their parent apart from items */
    uint64_t passed;       /* items that it passed over: others are given the same */
};

enum fm_verdict { FM_VERDICT_FALSE, FM_VERDICT_TRUE, FM_VERDICT_FAILURE };

/* ORDER(formula): the lists of struct fm_program. */
enum fm_formula_kind {
    FM_FORMULA_ASSUME,
    FM_FORMULA_INVARIANT,
    FM_FORMULA_IMPLIED_INIT,
    FM_FORMULA_IMPLIED_ACTION,
    FM_FORMULA_CONSTRAINT,
    FM_FORMULA_ACTION_CONSTRAINT,
    FM_FORMULA_POSTCONDITION
};

/* What TLCGet and Trace ask the explorer; every function may be called from any worker. */
struct fm_run {
    void *owner;
    /* "diameter", "generated", "distinct", "queue", "duration" (s); false when unknown. */
    bool (*statistic)(void *owner, const char *key, uint64_t *value);
    /* In a simulation (NULL otherwise): what differs from behaviour to behaviour, "diameter", "id",
     * "traces", "levelmean", "levelvariance", asked by the engine at work. */
    bool (*own_statistic)(void *owner, const struct fm_engine *engine, const char *key,
                          uint64_t *value);
    /* The same: the actions that led to the states of the behaviour being walked, the first being
     * FM_ACTION_INITIAL; until its next step. */
    uint32_t (*actions)(void *owner, const struct fm_engine *engine, const uint32_t **actions);
    uint64_t behaviours_max, aril; /* of a simulation; UINT64_MAX: no end */
    /* The encoded states from an initial state to the one being expanded, that one included; memory
     * in the arena. Number of states. */
    uint32_t (*trace)(void *owner, struct fm_engine *engine, struct fm_arena *arena,
                      const uint8_t ***states);
    /* TLCSet("exit", TRUE). */
    void (*request_exit)(void *owner);
    /* An engine whose encodings are not the interpreter's sets this: the interpreter's encoding of
     * the same state, in the context's arena. NULL: they are. */
    const uint8_t *(*plain)(void *plain_closure, struct fm_value_context *context,
                            const uint8_t *encoding);
    void *plain_closure;
    void (*print)(void *owner, const char *line); /* Print, PrintT */
    const char *mode;                             /* "bfs", "simulate", "generate" */
    int64_t depth_max;                            /* -depth; -1: none */
    bool deadlock;                                /* whether deadlock is checked */
    uint32_t worker_count;
    uint64_t seed;
    bool has_counterexample; /* set by the explorer when a behaviour violated something */
};

struct fm_model_options {
    uint64_t fingerprint_seed;
    uint64_t random_seed;
    uint64_t set_size_max;
    size_t stack_size; /* bytes of evaluation stack */
    bool allow_exec;
    bool no_symmetry;
    bool coverage;       /* count evaluations per node */
    bool costs;          /* and below each action: model/tally.h; not together with coverage */
    bool nowarning;      /* turns TLC's all-assigned shortcut off (tlc.md, Counting) */
    bool no_thunk_cache; /* differential mode */
    uint32_t
        input_count; /* the last variables that steps read and keep, without a word of theirs */
    const char *const *system_properties; /* "key=value": TLCGet("-Dkey") */
    uint32_t system_property_count;
};

struct fm_model {
    const struct fm_model_ops *ops;
    const struct fm_program *program;
    struct fm_session *session;
    const struct fm_action *actions; /* of the split next-state relation */
    uint32_t action_count;
    const uint32_t *action_impurity; /* FM_IMPURE_ bits of each action (modules/native.h) */
    uint32_t impurity;               /* of everything evaluated during the search */
    uint32_t variable_count;
    const struct fm_tallies *costs; /* model/tally.h; NULL unless they are counted */
    bool has_view, has_symmetry;
    /* Not 0: fingerprints below 2^exact_bits are of one state each; others have that bit set. */
    uint32_t exact_bits;
    /* Threads and processes at work to make it faster: an explorer leaves them processors. */
    _Atomic uint32_t busy;
    _Atomic uint64_t outlook_ns; /* an explorer goes on for at least that; 0: not known */
    struct fm_run *run;          /* set by the explorer before the first engine is opened */
};

/* A false formula explained: which part is false and what its terms are. Arena memory of the
 * caller. */
struct fm_explanation {
    const struct fm_node *node; /* the false (or erring) part, innermost that is telling */
    const char *text;           /* its source text on one line */
    struct fm_span span;
    const struct fm_explained_term {
        const char *text; /* subterm or bound variable */
        const char *value;
    } * terms;
    uint32_t term_count;
};

struct fm_model_ops {
    const char *name; /* "interpreter" */
    void (*model_free)(struct fm_model *model);
    /* One per thread. */
    struct fm_engine *(*open)(struct fm_model *model);
    void (*close)(struct fm_engine *engine);
    /* What is drawn at random from now on follows from this number alone. */
    void (*reseed)(struct fm_engine *engine, uint64_t seed);
    /* From the next reset on the interpreter does everything, or no longer: for deciding once more
     * what emitted code found. NULL: this is the interpreter. */
    void (*interpret)(struct fm_engine *engine, bool only);
    /* Frees everything computed since; states die. */
    void (*reset)(struct fm_engine *engine);

    /* Generation; a failure is delivered as an item. The level is TLCGet("level") of the parent. */
    void (*initial)(struct fm_engine *engine, struct fm_sink *sink);
    void (*successors)(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                       struct fm_sink *sink);
    /* The same for several states, one after the other; batches then hold successors of more than
     * one. Effects would not interleave with checks as in TLC: not for models that have some. NULL:
     * the engine has no such thing. group_max: how many states it wants at a time, at most
     * FM_GROUP_MAX; may be asked before each. */
    void (*expand)(struct fm_engine *engine, struct fm_state *const *states, uint32_t count,
                   uint32_t level, struct fm_sink *sink);
    uint32_t (*group_max)(struct fm_engine *engine);
    /* The successors by one action, whose arguments the split settled. */
    void (*apply)(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                  struct fm_sink *sink);
    /* Why the action has no successor: the first conjunct that is false for the choice that got
     * furthest; in the arena. NULL when it is enabled. Rare and slow: always interpreted. */
    const struct fm_explanation *(*why_not)(struct fm_engine *engine, uint32_t action,
                                            struct fm_state *state, struct fm_arena *arena);

    /* Deciding. t may be NULL for formulas of one state. After FAILURE: failure(). */
    enum fm_verdict (*check)(struct fm_engine *engine, enum fm_formula_kind kind, uint32_t index,
                             struct fm_state *s, struct fm_state *t);
    /* All invariants on s, or all implied actions on (s, t), in order: the index of the first that
     * is not TRUE in *index. */
    enum fm_verdict (*check_all)(struct fm_engine *engine, enum fm_formula_kind kind,
                                 struct fm_state *s, struct fm_state *t, uint32_t *index);
    /* The number of states, from the first, on which all invariants are TRUE; may be too small,
     * never too large. Only for models without effects; NULL: ask for each. */
    uint32_t (*check_many)(struct fm_engine *engine, struct fm_state *const *states,
                           uint32_t count);
    /* The same of items of a lazy batch, by their numbers; and their encodings, one behind the
     * other. Only for batches with an encoded_size. */
    uint32_t (*check_some)(struct fm_engine *engine, struct fm_batch *batch, const uint8_t *numbers,
                           uint32_t count);
    void (*encode_some)(struct fm_engine *engine, const struct fm_batch *batch,
                        const uint8_t *numbers, uint32_t count, uint8_t *to);
    /* Which part of a formula that is not TRUE makes it so; in the arena. NULL when nothing is
     * known. */
    const struct fm_explanation *(*explain)(struct fm_engine *engine, enum fm_formula_kind kind,
                                            uint32_t index, struct fm_state *s, struct fm_state *t,
                                            struct fm_arena *arena);
    /* Whether (s, t) is a step of the action. */
    enum fm_verdict (*is_step)(struct fm_engine *engine, uint32_t action, struct fm_state *s,
                               struct fm_state *t);
    /* Whether any formula of the program holds on (s, t); t may be NULL for formulas of one state.
     * For predicates that are not in the lists; engines may know some of them beforehand. */
    enum fm_verdict (*holds)(struct fm_engine *engine, const struct fm_formula *formula,
                             struct fm_state *s, struct fm_state *t);
    /* The value of any such formula, for expressions of the user; NONE after a failure. */
    fm_value (*eval)(struct fm_engine *engine, const struct fm_formula *formula, struct fm_state *s,
                     struct fm_state *t);
    /* The record of ALIAS on (s, t), NONE when there is no alias or it fails. */
    fm_value (*alias)(struct fm_engine *engine, struct fm_state *s, struct fm_state *t);
    const struct fm_failure *(*failure)(struct fm_engine *engine);

    /* States. */
    void (*encode)(struct fm_engine *engine, const struct fm_state *state, struct fm_text *out);
    struct fm_state *(*decode)(struct fm_engine *engine, const uint8_t *bytes);
    /* NULL: one by one. */
    void (*decode_many)(struct fm_engine *engine, const uint8_t *const *many, uint32_t count,
                        struct fm_state **states);
    /* Tells a decoded state where in a behaviour it stands: its level, and the action that made it
     * (or FM_ACTION_INITIAL), for TLCGet("level"), TLCGet("action") and Trace. */
    void (*place)(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                  uint32_t action);
    struct fm_state *(*from_values)(struct fm_engine *engine, const fm_value *variables);
    /* variable_count values, owned by the state. */
    const fm_value *(*values)(struct fm_engine *engine, const struct fm_state *state);
    void (*fingerprint)(struct fm_engine *engine, struct fm_state *state,
                        struct fm_digest *fingerprint, struct fm_digest *own);
    struct fm_value_context *(*context)(struct fm_engine *engine);
    /* Evaluations per node index since open; NULL unless coverage is on. */
    const uint64_t *(*coverage)(struct fm_engine *engine);
    /* By index of model->costs, since open; NULL unless costs are counted. */
    const struct fm_tally_count *(*costs)(struct fm_engine *engine);
};

#endif
