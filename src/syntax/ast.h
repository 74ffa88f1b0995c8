/* The syntax tree of TLA+ modules.
 *
 * One node type: kind, span, an optional name, kids. Trees live in the arena given to the parser
 * and point into nothing else but symbols. Their height is bounded, so recursion over them is.
 * There is no node for parentheses; operator precedence is settled. Operators are named by their
 * canonical ASCII spelling, whatever was written: `\leq`, `=<` and U+2264 are "<=" ... see
 * syntax/operators.def, one row for each operator with its synonyms. Prefix minus is "-.". Layouts
 * of kids stand beside the kinds. */
#ifndef FM_SYNTAX_AST_H
#define FM_SYNTAX_AST_H

#include "base/symbol.h"
#include "diag/source.h"

#include <stdint.h>

enum fm_ast_kind {
    /* Modules. */
    FM_AST_MODULE,    /* name; kids: EXTENDS first, then units in order of writing */
    FM_AST_EXTENDS,   /* kids: IDENT, one a module; none when absent */
    FM_AST_CONSTANTS, /* kids: OPDECL */
    FM_AST_VARIABLES, /* kids: OPDECL (arity 0) */
    FM_AST_RECURSIVE, /* kids: OPDECL */
    FM_AST_OPDECL,    /* name; number = arity. Also a parameter: `Op(_, _)`, `_+_` */
    FM_AST_OPDEF,     /* name; [PARAMS, body]; LOCAL. Infix and the like carry FM_AST_FIXITY */
    FM_AST_FCNDEF,    /* name; [BINDINGS, body]; LOCAL: f[x \in S] == e */
    FM_AST_MODDEF,    /* name; [PARAMS, INSTANCE]; LOCAL: I(x) == INSTANCE M WITH ... */
    FM_AST_INSTANCE,  /* name = module; kids: SUBST; LOCAL. As a unit, and inside MODDEF */
    FM_AST_SUBST,     /* name; [expression or OPARG] */
    FM_AST_ASSUME,    /* name or NULL; [expression]; ASSUME, ASSUMPTION, AXIOM */
    FM_AST_THEOREM,   /* name or NULL; [expression or ASSUMEPROVE] or [the same, PROOF] */
    FM_AST_USE,       /* [FACTS, DEFS]; HIDE. Also of BY */
    FM_AST_PARAMS,    /* kids: OPDECL */

    /* Expressions. */
    FM_AST_IDENT,    /* name */
    FM_AST_APPLY,    /* name; kids: arguments (expressions, LAMBDA, OPARG): Op(a, b) */
    FM_AST_PREFIX,   /* name; [operand]: "-.", "~", "[]", "<>", "SUBSET", "UNION", "DOMAIN",
                        "ENABLED", "UNCHANGED" */
    FM_AST_INFIX,    /* name; [left, right] */
    FM_AST_POSTFIX,  /* name; [operand]: "'", "^+", "^*", "^#" */
    FM_AST_OPARG,    /* name: an operator symbol standing as an argument, e.g. `+` */
    FM_AST_SELECT,   /* kids: SEL_*, at least two, or one with a leading selector: I!Op(x), Inv!2 */
    FM_AST_SEL_NAME, /* name; kids: arguments */
    FM_AST_SEL_INDEX, /* number: !2 */
    FM_AST_SEL_LEFT,  /* !<< */
    FM_AST_SEL_RIGHT, /* !>> */
    FM_AST_SEL_BODY,  /* !: */
    FM_AST_SEL_AT,    /* !@ */
    FM_AST_SEL_ARGS,  /* kids: arguments: !(a, b) */
    FM_AST_NUMBER,    /* name = decimal digits (\b, \o, \h already converted) */
    FM_AST_DECIMAL,   /* name = as written */
    FM_AST_STRING,    /* name = contents, escapes resolved */
    FM_AST_TRUE,
    FM_AST_FALSE,
    FM_AST_BOOLEAN,  /* the set BOOLEAN */
    FM_AST_STRINGS,  /* the set STRING */
    FM_AST_AT,       /* @ */
    FM_AST_CONJLIST, /* kids: items of a list aligned by column (one item is possible) */
    FM_AST_DISJLIST,
    FM_AST_LAMBDA,      /* [PARAMS, body] */
    FM_AST_TUPLE,       /* kids */
    FM_AST_CROSS,       /* kids: two or more factors of one unparenthesized A \X B \X C */
    FM_AST_SETENUM,     /* kids */
    FM_AST_SETFILTER,   /* [BINDING, predicate] */
    FM_AST_SETMAP,      /* [BINDINGS, element]: { e : x \in S, y \in T } */
    FM_AST_FCN,         /* [BINDINGS, body] */
    FM_AST_FCNAPP,      /* [function, arguments ...] */
    FM_AST_FCNSET,      /* [domain, range] */
    FM_AST_RECORD,      /* kids: FIELD */
    FM_AST_RECSET,      /* kids: FIELD */
    FM_AST_FIELD,       /* name; [expression] */
    FM_AST_DOT,         /* name; [record]: r.name */
    FM_AST_EXCEPT,      /* [function, UPDATE ...] */
    FM_AST_UPDATE,      /* [PATH_* ..., value]: ![i].a = value */
    FM_AST_PATH_FIELD,  /* name */
    FM_AST_PATH_INDEX,  /* kids: arguments; several are one tuple */
    FM_AST_FORALL,      /* [BINDINGS, body] */
    FM_AST_EXISTS,      /* [BINDINGS, body] */
    FM_AST_TFORALL,     /* \AA: [BINDINGS, body], bindings unbounded */
    FM_AST_TEXISTS,     /* \EE */
    FM_AST_CHOOSE,      /* [BINDING, body] */
    FM_AST_IF,          /* [condition, then, else] */
    FM_AST_CASE,        /* kids: ARM, the last one may be OTHER */
    FM_AST_ARM,         /* [guard, value] */
    FM_AST_OTHER,       /* [value] */
    FM_AST_LET,         /* [units ..., body]: OPDEF, FCNDEF, MODDEF, INSTANCE, RECURSIVE */
    FM_AST_SQUARE,      /* [action, subscript]: [A]_v */
    FM_AST_ANGLE,       /* [action, subscript]: <<A>>_v */
    FM_AST_WF,          /* [subscript, action] */
    FM_AST_SF,          /* [subscript, action] */
    FM_AST_LABEL,       /* name; [PARAMS, expression]: l(x) :: e */
    FM_AST_ASSUMEPROVE, /* [assumptions ..., goal]; flag BOXED for []ASSUME */
    FM_AST_NEW,         /* name, number = arity; [] or [set]: NEW CONSTANT x \in S */

    /* Proofs. */
    FM_AST_PROOF,     /* kids: STEP ...; or [USE] for BY; none for OBVIOUS and OMITTED */
    FM_AST_STEP,      /* name ("<1>a") or NULL; [statement] or [statement, PROOF]; SUFFICES. The
                         statement: expression, ASSUMEPROVE, USE, INSTANCE, or one of the next */
    FM_AST_DEFINE,    /* kids: OPDEF, FCNDEF, MODDEF */
    FM_AST_HAVE,      /* [expression] */
    FM_AST_TAKE,      /* [BINDINGS] */
    FM_AST_PICK,      /* [BINDINGS, expression] */
    FM_AST_WITNESS,   /* kids: expressions */
    FM_AST_STEP_CASE, /* [expression] */
    FM_AST_QED,
    FM_AST_FACTS,      /* kids: expressions, MODULE_REF */
    FM_AST_DEFS,       /* kids: names as expressions, MODULE_REF */
    FM_AST_MODULE_REF, /* name: MODULE M among facts */

    FM_AST_BINDINGS, /* kids: BINDING */
    FM_AST_BINDING   /* [IDENT ..., set]; UNBOUNDED: [IDENT ...]; TUPLE: <<a, b>> \in set */
};

/* Flags. */
#define FM_AST_LOCAL 1u
#define FM_AST_UNBOUNDED 2u
#define FM_AST_TUPLE_PATTERN 4u
#define FM_AST_BOXED 8u
#define FM_AST_PREFIX_FORM 16u /* of OPDEF and OPDECL: -. a, a + b, a^+ */
#define FM_AST_INFIX_FORM 32u
#define FM_AST_POSTFIX_FORM 64u
#define FM_AST_HIDE 128u     /* of USE */
#define FM_AST_SUFFICES 256u /* of STEP */
/* Of NEW; none is CONSTANT. */
#define FM_AST_STATE_LEVEL 512u /* VARIABLE and STATE */
#define FM_AST_ACTION_LEVEL 1024u
#define FM_AST_TEMPORAL_LEVEL 2048u
#define FM_AST_FIXITY (FM_AST_PREFIX_FORM | FM_AST_INFIX_FORM | FM_AST_POSTFIX_FORM)

struct fm_ast {
    enum fm_ast_kind kind;
    uint32_t flags;
    struct fm_span span;      /* the whole construct */
    struct fm_span name_span; /* the name or operator symbol alone, when there is one */
    const struct fm_symbol *name;
    uint32_t number; /* arity or index */
    uint32_t height; /* of the tree below: 0 for a leaf, bounded by the parser */
    uint32_t count;  /* of kids */
    struct fm_ast **kids;
    void *note; /* NULL from the parser: what the node stands for, src/semantics */
};

#endif
