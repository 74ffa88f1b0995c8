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
