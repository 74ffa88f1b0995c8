/* Inside of a mapping: what loading made and judging uses. Internal to src/mapping. */
#ifndef FM_MAPPING_LOADED_H
#define FM_MAPPING_LOADED_H

#include "mapping/mapping.h"
#include "mapping/reads.h"

struct fm_mapping {
    struct fm_session *session;
    char *path, *config_path;
    struct fm_program *program; /* of the module around the mapping */
    struct fm_model *model;
    struct fm_run run;
    struct fm_formula *observed; /* Observed(fathom_event): of a node's number */
    struct fm_formula *cover;    /* or NULL: the whole state is looked at */
    struct fm_reads observed_reads;
    struct fm_reads *invariant_reads;
    bool careful;            /* fm_mapping_be_careful */
    uint32_t event_variable; /* index; the last one */
    uint32_t event_actions;  /* actions from this one on are hidden */
    uint32_t hidden_bound;
    const struct fm_symbol **ignored;
    uint32_t ignored_count;
    struct fm_mapping_hashes hashes;
    bool takes_nodes;
    /* The specification as it is checked, for what it would have allowed; NULL without NEXT. */
    struct fm_program *plain;
    struct fm_model *plain_model;
    struct fm_run plain_run;
};

/* split.c: takes Event of the next-state relation apart. */
void fm_mapping_split(struct fm_program *program);

#endif
