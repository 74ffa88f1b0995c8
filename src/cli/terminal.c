/* What a file descriptor can show.
 *
 * A terminal gets colours and one line of progress that is overwritten in place; files and pipes
 * get neither. TERM=dumb (editors, logs of CI) and NO_COLOR are respected: the text says everything
 * that the colours say. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Columns of a terminal that does not tell. */
#define WIDTH_UNKNOWN 80u

bool fm_terminal_can_overwrite(int descriptor)
{
    const char *term = getenv("TERM");
    return isatty(descriptor) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

bool fm_terminal_wants_colors(int descriptor)
{
    const char *refused = getenv("NO_COLOR");
    return fm_terminal_can_overwrite(descriptor) && (refused == NULL || refused[0] == '\0');
}

uint32_t fm_terminal_width(int descriptor)
{
    struct winsize size = {0};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return WIDTH_UNKNOWN;
    }
    return size.ws_col;
}
