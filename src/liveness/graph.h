/* The behaviour graph: every state that was found, every step between two of them, and what the
 * atoms say of each step.
 *
 * States have the search's indices. A step carries its letter: the number, in a dictionary, of what
 * all atoms say: those of one state on its source, those of two on source and target. Stuttering is
 * a step of every state and stands among the others. Steps are kept compressed, a few bytes each.
 *
 * A graph is filled state by state in the order of indices (graph.c), then frozen; frozen graphs
 * are read by any number of threads. */
#ifndef FM_LIVENESS_GRAPH_H
#define FM_LIVENESS_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

struct fm_graph;

struct fm_graph_step {
    uint64_t to;
    uint32_t letter;
};

/* atom_count: at most 2^16. Letters are sets of atoms: bit a % 64 of word a / 64. NULL with errno
 * when memory is refused. */
struct fm_graph *fm_graph_new(uint32_t atom_count);
void fm_graph_free(struct fm_graph *graph);
uint32_t fm_graph_letter_words(const struct fm_graph *graph);
/* The number of the letter, a new one when it has not been seen. */
bool fm_graph_letter(struct fm_graph *graph, const uint64_t *words, uint32_t *letter);
/* The steps of the next state, its stuttering step among them; false with errno. */
bool fm_graph_add(struct fm_graph *graph, const struct fm_graph_step *steps, uint32_t count);
/* The states before this one are initial. */
void fm_graph_set_initial(struct fm_graph *graph, uint64_t count);

uint64_t fm_graph_state_count(const struct fm_graph *graph);
uint64_t fm_graph_step_count(const struct fm_graph *graph);
uint64_t fm_graph_initial_count(const struct fm_graph *graph);
uint32_t fm_graph_letter_count(const struct fm_graph *graph);
const uint64_t *fm_graph_letter_words_of(const struct fm_graph *graph, uint32_t letter);
uint64_t fm_graph_bytes(const struct fm_graph *graph);

/* Reads the steps of one state. */
struct fm_graph_cursor {
    const struct fm_graph *graph;
    uint64_t from;
    const uint8_t *next, *end;
};

void fm_graph_begin(const struct fm_graph *graph, uint64_t from, struct fm_graph_cursor *cursor);

/* A number of seven bits a byte, the lowest first; what stands behind it. */
static inline const uint8_t *fm_graph_number(const uint8_t *at, uint64_t *number)
{
    uint64_t value = *at & 127;
    for (uint32_t shift = 7; (*at++ & 128) != 0; shift += 7) {
        value |= (uint64_t)(*at & 127) << shift;
    }
    *number = value;
    return at;
}

/* The next step; false: there is none. In the header because searches spend their time here. */
static inline bool fm_graph_next(struct fm_graph_cursor *cursor, struct fm_graph_step *step)
{
    if (cursor->next == cursor->end) {
        return false;
    }
    uint64_t distance, letter;
    cursor->next = fm_graph_number(fm_graph_number(cursor->next, &distance), &letter);
    step->to = (distance & 1) != 0 ? cursor->from - (distance >> 1)
                                   : cursor->from + (distance >> 1);
    step->letter = (uint32_t)letter;
    return true;
}

#endif
