/* Messages from the table messages.def. */
#ifndef FM_CLI_MESSAGE_H
#define FM_CLI_MESSAGE_H

#include "base/text.h"

#include <stdint.h>

enum fm_message {
#define FM_MESSAGE(id, number, text) FM_MESSAGE_##id,
#include "cli/messages.def"
#undef FM_MESSAGE
    FM_MESSAGE_COUNT
};

/* Appends the text with arguments for its %1, %2, ... */
void fm_message_fill(struct fm_text *out, const char *text, const char *const *arguments,
                     uint32_t count);
/* Appends the message and a line end; `count` strings replace %1, %2, ... */
void fm_message_add(struct fm_text *out, enum fm_message message, const char *const *arguments,
                    uint32_t count);
/* TLC's number of the message. */
uint32_t fm_message_number(enum fm_message message);

/* fm_say(&text, FM_MESSAGE_DEPTH, "7") */
#define fm_say(out, message, ...)                                                                  \
    fm_message_add(out, message, (const char *const[]){__VA_ARGS__},                               \
                   (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

#endif
