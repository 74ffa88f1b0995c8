/* The text of emitted code: lines, blocks, names, functions written aside, refusal.
 *
 * One function is written at a time, line by line, into emit->body. Each open brace is a block with
 * a number that is never used again; a term found in block n may be used again as long as n is
 * open, for then its statements come before and around the present place. So the emitter needs no
 * analysis of dominance: the nesting of C's blocks is that analysis.
 *
 * Types, constants and helper functions go into emit->prelude as soon as somebody needs them. A
 * helper is written like any function, with the present one put aside meanwhile; blocks opened
 * outside do not count as open in it.
 *
 * Refusal is a longjmp to the innermost fm_emit_try, which cuts the text back. A try opens a block
 * without a brace: if it is refused, terms that were kept for "its" block are dead with their text;
 * if it succeeds, the block stays open until the brace around it closes. What was put into the
 * prelude stays: unused helpers cost nothing. */
#include "native/emit.h"
#include "native/piece.h"

#include "base/assert.h"
#include "base/format.h"
#include "base/symbol.h"
#include "diag/diag.h"

#include <stdarg.h>
#include <string.h>

/* Blocks of tries: closed together with the brace around them. */
#define BLOCK_SILENT ((uint32_t)1 << 31)
#define BLOCK_LOOP ((uint32_t)1 << 30)
#define BLOCK_FLAGS (BLOCK_SILENT | BLOCK_LOOP)

/* Functions written aside may be longer by this: they are shared, and mostly tables of cases. */
#define HELPER_ROOM 4u

struct fm_emit_helper {
    struct fm_emit_helper *outer;
    struct fm_text body; /* of the function put aside */
    uint32_t indent;
    uint32_t base; /* blocks of outer functions */
    bool needs_context;
    struct fm_span last_place;
};

/* --- lines and blocks --- */

static void check_size(struct fm_emit *emit)
{
    size_t room = emit->helper == NULL ? emit->body_max : emit->body_max * HELPER_ROOM;
    if (emit->body_max != 0 && emit->refused != NULL && emit->body.length > room) {
        fm_emit_refuse(emit, NULL, "its code would have more than %zu bytes", emit->body_max);
    }
}

static void add_line(struct fm_emit *emit, const char *format, va_list arguments, const char *tail)
    __attribute__((format(printf, 2, 0)));
static void add_line(struct fm_emit *emit, const char *format, va_list arguments, const char *tail)
{
    fm_text_fill(&emit->body, ' ', (size_t)emit->indent * 4);
    fm_text_vprintf(&emit->body, format, arguments);
    fm_text_puts(&emit->body, tail);
    check_size(emit);
}

void fm_emit_line(struct fm_emit *emit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(emit, format, arguments, "\n");
    va_end(arguments);
}

static void push_block(struct fm_emit *emit, uint32_t flags)
{
    fm_vec_push(&emit->blocks, ++emit->next_block | flags);
}

void fm_emit_open(struct fm_emit *emit, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *head_end = format[0] != '\0' ? " {\n" : "{\n";
    add_line(emit, format, arguments, head_end);
    va_end(arguments);
    emit->indent++;
    bool loop = strncmp(format, "for", 3) == 0 || strncmp(format, "while", 5) == 0;
    push_block(emit, loop ? BLOCK_LOOP : 0);
}

void fm_emit_close(struct fm_emit *emit, const char *tail)
{
    uint32_t closed;
    do {
        fm_assert(emit->blocks.count > 0);
        closed = fm_vec_pop(&emit->blocks);
    } while ((closed & BLOCK_SILENT) != 0);
    emit->indent--;
    fm_emit_line(emit, "}%s", tail);
}

bool fm_emit_block_is_open(const struct fm_emit *emit, uint32_t block)
{
    uint32_t base = emit->helper != NULL ? emit->helper->base : 0;
    for (uint32_t i = emit->blocks.count; i > base; i--) {
        if ((emit->blocks.at[i - 1] & ~BLOCK_FLAGS) == block) {
            return true;
        }
    }
    return false;
}

uint32_t fm_emit_block(const struct fm_emit *emit)
{
    uint32_t base = emit->helper != NULL ? emit->helper->base : 0;
    return emit->blocks.count > base ? fm_vec_last(&emit->blocks) & ~BLOCK_FLAGS : 0;
}

bool fm_emit_in_loop_since(const struct fm_emit *emit, uint32_t block)
{
    for (uint32_t i = emit->blocks.count; i > 0; i--) {
        if ((emit->blocks.at[i - 1] & ~BLOCK_FLAGS) == block) {
            return false;
        }
        if ((emit->blocks.at[i - 1] & BLOCK_LOOP) != 0) {
            return true;
        }
    }
    return false;
}

/* --- names --- */

static bool is_identifier_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* Bytes of a hint that are kept: names of operators can be long. */
#define HINT_MAX 40u

const char *fm_emit_name(struct fm_emit *emit, const char *hint)
{
    char text[HINT_MAX + 1];
    uint32_t length = 0;
    for (; hint[length] != '\0' && length < HINT_MAX; length++) {
        text[length] = is_identifier_byte(hint[length]) ? hint[length] : '_';
    }
    text[length] = '\0';
    bool digit_first = length == 0 || (text[0] >= '0' && text[0] <= '9');
    return fm_arena_printf(&emit->arena, "%s%s_%u", digit_first ? "v" : "", text,
                           ++emit->next_name);
}

const char *fm_emit_format(struct fm_emit *emit, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = fm_format(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof text) {
        return fm_arena_strndup(&emit->arena, text, (size_t)length);
    }
    struct fm_text long_text = {0};
    va_start(arguments, format);
    fm_text_vprintf(&long_text, format, arguments);
    va_end(arguments);
    const char *result = fm_arena_strndup(&emit->arena, long_text.at, long_text.length);
    fm_text_deinit(&long_text);
    return result;
}

static const struct fm_symbol *key_symbol(struct fm_emit *emit, const char *key)
{
    if (emit->keys == NULL) {
        emit->keys = fm_symbols_new();
    }
    return fm_symbol_of(emit->keys, key);
}

const char *fm_emit_once(struct fm_emit *emit, const char *key)
{
    return fm_map_get(&emit->done, key_symbol(emit, key));
}

void fm_emit_once_is(struct fm_emit *emit, const char *key, const char *name)
{
    fm_map_put(&emit->done, key_symbol(emit, key),
               fm_arena_strndup(&emit->arena, name, strlen(name)));
}

/* --- places --- */

/* The source line that holds the offset, without the space around it. */
static const char *line_text(struct fm_emit *emit, const struct fm_source *source, uint32_t offset)
{
    uint32_t begin = offset, end = offset;
    while (begin > 0 && source->text[begin - 1] != '\n') {
        begin--;
    }
    while (end < source->size && source->text[end] != '\n' && source->text[end] != '\r') {
        end++;
    }
    while (begin < end && (source->text[begin] == ' ' || source->text[begin] == '\t')) {
        begin++;
    }
    char *text = fm_arena_strndup(&emit->arena, source->text + begin, end - begin);
    /* What would end the comment, or begin a trigraph or continue a line. */
    for (char *at = text; *at != '\0'; at++) {
        if ((at[0] == '*' && at[1] == '/') || (at[0] == '/' && at[1] == '*')) {
            at[1] = ' ';
        }
    }
    return text;
}

static void add_quoted(struct fm_text *out, const char *path)
{
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            fm_text_putc(out, '\\');
        }
        fm_text_putc(out, *at);
    }
}

void fm_emit_place(struct fm_emit *emit, const struct fm_node *node)
{
    struct fm_span span = node->span;
    if (span.source == 0) {
        return;
    }
    const struct fm_sources *sources = fm_diags_sources(emit->program->diags);
    if (emit->last_place.source == span.source &&
        fm_source_line(sources, emit->last_place) == fm_source_line(sources, span)) {
        return;
    }
    struct fm_place place = fm_source_place(sources, span);
    emit->last_place = span;
    fm_text_printf(&emit->body, "#line %u \"", place.line);
    add_quoted(&emit->body, place.path);
    fm_text_puts(&emit->body, "\"\n");
    fm_emit_line(emit, "/* %s */",
                 line_text(emit, fm_source_get(sources, span.source), span.begin));
}

/* --- guards and refusal --- */

/* Text that is cut out again may have set it, which does no harm. */
void fm_emit_need_context(struct fm_emit *emit)
{
    emit->needs_context = true;
}

void fm_emit_fail(struct fm_emit *emit)
{
    fm_emit_need_context(emit);
    fm_emit_line(emit, "fm_nrt_fail(c);");
}

void fm_emit_guard(struct fm_emit *emit, const char *format, ...)
{
    struct fm_text condition = {0};
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&condition, format, arguments);
    va_end(arguments);
    const char *text = fm_arena_strndup(&emit->arena, condition.at, condition.length);
    fm_text_deinit(&condition);
    if (strcmp(text, "false") == 0) {
        return;
    }
    fm_emit_line(emit, "if (__builtin_expect(%s, 0)) {", text);
    emit->indent++;
    fm_emit_fail(emit);
    emit->indent--;
    fm_emit_line(emit, "}");
}

void fm_emit_refuse(struct fm_emit *emit, const struct fm_node *node, const char *format, ...)
{
    struct fm_text reason = {0};
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&reason, format, arguments);
    va_end(arguments);
    emit->reason = fm_arena_strndup(&emit->arena, fm_text_string(&reason), reason.length);
    emit->refused_at = node;
    fm_text_deinit(&reason);
    fm_assert(emit->refused != NULL);
    longjmp(*emit->refused, 1);
}

static void refuse_error(struct fm_value_context *context, struct fm_value_error error)
{
    struct fm_emit *emit = (struct fm_emit *)(void *)((char *)context -
                                                      offsetof(struct fm_emit, own_context));
    fm_emit_refuse(emit, NULL, "%s", error.message);
}

void fm_emit_own_context(struct fm_emit *emit, const struct fm_value_context *context)
{
    emit->own_context = *context;
    emit->own_context.raise = refuse_error;
    emit->context = &emit->own_context;
}

static void drop_helper(struct fm_emit *emit)
{
    struct fm_emit_helper *helper = emit->helper;
    fm_text_deinit(&emit->body);
    emit->body = helper->body;
    emit->indent = helper->indent;
    emit->blocks.count = helper->base;
    emit->last_place = helper->last_place;
    emit->helper = helper->outer;
}

/* What a refusal restores. */
struct point {
    struct fm_emit_helper *helper;
    struct fm_emit_point *place; /* in the body; moves with what is inserted before it */
    uint32_t indent, blocks, depth, target_epoch, assumed;
    const char *state;
    const struct fm_term *target;
    bool primed;
    struct fm_span last_place;
    jmp_buf *refused;
};

static void go_back(struct fm_emit *emit, const struct point *point)
{
    while (emit->helper != point->helper) {
        drop_helper(emit);
    }
    emit->body.length = point->place->length;
    if (emit->body.at != NULL) {
        emit->body.at[emit->body.length] = '\0';
    }
    emit->points = point->place->outer;
    emit->indent = point->indent;
    emit->blocks.count = point->blocks;
    emit->depth = point->depth;
    emit->target_epoch = point->target_epoch;
    emit->state = point->state;
    emit->target = point->target;
    emit->primed = point->primed;
    emit->last_place = point->last_place;
    emit->assumed.count = point->assumed;
    emit->sieved = NULL;
}

bool fm_emit_try(struct fm_emit *emit, fm_emit_fn *run, void *closure)
{
    struct fm_emit_point *place = fm_arena_alloc(&emit->arena, sizeof *place);
    fm_emit_point_set(emit, place);
    const struct point point = {.helper = emit->helper,
                                .place = place,
                                .indent = emit->indent,
                                .blocks = emit->blocks.count,
                                .depth = emit->depth,
                                .target_epoch = emit->target_epoch,
                                .state = emit->state,
                                .target = emit->target,
                                .primed = emit->primed,
                                .last_place = emit->last_place,
                                .assumed = emit->assumed.count,
                                .refused = emit->refused};
    jmp_buf here;
    emit->refused = &here;
    if (setjmp(here) != 0) {
        go_back(emit, &point);
        emit->refused = point.refused;
        return false;
    }
    push_block(emit, BLOCK_SILENT);
    run(emit, closure);
    emit->points = place->outer;
    emit->refused = point.refused;
    return true;
}

/* --- functions written aside --- */

void fm_emit_helper_begin(struct fm_emit *emit, const char *format, ...)
{
    struct fm_emit_helper *helper = fm_arena_alloc(&emit->arena, sizeof *helper);
    *helper = (struct fm_emit_helper){.outer = emit->helper,
                                      .body = emit->body,
                                      .indent = emit->indent,
                                      .base = emit->blocks.count,
                                      .needs_context = emit->needs_context,
                                      .last_place = emit->last_place};
    emit->helper = helper;
    emit->body = (struct fm_text){0};
    emit->indent = 0;
    emit->last_place = fm_span_none();
    va_list arguments;
    va_start(arguments, format);
    add_line(emit, format, arguments, "\n{\n");
    va_end(arguments);
    emit->indent = 1;
    push_block(emit, 0);
}

void fm_emit_helper_end(struct fm_emit *emit)
{
    fm_emit_close(emit, "\n");
    fm_assert(emit->blocks.count == emit->helper->base);
    emit->needs_context = emit->helper->needs_context; /* that of a helper is its own matter */
    fm_text_add(&emit->prelude, emit->body.at, emit->body.length);
    drop_helper(emit);
}

void fm_emit_deinit(struct fm_emit *emit)
{
    while (emit->helper != NULL) {
        drop_helper(emit);
    }
    fm_text_deinit(&emit->prelude);
    fm_text_deinit(&emit->body);
    fm_vec_deinit(&emit->blocks);
    fm_vec_deinit(&emit->values);
    fm_vec_deinit(&emit->sites);
    fm_vec_deinit(&emit->notes);
    fm_vec_deinit(&emit->updates);
    fm_vec_deinit(&emit->assumed);
    fm_map_deinit(&emit->constants);
    fm_map_deinit(&emit->types);
    fm_map_deinit(&emit->done);
    fm_map_deinit(&emit->needs);
    fm_map_deinit(&emit->folds);
    fm_map_deinit(&emit->node_sites);
    fm_vec_deinit(&emit->holes);
    if (emit->keys != NULL) {
        fm_symbols_free(emit->keys);
    }
    if (emit->dictionary != NULL) {
        fm_dictionary_free(emit->dictionary);
    }
    fm_arena_deinit(&emit->arena);
}
