/* Formulas by number: those that the caller named, and single ones of the lists.
 *
 * Whoever decides predicates of temporal formulas, evaluates the mapping of a refinement, or tries
 * one constraint on many states, asks for one formula at a time (ops->holds, ops->eval,
 * ops->check). Lists of formulas have their functions anyway; named ones get one here. A named
 * formula whose value is a Boolean in every state is a function as that of an invariant, without
 * any boxed value; others return their value boxed.
 *
 *     bool decide(c, kind, index, s, t)        fm_nvalue evaluate(c, named, s, t)
 *
 * choose the function. What was refused, and a predicate that is no Boolean, fails: the engine asks
 * the interpreter, which knows the answer or the error. */
#include "native/writer.h"

#include "native/emit_value.h"

struct attempt {
    const char *name;
    const struct fm_formula *formula;
    struct fm_emit_named *named;
};

static const char *value_head(struct fm_emit *emit, const struct attempt *attempt)
{
    return fm_emit_format(emit, "SHARED fm_nvalue %s(struct fm_nrt *c, const state *s%s)",
                          attempt->name, attempt->named->is_pair ? ", const state *t" : "");
}

static void write_value(struct fm_emit *emit, void *closure)
{
    const struct attempt *attempt = closure;
    const struct fm_formula *formula = attempt->formula;
    emit->state = "s";
    emit->target = attempt->named->is_pair ? fm_emit_next_state(emit) : NULL;
    fm_emit_line(emit, "%s", value_head(emit, attempt));
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)c;");
    fm_emit_line(emit, "(void)s;");
    if (attempt->named->is_pair) {
        fm_emit_line(emit, "(void)t;");
    }
    fm_emit_place(emit, formula->node);
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, formula->frame, NULL);
    struct fm_term term = fm_emit_expr(emit, formula->node, frame, NULL);
    if (term.shape->kind == FM_SHAPE_BOOL) {
        attempt->named->is_bool = true;
        fm_emit_refuse(emit, formula->node, "it is a predicate");
    }
    fm_emit_line(emit, "return %s;", fm_emit_box(emit, term));
    fm_emit_close(emit, "\n");
    emit->target = NULL;
}

static struct fm_emit_named emit_named(struct fm_emit_writer *writer,
                                       const struct fm_formula *formula)
{
    struct fm_emit *emit = writer->emit;
    struct fm_emit_named named = {
        .function = FM_EMIT_NOWHERE,
        .is_pair = formula->node->level == FM_LEVEL_ACTION,
    };
    const char *name = fm_emit_note_name(formula->name);
    struct attempt attempt = {fm_emit_name(emit, name), formula, &named};
    uint32_t first_site = emit->sites.count;
    fm_emit_function_begin(writer);
    if (fm_emit_try(emit, write_value, &attempt)) {
        named.function = fm_emit_function_add(
            writer, fm_emit_function_end(writer, attempt.name, value_head(emit, &attempt)));
    }
    if (named.is_bool) {
        named.function = fm_emit_formula(writer, "formula", formula, named.is_pair);
    } else {
        fm_emit_note_add(emit, "formula", name, formula->node->span, first_site,
                         named.function != FM_EMIT_NOWHERE);
    }
    return named;
}

void fm_emit_all_named(struct fm_emit_writer *writer, const struct fm_formula *const *formulas,
                       uint32_t count)
{
    struct fm_emit_named *named = fm_arena_alloc(&writer->emit->arena, (count + 1) * sizeof *named);
    for (uint32_t i = 0; i < count; i++) {
        named[i] = emit_named(writer, formulas[i]);
    }
    writer->named = named;
}

/* --- choosing --- */

static const char *call(const struct fm_emit_writer *writer, uint32_t function, bool is_pair)
{
    return fm_emit_formula_call(writer, function, NULL, 0, is_pair ? "s, t" : "s", NULL);
}

static void write_list(struct fm_emit_writer *writer, const char *kind, const uint32_t *functions,
                       uint32_t count, bool is_pair)
{
    struct fm_emit *emit = writer->emit;
    fm_emit_line(emit, "case %s:", kind);
    fm_emit_open(emit, "switch (index)");
    for (uint32_t i = 0; i < count; i++) {
        if (functions[i] != FM_EMIT_NOWHERE) {
            fm_emit_line(emit, "case %u: return %s;", i, call(writer, functions[i], is_pair));
        }
    }
    fm_emit_close(emit, "");
    fm_emit_line(emit, "break;");
}

static void open_choice(struct fm_emit *emit, const char *head, const char *argument)
{
    fm_emit_line(emit, "%s", head);
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = state_, *const t = next_;");
    fm_emit_line(emit, "(void)s;");
    fm_emit_line(emit, "(void)t;");
    fm_emit_open(emit, "switch (%s)", argument);
}

static void close_choice(struct fm_emit *emit)
{
    fm_emit_close(emit, "");
    fm_emit_line(emit, "fm_nrt_fail(c);");
    fm_emit_close(emit, "\n");
}

static void write_decide(struct fm_emit_writer *writer, uint32_t named_count)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_program *program = emit->program;
    open_choice(emit,
                "static bool decide(struct fm_nrt *c, enum fm_nrt_formula kind, uint32_t index, "
                "const void *state_, const void *next_)",
                "kind");
    write_list(writer, "FM_NRT_INVARIANT", writer->invariants, program->invariant_count, false);
    write_list(writer, "FM_NRT_IMPLIED_ACTION", writer->implied_actions,
               program->implied_action_count, true);
    write_list(writer, "FM_NRT_CONSTRAINT", writer->constraints, program->constraint_count, false);
    write_list(writer, "FM_NRT_ACTION_CONSTRAINT", writer->action_constraints,
               program->action_constraint_count, true);
    fm_emit_line(emit, "case FM_NRT_NAMED:");
    fm_emit_open(emit, "switch (index)");
    for (uint32_t i = 0; i < named_count; i++) {
        struct fm_emit_named named = writer->named[i];
        if (named.function != FM_EMIT_NOWHERE && named.is_bool) {
            fm_emit_line(emit, "case %u: return %s;", i,
                         call(writer, named.function, named.is_pair));
        }
    }
    fm_emit_close(emit, "");
    fm_emit_line(emit, "break;");
    close_choice(emit);
}

static void write_evaluate(struct fm_emit_writer *writer, uint32_t named_count)
{
    struct fm_emit *emit = writer->emit;
    open_choice(emit,
                "static fm_nvalue evaluate(struct fm_nrt *c, uint32_t named, const void *state_, "
                "const void *next_)",
                "named");
    for (uint32_t i = 0; i < named_count; i++) {
        struct fm_emit_named named = writer->named[i];
        if (named.function != FM_EMIT_NOWHERE) {
            const char *value = call(writer, named.function, named.is_pair);
            fm_emit_line(emit,
                         named.is_bool ? "case %u: return fm_nrt_box_bool(%s);"
                                       : "case %u: return %s;",
                         i, value);
        }
    }
    close_choice(emit);
}

void fm_emit_deciding(struct fm_emit_writer *writer, uint32_t named_count)
{
    write_decide(writer, named_count);
    write_evaluate(writer, named_count);
}
