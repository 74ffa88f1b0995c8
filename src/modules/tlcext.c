/* TLCExt: registers with defaults, model values, fingerprints; and the rows of what the evaluator
 * does.
 *
 * Trace, CounterExample, PickSuccessor, TLCDefer, AssertError and TLCEvalDefinition need the state,
 * the trace, the arguments unevaluated or the program: their rows have no function, only the mark
 * by which the evaluator knows them. TLCCache has one, which returns the value it is given: caching
 * may be left out, never the value.
 *
 * TLCFP is the low 32 bits of our own digest, signed: equal values have equal numbers on every
 * machine and in every run, but TLC's polynomial gives other ones. ToTrace puts the states of a
 * counterexample in the order of their numbers; where a number is missing the counterexample was
 * not one. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Names of registers begin with this; a register that is a name without it does not exist. */
static const char register_prefix[] = "s:";

/* What is stored under a register's key; NONE when nothing is, or the key is none of a register. */
static fm_value register_get(struct fm_native_context *context, fm_value key)
{
    bool name = fm_value_tag(key) == FM_TAG_STRING &&
                strncmp(fm_value_symbol(key)->text, register_prefix, sizeof register_prefix - 1) ==
                    0;
    bool number = fm_is_small(key) && fm_small_get(key) >= 0;
    return name || number ? context->tlc_get(context, key) : fm_none();
}

static fm_value ext_get_or_default(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    fm_value stored = register_get(context, arguments[0]);
    return fm_is_none(stored) ? arguments[1] : stored;
}

static fm_value ext_get_and_set(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("TLCGetAndSet", 2), arguments[1]);
    fm_value stored = register_get(context, arguments[0]);
    fm_value old = fm_is_none(stored) ? arguments[3] : stored;
    context->tlc_set(context, arguments[0], fm_apply_two(context, arguments[1], old, arguments[2]));
    return old;
}

static fm_value ext_model_value(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    const struct fm_symbol *name = fm_argument_string(context, fm_argument_of("TLCModelValue", 0),
                                                      arguments[0]);
    return fm_model_value(context->values, name);
}

static fm_value ext_identity(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)context;
    (void)count;
    return arguments[0];
}

static fm_value ext_fingerprint(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    struct fm_digest digest = fm_value_digest(context->values, arguments[0]);
    return fm_small((int32_t)(uint32_t)digest.low);
}

static fm_value ext_to_trace(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("ToTrace", 0);
    static const char expected[] =
        "a counterexample, a record whose field state is a set of numbered states";
    fm_value field = fm_value_is_function(arguments[0])
                         ? fm_record_lookup(context, arguments[0], "state")
                         : fm_none();
    if (fm_is_none(field) || !fm_value_is_set(field)) {
        fm_argument_fail(context, place, expected, arguments[0]);
    }
    struct fm_sequence states = fm_argument_elements(context, place, field);
    fm_value *trace = fm_native_values(context, states.count);
    for (uint32_t i = 0; i < states.count; i++) {
        trace[i] = fm_none();
    }
    for (uint32_t i = 0; i < states.count; i++) {
        struct fm_sequence pair = {NULL, 0};
        bool good = fm_sequence_view(context->values, states.at[i], &pair.at, &pair.count) &&
                    pair.count == 2 && fm_is_small(pair.at[0]);
        int64_t number = good ? fm_small_get(pair.at[0]) : 0;
        if (number < 1 || number > states.count || !fm_is_none(trace[number - 1])) {
            fm_argument_fail(context, place, expected, arguments[0]);
        }
        trace[number - 1] = pair.at[1];
    }
    return fm_tuple(context->values, trace, states.count);
}

static const struct fm_native rows[] = {
    {"TLCExt", "TLCGetOrDefault", 2, ext_get_or_default, FM_SPECIAL_NONE, FM_IMPURE_REGISTERS,
     FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCGetAndSet", 4, ext_get_and_set, FM_SPECIAL_NONE, FM_IMPURE_REGISTERS,
     FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCModelValue", 1, ext_model_value, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCNoOp", 1, ext_identity, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCFP", 1, ext_fingerprint, FM_SPECIAL_TLC_FP, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "ToTrace", 1, ext_to_trace, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCCache", 2, ext_identity, FM_SPECIAL_TLC_CACHE, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "AssertError", 2, NULL, FM_SPECIAL_ASSERT_ERROR, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCDefer", 1, NULL, FM_SPECIAL_TLC_DEFER, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "TLCEvalDefinition", 1, NULL, FM_SPECIAL_EVAL_DEFINITION, 0, FM_NATIVE_CONSTANT},
    {"TLCExt", "Trace", 0, NULL, FM_SPECIAL_TRACE, FM_IMPURE_TRACE, FM_NATIVE_STATE},
    {"TLCExt", "CounterExample", 0, NULL, FM_SPECIAL_COUNTER_EXAMPLE, FM_IMPURE_TRACE,
     FM_NATIVE_STATE},
    {"TLCExt", "PickSuccessor", 1, NULL, FM_SPECIAL_PICK_SUCCESSOR, FM_IMPURE_IO, FM_NATIVE_ACTION},
};

struct fm_native_rows fm_natives_tlcext(void)
{
    return FM_NATIVE_ROWS(rows);
}
