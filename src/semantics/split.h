/* Splitting SPECIFICATION and PROPERTY into what a checker of safety can run, as TLC does
 * (reference: tlc2's SpecProcessor). Both report to the program's diagnostics and return false.
 * They append definitions and nodes: program->defs, def_count and node_count must be current. */
#ifndef FM_SEMANTICS_SPLIT_H
#define FM_SEMANTICS_SPLIT_H

#include "semantics/program.h"

/* Fills inits, next and fairness. */
bool fm_program_split_specification(struct fm_program *program, struct fm_formula specification);
/* Adds to invariants, implied_inits, implied_actions or temporals. */
bool fm_program_split_property(struct fm_program *program, struct fm_formula property);

#endif
