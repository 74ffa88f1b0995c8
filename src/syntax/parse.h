/* The parser of TLA+: text in, module trees and diagnostics out.
 *
 * Complete for TLA+2 as "Specifying Systems" chapter 15 and "TLA+2: A Preliminary Guide" define it,
 * ASCII and Unicode. Text outside modules is skipped. After an error it resumes at the next unit,
 * so that all errors of a file are reported in one run. Recursion is limited; no input crashes it.
 * */
#ifndef FM_SYNTAX_PARSE_H
#define FM_SYNTAX_PARSE_H

#include "base/arena.h"
#include "diag/diag.h"
#include "syntax/ast.h"

#include <stdbool.h>

/* A PlusCal algorithm found in the comments of a file. */
struct fm_pluscal_info {
    bool present;        /* --algorithm or --fair algorithm, in a comment inside a module */
    bool translated;     /* BEGIN TRANSLATION ... END TRANSLATION follows with a body */
    bool stale;          /* a checksum says that one of the two was changed afterwards */
    struct fm_span span; /* of the keyword */
    uint32_t body_begin; /* bytes: of the translation; 0: there is none */
    uint32_t body_end;
};

/* What becomes of PlusCal algorithms. */
enum fm_pluscal_mode {
    FM_PLUSCAL_READ, /* what stands below them is all; the user is told when it is not theirs */
    FM_PLUSCAL_TRANSLATE, /* those without a translation are translated in memory */
    FM_PLUSCAL_RENEW,     /* all are */
    FM_PLUSCAL_IGNORE     /* as the first, and nobody is told anything */
};

struct fm_parse {
    struct fm_symbols *symbols;
    struct fm_diags *diags;
    struct fm_arena *arena; /* receives the trees */
    enum fm_pluscal_mode pluscal;
    /* Called with what TLC's parser would intern, in its order, each spelling once for each module:
     * identifiers, keywords, numbers and operators as written; NULL for no interest. The interning
     * order decides the order of strings (docs/interning-order.md). A file of several modules: see
     * `spellings` of the result. */
    void (*on_identifier)(void *closure, const struct fm_symbol *symbol);
    void *closure;
};

/* The spellings of a module's tokens (those of nested modules included) in order of appearance. */
struct fm_spellings {
    const struct fm_symbol **at;
    uint32_t count;
};

struct fm_parsed {
    struct fm_ast **modules; /* top-level modules of the file in order; nested ones are units */
    uint32_t module_count;
    struct fm_spellings *spellings; /* of each of the modules: TLC interns those of the first when
                                       it reads the file, those of another when that is needed */
    struct fm_pluscal_info pluscal;
    uint32_t source; /* of the trees: another one where an algorithm was translated */
    bool failed;     /* errors were reported; the trees hold what could be read */
};

/* Parses a source of the map. Never fails otherwise than through `failed`. A translation in memory
 * is a source of its own, made from the given one (fm_source_add_made). */
struct fm_parsed fm_parse_source(const struct fm_parse *parse, uint32_t source);

/* Parses one expression alone (command-line invariants, tests); NULL after errors. */
struct fm_ast *fm_parse_expression(const struct fm_parse *parse, uint32_t source);

/* The tree as an S-expression, for tests and `fathom parse`. */
void fm_ast_print(const struct fm_ast *ast, struct fm_text *out);
/* The names in it: of a kind, and of flags in their order; NULL behind the last one that is set. */
const char *fm_ast_kind_name(enum fm_ast_kind kind);
const char *fm_ast_flag_name(uint32_t flags, uint32_t nth);

#endif
