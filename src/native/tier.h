/* The native model's own structures: shared by model.c, engine.c, generate.c, door.c and others.
 *
 * Threads. The maker, a thread of its own, looks at states, emits, waits for the compiler and
 * publishes the code by one store to `active`, and later perhaps that of wider shapes. Engines read
 * it once for each parent (reset): what they do with one parent is done by one code, or none. So
 * code is taken into use in the middle of a level, and nothing depends on when. What the maker
 * tells meanwhile is under the lock. */
#ifndef FM_NATIVE_TIER_H
#define FM_NATIVE_TIER_H

#include "base/text.h"
#include "eval/embed.h"
#include "native/build.h"
#include "native/emit_unit.h"
#include "native/native.h"
#include "native/runtime/fathom_native.h"
#include "value/orbit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* One compiled layout, in use. Stays as long as the model: stored states refer to it by number. */
struct native_code {
    const struct fm_nrt_code *code;
    const struct fm_layout *layout;
    const fm_nvalue *constants;
    struct fm_eval_site *const *sites;
    const struct fm_emit_site *site_rows;
    const struct fm_shape *const *shapes; /* by number */
    uint32_t shape_count;
    uint32_t packed_size;
    bool constrained;                       /* in_model says something */
    bool interprets;                        /* some parts are left to the interpreter */
    const struct native_symmetry *symmetry; /* NULL: the interpreter's, or none */
    uint8_t number;                         /* first byte of its encodings, from 1 */
};

#define NATIVE_UNNAMED UINT32_MAX

/* Layouts at most: the first and the wider ones. */
#define NATIVE_CODES_MAX 4u

/* States that left the shapes, in the interpreter's encoding. */
struct native_witnesses {
    atomic_bool wanted; /* while there are not enough; all else is under the lock */
    bool are_used;      /* the maker is done with them, one way or the other */
    uint32_t enough;
    struct fm_text bytes;
    FM_VEC(size_t) begins;
};

/* What is made for one layout; the next one made is kept beside it. */
struct native_made {
    struct fm_emit_unit unit;
    struct fm_build *build;
    struct native_made *older;
};

struct native_model {
    struct fm_model model; /* first: the interface */
    struct fm_model *inner;
    struct fm_native_options options;
    struct fm_arena arena;
    struct fm_engine *engine;          /* of `inner`: samples, folds constants of the emitter */
    struct fm_value_context context;   /* the engine's, allocating in the arena */
    struct fm_shapes *shapes;          /* of `layout` */
    struct fm_shapes *inferred;        /* where shapes are joined and inferred */
    FM_VEC(struct fm_shapes *) tables; /* all there are */
    struct fm_dictionary *dictionary;
    struct native_made *made;         /* the newest, and behind it the older ones; NULL: none */
    const struct fm_emit_unit *shown; /* that notes tell about: the newest in use, or NULL */
    const struct fm_layout *layout;
    struct fm_thread *maker;    /* NULL once it was waited for */
    uint32_t *named;            /* by node: number of the named formula, NATIVE_UNNAMED */
    uint32_t node_count;        /* of `named`: nodes added since have no name */
    fm_memory_handler *refused; /* memory handler of the thread that made the model */
    void *refused_closure;
    atomic_bool cancel;                                    /* the maker is to come to its end */
    _Atomic(const struct native_code *) active;            /* NULL: everything is interpreted */
    const struct native_code *codes[NATIVE_CODES_MAX + 1]; /* by number; written before `active` */
    const struct native_code
        *exact; /* fingerprints are exact, by this code; set before the search */

    struct native_witnesses witnesses;
    pthread_cond_t changed;        /* witnesses, cancel, is_made */
    pthread_mutex_t lock;          /* guards what follows */
    struct fm_build *build;        /* of the maker */
    struct native_engine *engines; /* open ones, linked */
    uint64_t native_successors, interpreted_successors, redone_states,
        strangers;                        /* of closed ones */
    struct fm_native_report report, told; /* told: as the caller sees it */
    struct fm_text state;                 /* what was said, "" while there is nothing to say */
    bool is_made;                         /* the first code is there, or will not be */
};

/* A state of this tier. */
struct native_state {
    struct fm_state *inner;         /* the interpreter's, NULL until it is asked for */
    const void *bytes;              /* the struct, or NULL: never fitted, or not tried yet */
    const struct native_code *code; /* whose layout `bytes` has, or that was tried in vain */
    uint32_t level, action;
};

struct native_buffers {
    struct fm_batch batch; /* first: items are made from it alone */
    struct native_state heads[FM_BATCH_MAX];
    struct fm_failure failure;           /* of the last item, when its successor is one of ours */
    const struct native_code *code;      /* that they were made for, or NULL */
    void *states;                        /* FM_NRT_BATCH_MAX structs of it */
    const struct fm_digest *owns;        /* digests of these states */
    struct fm_digest keys[FM_BATCH_MAX]; /* with exact fingerprints: those */
    uint32_t level;                      /* of these states */
    struct native_buffers *next;
};

struct native_engine {
    struct fm_nrt nrt; /* first: callbacks get back from it */
    struct native_model *model;
    struct fm_engine *inner;
    const struct native_code *active; /* of the model, since the last reset */
    bool only_inner;                  /* the interpreter does everything */
    const struct native_code *code;   /* what nrt is bound to */
    struct fm_arena arena;            /* states, until the next reset */
    struct fm_arena lasting;
    struct fm_orbit_work *orbit_work;      /* NULL until symmetry needs it */
    struct fm_arena_mark empty;            /* where that one begins */
    struct native_buffers *buffers, *kept; /* kept: of batches whose sink stopped, until reset */

    /* The generation at work. */
    struct fm_sink *sink;
    struct fm_state *const *group; /* parents that are expanded together */
    uint32_t group_count, group_at;
    struct native_state *parent; /* the one at work */
    uint32_t first;              /* its first item in the batch */
    uint32_t first_unchanged;    /* and the first of its successors that equal it */
    uint64_t delivered;          /* successors of this parent */
    uint64_t skip;               /* items to come that were delivered before the code was there */
    uint64_t hidden_delivered;   /* and hidden successors */
    uint64_t hidden_told;        /* of the sink's hidden ones, at the last batch */

    /* Values of the state that sites read, as far as they were boxed (NONE: not yet); and of a next
     * one, boxed for each site anew. */
    const void *boxed;
    fm_value *boxed_values, *next_values;
    struct native_state *s, *t; /* being checked, or NULL */

    uint64_t native_successors, interpreted_successors, redone_states, strangers;
    struct native_engine *next_engine;
};

static inline struct native_engine *native_own(struct fm_engine *engine)
{
    return (struct native_engine *)(void *)engine;
}

/* The code that the engine may take into use now, or NULL. */
static inline const struct native_code *fm_native_in_use(const struct native_engine *engine)
{
    return engine->only_inner ? NULL
                              : atomic_load_explicit(&engine->model->active, memory_order_acquire);
}

static inline struct native_state *native_own_state(struct fm_state *state)
{
    return (struct native_state *)(void *)state;
}

static inline struct fm_state *native_as_state(struct native_state *state)
{
    return (struct fm_state *)(void *)state;
}

static inline const struct fm_model_ops *native_inner_ops(const struct native_engine *engine)
{
    return engine->model->inner->ops;
}

/* --- model.c --- */
void fm_native_model_free(struct fm_model *model);

/* --- engine.c --- */
struct fm_state *fm_native_inner_state(struct native_engine *engine, struct native_state *state);
/* Whether the state is, or can be made, a struct of the active code. */
bool fm_native_make_struct(struct native_engine *engine, struct native_state *state);
extern const struct fm_model_ops fm_native_ops;

/* The packed_size bytes of a struct's encoding. */
static inline void fm_native_pack(const struct native_code *code, const void *bytes,
                                  uint8_t *packed)
{
    if (code->layout->leaf_count == 0) {
        memset(packed, 0, code->packed_size); /* pack fills the words of leaves */
    }
    code->code->pack(bytes, packed);
}

/* --- generate.c --- */
void fm_native_free_buffers(struct native_buffers *buffers);
/* Of the model's operations. */
void fm_native_generate_initial(struct fm_engine *engine, struct fm_sink *sink);
void fm_native_generate_successors(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                                   struct fm_sink *sink);
void fm_native_expand(struct fm_engine *engine, struct fm_state *const *states, uint32_t count,
                      uint32_t level, struct fm_sink *sink);
uint32_t fm_native_group_max(struct fm_engine *engine);
uint32_t fm_native_check_some(struct fm_engine *engine, struct fm_batch *batch,
                              const uint8_t *numbers, uint32_t count);
void fm_native_encode_some(struct fm_engine *engine, const struct fm_batch *batch,
                           const uint8_t *numbers, uint32_t count, uint8_t *to);
void fm_native_generate_apply(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                              struct fm_sink *sink);
/* Runs the inner engine's generation (action, or FM_ACTION_INITIAL: all successors) of the parent
 * at work, leaving out the first `skip` items; false when the sink wants no more. `hidden_base`:
 * hidden successors of this parent before those it will make. */
bool fm_native_generate_inner(struct native_engine *engine, uint32_t action, uint64_t skip,
                              uint64_t hidden_base);
/* The parent at work has so many hidden successors more; the batch is empty. */
void fm_native_tell_hidden(struct native_engine *engine, uint64_t count);
/* Delivers what the batch holds. */
void fm_native_flush(struct native_engine *engine);
/* Goes on to the next parent of the group. */
void fm_native_end_parent(struct native_engine *engine);

/* --- door.c: what emitted code calls --- */
void fm_native_door_init(struct native_engine *engine);
/* Binds the door to the code that is active. */
void fm_native_door_bind(struct native_engine *engine, const struct native_code *code);
/* Runs emitted code; false when it failed. */
struct native_call {
    enum {
        NATIVE_INITIAL,
        NATIVE_SUCCESSORS, /* of the group, from the parent at work on, up to number `end` */
        NATIVE_APPLY,      /* action `index` */
        NATIVE_INVARIANTS,
        NATIVE_IMPLIED_ACTIONS,
        NATIVE_DECIDE,         /* formula `index` of `kind` */
        NATIVE_EVALUATE,       /* named formula `index` */
        NATIVE_INVARIANTS_MANY /* of states: `result` of them hold */
    } what;
    const void *s, *t;
    struct fm_state *const *states;
    enum fm_nrt_formula kind;
    uint32_t index, end;
    uint32_t result; /* INVARIANTS, IMPLIED_ACTIONS; 1 or 0 of DECIDE */
    fm_nvalue value; /* EVALUATE */
};
bool fm_native_call(struct native_engine *engine, struct native_call *call);
/* NATIVE_INVARIANTS_MANY without protection: for invariants that do not fail. */
void fm_native_check_states(struct native_engine *engine, struct native_call *call);

/* --- symmetry.c --- */
/* For states of the layout, in the model's arena; NULL without SYMMETRY, and with a VIEW. May raise
 * as digests do. */
const struct native_symmetry *fm_native_symmetry_new(struct native_model *model,
                                                     const struct fm_layout *layout);
/* The fingerprint of all images of the state, whose own is given; false when it has none. */
bool fm_native_symmetry_digest(struct native_engine *engine, const struct native_symmetry *symmetry,
                               const void *state, struct fm_digest own, struct fm_digest *result);

/* --- sample.c --- */
struct native_sample {
    const struct fm_shape **variables; /* in: bottom; out: join of what was seen */
    uint32_t states, expanded;
    uint64_t generated;
    bool exhausted; /* every reachable state was seen */
    bool failed;    /* an evaluation error ended it */
};
void fm_native_sample(struct native_model *model, struct native_sample *sample);

/* --- bound.c --- */
/* What the constraints bound; it is told to the model's shapes, too. */
const struct native_bounds *fm_native_bounds_new(struct native_model *model);
/* A variable's shape in states within the constraints: up to the bounds, and not beyond. */
const struct fm_shape *fm_native_bounds_reach(struct native_model *model,
                                              const struct native_bounds *bounds, uint32_t variable,
                                              const struct fm_shape *shape);

/* --- infer.c --- */
/* From what was seen to shapes for the variables: joins the hints of the invariants, then closes
 * under the actions. Arena memory of the model. */
const struct fm_layout *fm_native_infer(struct native_model *model,
                                        const struct fm_shape **variables);

/* --- widen.c --- */
/* Keeps a state that did not fit as a witness while some are wanted. Of any thread. */
void fm_native_escaped(struct native_engine *engine, struct fm_state *inner);
/* The maker's: waits for that many; false: the model comes to its end. */
bool fm_native_await_escapes(struct native_model *model, uint32_t enough);
/* The maker has done with them what it can. */
void fm_native_end_escapes(struct native_model *model);
/* Joins them to the shapes, which are of the table at work; false when nothing grew. */
bool fm_native_join_escapes(struct native_model *model, const struct fm_shape **variables);

/* --- settle.c --- */
/* The same layout in a table that depends on nothing else; model->shapes is it from then on. */
const struct fm_layout *fm_native_settle(struct native_model *model,
                                         const struct fm_layout *layout);

#endif
