/* Goals in normal form, and the conditions on what a behaviour repeats for ever.
 *
 * Negations go inward: [] and <> are dual, as /\ and \/ are. Then everything that the end of a
 * behaviour alone decides is found. A formula is a tail when its truth is the same at all positions
 * of a behaviour; []<>b and <>[]b are, and so are connectives of tails. With T a tail,
 *
 *     []T = <>T = T     [](F /\ T) = []F /\ T     [](F \/ T) = []F \/ T
 *                       <>(F /\ T) = <>F /\ T     <>(F \/ T) = <>F \/ T
 *
 * and *every* []<>F is a tail, of connectives of []<>b and <>[]b with b boolean: from some position
 * on, a formula <>G is true for ever, namely if []<>G, or false for ever; and []G is true for ever
 * if <>[]G, or else false. Replaced by these, F has no temporal operator left but tails, and
 *
 *     []<>(F \/ G) = []<>F \/ []<>G     []<>(b /\ T) = []<>b /\ T
 *
 * where a disjunction of booleans and tails below a conjunction is multiplied out. <>[]F is dual.
 * That multiplication is the only thing here that can grow, exponentially in the number of
 * disjunctions that mix steps and eventualities below one []<>; it stops at PARTS_MAX, and the
 * search then says so. Weak and strong fairness, negated or not, alone or in any connective, are
 * tails as they stand: nothing is multiplied out.
 *
 * A tail is judged for a strongly connected set of steps (Emerson and Lei, "Modalities for model
 * checking", 1987): INFINITE(b) asks for a step with b among them, LASTING(b) for none without it.
 * So each b is a mark of steps, and what is asked of a step is one row of bits per letter.
 *
 * Recursion follows the nesting of formulas, and stops at DEPTH_MAX. */
#include "liveness/lasso_conditions.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define FALSE_ID 0u
#define TRUE_ID 1u
/* Parts at most: a few megabytes. */
#define PARTS_MAX ((uint32_t)1 << 17)
/* Nested formulas at most: each takes some hundred bytes of stack. */
#define DEPTH_MAX 1000u

typedef FM_VEC(uint32_t) id_list;

static uint32_t settle(struct fm_parts *parts, uint32_t id, enum fm_part_op op);

/* --- parts, each once --- */

static uint32_t hash_of(const struct fm_part *part, const uint32_t *kids)
{
    uint64_t hash = (uint64_t)part->op * 2 + part->is_negated + ((uint64_t)part->atom << 8);
    for (uint32_t i = 0; i < part->count; i++) {
        hash = (hash ^ kids[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static bool is_same(const struct fm_parts *parts, uint32_t id, const struct fm_part *part,
                    const uint32_t *kids)
{
    const struct fm_part *other = fm_part_at(parts, id);
    return other->op == part->op && other->is_negated == part->is_negated &&
           other->atom == part->atom && other->count == part->count &&
           (part->count == 0 ||
            memcmp(fm_part_kids(parts, id), kids, part->count * sizeof *kids) == 0);
}

static uint32_t *slot_of(const struct fm_parts *parts, const struct fm_part *part,
                         const uint32_t *kids)
{
    uint32_t mask = parts->slot_count - 1;
    uint32_t at = hash_of(part, kids) & mask;
    while (parts->slots[at] != 0 && !is_same(parts, parts->slots[at] - 1, part, kids)) {
        at = (at + 1) & mask;
    }
    return &parts->slots[at];
}

static void grow_slots(struct fm_parts *parts)
{
    fm_memory_free(parts->slots);
    parts->slot_count *= 2;
    parts->slots = fm_memory_calloc(parts->slot_count, sizeof *parts->slots);
    for (uint32_t i = 0; i < parts->parts.count; i++) {
        const struct fm_part *part = fm_part_at(parts, i);
        *slot_of(parts, part, fm_part_kids(parts, i)) = i + 1;
    }
}

/* The number of the part; its kids are not in the parts' own list yet. */
static uint32_t intern(struct fm_parts *parts, struct fm_part part, const uint32_t *kids)
{
    uint32_t *slot = slot_of(parts, &part, kids);
    if (*slot != 0) {
        return *slot - 1;
    }
    if (parts->parts.count >= PARTS_MAX || parts->kids.count >= 8 * PARTS_MAX) {
        parts->is_large = true;
        return FALSE_ID;
    }
    part.first = parts->kids.count;
    part.mark = UINT32_MAX;
    for (uint32_t i = 0; i < part.count; i++) {
        fm_vec_push(&parts->kids, kids[i]);
    }
    uint32_t id = parts->parts.count;
    fm_vec_push(&parts->parts, part);
    fm_vec_push(&parts->settled[0], 0);
    fm_vec_push(&parts->settled[1], 0);
    *slot = id + 1;
    if (parts->parts.count * 2 > parts->slot_count) {
        grow_slots(parts);
    }
    return id;
}

void fm_parts_init(struct fm_parts *parts)
{
    *parts = (struct fm_parts){.slot_count = 256};
    parts->slots = fm_memory_calloc(parts->slot_count, sizeof *parts->slots);
    struct fm_part constant = {.op = FM_PART_FALSE, .is_boolean = true, .is_tail = true};
    uint32_t id = intern(parts, constant, NULL);
    fm_assert(id == FALSE_ID);
    constant.op = FM_PART_TRUE;
    id = intern(parts, constant, NULL);
    fm_assert(id == TRUE_ID);
}

void fm_parts_deinit(struct fm_parts *parts)
{
    fm_vec_deinit(&parts->parts);
    fm_vec_deinit(&parts->kids);
    fm_memory_free(parts->slots);
    for (uint32_t i = 0; i < 2; i++) {
        fm_map_deinit(&parts->seen[i]);
        fm_vec_deinit(&parts->settled[i]);
    }
}

static uint32_t literal(struct fm_parts *parts, uint32_t atom, bool is_negated)
{
    struct fm_part part = {
        .op = FM_PART_LITERAL, .is_boolean = true, .atom = atom, .is_negated = is_negated};
    return intern(parts, part, NULL);
}

/* A temporal operator over what has no simpler form. */
static uint32_t unary(struct fm_parts *parts, enum fm_part_op op, uint32_t body)
{
    struct fm_part part = {.op = op, .count = 1};
    part.is_tail = op == FM_PART_INFINITE || op == FM_PART_LASTING;
    return intern(parts, part, &body);
}

/* --- connectives --- */

static enum fm_part_op other_connective(enum fm_part_op op)
{
    return op == FM_PART_AND ? FM_PART_OR : FM_PART_AND;
}

static uint32_t always_or_eventually(struct fm_parts *parts, enum fm_part_op op, uint32_t body);

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static bool list_has(const uint32_t *sorted, uint32_t count, uint32_t id)
{
    return count > 0 && bsearch(&id, sorted, count, sizeof id, compare_ids) != NULL;
}

/* Kids of kids of the same connective, without neutral ones; false: one decides alone. */
static bool flatten(const struct fm_parts *parts, enum fm_part_op op, const uint32_t *ids,
                    uint32_t count, id_list *out)
{
    uint32_t neutral = op == FM_PART_AND ? TRUE_ID : FALSE_ID;
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i] == (TRUE_ID ^ neutral)) {
            return false;
        }
        const struct fm_part *part = fm_part_at(parts, ids[i]);
        if (part->op == op) {
            const uint32_t *kids = fm_part_kids(parts, ids[i]);
            if (!flatten(parts, op, kids, part->count, out)) {
                return false;
            }
        } else if (ids[i] != neutral) {
            fm_vec_push(out, ids[i]);
        }
    }
    return true;
}

static void sort_and_dedupe(id_list *list)
{
    if (list->count < 2) {
        return;
    }
    qsort(list->at, list->count, sizeof *list->at, compare_ids);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < list->count; i++) {
        if (list->at[i] != list->at[kept - 1]) {
            list->at[kept++] = list->at[i];
        }
    }
    list->count = kept;
}

/* Whether a literal stands beside its negation. */
static bool contradicts(struct fm_parts *parts, const id_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct fm_part part = *fm_part_at(parts, list->at[i]);
        if (part.op == FM_PART_LITERAL) {
            part.is_negated = !part.is_negated;
            uint32_t slot = *slot_of(parts, &part, NULL);
            if (slot != 0 && list_has(list->at, list->count, slot - 1)) {
                return true;
            }
        }
    }
    return false;
}

/* Takes the kids with this operator out of the list when there are several, and puts the operator
 * of the connective of their bodies in: []F /\ []G is [](F /\ G), and so on. */
static void merge_operator(struct fm_parts *parts, enum fm_part_op op, enum fm_part_op temporal,
                           id_list *list)
{
    id_list bodies = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        if (fm_part_at(parts, list->at[i])->op == temporal) {
            fm_vec_push(&bodies, fm_part_kids(parts, list->at[i])[0]);
        }
    }
    if (bodies.count > 1) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < list->count; i++) {
            if (fm_part_at(parts, list->at[i])->op != temporal) {
                list->at[kept++] = list->at[i];
            }
        }
        list->count = kept;
        uint32_t body = fm_parts_join(parts, op, bodies.at, bodies.count);
        uint32_t merged = temporal == FM_PART_ALWAYS || temporal == FM_PART_EVENTUALLY
                              ? always_or_eventually(parts, temporal, body)
                              : settle(parts, body, temporal);
        fm_vec_push(list, merged);
    }
    fm_vec_deinit(&bodies);
}

/* Boolean kids beside others become one kid. */
static void group_booleans(struct fm_parts *parts, enum fm_part_op op, id_list *list)
{
    id_list booleans = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        if (fm_part_at(parts, list->at[i])->is_boolean) {
            fm_vec_push(&booleans, list->at[i]);
        }
    }
    if (booleans.count > 1 && booleans.count < list->count) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < list->count; i++) {
            if (!fm_part_at(parts, list->at[i])->is_boolean) {
                list->at[kept++] = list->at[i];
            }
        }
        list->count = kept;
        struct fm_part part = {.op = op, .is_boolean = true, .count = booleans.count};
        fm_vec_push(list, intern(parts, part, booleans.at));
        sort_and_dedupe(list);
    }
    fm_vec_deinit(&booleans);
}

static uint32_t intern_connective(struct fm_parts *parts, enum fm_part_op op, const id_list *list)
{
    if (list->count == 0) {
        return op == FM_PART_AND ? TRUE_ID : FALSE_ID;
    }
    if (list->count == 1) {
        return list->at[0];
    }
    struct fm_part part = {.op = op, .is_boolean = true, .is_tail = true, .count = list->count};
    for (uint32_t i = 0; i < list->count; i++) {
        part.is_boolean = part.is_boolean && fm_part_at(parts, list->at[i])->is_boolean;
        part.is_tail = part.is_tail && fm_part_at(parts, list->at[i])->is_tail;
    }
    return intern(parts, part, list->at);
}

uint32_t fm_parts_join(struct fm_parts *parts, enum fm_part_op op, const uint32_t *ids,
                       uint32_t count)
{
    uint32_t decided = op == FM_PART_AND ? FALSE_ID : TRUE_ID;
    id_list given = {0}, list = {0};
    bool is_open = flatten(parts, op, ids, count, &given);
    if (is_open) {
        merge_operator(parts, op, op == FM_PART_AND ? FM_PART_ALWAYS : FM_PART_EVENTUALLY, &given);
        merge_operator(parts, op, op == FM_PART_AND ? FM_PART_LASTING : FM_PART_INFINITE, &given);
        is_open = flatten(parts, op, given.at, given.count, &list);
    }
    uint32_t result = decided;
    if (is_open) {
        sort_and_dedupe(&list);
        if (!contradicts(parts, &list)) {
            group_booleans(parts, op, &list);
            result = intern_connective(parts, op, &list);
        }
    }
    fm_vec_deinit(&given);
    fm_vec_deinit(&list);
    return result;
}

/* --- temporal operators --- */

/* [] of a conjunction (<> of a disjunction): tails and []<> stand outside, [] inside is idle. */
static uint32_t over_own_connective(struct fm_parts *parts, enum fm_part_op op, uint32_t body)
{
    bool is_always = op == FM_PART_ALWAYS;
    enum fm_part_op connective = is_always ? FM_PART_AND : FM_PART_OR;
    enum fm_part_op dual = is_always ? FM_PART_EVENTUALLY : FM_PART_ALWAYS;
    id_list outer = {0}, inner = {0};
    bool changed = false;
    for (uint32_t i = 0; i < fm_part_at(parts, body)->count; i++) {
        uint32_t kid = fm_part_kids(parts, body)[i];
        struct fm_part part = *fm_part_at(parts, kid);
        if (part.is_tail) {
            fm_vec_push(&outer, kid);
        } else if (part.op == dual) {
            uint32_t under = fm_part_kids(parts, kid)[0];
            fm_vec_push(&outer,
                        settle(parts, under, is_always ? FM_PART_INFINITE : FM_PART_LASTING));
        } else {
            fm_vec_push(&inner, part.op == op ? fm_part_kids(parts, kid)[0] : kid);
            changed = changed || part.op == op;
        }
    }
    uint32_t result;
    if (outer.count == 0 && !changed) {
        result = unary(parts, op, body);
    } else {
        uint32_t rest = fm_parts_join(parts, connective, inner.at, inner.count);
        fm_vec_push(&outer, always_or_eventually(parts, op, rest));
        result = fm_parts_join(parts, connective, outer.at, outer.count);
    }
    fm_vec_deinit(&outer);
    fm_vec_deinit(&inner);
    return result;
}

/* [] of a disjunction (<> of a conjunction): tails stand outside. */
static uint32_t over_other_connective(struct fm_parts *parts, enum fm_part_op op, uint32_t body)
{
    enum fm_part_op connective = op == FM_PART_ALWAYS ? FM_PART_OR : FM_PART_AND;
    id_list outer = {0}, inner = {0};
    for (uint32_t i = 0; i < fm_part_at(parts, body)->count; i++) {
        uint32_t kid = fm_part_kids(parts, body)[i];
        if (fm_part_at(parts, kid)->is_tail) {
            fm_vec_push(&outer, kid);
        } else {
            fm_vec_push(&inner, kid);
        }
    }
    uint32_t result;
    if (outer.count == 0) {
        result = unary(parts, op, body);
    } else {
        uint32_t rest = fm_parts_join(parts, connective, inner.at, inner.count);
        fm_vec_push(&outer, always_or_eventually(parts, op, rest));
        result = fm_parts_join(parts, connective, outer.at, outer.count);
    }
    fm_vec_deinit(&outer);
    fm_vec_deinit(&inner);
    return result;
}

/* Whether one may descend; then `leave` is called. */
static bool enter(struct fm_parts *parts)
{
    if (parts->is_large || parts->depth >= DEPTH_MAX) {
        parts->is_large = true;
        return false;
    }
    parts->depth++;
    return true;
}

static uint32_t leave(struct fm_parts *parts, uint32_t id)
{
    parts->depth--;
    return id;
}

/* ALWAYS or EVENTUALLY of a part in normal form. */
static uint32_t always_or_eventually(struct fm_parts *parts, enum fm_part_op op, uint32_t body)
{
    const struct fm_part *part = fm_part_at(parts, body);
    if (part->is_tail || part->op == op) {
        return body;
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    uint32_t result;
    if (part->op == FM_PART_EVENTUALLY || part->op == FM_PART_ALWAYS) {
        result = settle(parts, fm_part_kids(parts, body)[0],
                        op == FM_PART_ALWAYS ? FM_PART_INFINITE : FM_PART_LASTING);
    } else if (part->op == (op == FM_PART_ALWAYS ? FM_PART_AND : FM_PART_OR)) {
        result = over_own_connective(parts, op, body);
    } else if (part->op == (op == FM_PART_ALWAYS ? FM_PART_OR : FM_PART_AND)) {
        result = over_other_connective(parts, op, body);
    } else {
        result = unary(parts, op, body);
    }
    return leave(parts, result);
}

/* The part with its temporal operators replaced by what they are in the end. */
static uint32_t stable(struct fm_parts *parts, uint32_t id)
{
    struct fm_part part = *fm_part_at(parts, id);
    if (part.is_boolean || part.is_tail) {
        return id;
    }
    if (part.op == FM_PART_ALWAYS || part.op == FM_PART_EVENTUALLY) {
        return settle(parts, fm_part_kids(parts, id)[0],
                      part.op == FM_PART_ALWAYS ? FM_PART_LASTING : FM_PART_INFINITE);
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    id_list list = {0};
    for (uint32_t i = 0; i < part.count; i++) {
        fm_vec_push(&list, stable(parts, fm_part_kids(parts, id)[i]));
    }
    uint32_t result = fm_parts_join(parts, part.op, list.at, list.count);
    fm_vec_deinit(&list);
    return leave(parts, result);
}

static uint32_t settle_mixed(struct fm_parts *parts, uint32_t id, enum fm_part_op op);

/* The first of `kids` that mixes steps and tails, multiplied out; tails stand outside. */
static uint32_t multiply_out(struct fm_parts *parts, uint32_t id, enum fm_part_op op)
{
    enum fm_part_op connective = fm_part_at(parts, id)->op;
    id_list tails = {0}, others = {0}, terms = {0};
    uint32_t mixed = UINT32_MAX;
    for (uint32_t i = 0; i < fm_part_at(parts, id)->count; i++) {
        uint32_t kid = fm_part_kids(parts, id)[i];
        if (fm_part_at(parts, kid)->is_tail) {
            fm_vec_push(&tails, kid);
        } else if (mixed == UINT32_MAX && !fm_part_at(parts, kid)->is_boolean) {
            mixed = kid;
        } else {
            fm_vec_push(&others, kid);
        }
    }
    if (mixed == UINT32_MAX) {
        uint32_t rest = fm_parts_join(parts, connective, others.at, others.count);
        fm_vec_push(&tails, settle_mixed(parts, rest, op));
    } else {
        for (uint32_t i = 0; i < fm_part_at(parts, mixed)->count && !parts->is_large; i++) {
            fm_vec_push(&others, fm_part_kids(parts, mixed)[i]);
            uint32_t term = fm_parts_join(parts, connective, others.at, others.count);
            fm_vec_push(&terms, settle_mixed(parts, term, op));
            others.count--;
        }
        fm_vec_push(&tails,
                    fm_parts_join(parts, other_connective(connective), terms.at, terms.count));
    }
    uint32_t result = fm_parts_join(parts, connective, tails.at, tails.count);
    fm_vec_deinit(&tails);
    fm_vec_deinit(&others);
    fm_vec_deinit(&terms);
    return result;
}

/* []<> (INFINITE) or <>[] (LASTING) of connectives of booleans and tails. */
static uint32_t settle_mixed(struct fm_parts *parts, uint32_t id, enum fm_part_op op)
{
    struct fm_part part = *fm_part_at(parts, id);
    if (part.is_tail) {
        return id;
    }
    if (part.is_boolean) {
        return unary(parts, op, id);
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    if (part.op != (op == FM_PART_INFINITE ? FM_PART_OR : FM_PART_AND)) {
        return leave(parts, multiply_out(parts, id, op));
    }
    id_list list = {0};
    for (uint32_t i = 0; i < part.count; i++) {
        fm_vec_push(&list, settle_mixed(parts, fm_part_kids(parts, id)[i], op));
    }
    uint32_t result = fm_parts_join(parts, part.op, list.at, list.count);
    fm_vec_deinit(&list);
    return leave(parts, result);
}

/* []<> (INFINITE) or <>[] (LASTING) of any part. */
static uint32_t settle(struct fm_parts *parts, uint32_t id, enum fm_part_op op)
{
    uint32_t which = op == FM_PART_INFINITE ? 0 : 1;
    if (parts->settled[which].at[id] != 0) {
        return parts->settled[which].at[id] - 1;
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    uint32_t result = settle_mixed(parts, stable(parts, id), op);
    parts->settled[which].at[id] = result + 1;
    return leave(parts, result);
}

/* --- from formulas --- */

static uint32_t part_of(struct fm_parts *parts, const struct fm_temporal *formula, bool negated);

static uint32_t part_of_kids(struct fm_parts *parts, const struct fm_temporal *formula,
                             bool negated)
{
    enum fm_part_op op = (formula->op == FM_TEMPORAL_AND) != negated ? FM_PART_AND : FM_PART_OR;
    id_list list = {0};
    for (uint32_t i = 0; i < formula->count; i++) {
        fm_vec_push(&list, part_of(parts, formula->kids[i], negated));
    }
    uint32_t result = fm_parts_join(parts, op, list.at, list.count);
    fm_vec_deinit(&list);
    return result;
}

static uint32_t part_of_new(struct fm_parts *parts, const struct fm_temporal *formula, bool negated)
{
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
        return negated ? FALSE_ID : TRUE_ID;
    case FM_TEMPORAL_FALSE:
        return negated ? TRUE_ID : FALSE_ID;
    case FM_TEMPORAL_ATOM:
        return literal(parts, formula->atom, negated);
    case FM_TEMPORAL_NOT:
        return part_of(parts, formula->kids[0], !negated);
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR:
        return part_of_kids(parts, formula, negated);
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        return always_or_eventually(
            parts,
            (formula->op == FM_TEMPORAL_ALWAYS) != negated ? FM_PART_ALWAYS : FM_PART_EVENTUALLY,
            part_of(parts, formula->kids[0], negated));
    }
    fm_unreachable();
}

static uint32_t part_of(struct fm_parts *parts, const struct fm_temporal *formula, bool negated)
{
    struct fm_map *seen = &parts->seen[negated];
    void *known = fm_map_get(seen, formula);
    if (known != NULL) {
        return (uint32_t)((uintptr_t)known - 1);
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    uint32_t id = part_of_new(parts, formula, negated);
    fm_map_put(seen, formula, (void *)((uintptr_t)id + 1));
    return leave(parts, id);
}

uint32_t fm_parts_of_goal(struct fm_parts *parts, const struct fm_goal *goal)
{
    id_list list = {0};
    for (uint32_t i = 0; i < goal->conjunct_count; i++) {
        fm_vec_push(&list, part_of(parts, goal->conjuncts[i], false));
    }
    uint32_t result = fm_parts_join(parts, FM_PART_AND, list.at, list.count);
    fm_vec_deinit(&list);
    return result;
}

/* --- marks --- */

static uint32_t negate(struct fm_parts *parts, uint32_t id)
{
    struct fm_part part = *fm_part_at(parts, id);
    if (id == FALSE_ID || id == TRUE_ID) {
        return id ^ TRUE_ID;
    }
    if (part.op == FM_PART_LITERAL) {
        return literal(parts, part.atom, !part.is_negated);
    }
    if (!enter(parts)) {
        return FALSE_ID;
    }
    id_list list = {0};
    for (uint32_t i = 0; i < part.count; i++) {
        fm_vec_push(&list, negate(parts, fm_part_kids(parts, id)[i]));
    }
    uint32_t result = fm_parts_join(parts, other_connective(part.op), list.at, list.count);
    fm_vec_deinit(&list);
    return leave(parts, result);
}

void fm_marks_assign(struct fm_marks *marks, struct fm_parts *parts, const uint32_t *roots,
                     uint32_t root_count)
{
    *marks = (struct fm_marks){0};
    uint32_t total = parts->parts.count;
    uint8_t *wanted = fm_memory_calloc(total, 1);
    for (uint32_t i = 0; i < root_count; i++) {
        wanted[roots[i]] = 1;
    }
    id_list of = {0};
    uint32_t *mark_of = fm_memory_calloc((size_t)total * 2 + 2, sizeof *mark_of);
    uint32_t room = total * 2 + 2;
    for (uint32_t id = total; id-- > 0;) {
        if (wanted[id] == 0) {
            continue;
        }
        struct fm_part part = *fm_part_at(parts, id);
        if (part.op != FM_PART_INFINITE && part.op != FM_PART_LASTING) {
            for (uint32_t i = 0; i < part.count; i++) {
                wanted[fm_part_kids(parts, id)[i]] = 1;
            }
            continue;
        }
        uint32_t body = fm_part_kids(parts, id)[0];
        body = part.op == FM_PART_INFINITE ? body : negate(parts, body);
        while (body >= room) {
            mark_of = fm_memory_resize(mark_of, (size_t)room * 2 * sizeof *mark_of);
            memset(mark_of + room, 0, room * sizeof *mark_of);
            room *= 2;
        }
        if (mark_of[body] == 0) {
            fm_vec_push(&of, body);
            mark_of[body] = of.count;
        }
        parts->parts.at[id].mark = mark_of[body] - 1;
    }
    marks->letter_marks = of.count;
    marks->count = of.count;
    marks->parts = of.at;
    fm_memory_free(wanted);
    fm_memory_free(mark_of);
}

uint32_t *fm_parts_below(const struct fm_parts *parts, const uint32_t *roots, uint32_t root_count,
                         uint32_t *count)
{
    uint32_t total = parts->parts.count;
    uint8_t *wanted = fm_memory_calloc(total, 1);
    for (uint32_t i = 0; i < root_count; i++) {
        wanted[roots[i]] = 1;
    }
    *count = 0;
    for (uint32_t id = total; id-- > 0;) {
        *count += wanted[id];
        for (uint32_t i = 0; wanted[id] != 0 && i < fm_part_at(parts, id)->count; i++) {
            wanted[fm_part_kids(parts, id)[i]] = 1;
        }
    }
    uint32_t *ids = fm_memory_alloc(*count * sizeof *ids);
    uint32_t used = 0;
    for (uint32_t id = 0; id < total; id++) {
        if (wanted[id] != 0) {
            ids[used++] = id;
        }
    }
    fm_memory_free(wanted);
    return ids;
}

static uint8_t judge_kids(const struct fm_parts *parts, uint32_t id, const uint8_t *values)
{
    const uint32_t *kids = fm_part_kids(parts, id);
    uint8_t decided = fm_part_at(parts, id)->op == FM_PART_OR;
    for (uint32_t i = 0; i < fm_part_at(parts, id)->count; i++) {
        if (values[kids[i]] == decided) {
            return decided;
        }
    }
    return !decided;
}

void fm_parts_judge(const struct fm_parts *parts, const uint32_t *wanted, uint32_t count,
                    const uint64_t *letter, uint8_t *values)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_part *part = fm_part_at(parts, wanted[i]);
        fm_assert_slow(part->is_boolean);
        if (part->op == FM_PART_LITERAL) {
            values[wanted[i]] = fm_bits_has(letter, part->atom) != part->is_negated;
        } else if (part->count > 0) {
            values[wanted[i]] = judge_kids(parts, wanted[i], values);
        } else {
            values[wanted[i]] = part->op == FM_PART_TRUE;
        }
    }
}

void fm_marks_fill(struct fm_marks *marks, const struct fm_parts *parts,
                   const struct fm_graph *graph, uint32_t extra)
{
    marks->count = marks->letter_marks + extra;
    marks->words = marks->count == 0 ? 1 : (marks->count + 63) / 64;
    marks->letter_count = fm_graph_letter_count(graph);
    marks->rows = fm_memory_calloc((size_t)marks->letter_count * marks->words, sizeof *marks->rows);
    uint32_t wanted_count;
    uint32_t *wanted = fm_parts_below(parts, marks->parts, marks->letter_marks, &wanted_count);
    uint8_t *values = fm_memory_calloc(parts->parts.count, 1);
    for (uint32_t letter = 0; letter < marks->letter_count; letter++) {
        fm_parts_judge(parts, wanted, wanted_count, fm_graph_letter_words_of(graph, letter),
                       values);
        for (uint32_t i = 0; i < marks->letter_marks; i++) {
            if (values[marks->parts[i]] != 0) {
                fm_bits_add(marks->rows + (size_t)letter * marks->words, i);
            }
        }
    }
    fm_memory_free(wanted);
    fm_memory_free(values);
}

void fm_marks_deinit(struct fm_marks *marks)
{
    fm_memory_free(marks->rows);
    fm_memory_free(marks->parts);
    *marks = (struct fm_marks){0};
}

enum fm_tail_value fm_tail_judge(const struct fm_parts *parts, uint32_t id, const uint64_t *marks)
{
    const struct fm_part *part = fm_part_at(parts, id);
    fm_assert_slow(part->is_tail);
    if (part->op == FM_PART_INFINITE) {
        return fm_bits_has(marks, part->mark) ? FM_TAIL_YES : FM_TAIL_NO;
    }
    if (part->op == FM_PART_LASTING) {
        return fm_bits_has(marks, part->mark) ? FM_TAIL_OPEN : FM_TAIL_YES;
    }
    const uint32_t *kids = fm_part_kids(parts, id);
    bool is_or = part->op == FM_PART_OR;
    enum fm_tail_value result = is_or || part->op == FM_PART_FALSE ? FM_TAIL_NO : FM_TAIL_YES;
    for (uint32_t i = 0; i < part->count; i++) {
        enum fm_tail_value value = fm_tail_judge(parts, kids[i], marks);
        if (is_or ? value > result : value < result) {
            result = value;
        }
    }
    return result;
}
