/* One schedule, run in this process or in one of its own. */
#ifndef FM_FUZZ_RUN_H
#define FM_FUZZ_RUN_H

#include "mapping/mapping.h"
#include "sim/world.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Choices of a schedule at most. */
#define FM_SCHEDULE_MAX 10000u
/* Rounds of a drain at most. */
#define FM_ROUNDS_MAX 1000u

/* ORDER(verdict) */
enum fm_fuzz_verdict {
#define FM_FUZZ_VERDICT(id, word, text) FM_FUZZ_##id,
#include "fuzz/verdicts.def"
#undef FM_FUZZ_VERDICT
    FM_FUZZ_VERDICT_COUNT
};

/* The word, and one sentence about it. */
const char *fm_fuzz_verdict_word(enum fm_fuzz_verdict verdict);
const char *fm_fuzz_verdict_text(enum fm_fuzz_verdict verdict);

/* Whether it is a mistake of the harness or the mapping, with which no campaign can go on. */
bool fm_fuzz_verdict_ends(enum fm_fuzz_verdict verdict);

/* How a schedule ended. Plain data: it crosses processes. */
struct fm_outcome {
    enum fm_fuzz_verdict verdict;
    unsigned node;    /* that it is about, or 0 */
    uint32_t steps;   /* choices until the end, those without effect included */
    uint32_t applied; /* of these */
    uint32_t drained; /* events behind them, until the system had shown progress; 0: no drain */
    uint64_t hash;    /* of the events; 0 after CRASH and HANG */
    char reason[256]; /* one line */
    /* The first event that the model does not allow: after how many choices, and its verdict and
     * reason in one line; "": there was none. The verdict above is another when the schedule went
     * on (fm_outcome_is_beyond). */
    uint32_t diverged;
    char divergence[300];
};

/* Whether it is of a schedule that went on behind a divergence, and found something else. */
bool fm_outcome_is_beyond(const struct fm_outcome *outcome);

struct fm_oracle; /* fuzz/oracle.h */

/* What the process that runs a schedule does about its heap. */
enum fm_heap {
    FM_HEAP_PLAIN,
    FM_HEAP_FILLED,  /* fresh memory holds another byte, and stands elsewhere */
    FM_HEAP_MEASURED /* the schedule runs again and again, and a leak is a verdict */
};

struct fm_schedule {
    const struct fathom_sut *sut;
    struct fm_mapping *mapping; /* that judges it, or NULL */
    unsigned nodes;
    uint64_t seed, faults;
    const struct fm_choice *choices;
    uint32_t count;
    unsigned rounds; /* of the drain behind the choices; 0: none */
    enum fm_heap heap;
    uint8_t fill; /* of FM_HEAP_FILLED */
    bool beyond;  /* a divergence does not end it */
};

/* How far a schedule is, for whoever watches over the process that runs it. */
struct fm_beat {
    _Atomic uint32_t choices; /* begun */
    _Atomic uint32_t drained; /* events of the drain begun */
};

/* Begins a schedule; `oracle`, here and below: the judge, or NULL. */
void fm_run_begin(struct fm_world *world, struct fm_oracle *oracle);
/* Whether nothing was found so far. */
bool fm_run_goes_on(const struct fm_world *world, struct fm_oracle *oracle);
/* What world and oracle found: the world's finding, if both did. */
void fm_run_judge(const struct fm_world *world, struct fm_oracle *oracle,
                  struct fm_outcome *outcome);
/* Runs the choices on a world made for such schedules, from begin to end, the drain included.
 * `beat` is increased before each choice and event; may be NULL. */
void fm_run_choices(struct fm_world *world, struct fm_oracle *oracle,
                    const struct fm_choice *choices, uint32_t count, struct fm_beat *beat,
                    struct fm_outcome *outcome);
/* Runs on a thread with the stack that evaluating needs and waits; ends the process where the
 * system makes none. */
void fm_run_on_stack(void (*run)(void *closure), void *closure);
/* Runs the choices several times on such a world; more memory in use behind each, and as much each
 * time, is a leak, and becomes the outcome. Where malloc does not tell what is in use, nothing
 * does.
 */
void fm_run_leaks(struct fm_world *world, const struct fm_choice *choices, uint32_t count,
                  struct fm_beat *beat, struct fm_outcome *outcome);
/* From here on fresh memory holds the byte, and does not stand where it would. */
void fm_run_fill_heap(uint8_t byte);
/* The outcome of a schedule that had other effects in another process. */
void fm_run_unstable(struct fm_outcome *outcome);

/* What the judge has to say about a finding of its, some lines; "": nothing. */
struct fm_explained {
    char text[32768];
};

/* How an isolated run is looked at. */
struct fm_run_options {
    const struct fm_world_watch *watch; /* called in the run's process; NULL: nobody */
    struct fm_explained *explained;     /* is filled; NULL: nobody asks */
    uint32_t hang_ms;                   /* how long one event may take */
};

/* Runs the schedule in a process of its own: a crash or hang is an outcome. False with errno: the
 * system makes no process. */
bool fm_run_isolated(const struct fm_schedule *schedule, const struct fm_run_options *options,
                     struct fm_outcome *outcome);

/* Waits for the end of a process that raises the beat; true when it was killed because that stood
 * still for hang_ms. */
bool fm_run_wait(pid_t child, const struct fm_beat *beat, uint32_t hang_ms, int *status);

/* What a process wrote last on its error stream. */
struct fm_last_words {
    char place[80]; /* "at OBJECT ...", as crash.h writes it, or "" */
    char line[160]; /* the line before that */
};

/* Puts into the outcome how far a process came that is no more. */
void fm_run_came(const struct fm_beat *beat, struct fm_outcome *outcome);
/* The outcome of a process that ended so, there. */
void fm_run_died(int status, const struct fm_choice *choices, const struct fm_last_words *words,
                 struct fm_outcome *outcome);
/* The same for one that was killed because an event took longer than hang_ms. */
void fm_run_hung(const struct fm_choice *choices, uint32_t hang_ms, struct fm_outcome *outcome);
/* A file in memory for the error stream of a process, or -1. */
int fm_run_stream(void);
/* Reads its last words and empties it. */
void fm_run_last_words(int stream, struct fm_last_words *words);

#endif
