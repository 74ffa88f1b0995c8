/* The whole of the emitted C.
 *
 * In order: a banner with the specification's name and what the variables are; the runtime's
 * header; the prelude (types, constants, helpers: everything static); declarations of the shared
 * functions; then functions: actions, invariants, constraints, implied actions, the view, the
 * initial predicate, formulas that are named in the options, one each. The first text also has
 * packing, the functions that call the others in their order, and the table `fathom_native_code` by
 * which all of it is found.
 *
 * Functions are written first, one by one, and the prelude grows meanwhile; the texts are put
 * together at the end. Every text has the whole prelude, so that they compile in parallel without
 * knowing of each other; SHARED is `static` when there is one text only, and actions
 * may then be inlined where they are called one after the other. An action or formula that
 * is refused is left out, and its place is a call of the interpreter. */
#include "native/emit_unit.h"

#include "base/assert.h"
#include "diag/diag.h"
#include "native/emit_digest.h"
#include "native/piece.h"
#include "native/solver.h"
#include "native/writer.h"
#include "value/digest.h"

#include <string.h>

/* Bytes of C of functions for which another translation unit pays, at least, and as many as the
 * prelude has: below, compiling the prelude again costs as much as it saves. */
#define TEXT_SIZE ((size_t)64 << 10)
/* Bytes of C of one function, and of all: 1 MB takes a compiler about 30 s of processor time. */
#define FUNCTION_MAX ((size_t)256 << 10)
#define TOTAL_MAX ((size_t)1 << 20)

/* --- notes --- */

const char *fm_emit_note_name(const struct fm_symbol *name)
{
    return name != NULL && name->length != 0 ? name->text : "part of a property";
}

void fm_emit_note_add(struct fm_emit *emit, const char *what, const char *name, struct fm_span span,
                      uint32_t first_site, bool emitted)
{
    struct fm_place place = fm_source_place(fm_diags_sources(emit->program->diags), span);
    struct fm_emit_note note = {
        .name = place.path != NULL
                    ? fm_emit_format(emit, "%s %s (%s:%u)", what, name, place.path, place.line)
                    : fm_emit_format(emit, "%s %s", what, name),
        .emitted = emitted,
        .reason = emitted ? NULL : emit->reason,
        .first_site = first_site,
        .site_count = emitted ? emit->sites.count - first_site : 0,
    };
    fm_vec_push(&emit->notes, note);
}

/* --- one function --- */

struct attempt {
    const char *name;
    const struct fm_formula *formula;
    bool is_pair; /* over s and t */
    bool holds;   /* out: of all values of the shapes, whatever else is so */
    bool fails;   /* out: it may end other than by returning: it takes `c` */
};

void fm_emit_function_begin(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    size_t left = TOTAL_MAX - writer->size;
    emit->body_max = left < writer->function_max ? left : writer->function_max;
    fm_text_clear(&emit->body);
    emit->indent = 0;
    emit->depth = 0;
    emit->holes.count = 0;
    emit->last_place = fm_span_none();
    emit->target = NULL;
    emit->primed = false;
    emit->needs_context = false;
}

const struct fm_term *fm_emit_next_state(struct fm_emit *emit)
{
    uint32_t count = emit->program->variable_count;
    struct fm_term *target = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *target);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_shape *shape = emit->layout->variables[i];
        const char *member = fm_emit_format(emit, "t->%s", fm_emit_member(emit, i));
        target[i] = fm_emit_coded(shape, fm_emit_load(emit, shape, member));
    }
    return target;
}

/* Without `c` where the body needs none, so that the compiler refuses what the emitter forgot to
 * note; and what is proven is not called, but written for the same reason. */
static const char *formula_head(struct fm_emit *emit, const struct attempt *attempt)
{
    return fm_emit_format(
        emit, "%s bool %s(%sconst state *s%s)", attempt->holds ? "static" : "SHARED", attempt->name,
        attempt->fails ? "struct fm_nrt *c, " : "", attempt->is_pair ? ", const state *t" : "");
}

/* The body; the head is known at its end. A formula that the shapes prove, such as a type
 * invariant, is nothing to evaluate: states that leave the shapes are the interpreter's. */
static void write_formula(struct fm_emit *emit, void *closure)
{
    struct attempt *attempt = closure;
    emit->state = "s";
    emit->target = attempt->is_pair ? fm_emit_next_state(emit) : NULL;
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)s;");
    if (attempt->is_pair) {
        fm_emit_line(emit, "(void)t;");
    }
    fm_emit_place(emit, attempt->formula->node);
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, attempt->formula->frame, NULL);
    struct fm_term term = fm_emit_bool_term(emit, attempt->formula->node, frame);
    fm_emit_line(emit, "return %s;", fm_emit_as(emit, term, fm_shape_bool(emit->shapes)));
    fm_emit_close(emit, "\n");
    attempt->fails = emit->needs_context;
    attempt->holds = fm_emit_is_known_bool(term) == 1 && !attempt->fails;
    emit->target = NULL;
}

struct fm_emit_function fm_emit_function_end(struct fm_emit_writer *writer, const char *name,
                                             const char *declaration)
{
    struct fm_emit *emit = writer->emit;
    return (struct fm_emit_function){
        .name = name,
        .declaration = declaration,
        .text = fm_arena_strndup(&emit->arena, emit->body.at, emit->body.length),
        .size = emit->body.length,
    };
}

uint32_t fm_emit_function_add(struct fm_emit_writer *writer, struct fm_emit_function function)
{
    fm_vec_push(&writer->functions, function);
    writer->size += function.size < TOTAL_MAX - writer->size ? function.size
                                                             : TOTAL_MAX - writer->size - 1;
    return writer->functions.count - 1;
}

uint32_t fm_emit_formula(struct fm_emit_writer *writer, const char *what,
                         const struct fm_formula *formula, bool is_pair)
{
    struct fm_emit *emit = writer->emit;
    uint32_t first_site = emit->sites.count;
    fm_emit_function_begin(writer);
    const struct fm_symbol *name = formula->name;
    struct attempt attempt = {
        .name = fm_emit_name(emit, name != NULL && name->length != 0 ? name->text : "property"),
        .formula = formula,
        .is_pair = is_pair,
    };
    bool emitted = fm_emit_try(emit, write_formula, &attempt);
    fm_emit_note_add(emit, what, fm_emit_note_name(name), formula->node->span, first_site, emitted);
    if (!emitted) {
        return FM_EMIT_NOWHERE;
    }
    const char *head = formula_head(emit, &attempt);
    struct fm_emit_function function = fm_emit_function_end(writer, attempt.name, head);
    function.text = fm_emit_format(emit, "%s\n%s", head, function.text);
    function.size = strlen(function.text);
    function.needs_no_context = !attempt.fails;
    uint32_t index = fm_emit_function_add(writer, function);
    if (attempt.holds) {
        emit->notes.at[emit->notes.count - 1].reason = "not evaluated: the shapes of the variables "
                                                       "prove it";
        return FM_EMIT_HOLDS;
    }
    return index;
}

static uint32_t *emit_formulas(struct fm_emit_writer *writer, const char *what,
                               const struct fm_formula *formulas, uint32_t count, bool is_pair)
{
    uint32_t *result = fm_arena_alloc(&writer->emit->arena, (count + 1) * sizeof *result);
    for (uint32_t i = 0; i < count; i++) {
        result[i] = fm_emit_formula(writer, what, &formulas[i], is_pair);
    }
    return result;
}

/* --- the view --- */

static const char *view_head(struct fm_emit *emit, const char *name)
{
    return fm_emit_format(emit,
                          "SHARED void %s(struct fm_nrt *c, const void *state_, "
                          "struct fm_digest *out)",
                          name);
}

/* The digest of the view's value, as fm_state_digest makes it of the only variable of a state. */
static void write_view(struct fm_emit *emit, void *closure)
{
    const struct attempt *attempt = closure;
    emit->state = "s";
    fm_emit_line(emit, "%s", view_head(emit, attempt->name));
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = state_;");
    fm_emit_line(emit, "(void)s;");
    fm_emit_place(emit, attempt->formula->node);
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, attempt->formula->frame, NULL);
    struct fm_term term = fm_emit_expr(emit, attempt->formula->node, frame, NULL);
    fm_emit_line(emit, "%s view;", fm_emit_member_type(emit, term.shape));
    fm_emit_line(emit, "memset(&view, 0, sizeof view);");
    fm_emit_store(emit, term.shape, "view", fm_emit_as(emit, term, term.shape));
    fm_emit_line(emit, "struct fm_digest total = c->seed;");
    fm_emit_line(emit, "fm_digest_add(&total, %s);",
                 fm_emit_digest_part(emit, 0, term.shape, "view"));
    fm_emit_line(emit, "*out = fm_digest_of_state(total, c->seed);");
    fm_emit_close(emit, "\n");
}

static void emit_view(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_formula *view = &emit->program->view;
    writer->view = FM_EMIT_NOWHERE;
    if (view->node == NULL) {
        return;
    }
    uint32_t first_site = emit->sites.count;
    fm_emit_function_begin(writer);
    struct attempt attempt = {.name = fm_emit_name(emit, "view"), .formula = view};
    bool emitted = fm_emit_try(emit, write_view, &attempt);
    fm_emit_note_add(emit, "view", fm_emit_note_name(view->name), view->node->span, first_site,
                     emitted);
    if (emitted) {
        writer->view = fm_emit_function_add(
            writer, fm_emit_function_end(writer, attempt.name, view_head(emit, attempt.name)));
    }
}

/* --- functions that call the others --- */

const char *fm_emit_formula_call(const struct fm_emit_writer *writer, uint32_t function,
                                 const char *kind, uint32_t index, const char *arguments,
                                 const char *both)
{
    struct fm_emit *emit = writer->emit;
    if (function == FM_EMIT_HOLDS) {
        return "true";
    }
    if (function == FM_EMIT_NOWHERE) {
        return fm_emit_format(emit, "c->formula(c, %s, %u, %s)", kind, index, both);
    }
    const struct fm_emit_function *called = &writer->functions.at[function];
    return fm_emit_format(emit, called->needs_no_context ? "%s(%s)" : "%s(c, %s)", called->name,
                          arguments);
}

/* What the engine is told of them: whether there is something to evaluate, and whether it can end
 * other than by returning. */
static void find_invariants(const struct fm_emit_writer *writer, bool *all_hold, bool *fail)
{
    *all_hold = true;
    *fail = false;
    for (uint32_t i = 0; i < writer->emit->program->invariant_count; i++) {
        uint32_t function = writer->invariants[i];
        if (function != FM_EMIT_HOLDS) {
            *all_hold = false;
            *fail = *fail || function == FM_EMIT_NOWHERE ||
                    !writer->functions.at[function].needs_no_context;
        }
    }
}

static void write_invariants(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    fm_emit_line(emit, "static uint32_t invariants(struct fm_nrt *c, const void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = state_;");
    fm_emit_line(emit, "(void)c;");
    fm_emit_line(emit, "(void)s;");
    for (uint32_t i = 0; i < emit->program->invariant_count; i++) {
        if (writer->invariants[i] == FM_EMIT_HOLDS) {
            continue;
        }
        fm_emit_open(emit, "if (!%s)",
                     fm_emit_formula_call(writer, writer->invariants[i], "FM_NRT_INVARIANT", i, "s",
                                          "s, NULL"));
        fm_emit_line(emit, "return %u;", i);
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return UINT32_MAX;");
    fm_emit_close(emit, "\n");
}

static void write_implied_actions(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    fm_emit_line(emit, "static uint32_t implied_actions(struct fm_nrt *c, const void *state_, "
                       "const void *next_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = state_, *const t = next_;");
    fm_emit_line(emit, "(void)c;");
    fm_emit_line(emit, "(void)s;");
    fm_emit_line(emit, "(void)t;");
    for (uint32_t i = 0; i < emit->program->implied_action_count; i++) {
        fm_emit_open(emit, "if (!%s)",
                     fm_emit_formula_call(writer, writer->implied_actions[i],
                                          "FM_NRT_IMPLIED_ACTION", i, "s, t", "s, t"));
        fm_emit_line(emit, "return %u;", i);
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return UINT32_MAX;");
    fm_emit_close(emit, "\n");
}

/* CONSTRAINT on the successor, then ACTION_CONSTRAINT. */
static void write_in_model(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_program *program = emit->program;
    if (program->constraint_count + program->action_constraint_count == 0) {
        return;
    }
    fm_emit_line(emit, "SHARED bool in_model(struct fm_nrt *c, const state *s, const state *t)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "(void)s;");
    for (uint32_t i = 0; i < program->constraint_count; i++) {
        fm_emit_open(emit, "if (!%s)",
                     fm_emit_formula_call(writer, writer->constraints[i], "FM_NRT_CONSTRAINT", i,
                                          "t", "t, NULL"));
        fm_emit_line(emit, "return false;");
        fm_emit_close(emit, "");
    }
    for (uint32_t i = 0; i < program->action_constraint_count; i++) {
        fm_emit_open(emit, "if (!%s)",
                     fm_emit_formula_call(writer, writer->action_constraints[i],
                                          "FM_NRT_ACTION_CONSTRAINT", i, "s, t", "s, t"));
        fm_emit_line(emit, "return false;");
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return true;");
    fm_emit_close(emit, "\n");
}

static void write_table(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    fm_emit_line(emit, "static void fingerprint(struct fm_nrt *c, const void *state_, struct "
                       "fm_digest *out)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct parent p;");
    fm_emit_line(emit, "parent_init(c, state_, &p);");
    fm_emit_line(emit, "*out = fm_digest_of_state(p.total, c->seed);");
    fm_emit_close(emit, "\n");
    fm_emit_line(emit, "extern const struct fm_nrt_code fathom_native_code;");
    fm_emit_line(emit, "const struct fm_nrt_code fathom_native_code = {");
    fm_emit_line(emit, "    .version = FM_NRT_VERSION,");
    fm_emit_line(emit, "    .state_size = sizeof(state),");
    fm_emit_line(emit, "    .packed_size = %u,", fm_layout_packed_size(emit->layout));
    static const char *const members[] = {"successors", "apply", "implied_actions", "decide",
                                          "evaluate",   "pack",  "unpack",          "fingerprint"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        fm_emit_line(emit, "    .%s = %s,", members[i], members[i]);
    }
    bool all_hold, fail;
    find_invariants(writer, &all_hold, &fail);
    if (!all_hold) {
        fm_emit_line(emit, "    .invariants = invariants,");
        fm_emit_line(emit, "    .invariants_fail = %s,", fail ? "true" : "false");
    }
    if (writer->view != FM_EMIT_NOWHERE) {
        fm_emit_line(emit, "    .view = %s,", writer->functions.at[writer->view].name);
    }
    if (writer->initial != FM_EMIT_NOWHERE) {
        fm_emit_line(emit, "    .initial = %s,", writer->functions.at[writer->initial].name);
    }
    fm_emit_line(emit, "};");
}

/* --- texts --- */

/* How functions of actions are declared: to be inlined into `successors` where that does not make
 * the text much more. The compiler by itself does it with less than half of them, since each is
 * called in two places (measured on two-phase commit: a fifth less time). */
static const char *action_class(const struct fm_emit_writer *writer, uint32_t count, size_t total)
{
    if (count > 1) {
        return "FM_NRT_HIDDEN";
    }
    return total <= TEXT_SIZE && fm_emit_calls_each_once(writer) ? "FM_NRT_INLINE"
                                                                 : "static inline";
}

static void add_banner(struct fm_emit_writer *writer, struct fm_text *out, uint32_t number,
                       uint32_t count, size_t total)
{
    struct fm_emit *emit = writer->emit;
    struct fm_text shapes = {0};
    fm_text_printf(out, "/* %s: part %u of %u. Emitted by Fathom " FM_VERSION ".\n *\n",
                   emit->program->root->text, number + 1, count);
    for (uint32_t i = 0; i < emit->program->variable_count; i++) {
        fm_text_printf(&shapes, " * %s: ", emit->program->variables[i].name->text);
        fm_shape_print(emit->shapes, emit->layout->variables[i], &shapes);
        fm_text_putc(&shapes, '\n');
    }
    for (const char *at = fm_text_string(&shapes); *at != '\0'; at++) {
        /* Strings of the specification could end the comment. */
        bool mark = (at[0] == '*' && at[1] == '/') || (at[0] == '/' && at[1] == '*');
        fm_text_putc(out, mark ? '_' : *at);
    }
    fm_text_deinit(&shapes);
    fm_text_puts(out, " */\n#include \"fathom_native.h\"\n\n");
    fm_text_printf(out, "#define SHARED %s\n", count > 1 ? "FM_NRT_HIDDEN" : "static");
    fm_text_printf(out, "#define ACTION %s\n", action_class(writer, count, total));
}

static void put_together(struct fm_emit_writer *writer, uint32_t text_max)
{
    struct fm_emit_unit *unit = writer->unit;
    struct fm_emit *emit = writer->emit;
    size_t total = 0;
    for (uint32_t i = 0; i < writer->functions.count; i++) {
        total += writer->functions.at[i].size;
    }
    size_t prelude = emit->prelude.length;
    size_t wanted = total / (prelude > TEXT_SIZE ? prelude : TEXT_SIZE) + 1;
    uint32_t count = text_max > FM_EMIT_TEXTS_MAX ? FM_EMIT_TEXTS_MAX : text_max;
    count = count == 0 ? 1 : wanted < count ? (uint32_t)wanted : count;
    uint32_t next = 0;
    size_t used = 0;
    for (uint32_t k = 0; k < count; k++) {
        struct fm_text out = {0};
        add_banner(writer, &out, k, count, total);
        fm_text_add(&out, fm_text_string(&emit->prelude), emit->prelude.length);
        fm_text_putc(&out, '\n');
        for (uint32_t i = 0; i < writer->functions.count; i++) {
            fm_text_printf(&out, "%s;\n", writer->functions.at[i].declaration);
        }
        fm_text_putc(&out, '\n');
        for (; next < writer->functions.count && (k + 1 == count || used < total / count * (k + 1));
             next++) {
            fm_text_add(&out, writer->functions.at[next].text, writer->functions.at[next].size);
            used += writer->functions.at[next].size;
        }
        if (k == 0) {
            fm_text_add(&out, fm_text_string(&emit->body), emit->body.length);
        }
        unit->texts[k] = fm_arena_strndup(&emit->arena, out.at, out.length);
        fm_text_deinit(&out);
    }
    unit->text_count = count;
}

struct export
{
    struct fm_emit_writer *writer;
    const struct fm_emit_options *options;
};

static void write_exported(struct fm_emit *emit, void *closure)
{
    const struct export *export = closure;
    struct fm_emit_writer *writer = export->writer;
    fm_emit_packing(emit);
    fm_emit_all_successors(writer);
    write_invariants(writer);
    write_implied_actions(writer);
    fm_emit_deciding(writer, export->options->named_count);
    write_in_model(writer);
    fm_emit_initial_delivery(writer);
    write_table(writer);
}

static void write_all(struct fm_emit_writer *writer, const struct fm_emit_options *options)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_program *program = emit->program;
    fm_emit_state(emit);
    fm_emit_all_actions(writer);
    writer->invariants = emit_formulas(writer, "invariant", program->invariants,
                                       program->invariant_count, false);
    writer->implied_actions = emit_formulas(writer, "implied action", program->implied_actions,
                                            program->implied_action_count, true);
    writer->constraints = emit_formulas(writer, "constraint", program->constraints,
                                        program->constraint_count, false);
    writer->action_constraints = emit_formulas(writer, "action constraint",
                                               program->action_constraints,
                                               program->action_constraint_count, true);
    emit_view(writer);
    fm_emit_initial(writer);
    fm_emit_all_named(writer, options->named, options->named_count);
    fm_emit_function_begin(writer);
    emit->body_max = 0; /* as many lines as there are actions */
    struct export export = {writer, options};
    bool written = fm_emit_try(emit, write_exported, &export);
    fm_assert(written);
    put_together(writer, options->text_max);
}

void fm_emit_unit(const struct fm_emit_options *options, struct fm_emit_unit *unit)
{
    *unit = (struct fm_emit_unit){0};
    struct fm_emit *emit = &unit->emit;
    fm_arena_init(&emit->arena, "emitted code");
    emit->program = options->model->program;
    emit->model = options->model;
    emit->shapes = options->shapes;
    fm_emit_own_context(emit, options->context);
    emit->layout = options->layout;
    emit->engine = options->engine;
    emit->cancel = options->cancel;
    emit->stores = options->stores;
    emit->state = "s";
    struct fm_emit_writer writer = {.unit = unit, .emit = emit};
    writer.function_max = options->function_max != 0 ? options->function_max : FUNCTION_MAX;
    if (options->stores != NULL) {
        fm_emit_all_actions(&writer);
        fm_emit_initial(&writer);
    } else {
        write_all(&writer, options);
    }
    fm_vec_deinit(&writer.functions);
    unit->constants = emit->values.at;
    unit->constant_count = emit->values.count;
    unit->sites = emit->sites.at;
    unit->site_count = emit->sites.count;
    unit->notes = emit->notes.at;
    unit->note_count = emit->notes.count;
}

void fm_emit_unit_free(struct fm_emit_unit *unit)
{
    fm_emit_deinit(&unit->emit);
}
