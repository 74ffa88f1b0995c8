/* What of a specification a run has evaluated, and how often: by line, expression and action. */
#ifndef FM_CLI_COVERAGE_H
#define FM_CLI_COVERAGE_H

#include "cli/report.h"

#include "base/vec.h"

/* ORDER(reach) */
enum fm_coverage_reach {
    FM_COVERAGE_NOTHING, /* no expression begins on the line */
    FM_COVERAGE_UNUSED,  /* in definitions that nothing of the configuration leads to */
    FM_COVERAGE_NEVER,   /* none of the expressions was evaluated */
    FM_COVERAGE_PARTLY,
    FM_COVERAGE_WHOLE
};

/* An expression of the text, counted in all instances of its module. */
struct fm_coverage_expression {
    struct fm_span span; /* in a text that was not made */
    uint64_t count;      /* evaluations */
    bool used;           /* something of the configuration leads to it */
    bool outermost;      /* no expression around it has count 0; of those with count 0 */
};

struct fm_coverage_line {
    enum fm_coverage_reach reach;
    uint64_t count; /* evaluations of the expression that begins here and has most of them */
    uint64_t cost;  /* evaluations of all expressions that begin here */
};

struct fm_coverage_file {
    const struct fm_source *source;
    const struct fm_symbol *module;                   /* of its first definition */
    const struct fm_coverage_expression *expressions; /* by beginning, outer ones first */
    uint32_t expression_count;
    struct fm_coverage_line *lines; /* source->line_count of them */
};

/* All instances of one action: `\E p \in S : A(p)` is split into one for each p. */
struct fm_coverage_action {
    const struct fm_action *action; /* the first of them */
    struct fm_span span;            /* of the name and the parameters where it is a definition */
    struct fm_action_count count;
};

struct fm_coverage {
    struct fm_coverage_file *files; /* the root first; no modules that are built in */
    uint32_t file_count;
    FM_VEC(struct fm_coverage_action) actions;         /* in the order of their places */
    FM_VEC(struct fm_coverage_expression) expressions; /* of all files, behind each other */
    uint64_t cost;                                     /* of all lines */
    uint32_t used_count, never_count; /* expressions: used, and of these never evaluated */
};

/* Of a report with a result that has evaluations. */
void fm_coverage_init(struct fm_coverage *coverage, const struct fm_report *report);
void fm_coverage_deinit(struct fm_coverage *coverage);

/* The definition that gives the action its name, or NULL. */
const struct fm_def *fm_coverage_action_def(const struct fm_report *report,
                                            const struct fm_action *action);
/* Where the action stands: its definition's name and parameters, or its own text. */
struct fm_span fm_coverage_action_span(const struct fm_report *report,
                                       const struct fm_action *action);
/* The actions of one place and name are one; whether these two are. */
bool fm_coverage_same_action(const struct fm_action *a, const struct fm_action *b);

/* coverage_html.c: a page that needs no other file. */
void fm_coverage_html(const struct fm_coverage *coverage, const struct fm_report *report,
                      struct fm_text *out);

#endif
