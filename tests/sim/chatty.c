/* A target that does all that a diagram shows, with words that try to get out of it: markup, text
 * that is no UTF-8, characters of control, wide letters, long lines. Fails when node
 * FAILING has heard LIMIT messages; for tests/e2e/test_diagram.py. */
#include <fathom/sut.h>

#include <stdlib.h>
#include <string.h>

#ifndef LIMIT
#define LIMIT 40
#endif
#ifndef FAILING
#define FAILING 2
#endif

#define HAN "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2\xe5\xad\x97"
#define ONE "onewordwithoutanyblankthatislongerthananycardcanbewidesothatithastobebroken"

static const char *const words[] = {
    "<script>alert(1)</script>",
    "]]> & \"quoted\" 'text' </text></svg><!--",
    "broken \xff\xfe\xc3( \xed\xa0\x80 \x01\x02\x1b[31m \x7f \xef\xbf\xbf end",
    HAN HAN HAN HAN,
    ONE ONE,
    "many words that are broken at blanks, again and again, until there are too many of them, and "
    "the rest of them is cut off where nobody will miss it, because the tooltip has the whole text",
};
enum { WORDS = sizeof words / sizeof words[0] };

struct node {
    struct fathom_node *self;
    unsigned heard, said;
    uint64_t asked;
};

static struct fathom_bytes word(unsigned number)
{
    const char *text = words[number % WORDS];
    return (struct fathom_bytes){text, strlen(text)};
}

static void *chatty_start(struct fathom_node *self, bool first)
{
    struct node *node = calloc(1, sizeof *node);
    node->self = self;
    fathom_put(self, first ? "<file&>" : "again", word(1));
    fathom_timer(self, 1, 50);
    return node;
}

static void chatty_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct node *node = state;
    (void)message;
    node->heard++;
    if (node->heard % 3 == 0) {
        (void)fathom_send_tracked(node->self, from, word(node->heard));
    }
    if (fathom_id(node->self) == FAILING && node->heard == LIMIT) {
        fathom_fail(node->self, "%s %u </title> \xff", words[0], node->heard);
    }
}

static void chatty_timer(void *state, uint64_t timer)
{
    struct node *node = state;
    (void)timer;
    struct fathom_record *record = fathom_event(node->self, "says <b>&amp;\x01\xff");
    fathom_send(node->self, 1 + fathom_id(node->self) % fathom_nodes(node->self), word(node->said));
    fathom_send(node->self, 1 + node->said % fathom_nodes(node->self), word(node->said + 1));
    fathom_set_text(record, "what <i>", words[node->said % WORDS]);
    node->said++;
    (void)fathom_append(node->self, "log", word(node->said), FATHOM_DURABLE);
    fathom_timer(node->self, 1, 50);
}

static void chatty_done(void *state, uint64_t operation, enum fathom_status status)
{
    (void)state;
    (void)operation;
    (void)status;
}

static void chatty_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct node *node = state;
    (void)payload;
    fathom_reply(node->self, request,
                 request % 3 == 0   ? FATHOM_REPLY_OK
                 : request % 3 == 1 ? FATHOM_REPLY_FAIL
                                    : FATHOM_REPLY_UNKNOWN,
                 word(0));
}

static void chatty_custom(void *state, const char *kind, unsigned argument)
{
    struct node *node = state;
    (void)kind;
    fathom_send(node->self, argument, word(2));
    fathom_cancel(node->self, 1);
    fathom_timer(node->self, 1, 10);
}

static void chatty_observe(const void *state, struct fathom_record *record)
{
    const struct node *node = state;
    fathom_set_int(record, "heard", node->heard);
    fathom_set_text(record, "said <u>", words[node->said % WORDS]);
}

static void chatty_describe(struct fathom_bytes message, struct fathom_record *record)
{
    char text[400];
    size_t size = message.size < sizeof text - 1 ? message.size : sizeof text - 1;
    memcpy(text, message.data, size);
    text[size] = '\0';
    fathom_set_text(record, "type", text);
    fathom_set_int(record, "size & <more>", (int64_t)message.size);
}

const struct fathom_sut *fathom_sut(void)
{
    static const char *const customs[] = {"<em>greet</em>", NULL};
    static const struct fathom_sut sut = {
        .abi = FATHOM_SUT_ABI,
        .name = "chatty",
        .version = "<1>",
        .contract = FATHOM_REORDER | FATHOM_DROP | FATHOM_DUPLICATE | FATHOM_PARTITION |
                    FATHOM_CRASH | FATHOM_CRASH_INSIDE | FATHOM_PAUSE | FATHOM_CLOCK_JUMP |
                    FATHOM_WRITE_FAIL | FATHOM_DISK_FULL | FATHOM_TORN_WRITE | FATHOM_BIT_ROT,
        .start = chatty_start,
        .drop = free,
        .deliver = chatty_deliver,
        .timer = chatty_timer,
        .done = chatty_done,
        .client = chatty_client,
        .customs = customs,
        .custom = chatty_custom,
        .observe = chatty_observe,
        .describe = chatty_describe,
    };
    return &sut;
}
