/* What stands directly in an expression.
 *
 * Operands are in `kids` for every operator, but bindings, the definitions of a LET, the updates of
 * an EXCEPT and the body of a LAMBDA are kept beside them, so that each walk over expressions has
 * to know where to look. It asks here instead. There are three answers, each with more than the one
 * before: what is evaluated as an operand; what is evaluated without a call; everything that was
 * written. A walk that follows slots, frames or levels treats some operators itself and leaves the
 * rest to these. */
#include "semantics/walk.h"

const struct fm_binding *fm_node_bindings(const struct fm_node *node, uint32_t *count)
{
    switch ((int)node->op) {
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        *count = node->u.bind.count;
        return node->u.bind.at;
    case FM_OP_RECFCN:
        *count = node->u.recfcn.count;
        return node->u.recfcn.at;
    }
    *count = 0;
    return NULL;
}

static void visit_updates(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            visit(closure, update->path[j]);
        }
        visit(closure, update->value);
    }
}

void fm_node_visit_operands(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    uint32_t count;
    const struct fm_binding *bindings = fm_node_bindings(node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            visit(closure, bindings[i].set);
        }
    }
    for (uint32_t i = 0; i < node->count; i++) {
        visit(closure, node->kids[i]);
    }
    if (node->op == FM_OP_EXCEPT) {
        visit_updates(node, visit, closure);
    }
}

/* `arity_max`: definitions with more parameters are passed over. */
static void visit_lets(const struct fm_node *node, uint32_t arity_max, fm_node_visit_fn *visit,
                       void *closure)
{
    for (uint32_t i = 0; node->op == FM_OP_LET && i < node->u.lets.count; i++) {
        const struct fm_def *def = node->u.lets.at[i].def;
        if (def->param_count <= arity_max && def->body != NULL) {
            visit(closure, def->body);
        }
    }
}

void fm_node_visit_evaluated(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    visit_lets(node, 0, visit, closure);
    fm_node_visit_operands(node, visit, closure);
}

void fm_node_visit_parts(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    visit_lets(node, UINT32_MAX, visit, closure);
    if (node->op == FM_OP_OPERATOR && node->u.def->is_lambda && node->u.def->body != NULL) {
        visit(closure, node->u.def->body);
    }
    fm_node_visit_operands(node, visit, closure);
}
