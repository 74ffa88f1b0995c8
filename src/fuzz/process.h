/* The process of a node that is an executable: its standard input and output as lines.
 *
 * One thread uses a process. It dies with the thread that started it. */
#ifndef FM_FUZZ_PROCESS_H
#define FM_FUZZ_PROCESS_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct fm_process {
    pid_t id;           /* 0: none */
    int in, out;        /* its standard input and output, our ends */
    int errors;         /* what it wrote on its error stream, a file in memory; -1: none */
    struct fm_text got; /* what it wrote and nobody read */
};

enum fm_process_result {
    FM_PROCESS_LINE,
    FM_PROCESS_LATE,  /* no whole line in time */
    FM_PROCESS_ENDED, /* it closed its output, or its input: it is about to end */
    FM_PROCESS_LONG   /* a line of more than FM_PROCESS_LINE_MAX */
};

/* Bytes of a line at most. */
#define FM_PROCESS_LINE_MAX ((size_t)16 << 20)

/* Starts the program without arguments, in a process group of its own. A file that cannot be
 * executed ends at once, and its last words say why. False with errno: the system makes no process.
 * From here on the caller's process ignores SIGPIPE. */
bool fm_process_start(struct fm_process *process, const char *path);
/* Writes the text, and reads the next line into *line, without its end, unless `line` is NULL: then
 * it returns LINE as soon as all is written. */
enum fm_process_result fm_process_ask(struct fm_process *process, const struct fm_text *text,
                                      uint32_t timeout_ms, struct fm_text *line);
/* Whether it wrote something that nobody asked for so far. */
bool fm_process_has_more(struct fm_process *process);
/* Takes a whole line out of what it wrote; false: there is none. */
bool fm_process_take_line(struct fm_process *process, struct fm_text *line);
/* Reads what it wrote by now. False: it closed its output. */
bool fm_process_read(struct fm_process *process);
/* kill -9, for it and what it started. */
void fm_process_kill(struct fm_process *process);
/* Behind ENDED: how it ended and what it said last, one line; then it is gone. */
void fm_process_bury(struct fm_process *process, struct fm_text *out);

#endif
