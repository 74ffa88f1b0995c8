/* The lines of earlier sessions of the repl, kept in a file. */
#ifndef FM_CLI_RECALL_H
#define FM_CLI_RECALL_H

#include "base/text.h"

#include <histedit.h>

struct fm_recall {
    struct fm_text path;
    int file; /* open for appending, or -1: lines are not kept */
};

/* Enters the lines of the file, the newest `max` of them, into the editor's list. Says on standard
 * error when there is a file that cannot be used; the session goes on without it. */
void fm_recall_open(struct fm_recall *recall, History *remembered, uint32_t max);
/* Keeps one line, which has no line feed. */
void fm_recall_add(struct fm_recall *recall, const char *line);
void fm_recall_close(struct fm_recall *recall);

#endif
