/* Analysis of one module's text: the state that walks along, and the parts it is divided into.
 * Errors are reported and the walk goes on: a node whose note stays NULL stands for nothing. */
#ifndef FM_SEMANTICS_ANALYZE_H
#define FM_SEMANTICS_ANALYZE_H

#include "semantics/sema.h"

struct fm_label_frame;

struct fm_analysis {
    struct fm_sema *sema;
    struct fm_module *module;
    struct fm_scope *scope;
    struct fm_label_frame *labels; /* of the definition around, or NULL: labels are forbidden */
    uint32_t let_depth;
    uint32_t except_depth;      /* values of EXCEPT around: @ is defined, labels are not */
    uint32_t assume_depth;      /* ASSUME/PROVE around */
    uint32_t new_depth;         /* nested ones (depth 2 on) with a NEW before the place */
    bool accepts_fact;          /* the SELECT that comes next may name an ASSUME/PROVE */
    struct fm_entity **pending; /* declared RECURSIVE and not yet defined */
    uint32_t pending_count, pending_capacity;
    struct fm_recursive_section *section; /* open while something is pending */
};

/* --- module.c --- */
/* OPDEF, FCNDEF, MODDEF, INSTANCE and RECURSIVE as units of a module or a LET. */
void fm_analyze_definition(struct fm_analysis *analysis, struct fm_ast *unit);
void fm_analyze_let(struct fm_analysis *analysis, struct fm_ast *let);

/* --- analyze.c --- */
void fm_analyze_expression(struct fm_analysis *analysis, struct fm_ast *node);
/* An argument where an operator with that many parameters is wanted, or an expression (arity 0).
 * `operator_span` is the place of the operator applied. */
void fm_analyze_argument(struct fm_analysis *analysis, struct fm_ast *node, uint32_t arity,
                         struct fm_span operator_span);
/* Analyzes the sets, then opens a scope with the variables; the caller restores analysis->scope. */
void fm_analyze_bindings(struct fm_analysis *analysis, struct fm_ast *bindings);
/* The variables of a BINDING or BINDINGS that was analyzed, in order. */
struct fm_entity **fm_bindings_entities(struct fm_sema *sema, const struct fm_ast *bindings,
                                        uint32_t *count);
/* Declares the OPDECLs of a PARAMS as parameters in the current scope. */
struct fm_entity **fm_analyze_params(struct fm_analysis *analysis, struct fm_ast *params);
/* The arguments of `entity` among kids; reports a wrong number. */
void fm_analyze_arguments(struct fm_analysis *analysis, const struct fm_entity *entity,
                          struct fm_ast *node, struct fm_ast **arguments, uint32_t count);
void fm_report_arity(struct fm_analysis *analysis, const struct fm_entity *entity,
                     struct fm_span span, uint32_t wanted, uint32_t given);
void fm_analyze_assume_prove(struct fm_analysis *analysis, struct fm_ast *node);

/* --- label.c --- */
/* Opens and closes the set of labels of a definition. */
struct fm_label_frame *fm_labels_open(struct fm_analysis *analysis);
void fm_labels_close(struct fm_analysis *analysis, struct fm_label_frame *outer,
                     struct fm_entity *owner);
/* Bound variables that labels below must name: a mark to give back. */
uint32_t fm_labels_bind(struct fm_analysis *analysis, struct fm_entity *const *bound,
                        uint32_t count);
void fm_labels_unbind(struct fm_analysis *analysis, uint32_t mark);
void fm_analyze_label(struct fm_analysis *analysis, struct fm_ast *node);

/* --- instance.c --- */
/* INSTANCE, alone (name NULL) or of I(params) == INSTANCE; the scope has the parameters already. */
struct fm_instance *fm_analyze_instance(struct fm_analysis *analysis, struct fm_ast *node,
                                        const struct fm_symbol *name, struct fm_entity **params,
                                        uint32_t param_count);
/* Brings the operators of an unnamed INSTANCE into the scope. */
void fm_import_instance(struct fm_analysis *analysis, struct fm_instance *instance, bool local);

/* --- selector.c --- */
/* A SELECT as an expression (arity 0) or as an operator with that many parameters. */
void fm_analyze_select(struct fm_analysis *analysis, struct fm_ast *node, uint32_t arity);
/* The definition or instance that a SELECT of names means, arguments left out; NULL after errors.
 */
struct fm_entity *fm_analyze_select_name(struct fm_analysis *analysis, struct fm_ast *node);

/* --- proof.c --- */
void fm_analyze_proof(struct fm_analysis *analysis, struct fm_ast *proof);
/* USE and HIDE, and the facts of BY. */
void fm_analyze_use(struct fm_analysis *analysis, struct fm_ast *node);

#endif
