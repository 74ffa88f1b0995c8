/* Enumerated sets: construction, normal form, membership, algebra.
 *
 * A SET is built as its expression gave it, possibly unsorted and with repetitions, and brought
 * into normal form (sorted by fm_value_compare, distinct) in place when that is first needed. The
 * delay is TLC's and can be observed: {1, "a"} is no error until somebody compares its elements.
 * Elements that are all small integers, all strings or all model values of one type can always be
 * compared, so such a set is normalized at once and flagged; searches and merges of flagged sets
 * compare keys inside the word instead of calling compare.
 *
 * Sorting is a merge sort that drops equal elements on the way. An error may leave it at any
 * comparison; at that moment the array still holds every distinct element (only repetitions have
 * been overwritten), so the set stays what it was.
 *
 * Union, intersection and difference of sets with known digests adjust the sum; they return an
 * operand itself when the result equals it, which keeps its digest and its memory. */
#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

/* Elements sorted by insertion: below, merging costs more than it saves. */
#define INSERTION_COUNT_MAX 12u
/* Elements of a set not yet normal that membership scans one by one, as TLC does, before it
 * normalizes: scanning finds 1 in {1, "a"}. */
#define SCAN_COUNT_MAX 16u

static const struct fm_object empty_set = {
    .kind = FM_KIND_SET, .flags = FM_OBJECT_NORMAL | FM_OBJECT_DIGEST | FM_OBJECT_FROZEN};

fm_value fm_set_empty(void)
{
    return fm_of_object(&empty_set);
}

_Noreturn void fm_raise_not_set(struct fm_value_context *context, fm_value v, const char *use)
{
    fm_value_raise(context, FM_CODE_4006, "%s must be a set, but it is %s", use,
                   fm_value_describe(context, v));
}

/* --- construction --- */

uint32_t fm_set_classify(const fm_value *elements, uint32_t count)
{
    if (count == 0 || fm_is_object(elements[0]) || fm_is_bool(elements[0])) {
        return 0;
    }
    uint64_t tag = elements[0].bits & 7u;
    char type = tag == FM_TAG_MODEL ? fm_model_type(elements[0]) : '\0';
    for (uint32_t i = 1; i < count; i++) {
        if ((elements[i].bits & 7u) != tag ||
            (tag == FM_TAG_MODEL && fm_model_type(elements[i]) != type)) {
            return 0;
        }
    }
    return tag == FM_TAG_INT ? FM_OBJECT_INTS : FM_OBJECT_SYMBOLS;
}

struct fm_array *fm_set_alloc(struct fm_value_context *context, uint32_t count, uint32_t flags)
{
    struct fm_array *set = fm_arena_alloc(context->arena, sizeof *set + count * sizeof(fm_value));
    set->head = (struct fm_object){.kind = FM_KIND_SET, .flags = (uint8_t)flags, .count = count};
    return set;
}

fm_value fm_set_normal(struct fm_value_context *context, const fm_value *elements, uint32_t count)
{
    if (count == 0) {
        return fm_set_empty();
    }
    struct fm_array *set = fm_set_alloc(context, count,
                                        FM_OBJECT_NORMAL | fm_set_classify(elements, count));
    memcpy(set->elements, elements, count * sizeof *elements);
    return fm_of_object(set);
}

fm_value fm_set(struct fm_value_context *context, const fm_value *elements, uint32_t count)
{
    if (count <= 1) {
        return fm_set_normal(context, elements, count);
    }
    uint32_t flags = fm_set_classify(elements, count);
    struct fm_array *set = fm_set_alloc(context, count, 0);
    memcpy(set->elements, elements, count * sizeof *elements);
    if (flags != 0) {
        fm_set_normalize(context, fm_of_object(set));
    }
    return fm_of_object(set);
}

/* --- normal form --- */

static inline int order(struct fm_value_context *context, fm_value a, fm_value b, bool atoms)
{
    if (atoms) {
        int64_t x = fm_atom_key(a), y = fm_atom_key(b);
        return (x > y) - (x < y);
    }
    return fm_value_compare(context, a, b);
}

struct sorter {
    struct fm_value_context *context;
    fm_value *scratch; /* room for all elements */
    bool atoms;
};

/* Sorted and distinct at[0..result); at[result..count) keeps repetitions. */
static uint32_t sort_few(const struct sorter *sorter, fm_value *at, uint32_t count)
{
    uint32_t sorted = 1;
    for (uint32_t i = 1; i < count; i++) {
        fm_value element = at[i];
        uint32_t below = 0, above = sorted;
        int last = order(sorter->context, element, at[sorted - 1], sorter->atoms);
        if (last > 0) {
            below = sorted; /* already in order: the common case */
        }
        bool found = last == 0;
        while (!found && below < above) {
            uint32_t middle = below + (above - below) / 2;
            int o = order(sorter->context, element, at[middle], sorter->atoms);
            found = o == 0;
            if (o < 0) {
                above = middle;
            } else {
                below = middle + 1;
            }
        }
        if (!found) {
            memmove(at + below + 1, at + below, (sorted - below) * sizeof *at);
            at[below] = element;
            sorted++;
        }
    }
    return sorted;
}

/* Merges at[0..left) and right[0..right_count), which lies behind it, into at. */
static uint32_t merge_runs(const struct sorter *sorter, fm_value *at, uint32_t left,
                           const fm_value *right, uint32_t right_count)
{
    fm_value *out = sorter->scratch;
    uint32_t i = 0, j = 0, n = 0;
    while (i < left && j < right_count) {
        int o = order(sorter->context, at[i], right[j], sorter->atoms);
        out[n++] = o <= 0 ? at[i] : right[j];
        i += o <= 0;
        j += o >= 0;
    }
    while (i < left) {
        out[n++] = at[i++];
    }
    while (j < right_count) {
        out[n++] = right[j++];
    }
    memcpy(at, out, n * sizeof *at);
    return n;
}

static uint32_t sort_unique(const struct sorter *sorter, fm_value *at, uint32_t count)
{
    if (count <= INSERTION_COUNT_MAX) {
        return sort_few(sorter, at, count);
    }
    uint32_t half = count / 2;
    uint32_t left = sort_unique(sorter, at, half);
    uint32_t right = sort_unique(sorter, at + half, count - half);
    if (order(sorter->context, at[left - 1], at[half], sorter->atoms) < 0) {
        memmove(at + left, at + half, right * sizeof *at);
        return left + right;
    }
    return merge_runs(sorter, at, left, at + half, right);
}

void fm_set_normalize(struct fm_value_context *context, fm_value v)
{
    if ((fm_value_object(v)->flags & FM_OBJECT_NORMAL) != 0) {
        return;
    }
    fm_value_check_depth(context);
    struct fm_array *set = (struct fm_array *)(void *)fm_writable(v);
    uint32_t count = set->head.count;
    uint32_t flags = fm_set_classify(set->elements, count);
    struct sorter sorter = {context, NULL, flags != 0};
    if (count > INSERTION_COUNT_MAX) {
        sorter.scratch = fm_arena_alloc(context->arena, count * sizeof(fm_value));
    }
    set->head.count = sort_unique(&sorter, set->elements, count);
    set->head.flags |= (uint8_t)(FM_OBJECT_NORMAL | flags);
}

/* --- membership --- */

/* An atom that a search of atoms of the same tag did not find: another type of model value is an
 * error. */
static bool absent_atom(struct fm_value_context *context, const struct fm_array *set, fm_value atom)
{
    return fm_value_tag(atom) == FM_TAG_MODEL &&
           fm_value_equal(context, atom, set->elements[0]); /* raises or is false: types decide */
}

static bool scan(struct fm_value_context *context, const struct fm_array *set, fm_value element)
{
    for (uint32_t i = 0; i < set->head.count; i++) {
        if (fm_value_same(set->elements[i], element)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < set->head.count; i++) {
        if (fm_value_equal(context, set->elements[i], element)) {
            return true;
        }
    }
    return false;
}

/* First place in a normal set whose element is not below; *found tells whether it is equal. */
static uint32_t lower_bound(struct fm_value_context *context, const struct fm_array *set,
                            fm_value element, bool atoms, bool *found)
{
    uint32_t below = 0, above = set->head.count;
    *found = false;
    while (below < above) {
        uint32_t middle = below + (above - below) / 2;
        int o = order(context, element, set->elements[middle], atoms);
        if (o == 0) {
            *found = true;
            return middle;
        }
        if (o < 0) {
            above = middle;
        } else {
            below = middle + 1;
        }
    }
    return below;
}

bool fm_array_member(struct fm_value_context *context, fm_value element, fm_value v)
{
    const struct fm_array *set = fm_as_array(v);
    if (fm_atoms_searchable(set, element)) {
        return fm_atoms_index(set, element) != FM_INDEX_NONE || absent_atom(context, set, element);
    }
    if ((set->head.flags & FM_OBJECT_NORMAL) == 0) {
        if (set->head.count <= SCAN_COUNT_MAX) {
            return scan(context, set, element);
        }
        fm_set_normalize(context, v);
        return fm_array_member(context, element, v);
    }
    bool found;
    (void)lower_bound(context, set, element, false, &found);
    return found;
}

/* --- algebra of normal sets --- */

/* A sum that is being adjusted; useless once a part is met whose digest is unknown. */
struct running_sum {
    struct fm_digest sum;
    bool known;
};

static struct running_sum start_sum(const struct fm_array *set)
{
    return (struct running_sum){set->head.sum, (set->head.flags & FM_OBJECT_DIGEST) != 0};
}

static void sum_changes(struct fm_value_context *context, struct running_sum *running,
                        fm_value element, bool added)
{
    if (!running->known || !fm_digest_known(element)) {
        running->known = false;
        return;
    }
    struct fm_digest part = fm_value_digest(context, element);
    if (added) {
        fm_digest_add(&running->sum, part);
    } else {
        fm_digest_subtract(&running->sum, part);
    }
}

static fm_value finish(struct fm_array *set, const struct running_sum *running)
{
    if (running->known) {
        set->head.sum = running->sum;
        set->head.flags |= FM_OBJECT_DIGEST;
    }
    return fm_of_object(set);
}

/* Flags of a set with the elements of both. */
static uint32_t joint_flags(const struct fm_array *a, const struct fm_array *b)
{
    uint32_t both = a->head.flags & b->head.flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS);
    if (both == FM_OBJECT_SYMBOLS) {
        const fm_value ends[2] = {a->elements[0], b->elements[0]};
        both = fm_set_classify(ends, 2);
    }
    return FM_OBJECT_NORMAL | both;
}

static fm_value insert(struct fm_value_context *context, const struct fm_array *set,
                       const struct fm_array *single)
{
    fm_value element = single->elements[0];
    uint32_t flags = joint_flags(set, single);
    bool found, atoms = (flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS)) != 0;
    uint32_t at = lower_bound(context, set, element, atoms, &found);
    if (found) {
        return fm_of_object(set);
    }
    struct fm_array *result = fm_set_alloc(context, set->head.count + 1, flags);
    memcpy(result->elements, set->elements, at * sizeof(fm_value));
    result->elements[at] = element;
    memcpy(result->elements + at + 1, set->elements + at,
           (set->head.count - at) * sizeof(fm_value));
    struct running_sum running = start_sum(set);
    sum_changes(context, &running, element, true);
    return finish(result, &running);
}

static fm_value merge(struct fm_value_context *context, const struct fm_array *a,
                      const struct fm_array *b)
{
    uint32_t flags = joint_flags(a, b);
    bool atoms = (flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS)) != 0;
    struct fm_array *result = fm_set_alloc(context, a->head.count + b->head.count, flags);
    struct running_sum running = start_sum(a);
    uint32_t i = 0, j = 0, n = 0;
    while (i < a->head.count && j < b->head.count) {
        int o = order(context, a->elements[i], b->elements[j], atoms);
        if (o > 0) {
            sum_changes(context, &running, b->elements[j], true);
        }
        result->elements[n++] = o <= 0 ? a->elements[i] : b->elements[j];
        i += o <= 0;
        j += o >= 0;
    }
    while (i < a->head.count) {
        result->elements[n++] = a->elements[i++];
    }
    for (; j < b->head.count; j++) {
        sum_changes(context, &running, b->elements[j], true);
        result->elements[n++] = b->elements[j];
    }
    if (n == a->head.count) {
        return fm_of_object(a);
    }
    if (n == b->head.count) {
        return fm_of_object(b);
    }
    result->head.count = n;
    return finish(result, &running);
}

static bool is_listed(fm_value v)
{
    return fm_is_kind(v, FM_KIND_SET) || fm_is_kind(v, FM_KIND_INTERVAL);
}

/* Of a SET or INTERVAL. */
static bool is_empty_list(fm_value v)
{
    return fm_value_object(v)->kind == FM_KIND_SET ? fm_value_object(v)->count == 0
                                                   : fm_interval_count(fm_as_interval(v)) == 0;
}

static fm_value union_of_lists(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_value_same(a, b) || is_empty_list(b)) {
        return a;
    }
    if (is_empty_list(a)) {
        return b;
    }
    const struct fm_array *x = fm_set_array(context, a), *y = fm_set_array(context, b);
    if (y->head.count == 1) {
        return insert(context, x, y);
    }
    if (x->head.count == 1) {
        return insert(context, y, x);
    }
    return merge(context, x, y);
}

static fm_value lazy_pair(struct fm_value_context *context, enum fm_kind kind, fm_value a,
                          fm_value b)
{
    struct fm_lazy_set *set = fm_lazy_set_alloc(context, kind, 2);
    set->parts[0] = a;
    set->parts[1] = b;
    return fm_of_object(set);
}

static void need_sets(struct fm_value_context *context, fm_value a, fm_value b, const char *use)
{
    if (!fm_value_is_set(a)) {
        fm_raise_not_set(context, a, use);
    }
    if (!fm_value_is_set(b)) {
        fm_raise_not_set(context, b, use);
    }
}

fm_value fm_set_union(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_sets(context, a, b, "an operand of \\cup");
    bool left = is_listed(a), right = is_listed(b);
    if (left && right) {
        return union_of_lists(context, a, b);
    }
    if (left && is_empty_list(a)) {
        return b;
    }
    if (right && is_empty_list(b)) {
        return a;
    }
    /* TLC puts the enumerated operand first; enumeration as built shows it. */
    return right ? lazy_pair(context, FM_KIND_CUP, b, a) : lazy_pair(context, FM_KIND_CUP, a, b);
}

/* The elements of a, a SET or INTERVAL, that are (keep_members) or are not in b. */
static fm_value filter(struct fm_value_context *context, fm_value a, fm_value b, bool keep_members)
{
    const struct fm_array *set = fm_set_array(context, a);
    struct fm_array *result = NULL; /* made at the first element that is dropped */
    struct running_sum running = start_sum(set);
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->head.count; i++) {
        fm_value element = set->elements[i];
        if (fm_set_member(context, element, b) == keep_members) {
            if (result != NULL) {
                result->elements[n] = element;
            }
            n++;
            continue;
        }
        if (result == NULL) {
            result = fm_set_alloc(context, set->head.count - 1,
                                  set->head.flags &
                                      (FM_OBJECT_NORMAL | FM_OBJECT_INTS | FM_OBJECT_SYMBOLS));
            memcpy(result->elements, set->elements, n * sizeof(fm_value));
        }
        sum_changes(context, &running, element, false);
    }
    if (result == NULL) {
        return fm_value_object(a)->kind == FM_KIND_SET ? a : fm_of_object(set);
    }
    if (n == 0) {
        return fm_set_empty();
    }
    result->head.count = n;
    return finish(result, &running);
}

/* Whether to walk the SET instead of listing the interval. */
static bool interval_is_larger(fm_value interval, fm_value set)
{
    return fm_is_kind(interval, FM_KIND_INTERVAL) && fm_is_kind(set, FM_KIND_SET) &&
           fm_interval_count(fm_as_interval(interval)) > fm_value_object(set)->count;
}

fm_value fm_set_intersection(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_sets(context, a, b, "an operand of \\cap");
    if (interval_is_larger(a, b)) {
        return filter(context, b, a, true);
    }
    if (is_listed(a)) {
        return filter(context, a, b, true);
    }
    if (is_listed(b)) {
        return filter(context, b, a, true);
    }
    return lazy_pair(context, FM_KIND_CAP, a, b);
}

fm_value fm_set_difference(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_sets(context, a, b, "an operand of \\");
    if (is_listed(a)) {
        return is_listed(b) && is_empty_list(b) ? a : filter(context, a, b, false);
    }
    return lazy_pair(context, FM_KIND_DIFF, a, b);
}

/* UNION of enumerated sets, all elements at once. */
static fm_value union_of_sets(struct fm_value_context *context, const struct fm_array *sets)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < sets->head.count; i++) {
        total += fm_value_object(sets->elements[i])->count;
    }
    if (total > UINT32_MAX) {
        fm_value_raise(context, FM_CODE_4008, "UNION of %u sets has too many elements",
                       sets->head.count);
    }
    struct fm_array *result = fm_set_alloc(context, (uint32_t)total, 0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < sets->head.count; i++) {
        const struct fm_array *set = fm_as_array(sets->elements[i]);
        memcpy(result->elements + n, set->elements, set->head.count * sizeof(fm_value));
        n += set->head.count;
    }
    if (n == 0) {
        return fm_set_empty();
    }
    if (n == 1 || fm_set_classify(result->elements, n) != 0) {
        fm_set_normalize(context, fm_of_object(result));
    }
    return fm_of_object(result);
}

fm_value fm_set_big_union(struct fm_value_context *context, fm_value set)
{
    if (!fm_value_is_set(set)) {
        fm_raise_not_set(context, set, "the operand of UNION");
    }
    bool combine = fm_value_object(set)->kind == FM_KIND_SET;
    const struct fm_array *sets = fm_as_array(set);
    for (uint32_t i = 0; combine && i < sets->head.count; i++) {
        combine = fm_is_kind(sets->elements[i], FM_KIND_SET);
    }
    if (!combine) {
        struct fm_lazy_set *lazy = fm_lazy_set_alloc(context, FM_KIND_UNION, 1);
        lazy->parts[0] = set;
        return fm_of_object(lazy);
    }
    if (sets->head.count <= 2) {
        return sets->head.count == 0 ? fm_set_empty()
               : sets->head.count == 1
                   ? sets->elements[0]
                   : union_of_lists(context, sets->elements[0], sets->elements[1]);
    }
    return union_of_sets(context, sets);
}
