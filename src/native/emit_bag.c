/* Bags: functions with presence bits, from elements to numbers of copies.
 *
 * A bag is a PFUN whose values are integers from 1 on; an element without copies is absent. The
 * operators of Bags and BagsExt change single entries or walk all of them. Numbers below 1, which
 * no bag has, fail where they are met, and the interpreter says what it thinks of them. */
#include "native/emit_native.h"

#include "value/set.h"

static const struct fm_shape *wanted_bag(const struct fm_shape *want)
{
    bool bag = want != NULL && want->kind == FM_SHAPE_PFUN && want->parts[0]->kind == FM_SHAPE_INT;
    return bag ? want : NULL;
}

/* The shape with up to `more` copies of each element added to those of the shape. */
static const struct fm_shape *grown_shape(struct fm_emit *emit, const struct fm_node *node,
                                          const struct fm_shape *shape, int64_t more)
{
    const struct fm_shape *copies = shape == NULL ? NULL : shape->parts[0];
    if (copies == NULL || copies->kind != FM_SHAPE_INT) {
        fm_emit_refuse(emit, node, "not known to be a bag");
    }
    int64_t low = copies->low < 1 ? copies->low : 1;
    int64_t high = copies->high > FM_SMALL_MAX - more ? FM_SMALL_MAX : copies->high + more;
    const struct fm_shape *value = fm_shape_int(emit->shapes, low, high < 1 ? 1 : high);
    const struct fm_shape *grown = fm_shape_pfun_of(emit->shapes, shape->values, shape->value_count,
                                                    value);
    if (grown->kind != FM_SHAPE_PFUN) {
        fm_emit_refuse(emit, node, "a bag of too many possible elements");
    }
    return grown;
}

/* A bag as PFUN; NULL in shape when it can only be empty. */
static struct fm_term bag_of(struct fm_emit *emit, const struct fm_node *node, struct fm_term term)
{
    if (fm_emit_is_nothing(term)) {
        fm_emit_guard(emit, "true");
        return (struct fm_term){.shape = NULL};
    }
    const struct fm_shape *shape = fm_emit_partial_shape(emit, node, &term, 1, NULL);
    if (shape == NULL) {
        return (struct fm_term){.shape = NULL};
    }
    if (shape->parts[0]->kind != FM_SHAPE_INT) {
        fm_emit_refuse(emit, node, "not known to be a bag");
    }
    return fm_emit_named(emit, fm_emit_coded(shape, fm_emit_as(emit, term, shape)), "bag");
}

static const char *copies_at(struct fm_emit *emit, const struct fm_shape *shape, const char *bag,
                             const char *index)
{
    return fm_emit_load(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s]", bag, index));
}

/* Stores a number of copies: C of an integer within the range, which is checked. */
static void store_copies(struct fm_emit *emit, const struct fm_shape *shape, const char *bag,
                         const char *index, const char *code, const struct fm_shape *range)
{
    struct fm_term copies = fm_emit_coded(range, code);
    fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s]", bag, index),
                  fm_emit_as(emit, copies, shape->parts[0]));
}

/* The place of an element, an int64_t; -1 when no bag of the shape has it. */
static const char *place_of(struct fm_emit *emit, const struct fm_node *node,
                            const struct fm_shape *shape, struct fm_term element)
{
    const struct fm_shape *keys = fm_emit_key_set(emit, shape);
    if (keys == NULL) {
        fm_emit_refuse(emit, node, "a bag of too many possible elements");
    }
    const char *name = fm_emit_name(emit, "at");
    fm_emit_line(emit, "const int64_t %s = %s;", name, fm_emit_position(emit, element, keys));
    return name;
}

static void check_copies(struct fm_emit *emit, const struct fm_shape *shape, const char *copies)
{
    if (shape->parts[0]->low < 1) {
        fm_emit_guard(emit, "%s < 1", copies);
    }
}

/* --- single entries --- */

static struct fm_term call_add(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = wanted_bag(call->want);
    struct fm_term bag = fm_emit_argument(emit, call, 0, shape);
    struct fm_term element = fm_emit_argument(emit, call, 1, NULL);
    if (fm_emit_is_nothing(bag) || fm_emit_is_nothing(element)) {
        return fm_emit_unreachable(emit);
    }
    if (shape == NULL) {
        const struct fm_shape *least = fm_emit_partial_shape(emit, call->node, &bag, 1, &element);
        shape = grown_shape(emit, call->node, least, 1);
    }
    const char *name = fm_emit_declare(emit, shape, "bag", fm_emit_as(emit, bag, shape));
    const char *at = place_of(emit, call->node, shape, element);
    fm_emit_guard(emit, "%s < 0", at);
    fm_emit_open(emit, "if (%s)", fm_emit_has(emit, shape, name, at));
    const char *copies = copies_at(emit, shape, name, at);
    check_copies(emit, shape, copies);
    int64_t low = shape->parts[0]->low, high = shape->parts[0]->high;
    const struct fm_shape *more = fm_shape_int(emit->shapes, low < FM_SMALL_MAX ? low + 1 : low,
                                               high < FM_SMALL_MAX ? high + 1 : high);
    store_copies(emit, shape, name, at, fm_emit_format(emit, "(%s + 1)", copies), more);
    fm_emit_close(emit, " else {");
    fm_emit_has_set(emit, shape, name, at);
    store_copies(emit, shape, name, at, "INT64_C(1)", fm_shape_int(emit->shapes, 1, 1));
    fm_emit_line(emit, "}");
    return fm_emit_coded(shape, name);
}

static struct fm_term call_remove(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term argument = fm_emit_argument(emit, call, 0, NULL);
    struct fm_term element = fm_emit_argument(emit, call, 1, NULL);
    struct fm_term bag = bag_of(emit, call->node, argument);
    if (bag.shape == NULL || fm_emit_is_nothing(element)) {
        return argument;
    }
    const struct fm_shape *shape = grown_shape(emit, call->node, bag.shape, 0);
    const char *name = fm_emit_declare(emit, shape, "bag", fm_emit_as(emit, bag, shape));
    const char *at = place_of(emit, call->node, shape, element);
    fm_emit_open(emit, "if (%s >= 0 && %s)", at, fm_emit_has(emit, shape, name, at));
    const char *member = fm_emit_format(emit, "%s.at[%s]", name, at);
    check_copies(emit, shape, fm_emit_load(emit, shape->parts[0], member));
    fm_emit_line(emit, "%s--;", member);
    fm_emit_open(emit, "if (%s == 0)", member);
    fm_emit_has_clear(emit, shape, name, at);
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

/* The number of copies of an element, 0 when it is absent. */
static struct fm_term copies_in(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term element = fm_emit_argument(emit, call, 0, NULL);
    struct fm_term bag = bag_of(emit, call->node, fm_emit_argument(emit, call, 1, NULL));
    if (bag.shape == NULL || fm_emit_is_nothing(element)) {
        return fm_emit_known(emit, fm_small(0));
    }
    const char *at = place_of(emit, call->node, bag.shape, element);
    int64_t low = bag.shape->parts[0]->low, high = bag.shape->parts[0]->high;
    const struct fm_shape *range = fm_shape_int(emit->shapes, low < 0 ? low : 0,
                                                high > 0 ? high : 0);
    const char *code = fm_emit_format(emit, "%s >= 0 && %s ? %s : 0", at,
                                      fm_emit_has(emit, bag.shape, bag.code, at),
                                      copies_at(emit, bag.shape, bag.code, at));
    return fm_emit_coded(range, fm_emit_declare(emit, range, "copies", code));
}

static struct fm_term call_in(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term copies = fm_emit_solid(emit, copies_in(emit, call));
    return fm_emit_test(emit, "(%s > 0)", copies.code);
}

/* --- whole bags --- */

static struct fm_term call_to_set(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term bag = bag_of(emit, call->node, fm_emit_argument(emit, call, 0, NULL));
    return bag.shape == NULL ? fm_emit_known(emit, fm_set_empty())
                             : fm_emit_domain(emit, call->node, bag);
}

static struct fm_term call_from_set(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term set = fm_emit_set_term(emit, fm_emit_argument(emit, call, 0, NULL));
    if (set.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, call->node, "a bag of too many possible elements");
    }
    if (set.shape->value_count == 0) {
        return fm_emit_known(emit, fm_tuple(emit->context, NULL, 0));
    }
    const struct fm_shape *one = fm_shape_int(emit->shapes, 1, 1);
    const struct fm_shape *shape = fm_shape_pfun_of(emit->shapes, set.shape->values,
                                                    set.shape->value_count, one);
    if (shape->kind != FM_SHAPE_PFUN) {
        fm_emit_refuse(emit, call->node, "a bag of too many possible elements");
    }
    const char *name = fm_emit_declare(emit, shape, "bag", NULL);
    struct fm_emit_bits bits = fm_emit_bits_begin(emit, set);
    fm_emit_has_set(emit, shape, name, bits.index);
    store_copies(emit, shape, name, bits.index, "INT64_C(1)", one);
    fm_emit_bits_end(emit, &bits);
    return fm_emit_coded(shape, name);
}

/* Opens a loop over the places of the shape that the bag has; two blocks. */
static const char *walk(struct fm_emit *emit, const struct fm_shape *shape, const char *bag)
{
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", i, i, shape->value_count, i);
    fm_emit_open(emit, "if (%s)", fm_emit_has(emit, shape, bag, i));
    return i;
}

static void walk_end(struct fm_emit *emit)
{
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

static struct fm_term call_cardinality(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term bag = bag_of(emit, call->node, fm_emit_argument(emit, call, 0, NULL));
    if (bag.shape == NULL) {
        return fm_emit_known(emit, fm_small(0));
    }
    int64_t high = bag.shape->parts[0]->high;
    bool small = high >= 0 && high < FM_SMALL_MAX / FM_SHAPE_UNIVERSE_MAX;
    const struct fm_shape *range = fm_shape_int(
        emit->shapes, 0, small ? high * (int64_t)bag.shape->value_count : FM_SMALL_MAX);
    const char *name = fm_emit_declare(emit, range, "size", NULL);
    const char *i = walk(emit, bag.shape, bag.code);
    const char *copies = copies_at(emit, bag.shape, bag.code, i);
    check_copies(emit, bag.shape, copies);
    fm_emit_line(emit, "%s += %s;", name, copies);
    if (!small) {
        fm_emit_guard(emit, "!fm_nrt_is_small(%s)", name);
    }
    walk_end(emit);
    return fm_emit_coded(range, name);
}

static struct fm_term call_sum(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = wanted_bag(call->want);
    const struct fm_term both[2] = {fm_emit_argument(emit, call, 0, shape),
                                    fm_emit_argument(emit, call, 1, shape)};
    if (fm_emit_is_nothing(both[0]) || fm_emit_is_nothing(both[1])) {
        return fm_emit_unreachable(emit);
    }
    if (shape == NULL) {
        shape = fm_emit_partial_shape(emit, call->node, both, 2, NULL);
        if (shape == NULL) {
            fm_emit_refuse(emit, call->node, "a bag of too many possible elements");
        }
        shape = grown_shape(emit, call->node, shape, shape->parts[0]->high);
    }
    const char *other = fm_emit_declare(emit, shape, "bag", fm_emit_as(emit, both[1], shape));
    const char *name = fm_emit_declare(emit, shape, "bag", fm_emit_as(emit, both[0], shape));
    const char *i = walk(emit, shape, other);
    const char *copies = copies_at(emit, shape, other, i);
    check_copies(emit, shape, copies);
    fm_emit_has_set(emit, shape, name, i);
    const char *sum = fm_emit_format(emit, "(%s + %s)", copies_at(emit, shape, name, i), copies);
    store_copies(emit, shape, name, i, sum, fm_emit_integers(emit));
    walk_end(emit);
    return fm_emit_coded(shape, name);
}

static struct fm_term call_difference(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term argument = fm_emit_argument(emit, call, 0, NULL);
    struct fm_term taken = fm_emit_argument(emit, call, 1, NULL);
    struct fm_term bag = bag_of(emit, call->node, argument);
    if (bag.shape == NULL || fm_emit_is_nothing(taken)) {
        return argument;
    }
    const struct fm_term both[2] = {bag, taken};
    const struct fm_shape *all = fm_emit_partial_shape(emit, call->node, both, 2, NULL);
    if (all == NULL || all->parts[0]->kind != FM_SHAPE_INT) {
        fm_emit_refuse(emit, call->node, "a bag of too many possible elements");
    }
    const char *other = fm_emit_declare(emit, all, "bag", fm_emit_as(emit, taken, all));
    const char *name = fm_emit_declare(emit, all, "bag", fm_emit_as(emit, bag, all));
    const char *i = walk(emit, all, name);
    const char *rest = fm_emit_format(emit, "(%s - %s)", copies_at(emit, all, name, i),
                                      copies_at(emit, all, other, i));
    check_copies(emit, all, copies_at(emit, all, name, i));
    fm_emit_guard(emit, "%s < 0", copies_at(emit, all, other, i));
    fm_emit_open(emit, "if (%s > 0)", rest);
    fm_emit_line(emit, "%s.at[%s] -= %s.at[%s];", name, i, other, i);
    fm_emit_close(emit, " else {");
    fm_emit_has_clear(emit, all, name, i);
    fm_emit_line(emit, "%s.at[%s] = 0;", name, i);
    fm_emit_line(emit, "}");
    walk_end(emit);
    return fm_emit_coded(all, name);
}

static const struct fm_emit_operator_row rows[] = {
    {"BagsExt", "BagAdd", 2, call_add},
    {"BagsExt", "BagRemove", 2, call_remove},
    {"Bags", "CopiesIn", 2, copies_in},
    {"Bags", "BagIn", 2, call_in},
    {"Bags", "BagToSet", 1, call_to_set},
    {"Bags", "SetToBag", 1, call_from_set},
    {"Bags", "BagCardinality", 1, call_cardinality},
    {"Bags", "\\oplus", 2, call_sum},
    {"Bags", "\\ominus", 2, call_difference},
    {NULL, NULL, 0, NULL},
};

const struct fm_emit_operator_row *fm_emit_bag_rows(void)
{
    return rows;
}
