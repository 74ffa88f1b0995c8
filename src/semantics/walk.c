/* What stands directly in an expression.
 *
 * Operands are in `kids` for every operator, but bindings, the definitions of a LET, the updates of
 * an EXCEPT and the body of a LAMBDA are kept beside them. Who wants to see everything that was
 * written asks here; who has to treat each of them in its own way (analyses of slots and scopes)
 * has a switch over the operators anyway. */
#include "semantics/walk.h"

static void visit_bindings(const struct fm_binding *bindings, uint32_t count,
                           fm_node_visit_fn *visit, void *closure)
{
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            visit(closure, bindings[i].set);
        }
    }
}

static void visit_lets(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        if (node->u.lets.at[i].def->body != NULL) {
            visit(closure, node->u.lets.at[i].def->body);
        }
    }
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

static bool has_bindings(enum fm_op op)
{
    return op == FM_OP_FORALL || op == FM_OP_EXISTS || op == FM_OP_CHOOSE || op == FM_OP_FILTER ||
           op == FM_OP_MAP || op == FM_OP_FCN;
}

void fm_node_visit_parts(const struct fm_node *node, fm_node_visit_fn *visit, void *closure)
{
    if (has_bindings(node->op)) {
        visit_bindings(node->u.bind.at, node->u.bind.count, visit, closure);
    } else if (node->op == FM_OP_RECFCN) {
        visit_bindings(node->u.recfcn.at, node->u.recfcn.count, visit, closure);
    } else if (node->op == FM_OP_LET) {
        visit_lets(node, visit, closure);
    } else if (node->op == FM_OP_OPERATOR && node->u.def->is_lambda && node->u.def->body != NULL) {
        visit(closure, node->u.def->body);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        visit(closure, node->kids[i]);
    }
    if (node->op == FM_OP_EXCEPT) {
        visit_updates(node, visit, closure);
    }
}
