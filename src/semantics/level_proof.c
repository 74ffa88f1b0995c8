/* Levels in proofs: SANY's TheoremNode.
 *
 * Every expression of a proof is checked like any other. Besides, under a temporal goal what TAKE,
 * WITNESS, HAVE and CASE say must be constant, for they would change the goal only in the first
 * state of a behaviour; and so must be the bound of a temporal PICK. QED and CASE have the goal of
 * the proof around. */
#include "semantics/level.h"

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

static enum fm_level level_of_sets(struct fm_level_walk *walk, struct fm_ast *bindings,
                                   struct fm_ast **first_above)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    uint32_t count = bindings->kind == FM_AST_BINDING ? 1 : bindings->count;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_ast *binding = bindings->kind == FM_AST_BINDING ? bindings : bindings->kids[i];
        if ((binding->flags & FM_AST_UNBOUNDED) != 0) {
            continue;
        }
        struct fm_ast *set = binding->kids[binding->count - 1];
        enum fm_level own = fm_level_of(walk, set).level;
        if (own > FM_LEVEL_CONSTANT && *first_above == NULL) {
            *first_above = set;
        }
        level = highest(level, own);
    }
    return level;
}

static enum fm_level level_of_kids(struct fm_level_walk *walk, struct fm_ast *node)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    for (uint32_t i = 0; i < node->count; i++) {
        level = highest(level, fm_level_of(walk, node->kids[i]).level);
    }
    return level;
}

static enum fm_level level_of_pick(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_ast *above = NULL;
    enum fm_level sets = level_of_sets(walk, node->kids[0], &above);
    enum fm_level body = fm_level_of(walk, node->kids[1]).level;
    if (highest(sets, body) == FM_LEVEL_TEMPORAL && above != NULL) {
        fm_level_error(walk, walk->facts, FM_CODE_2084, above->span,
                       "the bound of a temporal PICK must be a constant");
    }
    return highest(sets, body);
}

static void check_definitions(struct fm_level_walk *walk, struct fm_ast *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_ast *unit = node->kids[i];
        if (unit->kind == FM_AST_MODDEF) {
            fm_level_check_instance(walk, unit->kids[1]->note, unit->span);
        } else if (unit->kind == FM_AST_OPDEF || unit->kind == FM_AST_FCNDEF) {
            (void)fm_level_facts_of(walk, unit->note);
        }
    }
}

static enum fm_level level_of_statement(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_ast *above = NULL;
    if (node->kind == FM_AST_TAKE) {
        return level_of_sets(walk, node->kids[0], &above);
    }
    if (node->kind == FM_AST_PICK) {
        return level_of_pick(walk, node);
    }
    if (node->kind == FM_AST_HAVE || node->kind == FM_AST_STEP_CASE ||
        node->kind == FM_AST_WITNESS) {
        return level_of_kids(walk, node);
    }
    if (node->kind == FM_AST_DEFINE) {
        check_definitions(walk, node);
    } else if (node->kind == FM_AST_INSTANCE) {
        fm_level_check_instance(walk, node->note, node->span);
    } else if (node->kind != FM_AST_USE && node->kind != FM_AST_QED) {
        return fm_level_of(walk, node).level;
    }
    return FM_LEVEL_CONSTANT;
}

static void check_step(struct fm_level_walk *walk, struct fm_ast *step, bool temporal_goal)
{
    struct fm_ast *statement = step->kids[0];
    enum fm_level level = level_of_statement(walk, statement);
    bool restricts = statement->kind == FM_AST_TAKE || statement->kind == FM_AST_WITNESS ||
                     statement->kind == FM_AST_HAVE || statement->kind == FM_AST_STEP_CASE;
    if (temporal_goal && restricts && level != FM_LEVEL_CONSTANT) {
        fm_level_error(walk, walk->facts, FM_CODE_2083, statement->span,
                       "under a temporal goal this step must speak of constants, but it speaks of "
                       "%s",
                       fm_level_phrase(level));
    }
    if (step->count > 1) {
        bool same_goal = statement->kind == FM_AST_STEP_CASE || statement->kind == FM_AST_QED;
        fm_level_check_proof(walk, step->kids[1],
                             level == FM_LEVEL_TEMPORAL || (same_goal && temporal_goal));
    }
}

void fm_level_check_proof(struct fm_level_walk *walk, struct fm_ast *proof, bool temporal_goal)
{
    for (uint32_t i = 0; i < proof->count; i++) {
        if (proof->kids[i]->kind == FM_AST_STEP) {
            check_step(walk, proof->kids[i], temporal_goal);
        }
    }
}
