/* The finished program: levels, look-up, expressions added later, the end.
 *
 * Levels are those of the program as bound: an operator of an instance whose variables became
 * constants is of constant level. A recursive definition's level is found by iteration from below;
 * levels only rise, so it ends after at most three rounds more than there are levels. */
#include "semantics/elaborate.h"

#include "modules/native.h"

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

static enum fm_level own_level(const struct fm_node *node)
{
    switch (node->op) {
    case FM_OP_VAR:
    case FM_OP_ENABLED:
        return FM_LEVEL_STATE;
    case FM_OP_PRIME:
    case FM_OP_UNCHANGED:
    case FM_OP_CDOT:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        return FM_LEVEL_ACTION;
    case FM_OP_ALWAYS:
    case FM_OP_EVENTUALLY:
    case FM_OP_LEADSTO:
    case FM_OP_WF:
    case FM_OP_SF:
    case FM_OP_GUARANTEE:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        return FM_LEVEL_TEMPORAL;
    case FM_OP_CALL:
    case FM_OP_OPERATOR:
        return node->u.def->level;
    case FM_OP_LOCAL:
        return node->u.local.let != NULL ? node->u.local.let->level : FM_LEVEL_CONSTANT;
    case FM_OP_VALUE:
    case FM_OP_DECIMAL:
    case FM_OP_APPLY:
    case FM_OP_OPERATOR_LOCAL:
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_NOT:
    case FM_OP_IMPLIES:
    case FM_OP_EQUIV:
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_EQ:
    case FM_OP_NE:
    case FM_OP_IN:
    case FM_OP_NOTIN:
    case FM_OP_SUBSETEQ:
    case FM_OP_CUP:
    case FM_OP_CAP:
    case FM_OP_DIFF:
    case FM_OP_POWERSET:
    case FM_OP_BIG_UNION:
    case FM_OP_DOMAIN:
    case FM_OP_SETENUM:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_TUPLE:
    case FM_OP_CROSS:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
    case FM_OP_FCNAPP:
    case FM_OP_FCNSET:
    case FM_OP_RECORD:
    case FM_OP_RECSET:
    case FM_OP_FIELD:
    case FM_OP_EXCEPT:
    case FM_OP_IF:
    case FM_OP_CASE:
    case FM_OP_LET:
    case FM_OP_LABEL:
    case FM_OP_COUNT:
        return FM_LEVEL_CONSTANT;
    }
    return FM_LEVEL_CONSTANT;
}

static bool is_binder(const struct fm_node *node)
{
    return node->op == FM_OP_FORALL || node->op == FM_OP_EXISTS || node->op == FM_OP_CHOOSE ||
           node->op == FM_OP_FILTER || node->op == FM_OP_MAP || node->op == FM_OP_FCN ||
           node->op == FM_OP_TEXISTS || node->op == FM_OP_TFORALL;
}

static enum fm_level set_level(struct fm_node *node, bool *raised);

static enum fm_level level_of_bindings(const struct fm_binding *bindings, uint32_t count,
                                       bool *raised)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            level = highest(level, set_level(bindings[i].set, raised));
        }
    }
    return level;
}

static enum fm_level level_of_updates(const struct fm_node *node, bool *raised)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            level = highest(level, set_level(update->path[j], raised));
        }
        level = highest(level, set_level(update->value, raised));
    }
    return level;
}

/* A definition of a LET counts where it is used: each use of its slot knows the definition. */
static void set_levels_of_lets(const struct fm_node *node, bool *raised)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        struct fm_def *def = node->u.lets.at[i].def;
        enum fm_level level = set_level(def->body, raised);
        *raised = *raised || level > def->level;
        def->level = highest(def->level, level);
    }
}

static enum fm_level set_level(struct fm_node *node, bool *raised)
{
    enum fm_level level = own_level(node);
    if (node->op == FM_OP_OPERATOR && node->u.def->is_let && node->u.def->body != NULL) {
        level = highest(level, set_level(node->u.def->body, raised));
        node->u.def->level = highest(node->u.def->level, level);
    }
    if (is_binder(node)) {
        level = highest(level, level_of_bindings(node->u.bind.at, node->u.bind.count, raised));
    } else if (node->op == FM_OP_RECFCN) {
        level = highest(level, level_of_bindings(node->u.recfcn.at, node->u.recfcn.count, raised));
    } else if (node->op == FM_OP_EXCEPT) {
        level = highest(level, level_of_updates(node, raised));
    } else if (node->op == FM_OP_LET) {
        set_levels_of_lets(node, raised);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        enum fm_level kid = set_level(node->kids[i], raised);
        /* ENABLED A is a state predicate whatever A is. */
        level = node->op == FM_OP_ENABLED ? level : highest(level, kid);
    }
    node->level = level;
    return level;
}

static enum fm_level native_level(const struct fm_native *native)
{
    switch (native->level) {
    case FM_NATIVE_CONSTANT:
        return FM_LEVEL_CONSTANT;
    case FM_NATIVE_STATE:
        return FM_LEVEL_STATE;
    case FM_NATIVE_ACTION:
        return FM_LEVEL_ACTION;
    }
    return FM_LEVEL_CONSTANT;
}

static void raise_level(struct fm_def *def, bool *raised)
{
    enum fm_level level = def->native != NULL ? native_level(def->native) : FM_LEVEL_CONSTANT;
    if (def->body != NULL) {
        level = highest(level, set_level(def->body, raised));
    }
    *raised = *raised || level > def->level;
    def->level = highest(def->level, level);
}

void fm_program_set_levels(struct fm_program *program)
{
    bool changed = true;
    while (changed) {
        changed = false;
        /* Later definitions are mostly used by earlier ones: from the end, two rounds do for most.
         */
        for (uint32_t i = program->def_count; i > 0; i--) {
            struct fm_def *def = program->defs[i - 1];
            if (!def->is_let) {
                raise_level(def, &changed);
            }
        }
    }
}

/* --- look-up --- */

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
