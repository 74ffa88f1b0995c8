/* How TLC prints a message (tlc2/output/MP.java).
 *
 * Plain, a prefix tells its class:
 *
 *     Error: Deadlock reached.
 *
 * With -tool every message stands between two lines that have its number and class, for editors:
 *
 *     @!@!@STARTMSG 2114:1 @!@!@
 *     Deadlock reached.
 *     @!@!@ENDMSG 2114 @!@!@
 *
 * What the specification prints, and what SANY says, is never wrapped. */
#include "cli/tlc_message.h"

#include "cli/message.h"

/* TLC's numbers of the classes: 2 would be an error of TLC itself. */
enum tlc_class { CLASS_NONE = 0, CLASS_ERROR = 1, CLASS_WARNING = 3, CLASS_STATE = 4 };

static const struct message_row {
    uint32_t number;
    enum tlc_class class;
    const char *text;
} rows[] = {
#define TLC_MESSAGE(id, number, class, text) {number, CLASS_##class, text},
#include "cli/tlc_messages.def"
#undef TLC_MESSAGE
};

static const char *prefix_of(enum tlc_class class)
{
    switch (class) {
    case CLASS_NONE:
        return "";
    case CLASS_ERROR:
        return "Error: ";
    case CLASS_WARNING:
        return "Warning: ";
    case CLASS_STATE:
        return "State ";
    }
    return "";
}

static bool is_suppressed(const struct fm_options *options, uint32_t number)
{
    for (uint32_t i = 0; i < options->suppressed.count; i++) {
        if (options->suppressed.at[i] == number) {
            return true;
        }
    }
    return false;
}

void fm_tlc_message_add(const struct fm_options *options, enum fm_tlc_message message,
                        const char *const *arguments, uint32_t count, struct fm_text *out)
{
    const struct message_row *row = &rows[message];
    /* TLC prints errors whatever is asked for. */
    if (row->class != CLASS_ERROR && is_suppressed(options, row->number)) {
        return;
    }
    if (options->tool) {
        fm_text_printf(out, "@!@!@STARTMSG %u:%d @!@!@\n", row->number, (int)row->class);
    } else {
        fm_text_puts(out, prefix_of(row->class));
    }
    fm_message_fill(out, row->text, arguments, count);
    fm_text_putc(out, '\n');
    if (options->tool) {
        fm_text_printf(out, "@!@!@ENDMSG %u @!@!@\n", row->number);
    }
}
