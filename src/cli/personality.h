/* What a check prints. `fathom check` and `fathom tlc` run the same search (cli/run.h) and put what
 * it does into different words: each has a table of these functions. All append to a text, which
 * the command prints; any may be NULL. The report's `result` is NULL until the search is over. */
#ifndef FM_CLI_PERSONALITY_H
#define FM_CLI_PERSONALITY_H

#include "cli/report.h"
#include "semantics/load.h"

struct fm_personality {
    const char *command;    /* "fathom check", before what goes wrong on the way */
    bool prints_errors;     /* `refused` tells the errors: standard error gets only the others */
    bool quotes_output;     /* lines about files are strings that PrintT printed */
    bool progress_in_pipes; /* lines of progress, never a line that is rewritten */
    /* Before anything is read. */
    void (*begin)(const struct fm_report *report, struct fm_text *out);
    /* The modules were read, and perhaps not understood (the report's program is NULL). */
    void (*loaded)(const struct fm_report *report, struct fm_text *out);
    /* There will be no search. */
    void (*refused)(const struct fm_report *report, struct fm_text *out);
    /* Assumptions hold; initial states come. */
    void (*computing)(const struct fm_report *report, struct fm_text *out);
    void (*initial)(const struct fm_report *report, const struct fm_check_counts *counts,
                    struct fm_text *out);
    void (*problem)(const struct fm_report *report, const struct fm_problem *problem,
                    struct fm_text *out);
    /* `message` of messages.def has the line; the arguments are its. */
    void (*progress)(const struct fm_report *report, const char *const *arguments, uint32_t count,
                     struct fm_text *out);
    /* The temporal part begins, on so many states, and has come to its end. */
    void (*temporal_begin)(const struct fm_report *report, uint64_t states, struct fm_text *out);
    void (*temporal_end)(const struct fm_report *report, struct fm_text *out);
    void (*summary)(const struct fm_report *report, struct fm_text *out);
    /* Instead of fm_report_json where there is a result. */
    void (*json)(const struct fm_report *report, struct fm_text *out);
    /* The file of --html. */
    void (*page)(const struct fm_report *report, struct fm_text *out);
    /* The last words, whatever happened. */
    void (*end)(const struct fm_report *report, struct fm_text *out);
    /* After everything: further files upon the first trace, and what is said of them. */
    void (*after)(const struct fm_report *report, const struct fm_trace *trace,
                  struct fm_text *out);
    /* Places of the program's variables in the order in which states show them, to be freed with
     * fm_memory_free; NULL: that of their declarations. */
    uint32_t *(*variable_order)(const struct fm_report *report);
    int (*exit_status)(const struct fm_report *report);
};

/* report_check.c */
extern const struct fm_personality fm_personality_check;

#endif
