/* fathom simulate, and for `fathom tlc` its files: what stands around an explorer of behaviours. */
#ifndef FM_CLI_SIMULATE_H
#define FM_CLI_SIMULATE_H

#include "cli/options.h"
#include "cli/personality.h"
#include "explore/simulate.h"

/* Samples behaviours as the options say (simulate is set), in the words of a personality; sets
 * options->simulation for the time of the run. The status of the process. */
int fm_run_simulation(struct fm_options *options, const struct fm_personality *personality);

/* report_simulate.c */
extern const struct fm_personality fm_personality_simulate;
/* How many behaviours, how long they were, how they ended. */
void fm_report_simulation(const struct fm_report *report, struct fm_text *out);
/* The value of the key "simulation". */
void fm_report_simulation_json(const struct fm_report *report, struct fm_text *out);

#endif
