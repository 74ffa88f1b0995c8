/* Packing states: from the struct of a state to the bits that are stored, and back.
 *
 * What is packed is a list of leaves (struct fm_leaf), in the order of the struct. Processors that
 * gather bits in one instruction (pext, and pdep for the way back) take the struct in windows of
 * eight bytes: what the leaves of a window have in the same packed word is one group, which is
 *
 *     w = pext(window, mask) << bit         window |= pdep(w >> bit, mask)
 *
 * whatever the number of leaves. Biases are taken off all leaves of the window at once, field by
 * field: no borrow goes beyond the highest bit of a field, which is handled apart. For other
 * processors, and those whose pext is slow, the same text has a statement for each leaf. States
 * that are too large for either go leaf by leaf through a table.
 *
 * The runtime's macro FM_NRT_PEXT decides; flags of the compiler that it depends on are part of the
 * key of the cache (build.c). */
#include "native/emit.h"

#include "base/assert.h"

#include <inttypes.h>

/* Leaves and windows up to which packing is written out: the code of one is about 20 bytes. */
#define UNROLL_MAX 256u

static void emit_leaf_table(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "static const struct fm_nrt_leaf leaves[%u] = {",
                 layout->leaf_count == 0 ? 1 : layout->leaf_count);
    for (uint32_t i = 0; i < layout->leaf_count; i++) {
        const struct fm_leaf *leaf = &layout->leaves[i];
        fm_emit_line(emit, "    {%u, %u, %u, %u, %d, INT64_C(%" PRId64 ")},", leaf->offset,
                     leaf->bit, leaf->width, leaf->bits, leaf->is_signed, leaf->bias);
    }
    if (layout->leaf_count == 0) {
        fm_emit_line(emit, "    {0, 0, 0, 0, 0, 0},");
    }
    fm_emit_line(emit, "};");
}

/* Bytes of the 64-bit word at `at` that belong to the packed form. */
static uint32_t word_size(const struct fm_emit *emit, uint32_t at)
{
    uint32_t size = fm_layout_packed_size(emit->layout);
    return size - at < 8 ? size - at : 8;
}

static void pack_leaves(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "uint64_t w;");
    for (uint32_t i = 0; i < layout->leaf_count;) {
        uint32_t word = layout->leaves[i].bit / 64;
        fm_emit_line(emit, "w = 0;");
        for (; i < layout->leaf_count && layout->leaves[i].bit / 64 == word; i++) {
            const struct fm_leaf *leaf = &layout->leaves[i];
            fm_emit_line(emit,
                         "w |= (fm_nrt_leaf_get(state_, %u, %u, %s) - (uint64_t)INT64_C(%" PRId64
                         ")) << %u;",
                         leaf->offset, leaf->width, leaf->is_signed ? "true" : "false", leaf->bias,
                         leaf->bit % 64);
        }
        fm_emit_line(emit, "memcpy(packed + %u, &w, %u);", word * 8, word_size(emit, word * 8));
    }
}

static void unpack_leaves(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "uint64_t w, v;");
    for (uint32_t i = 0; i < layout->leaf_count;) {
        uint32_t word = layout->leaves[i].bit / 64;
        fm_emit_line(emit, "w = fm_nrt_word(packed + %u, %u);", word * 8,
                     word_size(emit, word * 8));
        for (; i < layout->leaf_count && layout->leaves[i].bit / 64 == word; i++) {
            const struct fm_leaf *leaf = &layout->leaves[i];
            uint64_t mask = leaf->bits == 64 ? UINT64_MAX : (UINT64_C(1) << leaf->bits) - 1;
            fm_emit_line(
                emit, "v = ((w >> %u) & UINT64_C(0x%" PRIx64 ")) + (uint64_t)INT64_C(%" PRId64 ");",
                leaf->bit % 64, mask, leaf->bias);
            fm_emit_line(emit, "memcpy((char *)state_ + %u, &v, %u);", leaf->offset, leaf->width);
        }
    }
}

/* --- windows --- */

/* The leaves of eight bytes of the struct. */
struct window {
    uint32_t offset, size; /* bytes; fewer than 8 at the end of the struct */
    uint32_t first, end;   /* of leaves */
    uint64_t biases;       /* each in its field */
    uint64_t signs;        /* the highest bit of each field; bytes without a leaf are fields */
};

static uint64_t low_bits(uint32_t count)
{
    return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

/* The window from `offset` on, whose leaves begin at number `first`. */
static struct window window_at(const struct fm_layout *layout, uint32_t offset, uint32_t first)
{
    struct window window = {.offset = offset,
                            .size = layout->size - offset < 8 ? layout->size - offset : 8,
                            .first = first,
                            .end = first};
    uint64_t fields = 0;
    while (window.end < layout->leaf_count && layout->leaves[window.end].offset < offset + 8) {
        const struct fm_leaf *leaf = &layout->leaves[window.end++];
        uint32_t at = 8 * (leaf->offset - offset), width = 8u * leaf->width;
        fm_assert(leaf->offset >= offset && at + width <= 64);
        window.biases |= ((uint64_t)leaf->bias & low_bits(width)) << at;
        window.signs |= UINT64_C(1) << (at + width - 1);
        fields |= low_bits(width) << at;
    }
    window.signs |= ~fields & UINT64_C(0x8080808080808080);
    return window;
}

/* The leaves from number `i` on that are in one packed word, as bits of the window; the number
 * behind them, and the place of the first bit. */
static uint32_t group_at(const struct fm_layout *layout, const struct window *window, uint32_t i,
                         uint64_t *mask, uint32_t *bit)
{
    uint32_t next = UINT32_MAX; /* bit behind the group */
    *mask = 0;
    *bit = 0;
    for (; i < window->end; i++) {
        const struct fm_leaf *leaf = &layout->leaves[i];
        if (leaf->bits == 0) {
            continue; /* always its bias */
        }
        if (next == UINT32_MAX) {
            *bit = next = leaf->bit;
        }
        if (leaf->bit != next || leaf->bit / 64 != *bit / 64) {
            break;
        }
        *mask |= low_bits(leaf->bits) << 8 * (leaf->offset - window->offset);
        next += leaf->bits;
    }
    return i;
}

static void pack_window(struct fm_emit *emit, const struct window *window, uint32_t *word)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "v = fm_nrt_word((const char *)state_ + %u, %u);", window->offset,
                 window->size);
    if (window->biases != 0) {
        fm_emit_line(emit,
                     "v = fm_nrt_fields_subtract(v, UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64
                     "));",
                     window->biases, window->signs);
    }
    for (uint32_t i = window->first; i < window->end;) {
        uint64_t mask;
        uint32_t bit;
        i = group_at(layout, window, i, &mask, &bit);
        if (mask == 0) {
            continue;
        }
        if (bit / 64 != *word) {
            fm_emit_line(emit, "memcpy(packed + %u, &w, 8);", *word * 8);
            fm_emit_line(emit, "w = 0;");
            *word = bit / 64;
        }
        fm_emit_line(emit, "w |= FM_NRT_PEXT(v, UINT64_C(0x%" PRIx64 ")) << %u;", mask, bit % 64);
    }
}

static void pack_windows(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    uint32_t word = 0;
    fm_emit_line(emit, "uint64_t v, w = 0;");
    for (uint32_t offset = 0, first = 0; first < layout->leaf_count; offset += 8) {
        struct window window = window_at(layout, offset, first);
        if (window.end != first) {
            pack_window(emit, &window, &word);
        }
        first = window.end;
    }
    if (fm_layout_packed_size(layout) != 0) {
        fm_emit_line(emit, "memcpy(packed + %u, &w, %u);", word * 8, word_size(emit, word * 8));
    }
}

static void unpack_window(struct fm_emit *emit, const struct window *window, uint32_t *word)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "v = 0;");
    for (uint32_t i = window->first; i < window->end;) {
        uint64_t mask;
        uint32_t bit;
        i = group_at(layout, window, i, &mask, &bit);
        if (mask == 0) {
            continue;
        }
        if (bit / 64 != *word) {
            *word = bit / 64;
            fm_emit_line(emit, "w = fm_nrt_word(packed + %u, %u);", *word * 8,
                         word_size(emit, *word * 8));
        }
        fm_emit_line(emit, "v |= FM_NRT_PDEP(w >> %u, UINT64_C(0x%" PRIx64 "));", bit % 64, mask);
    }
    if (window->biases != 0) {
        fm_emit_line(emit,
                     "v = fm_nrt_fields_add(v, UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "));",
                     window->biases, window->signs);
    }
    fm_emit_line(emit, "memcpy((char *)state_ + %u, &v, %u);", window->offset, window->size);
}

static void unpack_windows(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    uint32_t word = UINT32_MAX;
    fm_emit_line(emit, "uint64_t v, w;");
    for (uint32_t offset = 0, first = 0; offset < layout->size; offset += 8) {
        struct window window = window_at(layout, offset, first);
        unpack_window(emit, &window, &word);
        first = window.end;
    }
}

/* --- both --- */

static void pack_slowly(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    if (layout->leaf_count <= UNROLL_MAX) {
        pack_leaves(emit);
    } else {
        fm_emit_line(emit, "fm_nrt_pack(leaves, %u, state_, packed, %u);", layout->leaf_count,
                     fm_layout_packed_size(layout));
    }
}

static void unpack_slowly(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    fm_emit_line(emit, "memset(state_, 0, sizeof(state));");
    if (layout->leaf_count <= UNROLL_MAX) {
        unpack_leaves(emit);
    } else {
        fm_emit_line(emit, "fm_nrt_unpack(leaves, %u, packed, %u, state_);", layout->leaf_count,
                     fm_layout_packed_size(layout));
    }
}

/* The text for processors with those instructions, where it is not too much, and for others. */
static void write_both(struct fm_emit *emit, void (*fast)(struct fm_emit *emit),
                       void (*slow)(struct fm_emit *emit))
{
    if (emit->layout->size > UNROLL_MAX * 8) {
        slow(emit);
        return;
    }
    fm_emit_line(emit, "#ifdef FM_NRT_PEXT");
    fast(emit);
    fm_emit_line(emit, "#else");
    slow(emit);
    fm_emit_line(emit, "#endif");
}

/* pack and unpack, into the body. */
void fm_emit_packing(struct fm_emit *emit)
{
    if (emit->layout->leaf_count > UNROLL_MAX) {
        emit_leaf_table(emit);
    }
    fm_emit_line(emit, "static void pack(const void *state_, uint8_t *packed)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)state_;");
    fm_emit_line(emit, "(void)packed;");
    write_both(emit, pack_windows, pack_slowly);
    fm_emit_close(emit, "\n");
    fm_emit_line(emit, "static void unpack(const uint8_t *packed, void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)packed;");
    write_both(emit, unpack_windows, unpack_slowly);
    fm_emit_close(emit, "\n");
}
