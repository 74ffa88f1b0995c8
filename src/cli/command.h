/* The commands of `fathom`. Each gets its own arguments, argv[0] being the command's name, and returns
 * the exit status of the process. */
#ifndef FM_CLI_COMMAND_H
#define FM_CLI_COMMAND_H

int fm_command_parse(int argc, char **argv);

#endif
