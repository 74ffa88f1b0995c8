/* The commands of `fathom`. Each gets its own arguments, argv[0] being the command's name, and
 * returns the exit status of the process. */
#ifndef FM_CLI_COMMAND_H
#define FM_CLI_COMMAND_H

/* Exit status of a mistake on the command line, and of an environment that fails us. */
#define FM_EXIT_USAGE 1
#define FM_EXIT_OTHER 255

int fm_command_check(int argc, char **argv);
int fm_command_parse(int argc, char **argv);
int fm_command_help(int argc, char **argv);
int fm_command_version(int argc, char **argv);

#endif
