/* The C of a state: its struct, and what completes a successor.
 *
 * `state` has one member for each variable, in order of declaration, at the offsets of fm_layout;
 * gaps between members are members too, so that copies copy them and equal states are equal bytes
 * (see emit_type.c).
 *
 * Fingerprints. A state's digest is made of a sum of one part for each variable, and a part is a
 * sum over the variable's elements (emit_digest.c). `struct parent` is a state with that sum; for
 * each variable that it assigns, an action takes out of it what is gone and puts in what is new.
 * What an action leaves alone costs nothing.
 *
 * Successors are written into the next slot of the batch in place; `deliver` takes it into the
 * batch, asks the constraints, and flushes when the batch is full. */
#include "native/emit.h"
#include "native/emit_digest.h"

#include "base/assert.h"

#include <string.h>

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
        if (name[0] == reserved[i][0] && strcmp(name, reserved[i]) == 0) {
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
    uint32_t count = emit->layout->variable_count;
    fm_text_puts(&emit->prelude,
                 "\n/* A state that is expanded, and the sum behind its digest. */\n"
                 "struct parent {\n    const state *s;\n"
                 "    struct fm_digest total;\n");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kept = fm_emit_digest_kept(emit, i);
        if (kept != 0) {
            fm_text_printf(&emit->prelude, "    struct fm_digest open_v%u[%u], part_v%u[%u];\n", i,
                           kept, i, kept);
        }
    }
    fm_text_puts(&emit->prelude, "};\n\n");
    fm_emit_helper_begin(emit, "static inline void parent_init(struct fm_nrt *c, const state *s, "
                               "struct parent *p)");
    fm_emit_line(emit, "p->s = s;");
    fm_emit_line(emit, "p->total = c->seed;");
    for (uint32_t i = 0; i < count; i++) {
        const char *member = fm_emit_format(emit, "s->%s", fm_emit_member(emit, i));
        if (fm_emit_digest_kept(emit, i) != 0) {
            fm_emit_digest_keep(emit, i, member);
        } else {
            fm_emit_line(emit, "fm_digest_add(&p->total, %s);",
                         fm_emit_digest_part(emit, i, shape_of(emit, i), member));
        }
    }
    fm_emit_helper_end(emit);
}

/* deliver: *t is complete and stands in the next slot; deliver_changed: it is known not to equal
 * its parent, or that does not matter. When nobody wants more it does not return: the engine tells
 * this from failing. (Rejected: a result. Every caller up to the loop over actions would ask for it
 * after each successor, and it is never true but at the end of the run.) */
static void emit_deliver(struct fm_emit *emit)
{
    const struct fm_program *program = emit->program;
    bool constrained = program->constraint_count + program->action_constraint_count != 0;
    if (constrained) {
        fm_text_puts(&emit->prelude, "\nSHARED bool in_model(struct fm_nrt *c, const state "
                                     "*s, const state *t);\n");
    }
    fm_text_puts(&emit->prelude, "\n");
    fm_emit_helper_begin(emit, "FM_NRT_INLINE void deliver_changed(struct fm_nrt *c, const struct "
                               "parent *p, const state *t, struct fm_digest total, uint32_t "
                               "action)");
    fm_emit_line(emit, "(void)p;");
    fm_emit_line(emit, "(void)t;");
    fm_emit_line(emit, "const struct fm_digest print = fm_digest_of_state(total, c->seed);");
    fm_emit_line(emit, "fm_nrt_prefetch(c, print);");
    fm_emit_line(emit, "const uint32_t n = c->count;");
    fm_emit_line(emit, "c->prints[n] = print;");
    fm_emit_line(emit, "c->actions[n] = action;");
    if (constrained) {
        fm_emit_line(emit, "c->in_model[n] = in_model(c, p->s, t);");
    }
    fm_emit_line(emit, "c->count = n + 1;");
    fm_emit_open(emit, "if (n + 1 == FM_NRT_BATCH_MAX)");
    fm_emit_line(emit, "fm_nrt_flush(c);");
    fm_emit_close(emit, "");
    fm_emit_helper_end(emit);
    fm_emit_helper_begin(emit, "FM_NRT_UNUSED FM_NRT_INLINE void deliver(struct fm_nrt *c, const "
                               "struct parent *p, const state *t, struct fm_digest total, "
                               "uint32_t action)");
    if (!constrained) {
        /* Looked up is a bijection of the sum: what would be found is the parent's entry. */
        fm_emit_open(emit, "if (total.low == p->total.low && total.high == p->total.high && "
                           "c->counts_unchanged)");
        fm_emit_line(emit, "fm_nrt_note_unchanged(c, action);");
        fm_emit_line(emit, "return;");
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "deliver_changed(c, p, t, total, action);");
    fm_emit_helper_end(emit);
}

void fm_emit_state(struct fm_emit *emit)
{
    emit_struct(emit);
    emit_parent(emit);
    emit_deliver(emit);
}
