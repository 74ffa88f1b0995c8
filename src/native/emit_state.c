/* The C of a state: its struct, packing, and what completes a successor.
 *
 * `state` has one member for each variable, in order of declaration, at the offsets of fm_layout;
 * gaps between members are members too, so that copies copy them and equal states are equal bytes
 * (see emit_type.c). Packing goes leaf by leaf (struct fm_leaf): statements for small states, a
 * table for large ones.
 *
 * Fingerprints. A state's digest is made of a sum of one part for each variable, and a part is a
 * sum over the variable's elements (emit_digest.c). `struct parent` is a state with that sum; for
 * each variable that it assigns, an action takes out of it what is gone and puts in what is new.
 * What an action leaves alone costs nothing.
 *
 * Successors are written into the next slot of the batch in place; `deliver` takes it into the
 * batch, asks the constraints, and flushes when the batch is full. */
#include "native/emit.h"

#include "base/assert.h"

#include <inttypes.h>
#include <string.h>

/* Leaves up to which packing is written out: the code of one is about 20 bytes. */
#define UNROLL_MAX 256u

/* --- names --- */

/* What a member cannot be called: words of C11, and macros of the headers that are included. */
static const char *const reserved[] = {
    "_Alignas",      "_Alignof",  "_Atomic",
    "_Bool",         "_Complex",  "_Generic",
    "_Imaginary",    "_Noreturn", "_Static_assert",
    "_Thread_local", "asm",       "auto",
    "bool",          "break",     "case",
    "char",          "const",     "continue",
    "default",       "do",        "double",
    "else",          "enum",      "extern",
    "false",         "float",     "for",
    "goto",          "if",        "inline",
    "int",           "linux",     "long",
    "NULL",          "offsetof",  "register",
    "restrict",      "return",    "short",
    "signed",        "sizeof",    "static",
    "struct",        "switch",    "true",
    "typedef",       "typeof",    "union",
    "unix",          "unsigned",  "void",
    "volatile",      "while",
};

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp(name, reserved[i]) == 0) {
            return true;
        }
    }
    /* Macros of <stdint.h> and the compiler's own are written with these beginnings. */
    return strncmp(name, "INT", 3) == 0 || strncmp(name, "UINT", 4) == 0 ||
           strncmp(name, "SIZE_", 5) == 0 || strncmp(name, "FM_", 3) == 0 ||
           strncmp(name, "__", 2) == 0 || strncmp(name, "gap_", 4) == 0;
}

const char *fm_emit_member(struct fm_emit *emit, uint32_t variable)
{
    const char *name = emit->program->variables[variable].name->text;
    bool plain = !is_reserved(name);
    for (const char *at = name; *at != '\0' && plain; at++) {
        plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
                (*at >= '0' && *at <= '9' && at != name);
    }
    return plain ? name : fm_emit_format(emit, "gap_v%u", variable);
}

static const struct fm_shape *shape_of(const struct fm_emit *emit, uint32_t variable)
{
    return emit->layout->variables[variable];
}

/* --- the struct --- */

static void emit_struct(struct fm_emit *emit)
{
    const struct fm_layout *layout = emit->layout;
    struct fm_text members = {0};
    uint32_t at = 0, gaps = 0;
    for (uint32_t i = 0; i <= layout->variable_count; i++) {
        uint32_t offset = i < layout->variable_count ? layout->offsets[i] : layout->size;
        fm_assert(offset >= at);
        if (offset > at) {
            fm_text_printf(&members, "    uint8_t gap_%u[%u];\n", gaps++, offset - at);
        }
        if (i < layout->variable_count) {
            fm_text_printf(&members, "    %s %s;\n", fm_emit_member_type(emit, shape_of(emit, i)),
                           fm_emit_member(emit, i));
            at = offset + shape_of(emit, i)->size;
        }
    }
    fm_text_printf(&emit->prelude, "\ntypedef struct state {\n%s} state;\n",
                   fm_text_string(&members));
    fm_text_deinit(&members);
    fm_text_printf(&emit->prelude, "_Static_assert(sizeof(state) == %u, \"size\");\n",
                   layout->size);
    for (uint32_t i = 0; i < layout->variable_count; i++) {
        fm_text_printf(&emit->prelude, "_Static_assert(offsetof(state, %s) == %u, \"offset\");\n",
                       fm_emit_member(emit, i), layout->offsets[i]);
    }
}

/* --- parents --- */

static void emit_parent(struct fm_emit *emit)
{
    fm_text_puts(&emit->prelude,
                 "\n/* A state that is expanded, and the sum behind its digest. */\n"
                 "struct parent {\n    const state *s;\n"
                 "    struct fm_ndigest total;\n};\n\n");
    fm_emit_helper_begin(emit, "static inline void parent_init(struct fm_nrt *c, const state *s, "
                               "struct parent *p)");
    fm_emit_line(emit, "p->s = s;");
    fm_emit_line(emit, "p->total = c->seed;");
    for (uint32_t i = 0; i < emit->layout->variable_count; i++) {
        const char *member = fm_emit_format(emit, "s->%s", fm_emit_member(emit, i));
        fm_emit_line(emit, "fm_nrt_digest_add(&p->total, %s);",
                     fm_emit_digest_part(emit, i, shape_of(emit, i), member));
    }
    fm_emit_helper_end(emit);
}

/* deliver: *t is complete and stands in the next slot; true when nobody wants more. */
static void emit_deliver(struct fm_emit *emit)
{
    const struct fm_program *program = emit->program;
    bool constrained = program->constraint_count + program->action_constraint_count != 0;
    if (constrained) {
        fm_text_puts(&emit->prelude, "\nSHARED bool in_model(struct fm_nrt *c, const state "
                                     "*s, const state *t);\n");
    }
    fm_text_puts(&emit->prelude, "\n");
    fm_emit_helper_begin(emit, "static inline bool deliver(struct fm_nrt *c, const struct parent "
                               "*p, const state *t, struct fm_ndigest total, uint32_t action)");
    if (!constrained) {
        fm_emit_line(emit, "(void)p;");
        fm_emit_line(emit, "(void)t;");
    }
    fm_emit_line(emit, "const struct fm_ndigest print = fm_nrt_digest_of_state(total, c->seed);");
    fm_emit_line(emit, "fm_nrt_prefetch(c, print);");
    fm_emit_line(emit, "const uint32_t n = c->count;");
    fm_emit_line(emit, "c->prints[n] = print;");
    fm_emit_line(emit, "c->actions[n] = action;");
    if (constrained) {
        fm_emit_line(emit, "c->in_model[n] = in_model(c, p->s, t);");
    }
    fm_emit_line(emit, "c->count = n + 1;");
    fm_emit_open(emit, "if (n + 1 == FM_NRT_BATCH_MAX)");
    fm_emit_line(emit, "c->flush(c);");
    fm_emit_line(emit, "return c->stopped;");
    fm_emit_close(emit, "");
    fm_emit_line(emit, "return false;");
    fm_emit_helper_end(emit);
}

void fm_emit_state(struct fm_emit *emit)
{
    emit_struct(emit);
    emit_parent(emit);
    emit_deliver(emit);
}

/* --- packing --- */

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

/* pack and unpack, into the body. */
void fm_emit_packing(struct fm_emit *emit)
{
    bool unrolled = emit->layout->leaf_count <= UNROLL_MAX;
    uint32_t size = fm_layout_packed_size(emit->layout);
    if (!unrolled) {
        emit_leaf_table(emit);
    }
    fm_emit_line(emit, "static void pack(const void *state_, uint8_t *packed)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)state_;");
    fm_emit_line(emit, "(void)packed;");
    if (unrolled) {
        pack_leaves(emit);
    } else {
        fm_emit_line(emit, "fm_nrt_pack(leaves, %u, state_, packed, %u);", emit->layout->leaf_count,
                     size);
    }
    fm_emit_close(emit, "\n");
    fm_emit_line(emit, "static void unpack(const uint8_t *packed, void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)packed;");
    fm_emit_line(emit, "memset(state_, 0, sizeof(state));");
    if (unrolled) {
        unpack_leaves(emit);
    } else {
        fm_emit_line(emit, "fm_nrt_unpack(leaves, %u, packed, %u, state_);",
                     emit->layout->leaf_count, size);
    }
    fm_emit_close(emit, "\n");
}
