/* Syntax trees as S-expressions, for tests and `fathom parse --ast`.
 *
 * One form for every kind: (KIND name flags number kids...). Names are quoted as JSON strings, so
 * that a print can be read back by any tool; flags are words. A tree prints in one line, except
 * that each unit of a module begins its own. */
#include "base/text.h"
#include "syntax/parse.h"

static const char *const kind_names[] = {
    [FM_AST_MODULE] = "module",
    [FM_AST_EXTENDS] = "extends",
    [FM_AST_CONSTANTS] = "constants",
    [FM_AST_VARIABLES] = "variables",
    [FM_AST_RECURSIVE] = "recursive",
    [FM_AST_OPDECL] = "decl",
    [FM_AST_OPDEF] = "def",
    [FM_AST_FCNDEF] = "fcndef",
    [FM_AST_MODDEF] = "moddef",
    [FM_AST_INSTANCE] = "instance",
    [FM_AST_SUBST] = "subst",
    [FM_AST_ASSUME] = "assume",
    [FM_AST_THEOREM] = "theorem",
    [FM_AST_USE] = "use",
    [FM_AST_PARAMS] = "params",
    [FM_AST_IDENT] = "id",
    [FM_AST_APPLY] = "apply",
    [FM_AST_PREFIX] = "prefix",
    [FM_AST_INFIX] = "infix",
    [FM_AST_POSTFIX] = "postfix",
    [FM_AST_OPARG] = "op",
    [FM_AST_SELECT] = "select",
    [FM_AST_SEL_NAME] = "!name",
    [FM_AST_SEL_INDEX] = "!index",
    [FM_AST_SEL_LEFT] = "!left",
    [FM_AST_SEL_RIGHT] = "!right",
    [FM_AST_SEL_BODY] = "!body",
    [FM_AST_SEL_AT] = "!at",
    [FM_AST_SEL_ARGS] = "!args",
    [FM_AST_NUMBER] = "number",
    [FM_AST_DECIMAL] = "decimal",
    [FM_AST_STRING] = "string",
    [FM_AST_TRUE] = "true",
    [FM_AST_FALSE] = "false",
    [FM_AST_BOOLEAN] = "boolean",
    [FM_AST_STRINGS] = "strings",
    [FM_AST_AT] = "at",
    [FM_AST_CONJLIST] = "and",
    [FM_AST_DISJLIST] = "or",
    [FM_AST_LAMBDA] = "lambda",
    [FM_AST_TUPLE] = "tuple",
    [FM_AST_CROSS] = "cross",
    [FM_AST_SETENUM] = "set",
    [FM_AST_SETFILTER] = "filter",
    [FM_AST_SETMAP] = "map",
    [FM_AST_FCN] = "fcn",
    [FM_AST_FCNAPP] = "fcnapp",
    [FM_AST_FCNSET] = "fcnset",
    [FM_AST_RECORD] = "record",
    [FM_AST_RECSET] = "recset",
    [FM_AST_FIELD] = "field",
    [FM_AST_DOT] = "dot",
    [FM_AST_EXCEPT] = "except",
    [FM_AST_UPDATE] = "update",
    [FM_AST_PATH_FIELD] = "path.field",
    [FM_AST_PATH_INDEX] = "path.index",
    [FM_AST_FORALL] = "forall",
    [FM_AST_EXISTS] = "exists",
    [FM_AST_TFORALL] = "tforall",
    [FM_AST_TEXISTS] = "texists",
    [FM_AST_CHOOSE] = "choose",
    [FM_AST_IF] = "if",
    [FM_AST_CASE] = "case",
    [FM_AST_ARM] = "arm",
    [FM_AST_OTHER] = "other",
    [FM_AST_LET] = "let",
    [FM_AST_SQUARE] = "square",
    [FM_AST_ANGLE] = "angle",
    [FM_AST_WF] = "wf",
    [FM_AST_SF] = "sf",
    [FM_AST_LABEL] = "label",
    [FM_AST_ASSUMEPROVE] = "assumeprove",
    [FM_AST_NEW] = "new",
    [FM_AST_PROOF] = "proof",
    [FM_AST_STEP] = "step",
    [FM_AST_DEFINE] = "define",
    [FM_AST_HAVE] = "have",
    [FM_AST_TAKE] = "take",
    [FM_AST_PICK] = "pick",
    [FM_AST_WITNESS] = "witness",
    [FM_AST_STEP_CASE] = "step.case",
    [FM_AST_QED] = "qed",
    [FM_AST_FACTS] = "facts",
    [FM_AST_DEFS] = "defs",
    [FM_AST_MODULE_REF] = "module.ref",
    [FM_AST_BINDINGS] = "bindings",
    [FM_AST_BINDING] = "binding",
};

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {FM_AST_LOCAL, "local"},           {FM_AST_UNBOUNDED, "unbounded"},
    {FM_AST_TUPLE_PATTERN, "pattern"}, {FM_AST_BOXED, "boxed"},
    {FM_AST_PREFIX_FORM, "prefix"},    {FM_AST_INFIX_FORM, "infix"},
    {FM_AST_POSTFIX_FORM, "postfix"},  {FM_AST_HIDE, "hide"},
    {FM_AST_SUFFICES, "suffices"},     {FM_AST_STATE_LEVEL, "state"},
    {FM_AST_ACTION_LEVEL, "action"},   {FM_AST_TEMPORAL_LEVEL, "temporal"},
};

static void print_node(const struct fm_ast *ast, struct fm_text *out)
{
    fm_text_putc(out, '(');
    fm_text_puts(out, kind_names[ast->kind]);
    if (ast->name != NULL) {
        fm_text_putc(out, ' ');
        fm_text_json_string(out, ast->name->text, ast->name->length);
    }
    for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
        if ((ast->flags & flag_names[i].flag) != 0) {
            fm_text_printf(out, " :%s", flag_names[i].name);
        }
    }
    if (ast->number != 0) {
        fm_text_printf(out, " %u", ast->number);
    }
    for (uint32_t i = 0; i < ast->count; i++) {
        fm_text_puts(out, ast->kind == FM_AST_MODULE ? "\n  " : " ");
        print_node(ast->kids[i], out);
    }
    fm_text_putc(out, ')');
}

void fm_ast_print(const struct fm_ast *ast, struct fm_text *out)
{
    print_node(ast, out);
}

const char *fm_ast_kind_name(enum fm_ast_kind kind)
{
    return kind_names[kind];
}

const char *fm_ast_flag_name(uint32_t flags, uint32_t nth)
{
    for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++) {
        if ((flags & flag_names[i].flag) != 0 && nth-- == 0) {
            return flag_names[i].name;
        }
    }
    return NULL;
}
