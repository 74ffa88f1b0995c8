/* What a file descriptor can show. */
#ifndef FM_CLI_TERMINAL_H
#define FM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a line can be erased and written again: a terminal that is not dumb. */
bool fm_terminal_can_overwrite(int descriptor);
/* The same, and the user does not object to colours (NO_COLOR, https://no-color.org). */
bool fm_terminal_wants_colors(int descriptor);
/* Columns of the terminal, 80 where it does not tell. */
uint32_t fm_terminal_width(int descriptor);

#endif
