/* Options of commands that TLC does not have: two dashes, "--seed 7" or "--seed=7", in any order
 * with the other arguments. A command has a table of them, which is its help too. */
#ifndef FM_CLI_FLAGS_H
#define FM_CLI_FLAGS_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum fm_flag_kind {
    FM_FLAG_SWITCH, /* bool, set to true */
    FM_FLAG_NUMBER, /* uint64_t between min and max */
    FM_FLAG_TEXT    /* const char *, from argv */
};

struct fm_flag {
    const char *name; /* "--seed" */
    enum fm_flag_kind kind;
    const char *argument; /* as the help shows it, or NULL */
    void *place;          /* what is set, of the kind's type */
    uint64_t min, max;    /* NUMBER */
    const char *text;
};

struct fm_flags {
    const struct fm_flag *flags;
    uint32_t count;
    const char **words; /* the other arguments */
    uint32_t words_max, words_count;
    bool help; /* --help or -h was there */
};

/* Reads argv[1] and what follows. False: *wrong has one line. */
bool fm_flags_parse(struct fm_flags *flags, int argc, char **argv, struct fm_text *wrong);
/* The table as help: name, argument, text. */
void fm_flags_print(const struct fm_flag *flags, uint32_t count, struct fm_text *out);

#endif
