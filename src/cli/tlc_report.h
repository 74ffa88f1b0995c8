/* The words of `fathom tlc`: TLC's. */
#ifndef FM_CLI_TLC_REPORT_H
#define FM_CLI_TLC_REPORT_H

#include "cli/personality.h"
#include "cli/tlc_message.h"

/* tlc_report.c */
extern const struct fm_personality fm_personality_tlc;

/* What TLC says of an evaluation error, and under which of its messages: FM_TLC_GENERAL where it
 * has none for it (tlc_failure.c). */
enum fm_tlc_message fm_tlc_failure_text(const struct fm_report *report,
                                        const struct fm_failure_report *failure,
                                        struct fm_text *out);
/* The positions of the expressions around an evaluation error, as TLC numbers them. */
void fm_tlc_failure_positions(const struct fm_report *report, const struct fm_problem *problem,
                              struct fm_text *out);

/* The places of the program's variables in the order in which TLC prints them; variable_count of
 * them, to be freed with fm_memory_free (tlc_order.c). */
uint32_t *fm_tlc_variable_order(const struct fm_report *report);

/* Why there is no search: what SANY and TLC say of the errors (tlc_refusal.c). */
void fm_tlc_refusal(const struct fm_report *report, struct fm_text *out);
/* The lines of SANY: modules parsed and analyzed, and the errors found in them. */
void fm_tlc_modules(const struct fm_report *report, struct fm_text *out);

/* The same of a simulation (tlc_simulation.c). */
void fm_tlc_simulation_initial(const struct fm_report *report, const struct fm_check_counts *counts,
                               struct fm_text *out);
void fm_tlc_simulation_progress(const struct fm_report *report, const char *const *arguments,
                                struct fm_text *out);
void fm_tlc_simulation_summary(const struct fm_report *report, struct fm_text *out);
/* The label of a first state. */
void fm_tlc_simulation_label(const struct fm_report *report, struct fm_text *out);

/* tlc_coverage.c: of a result with counts of costs. */
void fm_tlc_coverage(const struct fm_report *report, struct fm_text *out);

#endif
