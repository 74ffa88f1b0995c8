/* SequencesExt: conversions, folds, searching, cutting and joining.
 *
 * Every operator that TLC overrides is here, with TLC's results, and those whose definition is slow
 * enough to matter. Which of them take strings follows TLC: IsPrefix, LongestCommonPrefix and the
 * replacing operators do, the rest does not; FlattenSeq joins strings because \o does.
 *
 * Replacing is defined for sequences by choosing the partition of t with the most, leftmost
 * matches. Scanning from the left and taking every match that does not overlap the one before gives
 * the same: a match that starts earlier never excludes more later ones. An empty s matches before
 * each element, but once, at the beginning, when only the first occurrence is replaced.
 *
 * Sets of sequences come out sorted where the order in which they are built is the order of values
 * (prefixes and suffixes rise in length); AllSubSeqs is built in the order of bit masks and
 * normalized by whoever needs it. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Subsequences of a sequence longer than this are more than any limit on set sizes. */
#define SUBSEQUENCES_LENGTH_MAX 30u

static struct fm_sequence only_sequence(struct fm_native_context *context,
                                        const char *operator_name, fm_value v)
{
    return fm_argument_sequence(context, fm_argument_of(operator_name, 0), v);
}

static bool is_string(fm_value v)
{
    return fm_value_tag(v) == FM_TAG_STRING;
}

/* --- conversions --- */

static fm_value seqs_to_set(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    struct fm_pairs f = fm_argument_function(context, fm_argument_of("ToSet", 0), arguments[0]);
    return fm_set(context->values, f.values, f.count);
}

static fm_value seqs_from_set(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("SetToSeq", 0),
                                                arguments[0]);
    return fm_tuple(context->values, s.at, s.count);
}

static fm_value seqs_all_from_set(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    return fm_permutations(context, fm_argument_of("SetToSeqs", 0), arguments[0], true);
}

static fm_value seqs_sorted_from_set(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("SetToSortSeq", 1),
                                                arguments[0]);
    return fm_sort_sequence(context, fm_argument_of("SetToSortSeq", 2), s, arguments[1]);
}

/* --- folds --- */

static fm_value seqs_fold(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    return fm_fold_function(context, "FoldSeq", arguments);
}

/* Folds over elements, or over their places when `places`. */
static fm_value fold_left(struct fm_native_context *context, const char *operator_name,
                          const fm_value *arguments, bool places)
{
    fm_argument_operator(context, fm_argument_of(operator_name, 1), arguments[0]);
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of(operator_name, 3),
                                                arguments[2]);
    fm_value result = arguments[1];
    for (uint32_t i = 0; i < s.count; i++) {
        fm_value next = places ? fm_small((int64_t)i + 1) : s.at[i];
        result = fm_apply_two(context, arguments[0], result, next);
    }
    return result;
}

static fm_value fold_right(struct fm_native_context *context, const char *operator_name,
                           const fm_value *arguments, bool places)
{
    fm_argument_operator(context, fm_argument_of(operator_name, 1), arguments[0]);
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of(operator_name, 2),
                                                arguments[1]);
    fm_value result = arguments[2];
    for (uint32_t i = s.count; i > 0; i--) {
        fm_value next = places ? fm_small(i) : s.at[i - 1];
        result = fm_apply_two(context, arguments[0], next, result);
    }
    return result;
}

static fm_value seqs_fold_left(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    return fold_left(context, "FoldLeft", arguments, false);
}

static fm_value seqs_fold_right(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    return fold_right(context, "FoldRight", arguments, false);
}

static fm_value seqs_fold_left_domain(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    return fold_left(context, "FoldLeftDomain", arguments, true);
}

static fm_value seqs_fold_right_domain(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    return fold_right(context, "FoldRightDomain", arguments, true);
}

/* --- searching --- */

static fm_value seqs_contains(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("Contains", 1),
                                                arguments[0]);
    for (uint32_t i = 0; i < s.count; i++) {
        if (fm_value_equal(context->values, s.at[i], arguments[1])) {
            return fm_bool(true);
        }
    }
    return fm_bool(false);
}

/* A range of places, both included, searched forwards or backwards. */
struct search {
    struct fm_argument test_place;
    fm_value test;
    int64_t from, to;
    bool backwards;
};

static fm_value search_places(struct fm_native_context *context, struct fm_sequence s,
                              const struct search *search)
{
    fm_argument_operator(context, search->test_place, search->test);
    int64_t total = search->to - search->from + 1;
    for (int64_t i = 0; i < total; i++) {
        int64_t place = search->backwards ? search->to - i : search->from + i;
        if (fm_apply_test(context, search->test_place, search->test, s.at[place - 1])) {
            return fm_small(place);
        }
    }
    return fm_small(0);
}

static fm_value select_in_all(struct fm_native_context *context, const char *operator_name,
                              const fm_value *arguments, bool backwards)
{
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of(operator_name, 1),
                                                arguments[0]);
    struct search search = {fm_argument_of(operator_name, 2), arguments[1], 1, s.count, backwards};
    return search_places(context, s, &search);
}

static fm_value select_in_part(struct fm_native_context *context, const char *operator_name,
                               const fm_value *arguments, bool backwards)
{
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of(operator_name, 1),
                                                arguments[0]);
    struct search search = {
        .test_place = fm_argument_of(operator_name, 4),
        .test = arguments[3],
        .from = fm_argument_int64(context, fm_argument_of(operator_name, 2), arguments[1]),
        .to = fm_argument_int64(context, fm_argument_of(operator_name, 3), arguments[2]),
        .backwards = backwards,
    };
    if (search.from > search.to) {
        return fm_small(0);
    }
    if (search.from < 1 || search.to > s.count) {
        fm_native_fail(context, FM_CODE_4206, "%s from place %lld to %lld of %s: places are 1..%u",
                       operator_name, (long long)search.from, (long long)search.to,
                       fm_native_show(context, arguments[0]), s.count);
    }
    return search_places(context, s, &search);
}

static fm_value seqs_select_in_seq(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    return select_in_all(context, "SelectInSeq", arguments, false);
}

static fm_value seqs_select_last_in_seq(struct fm_native_context *context,
                                        const fm_value *arguments, uint32_t count)
{
    (void)count;
    return select_in_all(context, "SelectLastInSeq", arguments, true);
}

static fm_value seqs_select_in_subseq(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    return select_in_part(context, "SelectInSubSeq", arguments, false);
}

static fm_value seqs_select_last_in_subseq(struct fm_native_context *context,
                                           const fm_value *arguments, uint32_t count)
{
    (void)count;
    return select_in_part(context, "SelectLastInSubSeq", arguments, true);
}

/* --- cutting and joining --- */

static fm_value seqs_reverse(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    struct fm_sequence s = only_sequence(context, "Reverse", arguments[0]);
    fm_value result;
    fm_value *elements = fm_tuple_begin(context->values, s.count, &result);
    for (uint32_t i = 0; i < s.count; i++) {
        elements[i] = s.at[s.count - 1 - i];
    }
    return result;
}

/* s without its element at `place`, which counts from 0. */
static fm_value without_place(struct fm_native_context *context, struct fm_sequence s,
                              uint32_t place)
{
    fm_value result;
    fm_value *elements = fm_tuple_begin(context->values, s.count - 1, &result);
    for (uint32_t i = 0; i + 1 < s.count; i++) {
        elements[i] = s.at[i < place ? i : i + 1];
    }
    return result;
}

static fm_value seqs_remove(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("Remove", 1), arguments[0]);
    fm_value *kept = fm_native_values(context, s.count);
    uint32_t size = 0;
    for (uint32_t i = 0; i < s.count; i++) {
        if (!fm_value_equal(context->values, s.at[i], arguments[1])) {
            kept[size++] = s.at[i];
        }
    }
    return fm_tuple(context->values, kept, size);
}

static fm_value seqs_remove_first(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("RemoveFirst", 1),
                                                arguments[0]);
    for (uint32_t i = 0; i < s.count; i++) {
        if (fm_value_equal(context->values, s.at[i], arguments[1])) {
            return without_place(context, s, i);
        }
    }
    return fm_tuple(context->values, s.at, s.count);
}

static fm_value seqs_remove_first_match(struct fm_native_context *context,
                                        const fm_value *arguments, uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("RemoveFirstMatch", 1),
                                                arguments[0]);
    struct search search = {fm_argument_of("RemoveFirstMatch", 2), arguments[1], 1, s.count, false};
    int64_t place = fm_small_get(search_places(context, s, &search));
    return place == 0 ? fm_tuple(context->values, s.at, s.count)
                      : without_place(context, s, (uint32_t)(place - 1));
}

static fm_value seqs_cons(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("Cons", 2), arguments[1]);
    fm_value result;
    fm_value *elements = fm_tuple_begin(context->values, s.count + 1, &result);
    elements[0] = arguments[0];
    if (s.count > 0) {
        memcpy(elements + 1, s.at, (size_t)s.count * sizeof *elements);
    }
    return result;
}

static fm_value seqs_last(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    struct fm_sequence s = only_sequence(context, "Last", arguments[0]);
    if (s.count == 0) {
        fm_native_fail(context, FM_CODE_4205, "Last of the empty sequence");
    }
    return s.at[s.count - 1];
}

static fm_value join_strings(struct fm_native_context *context, struct fm_sequence parts)
{
    size_t length = 0;
    for (uint32_t i = 0; i < parts.count; i++) {
        if (!is_string(parts.at[i])) {
            fm_argument_fail(context, fm_argument_of("FlattenSeq", 0),
                             "a sequence of sequences or a sequence of strings",
                             fm_tuple(context->values, parts.at, parts.count));
        }
        length += fm_value_symbol(parts.at[i])->length;
    }
    char *text = fm_arena_alloc(context->values->arena, length);
    size_t at = 0;
    for (uint32_t i = 0; i < parts.count; i++) {
        const struct fm_symbol *part = fm_value_symbol(parts.at[i]);
        memcpy(text + at, part->text, part->length);
        at += part->length;
    }
    return fm_string_of(context->values, text, length);
}

static fm_value seqs_flatten(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("FlattenSeq", 0);
    if (is_string(arguments[0]) && fm_value_symbol(arguments[0])->length == 0) {
        return arguments[0];
    }
    struct fm_sequence parts = only_sequence(context, "FlattenSeq", arguments[0]);
    if (parts.count > 0 && is_string(parts.at[0])) {
        return join_strings(context, parts);
    }
    struct fm_value_list all = {0};
    for (uint32_t i = 0; i < parts.count; i++) {
        struct fm_sequence part;
        if (!fm_sequence_view(context->values, parts.at[i], &part.at, &part.count)) {
            fm_argument_fail(context, place, "a sequence of sequences or a sequence of strings",
                             arguments[0]);
        }
        for (uint32_t j = 0; j < part.count; j++) {
            fm_value_list_push(context, &all, part.at[j]);
        }
    }
    return fm_tuple(context->values, all.at, all.count);
}

/* --- prefixes and suffixes --- */

static bool begins_with(struct fm_native_context *context, struct fm_sequence s,
                        struct fm_sequence prefix)
{
    for (uint32_t i = 0; i < prefix.count; i++) {
        if (!fm_value_equal(context->values, s.at[i], prefix.at[i])) {
            return false;
        }
    }
    return true;
}

static fm_value seqs_is_prefix(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    if (is_string(arguments[0]) && is_string(arguments[1])) {
        const struct fm_symbol *s = fm_value_symbol(arguments[0]);
        const struct fm_symbol *t = fm_value_symbol(arguments[1]);
        return fm_bool(s->length <= t->length && memcmp(s->text, t->text, s->length) == 0);
    }
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("IsPrefix", 1),
                                                arguments[0]);
    struct fm_sequence t = fm_argument_sequence(context, fm_argument_of("IsPrefix", 2),
                                                arguments[1]);
    return fm_bool(s.count <= t.count && begins_with(context, t, s));
}

static fm_value seqs_prefixes(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_sequence s = only_sequence(context, "Prefixes", arguments[0]);
    fm_value *all = fm_native_values(context, s.count + 1);
    for (uint32_t i = 0; i <= s.count; i++) {
        all[i] = fm_tuple(context->values, s.at, i);
    }
    return fm_set_normal(context->values, all, s.count + 1);
}

static fm_value seqs_suffixes(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_sequence s = only_sequence(context, "Suffixes", arguments[0]);
    fm_value *all = fm_native_values(context, s.count + 1);
    for (uint32_t i = 0; i <= s.count; i++) {
        all[i] = fm_tuple(context->values, s.at + (s.count - i), i);
    }
    return fm_set_normal(context->values, all, s.count + 1);
}

static fm_value common_prefix_of_strings(struct fm_native_context *context, fm_value set,
                                         struct fm_sequence strings)
{
    const struct fm_symbol *first = fm_value_symbol(strings.at[0]);
    size_t length = first->length;
    for (uint32_t i = 1; i < strings.count; i++) {
        if (!is_string(strings.at[i])) {
            fm_argument_fail(context, fm_argument_of("LongestCommonPrefix", 0),
                             "a set of sequences or a set of strings", set);
        }
        const struct fm_symbol *other = fm_value_symbol(strings.at[i]);
        size_t same = 0;
        while (same < length && same < other->length && first->text[same] == other->text[same]) {
            same++;
        }
        length = same;
    }
    while (length > 0 && length < first->length &&
           ((unsigned char)first->text[length] & 0xC0u) == 0x80u) {
        length--; /* do not cut a character of several bytes */
    }
    return fm_string_of(context->values, first->text, length);
}

static fm_value seqs_common_prefix(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("LongestCommonPrefix", 0);
    struct fm_sequence all = fm_argument_elements(context, place, arguments[0]);
    if (all.count == 0) {
        fm_argument_range(context, place, "a set that is not empty", arguments[0]);
    }
    if (is_string(all.at[0])) {
        return common_prefix_of_strings(context, arguments[0], all);
    }
    struct fm_sequence first = {NULL, 0};
    for (uint32_t i = 0; i < all.count; i++) {
        struct fm_sequence s;
        if (!fm_sequence_view(context->values, all.at[i], &s.at, &s.count)) {
            fm_argument_fail(context, place, "a set of sequences or a set of strings",
                             arguments[0]);
        }
        if (i == 0) {
            first = s;
            continue;
        }
        uint32_t same = 0;
        while (same < first.count && same < s.count &&
               fm_value_equal(context->values, first.at[same], s.at[same])) {
            same++;
        }
        first.count = same;
    }
    return fm_tuple(context->values, first.at, first.count);
}

/* --- subsequences and replacing --- */

static fm_value seqs_all_subseqs(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_sequence s = only_sequence(context, "AllSubSeqs", arguments[0]);
    if (s.count > SUBSEQUENCES_LENGTH_MAX ||
        (UINT64_C(1) << s.count) > context->values->set_size_max) {
        fm_native_fail(context, FM_CODE_4202,
                       "AllSubSeqs of a sequence of length %u exceeds the limit of %llu elements",
                       s.count, (unsigned long long)context->values->set_size_max);
    }
    uint32_t total = UINT32_C(1) << s.count;
    fm_value *all = fm_native_values(context, total);
    fm_value *picked = fm_native_values(context, s.count);
    for (uint32_t mask = 0; mask < total; mask++) {
        uint32_t size = 0;
        for (uint32_t i = 0; i < s.count; i++) {
            if ((mask >> i & 1u) != 0) {
                picked[size++] = s.at[i];
            }
        }
        all[mask] = fm_tuple(context->values, picked, size);
    }
    return fm_set(context->values, all, total);
}

/* The arguments (r, s, t) of replacing: s in t by r. `once`: only the first occurrence. */
struct replacement {
    const char *operator_name;
    const fm_value *arguments;
    bool once;
};

static size_t character_size(const char *text)
{
    size_t size = 1;
    while (((unsigned char)text[size] & 0xC0u) == 0x80u) {
        size++;
    }
    return size;
}

static fm_value replace_in_string(struct fm_native_context *context,
                                  const struct replacement *replacement)
{
    const struct fm_symbol *r = fm_value_symbol(replacement->arguments[0]);
    const struct fm_symbol *s = fm_value_symbol(replacement->arguments[1]);
    const struct fm_symbol *t = fm_value_symbol(replacement->arguments[2]);
    struct fm_native_text text = fm_native_text_begin(context);
    struct fm_text *out = text.out;
    const char *at = t->text;
    const char *end = t->text + t->length;
    bool done = false;
    if (t->length == 0 && s->length == 0) {
        fm_text_add(out, r->text, r->length);
    }
    while (at < end) {
        bool match = !done && (size_t)(end - at) >= s->length &&
                     memcmp(at, s->text, s->length) == 0;
        if (match) {
            fm_text_add(out, r->text, r->length);
            at += s->length;
            done = replacement->once;
        }
        if ((!match || s->length == 0) && at < end) {
            size_t size = character_size(at);
            fm_text_add(out, at, size);
            at += size;
        }
    }
    return fm_native_text_string(context, &text);
}

static void push_all(struct fm_native_context *context, struct fm_value_list *list,
                     struct fm_sequence s)
{
    for (uint32_t i = 0; i < s.count; i++) {
        fm_value_list_push(context, list, s.at[i]);
    }
}

static fm_value replace(struct fm_native_context *context, const struct replacement *replacement)
{
    const fm_value *arguments = replacement->arguments;
    if (is_string(arguments[0]) && is_string(arguments[1]) && is_string(arguments[2])) {
        return replace_in_string(context, replacement);
    }
    struct fm_sequence parts[3];
    for (uint32_t i = 0; i < 3; i++) {
        parts[i] = fm_argument_sequence(context, fm_argument_of(replacement->operator_name, i + 1),
                                        arguments[i]);
    }
    struct fm_sequence s = parts[1];
    struct fm_sequence t = parts[2];
    struct fm_value_list out = {0};
    bool done = false;
    if (t.count == 0 && s.count == 0) {
        push_all(context, &out, parts[0]);
    }
    uint32_t i = 0;
    while (i < t.count) {
        struct fm_sequence rest = {t.at + i, t.count - i};
        bool match = !done && rest.count >= s.count && begins_with(context, rest, s);
        if (match) {
            push_all(context, &out, parts[0]);
            i += s.count;
            done = replacement->once;
        }
        if ((!match || s.count == 0) && i < t.count) {
            fm_value_list_push(context, &out, t.at[i++]);
        }
    }
    return fm_tuple(context->values, out.at, out.count);
}

static fm_value seqs_replace_first(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    return replace(context, &(struct replacement){"ReplaceFirstSubSeq", arguments, true});
}

static fm_value seqs_replace_all(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    return replace(context, &(struct replacement){"ReplaceAllSubSeqs", arguments, false});
}

#define ROW(name, arity, call)                                                                     \
    {                                                                                              \
        "SequencesExt", name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                  \
    }

static const struct fm_native rows[] = {
    ROW("ToSet", 1, seqs_to_set),
    ROW("SetToSeq", 1, seqs_from_set),
    ROW("SetToSeqs", 1, seqs_all_from_set),
    ROW("SetToSortSeq", 2, seqs_sorted_from_set),
    ROW("FoldSeq", 3, seqs_fold),
    ROW("FoldLeft", 3, seqs_fold_left),
    ROW("FoldRight", 3, seqs_fold_right),
    ROW("FoldLeftDomain", 3, seqs_fold_left_domain),
    ROW("FoldRightDomain", 3, seqs_fold_right_domain),
    ROW("Contains", 2, seqs_contains),
    ROW("SelectInSeq", 2, seqs_select_in_seq),
    ROW("SelectLastInSeq", 2, seqs_select_last_in_seq),
    ROW("SelectInSubSeq", 4, seqs_select_in_subseq),
    ROW("SelectLastInSubSeq", 4, seqs_select_last_in_subseq),
    ROW("Reverse", 1, seqs_reverse),
    ROW("Remove", 2, seqs_remove),
    ROW("RemoveFirst", 2, seqs_remove_first),
    ROW("RemoveFirstMatch", 2, seqs_remove_first_match),
    ROW("Cons", 2, seqs_cons),
    ROW("Last", 1, seqs_last),
    ROW("FlattenSeq", 1, seqs_flatten),
    ROW("IsPrefix", 2, seqs_is_prefix),
    ROW("Prefixes", 1, seqs_prefixes),
    ROW("Suffixes", 1, seqs_suffixes),
    ROW("LongestCommonPrefix", 1, seqs_common_prefix),
    ROW("AllSubSeqs", 1, seqs_all_subseqs),
    ROW("ReplaceFirstSubSeq", 3, seqs_replace_first),
    ROW("ReplaceAllSubSeqs", 3, seqs_replace_all),
};

struct fm_native_rows fm_natives_sequencesext(void)
{
    return FM_NATIVE_ROWS(rows);
}
