/* Elaboration: the list of bodies that wait, and the making of nodes and definitions.
 *
 * Making a definition and elaborating its body are two steps: a reference makes the definition
 * (name, parameters, frame) and leaves the body for later, so recursion needs no care and chains of
 * definitions cost no stack. Definitions that belong to a LET (instances inside it) wait in the
 * LET's own list, because their slots must be known when the LET is complete. */
#include "semantics/elaborate.h"

#include "base/assert.h"

#include <string.h>

struct fm_node *fm_node_new(struct fm_elaborator *elaborator, enum fm_op op, struct fm_span span,
                            uint32_t count)
{
    struct fm_node *node = fm_arena_calloc(elaborator->sema->arena, 1, sizeof *node);
    node->op = op;
    node->span = span;
    node->count = count;
    node->index = elaborator->program->node_count++;
    if (count > 0) {
        node->kids = fm_arena_calloc(elaborator->sema->arena, count, sizeof *node->kids);
    }
    return node;
}

struct fm_def *fm_def_new(struct fm_elaborator *elaborator, const struct fm_symbol *name,
                          uint32_t param_count)
{
    struct fm_program *program = elaborator->program;
    struct fm_def *def = fm_arena_calloc(elaborator->sema->arena, 1, sizeof *def);
    def->name = name;
    def->param_count = param_count;
    def->params = fm_arena_calloc(elaborator->sema->arena, param_count, sizeof(struct fm_param));
    def->value = fm_none();
    def->index = program->def_count;
    fm_sema_push(elaborator->sema, program->defs, program->def_count, program->def_capacity, def);
    return def;
}

struct fm_elaborator *fm_elaborator_new(struct fm_sema *sema)
{
    struct fm_elaborator *elaborator = fm_arena_calloc(sema->arena, 1, sizeof *elaborator);
    elaborator->sema = sema;
    elaborator->program = sema->program;
    elaborator->jobs_end = &elaborator->jobs;
    elaborator->builtin_defs = fm_sema_map(sema);
    elaborator->overrides = fm_sema_map(sema);
    elaborator->body_overrides = fm_sema_map(sema);
    elaborator->root = fm_arena_calloc(sema->arena, 1, sizeof *elaborator->root);
    elaborator->root->defs = fm_sema_map(sema);
    elaborator->root->slots = fm_sema_map(sema);
    elaborator->root->children = fm_sema_map(sema);
    elaborator->root->prefix = "";
    sema->elaborator = elaborator;
    return elaborator;
}

void fm_elaborate_job(struct fm_elaborator *elaborator, const struct fm_job *job)
{
    struct fm_build build = {elaborator, job->context, job->cells, job->frame};
    if (job->selection != NULL) {
        job->def->body = fm_elaborate_selected(&build, job->selection, 0);
    } else if (job->function != NULL) {
        job->def->body = fm_elaborate_function(
            &build, job->expression, job->function->is_self_applied ? job->function : NULL);
    } else {
        job->def->body = fm_elaborate(&build, job->expression);
    }
    if (job->frame->def == job->def) {
        job->def->frame_size = job->frame->slots;
    }
}

void fm_elaborate_jobs(struct fm_elaborator *elaborator)
{
    while (elaborator->jobs != NULL) {
        struct fm_job *job = elaborator->jobs;
        elaborator->jobs = job->next;
        if (elaborator->jobs == NULL) {
            elaborator->jobs_end = &elaborator->jobs;
        }
        fm_elaborate_job(elaborator, job);
    }
}

struct fm_def *fm_elaborate_root_expression(struct fm_elaborator *elaborator,
                                            const struct fm_symbol *name, struct fm_ast *node)
{
    struct fm_def *def = fm_def_new(elaborator, name, 0);
    struct fm_frame frame = {.def = def};
    struct fm_build build = {elaborator, elaborator->root, NULL, &frame};
    def->module = elaborator->program->root;
    def->is_fact = true;
    def->span = node->span;
    def->name_span = node->span;
    def->body = fm_elaborate(&build, node);
    def->frame_size = frame.slots;
    return def;
}
