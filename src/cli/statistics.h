/* Statistical properties: the files that name them, and the report of their estimates. */
#ifndef FM_CLI_STATISTICS_H
#define FM_CLI_STATISTICS_H

#include "cli/options.h"
#include "explore/estimate.h"
#include "semantics/load.h"

/* Reads --stats (if given), resolves what it and the configuration name; false after errors, which
 * are reported. */
bool fm_statistics_read(const struct fm_options *options, const struct fm_session *session,
                        struct fm_program *program, struct fm_statistics *statistics);

/* Names the distributions that nothing was chosen by: what they are said of is no choice of an
 * action, and the estimates are not what was meant. Whether there are any. */
bool fm_report_unused_choices(const struct fm_program *program, struct fm_text *out);
/* A table. */
void fm_report_statistics(const struct fm_estimates_result *result, bool terse,
                          struct fm_text *out);
/* The value of the key "statistics". */
void fm_report_statistics_json(const struct fm_estimates_result *result, struct fm_text *out);
/* Histograms, one below the other. */
void fm_report_statistics_svg(const struct fm_estimates_result *result, struct fm_text *out);

#endif
