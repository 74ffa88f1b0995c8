/* Notes on syntax trees for other programs: what a name stands for, where that is defined, and
 * levels.
 *
 * The analysis leaves on each node that names something the entity that it stands for, and on each
 * node that declares or defines something the entity that it makes. Levels are those of
 * definitions, their parameters taken as constants ("Specifying Systems" 17.2); an expression in
 * between has none here. Other nodes carry notes of other types (selections, instances, labels) and
 * are left alone. */
#include "semantics/describe.h"

#include "semantics/level.h"
#include "semantics/sema.h"

#include "base/assert.h"
#include "syntax/ast_json.h"

#include <string.h>

static const char *kind_name(enum fm_entity_kind kind)
{
    switch (kind) {
    case FM_ENTITY_CONSTANT:
        return "constant";
    case FM_ENTITY_VARIABLE:
        return "variable";
    case FM_ENTITY_DEFINED:
        return "definition";
    case FM_ENTITY_INSTANCE:
        return "instance";
    case FM_ENTITY_PARAMETER:
        return "parameter";
    case FM_ENTITY_BOUND:
        return "bound";
    case FM_ENTITY_BUILTIN:
        return "builtin";
    case FM_ENTITY_NEW:
        return "new";
    case FM_ENTITY_LABEL:
        return "label";
    }
    fm_unreachable();
}

static const char *level_name(enum fm_level level)
{
    switch (level) {
    case FM_LEVEL_CONSTANT:
        return "constant";
    case FM_LEVEL_STATE:
        return "state";
    case FM_LEVEL_ACTION:
        return "action";
    case FM_LEVEL_TEMPORAL:
        return "temporal";
    }
    fm_unreachable();
}

static bool uses_name(enum fm_ast_kind kind)
{
    return kind == FM_AST_IDENT || kind == FM_AST_APPLY || kind == FM_AST_PREFIX ||
           kind == FM_AST_INFIX || kind == FM_AST_POSTFIX || kind == FM_AST_OPARG;
}

static bool makes_name(enum fm_ast_kind kind)
{
    return kind == FM_AST_OPDEF || kind == FM_AST_FCNDEF || kind == FM_AST_OPDECL ||
           kind == FM_AST_NEW;
}

static void add_level(const struct fm_entity *entity, struct fm_text *out)
{
    if (entity->facts != NULL && entity->facts->is_done) {
        fm_text_printf(out, ",\"level\":\"%s\"", level_name(entity->facts->level));
    } else if (entity->kind == FM_ENTITY_VARIABLE || entity->kind == FM_ENTITY_NEW ||
               entity->kind == FM_ENTITY_CONSTANT) {
        fm_text_printf(out, ",\"level\":\"%s\"", level_name(entity->level));
    }
}

static void add_use(const struct fm_program *program, struct fm_entity *used, struct fm_text *out)
{
    const struct fm_entity *entity = fm_entity_origin(used);
    fm_text_printf(out, ",\"means\":{\"kind\":\"%s\"", kind_name(entity->kind));
    if (entity->module != NULL) {
        fm_text_puts(out, ",\"module\":");
        fm_text_json_string(out, entity->module->name->text, entity->module->name->length);
    }
    if (entity->name_span.source != 0) {
        fm_text_puts(out, ",\"location\":");
        fm_ast_json_place(program->sema->session.sources, entity->name_span, out);
    }
    add_level(entity, out);
    fm_text_putc(out, '}');
}

const struct fm_ast *fm_describe_root(const struct fm_program *program)
{
    return program->sema->root->ast;
}

void fm_describe_node(const struct fm_program *program, const struct fm_ast *ast,
                      struct fm_text *out)
{
    struct fm_entity *entity = ast->note;
    if (entity != NULL && uses_name(ast->kind)) {
        add_use(program, entity, out);
    } else if (entity != NULL && makes_name(ast->kind)) {
        add_level(entity, out);
    }
}
