/* Filling in the texts of messages.def.
 *
 * The table is data, not format strings: a % that is followed by a digit from 1 to 9 stands for an
 * argument, everything else for itself. All arguments are texts; whoever calls knows how a number
 * is to look. A missing argument is a mistake of ours and stops the program. */
#include "cli/message.h"

#include "base/assert.h"

struct message_row {
    const char *text;
    uint32_t number;
};

static const struct message_row rows[] = {
#define FM_MESSAGE(id, number, text) {text, number},
#include "cli/messages.def"
#undef FM_MESSAGE
};

uint32_t fm_message_number(enum fm_message message)
{
    return rows[message].number;
}

void fm_message_fill(struct fm_text *out, const char *text, const char *const *arguments,
                     uint32_t count)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] >= '1' && at[1] <= '9') {
            uint32_t index = (uint32_t)(at[1] - '1');
            fm_assert(index < count);
            fm_text_puts(out, arguments[index]);
            at++;
        } else {
            fm_text_putc(out, *at);
        }
    }
}

void fm_message_add(struct fm_text *out, enum fm_message message, const char *const *arguments,
                    uint32_t count)
{
    fm_message_fill(out, rows[message].text, arguments, count);
    fm_text_putc(out, '\n');
}
