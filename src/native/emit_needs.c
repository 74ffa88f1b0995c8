/* What an expression needs: slots of frames around it, variables of the state and of the next one.
 *
 * Three users: folding (nothing but known slots may be needed), the interpreter's sites (everything
 * must be handed over), and thunks (what is kept is good while what was read is the same).
 *
 * The walk enters the definitions that are called, each once for each way of reading. A way of
 * reading says what an unprimed variable means: the state, the next state (below a prime), or both
 * (UNCHANGED, [A]_v); and whether primes count (below ENABLED they are bound).
 *
 * Captured slots are named by level, the static nesting of their frame. A LET operator that is
 * called may stand inside of the node, then only what it takes from around the node counts, or
 * around it, then its own slots are not ours. Distinct bound variables of a frame have distinct
 * slots, so what the node itself binds is known by its slot. */
#include "native/piece.h"

#include "modules/native.h"
#include "semantics/walk.h"

#include <string.h>

struct reading {
    bool state, next; /* what an unprimed variable counts as */
    bool primes;      /* whether primed variables count */
};

struct visited {
    const struct fm_def *def;
    struct reading reading;
};

struct scan {
    struct fm_emit *emit;
    int64_t level, limit; /* of the code being walked; slots above the limit are inside */
    int64_t home;         /* the limit of the node itself */
    struct reading reading;
    FM_VEC(struct fm_emit_capture) captures;
    FM_VEC(uint32_t) bound;
    FM_VEC(struct visited) visited;
    uint8_t *variables; /* bit 0: state, bit 1: next */
    bool shifts;
    const char *barred;
};

static void visit(struct scan *scan, const struct fm_node *node);

int64_t fm_emit_level(const struct fm_emit_frame *frame)
{
    return frame != NULL && frame->def != NULL ? (int64_t)frame->def->depth : 0;
}

struct fm_emit_frame *fm_emit_climb(struct fm_emit_frame *frame, int64_t level)
{
    for (int64_t at = fm_emit_level(frame); frame != NULL && at > level; at--) {
        frame = frame->up;
    }
    return frame;
}

static void capture(struct scan *scan, int64_t level, uint32_t slot, bool is_operator)
{
    if (level > scan->limit) {
        return;
    }
    for (uint32_t i = 0; i < scan->captures.count; i++) {
        struct fm_emit_capture *known = &scan->captures.at[i];
        if (known->level == level && known->slot == slot) {
            known->is_operator = known->is_operator || is_operator;
            return;
        }
    }
    fm_vec_push(&scan->captures, ((struct fm_emit_capture){level, slot, is_operator}));
}

static void bind(struct scan *scan, uint32_t slot)
{
    if (scan->level == scan->home && scan->limit == scan->home) {
        fm_vec_push(&scan->bound, slot);
    }
}

static void visit_bindings(struct scan *scan, const struct fm_node *node)
{
    uint32_t count;
    const struct fm_binding *bindings = fm_node_bindings(node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            visit(scan, bindings[i].set);
        }
        for (uint32_t j = 0; j < bindings[i].slot_count; j++) {
            bind(scan, bindings[i].first_slot + j);
        }
    }
}

static void visit_definition(struct scan *scan, const struct fm_def *def)
{
    for (uint32_t i = 0; i < scan->visited.count; i++) {
        const struct visited *visited = &scan->visited.at[i];
        if (visited->def == def && visited->reading.state == scan->reading.state &&
            visited->reading.next == scan->reading.next &&
            visited->reading.primes == scan->reading.primes) {
            return;
        }
    }
    fm_vec_push(&scan->visited, ((struct visited){def, scan->reading}));
    int64_t level = scan->level, limit = scan->limit;
    scan->level = (int64_t)def->depth;
    if (scan->level <= scan->limit) {
        scan->limit = scan->level - 1;
    }
    visit(scan, def->body);
    scan->level = level;
    scan->limit = limit;
}

static void visit_native(struct scan *scan, const struct fm_node *node,
                         const struct fm_native *native)
{
    const struct fm_node *first = node->count != 0 ? node->kids[0] : NULL;
    bool literal = first != NULL && first->op == FM_OP_VALUE &&
                   fm_value_tag(first->u.value) == FM_TAG_STRING;
    const char *key = literal ? fm_value_symbol(first->u.value)->text : NULL;
    if (fm_native_impurity(native, key) != 0 || native->level != FM_NATIVE_CONSTANT) {
        scan->barred = fm_emit_format(scan->emit, "%s!%s is no function of the state",
                                      native->module, native->name);
    }
}

static void visit_callee(struct scan *scan, const struct fm_node *node)
{
    const struct fm_def *def = node->u.def;
    if (def->native != NULL) {
        visit_native(scan, node, def->native);
    } else if (fm_is_none(def->value) && def->body != NULL) {
        visit_definition(scan, def);
    }
}

static void read_variable(struct scan *scan, uint32_t variable)
{
    if (variable >= scan->emit->program->variable_count) {
        scan->barred = "a variable of ENABLED";
        return;
    }
    if (scan->reading.state) {
        scan->variables[variable] |= FM_EMIT_READS_STATE;
    }
    if (scan->reading.next) {
        scan->variables[variable] |= FM_EMIT_READS_PRIMED;
    }
}

static void visit_kids(struct scan *scan, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        visit(scan, node->kids[i]);
    }
}

static void visit_reading(struct scan *scan, const struct fm_node *node, struct reading reading)
{
    struct reading outer = scan->reading;
    scan->reading = reading;
    visit(scan, node);
    scan->reading = outer;
}

/* Variables behind definitions without parameters of their own: those of instances. */
static bool is_plain(const struct fm_node *node)
{
    while (node->op == FM_OP_CALL && node->count == 0 && node->u.def->body != NULL &&
           !node->u.def->is_recursive && !node->u.def->is_let) {
        node = node->u.def->body;
    }
    if (node->op == FM_OP_TUPLE) {
        for (uint32_t i = 0; i < node->count; i++) {
            if (!is_plain(node->kids[i])) {
                return false;
            }
        }
        return true;
    }
    return node->op == FM_OP_VAR || node->op == FM_OP_VALUE;
}

/* Operators that look at other states than the present one. */
static void visit_shift(struct scan *scan, const struct fm_node *node)
{
    struct reading now = scan->reading;
    struct reading both = {now.state, now.next || now.primes, now.primes};
    switch ((int)node->op) {
    case FM_OP_PRIME:
        scan->shifts = scan->shifts || !is_plain(node->kids[0]);
        visit_reading(scan, node->kids[0], (struct reading){false, now.primes, false});
        return;
    case FM_OP_UNCHANGED:
        scan->shifts = scan->shifts || !is_plain(node->kids[0]);
        visit_reading(scan, node->kids[0], both);
        return;
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        scan->shifts = scan->shifts || !is_plain(node->kids[1]);
        visit(scan, node->kids[0]);
        visit_reading(scan, node->kids[1], both);
        return;
    case FM_OP_ENABLED:
        scan->shifts = true;
        visit_reading(scan, node->kids[0], (struct reading){now.state, now.next, false});
        return;
    }
    scan->shifts = true;
    visit_reading(scan, node->kids[0], both);
    visit_reading(scan, node->kids[1], both);
}

static void visit_lets(struct scan *scan, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        const struct fm_let *let = &node->u.lets.at[i];
        if (let->def->param_count == 0 && let->def->body != NULL) {
            bind(scan, let->slot);
            visit(scan, let->def->body);
        }
    }
}

static void visit_updates(struct scan *scan, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            visit(scan, update->path[j]);
        }
        bind(scan, update->at_slot);
        visit(scan, update->value);
    }
}

static void visit(struct scan *scan, const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_VAR:
        read_variable(scan, node->u.index);
        return;
    case FM_OP_LOCAL:
    case FM_OP_APPLY:
    case FM_OP_OPERATOR_LOCAL:
        capture(scan, scan->level - (int64_t)node->u.local.depth, node->u.local.slot,
                node->op != FM_OP_LOCAL);
        break;
    case FM_OP_CALL:
    case FM_OP_OPERATOR:
        visit_callee(scan, node);
        break;
    case FM_OP_RECFCN:
        bind(scan, node->u.recfcn.slot);
        break;
    case FM_OP_LET:
        visit_lets(scan, node);
        break;
    case FM_OP_EXCEPT:
        visit_updates(scan, node);
        break;
    case FM_OP_PRIME:
    case FM_OP_UNCHANGED:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
    case FM_OP_ENABLED:
    case FM_OP_CDOT:
        visit_shift(scan, node);
        return;
    case FM_OP_ALWAYS:
    case FM_OP_EVENTUALLY:
    case FM_OP_LEADSTO:
    case FM_OP_WF:
    case FM_OP_SF:
    case FM_OP_GUARANTEE:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        scan->barred = "a temporal formula has no value in a state or a step";
        return;
    }
    visit_bindings(scan, node);
    visit_kids(scan, node);
}

/* --- results --- */

static bool is_bound(const struct scan *scan, struct fm_emit_capture use)
{
    for (uint32_t i = 0; i < scan->bound.count && use.level == scan->home; i++) {
        if (scan->bound.at[i] == use.slot) {
            return true;
        }
    }
    return false;
}

static const uint32_t *list_variables(struct scan *scan, uint8_t bit, uint32_t *count)
{
    uint32_t total = scan->emit->program->variable_count;
    uint32_t *list = fm_arena_alloc(&scan->emit->arena, (total + 1) * sizeof *list);
    *count = 0;
    for (uint32_t i = 0; i < total; i++) {
        if ((scan->variables[i] & bit) != 0) {
            list[(*count)++] = i;
        }
    }
    return list;
}

static struct fm_emit_needs *finish(struct scan *scan)
{
    struct fm_arena *arena = &scan->emit->arena;
    struct fm_emit_needs *needs = fm_arena_calloc(arena, 1, sizeof *needs);
    struct fm_emit_capture *captures = fm_arena_alloc(arena, (scan->captures.count + 1) *
                                                                 sizeof *captures);
    for (uint32_t i = 0; i < scan->captures.count; i++) {
        if (!is_bound(scan, scan->captures.at[i])) {
            captures[needs->capture_count++] = scan->captures.at[i];
        }
    }
    needs->captures = captures;
    needs->variables = list_variables(scan, FM_EMIT_READS_STATE, &needs->variable_count);
    needs->primed = list_variables(scan, FM_EMIT_READS_PRIMED, &needs->primed_count);
    needs->shifts = scan->shifts;
    needs->barred = scan->barred;
    fm_vec_deinit(&scan->captures);
    fm_vec_deinit(&scan->bound);
    fm_vec_deinit(&scan->visited);
    return needs;
}

const struct fm_emit_needs *fm_emit_needs_of(struct fm_emit *emit, const struct fm_node *node,
                                             const struct fm_emit_frame *frame)
{
    const struct fm_emit_needs *known = fm_map_get(&emit->needs, node);
    if (known != NULL) {
        return known;
    }
    int64_t level = fm_emit_level(frame);
    struct scan scan = {.emit = emit,
                        .level = level,
                        .limit = level,
                        .home = level,
                        .reading = {.state = true, .primes = true}};
    scan.variables = fm_arena_calloc(&emit->arena, emit->program->variable_count + 1, 1);
    visit(&scan, node);
    struct fm_emit_needs *needs = finish(&scan);
    fm_map_put(&emit->needs, node, needs);
    return needs;
}
