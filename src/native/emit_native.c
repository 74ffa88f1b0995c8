/* Library operators: arithmetic, counting, functions by enumeration.
 *
 * Integers are int64_t, and their shape is a range. The range of a result follows from those of the
 * operands; where it stays within the integers that fit a value's word nothing is checked when the
 * code runs, else the result is, and fails beyond (the interpreter has integers of any size).
 * Division and modulo are those of src/modules/naturals.c, with a positive divisor.
 *
 * Rows are found by module and name, as in src/modules; an operator without a row is interpreted.
 */
#include "native/emit_native.h"

#include "base/assert.h"
#include "modules/native.h"
#include "value/set.h"

#include <inttypes.h>
#include <string.h>

/* --- arguments --- */

struct fm_term fm_emit_argument(struct fm_emit *emit, const struct fm_emit_call *call, uint32_t i,
                                const struct fm_shape *want)
{
    fm_assert(i < call->node->count);
    return fm_emit_expr(emit, call->node->kids[i], call->frame, want);
}

const struct fm_shape *fm_emit_integers(struct fm_emit *emit)
{
    return fm_shape_int(emit->shapes, FM_SMALL_MIN, FM_SMALL_MAX);
}

struct fm_term fm_emit_integer(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_term term)
{
    if (term.shape->kind == FM_SHAPE_INT) {
        struct fm_term solid = fm_emit_solid(emit, term);
        solid.value = term.value;
        return solid;
    }
    if (term.shape->kind == FM_SHAPE_NONE) {
        return fm_emit_unreachable(emit);
    }
    if (term.shape->kind != FM_SHAPE_ANY && term.shape->kind != FM_SHAPE_SUM) {
        fm_emit_refuse(emit, node, "not known to be an integer");
    }
    return fm_emit_convert(emit, term, fm_emit_integers(emit));
}

/* --- ranges --- */

__extension__ typedef __int128 wide;

struct range {
    int64_t low, high;
    bool leaves; /* a value may be beyond the integers of a word */
};

static int64_t clamp(wide n)
{
    return n < FM_SMALL_MIN ? FM_SMALL_MIN : n > FM_SMALL_MAX ? FM_SMALL_MAX : (int64_t)n;
}

static struct range range_of(wide low, wide high)
{
    return (struct range){clamp(low), clamp(high), low < FM_SMALL_MIN || high > FM_SMALL_MAX};
}

static int64_t low_of(struct fm_term term)
{
    return clamp(term.shape->low);
}

static int64_t high_of(struct fm_term term)
{
    return clamp(term.shape->high);
}

static struct range product_range(struct fm_term a, struct fm_term b)
{
    const wide corners[4] = {(wide)low_of(a) * low_of(b), (wide)low_of(a) * high_of(b),
                             (wide)high_of(a) * low_of(b), (wide)high_of(a) * high_of(b)};
    wide low = corners[0], high = corners[0];
    for (int i = 1; i < 4; i++) {
        low = corners[i] < low ? corners[i] : low;
        high = corners[i] > high ? corners[i] : high;
    }
    return range_of(low, high);
}

static struct range quotient_range(struct fm_term a, struct fm_term b)
{
    int64_t least = low_of(b) < 1 ? 1 : low_of(b); /* others fail */
    int64_t low = low_of(a) < 0 ? low_of(a) : 0;
    int64_t high = high_of(a) < 0 ? 0 : high_of(a) / least;
    return (struct range){low, high, false};
}

static struct range remainder_range(struct fm_term a, struct fm_term b)
{
    int64_t high = high_of(b) < 1 ? 0 : high_of(b) - 1;
    if (low_of(a) >= 0 && high_of(a) < high) {
        high = high_of(a);
    }
    return (struct range){0, high, false};
}

static struct range power_range(struct fm_term a, struct fm_term b)
{
    if (low_of(a) < 0 || high_of(b) < 0 || high_of(b) > 64) {
        return range_of((wide)FM_SMALL_MIN * 2, (wide)FM_SMALL_MAX * 2);
    }
    wide high = 1;
    for (int64_t i = 0; i < high_of(b) && high <= FM_SMALL_MAX; i++) {
        high *= high_of(a);
    }
    return range_of(0, high < 1 ? 1 : high);
}

/* --- arithmetic --- */

static struct fm_term result_in(struct fm_emit *emit, struct range range, const char *code)
{
    const struct fm_shape *shape = fm_shape_int(emit->shapes, range.low, range.high);
    const char *name = fm_emit_declare(emit, shape, "n", code);
    if (range.leaves) {
        fm_emit_guard(emit, "!fm_nrt_is_small(%s)", name);
    }
    return fm_emit_coded(shape, name);
}

static struct fm_term add(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    struct range range = range_of((wide)low_of(a) + low_of(b), (wide)high_of(a) + high_of(b));
    return result_in(emit, range, fm_emit_format(emit, "%s + %s", a.code, b.code));
}

static struct fm_term subtract(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    struct range range = range_of((wide)low_of(a) - high_of(b), (wide)high_of(a) - low_of(b));
    return result_in(emit, range, fm_emit_format(emit, "%s - %s", a.code, b.code));
}

static struct fm_term multiply(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    struct range range = product_range(a, b);
    if (!range.leaves) {
        return result_in(emit, range, fm_emit_format(emit, "%s * %s", a.code, b.code));
    }
    range.leaves = false; /* the function fails itself */
    fm_emit_need_context(emit);
    return result_in(emit, range,
                     fm_emit_format(emit, "fm_nrt_multiply(c, %s, %s)", a.code, b.code));
}

static struct fm_term divide(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    if (low_of(b) < 1) {
        fm_emit_guard(emit, "%s < 1", b.code);
    }
    return result_in(
        emit, quotient_range(a, b),
        fm_emit_format(emit, low_of(a) >= 0 ? "%s / %s" : "fm_nrt_divide(%s, %s)", a.code, b.code));
}

static struct fm_term modulo(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    if (low_of(b) < 1) {
        fm_emit_guard(emit, "%s < 1", b.code);
    }
    return result_in(emit, remainder_range(a, b),
                     fm_emit_format(emit, low_of(a) >= 0 ? "%s %% %s" : "fm_nrt_modulo(%s, %s)",
                                    a.code, b.code));
}

static struct fm_term power(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    struct range range = power_range(a, b);
    range.leaves = false; /* the function fails itself */
    fm_emit_need_context(emit);
    return result_in(emit, range, fm_emit_format(emit, "fm_nrt_power(c, %s, %s)", a.code, b.code));
}

/* --- comparison --- */

static struct fm_term compare(struct fm_emit *emit, const char *name, struct fm_term a,
                              struct fm_term b)
{
    bool less = name[0] == '<';
    bool or_equal = name[1] == '=';
    struct fm_term small = less ? a : b, large = less ? b : a;
    if (or_equal ? high_of(small) <= low_of(large) : high_of(small) < low_of(large)) {
        return fm_emit_truth(emit, true);
    }
    if (or_equal ? low_of(small) > high_of(large) : low_of(small) >= high_of(large)) {
        return fm_emit_truth(emit, false);
    }
    return fm_emit_test(emit, "(%s %s %s)", a.code, name, b.code);
}

/* --- intervals --- */

/* The universe of a..b: what the ranges allow, or where that is too much what is wanted. */
static const struct fm_shape *interval_shape(struct fm_emit *emit, struct fm_term a,
                                             struct fm_term b, const struct fm_shape *want,
                                             bool *is_bounded)
{
    int64_t low = low_of(a), high = high_of(b);
    *is_bounded = true;
    bool few = high >= low && (wide)high - low < FM_SHAPE_UNIVERSE_MAX;
    if (!few && want != NULL && want->kind == FM_SHAPE_SET && want->value_count > 0) {
        fm_value first = want->values[0], last = want->values[want->value_count - 1];
        if (fm_is_small(first) && fm_is_small(last) &&
            fm_small_get(last) - fm_small_get(first) == (int64_t)want->value_count - 1) {
            *is_bounded = false;
            return want;
        }
    }
    if (!few) {
        return NULL;
    }
    const struct fm_shape *set = fm_shape_set(emit->shapes, fm_shape_int(emit->shapes, low, high));
    return set->kind == FM_SHAPE_SET ? set : NULL;
}

static struct fm_term interval(struct fm_emit *emit, const struct fm_node *node, struct fm_term a,
                               struct fm_term b, const struct fm_shape *want)
{
    if (fm_emit_is_nothing(a) || fm_emit_is_nothing(b) || high_of(b) < low_of(a)) {
        return fm_emit_known(emit, fm_set_empty());
    }
    bool is_bounded;
    const struct fm_shape *shape = interval_shape(emit, a, b, want, &is_bounded);
    if (shape == NULL) {
        fm_emit_refuse(emit, node, "an interval of too many possible elements");
    }
    int64_t low = fm_small_get(shape->values[0]);
    int64_t high = low + (int64_t)shape->value_count - 1;
    if (!is_bounded) {
        fm_emit_guard(emit, "%s <= %s && (%s < %" PRId64 " || %s > %" PRId64 ")", a.code, b.code,
                      a.code, low, b.code, high);
    }
    const char *from = fm_emit_format(emit, "%s - (%" PRId64 ")", a.code, low);
    const char *to = fm_emit_format(emit, "%s - (%" PRId64 ")", b.code, low - 1);
    if (shape->value_count <= 64) {
        const char *code = fm_emit_format(emit, "fm_nrt_bits(%s) & ~fm_nrt_bits(%s)", to, from);
        return fm_emit_coded(shape, fm_emit_declare(emit, shape, "interval", code));
    }
    const char *name = fm_emit_declare(emit, shape, "interval", NULL);
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (int64_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(shape), k);
    fm_emit_line(emit, "%s.w[%s] = fm_nrt_bits(%s - 64 * %s) & ~fm_nrt_bits(%s - 64 * %s);", name,
                 k, to, k, from, k);
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

/* --- rows of numbers --- */

struct arithmetic {
    const char *name;
    struct fm_term (*emit)(struct fm_emit *emit, struct fm_term a, struct fm_term b);
};
static const struct arithmetic arithmetics[] = {
    {"+", add}, {"-", subtract}, {"*", multiply}, {"\\div", divide}, {"%", modulo}, {"^", power},
};

bool fm_emit_arithmetic(struct fm_emit *emit, const struct fm_node *node, const char *name,
                        const struct fm_term *operands, struct fm_term *result)
{
    bool compares = strcmp(name, "<") == 0 || strcmp(name, "<=") == 0 || strcmp(name, ">") == 0 ||
                    strcmp(name, ">=") == 0;
    const struct arithmetic *found = NULL;
    for (uint32_t i = 0; i < sizeof arithmetics / sizeof arithmetics[0]; i++) {
        if (strcmp(arithmetics[i].name, name) == 0) {
            found = &arithmetics[i];
        }
    }
    if (found == NULL && !compares) {
        return false;
    }
    struct fm_term a = fm_emit_integer(emit, node, operands[0]);
    struct fm_term b = fm_emit_integer(emit, node, operands[1]);
    if (fm_emit_is_nothing(a) || fm_emit_is_nothing(b)) {
        *result = compares ? fm_emit_truth(emit, false) : fm_emit_unreachable(emit);
        return true;
    }
    *result = compares ? compare(emit, name, a, b) : found->emit(emit, a, b);
    return true;
}

static struct fm_term call_arithmetic(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_term operands[2] = {fm_emit_argument(emit, call, 0, NULL),
                                        fm_emit_argument(emit, call, 1, NULL)};
    struct fm_term result;
    if (!fm_emit_arithmetic(emit, call->node, call->node->u.def->native->name, operands, &result)) {
        fm_emit_refuse(emit, call->node, "an operator that is not emitted");
    }
    return result;
}

static struct fm_term call_negate(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term a = fm_emit_integer(emit, call->node, fm_emit_argument(emit, call, 0, NULL));
    if (fm_emit_is_nothing(a)) {
        return a;
    }
    struct range range = range_of(-(wide)high_of(a), -(wide)low_of(a));
    return result_in(emit, range, fm_emit_format(emit, "-%s", a.code));
}

static struct fm_term call_interval(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term a = fm_emit_integer(emit, call->node, fm_emit_argument(emit, call, 0, NULL));
    struct fm_term b = fm_emit_integer(emit, call->node, fm_emit_argument(emit, call, 1, NULL));
    return interval(emit, call->node, a, b, call->want);
}

/* --- finite sets --- */

/* Cardinality of {x \in S : P}, SUBSET S and so on: counted, not built. */
static struct fm_term count_walked(struct fm_emit *emit, const struct fm_node *set,
                                   struct fm_emit_frame *frame)
{
    struct fm_emit_loops loops = {0};
    const struct fm_shape *shape = fm_shape_int(emit->shapes, 0, FM_SMALL_MAX);
    const char *name = fm_emit_declare(emit, shape, "size", NULL);
    struct fm_term element = fm_emit_loop_over(emit, set, frame, false, &loops);
    fm_emit_line(emit, "%s++;", name);
    fm_emit_loop_end(emit, &loops);
    if (element.shape->cardinality < FM_SHAPE_UNIVERSE_MAX) {
        shape = fm_shape_int(emit->shapes, 0, (int64_t)element.shape->cardinality);
    }
    return fm_emit_coded(shape, name);
}

static struct fm_term call_cardinality(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_emit_frame *frame = call->frame;
    const struct fm_node *set = fm_emit_peel(emit, call->node->kids[0], &frame);
    if (set->op == FM_OP_FILTER && fm_emit_is_walked(emit, set->u.bind.at[0].set, frame)) {
        return count_walked(emit, set, frame);
    }
    if (set->op == FM_OP_CALL && set->u.def->native != NULL &&
        strcmp(set->u.def->native->name, "..") == 0) {
        const struct fm_emit_call inner = {set, frame, NULL};
        struct fm_term a = fm_emit_integer(emit, set, fm_emit_argument(emit, &inner, 0, NULL));
        struct fm_term b = fm_emit_integer(emit, set, fm_emit_argument(emit, &inner, 1, NULL));
        if (fm_emit_is_nothing(a) || fm_emit_is_nothing(b)) {
            return fm_emit_unreachable(emit);
        }
        wide size = (wide)high_of(b) - low_of(a) + 1;
        struct range range = range_of(0, size < 0 ? 0 : size);
        return result_in(
            emit, range,
            fm_emit_format(emit, "%s < %s ? 0 : %s - %s + 1", b.code, a.code, b.code, a.code));
    }
    struct fm_term term = fm_emit_set_term(emit, fm_emit_argument(emit, call, 0, NULL));
    if (term.shape->kind == FM_SHAPE_SET) {
        return fm_emit_cardinality(emit, term);
    }
    fm_emit_refuse(emit, call->node, "Cardinality of a set of many possible elements");
}

static struct fm_term call_is_finite(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term term = fm_emit_argument(emit, call, 0, NULL);
    if (term.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, call->node, "IsFiniteSet of a set of many possible elements");
    }
    return fm_emit_truth(emit, true);
}

/* --- operators as arguments --- */

struct fm_term fm_emit_apply_operator(struct fm_emit *emit, const struct fm_emit_call *call,
                                      uint32_t argument, const struct fm_term *operands,
                                      const struct fm_shape *want)
{
    const struct fm_node *node = call->node->kids[argument];
    if (node->op != FM_OP_OPERATOR && node->op != FM_OP_OPERATOR_LOCAL) {
        fm_emit_refuse(emit, node, "an operator that is not known");
    }
    struct fm_emit_frame *up = NULL;
    const struct fm_def *def = fm_emit_operator(emit, node, call->frame, &up);
    struct fm_term result;
    if (def->native != NULL && def->param_count == 2 &&
        fm_emit_arithmetic(emit, node, def->native->name, operands, &result)) {
        return want != NULL ? fm_emit_convert(emit, result, want) : result;
    }
    if (def->body == NULL || def->is_recursive) {
        fm_emit_refuse(emit, node, "the operator %s as an argument", def->name->text);
    }
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, def, up);
    for (uint32_t i = 0; i < def->param_count; i++) {
        frame->slots[i] = (struct fm_emit_slot){.kind = FM_EMIT_TERM, .term = operands[i]};
    }
    emit->depth++;
    result = fm_emit_expr(emit, def->body, frame, want);
    emit->depth--;
    return result;
}

/* --- TLC --- */

static struct fm_term call_assert(struct fm_emit *emit, const struct fm_emit_call *call)
{
    fm_emit_guard(emit, "!%s", fm_emit_bool(emit, call->node->kids[0], call->frame));
    return fm_emit_truth(emit, true);
}

static struct fm_term call_first(struct fm_emit *emit, const struct fm_emit_call *call)
{
    return fm_emit_argument(emit, call, 0, call->want);
}

/* k :> v */
static struct fm_term call_pair(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term key = fm_emit_argument(emit, call, 0, NULL);
    struct fm_term value = fm_emit_argument(emit, call, 1, NULL);
    const struct fm_shape *shape = call->want;
    if (fm_emit_is_nothing(key) || fm_emit_is_nothing(value)) {
        return fm_emit_unreachable(emit);
    }
    if (fm_emit_is_known(key)) {
        if (shape == NULL || shape->kind != FM_SHAPE_PFUN) {
            fm_value set = fm_value_freeze(emit->context,
                                           fm_set_normal(emit->context, &key.value, 1));
            shape = fm_shape_fcn(emit->shapes, set, value.shape);
        }
        return fm_emit_build(emit, call->node, shape, &key.value, &value, 1);
    }
    if (shape == NULL || shape->kind != FM_SHAPE_PFUN) {
        shape = fm_shape_pfun(emit->shapes, key.shape, value.shape);
    }
    if (shape->kind != FM_SHAPE_PFUN) {
        fm_emit_refuse(emit, call->node, "a function of too many possible arguments");
    }
    const char *name = fm_emit_declare(emit, shape, "f", NULL);
    struct fm_emit_index index = fm_emit_index_of(emit, call->node, shape, key);
    fm_emit_has_set(emit, shape, name, index.code);
    fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s]", name, index.code),
                  fm_emit_as(emit, value, shape->parts[0]));
    return fm_emit_coded(shape, name);
}

/* Adds the arguments and values of a shape of functions; false when there are too many. */
static bool collect_partial(struct fm_emit *emit, const struct fm_node *node,
                            const struct fm_shape *shape, const struct fm_shape **keys,
                            const struct fm_shape **value)
{
    if (shape->kind == FM_SHAPE_SUM) {
        bool few = true;
        for (uint32_t i = 0; i < shape->part_count && few; i++) {
            few = collect_partial(emit, node, shape->parts[i], keys, value);
        }
        return few;
    }
    if (!fm_slots_has(shape) || (shape->kind == FM_SHAPE_SEQ && shape->capacity != 0)) {
        fm_emit_refuse(emit, node, "not known to be a function of listed arguments");
    }
    const struct fm_shape *set = shape->kind == FM_SHAPE_SEQ ? NULL : fm_emit_key_set(emit, shape);
    if (set == NULL) {
        return shape->kind == FM_SHAPE_SEQ;
    }
    *keys = *keys == NULL ? set : fm_shape_join(emit->shapes, *keys, set);
    for (uint32_t i = 0; i < shape->part_count; i++) {
        *value = fm_shape_join(emit->shapes, *value, shape->parts[i]);
    }
    return (*keys)->kind == FM_SHAPE_SET;
}

const struct fm_shape *fm_emit_partial_shape(struct fm_emit *emit, const struct fm_node *node,
                                             const struct fm_term *functions, uint32_t count,
                                             const struct fm_term *key)
{
    const struct fm_shape *keys = key == NULL ? NULL : fm_emit_set_over(emit, *key);
    if (key != NULL && keys == NULL) {
        return NULL;
    }
    const struct fm_shape *value = fm_shape_none(emit->shapes);
    for (uint32_t i = 0; i < count; i++) {
        if (!collect_partial(emit, node, functions[i].shape, &keys, &value)) {
            return NULL;
        }
    }
    if (keys == NULL) {
        return NULL;
    }
    if (value->kind == FM_SHAPE_NONE) { /* the functions are empty: any will do */
        value = fm_shape_int(emit->shapes, 1, 1);
    }
    const struct fm_shape *all = fm_shape_pfun_of(emit->shapes, keys->values, keys->value_count,
                                                  value);
    return all->kind == FM_SHAPE_PFUN ? all : NULL;
}

/* f @@ g: the values of f where both are defined. */
static struct fm_term call_merge(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = call->want;
    shape = shape != NULL && shape->kind == FM_SHAPE_PFUN ? shape : NULL;
    struct fm_term f = fm_emit_argument(emit, call, 0, shape);
    struct fm_term g = fm_emit_argument(emit, call, 1, shape);
    const struct fm_term both[2] = {f, g};
    if (fm_emit_is_nothing(f) || fm_emit_is_nothing(g)) {
        return fm_emit_unreachable(emit);
    }
    if (shape == NULL) {
        shape = fm_emit_partial_shape(emit, call->node, both, 2, NULL);
    }
    if (shape == NULL) {
        fm_emit_refuse(emit, call->node, "a merge of functions of too many arguments");
    }
    const char *left = fm_emit_declare(emit, shape, "f", fm_emit_as(emit, f, shape));
    const char *name = fm_emit_declare(emit, shape, "merged", fm_emit_as(emit, g, shape));
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", i, i, shape->value_count, i);
    fm_emit_open(emit, "if (%s)", fm_emit_has(emit, shape, left, i));
    fm_emit_line(emit, "%s.at[%s] = %s.at[%s];", name, i, left, i);
    fm_emit_has_set(emit, shape, name, i);
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

/* --- the table --- */

static const struct fm_emit_operator_row rows[] = {
    {NULL, "+", 2, call_arithmetic},
    {NULL, "-", 2, call_arithmetic},
    {NULL, "*", 2, call_arithmetic},
    {NULL, "\\div", 2, call_arithmetic},
    {NULL, "%", 2, call_arithmetic},
    {NULL, "^", 2, call_arithmetic},
    {NULL, "<", 2, call_arithmetic},
    {NULL, "<=", 2, call_arithmetic},
    {NULL, ">", 2, call_arithmetic},
    {NULL, ">=", 2, call_arithmetic},
    {NULL, "-.", 1, call_negate},
    {NULL, "..", 2, call_interval},
    {"FiniteSets", "Cardinality", 1, call_cardinality},
    {"FiniteSets", "IsFiniteSet", 1, call_is_finite},
    {"TLC", "Assert", 2, call_assert},
    {"TLC", "TLCEval", 1, call_first},
    {"TLC", ":>", 2, call_pair},
    {"TLC", "@@", 2, call_merge},
    {NULL, NULL, 0, NULL},
};

static bool is_numbers(const char *module)
{
    return strcmp(module, "Naturals") == 0 || strcmp(module, "Integers") == 0 ||
           strcmp(module, "Reals") == 0;
}

static const struct fm_emit_operator_row *find_row(const struct fm_emit_operator_row *table,
                                                   const struct fm_native *native)
{
    for (; table->name != NULL; table++) {
        bool same = table->module == NULL ? is_numbers(native->module)
                                          : strcmp(table->module, native->module) == 0;
        if (same && table->arity == native->arity && strcmp(table->name, native->name) == 0) {
            return table;
        }
    }
    return NULL;
}

struct fm_term fm_emit_native(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_native *native = node->u.def->native;
    const struct fm_emit_operator_row *row = find_row(rows, native);
    row = row != NULL ? row : find_row(fm_emit_sequence_rows(), native);
    row = row != NULL ? row : find_row(fm_emit_fold_rows(), native);
    row = row != NULL ? row : find_row(fm_emit_bag_rows(), native);
    row = row != NULL ? row : find_row(fm_emit_number_rows(), native);
    if (row == NULL) {
        fm_emit_refuse(emit, node, "the operator %s of module %s", native->name, native->module);
    }
    const struct fm_emit_call call = {node, frame, want};
    return row->call(emit, &call);
}
