/* From a lowered algorithm to the text of its translation.
 *
 * What stands in it, in order: names that were changed (as comments), the constant
 * defaultInitValue, variables, definitions of the algorithm, `vars`, `ProcSet`, `Init`, actions of
 * procedures and processes, `Next`, `Spec`, `Termination`. An algorithm that consists of loops
 * without labels inside has no `pc`: its actions are named after the processes, or `Next`. One that
 * never ends needs neither the step that lets it stutter after the end nor `Termination`.
 *
 * The layout is pcal.trans's (tlatools, pcal/PcalTLAGen). */
#include "syntax/pcal_gen.h"

#include <string.h>

/* ---- Variables. */

/* The variables that stand in one declaration, with their places. */
struct declared {
    struct fm_pcal_names names;
    struct fm_pcal_spans spans;
};

static void declare(struct fm_pcal_gen *gen, struct declared *declared, const char *name,
                    struct fm_span span)
{
    fm_pcal_push(gen->pcal, &declared->names, name);
    fm_pcal_push(gen->pcal, &declared->spans, span);
    fm_pcal_push(gen->pcal, &gen->variables, name);
}

static void declare_all(struct fm_pcal_gen *gen, struct declared *declared,
                        const struct fm_pcal_variables *variables, struct fm_pcal_names *kind)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        declare(gen, declared, variables->at[i].name, variables->at[i].span);
        if (kind != NULL) {
            fm_pcal_push(gen->pcal, kind, variables->at[i].name);
        }
    }
}

static void put_names(struct fm_pcal_gen *gen, const struct declared *declared, uint32_t indent)
{
    struct fm_pcal_out *out = &gen->out;
    for (uint32_t i = 0; i < declared->names.count; i++) {
        fm_pcal_put(out, i > 0 ? ", " : "");
        const char *name = declared->names.at[i];
        if (out->line.width + strlen(name) + 1 > gen->wrap) {
            fm_pcal_end_line(out);
            fm_pcal_put_blanks(out, indent);
        }
        struct fm_span span = declared->spans.at[i];
        fm_pcal_put_at(out, name, span.source == 0 ? out->origin : span);
    }
}

static void put_declaration(struct fm_pcal_gen *gen, const struct declared *declared)
{
    if (declared->names.count == 0) {
        return;
    }
    fm_pcal_put(&gen->out, declared->names.count > 1 ? "VARIABLES " : "VARIABLE ");
    put_names(gen, declared, gen->out.line.width);
    fm_pcal_end_line(&gen->out);
}

static void put_vars(struct fm_pcal_gen *gen, const struct declared *all)
{
    struct fm_pcal_out *out = &gen->out;
    fm_pcal_put(out, "vars == << ");
    put_names(gen, all, out->line.width);
    if (out->line.width + strlen(" >>") + 1 > gen->wrap) {
        fm_pcal_end_line(out);
        fm_pcal_put_blanks(out, (uint32_t)strlen("vars =="));
    }
    fm_pcal_put(out, " >>");
    fm_pcal_put_line(out, "");
}

static void collect_variables(struct fm_pcal_gen *gen, struct declared *globals,
                              struct declared *locals)
{
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    if (!algorithm->no_pc) {
        declare(gen, globals, "pc", fm_span_none());
    }
    declare_all(gen, globals, &algorithm->variables, NULL);
    if (algorithm->procedures.count > 0) {
        declare(gen, globals, "stack", fm_span_none());
    }
    for (uint32_t i = 0; i < algorithm->procedures.count; i++) {
        const struct fm_pcal_routine *procedure = algorithm->procedures.at[i];
        declare_all(gen, locals, &procedure->params, &gen->of_procedures);
        declare_all(gen, locals, &procedure->variables, &gen->of_procedures);
    }
    for (uint32_t i = 0; i < algorithm->processes.count; i++) {
        const struct fm_pcal_routine *process = algorithm->processes.at[i];
        declare_all(gen, locals, &process->variables,
                    process->is_in ? &gen->of_process_sets : NULL);
    }
}

static void put_variables(struct fm_pcal_gen *gen)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    struct declared globals = {0}, locals = {0}, all = {0};
    collect_variables(gen, &globals, &locals);
    for (uint32_t i = 0; i < globals.names.count + locals.names.count; i++) {
        const struct declared *from = i < globals.names.count ? &globals : &locals;
        uint32_t k = i < globals.names.count ? i : i - globals.names.count;
        fm_pcal_push(gen->pcal, &all.names, from->names.at[k]);
        fm_pcal_push(gen->pcal, &all.spans, from->spans.at[k]);
    }
    if (algorithm->has_default) {
        fm_pcal_put_line(out, "CONSTANT defaultInitValue");
    }
    if (algorithm->define->count == 0) {
        put_declaration(gen, &all);
    } else {
        put_declaration(gen, &globals);
        fm_pcal_put_line(out, "");
        fm_pcal_put_line(out, "(* define statement *)");
        fm_pcal_put_expr(out, algorithm->define);
        fm_pcal_put_line(out, "");
        put_declaration(gen, &locals);
    }
    fm_pcal_put_line(out, "");
    if (all.names.count == 0) {
        fm_pcal_fail(gen->pcal, FM_CODE_1049, out->origin, "declare one: `variable x = 0;`",
                     "this algorithm has no variables, and so no states");
    }
    put_vars(gen, &all);
}

static void put_process_set(struct fm_pcal_gen *gen)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_routines *processes = &gen->algorithm->processes;
    fm_pcal_put(out, "ProcSet == ");
    for (uint32_t i = 0; i < processes->count; i++) {
        out->origin = processes->at[i]->span;
        fm_pcal_put(out, i > 0 ? " \\cup " : "");
        fm_pcal_put(out, processes->at[i]->is_in ? "(" : "{");
        fm_pcal_put_expr(out, processes->at[i]->id);
        fm_pcal_put(out, processes->at[i]->is_in ? ")" : "}");
    }
    fm_pcal_end_line(out);
    fm_pcal_put_line(out, "");
}

/* ---- Init. */

#define INIT "Init == "

/* The first line of Init has its name, the others blanks. */
static void put_margin(struct fm_pcal_gen *gen, bool *first)
{
    if (*first) {
        fm_pcal_put(&gen->out, INIT);
    } else {
        fm_pcal_put_blanks(&gen->out, (uint32_t)strlen(INIT));
    }
    *first = false;
}

/* [CHOOSE self \in set : TRUE]: what a use of a variable with another initial value means, in a
 * process of a set. */
static const struct fm_pcal_expr *some_process(struct fm_pcal_gen *gen,
                                               const struct fm_pcal_expr *set)
{
    static const struct {
        enum fm_pcal_token_kind kind;
        const char *text;
        int32_t column;
    } begin[] = {{FM_PCAL_TOKEN_BUILTIN, "[", 0},
                 {FM_PCAL_TOKEN_BUILTIN, "CHOOSE", 1},
                 {FM_PCAL_TOKEN_IDENT, "self", 8},
                 {FM_PCAL_TOKEN_BUILTIN, "\\in  ", 13}},
      end[] = {{FM_PCAL_TOKEN_BUILTIN, " :", 0},
               {FM_PCAL_TOKEN_BUILTIN, "TRUE", 3},
               {FM_PCAL_TOKEN_BUILTIN, "]", 7}};
    struct fm_pcal *pcal = gen->pcal;
    struct fm_pcal_expr *before = fm_pcal_expr_new(pcal), *after = fm_pcal_expr_new(pcal);
    struct fm_pcal_expr *inside = fm_pcal_expr_clone(pcal, set);
    fm_pcal_expr_add_line(pcal, before);
    fm_pcal_expr_add_line(pcal, after);
    for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++) {
        struct fm_pcal_token *token = fm_pcal_token_new(pcal, begin[i].kind, begin[i].text);
        token->column = begin[i].column;
        fm_pcal_expr_add(pcal, before, token);
    }
    for (size_t i = 0; i < sizeof end / sizeof end[0]; i++) {
        struct fm_pcal_token *token = fm_pcal_token_new(pcal, end[i].kind, end[i].text);
        token->column = end[i].column;
        fm_pcal_expr_add(pcal, after, token);
    }
    if (!pcal->failed) {
        fm_pcal_expr_prepend(pcal, inside, before);
        fm_pcal_expr_prepend(pcal, after, inside);
    }
    return after;
}

/* The value of a variable that is a function of the processes of `set`. */
static void put_function(struct fm_pcal_gen *gen, const struct fm_pcal_variable *variable,
                         const struct fm_pcal_expr *set)
{
    struct fm_pcal_out *out = &gen->out;
    fm_pcal_put(out, variable->is_in ? " \\in [" : " = [self \\in ");
    fm_pcal_put_expr(out, set);
    fm_pcal_put(out, variable->is_in ? " -> " : " |-> ");
    const struct fm_pcal_expr *self = variable->is_in ? some_process(gen, set) : gen->subscript;
    fm_pcal_put_expr(out, fm_pcal_gen_expr(gen, variable->value, self, NULL));
    fm_pcal_put(out, "]");
}

static void put_value(struct fm_pcal_gen *gen, const struct fm_pcal_variable *variable,
                      bool parenthesize)
{
    struct fm_pcal_out *out = &gen->out;
    bool parentheses = parenthesize && fm_pcal_gen_needs_parentheses(gen, variable->value);
    fm_pcal_put(out, variable->is_in ? " \\in " : " = ");
    fm_pcal_put(out, parentheses ? "(" : "");
    fm_pcal_put_expr(out, variable->value);
    fm_pcal_put(out, parentheses ? ")" : "");
}

/* The conjuncts of some variables; `routine` is where they are declared, or NULL. */
static void put_initial(struct fm_pcal_gen *gen, const struct fm_pcal_variables *variables,
                        const struct fm_pcal_routine *routine, bool *first)
{
    struct fm_pcal_out *out = &gen->out;
    for (uint32_t i = 0; i < variables->count && !gen->pcal->failed; i++) {
        const struct fm_pcal_variable *variable = &variables->at[i];
        bool procedure = routine != NULL && routine->id == NULL;
        out->origin = variable->span;
        put_margin(gen, first);
        fm_pcal_putf(out, "/\\ %s", variable->name);
        if (procedure && gen->algorithm->multiprocess) {
            fm_pcal_put(out, " = [ self \\in ProcSet |-> ");
            fm_pcal_put_expr(out, fm_pcal_gen_expr(gen, variable->value, gen->subscript, NULL));
            fm_pcal_put(out, "]");
        } else if (routine != NULL && !procedure && routine->is_in) {
            put_function(gen, variable, routine->id);
        } else {
            put_value(gen, variable, routine == NULL || procedure);
        }
        fm_pcal_end_line(out);
    }
}

static void put_initial_of(struct fm_pcal_gen *gen, const struct fm_pcal_routines *routines,
                           const char *what, bool *first)
{
    for (uint32_t i = 0; i < routines->count; i++) {
        const struct fm_pcal_routine *routine = routines->at[i];
        if (routine->params.count == 0 && routine->variables.count == 0) {
            continue;
        }
        gen->out.origin = routine->span;
        put_margin(gen, first);
        fm_pcal_putf(&gen->out, "(* %s %s *)", what, routine->name);
        fm_pcal_end_line(&gen->out);
        put_initial(gen, &routine->params, routine, first);
        put_initial(gen, &routine->variables, routine, first);
    }
}

static const char *label_or_null(const char *label)
{
    return label == NULL ? "null" : label;
}

static void put_initial_pc(struct fm_pcal_gen *gen)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_routines *processes = &gen->algorithm->processes;
    if (!gen->algorithm->multiprocess) {
        const struct fm_pcal_stmts *body = gen->algorithm->body;
        fm_pcal_putf(out, "/\\ pc = \"%s\"",
                     label_or_null(body->count == 0 ? NULL : body->at[0]->label));
        fm_pcal_end_line(out);
        return;
    }
    fm_pcal_put(out, "/\\ pc = [self \\in ProcSet |-> ");
    if (processes->count == 1) {
        fm_pcal_putf(out, "\"%s\"]", label_or_null(processes->at[0]->entry));
        fm_pcal_end_line(out);
        return;
    }
    fm_pcal_put(out, "CASE ");
    uint32_t indent = out->line.width - 3;
    for (uint32_t i = 0; i < processes->count; i++) {
        const struct fm_pcal_routine *process = processes->at[i];
        out->origin = process->span;
        if (i > 0) {
            fm_pcal_put_blanks(out, indent);
            fm_pcal_put(out, "[] ");
        }
        fm_pcal_put(out, process->is_in ? "self \\in " : "self = ");
        fm_pcal_put_expr(out, process->id);
        fm_pcal_putf(out, " -> \"%s\"%s", label_or_null(process->entry),
                     i + 1 == processes->count ? "]" : "");
        fm_pcal_end_line(out);
    }
}

static void put_init(struct fm_pcal_gen *gen)
{
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    struct fm_span origin = gen->out.origin;
    bool first = true;
    fm_pcal_gen_set_self(gen, algorithm->multiprocess ? fm_pcal_gen_name(gen, "self") : NULL);
    if (algorithm->variables.count > 0) {
        put_margin(gen, &first);
        fm_pcal_put(&gen->out, "(* Global variables *)");
        fm_pcal_end_line(&gen->out);
        put_initial(gen, &algorithm->variables, NULL, &first);
    }
    put_initial_of(gen, &algorithm->procedures, "Procedure", &first);
    put_initial_of(gen, &algorithm->processes, "Process", &first);
    gen->out.origin = origin;
    if (algorithm->procedures.count > 0) {
        put_margin(gen, &first);
        fm_pcal_put(&gen->out, algorithm->multiprocess ? "/\\ stack = [self \\in ProcSet |-> << >>]"
                                                       : "/\\ stack = << >>");
        fm_pcal_end_line(&gen->out);
    }
    if (!algorithm->no_pc) {
        put_margin(gen, &first);
        put_initial_pc(gen);
    }
    fm_pcal_put_line(&gen->out, "");
}

/* ---- Actions. */

/* name == step \/ step ... */
static void put_disjunction(struct fm_pcal_gen *gen, const char *name,
                            const struct fm_pcal_stmts *steps)
{
    struct fm_pcal_out *out = &gen->out;
    fm_pcal_putf(out, "%s%s == ", name, gen->parameter);
    uint32_t indent = out->line.width + 2;
    for (uint32_t i = 0; i < steps->count; i++) {
        const char *step = fm_arena_printf(gen->pcal->arena, "%s%s", steps->at[i]->label,
                                           gen->parameter);
        /* 7 columns for the operator and what pcal.trans leaves free. */
        if (i > 0 && out->line.width + 7 + strlen(step) > gen->wrap) {
            fm_pcal_end_line(out);
            fm_pcal_put_blanks(out, indent);
        }
        fm_pcal_put(out, i > 0 ? " \\/ " : "");
        fm_pcal_put_at(out, step, steps->at[i]->span);
    }
    fm_pcal_put_line(out, "");
}

static void put_routine(struct fm_pcal_gen *gen, const struct fm_pcal_routine *routine)
{
    bool no_pc = gen->algorithm->no_pc;
    bool set = routine->id == NULL ? gen->algorithm->multiprocess : routine->is_in;
    if (gen->algorithm->multiprocess) {
        fm_pcal_gen_set_self(gen, set ? fm_pcal_gen_name(gen, "self") : routine->id);
    }
    gen->parameter = set ? "(self)" : "";
    for (uint32_t i = 0; i < routine->steps->count && !gen->pcal->failed; i++) {
        const struct fm_pcal_stmt *step = routine->steps->at[i];
        fm_pcal_gen_step(gen, step, no_pc ? routine->name : step->label);
    }
    gen->out.origin = routine->span;
    if (!no_pc) {
        put_disjunction(gen, routine->name, routine->steps);
    }
}

static void put_actions(struct fm_pcal_gen *gen)
{
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    for (uint32_t i = 0; i < algorithm->procedures.count && !gen->pcal->failed; i++) {
        put_routine(gen, algorithm->procedures.at[i]);
    }
    for (uint32_t i = 0; i < algorithm->processes.count && !gen->pcal->failed; i++) {
        put_routine(gen, algorithm->processes.at[i]);
    }
    gen->parameter = "";
    uint32_t steps = algorithm->steps == NULL ? 0 : algorithm->steps->count;
    for (uint32_t i = 0; i < steps && !gen->pcal->failed; i++) {
        const struct fm_pcal_stmt *step = algorithm->steps->at[i];
        fm_pcal_gen_step(gen, step, algorithm->no_pc ? "Next" : step->label);
    }
}

/* ---- Next. */

#define NEXT "Next == "
#define OR " \\/ "
#define SOME_PROCESS "(\\E self \\in ProcSet: "

static bool has_done_step(const struct fm_pcal_algorithm *algorithm)
{
    return !algorithm->options.no_done && !algorithm->endless;
}

static void put_terminating(struct fm_pcal_gen *gen)
{
    fm_pcal_put_line(&gen->out,
                     "(* Allow infinite stuttering to prevent deadlock on termination. *)");
    if (gen->algorithm->multiprocess) {
        fm_pcal_put_line(&gen->out,
                         "Terminating == /\\ \\A self \\in ProcSet: pc[self] = \"Done\"");
        fm_pcal_put_line(&gen->out, "               /\\ UNCHANGED vars");
    } else {
        fm_pcal_put_line(&gen->out, "Terminating == pc = \"Done\" /\\ UNCHANGED vars");
    }
    fm_pcal_put_line(&gen->out, "");
}

/* Begins a line of Next: with its name, or with an operator below it. */
static void begin_disjunct(struct fm_pcal_gen *gen, bool *first)
{
    fm_pcal_end_line(&gen->out);
    if (*first) {
        fm_pcal_put(&gen->out, NEXT);
    } else {
        fm_pcal_put_blanks(&gen->out, (uint32_t)strlen(NEXT) + 2);
        fm_pcal_put(&gen->out, OR);
    }
    *first = false;
}

/* Joins names with operators into lines that are no wider than `room`. As in pcal.trans a first
 * name that is wider stands below an empty line. */
static struct fm_pcal_names pack(struct fm_pcal_gen *gen, const struct fm_pcal_names *names,
                                 size_t room)
{
    struct fm_pcal_names lines = {0};
    const char *line = "";
    for (uint32_t i = 0; i < names->count; i++) {
        if (strlen(names->at[i]) + strlen(OR) + strlen(line) > room) {
            fm_pcal_push(gen->pcal, &lines, line);
            line = "";
        }
        line = fm_arena_printf(gen->pcal->arena, "%s%s%s", line, line[0] == '\0' ? "" : OR,
                               names->at[i]);
    }
    if (names->count > 0) {
        fm_pcal_push(gen->pcal, &lines, line);
    }
    return lines;
}

/* The actions without a parameter. */
static void put_plain_actions(struct fm_pcal_gen *gen, bool *first)
{
    struct fm_pcal_names names = {0};
    const struct fm_pcal_algorithm *algorithm = gen->algorithm;
    for (uint32_t i = 0; !algorithm->multiprocess && i < algorithm->procedures.count; i++) {
        fm_pcal_push(gen->pcal, &names, algorithm->procedures.at[i]->name);
    }
    for (uint32_t i = 0; i < algorithm->processes.count; i++) {
        if (!algorithm->processes.at[i]->is_in) {
            fm_pcal_push(gen->pcal, &names, algorithm->processes.at[i]->name);
        }
    }
    for (uint32_t i = 0; algorithm->body != NULL && i < algorithm->steps->count; i++) {
        fm_pcal_push(gen->pcal, &names, algorithm->steps->at[i]->label);
    }
    struct fm_pcal_names lines = pack(gen, &names, gen->wrap - strlen(NEXT "\\/ "));
    for (uint32_t i = 0; i < lines.count; i++) {
        begin_disjunct(gen, first);
        fm_pcal_put(&gen->out, lines.at[i]);
    }
    fm_pcal_end_line(&gen->out);
}

/* The procedures of an algorithm with processes. */
static void put_procedures(struct fm_pcal_gen *gen, bool *first)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_routines *procedures = &gen->algorithm->procedures;
    if (!gen->algorithm->multiprocess || procedures->count == 0) {
        return;
    }
    struct fm_pcal_names names = {0};
    for (uint32_t i = 0; i < procedures->count; i++) {
        const char *name = fm_arena_printf(gen->pcal->arena, "%s(self)", procedures->at[i]->name);
        fm_pcal_push(gen->pcal, &names, name);
    }
    struct fm_pcal_names lines = pack(gen, &names,
                                      gen->wrap - strlen(NEXT "\\/ " SOME_PROCESS "\\/ "));
    begin_disjunct(gen, first);
    fm_pcal_put(out, SOME_PROCESS);
    uint32_t indent = out->line.width;
    fm_pcal_put(out, lines.count > 1 ? OR : "");
    for (uint32_t i = 0; i < lines.count; i++) {
        if (i > 0) {
            fm_pcal_end_line(out);
            fm_pcal_put_blanks(out, indent);
            fm_pcal_put(out, OR);
        }
        fm_pcal_put(out, lines.at[i]);
    }
    fm_pcal_put(out, ")");
    fm_pcal_end_line(out);
}

static void put_process_sets(struct fm_pcal_gen *gen, bool *first)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_routines *processes = &gen->algorithm->processes;
    for (uint32_t i = 0; i < processes->count; i++) {
        const struct fm_pcal_routine *process = processes->at[i];
        if (!process->is_in) {
            continue;
        }
        begin_disjunct(gen, first);
        out->origin = process->span;
        fm_pcal_put(out, "(\\E self \\in ");
        fm_pcal_put_expr(out, process->id);
        fm_pcal_putf(out, ": %s(self))", process->name);
        fm_pcal_end_line(out);
    }
}

static void put_next(struct fm_pcal_gen *gen)
{
    if (gen->algorithm->no_pc && !gen->algorithm->multiprocess) {
        return;
    }
    bool first = true;
    if (has_done_step(gen->algorithm)) {
        put_terminating(gen);
    }
    put_plain_actions(gen, &first);
    put_procedures(gen, &first);
    put_process_sets(gen, &first);
    if (has_done_step(gen->algorithm)) {
        begin_disjunct(gen, &first);
        fm_pcal_put(&gen->out, "Terminating");
    }
    fm_pcal_put_line(&gen->out, "");
}

static void put_termination(struct fm_pcal_gen *gen)
{
    if (gen->algorithm->no_pc || gen->algorithm->endless) {
        return;
    }
    fm_pcal_put_line(&gen->out,
                     gen->algorithm->multiprocess
                         ? "Termination == <>(\\A self \\in ProcSet: pc[self] = \"Done\")"
                         : "Termination == <>(pc = \"Done\")");
    fm_pcal_put_line(&gen->out, "");
}

/* ---- All. */

static void put_renamed(struct fm_pcal_gen *gen)
{
    const struct fm_pcal_renames *renamed = &gen->algorithm->renamed;
    for (uint32_t i = 0; i < renamed->count; i++) {
        const struct fm_pcal_rename *rename = &renamed->at[i];
        struct fm_place place = fm_source_place(gen->sources, rename->span);
        fm_pcal_putf(&gen->out, "\\* %s at line %u col %u changed to %s", rename->what, place.line,
                     place.column, rename->use);
        fm_pcal_end_line(&gen->out);
    }
}

bool fm_pcal_generate(struct fm_arena *arena, const struct fm_sources *sources,
                      const struct fm_pcal_algorithm *algorithm, struct fm_pcal_out *out,
                      struct fm_pcal_problem *problem)
{
    struct fm_pcal *pcal = fm_arena_calloc(arena, 1, sizeof *pcal);
    pcal->arena = arena;
    pcal->problem = problem;
    struct fm_pcal_gen gen = {.pcal = pcal,
                              .sources = sources,
                              .algorithm = algorithm,
                              .parameter = "",
                              .wrap = algorithm->options.line_width};
    gen.out = (struct fm_pcal_out){.pcal = pcal, .origin = algorithm->span};
    put_renamed(&gen);
    put_variables(&gen);
    if (algorithm->multiprocess) {
        put_process_set(&gen);
    }
    gen.out.origin = algorithm->span;
    put_init(&gen);
    put_actions(&gen);
    gen.out.origin = algorithm->span;
    put_next(&gen);
    gen.out.origin = algorithm->span;
    fm_pcal_gen_spec(&gen);
    put_termination(&gen);
    *out = gen.out;
    return !pcal->failed;
}
