/* Behaviours being rebuilt (path.c), and put into words (trace.c): for this folder's files only.
 *
 * The bytes of a state are those of the engine of worker 0 and of no other. */
#ifndef FM_EXPLORE_PATH_H
#define FM_EXPLORE_PATH_H

#include "explore/search.h"

struct step {
    const uint8_t *bytes;
    uint32_t action; /* that made it, or FM_ACTION_INITIAL */
};

struct path {
    struct step *steps;
    uint32_t count;
    uint32_t capacity;
    bool executed;
    const char *note;
    bool is_lasso;
    uint32_t cycle; /* of a lasso: the number of the state after the last one */
};

/* --- path.c --- */

/* Room for so many states, in the search's arena. */
struct path path_new(struct search *search, uint32_t capacity);
/* The behaviour of a find, executed again where that can be done. */
struct path path_build(struct search *search, const struct find *find);
/* Adds the states of a sampled behaviour as they were kept. */
void path_read(struct search *search, const struct fm_sampled *behaviour, struct path *path);
/* Indices of the states from an initial one to `last`, in the arena. */
uint64_t *path_follow_links(const struct search *search, struct fm_arena *arena, uint64_t last,
                            uint32_t *count);
/* Among the states that are kept: the segment of the one with the index, which the reader gives
 * next. */
uint32_t path_find_kept(const struct search *search, uint64_t index, struct fm_reader *reader);
/* Executes one step more: the first successor of the last state, or the first initial state, whose
 * own digest has this low word. false: there is none, and the note says so. */
bool path_extend(struct search *search, struct path *path, uint64_t own);
/* The state inside the engine, told where it stands. */
struct fm_state *path_decode(struct search *search, const struct path *path, uint32_t number);
/* The first `count` states of the path are what Trace gives; count 0: nothing any more. */
void path_show(struct search *search, const struct path *path, uint32_t count);

/* --- trace.c --- */

/* <Name(arguments) line ... of module M>, in the search's arena. */
const char *trace_label(struct search *search, const struct fm_action *action);
/* NULL: none of the model's. */
const struct fm_action *trace_action(const struct search *search, uint32_t action);
/* For a step its label, action and arguments. */
void trace_name_action(struct search *search, struct fm_trace_state *state, uint32_t action);
/* All states in words, and room for `more`. */
struct fm_trace_state *trace_describe(struct search *search, const struct path *path,
                                      uint32_t more);
/* The path as the trace of the find, with what could not be stored; NULL: it has no state. */
const struct fm_trace *trace_of(struct search *search, const struct find *find,
                                const struct path *path);

#endif
