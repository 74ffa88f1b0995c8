/* FiniteSets: IsFiniteSet and Cardinality.
 *
 * Both ask the set itself (value/set.h): an interval, a power set or a set of functions is counted
 * by a closed form, never enumerated. As in TLC, Cardinality of an infinite set is an error, and
 * IsFiniteSet of a value that is no set is one too. */
#include "diag/diag.h"
#include "modules/argument.h"

static fm_value finitesets_is_finite(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    fm_argument_set(context, fm_argument_of("IsFiniteSet", 0), arguments[0]);
    return fm_bool(fm_set_is_finite(context->values, arguments[0]));
}

static fm_value finitesets_cardinality(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Cardinality", 0);
    fm_argument_set(context, place, arguments[0]);
    if (!fm_set_can_enumerate(context->values, arguments[0])) {
        fm_argument_range(context, place, "a finite set", arguments[0]);
    }
    return fm_set_cardinality(context->values, arguments[0]);
}

static const struct fm_native rows[] = {
    {"FiniteSets", "IsFiniteSet", 1, finitesets_is_finite, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"FiniteSets", "Cardinality", 1, finitesets_cardinality, FM_SPECIAL_CARDINALITY, 0,
     FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_finitesets(void)
{
    return FM_NATIVE_ROWS(rows);
}
