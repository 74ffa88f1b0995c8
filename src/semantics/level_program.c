/* Levels of the program as bound: an operator of an instance whose variables became constants is of
 * constant level.
 *
 * The level of a call is that of the operator's body and of the arguments; an argument for a
 * parameter that stands only inside ENABLED counts as a state function at most, whatever it is:
 * with B(d) == ENABLED d, B(x' = 1) is a state predicate. What stands in a definition of a LET
 * stands where the definition is used.
 *
 * A recursive definition's level is found by iteration from below. Levels and the sets of counting
 * parameters only grow, so it ends. */
#include "semantics/elaborate.h"

#include "modules/native.h"
#include "semantics/walk.h"

/* The frames around the place walked, innermost first. */
struct level_frame {
    struct fm_def *def;
    const struct level_frame *outer;
};

struct level_walk {
    const struct level_frame *frame;
    bool enabled; /* inside ENABLED */
    bool *raised;
};

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

static enum fm_level lowest(enum fm_level a, enum fm_level b)
{
    return a < b ? a : b;
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

/* --- parameters --- */

/* A parameter beyond the bits kept counts always. */
static bool is_counting(const struct fm_def *def, uint32_t parameter)
{
    return parameter >= 64 || def->body == NULL ||
           (def->counting_params & UINT64_C(1) << parameter) != 0;
}

static void count_definition(const struct level_walk *walk, struct fm_def *def)
{
    *walk->raised = *walk->raised || !def->is_counting;
    def->is_counting = true;
}

/* The local stands outside ENABLED: if a parameter, it counts. */
static void count_local(const struct level_walk *walk, const struct fm_local *local)
{
    if (local->let != NULL) {
        count_definition(walk, local->let);
        return;
    }
    const struct level_frame *frame = walk->frame;
    for (uint32_t i = 0; i < local->depth && frame != NULL; i++) {
        frame = frame->outer;
    }
    if (frame == NULL || is_counting(frame->def, local->slot) ||
        local->slot >= frame->def->param_count) {
        return;
    }
    frame->def->counting_params |= UINT64_C(1) << local->slot;
    *walk->raised = true;
}

/* --- nodes --- */

static enum fm_level set_level(const struct level_walk *walk, struct fm_node *node);

static enum fm_level level_of_bindings(const struct level_walk *walk, const struct fm_node *node)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    uint32_t count;
    const struct fm_binding *bindings = fm_node_bindings(node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            level = highest(level, set_level(walk, bindings[i].set));
        }
    }
    return level;
}

static enum fm_level level_of_updates(const struct level_walk *walk, const struct fm_node *node)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            level = highest(level, set_level(walk, update->path[j]));
        }
        level = highest(level, set_level(walk, update->value));
    }
    return level;
}

static void raise_to(struct fm_def *def, enum fm_level level, bool *raised)
{
    *raised = *raised || level > def->level;
    def->level = highest(def->level, level);
}

/* An operator in a frame of its own, inside that of `walk`. */
static enum fm_level level_of_operator(const struct level_walk *walk, struct fm_def *def)
{
    struct level_frame frame = {def, walk->frame};
    struct level_walk inner = {&frame, walk->enabled, walk->raised};
    return set_level(&inner, def->body);
}

/* A definition of a LET counts where it is used: each use of its slot knows the definition. */
static void set_levels_of_lets(const struct level_walk *walk, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        struct fm_def *def = node->u.lets.at[i].def;
        struct level_walk inner = *walk;
        inner.enabled = walk->enabled || !def->is_counting;
        enum fm_level level = def->param_count > 0 ? level_of_operator(&inner, def)
                                                   : set_level(&inner, def->body);
        raise_to(def, level, walk->raised);
    }
}

static enum fm_level level_of_kid(const struct level_walk *walk, const struct fm_node *node,
                                  uint32_t kid)
{
    bool counts = node->op != FM_OP_CALL || is_counting(node->u.def, kid);
    struct level_walk inner = *walk;
    inner.enabled = walk->enabled || node->op == FM_OP_ENABLED || !counts;
    enum fm_level level = set_level(&inner, node->kids[kid]);
    if (node->op == FM_OP_ENABLED) {
        return FM_LEVEL_STATE;
    }
    return counts ? level : lowest(level, FM_LEVEL_STATE);
}

static void count_names(const struct level_walk *walk, const struct fm_node *node)
{
    if (node->op == FM_OP_LOCAL || node->op == FM_OP_APPLY || node->op == FM_OP_OPERATOR_LOCAL) {
        count_local(walk, &node->u.local);
    } else if (node->op == FM_OP_OPERATOR || node->op == FM_OP_CALL) {
        if (node->u.def->is_let) {
            count_definition(walk, node->u.def);
        }
    }
}

static enum fm_level set_level(const struct level_walk *walk, struct fm_node *node)
{
    enum fm_level level = own_level(node);
    bool has_def = node->op == FM_OP_OPERATOR || node->op == FM_OP_CALL;
    if (!walk->enabled) {
        count_names(walk, node);
    }
    if (has_def && node->u.def->is_lambda) {
        raise_to(node->u.def, level_of_operator(walk, node->u.def), walk->raised);
        level = node->u.def->level;
    }
    level = highest(level, level_of_bindings(walk, node));
    if (node->op == FM_OP_EXCEPT) {
        level = highest(level, level_of_updates(walk, node));
    } else if (node->op == FM_OP_LET) {
        set_levels_of_lets(walk, node);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        level = highest(level, level_of_kid(walk, node, i));
    }
    node->level = level;
    return level;
}

/* --- definitions --- */

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
        struct level_walk walk = {NULL, false, raised};
        level = highest(level, level_of_operator(&walk, def));
    }
    raise_to(def, level, raised);
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
