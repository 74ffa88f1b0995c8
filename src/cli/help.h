/* The texts of `fathom help`; standard output. */
#ifndef FM_CLI_HELP_H
#define FM_CLI_HELP_H

void fm_help_print_check(void);
void fm_help_print_simulate(void);
void fm_help_print_coverage(void);
void fm_help_print_pcal(void);

#endif
