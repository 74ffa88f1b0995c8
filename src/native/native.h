/* Tier 1: emitted C as an engine of model/model.h, around tier 0.
 *
 * The native model wraps the interpreter's. Until code is ready, and for every state, formula or
 * question that code does not cover, it passes the call on. Explorers see one model whose pace
 * changes: each engine takes finished code into use with its next parent. */
#ifndef FM_NATIVE_NATIVE_H
#define FM_NATIVE_NATIVE_H

#include "model/model.h"

struct fm_native_options {
    const char *cache_directory; /* NULL: FATHOM_CACHE, XDG_CACHE_HOME/fathom, ~/.cache/fathom */
    const char *compiler;        /* NULL: FATHOM_CC, cc */
    const char *keep;            /* write the emitted C here too, or NULL */
    /* Formulas that the caller will ask `holds` and `eval` for very often: predicates of temporal
     * formulas, mappings. They are emitted too; without parameters, of one state or two. */
    const struct fm_formula *const *named;
    uint32_t named_count;
    uint32_t sample; /* states the interpreter explores first for their shapes */
    bool wait;       /* the search waits for the compiler: tests, benchmarks */
    bool small;      /* few states may be visited often: made however few there are */
    bool strict;     /* emitted code that does not compile is an error: tests */
    bool exact;      /* fingerprints without collisions where that can be; also waits */
};

/* Of a finished or running search: for the summary and --explain-native. */
struct fm_native_report {
    bool active;       /* emitted code was used */
    bool is_missing;   /* it was wanted, and something was not there: worth a line */
    bool recalled;     /* the first shapes were an earlier run's: no state was sampled */
    bool rejected;     /* the compiler refused what was emitted: our mistake */
    const char *state; /* "compiled", "from cache", "no compiler: ..." */
    double compile_seconds;
    uint64_t native_successors, interpreted_successors;
    uint64_t redone_states; /* guards failed; the interpreter did them */
    uint32_t state_bytes;   /* packed */
    const char *not_exact; /* why fingerprints are not exact although that was asked for, or NULL */
    uint64_t strangers;    /* generated states that have no exact fingerprint */
    const struct fm_native_note {
        const char *name;
        bool emitted;
        const char *text; /* why not, or which parts are interpreted; NULL when all is emitted */
    } * notes;
    uint32_t note_count;
};

/* Why the model is better left as it is, in a few words; NULL: it is worth wrapping. Models with
 * effects stay interpreted: their batches have one item, and their states must be told where they
 * stand. So does one whose evaluations are counted. */
const char *fm_native_why_not(const struct fm_model *interpreter);
/* Takes the interpreter's model over (it is freed with the result). Never fails: what is missing is
 * said in the report. */
struct fm_model *fm_native_model_new(struct fm_model *interpreter,
                                     const struct fm_native_options *options);
/* Only of a model that fm_native_model_new made. */
const struct fm_native_report *fm_native_report(struct fm_model *model);

#endif
