/* The finished program: looking up what users may name, and its end.
 *
 * The names of a program are those of its root module: definitions, and declared constants. Names
 * inside of instances and of LETs are not among them; an expression added later reaches them in the
 * way the specification itself would.
 *
 * Everything lives in the program's arena, the program included: only the tables behind its maps
 * are elsewhere, and the arena must be the last to go. */
#include "semantics/elaborate.h"

struct fm_def *fm_program_find(const struct fm_program *program, const struct fm_symbol *name)
{
    return program->names == NULL ? NULL : fm_map_get(program->names, name);
}

void fm_program_free(struct fm_program *program)
{
    if (program == NULL) {
        return;
    }
    struct fm_sema *sema = program->sema;
    for (uint32_t i = 0; i < sema->map_count; i++) {
        fm_map_deinit(sema->maps[i]);
    }
    struct fm_arena arena = program->arena;
    fm_arena_deinit(&arena);
}

struct fm_node *fm_program_copy_node(struct fm_program *program, const struct fm_node *like)
{
    struct fm_node *node = fm_arena_copy(&program->arena, like, sizeof *like);
    node->index = program->node_count++;
    return node;
}

struct fm_def *fm_program_copy_def(struct fm_program *program, const struct fm_def *like)
{
    struct fm_def *def = fm_arena_copy(&program->arena, like, sizeof *like);
    def->index = program->def_count;
    fm_sema_push(program->sema, program->defs, program->def_count, program->def_capacity, def);
    return def;
}
