/* Splitting behaviour specifications and properties.
 *
 * A SPECIFICATION such as `Init /\ [][Next]_vars /\ Liveness` is taken apart through definitions,
 * LET, labels, parameters and conjunction: what is at most of state level is an initial predicate
 * (in order), exactly one `[][N]_v` gives the next-state relation, temporal conjuncts are kept. A
 * PROPERTY is taken apart likewise, and through `\A` over constant sets: `[][A]_v` becomes an
 * implied action, `[]P` at state level an invariant, a state-level formula an implied initial
 * predicate, the rest is temporal. (TLC: SpecProcessor.processConfigSpec and processConfigProps.)
 *
 * A part found inside a definition with parameters, a LET or a quantifier means nothing alone.
 * Instead of substituting, the way down is recorded as wrappers, and each part is wrapped again on
 * the way out: a call of `Op(a, b)` becomes a call of a new definition with the parameters of Op
 * and the part as its body; LET and `\A` are rebuilt around the part (`\A` commutes with
 * conjunction and with []). A call without parameters of a top-level definition needs no wrapper:
 * its body sees no outer locals, so the definition itself becomes the frame of the formula. Nothing
 * is evaluated here.
 *
 * Invariant: a part, wrapped, is a formula to be evaluated in a frame of `formula.frame`. */
#include "semantics/split.h"

#include "base/assert.h"

#include <string.h>

/* Definitions, LETs and conjunctions passed on the way down; more is a cycle. */
#define DEPTH_MAX 2000u

struct wrapper {
    const struct wrapper *outer;
    struct fm_node *node; /* CALL, LET or FORALL */
};

enum split_kind { SPLIT_SPECIFICATION, SPLIT_PROPERTY };

struct splitter {
    struct fm_program *program;
    enum split_kind kind;
    bool failed;
};

/* Where the splitter stands. */
struct position {
    struct fm_node *node;
    struct fm_def *frame;          /* definition in whose frame the wrapped part is evaluated */
    const struct fm_symbol *name;  /* nearest definition's name */
    const struct fm_symbol *title; /* of the nearest one without parameters */
    const struct wrapper *wrappers;
    struct fm_def *def; /* set when node is the whole body of this definition */
    uint32_t depth;
};

static void split(struct splitter *splitter, struct position position);

/* --- parts --- */

/* A part that mentions only parameters is a constant as such, but not with state functions for
 * them: taken for one, it would be evaluated instead of assigning variables. Actions and temporal
 * formulas among the arguments are parts of their own, found where the parameters stand. */
static enum fm_level level_with_arguments(const struct fm_node *call, enum fm_level level)
{
    for (uint32_t i = 0; i < call->count; i++) {
        enum fm_level own = call->kids[i]->level;
        level = own == FM_LEVEL_STATE && own > level ? own : level;
    }
    return level;
}

/* The part inside one wrapper. */
static struct fm_node *wrap(struct fm_program *program, const struct fm_node *outer,
                            struct fm_node *part)
{
    struct fm_node *node = fm_program_copy_node(program, outer);
    node->level = part->level > outer->level ? part->level : outer->level;
    if (outer->op == FM_OP_CALL) {
        struct fm_def *def = fm_program_copy_def(program, outer->u.def);
        def->body = part;
        def->level = part->level;
        def->counting_params = 0;
        node->u.def = def;
        node->level = level_with_arguments(node, part->level);
        return node;
    }
    fm_assert(outer->op == FM_OP_LET || outer->op == FM_OP_FORALL);
    struct fm_node **kids = fm_arena_alloc(&program->arena, sizeof *kids);
    kids[0] = part;
    node->kids = kids;
    node->level = part->level;
    return node;
}

/* `part` stands for position.node or for something inside it. */
static struct fm_formula formula_of(const struct splitter *splitter,
                                    const struct position *position, struct fm_node *part)
{
    struct fm_node *node = part;
    for (const struct wrapper *at = position->wrappers; at != NULL; at = at->outer) {
        node = wrap(splitter->program, at->node, node);
    }
    return (struct fm_formula){
        .name = position->name,
        .node = node,
        .def = node == part && part == position->node ? position->def : NULL,
        .frame = position->frame,
    };
}

static void append(struct fm_program *program, struct fm_formula **list, uint32_t *count,
                   struct fm_formula formula)
{
    struct fm_formula *grown = fm_arena_alloc(&program->arena, (*count + 1) * sizeof *grown);
    if (*count != 0) {
        memcpy(grown, *list, *count * sizeof *grown);
    }
    grown[(*count)++] = formula;
    *list = grown;
}

static void fail(struct splitter *splitter, enum fm_code code, const struct fm_node *node,
                 const char *message, const char *hint)
{
    splitter->failed = true;
    struct fm_diag *diag = fm_diag_report(splitter->program->diags, code, node->span, "%s",
                                          message);
    if (hint != NULL) {
        fm_diag_hint(splitter->program->diags, diag, "%s", hint);
    }
}

/* --- levels --- */

static bool argument_behind(struct position *position);
static struct fm_def *let_behind(const struct position *position);

/* What is given for an operator parameter; NULL when that is bound elsewhere. */
static const struct fm_def *operator_behind(const struct position *position,
                                            const struct fm_local *local)
{
    struct position at = *position;
    struct fm_node name = {.op = FM_OP_LOCAL};
    name.u.local = *local;
    at.node = &name;
    while (argument_behind(&at)) {
        if (at.node->op == FM_OP_OPERATOR) {
            return at.node->u.def;
        }
    }
    return NULL;
}

/* The level of the node at that position: parameters count as what is given for them. In
 * P(F) == [](x = 0 => F) the level of the implication depends on the call. */
static enum fm_level level_at(const struct position *position, struct fm_node *node)
{
    enum fm_level level = node->level;
    if (node->op == FM_OP_ENABLED || level == FM_LEVEL_TEMPORAL || position->depth > DEPTH_MAX) {
        return level;
    }
    struct position at = *position;
    at.node = node;
    at.depth++;
    if (node->op == FM_OP_LOCAL) {
        const struct fm_def *let = let_behind(&at);
        if (let != NULL) {
            return level_at(&at, let->body);
        }
        return argument_behind(&at) ? level_at(&at, at.node) : level;
    }
    if (node->op == FM_OP_APPLY) {
        const struct fm_def *given = operator_behind(&at, &node->u.local);
        level = given != NULL && given->level > level ? given->level : level;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        enum fm_level own = level_at(&at, node->kids[i]);
        level = own > level ? own : level;
    }
    return level;
}

/* --- leaves --- */

static void take_next(struct splitter *splitter, const struct position *position,
                      const struct fm_node *square)
{
    struct fm_program *program = splitter->program;
    if (program->next.node != NULL) {
        fail(splitter, FM_CODE_3022, position->node,
             "the specification has a second next-state relation `[][N]_v`",
             "a specification has the form Init /\\ [][Next]_vars /\\ fairness");
        return;
    }
    program->next = formula_of(splitter, position, square->kids[0]);
}

static void specification_leaf(struct splitter *splitter, const struct position *position)
{
    struct fm_program *program = splitter->program;
    struct fm_node *node = position->node;
    enum fm_level level = level_at(position, node);
    if (node->op == FM_OP_TEXISTS || node->op == FM_OP_TFORALL) {
        fail(splitter, FM_CODE_3020, node,
             "a specification with a temporal quantifier (\\EE, \\AA) cannot be checked",
             "check the specification without hiding: the quantified variables are then visible");
    } else if (node->op == FM_OP_ALWAYS && node->kids[0]->op == FM_OP_SQUARE) {
        take_next(splitter, position, node->kids[0]);
    } else if (node->op == FM_OP_ALWAYS && level_at(position, node->kids[0]) <= FM_LEVEL_STATE) {
        fail(splitter, FM_CODE_3021, node,
             "a specification cannot demand `[]P` of a state predicate P",
             "make P a CONSTRAINT, or check it as an INVARIANT");
    } else if (level <= FM_LEVEL_STATE) {
        append(program, &program->inits, &program->init_count,
               formula_of(splitter, position, node));
    } else if (level == FM_LEVEL_TEMPORAL) {
        append(program, &program->fairness, &program->fairness_count,
               formula_of(splitter, position, node));
    } else if (!splitter->failed) { /* once, not for each conjunct of an action */
        fail(splitter, FM_CODE_3023, node,
             "this conjunct of the specification is an action: neither an initial predicate nor "
             "`[][N]_v` nor a temporal formula",
             "did you mean `[][N]_vars`? A specification has the form Init /\\ [][Next]_vars /\\ "
             "fairness");
    }
}

static void property_leaf(struct splitter *splitter, const struct position *position)
{
    struct fm_program *program = splitter->program;
    struct fm_node *node = position->node;
    enum fm_level level = level_at(position, node);
    if (node->op == FM_OP_ALWAYS && node->kids[0]->op == FM_OP_SQUARE) {
        append(program, &program->implied_actions, &program->implied_action_count,
               formula_of(splitter, position, node->kids[0]));
    } else if (node->op == FM_OP_ALWAYS && level_at(position, node->kids[0]) <= FM_LEVEL_STATE) {
        struct fm_formula invariant = formula_of(splitter, position, node->kids[0]);
        if (node->kids[0]->op == FM_OP_CALL && node->kids[0]->count == 0) {
            invariant.name = node->kids[0]->u.def->name;
        }
        append(program, &program->invariants, &program->invariant_count, invariant);
    } else if (level == FM_LEVEL_TEMPORAL) {
        struct fm_formula formula = formula_of(splitter, position, node);
        formula.name = position->title;
        append(program, &program->temporals, &program->temporal_count, formula);
    } else if (level <= FM_LEVEL_STATE) {
        append(program, &program->implied_inits, &program->implied_init_count,
               formula_of(splitter, position, node));
    } else {
        fail(splitter, FM_CODE_3024, node, "this property is an action, not a temporal formula",
             node->op == FM_OP_SQUARE ? "did you mean `[][A]_v`?" : "did you mean `[][A]_vars`?");
    }
}

/* --- the way down --- */

static void split_wrapped(struct splitter *splitter, struct position position, struct fm_node *body)
{
    struct wrapper wrapper = {position.wrappers, position.node};
    position.wrappers = &wrapper;
    position.node = body;
    position.def = NULL;
    split(splitter, position);
}

static void split_call(struct splitter *splitter, struct position position)
{
    struct fm_def *def = position.node->u.def;
    position.name = def->name;
    if (def->param_count == 0 && !def->is_let) {
        position.title = def->name;
        position.node = def->body;
        position.def = def;
        position.frame = def;
        position.wrappers = NULL;
        split(splitter, position);
        return;
    }
    split_wrapped(splitter, position, def->body);
}

/* A reference to a LET definition without parameters: its body stands in the same frame, so the
 * wrappers hold for it as they are. */
static struct fm_def *let_behind(const struct position *position)
{
    const struct fm_local local = position->node->u.local;
    for (const struct wrapper *at = position->wrappers; at != NULL; at = at->outer) {
        const struct fm_node *node = at->node;
        if (node->op == FM_OP_CALL) {
            return NULL;
        }
        for (uint32_t i = 0; node->op == FM_OP_LET && i < node->u.lets.count; i++) {
            const struct fm_let *let = &node->u.lets.at[i];
            if (local.depth == 0 && let->def->param_count == 0 && let->slot == local.slot) {
                return let->def;
            }
        }
    }
    return NULL;
}

/* A parameter of the definition whose call was wrapped last: the argument, and where it stands. */
static bool argument_behind(struct position *position)
{
    const struct fm_local local = position->node->u.local;
    for (const struct wrapper *at = position->wrappers; at != NULL; at = at->outer) {
        if (at->node->op == FM_OP_CALL) {
            if (local.depth != 0 || local.slot >= at->node->count) {
                return false;
            }
            position->node = at->node->kids[local.slot];
            position->wrappers = at->outer;
            position->def = NULL;
            return true;
        }
    }
    return false;
}

static bool has_constant_bounds(const struct position *position)
{
    const struct fm_node *node = position->node;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        struct fm_node *set = node->u.bind.at[i].set;
        if (set == NULL || level_at(position, set) != FM_LEVEL_CONSTANT) {
            return false;
        }
    }
    return true;
}

/* Whether going into the node can find more than the node itself. */
static bool is_call_to_follow(const struct splitter *splitter, const struct fm_node *node)
{
    const struct fm_def *def = node->u.def;
    if (def->body == NULL || def->native != NULL || def->is_recursive || def->is_constant_decl ||
        !fm_is_none(def->value)) {
        return false;
    }
    return splitter->kind == SPLIT_PROPERTY || node->level == FM_LEVEL_TEMPORAL;
}

static void leaf(struct splitter *splitter, struct position position)
{
    if (splitter->kind == SPLIT_SPECIFICATION) {
        specification_leaf(splitter, &position);
    } else {
        property_leaf(splitter, &position);
    }
}

static void split_local(struct splitter *splitter, struct position position)
{
    if (argument_behind(&position)) {
        split(splitter, position);
        return;
    }
    struct fm_def *def = let_behind(&position);
    if (def == NULL) {
        leaf(splitter, position);
        return;
    }
    position.name = def->name;
    position.node = def->body;
    position.def = NULL;
    split(splitter, position);
}

static void split(struct splitter *splitter, struct position position)
{
    struct fm_node *node = position.node;
    if (++position.depth > DEPTH_MAX) {
        fail(splitter, FM_CODE_3025, node, "this formula is nested too deeply to be split", NULL);
        return;
    }
    if (node->op == FM_OP_CALL && is_call_to_follow(splitter, node)) {
        split_call(splitter, position);
    } else if (node->op == FM_OP_CALL && node->level <= FM_LEVEL_STATE &&
               node->u.def->native == NULL) {
        position.name = node->u.def->name;
        leaf(splitter, position);
    } else if (node->op == FM_OP_LOCAL) {
        split_local(splitter, position);
    } else if (node->op == FM_OP_LET) {
        split_wrapped(splitter, position, node->kids[0]);
    } else if (node->op == FM_OP_LABEL) {
        position.node = node->kids[0];
        split(splitter, position);
    } else if (node->op == FM_OP_FORALL && splitter->kind == SPLIT_PROPERTY &&
               node->level > FM_LEVEL_STATE && has_constant_bounds(&position)) {
        split_wrapped(splitter, position, node->kids[0]);
    } else if (node->op == FM_OP_AND) {
        for (uint32_t i = 0; i < node->count; i++) {
            position.node = node->kids[i];
            position.def = NULL;
            split(splitter, position);
        }
    } else {
        leaf(splitter, position);
    }
}

static bool split_formula(struct fm_program *program, struct fm_formula formula,
                          enum split_kind kind)
{
    struct splitter splitter = {.program = program, .kind = kind};
    struct position position = {
        .node = formula.node,
        .frame = formula.frame,
        .name = formula.name,
        .title = formula.name,
        .def = formula.def,
    };
    split(&splitter, position);
    return !splitter.failed;
}

bool fm_program_split_specification(struct fm_program *program, struct fm_formula specification)
{
    if (!split_formula(program, specification, SPLIT_SPECIFICATION)) {
        return false;
    }
    if (program->next.node == NULL) {
        struct fm_diag *diag = fm_diag_report(
            program->diags, FM_CODE_3026, specification.node->span,
            "the specification `%s` has no next-state relation `[][N]_v`",
            specification.name->text);
        fm_diag_hint(program->diags, diag,
                     "a specification has the form Init /\\ [][Next]_vars /\\ fairness");
        return false;
    }
    return true;
}

bool fm_program_split_property(struct fm_program *program, struct fm_formula property)
{
    return split_formula(program, property, SPLIT_PROPERTY);
}
