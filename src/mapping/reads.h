/* What of a state a formula reads. Internal to src/mapping. */
#ifndef FM_MAPPING_READS_H
#define FM_MAPPING_READS_H

#include "model/model.h"

/* Bits are numbers of variables. Two states that agree on all this give the formula one value. */
struct fm_reads {
    bool known;     /* false: it may read anything, or do more than read */
    uint64_t whole; /* variables that are read */
    uint64_t part;  /* variables of which nothing is read but the value at the argument */
};

/* Of a formula of the configuration. */
struct fm_reads fm_reads_of_formula(struct fm_model *model, const struct fm_formula *formula);
/* Of the body of a definition with one argument: `v[n]`, where n is the argument and v a variable,
 * is a part. */
struct fm_reads fm_reads_of_argument(struct fm_model *model, const struct fm_def *def);

#endif
