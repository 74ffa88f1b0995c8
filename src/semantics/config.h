/* TLC's configuration files: grammar and meaning (tokens of TLA+, statements as tlc2's ModelConfig
 * reads them). Reading never needs the specification; names are resolved when the program is
 * closed. */
#ifndef FM_SEMANTICS_CONFIG_H
#define FM_SEMANTICS_CONFIG_H

#include "base/arena.h"
#include "diag/diag.h"
#include "value/value.h"

#include <stdbool.h>

struct fm_config_name {           /* a name with its place */
    const struct fm_symbol *name; /* NULL when absent */
    struct fm_span span;
};

struct fm_config_names {
    struct fm_config_name *at;
    uint32_t count;
};

enum fm_constant_kind {
    FM_CONSTANT_VALUE,  /* C = v, also C(a, b) = v */
    FM_CONSTANT_REPLACE /* C <- D, also C <- [Module]D */
};

struct fm_config_constant {
    enum fm_constant_kind kind;
    struct fm_config_name name;
    const fm_value *arguments; /* of C(a, b) = v */
    uint32_t argument_count;
    fm_value value;               /* FM_CONSTANT_VALUE */
    struct fm_config_name target; /* FM_CONSTANT_REPLACE */
    struct fm_config_name module; /* scope of the override, or name NULL */
};

/* A distribution as it is written: Name(argument, ...), or a number alone. */
struct fm_config_law {
    struct fm_config_name name; /* NULL name: the number */
    const struct fm_config_argument {
        double number;  /* NAN when it is none */
        fm_value value; /* NONE when it is a decimal */
        struct fm_span span;
    } * arguments;
    uint32_t argument_count;
};

enum fm_config_statistic_kind {
    FM_STATISTIC_DISTRIBUTION, /* of the elements of the operator's set, wherever one is chosen */
    FM_STATISTIC_COST,         /* of each step by an action */
    FM_STATISTIC_PROBABILITY,  /* that a behaviour comes to a state like this */
    FM_STATISTIC_MEASURE,      /* a number in the last state of a behaviour */
    FM_STATISTIC_REACH         /* behaviours end in a state like this */
};

struct fm_config_statistic {
    enum fm_config_statistic_kind kind;
    struct fm_config_name name;
    const char *text; /* of PROBABILITY, MEASURE and REACH: the expression */
    struct fm_config_law law;
};

struct fm_config_statistics {
    const struct fm_config_statistic *at;
    uint32_t count;
};

struct fm_config {
    const char *path;
    struct fm_config_name init, next, specification, view, symmetry, alias;
    struct fm_config_names invariants, properties, constraints, action_constraints, postconditions;
    struct fm_config_names possible;
    struct fm_config_name periodic, reward; /* named, never evaluated */
    struct fm_config_constant *constants;
    uint32_t constant_count;
    bool check_deadlock; /* TRUE by default */
    bool has_check_deadlock;
    const fm_value *model_values; /* every model value spelled, in order */
    uint32_t model_value_count;
    struct fm_config_statistics statistics;
};

/* Reads one source; false after errors, which are reported. Ranks model values and strings as TLC
 * interns them. The result lives in the arena. */
bool fm_config_parse(uint32_t source, struct fm_diags *diags, struct fm_value_context *context,
                     struct fm_arena *arena, struct fm_config *config);

/* Turns the text of a module's file into that of the configuration inside of it, whose
 * name has `length` bytes (embedded.c): its new size, 0 when there is none. */
size_t fm_config_embedded(char *text, size_t size, const char *name, size_t length);

/* Reads a file of statistics: nothing but the statements of struct fm_config_statistic. */
bool fm_config_parse_statistics(uint32_t source, struct fm_diags *diags,
                                struct fm_value_context *context, struct fm_arena *arena,
                                struct fm_config_statistics *statistics);

#endif
