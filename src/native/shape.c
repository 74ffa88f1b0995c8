/* The table of shapes: interning, making, and the representation that follows from a shape.
 *
 * A shape is made from parts that are shapes already, so equality of content is equality of the
 * parts' addresses and of the values listed (universes, keys, domains, atoms), which are sorted
 * first. What the constructors get is brought into one form before it is looked up: what has no
 * values is NONE; whatever can only be the empty function is SEQ of NONE with capacity 0, because
 * equal values must be equal bytes and <<>> is a tuple, a record and a function; a function over
 * strings is a RECORD; sets of nothing have NONE as their element.
 *
 * Values that stay in the table are copied and frozen into the arena that the context had when the
 * table was made, so that neither the states they were seen in nor the table must live. Numbers of
 * shapes, orders and hashes depend on contents and on the order of calls only, never on addresses:
 * the same calls give the same table in every run.
 *
 * Everything bounded is bounded here: composites above FM_SHAPE_SIZE_MAX bytes,
 * FM_SHAPE_PARTS_MAX parts, FM_SHAPE_DEPTH_MAX levels, and sets over more than
 * FM_SHAPE_UNIVERSE_MAX values, or over values that TLC could not sort (1 and "a"), are ANY. So a
 * specification that builds ever deeper records does not build ever deeper shapes.
 *
 * The C structs are laid out by hand, in the way every C compiler for our machines lays them out:
 * members in order, each at the next multiple of its alignment, the size a multiple of the largest.
 * Emitted code asserts the sizes. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "value/raise.h"
#include "value/set.h"
#include "value/view.h"

#include <string.h>

#define SLOTS_FIRST 256u
/* Elements of the domain of a FCN at most: each takes at least a byte. */
#define DOMAIN_MAX FM_SHAPE_SIZE_MAX

/* --- the table --- */

struct fm_value_context fm_shapes_keeper(const struct fm_shapes *shapes)
{
    struct fm_value_context keeper = *shapes->context;
    keeper.arena = shapes->kept;
    keeper.on_cache = NULL; /* what is cached on the way stays */
    return keeper;
}

fm_value fm_shapes_keep(struct fm_shapes *shapes, fm_value v)
{
    if (fm_is_atom(v)) {
        return v;
    }
    struct fm_value_context keeper = fm_shapes_keeper(shapes);
    return fm_value_freeze(&keeper, fm_value_copy(&keeper, v));
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

static uint64_t hash_of(struct fm_shapes *shapes, const struct fm_shape *shape)
{
    uint64_t hash = mix((uint64_t)shape->kind + 1, (uint64_t)shape->low);
    hash = mix(mix(hash, (uint64_t)shape->high), shape->capacity);
    for (uint32_t i = 0; i < shape->part_count; i++) {
        hash = mix(hash, shape->parts[i]->number);
    }
    for (uint32_t i = 0; i < shape->value_count; i++) {
        hash = mix(hash, fm_value_digest(shapes->context, shape->values[i]).low);
    }
    return hash;
}

static bool same_content(struct fm_shapes *shapes, const struct fm_shape *a,
                         const struct fm_shape *b)
{
    if (a->kind != b->kind || a->low != b->low || a->high != b->high ||
        a->capacity != b->capacity || a->part_count != b->part_count ||
        a->value_count != b->value_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->part_count; i++) {
        if (a->parts[i] != b->parts[i]) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->value_count; i++) {
        if (fm_value_compare_total(shapes->context, a->values[i], b->values[i]) != 0) {
            return false;
        }
    }
    return true;
}

static void enter_slot(struct fm_shapes *shapes, const struct fm_shape_entry *entry)
{
    uint32_t at = (uint32_t)entry->hash & (shapes->slot_count - 1);
    while (shapes->slots[at] != 0) {
        at = (at + 1) & (shapes->slot_count - 1);
    }
    shapes->slots[at] = entry->shape.number + 1;
}

static void grow_slots(struct fm_shapes *shapes)
{
    if (shapes->entries.count * 2 < shapes->slot_count) {
        return;
    }
    fm_memory_free(shapes->slots);
    shapes->slot_count *= 2;
    shapes->slots = fm_memory_calloc(shapes->slot_count, sizeof *shapes->slots);
    for (uint32_t i = 0; i < shapes->entries.count; i++) {
        enter_slot(shapes, shapes->entries.at[i]);
    }
}

/* --- representation --- */

static uint32_t align_up(uint64_t offset, uint32_t align)
{
    return (uint32_t)((offset + align - 1) / align * align);
}

static uint32_t width_of(uint64_t largest) /* bits of the numbers 0 .. largest */
{
    return largest == 0 ? 0 : 64u - (uint32_t)__builtin_clzll(largest);
}

static uint64_t saturate(uint64_t cardinality)
{
    return cardinality < FM_SHAPE_CARDINALITY_MAX ? cardinality : FM_SHAPE_CARDINALITY_MAX;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? FM_SHAPE_CARDINALITY_MAX : saturate(product);
}

static uint64_t power(uint64_t base, uint32_t exponent)
{
    uint64_t result = 1;
    for (uint32_t i = 0; i < exponent && result > 0 && result < FM_SHAPE_CARDINALITY_MAX; i++) {
        result = times(result, base);
    }
    return result;
}

static uint64_t cardinality_of(const struct fm_shape *shape)
{
    uint64_t total;
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        return 0;
    case FM_SHAPE_BOOL:
        return 2;
    case FM_SHAPE_INT:
        return saturate((uint64_t)(shape->high - shape->low) + 1);
    case FM_SHAPE_ATOM:
        return shape->value_count;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        total = 1;
        for (uint32_t i = 0; i < shape->part_count; i++) {
            total = times(total, shape->parts[i]->cardinality);
        }
        return total;
    case FM_SHAPE_FCN:
        return power(shape->parts[0]->cardinality, shape->value_count);
    case FM_SHAPE_PFUN:
        return power(saturate(shape->parts[0]->cardinality + 1), shape->value_count);
    case FM_SHAPE_SEQ:
        total = 1;
        for (uint32_t i = 1; i <= shape->capacity && total < FM_SHAPE_CARDINALITY_MAX; i++) {
            total = saturate(total + power(shape->parts[0]->cardinality, i));
        }
        return total;
    case FM_SHAPE_SET:
        return power(2, shape->value_count);
    case FM_SHAPE_SUM:
        total = 0;
        for (uint32_t i = 0; i < shape->part_count; i++) {
            total = saturate(total + shape->parts[i]->cardinality);
        }
        return total;
    case FM_SHAPE_ANY:
        return FM_SHAPE_CARDINALITY_MAX;
    }
    fm_unreachable();
}

/* A scalar of `size` bytes. */
static void lay_scalar(struct fm_shape_entry *entry, uint32_t size, uint32_t bits,
                       uint32_t bits_absent)
{
    entry->shape.size = size;
    entry->shape.align = size < 8 ? size : 8;
    entry->shape.bits = bits;
    entry->bits_absent = bits_absent;
}

/* Members side by side behind a head of `head` bytes. false: too large. */
static bool lay_members(struct fm_shape_entry *entry, uint32_t head, uint32_t head_bits,
                        bool absent, uint32_t *offsets)
{
    struct fm_shape *shape = &entry->shape;
    uint64_t size = head, bits = head_bits, bits_absent = head_bits;
    shape->align = 1;
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const struct fm_shape *part = shape->parts[i];
        size = align_up(size, part->align);
        offsets[i] = (uint32_t)size;
        size += part->size;
        bits_absent += fm_shape_entry_of(part)->bits_absent;
        bits += absent ? fm_shape_entry_of(part)->bits_absent : part->bits;
        shape->align = part->align > shape->align ? part->align : shape->align;
    }
    shape->size = align_up(size, shape->align);
    shape->bits = (uint32_t)bits;
    entry->bits_absent = (uint32_t)bits_absent;
    return size <= FM_SHAPE_SIZE_MAX;
}

/* An array of `count` elements behind a head of `head` bytes. */
static bool lay_array(struct fm_shape_entry *entry, uint32_t head, uint32_t head_bits,
                      uint32_t count, uint32_t *offset)
{
    struct fm_shape *shape = &entry->shape;
    const struct fm_shape *element = shape->parts[0];
    uint32_t head_align = head == 0 ? 1 : head < 8 ? head : 8;
    shape->align = element->align > head_align ? element->align : head_align;
    *offset = align_up(head, element->align);
    uint64_t size = *offset + (uint64_t)count * element->size;
    uint64_t absent = head_bits + (uint64_t)count * fm_shape_entry_of(element)->bits_absent;
    uint64_t bits = head == 0 ? (uint64_t)count * element->bits : absent;
    if (size > FM_SHAPE_SIZE_MAX) {
        return false;
    }
    shape->size = align_up(size, shape->align);
    shape->bits = (uint32_t)bits;
    entry->bits_absent = (uint32_t)absent;
    return true;
}

/* Fills size, align, offsets (room for part_count, at least one) and bits; false when the shape is
 * too large to be one. */
static bool lay_out(struct fm_shape_entry *entry, uint32_t *offsets)
{
    struct fm_shape *shape = &entry->shape;
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        shape->align = 1;
        return true;
    case FM_SHAPE_BOOL:
        lay_scalar(entry, 1, 1, 1);
        return true;
    case FM_SHAPE_INT: {
        int64_t low = shape->low < 0 ? shape->low : 0, high = shape->high > 0 ? shape->high : 0;
        lay_scalar(entry, fm_shape_int_size(shape->low, shape->high),
                   width_of((uint64_t)(shape->high - shape->low)),
                   width_of((uint64_t)(high - low)));
        return true;
    }
    case FM_SHAPE_ATOM:
        lay_scalar(entry, fm_shape_index_size(shape->value_count), width_of(shape->value_count - 1),
                   width_of(shape->value_count - 1));
        return true;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return lay_members(entry, 0, 0, false, offsets);
    case FM_SHAPE_SUM:
        return lay_members(entry, 1, width_of(shape->part_count - 1), true, offsets);
    case FM_SHAPE_FCN:
        return lay_array(entry, 0, 0, shape->value_count, offsets);
    case FM_SHAPE_PFUN:
        return lay_array(entry, fm_shape_bitset_size(shape->value_count), shape->value_count,
                         shape->value_count, offsets);
    case FM_SHAPE_SEQ:
        return lay_array(entry, fm_shape_index_size((uint64_t)shape->capacity + 1),
                         width_of(shape->capacity), shape->capacity, offsets);
    case FM_SHAPE_SET:
        lay_scalar(entry, fm_shape_bitset_size(shape->value_count), shape->value_count,
                   shape->value_count);
        return true;
    case FM_SHAPE_ANY:
        lay_scalar(entry, 4, 32, 32);
        return true;
    }
    fm_unreachable();
}

/* --- interning --- */

static const struct fm_shape *find(struct fm_shapes *shapes, const struct fm_shape *shape,
                                   uint64_t hash)
{
    uint32_t at = (uint32_t)hash & (shapes->slot_count - 1);
    for (; shapes->slots[at] != 0; at = (at + 1) & (shapes->slot_count - 1)) {
        const struct fm_shape_entry *entry = shapes->entries.at[shapes->slots[at] - 1];
        if (entry->hash == hash && same_content(shapes, &entry->shape, shape)) {
            return &entry->shape;
        }
    }
    return NULL;
}

/* The listed values become those of a frozen set that stays. */
static void keep_values(struct fm_shapes *shapes, struct fm_shape *shape)
{
    fm_value domain = shape->domain;
    if (fm_is_none(domain)) {
        if (shape->value_count == 0) {
            shape->domain = fm_set_empty();
            shape->values = NULL;
            return;
        }
        struct fm_value_context keeper = fm_shapes_keeper(shapes);
        domain = fm_set_normal(&keeper, shape->values, shape->value_count);
    } else if (!fm_is_kind(domain, FM_KIND_INTERVAL)) {
        domain = fm_set_explicit(shapes->context, domain);
    }
    shape->domain = fm_shapes_keep(shapes, domain);
    struct fm_value_context keeper = fm_shapes_keeper(shapes);
    shape->values = fm_set_elements(&keeper, shape->domain, &shape->value_count);
}

/* The shape with this content. Arrays are copied; `domain` may be NONE when `values` tell. */
static const struct fm_shape *intern(struct fm_shapes *shapes, const struct fm_shape *content)
{
    uint64_t hash = hash_of(shapes, content);
    const struct fm_shape *known = find(shapes, content, hash);
    if (known != NULL) {
        return known;
    }
    struct fm_shape_entry draft = {.shape = *content, .hash = hash};
    for (uint32_t i = 0; i < content->part_count; i++) {
        uint32_t depth = fm_shape_entry_of(content->parts[i])->depth + 1;
        draft.depth = depth > draft.depth ? depth : draft.depth;
        draft.shape.has_any = draft.shape.has_any || content->parts[i]->has_any;
    }
    uint32_t count = content->part_count > 0 ? content->part_count : 1;
    uint32_t *offsets = fm_arena_calloc(&shapes->arena, count, sizeof *offsets);
    if (draft.depth > FM_SHAPE_DEPTH_MAX || !lay_out(&draft, offsets)) {
        return shapes->any;
    }
    if (content->values != NULL || !fm_is_none(content->domain) || content->kind == FM_SHAPE_SET) {
        keep_values(shapes, &draft.shape);
    }
    draft.shape.number = shapes->entries.count;
    draft.shape.cardinality = cardinality_of(&draft.shape);
    draft.shape.offsets = offsets;
    if (content->part_count > 0) {
        draft.shape.parts = fm_arena_copy(&shapes->arena, content->parts,
                                          content->part_count * sizeof *content->parts);
    }
    draft.is_ranked = content->kind == FM_SHAPE_SET &&
                      content->parts[0]->cardinality == draft.shape.value_count &&
                      content->parts[0]->part_count > 0 && /* scalars are found at once */
                      fm_shape_is_ranked(content->parts[0]);
    struct fm_shape_entry *entry = fm_arena_copy(&shapes->arena, &draft, sizeof draft);
    fm_vec_push(&shapes->entries, entry);
    grow_slots(shapes);
    enter_slot(shapes, entry);
    return &entry->shape;
}

struct fm_shapes *fm_shapes_new(struct fm_value_context *context)
{
    struct fm_shapes *shapes = fm_memory_calloc(1, sizeof *shapes);
    shapes->context = context;
    shapes->kept = context->arena;
    fm_arena_init(&shapes->arena, "shapes");
    fm_arena_init(&shapes->scratch, "shapes in the making");
    shapes->slot_count = SLOTS_FIRST;
    shapes->slots = fm_memory_calloc(SLOTS_FIRST, sizeof *shapes->slots);
    fm_value no = fm_none();
    shapes->none = intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_NONE, .domain = no});
    shapes->boolean = intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_BOOL, .domain = no});
    shapes->any = intern(shapes,
                         &(struct fm_shape){.kind = FM_SHAPE_ANY, .domain = no, .has_any = true});
    return shapes;
}

void fm_shapes_free(struct fm_shapes *shapes)
{
    if (shapes == NULL) {
        return;
    }
    fm_vec_deinit(&shapes->entries);
    fm_memory_free(shapes->slots);
    fm_arena_deinit(&shapes->scratch);
    fm_arena_deinit(&shapes->arena);
    fm_memory_free(shapes);
}

uint32_t fm_shapes_count(const struct fm_shapes *shapes)
{
    return shapes->entries.count;
}

const struct fm_shape *fm_shapes_at(const struct fm_shapes *shapes, uint32_t number)
{
    fm_assert(number < shapes->entries.count);
    return &shapes->entries.at[number]->shape;
}

/* --- lists of values --- */

static uint32_t merge(struct fm_shapes *shapes, fm_value *at, uint32_t left, uint32_t right,
                      uint32_t right_count)
{
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    fm_value *out = fm_arena_alloc(&shapes->scratch, (left + right_count) * sizeof *out);
    const fm_value *other = at + right;
    uint32_t i = 0, j = 0, n = 0;
    while (i < left && j < right_count) {
        int order = fm_value_compare_total(shapes->context, at[i], other[j]);
        out[n++] = order <= 0 ? at[i] : other[j];
        i += order <= 0;
        j += order >= 0;
    }
    while (i < left) {
        out[n++] = at[i++];
    }
    while (j < right_count) {
        out[n++] = other[j++];
    }
    memcpy(at, out, n * sizeof *at);
    fm_arena_release(&shapes->scratch, mark);
    return n;
}

uint32_t fm_shapes_sort(struct fm_shapes *shapes, fm_value *at, uint32_t count)
{
    if (count < 2) {
        return count;
    }
    uint32_t half = count / 2;
    uint32_t left = fm_shapes_sort(shapes, at, half);
    uint32_t right = fm_shapes_sort(shapes, at + half, count - half);
    return merge(shapes, at, left, half, right);
}

const fm_value *fm_shapes_list(struct fm_shapes *shapes, fm_value set, uint32_t max,
                               uint32_t *count)
{
    struct fm_value_context *context = shapes->context;
    if (!fm_set_can_enumerate(context, set) || !fm_set_is_finite(context, set)) {
        return NULL;
    }
    fm_value size = fm_set_cardinality(context, set);
    if (!fm_is_small(size) || fm_small_get(size) > (int64_t)max) {
        return NULL;
    }
    return fm_set_elements(context, set, count);
}

/* Sorted copies in the scratch arena. */
static fm_value *sorted_copy(struct fm_shapes *shapes, const fm_value *values, uint32_t *count)
{
    fm_value *copy = fm_arena_alloc(&shapes->scratch, *count * sizeof *values);
    if (*count > 0) {
        memcpy(copy, values, *count * sizeof *values);
    }
    *count = fm_shapes_sort(shapes, copy, *count);
    return copy;
}

/* --- scalars --- */

const struct fm_shape *fm_shape_none(struct fm_shapes *shapes)
{
    return shapes->none;
}

const struct fm_shape *fm_shape_bool(struct fm_shapes *shapes)
{
    return shapes->boolean;
}

const struct fm_shape *fm_shape_any(struct fm_shapes *shapes)
{
    return shapes->any;
}

const struct fm_shape *fm_shape_int(struct fm_shapes *shapes, int64_t low, int64_t high)
{
    low = low < FM_SMALL_MIN ? FM_SMALL_MIN : low;
    high = high > FM_SMALL_MAX ? FM_SMALL_MAX : high;
    if (low > high) {
        return shapes->none;
    }
    return intern(shapes, &(struct fm_shape){
                              .kind = FM_SHAPE_INT, .low = low, .high = high, .domain = fm_none()});
}

const struct fm_shape *fm_shape_atom(struct fm_shapes *shapes, const fm_value *values,
                                     uint32_t count)
{
    if (count == 0) {
        return shapes->none;
    }
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    fm_value *sorted = sorted_copy(shapes, values, &count);
    const struct fm_shape *result = shapes->any;
    if (count <= FM_SHAPE_UNIVERSE_MAX) {
        result = intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_ATOM,
                                                   .values = sorted,
                                                   .value_count = count,
                                                   .domain = fm_none()});
    }
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

/* --- functions --- */

/* Of the empty function alone. */
static const struct fm_shape *empty_function(struct fm_shapes *shapes)
{
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_SEQ,
                                             .parts = &shapes->none,
                                             .part_count = 1,
                                             .domain = fm_none()});
}

static bool some_none(const struct fm_shape *const *parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i]->kind == FM_SHAPE_NONE) {
            return true;
        }
    }
    return false;
}

const struct fm_shape *fm_shape_tuple(struct fm_shapes *shapes, const struct fm_shape *const *parts,
                                      uint32_t count)
{
    if (count == 0) {
        return empty_function(shapes);
    }
    if (some_none(parts, count)) {
        return shapes->none;
    }
    if (count > FM_SHAPE_PARTS_MAX) {
        return shapes->any;
    }
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_TUPLE,
                                             .parts = parts,
                                             .part_count = count,
                                             .domain = fm_none()});
}

const struct fm_shape *fm_shape_record(struct fm_shapes *shapes, fm_value domain,
                                       const struct fm_shape *const *parts)
{
    uint32_t count;
    const fm_value *names = fm_shapes_list(shapes, domain, FM_SHAPE_PARTS_MAX, &count);
    if (names == NULL) {
        return shapes->any;
    }
    if (count == 0) {
        return empty_function(shapes);
    }
    if (some_none(parts, count)) {
        return shapes->none;
    }
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_RECORD,
                                             .parts = parts,
                                             .part_count = count,
                                             .values = names,
                                             .value_count = count,
                                             .domain = domain});
}

static bool are_strings(const fm_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (fm_value_tag(values[i]) != FM_TAG_STRING) {
            return false;
        }
    }
    return true;
}

const struct fm_shape *fm_shape_fcn(struct fm_shapes *shapes, fm_value domain,
                                    const struct fm_shape *element)
{
    uint32_t count;
    const fm_value *keys = fm_shapes_list(shapes, domain, DOMAIN_MAX, &count);
    if (keys == NULL) {
        return shapes->any;
    }
    if (count == 0) {
        return empty_function(shapes);
    }
    if (element->kind == FM_SHAPE_NONE) {
        return shapes->none;
    }
    if (are_strings(keys, count)) {
        const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
        for (uint32_t i = 0; i < count && i < FM_SHAPE_PARTS_MAX; i++) {
            parts[i] = element;
        }
        return count > FM_SHAPE_PARTS_MAX ? shapes->any : fm_shape_record(shapes, domain, parts);
    }
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_FCN,
                                             .parts = &element,
                                             .part_count = 1,
                                             .values = keys,
                                             .value_count = count,
                                             .domain = domain});
}

/* Of that kind: some of the keys or elements, which are sorted. */
static const struct fm_shape *over_universe(struct fm_shapes *shapes, enum fm_shape_kind kind,
                                            const struct fm_shape *element, const fm_value *sorted,
                                            uint32_t count)
{
    return intern(shapes, &(struct fm_shape){.kind = kind,
                                             .parts = &element,
                                             .part_count = 1,
                                             .values = sorted,
                                             .value_count = count,
                                             .domain = fm_none()});
}

const struct fm_shape *fm_shape_pfun_of(struct fm_shapes *shapes, const fm_value *keys,
                                        uint32_t count, const struct fm_shape *element)
{
    if (count == 0 || element->kind == FM_SHAPE_NONE) {
        return empty_function(shapes);
    }
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    fm_value *sorted = sorted_copy(shapes, keys, &count);
    const struct fm_shape *result = shapes->any;
    if (count <= FM_SHAPE_UNIVERSE_MAX && fm_shapes_comparable(shapes, sorted, count)) {
        result = over_universe(shapes, FM_SHAPE_PFUN, element, sorted, count);
    }
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

const struct fm_shape *fm_shape_pfun(struct fm_shapes *shapes, const struct fm_shape *key,
                                     const struct fm_shape *element)
{
    uint32_t count;
    const fm_value *keys = fm_shape_enumerate(shapes, key, FM_SHAPE_UNIVERSE_MAX, &count);
    return keys == NULL ? shapes->any : fm_shape_pfun_of(shapes, keys, count, element);
}

const struct fm_shape *fm_shape_seq(struct fm_shapes *shapes, const struct fm_shape *element,
                                    uint32_t capacity)
{
    if (capacity == 0 || element->kind == FM_SHAPE_NONE) {
        return empty_function(shapes);
    }
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_SEQ,
                                             .parts = &element,
                                             .part_count = 1,
                                             .capacity = capacity,
                                             .domain = fm_none()});
}

/* --- sets and sums --- */

const struct fm_shape *fm_shape_set(struct fm_shapes *shapes, const struct fm_shape *element)
{
    uint32_t count;
    if (element->has_any || !fm_shape_is_ordered(element)) {
        return shapes->any;
    }
    const fm_value *values = fm_shape_enumerate(shapes, element, FM_SHAPE_UNIVERSE_MAX, &count);
    return values == NULL ? shapes->any : fm_shape_set_of(shapes, element, values, count);
}

const struct fm_shape *fm_shape_set_of(struct fm_shapes *shapes, const struct fm_shape *element,
                                       const fm_value *values, uint32_t count)
{
    if (count == 0) {
        element = shapes->none;
    }
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    fm_value *sorted = sorted_copy(shapes, values, &count);
    const struct fm_shape *result = shapes->any;
    if (!element->has_any && count <= FM_SHAPE_UNIVERSE_MAX &&
        (fm_shape_is_ordered(element) || fm_shapes_comparable(shapes, sorted, count))) {
        result = over_universe(shapes, FM_SHAPE_SET, element, sorted, count);
    }
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

/* The order of parts in a SUM: parts of one kind are records, or functions, of different domains.
 */
static bool comes_before(struct fm_shapes *shapes, const struct fm_shape *a,
                         const struct fm_shape *b)
{
    if (a->kind != b->kind) {
        return a->kind < b->kind;
    }
    return fm_value_compare_total(shapes->context, a->domain, b->domain) < 0;
}

const struct fm_shape *fm_shape_sum(struct fm_shapes *shapes, const struct fm_shape **parts,
                                    uint32_t count)
{
    if (count <= 1) {
        return count == 0 ? shapes->none : parts[0];
    }
    if (count > FM_SHAPE_SUM_MAX) {
        return shapes->any;
    }
    for (uint32_t i = 1; i < count; i++) {
        const struct fm_shape *part = parts[i];
        uint32_t at = i;
        for (; at > 0 && comes_before(shapes, part, parts[at - 1]); at--) {
            parts[at] = parts[at - 1];
        }
        parts[at] = part;
    }
    return intern(shapes, &(struct fm_shape){.kind = FM_SHAPE_SUM,
                                             .parts = parts,
                                             .part_count = count,
                                             .domain = fm_none()});
}

/* --- access --- */

uint32_t fm_shape_field(const struct fm_shape *record, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < record->part_count; i++) {
        if (fm_value_symbol(record->values[i]) == name) {
            return i;
        }
    }
    return UINT32_MAX;
}

uint32_t fm_shape_place(struct fm_value_context *context, const struct fm_shape *shape, fm_value v)
{
    const struct fm_array *set = fm_as_array(shape->domain);
    if (fm_is_kind(shape->domain, FM_KIND_INTERVAL)) {
        uint64_t place = (uint64_t)(fm_small_get(v) - fm_as_interval(shape->domain)->low);
        return fm_is_small(v) && place < shape->value_count ? (uint32_t)place : UINT32_MAX;
    }
    if (shape->value_count == 0) {
        return UINT32_MAX;
    }
    if (fm_shape_entry_of(shape)->is_ranked) {
        return fm_shape_rank(context, shape->parts[0], v);
    }
    if (fm_atoms_searchable(set, v)) {
        return fm_atoms_index(set, v); /* FM_INDEX_NONE is UINT32_MAX */
    }
    if ((set->head.flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS)) != 0) {
        return UINT32_MAX; /* of another kind than all elements */
    }
    uint32_t below = 0, above = shape->value_count;
    while (below < above) {
        uint32_t middle = below + (above - below) / 2;
        int order = fm_value_compare_total(context, v, set->elements[middle]);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            above = middle;
        } else {
            below = middle + 1;
        }
    }
    return UINT32_MAX;
}

uint32_t fm_shape_position(struct fm_shapes *shapes, const struct fm_shape *shape, fm_value v)
{
    return fm_shape_place(shapes->context, shape, v);
}
