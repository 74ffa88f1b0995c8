/* Maelstrom's workloads: what clients ask, and what they may see (its doc/workloads.md).
 *
 *     echo          the answer carries what the request did
 *     unique-ids    no two answers carry equal identifiers
 *     lin-kv        what the clients saw is linearizable: a map with compare-and-set (src/history)
 *     broadcast, g-set         in the end each node shows every value that was acknowledged
 *     g-counter, pn-counter    in the end each node shows the sum of what was acknowledged, and of
 *                   any part of what may have been added
 *
 * The first three are judged whenever a client is answered. The others hold in the end only, so
 * they are judged by reads of each node behind the schedule, when every fault has healed. An answer
 * that is a definite error (fm_error_is_definite) means that nothing happened, any other error, and
 * none, that it may have. Values are the numbers of their requests, so each is added once.
 *
 * Values that nobody sent are a violation whenever they are shown. That a list shows a value twice
 * is not held against it: it stands for a set. */
#include "fuzz/maelstrom.h"

#include "fuzz/exec.h"
#include "history/history.h"

#include <stdlib.h>
#include <string.h>

/* Keys and values of lin-kv: few, so that clients meet. */
enum { KEYS = 2, VALUES = 5 };
/* Deltas: as Maelstrom's, 0 to 4 and -5 to 4. */
enum { DELTAS = 5 };
/* Of a check of one history of a few hundred operations, ns: what takes longer is not decided. */
static const uint64_t check_ns_max = 2000000000;

static const struct {
    const char *name, *add, *field, *shown;
} rows[FM_WORKLOAD_COUNT] = {
    /* ORDER(workload): the request that is not a read, the field of its value, and that in which a
     * read shows them. */
    {"echo", "echo", "echo", NULL},          {"broadcast", "broadcast", "message", "messages"},
    {"g-set", "add", "element", "value"},    {"g-counter", "add", "delta", "value"},
    {"pn-counter", "add", "delta", "value"}, {"unique-ids", "generate", NULL, NULL},
    {"lin-kv", "write", "value", "value"},
};

static const char *const workload_names[] = {"echo",       "broadcast",  "g-set",  "g-counter",
                                             "pn-counter", "unique-ids", "lin-kv", NULL};

const char *const *fm_maelstrom_workloads(void)
{
    return workload_names;
}

bool fm_workload_is_final(enum fm_workload workload)
{
    return workload == FM_WORKLOAD_BROADCAST || workload == FM_WORKLOAD_G_SET ||
           workload == FM_WORKLOAD_G_COUNTER || workload == FM_WORKLOAD_PN_COUNTER;
}

static bool is_counter(enum fm_workload workload)
{
    return workload == FM_WORKLOAD_G_COUNTER || workload == FM_WORKLOAD_PN_COUNTER;
}

/* --- requests --- */

static json_int_t draw(struct fathom_node *node, unsigned bound)
{
    return (json_int_t)fathom_random(node, bound);
}

static json_t *ask_lin_kv(struct fathom_node *node, struct fm_client *client)
{
    json_int_t key = draw(node, KEYS), from = draw(node, VALUES), to = draw(node, VALUES);
    client->key = json_integer(key);
    switch (draw(node, 3)) {
    case 0:
        client->verb = "read";
        return json_pack("{s:s, s:I}", "type", "read", "key", key);
    case 1:
        client->verb = "write";
        client->value = json_integer(to);
        return json_pack("{s:s, s:I, s:I}", "type", "write", "key", key, "value", to);
    default:
        client->verb = "cas";
        client->value = json_pack("[I, I]", from, to);
        return json_pack("{s:s, s:I, s:I, s:I}", "type", "cas", "key", key, "from", from, "to", to);
    }
}

json_t *fm_workload_ask(struct fm_maelstrom *maelstrom, struct fathom_node *node,
                        struct fm_client *client)
{
    enum fm_workload workload = maelstrom->workload;
    if (workload == FM_WORKLOAD_LIN_KV) {
        return ask_lin_kv(node, client);
    }
    bool reads = rows[workload].shown != NULL && (client->final || draw(node, 3) == 0);
    client->verb = reads ? "read" : rows[workload].add;
    json_t *body = json_pack("{s:s}", "type", client->verb);
    if (!reads && workload != FM_WORKLOAD_UNIQUE_IDS) {
        json_int_t number = (json_int_t)maelstrom->clients.count;
        client->value = workload == FM_WORKLOAD_ECHO ? json_sprintf("Please echo %d", (int)number)
                        : workload == FM_WORKLOAD_G_COUNTER ? json_integer(draw(node, DELTAS))
                        : workload == FM_WORKLOAD_PN_COUNTER
                            ? json_integer(draw(node, 2 * DELTAS) - DELTAS)
                            : json_integer(number);
        (void)json_object_set(body, rows[workload].field, client->value);
    }
    return body;
}

/* --- answers --- */

bool fm_workload_read(const struct fm_maelstrom *maelstrom, struct fm_client *client, json_t *body,
                      struct fm_text *wrong)
{
    enum fm_workload workload = maelstrom->workload;
    const char *type = json_string_value(json_object_get(body, "type"));
    size_t length = strlen(client->verb);
    if (type == NULL || strncmp(type, client->verb, length) != 0 ||
        strcmp(type + length, "_ok") != 0) {
        fm_text_printf(wrong, "answered %s with a message of the type %s", client->verb,
                       type == NULL ? "nothing" : type);
        return false;
    }
    const char *field = strcmp(client->verb, "read") == 0    ? rows[workload].shown
                        : workload == FM_WORKLOAD_ECHO       ? "echo"
                        : workload == FM_WORKLOAD_UNIQUE_IDS ? "id"
                                                             : NULL;
    json_t *result = field == NULL ? NULL : json_object_get(body, field);
    bool list = field != NULL &&
                (workload == FM_WORKLOAD_BROADCAST || workload == FM_WORKLOAD_G_SET);
    bool number = field != NULL && is_counter(workload);
    if (field != NULL && (result == NULL || (list && !json_is_array(result)) ||
                          (number && !json_is_integer(result)))) {
        fm_text_printf(wrong, "answered %s without `%s`%s", client->verb, field,
                       list     ? ", a list"
                       : number ? ", an integer"
                                : "");
        return false;
    }
    client->result = json_incref(result);
    return true;
}

/* --- what may be seen --- */

static void add_json(struct fm_text *text, const char *name, json_t *value)
{
    if (value != NULL) {
        fm_text_printf(text, ", \"%s\": ", name);
        fm_exec_dump(value, text);
    }
}

static bool is_linearizable(const struct fm_maelstrom *maelstrom)
{
    struct fm_text text = {0};
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        const struct fm_client *client = &maelstrom->clients.at[i];
        bool done = client->stage == FM_CLIENT_OK, reads = strcmp(client->verb, "read") == 0;
        if (client->stage == FM_CLIENT_FAILED || (reads && !done)) {
            continue; /* it had no effect */
        }
        fm_text_printf(&text, "{\"process\": %u, \"f\": \"%s\"", i, client->verb);
        add_json(&text, "key", client->key);
        add_json(&text, "value", client->value);
        add_json(&text, "result", client->result);
        fm_text_printf(&text, ", \"call\": %llu", (unsigned long long)client->call);
        if (done && strcmp(client->verb, "cas") == 0) {
            fm_text_puts(&text, ", \"result\": true");
        }
        if (done) {
            fm_text_printf(&text, ", \"end\": %llu", (unsigned long long)client->end);
        }
        fm_text_puts(&text, "}\n");
    }
    struct fm_history history;
    struct fm_history_error error;
    struct fm_history_options options = {.object = "kv"};
    bool holds = true;
    if (text.length > 0) {
        bool read = fm_history_read(&history, &options, text.at, text.length, &error);
        struct fm_linearity_options limits = {.time_ns_max = check_ns_max, .no_witness = true};
        holds = !read || fm_history_check(&history, &limits).verdict != FM_NOT_LINEARIZABLE;
        fm_history_deinit(&history);
    }
    fm_text_deinit(&text);
    return holds;
}

static bool is_unique(const struct fm_maelstrom *maelstrom, const struct fm_client *client)
{
    bool unique = true;
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        const struct fm_client *other = &maelstrom->clients.at[i];
        unique &= other == client || other->stage != FM_CLIENT_OK ||
                  !json_equal(other->result, client->result);
    }
    return unique;
}

/* Whether some client sent the value to be added. */
static bool was_sent(const struct fm_maelstrom *maelstrom, json_t *value)
{
    bool sent = false;
    for (uint32_t i = 0; i < maelstrom->clients.count && !sent; i++) {
        const struct fm_client *client = &maelstrom->clients.at[i];
        sent = client->value != NULL && client->stage != FM_CLIENT_FAILED &&
               json_equal(client->value, value);
    }
    return sent;
}

static bool shows_nothing_else(const struct fm_maelstrom *maelstrom, const struct fm_client *read,
                               struct fm_text *broken)
{
    for (size_t i = 0; i < json_array_size(read->result); i++) {
        json_t *value = json_array_get(read->result, i);
        if (!was_sent(maelstrom, value)) {
            fm_text_printf(broken, "%s: a read shows ", workload_names[maelstrom->workload]);
            fm_exec_dump(value, broken);
            fm_text_puts(broken, ", which nobody added");
            return false;
        }
    }
    return true;
}

bool fm_workload_holds(struct fm_maelstrom *maelstrom, const struct fm_client *client,
                       struct fm_text *broken)
{
    switch (maelstrom->workload) {
    case FM_WORKLOAD_ECHO:
        if (!json_equal(client->result, client->value)) {
            fm_text_puts(broken, "echo: the answer is not what was sent: ");
            fm_exec_dump(client->result, broken);
        }
        break;
    case FM_WORKLOAD_UNIQUE_IDS:
        if (!is_unique(maelstrom, client)) {
            fm_text_puts(broken, "unique-ids: given twice: ");
            fm_exec_dump(client->result, broken);
        }
        break;
    case FM_WORKLOAD_LIN_KV:
        if (!is_linearizable(maelstrom)) {
            fm_text_puts(broken, "lin-kv: what the clients saw is not linearizable");
        }
        break;
    case FM_WORKLOAD_BROADCAST:
    case FM_WORKLOAD_G_SET:
        if (client->result != NULL) {
            (void)shows_nothing_else(maelstrom, client, broken);
        }
        break;
    case FM_WORKLOAD_G_COUNTER:
    case FM_WORKLOAD_PN_COUNTER: /* in the end only */
    case FM_WORKLOAD_COUNT:
        break;
    }
    return broken->length == 0;
}

/* --- in the end --- */

static bool has_all(const struct fm_maelstrom *maelstrom, const struct fm_client *read,
                    struct fm_text *lacking)
{
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        const struct fm_client *client = &maelstrom->clients.at[i];
        bool shown = client->value == NULL || client->stage != FM_CLIENT_OK;
        for (size_t k = 0; k < json_array_size(read->result) && !shown; k++) {
            shown = json_equal(json_array_get(read->result, k), client->value);
        }
        if (!shown) {
            fm_text_printf(lacking, "%s: node %u lost ", workload_names[maelstrom->workload],
                           read->node);
            fm_exec_dump(client->value, lacking);
            fm_text_printf(lacking, ", acknowledged by node %u", client->node);
            return false;
        }
    }
    return true;
}

/* Whether the sum of what was acknowledged, and of some of what may have happened, is that. */
static bool is_sum(const struct fm_maelstrom *maelstrom, const struct fm_client *read,
                   struct fm_text *lacking)
{
    /* Sums lie within the deltas of all, 5 each: bit `sum - least` of a row of bytes. */
    size_t span = (size_t)maelstrom->clients.count * DELTAS;
    json_int_t definite = 0;
    unsigned char *possible = fm_memory_calloc(2 * span + 1, 1);
    possible[span] = 1;
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        const struct fm_client *client = &maelstrom->clients.at[i];
        json_int_t delta = json_integer_value(client->value);
        if (client->stage == FM_CLIENT_OK) {
            definite += delta;
        } else if (client->stage != FM_CLIENT_FAILED && delta != 0) {
            /* Each once: against the direction in which it moves. */
            for (size_t k = 0; k <= 2 * span; k++) {
                size_t to = delta > 0 ? 2 * span - k : k;
                json_int_t from = (json_int_t)to - delta;
                if (from >= 0 && from <= (json_int_t)(2 * span)) {
                    possible[to] |= possible[from];
                }
            }
        }
    }
    json_int_t place = json_integer_value(read->result) - definite + (json_int_t)span;
    bool holds = place >= 0 && place <= (json_int_t)(2 * span) && possible[place] != 0;
    fm_memory_free(possible);
    if (!holds) {
        fm_text_printf(lacking, "%s: the sum that node %u shows is off by %lld",
                       workload_names[maelstrom->workload], read->node,
                       llabs((long long)(json_integer_value(read->result) - definite)));
    }
    return holds;
}

bool fm_workload_is_complete(const struct fm_maelstrom *maelstrom, const struct fm_client *read,
                             struct fm_text *lacking)
{
    return is_counter(maelstrom->workload) ? is_sum(maelstrom, read, lacking)
                                           : has_all(maelstrom, read, lacking);
}
