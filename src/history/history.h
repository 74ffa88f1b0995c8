/* Histories: what the clients of a concurrent object did and saw, and whether the object could have
 * been a sequential one (linearizability: Herlihy and Wing, 1990).
 *
 * An operation lasts from its call to its end; it took effect at one moment in between. Operations
 * that failed took none and are left out. One whose end is unknown may have taken effect at any
 * time after its call, or never. */
#ifndef FM_HISTORY_HISTORY_H
#define FM_HISTORY_HISTORY_H

#include "base/arena.h"
#include "base/text.h"
#include "history/datum.h"

#include <stdbool.h>
#include <stdint.h>

/* The end of an operation that is not known. */
#define FM_NEVER UINT64_MAX

/* ORDER(verb): the spellings are in verbs.def. */
enum fm_verb {
#define FM_VERB(id, objects, name, argument, result) FM_VERB_##id,
#include "history/verbs.def"
#undef FM_VERB
    FM_VERB_COUNT
};

enum fm_object_kind {
    FM_OBJECT_REGISTER, /* with compare-and-set */
    FM_OBJECT_SET,
    FM_OBJECT_QUEUE, /* first in, first out */
    FM_OBJECT_COUNTER,
};

struct fm_operation {
    uint64_t call, end;      /* places among the events of the history; end: or FM_NEVER */
    uint64_t time, end_time; /* nanoseconds as the file has them; 0 without */
    enum fm_verb verb;
    fm_datum key;      /* of a map; FM_DATUM_NONE */
    fm_datum argument; /* FM_DATUM_NONE without */
    fm_datum second;   /* what compare-and-set puts */
    fm_datum result;   /* FM_DATUM_NONE: it says nothing */
    int64_t process;
    uint32_t line, end_line; /* of the file; end_line 0: none */
};

struct fm_history {
    struct fm_arena arena;
    struct fm_data data; /* what the data stand for */
    enum fm_object_kind object;
    bool keyed; /* operations name a key: one object for each */
    fm_datum initial;
    struct fm_operation *operations; /* by call */
    uint64_t count;
};

/* What is wrong with a file of histories. */
struct fm_history_error {
    uint32_t line;
    char text[200];
};

struct fm_history_options {
    const char *object;  /* "register", "cas-register", "kv", "set", "queue", "counter" */
    const char *initial; /* JSON of a register's first value, or of a counter's; NULL: null and 0 */
};

/* Reads a history from lines of JSON (docs/formats.md). false with the error. The history is to be
 * given back by fm_history_deinit in both cases. */
bool fm_history_read(struct fm_history *history, const struct fm_history_options *options,
                     const char *text, size_t size, struct fm_history_error *error);
void fm_history_deinit(struct fm_history *history);
/* The names of objects, NULL at the end. */
const char *const *fm_history_objects(void);
/* The operation as one line: `write 3`, `read -> 4`. */
void fm_operation_print(const struct fm_history *history, const struct fm_operation *operation,
                        struct fm_text *out);

enum fm_linearity {
    FM_LINEARIZABLE,
    FM_NOT_LINEARIZABLE,
    FM_LINEARITY_UNKNOWN /* a limit was reached */
};

struct fm_linearity_options {
    uint64_t time_ns_max; /* 0: none */
    uint64_t memory_max;  /* bytes of the search; 0: 1 GiB */
    bool no_shortcuts;    /* never the algorithms for unique values: tests */
    bool no_witness;      /* do not minimize */
};

/* Memory of the history's arena. */
struct fm_linearity_result {
    enum fm_linearity verdict;
    const char *reason;      /* of UNKNOWN */
    uint64_t objects;        /* histories of one object that it fell apart into */
    uint64_t shortcuts;      /* of these, decided by the algorithm for unique values */
    uint64_t configurations; /* of the search, made in all */
    /* NOT_LINEARIZABLE: the operations that cannot be put in order, by call; and those that may
     * have taken effect whenever that helps, and do not help: they are there to be seen. */
    const struct fm_operation *const *witness;
    uint32_t witness_count;
    const struct fm_operation *const *others;
    uint32_t other_count;
    /* Not 0: what ended before this place does not matter, and the state there does not either. */
    uint64_t from;
    const struct fm_operation *at; /* whose end leaves no order */
    bool minimal;                  /* without any one of the witnesses an order exists */
};

struct fm_linearity_result fm_history_check(struct fm_history *history,
                                            const struct fm_linearity_options *options);

/* The witness as a picture: a lane for each process, time from left to right. */
void fm_history_timeline(const struct fm_history *history, const struct fm_linearity_result *result,
                         struct fm_text *svg);

#endif
