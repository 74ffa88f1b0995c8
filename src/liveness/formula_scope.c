/* What names mean inside a temporal formula.
 *
 * Going down into a formula passes calls, LETs and quantifiers. Nothing is substituted on the way:
 * a spot is a node together with the frame it stands in (a scope) and what was passed in that frame
 * (its way). A parameter is then the argument at the place of the call, a name of a LET the body of
 * its definition, a variable of an expanded quantifier a value.
 *
 * Scopes are linked twice: to the caller, where arguments are read, and statically to the frame
 * around, where the free names of LET operators and LAMBDAs are. The static link of a frame is
 * always one of its callers. Top-level definitions without parameters depend on nothing around
 * them: their scopes have no caller.
 *
 * Levels of the program take parameters for constants, so the level of a part depends on the spot:
 * in P(F) == []F the F is what P was given. */
#include "liveness/formula_scope.h"

#include "base/assert.h"
#include "semantics/walk.h"

/* Nodes, names and calls below each other: beyond, a part is taken for temporal, and whoever goes
 * into it finds out that it is too deep (formula.c). */
#define DEPTH_MAX 4000u

struct place {
    const struct fm_scope *scope;
    const struct fm_way *way;
};

static struct place climb(const struct fm_spot *spot, uint32_t depth)
{
    const struct fm_scope *target = spot->scope;
    for (uint32_t i = 0; i < depth; i++) {
        target = target->up;
        fm_assert(target != NULL);
    }
    struct place place = {spot->scope, spot->way};
    while (place.scope != target) {
        place.way = place.scope->way;
        place.scope = place.scope->caller;
        fm_assert(place.scope != NULL);
    }
    return place;
}

static struct fm_def *let_with_slot(const struct fm_node *let, uint32_t slot)
{
    for (uint32_t i = 0; i < let->u.lets.count; i++) {
        const struct fm_let *at = &let->u.lets.at[i];
        if (at->def->param_count == 0 && at->slot == slot) {
            return at->def;
        }
    }
    return NULL;
}

static struct fm_meaning meaning_of_argument(const struct fm_scope *scope, uint32_t slot)
{
    struct fm_meaning meaning = {
        .kind = FM_MEANS_SPOT,
        .spot = {scope->call->kids[slot], scope->caller, scope->way},
    };
    const struct fm_node *node = meaning.spot.node;
    if (node->op == FM_OP_VALUE) {
        meaning.kind = FM_MEANS_VALUE;
        meaning.value = node->u.value;
    } else if (node->op == FM_OP_LOCAL) {
        struct fm_meaning behind = fm_spot_meaning(&meaning.spot, &node->u.local);
        meaning = behind.kind == FM_MEANS_INSIDE ? meaning : behind;
    }
    return meaning;
}

struct fm_meaning fm_spot_meaning(const struct fm_spot *spot, const struct fm_local *local)
{
    struct place place = climb(spot, local->depth);
    for (const struct fm_way *way = place.way; way != NULL; way = way->outer) {
        if (way->let == NULL) {
            if (way->slot == local->slot) {
                return (struct fm_meaning){.kind = FM_MEANS_VALUE, .value = way->value};
            }
            continue;
        }
        struct fm_def *def = let_with_slot(way->let, local->slot);
        if (def != NULL) {
            return (struct fm_meaning){
                .kind = FM_MEANS_SPOT,
                .spot = {def->body, place.scope, way},
                .is_let = true,
            };
        }
    }
    if (place.scope->call != NULL && local->slot < place.scope->call->count) {
        return meaning_of_argument(place.scope, local->slot);
    }
    return (struct fm_meaning){.kind = FM_MEANS_INSIDE};
}

struct fm_def *fm_spot_operator(const struct fm_spot *spot, const struct fm_local *local,
                                struct fm_spot *given)
{
    struct place place = climb(spot, local->depth);
    if (place.scope->call == NULL || local->slot >= place.scope->call->count) {
        return NULL;
    }
    *given = (struct fm_spot){place.scope->call->kids[local->slot], place.scope->caller,
                              place.scope->way};
    if (given->node->op == FM_OP_OPERATOR_LOCAL) {
        struct fm_spot at = *given;
        return fm_spot_operator(&at, &at.node->u.local, given);
    }
    return given->node->op == FM_OP_OPERATOR ? given->node->u.def : NULL;
}

struct fm_scope fm_spot_enter(const struct fm_spot *spot, struct fm_def *def)
{
    struct fm_scope scope = {.def = def};
    bool nested = def->is_let && def->depth != 0;
    if (def->param_count == 0 && !nested) {
        return scope;
    }
    scope.caller = spot->scope;
    scope.way = spot->way;
    scope.call = spot->node;
    if (nested) {
        scope.up = spot->scope;
        while (fm_scope_depth(scope.up) + 1 > def->depth) {
            scope.up = scope.up->up;
            fm_assert(scope.up != NULL);
        }
    }
    return scope;
}

bool fm_def_is_open(const struct fm_def *def)
{
    return def->body != NULL && def->native == NULL && !def->is_constant_decl &&
           fm_is_none(def->value);
}

/* --- levels --- */

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

static enum fm_level level_at(const struct fm_spot *spot, uint32_t depth);

static enum fm_level level_of(const struct fm_spot *spot, struct fm_node *node, uint32_t depth)
{
    struct fm_spot inner = fm_spot_at(spot, node);
    return level_at(&inner, depth + 1);
}

/* A LET operator or LAMBDA, whose body sees what is around; others have their own level. */
static enum fm_level level_of_operator(const struct fm_spot *spot, struct fm_def *def,
                                       uint32_t depth)
{
    if (!def->is_let || def->depth == 0 || def->is_recursive || !fm_def_is_open(def)) {
        return def->level;
    }
    struct fm_scope scope = fm_spot_enter(spot, def);
    struct fm_spot inner = {def->body, &scope, NULL};
    return highest(def->level, level_at(&inner, depth + 1));
}

/* Parameters that stand only inside ENABLED make no action of it (level_program.c). */
static bool counts(const struct fm_def *def, uint32_t parameter)
{
    return parameter >= 64 || def->body == NULL ||
           (def->counting_params & UINT64_C(1) << parameter) != 0;
}

static enum fm_level level_of_call(const struct fm_spot *spot, struct fm_def *def,
                                   const struct fm_spot *where, uint32_t depth)
{
    const struct fm_node *node = spot->node;
    enum fm_level level = def->level;
    if (where != NULL) {
        level = highest(level, level_of_operator(where, def, depth));
    }
    for (uint32_t i = 0; i < node->count; i++) {
        enum fm_level own = level_of(spot, node->kids[i], depth);
        bool capped = own == FM_LEVEL_ACTION && !counts(def, i);
        level = highest(level, capped ? FM_LEVEL_STATE : own);
    }
    return level;
}

struct parts_level {
    const struct fm_spot *spot; /* that the parts stand in */
    uint32_t depth;
    enum fm_level level; /* highest so far */
};

static void raise_by_part(void *closure, struct fm_node *part)
{
    struct parts_level *parts = closure;
    parts->level = highest(parts->level, level_of(parts->spot, part, parts->depth));
}

static enum fm_level level_of_parts(const struct fm_spot *spot, uint32_t depth)
{
    struct parts_level parts = {spot, depth, spot->node->level};
    fm_node_visit_operands(spot->node, raise_by_part, &parts);
    return parts.level;
}

static enum fm_level level_of_local(const struct fm_spot *spot, uint32_t depth)
{
    const struct fm_local *local = &spot->node->u.local;
    struct fm_meaning meaning = fm_spot_meaning(spot, local);
    switch (meaning.kind) {
    case FM_MEANS_VALUE:
        return FM_LEVEL_CONSTANT;
    case FM_MEANS_SPOT:
        return level_at(&meaning.spot, depth + 1);
    case FM_MEANS_INSIDE:
        break;
    }
    return local->let != NULL ? local->let->level : FM_LEVEL_CONSTANT;
}

static enum fm_level level_at(const struct fm_spot *spot, uint32_t depth)
{
    const struct fm_node *node = spot->node;
    if (depth > DEPTH_MAX) {
        return FM_LEVEL_TEMPORAL;
    }
    switch ((int)node->op) {
    case FM_OP_ENABLED:
        return FM_LEVEL_STATE;
    case FM_OP_LOCAL:
        return level_of_local(spot, depth);
    case FM_OP_LET: {
        struct fm_way way = {.outer = spot->way, .let = node};
        struct fm_spot inner = {node->kids[0], spot->scope, &way};
        return level_at(&inner, depth + 1);
    }
    case FM_OP_APPLY: {
        struct fm_spot given;
        struct fm_def *def = fm_spot_operator(spot, &node->u.local, &given);
        return def == NULL ? level_of_parts(spot, depth) : level_of_call(spot, def, &given, depth);
    }
    case FM_OP_OPERATOR:
        return level_of_operator(spot, node->u.def, depth);
    case FM_OP_CALL:
        return level_of_call(spot, node->u.def, spot, depth);
    }
    return level_of_parts(spot, depth);
}

enum fm_level fm_spot_level(const struct fm_spot *spot)
{
    return level_at(spot, 0);
}
