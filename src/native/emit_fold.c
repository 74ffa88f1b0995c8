/* Folds: loops with an accumulator.
 *
 * The accumulator's shape must hold every intermediate result. It is found by emitting the body
 * and throwing its text away: with the shape of the base, then with the join of that and the
 * result, until nothing grows. An integer grows with each element; where the number of elements is
 * known and small the rounds are as many, which gives the exact range, and else all integers are
 * taken, checked when the code runs. What holds integers (a fraction) is widened (shape_widen.c)
 * for as many rounds more; what grows still is taken as wide as it is then, and guarded.
 *
 * The orders are those of src/modules: FoldSet, FoldFunction and FoldSeq compute op(x,
 * accumulator) in the normal order of the set or domain, FoldLeft op(accumulator, x), FoldRight
 * from the last element. */
#include "native/emit_native.h"

#include "modules/native.h"

#include <string.h>

/* Rounds of the search for the accumulator's shape. */
#define ROUNDS_MAX 16u

/* What is walked. */
struct source {
    const struct fm_node *set; /* the set, or NULL: */
    bool raw;                  /* it is walked in the order in which it is built */
    struct fm_term term;       /* a set of bits, a function or a sequence */
    bool backwards;            /* sequences only */
    uint64_t count_max;        /* elements at most */
};

struct walk {
    struct fm_emit_loops loops;
    uint32_t opened;
    struct fm_term element;
};

struct fold {
    const struct fm_emit_call *call;
    struct source source;
    /* The next accumulator; NULL: the operator argument below. */
    struct fm_term (*step)(struct fm_emit *emit, const struct fold *fold, struct fm_term element,
                           struct fm_term accumulator);
    uint32_t operator_at; /* index of the operator among the arguments */
    bool accumulator_first;
    const char *name;        /* of the arithmetic operator, in sums */
    struct fm_term function; /* whose values at the elements are folded; shape NULL: none */
};

/* --- walking --- */

static void open_count(struct fm_emit *emit, const struct source *source, const char *index)
{
    struct fm_term f = source->term;
    if (f.shape->kind == FM_SHAPE_SEQ && source->backwards) {
        fm_emit_open(emit, "for (uint32_t %s = %s.length; %s-- > 0;)", index, f.code, index);
    } else if (f.shape->kind == FM_SHAPE_SEQ) {
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %s.length; %s++)", index, index, f.code,
                     index);
    } else {
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", index, index,
                     f.shape->value_count, index);
    }
}

static struct walk walk_begin(struct fm_emit *emit, const struct fold *fold)
{
    struct walk walk = {.opened = 1};
    const struct source *source = &fold->source;
    if (source->set != NULL) {
        walk.opened = 0;
        walk.element = fm_emit_loop_over(emit, source->set, fold->call->frame, source->raw,
                                         &walk.loops);
        return walk;
    }
    if (source->term.shape->kind == FM_SHAPE_SET) {
        struct fm_emit_bits bits = fm_emit_bits_begin(emit, source->term);
        walk.opened = bits.opened;
        walk.element = fm_emit_element(emit, source->term.shape, bits.index);
        return walk;
    }
    const char *index = fm_emit_name(emit, "i");
    open_count(emit, source, index);
    struct fm_term f = source->term;
    if (f.shape->kind == FM_SHAPE_PFUN) {
        fm_emit_open(emit, "if (%s)", fm_emit_has(emit, f.shape, f.code, index));
        walk.opened++;
    }
    const struct fm_shape *part = f.shape->parts[0];
    walk.element = fm_emit_coded(
        part, fm_emit_load(emit, part, fm_emit_format(emit, "%s.at[%s]", f.code, index)));
    return walk;
}

static void walk_end(struct fm_emit *emit, const struct walk *walk)
{
    for (uint32_t i = 0; i < walk->opened; i++) {
        fm_emit_close(emit, "");
    }
    if (walk->opened == 0) {
        fm_emit_loop_end(emit, &walk->loops);
    }
}

/* --- folding --- */

static struct fm_term step(struct fm_emit *emit, const struct fold *fold, struct fm_term element,
                           struct fm_term accumulator)
{
    if (fold->step != NULL) {
        return fold->step(emit, fold, element, accumulator);
    }
    if (fold->function.shape != NULL) {
        element = fm_emit_apply(emit, fold->call->node, fold->function, element);
    }
    const struct fm_term operands[2] = {fold->accumulator_first ? accumulator : element,
                                        fold->accumulator_first ? element : accumulator};
    return fm_emit_apply_operator(emit, fold->call, fold->operator_at, operands, NULL);
}

/* The shape of the result of one step upon that of the accumulator. */
static const struct fm_shape *try_step(struct fm_emit *emit, const struct fold *fold,
                                       const struct fm_shape *shape)
{
    struct fm_emit_piece piece; /* cut out and never put back */
    fm_emit_piece_begin(emit, &piece);
    struct walk walk = walk_begin(emit, fold);
    struct fm_term result = step(emit, fold, walk.element, fm_emit_coded(shape, "accumulator"));
    const struct fm_shape *found = result.shape;
    walk_end(emit, &walk);
    fm_emit_piece_end(emit, &piece);
    return fm_shape_join(emit->shapes, shape, found);
}

static const struct fm_shape *accumulator_shape(struct fm_emit *emit, const struct fold *fold,
                                                struct fm_term base)
{
    const struct fm_shape *shape = base.shape;
    uint64_t rounds = fold->source.count_max < ROUNDS_MAX ? fold->source.count_max : ROUNDS_MAX;
    for (uint64_t i = 0; i <= rounds; i++) {
        const struct fm_shape *grown = try_step(emit, fold, shape);
        if (grown == shape || i == fold->source.count_max) {
            return shape;
        }
        shape = grown;
    }
    if (shape->kind == FM_SHAPE_INT) {
        return fm_emit_integers(emit);
    }
    for (uint32_t i = 0; i < ROUNDS_MAX; i++) {
        const struct fm_shape *grown = try_step(emit, fold, shape);
        if (grown == shape) {
            return shape;
        }
        shape = fm_shape_widen(emit->shapes, shape, grown);
    }
    if (shape->has_any) {
        fm_emit_refuse(emit, fold->call->node, "a fold whose result has no shape");
    }
    return shape; /* it grows with each element: more than this fails */
}

static struct fm_term run_fold(struct fm_emit *emit, const struct fold *fold, struct fm_term base)
{
    if (fold->source.count_max == 0) {
        return base;
    }
    const struct fm_shape *shape = accumulator_shape(emit, fold, base);
    const char *name = fm_emit_declare(emit, shape, "fold", fm_emit_as(emit, base, shape));
    struct walk walk = walk_begin(emit, fold);
    struct fm_term result = step(emit, fold, walk.element, fm_emit_coded(shape, name));
    fm_emit_line(emit, "%s = %s;", name, fm_emit_as(emit, result, shape));
    walk_end(emit, &walk);
    return fm_emit_coded(shape, name);
}

/* --- sources --- */

/* fm_fold_begin of modules/argument.h: sets that are kept lazy are folded as they are built. */
static bool is_folded_raw(struct fm_emit *emit, const struct fm_node *set,
                          struct fm_emit_frame *frame)
{
    fm_value known = fm_emit_fold(emit, set, frame);
    if (!fm_is_none(known)) {
        enum fm_kind kind = fm_value_kind(known);
        return kind == FM_KIND_SUBSETS || kind == FM_KIND_KSUBSETS || kind == FM_KIND_FCNSET ||
               kind == FM_KIND_RECSET || kind == FM_KIND_CROSS;
    }
    return set->op == FM_OP_POWERSET || set->op == FM_OP_FCNSET || set->op == FM_OP_RECSET ||
           set->op == FM_OP_CROSS;
}

static struct source set_source(struct fm_emit *emit, const struct fm_emit_call *call, uint32_t i)
{
    struct source source = {.count_max = UINT64_MAX};
    struct fm_emit_frame *frame = call->frame;
    const struct fm_node *set = fm_emit_peel(emit, call->node->kids[i], &frame);
    source.raw = is_folded_raw(emit, set, frame);
    if (fm_emit_is_walked(emit, set, frame)) {
        source.set = call->node->kids[i];
        return source;
    }
    struct fm_term term = fm_emit_argument(emit, call, i, NULL);
    if (term.shape->kind != FM_SHAPE_SET) {
        source.set = call->node->kids[i];
        return source;
    }
    source.term = term;
    source.count_max = term.shape->value_count;
    return source;
}

/* The values of a function or sequence. */
static struct source values_source(struct fm_emit *emit, const struct fm_emit_call *call,
                                   uint32_t i, bool only_sequence)
{
    struct fm_term f = fm_emit_argument(emit, call, i, NULL);
    bool looped = f.shape->kind == FM_SHAPE_SEQ ||
                  (!only_sequence &&
                   (f.shape->kind == FM_SHAPE_FCN || f.shape->kind == FM_SHAPE_PFUN));
    if (!looped) {
        f = fm_emit_sequence(emit, call->node, f, NULL);
    }
    f = fm_emit_solid(emit, f);
    struct source source = {.term = f};
    source.count_max = f.shape->kind == FM_SHAPE_SEQ ? f.shape->capacity : f.shape->value_count;
    return source;
}

static struct fm_term known_int(struct fm_emit *emit, int64_t n)
{
    return fm_emit_known(emit, fm_small(n));
}

/* --- the operators --- */

static struct fm_term call_fold_set(struct fm_emit *emit, const struct fm_emit_call *call)
{
    bool reduce = strcmp(call->node->u.def->native->name, "ReduceSet") == 0;
    struct fm_term base = fm_emit_argument(emit, call, reduce ? 2 : 1, NULL);
    struct fold fold = {.call = call, .source = set_source(emit, call, reduce ? 1 : 2)};
    return run_fold(emit, &fold, base);
}

static struct fm_term call_fold_function(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term base = fm_emit_argument(emit, call, 1, NULL);
    struct fold fold = {.call = call, .source = values_source(emit, call, 2, false)};
    return run_fold(emit, &fold, base);
}

static struct fm_term call_fold_images(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term base = fm_emit_argument(emit, call, 1, NULL);
    struct fm_term function = fm_emit_solid(emit, fm_emit_argument(emit, call, 2, NULL));
    struct fold fold = {.call = call,
                        .source = set_source(emit, call, 3),
                        .function = fm_emit_named(emit, function, "f")};
    return run_fold(emit, &fold, base);
}

static struct fm_term call_fold_left(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term base = fm_emit_argument(emit, call, 1, NULL);
    struct fold fold = {
        .call = call, .source = values_source(emit, call, 2, true), .accumulator_first = true};
    return run_fold(emit, &fold, base);
}

static struct fm_term call_fold_right(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term base = fm_emit_argument(emit, call, 2, NULL);
    struct fold fold = {.call = call, .source = values_source(emit, call, 1, true)};
    fold.source.backwards = true;
    return run_fold(emit, &fold, base);
}

static struct fm_term step_arithmetic(struct fm_emit *emit, const struct fold *fold,
                                      struct fm_term element, struct fm_term accumulator)
{
    const struct fm_term operands[2] = {element, accumulator};
    struct fm_term result;
    (void)fm_emit_arithmetic(emit, fold->call->node, fold->name, operands, &result);
    return result;
}

static struct fm_term call_sum(struct fm_emit *emit, const struct fm_emit_call *call)
{
    bool sum = strcmp(call->node->u.def->native->name, "SumSet") == 0;
    struct fold fold = {.call = call,
                        .source = set_source(emit, call, 0),
                        .step = step_arithmetic,
                        .name = sum ? "+" : "*"};
    return run_fold(emit, &fold, known_int(emit, sum ? 0 : 1));
}

static struct fm_term call_sum_function(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fold fold = {.call = call,
                        .source = values_source(emit, call, 0, false),
                        .step = step_arithmetic,
                        .name = "+"};
    return run_fold(emit, &fold, known_int(emit, 0));
}

static struct fm_term step_mapped(struct fm_emit *emit, const struct fold *fold,
                                  struct fm_term element, struct fm_term accumulator)
{
    struct fm_term mapped = fm_emit_apply_operator(emit, fold->call, 0, &element, NULL);
    return step_arithmetic(emit, fold, mapped, accumulator);
}

static struct fm_term call_map_then_sum(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fold fold = {
        .call = call, .source = set_source(emit, call, 1), .step = step_mapped, .name = "+"};
    return run_fold(emit, &fold, known_int(emit, 0));
}

static struct fm_term step_counted(struct fm_emit *emit, const struct fold *fold,
                                   struct fm_term element, struct fm_term accumulator)
{
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    struct fm_term test = fm_emit_apply_operator(emit, fold->call, 1, &element, boolean);
    struct fm_term one = fm_emit_coded(
        fm_shape_int(emit->shapes, 0, 1),
        fm_emit_format(emit, "(int64_t)(%s)", fm_emit_as(emit, test, boolean)));
    return step_arithmetic(emit, fold, one, accumulator);
}

static struct fm_term call_quantify(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fold fold = {
        .call = call, .source = set_source(emit, call, 0), .step = step_counted, .name = "+"};
    return run_fold(emit, &fold, known_int(emit, 0));
}

static const struct fm_emit_operator_row rows[] = {
    {"FiniteSetsExt", "FoldSet", 3, call_fold_set},
    {"FiniteSetsExt", "ReduceSet", 3, call_fold_set},
    {"FiniteSetsExt", "SumSet", 1, call_sum},
    {"FiniteSetsExt", "ProductSet", 1, call_sum},
    {"FiniteSetsExt", "MapThenSumSet", 2, call_map_then_sum},
    {"FiniteSetsExt", "Quantify", 2, call_quantify},
    {"Functions", "FoldFunction", 3, call_fold_function},
    {"Functions", "FoldFunctionOnSet", 4, call_fold_images},
    {"Functions", "SumFunction", 1, call_sum_function},
    {"SequencesExt", "FoldSeq", 3, call_fold_function},
    {"SequencesExt", "FoldLeft", 3, call_fold_left},
    {"SequencesExt", "FoldRight", 3, call_fold_right},
    {NULL, NULL, 0, NULL},
};

const struct fm_emit_operator_row *fm_emit_fold_rows(void)
{
    return rows;
}
