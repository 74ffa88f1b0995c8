/* PlusCal: the algorithm in a module's comment as a tree.
 *
 * fm_pcal_parse reads both syntaxes (P with `end`, C with braces) into one tree, expands macros and
 * divides statements into labeled steps, as the PlusCal manual and pcal.trans do; what it gives is
 * what a translator starts from. Expressions are kept as lines of tokens with their columns, since
 * the layout of junction lists has to survive every substitution.
 *
 * Everything lives in the arena that the caller gives, and names are NUL-terminated there. One
 * thread at a time. */
#ifndef FM_SYNTAX_PCAL_AST_H
#define FM_SYNTAX_PCAL_AST_H

#include "base/arena.h"
#include "diag/diag.h"

enum fm_pcal_token_kind {
    FM_PCAL_TOKEN_BUILTIN, /* operator, bracket or reserved word of TLA+ */
    FM_PCAL_TOKEN_NUMBER,
    FM_PCAL_TOKEN_STRING, /* `text` is what stands between the quotes, as written */
    FM_PCAL_TOKEN_IDENT,
    FM_PCAL_TOKEN_ADDED,  /* `pc` or `stack`, not written by the user */
    FM_PCAL_TOKEN_DEFAULT /* defaultInitValue, of a variable without a value */
};

struct fm_pcal_token {
    enum fm_pcal_token_kind kind;
    const char *text;
    uint32_t width;      /* columns, quotes included */
    int32_t column;      /* from 0, the leftmost token of the expression */
    struct fm_span span; /* in the source; no place for tokens that nobody wrote */
};

/* A line keeps its distance from its anchor: the last token not to its right in the nearest line
 * above that begins not to its right. */
struct fm_pcal_line {
    struct fm_pcal_token **at;
    uint32_t count, capacity;
    struct fm_pcal_token *anchor; /* or NULL */
    int32_t anchor_column;        /* the anchor's column when this line was last moved */
};

/* Lines may be empty, but not the first and the last. */
struct fm_pcal_expr {
    struct fm_pcal_line *at;
    uint32_t count, capacity;
    struct fm_span span;
};

struct fm_pcal_exprs {
    struct fm_pcal_expr **at;
    uint32_t count, capacity;
};

struct fm_pcal_names {
    const char **at;
    uint32_t count, capacity;
};

struct fm_pcal_spans {
    struct fm_span *at;
    uint32_t count, capacity;
};

struct fm_pcal_stmts {
    struct fm_pcal_stmt **at;
    uint32_t count, capacity;
};

/* `variable subscript := value`; the subscript ("[1].field") has no lines when there is none. */
struct fm_pcal_assign {
    const char *variable;
    struct fm_pcal_expr *subscript;
    struct fm_pcal_expr *value;
    struct fm_span span;
};

struct fm_pcal_assigns {
    struct fm_pcal_assign *at;
    uint32_t count, capacity;
};

/* A branch of `if` or `either`, a body of `while` or `with`. What precedes the first label inside
 * is `plain`; the rest is `labeled`, a list of FM_PCAL_LABELED. */
struct fm_pcal_clause {
    struct fm_pcal_stmts *plain;
    struct fm_pcal_stmts *labeled;
};

struct fm_pcal_clauses {
    struct fm_pcal_clause *at;
    uint32_t count, capacity;
};

/* What is used of a statement, by kind:
 *   LABELED      label, clauses[0].plain (a WHILE only at the beginning)
 *   ASSIGN       assigns
 *   IF           expr, clauses: then, else; split
 *   EITHER       clauses; split
 *   WHILE        expr, clauses[0]
 *   WITH         name, is_in, expr, clauses[0].plain
 *   AWAIT, PRINT, ASSERT   expr
 *   CALL         name, args
 *   RETURN       procedure: which one returns, NULL in a macro
 *   CALL_RETURN  name, args, procedure
 *   CALL_GOTO    name, args, target
 *   GOTO         target
 *   MACRO_CALL   name, args; none is left after fm_pcal_parse */
enum fm_pcal_kind {
    FM_PCAL_LABELED,
    FM_PCAL_ASSIGN,
    FM_PCAL_IF,
    FM_PCAL_EITHER,
    FM_PCAL_WHILE,
    FM_PCAL_WITH,
    FM_PCAL_AWAIT,
    FM_PCAL_PRINT,
    FM_PCAL_ASSERT,
    FM_PCAL_SKIP,
    FM_PCAL_CALL,
    FM_PCAL_RETURN,
    FM_PCAL_CALL_RETURN,
    FM_PCAL_CALL_GOTO,
    FM_PCAL_GOTO,
    FM_PCAL_MACRO_CALL
};

struct fm_pcal_stmt {
    enum fm_pcal_kind kind;
    bool is_in;        /* WITH: `\in`, not `=` */
    bool split;        /* IF, EITHER: a label, and so the end of a step, stands inside */
    const char *label; /* NULL: none; in a LABELED the label of the step */
    const char *name;
    const char *target;
    const char *procedure;
    struct fm_pcal_expr *expr;
    struct fm_pcal_assigns assigns;
    struct fm_pcal_exprs args;
    struct fm_pcal_clauses clauses;
    struct fm_span span;      /* of the first word; in a macro's expansion that of the macro */
    struct fm_span call_span; /* of the call of the macro that this came from; or no place */
};

struct fm_pcal_variable {
    const char *name;
    bool is_in;                 /* `\in value`, not `= value` */
    struct fm_pcal_expr *value; /* never NULL: see FM_PCAL_TOKEN_DEFAULT */
    struct fm_span span;        /* of the name */
};

struct fm_pcal_variables {
    struct fm_pcal_variable *at;
    uint32_t count, capacity;
};

enum fm_pcal_fairness { FM_PCAL_UNFAIR, FM_PCAL_WEAK, FM_PCAL_STRONG };

/* A procedure or a process. */
struct fm_pcal_routine {
    const char *name;
    struct fm_span span;                /* of the name */
    struct fm_pcal_variables params;    /* procedures */
    enum fm_pcal_fairness fairness;     /* processes */
    bool says_fairness;                 /* processes: by `fair`, not by an option */
    bool is_in;                         /* processes: `\in id`, not `= id` */
    struct fm_pcal_expr *id;            /* processes */
    struct fm_pcal_variables variables; /* its own */
    struct fm_pcal_stmts *body;         /* of FM_PCAL_LABELED */
    struct fm_pcal_stmts *steps;        /* after fm_pcal_lower: as they are translated */
    struct fm_pcal_names plus, minus;   /* labels followed by `+` and `-` */
    struct fm_pcal_names calls;         /* procedures called, in order; not those in macros */
    const char *entry;                  /* label of the first step; NULL: the body is empty */
};

struct fm_pcal_routines {
    struct fm_pcal_routine **at;
    uint32_t count, capacity;
};

struct fm_pcal_macro {
    const char *name;
    struct fm_pcal_names params;
    struct fm_pcal_stmts *body;
    struct fm_span span;
};

struct fm_pcal_macros {
    struct fm_pcal_macro **at;
    uint32_t count, capacity;
};

/* A name that the translation spells otherwise. */
struct fm_pcal_rename {
    const char *what; /* "Label a of process p" */
    struct fm_span span;
    const char *use; /* what it becomes */
};

struct fm_pcal_renames {
    struct fm_pcal_rename *at;
    uint32_t count, capacity;
};

/* What `Spec` assumes: wf, sf, wfNext, nof. */
enum fm_pcal_spec {
    FM_PCAL_SPEC_PLAIN, /* nothing was said */
    FM_PCAL_SPEC_WF,
    FM_PCAL_SPEC_SF,
    FM_PCAL_SPEC_WF_NEXT,
    FM_PCAL_SPEC_NOF
};

/* The narrowest line that lineWidth may ask for, and what holds without it; columns. */
#define FM_PCAL_LINE_WIDTH_MIN 60u
#define FM_PCAL_LINE_WIDTH 78u

/* From the command line, then from the text `PlusCal options (...)`, which may stand anywhere in
 * the file. */
struct fm_pcal_options {
    enum fm_pcal_spec spec;
    bool termination;       /* termination: implies wf */
    bool no_done;           /* noDoneDisjunct: `Next` has no step after the end */
    bool add_labels;        /* label: missing labels are added, not an error */
    const char *label_root; /* labelRoot: what added labels begin with */
    uint32_t version;       /* version, thousandths: 1500 is 1.5 */
    uint32_t line_width;    /* lineWidth, columns */
    struct fm_span unknown; /* the first word that is no option; or no place */
};

struct fm_pcal_algorithm {
    const char *name;
    struct fm_span span; /* of the keyword */
    bool fair;           /* --fair algorithm */
    bool braces;         /* the C-syntax */
    bool multiprocess;   /* `processes`, otherwise `body` */
    bool no_pc;          /* every process is one `while (TRUE)` step: translated without `pc` */
    bool endless;        /* some process never ends: `Next` needs no step after the end */
    bool has_default;    /* a variable has no initial value: defaultInitValue is a constant */
    struct fm_pcal_options options;
    struct fm_pcal_variables variables;
    struct fm_pcal_expr *define; /* no lines: none */
    struct fm_pcal_macros macros;
    struct fm_pcal_routines procedures;
    struct fm_pcal_routines processes;
    struct fm_pcal_stmts *body;        /* of FM_PCAL_LABELED */
    struct fm_pcal_stmts *steps;       /* after fm_pcal_lower: the body as it is translated */
    struct fm_pcal_spans added;        /* the statements that were given labels */
    struct fm_pcal_names added_labels; /* and these */
    bool labels_missing;               /* labels were added that the options do not allow to add */
    struct fm_pcal_renames renamed;    /* after fm_pcal_resolve */
    uint32_t end;                      /* bytes in the source: where the algorithm's comment ends */
};

/* Why an algorithm has no tree, or no meaning. */
struct fm_pcal_problem {
    enum fm_code code;
    struct fm_span span;
    const char *message; /* in the arena */
    const char *hint;    /* or NULL */
};

/* The number of a version, "1.5" or "2", in thousandths; false when it is none, has more than three
 * decimals, or is later than the translator that this one follows. */
bool fm_pcal_version(const char *word, uint32_t *version);
/* The options that hold when nobody gives any. */
struct fm_pcal_options fm_pcal_options_default(void);
/* The fairness of processes that do not say. */
enum fm_pcal_fairness fm_pcal_fairness_of(const struct fm_pcal_options *options);

/* Reads the algorithm whose keyword (`--algorithm` or `--fair`) is `keyword`, in a comment that
 * ends before the byte `end`. NULL when it cannot be read: `problem` says where and why. */
struct fm_pcal_algorithm *fm_pcal_parse(struct fm_arena *arena, const struct fm_source *source,
                                        struct fm_span keyword, uint32_t end,
                                        struct fm_pcal_problem *problem);
/* The same with options of a command line, which those in the file go before. */
struct fm_pcal_algorithm *fm_pcal_parse_with(struct fm_arena *arena, const struct fm_source *source,
                                             struct fm_span keyword, uint32_t end,
                                             const struct fm_pcal_options *options,
                                             struct fm_pcal_problem *problem);

/* Resolves names: those that occur twice are renamed, calls and jumps are checked. False with a
 * problem. */
bool fm_pcal_resolve(struct fm_arena *arena, struct fm_pcal_algorithm *algorithm,
                     struct fm_pcal_problem *problem);

/* Divides jumps and calls up, into the `steps` that are translated, and brings the resolved tree
 * into the state in which pcal.trans prints it: see pcal_lower.c. To be done once. False with a
 * problem. */
bool fm_pcal_lower(struct fm_arena *arena, struct fm_pcal_algorithm *algorithm,
                   struct fm_pcal_problem *problem);

/* Appends pcal.trans's print of the tree, of which its checksum is taken. */
void fm_pcal_print(const struct fm_pcal_algorithm *algorithm, struct fm_text *out);

#endif
