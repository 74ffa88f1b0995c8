/* The search's own structures; shared by the files of src/explore and by nobody else.
 *
 * One struct search per run. The leader is worker 0 on the thread of fm_check_run; only it changes
 * what is not marked atomic, and only between phases. A worker's fields belong to its thread during
 * a phase and to the leader between phases. */
#ifndef FM_EXPLORE_SEARCH_H
#define FM_EXPLORE_SEARCH_H

#include "explore/check.h"
#include "explore/crew.h"
#include "explore/simulate.h"
#include "explore/turns.h"
#include "store/blocks.h"
#include "store/links.h"
#include "store/queue.h"
#include "store/table.h"

#include <pthread.h>

/* An order key: offset of the parent in its level, then the ordinal of the successor. */
#define FM_KEY_ORDINAL_BITS 28u
#define FM_KEY_ORDINAL_MAX (((uint64_t)1 << FM_KEY_ORDINAL_BITS) - 1)

/* Outdegrees at and above the last bucket share it. */
#define FM_OUTDEGREE_BUCKETS 1024u

/* Something wrong, found at a place of the order; lives in its worker's arena until the level's
 * end. */
struct find {
    uint64_t key;
    uint32_t number; /* of its worker's finds: a step can have several */
    enum fm_problem_kind kind;
    uint32_t formula;         /* index in the program's list of the kind */
    uint32_t action;          /* that led to the successor, or that failed */
    uint64_t parent;          /* index of the parent state; FM_LINK_INITIAL for initial states */
    uint64_t part_first;      /* offset of the first parent of the part being worked on */
    uint64_t part_generated;  /* successors of that part up to and including this one */
    const uint8_t *successor; /* encoded, or NULL */
    size_t successor_size;
    struct fm_digest fingerprint, own; /* of the successor */
    bool admitted;                     /* the successor was in the model and new when judged */
    uint32_t fresh;                    /* then, in a parallel level: its number among these */
    struct fm_failure_report *failure;
    /* Of a sampled behaviour: the states up to the parent; NULL: links lead to it. */
    const struct fm_sampled *behaviour;
    const char *
        *partial; /* values of a successor not completely specified; NULL entries unassigned */
};

/* What one part of a level generated: for exact counts when the search stops inside the level. */
struct part_count {
    uint64_t first;
    uint64_t generated;
    uint32_t freshes; /* of its worker, up to its end */
};

/* Kept between what different threads write: two cache lines, since they are fetched in pairs. */
#define FM_APART 128u

struct worker {
    struct fm_sink sink; /* first: the engine hands it back */
    struct search *search;
    uint32_t number;
    /* Written by its own thread when that joins; others compare it to find who asks. */
    _Atomic(struct fm_engine *) engine;
    struct fm_writer writer;
    struct fm_text buffer;    /* of one encoding */
    struct fm_arena arena;    /* finds of this level */
    struct turns turns;       /* of a parallel level */
    struct fm_blocks freshes; /* of a parallel level: its records (level.h) */
    uint32_t fresh_count;
    FM_VEC(struct find *) finds;
    FM_VEC(struct part_count) parts;
    struct fm_action_count *actions; /* the model's, behind them the initial predicate */
    uint64_t *outdegrees;            /* FM_OUTDEGREE_BUCKETS */
    struct fm_map *variety;          /* by variable, or NULL: variety.c */

    /* Parents that are expanded together. */
    struct fm_state *group[FM_GROUP_MAX];
    uint32_t group_count, group_at; /* group_at: number of the parent at work */
    bool grouped;                   /* batches tell whose items they hold */
    bool stopped;                   /* nothing more is wanted of them */
    bool ended;                     /* the parent at work is done with */

    /* The parent at work. */
    struct fm_state *parent;
    uint64_t parent_offset, parent_index;
    uint64_t parent_generated, parent_new;
    uint32_t parent_finds; /* finds before it */
    uint64_t ordinal;
    uint64_t hidden_seen; /* of sink.hidden, already counted */
    uint32_t judged;      /* number in `freshes` of the item being judged, when that is admitted */
    uint64_t part_first, part_generated;

    /* In this level; others read them for progress. */
    _Atomic uint64_t generated;
    _Atomic uint64_t fresh;    /* states it was the first to put into the table */
    _Atomic uint64_t expanded; /* parents */
    _Atomic uint32_t inside;   /* of the section that growing the table waits for */
    uint64_t room;             /* states that it may put into the table before it asks for more */
    uint32_t entered;          /* states put in since room_enter: not yet in `room` and `fresh` */
    uint64_t encoded_bytes, stored;
    uint32_t unwatched,
        unwatched_max;             /* parents since the last look at the clock, until the next */
    uint64_t clock_ns, watched_ns; /* when that was; and the last look at the memory */
    uint64_t end_ns;               /* when it found no more work in the level */
    uint64_t part_waits;           /* times that it waited for the cursor; of all levels */
    char apart[FM_APART];
};

struct path;       /* path.h */
struct simulation; /* simulate.c */

/* States being expanded, in order. */
struct level {
    struct fm_segment *segments;
    uint32_t segment_count;
    uint64_t first; /* index of its first state */
    uint64_t count;
};

/* The cursor over a level from which workers take parts. */
struct cursor {
    pthread_mutex_t lock;
    uint32_t segment;
    struct fm_reader reader;
    uint64_t offset;           /* of the next state in the level */
    uint32_t part_max;         /* states */
    atomic_bool over;          /* somebody found no more parts, or stopped */
    _Atomic(uint32_t) *unread; /* per segment: records not yet given back */
};

/* Doubling the table in the middle of a parallel level: whoever comes helps. */
struct growth {
    pthread_mutex_t lock; /* guards all but `now` */
    pthread_cond_t ended;
    atomic_bool now;
    uint32_t shares, next, done; /* shares of the table: all, begun, finished */
    uint32_t count;              /* growths of the run */
    uint64_t ns_max, ns;         /* pauses: from the stop of all workers to their going on */
    uint64_t bytes_max;          /* of the table meanwhile */
};

struct search {
    const struct fm_check_options *options;
    struct fm_checker *checker;
    struct fm_model *model;
    const struct fm_model_ops *ops;
    struct fm_crew *crew;
    struct worker *workers;
    uint32_t worker_count;
    uint32_t processors;

    struct fm_table *table;
    struct fm_links *links;
    struct fm_queue *queue;

    struct level level;
    char apart_cursor[FM_APART];
    struct cursor cursor;
    struct growth growth;
    _Atomic uint64_t handed_out; /* room in the table given to workers in this level */
    char apart_turn[FM_APART];
    _Atomic uint64_t turn; /* offset of the part whose new states go into the table next */
    char apart_level[FM_APART];
    uint64_t depth;         /* of the states in `level` */
    uint64_t next_count;    /* states stored for the next level, when not parallel */
    bool parallel;          /* this level */
    bool alone;             /* no threads were to be had */
    bool sharing;           /* the initial states */
    atomic_bool abandoned;  /* it did not go well */
    uint64_t initial_ns;    /* when they were begun */
    uint64_t initial_alone; /* how many the leader had made before */
    bool settle_all;   /* a find on a new state may be overturned: VIEW or SYMMETRY in parallel */
    uint64_t level_ns; /* what the last level took, per state */

    bool repeatable; /* steps are functions of the states before: traces are replayed */
    bool archive;    /* keep the encodings of all states: they cannot be replayed, or are wanted */
    bool keeps_actions;
    bool judges_invariants;         /* there are some, and no earlier search judged them */
    FM_VEC(struct fm_segment) kept; /* of all levels, by index */
    FM_VEC(uint64_t) kept_levels;   /* index of the first state of each level */
    FM_VEC(uint32_t) kept_actions;  /* that made each state, by index; where keeps_actions */
    const struct path *shown_path;  /* being put into words: what Trace in ALIAS sees */
    uint32_t shown_path_count;
    uint64_t *evaluated_later;                /* per node, by what came after the search; or NULL */
    const struct fm_tally_count *cost_counts; /* before that; or NULL */
    bool found_later;                         /* a problem of fm_kept_report */
    bool quiet; /* what is evaluated once more must not print once more; set between phases only */

    _Atomic uint64_t stop_key; /* work beyond it is not needed */
    atomic_bool halt;          /* leave at the next state: interrupt, exit, memory */
    atomic_bool exit_requested;
    atomic_bool memory_refused;

    /* Of finished levels; what the workers count comes on top. */
    _Atomic uint64_t shown_generated, shown_distinct, shown_queue, shown_depth;
    _Atomic uint64_t shown_initial;
    _Atomic uint32_t shown_slots_log2; /* of the table */
    atomic_bool searching;
    /* Of a simulation. */
    struct simulation *simulation; /* NULL: there is none */
    _Atomic uint64_t shown_behaviours;
    _Atomic double shown_length_mean, shown_length_variance;

    struct fm_check_counts counts;
    struct fm_check_memory memory;
    uint64_t own_look_ns; /* of the clock, when the next look at own_max is due */
    struct fm_check_contention contention;
    struct fm_arena arena; /* results */
    FM_VEC(const struct fm_problem *) problems;
    enum fm_check_end end;
};

struct fm_checker {
    struct fm_check_options options;
    struct fm_run run;
    uint64_t begin_ns;
    struct search search;
    struct fm_check_result result;
    bool ran;
};

/* --- search.c --- */

/* Adds the problem to the result and tells the observer. */
void search_report(struct search *search, const struct fm_problem *problem);

/* --- initial.c --- */

/* Generates and judges the initial states. */
void initial_generate(struct search *search);

/* --- judge.c: what is wrong with states, and initial states --- */

/* Whether a search with -continue goes on after such a find. */
bool judge_goes_on(const struct search *search, enum fm_problem_kind kind);
bool judge_take_initial(struct fm_sink *sink, struct fm_batch *batch);

/* --- expand.c: the successors of a level --- */

bool expand_take(struct fm_sink *sink, struct fm_batch *batch);
/* Works on parts of the level until none is left or the search stops. */
void expand_level(void *search, uint32_t member);

/* --- room.c: growing the table --- */

/* States that a worker takes room for at a time: what the shared counter costs is then nothing. */
#define ROOM_QUOTA 512u

bool room_init(struct search *search);
void room_deinit(struct search *search);
/* On the leader, while no other worker runs: room for `more` states; a table of twice the size.
 * false when memory is refused. */
bool room_reserve(struct search *search, uint64_t more);
bool room_double(struct search *search);
/* Inserts what nobody else does meanwhile, whatever room that takes, and counts what is new. By the
 * leader alone, or by the worker whose turn it is. false when memory is refused. */
bool room_insert(struct worker *worker, struct fm_table_many *many);
/* Around what other workers of a parallel level do with the table. */
void room_enter(struct worker *worker);
void room_leave(struct worker *worker);
/* While the table grows: helps, until it has. */
void room_help(struct worker *worker);
/* For initial states that several workers insert at once, between enter and leave; may leave and
 * enter again: take makes room for `more` states; grow doubles a table that had this limit. false
 * when memory is refused. */
bool room_take(struct worker *worker, uint32_t more);
bool room_grow(struct worker *worker, uint64_t limit);

/* --- problem.c --- */

/* The problem of a find, complete with its trace. */
const struct fm_problem *problem_make(struct search *search, const struct find *find);
/* A problem without a behaviour: assumptions, postconditions. */
const struct fm_problem *problem_bare(struct search *search, enum fm_problem_kind kind,
                                      uint32_t formula);
struct fm_failure_report *problem_copy_failure(struct fm_arena *arena,
                                               const struct fm_failure *failure);

/* --- trace.c --- */

/* The states of a sampled behaviour in words; memory of the search's arena. */
const struct fm_trace *trace_behaviour(struct search *search, const struct fm_sampled *behaviour);
/* Gives every state of the level to the observer. */
void trace_show_level(struct search *search);
/* Puts a state of worker 0's engine into words, in the search's arena; NULL: only the action. */
void trace_give_state(struct search *search, const struct fm_state *state, uint32_t action,
                      void (*take)(void *closure, const struct fm_trace_state *state),
                      void *closure);

/* --- path.c --- */

/* The first states of the path being put into words. */
uint32_t path_shown(const struct search *search, struct fm_arena *arena, const uint8_t ***states);
/* The encodings on the path to the state with this index; needs the archive. */
uint32_t path_archived(struct search *search, uint64_t index, struct fm_arena *arena,
                       const uint8_t ***states);

#endif
