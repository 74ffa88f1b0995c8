/* Options of PlusCal: `PlusCal options (...)`.
 *
 * The words may stand anywhere in the file, in a comment or not; the first place where they do
 * counts (tlatools, pcal/trans and pcal/ParseAlgorithm.ProcessOptions). What stands there goes
 * before what the command line says: the first kind of fairness in the file replaces the command
 * line's. At a word that is no option pcal.trans stops reading them, prints a line about it, and
 * translates with those read so far; so it is here, and the word is kept for a warning. Some
 * options need their dash in a file, others do not. */
#include "syntax/pcal.h"

#include <string.h>

#define VERSION_NOW 1903u /* thousandths, of the pcal.trans that this follows */

/* Reading the words of one list. */
struct words {
    struct fm_arena *arena;
    const char *text; /* of the source */
    const char *at, *end;
    uint32_t source;
    struct fm_pcal_options *options;
    bool fairness_given; /* in this list */
    bool stop;
};

struct fm_pcal_options fm_pcal_options_default(void)
{
    return (struct fm_pcal_options){
        .label_root = "Lbl_", .version = VERSION_NOW, .line_width = FM_PCAL_LINE_WIDTH};
}

enum fm_pcal_fairness fm_pcal_fairness_of(const struct fm_pcal_options *options)
{
    switch (options->spec) {
    case FM_PCAL_SPEC_WF:
        return FM_PCAL_WEAK;
    case FM_PCAL_SPEC_SF:
        return FM_PCAL_STRONG;
    case FM_PCAL_SPEC_PLAIN:
    case FM_PCAL_SPEC_WF_NEXT:
    case FM_PCAL_SPEC_NOF:
        break;
    }
    return FM_PCAL_UNFAIR;
}

/* The next word, up to a blank, a comma or the closing parenthesis. */
static const char *next_word(struct words *words, size_t *length)
{
    const char *p = words->at;
    while (p < words->end && strchr(" ,\n\r\t", *p) != NULL) {
        p++;
    }
    const char *begin = p;
    while (p < words->end && strchr(" ,)\n\r\t", *p) == NULL) {
        p++;
    }
    words->at = p;
    *length = (size_t)(p - begin);
    return begin;
}

static bool word_is(const char *word, size_t length, const char *name)
{
    return length == strlen(name) && memcmp(word, name, length) == 0;
}

/* The option with its dash, or without. */
static bool option_is(const char *word, size_t length, const char *name)
{
    return word_is(word, length, name) ||
           (length > 0 && *word == '-' && word_is(word + 1, length - 1, name));
}

/* "1.5" in thousandths. */
static uint32_t version_of(const char *word, size_t length)
{
    uint32_t version = 0, decimals = 0;
    bool point = false;
    for (size_t i = 0; i < length; i++) {
        if (word[i] >= '0' && word[i] <= '9' && version < 1000000 && decimals < 3) {
            version = version * 10 + (uint32_t)(word[i] - '0');
            decimals += point ? 1 : 0;
        } else {
            point = true;
        }
    }
    for (; decimals < 3; decimals++) {
        version *= 10;
    }
    return version;
}

bool fm_pcal_version(const char *word, uint32_t *version)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(word, digits);
    size_t decimals = word[whole] == '.' ? strspn(word + whole + 1, digits) : 0;
    size_t length = whole + (decimals > 0 ? 1 + decimals : 0);
    *version = version_of(word, length);
    return whole > 0 && decimals <= 3 && word[length] == '\0' && *version <= VERSION_NOW;
}

static uint32_t number_of(const char *word, size_t length)
{
    uint32_t number = 0;
    for (size_t i = 0; i < length && number < 1000000; i++) {
        if (word[i] < '0' || word[i] > '9') {
            return 0;
        }
        number = number * 10 + (uint32_t)(word[i] - '0');
    }
    return number;
}

static bool take_fairness(struct words *words, const char *word, size_t length)
{
    static const char *const names[] = {
        [FM_PCAL_SPEC_WF] = "wf",
        [FM_PCAL_SPEC_SF] = "sf",
        [FM_PCAL_SPEC_WF_NEXT] = "wfNext",
        [FM_PCAL_SPEC_NOF] = "nof",
    };
    for (size_t i = FM_PCAL_SPEC_WF; i < sizeof names / sizeof names[0]; i++) {
        if (option_is(word, length, names[i])) {
            words->stop = words->fairness_given;
            words->options->spec = words->stop ? words->options->spec : (enum fm_pcal_spec)i;
            words->fairness_given = true;
            return true;
        }
    }
    return false;
}

/* The options that are followed by a word. */
static bool take_pair(struct words *words, const char *word, size_t length)
{
    struct fm_pcal_options *options = words->options;
    bool root = option_is(word, length, "labelRoot");
    bool version = option_is(word, length, "version");
    if (!root && !version && !word_is(word, length, "-lineWidth")) {
        return false;
    }
    word = next_word(words, &length);
    if (root) {
        options->label_root = fm_arena_strndup(words->arena, word, length);
    } else if (version) {
        options->version = version_of(word, length);
    } else if (number_of(word, length) >= FM_PCAL_LINE_WIDTH_MIN) {
        options->line_width = number_of(word, length);
    } else {
        return false;
    }
    return true;
}

static bool take_switch(struct words *words, const char *word, size_t length)
{
    struct fm_pcal_options *options = words->options;
    if (option_is(word, length, "termination")) {
        options->termination = true;
    } else if (option_is(word, length, "noDoneDisjunct")) {
        options->no_done = true;
    } else if (option_is(word, length, "label")) {
        options->add_labels = true;
    } else {
        return word_is(word, length, "-nocfg") || word_is(word, length, "-noold");
    }
    return true;
}

static void read_list(struct words *words)
{
    struct fm_pcal_options *options = words->options;
    while (!words->stop) {
        size_t length;
        const char *word = next_word(words, &length);
        if (length == 0) {
            break;
        }
        if (!take_fairness(words, word, length) && !take_pair(words, word, length) &&
            !take_switch(words, word, length)) {
            uint32_t begin = (uint32_t)(word - words->text);
            options->unknown = (struct fm_span){words->source, begin, begin + (uint32_t)length};
            words->stop = true;
        }
    }
    if (options->termination && options->spec == FM_PCAL_SPEC_PLAIN) {
        options->spec = FM_PCAL_SPEC_WF;
    }
}

void fm_pcal_read_options(struct fm_arena *arena, const struct fm_source *source, uint32_t number,
                          struct fm_pcal_options *options)
{
    const char *text = source->text;
    const char *end = text + source->size;
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), "PlusCal", 7)) != NULL; at++) {
        const char *p = at + 7;
        bool begins = at == text || strchr(" \t\n\r", at[-1]) != NULL;
        p += strspn(p, " \t\n\r");
        if (!begins || p == at + 7 || strncmp(p, "options", 7) != 0) {
            continue;
        }
        p += 7;
        p += strspn(p, " \t\n\r");
        if (*p == '(') {
            struct words words = {.arena = arena,
                                  .text = text,
                                  .at = p + 1,
                                  .end = end,
                                  .source = number,
                                  .options = options};
            read_list(&words);
            return;
        }
    }
}
