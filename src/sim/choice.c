/* Choices as text. The words and the names of fields come from choices.def, so that what is printed
 * can be read, and a new kind of choice needs no code here.
 *
 *     line   =  word [ node [ ">" node ] ] { name "=" number } [ "cut=" number ]
 *
 * A finding is kept and sent around as text, by people who edit it; reading is strict, so that a
 * slip is not taken for another schedule: unknown names, fields that the choice does not have,
 * numbers that do not fit and anything behind the line's end are refused. */
#include "sim/choice.h"

#include "fathom/sut.h"

#include <stdlib.h>
#include <string.h>

static const struct fm_choice_row rows[] = {
#define FM_CHOICE(id, word, place, position, kept, amount, fault)                                  \
    {word, FM_PLACE_##place, position, kept, amount, fault},
#include "sim/choices.def"
#undef FM_CHOICE
};

const struct fm_choice_row *fm_choice_table(void)
{
    return rows;
}

bool fm_choice_runs_code(enum fm_choice_kind kind)
{
    return kind == FM_CHOICE_DELIVER || kind == FM_CHOICE_TIMER || kind == FM_CHOICE_REQUEST ||
           kind == FM_CHOICE_DISK || kind == FM_CHOICE_SENT || kind == FM_CHOICE_CUSTOM ||
           kind == FM_CHOICE_START;
}

struct fm_choice fm_choice_make(enum fm_choice_kind kind)
{
    return (struct fm_choice){.kind = (uint8_t)kind, .cut = FM_CHOICE_WHOLE};
}

static void print_field(struct fm_text *out, const char *name, uint32_t value)
{
    if (name != NULL && value != 0) {
        fm_text_printf(out, " %s=%u", name, value);
    }
}

void fm_choice_print(const struct fm_choice *choice, struct fm_text *out)
{
    const struct fm_choice_row *row = &rows[choice->kind];
    fm_text_puts(out, row->word);
    if (row->place == FM_PLACE_NODE) {
        fm_text_printf(out, " %u", choice->node);
    } else if (row->place == FM_PLACE_CHANNEL) {
        fm_text_printf(out, " %u>%u", choice->node, choice->peer);
    }
    print_field(out, row->position, choice->position);
    print_field(out, row->kept, choice->kept);
    print_field(out, row->amount, choice->amount);
    if (choice->cut != FM_CHOICE_WHOLE) {
        fm_text_printf(out, " cut=%u", choice->cut);
    }
}

/* A decimal number of at most `max` at *at, which is moved behind it. */
static bool read_number(const char **at, uint64_t max, uint32_t *number)
{
    uint64_t value = 0;
    const char *from = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        value = 10 * value + (uint64_t)(**at - '0');
        if (value > max) {
            return false;
        }
    }
    *number = (uint32_t)value;
    return *at != from;
}

/* The node, or the two of a channel, behind the word. */
static const char *read_place(const char **at, const struct fm_choice_row *row,
                              struct fm_choice *choice)
{
    if (row->place == FM_PLACE_NOWHERE) {
        return NULL;
    }
    uint32_t number;
    if (*(*at)++ != ' ' || !read_number(at, FATHOM_NODES_MAX, &number) || number == 0) {
        return "the number of a node is expected behind the word";
    }
    choice->node = (uint8_t)number;
    if (row->place == FM_PLACE_CHANNEL) {
        if (*(*at)++ != '>' || !read_number(at, FATHOM_NODES_MAX, &number) || number == 0) {
            return "a channel is expected, such as 1>2";
        }
        choice->peer = (uint8_t)number;
    }
    return NULL;
}

/* Moves *at behind "name=" when it stands there. */
static bool skip_name(const char **at, const char *name)
{
    size_t length = name == NULL ? 0 : strlen(name);
    if (name == NULL || strncmp(*at, name, length) != 0 || (*at)[length] != '=') {
        return false;
    }
    *at += length + 1;
    return true;
}

static const char *read_field(const char **at, const struct fm_choice_row *row,
                              struct fm_choice *choice)
{
    static const char no_number[] = "a number that fits is expected behind =";
    uint32_t number;
    if (skip_name(at, row->position)) {
        if (!read_number(at, UINT16_MAX, &number)) {
            return no_number;
        }
        choice->position = (uint16_t)number;
    } else if (skip_name(at, row->kept)) {
        if (!read_number(at, UINT16_MAX, &number)) {
            return no_number;
        }
        choice->kept = (uint16_t)number;
    } else if (skip_name(at, row->amount)) {
        if (!read_number(at, UINT32_MAX, &number)) {
            return no_number;
        }
        choice->amount = number;
    } else if (skip_name(at, "cut")) {
        if (!read_number(at, FM_CHOICE_WHOLE - 1, &number)) {
            return no_number;
        }
        choice->cut = (uint8_t)number;
    } else {
        return "this choice has no such field";
    }
    return NULL;
}

const char *fm_choice_parse(const char *line, struct fm_choice *choice)
{
    size_t length = strcspn(line, " ");
    unsigned kind = 0;
    while (kind < FM_CHOICE_COUNT &&
           (strlen(rows[kind].word) != length || strncmp(rows[kind].word, line, length) != 0)) {
        kind++;
    }
    if (kind == FM_CHOICE_COUNT) {
        return "there is no such choice";
    }
    *choice = fm_choice_make((enum fm_choice_kind)kind);
    const char *at = line + length;
    const char *wrong = read_place(&at, &rows[kind], choice);
    while (wrong == NULL && *at != '\0') {
        wrong = *at++ == ' ' ? read_field(&at, &rows[kind], choice) : "a blank is expected";
    }
    return wrong;
}
