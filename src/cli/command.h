/* The commands of `fathom`. Each gets its own arguments, argv[0] being the command's name, and
 * returns the exit status of the process. */
#ifndef FM_CLI_COMMAND_H
#define FM_CLI_COMMAND_H

/* Statuses that are not a problem's own (explore/problems.def): TLC's, but for 2 and 130. */
#define FM_STATUS_OK 0
#define FM_STATUS_COMMAND_LINE 1
#define FM_STATUS_TEMPORAL 2
/* Of `fathom fuzz`, `replay`, `minimize` and `mapping`. */
#define FM_STATUS_FOUND 3
#define FM_STATUS_HARNESS 4
/* Of `fathom history`: a limit was reached; of `fathom budget`: no bound holds. */
#define FM_STATUS_UNDECIDED 5
/* Of `fathom simulate --until`. */
#define FM_STATUS_UNSETTLED 5
#define FM_STATUS_EVALUATION 75
#define FM_STATUS_SAFETY 76
#define FM_STATUS_INTERRUPTED 130
#define FM_STATUS_PARSE 150
#define FM_STATUS_CONFIG 151
#define FM_STATUS_ERROR 255

int fm_command_check(int argc, char **argv);
int fm_command_tlc(int argc, char **argv);
int fm_command_simulate(int argc, char **argv);
int fm_command_coverage(int argc, char **argv);
int fm_command_parse(int argc, char **argv);
int fm_command_eval(int argc, char **argv);
int fm_command_repl(int argc, char **argv);
int fm_command_pcal(int argc, char **argv);
int fm_command_diff(int argc, char **argv);
int fm_command_fuzz(int argc, char **argv);
int fm_command_replay(int argc, char **argv);
int fm_command_mapping(int argc, char **argv);
int fm_command_minimize(int argc, char **argv);
int fm_command_history(int argc, char **argv);
int fm_command_budget(int argc, char **argv);
int fm_command_help(int argc, char **argv);
int fm_command_version(int argc, char **argv);

#endif
