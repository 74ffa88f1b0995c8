/* Syntax trees as JSON; docs/formats.md has the schema. */
#ifndef FM_SYNTAX_AST_JSON_H
#define FM_SYNTAX_AST_JSON_H

#include "base/text.h"
#include "syntax/ast.h"

/* The functions get `closure`. */
struct fm_ast_json {
    const struct fm_sources *sources;
    /* Adds what else is known of the node, as keys that begin with a comma. Or NULL. */
    void (*describe)(void *closure, const struct fm_ast *ast, struct fm_text *out);
    /* Takes what was written, in parts; a part dies with the call. */
    void (*write)(void *closure, const char *text, size_t length);
    void *closure;
};

/* [line, column, end_line, end_column] */
void fm_ast_json_place(const struct fm_sources *sources, struct fm_span span, struct fm_text *out);
/* The tree of a module, one object. */
void fm_ast_json_write(const struct fm_ast_json *json, const struct fm_ast *module);

#endif
