/* A mapping: a TLA+ module that says which steps of a specification an event of a real system may
 * be, and what of the specification's state a node of the system shows.
 *
 *     ---- MODULE RaftMap ----
 *     EXTENDS Raft
 *     Event(e)    == \/ e.ev = "timer" /\ Timeout(e.node)  \/ ...   \* an action; needed
 *     Observed(n) == [term |-> currentTerm[n], ...]                 \* a record; needed
 *     Ignored     == {"drop", "duplicate", "tick"}                  \* events that are no step
 *     Hidden      == \E n \in Server : Flush(n)                     \* steps that no event shows
 *     HiddenBound == 1                                              \* so many before one event
 *     Nodes == 1..3                                                 \* stands for the world's nodes
 *     Cover == <<state, currentTerm>>                               \* what guides look at
 *
 * Where a mapping defines Nodes, the set 1..n takes its place, of a world of n nodes; the
 * configuration says which constants depend on it: Server <- Nodes. Without, a mapping is for one
 * number of nodes.
 *
 * Its configuration is TLC's: constants, INIT or SPECIFICATION, INVARIANT. Constraints, VIEW and
 * SYMMETRY would lose states that the system may be in, properties would judge steps that one event
 * makes several of: they are left out. docs/fuzzing.md tells what is in an event.
 *
 * A mapping is read once and then shared, also with processes that are forked; each thread or
 * process judges with a judge of its own (judge.h). */
#ifndef FM_MAPPING_MAPPING_H
#define FM_MAPPING_MAPPING_H

#include "model/model.h"
#include "semantics/load.h"

struct fm_mapping;

struct fm_mapping_options {
    const char *path;        /* of the module; `.tla` may be missing */
    const char *config_path; /* NULL: beside it */
    const char *const *include_directories;
    uint32_t include_count;
    unsigned nodes; /* of the world; 0: Nodes is what the mapping says */
};

/* NULL after errors: diagnostics are in the session's, and *error, unless NULL, is one line about
 * what is missing, to be freed with fm_memory_free. Must run on a thread with a large stack; the
 * session must outlive the mapping. */
struct fm_mapping *fm_mapping_load(struct fm_session *session,
                                   const struct fm_mapping_options *options, char **error);
void fm_mapping_free(struct fm_mapping *mapping);
/* Judges of it, from now on, remember nothing from one event to the next, and evaluate everything
 * again: what judges are held against. */
void fm_mapping_be_careful(struct fm_mapping *mapping);
/* Whether it was told the number of nodes: another number is another mapping. */
bool fm_mapping_takes_nodes(const struct fm_mapping *mapping);
/* Of the texts that verdicts depend on: XXH3. */
struct fm_mapping_hashes {
    uint64_t mapping;       /* the module itself */
    uint64_t specification; /* the other modules that are not built in */
    uint64_t configuration; /* and of the number of nodes, where the mapping was told it */
};
struct fm_mapping_hashes fm_mapping_hashes(const struct fm_mapping *mapping);
/* As given, with `.tla`; and the configuration's. */
const char *fm_mapping_path(const struct fm_mapping *mapping);
const char *fm_mapping_config_path(const struct fm_mapping *mapping);
/* The steps that Event was split into, those of Hidden behind them: how many, and one as text:
 * place and beginning. Appended. */
uint32_t fm_mapping_step_count(const struct fm_mapping *mapping);
void fm_mapping_step(const struct fm_mapping *mapping, uint32_t number, struct fm_text *out);

#endif
