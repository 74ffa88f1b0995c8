/* The initial predicate as a C function: `SHARED void Init_3(struct fm_nrt *c)` delivers every
 * initial state.
 *
 * It is solved like an action (emit_solve.c), with two differences. What gets values are variables
 * without a prime; so the whole walk stands below a prime, where emit->target is what variables
 * mean, and names that the solver assigns are resolved as they stand. And there is no state to
 * start from: a solution is written over zeroes, and its digest is computed anew.
 *
 * All variables assigned end the splitting, whatever -nowarning says (eval/generate.c). Of the
 * constraints only CONSTRAINT looks at initial states. */
#include "native/solver.h"

#include "native/writer.h"

struct attempt {
    const char *name;
};

void fm_emit_initial_leaf(struct fm_emit_solver *solver)
{
    struct fm_emit *emit = solver->emit;
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "state *const t = (state *)c->states + c->count;");
    fm_emit_line(emit, "memset(t, 0, sizeof *t);");
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        const struct fm_shape *shape = emit->layout->variables[i];
        const char *member = fm_emit_format(emit, "t->%s", fm_emit_member(emit, i));
        fm_emit_store(emit, shape, member, fm_emit_as(emit, solver->target[i], shape));
    }
    fm_emit_open(emit, "if (deliver_initial(c, t))");
    fm_emit_line(emit, "return;");
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

static const char *head(struct fm_emit *emit, const char *name)
{
    return fm_emit_format(emit, "SHARED void %s(struct fm_nrt *c)", name);
}

static void write_initial(struct fm_emit *emit, void *closure)
{
    const struct attempt *attempt = closure;
    const struct fm_program *program = emit->program;
    struct fm_emit_exit end = {NULL, false};
    struct fm_emit_solver solver = fm_emit_solver_new(emit, &end);
    solver.shortcut = true;
    solver.is_initial = true;
    emit->target = solver.target;
    emit->primed = true;
    fm_emit_line(emit, "%s", head(emit, attempt->name));
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)c;");
    struct fm_node **nodes = fm_arena_alloc(&emit->arena,
                                            (program->init_count + 1) * sizeof *nodes);
    struct fm_emit_rest *rests = fm_arena_calloc(&emit->arena, program->init_count + 1,
                                                 sizeof *rests);
    for (uint32_t i = 0; i < program->init_count; i++) {
        nodes[i] = program->inits[i].node;
        rests[i] = (struct fm_emit_rest){
            .kind = FM_EMIT_REST_CONJUNCTS,
            .count = 1,
            .nodes = &nodes[i],
            .frame = fm_emit_frame_new(emit, program->inits[i].frame, NULL),
            .next = i + 1 < program->init_count ? &rests[i + 1] : NULL,
        };
    }
    if (program->init_count == 0) {
        fm_emit_refuse(emit, NULL, "there is no initial predicate");
    }
    fm_emit_solve(&solver, nodes[0], rests[0].frame, rests[0].next);
    fm_emit_close(emit, "\n");
    emit->target = NULL;
    emit->primed = false;
}

void fm_emit_initial(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_program *program = emit->program;
    uint32_t first_site = emit->sites.count;
    writer->initial = FM_EMIT_NOWHERE;
    if (program->init_count == 0) {
        return;
    }
    if (emit->stores == NULL) {
        fm_text_puts(&emit->prelude,
                     "\nSHARED bool deliver_initial(struct fm_nrt *c, const state *t);\n");
    }
    fm_emit_function_begin(writer);
    const struct fm_symbol *name = program->inits[0].name;
    struct attempt attempt = {.name = fm_emit_name(emit, "initial")};
    bool emitted = fm_emit_try(emit, write_initial, &attempt);
    fm_emit_note_add(emit, "initial predicate", fm_emit_note_name(name),
                     program->inits[0].node->span, first_site, emitted);
    if (emitted) {
        writer->initial = fm_emit_function_add(
            writer, fm_emit_function_end(writer, attempt.name, head(emit, attempt.name)));
    }
}

void fm_emit_initial_delivery(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_program *program = emit->program;
    if (writer->initial == FM_EMIT_NOWHERE) {
        return;
    }
    fm_emit_line(emit, "static void fingerprint(struct fm_nrt *c, const void *state_, struct "
                       "fm_digest *out);");
    fm_emit_line(emit, "SHARED bool deliver_initial(struct fm_nrt *c, const state *t)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const uint32_t n = c->count;");
    fm_emit_line(emit, "fingerprint(c, t, &c->prints[n]);");
    fm_emit_line(emit, "fm_nrt_prefetch(c, c->prints[n]);");
    fm_emit_line(emit, "c->actions[n] = UINT32_MAX;");
    if (program->constraint_count + program->action_constraint_count != 0) {
        fm_emit_line(emit, "c->in_model[n] = true;");
    }
    for (uint32_t i = 0; i < program->constraint_count; i++) {
        fm_emit_line(emit, "c->in_model[n] = c->in_model[n] != 0 && %s;",
                     fm_emit_formula_call(writer, writer->constraints[i], "FM_NRT_CONSTRAINT", i,
                                          "t", "t, NULL"));
    }
    fm_emit_line(emit, "c->count = n + 1;");
    fm_emit_open(emit, "if (n + 1 == FM_NRT_BATCH_MAX)");
    fm_emit_line(emit, "c->flush(c);");
    fm_emit_line(emit, "return c->stopped;");
    fm_emit_close(emit, "");
    fm_emit_line(emit, "return false;");
    fm_emit_close(emit, "\n");
}
