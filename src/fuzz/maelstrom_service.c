/* Maelstrom's services: what its documentation (doc/services.md) promises of them, and no more, so
 * that a node that needs more is found out.
 *
 * lin-kv is a map. seq-kv keeps every state that the map had: a request that changes nothing may be
 * answered from any state that is not before the last one that the node saw, one that changes
 * something goes to the newest; so each node sees states in order, and they need not be new. lww-kv
 * is five maps with Lamport clocks; each request goes to one of them, after one was merged into
 * another. lin-tso counts from 0. Which state or map it is is drawn by the world.
 *
 * Values and keys are any JSON; a map is an object from the canonical text of the key. Error codes
 * are those of Maelstrom's protocol: 20 no such key, 22 another value than expected, 10 no such
 * request, 12 a field is missing. */
#include "fuzz/maelstrom.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"lin-kv", "seq-kv", "lww-kv", "lin-tso", NULL};
enum { REPLICAS = sizeof((struct fm_services *)NULL)->replicas / sizeof(json_t *) };

const char *fm_services_name(unsigned number)
{
    return names[number];
}

bool fm_error_is_definite(json_int_t code)
{
    static const json_int_t definite[] = {1, 10, 11, 12, 14, 20, 21, 22, 30};
    bool is = false;
    for (unsigned i = 0; i < sizeof definite / sizeof definite[0]; i++) {
        is |= definite[i] == code;
    }
    return is;
}

static json_t *error(json_int_t code, const char *text)
{
    return json_pack("{s:s, s:I, s:s}", "type", "error", "code", code, "text", text);
}

/* A request of a map. */
struct request {
    const char *type;
    char *key; /* canonical text */
    json_t *value, *from, *to;
    bool create;
};

/* NULL, or the error that answers it. */
static json_t *read_request(json_t *body, struct request *request)
{
    json_t *key = json_object_get(body, "key");
    *request = (struct request){
        .type = json_string_value(json_object_get(body, "type")),
        .value = json_object_get(body, "value"),
        .from = json_object_get(body, "from"),
        .to = json_object_get(body, "to"),
        .create = json_is_true(json_object_get(body, "create_if_not_exists"))};
    bool write = strcmp(request->type, "write") == 0, cas = strcmp(request->type, "cas") == 0;
    if (!write && !cas && strcmp(request->type, "read") != 0) {
        return error(10, "there are read, write and cas");
    }
    if (key == NULL || (write && request->value == NULL) ||
        (cas && (request->from == NULL || request->to == NULL))) {
        return error(12, "read has a key, write a key and a value, cas a key, from and to");
    }
    request->key = json_dumps(key, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    return NULL;
}

/* What a map answers in which the key has that value, or NULL: none. *put, borrowed, unless NULL:
 * it has that one from then on. */
static json_t *decide(const struct request *request, json_t *value, json_t **put)
{
    *put = NULL;
    if (strcmp(request->type, "write") == 0) {
        *put = request->value;
        return json_pack("{s:s}", "type", "write_ok");
    }
    if (strcmp(request->type, "cas") == 0) {
        if (value == NULL && !request->create) {
            return error(20, "there is no such key");
        }
        if (value != NULL && !json_equal(value, request->from)) {
            return error(22, "the value is another");
        }
        *put = request->to;
        return json_pack("{s:s}", "type", "cas_ok");
    }
    return value == NULL ? error(20, "there is no such key")
                         : json_pack("{s:s, s:O}", "type", "read_ok", "value", value);
}

static json_t *ask_linear(struct fm_services *services, const struct request *request)
{
    json_t *put;
    json_t *answer = decide(request, json_object_get(services->linear, request->key), &put);
    if (put != NULL) {
        (void)json_object_set(services->linear, request->key, put);
    }
    return answer;
}

static json_t *ask_sequential(struct fm_services *services, const struct request *request,
                              const char *from, struct fathom_node *draw)
{
    uint32_t last = services->sequence.count - 1;
    uint32_t seen = (uint32_t)json_integer_value(json_object_get(services->seen, from));
    uint32_t index = seen + (uint32_t)fathom_random(draw, last - seen + 1);
    json_t *put;
    json_t *answer = decide(request, json_object_get(services->sequence.at[index], request->key),
                            &put);
    if (put != NULL) {
        json_decref(answer);
        json_t *state = json_copy(services->sequence.at[last]);
        answer = decide(request, json_object_get(state, request->key), &put);
        if (put != NULL) {
            (void)json_object_set(state, request->key, put);
            fm_vec_push(&services->sequence, state);
        } else {
            json_decref(state);
        }
        index = services->sequence.count - 1;
    }
    (void)json_object_set_new(services->seen, from, json_integer(index));
    return answer;
}

/* The later writes of both go into `into`. Of two with one time that of `from` wins, so that
 * replicas agree in the end. */
static void merge(json_t *from, json_t *into)
{
    json_t *theirs = json_object_get(from, "values"), *ours = json_object_get(into, "values");
    const char *key;
    json_t *entry;
    json_object_foreach(theirs, key, entry)
    {
        json_t *other = json_object_get(ours, key);
        if (other == NULL || json_integer_value(json_array_get(other, 0)) <=
                                 json_integer_value(json_array_get(entry, 0))) {
            (void)json_object_set(ours, key, entry);
        }
    }
    json_int_t clock = json_integer_value(json_object_get(from, "clock"));
    if (json_integer_value(json_object_get(into, "clock")) < clock) {
        (void)json_object_set_new(into, "clock", json_integer(clock));
    }
}

static json_t *ask_last_write_wins(struct fm_services *services, const struct request *request,
                                   struct fathom_node *draw)
{
    uint64_t from = fathom_random(draw, REPLICAS), into = fathom_random(draw, REPLICAS);
    if (from != into) {
        merge(services->replicas[from], services->replicas[into]);
    }
    json_t *replica = services->replicas[fathom_random(draw, REPLICAS)];
    json_t *values = json_object_get(replica, "values"), *put;
    json_t *answer = decide(request, json_array_get(json_object_get(values, request->key), 1),
                            &put);
    if (put != NULL) {
        json_int_t clock = json_integer_value(json_object_get(replica, "clock"));
        (void)json_object_set_new(values, request->key, json_pack("[I, O]", clock, put));
        (void)json_object_set_new(replica, "clock", json_integer(clock + 1));
    }
    return answer;
}

json_t *fm_services_answer(struct fm_services *services, const char *name, const char *from,
                           json_t *body, struct fathom_node *draw)
{
    const char *type = json_string_value(json_object_get(body, "type"));
    if (type == NULL) {
        return error(12, "a message has a type");
    }
    if (strcmp(name, "lin-tso") == 0) {
        return strcmp(type, "ts") == 0 ? json_pack("{s:s, s:I}", "type", "ts_ok", "ts",
                                                   (json_int_t)services->timestamp++)
                                       : error(10, "there is ts");
    }
    struct request request;
    json_t *answer = read_request(body, &request);
    if (answer == NULL) {
        answer = strcmp(name, "lin-kv") == 0   ? ask_linear(services, &request)
                 : strcmp(name, "seq-kv") == 0 ? ask_sequential(services, &request, from, draw)
                                               : ask_last_write_wins(services, &request, draw);
    }
    free(request.key);
    return answer;
}

static void forget(struct fm_services *services)
{
    json_decref(services->linear);
    json_decref(services->seen);
    for (uint32_t i = 0; i < services->sequence.count; i++) {
        json_decref(services->sequence.at[i]);
    }
    fm_vec_deinit(&services->sequence);
    for (unsigned i = 0; i < REPLICAS; i++) {
        json_decref(services->replicas[i]);
    }
    memset(services, 0, sizeof *services);
}

void fm_services_reset(struct fm_services *services, bool again)
{
    forget(services);
    if (again) {
        services->linear = json_object();
        services->seen = json_object();
        fm_vec_push(&services->sequence, json_object());
        for (unsigned i = 0; i < REPLICAS; i++) {
            services->replicas[i] = json_pack("{s:I, s:{}}", "clock", (json_int_t)0, "values");
        }
    }
}
