/* Order and equality, as TLC defines them; docs/values.md states the rules.
 *
 * Values fall into classes: model values, integers, Booleans, strings, functions, sets. Within a
 * class there is an order; between classes an untyped model value is less than everything and equal
 * to nothing else, and any other mix is an error, with both values in the message: comparing 1 with
 * "a" is a mistake in the specification that TLC finds, and so do we. Sizes come first: collections
 * of different sizes differ, whatever they hold. (TLC raises for `[a |-> 1] = <<1, 2>>` and answers
 * FALSE for `<<1, 2>> = [a |-> 1]`; here both are FALSE. So error conditions are TLC's but for a
 * few where TLC depends on the side or on whether a set was sorted before.)
 *
 * Equality is not compare == 0: it needs no order, may use digests when both are known (equal
 * digests mean equal values; different ones still call for the descent, because the first
 * difference may be an error), and compares lazy sets by their form when forms decide. */
#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

/* ORDER(class): what a comparison of different kinds is about; also the total order between
 * classes. */
enum value_class {
    CLASS_MODEL,
    CLASS_INT,
    CLASS_BOOL,
    CLASS_STRING,
    CLASS_FUNCTION,
    CLASS_SET,
    CLASS_OPERATOR
};

static enum value_class class_of(fm_value v)
{
    enum fm_kind kind = fm_value_kind(v);
    if (kind >= FM_KIND_SET && kind <= FM_KIND_ANY) {
        return CLASS_SET;
    }
    if (kind >= FM_KIND_TUPLE && kind <= FM_KIND_LAZY_FCN) {
        return CLASS_FUNCTION;
    }
    return kind == FM_KIND_INT      ? CLASS_INT
           : kind == FM_KIND_BOOL   ? CLASS_BOOL
           : kind == FM_KIND_STRING ? CLASS_STRING
           : kind == FM_KIND_MODEL  ? CLASS_MODEL
                                    : CLASS_OPERATOR;
}

static _Noreturn void raise_kinds(struct fm_value_context *context, fm_value a, fm_value b)
{
    fm_value_raise(context, FM_CODE_4001, "%s is compared with %s, a value of another kind",
                   fm_value_describe(context, a), fm_value_describe(context, b));
}

static _Noreturn void raise_types(struct fm_value_context *context, fm_value a, fm_value b)
{
    fm_value_raise(context, FM_CODE_4002, "the typed model value %s is compared with %s",
                   fm_value_describe(context, fm_model_type(a) != '\0' ? a : b),
                   fm_value_describe(context, fm_model_type(a) != '\0' ? b : a));
}

/* Two model values whose types forbid comparing them. */
static bool types_clash(fm_value a, fm_value b)
{
    char x = fm_model_type(a), y = fm_model_type(b);
    return x != '\0' && y != '\0' && x != y;
}

/* Values of different classes: returns when one is an untyped model value, raises otherwise. */
static void check_classes(struct fm_value_context *context, fm_value a, fm_value b)
{
    bool left = fm_value_tag(a) == FM_TAG_MODEL, right = fm_value_tag(b) == FM_TAG_MODEL;
    if (!left && !right) {
        raise_kinds(context, a, b);
    }
    fm_value model = left ? a : b;
    if (fm_model_type(model) != '\0') {
        fm_value_raise(context, FM_CODE_4002, "the typed model value %s is compared with %s",
                       fm_value_describe(context, model), fm_value_describe(context, left ? b : a));
    }
}

/* Not the same word. */
static int compare_atoms(struct fm_value_context *context, fm_value a, fm_value b, bool total)
{
    if (fm_value_tag(a) == FM_TAG_INT || fm_value_tag(a) == FM_TAG_BOOL) {
        return (int64_t)a.bits < (int64_t)b.bits ? -1 : 1;
    }
    if (!total && fm_value_tag(a) == FM_TAG_MODEL && types_clash(a, b)) {
        raise_types(context, a, b);
    }
    return fm_atom_rank(a) < fm_atom_rank(b) ? -1 : 1;
}

static int compare(struct fm_value_context *context, fm_value a, fm_value b, bool total);

/* The words of two objects one by one; atoms of one kind, which most are, without a call. */
static int compare_words(struct fm_value_context *context, const fm_value *a, const fm_value *b,
                         uint64_t count, bool total)
{
    for (uint64_t i = 0; i < count; i++) {
        if (fm_value_same(a[i], b[i])) {
            continue;
        }
        int order = (a[i].bits & 7u) == (b[i].bits & 7u) && fm_is_atom(a[i])
                        ? compare_atoms(context, a[i], b[i], total)
                        : compare(context, a[i], b[i], total);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static bool equal_words(struct fm_value_context *context, const fm_value *a, const fm_value *b,
                        uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (!fm_value_same(a[i], b[i]) && !fm_value_equal(context, a[i], b[i])) {
            return false;
        }
    }
    return true;
}

/* --- sets --- */

static bool is_infinite_constant(enum fm_kind kind)
{
    return kind >= FM_KIND_SEQS && kind <= FM_KIND_ANY;
}

/* One of them is Seq(S), Nat, Int, Real, STRING or ANY. Equality of those with anything that can be
 * enumerated is an error in TLC; among themselves they are ordered by kind. */
static int compare_infinite(struct fm_value_context *context, fm_value a, fm_value b)
{
    enum fm_kind x = fm_value_kind(a), y = fm_value_kind(b);
    if (x == FM_KIND_SEQS && y == FM_KIND_SEQS) {
        return fm_value_compare(context, fm_as_lazy_set(a)->parts[0], fm_as_lazy_set(b)->parts[0]);
    }
    bool numbers = x >= FM_KIND_NAT && x <= FM_KIND_REALS && y >= FM_KIND_NAT && y <= FM_KIND_REALS;
    if (!numbers && (x != y || x == FM_KIND_ANY)) {
        raise_kinds(context, a, b);
    }
    return (x > y) - (x < y);
}

static bool is_listed(fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    return kind == FM_KIND_SET || kind == FM_KIND_INTERVAL;
}

/* The elements in order; a SET is normalized, lazy sets are enumerated. */
static struct fm_elements list(struct fm_value_context *context, fm_value set)
{
    if (!is_listed(set)) {
        set = fm_set_explicit(context, set);
    } else if (fm_value_kind(set) == FM_KIND_SET) {
        fm_set_normalize(context, set);
    }
    return fm_elements_of(set);
}

static bool same_parts(struct fm_value_context *context, const struct fm_lazy_set *a,
                       const struct fm_lazy_set *b)
{
    if (a->head.count != b->head.count) {
        return false;
    }
    for (uint32_t i = 0; i < a->head.count; i++) {
        if (!fm_value_equal(context, a->parts[i], b->parts[i])) {
            return false;
        }
    }
    return true;
}

/* Two lazy sets of one kind whose forms decide: 1 equal, 0 different, -1 enumerate them. A product
 * with no empty factor determines its factors; [S -> T] with S and T not empty determines both. */
static int equal_by_form(struct fm_value_context *context, fm_value a, fm_value b)
{
    enum fm_kind kind = fm_value_kind(a);
    const struct fm_lazy_set *x = fm_as_lazy_set(a), *y = fm_as_lazy_set(b);
    if (kind != fm_value_kind(b)) {
        return -1;
    }
    if (kind == FM_KIND_SUBSETS) {
        return fm_value_equal(context, x->parts[0], y->parts[0]);
    }
    if (kind != FM_KIND_FCNSET && kind != FM_KIND_RECSET && kind != FM_KIND_CROSS) {
        return -1;
    }
    bool empty = fm_set_is_empty(context, a);
    if (empty || fm_set_is_empty(context, b)) {
        return empty && fm_set_is_empty(context, b);
    }
    if (kind == FM_KIND_FCNSET && fm_set_is_empty(context, x->parts[0])) {
        return fm_set_is_empty(context, y->parts[0]); /* both are {<<>>}, whatever the ranges */
    }
    if (kind == FM_KIND_RECSET &&
        !fm_value_equal(context, fm_of_object(x->extra), fm_of_object(y->extra))) {
        return 0;
    }
    return same_parts(context, x, y);
}

static bool equal_lists(struct fm_value_context *context, fm_value a, fm_value b)
{
    struct fm_elements x = list(context, a), y = list(context, b);
    if (x.count != y.count) {
        return false;
    }
    if (fm_digest_known(a) && fm_digest_known(b) &&
        fm_digest_equal(fm_value_object(a)->sum, fm_value_object(b)->sum)) {
        return true;
    }
    if (x.at == NULL && y.at == NULL) {
        return x.count == 0 || x.low == y.low;
    }
    if (x.at != NULL && y.at != NULL) {
        return equal_words(context, x.at, y.at, x.count);
    }
    for (uint64_t i = 0; i < x.count; i++) {
        if (!fm_value_equal(context, fm_elements_get(&x, i), fm_elements_get(&y, i))) {
            return false;
        }
    }
    return true;
}

static bool equal_sets(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (is_listed(a) && is_listed(b)) {
        return equal_lists(context, a, b);
    }
    if (is_infinite_constant(fm_value_kind(a)) || is_infinite_constant(fm_value_kind(b))) {
        return compare_infinite(context, a, b) == 0;
    }
    int by_form = equal_by_form(context, a, b);
    if (by_form >= 0) {
        return by_form;
    }
    if (fm_set_can_enumerate(context, a) && fm_set_can_enumerate(context, b) &&
        fm_int_compare(context, fm_set_cardinality(context, a), fm_set_cardinality(context, b)) !=
            0) {
        return false; /* without enumerating a power set only to see that it is larger */
    }
    return equal_lists(context, fm_set_explicit(context, a), fm_set_explicit(context, b));
}

static int compare_lists(struct fm_value_context *context, fm_value a, fm_value b, bool total)
{
    struct fm_elements x = list(context, a), y = list(context, b);
    if (x.count != y.count) {
        return x.count < y.count ? -1 : 1;
    }
    if (x.at == NULL && y.at == NULL) {
        return x.count == 0 ? 0 : (x.low > y.low) - (x.low < y.low);
    }
    if (x.at != NULL && y.at != NULL) {
        return compare_words(context, x.at, y.at, x.count, total);
    }
    for (uint64_t i = 0; i < x.count; i++) {
        int order = compare(context, fm_elements_get(&x, i), fm_elements_get(&y, i), total);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int compare_sets(struct fm_value_context *context, fm_value a, fm_value b, bool total)
{
    if (is_listed(a) && is_listed(b)) {
        return compare_lists(context, a, b, total);
    }
    if (is_infinite_constant(fm_value_kind(a)) || is_infinite_constant(fm_value_kind(b))) {
        if (total) {
            int x = fm_value_object(a)->kind, y = fm_value_object(b)->kind;
            return x != y ? x - y : x == FM_KIND_SEQS ? compare_infinite(context, a, b) : 0;
        }
        return compare_infinite(context, a, b);
    }
    if (fm_value_kind(a) == FM_KIND_SUBSETS && fm_value_kind(b) == FM_KIND_SUBSETS) {
        return compare_sets(context, fm_as_lazy_set(a)->parts[0], fm_as_lazy_set(b)->parts[0],
                            total);
    }
    int sizes = fm_int_compare(context, fm_set_cardinality(context, a),
                               fm_set_cardinality(context, b));
    if (sizes != 0) {
        return sizes;
    }
    return compare_lists(context, fm_set_explicit(context, a), fm_set_explicit(context, b), total);
}

/* --- functions --- */

/* Whether the keys agree; raises when they are not comparable. Both graphs have the same size. */
static bool equal_keys(struct fm_value_context *context, const struct fm_graph *f,
                       const struct fm_graph *g)
{
    if (f->keys.at == g->keys.at) {
        return f->keys.at != NULL || f->keys.low == g->keys.low;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        if (!fm_value_equal(context, fm_elements_get(&f->keys, i), fm_elements_get(&g->keys, i))) {
            return false;
        }
    }
    return true;
}

static bool equal_functions(struct fm_value_context *context, fm_value a, fm_value b)
{
    a = fm_fcn_explicit(context, a);
    b = fm_fcn_explicit(context, b);
    if (fm_value_object(a)->count != fm_value_object(b)->count) {
        return false;
    }
    if (fm_digest_known(a) && fm_digest_known(b) &&
        fm_digest_equal(fm_value_object(a)->sum, fm_value_object(b)->sum)) {
        return true;
    }
    struct fm_graph f = fm_graph_of(a), g = fm_graph_of(b);
    return equal_keys(context, &f, &g) && equal_words(context, f.values, g.values, f.count);
}

static int compare_keys(struct fm_value_context *context, const struct fm_graph *f,
                        const struct fm_graph *g, bool total)
{
    if (f->keys.at == g->keys.at) {
        int64_t x = f->keys.low, y = g->keys.low;
        return f->keys.at != NULL ? 0 : (x > y) - (x < y);
    }
    for (uint32_t i = 0; i < f->count; i++) {
        int order = compare(context, fm_elements_get(&f->keys, i), fm_elements_get(&g->keys, i),
                            total);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int compare_functions(struct fm_value_context *context, fm_value a, fm_value b, bool total)
{
    a = fm_fcn_explicit(context, a);
    b = fm_fcn_explicit(context, b);
    struct fm_graph f = fm_graph_of(a), g = fm_graph_of(b);
    if (f.count != g.count) {
        return f.count < g.count ? -1 : 1;
    }
    int order = compare_keys(context, &f, &g, total);
    return order != 0 ? order : compare_words(context, f.values, g.values, f.count, total);
}

/* --- values --- */

/* Two objects that compare word by word after their counts. */
struct pair {
    const fm_value *left, *right;
    uint32_t left_count, right_count;
};

/* Tuples, normal sets, and functions that share their domain: most of what is compared. */
static inline bool alike(fm_value a, fm_value b, struct pair *pair)
{
    const struct fm_object *x = fm_value_object(a), *y = fm_value_object(b);
    if (x->kind != y->kind) {
        return false;
    }
    pair->left_count = x->count;
    pair->right_count = y->count;
    if (x->kind == FM_KIND_TUPLE ||
        (x->kind == FM_KIND_SET && (x->flags & y->flags & FM_OBJECT_NORMAL) != 0)) {
        pair->left = fm_as_array(a)->elements;
        pair->right = fm_as_array(b)->elements;
        return true;
    }
    if ((x->kind == FM_KIND_RECORD || x->kind == FM_KIND_FCN) &&
        fm_value_same(fm_as_fcn(a)->domain, fm_as_fcn(b)->domain)) {
        pair->left = fm_as_fcn(a)->values;
        pair->right = fm_as_fcn(b)->values;
        return true;
    }
    return false;
}

static bool equal_objects(struct fm_value_context *context, fm_value a, fm_value b)
{
    struct pair pair;
    if (fm_is_object(a) && fm_is_object(b) && alike(a, b, &pair)) {
        fm_value_check_depth(context);
        bool known = (fm_value_object(a)->flags & fm_value_object(b)->flags & FM_OBJECT_DIGEST) !=
                     0;
        return pair.left_count == pair.right_count &&
               ((known && fm_digest_equal(fm_value_object(a)->sum, fm_value_object(b)->sum)) ||
                equal_words(context, pair.left, pair.right, pair.left_count));
    }
    enum value_class class = class_of(a);
    if (class != class_of(b)) {
        check_classes(context, a, b);
        return false;
    }
    fm_value_check_depth(context);
    if (class == CLASS_FUNCTION) {
        return equal_functions(context, a, b);
    }
    if (class == CLASS_SET) {
        return equal_sets(context, a, b);
    }
    if (class == CLASS_INT) {
        return fm_int_compare(context, a, b) == 0;
    }
    raise_kinds(context, a, b); /* operators */
}

bool fm_value_equal(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_value_same(a, b)) {
        return true;
    }
    uint64_t left = a.bits & 7u, right = b.bits & 7u;
    if (left == FM_TAG_OBJECT || right == FM_TAG_OBJECT) {
        return equal_objects(context, a, b);
    }
    if (left != right) {
        check_classes(context, a, b);
    } else if (left == FM_TAG_MODEL && types_clash(a, b)) {
        raise_types(context, a, b);
    }
    return false;
}

static int compare(struct fm_value_context *context, fm_value a, fm_value b, bool total)
{
    if (fm_value_same(a, b)) {
        return 0;
    }
    if ((a.bits & 7u) == (b.bits & 7u)) {
        if (fm_is_atom(a)) {
            return compare_atoms(context, a, b, total);
        }
        struct pair pair;
        if (alike(a, b, &pair)) {
            fm_value_check_depth(context);
            return pair.left_count != pair.right_count
                       ? (pair.left_count < pair.right_count ? -1 : 1)
                       : compare_words(context, pair.left, pair.right, pair.left_count, total);
        }
    }
    enum value_class x = class_of(a), y = class_of(b);
    if (x != y) {
        if (!total) {
            check_classes(context, a, b);
        }
        return x < y ? -1 : 1; /* CLASS_MODEL is the least */
    }
    fm_value_check_depth(context);
    if (x == CLASS_FUNCTION) {
        return compare_functions(context, a, b, total);
    }
    if (x == CLASS_SET) {
        return compare_sets(context, a, b, total);
    }
    if (x == CLASS_INT) {
        return fm_int_compare(context, a, b);
    }
    if (!total) {
        raise_kinds(context, a, b); /* operators */
    }
    return a.bits < b.bits ? -1 : 1;
}

int fm_value_compare(struct fm_value_context *context, fm_value a, fm_value b)
{
    return compare(context, a, b, false);
}

int fm_value_compare_total(struct fm_value_context *context, fm_value a, fm_value b)
{
    return compare(context, a, b, true);
}
