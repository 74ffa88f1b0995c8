/* Walking sets: loops over the elements of a set expression, without building the set where its
 * form tells the elements.
 *
 * A walk is prepared (everything that TLC evaluates before the first element: sets, ends of
 * intervals) and then opened, perhaps several times: `x, y \in S` walks S in S. Bindings are
 * prepared in their order and opened from the last variable to the first, so that the first runs
 * fastest, as in src/eval/walk.c. What runs through a product is the other way around: in
 * [S -> T], S \X T and sets of records the last position is the fastest (src/value/enumerate.c).
 *
 *     known set             a loop over its universe; one element is bound as a known term
 *     a..b                  a counting loop
 *     SUBSET S              by size, then in lexicographic order of places: the runtime's cursor
 *     [S -> T], S known     a nest of loops that fill a function in
 *     [a : S, b : T], \X    the same for records and tuples
 *     {x \in S : P}, S \ T  a condition in a loop, where S is one of the three before this; the
 *                           interpreter too decides then as elements are asked for
 *     bits                  their universe's elements
 *     anything else         evaluated by the interpreter and listed, boxed
 *
 * There are two orders (docs/values.md). They differ only for sets that hold a lazy union, so in
 * raw order an expression that may be one is listed by the interpreter, unless it is known. All
 * other walks give both orders. */
#include "modules/native.h"
#include "native/emit_data.h"
#include "native/emit_value.h"

#include "base/assert.h"
#include "value/object.h"
#include "value/set.h"

#include <inttypes.h>
#include <string.h>

/* Elements of a known set that are tabulated; and of one whose form would give a loop too. */
#define KNOWN_MAX 4096u
#define KNOWN_SMALL_MAX 64u
/* Positions of a function set: a nest of as many loops. */
#define POSITIONS_MAX 24u
/* Bits of the base of SUBSET: see fm_nrt_subsets. */
#define SUBSETS_WORD_MAX 64u

enum walk_kind {
    WALK_NONE,    /* the empty set */
    WALK_ONE,     /* the known or coded `term` */
    WALK_KNOWN,   /* the universe `shape`, all of it, or as `order` says */
    WALK_BOXED,   /* `count` boxed constants from number `first` on */
    WALK_COUNT,   /* low .. high */
    WALK_BITS,    /* the bit set `term` */
    WALK_SUBSETS, /* of the bit set `term` */
    WALK_PRODUCT, /* functions, records or tuples of `shape` */
    WALK_FILTER,  /* those of parts[0] that `node` keeps */
    WALK_LISTED   /* `count_code` boxed values at `low` */
};

struct walk {
    enum walk_kind kind;
    const struct fm_shape *shape; /* of elements; KNOWN: of the set */
    struct fm_term term;
    const char *low, *high, *order;
    uint32_t first, count;
    struct walk *const *parts;
    uint32_t part_count;
    const struct fm_node *node; /* FILTER: a filter or a difference */
    struct fm_emit_frame *frame;
    const char *mask; /* BITS: C of fm_emit_sieve, or NULL */
    uint32_t part;    /* the same */
};

static struct walk *prepare(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, bool raw);
static struct fm_term open_walk(struct fm_emit *emit, const struct walk *walk, uint32_t *opened);

static struct walk *new_walk(struct fm_emit *emit, enum walk_kind kind,
                             const struct fm_shape *shape)
{
    struct walk *walk = fm_arena_calloc(&emit->arena, 1, sizeof *walk);
    walk->kind = kind;
    walk->shape = shape;
    walk->part = UINT32_MAX;
    return walk;
}

/* --- known sets --- */

/* Consecutive integers, more than a few. */
static struct walk *known_interval(struct fm_emit *emit, const fm_value *elements, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_is_small(elements[i]) ||
            fm_small_get(elements[i]) != fm_small_get(elements[0]) + (int64_t)i) {
            return NULL;
        }
    }
    int64_t low = fm_small_get(elements[0]), high = low + (int64_t)count - 1;
    struct walk *walk = new_walk(emit, WALK_COUNT, fm_shape_int(emit->shapes, low, high));
    walk->low = fm_emit_format(emit, "INT64_C(%" PRId64 ")", low);
    walk->high = fm_emit_format(emit, "INT64_C(%" PRId64 ")", high);
    return walk;
}

static const struct fm_shape *joined(struct fm_emit *emit, const fm_value *elements, uint32_t count)
{
    const struct fm_shape *shape = fm_shape_none(emit->shapes);
    for (uint32_t i = 0; i < count; i++) {
        shape = fm_shape_join_value(emit->shapes, shape, elements[i]);
    }
    return shape;
}

/* The order of the elements as places in the universe, when it is not the universe's. */
static const char *order_table(struct fm_emit *emit, const struct fm_shape *set,
                               const fm_value *elements, uint32_t count)
{
    struct fm_text table = {0};
    bool same = count == set->value_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = fm_shape_position(emit->shapes, set, elements[i]);
        same = same && place == i;
        fm_text_printf(&table, "%s%u", i == 0 ? "{" : ", ", place);
    }
    fm_text_puts(&table, "}");
    const char *name = same ? NULL
                            : fm_emit_static(emit, "order", "uint16_t",
                                             fm_emit_format(emit, "[%u]", count), table.at);
    fm_text_deinit(&table);
    return name;
}

static struct walk *walk_elements(struct fm_emit *emit, const fm_value *elements, uint32_t count)
{
    if (count == 0) {
        return new_walk(emit, WALK_NONE, fm_shape_none(emit->shapes));
    }
    if (count == 1) {
        struct walk *one = new_walk(emit, WALK_ONE, NULL);
        one->term = fm_emit_known(emit, elements[0]);
        return one;
    }
    struct walk *interval = known_interval(emit, elements, count);
    if (interval != NULL) {
        return interval;
    }
    const struct fm_shape *element = joined(emit, elements, count);
    const struct fm_shape *set = fm_shape_set_of(emit->shapes, element, elements, count);
    if (set->kind == FM_SHAPE_SET && !element->has_any) {
        struct walk *known = new_walk(emit, WALK_KNOWN, set);
        known->order = order_table(emit, set, elements, count);
        known->count = count;
        return known;
    }
    struct walk *boxed = new_walk(emit, WALK_BOXED, fm_shape_any(emit->shapes));
    boxed->first = fm_emit_constants(emit, elements, count);
    boxed->count = count;
    return boxed;
}

/* Number of elements when they can be listed; UINT64_MAX otherwise. */
static uint64_t known_size(struct fm_emit *emit, fm_value set)
{
    if (!fm_value_is_set(set) || !fm_set_can_enumerate(emit->context, set)) {
        return UINT64_MAX;
    }
    fm_value size = fm_set_cardinality(emit->context, set);
    return fm_is_small(size) ? (uint64_t)fm_small_get(size) : UINT64_MAX;
}

/* NULL when there are more than `max` elements. */
static struct walk *prepare_known(struct fm_emit *emit, fm_value set, bool raw, uint32_t max)
{
    uint64_t size = known_size(emit, set);
    if (fm_value_kind(set) == FM_KIND_INTERVAL && size > KNOWN_SMALL_MAX) {
        const struct fm_interval *interval = fm_as_interval(set);
        struct walk *walk = new_walk(emit, WALK_COUNT,
                                     fm_shape_int(emit->shapes, interval->low, interval->high));
        walk->low = fm_emit_format(emit, "INT64_C(%" PRId64 ")", interval->low);
        walk->high = fm_emit_format(emit, "INT64_C(%" PRId64 ")", interval->high);
        return walk;
    }
    if (size > max) {
        return NULL;
    }
    fm_value *elements = fm_arena_alloc(&emit->arena, (max + 1) * sizeof *elements);
    uint32_t count = 0;
    struct fm_set_cursor cursor;
    fm_set_begin(emit->context, &cursor, set, raw ? FM_SET_RAW : FM_SET_NORMAL);
    fm_value element;
    while (fm_set_next(emit->context, &cursor, &element)) {
        if (count == max) {
            return NULL;
        }
        elements[count++] = fm_value_freeze(emit->context, element);
    }
    return walk_elements(emit, elements, count);
}

/* --- what may be a lazy union --- */

/* Whether the expression's value is listed: {...} or a..b to the interpreter. */
static bool is_listed(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame,
                      bool interval);

static bool is_native_call(const struct fm_node *node, const char *name)
{
    return node->op == FM_OP_CALL && node->u.def->native != NULL &&
           strcmp(node->u.def->native->name, name) == 0;
}

static bool both_listed(struct fm_emit *emit, const struct fm_node *node,
                        struct fm_emit_frame *frame)
{
    return is_listed(emit, node->kids[0], frame, true) &&
           is_listed(emit, node->kids[1], frame, true);
}

static bool is_listed(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame,
                      bool interval)
{
    fm_value known = fm_emit_fold(emit, node, frame);
    if (!fm_is_none(known)) {
        enum fm_kind kind = fm_value_kind(known);
        return kind == FM_KIND_SET || (kind == FM_KIND_INTERVAL && interval);
    }
    node = fm_emit_peel(emit, node, &frame);
    switch ((int)node->op) {
    case FM_OP_SETENUM:
    case FM_OP_MAP:
    case FM_OP_VAR: /* states hold sets in normal form */
        return true;
    case FM_OP_DOMAIN:
        return interval;
    case FM_OP_CUP:
    case FM_OP_CAP:
    case FM_OP_DIFF:
        return both_listed(emit, node, frame);
    case FM_OP_FILTER:
        return is_listed(emit, node->u.bind.at[0].set, frame, interval);
    case FM_OP_IF:
        return is_listed(emit, node->kids[1], frame, interval) &&
               is_listed(emit, node->kids[2], frame, interval);
    case FM_OP_LOCAL: /* evaluated before: an element of a set or function of the state */
    case FM_OP_FCNAPP:
    case FM_OP_FIELD:
        return true;
    }
    return interval && is_native_call(node, "..");
}

/* Whether both orders of the set are the same. */
static bool is_plain(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame)
{
    node = fm_emit_peel(emit, node, &frame);
    switch ((int)node->op) {
    case FM_OP_POWERSET:
        return true;
    case FM_OP_FILTER:
        return is_plain(emit, node->u.bind.at[0].set, frame);
    case FM_OP_DIFF:
        return is_plain(emit, node->kids[0], frame);
    case FM_OP_FCNSET:
        return is_plain(emit, node->kids[1], frame);
    case FM_OP_RECSET:
    case FM_OP_CROSS:
        for (uint32_t i = 0; i < node->count; i++) {
            if (!is_plain(emit, node->kids[i], frame)) {
                return false;
            }
        }
        return true;
    case FM_OP_BIG_UNION: { /* eager when all elements are of the form {...} */
        const struct fm_node *sets = fm_emit_peel(emit, node->kids[0], &frame);
        if (sets->op == FM_OP_VAR) {
            return true;
        }
        bool plain = sets->op == FM_OP_SETENUM || sets->op == FM_OP_MAP;
        for (uint32_t i = 0; i < sets->count && plain; i++) {
            plain = is_listed(emit, sets->kids[i], frame, false);
        }
        return plain;
    }
    }
    fm_value known = fm_emit_fold(emit, node, frame);
    if (!fm_is_none(known) && fm_value_kind(known) == FM_KIND_SUBSETS) {
        return true;
    }
    return is_listed(emit, node, frame, true);
}

/* --- other forms --- */

static struct walk *list_boxed(struct fm_emit *emit, const char *box, bool raw)
{
    struct walk *walk = new_walk(emit, WALK_LISTED, fm_shape_any(emit->shapes));
    const char *count = fm_emit_name(emit, "count");
    walk->low = fm_emit_name(emit, "elements");
    walk->high = count;
    fm_emit_line(emit, "uint32_t %s;", count);
    fm_emit_need_context(emit);
    fm_emit_line(emit, "const fm_nvalue *%s = c->elements(c, %s, %s, &%s);", walk->low, box,
                 raw ? "true" : "false", count);
    return walk;
}

static struct walk *prepare_listed(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, bool raw)
{
    const struct fm_shape *any = fm_shape_any(emit->shapes);
    struct fm_term box = fm_emit_interpret(emit, node, frame, any);
    return list_boxed(emit, fm_emit_box(emit, box), raw);
}

static struct walk *prepare_term(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, bool raw)
{
    struct fm_term term = fm_emit_expr(emit, node, frame, NULL);
    if (fm_term_is_known(term)) {
        struct walk *known = fm_value_is_set(term.value)
                                 ? prepare_known(emit, term.value, raw, KNOWN_MAX)
                                 : NULL;
        return known != NULL ? known : list_boxed(emit, fm_emit_box(emit, term), raw);
    }
    if (term.shape->kind == FM_SHAPE_SET) {
        struct walk *walk = new_walk(emit, WALK_BITS, term.shape->parts[0]);
        walk->term = term;
        return walk;
    }
    if (term.shape->kind != FM_SHAPE_ANY && term.shape->kind != FM_SHAPE_SUM) {
        fm_emit_refuse(emit, node, "a walk over what is no set");
    }
    return list_boxed(emit, fm_emit_box(emit, term), raw);
}

static struct fm_term emit_end(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame)
{
    struct fm_term end = fm_emit_expr(emit, node, frame, NULL);
    if (fm_term_is_known(end) || end.shape->kind != FM_SHAPE_INT) {
        const struct fm_shape *all = fm_term_is_known(end) && fm_is_small(end.value)
                                         ? end.shape
                                         : fm_shape_int(emit->shapes, FM_SMALL_MIN, FM_SMALL_MAX);
        end = fm_emit_convert(emit, end, all);
    }
    return end;
}

static struct walk *prepare_interval(struct fm_emit *emit, const struct fm_node *node,
                                     struct fm_emit_frame *frame)
{
    struct fm_term low = emit_end(emit, node->kids[0], frame);
    struct fm_term high = emit_end(emit, node->kids[1], frame);
    if (low.shape->low > high.shape->high) {
        return new_walk(emit, WALK_NONE, fm_shape_none(emit->shapes));
    }
    const struct fm_shape *shape = fm_shape_int(emit->shapes, low.shape->low, high.shape->high);
    struct walk *walk = new_walk(emit, WALK_COUNT, shape);
    walk->low = low.code;
    walk->high = fm_emit_declare(emit, high.shape, "end", high.code);
    return walk;
}

static struct walk *prepare_subsets(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_emit_frame *frame)
{
    struct fm_term base = fm_emit_expr(emit, node->kids[0], frame, NULL);
    if (base.shape->kind != FM_SHAPE_SET || base.shape->value_count > SUBSETS_WORD_MAX) {
        return prepare_listed(emit, node, frame, false);
    }
    struct walk *walk = new_walk(emit, WALK_SUBSETS, base.shape);
    walk->term = fm_emit_coded(base.shape, fm_emit_as(emit, base, base.shape));
    return walk;
}

/* The elements' shape of a prepared walk. */
static const struct fm_shape *element_shape(const struct walk *walk)
{
    return walk->kind == WALK_KNOWN ? walk->shape->parts[0]
           : walk->kind == WALK_ONE ? walk->term.shape
                                    : walk->shape;
}

static struct walk *product(struct fm_emit *emit, const struct fm_shape *shape,
                            struct walk *const *parts, uint32_t count)
{
    struct walk *walk = new_walk(emit, WALK_PRODUCT, shape);
    walk->parts = parts;
    walk->part_count = count;
    return walk;
}

/* Some part has no elements: TLC has evaluated all, and finds nothing. */
static bool some_empty(struct walk *const *parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i]->kind == WALK_NONE || element_shape(parts[i])->kind == FM_SHAPE_NONE) {
            return true;
        }
    }
    return false;
}

static struct walk *prepare_functions(struct fm_emit *emit, const struct fm_node *node,
                                      struct fm_emit_frame *frame, bool raw)
{
    fm_value domain = fm_emit_fold(emit, node->kids[0], frame);
    uint64_t size = fm_is_none(domain) ? UINT64_MAX : known_size(emit, domain);
    if (size > POSITIONS_MAX) {
        return prepare_listed(emit, node, frame, raw);
    }
    uint32_t count = (uint32_t)size;
    struct walk *range = prepare(emit, node->kids[1], frame, raw);
    if (count == 0) { /* one function, whatever the range */
        struct walk *one = new_walk(emit, WALK_ONE, NULL);
        one->term = fm_emit_known(emit,
                                  fm_value_freeze(emit->context, fm_tuple(emit->context, NULL, 0)));
        return one;
    }
    struct walk **parts = fm_arena_alloc(&emit->arena, count * sizeof(struct walk *));
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = range;
    }
    if (some_empty(parts, count)) {
        return new_walk(emit, WALK_NONE, fm_shape_none(emit->shapes));
    }
    const struct fm_shape *shape = fm_shape_fcn(emit->shapes, domain, element_shape(range));
    if (!fm_slots_has(shape)) {
        return prepare_listed(emit, node, frame, raw);
    }
    return product(emit, shape, parts, count);
}

static struct walk *prepare_records(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_emit_frame *frame, bool raw)
{
    uint32_t count = node->count;
    uint32_t *places = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *places);
    struct walk **parts = fm_arena_alloc(&emit->arena, (count + 1) * sizeof(struct walk *));
    const struct fm_shape **shapes = fm_arena_alloc(&emit->arena,
                                                    (count + 1) * sizeof(struct fm_shape *));
    bool record = node->op == FM_OP_RECSET;
    fm_value domain = fm_none();
    if (record) {
        domain = fm_value_freeze(emit->context,
                                 fm_record_domain(emit->context, node->u.names, count, places));
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = record ? places[i] : i;
        parts[place] = prepare(emit, node->kids[i], frame, raw);
        shapes[place] = element_shape(parts[place]);
    }
    if (some_empty(parts, count)) {
        return new_walk(emit, WALK_NONE, fm_shape_none(emit->shapes));
    }
    const struct fm_shape *shape = record ? fm_shape_record(emit->shapes, domain, shapes)
                                          : fm_shape_tuple(emit->shapes, shapes, count);
    if (!fm_slots_has(shape)) {
        return prepare_listed(emit, node, frame, raw);
    }
    return product(emit, shape, parts, count);
}

/* Whether the interpreter enumerates the set as elements are asked for, so that a filter over it
 * tests them one by one. */
static bool is_lazy(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame)
{
    node = fm_emit_peel(emit, node, &frame);
    switch ((int)node->op) {
    case FM_OP_POWERSET:
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
    case FM_OP_CROSS:
        return true;
    case FM_OP_FILTER:
        return is_lazy(emit, node->u.bind.at[0].set, frame);
    case FM_OP_DIFF:
        return is_lazy(emit, node->kids[0], frame);
    }
    return false;
}

static struct walk *prepare_filter(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, bool raw)
{
    const struct fm_node *set = node->op == FM_OP_DIFF ? node->kids[0] : node->u.bind.at[0].set;
    struct walk *source = prepare(emit, set, frame, raw);
    if (source->kind == WALK_NONE) {
        return source;
    }
    struct walk **parts = fm_arena_alloc(&emit->arena, sizeof(struct walk *));
    parts[0] = source;
    struct walk *walk = new_walk(emit, WALK_FILTER, element_shape(source));
    walk->parts = parts;
    walk->part_count = 1;
    walk->node = node;
    walk->frame = frame;
    return walk;
}

/* By the form of the expression, NULL when that says nothing. */
static struct walk *prepare_form(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, bool raw)
{
    switch ((int)node->op) {
    case FM_OP_POWERSET:
        return prepare_subsets(emit, node, frame);
    case FM_OP_FCNSET:
        return prepare_functions(emit, node, frame, raw);
    case FM_OP_RECSET:
    case FM_OP_CROSS:
        return prepare_records(emit, node, frame, raw);
    case FM_OP_FILTER:
    case FM_OP_DIFF:
        return is_lazy(emit, node, frame) ? prepare_filter(emit, node, frame, raw) : NULL;
    case FM_OP_CALL:
        return is_native_call(node, "..") ? prepare_interval(emit, node, frame) : NULL;
    }
    return NULL;
}

static struct walk *prepare(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, bool raw)
{
    struct fm_emit_frame *inner = frame;
    const struct fm_node *form = fm_emit_peel(emit, node, &inner);
    fm_value known = fm_emit_fold(emit, form, inner);
    struct walk *walk = NULL;
    if (!fm_is_none(known) && fm_value_is_set(known)) {
        walk = prepare_known(emit, known, raw, KNOWN_SMALL_MAX);
    }
    if (walk == NULL && raw && !is_plain(emit, form, inner)) {
        walk = !fm_is_none(known) ? prepare_known(emit, known, raw, KNOWN_MAX) : NULL;
        return walk != NULL ? walk : prepare_listed(emit, node, frame, raw);
    }
    if (walk == NULL) {
        walk = prepare_form(emit, form, inner, raw);
    }
    return walk != NULL ? walk : prepare_term(emit, node, frame, raw);
}

/* --- opening --- */

static struct fm_term open_known(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", i, i, walk->count, i);
    *opened += 1;
    if (walk->kind == WALK_BOXED) {
        fm_emit_need_context(emit);
        return fm_emit_coded(walk->shape,
                             fm_emit_format(emit, "c->constants[%u + %s]", walk->first, i));
    }
    const char *index = walk->order == NULL
                            ? i
                            : fm_emit_format(emit, "(uint32_t)%s[%s]", walk->order, i);
    return fm_emit_element(emit, walk->shape, index);
}

static struct fm_term open_subsets(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    const char *cursor = fm_emit_name(emit, "subsets");
    const char *more = fm_emit_name(emit, "more");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct fm_nrt_subsets %s;", cursor);
    fm_emit_line(emit, "fm_nrt_subsets_begin(&%s, %s);", cursor, walk->term.code);
    fm_emit_open(emit, "for (bool %s = true; %s; %s = fm_nrt_subsets_next(&%s))", more, more, more,
                 cursor);
    *opened += 2;
    const char *init = fm_emit_format(emit, "fm_nrt_subsets_get(&%s)", cursor);
    return fm_emit_coded(walk->shape, fm_emit_declare(emit, walk->shape, "subset", init));
}

static struct fm_term open_product(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    fm_emit_open(emit, "%s", "");
    *opened += 1;
    const char *name = fm_emit_declare(emit, walk->shape, "element", NULL);
    for (uint32_t i = 0; i < walk->part_count; i++) {
        struct fm_term part = open_walk(emit, walk->parts[i], opened);
        const struct fm_shape *shape = fm_slots_part(walk->shape, i);
        fm_emit_store(emit, shape, fm_slots_member(emit, walk->shape, name, i),
                      fm_emit_as(emit, part, shape));
    }
    return fm_emit_coded(walk->shape, name);
}

static struct fm_term open_filter(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    struct fm_term element = open_walk(emit, walk->parts[0], opened);
    if (walk->node->op == FM_OP_DIFF) {
        struct fm_term in = fm_emit_member_of(emit, element, walk->node->kids[1], walk->frame);
        fm_emit_open(emit, "if (!%s)", fm_emit_as(emit, in, fm_shape_bool(emit->shapes)));
        *opened += 1;
        return element;
    }
    fm_emit_bind_element(emit, &walk->node->u.bind.at[0], 0, walk->frame, element);
    fm_emit_open(emit, "if (%s)", fm_emit_bool(emit, walk->node->kids[0], walk->frame));
    *opened += 1;
    return element;
}

static struct fm_term open_count(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    const char *n = fm_emit_name(emit, "n");
    fm_emit_open(emit, "for (int64_t %s = %s; %s <= %s; %s++)", n, walk->low, n, walk->high, n);
    *opened += 1;
    return fm_emit_coded(walk->shape, n);
}

static struct fm_term open_bits(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    struct fm_emit_bits bits = fm_emit_bits_sieved(emit, walk->term, walk->mask);
    *opened += bits.opened;
    return fm_emit_sieved_element(emit, fm_emit_element(emit, walk->term.shape, bits.index),
                                  walk->part);
}

static struct fm_term open_listed(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %s; %s++)", i, i, walk->high, i);
    *opened += 1;
    return fm_emit_coded(walk->shape, fm_emit_format(emit, "%s[%s]", walk->low, i));
}

static struct fm_term open_walk(struct fm_emit *emit, const struct walk *walk, uint32_t *opened)
{
    switch (walk->kind) {
    case WALK_NONE:
        fm_emit_open(emit, "while (false)");
        *opened += 1;
        return fm_emit_coded(walk->shape, fm_emit_zero(emit, walk->shape));
    case WALK_ONE:
        fm_emit_open(emit, "%s", "");
        *opened += 1;
        return walk->term;
    case WALK_KNOWN:
    case WALK_BOXED:
        return open_known(emit, walk, opened);
    case WALK_COUNT:
        return open_count(emit, walk, opened);
    case WALK_BITS:
        return open_bits(emit, walk, opened);
    case WALK_SUBSETS:
        return open_subsets(emit, walk, opened);
    case WALK_PRODUCT:
        return open_product(emit, walk, opened);
    case WALK_FILTER:
        return open_filter(emit, walk, opened);
    case WALK_LISTED:
        return open_listed(emit, walk, opened);
    }
    fm_unreachable();
}

/* --- loops --- */

struct fm_term fm_emit_loop_over(struct fm_emit *emit, const struct fm_node *set,
                                 struct fm_emit_frame *frame, bool raw, struct fm_emit_loops *loops)
{
    loops->opened = 0;
    loops->assumed = emit->assumed.count;
    return open_walk(emit, prepare(emit, set, frame, raw), &loops->opened);
}

void fm_emit_sieve_next(struct fm_emit *emit, const struct fm_node *body, bool wanted)
{
    emit->sieved = body;
    emit->sieve_wanted = wanted;
}

/* A body is written several times where what stands around it is unrolled: what the variables were
 * the last time says nothing now. */
static void unset_bound(struct fm_emit_frame *frame, const struct fm_binding *bindings,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < bindings[i].slot_count; j++) {
            frame->slots[bindings[i].first_slot + j] = (struct fm_emit_slot){0};
        }
    }
}

/* Takes elements off a walk over bits that the body has nothing to do for. */
static void sieve_walk(struct fm_emit *emit, struct walk *walk, const struct fm_binding *binding,
                       struct fm_emit_frame *frame, const struct fm_node *body, bool wanted)
{
    if (walk->kind != WALK_BITS || binding->is_tuple || binding->slot_count != 1) {
        return;
    }
    struct fm_emit_sieve sieve = {
        .set = walk->term.shape, .frame = frame, .slot = binding->first_slot};
    walk->mask = fm_emit_sieve(emit, body, wanted, &sieve);
    walk->part = sieve.part;
}

/* A struct keeps its bytes while the body runs; a word that is long to write gets a name. */
static struct fm_term named(struct fm_emit *emit, const struct fm_binding *binding, uint32_t offset,
                            struct fm_term element)
{
    bool short_code = element.code == NULL || strpbrk(element.code, "[(") == NULL;
    if (short_code || fm_shape_is_struct(element.shape)) {
        return element;
    }
    const char *hint = binding->is_tuple ? "element" : binding->names[offset]->text;
    return (struct fm_term){element.shape, fm_emit_declare(emit, element.shape, hint, element.code),
                            element.value};
}

void fm_emit_loop_begin(struct fm_emit *emit, const struct fm_binding *bindings, uint32_t count,
                        struct fm_emit_frame *frame, bool raw, struct fm_emit_loops *loops)
{
    const struct fm_node *body = emit->sieved;
    bool wanted = emit->sieve_wanted;
    emit->sieved = NULL;
    loops->opened = 0;
    loops->assumed = emit->assumed.count;
    struct walk **walks = fm_arena_alloc(&emit->arena, (count + 1) * sizeof(struct walk *));
    for (uint32_t i = 0; i < count; i++) {
        fm_assert(bindings[i].set != NULL);
        walks[i] = prepare(emit, bindings[i].set, frame, raw);
    }
    unset_bound(frame, bindings, count);
    for (uint32_t i = 0; i < count && body != NULL; i++) {
        sieve_walk(emit, walks[i], &bindings[i], frame, body, wanted);
    }
    for (uint32_t i = count; i > 0; i--) {
        const struct fm_binding *binding = &bindings[i - 1];
        for (uint32_t j = binding->is_tuple ? 1 : binding->slot_count; j > 0; j--) {
            struct fm_term element = open_walk(emit, walks[i - 1], &loops->opened);
            fm_emit_bind_element(emit, binding, j - 1, frame, named(emit, binding, j - 1, element));
        }
    }
}

void fm_emit_loop_end(struct fm_emit *emit, const struct fm_emit_loops *loops)
{
    emit->assumed.count = loops->assumed;
    for (uint32_t i = 0; i < loops->opened; i++) {
        fm_emit_close(emit, "");
    }
}
