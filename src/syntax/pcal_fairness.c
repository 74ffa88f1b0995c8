/* The definition of Spec: what processes are fair.
 *
 * A fair process is WF of its next-state action, `fair+` SF; a label with `-` is taken out of it
 * (`pc[self] # "a" /\ p(self)`), one with `+` gets SF of its own where the process has WF. The
 * fairness of a process extends to the procedures that it calls, for itself as `self`. Where the
 * conjuncts of one process do not fit on a line they stand below each other; with one process whose
 * identifier takes several lines the identifier is named by LET.
 *
 * The layout is pcal.trans's (tlatools, pcal/PcalTLAGen.ProcessFairness), a missing line end
 * between procedures included: what follows is still the same formula. */
#include "syntax/pcal_gen.h"

#include <string.h>

#define BEGIN "Spec == /\\ "
#define AND " /\\ "

/* Of a process or a procedure: its action, and its labels with `+`, "" for none. */
struct formulas {
    const char *action;
    const char *labels;
};

struct fairness {
    const char *kind;            /* "WF" or "SF" */
    struct fm_pcal_names prefix; /* lines of the quantifier or LET */
    struct formulas body;
    struct {
        struct formulas *at;
        uint32_t count, capacity;
    } procedures;
};

/* ---- Formulas. */

/* (pc[self] # "a") /\ , for labels with `-`. */
static const char *without_labels(struct fm_pcal_gen *gen, const struct fm_pcal_names *minus,
                                  const char *self)
{
    struct fm_arena *arena = gen->pcal->arena;
    if (minus->count == 0) {
        return "";
    }
    if (minus->count == 1) {
        return fm_arena_printf(arena, "(pc[%s] # \"%s\")" AND, self, minus->at[0]);
    }
    const char *set = "";
    for (uint32_t i = 0; i < minus->count; i++) {
        set = fm_arena_printf(arena, "%s%s\"%s\"", set, i > 0 ? ", " : "", minus->at[i]);
    }
    return fm_arena_printf(arena, "(pc[%s] \\notin {%s})" AND, self, set);
}

/* SF_vars(a(self)) /\ ..., for labels with `+`. */
static const char *of_labels(struct fm_pcal_gen *gen, const struct fm_pcal_names *plus,
                             const char *parameter)
{
    const char *text = "";
    for (uint32_t i = 0; i < plus->count; i++) {
        text = fm_arena_printf(gen->pcal->arena, "%s%sSF_vars(%s%s)", text, i > 0 ? AND : "",
                               plus->at[i], parameter);
    }
    return text;
}

static struct formulas formulas_of(struct fm_pcal_gen *gen, const struct fm_pcal_routine *routine,
                                   const char *kind, const char *self, const char *parameter)
{
    return (struct formulas){
        .action = fm_arena_printf(gen->pcal->arena, "%s_vars(%s%s%s)", kind,
                                  without_labels(gen, &routine->minus, self), routine->name,
                                  parameter),
        .labels = strcmp(kind, "WF") == 0 ? of_labels(gen, &routine->plus, parameter) : "",
    };
}

static const struct fm_pcal_routine *find_procedure(const struct fm_pcal_gen *gen, const char *name)
{
    const struct fm_pcal_routines *procedures = &gen->algorithm->procedures;
    for (uint32_t i = 0; i < procedures->count; i++) {
        if (strcmp(procedures->at[i]->name, name) == 0) {
            return procedures->at[i];
        }
    }
    return NULL;
}

/* \A self \in Set : , or LET self == id IN, a line of the identifier a line. */
static void add_prefix(struct fm_pcal_gen *gen, const struct fm_pcal_routine *process,
                       struct fairness *fairness)
{
    struct fm_pcal *pcal = gen->pcal;
    const char *begin = process->is_in ? "\\A self \\in " : "LET self == ";
    uint32_t count = process->id->count;
    for (uint32_t i = 0; i < count; i++) {
        const char *line = fm_arena_printf(pcal->arena, "%*s%s%s", (int)strlen(begin),
                                           i == 0 ? begin : "",
                                           fm_pcal_expr_line(pcal->arena, process->id, i),
                                           process->is_in && i + 1 == count ? " : " : "");
        fm_pcal_push(pcal, &fairness->prefix, line);
    }
    if (!process->is_in) {
        fm_pcal_push(pcal, &fairness->prefix, "IN ");
    }
}

static struct fairness fairness_of(struct fm_pcal_gen *gen, const struct fm_pcal_routine *process)
{
    struct fm_pcal *pcal = gen->pcal;
    struct fairness fairness = {.kind = process->fairness == FM_PCAL_WEAK ? "WF" : "SF"};
    bool named = process->is_in || process->id->count > 1;
    const char *self = named ? "self" : fm_pcal_expr_line(pcal->arena, process->id, 0);
    if (named) {
        add_prefix(gen, process, &fairness);
    }
    fairness.body = formulas_of(gen, process, fairness.kind, self, process->is_in ? "(self)" : "");
    for (uint32_t i = 0; i < process->calls.count; i++) {
        const struct fm_pcal_routine *procedure = find_procedure(gen, process->calls.at[i]);
        if (procedure != NULL) {
            struct formulas formulas = formulas_of(gen, procedure, fairness.kind, self,
                                                   fm_arena_printf(pcal->arena, "(%s)", self));
            fm_pcal_push(pcal, &fairness.procedures, formulas);
        }
    }
    return fairness;
}

/* ---- Layout. */

static const char *on_one_line(struct fm_pcal_gen *gen, struct formulas formulas)
{
    return fm_arena_printf(gen->pcal->arena, "%s%s%s", formulas.action,
                           formulas.labels[0] == '\0' ? "" : AND, formulas.labels);
}

/* What pcal.trans takes for the width; it leaves operators between formulas out. */
static size_t width_of(struct fm_pcal_gen *gen, const struct fairness *fairness)
{
    const struct fm_pcal_names *prefix = &fairness->prefix;
    size_t widest = 0;
    size_t width = prefix->count > 1 ? fm_pcal_width(prefix->at[prefix->count - 1]) : 0;
    for (uint32_t i = 0; i + 1 < prefix->count; i++) {
        size_t line = fm_pcal_width(prefix->at[i]);
        widest = line > widest ? line : widest;
    }
    width += fm_pcal_width(fairness->body.action) + fm_pcal_width(fairness->body.labels);
    for (uint32_t i = 0; i < fairness->procedures.count; i++) {
        width += fm_pcal_width(on_one_line(gen, fairness->procedures.at[i]));
    }
    return widest > width ? widest : width;
}

/* The formulas of one part as a conjunct below `column`, on one line when they fit. */
static void put_conjunct(struct fm_pcal_gen *gen, struct formulas formulas, uint32_t column,
                         bool end_line)
{
    struct fm_pcal_out *out = &gen->out;
    const char *line = on_one_line(gen, formulas);
    if (column + fm_pcal_width(line) + 3 <= gen->wrap) {
        fm_pcal_putf(out, "/\\ %s", line);
        if (end_line) {
            fm_pcal_end_line(out);
        }
        return;
    }
    fm_pcal_putf(out, "/\\ %s", formulas.action);
    if (formulas.labels[0] != '\0') {
        fm_pcal_end_line(out);
        fm_pcal_put_blanks(out, column);
        fm_pcal_putf(out, "/\\ %s", formulas.labels);
    }
}

static void put_fairness(struct fm_pcal_gen *gen, const struct fairness *fairness)
{
    struct fm_pcal_out *out = &gen->out;
    uint32_t indent = (uint32_t)strlen(BEGIN);
    fm_pcal_put_blanks(out, indent - 3);
    fm_pcal_put(out, "/\\ ");
    for (uint32_t i = 0; i < fairness->prefix.count; i++) {
        if (i > 0) {
            fm_pcal_end_line(out);
            fm_pcal_put_blanks(out, indent);
        }
        fm_pcal_put(out, fairness->prefix.at[i]);
    }
    bool alone = fairness->body.labels[0] == '\0' && fairness->procedures.count == 0;
    if (alone || indent + width_of(gen, fairness) <= gen->wrap) {
        fm_pcal_put(out, on_one_line(gen, fairness->body));
        for (uint32_t i = 0; i < fairness->procedures.count; i++) {
            fm_pcal_putf(out, AND "%s", on_one_line(gen, fairness->procedures.at[i]));
        }
        fm_pcal_end_line(out);
        return;
    }
    uint32_t column = indent +
                      (fairness->prefix.count == 0
                           ? 0
                           : fm_pcal_width(fairness->prefix.at[fairness->prefix.count - 1]));
    put_conjunct(gen, fairness->body, column, false);
    for (uint32_t i = 0; i < fairness->procedures.count; i++) {
        if (i == 0) {
            fm_pcal_end_line(out);
        }
        fm_pcal_put_blanks(out, column);
        put_conjunct(gen, fairness->procedures.at[i], column, true);
    }
    fm_pcal_end_line(out);
}

/* Whether Next itself is fair. */
static bool next_is_fair(const struct fm_pcal_algorithm *algorithm)
{
    enum fm_pcal_spec spec = algorithm->options.spec;
    return spec == FM_PCAL_SPEC_WF_NEXT || algorithm->fair ||
           (!algorithm->multiprocess && (spec == FM_PCAL_SPEC_WF || spec == FM_PCAL_SPEC_SF));
}

void fm_pcal_gen_spec(struct fm_pcal_gen *gen)
{
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    bool none = algorithm->options.spec == FM_PCAL_SPEC_NOF ||
                (!algorithm->multiprocess && algorithm->options.spec == FM_PCAL_SPEC_PLAIN);
    bool fair = next_is_fair(algorithm);
    uint32_t count = none ? 0 : algorithm->processes.count;
    bool some = fair;
    for (uint32_t i = 0; i < count; i++) {
        some = some || algorithm->processes.at[i]->fairness != FM_PCAL_UNFAIR;
    }
    if (none || !some) {
        fm_pcal_put_line(&gen->out, "Spec == Init /\\ [][Next]_vars");
        fm_pcal_put_line(&gen->out, "");
        return;
    }
    fm_pcal_put_line(&gen->out, BEGIN "Init /\\ [][Next]_vars");
    if (fair) {
        fm_pcal_put_line(&gen->out, "        /\\ WF_vars(Next)");
    }
    for (uint32_t i = 0; i < count && !gen->pcal->failed; i++) {
        const struct fm_pcal_routine *process = algorithm->processes.at[i];
        if (process->fairness != FM_PCAL_UNFAIR) {
            struct fairness fairness = fairness_of(gen, process);
            gen->out.origin = process->span;
            put_fairness(gen, &fairness);
        }
    }
    fm_pcal_put_line(&gen->out, "");
}
