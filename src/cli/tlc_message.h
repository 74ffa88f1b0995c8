/* TLC's messages, plain or wrapped for tools. */
#ifndef FM_CLI_TLC_MESSAGE_H
#define FM_CLI_TLC_MESSAGE_H

#include "cli/options.h"

#include "base/text.h"

enum fm_tlc_message {
#define TLC_MESSAGE(id, number, class, text) FM_TLC_##id,
#include "cli/tlc_messages.def"
#undef TLC_MESSAGE
    FM_TLC_MESSAGE_COUNT
};

/* Appends the message, unless -suppressMessages names its number. Of the options only `tool` and
 * `suppressed` are looked at. */
void fm_tlc_message_add(const struct fm_options *options, enum fm_tlc_message message,
                        const char *const *arguments, uint32_t count, struct fm_text *out);

/* fm_tlc_say(options, &text, FM_TLC_DEPTH, "7") */
#define fm_tlc_say(options, out, message, ...)                                                     \
    fm_tlc_message_add(options, message, (const char *const[]){__VA_ARGS__},                       \
                       (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)),    \
                       out)

#endif
