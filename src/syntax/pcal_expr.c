/* Expressions of PlusCal: lines of tokens that keep their layout.
 *
 * TLA+ reads junction lists by columns, so a token that is replaced by a longer expression must
 * move what follows it, on its own line and on those below that are aligned with it. Each line
 * therefore remembers an anchor, a token of a line above, and its column: when the anchor has moved
 * to the right the line moves as far. Anchors are found once, when an expression is normalized, and
 * are kept by identity while tokens are changed in place. That is pcal.trans's rule to the letter
 * (tlatools, pcal/TLAExpr); its checksum is taken of columns too.
 *
 * What was rejected: parsing the expressions. A translator needs no more than to replace names, and
 * the text that it gives has to look like the user's. */
#include "syntax/pcal.h"

#include <string.h>

/* Line and item of a token, both from 0. */
struct place {
    uint32_t line, item;
    bool none; /* past the end */
};

struct fm_pcal_expr *fm_pcal_expr_new(struct fm_pcal *pcal)
{
    return fm_arena_calloc(pcal->arena, 1, sizeof(struct fm_pcal_expr));
}

static uint32_t width_of(enum fm_pcal_token_kind kind, const char *text)
{
    uint32_t width = kind == FM_PCAL_TOKEN_STRING ? 2 : 0;
    for (const char *p = text; *p != '\0'; p++) {
        width += ((unsigned char)*p & 0xC0) != 0x80 ? 1 : 0;
        width += ((unsigned char)*p & 0xF8) == 0xF0 ? 1 : 0;
    }
    return width;
}

struct fm_pcal_token *fm_pcal_token_new(struct fm_pcal *pcal, enum fm_pcal_token_kind kind,
                                        const char *text)
{
    struct fm_pcal_token *token = fm_arena_calloc(pcal->arena, 1, sizeof *token);
    token->kind = kind;
    token->text = text;
    token->width = width_of(kind, text);
    if (++pcal->tokens > FM_PCAL_TOKENS_MAX) {
        fm_pcal_fail(pcal, FM_CODE_1044, fm_span_none(), NULL,
                     "the expansion of this algorithm's macros is too large");
    }
    return token;
}

void fm_pcal_expr_add_line(struct fm_pcal *pcal, struct fm_pcal_expr *expr)
{
    fm_pcal_push(pcal, expr, (struct fm_pcal_line){0});
}

void fm_pcal_expr_add(struct fm_pcal *pcal, struct fm_pcal_expr *expr, struct fm_pcal_token *token)
{
    fm_pcal_push(pcal, &expr->at[expr->count - 1], token);
}

uint32_t fm_pcal_expr_size(const struct fm_pcal_expr *expr)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < expr->count; i++) {
        size += expr->at[i].count;
    }
    return size;
}

struct fm_pcal_token *fm_pcal_expr_first(const struct fm_pcal_expr *expr)
{
    return expr->at[0].at[0];
}

/* ---- Columns and anchors. */

static void trim(struct fm_pcal_expr *expr)
{
    while (expr->count > 0 && expr->at[0].count == 0) {
        expr->at++;
        expr->count--;
        expr->capacity--;
    }
    while (expr->count > 0 && expr->at[expr->count - 1].count == 0) {
        expr->count--;
    }
}

static void set_anchor(struct fm_pcal_expr *expr, uint32_t index)
{
    struct fm_pcal_line *line = &expr->at[index];
    line->anchor = NULL;
    line->anchor_column = 0;
    if (line->count == 0) {
        return;
    }
    int32_t column = line->at[0]->column;
    for (uint32_t i = index; i-- > 0;) {
        const struct fm_pcal_line *above = &expr->at[i];
        if (above->count == 0 || above->at[0]->column > column) {
            continue;
        }
        uint32_t k = 0;
        while (k + 1 < above->count && above->at[k + 1]->column <= column) {
            k++;
        }
        line->anchor = above->at[k];
        line->anchor_column = line->anchor->column;
        return;
    }
}

static void shift_line(struct fm_pcal_line *line, int32_t by)
{
    for (uint32_t i = 0; i < line->count; i++) {
        line->at[i]->column += by;
    }
}

void fm_pcal_expr_normalize(struct fm_pcal_expr *expr)
{
    trim(expr);
    int32_t least = INT32_MAX;
    for (uint32_t i = 0; i < expr->count; i++) {
        if (expr->at[i].count > 0 && expr->at[i].at[0]->column < least) {
            least = expr->at[i].at[0]->column;
        }
    }
    for (uint32_t i = 0; i < expr->count; i++) {
        shift_line(&expr->at[i], -least);
    }
    for (uint32_t i = 0; i < expr->count; i++) {
        set_anchor(expr, i);
    }
}

/* After tokens were put in: lines follow their anchors. */
static void realign(struct fm_pcal_expr *expr)
{
    for (uint32_t i = 0; i < expr->count; i++) {
        struct fm_pcal_line *line = &expr->at[i];
        if (line->anchor != NULL) {
            int32_t by = line->anchor->column - line->anchor_column;
            line->anchor_column = line->anchor->column;
            shift_line(line, by);
        }
    }
}

struct fm_pcal_expr *fm_pcal_expr_clone(struct fm_pcal *pcal, const struct fm_pcal_expr *expr)
{
    struct fm_pcal_expr *clone = fm_pcal_expr_new(pcal);
    clone->span = expr->span;
    for (uint32_t i = 0; i < expr->count; i++) {
        fm_pcal_expr_add_line(pcal, clone);
        for (uint32_t k = 0; k < expr->at[i].count && !pcal->failed; k++) {
            const struct fm_pcal_token *token = expr->at[i].at[k];
            struct fm_pcal_token *copy = fm_pcal_token_new(pcal, token->kind, token->text);
            *copy = *token;
            fm_pcal_expr_add(pcal, clone, copy);
        }
    }
    fm_pcal_expr_normalize(clone);
    return clone;
}

/* Makes `count` empty lines before line `index`. */
static void insert_lines(struct fm_pcal *pcal, struct fm_pcal_expr *expr, uint32_t index,
                         uint32_t count)
{
    uint32_t after = expr->count - index;
    for (uint32_t i = 0; i < count; i++) {
        fm_pcal_expr_add_line(pcal, expr);
    }
    memmove(expr->at + index + count, expr->at + index, after * sizeof *expr->at);
    memset(expr->at + index, 0, count * sizeof *expr->at);
}

void fm_pcal_expr_prepend(struct fm_pcal *pcal, struct fm_pcal_expr *expr,
                          const struct fm_pcal_expr *before)
{
    uint32_t whole = before->count - 1;
    const struct fm_pcal_line *last = &before->at[whole];
    const struct fm_pcal_token *end = last->at[last->count - 1];
    insert_lines(pcal, expr, 0, whole);
    for (uint32_t i = 0; i < whole; i++) {
        expr->at[i] = before->at[i];
    }
    struct fm_pcal_line *line = &expr->at[whole];
    struct fm_pcal_line joined = {.anchor = last->anchor, .anchor_column = last->anchor_column};
    shift_line(line, end->column + (int32_t)end->width);
    for (uint32_t i = 0; i < last->count; i++) {
        fm_pcal_push(pcal, &joined, last->at[i]);
    }
    for (uint32_t i = 0; i < line->count; i++) {
        fm_pcal_push(pcal, &joined, line->at[i]);
    }
    *line = joined;
    realign(expr);
}

/* ---- Substitution. */

static struct fm_pcal_token *token_at(const struct fm_pcal_expr *expr, struct place place)
{
    return expr->at[place.line].at[place.item];
}

static struct place step(const struct fm_pcal_expr *expr, struct place place, uint32_t by)
{
    while (by-- > 0 && !place.none) {
        place.item++;
        while (!place.none && place.item >= expr->at[place.line].count) {
            place.item = 0;
            place.line++;
            place.none = place.line >= expr->count;
        }
    }
    return place;
}

static bool token_is(const struct fm_pcal_token *token, const char *text)
{
    return token->kind != FM_PCAL_TOKEN_STRING && strcmp(token->text, text) == 0;
}

/* Whether the token two places on says that the next one names a field. */
static bool before_field(const struct fm_pcal_expr *expr, struct place place)
{
    struct place third = step(expr, place, 2);
    if (third.none) {
        return false;
    }
    const struct fm_pcal_token *token = token_at(expr, third);
    return token_is(token, ":") || token_is(token, "|->") || token_is(token, "↦");
}

static struct place find_name(const struct fm_pcal_expr *expr, const char *name, struct place place)
{
    if (expr->count == 0) {
        place.none = true;
    }
    while (!place.none) {
        const struct fm_pcal_token *token = token_at(expr, place);
        if (token_is(token, ".")) {
            place = step(expr, place, 2);
        } else if ((token_is(token, "[") || token_is(token, ",")) && before_field(expr, place)) {
            place = step(expr, place, 3);
        } else if (token_is(token, name)) {
            return place;
        } else {
            place = step(expr, place, 1);
        }
    }
    return place;
}

/* Makes a token another one, which keeps the place of what it stands for when it has none. */
static void replace_token(struct fm_pcal_token *token, const struct fm_pcal_token *with)
{
    int32_t column = token->column;
    struct fm_span span = with->span.source != 0 ? with->span : token->span;
    *token = *with;
    token->column = column;
    token->span = span;
}

/* Puts the tokens of `with` where `token` is the last of line `index`; returns the line on which
 * they end. */
static uint32_t insert_tokens(struct fm_pcal *pcal, struct fm_pcal_expr *expr, uint32_t index,
                              struct fm_pcal_token *token, const struct fm_pcal_expr *with,
                              bool parenthesize)
{
    struct fm_pcal_expr *copy = fm_pcal_expr_clone(pcal, with);
    if (pcal->failed || copy->count == 0) {
        return index;
    }
    shift_line(&copy->at[0], token->column + (parenthesize ? 1 : 0));
    uint32_t first = 0;
    if (parenthesize) {
        token->kind = FM_PCAL_TOKEN_BUILTIN;
        token->text = "(";
        token->width = 1;
        token->span = fm_span_none();
    } else {
        replace_token(token, copy->at[0].at[0]);
        first = 1;
    }
    for (uint32_t i = first; i < copy->at[0].count; i++) {
        fm_pcal_push(pcal, &expr->at[index], copy->at[0].at[i]);
    }
    insert_lines(pcal, expr, index + 1, copy->count - 1);
    for (uint32_t i = 1; i < copy->count; i++) {
        expr->at[index + i] = copy->at[i];
    }
    index += copy->count - 1;
    if (parenthesize) {
        const struct fm_pcal_line *line = &expr->at[index];
        const struct fm_pcal_token *last = line->at[line->count - 1];
        struct fm_pcal_token *close = fm_pcal_token_new(pcal, FM_PCAL_TOKEN_BUILTIN, ")");
        close->column = last->column + (int32_t)last->width;
        fm_pcal_push(pcal, &expr->at[index], close);
    }
    return index;
}

/* Replaces one token; returns the place after what replaced it. */
static struct place substitute_at(struct fm_pcal *pcal, struct fm_pcal_expr *expr,
                                  struct place place, const struct fm_pcal_expr *with,
                                  bool parenthesize)
{
    struct fm_pcal_token *token = token_at(expr, place);
    if (fm_pcal_expr_size(expr) == 1 && expr->count == 1) {
        struct fm_span span = expr->span, here = token->span;
        *expr = *fm_pcal_expr_clone(pcal, with);
        expr->span = span;
        if (expr->count > 0 && fm_pcal_expr_first(expr)->span.source == 0) {
            fm_pcal_expr_first(expr)->span = here;
        }
        return (struct place){0, 0, true};
    }
    struct fm_pcal_line *line = &expr->at[place.line];
    struct fm_pcal_line rest = {0};
    for (uint32_t i = place.item + 1; i < line->count; i++) {
        fm_pcal_push(pcal, &rest, line->at[i]);
    }
    line->count = place.item + 1;
    int32_t gap = rest.count == 0 ? 0 : rest.at[0]->column - token->column - (int32_t)token->width;
    uint32_t index = place.line;
    if (with->count == 1 && with->at[0].count == 1) {
        replace_token(token, with->at[0].at[0]);
    } else {
        index = insert_tokens(pcal, expr, index, token, with, parenthesize);
    }
    line = &expr->at[index];
    struct place result = {index, line->count - 1, false};
    const struct fm_pcal_token *last = line->at[line->count - 1];
    if (rest.count > 0) {
        shift_line(&rest, last->column + (int32_t)last->width + gap - rest.at[0]->column);
    }
    for (uint32_t i = 0; i < rest.count; i++) {
        fm_pcal_push(pcal, line, rest.at[i]);
    }
    realign(expr);
    return step(expr, result, 1);
}

void fm_pcal_expr_substitute(struct fm_pcal *pcal, struct fm_pcal_expr *expr,
                             const struct fm_pcal_substitution *substitution)
{
    const struct fm_pcal_names *names = substitution->names;
    struct place at = {0, 0, expr->count == 0};
    while (!at.none && !pcal->failed) {
        struct place nearest = {0, 0, true};
        uint32_t which = 0;
        for (uint32_t i = 0; i < names->count; i++) {
            struct place place = find_name(expr, names->at[i], at);
            if (!place.none && (nearest.none || place.line < nearest.line ||
                                (place.line == nearest.line && place.item < nearest.item))) {
                nearest = place;
                which = i;
            }
        }
        at = nearest;
        if (!at.none) {
            at = substitute_at(pcal, expr, at, substitution->exprs->at[which],
                               substitution->parenthesize);
        }
    }
}

/* ---- Back to text. */

static void add_blanks(struct fm_text *text, int32_t count)
{
    fm_text_fill(text, ' ', count > 0 ? (size_t)count : 0);
}

const char *fm_pcal_expr_line(struct fm_arena *arena, const struct fm_pcal_expr *expr,
                              uint32_t index)
{
    struct fm_text text = {0};
    const struct fm_pcal_line *line = &expr->at[index];
    int32_t column = 0;
    for (uint32_t i = 0; i < line->count; i++) {
        const struct fm_pcal_token *token = line->at[i];
        const char *quote = token->kind == FM_PCAL_TOKEN_STRING ? "\"" : "";
        add_blanks(&text, token->column - column);
        fm_text_printf(&text, "%s%s%s", quote, token->text, quote);
        column = token->column + (int32_t)token->width;
    }
    const char *result = fm_arena_strndup(arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}
