/* Sieves: what a formula says of an element alone, decided while emitting.
 *
 *     \E m \in msgs : /\ m.type = "1b"        \A m \in msgs : m.type = "1b" => ...
 *                     /\ m.bal = b
 *                     /\ ...                  {m \in msgs : m.type = "1b" /\ ...}
 *
 * walk a set of bits over a universe that is known, and ask of each element what depends on the
 * element only. So the formula is judged for every element of the universe by the interpreter;
 * those that decide it (FALSE here, TRUE under \A) are taken off by a mask, and what is true of all
 * that remain is not asked again (fm_emit_is_assumed). Where all that remain are of one part of a
 * sum of shapes, such as the messages of one type, the element is taken for one of that part.
 *
 * Nothing may be decided that evaluation would not reach: conjuncts are judged from left to right
 * up to the first one that is not known, because it depends on the state or because its evaluation
 * fails. An element is taken off only for a conjunct before that one, so whatever would fail still
 * fails, in the same order. */
#include "native/piece.h"

#include "native/emit_value.h"

#include <inttypes.h>

enum judgement { OPEN = -1, NO, YES };

static enum judgement judge(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame)
{
    fm_value value = fm_emit_fold(emit, node, frame);
    if (!fm_is_none(value)) {
        return !fm_is_bool(value) ? OPEN : fm_is_true(value) ? YES : NO;
    }
    if (node->op == FM_OP_LABEL) {
        return judge(emit, node->kids[0], frame);
    }
    if (node->op == FM_OP_IMPLIES) {
        enum judgement first = judge(emit, node->kids[0], frame);
        return first == NO ? YES : first == YES ? judge(emit, node->kids[1], frame) : OPEN;
    }
    if (node->op != FM_OP_AND && node->op != FM_OP_OR) {
        return OPEN;
    }
    enum judgement neutral = node->op == FM_OP_AND ? YES : NO;
    for (uint32_t i = 0; i < node->count; i++) {
        enum judgement kid = judge(emit, node->kids[i], frame);
        if (kid != neutral) {
            return kid;
        }
    }
    return neutral;
}

/* Whether the formula is known to hold for each element of the mask. */
static bool holds_for_all(struct fm_emit *emit, const struct fm_node *node,
                          const struct fm_emit_sieve *sieve)
{
    struct fm_emit_slot *slot = &sieve->frame->slots[sieve->slot];
    for (uint32_t i = 0; i < sieve->set->value_count; i++) {
        if ((sieve->mask[i / 64] >> (i % 64) & 1) == 0) {
            continue;
        }
        *slot = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                      .term = fm_emit_known(emit, sieve->set->values[i])};
        if (judge(emit, node, sieve->frame) != YES) {
            return false;
        }
    }
    return true;
}

/* Conjuncts from the first one on that hold for all that remain; false when one does not. */
static bool assume(struct fm_emit *emit, const struct fm_node *node,
                   const struct fm_emit_sieve *sieve)
{
    if (node->op == FM_OP_LABEL) {
        return assume(emit, node->kids[0], sieve);
    }
    if (node->op == FM_OP_AND) {
        for (uint32_t i = 0; i < node->count; i++) {
            if (!assume(emit, node->kids[i], sieve)) {
                return false;
            }
        }
        return true;
    }
    if (!holds_for_all(emit, node, sieve)) {
        return false;
    }
    struct fm_emit_assumption assumption = {node, sieve->frame};
    fm_vec_push(&emit->assumed, assumption);
    return true;
}

static const char *mask_name(struct fm_emit *emit, const struct fm_emit_sieve *sieve)
{
    uint32_t words = (sieve->set->value_count + 63) / 64;
    if (!fm_shape_is_struct(sieve->set)) {
        return fm_emit_format(emit, "UINT64_C(0x%" PRIx64 ")", sieve->mask[0]);
    }
    struct fm_text table = {0};
    for (uint32_t k = 0; k < words; k++) {
        fm_text_printf(&table, "%sUINT64_C(0x%" PRIx64 ")", k == 0 ? "{" : ", ", sieve->mask[k]);
    }
    fm_text_puts(&table, "}");
    const char *name = fm_emit_static(emit, "sieve", "uint64_t",
                                      fm_emit_format(emit, "[%u]", words), fm_text_string(&table));
    fm_text_deinit(&table);
    return name;
}

/* The part of a SUM that all elements of the mask are of, or UINT32_MAX. */
static uint32_t only_part(struct fm_emit *emit, const struct fm_emit_sieve *sieve)
{
    const struct fm_shape *element = sieve->set->parts[0];
    uint32_t part = UINT32_MAX;
    for (uint32_t i = 0; element->kind == FM_SHAPE_SUM && i < sieve->set->value_count; i++) {
        if ((sieve->mask[i / 64] >> (i % 64) & 1) == 0) {
            continue;
        }
        uint32_t k = 0;
        while (k < element->part_count &&
               !fm_shape_has(emit->shapes, element->parts[k], sieve->set->values[i])) {
            k++;
        }
        if (k == element->part_count || (part != UINT32_MAX && part != k)) {
            return UINT32_MAX;
        }
        part = k;
    }
    return part;
}

struct fm_term fm_emit_sieved_element(struct fm_emit *emit, struct fm_term element, uint32_t part)
{
    if (part == UINT32_MAX || element.shape->kind != FM_SHAPE_SUM || element.code == NULL) {
        return element;
    }
    return fm_emit_coded(element.shape->parts[part],
                         fm_emit_format(emit, "%s.p%u", element.code, part));
}

const char *fm_emit_sieve(struct fm_emit *emit, const struct fm_node *body, bool wanted,
                          struct fm_emit_sieve *sieve)
{
    const struct fm_shape *set = sieve->set;
    sieve->all = false;
    sieve->part = UINT32_MAX;
    if (emit->stores != NULL || set->has_any || set->value_count == 0) {
        return NULL;
    }
    struct fm_emit_slot *slot = &sieve->frame->slots[sieve->slot], before = *slot;
    sieve->mask = fm_arena_calloc(&emit->arena, (set->value_count + 63) / 64, sizeof *sieve->mask);
    bool some = false;
    for (uint32_t i = 0; i < set->value_count; i++) {
        *slot = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                      .term = fm_emit_known(emit, set->values[i])};
        bool off = judge(emit, body, sieve->frame) == (wanted ? NO : YES);
        sieve->mask[i / 64] |= (uint64_t)!off << (i % 64);
        some = some || off;
    }
    if (wanted) {
        sieve->all = assume(emit, body, sieve);
    } else if (body->op == FM_OP_IMPLIES) {
        (void)assume(emit, body->kids[0], sieve);
    }
    *slot = before;
    sieve->part = only_part(emit, sieve);
    return some ? mask_name(emit, sieve) : NULL;
}

bool fm_emit_is_assumed(const struct fm_emit *emit, const struct fm_node *node,
                        const struct fm_emit_frame *frame)
{
    for (uint32_t i = 0; i < emit->assumed.count; i++) {
        if (emit->assumed.at[i].node == node && emit->assumed.at[i].frame == frame) {
            return true;
        }
    }
    return false;
}
