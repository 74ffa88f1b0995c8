/* The temporal part of a check: what is asked of src/liveness, and whether it can be asked. */
#ifndef FM_CLI_TEMPORAL_H
#define FM_CLI_TEMPORAL_H

#include "cli/options.h"
#include "liveness/liveness.h"
#include "native/native.h"

struct fm_cli_temporal {
    const struct fm_options *options;
    struct fm_program *program;
    struct fm_arena arena;
    struct fm_temporals temporals;
    struct fm_liveness *liveness; /* NULL: nothing is decided */
    const char *why_not;          /* the reason, when there are properties; "" at the user's wish */
    /* Formulas for emitted code. */
    const struct fm_formula **named;
    uint32_t named_count;
    /* Under SYMMETRY: the search without it. */
    struct fm_session *session;
    struct fm_model_options model_options;
    struct fm_check_options check_options;
    struct fm_checker *checker;
    struct fm_model *model;
    const struct fm_check_result *result; /* of that search, or NULL */
};

/* Whether the search must keep its states for it. */
bool fm_cli_temporal_is_wanted(const struct fm_program *program, const struct fm_options *options);

/* After the interpreter's model was made, before anything is emitted for it. False: a property
 * cannot be handled, which was reported to the program's diagnostics. */
bool fm_cli_temporal_open(struct fm_cli_temporal *temporal, struct fm_model *interpreter,
                          const struct fm_liveness_options *options);
void fm_cli_temporal_close(struct fm_cli_temporal *temporal);
/* `then` of the check; closure: the struct. */
enum fm_check_end fm_cli_temporal_check(void *closure, struct fm_checker *checker,
                                        enum fm_check_end end);

#endif
