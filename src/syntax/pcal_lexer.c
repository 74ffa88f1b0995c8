/* The lexer of PlusCal.
 *
 * The text of an algorithm is first laid out as cells: comments become blanks, tabs are expanded,
 * and each character knows its column, because expressions keep their layout. Words are then cut
 * out of the cells on demand. An algorithm's own words and the tokens of expressions are cut alike;
 * which one is meant the parser knows.
 *
 * What a word is follows pcal.trans and not our lexer of TLA+, since the checksum of an algorithm
 * depends on it: `RECURSIVE` and `LAMBDA` are identifiers here, `WF_x` is two words, and symbols
 * are cut greedily, a character at a time as long as some symbol begins so, and shortened until
 * they are one. A comment is closed by the `*)` at depth 0; `\*` hides the rest of its line, also
 * what looks like a bracket of a comment in it. */
#include "syntax/pcal_lexer.h"

#include <string.h>

/* Symbols that do not begin with a letter, or with `\` and a letter, in no order. */
static const char *const symbols[] = {
    ">>_", "⟩_",  "]_", "(",   "[",   "{",   "<<",   "⟨",     ")",   "}",  "]",   ">>", "⟩",
    "∀",   "∃",   "~",  "¬",   "<>",  "◇",   "'",    "^+",    "⁺",   "^*", "^#",  "=>", "⇒",
    "⋅",   "<=>", "⇔",  "≡",   "~>",  "↝",   "-+->", "⇸",     "⊆",   "⊂",  "⊃",   "⊇",  "≪",
    "≫",   "\\",  "∩",  "∪",   "/\\", "∧",   "\\/",  "∨",     "×",   "-",  "+",   "*",  "/",
    "^",   "|",   "||", "‖",   "&",   "&&",  "++",   "--",    "**",  "//", "^^",  "|-", "⊢",
    "|=",  "⊨",   "-|", "⊣",   "=|",  "⫤",   "<:",   ":>",    ":=",  "≔",  "::=", "⩴",  "(+)",
    "⊕",   "(-)", "⊖",  "(.)", "⊙",   "(/)", "⊘",    "(\\X)", "⊗",   "⊎",  "⊓",   "⊔",  "÷",
    "⋆",   "∘",   "◯",  "●",   "∈",   "∉",   "=",    "#",     "/=",  "≠",  "<",   ">",  "=<",
    "<=",  "≤",   ">=", "≥",   "≺",   "≻",   "⪯",    "⪰",     "∼",   "≃",  "≈",   "≐",  "≍",
    "⊏",   "⊐",   "⊑",  "⊒",   "∝",   ":",   "->",   "→",     "|->", "↦",  "<-",  "←",  "==",
    "≜",   "[]",  "□",  "..",  "‥",   "...", "…",    "$",     "$$",  "?",  "??",  "⁇",  "%",
    "%%",  "##",  "@@", "!!",  "‼",   "≀",   "≅",    "!",     ";",   ",",  ".",   "-.", "@",
};

static const char *const words[] = {
    "_",         "ASSUME",    "ASSUMPTION", "AXIOM",     "BOOLEAN", "CASE",    "CHOOSE",
    "CONSTANT",  "CONSTANTS", "DOMAIN",     "ELSE",      "ENABLED", "EXCEPT",  "EXTENDS",
    "FALSE",     "IF",        "IN",         "INSTANCE",  "LET",     "LOCAL",   "MODULE",
    "OTHER",     "SF_",       "STRING",     "SUBSET",    "THEN",    "THEOREM", "TRUE",
    "UNCHANGED", "UNION",     "VARIABLE",   "VARIABLES", "WF_",     "WITH",
};

/* After the backslash. */
static const char *const backslash_words[] = {
    "A",      "AA",       "E",      "EE",       "X",          "approx",    "asymp",      "bigcirc",
    "bullet", "cap",      "cdot",   "circ",     "cup",        "div",       "doteq",      "equiv",
    "exists", "forall",   "geq",    "gg",       "in",         "intersect", "land",       "leq",
    "ll",     "lnot",     "lor",    "mod",      "neg",        "notin",     "o",          "odot",
    "ominus", "oplus",    "oslash", "otimes",   "prec",       "preceq",    "propto",     "sim",
    "simeq",  "sqcap",    "sqcup",  "sqsubset", "sqsubseteq", "sqsupset",  "sqsupseteq", "star",
    "subset", "subseteq", "succ",   "succeq",   "supset",     "supseteq",  "times",      "union",
    "uplus",  "wr",
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\f' || c == '\r';
}

static bool table_has(const char *const *table, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i][0] == text[0] && strcmp(table[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- Cells. */

struct layout {
    struct fm_pcal_lexer *lexer;
    const char *text; /* of the source */
    uint32_t at, end;
    int32_t column;
    uint32_t capacity;
    uint32_t depth; /* of comments */
    bool in_string;
};

static void add_cell(struct layout *layout, uint32_t code, uint32_t offset)
{
    struct fm_pcal_lexer *lexer = layout->lexer;
    if (lexer->count == layout->capacity) {
        uint32_t capacity = layout->capacity == 0 ? 1024 : layout->capacity * 2;
        struct fm_pcal_cell *cells = fm_arena_alloc(lexer->arena,
                                                    (size_t)capacity * sizeof *lexer->cells);
        if (lexer->count > 0) {
            memcpy(cells, lexer->cells, lexer->count * sizeof *cells);
        }
        lexer->cells = cells;
        layout->capacity = capacity;
    }
    lexer->cells[lexer->count++] = (struct fm_pcal_cell){code, layout->column, offset};
    layout->column++;
}

/* Decodes the character at `at`; a byte that begins none stands for itself, out of every symbol. */
static uint32_t decode(const char *text, uint32_t at, uint32_t end, uint32_t *length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text[at];
    uint32_t size = first < 0x80    ? 1
                    : first >= 0xF0 ? 4
                    : first >= 0xE0 ? 3
                    : first >= 0xC2 ? 2
                                    : 0;
    *length = 1;
    if (size == 1) {
        return first;
    }
    if (size == 0 || at + size > end) {
        return 0xFFFD;
    }
    uint32_t code = first & (0xFFu >> (size + 1));
    for (uint32_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)text[at + i];
        if ((next & 0xC0) != 0x80) {
            return 0xFFFD;
        }
        code = code << 6 | (next & 0x3Fu);
    }
    if (code < least[size] || code > 0x10FFFF) {
        return 0xFFFD;
    }
    *length = size;
    return code;
}

static int32_t tab_width(int32_t column)
{
    return 8 - column % 8;
}

static void end_line(struct layout *layout)
{
    uint32_t offset = layout->at;
    layout->at += layout->text[offset] == '\r' && offset + 1 < layout->end &&
                          layout->text[offset + 1] == '\n'
                      ? 2
                      : 1;
    layout->in_string = false;
    add_cell(layout, '\n', offset);
    layout->column = 0;
}

static void skip_line(struct layout *layout)
{
    add_cell(layout, ' ', layout->at);
    while (layout->at < layout->end && layout->text[layout->at] != '\n' &&
           layout->text[layout->at] != '\r') {
        layout->at++;
    }
}

static void add_character(struct layout *layout)
{
    uint32_t length;
    uint32_t code = decode(layout->text, layout->at, layout->end, &length);
    if (layout->depth > 0) {
        code = code == '\t' ? '\t' : ' ';
    } else if (code == '"') {
        layout->in_string = !layout->in_string;
    }
    int32_t count = code == '\t' ? tab_width(layout->column) : 1;
    for (int32_t i = 0; i < count; i++) {
        add_cell(layout, code == '\t' ? ' ' : code, layout->at);
    }
    layout->at += length;
}

/* False when the comment that holds the algorithm ends. */
static bool lay_out_one(struct layout *layout)
{
    const char *p = layout->text + layout->at;
    char next = layout->at + 1 < layout->end ? p[1] : '\0';
    if (*p == '\n' || *p == '\r') {
        end_line(layout);
    } else if (!layout->in_string && *p == '(' && next == '*') {
        layout->depth++;
        add_cell(layout, ' ', layout->at);
        add_cell(layout, ' ', layout->at);
        layout->at += 2;
    } else if (!layout->in_string && *p == '*' && next == ')') {
        if (layout->depth == 0) {
            return false;
        }
        layout->depth--;
        add_cell(layout, ' ', layout->at);
        add_cell(layout, ' ', layout->at);
        layout->at += 2;
    } else if (layout->depth == 0 && !layout->in_string && *p == '\\' && next == '*') {
        skip_line(layout);
    } else if (layout->depth == 0 && layout->in_string && *p == '\\' && next != '\0' &&
               next != '\n' && next != '\r') {
        add_cell(layout, '\\', layout->at++);
        add_character(layout);
        layout->in_string = true; /* an escaped quote closes nothing */
    } else {
        add_character(layout);
    }
    return true;
}

void fm_pcal_lexer_init(struct fm_pcal_lexer *lexer, struct fm_arena *arena,
                        const struct fm_source *source, struct fm_span text)
{
    *lexer = (struct fm_pcal_lexer){.arena = arena, .source = source, .number = text.source};
    struct layout layout = {
        .lexer = lexer, .text = source->text, .at = text.begin, .end = text.end};
    uint32_t line = text.begin;
    while (line > 0 && source->text[line - 1] != '\n' && source->text[line - 1] != '\r') {
        line--;
    }
    while (line < text.begin) {
        uint32_t length;
        uint32_t code = decode(source->text, line, text.begin, &length);
        layout.column += code == '\t' ? tab_width(layout.column) : 1;
        line += length;
    }
    while (layout.at < layout.end && lay_out_one(&layout)) {
    }
    lexer->end = layout.at;
}

/* ---- Words. */

static uint32_t code_at(const struct fm_pcal_lexer *lexer, uint32_t at)
{
    return at < lexer->count ? lexer->cells[at].code : 0;
}

static uint32_t encode(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    uint32_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (uint32_t i = size; i-- > 1; code >>= 6) {
        to[i] = (char)(0x80 | (code & 0x3F));
    }
    to[0] = (char)((0xF0u << (4 - size)) | code);
    return size;
}

/* The text of cells begin .. end - 1. */
static const char *text_of(const struct fm_pcal_lexer *lexer, uint32_t begin, uint32_t end)
{
    char *text = fm_arena_alloc(lexer->arena, (size_t)(end - begin) * 4 + 1);
    size_t length = 0;
    for (uint32_t i = begin; i < end; i++) {
        length += encode(text + length, lexer->cells[i].code);
    }
    text[length] = '\0';
    return text;
}

static uint32_t offset_after(const struct fm_pcal_lexer *lexer, uint32_t cell)
{
    uint32_t length;
    uint32_t offset = lexer->cells[cell].offset;
    (void)decode(lexer->source->text, offset, lexer->source->size, &length);
    return offset + length;
}

/* Fills a word of the cells from lexer->at to `end`, whose text leaves out `quotes` at each side.
 */
static void make_word(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word,
                      enum fm_pcal_word_kind kind, uint32_t end, uint32_t quotes)
{
    uint32_t begin = lexer->at;
    word->kind = kind;
    word->text = text_of(lexer, begin + quotes, end - quotes);
    word->column = lexer->cells[begin].column;
    for (uint32_t i = begin; i < end; i++) {
        word->width += lexer->cells[i].code > 0xFFFF ? 2 : 1;
    }
    word->span = (struct fm_span){lexer->number, lexer->cells[begin].offset,
                                  offset_after(lexer, end - 1)};
    lexer->at = end;
}

static void make_bad(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word, uint32_t end,
                     const char *problem)
{
    lexer->problem = problem;
    make_word(lexer, word, FM_PCAL_WORD_BAD, end > lexer->at ? end : lexer->at + 1, 0);
}

static void cut_identifier(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word, uint32_t end)
{
    uint32_t begin = lexer->at;
    while (is_letter(code_at(lexer, end)) || is_digit(code_at(lexer, end))) {
        if (end - begin == 3 && code_at(lexer, begin + 1) == 'F' &&
            code_at(lexer, begin + 2) == '_' &&
            (code_at(lexer, begin) == 'W' || code_at(lexer, begin) == 'S')) {
            break;
        }
        end++;
    }
    make_word(lexer, word, FM_PCAL_WORD_IDENT, end, 0);
    if (table_has(words, COUNT(words), word->text)) {
        word->kind = FM_PCAL_WORD_BUILTIN;
    }
}

static void cut_number(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word)
{
    uint32_t end = lexer->at;
    while (is_digit(code_at(lexer, end))) {
        end++;
    }
    if (is_letter(code_at(lexer, end))) {
        cut_identifier(lexer, word, end);
    } else {
        make_word(lexer, word, FM_PCAL_WORD_NUMBER, end, 0);
    }
}

static bool some_symbol_begins(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < COUNT(symbols); i++) {
        if (symbols[i][0] == text[0] && strncmp(symbols[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The longest symbol has four characters; a longer word begins none. */
#define SYMBOL_MAX 5u

static void cut_symbol(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word)
{
    char text[4 * SYMBOL_MAX + 1];
    uint32_t lengths[SYMBOL_MAX + 1] = {0};
    uint32_t count = 0;
    while (count < SYMBOL_MAX && lexer->at + count < lexer->count) {
        uint32_t length = lengths[count];
        length += encode(text + length, code_at(lexer, lexer->at + count));
        text[length] = '\0';
        if (!some_symbol_begins(text)) {
            break;
        }
        lengths[++count] = length;
    }
    for (; count > 0; count--) {
        text[lengths[count]] = '\0';
        if (table_has(symbols, COUNT(symbols), text)) {
            make_word(lexer, word, FM_PCAL_WORD_BUILTIN, lexer->at + count, 0);
            return;
        }
    }
    make_bad(lexer, word, lexer->at + 1, "this is not a symbol of PlusCal or TLA+");
}

static void cut_backslash(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word)
{
    uint32_t end = lexer->at + 1;
    uint32_t c = code_at(lexer, end);
    if (!is_letter(c)) {
        cut_symbol(lexer, word);
        return;
    }
    if (c < 0x80 && strchr("bBoOhH", (int)c) != NULL && is_digit(code_at(lexer, end + 1))) {
        end++;
        while (is_digit(code_at(lexer, end))) {
            end++;
        }
        if (is_letter(code_at(lexer, end))) {
            make_bad(lexer, word, end + 1, "this is not a number");
        } else {
            make_word(lexer, word, FM_PCAL_WORD_NUMBER, end, 0);
        }
        return;
    }
    while (is_letter(code_at(lexer, end)) && code_at(lexer, end) != '_') {
        end++;
    }
    const char *name = text_of(lexer, lexer->at + 1, end);
    if (table_has(backslash_words, COUNT(backslash_words), name)) {
        make_word(lexer, word, FM_PCAL_WORD_BUILTIN, end, 0);
    } else {
        make_bad(lexer, word, end, "this is not an operator of TLA+");
    }
}

static void cut_string(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word)
{
    uint32_t end = lexer->at + 1;
    for (; code_at(lexer, end) != '"'; end++) {
        uint32_t c = code_at(lexer, end);
        if (c == 0 || c == '\n') {
            make_bad(lexer, word, end, "this string is not closed on its line");
            return;
        }
        if (c == '\\') {
            uint32_t escaped = code_at(lexer, end + 1);
            if (escaped != 0 && escaped != '\n') {
                end++;
                if (escaped >= 0x80 || strchr("\"\\tnfr", (int)escaped) == NULL) {
                    make_bad(lexer, word, end + 1, "this string has an unknown escape");
                    return;
                }
            }
        } else if (c < ' ' || c > '~') {
            make_bad(lexer, word, end, "strings in PlusCal hold ASCII characters only");
            return;
        }
    }
    make_word(lexer, word, FM_PCAL_WORD_STRING, end + 1, 1);
}

/* Four or more `-` or `=`. */
static bool cut_rule(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word, uint32_t c)
{
    uint32_t end = lexer->at;
    while (code_at(lexer, end) == c) {
        end++;
    }
    if (end - lexer->at < 3) {
        return false;
    }
    if (end - lexer->at == 3) {
        make_bad(lexer, word, end, "this is not a symbol of PlusCal or TLA+");
    } else {
        make_word(lexer, word, FM_PCAL_WORD_RULE, end, 0);
    }
    return true;
}

static void cut(struct fm_pcal_lexer *lexer, struct fm_pcal_word *word)
{
    uint32_t c = code_at(lexer, lexer->at);
    if (is_letter(c)) {
        cut_identifier(lexer, word, lexer->at);
    } else if (c == 0x2115 || c == 0x2124 || c == 0x211D) { /* the sets of numbers */
        make_word(lexer, word, FM_PCAL_WORD_IDENT, lexer->at + 1, 0);
    } else if (is_digit(c)) {
        cut_number(lexer, word);
    } else if (c == '\\') {
        cut_backslash(lexer, word);
    } else if (c == '"') {
        cut_string(lexer, word);
    } else if ((c != '-' && c != '=') || !cut_rule(lexer, word, c)) {
        cut_symbol(lexer, word);
    }
}

struct fm_pcal_word fm_pcal_lexer_next(struct fm_pcal_lexer *lexer)
{
    struct fm_pcal_word word = {.kind = FM_PCAL_WORD_END, .text = ""};
    while (is_blank(code_at(lexer, lexer->at)) || code_at(lexer, lexer->at) == '\n') {
        word.newlines += code_at(lexer, lexer->at) == '\n' ? 1 : 0;
        lexer->at++;
    }
    if (lexer->at < lexer->count) {
        cut(lexer, &word);
    } else {
        word.span = (struct fm_span){lexer->number, lexer->end, lexer->end};
    }
    return word;
}

uint32_t fm_pcal_lexer_peek(const struct fm_pcal_lexer *lexer, uint32_t *after)
{
    uint32_t at = lexer->at;
    while (is_blank(code_at(lexer, at)) || code_at(lexer, at) == '\n') {
        at++;
    }
    *after = code_at(lexer, at + 1);
    return code_at(lexer, at);
}

int fm_pcal_lexer_bracket(const struct fm_pcal_word *word)
{
    static const char *const opening[] = {"(", "[", "{", "<<", "⟨"};
    static const char *const closing[] = {")", "}", "]", ">>", "⟩", ">>_", "⟩_", "]_"};
    if (word->kind != FM_PCAL_WORD_BUILTIN) {
        return 0;
    }
    if (table_has(opening, COUNT(opening), word->text)) {
        return 1;
    }
    return table_has(closing, COUNT(closing), word->text) ? -1 : 0;
}
