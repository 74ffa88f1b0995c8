/* The lexer of TLA+.
 *
 * One pass over the bytes makes an array of tokens: the parser needs unbounded lookahead (is this
 * `f(a, b) ==`, is this bracket a binder), which an array gives for nothing. A source is a sequence
 * of modules with free text around them; the lexer finds the modules by their `---- MODULE` lines
 * and counts `====` to know when text begins again, as SANY's lexer does with its states.
 *
 * Rules that are easy to get wrong, and follow "Specifying Systems" 15.2 and SANY:
 *   - Symbols are found by longest match over operators.def and tokens.def: `\Ex` is `\E x`, `a-.b`
 *     holds the prefix minus, `(+)` is one operator, `[A]_v` holds `]_`.
 *   - A word is an identifier when it has a letter somewhere: `1a` is one, `_1` is `_` and 1.
 * `WF_x` is `WF_` and x.
 *   - `\o17`, `\b101`, `\hFF` are numbers, and win over the operator `\o`.
 *   - `<1>2.` is one token everywhere, so `x <1> y` is no comparison.
 *   - Comments nest; `\*` inside `(* *)` means nothing and the other way round.
 *   - Columns count code points and tabs go to the next multiple of 8: junction lists are aligned
 * by these columns, so that `∧` and `/\` before an item do not shift what stands under it.
 *
 * Bytes that are not UTF-8 are errors outside comments only: old specifications carry Latin-1 names
 * in theirs. A NUL byte anywhere says that this is no text file, and is reported before anything is
 * read. After FM_LEXER_ERRORS_MAX unreadable places the lexer gives up: junk is no specification.
 * */
#include "syntax/lexer.h"

#include "base/assert.h"
#include "base/text.h"
#include "syntax/number.h"
#include "syntax/pluscal.h"

#include <string.h>

enum {
#define FM_PUNCTUATION(id, spelling) +1
#define FM_KEYWORD(id, spelling) +1
#define FM_ALSO(id, spelling) +1
    WORD_COUNT = 0
#include "syntax/tokens.def"
#undef FM_PUNCTUATION
#undef FM_KEYWORD
#undef FM_ALSO
};

static const struct {
    const char *text;
    uint8_t kind;
} words[WORD_COUNT] = {
#define FM_PUNCTUATION(id, spelling) {spelling, FM_TOKEN_##id},
#define FM_KEYWORD(id, spelling) {spelling, FM_TOKEN_##id},
#define FM_ALSO(id, spelling) {spelling, FM_TOKEN_##id},
#include "syntax/tokens.def"
#undef FM_PUNCTUATION
#undef FM_KEYWORD
#undef FM_ALSO
};

/* Room for every spelling; the operators have fewer than 256. */
#define SPELLINGS_MAX ((uint32_t)WORD_COUNT + 256u)

struct spelling {
    const char *text;
    uint32_t length;
    uint8_t kind;
    uint8_t op;
    uint16_t next; /* 1 + index of the next one with this first byte, shorter or as long */
};

struct lexer {
    const struct fm_parse *parse;
    const struct fm_source *source;
    const char *text;
    uint32_t number; /* of the source */
    uint32_t at, size;
    uint32_t column;    /* of the byte at `at` */
    uint32_t token_row; /* line of the newest token */
    uint32_t row;
    uint32_t depth;   /* modules open */
    uint32_t modules; /* begun so far, at depth 0 */
    bool bare;
    bool stop;
    struct fm_tokens *tokens;
    struct fm_pluscal_scan pluscal;
    uint16_t first[256];
    struct spelling spellings[SPELLINGS_MAX];
    uint32_t spelling_count;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

/* ---- Index of spellings. */

static void add_spelling(struct lexer *lexer, const char *text, uint8_t kind, uint8_t op)
{
    fm_assert(lexer->spelling_count < SPELLINGS_MAX);
    uint32_t index = lexer->spelling_count++;
    uint32_t length = (uint32_t)strlen(text);
    uint16_t *link = &lexer->first[(unsigned char)text[0]];
    while (*link != 0 && lexer->spellings[*link - 1].length >= length) {
        link = &lexer->spellings[*link - 1].next;
    }
    lexer->spellings[index] = (struct spelling){text, length, kind, op, *link};
    *link = (uint16_t)(index + 1);
}

static void build_index(struct lexer *lexer)
{
    uint32_t count;
    const struct fm_operator_spelling *operators = fm_operator_spellings(&count);
    for (uint32_t i = 0; i < count; i++) {
        add_spelling(lexer, operators[i].text, FM_TOKEN_OPERATOR, (uint8_t)operators[i].op);
    }
    for (uint32_t i = 0; i < WORD_COUNT; i++) {
        add_spelling(lexer, words[i].text, words[i].kind, FM_OPERATOR_NONE);
    }
}

/* The longest spelling that the text begins with, or, for a word, the one it equals. */
static const struct spelling *match_spelling(const struct lexer *lexer, uint32_t word_length)
{
    const char *at = lexer->text + lexer->at;
    uint32_t left = lexer->size - lexer->at;
    for (uint16_t i = lexer->first[(unsigned char)at[0]]; i != 0;) {
        const struct spelling *spelling = &lexer->spellings[i - 1];
        bool fits = word_length > 0 ? spelling->length == word_length : spelling->length <= left;
        if (fits && memcmp(spelling->text, at, spelling->length) == 0) {
            return spelling;
        }
        i = spelling->next;
    }
    return NULL;
}

const char *fm_token_kind_name(enum fm_token_kind kind)
{
    switch ((unsigned)kind) {
    case FM_TOKEN_END:
        return "the end of the file";
    case FM_TOKEN_IDENT:
        return "an identifier";
    case FM_TOKEN_NUMBER:
        return "a number";
    case FM_TOKEN_STRING:
        return "a string";
    case FM_TOKEN_OPERATOR:
        return "an operator";
    case FM_TOKEN_STEP_NAME:
    case FM_TOKEN_STEP:
        return "a proof step";
    case FM_TOKEN_MODULE_BEGIN:
        return "`---- MODULE`";
    case FM_TOKEN_SEPARATOR:
        return "`----`";
    case FM_TOKEN_MODULE_END:
        return "`====`";
#define FM_PUNCTUATION(id, spelling)                                                               \
    case FM_TOKEN_##id:                                                                            \
        return "`" spelling "`";
#define FM_KEYWORD(id, spelling)                                                                   \
    case FM_TOKEN_##id:                                                                            \
        return "`" spelling "`";
#define FM_ALSO(id, spelling)
#include "syntax/tokens.def"
#undef FM_PUNCTUATION
#undef FM_KEYWORD
#undef FM_ALSO
    }
    return "this token";
}

/* ---- Moving and making tokens. */

/* Length of the UTF-8 sequence at `at`, 0 when it is none. */
static uint32_t sequence_length(const struct lexer *lexer, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)lexer->text + at;
    uint32_t left = lexer->size - at;
    uint32_t length = p[0] < 0x80                    ? 1
                      : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                      : p[0] >= 0xE0                 ? 3
                      : p[0] >= 0xC2                 ? 2
                                                     : 0;
    if (p[0] > 0xF4 || length > left) {
        return 0;
    }
    for (uint32_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0u) != 0x80u) {
            return 0;
        }
    }
    return length;
}

static void step(struct lexer *lexer)
{
    unsigned char c = (unsigned char)lexer->text[lexer->at++];
    if (c == '\n' || (c == '\r' && !(lexer->at < lexer->size && lexer->text[lexer->at] == '\n'))) {
        lexer->row++;
        lexer->column = 1;
    } else if (c == '\t') {
        lexer->column = (lexer->column - 1) / 8 * 8 + 9;
    } else if ((c & 0xC0u) != 0x80u) {
        lexer->column++;
    }
}

static void skip_to(struct lexer *lexer, uint32_t at)
{
    while (lexer->at < at) {
        step(lexer);
    }
}

static struct fm_span span_of(const struct lexer *lexer, uint32_t begin, uint32_t end)
{
    return (struct fm_span){lexer->number, begin, end};
}

static void note_error(struct lexer *lexer, enum fm_code code, struct fm_span span,
                       const char *message, const char *hint)
{
    fm_vec_push(&lexer->tokens->errors, ((struct fm_lexer_error){code, span, message, hint}));
    if (lexer->tokens->errors.count >= FM_LEXER_ERRORS_MAX) {
        lexer->stop = true;
    }
}

/* Adds a token of `length` bytes and moves past it. */
static struct fm_token *add_token(struct lexer *lexer, enum fm_token_kind kind, uint32_t length)
{
    struct fm_token token = {
        .kind = (uint8_t)kind,
        .begin = lexer->at,
        .end = lexer->at + length,
        .column = lexer->column,
    };
    if (lexer->token_row != lexer->row) {
        token.flags |= FM_TOKEN_FIRST;
        lexer->token_row = lexer->row;
    }
    if (lexer->tokens->list.count >= FM_TOKENS_MAX && !lexer->stop) {
        lexer->stop = true;
        token.kind = FM_TOKEN_BAD;
        note_error(lexer, FM_CODE_1027, span_of(lexer, token.begin, token.end),
                   fm_arena_printf(lexer->parse->arena, "the file holds more than %u tokens",
                                   FM_TOKENS_MAX),
                   NULL);
    }
    fm_vec_push(&lexer->tokens->list, token);
    skip_to(lexer, token.end);
    return &fm_vec_last(&lexer->tokens->list);
}

/* Notes an unreadable place and makes it a BAD token. */
static void add_bad(struct lexer *lexer, enum fm_code code, uint32_t length, const char *message,
                    const char *hint)
{
    note_error(lexer, code, span_of(lexer, lexer->at, lexer->at + length), message, hint);
    (void)add_token(lexer, FM_TOKEN_BAD, length);
}

/* ---- Kinds of tokens. */

static void lex_comment(struct lexer *lexer)
{
    uint32_t begin = lexer->at;
    uint32_t depth = 0;
    do {
        const char *p = lexer->text + lexer->at;
        if (p[0] == '(' && p[1] == '*') {
            depth++;
            skip_to(lexer, lexer->at + 2);
        } else if (p[0] == '*' && p[1] == ')') {
            depth--;
            skip_to(lexer, lexer->at + 2);
        } else {
            step(lexer);
        }
    } while (depth > 0 && lexer->at < lexer->size);
    if (depth > 0) {
        note_error(lexer, FM_CODE_1002, span_of(lexer, begin, begin + 2),
                   "this comment is not closed before the end of the file",
                   "comments nest: every `(*` inside it needs a `*)` too");
        (void)add_token(lexer, FM_TOKEN_BAD, 0);
    }
    fm_pluscal_comment(&lexer->pluscal, lexer->source, span_of(lexer, begin, lexer->at),
                       lexer->tokens->list.count);
}

static void lex_line_comment(struct lexer *lexer)
{
    uint32_t begin = lexer->at;
    while (lexer->at < lexer->size && lexer->text[lexer->at] != '\n' &&
           lexer->text[lexer->at] != '\r') {
        step(lexer);
    }
    fm_pluscal_comment(&lexer->pluscal, lexer->source, span_of(lexer, begin, lexer->at),
                       lexer->tokens->list.count);
}

static void lex_word(struct lexer *lexer)
{
    const char *at = lexer->text + lexer->at;
    uint32_t length = 0, digits = 0;
    bool letter = false;
    while (is_word(at[length])) {
        letter = letter || is_letter(at[length]);
        length++;
    }
    while (is_digit(at[digits])) {
        digits++;
    }
    if (length > 3 && (at[0] == 'W' || at[0] == 'S') && at[1] == 'F' && at[2] == '_') {
        length = 3;
    }
    if (!letter) {
        if (digits == 0) {
            (void)add_token(lexer, FM_TOKEN_UNDERSCORE, 1);
            return;
        }
        struct fm_token *token = add_token(lexer, FM_TOKEN_NUMBER, digits);
        token->text = fm_number_decimal(lexer->parse->symbols, at, digits, 10);
        return;
    }
    const struct spelling *spelling = match_spelling(lexer, length);
    struct fm_token *token = add_token(lexer, spelling == NULL ? FM_TOKEN_IDENT : spelling->kind,
                                       length);
    token->op = spelling == NULL ? FM_OPERATOR_NONE : spelling->op;
    token->flags |= spelling == NULL ? 0 : FM_TOKEN_WORD;
    token->text = fm_symbol_intern(lexer->parse->symbols, at, length);
}

/* `\b101`, `\o17`, `\hFF`. False when the text is no such number. */
static bool lex_based_number(struct lexer *lexer)
{
    const char *at = lexer->text + lexer->at;
    uint32_t base = at[1] == 'b' || at[1] == 'B'   ? 2
                    : at[1] == 'o' || at[1] == 'O' ? 8
                    : at[1] == 'h' || at[1] == 'H' ? 16
                                                   : 0;
    if (base == 0) {
        return false;
    }
    uint32_t length = 2;
    while (fm_number_digit(at[length]) < base) {
        length++;
    }
    if (length == 2) {
        return false;
    }
    if (length - 2 > FM_NUMBER_DIGITS_MAX) {
        add_bad(lexer, FM_CODE_1006, length, "this number has too many digits to convert", NULL);
        return true;
    }
    struct fm_token *token = add_token(lexer, FM_TOKEN_NUMBER, length);
    token->text = fm_number_decimal(lexer->parse->symbols, at + 2, length - 2, base);
    return true;
}

/* Reads `\n` and its kin at `at`, where a backslash stands before a byte of the same line; returns
 * the place after it. */
static uint32_t read_escape(struct lexer *lexer, uint32_t at, struct fm_text *contents)
{
    static const char escapes[] = "\"\"\\\\n\nr\rt\tf\f"; /* pairs: letter, meaning */
    for (size_t pair = 0; pair + 1 < sizeof escapes; pair += 2) {
        if (escapes[pair] == lexer->text[at + 1]) {
            fm_text_putc(contents, escapes[pair + 1]);
            return at + 2;
        }
    }
    uint32_t length = sequence_length(lexer, at + 1);
    uint32_t end = at + 1 + (length > 0 ? length : 1);
    note_error(lexer, FM_CODE_1004, span_of(lexer, at, end),
               "this string has an escape that TLA+ does not know",
               "known are `\\\"`, `\\\\`, `\\n`, `\\r`, `\\t`, `\\f`");
    return end;
}

/* Reads one character of a string; returns the place after it. */
static uint32_t read_character(struct lexer *lexer, uint32_t at, struct fm_text *contents)
{
    uint32_t length = sequence_length(lexer, at);
    if (length == 0) {
        note_error(lexer, FM_CODE_1005, span_of(lexer, at, at + 1),
                   fm_arena_printf(lexer->parse->arena, "byte 0x%02X in this string is not UTF-8",
                                   (unsigned)(unsigned char)lexer->text[at]),
                   NULL);
        length = 1;
    }
    fm_text_add(contents, lexer->text + at, length);
    return at + length;
}

static bool ends_line(const struct lexer *lexer, uint32_t at)
{
    return at >= lexer->size || lexer->text[at] == '\n' || lexer->text[at] == '\r';
}

static void lex_string(struct lexer *lexer)
{
    struct fm_text contents = {0};
    uint32_t end = lexer->at + 1;
    while (!ends_line(lexer, end) && lexer->text[end] != '"') {
        if (lexer->text[end] == '\\' && !ends_line(lexer, end + 1)) {
            end = read_escape(lexer, end, &contents);
        } else {
            end = read_character(lexer, end, &contents);
        }
    }
    if (ends_line(lexer, end)) {
        add_bad(lexer, FM_CODE_1003, end - lexer->at, "this string is not closed on its line",
                "a string ends with `\"`; a line break in it is written `\\n`");
    } else {
        struct fm_token *token = add_token(lexer, FM_TOKEN_STRING, end + 1 - lexer->at);
        token->text = fm_symbol_intern(lexer->parse->symbols, fm_text_string(&contents),
                                       contents.length);
    }
    fm_text_deinit(&contents);
}

/* `<1>2.` and its kin; false when the text is none. */
static bool lex_step(struct lexer *lexer)
{
    const char *at = lexer->text + lexer->at;
    bool relative = at[1] == '+' || at[1] == '*';
    uint32_t length = relative ? 2 : 1;
    while (!relative && is_digit(at[length])) {
        length++;
    }
    if (length == 1 || at[length] != '>') {
        return false;
    }
    length++;
    uint32_t name = length;
    while (is_word(at[length])) {
        length++;
    }
    bool named = length > name;
    if (!named && (at[length] == '*' || at[length] == '-')) {
        length++;
    }
    bool dotted = at[length] == '.';
    while (at[length] == '.') {
        length++;
    }
    (void)add_token(lexer, named && !dotted ? FM_TOKEN_STEP_NAME : FM_TOKEN_STEP, length);
    return true;
}

/* Bytes of `---- MODULE` at `at`, 0 when it is none. */
static uint32_t module_begin_length(const struct lexer *lexer, uint32_t at)
{
    const char *text = lexer->text;
    uint32_t end = at;
    while (text[end] == '-') {
        end++;
    }
    if (end - at < 4) {
        return 0;
    }
    while (text[end] == ' ') {
        end++;
    }
    return strncmp(text + end, "MODULE", 6) == 0 ? end + 6 - at : 0;
}

/* A run of `-` or `=`: four or more are a line. */
static bool lex_rule(struct lexer *lexer)
{
    const char *at = lexer->text + lexer->at;
    uint32_t length = 1;
    while (at[length] == at[0]) {
        length++;
    }
    if (length < 4) {
        return false;
    }
    if (at[0] == '=') {
        (void)add_token(lexer, FM_TOKEN_MODULE_END, length);
        lexer->depth -= lexer->depth > 0 ? 1 : 0;
        return true;
    }
    uint32_t header = module_begin_length(lexer, lexer->at);
    if (header > 0) {
        (void)add_token(lexer, FM_TOKEN_MODULE_BEGIN, header);
        lexer->depth++;
    } else {
        (void)add_token(lexer, FM_TOKEN_SEPARATOR, length);
    }
    return true;
}

/* The number sets of Unicode TLA+ are the identifiers of the standard modules. */
static bool lex_number_set(struct lexer *lexer)
{
    static const struct {
        const char *spelling, *name;
    } sets[] = {{"ℕ", "Nat"}, {"ℤ", "Int"}, {"ℝ", "Real"}};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        size_t length = strlen(sets[i].spelling);
        if (strncmp(lexer->text + lexer->at, sets[i].spelling, length) == 0) {
            struct fm_token *token = add_token(lexer, FM_TOKEN_IDENT, (uint32_t)length);
            token->text = fm_symbol_of(lexer->parse->symbols, sets[i].name);
            return true;
        }
    }
    return false;
}

static const char *hint_for_character(char c)
{
    switch (c) {
    case ';':
        return "TLA+ ends nothing with `;`: a definition ends where the next one begins";
    case '?':
        return "TLA+ writes a conditional as IF ... THEN ... ELSE ...";
    case '`':
        return "strings stand between `\"`";
    }
    return NULL;
}

static void lex_unknown(struct lexer *lexer)
{
    struct fm_arena *arena = lexer->parse->arena;
    uint32_t length = sequence_length(lexer, lexer->at);
    unsigned char c = (unsigned char)lexer->text[lexer->at];
    if (length == 0) {
        add_bad(lexer, FM_CODE_1005, 1,
                fm_arena_printf(arena, "byte 0x%02X is not UTF-8 text", (unsigned)c), NULL);
    } else if (c < 0x20 || c == 0x7F) {
        add_bad(lexer, FM_CODE_1005, 1,
                fm_arena_printf(arena, "control character 0x%02X outside a comment", (unsigned)c),
                NULL);
    } else {
        add_bad(lexer, FM_CODE_1001, length,
                fm_arena_printf(arena, "`%.*s` is not a symbol of TLA+", (int)length,
                                lexer->text + lexer->at),
                hint_for_character((char)c));
    }
}

static void lex_symbol(struct lexer *lexer)
{
    const struct spelling *spelling = match_spelling(lexer, 0);
    if (spelling != NULL) {
        struct fm_token *token = add_token(lexer, spelling->kind, spelling->length);
        token->op = spelling->op;
        bool junction = spelling->op == FM_OPERATOR_AND || spelling->op == FM_OPERATOR_OR;
        token->flags |= junction && spelling->text[1] != 'l' ? FM_TOKEN_BULLET : 0;
    } else if (!lex_number_set(lexer)) {
        lex_unknown(lexer);
    }
}

/* One token or comment at a byte that is no blank. The text is NUL-terminated, so looking at the
 * next byte is safe. */
static void lex_token(struct lexer *lexer)
{
    const char *at = lexer->text + lexer->at;
    if (is_word(at[0])) {
        lex_word(lexer);
    } else if (at[0] == '"') {
        lex_string(lexer);
    } else if (at[0] == '(' && at[1] == '*') {
        lex_comment(lexer);
    } else if (at[0] == '\\' && at[1] == '*') {
        lex_line_comment(lexer);
    } else if (at[0] == '\\' && lex_based_number(lexer)) {
        return;
    } else if ((at[0] == '-' || at[0] == '=') && lex_rule(lexer)) {
        return;
    } else if (at[0] == '<' && lex_step(lexer)) {
        return;
    } else if (at[0] == '@' && at[1] != '@') {
        add_token(lexer, FM_TOKEN_IDENT, 1)->text = fm_symbol_of(lexer->parse->symbols, "@");
    } else {
        lex_symbol(lexer);
    }
}

/* ---- Text around modules. */

/* Does a whole header `---- MODULE Name ----` stand at `at`? */
static bool is_whole_header(const struct lexer *lexer, uint32_t at, uint32_t length)
{
    const char *p = lexer->text + at + length;
    const char *name = p;
    while (*p == ' ' || *p == '\t') {
        p++;
    }
    if (p == name) {
        return false;
    }
    while (is_word(*p)) {
        p++;
    }
    while (*p == ' ' || *p == '\t') {
        p++;
    }
    return strncmp(p, "----", 4) == 0;
}

/* Moves to the next `---- MODULE`. The first of a file may stand anywhere, and may be damaged if it
 * begins its line: then the parser says what is wrong with it. Later ones are text unless they are
 * whole and begin their line: TLC's own files hold `\*---- MODULE X ----` between modules. */
static bool find_module(struct lexer *lexer)
{
    uint32_t blank_from = 0; /* only blanks since here, the line's beginning */
    for (uint32_t at = lexer->at; at < lexer->size; at++) {
        char c = lexer->text[at];
        if (c == '\n' || c == '\r') {
            blank_from = at + 1;
        } else if (c == '-' && (at == 0 || lexer->text[at - 1] != '-')) {
            uint32_t length = module_begin_length(lexer, at);
            bool first = lexer->modules == 0, begins_line = blank_from == at;
            bool whole = length > 0 && is_whole_header(lexer, at, length);
            if (length > 0 && (first ? whole || begins_line : whole && begins_line)) {
                skip_to(lexer, at);
                return true;
            }
        }
        if (blank_from == at && (c == ' ' || c == '\t')) {
            blank_from = at + 1;
        }
    }
    lexer->at = lexer->size;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void read_all(struct lexer *lexer)
{
    while (lexer->at < lexer->size && !lexer->stop) {
        if (lexer->depth == 0 && !lexer->bare) {
            if (!find_module(lexer)) {
                break;
            }
            lexer->modules++;
        }
        while (lexer->at < lexer->size && is_blank(lexer->text[lexer->at])) {
            step(lexer);
        }
        if (lexer->at < lexer->size) {
            lex_token(lexer);
        }
    }
}

/* The end stands after the last visible byte, where it can be shown. */
static void add_end(struct lexer *lexer)
{
    uint32_t at = lexer->size;
    while (at > 0 && is_blank(lexer->text[at - 1])) {
        at--;
    }
    fm_vec_push(
        &lexer->tokens->list,
        ((struct fm_token){.kind = FM_TOKEN_END, .begin = at, .end = at, .flags = FM_TOKEN_FIRST}));
}

void fm_tokens_read(struct fm_tokens *tokens, const struct fm_parse *parse, uint32_t source,
                    bool bare)
{
    *tokens = (struct fm_tokens){0};
    const struct fm_source *text = fm_source_get(fm_diags_sources(parse->diags), source);
    struct lexer *lexer = fm_memory_calloc(1, sizeof *lexer);
    lexer->parse = parse;
    lexer->source = text;
    lexer->text = text->text;
    lexer->number = source;
    lexer->size = text->size;
    lexer->column = 1;
    lexer->row = 1;
    lexer->bare = bare;
    lexer->tokens = tokens;
    const char *nul = memchr(text->text, 0, text->size);
    if (nul != NULL) {
        uint32_t at = (uint32_t)(nul - text->text);
        note_error(lexer, FM_CODE_1005, span_of(lexer, at, at + 1),
                   "this is not a text file: it holds a NUL byte", NULL);
    } else {
        build_index(lexer);
        read_all(lexer);
    }
    add_end(lexer);
    if (tokens->errors.count == 0) {
        fm_pluscal_finish(&lexer->pluscal, text, parse);
    }
    tokens->pluscal = lexer->pluscal.info;
    fm_memory_free(lexer);
}

void fm_tokens_deinit(struct fm_tokens *tokens)
{
    fm_vec_deinit(&tokens->list);
    fm_vec_deinit(&tokens->errors);
}
