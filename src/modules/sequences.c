/* Sequences: the operators of "Specifying Systems" 18.2.
 *
 * Whatever is a function over 1..n is a sequence (fm_sequence_view): tuples, explicit functions,
 * lazy ones, and the empty record and function. Strings are sequences as far as TLC takes them for
 * such: Len, \o, SubSeq and Tail accept them; Head, Append and SelectSeq do not, because a
 * character is no value of its own. Characters are code points of UTF-8 (TLC counts UTF-16 units:
 * the same for all text without characters beyond U+FFFF).
 *
 * SubSeq with m > n is empty whatever m and n are, and otherwise both must lie in the domain: the
 * definition in TLA+ would allow SubSeq(s, 1, 0) only, TLC's error conditions are taken over. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Bytes of the first `count` code points of the text; count must not exceed its length. */
static size_t utf8_skip(const char *text, size_t size, int64_t count)
{
    size_t at = 0;
    while (count > 0 && at < size) {
        at++;
        while (at < size && ((unsigned char)text[at] & 0xC0u) == 0x80u) {
            at++;
        }
        count--;
    }
    return at;
}

static int64_t utf8_length(const char *text, size_t size)
{
    int64_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += ((unsigned char)text[i] & 0xC0u) != 0x80u;
    }
    return count;
}

static bool is_string(fm_value v)
{
    return fm_value_tag(v) == FM_TAG_STRING;
}

static fm_value sequences_len(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    if (is_string(arguments[0])) {
        const struct fm_symbol *symbol = fm_value_symbol(arguments[0]);
        return fm_small(utf8_length(symbol->text, symbol->length));
    }
    return fm_small(fm_argument_sequence(context, fm_argument_of("Len", 0), arguments[0]).count);
}

/* The argument of Head and Tail: a sequence that is not empty. */
static struct fm_sequence nonempty_sequence(struct fm_native_context *context,
                                            const char *operator_name, fm_value v)
{
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of(operator_name, 0), v);
    if (s.count == 0) {
        fm_native_fail(context, FM_CODE_4205, "%s of the empty sequence", operator_name);
    }
    return s;
}

static fm_value sequences_head(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    return nonempty_sequence(context, "Head", arguments[0]).at[0];
}

static fm_value sequences_tail(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    if (is_string(arguments[0])) {
        const struct fm_symbol *symbol = fm_value_symbol(arguments[0]);
        if (symbol->length == 0) {
            fm_native_fail(context, FM_CODE_4205, "Tail of the empty string");
        }
        size_t first = utf8_skip(symbol->text, symbol->length, 1);
        return fm_string_of(context->values, symbol->text + first, symbol->length - first);
    }
    struct fm_sequence s = nonempty_sequence(context, "Tail", arguments[0]);
    return fm_tuple(context->values, s.at + 1, s.count - 1);
}

static fm_value sequences_append(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("Append", 1), arguments[0]);
    fm_value result;
    fm_value *elements = fm_tuple_begin(context->values, s.count + 1, &result);
    if (s.count > 0) {
        memcpy(elements, s.at, (size_t)s.count * sizeof *elements);
    }
    elements[s.count] = arguments[1];
    return result;
}

static fm_value concatenate_strings(struct fm_native_context *context, fm_value left,
                                    fm_value right)
{
    if (!is_string(right)) {
        fm_argument_fail(context, fm_argument_of("\\o", 2),
                         "a string, since the first one is a string", right);
    }
    const struct fm_symbol *a = fm_value_symbol(left);
    const struct fm_symbol *b = fm_value_symbol(right);
    size_t length = (size_t)a->length + b->length;
    char *text = fm_arena_alloc(context->values->arena, length + 1);
    memcpy(text, a->text, a->length);
    memcpy(text + a->length, b->text, (size_t)b->length + 1);
    return fm_string_of(context->values, text, length);
}

static fm_value sequences_concat(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    if (is_string(arguments[0])) {
        return concatenate_strings(context, arguments[0], arguments[1]);
    }
    struct fm_sequence a = fm_argument_sequence(context, fm_argument_of("\\o", 1), arguments[0]);
    struct fm_sequence b = fm_argument_sequence(context, fm_argument_of("\\o", 2), arguments[1]);
    if (a.count == 0 || b.count == 0) {
        struct fm_sequence s = a.count == 0 ? b : a;
        return fm_tuple(context->values, s.at, s.count);
    }
    fm_value result;
    fm_value *elements = fm_tuple_begin(context->values, a.count + b.count, &result);
    memcpy(elements, a.at, (size_t)a.count * sizeof *elements);
    memcpy(elements + a.count, b.at, (size_t)b.count * sizeof *elements);
    return result;
}

static void index_within(struct fm_native_context *context, struct fm_argument place,
                         const fm_value *arguments, int64_t length)
{
    fm_value v = arguments[place.position - 1];
    int64_t index = fm_argument_int64(context, place, v);
    if (index < 1 || index > length) {
        fm_native_fail(context, FM_CODE_4206,
                       "the %s argument of %s is %lld, outside of 1..%lld, the domain of %s",
                       place.position == 2 ? "second" : "third", place.operator_name,
                       (long long)index, (long long)length, fm_native_show(context, arguments[0]));
    }
}

static fm_value sequences_subseq(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_argument second = fm_argument_of("SubSeq", 2);
    struct fm_argument third = fm_argument_of("SubSeq", 3);
    bool text = is_string(arguments[0]);
    struct fm_sequence s = {NULL, 0};
    if (!text) {
        s = fm_argument_sequence(context, fm_argument_of("SubSeq", 1), arguments[0]);
    }
    int64_t begin = fm_argument_int64(context, second, arguments[1]);
    int64_t end = fm_argument_int64(context, third, arguments[2]);
    if (begin > end) {
        return text ? fm_string_of(context->values, "", 0) : fm_tuple(context->values, NULL, 0);
    }
    if (!text) {
        index_within(context, second, arguments, s.count);
        index_within(context, third, arguments, s.count);
        return fm_tuple(context->values, s.at + (begin - 1), (uint32_t)(end - begin + 1));
    }
    const struct fm_symbol *symbol = fm_value_symbol(arguments[0]);
    int64_t length = utf8_length(symbol->text, symbol->length);
    index_within(context, second, arguments, length);
    index_within(context, third, arguments, length);
    size_t from = utf8_skip(symbol->text, symbol->length, begin - 1);
    size_t size = utf8_skip(symbol->text + from, symbol->length - from, end - begin + 1);
    return fm_string_of(context->values, symbol->text + from, size);
}

static fm_value sequences_selectseq(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("SelectSeq", 1),
                                                arguments[0]);
    struct fm_argument test = fm_argument_of("SelectSeq", 2);
    fm_argument_operator(context, test, arguments[1]);
    fm_value *elements = fm_native_values(context, s.count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s.count; i++) {
        if (fm_apply_test(context, test, arguments[1], s.at[i])) {
            elements[kept++] = s.at[i];
        }
    }
    return fm_tuple(context->values, elements, kept);
}

static fm_value sequences_seq(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    fm_argument_set(context, fm_argument_of("Seq", 0), arguments[0]);
    return fm_seqs(context->values, arguments[0]);
}

static const struct fm_native rows[] = {
    {"Sequences", "Len", 1, sequences_len, FM_SPECIAL_LEN, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "Append", 2, sequences_append, FM_SPECIAL_APPEND, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "Head", 1, sequences_head, FM_SPECIAL_HEAD, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "Tail", 1, sequences_tail, FM_SPECIAL_TAIL, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "\\o", 2, sequences_concat, FM_SPECIAL_CONCAT, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "SubSeq", 3, sequences_subseq, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "SelectSeq", 2, sequences_selectseq, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Sequences", "Seq", 1, sequences_seq, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_sequences(void)
{
    return FM_NATIVE_ROWS(rows);
}
