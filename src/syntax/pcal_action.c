/* From a step to an action: statements become conjuncts.
 *
 * Conjuncts are read from the left to the right, so that an expression after an assignment means
 * the new value: names of variables that were assigned to are primed. What a branch leaves out that
 * another assigns to is UNCHANGED there, what no branch assigns to at the end of the action. In an
 * algorithm with processes `pc`, `stack` and the variables of procedures and of sets of processes
 * are functions: an assignment becomes an EXCEPT, and a use gets `[self]`.
 *
 * The layout, down to where lines are broken, is pcal.trans's (tlatools, pcal/PcalTLAGen), so that
 * a translation of ours can be compared with one of its. In two cases ours differs, where
 * pcal.trans's is no TLA+: the empty branch of an `if` that changes nothing is TRUE, and so is the
 * call that replaces its own procedure and has no arguments to assign. */
#include "syntax/pcal_gen.h"

#include "base/assert.h"

#include <string.h>

/* Names of unchanged variables that are longer stand behind UNCHANGED, shorter in an equation. */
#define EQUATION_NAME_MAX 5u
/* Bytes of the blanks and of the bullet before a conjunct. */
#define BULLET_WIDTH 3u

static void put_statement(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                          struct fm_pcal_changed changed, const char *prefix);

/* ---- Changes. */

static struct fm_pcal_changed changed_new(struct fm_pcal_gen *gen, const uint8_t *like)
{
    uint32_t count = gen->variables.count;
    struct fm_pcal_changed changed = {fm_arena_calloc(gen->pcal->arena, count + 1, 1)};
    if (like != NULL) {
        memcpy(changed.at, like, count);
    }
    return changed;
}

static void changed_merge(const struct fm_pcal_gen *gen, struct fm_pcal_changed to,
                          struct fm_pcal_changed from)
{
    for (uint32_t i = 0; i < gen->variables.count; i++) {
        to.at[i] = to.at[i] > from.at[i] ? to.at[i] : from.at[i];
    }
}

/* How often it was assigned to, this time included. */
static uint32_t changed_set(const struct fm_pcal_gen *gen, struct fm_pcal_changed changed,
                            const char *variable)
{
    for (uint32_t i = 0; i < gen->variables.count; i++) {
        if (strcmp(gen->variables.at[i], variable) == 0) {
            changed.at[i] = changed.at[i] < 2 ? (uint8_t)(changed.at[i] + 1) : 2;
            return changed.at[i];
        }
    }
    return 0;
}

/* The variables that `changed` leaves alone, of those that `among` changes (NULL: of all). */
static struct fm_pcal_names unchanged(struct fm_pcal_gen *gen, struct fm_pcal_changed changed,
                                      const uint8_t *among)
{
    struct fm_pcal_names names = {0};
    for (uint32_t i = 0; i < gen->variables.count; i++) {
        if (changed.at[i] == 0 && (among == NULL || among[i] > 0)) {
            fm_pcal_push(gen->pcal, &names, gen->variables.at[i]);
        }
    }
    return names;
}

/* ---- UNCHANGED. */

/* Puts the list at the end of the open line, which is broken when `wrap` is so. */
static void put_unchanged(struct fm_pcal_gen *gen, const struct fm_pcal_names *names, bool wrap)
{
    struct fm_pcal_out *out = &gen->out;
    if (names->count == 1) {
        const char *name = names->at[0];
        if (strlen(name) > EQUATION_NAME_MAX) {
            fm_pcal_putf(out, "UNCHANGED %s", name);
        } else {
            fm_pcal_putf(out, "%s' = %s", name, name);
        }
        return;
    }
    fm_pcal_put(out, wrap ? "UNCHANGED << " : "UNCHANGED <<");
    uint32_t indent = out->line.width;
    uint32_t room = gen->wrap > indent ? gen->wrap - indent : 0;
    uint32_t length = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        uint32_t name = (uint32_t)strlen(names->at[i]);
        if (i > 0) {
            fm_pcal_put(out, ", ");
            length += 2;
        }
        if (wrap && length + name > room) {
            if (length > 0) {
                fm_pcal_end_line(out);
                fm_pcal_put_blanks(out, indent);
            }
            length = 0;
        }
        fm_pcal_put(out, names->at[i]);
        length += name;
    }
    fm_pcal_put(out, wrap ? " >>" : ">>");
}

/* Puts lines made of `prefix` and the list before line `from`. */
static void insert_unchanged(struct fm_pcal_gen *gen, uint32_t from, const char *prefix,
                             const struct fm_pcal_names *names, bool wrap)
{
    struct fm_pcal_out *out = &gen->out;
    if (names->count == 0) {
        return;
    }
    struct fm_pcal_out whole = *out;
    *out = (struct fm_pcal_out){.pcal = whole.pcal, .origin = whole.origin};
    fm_pcal_put(out, prefix);
    put_unchanged(gen, names, wrap);
    fm_pcal_end_line(out);
    struct fm_pcal_out made = *out;
    *out = whole;
    fm_pcal_insert_lines(out, from, made.lines.at, made.lines.count);
}

/* ---- Texts. */

static const char *blanks(struct fm_pcal_gen *gen, size_t count, const char *after)
{
    return fm_arena_printf(gen->pcal->arena, "%*s%s", (int)count, "", after);
}

static const char *join(struct fm_pcal_gen *gen, const char *before, const char *after)
{
    return fm_arena_printf(gen->pcal->arena, "%s%s", before, after);
}

static const struct fm_pcal_expr *here(struct fm_pcal_gen *gen, const struct fm_pcal_expr *expr,
                                       struct fm_pcal_changed changed)
{
    return fm_pcal_gen_expr(gen, expr, gen->subscript, &changed);
}

/* ---- Assignments. */

static bool is_function(const struct fm_pcal_gen *gen, const char *variable)
{
    return fm_pcal_names_have(&gen->of_procedures, variable) ||
           fm_pcal_names_have(&gen->of_process_sets, variable);
}

/* The only assignment to its variable. */
static void put_single(struct fm_pcal_gen *gen, const struct fm_pcal_assign *assign,
                       struct fm_pcal_changed changed)
{
    struct fm_pcal_out *out = &gen->out;
    const char *name = assign->variable;
    const struct fm_pcal_expr *subscript = here(gen, assign->subscript, changed);
    const struct fm_pcal_expr *value = here(gen, assign->value, changed);
    bool function = gen->self != NULL && (strcmp(name, "pc") == 0 || strcmp(name, "stack") == 0 ||
                                          is_function(gen, name));
    fm_pcal_putf(out, "%s' = ", name);
    if (function || subscript->count > 0) {
        fm_pcal_putf(out, "[%s EXCEPT !", name);
        if (function) {
            fm_pcal_put(out, "[");
            fm_pcal_put_expr(out, gen->self);
            fm_pcal_put(out, "]");
        }
        fm_pcal_put_expr(out, subscript);
        fm_pcal_put(out, " = ");
        fm_pcal_put_expr(out, value);
        fm_pcal_put(out, "]");
        return;
    }
    bool parentheses = fm_pcal_gen_needs_parentheses(gen, value);
    fm_pcal_put(out, parentheses ? "(" : "");
    fm_pcal_put_expr(out, value);
    fm_pcal_put(out, parentheses ? ")" : "");
}

/* Assignments to parts of one variable. */
static void put_several(struct fm_pcal_gen *gen, const struct fm_pcal_assign *assigns,
                        uint32_t count, struct fm_pcal_changed changed)
{
    struct fm_pcal_out *out = &gen->out;
    const char *name = assigns[0].variable;
    fm_pcal_putf(out, "%s' = [%s EXCEPT ", name, name);
    uint32_t indent = out->line.width;
    for (uint32_t i = 0; i < count; i++) {
        out->origin = assigns[i].span;
        fm_pcal_put(out, "!");
        if (gen->self != NULL && is_function(gen, name)) {
            fm_pcal_put(out, "[");
            fm_pcal_put_expr(out, gen->self);
            fm_pcal_put(out, "]");
        }
        fm_pcal_put_expr(out, here(gen, assigns[i].subscript, changed));
        fm_pcal_put(out, " = ");
        fm_pcal_put_expr(out, here(gen, assigns[i].value, changed));
        fm_pcal_put(out, i + 1 == count ? "]" : ",");
        if (i + 1 < count) {
            fm_pcal_end_line(out);
            fm_pcal_put_blanks(out, indent);
        }
    }
}

static void check_assigns(struct fm_pcal_gen *gen, const struct fm_pcal_assign *assigns,
                          uint32_t count, struct fm_pcal_changed changed)
{
    bool whole = false;
    for (uint32_t i = 0; i < count; i++) {
        whole = whole || assigns[i].subscript->count == 0;
    }
    if (changed_set(gen, changed, assigns[0].variable) > 1 || (count > 1 && whole)) {
        fm_pcal_fail(gen->pcal, FM_CODE_1048, assigns[count > 1 ? 1 : 0].span, NULL,
                     "`%s` is assigned to twice in one step", assigns[0].variable);
    }
}

/* The parts are sorted by variable already. */
static void put_assign(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                       struct fm_pcal_changed changed, const char *prefix)
{
    const struct fm_pcal_assigns *assigns = &stmt->assigns;
    struct fm_pcal_changed after = changed_new(gen, changed.at);
    bool several = false;
    fm_pcal_put(&gen->out, prefix);
    fm_pcal_put(&gen->out, assigns->count == 0 ? "TRUE" : "");
    for (uint32_t first = 0, next = 0; first < assigns->count; first = next) {
        const char *name = assigns->at[first].variable;
        while (next < assigns->count && strcmp(assigns->at[next].variable, name) == 0) {
            next++;
        }
        several = several || next < assigns->count;
        if (first > 0) {
            fm_pcal_end_line(&gen->out);
            fm_pcal_put_blanks(&gen->out, (uint32_t)strlen(prefix));
        }
        if (assigns->at[first].span.source != 0) {
            gen->out.origin = assigns->at[first].span;
        }
        fm_pcal_put(&gen->out, several ? "/\\ " : "");
        check_assigns(gen, assigns->at + first, next - first, after);
        if (next - first == 1) {
            put_single(gen, &assigns->at[first], changed);
        } else {
            put_several(gen, assigns->at + first, next - first, changed);
        }
    }
    fm_pcal_end_line(&gen->out);
    changed_merge(gen, changed, after);
}

/* ---- Compound statements. */

/* Puts the statements of a branch; returns what the branch has changed. */
static struct fm_pcal_changed put_branch(struct fm_pcal_gen *gen, const struct fm_pcal_stmts *stmts,
                                         struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_changed inside = changed_new(gen, changed.at);
    const char *next = blanks(gen, strlen(prefix) - BULLET_WIDTH, "/\\ ");
    for (uint32_t i = 0; i < stmts->count && !gen->pcal->failed; i++) {
        put_statement(gen, stmts->at[i], inside, i == 0 ? prefix : next);
    }
    return inside;
}

static void put_if(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                   struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_out *out = &gen->out;
    size_t indent = strlen(prefix) + strlen("IF ");
    const struct fm_pcal_stmts *then = stmt->clauses.at[0].plain;
    const struct fm_pcal_stmts *otherwise = stmt->clauses.at[1].plain;
    struct fm_span origin = out->origin;
    fm_pcal_put(out, join(gen, prefix, "IF "));
    fm_pcal_put_expr(out, here(gen, stmt->expr, changed));
    fm_pcal_end_line(out);
    const char *branch = blanks(gen, indent, "THEN /\\ ");
    struct fm_pcal_changed in_then = put_branch(gen, then, changed, branch);
    uint32_t end_of_then = out->lines.count;
    const char *next = blanks(gen, strlen(branch) - BULLET_WIDTH, "/\\ ");
    out->origin = origin;
    if (otherwise->count == 0) {
        fm_pcal_put_line(out, blanks(gen, indent, "ELSE /\\ TRUE"));
    }
    struct fm_pcal_changed in_else = put_branch(gen, otherwise, changed,
                                                blanks(gen, indent, "ELSE /\\ "));
    out->origin = origin;
    struct fm_pcal_names kept = unchanged(gen, in_else, in_then.at);
    insert_unchanged(gen, out->lines.count, next, &kept, true);
    kept = unchanged(gen, in_then, in_else.at);
    if (then->count == 0 && kept.count == 0) {
        struct fm_pcal_out_line line = {0};
        struct fm_pcal_piece piece = {join(gen, branch, "TRUE"),
                                      (uint32_t)(strlen(branch) + strlen("TRUE")), origin};
        fm_pcal_push(gen->pcal, &line, piece);
        line.width = piece.length;
        fm_pcal_insert_lines(out, end_of_then, &line, 1);
    }
    insert_unchanged(gen, end_of_then, then->count == 0 ? branch : next, &kept, true);
    changed_merge(gen, changed, in_then);
    changed_merge(gen, changed, in_else);
}

static void put_either(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                       struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_out *out = &gen->out;
    uint32_t count = stmt->clauses.count;
    size_t indent = strlen(prefix) + BULLET_WIDTH;
    struct fm_span origin = out->origin;
    struct fm_pcal_changed all = changed_new(gen, changed.at);
    struct fm_pcal_changed *inside = fm_arena_calloc(gen->pcal->arena, count, sizeof *inside);
    uint32_t *ends = fm_arena_calloc(gen->pcal->arena, count, sizeof *ends);
    for (uint32_t i = 0; i < count && !gen->pcal->failed; i++) {
        const char *before = i == 0 ? prefix : blanks(gen, strlen(prefix), "");
        out->origin = origin;
        inside[i] = put_branch(gen, stmt->clauses.at[i].plain, changed,
                               join(gen, before, "\\/ /\\ "));
        ends[i] = out->lines.count;
        changed_merge(gen, all, inside[i]);
    }
    out->origin = origin;
    for (uint32_t i = count; i-- > 0 && !gen->pcal->failed;) {
        struct fm_pcal_names kept = unchanged(gen, inside[i], all.at);
        insert_unchanged(gen, ends[i], blanks(gen, indent, "/\\ "), &kept, false);
    }
    changed_merge(gen, changed, all);
}

static void put_with(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                     struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_stmts *body = stmt->clauses.at[0].plain;
    size_t indent = strlen(prefix) + 2;
    fm_pcal_put(out, prefix);
    fm_pcal_putf(out, stmt->is_in ? "\\E %s \\in " : "LET %s == ", stmt->name);
    fm_pcal_put_expr(out, here(gen, stmt->expr, changed));
    fm_pcal_put(out, stmt->is_in ? ":" : " IN");
    fm_pcal_end_line(out);
    for (uint32_t i = 0; i < body->count && !gen->pcal->failed; i++) {
        put_statement(gen, body->at[i], changed,
                      blanks(gen, indent, body->count > 1 ? "/\\ " : ""));
    }
}

/* ---- Simple statements. */

/* "line 3, column 7", of the macro's statement and of its call. */
static const char *place_text(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt)
{
    struct fm_place place = fm_source_place(gen->sources, stmt->span);
    const char *text = fm_arena_printf(gen->pcal->arena, "line %u, column %u", place.line,
                                       place.column);
    if (stmt->call_span.source != 0) {
        place = fm_source_place(gen->sources, stmt->call_span);
        text = fm_arena_printf(gen->pcal->arena, "%s of macro called at line %u, column %u", text,
                               place.line, place.column);
    }
    return text;
}

static void put_assert(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                       struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_out *out = &gen->out;
    const char *message = fm_arena_printf(gen->pcal->arena, "\"Failure of assertion at %s.\")",
                                          place_text(gen, stmt));
    fm_pcal_put(out, join(gen, prefix, "Assert("));
    fm_pcal_put_expr(out, here(gen, stmt->expr, changed));
    bool fits = out->line.width + 2 + strlen(message) < gen->wrap;
    fm_pcal_put(out, ", ");
    if (!fits) {
        fm_pcal_end_line(out);
        fm_pcal_put_blanks(out, (uint32_t)(strlen(prefix) + strlen("Assert(")));
    }
    fm_pcal_put(out, message);
    fm_pcal_end_line(out);
}

static void put_simple(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                       struct fm_pcal_changed changed, const char *prefix)
{
    struct fm_pcal_out *out = &gen->out;
    fm_pcal_put(out, prefix);
    fm_pcal_put(out, stmt->kind == FM_PCAL_PRINT ? "PrintT(" : "");
    if (stmt->kind == FM_PCAL_SKIP) {
        fm_pcal_put(out, "TRUE");
    } else {
        fm_pcal_put_expr(out, here(gen, stmt->expr, changed));
    }
    fm_pcal_put(out, stmt->kind == FM_PCAL_PRINT ? ")" : "");
    fm_pcal_end_line(out);
}

static void put_statement(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *stmt,
                          struct fm_pcal_changed changed, const char *prefix)
{
    if (stmt->span.source != 0) {
        gen->out.origin = stmt->span;
    }
    switch (stmt->kind) {
    case FM_PCAL_ASSIGN:
        put_assign(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_IF:
        put_if(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_EITHER:
        put_either(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_WITH:
        put_with(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_ASSERT:
        put_assert(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_AWAIT:
    case FM_PCAL_PRINT:
    case FM_PCAL_SKIP:
        put_simple(gen, stmt, changed, prefix);
        return;
    case FM_PCAL_LABELED:
    case FM_PCAL_WHILE:
    case FM_PCAL_CALL:
    case FM_PCAL_RETURN:
    case FM_PCAL_CALL_RETURN:
    case FM_PCAL_CALL_GOTO:
    case FM_PCAL_GOTO:
    case FM_PCAL_MACRO_CALL:
        break; /* lowered: jumps stand at the end of a step only */
    }
    fm_unreachable();
}

/* ---- Steps. */

/* Takes the bullet before the only conjunct of a definition away. */
static void unbullet(struct fm_pcal_gen *gen, uint32_t first, uint32_t column)
{
    for (uint32_t i = first; i < gen->out.lines.count; i++) {
        if (i == first || gen->out.lines.at[i].width > BULLET_WIDTH) {
            fm_pcal_cut(&gen->out, i, i == first ? column : 0, BULLET_WIDTH);
        }
    }
}

void fm_pcal_gen_step(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *step, const char *name)
{
    struct fm_pcal_out *out = &gen->out;
    const struct fm_pcal_stmts *stmts = step->clauses.at[0].plain;
    struct fm_pcal_changed changed = changed_new(gen, NULL);
    const char *begin = fm_arena_printf(gen->pcal->arena, "%s%s == ", name, gen->parameter);
    const char *next = blanks(gen, strlen(begin), "/\\ ");
    uint32_t first = out->lines.count;
    for (uint32_t i = 0; i < stmts->count && !gen->pcal->failed; i++) {
        put_statement(gen, stmts->at[i], changed, i == 0 ? join(gen, begin, "/\\ ") : next);
    }
    struct fm_pcal_names kept = unchanged(gen, changed, NULL);
    out->origin = step->span;
    insert_unchanged(gen, out->lines.count, next, &kept, true);
    if (kept.count == 0 && stmts->count == 1) {
        unbullet(gen, first, (uint32_t)strlen(begin));
    }
    fm_pcal_put_line(out, "");
}
