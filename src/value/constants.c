/* The table of constants: a vector of sets, and an open-addressed index by digest.
 *
 * Canonical encodings need equal sets to get the same number whatever objects they are, so the
 * table is consulted by content. The object remembers the answer: `constant` holds 1 + the number
 * once found, FM_OBJECT_DYNAMIC that there is none; so the digest of a domain is looked up once in
 * the life of the object, and never for the registered ones. */
#include "value/constants.h"

#include "value/digest.h"
#include "value/view.h"

/* struct fm_object.constant has 16 bits. */
#define CONSTANT_COUNT_MAX ((uint32_t)UINT16_MAX - 1)
#define SLOT_COUNT_FIRST 64u

struct fm_constants_slot {
    struct fm_digest digest;
    uint32_t number; /* 1 + place in sets, 0 is empty */
};

struct fm_constants *fm_constants_new(void)
{
    struct fm_constants *constants = fm_memory_calloc(1, sizeof *constants);
    constants->slot_count = SLOT_COUNT_FIRST;
    constants->slots = fm_memory_calloc(SLOT_COUNT_FIRST, sizeof *constants->slots);
    return constants;
}

void fm_constants_free(struct fm_constants *constants)
{
    if (constants == NULL) {
        return;
    }
    fm_vec_deinit(&constants->sets);
    fm_vec_deinit(&constants->digests);
    fm_vec_deinit(&constants->symbols);
    fm_memory_free(constants->slots);
    fm_memory_free(constants);
}

/* The slot with the digest, or the empty one where it belongs. */
static struct fm_constants_slot *find_slot(const struct fm_constants *constants,
                                           struct fm_digest digest)
{
    uint32_t mask = constants->slot_count - 1;
    uint32_t at = (uint32_t)digest.low & mask;
    while (constants->slots[at].number != 0 &&
           !fm_digest_equal(constants->slots[at].digest, digest)) {
        at = (at + 1) & mask;
    }
    return &constants->slots[at];
}

static void grow_slots(struct fm_constants *constants)
{
    struct fm_constants_slot *old = constants->slots;
    uint32_t count = constants->slot_count;
    constants->slot_count *= 2;
    constants->slots = fm_memory_calloc(constants->slot_count, sizeof *constants->slots);
    for (uint32_t i = 0; i < count; i++) {
        if (old[i].number != 0) {
            *find_slot(constants, old[i].digest) = old[i];
        }
    }
    fm_memory_free(old);
}

static const struct fm_digest *digests_of(struct fm_value_context *context, fm_value set)
{
    struct fm_elements elements = fm_elements_of(set);
    struct fm_digest *digests = fm_arena_alloc(context->arena, elements.count * sizeof *digests);
    for (uint64_t i = 0; i < elements.count; i++) {
        digests[i] = fm_value_digest(context, fm_elements_get(&elements, i));
    }
    return digests;
}

fm_value fm_constants_add(struct fm_value_context *context, struct fm_constants *constants,
                          fm_value set)
{
    if (!fm_is_kind(set, FM_KIND_INTERVAL)) {
        set = fm_set_explicit(context, set);
    }
    struct fm_elements elements = fm_elements_of(set);
    fm_value first = elements.count > 0 ? fm_elements_get(&elements, 0) : fm_none();
    fm_value last = elements.count > 0 ? fm_elements_get(&elements, elements.count - 1) : first;
    bool one_to_n = fm_value_same(first, fm_small(1)) &&
                    fm_value_same(last, fm_small((int64_t)elements.count));
    if (elements.count == 0 || one_to_n || constants->sets.count == CONSTANT_COUNT_MAX) {
        return set;
    }
    if (fm_value_same(set, fm_booleans())) { /* a constant of the program: it cannot be marked */
        set = fm_set_normal(context, elements.at, (uint32_t)elements.count);
    }
    set = fm_value_freeze(context, set);
    struct fm_digest digest = fm_value_digest(context, set);
    struct fm_constants_slot *slot = find_slot(constants, digest);
    if (slot->number != 0) {
        return constants->sets.at[slot->number - 1];
    }
    fm_vec_push(&constants->sets, set);
    fm_vec_push(&constants->digests, digests_of(context, set));
    slot->digest = digest;
    slot->number = constants->sets.count;
    /* The one write to a frozen object: registration precedes sharing. */
    ((struct fm_object *)(uintptr_t)set.bits)->constant = (uint16_t)constants->sets.count;
    if (constants->sets.count * 2 >= constants->slot_count) {
        grow_slots(constants);
    }
    return set;
}

void fm_constants_add_symbols(struct fm_value_context *context, struct fm_constants *constants)
{
    uint32_t count = fm_symbols_count(context->symbols);
    for (uint32_t i = constants->symbols.count; i < count; i++) {
        fm_vec_push(&constants->symbols, fm_symbol_at(context->symbols, i));
    }
}

uint32_t fm_constants_count(const struct fm_constants *constants)
{
    return constants->sets.count;
}

uint32_t fm_constants_find(struct fm_value_context *context, fm_value set)
{
    const struct fm_object *head = fm_value_object(set);
    if (head->constant != 0 || (head->flags & FM_OBJECT_DYNAMIC) != 0 ||
        context->constants == NULL) {
        return context->constants == NULL ? 0 : head->constant;
    }
    uint32_t number = find_slot(context->constants, fm_value_digest(context, set))->number;
    if (!fm_is_frozen(set)) {
        struct fm_object *object = fm_writable(set);
        object->constant = (uint16_t)number;
        object->flags |= (uint8_t)(number == 0 ? FM_OBJECT_DYNAMIC : 0u);
    }
    return number;
}

const struct fm_digest *fm_constants_digests(struct fm_value_context *context, fm_value set)
{
    uint32_t number = fm_value_object(set)->constant;
    return number == 0 || context->constants == NULL ? NULL
                                                     : context->constants->digests.at[number - 1];
}
