/* Reading TLC's configuration files.
 *
 * The grammar (tlc2's ModelConfig; tokens are those of TLA+, comments included):
 *
 *     file  := statement*
 *     once  := (INIT|NEXT|SPECIFICATION|VIEW|SYMMETRY|ALIAS|_PERIODIC|_RL_REWARD) name
 *            | CHECK_DEADLOCK (TRUE|FALSE)                       given twice: an error
 *     multi := (INVARIANT[S]|PROPERTY|PROPERTIES|CONSTRAINT[S]|ACTION_CONSTRAINT[S]
 *            |  POSTCONDITION[S]|_POSSIBLE) name*
 *     const := CONSTANT[S] ( name "<-" ["[" Mod "]"] name
 *                          | name ["(" value,... ")"] "=" ["[" Mod "]"] value )*
 *     stat  := (DISTRIBUTION|COST) name "=" law         in the configuration, and in a file of
 *            | (PROBABILITY|MEASURE|REACH) (name|STRING)*   statistics; these in the latter alone
 *     law   := token "(" [argument,...] ")" | DECIMAL   argument := DECIMAL | value
 *     name  := token ("!" token)*        an operator symbol is a token
 *     value := NUMBER | STRING | TRUE | FALSE | "{" [value,...] "}" | token
 *
 * Any other token in the place of a value is a model value of that spelling. A list ends at the
 * next statement word (DISTRIBUTION and COST are such words only before a name and `=`), so a
 * constant cannot be called NEXT. TLC takes a lexical error for the end of the file and silently
 * ignores the rest; we report it. We also take `-5` for a number, and `A!B` for a name where TLC
 * takes single tokens.
 *
 * TLC interns a string or model value when it meets it here, before any module is parsed: the ranks
 * given out while reading are the first ones (docs/interning-order.md). */
#include "semantics/config.h"

#include "base/assert.h"
#include "base/vec.h"
#include "syntax/operator.h"
#include "value/raise.h"
#include "value/set.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sets within sets of a value: deeper is junk, not a configuration. */
#define NESTING_MAX 64u

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SYMBOL };

enum statement {
    STATEMENT_NONE,
    STATEMENT_INIT,
    STATEMENT_NEXT,
    STATEMENT_SPECIFICATION,
    STATEMENT_VIEW,
    STATEMENT_SYMMETRY,
    STATEMENT_ALIAS,
    STATEMENT_PERIODIC,
    STATEMENT_REWARD,
    STATEMENT_CHECK_DEADLOCK,
    STATEMENT_INVARIANT,
    STATEMENT_PROPERTY,
    STATEMENT_CONSTRAINT,
    STATEMENT_ACTION_CONSTRAINT,
    STATEMENT_POSTCONDITION,
    STATEMENT_POSSIBLE,
    STATEMENT_CONSTANT,
    STATEMENT_STATISTIC
};

static const struct {
    const char *word;
    enum statement statement;
} statement_words[] = {
    {"INIT", STATEMENT_INIT},
    {"NEXT", STATEMENT_NEXT},
    {"SPECIFICATION", STATEMENT_SPECIFICATION},
    {"VIEW", STATEMENT_VIEW},
    {"SYMMETRY", STATEMENT_SYMMETRY},
    {"ALIAS", STATEMENT_ALIAS},
    {"_PERIODIC", STATEMENT_PERIODIC},
    {"_RL_REWARD", STATEMENT_REWARD},
    {"CHECK_DEADLOCK", STATEMENT_CHECK_DEADLOCK},
    {"INVARIANT", STATEMENT_INVARIANT},
    {"INVARIANTS", STATEMENT_INVARIANT},
    {"PROPERTY", STATEMENT_PROPERTY},
    {"PROPERTIES", STATEMENT_PROPERTY},
    {"CONSTRAINT", STATEMENT_CONSTRAINT},
    {"CONSTRAINTS", STATEMENT_CONSTRAINT},
    {"ACTION_CONSTRAINT", STATEMENT_ACTION_CONSTRAINT},
    {"ACTION_CONSTRAINTS", STATEMENT_ACTION_CONSTRAINT},
    {"POSTCONDITION", STATEMENT_POSTCONDITION},
    {"POSTCONDITIONS", STATEMENT_POSTCONDITION},
    {"_POSSIBLE", STATEMENT_POSSIBLE},
    {"CONSTANT", STATEMENT_CONSTANT},
    {"CONSTANTS", STATEMENT_CONSTANT},
};

/* ORDER(statistic): the first two in configurations too. */
static const struct {
    const char *word;
    enum fm_config_statistic_kind kind;
} statistic_words[] = {
    {"DISTRIBUTION", FM_STATISTIC_DISTRIBUTION},
    {"COST", FM_STATISTIC_COST},
    {"PROBABILITY", FM_STATISTIC_PROBABILITY},
    {"MEASURE", FM_STATISTIC_MEASURE},
    {"REACH", FM_STATISTIC_REACH},
};

#define STATISTIC_WORD_COUNT (sizeof statistic_words / sizeof *statistic_words)

#define STATEMENT_WORD_COUNT (sizeof statement_words / sizeof *statement_words)

struct reader {
    const struct fm_source *source;
    uint32_t number; /* of the source */
    uint32_t offset; /* behind the current token */
    struct fm_diags *diags;
    struct fm_value_context *context;
    struct fm_arena *arena;
    struct fm_config *config;
    enum token_kind kind; /* the current token */
    struct fm_span span;
    bool failed;
    bool statistics_only; /* a file of statistics */
    FM_VEC(struct fm_config_statistic) statistics;
    FM_VEC(struct fm_config_constant) constants;
    FM_VEC(fm_value) model_values;
};

/* --- tokens --- */

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_' || ((unsigned char)byte & 0x80) != 0;
}

static struct fm_diag *fail_at(struct reader *reader, enum fm_code code, struct fm_span span,
                               const char *message)
{
    reader->failed = true;
    return fm_diag_report(reader->diags, code, span, "%s", message);
}

static struct fm_span span_from(const struct reader *reader, uint32_t begin)
{
    return (struct fm_span){reader->number, begin, reader->offset};
}

/* A NUL byte says that it is no text: then nothing is read. */
static bool check_text(struct reader *reader)
{
    const struct fm_source *source = reader->source;
    const char *nul = memchr(source->text, 0, source->size);
    if (nul == NULL) {
        return true;
    }
    uint32_t at = (uint32_t)(nul - source->text);
    fail_at(reader, FM_CODE_3001, (struct fm_span){reader->number, at, at + 1},
            "this is not a text file: it holds a NUL byte");
    return false;
}

/* Skips one nested block comment; the offset stands at its `(*`. */
static void skip_block_comment(struct reader *reader)
{
    uint32_t begin = reader->offset;
    const char *text = reader->source->text;
    uint32_t depth = 0;
    while (reader->offset < reader->source->size) {
        const char *at = text + reader->offset;
        if (at[0] == '(' && at[1] == '*') {
            depth++;
            reader->offset += 2;
        } else if (at[0] == '*' && at[1] == ')') {
            reader->offset += 2;
            if (--depth == 0) {
                return;
            }
        } else {
            reader->offset++;
        }
    }
    fail_at(reader, FM_CODE_3007, (struct fm_span){reader->number, begin, begin + 2},
            "this comment is not closed by `*)`");
}

static void skip_blanks(struct reader *reader)
{
    const char *text = reader->source->text;
    while (reader->offset < reader->source->size) {
        const char *at = text + reader->offset;
        if (isspace((unsigned char)*at)) {
            reader->offset++;
        } else if (at[0] == '\\' && at[1] == '*') {
            while (reader->offset < reader->source->size && text[reader->offset] != '\n') {
                reader->offset++;
            }
        } else if (at[0] == '(' && at[1] == '*') {
            skip_block_comment(reader);
        } else {
            return;
        }
    }
}

static void read_string(struct reader *reader)
{
    const char *text = reader->source->text;
    uint32_t begin = reader->offset++;
    while (reader->offset < reader->source->size && text[reader->offset] != '"' &&
           text[reader->offset] != '\n') {
        reader->offset += text[reader->offset] == '\\' ? 2 : 1;
    }
    if (reader->offset >= reader->source->size || text[reader->offset] != '"') {
        reader->offset = reader->offset > reader->source->size ? reader->source->size
                                                               : reader->offset;
        fail_at(reader, FM_CODE_3007, span_from(reader, begin),
                "this string is not closed by `\"`");
    } else {
        reader->offset++;
    }
    reader->kind = TOKEN_STRING;
}

static void read_word(struct reader *reader)
{
    const char *text = reader->source->text;
    bool digits = true;
    while (is_word_byte(text[reader->offset])) {
        digits = digits && isdigit((unsigned char)text[reader->offset]);
        reader->offset++;
    }
    reader->kind = digits ? TOKEN_NUMBER : TOKEN_WORD;
}

/* Bytes of the longest operator that begins here; 0 when none does. */
static uint32_t operator_length(const char *at)
{
    uint32_t count, longest = 0;
    const struct fm_operator_spelling *spellings = fm_operator_spellings(&count);
    for (uint32_t i = 0; i < count; i++) {
        size_t length = strlen(spellings[i].text);
        if (length > longest && strncmp(at, spellings[i].text, length) == 0) {
            longest = (uint32_t)length;
        }
    }
    return longest;
}

static void read_symbol(struct reader *reader)
{
    const char *at = reader->source->text + reader->offset;
    uint32_t begin = reader->offset;
    reader->kind = TOKEN_SYMBOL;
    if (at[0] == '<' && at[1] == '-') {
        reader->offset += 2;
        return;
    }
    reader->offset++;
    if (at[0] == '-' && isdigit((unsigned char)at[1])) {
        read_word(reader);
    } else if (*at == '\\' && isalpha((unsigned char)at[1])) {
        read_word(reader);
        reader->kind = TOKEN_WORD;
    } else if (strchr("={}[](),!", *at) == NULL || *at == '\0') {
        uint32_t length = operator_length(at);
        if (length > 0) {
            reader->offset = begin + length;
        } else if (strchr("@:\\", *at) == NULL || *at == '\0') {
            fail_at(reader, FM_CODE_3001, span_from(reader, begin),
                    "this character has no meaning in a configuration");
        }
    }
}

static void advance(struct reader *reader)
{
    skip_blanks(reader);
    uint32_t begin = reader->offset;
    if (begin >= reader->source->size) {
        reader->kind = TOKEN_END;
    } else if (reader->source->text[begin] == '"') {
        read_string(reader);
    } else if (is_word_byte(reader->source->text[begin])) {
        read_word(reader);
    } else {
        read_symbol(reader);
    }
    reader->span = span_from(reader, begin);
}

static const char *token_text(const struct reader *reader)
{
    return reader->source->text + reader->span.begin;
}

static bool is_text(const struct reader *reader, const char *text)
{
    size_t length = reader->span.end - reader->span.begin;
    return reader->kind != TOKEN_END && reader->kind != TOKEN_STRING && strlen(text) == length &&
           memcmp(token_text(reader), text, length) == 0;
}

/* Whether a name and `=` follow the current word. */
static bool is_equation(const struct reader *reader)
{
    struct reader ahead = *reader;
    const char *word = token_text(reader);
    if (!isspace((unsigned char)word[reader->span.end - reader->span.begin])) {
        return false;
    }
    skip_blanks(&ahead);
    if (ahead.offset >= ahead.source->size || !is_word_byte(ahead.source->text[ahead.offset])) {
        return false;
    }
    while (is_word_byte(ahead.source->text[ahead.offset]) ||
           ahead.source->text[ahead.offset] == '!') {
        ahead.offset++;
    }
    skip_blanks(&ahead);
    return ahead.offset < ahead.source->size && ahead.source->text[ahead.offset] == '=';
}

/* The number of the word among statistic_words; their count when it is none. */
static size_t statistic_here(const struct reader *reader)
{
    size_t at = 0;
    while (at < STATISTIC_WORD_COUNT &&
           !(reader->kind == TOKEN_WORD && is_text(reader, statistic_words[at].word))) {
        at++;
    }
    bool by_equation = at < STATISTIC_WORD_COUNT && statistic_words[at].kind <= FM_STATISTIC_COST;
    if (!reader->statistics_only && !(by_equation && is_equation(reader))) {
        return STATISTIC_WORD_COUNT;
    }
    return at;
}

static enum statement statement_here(const struct reader *reader)
{
    if (statistic_here(reader) < STATISTIC_WORD_COUNT) {
        return STATEMENT_STATISTIC;
    }
    if (reader->statistics_only) {
        return STATEMENT_NONE;
    }
    for (size_t i = 0; reader->kind == TOKEN_WORD && i < STATEMENT_WORD_COUNT; i++) {
        if (is_text(reader, statement_words[i].word)) {
            return statement_words[i].statement;
        }
    }
    return STATEMENT_NONE;
}

/* --- names and values --- */

static bool at_list_end(const struct reader *reader)
{
    return reader->kind == TOKEN_END || statement_here(reader) != STATEMENT_NONE;
}

/* The token as definitions are named: operators by their canonical spelling. */
static void add_spelling(const struct reader *reader, struct fm_text *text)
{
    size_t length = reader->span.end - reader->span.begin;
    enum fm_operator op = fm_operator_find(token_text(reader), length);
    if (op == FM_OPERATOR_NONE) {
        fm_text_add(text, token_text(reader), length);
    } else {
        fm_text_puts(text, fm_operator_info(op)->name);
    }
}

/* name := token ("!" token)*; name NULL after an error. */
static struct fm_config_name read_name(struct reader *reader, const char *what)
{
    struct fm_config_name result = {NULL, reader->span};
    if (at_list_end(reader) || reader->kind == TOKEN_STRING) {
        reader->failed = true;
        fm_diag_report(reader->diags, FM_CODE_3003, reader->span, "expected %s here", what);
        return result;
    }
    struct fm_text text = {0};
    for (;;) {
        add_spelling(reader, &text);
        result.span = fm_span_join(result.span, reader->span);
        advance(reader);
        if (!is_text(reader, "!")) {
            break;
        }
        fm_text_putc(&text, '!');
        advance(reader);
        if (at_list_end(reader)) {
            fail_at(reader, FM_CODE_3003, reader->span, "expected a name behind `!`");
            break;
        }
    }
    result.name = fm_symbol_intern(reader->context->symbols, text.at, text.length);
    fm_text_deinit(&text);
    return result;
}

static bool expect(struct reader *reader, const char *symbol)
{
    if (is_text(reader, symbol)) {
        advance(reader);
        return true;
    }
    if (!reader->failed) { /* else this follows from the error before */
        reader->failed = true;
        fm_diag_report(reader->diags, FM_CODE_3004, reader->span, "expected `%s` here", symbol);
    }
    return false;
}

static fm_value read_string_value(struct reader *reader)
{
    struct fm_text text = {0};
    const char *at = token_text(reader);
    size_t length = reader->span.end - reader->span.begin;
    for (size_t i = 1; i + 1 < length; i++) {
        if (at[i] == '\\' && i + 2 < length) {
            i++;
        }
        fm_text_putc(&text, at[i]);
    }
    fm_value value = fm_string_of(reader->context, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return value;
}

static fm_value read_value(struct reader *reader, uint32_t depth);

/* Whether TLC compares them: untyped model values with everything, others with their kind. What
 * differs inside of sets of the same size is found when the outer set is made. */
static bool are_comparable(fm_value a, fm_value b)
{
    enum fm_kind kind_a = fm_value_kind(a), kind_b = fm_value_kind(b);
    if ((kind_a == FM_KIND_MODEL && fm_model_type(a) == 0) ||
        (kind_b == FM_KIND_MODEL && fm_model_type(b) == 0)) {
        return true;
    }
    bool sets = fm_value_is_set(a) && fm_value_is_set(b);
    bool types = kind_a != FM_KIND_MODEL || kind_b != FM_KIND_MODEL ||
                 fm_model_type(a) == fm_model_type(b);
    return sets || (kind_a == kind_b && types);
}

static void check_comparable(struct reader *reader, struct fm_span span, fm_value before,
                             fm_value element)
{
    if (!are_comparable(before, element)) {
        reader->failed = true;
        fm_diag_report(reader->diags, FM_CODE_4001, span,
                       "%s and %s are elements of one set, but cannot be compared",
                       fm_value_describe(reader->context, before),
                       fm_value_describe(reader->context, element));
    }
}

static fm_value read_set(struct reader *reader, uint32_t depth)
{
    FM_VEC(fm_value) elements = {0};
    advance(reader);
    while (!is_text(reader, "}") && !reader->failed) {
        struct fm_span span = reader->span;
        fm_value element = read_value(reader, depth + 1);
        for (uint32_t i = 0; i < elements.count && !reader->failed; i++) {
            check_comparable(reader, span, elements.at[i], element);
        }
        fm_vec_push(&elements, element);
        if (is_text(reader, ",")) {
            advance(reader);
        } else if (!is_text(reader, "}")) {
            expect(reader, "}");
        }
    }
    fm_value set = fm_none();
    if (!reader->failed) {
        advance(reader);
        set = fm_set(reader->context, elements.at, elements.count);
    }
    fm_vec_deinit(&elements);
    return set;
}

static fm_value read_model_value(struct reader *reader)
{
    const struct fm_symbol *symbol = fm_symbol_intern(reader->context->symbols, token_text(reader),
                                                      reader->span.end - reader->span.begin);
    fm_value value = fm_model_value(reader->context, symbol);
    for (uint32_t i = 0; i < reader->model_values.count; i++) {
        if (fm_value_same(reader->model_values.at[i], value)) {
            return value;
        }
    }
    fm_vec_push(&reader->model_values, value);
    return value;
}

static fm_value read_value(struct reader *reader, uint32_t depth)
{
    fm_value value;
    if (depth > NESTING_MAX) {
        fail_at(reader, FM_CODE_3005, reader->span, "this value is nested too deeply");
        return fm_none();
    }
    if (is_text(reader, "{")) {
        return read_set(reader, depth);
    }
    if (reader->kind == TOKEN_END || reader->kind == TOKEN_SYMBOL) {
        struct fm_diag *diag = fail_at(reader, FM_CODE_3005, reader->span, "expected a value here");
        fm_diag_hint(reader->diags, diag,
                     "values are numbers, strings, TRUE, FALSE, model values and sets of these; "
                     "others are defined in a module and given by `C <- Op`");
        return fm_none();
    }
    if (reader->kind == TOKEN_NUMBER) {
        value = fm_int_parse(reader->context, token_text(reader),
                             reader->span.end - reader->span.begin);
    } else if (reader->kind == TOKEN_STRING) {
        value = read_string_value(reader);
    } else if (is_text(reader, "TRUE") || is_text(reader, "FALSE")) {
        value = fm_bool(is_text(reader, "TRUE"));
    } else {
        value = read_model_value(reader);
    }
    advance(reader);
    return value;
}

/* --- statements --- */

static void read_once(struct reader *reader, struct fm_config_name *into, struct fm_span keyword)
{
    if (into->name != NULL) {
        struct fm_diag *diag = fail_at(reader, FM_CODE_3006, keyword,
                                       "this statement was given before");
        fm_diag_hint_at(reader->diags, diag, into->span, "the first one names `%s`",
                        into->name->text);
    }
    *into = read_name(reader, "a name");
}

static void read_names(struct reader *reader, struct fm_config_names *into)
{
    FM_VEC(struct fm_config_name) names = {0};
    for (uint32_t i = 0; i < into->count; i++) {
        fm_vec_push(&names, into->at[i]);
    }
    while (!at_list_end(reader) && !reader->failed) {
        struct fm_config_name name = read_name(reader, "a name");
        fm_vec_push(&names, name);
    }
    into->at = fm_arena_copy(reader->arena, names.at, names.count * sizeof *names.at);
    into->count = names.count;
    fm_vec_deinit(&names);
}

static void read_check_deadlock(struct reader *reader, struct fm_span keyword)
{
    bool value = is_text(reader, "TRUE");
    if (!value && !is_text(reader, "FALSE")) {
        fail_at(reader, FM_CODE_3004, reader->span, "expected TRUE or FALSE here");
        return;
    }
    if (reader->config->has_check_deadlock) {
        fail_at(reader, FM_CODE_3006, keyword, "this statement was given before");
    }
    reader->config->has_check_deadlock = true;
    reader->config->check_deadlock = value;
    advance(reader);
}

/* ["[" Mod "]"]; name NULL when there is none. */
static struct fm_config_name read_module_scope(struct reader *reader)
{
    struct fm_config_name module = {NULL, reader->span};
    if (is_text(reader, "[")) {
        advance(reader);
        module = read_name(reader, "the name of a module");
        expect(reader, "]");
    }
    return module;
}

static void read_arguments(struct reader *reader, struct fm_config_constant *constant)
{
    FM_VEC(fm_value) arguments = {0};
    do {
        advance(reader);
        fm_value argument = read_value(reader, 0);
        fm_vec_push(&arguments, argument);
    } while (is_text(reader, ",") && !reader->failed);
    expect(reader, ")");
    constant->arguments = fm_arena_copy(reader->arena, arguments.at,
                                        arguments.count * sizeof *arguments.at);
    constant->argument_count = arguments.count;
    fm_vec_deinit(&arguments);
}

static void read_constant(struct reader *reader)
{
    struct fm_config_constant constant = {0};
    constant.name = read_name(reader, "a constant");
    if (is_text(reader, "<-")) {
        advance(reader);
        constant.kind = FM_CONSTANT_REPLACE;
        constant.module = read_module_scope(reader);
        constant.target = read_name(reader, "the name of an operator");
    } else {
        if (is_text(reader, "(")) {
            read_arguments(reader, &constant);
        }
        if (!is_text(reader, "=")) {
            struct fm_diag *diag = fail_at(reader, FM_CODE_3004, reader->span,
                                           "expected `=` or `<-` here");
            fm_diag_hint(reader->diags, diag,
                         "`C = value` gives a constant a value, `C <- Op` replaces it by `Op`");
            return;
        }
        advance(reader);
        constant.kind = FM_CONSTANT_VALUE;
        constant.module = read_module_scope(reader);
        constant.value = read_value(reader, 0);
    }
    fm_vec_push(&reader->constants, constant);
}

/* --- statistics --- */

/* A decimal goes beyond the token: `0.25` begins with the token `0`. */
static struct fm_config_argument read_argument(struct reader *reader)
{
    struct fm_config_argument argument = {NAN, fm_none(), reader->span};
    const char *text = token_text(reader);
    if (reader->kind == TOKEN_END) {
        fail_at(reader, FM_CODE_3005, reader->span, "expected a number or a value here");
        return argument;
    }
    bool negative = text[0] == '-';
    if (!isdigit((unsigned char)text[negative ? 1 : 0])) {
        argument.value = read_value(reader, 0);
        return argument;
    }
    char *end;
    argument.number = strtod(text, &end);
    if (reader->kind == TOKEN_NUMBER && end == reader->source->text + reader->span.end) {
        argument.value = read_value(reader, 0);
        return argument;
    }
    reader->offset = (uint32_t)(end - reader->source->text);
    argument.span = span_from(reader, reader->span.begin);
    advance(reader);
    return argument;
}

static struct fm_config_law read_law(struct reader *reader)
{
    struct fm_config_law law = {{NULL, reader->span}, NULL, 0};
    FM_VEC(struct fm_config_argument) arguments = {NULL, 0, 0};
    if (reader->kind == TOKEN_WORD) {
        law.name = read_name(reader, "a distribution");
        if (!is_text(reader, "(")) {
            fail_at(reader, FM_CODE_3004, reader->span, "expected `(` behind the distribution");
            return law;
        }
        advance(reader);
        while (!reader->failed && !is_text(reader, ")")) {
            fm_vec_push(&arguments, read_argument(reader));
            if (is_text(reader, ",")) {
                advance(reader);
            } else if (!is_text(reader, ")")) {
                fail_at(reader, FM_CODE_3004, reader->span, "expected `,` or `)` here");
            }
        }
        advance(reader);
    } else {
        fm_vec_push(&arguments, read_argument(reader));
    }
    law.arguments = fm_arena_copy(reader->arena, arguments.at,
                                  arguments.count * sizeof *arguments.at);
    law.argument_count = arguments.count;
    fm_vec_deinit(&arguments);
    return law;
}

/* An operator, or an expression in quotes. */
static void read_observed(struct reader *reader, enum fm_config_statistic_kind kind)
{
    struct fm_config_statistic statistic = {.kind = kind, .name = {NULL, reader->span}};
    if (reader->kind == TOKEN_STRING) {
        statistic.text = fm_arena_strndup(reader->arena, token_text(reader) + 1,
                                          reader->span.end - reader->span.begin - 2);
        statistic.name.name = fm_symbol_intern(reader->context->symbols, statistic.text,
                                               strlen(statistic.text));
        advance(reader);
    } else {
        statistic.name = read_name(reader, "the name of an operator, or an expression in quotes");
        statistic.text = statistic.name.name == NULL ? "" : statistic.name.name->text;
    }
    fm_vec_push(&reader->statistics, statistic);
}

static void read_statistic(struct reader *reader, enum fm_config_statistic_kind kind)
{
    if (kind > FM_STATISTIC_COST) {
        do {
            read_observed(reader, kind);
        } while (!at_list_end(reader) && !reader->failed);
        return;
    }
    struct fm_config_statistic statistic = {.kind = kind};
    statistic.name = read_name(reader, "the name of an operator");
    if (!is_text(reader, "=")) {
        fail_at(reader, FM_CODE_3004, reader->span, "expected `=` here");
        return;
    }
    advance(reader);
    statistic.law = read_law(reader);
    fm_vec_push(&reader->statistics, statistic);
}

/* As TLC: what only simulation uses is read, and does nothing in a search. */
static void read_simulated(struct reader *reader, struct fm_config_name *into,
                           struct fm_span keyword, const char *word)
{
    fm_diag_report(reader->diags, FM_CODE_3008, keyword,
                   "%s has no effect: only simulation uses it", word);
    read_once(reader, into, keyword);
}

static void refuse_word(struct reader *reader)
{
    struct fm_diag *diag = fail_at(reader, FM_CODE_3002, reader->span,
                                   "expected a statement such as INIT or INVARIANT");
    const char *words[STATEMENT_WORD_COUNT];
    for (size_t i = 0; i < STATEMENT_WORD_COUNT; i++) {
        words[i] = statement_words[i].word;
    }
    struct fm_text text = {0};
    fm_text_add(&text, token_text(reader), reader->span.end - reader->span.begin);
    const char *nearest = fm_diag_nearest(fm_text_string(&text), words, STATEMENT_WORD_COUNT);
    if (nearest != NULL) {
        fm_diag_hint(reader->diags, diag, "did you mean `%s`?", nearest);
    }
    fm_text_deinit(&text);
}

static void read_statement(struct reader *reader)
{
    struct fm_config *config = reader->config;
    struct fm_span keyword = reader->span;
    enum statement statement = statement_here(reader);
    size_t statistic = statistic_here(reader);
    if (statement != STATEMENT_NONE) {
        advance(reader);
    }
    switch (statement) {
    case STATEMENT_NONE:
        refuse_word(reader);
        return;
    case STATEMENT_INIT:
        read_once(reader, &config->init, keyword);
        return;
    case STATEMENT_NEXT:
        read_once(reader, &config->next, keyword);
        return;
    case STATEMENT_SPECIFICATION:
        read_once(reader, &config->specification, keyword);
        return;
    case STATEMENT_VIEW:
        read_once(reader, &config->view, keyword);
        return;
    case STATEMENT_SYMMETRY:
        read_once(reader, &config->symmetry, keyword);
        return;
    case STATEMENT_ALIAS:
        read_once(reader, &config->alias, keyword);
        return;
    case STATEMENT_PERIODIC:
        read_simulated(reader, &config->periodic, keyword, "_PERIODIC");
        return;
    case STATEMENT_REWARD:
        read_simulated(reader, &config->reward, keyword, "_RL_REWARD");
        return;
    case STATEMENT_CHECK_DEADLOCK:
        read_check_deadlock(reader, keyword);
        return;
    case STATEMENT_INVARIANT:
        read_names(reader, &config->invariants);
        return;
    case STATEMENT_PROPERTY:
        read_names(reader, &config->properties);
        return;
    case STATEMENT_CONSTRAINT:
        read_names(reader, &config->constraints);
        return;
    case STATEMENT_ACTION_CONSTRAINT:
        read_names(reader, &config->action_constraints);
        return;
    case STATEMENT_POSTCONDITION:
        read_names(reader, &config->postconditions);
        return;
    case STATEMENT_POSSIBLE:
        read_names(reader, &config->possible);
        return;
    case STATEMENT_STATISTIC:
        read_statistic(reader, statistic_words[statistic].kind);
        return;
    case STATEMENT_CONSTANT:
        while (!at_list_end(reader) && !reader->failed) {
            read_constant(reader);
        }
        return;
    }
    fm_unreachable();
}

/* After an error: on to the next statement word, so that later mistakes are reported too. */
static void resume(struct reader *reader)
{
    while (!at_list_end(reader)) {
        advance(reader);
    }
}

static bool read_all(struct reader *reader)
{
    bool failed = false;
    if (!check_text(reader)) {
        return false;
    }
    advance(reader);
    while (reader->kind != TOKEN_END) {
        reader->failed = false;
        uint32_t begin = reader->span.begin;
        read_statement(reader);
        failed = failed || reader->failed;
        if (reader->failed) {
            if (reader->span.begin == begin) {
                advance(reader);
            }
            resume(reader);
        }
    }
    return !failed && !reader->failed;
}

static void keep_statistics(struct reader *reader, struct fm_config_statistics *statistics)
{
    statistics->at = fm_arena_copy(reader->arena, reader->statistics.at,
                                   reader->statistics.count * sizeof *reader->statistics.at);
    statistics->count = reader->statistics.count;
    fm_vec_deinit(&reader->statistics);
}

bool fm_config_parse_statistics(uint32_t source, struct fm_diags *diags,
                                struct fm_value_context *context, struct fm_arena *arena,
                                struct fm_config_statistics *statistics)
{
    struct fm_config unused = {.path = NULL};
    struct reader reader = {
        .source = fm_source_get(fm_diags_sources(diags), source),
        .number = source,
        .diags = diags,
        .context = context,
        .arena = arena,
        .config = &unused,
        .statistics_only = true,
    };
    bool good = read_all(&reader);
    keep_statistics(&reader, statistics);
    fm_vec_deinit(&reader.constants);
    fm_vec_deinit(&reader.model_values);
    return good;
}

bool fm_config_parse(uint32_t source, struct fm_diags *diags, struct fm_value_context *context,
                     struct fm_arena *arena, struct fm_config *config)
{
    memset(config, 0, sizeof *config);
    config->check_deadlock = true;
    struct reader reader = {
        .source = fm_source_get(fm_diags_sources(diags), source),
        .number = source,
        .diags = diags,
        .context = context,
        .arena = arena,
        .config = config,
    };
    config->path = reader.source->path;
    bool good = read_all(&reader);
    keep_statistics(&reader, &config->statistics);
    config->constants = fm_arena_copy(arena, reader.constants.at,
                                      reader.constants.count * sizeof *reader.constants.at);
    config->constant_count = reader.constants.count;
    config->model_values = fm_arena_copy(arena, reader.model_values.at,
                                         reader.model_values.count * sizeof(fm_value));
    config->model_value_count = reader.model_values.count;
    fm_vec_deinit(&reader.constants);
    fm_vec_deinit(&reader.model_values);
    return good;
}
