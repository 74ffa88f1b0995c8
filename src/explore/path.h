/* Behaviours being rebuilt (trace.c): of this folder's files that put them into words.
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

/* Indices of the states from an initial one to `last`, in the arena. */
uint64_t *path_follow_links(const struct search *search, struct fm_arena *arena, uint64_t last,
                            uint32_t *count);
/* Executes one step more: the first successor of the last state, or the first initial state, whose
 * own digest has this low word. false: there is none, and the note says so. */
bool path_extend(struct search *search, struct path *path, uint64_t own);
/* The state inside the engine, told where it stands. */
struct fm_state *path_decode(struct search *search, const struct path *path, uint32_t number);
/* All states in words, and for a step its label, action and arguments. */
struct fm_trace_state *path_describe(struct search *search, const struct path *path, uint32_t more);
void path_label(struct search *search, struct fm_trace_state *state, uint32_t action);

#endif
