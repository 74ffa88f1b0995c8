/* Nodes as TLA+ text, on one line, with no more parentheses than the grammar needs.
 *
 * Each node has a range of precedence; an operand is put in parentheses when its range does not lie
 * above that of the operator around it ("Specifying Systems" 15.2.1), except on the left of a
 * left-associative operator of the same kind. What extends as far to the right as it can
 * (quantifiers, IF, CASE, LET, CHOOSE) ranks below every operator. Text beyond the limit is cut and
 * ends in "...". */
#include "semantics/program.h"

#include "syntax/operator.h"
#include "value/print.h"

#include <string.h>

/* Precedence of what needs parentheses as an operand, and of what never does. */
#define OPEN 0u
#define CLOSED 17u

enum position { POSITION_NONE, POSITION_PREFIX, POSITION_INFIX, POSITION_POSTFIX };

struct precedence {
    enum position position; /* NONE: no operator symbol */
    uint8_t low, high;      /* 1 binds weakest */
    bool left;              /* a + b + c is (a + b) + c */
};

struct printer {
    const struct fm_program *program;
    struct fm_text *out;
    size_t limit; /* length of `out` at which to stop */
};

typedef void print_fn(struct printer *printer, const struct fm_node *node);

static void print(struct printer *printer, const struct fm_node *node);

static bool is_full(const struct printer *printer)
{
    return printer->out->length >= printer->limit;
}

static void put(struct printer *printer, const char *text)
{
    if (!is_full(printer)) {
        fm_text_puts(printer->out, text);
    }
}

/* --- shapes --- */

/* Of a canonical operator name; position NONE for other names. */
static struct precedence symbol_precedence(const char *name)
{
    struct precedence result = {POSITION_NONE, 0, 0, false};
    enum fm_operator op = fm_operator_find(name, strlen(name));
    if (op == FM_OPERATOR_NONE) {
        return result;
    }
    const struct fm_operator_info *info = fm_operator_info(op);
    switch (info->fixity) {
    case FM_FIXITY_PREFIX:
        result.position = POSITION_PREFIX;
        break;
    case FM_FIXITY_INFIX:
        result.position = POSITION_INFIX;
        break;
    case FM_FIXITY_POSTFIX:
        result.position = POSITION_POSTFIX;
        break;
    }
    result.low = info->low;
    result.high = info->high;
    result.left = info->left;
    return result;
}

/* The spelling of nodes that are operators with a symbol; NULL for others. */
static const char *symbol_of(const struct fm_node *node)
{
    static const char *const symbols[FM_OP_COUNT] = {[FM_OP_AND] = "/\\",
                                                     [FM_OP_OR] = "\\/",
                                                     [FM_OP_NOT] = "~",
                                                     [FM_OP_IMPLIES] = "=>",
                                                     [FM_OP_EQUIV] = "<=>",
                                                     [FM_OP_EQ] = "=",
                                                     [FM_OP_NE] = "/=",
                                                     [FM_OP_IN] = "\\in",
                                                     [FM_OP_NOTIN] = "\\notin",
                                                     [FM_OP_SUBSETEQ] = "\\subseteq",
                                                     [FM_OP_CUP] = "\\cup",
                                                     [FM_OP_CAP] = "\\cap",
                                                     [FM_OP_DIFF] = "\\",
                                                     [FM_OP_POWERSET] = "SUBSET",
                                                     [FM_OP_BIG_UNION] = "UNION",
                                                     [FM_OP_DOMAIN] = "DOMAIN",
                                                     [FM_OP_CROSS] = "\\X",
                                                     [FM_OP_PRIME] = "'",
                                                     [FM_OP_UNCHANGED] = "UNCHANGED",
                                                     [FM_OP_ENABLED] = "ENABLED",
                                                     [FM_OP_CDOT] = "\\cdot",
                                                     [FM_OP_ALWAYS] = "[]",
                                                     [FM_OP_EVENTUALLY] = "<>",
                                                     [FM_OP_LEADSTO] = "~>",
                                                     [FM_OP_GUARANTEE] = "-+->"};
    if (node->op == FM_OP_CALL) {
        struct precedence precedence = symbol_precedence(node->u.def->name->text);
        bool fits = precedence.position == POSITION_INFIX ? node->count == 2 : node->count == 1;
        return precedence.position != POSITION_NONE && fits ? node->u.def->name->text : NULL;
    }
    bool listed = node->op == FM_OP_AND || node->op == FM_OP_OR || node->op == FM_OP_CROSS;
    return listed && node->count < 2 ? NULL : symbols[node->op];
}

static bool is_open(enum fm_op op)
{
    return op == FM_OP_FORALL || op == FM_OP_EXISTS || op == FM_OP_CHOOSE || op == FM_OP_TFORALL ||
           op == FM_OP_TEXISTS || op == FM_OP_IF || op == FM_OP_CASE || op == FM_OP_LET ||
           op == FM_OP_LABEL;
}

static struct precedence precedence_of(const struct fm_node *node)
{
    while ((node->op == FM_OP_AND || node->op == FM_OP_OR) && node->count == 1) {
        node = node->kids[0];
    }
    const char *symbol = symbol_of(node);
    if (symbol != NULL) {
        return symbol_precedence(symbol);
    }
    uint8_t rank = is_open(node->op) ? OPEN : CLOSED;
    return (struct precedence){POSITION_NONE, rank, rank, false};
}

static void print_operand(struct printer *printer, const struct fm_node *operand,
                          struct precedence around, bool same_allowed)
{
    struct precedence own = precedence_of(operand);
    bool fits = own.low > around.high ||
                (same_allowed && own.low == around.low && own.high == around.high && around.left);
    if (fits) {
        print(printer, operand);
        return;
    }
    put(printer, "(");
    print(printer, operand);
    put(printer, ")");
}

static bool is_word(const char *symbol)
{
    return symbol[0] >= 'A' && symbol[0] <= 'Z';
}

/* Junctions have many operands; all of one kind need no parentheses among themselves. */
static void print_infix(struct printer *printer, const struct fm_node *node, const char *symbol)
{
    struct precedence precedence = symbol_precedence(symbol);
    bool tight = strcmp(symbol, "..") == 0;
    for (uint32_t i = 0; i < node->count; i++) {
        if (i > 0) {
            put(printer, tight ? "" : " ");
            put(printer, symbol);
            put(printer, tight ? "" : " ");
        }
        bool same = i == 0 && node->op != FM_OP_CROSS &&
                    (node->kids[0]->op != FM_OP_CALL || node->op != FM_OP_CALL ||
                     node->kids[0]->u.def->name == node->u.def->name);
        print_operand(printer, node->kids[i], precedence,
                      same && symbol_of(node->kids[0]) != NULL &&
                          strcmp(symbol_of(node->kids[0]), symbol) == 0);
    }
}

/* Prefix operators may follow each other: ~ ~ a, [] <> F; but `--` is another operator. */
static void print_prefixed(struct printer *printer, const struct fm_node *operand,
                           struct precedence around)
{
    bool minus = symbol_of(operand) != NULL && strcmp(symbol_of(operand), "-.") == 0;
    if (precedence_of(operand).position == POSITION_PREFIX && !minus) {
        print(printer, operand);
    } else {
        print_operand(printer, operand, around, false);
    }
}

static bool print_symbol(struct printer *printer, const struct fm_node *node)
{
    const char *symbol = symbol_of(node);
    if (symbol == NULL) {
        return false;
    }
    struct precedence precedence = symbol_precedence(symbol);
    if (precedence.position == POSITION_INFIX) {
        print_infix(printer, node, symbol);
    } else if (precedence.position == POSITION_PREFIX) {
        put(printer, strcmp(symbol, "-.") == 0 ? "-" : symbol);
        put(printer, is_word(symbol) ? " " : "");
        print_prefixed(printer, node->kids[0], precedence);
    } else {
        print_operand(printer, node->kids[0], precedence, false);
        put(printer, symbol);
    }
    return true;
}

static void print_list(struct printer *printer, const struct fm_node *node, const char *open,
                       const char *close)
{
    put(printer, open);
    for (uint32_t i = 0; i < node->count && !is_full(printer); i++) {
        put(printer, i == 0 ? "" : ", ");
        print(printer, node->kids[i]);
    }
    put(printer, close);
}

/* --- leaves and calls --- */

static void print_value(struct printer *printer, const struct fm_node *node)
{
    if (!is_full(printer)) {
        fm_print_brief(node->u.value, printer->limit - printer->out->length, printer->out);
    }
}

static void print_name(struct printer *printer, const struct fm_node *node)
{
    put(printer, node->u.name->text);
}

static void print_local(struct printer *printer, const struct fm_node *node)
{
    put(printer, node->u.local.name == NULL ? "?" : node->u.local.name->text);
}

static void print_application(struct printer *printer, const struct fm_node *node)
{
    print_local(printer, node);
    print_list(printer, node, "(", ")");
}

static void print_lambda(struct printer *printer, const struct fm_def *def)
{
    put(printer, "LAMBDA ");
    for (uint32_t i = 0; i < def->param_count; i++) {
        put(printer, i == 0 ? "" : ", ");
        put(printer, def->params[i].name->text);
    }
    put(printer, " : ");
    print(printer, def->body);
}

static void print_operator(struct printer *printer, const struct fm_node *node)
{
    const struct fm_def *def = node->u.def;
    if (strcmp(def->name->text, "LAMBDA") == 0 && def->body != NULL) {
        print_lambda(printer, def);
    } else {
        put(printer, def->name->text);
    }
}

static void print_call(struct printer *printer, const struct fm_node *node)
{
    put(printer, node->u.def->name->text);
    if (node->count > 0) {
        print_list(printer, node, "(", ")");
    }
}

/* --- binders --- */

static void print_binding(struct printer *printer, const struct fm_binding *binding)
{
    put(printer, binding->is_tuple ? "<<" : "");
    for (uint32_t i = 0; i < binding->slot_count; i++) {
        put(printer, i == 0 ? "" : ", ");
        put(printer, binding->names[i]->text);
    }
    put(printer, binding->is_tuple ? ">>" : "");
    if (binding->set != NULL) {
        put(printer, " \\in ");
        print_operand(printer, binding->set, symbol_precedence("\\in"), false);
    }
}

static void print_bindings(struct printer *printer, const struct fm_binding *bindings,
                           uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(printer, i == 0 ? "" : ", ");
        print_binding(printer, &bindings[i]);
    }
}

static void print_quantifier(struct printer *printer, const struct fm_node *node)
{
    const char *word = node->op == FM_OP_FORALL    ? "\\A "
                       : node->op == FM_OP_EXISTS  ? "\\E "
                       : node->op == FM_OP_TFORALL ? "\\AA "
                       : node->op == FM_OP_TEXISTS ? "\\EE "
                                                   : "CHOOSE ";
    put(printer, word);
    print_bindings(printer, node->u.bind.at, node->u.bind.count);
    put(printer, " : ");
    print(printer, node->kids[0]);
}

static void print_filter(struct printer *printer, const struct fm_node *node)
{
    put(printer, "{");
    print_bindings(printer, node->u.bind.at, node->u.bind.count);
    put(printer, " : ");
    print(printer, node->kids[0]);
    put(printer, "}");
}

static void print_map(struct printer *printer, const struct fm_node *node)
{
    put(printer, "{");
    print(printer, node->kids[0]);
    put(printer, " : ");
    print_bindings(printer, node->u.bind.at, node->u.bind.count);
    put(printer, "}");
}

static void print_function(struct printer *printer, const struct fm_node *node)
{
    put(printer, "[");
    if (node->op == FM_OP_RECFCN) {
        print_bindings(printer, node->u.recfcn.at, node->u.recfcn.count);
    } else {
        print_bindings(printer, node->u.bind.at, node->u.bind.count);
    }
    put(printer, " |-> ");
    print(printer, node->kids[0]);
    put(printer, "]");
}

/* --- brackets --- */

static void print_tuple(struct printer *printer, const struct fm_node *node)
{
    print_list(printer, node, "<<", ">>");
}

static void print_set(struct printer *printer, const struct fm_node *node)
{
    print_list(printer, node, "{", "}");
}

/* The function of f[x], the record of r.a; f' needs no parentheses there. */
static void print_tight(struct printer *printer, const struct fm_node *node)
{
    struct precedence tight = {POSITION_NONE, CLOSED - 1, CLOSED - 1, false};
    if (node->op == FM_OP_PRIME) {
        print(printer, node);
    } else {
        print_operand(printer, node, tight, false);
    }
}

static void print_function_application(struct printer *printer, const struct fm_node *node)
{
    print_tight(printer, node->kids[0]);
    if (node->kids[1]->op == FM_OP_TUPLE && node->kids[1]->count > 1) {
        print_list(printer, node->kids[1], "[", "]");
    } else {
        put(printer, "[");
        print(printer, node->kids[1]);
        put(printer, "]");
    }
}

static void print_function_set(struct printer *printer, const struct fm_node *node)
{
    put(printer, "[");
    print(printer, node->kids[0]);
    put(printer, " -> ");
    print(printer, node->kids[1]);
    put(printer, "]");
}

static void print_record(struct printer *printer, const struct fm_node *node)
{
    put(printer, "[");
    for (uint32_t i = 0; i < node->count && !is_full(printer); i++) {
        put(printer, i == 0 ? "" : ", ");
        put(printer, node->u.names[i]->text);
        put(printer, node->op == FM_OP_RECORD ? " |-> " : " : ");
        print(printer, node->kids[i]);
    }
    put(printer, "]");
}

static void print_field(struct printer *printer, const struct fm_node *node)
{
    print_tight(printer, node->kids[0]);
    put(printer, ".");
    put(printer, node->u.name->text);
}

static void print_path(struct printer *printer, const struct fm_update *update)
{
    for (uint32_t i = 0; i < update->path_count; i++) {
        put(printer, "[");
        print(printer, update->path[i]);
        put(printer, "]");
    }
}

static void print_except(struct printer *printer, const struct fm_node *node)
{
    put(printer, "[");
    print(printer, node->kids[0]);
    put(printer, " EXCEPT ");
    for (uint32_t i = 0; i < node->u.updates.count && !is_full(printer); i++) {
        put(printer, i == 0 ? "!" : ", !");
        print_path(printer, &node->u.updates.at[i]);
        put(printer, " = ");
        print(printer, node->u.updates.at[i].value);
    }
    put(printer, "]");
}

/* [A]_v and <<A>>_v: a subscript that is more than a name stands in parentheses. */
static void print_subscripted(struct printer *printer, const struct fm_node *node)
{
    struct precedence tight = {POSITION_NONE, CLOSED - 1, CLOSED - 1, false};
    put(printer, node->op == FM_OP_SQUARE ? "[" : "<<");
    print(printer, node->kids[0]);
    put(printer, node->op == FM_OP_SQUARE ? "]_" : ">>_");
    print_operand(printer, node->kids[1], tight, false);
}

static void print_fairness(struct printer *printer, const struct fm_node *node)
{
    struct precedence tight = {POSITION_NONE, CLOSED - 1, CLOSED - 1, false};
    put(printer, node->op == FM_OP_WF ? "WF_" : "SF_");
    print_operand(printer, node->kids[0], tight, false);
    put(printer, "(");
    print(printer, node->kids[1]);
    put(printer, ")");
}

/* --- the rest --- */

static void print_junction(struct printer *printer, const struct fm_node *node)
{
    if (node->count == 1) {
        print(printer, node->kids[0]);
    } else { /* a guard without arguments: C() = v */
        put(printer, node->op == FM_OP_AND ? "TRUE" : "FALSE");
    }
}

static void print_if(struct printer *printer, const struct fm_node *node)
{
    put(printer, "IF ");
    print(printer, node->kids[0]);
    put(printer, " THEN ");
    print(printer, node->kids[1]);
    put(printer, " ELSE ");
    print(printer, node->kids[2]);
}

static void print_case(struct printer *printer, const struct fm_node *node)
{
    put(printer, "CASE ");
    for (uint32_t i = 0; i < node->count && !is_full(printer); i += 2) {
        put(printer, i == 0 ? "" : " [] ");
        if (i + 1 == node->count) {
            put(printer, "OTHER -> ");
            print(printer, node->kids[i]);
            continue;
        }
        print(printer, node->kids[i]);
        put(printer, " -> ");
        print(printer, node->kids[i + 1]);
    }
}

static void print_definition(struct printer *printer, const struct fm_def *def)
{
    put(printer, def->name->text);
    for (uint32_t i = 0; i < def->param_count; i++) {
        put(printer, i == 0 ? "(" : ", ");
        put(printer, def->params[i].name->text);
    }
    put(printer, def->param_count == 0 ? " == " : ") == ");
    if (def->body != NULL) {
        print(printer, def->body);
    }
}

static void print_let(struct printer *printer, const struct fm_node *node)
{
    put(printer, "LET ");
    for (uint32_t i = 0; i < node->u.lets.count && !is_full(printer); i++) {
        print_definition(printer, node->u.lets.at[i].def);
        put(printer, " ");
    }
    put(printer, "IN ");
    print(printer, node->kids[0]);
}

static void print_label(struct printer *printer, const struct fm_node *node)
{
    print(printer, node->kids[0]);
}

static print_fn *const table[FM_OP_COUNT] = {
    [FM_OP_VALUE] = print_value,
    [FM_OP_DECIMAL] = print_name,
    [FM_OP_LOCAL] = print_local,
    [FM_OP_CALL] = print_call,
    [FM_OP_APPLY] = print_application,
    [FM_OP_OPERATOR] = print_operator,
    [FM_OP_OPERATOR_LOCAL] = print_local,
    [FM_OP_AND] = print_junction,
    [FM_OP_OR] = print_junction,
    [FM_OP_CROSS] = print_junction,
    [FM_OP_FORALL] = print_quantifier,
    [FM_OP_EXISTS] = print_quantifier,
    [FM_OP_CHOOSE] = print_quantifier,
    [FM_OP_TFORALL] = print_quantifier,
    [FM_OP_TEXISTS] = print_quantifier,
    [FM_OP_SETENUM] = print_set,
    [FM_OP_FILTER] = print_filter,
    [FM_OP_MAP] = print_map,
    [FM_OP_TUPLE] = print_tuple,
    [FM_OP_FCN] = print_function,
    [FM_OP_RECFCN] = print_function,
    [FM_OP_FCNAPP] = print_function_application,
    [FM_OP_FCNSET] = print_function_set,
    [FM_OP_RECORD] = print_record,
    [FM_OP_RECSET] = print_record,
    [FM_OP_FIELD] = print_field,
    [FM_OP_EXCEPT] = print_except,
    [FM_OP_IF] = print_if,
    [FM_OP_CASE] = print_case,
    [FM_OP_LET] = print_let,
    [FM_OP_LABEL] = print_label,
    [FM_OP_SQUARE] = print_subscripted,
    [FM_OP_ANGLE] = print_subscripted,
    [FM_OP_WF] = print_fairness,
    [FM_OP_SF] = print_fairness,
};

static void print(struct printer *printer, const struct fm_node *node)
{
    if (is_full(printer) || print_symbol(printer, node)) {
        return;
    }
    if (node->op == FM_OP_VAR) {
        put(printer, printer->program->variables[node->u.index].name->text);
    } else if (table[node->op] != NULL) {
        table[node->op](printer, node);
    }
}

/* Cuts the text at a whole character and marks the cut. */
static void cut(struct fm_text *out, size_t start, size_t size_max)
{
    static const char mark[] = "...";
    size_t length = start + (size_max > 3 ? size_max - 3 : 0);
    while (length > start && ((unsigned char)out->at[length] & 0xC0u) == 0x80u) {
        length--;
    }
    out->length = length;
    out->at[length] = '\0';
    fm_text_puts(out, size_max > 3 ? mark : "");
}

void fm_node_print(const struct fm_program *program, const struct fm_node *node, size_t size_max,
                   struct fm_text *out)
{
    size_t start = out->length;
    struct printer printer = {program, out, start + size_max + 1};
    print(&printer, node);
    for (size_t i = start; i < out->length; i++) {
        out->at[i] = out->at[i] == '\n' ? ' ' : out->at[i];
    }
    if (out->length - start > size_max) {
        cut(out, start, size_max);
    }
}
