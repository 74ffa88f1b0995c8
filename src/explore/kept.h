/* All states of a search that is over, for what looks at them once more: temporal properties.
 *
 * For the function `then` of struct fm_check_options, of a check with keep_encodings. States have
 * the indices of their discovery; encodings are read in order, by any number of threads that each
 * have a reader. Members of a crew are the search's workers, each with the engine of its own. */
#ifndef FM_EXPLORE_KEPT_H
#define FM_EXPLORE_KEPT_H

#include "explore/check.h"
#include "store/queue.h"

uint64_t fm_kept_count(const struct fm_checker *checker);
uint64_t fm_kept_initial_count(const struct fm_checker *checker);
struct fm_model *fm_kept_model(const struct fm_checker *checker);
/* The low word of the state's own digest. */
uint64_t fm_kept_own(const struct fm_checker *checker, uint64_t index);

/* Members of the crew; and the function for all of them, number 0 on the calling thread. Where no
 * threads are to be had number 0 alone calls it. What a specification prints is dropped meanwhile.
 */
uint32_t fm_kept_crew(const struct fm_checker *checker);
void fm_kept_run(struct fm_checker *checker, void (*task)(void *closure, uint32_t member),
                 void *closure);
/* Of this member, opened when it is first asked for by its thread. */
struct fm_engine *fm_kept_engine(struct fm_checker *checker, uint32_t member);

struct fm_kept_reader {
    const struct fm_checker *checker;
    uint32_t segment;
    struct fm_reader reader;
};

/* The next encoding read is that of state `index`. */
void fm_kept_begin(const struct fm_checker *checker, uint64_t index, struct fm_kept_reader *reader);
const uint8_t *fm_kept_next(struct fm_kept_reader *reader);

/* States that follow each other, of one level, inside the member's engine until its next reset. */
struct fm_kept_group {
    struct fm_state *states[FM_GROUP_MAX];
    uint64_t first; /* index */
    uint32_t count;
    uint32_t level;  /* 1 for initial states */
    bool is_grouped; /* batches tell whose items they hold (model/model.h, expand) */
};

/* Resets the engine and decodes the next states, at least one and at most `max`. */
void fm_kept_take(struct fm_checker *checker, uint32_t member, struct fm_kept_reader *reader,
                  uint64_t first, uint32_t max, struct fm_kept_group *group);
/* Their successors. Groups that are not `is_grouped` have one state. */
void fm_kept_expand(struct fm_checker *checker, uint32_t member, const struct fm_kept_group *group,
                    struct fm_sink *sink);

/* The states of a behaviour, by index. */
struct fm_kept_path {
    const uint64_t *indices;
    uint32_t count;
    /* The last one leads back to number `cycle`, by a step, or, when that is the last one itself
     * and the behaviour stutters, by none. `cycle` count: the behaviour is finite. */
    uint32_t cycle;
    bool stutters;
    /* One state more behind the last, which the search need not have: the low word of its own
     * digest. */
    bool has_last;
    uint64_t last_own;
};

struct fm_kept_behaviour;

/* The states of the way to this one that the search found, from an initial state on; the arena's.
 */
const uint64_t *fm_kept_path_to(const struct fm_checker *checker, uint64_t index,
                                struct fm_arena *arena, uint32_t *count);
/* Executes it from the initial state on; lives as long as the checker. NULL when it cannot be
 * executed: `why` says at which step. model: another engine of the same program that is to do it,
 * the interpreter's beside emitted code; NULL: the search's own. */
struct fm_kept_behaviour *fm_kept_replay(struct fm_checker *checker, struct fm_model *model,
                                         const struct fm_kept_path *path, const char **why);
/* Calls `judge` with its states inside an engine of that model. */
void fm_kept_judge(struct fm_checker *checker, const struct fm_kept_behaviour *behaviour,
                   void (*judge)(void *closure, struct fm_model *model, struct fm_engine *engine,
                                 struct fm_state *const *states, uint32_t count),
                   void *closure);
/* The behaviour in words. */
const struct fm_trace *fm_kept_trace(struct fm_checker *checker,
                                     const struct fm_kept_behaviour *behaviour);

/* Memory of the results. */
struct fm_arena *fm_kept_arena(struct fm_checker *checker);
struct fm_failure_report *fm_kept_failure(struct fm_checker *checker,
                                          const struct fm_failure *failure);
/* Takes the problem, which is in that arena, into the result, and tells the observer. */
void fm_kept_report(struct fm_checker *checker, const struct fm_problem *problem);

#endif
