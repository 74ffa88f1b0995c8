/* Level checking: what is known of an operator without looking into it again.
 *
 * The quantities are those of "Specifying Systems" 17.2 and SANY's LevelNode. A "parameter" here is
 * a declared CONSTANT or a formal parameter: something whose level is known only later. */
#ifndef FM_SEMANTICS_LEVEL_H
#define FM_SEMANTICS_LEVEL_H

#include "semantics/builtin.h"
#include "semantics/sema.h"

struct fm_entity_set {
    struct fm_entity **at;
    uint32_t count, capacity;
};

struct fm_level_bound { /* what is put for the parameter must be at most of that level */
    struct fm_entity *entity;
    enum fm_level most;
};

struct fm_level_argument { /* what is put for the operator must take such an argument */
    struct fm_entity *operator;
    uint32_t position;
    enum fm_level least;
};

struct fm_level_pair { /* the operator is applied, at that position, to something with that
                          parameter */
    struct fm_entity *operator;
    uint32_t position;
    struct fm_entity *param;
};

struct fm_level_facts {
    enum fm_level level;
    struct fm_entity_set params;  /* whose level adds to the level */
    struct fm_entity_set all;     /* that occur at all */
    struct fm_entity_set unequal; /* under operators that do not respect equality (non-Leibniz) */
    struct fm_level_bound *bounds;
    uint32_t bound_count, bound_capacity;
    struct fm_level_argument *arguments;
    uint32_t argument_count, argument_capacity;
    struct fm_level_pair *pairs;
    uint32_t pair_count, pair_capacity;
    struct fm_entity **formals; /* the operator's own parameters */
    uint32_t formal_count;
    bool is_recursive;
    bool is_good; /* no level error inside */
    bool is_done;
};

/* What an expression, or an operator given as an argument, is known to be. */
struct fm_level_value {
    enum fm_level level;
    bool is_good;
    struct fm_entity_set params;
    struct fm_entity_set all;
    struct fm_entity *operator;                  /* an operator parameter given as an argument */
    const struct fm_level_facts *operator_facts; /* a defined one */
    const struct fm_builtin *operator_builtin;
};

struct fm_level_at { /* @: the function and the updates before */
    const struct fm_level_at *outer;
    struct fm_level_value value;
};

struct fm_level_walk {
    struct fm_sema *sema;
    struct fm_level_facts *facts; /* of the definition being walked: constraints gather here */
    const struct fm_level_at *at;
    bool quiet; /* first round through a recursive section */
};

/* --- level_facts.c --- */
bool fm_entity_set_has(const struct fm_entity_set *set, const struct fm_entity *entity);
void fm_entity_set_add(struct fm_sema *sema, struct fm_entity_set *set, struct fm_entity *entity);
/* Adds the entities of `from` that are none of the formals of `without` (NULL: all). */
void fm_entity_set_merge(struct fm_sema *sema, struct fm_entity_set *set,
                         const struct fm_entity_set *from, const struct fm_level_facts *without);
bool fm_level_is_formal(const struct fm_level_facts *facts, const struct fm_entity *entity);
void fm_level_add_bound(struct fm_sema *sema, struct fm_level_facts *facts,
                        struct fm_entity *entity, enum fm_level most);
void fm_level_add_bounds(struct fm_sema *sema, struct fm_level_facts *facts,
                         const struct fm_entity_set *entities, enum fm_level most);
void fm_level_add_argument(struct fm_sema *sema, struct fm_level_facts *facts,
                           struct fm_level_argument argument);
void fm_level_add_pair(struct fm_sema *sema, struct fm_level_facts *facts,
                       struct fm_level_pair pair);
/* Constraints of `from` on entities that are not its formals. */
void fm_level_merge_constraints(struct fm_sema *sema, struct fm_level_facts *facts,
                                const struct fm_level_facts *from);
/* Properties of formal number i. */
enum fm_level fm_level_most(const struct fm_level_facts *facts, uint32_t i);
bool fm_level_counts(const struct fm_level_facts *facts, uint32_t i);
bool fm_level_respects(const struct fm_level_facts *facts, uint32_t i);
bool fm_level_respects_all(const struct fm_level_facts *facts);
enum fm_level fm_level_least(const struct fm_level_facts *facts, uint32_t i, uint32_t position);
bool fm_level_applies(const struct fm_level_facts *facts, uint32_t operator, uint32_t position,
                      uint32_t param);
/* The same of an operator given as an argument: its highest level for argument number i. */
enum fm_level fm_level_operator_most(const struct fm_level_value *value, uint32_t i);
uint32_t fm_level_operator_arity(const struct fm_level_value *value);

/* --- level.c --- */
struct fm_level_value fm_level_of(struct fm_level_walk *walk, struct fm_ast *node);
struct fm_level_facts *fm_level_facts_of(struct fm_level_walk *walk, struct fm_entity *entity);
/* A use of the operator with those arguments at that node. */
struct fm_level_value fm_level_apply(struct fm_level_walk *walk, struct fm_ast *node,
                                     const struct fm_symbol *name,
                                     const struct fm_level_facts *callee,
                                     struct fm_level_value *arguments);
struct fm_level_value fm_level_of_argument(struct fm_level_walk *walk, struct fm_ast *node,
                                           uint32_t arity);
void fm_level_error(struct fm_level_walk *walk, struct fm_level_facts *facts, enum fm_code code,
                    struct fm_span span, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
const char *fm_level_phrase(enum fm_level level);

/* --- level_name.c --- */
struct fm_level_value fm_level_of_entity(struct fm_level_walk *walk, struct fm_ast *node,
                                         struct fm_entity *entity, struct fm_level_value *arguments,
                                         uint32_t count);
struct fm_level_value fm_level_of_operator(struct fm_level_walk *walk, struct fm_entity *entity);
struct fm_level_value fm_level_of_selection(struct fm_level_walk *walk, struct fm_ast *node,
                                            struct fm_selection *selection);

/* --- level_instance.c --- */
/* The facts of an operator seen through an instance; its formals are the instance's, then its own.
 */
struct fm_level_facts *fm_level_through(struct fm_level_walk *walk, struct fm_instance *instance,
                                        const struct fm_level_facts *facts);
/* The substitutions of an INSTANCE at `span`; constraints go to walk->facts. */
void fm_level_check_instance(struct fm_level_walk *walk, struct fm_instance *instance,
                             struct fm_span span);
bool fm_level_is_constant_module(struct fm_level_walk *walk, struct fm_module *module);
/* --- level_proof.c --- */
void fm_level_check_proof(struct fm_level_walk *walk, struct fm_ast *proof, bool temporal_goal);

/* The constraints of everything in the module. */
const struct fm_level_facts *fm_level_module_facts(struct fm_level_walk *walk,
                                                   struct fm_module *module);

#endif
