/* Sequences: Len, Append, Head, Tail, \o, SubSeq and what SequencesExt adds.
 *
 * A sequence is a length and an array of its shape's capacity, whose tail is zero. What would grow
 * beyond the capacity fails; so does what TLC refuses (Head of the empty sequence, SubSeq outside
 * of the domain). Tuples and functions over 1..n come as other shapes and are converted first.
 *
 * Every operator makes a new variable: copies of small structs, which the C compiler removes where
 * the old one is not used again. Strings are not sequences here: they are interpreted. */
#include "native/emit_native.h"

#include "modules/native.h"
#include "value/set.h"

#include <string.h>

/* --- as a sequence --- */

/* The least SEQ that holds the term's values; NULL when they are no sequences. */
static const struct fm_shape *sequence_shape(struct fm_emit *emit, const struct fm_shape *shape)
{
    const struct fm_shape *element = fm_shape_none(emit->shapes);
    uint32_t count = 0;
    switch (shape->kind) {
    case FM_SHAPE_SEQ:
        return shape;
    case FM_SHAPE_TUPLE:
        for (count = 0; count < shape->part_count; count++) {
            element = fm_shape_join(emit->shapes, element, shape->parts[count]);
        }
        break;
    case FM_SHAPE_FCN:
        for (count = 0; count < shape->value_count; count++) {
            fm_value key = shape->values[count];
            if (!fm_is_small(key) || fm_small_get(key) != (int64_t)count + 1) {
                return NULL;
            }
        }
        element = shape->parts[0];
        break;
    case FM_SHAPE_SUM:
        for (uint32_t i = 0; i < shape->part_count; i++) {
            const struct fm_shape *part = sequence_shape(emit, shape->parts[i]);
            if (part == NULL) {
                return NULL;
            }
            element = fm_shape_join(emit->shapes, element, part->parts[0]);
            count = part->capacity > count ? part->capacity : count;
        }
        break;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SET:
    case FM_SHAPE_ANY:
        return NULL;
    }
    const struct fm_shape *seq = fm_shape_seq(emit->shapes, element, count);
    return seq->kind == FM_SHAPE_SEQ ? seq : NULL;
}

static const struct fm_shape *wanted_seq(const struct fm_shape *want)
{
    return want != NULL && want->kind == FM_SHAPE_SEQ ? want : NULL;
}

struct fm_term fm_emit_sequence(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_term term, const struct fm_shape *want)
{
    if (fm_emit_is_nothing(term)) {
        fm_emit_guard(emit, "true");
        term = fm_emit_known(emit, fm_tuple(emit->context, NULL, 0));
    }
    const struct fm_shape *shape = wanted_seq(want);
    if (shape == NULL) {
        shape = sequence_shape(emit, term.shape);
    }
    if (shape == NULL) {
        fm_emit_refuse(emit, node, "not known to be a sequence");
    }
    return fm_emit_coded(shape, fm_emit_as(emit, term, shape));
}

static struct fm_term argument(struct fm_emit *emit, const struct fm_emit_call *call, uint32_t i,
                               const struct fm_shape *want)
{
    struct fm_term term = fm_emit_argument(emit, call, i, want);
    return fm_emit_sequence(emit, call->node->kids[i], term, want);
}

/* A sequence of the element shape; the capacity as given, or less where that is too large. */
static const struct fm_shape *shape_for(struct fm_emit *emit, const struct fm_node *node,
                                        const struct fm_shape *element, uint32_t capacity,
                                        uint32_t least)
{
    const struct fm_shape *shape = fm_shape_seq(emit->shapes, element, capacity);
    if (shape->kind != FM_SHAPE_SEQ) {
        shape = fm_shape_seq(emit->shapes, element, least);
    }
    if (shape->kind != FM_SHAPE_SEQ) {
        fm_emit_refuse(emit, node, "a sequence that is too large");
    }
    return shape;
}

/* --- the standard module --- */

static struct fm_term call_len(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term term = fm_emit_argument(emit, call, 0, NULL);
    if (term.shape->kind == FM_SHAPE_SUM) {
        term = fm_emit_sequence(emit, call->node->kids[0], term, NULL);
    }
    if (term.shape->kind == FM_SHAPE_SEQ) {
        term = fm_emit_solid(emit, term);
        return fm_emit_coded(fm_shape_int(emit->shapes, 0, term.shape->capacity),
                             fm_emit_format(emit, "((int64_t)%s.length)", term.code));
    }
    if (fm_emit_is_nothing(term)) {
        return fm_emit_unreachable(emit);
    }
    const struct fm_shape *shape = sequence_shape(emit, term.shape);
    if (shape == NULL) {
        fm_emit_refuse(emit, call->node, "not known to be a sequence");
    }
    return fm_emit_known(emit, fm_small(shape->capacity)); /* of tuples: their only length */
}

static struct fm_term call_append(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = wanted_seq(call->want);
    struct fm_term s = argument(emit, call, 0, shape);
    struct fm_term e = fm_emit_argument(emit, call, 1, shape != NULL ? shape->parts[0] : NULL);
    if (shape == NULL) {
        const struct fm_shape *element = fm_shape_join(emit->shapes, s.shape->parts[0], e.shape);
        shape = shape_for(emit, call->node, element, s.shape->capacity + 1, s.shape->capacity);
    }
    const char *name = fm_emit_declare(emit, shape, "s", fm_emit_as(emit, s, shape));
    fm_emit_guard(emit, "%s.length >= %u", name, shape->capacity);
    if (shape->capacity == 0) {
        return fm_emit_coded(shape, name);
    }
    const char *code = fm_emit_as(emit, e, shape->parts[0]);
    fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s.length]", name, name),
                  code);
    fm_emit_line(emit, "%s.length++;", name);
    return fm_emit_coded(shape, name);
}

static struct fm_term call_head(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = fm_emit_argument(emit, call, 0, NULL);
    if (!fm_emit_is_nothing(s) && sequence_shape(emit, s.shape) == NULL) {
        fm_emit_refuse(emit, call->node, "not known to be a sequence");
    }
    return fm_emit_apply(emit, call->node, s, fm_emit_known(emit, fm_small(1)));
}

static struct fm_term call_last(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    fm_emit_guard(emit, "%s.length == 0", s.code);
    const struct fm_shape *part = s.shape->parts[0];
    if (s.shape->capacity == 0) {
        return fm_emit_coded(part, fm_emit_declare(emit, part, "element", NULL));
    }
    const char *member = fm_emit_format(emit, "%s.at[%s.length - 1]", s.code, s.code);
    return fm_emit_coded(part, fm_emit_load(emit, part, member));
}

/* s without its element at a place that counts from 0 (C). */
static struct fm_term without_place(struct fm_emit *emit, struct fm_term s, const char *place)
{
    if (s.shape->capacity == 0) {
        return s;
    }
    const char *name = fm_emit_declare(emit, s.shape, "s", s.code);
    fm_emit_line(emit, "fm_nrt_remove(%s.at, sizeof %s.at[0], %s, %s.length);", name, name, place,
                 name);
    fm_emit_line(emit, "%s.length--;", name);
    return fm_emit_coded(s.shape, name);
}

static struct fm_term call_tail(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    fm_emit_guard(emit, "%s.length == 0", s.code);
    return without_place(emit, s, "0");
}

static bool is_call_of(const struct fm_node *node, const char *name)
{
    return node->op == FM_OP_CALL && node->u.def->native != NULL &&
           strcmp(node->u.def->native->name, name) == 0;
}

/* Whether both expressions certainly have the same value. */
static bool is_same(struct fm_emit *emit, const struct fm_node *a, struct fm_emit_frame *a_frame,
                    const struct fm_node *b, struct fm_emit_frame *b_frame)
{
    a = fm_emit_peel(emit, a, &a_frame);
    b = fm_emit_peel(emit, b, &b_frame);
    if (a->op != b->op) {
        return false;
    }
    switch ((int)a->op) {
    case FM_OP_VAR:
        return a->u.index == b->u.index;
    case FM_OP_LOCAL:
        return fm_emit_local(emit, a, a_frame) == fm_emit_local(emit, b, b_frame);
    case FM_OP_FIELD:
        return a->u.name == b->u.name && is_same(emit, a->kids[0], a_frame, b->kids[0], b_frame);
    case FM_OP_FCNAPP:
        return is_same(emit, a->kids[0], a_frame, b->kids[0], b_frame) &&
               is_same(emit, a->kids[1], a_frame, b->kids[1], b_frame);
    }
    return a == b && a_frame == b_frame;
}

/* Whether one of the concatenated pieces is cut from the same sequence as the other SubSeq. */
static bool has_piece(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame,
                      const struct fm_node *other, struct fm_emit_frame *other_frame)
{
    node = fm_emit_peel(emit, node, &frame);
    if (is_call_of(node, "\\o")) {
        return has_piece(emit, node->kids[0], frame, other, other_frame) ||
               has_piece(emit, node->kids[1], frame, other, other_frame);
    }
    return is_call_of(node, "SubSeq") &&
           is_same(emit, node->kids[0], frame, other->kids[0], other_frame);
}

/* What the right operand adds to the capacity of the left one. Pieces of one sequence are most
 * often parts that do not overlap, as when an element is removed; where they are not, the guard
 * behind fails. */
static uint32_t added_capacity(struct fm_emit *emit, const struct fm_emit_call *call,
                               struct fm_term right)
{
    struct fm_emit_frame *frame = call->frame;
    const struct fm_node *node = fm_emit_peel(emit, call->node->kids[1], &frame);
    bool is_rest = is_call_of(node, "SubSeq") &&
                   has_piece(emit, call->node->kids[0], call->frame, node, frame);
    return is_rest ? 0 : right.shape->capacity;
}

static struct fm_term call_concat(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = wanted_seq(call->want);
    struct fm_term a = argument(emit, call, 0, shape);
    struct fm_term b = argument(emit, call, 1, shape);
    if (shape == NULL) {
        const struct fm_shape *element = fm_shape_join(emit->shapes, a.shape->parts[0],
                                                       b.shape->parts[0]);
        uint32_t large = a.shape->capacity > b.shape->capacity ? a.shape->capacity
                                                               : b.shape->capacity;
        shape = shape_for(emit, call->node, element,
                          a.shape->capacity + added_capacity(emit, call, b), large);
    }
    const char *more = fm_emit_as(emit, b, shape);
    const char *name = fm_emit_declare(emit, shape, "s", fm_emit_as(emit, a, shape));
    fm_emit_guard(emit, "%s.length + %s.length > %u", name, more, shape->capacity);
    if (shape->capacity > 0) {
        fm_emit_line(emit, "memcpy(%s.at + %s.length, %s.at, %s.length * sizeof %s.at[0]);", name,
                     name, more, more, name);
        fm_emit_line(emit, "%s.length += %s.length;", name, more);
    }
    return fm_emit_coded(shape, name);
}

static struct fm_term call_subseq(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    struct fm_term m = fm_emit_integer(emit, call->node, fm_emit_argument(emit, call, 1, NULL));
    struct fm_term n = fm_emit_integer(emit, call->node, fm_emit_argument(emit, call, 2, NULL));
    m = fm_emit_named(emit, m, "from");
    n = fm_emit_named(emit, n, "to");
    const char *name = fm_emit_declare(emit, s.shape, "s", NULL);
    fm_emit_open(emit, "if (%s <= %s)", m.code, n.code);
    fm_emit_guard(emit, "%s < 1 || %s > %s.length", m.code, n.code, s.code);
    if (s.shape->capacity > 0) {
        fm_emit_line(emit, "%s.length = %s - %s + 1;", name, n.code, m.code);
        fm_emit_line(emit, "memcpy(%s.at, %s.at + (%s - 1), %s.length * sizeof %s.at[0]);", name,
                     s.code, m.code, name, name);
    }
    fm_emit_close(emit, "");
    return fm_emit_coded(s.shape, name);
}

/* Opens a loop over the places of a sequence, from 0; the element. */
static struct fm_term walk(struct fm_emit *emit, struct fm_term s, const char **place)
{
    *place = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %s.length; %s++)", *place, *place, s.code,
                 *place);
    const struct fm_shape *part = s.shape->parts[0];
    return fm_emit_coded(
        part, fm_emit_load(emit, part, fm_emit_format(emit, "%s.at[%s]", s.code, *place)));
}

/* name.at[name.length++] = the element at the place. */
static void push_element(struct fm_emit *emit, const char *name, struct fm_term s,
                         const char *place)
{
    fm_emit_line(emit, "%s.at[%s.length++] = %s.at[%s];", name, name, s.code, place);
}

static struct fm_term call_select(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    if (s.shape->capacity == 0) {
        return s;
    }
    const char *name = fm_emit_declare(emit, s.shape, "s", NULL);
    const char *place;
    struct fm_term element = walk(emit, s, &place);
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    struct fm_term test = fm_emit_apply_operator(emit, call, 1, &element, boolean);
    fm_emit_open(emit, "if (%s)", fm_emit_as(emit, test, boolean));
    push_element(emit, name, s, place);
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    return fm_emit_coded(s.shape, name);
}

/* --- SequencesExt and Functions --- */

/* The set of a sequence's or function's values. */
static struct fm_term call_values(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term f = fm_emit_argument(emit, call, 0, NULL);
    if (fm_emit_is_nothing(f)) {
        return fm_emit_set_term(emit, f);
    }
    const struct fm_shape *part = f.shape->part_count > 0 ? f.shape->parts[0] : NULL;
    bool looped = f.shape->kind == FM_SHAPE_SEQ || f.shape->kind == FM_SHAPE_FCN ||
                  f.shape->kind == FM_SHAPE_PFUN;
    if (!looped && f.shape->kind == FM_SHAPE_TUPLE && part != NULL) {
        f = fm_emit_sequence(emit, call->node, f, NULL);
        part = f.shape->parts[0];
        looped = true;
    }
    const struct fm_shape *shape = call->want;
    if (looped && (shape == NULL || shape->kind != FM_SHAPE_SET)) {
        shape = fm_shape_set(emit->shapes, part);
    }
    if (!looped || shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, call->node, "a set of too many possible elements");
    }
    f = fm_emit_solid(emit, f);
    if (f.shape->kind == FM_SHAPE_SEQ && f.shape->capacity == 0) {
        return fm_emit_known(emit, fm_set_empty());
    }
    const char *name = fm_emit_declare(emit, shape, "range", NULL);
    const char *i = fm_emit_name(emit, "i");
    const char *count = f.shape->kind == FM_SHAPE_SEQ
                            ? fm_emit_format(emit, "%s.length", f.code)
                            : fm_emit_format(emit, "%u", f.shape->value_count);
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %s; %s++)", i, i, count, i);
    bool partial = f.shape->kind == FM_SHAPE_PFUN;
    if (partial) {
        fm_emit_open(emit, "if (%s)", fm_emit_has(emit, f.shape, f.code, i));
    }
    const char *member = fm_emit_format(emit, "%s.at[%s]", f.code, i);
    struct fm_term element = fm_emit_coded(part, fm_emit_load(emit, part, member));
    fm_emit_insert(emit, shape, name, element);
    if (partial) {
        fm_emit_close(emit, "");
    }
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

static struct fm_term call_contains(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    struct fm_term e = fm_emit_named(emit, fm_emit_argument(emit, call, 1, NULL), "sought");
    if (s.shape->capacity == 0) {
        return fm_emit_truth(emit, false);
    }
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    const char *name = fm_emit_declare(emit, boolean, "found", NULL);
    const char *place;
    struct fm_term element = walk(emit, s, &place);
    fm_emit_open(emit, "if (%s)", fm_emit_equal(emit, element, e));
    fm_emit_line(emit, "%s = true;", name);
    fm_emit_line(emit, "break;");
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    return fm_emit_coded(boolean, name);
}

static struct fm_term call_reverse(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    if (s.shape->capacity == 0) {
        return s;
    }
    const char *name = fm_emit_declare(emit, s.shape, "s", NULL);
    const char *place;
    (void)walk(emit, s, &place);
    fm_emit_line(emit, "%s.at[%s] = %s.at[%s.length - 1 - %s];", name, place, s.code, s.code,
                 place);
    fm_emit_close(emit, "");
    fm_emit_line(emit, "%s.length = %s.length;", name, s.code);
    return fm_emit_coded(s.shape, name);
}

static struct fm_term call_cons(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const struct fm_shape *shape = wanted_seq(call->want);
    struct fm_term e = fm_emit_argument(emit, call, 0, shape != NULL ? shape->parts[0] : NULL);
    struct fm_term s = argument(emit, call, 1, shape);
    if (shape == NULL) {
        const struct fm_shape *element = fm_shape_join(emit->shapes, s.shape->parts[0], e.shape);
        shape = shape_for(emit, call->node, element, s.shape->capacity + 1, s.shape->capacity);
    }
    const char *rest = fm_emit_as(emit, s, shape);
    fm_emit_guard(emit, "%s.length >= %u", rest, shape->capacity);
    const char *name = fm_emit_declare(emit, shape, "s", NULL);
    if (shape->capacity > 0) {
        fm_emit_line(emit, "memcpy(%s.at + 1, %s.at, %s.length * sizeof %s.at[0]);", name, rest,
                     rest, name);
        fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[0]", name),
                      fm_emit_as(emit, e, shape->parts[0]));
        fm_emit_line(emit, "%s.length = %s.length + 1;", name, rest);
    }
    return fm_emit_coded(shape, name);
}

/* Remove(s, e): s without any e. */
static struct fm_term call_remove(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = argument(emit, call, 0, NULL);
    struct fm_term e = fm_emit_named(emit, fm_emit_argument(emit, call, 1, NULL), "removed");
    if (s.shape->capacity == 0) {
        return s;
    }
    const char *name = fm_emit_declare(emit, s.shape, "s", NULL);
    const char *place;
    struct fm_term element = walk(emit, s, &place);
    fm_emit_open(emit, "if (!%s)", fm_emit_equal(emit, element, e));
    push_element(emit, name, s, place);
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    return fm_emit_coded(s.shape, name);
}

/* Element `place` of a sequence. */
static struct fm_term element_at(struct fm_emit *emit, struct fm_term s, const char *place)
{
    const struct fm_shape *part = s.shape->parts[0];
    return fm_emit_coded(
        part, fm_emit_load(emit, part, fm_emit_format(emit, "%s.at[%s]", s.code, place)));
}

static struct fm_term call_is_prefix(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term s = fm_emit_named(emit, argument(emit, call, 0, NULL), "s");
    struct fm_term t = fm_emit_named(emit, argument(emit, call, 1, NULL), "t");
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    if (s.shape->capacity == 0) {
        return fm_emit_truth(emit, true);
    }
    if (t.shape->capacity == 0) {
        return fm_emit_test(emit, "(%s.length == 0)", s.code);
    }
    const char *test = fm_emit_format(emit, "%s.length <= %s.length", s.code, t.code);
    const char *name = fm_emit_declare(emit, boolean, "is_prefix", test);
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s && %s < %s.length; %s++)", i, name, i, s.code, i);
    fm_emit_line(emit, "%s = %s;", name,
                 fm_emit_equal(emit, element_at(emit, s, i), element_at(emit, t, i)));
    fm_emit_close(emit, "");
    return fm_emit_coded(boolean, name);
}

static const struct fm_emit_operator_row rows[] = {
    {"Sequences", "Len", 1, call_len},
    {"Sequences", "Append", 2, call_append},
    {"Sequences", "Head", 1, call_head},
    {"Sequences", "Tail", 1, call_tail},
    {"Sequences", "\\o", 2, call_concat},
    {"Sequences", "SubSeq", 3, call_subseq},
    {"Sequences", "SelectSeq", 2, call_select},
    {"SequencesExt", "ToSet", 1, call_values},
    {"SequencesExt", "Contains", 2, call_contains},
    {"SequencesExt", "Reverse", 1, call_reverse},
    {"SequencesExt", "Cons", 2, call_cons},
    {"SequencesExt", "Remove", 2, call_remove},
    {"SequencesExt", "Last", 1, call_last},
    {"SequencesExt", "IsPrefix", 2, call_is_prefix},
    {"Functions", "Range", 1, call_values},
    {NULL, NULL, 0, NULL},
};

const struct fm_emit_operator_row *fm_emit_sequence_rows(void)
{
    return rows;
}
