/* Arguments of natives: checks, conversions, messages.
 *
 * A native states what it takes; whether a value fits is decided here, in one place, so that all
 * operators treat the borderline values alike: a function over 1..n is a sequence wherever a
 * sequence is asked for, a function over strings is a record, a lazy set is a set.
 *
 * Messages name the operator, the argument, what was expected and what was found. The value found
 * is shown by fm_value_describe, which cuts it and never evaluates a closure: that could raise a
 * second error in place of the first.
 *
 * fm_value_index is a hash table over the context's arena. The digest decides nothing alone: equal
 * digests are confirmed by equality, since the natives' results must never depend on a collision.
 */
#include "modules/argument.h"

#include "base/assert.h"
#include "diag/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Slots of a new value index; doubled while more than half is used. */
#define INDEX_SLOTS_MIN 16u

_Noreturn void fm_native_fail(struct fm_native_context *context, uint32_t code, const char *format,
                              ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list copy;
    va_copy(copy, arguments);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    fm_assert(length >= 0);
    char *message = fm_arena_alloc(context->values->arena, (size_t)length + 1);
    (void)vsnprintf(message, (size_t)length + 1, format, arguments);
    va_end(arguments);
    context->values->raise(context->values, (struct fm_value_error){code, message});
    fm_unreachable();
}

static const char *place_phrase(struct fm_native_context *context, struct fm_argument place)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth", "fifth"};
    if (place.position == 0) {
        return fm_arena_printf(context->values->arena, "the argument of %s", place.operator_name);
    }
    fm_assert(place.position <= sizeof ordinals / sizeof ordinals[0]);
    return fm_arena_printf(context->values->arena, "the %s argument of %s",
                           ordinals[place.position - 1], place.operator_name);
}

_Noreturn void fm_argument_fail(struct fm_native_context *context, struct fm_argument place,
                                const char *expected, fm_value found)
{
    fm_native_fail(context, FM_CODE_4201, "%s must be %s, found %s", place_phrase(context, place),
                   expected, fm_native_show(context, found));
}

_Noreturn void fm_argument_range(struct fm_native_context *context, struct fm_argument place,
                                 const char *expected, fm_value found)
{
    fm_native_fail(context, FM_CODE_4202, "%s must be %s, found %s", place_phrase(context, place),
                   expected, fm_native_show(context, found));
}

struct fm_sequence fm_argument_sequence(struct fm_native_context *context, struct fm_argument place,
                                        fm_value v)
{
    struct fm_sequence sequence = {NULL, 0};
    if (!fm_sequence_view(context->values, v, &sequence.at, &sequence.count)) {
        fm_argument_fail(context, place, "a sequence", v);
    }
    return sequence;
}

void fm_argument_set(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    if (!fm_value_is_set(v)) {
        fm_argument_fail(context, place, "a set", v);
    }
}

struct fm_sequence fm_argument_elements(struct fm_native_context *context, struct fm_argument place,
                                        fm_value v)
{
    if (!fm_value_is_set(v) || !fm_set_can_enumerate(context->values, v)) {
        fm_argument_fail(context, place, "a finite set", v);
    }
    struct fm_sequence elements = {NULL, 0};
    elements.at = fm_set_elements(context->values, v, &elements.count);
    return elements;
}

fm_value fm_argument_int(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    if (!fm_is_int(v)) {
        fm_argument_fail(context, place, "an integer", v);
    }
    return v;
}

int64_t fm_argument_int64(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    if (fm_is_small(v)) {
        return fm_small_get(v);
    }
    (void)fm_argument_int(context, place, v);
    return fm_int64(context->values, v, place_phrase(context, place));
}

int64_t fm_argument_nat(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    int64_t n = fm_argument_int64(context, place, v);
    if (n < 0) {
        fm_argument_range(context, place, "a natural number", v);
    }
    return n;
}

bool fm_argument_bool(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    if (!fm_is_bool(v)) {
        fm_argument_fail(context, place, "TRUE or FALSE", v);
    }
    return fm_is_true(v);
}

const struct fm_symbol *fm_argument_string(struct fm_native_context *context,
                                           struct fm_argument place, fm_value v)
{
    if (fm_value_tag(v) != FM_TAG_STRING) {
        fm_argument_fail(context, place, "a string", v);
    }
    return fm_value_symbol(v);
}

void fm_argument_operator(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    if (fm_value_kind(v) != FM_KIND_OPERATOR) {
        fm_argument_fail(context, place, "an operator", v);
    }
}

bool fm_pairs_of(struct fm_native_context *context, fm_value v, struct fm_pairs *out)
{
    if (!fm_value_is_function(v)) {
        return false;
    }
    struct fm_value_context *values = context->values;
    if (fm_value_kind(v) == FM_KIND_LAZY_FCN) {
        fm_value domain = fm_fcn_domain(values, v);
        if (!fm_set_can_enumerate(values, domain) || !fm_set_is_finite(values, domain)) {
            return false;
        }
        v = fm_fcn_explicit(values, v);
    }
    *out = (struct fm_pairs){.function = v, .domain = fm_fcn_domain(values, v)};
    if (fm_value_kind(v) != FM_KIND_TUPLE) {
        out->keys = fm_set_elements(values, out->domain, &out->count);
        out->values = fm_as_fcn(v)->values;
        return true;
    }
    out->count = fm_value_object(v)->count;
    out->values = fm_as_array(v)->elements;
    fm_value *keys = fm_native_values(context, out->count);
    for (uint32_t i = 0; i < out->count; i++) {
        keys[i] = fm_small((int64_t)i + 1);
    }
    out->keys = keys;
    return true;
}

struct fm_pairs fm_argument_function(struct fm_native_context *context, struct fm_argument place,
                                     fm_value v)
{
    struct fm_pairs pairs;
    if (!fm_pairs_of(context, v, &pairs)) {
        fm_argument_fail(context, place, "a function with a finite domain", v);
    }
    return pairs;
}

void fm_argument_record(struct fm_native_context *context, struct fm_argument place, fm_value v)
{
    struct fm_pairs pairs;
    bool good = fm_value_kind(v) == FM_KIND_RECORD;
    if (!good && fm_pairs_of(context, v, &pairs)) {
        good = true;
        for (uint32_t i = 0; i < pairs.count && good; i++) {
            good = fm_value_tag(pairs.keys[i]) == FM_TAG_STRING;
        }
    }
    if (!good) {
        fm_argument_fail(context, place, "a record", v);
    }
}

fm_value fm_native_lookup(struct fm_native_context *context, fm_value function, fm_value key)
{
    /* The empty tuple is the empty function of every domain: it has no kind of arguments. */
    if (fm_value_kind(function) == FM_KIND_TUPLE && fm_value_object(function)->count == 0) {
        return fm_none();
    }
    return fm_fcn_lookup(context->values, function, key);
}

fm_value fm_record_lookup(struct fm_native_context *context, fm_value record, const char *name)
{
    fm_value key = fm_string_of(context->values, name, strlen(name));
    return fm_native_lookup(context, record, key);
}

fm_value fm_native_record(struct fm_native_context *context, const char *const *names,
                          const fm_value *values, uint32_t count)
{
    const struct fm_symbol **symbols = fm_arena_calloc(context->values->arena, count,
                                                       sizeof *symbols);
    for (uint32_t i = 0; i < count; i++) {
        symbols[i] = fm_symbol_of(context->values->symbols, names[i]);
        (void)fm_symbol_rank(context->values->symbols, symbols[i]);
    }
    return fm_record(context->values, symbols, values, count);
}

bool fm_test_result(struct fm_native_context *context, struct fm_argument place, fm_value result)
{
    if (!fm_is_bool(result)) {
        fm_native_fail(context, FM_CODE_4203, "%s must return TRUE or FALSE, it returned %s",
                       place_phrase(context, place), fm_native_show(context, result));
    }
    return fm_is_true(result);
}

bool fm_apply_test(struct fm_native_context *context, struct fm_argument place, fm_value op,
                   fm_value a)
{
    return fm_test_result(context, place, fm_apply_one(context, op, a));
}

void fm_fold_begin(struct fm_native_context *context, struct fm_set_cursor *cursor, fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    bool raw = kind == FM_KIND_SUBSETS || kind == FM_KIND_KSUBSETS || kind == FM_KIND_FCNSET ||
               kind == FM_KIND_RECSET || kind == FM_KIND_CROSS;
    fm_set_begin(context->values, cursor, set, raw ? FM_SET_RAW : FM_SET_NORMAL);
}

fm_value *fm_native_values(struct fm_native_context *context, uint32_t count)
{
    return fm_arena_alloc(context->values->arena, (size_t)count * sizeof(fm_value));
}

void fm_value_list_push(struct fm_native_context *context, struct fm_value_list *list, fm_value v)
{
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        fm_value *grown = fm_native_values(context, capacity);
        if (list->count > 0) {
            memcpy(grown, list->at, (size_t)list->count * sizeof *grown);
        }
        list->at = grown;
        list->capacity = capacity;
    }
    list->at[list->count++] = v;
}

const char *fm_native_text_take(struct fm_native_context *context, struct fm_native_text *text,
                                size_t *length)
{
    size_t size = text->out->length - text->start;
    const char *copy = fm_arena_strndup(context->values->arena,
                                        fm_text_string(text->out) + text->start, size);
    if (text->out->at != NULL) {
        text->out->length = text->start;
        text->out->at[text->start] = '\0';
    }
    if (length != NULL) {
        *length = size;
    }
    return copy;
}

fm_value fm_native_text_string(struct fm_native_context *context, struct fm_native_text *text)
{
    size_t length = 0;
    const char *copy = fm_native_text_take(context, text, &length);
    return fm_string_of(context->values, copy, length);
}

const char *fm_native_printed(struct fm_native_context *context, fm_value v)
{
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print(context->values, v, text.out);
    return fm_native_text_take(context, &text, NULL);
}

/* The slot of v, or the empty one where it belongs. */
static uint32_t index_slot(struct fm_native_context *context, const struct fm_value_index *index,
                           fm_value v)
{
    uint64_t hash = fm_value_digest(context->values, v).low;
    uint32_t mask = index->slot_count - 1;
    uint32_t slot = (uint32_t)hash & mask;
    while (index->slots[slot] != 0) {
        fm_value other = index->values.at[index->slots[slot] - 1];
        if (fm_value_same(other, v) || (fm_digest_equal(fm_value_digest(context->values, other),
                                                        fm_value_digest(context->values, v)) &&
                                        fm_value_equal(context->values, other, v))) {
            return slot;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void index_grow(struct fm_native_context *context, struct fm_value_index *index)
{
    index->slot_count = index->slot_count == 0 ? INDEX_SLOTS_MIN : index->slot_count * 2;
    index->slots = fm_arena_calloc(context->values->arena, index->slot_count, sizeof *index->slots);
    for (uint32_t i = 0; i < index->values.count; i++) {
        index->slots[index_slot(context, index, index->values.at[i])] = i + 1;
    }
}

uint32_t fm_value_index_add(struct fm_native_context *context, struct fm_value_index *index,
                            fm_value v, bool *added)
{
    if (index->values.count * 2 >= index->slot_count) {
        index_grow(context, index);
    }
    uint32_t slot = index_slot(context, index, v);
    bool is_new = index->slots[slot] == 0;
    if (added != NULL) {
        *added = is_new;
    }
    if (is_new) {
        fm_value_list_push(context, &index->values, v);
        index->slots[slot] = index->values.count;
    }
    return index->slots[slot] - 1;
}

uint32_t fm_value_index_find(struct fm_native_context *context, const struct fm_value_index *index,
                             fm_value v)
{
    if (index->slot_count == 0) {
        return FM_VALUE_INDEX_NONE;
    }
    uint32_t slot = index_slot(context, index, v);
    return index->slots[slot] == 0 ? FM_VALUE_INDEX_NONE : index->slots[slot] - 1;
}
