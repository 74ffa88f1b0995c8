/* Words: strings, model values, kinds, operators, and how value operations report errors.
 *
 * Strings and model values are tagged symbol pointers, so equality of spellings is equality of
 * words, and their order is the symbol's rank. Ranking happens here, when the value is made: TLC
 * orders strings by the moment at which it first interned them, and a string made at run time is
 * interned by the operation that makes it.
 *
 * Every error goes through one door, context->raise, which does not return: the evaluator unwinds
 * to its nearest protected call. Operations therefore hold nothing that unwinding would lose;
 * scratch memory comes from the context's arena, and a half-built object is garbage in it. Messages
 * describe values without evaluating anything (a lazy function's closure may be what just failed),
 * and cut them, because a message must stay readable when the value has a million elements. */
#include "value/object.h"
#include "value/print.h"
#include "value/raise.h"

#include <stdarg.h>
#include <string.h>

/* Characters of a value shown in a message: a few lines of a terminal. */
#define DESCRIPTION_LENGTH_MAX 400u

static void rank(struct fm_value_context *context, const struct fm_symbol *symbol)
{
    if (atomic_load_explicit(&symbol->rank, memory_order_relaxed) != 0) {
        return;
    }
    if (context->ranks_fixed) {
        fm_value_raise(context, FM_CODE_4017,
                       "the string \"%s\", made only now, has no place in the order", symbol->text);
    }
    fm_symbol_rank(context->symbols, symbol);
}

fm_value fm_string(struct fm_value_context *context, const struct fm_symbol *symbol)
{
    rank(context, symbol);
    return (fm_value){(uint64_t)(uintptr_t)symbol | FM_TAG_STRING};
}

fm_value fm_string_of(struct fm_value_context *context, const char *text, size_t length)
{
    return fm_string(context, fm_symbol_intern(context->symbols, text, length));
}

fm_value fm_model_value(struct fm_value_context *context, const struct fm_symbol *symbol)
{
    rank(context, symbol);
    return (fm_value){(uint64_t)(uintptr_t)symbol | FM_TAG_MODEL};
}

const char *fm_kind_phrase(enum fm_kind kind)
{
    switch (kind) {
    case FM_KIND_INT:
        return "an integer";
    case FM_KIND_BOOL:
        return "a Boolean value";
    case FM_KIND_STRING:
        return "a string";
    case FM_KIND_MODEL:
        return "a model value";
    case FM_KIND_TUPLE:
        return "a tuple";
    case FM_KIND_RECORD:
        return "a record";
    case FM_KIND_FCN:
        return "a function of the form (d1 :> e1 @@ ... @@ dN :> eN)";
    case FM_KIND_LAZY_FCN:
        return "a function of the form [x \\in S |-> expr]";
    case FM_KIND_SET:
        return "a set of the form {e1, ..., eN}";
    case FM_KIND_INTERVAL:
        return "a set of the form i..j";
    case FM_KIND_SUBSETS:
        return "a set of the form SUBSET S";
    case FM_KIND_KSUBSETS:
        return "a set of the form kSubset(k, S)";
    case FM_KIND_FCNSET:
        return "a set of the form [S -> T]";
    case FM_KIND_RECSET:
        return "a set of the form [d1 : S1, ..., dN : SN]";
    case FM_KIND_CROSS:
        return "a Cartesian product";
    case FM_KIND_UNION:
        return "a set of the form UNION S";
    case FM_KIND_CUP:
        return "a set of the form S \\cup T";
    case FM_KIND_CAP:
        return "a set of the form S \\cap T";
    case FM_KIND_DIFF:
        return "a set of the form S \\ T";
    case FM_KIND_FILTER:
        return "a set of the form {x \\in S : expr}";
    case FM_KIND_SEQS:
        return "a set of the form Seq(S)";
    case FM_KIND_NAT:
        return "the set Nat";
    case FM_KIND_INTS:
        return "the set Int";
    case FM_KIND_REALS:
        return "the set Real";
    case FM_KIND_STRINGS:
        return "the set STRING";
    case FM_KIND_ANY:
        return "the set of all values";
    case FM_KIND_OPERATOR:
        return "an operator";
    }
    fm_unreachable();
}

fm_value fm_operator(struct fm_value_context *context, const void *closure, uint32_t arity)
{
    struct fm_operator_object *object = fm_arena_alloc(context->arena, sizeof *object);
    object->head = (struct fm_object){.kind = FM_KIND_OPERATOR, .count = arity};
    object->closure = closure;
    return fm_of_object(object);
}

const void *fm_operator_closure(fm_value v)
{
    fm_assert(fm_is_kind(v, FM_KIND_OPERATOR));
    return ((const struct fm_operator_object *)(uintptr_t)v.bits)->closure;
}

_Noreturn void fm_value_raise(struct fm_value_context *context, enum fm_code code,
                              const char *format, ...)
{
    struct fm_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&text, format, arguments);
    va_end(arguments);
    struct fm_value_error error = {
        .code = code,
        .message = fm_arena_strndup(context->arena, fm_text_string(&text), text.length)};
    fm_text_deinit(&text);
    context->raise(context, error);
    fm_unreachable();
}

const char *fm_value_describe(struct fm_value_context *context, fm_value v)
{
    struct fm_text text = {0};
    fm_print_brief(v, DESCRIPTION_LENGTH_MAX, &text);
    const char *result = fm_arena_strndup(context->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}

_Noreturn void fm_value_raise_depth(struct fm_value_context *context)
{
    fm_value_raise(context, FM_CODE_4332, "the value is nested too deeply for the stack");
}
