/* Text that is not written in its place at once: holes, pieces, chains.
 *
 * A hole is the beginning of a line in a block; a declaration can be put there as long as the block
 * is open. Whoever remembers places in the body does so by points, which move when a hole before
 * them is filled.
 *
 * A piece is what was emitted since its begin, cut out of the body. It has a block of its own, so
 * that terms found in it are dead outside, and is put back under whatever head its maker writes.
 * When a piece turns out empty its term is an expression without statements, and the head is not
 * needed: so `a /\ b` becomes `(a && b)` where both are expressions. Where b needs statements it
 * becomes a variable that is set to a and, behind `if`, after those statements, to b. That is a
 * chain. */
#include "native/piece.h"

#include "base/assert.h"

#include <stdarg.h>
#include <string.h>

/* --- points and holes --- */

void fm_emit_point_set(struct fm_emit *emit, struct fm_emit_point *point)
{
    *point = (struct fm_emit_point){emit->points, emit->helper, emit->body.length};
    emit->points = point;
}

struct fm_emit_hole *fm_emit_hole_here(struct fm_emit *emit)
{
    struct fm_emit_hole *hole = fm_arena_alloc(&emit->arena, sizeof *hole);
    *hole = (struct fm_emit_hole){emit->helper, emit->body.length, emit->indent,
                                  fm_emit_block(emit), emit->primed};
    fm_vec_push(&emit->holes, hole);
    return hole;
}

bool fm_emit_hole_is_open(const struct fm_emit *emit, const struct fm_emit_hole *hole)
{
    return hole->helper == emit->helper && hole->block != 0 &&
           fm_emit_block_is_open(emit, hole->block);
}

static void move_holes(struct fm_emit *emit, size_t at, size_t distance)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < emit->holes.count; i++) {
        struct fm_emit_hole *hole = emit->holes.at[i];
        if (hole->helper == emit->helper) {
            if (!fm_emit_hole_is_open(emit, hole)) {
                continue;
            }
            if (hole->at > at) {
                hole->at += distance;
            }
        }
        emit->holes.at[kept++] = hole;
    }
    emit->holes.count = kept;
}

void fm_emit_hole_add(struct fm_emit *emit, struct fm_emit_hole *hole, const char *line)
{
    fm_assert(fm_emit_hole_is_open(emit, hole) && hole->at <= emit->body.length);
    size_t tail = emit->body.length - hole->at;
    char *rest = fm_arena_strndup(&emit->arena, fm_text_string(&emit->body) + hole->at, tail);
    size_t at = hole->at;
    emit->body.length = at;
    fm_text_fill(&emit->body, ' ', (size_t)hole->indent * 4);
    fm_text_printf(&emit->body, "%s\n", line);
    size_t distance = emit->body.length - at;
    fm_text_add(&emit->body, rest, tail);
    for (struct fm_emit_point *point = emit->points; point != NULL; point = point->outer) {
        if (point->helper == emit->helper && point->length >= at) {
            point->length += distance;
        }
    }
    move_holes(emit, at, distance);
}

/* --- pieces --- */

void fm_emit_piece_begin(struct fm_emit *emit, struct fm_emit_piece *piece)
{
    fm_emit_point_set(emit, &piece->point);
    piece->blocks = emit->blocks.count;
    piece->indent = emit->indent;
    piece->block = ++emit->next_block;
    piece->text = NULL;
    fm_vec_push(&emit->blocks, piece->block);
    emit->indent++;
}

void fm_emit_piece_end(struct fm_emit *emit, struct fm_emit_piece *piece)
{
    fm_assert(emit->points == &piece->point && emit->helper == piece->point.helper);
    emit->points = piece->point.outer;
    size_t length = emit->body.length - piece->point.length;
    piece->text = length == 0
                      ? ""
                      : fm_arena_strndup(&emit->arena, emit->body.at + piece->point.length, length);
    emit->body.length = piece->point.length;
    if (emit->body.at != NULL) {
        emit->body.at[emit->body.length] = '\0';
    }
    emit->blocks.count = piece->blocks;
    emit->indent = piece->indent;
}

void fm_emit_piece_enter(struct fm_emit *emit, const struct fm_emit_piece *piece)
{
    fm_text_puts(&emit->body, piece->text);
    fm_vec_push(&emit->blocks, piece->block);
    emit->indent++;
}

void fm_emit_piece_leave(struct fm_emit *emit, const struct fm_emit_piece *piece)
{
    while (fm_vec_pop(&emit->blocks) != piece->block) {
        fm_assert(emit->blocks.count > 0);
    }
    emit->indent--;
}

/* --- Booleans --- */

struct fm_term fm_emit_truth(struct fm_emit *emit, bool value)
{
    return fm_emit_known(emit, fm_bool(value));
}

struct fm_term fm_emit_test(struct fm_emit *emit, const char *format, ...)
{
    struct fm_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&text, format, arguments);
    va_end(arguments);
    const char *code = fm_arena_strndup(&emit->arena, text.at, text.length);
    fm_text_deinit(&text);
    if (strcmp(code, "true") == 0 || strcmp(code, "false") == 0) {
        return fm_emit_truth(emit, code[0] == 't');
    }
    return fm_emit_coded(fm_shape_bool(emit->shapes), code);
}

int fm_emit_is_known_bool(struct fm_term term)
{
    if (fm_value_tag(term.value) == FM_TAG_BOOL) {
        return fm_value_same(term.value, fm_bool(true)) ? 1 : 0;
    }
    if (term.code != NULL && strcmp(term.code, "true") == 0) {
        return 1;
    }
    return term.code != NULL && strcmp(term.code, "false") == 0 ? 0 : -1;
}

struct fm_term fm_emit_not(struct fm_emit *emit, struct fm_term term)
{
    int known = fm_emit_is_known_bool(term);
    if (known >= 0) {
        return fm_emit_truth(emit, known == 0);
    }
    return fm_emit_test(emit, "!%s", fm_emit_as(emit, term, fm_shape_bool(emit->shapes)));
}

/* A name, a literal, a member of a name: not worth a variable. */
static bool is_cheap(const char *code)
{
    for (; *code != '\0'; code++) {
        bool word = (*code >= 'a' && *code <= 'z') || (*code >= 'A' && *code <= 'Z') ||
                    (*code >= '0' && *code <= '9') || *code == '_';
        if (!word && *code != '.' && !(code[0] == '-' && code[1] == '>')) {
            if (code[0] == '>') {
                continue;
            }
            return false;
        }
    }
    return true;
}

/* "((int64_t)s->x)": a cast of what is cheap. */
static bool is_cheap_load(struct fm_emit *emit, const char *code)
{
    if (code[0] != '(' || code[1] != '(') {
        return is_cheap(code);
    }
    const char *cast = strchr(code, ')');
    size_t length = strlen(code);
    if (cast == NULL || code[length - 1] != ')' || cast + 1 >= code + length - 1) {
        return false;
    }
    return is_cheap(
        fm_arena_strndup(&emit->arena, cast + 1, (size_t)(code + length - 1 - (cast + 1))));
}

struct fm_term fm_emit_bind(struct fm_emit *emit, struct fm_term term, const char *hint)
{
    if (!fm_is_none(term.value) || is_cheap_load(emit, term.code)) {
        return term;
    }
    return fm_emit_coded(term.shape, fm_emit_declare(emit, term.shape, hint, term.code));
}

/* --- chains --- */

void fm_emit_chain_init(struct fm_emit_chain *chain, bool is_or)
{
    *chain = (struct fm_emit_chain){.is_or = is_or};
}

void fm_emit_chain_open(struct fm_emit *emit, struct fm_emit_chain *chain)
{
    fm_assert(!chain->decided);
    if (chain->started) {
        fm_emit_piece_begin(emit, &chain->piece);
    }
}

/* What was combined so far, as one expression. */
static const char *combined(struct fm_emit *emit, const struct fm_emit_chain *chain,
                            const char *more)
{
    const char *first = chain->var != NULL ? chain->var : chain->expr;
    const char *glue = chain->is_or ? "||" : "&&";
    if (chain->var != NULL && chain->expr != NULL) {
        first = fm_emit_format(emit, "(%s %s %s)", chain->var, glue, chain->expr);
    }
    if (more == NULL || first == NULL) {
        return first == NULL ? more : first;
    }
    return fm_emit_format(emit, "(%s %s %s)", first, glue, more);
}

/* The operand has statements of its own: they run only while nothing is decided. */
static void close_with_text(struct fm_emit *emit, struct fm_emit_chain *chain,
                            struct fm_term operand)
{
    if (chain->var == NULL) {
        chain->var = fm_emit_declare(emit, fm_shape_bool(emit->shapes), chain->is_or ? "or" : "and",
                                     chain->expr != NULL ? chain->expr
                                     : chain->is_or      ? "false"
                                                         : "true");
    } else if (chain->expr != NULL) {
        fm_emit_line(emit, "%s = %s;", chain->var, combined(emit, chain, NULL));
    }
    chain->expr = NULL;
    fm_emit_line(emit, "if (%s%s) {", chain->is_or ? "!" : "", chain->var);
    fm_emit_piece_enter(emit, &chain->piece);
    fm_emit_line(emit, "%s = %s;", chain->var,
                 fm_emit_as(emit, operand, fm_shape_bool(emit->shapes)));
    fm_emit_piece_leave(emit, &chain->piece);
    fm_emit_line(emit, "}");
}

void fm_emit_chain_close(struct fm_emit *emit, struct fm_emit_chain *chain, struct fm_term operand)
{
    int known = fm_emit_is_known_bool(operand);
    if (chain->started) {
        fm_emit_piece_end(emit, &chain->piece);
        if (!fm_emit_piece_is_empty(&chain->piece)) {
            close_with_text(emit, chain, operand);
            chain->decided = known == (chain->is_or ? 1 : 0);
            return;
        }
    }
    chain->started = true;
    if (known >= 0) {
        chain->decided = known == (chain->is_or ? 1 : 0);
        return;
    }
    const char *code = fm_emit_as(emit, operand, fm_shape_bool(emit->shapes));
    const char *glue = chain->is_or ? "||" : "&&";
    chain->expr = chain->expr == NULL ? code
                                      : fm_emit_format(emit, "(%s %s %s)", chain->expr, glue, code);
}

struct fm_term fm_emit_chain_end(struct fm_emit *emit, struct fm_emit_chain *chain)
{
    if (chain->decided) {
        return fm_emit_truth(emit, chain->is_or);
    }
    const char *code = combined(emit, chain, NULL);
    return code == NULL ? fm_emit_truth(emit, !chain->is_or) : fm_emit_test(emit, "%s", code);
}
