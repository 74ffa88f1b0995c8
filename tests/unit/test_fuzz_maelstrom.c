/* Services and judges of Maelstrom's workloads, against definitions and brute force. */
#include "fuzz/maelstrom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* --- a world whose nodes do nothing: services draw from one of them --- */

static struct fathom_node *drawing;

static void *start(struct fathom_node *node, bool first)
{
    (void)first;
    drawing = node;
    return &drawing;
}

static void drop(void *state)
{
    (void)state;
}

static void deliver(void *state, unsigned from, struct fathom_bytes message)
{
    (void)state;
    (void)from;
    (void)message;
}

static void timer(void *state, uint64_t number)
{
    (void)state;
    (void)number;
}

static const struct fathom_sut idle = {.abi = FATHOM_SUT_ABI,
                                       .name = "idle",
                                       .version = "1",
                                       .start = start,
                                       .drop = drop,
                                       .deliver = deliver,
                                       .timer = timer};

static struct fm_world *world;
static struct fm_services services;

static int set_up(void **state)
{
    (void)state;
    struct fm_world_options options = {.sut = &idle, .nodes = 1, .seed = 7};
    world = fm_world_new(&options);
    fm_world_begin(world);
    fm_services_reset(&services, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fm_services_reset(&services, false);
    fm_world_free(world);
    return 0;
}

/* The answer's "type", and its error's code or "value" in *number; the request as text. */
static const char *ask(const char *service, const char *from, const char *request,
                       json_int_t *number)
{
    static char type[32];
    json_error_t error;
    json_t *body = json_loads(request, 0, &error);
    assert_non_null(body);
    json_t *answer = fm_services_answer(&services, service, from, body, drawing);
    (void)snprintf(type, sizeof type, "%s", json_string_value(json_object_get(answer, "type")));
    const char *field = strcmp(type, "error") == 0   ? "code"
                        : strcmp(type, "ts_ok") == 0 ? "ts"
                                                     : "value";
    *number = json_integer_value(json_object_get(answer, field));
    json_decref(answer);
    json_decref(body);
    return type;
}

static void expect(const char *service, const char *request, const char *type, json_int_t number)
{
    json_int_t got;
    assert_string_equal(ask(service, "n1", request, &got), type);
    assert_int_equal(got, number);
}

static void test_linear(void **state)
{
    (void)state;
    expect("lin-kv", "{\"type\": \"read\", \"key\": 1}", "error", 20);
    expect("lin-kv", "{\"type\": \"cas\", \"key\": 1, \"from\": 0, \"to\": 2}", "error", 20);
    expect(
        "lin-kv",
        "{\"type\": \"cas\", \"key\": 1, \"from\": 0, \"to\": 2, \"create_if_not_exists\": true}",
        "cas_ok", 0);
    expect("lin-kv", "{\"type\": \"cas\", \"key\": 1, \"from\": 0, \"to\": 3}", "error", 22);
    expect("lin-kv", "{\"type\": \"read\", \"key\": 1}", "read_ok", 2);
    expect("lin-kv", "{\"type\": \"read\", \"key\": \"1\"}", "error", 20); /* another key */
    expect("lin-kv", "{\"type\": \"write\", \"key\": {\"b\": 1, \"a\": 2}, \"value\": 9}",
           "write_ok", 0);
    expect("lin-kv", "{\"type\": \"read\", \"key\": {\"a\": 2, \"b\": 1}}", "read_ok", 9);
    expect("lin-kv", "{\"type\": \"write\", \"key\": 1}", "error", 12);
    expect("lin-kv", "{\"key\": 1}", "error", 12);
    expect("lin-kv", "{\"type\": \"delete\", \"key\": 1}", "error", 10);
    expect("seq-kv", "{\"type\": \"read\", \"key\": 1}", "error", 20); /* a map of its own */
    for (json_int_t i = 0; i < 3; i++) {
        expect("lin-tso", "{\"type\": \"ts\"}", "ts_ok", i);
    }
    expect("lin-tso", "{\"type\": \"read\", \"key\": 1}", "error", 10);
}

static json_int_t put(const char *service, const char *from, json_int_t value)
{
    char request[80];
    json_int_t number;
    (void)snprintf(request, sizeof request, "{\"type\": \"write\", \"key\": 0, \"value\": %d}",
                   (int)value);
    assert_string_equal(ask(service, from, request, &number), "write_ok");
    return value;
}

/* The value, 0 when there is none. */
static json_int_t get(const char *service, const char *from)
{
    json_int_t number;
    const char *type = ask(service, from, "{\"type\": \"read\", \"key\": 0}", &number);
    return strcmp(type, "error") == 0 ? 0 : number;
}

/* Each node sees growing states, its own writes among them; some of them are old. */
static void test_sequential(void **state)
{
    (void)state;
    static const char *const nodes[] = {"n1", "n2", "n3"};
    json_int_t seen[3] = {0, 0, 0}, newest = 0;
    unsigned old = 0;
    for (unsigned i = 0; i < 2000; i++) {
        unsigned who = i % 3;
        if (i % 7 == 0) {
            newest = seen[who] = put("seq-kv", nodes[who], newest + 1);
        } else {
            json_int_t value = get("seq-kv", nodes[who]);
            assert_in_range(value, seen[who], newest);
            seen[who] = value;
            old += value < newest;
        }
    }
    assert_in_range(old, 100, 1900);
    /* A compare-and-set that an old state would allow is decided by the newest. */
    json_int_t number;
    (void)put("seq-kv", "n1", 5000);
    (void)put("seq-kv", "n1", 5001);
    for (unsigned i = 0; i < 50; i++) {
        assert_string_equal(ask("seq-kv", "n9",
                                "{\"type\": \"cas\", \"key\": 0, \"from\": 5000, \"to\": 1}",
                                &number),
                            "error");
    }
}

/* A read may miss what was written before it; in the end all replicas agree. */
static void test_last_write_wins(void **state)
{
    (void)state;
    unsigned missed = 0;
    for (json_int_t i = 1; i <= 200; i++) {
        missed += get("lww-kv", "n1") != i - 1;
        (void)put("lww-kv", "n1", i);
    }
    assert_in_range(missed, 20, 199);
    for (unsigned i = 0; i < 300; i++) {
        (void)get("lww-kv", "n1");
    }
    json_int_t last = get("lww-kv", "n1");
    assert_in_range(last, 1, 200);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(get("lww-kv", "n2"), last);
    }
}

static void test_errors(void **state)
{
    (void)state;
    for (json_int_t code = 0; code < 1100; code++) {
        bool definite = code == 1 || (code >= 10 && code <= 12) || code == 14 ||
                        (code >= 20 && code <= 22) || code == 30;
        assert_int_equal(fm_error_is_definite(code), definite);
    }
}

/* --- judges --- */

static struct fm_client *add_client(struct fm_maelstrom *maelstrom, const char *verb, json_t *value,
                                    enum fm_client_stage stage)
{
    struct fm_client client = {.verb = verb, .value = value, .node = 1, .stage = stage};
    fm_vec_push(&maelstrom->clients, client);
    return &maelstrom->clients.at[maelstrom->clients.count - 1];
}

static void forget(struct fm_maelstrom *maelstrom)
{
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        json_decref(maelstrom->clients.at[i].key);
        json_decref(maelstrom->clients.at[i].value);
        json_decref(maelstrom->clients.at[i].result);
    }
    fm_vec_deinit(&maelstrom->clients);
}

/* The sum may have any part of what may have happened: all parts, tried. */
static void test_sums(void **state)
{
    (void)state;
    static const int deltas[] = {-5, 4, 3, -1, 0, 2};
    enum { COUNT = sizeof deltas / sizeof deltas[0], STAGES = 3 * 3 * 3 * 3 * 3 * 3 };
    for (unsigned stages = 0; stages < STAGES; stages++) {
        struct fm_maelstrom maelstrom = {.workload = FM_WORKLOAD_PN_COUNTER};
        int definite = 0, maybe[COUNT];
        unsigned maybe_count = 0;
        for (unsigned i = 0, rest = stages; i < COUNT; i++, rest /= 3) {
            static const enum fm_client_stage of[] = {FM_CLIENT_OK, FM_CLIENT_FAILED,
                                                      FM_CLIENT_UNKNOWN};
            (void)add_client(&maelstrom, "add", json_integer(deltas[i]),
                             rest % 3 == 2 && i == 0 ? FM_CLIENT_OPEN : of[rest % 3]);
            definite += rest % 3 == 0 ? deltas[i] : 0;
            if (rest % 3 == 2) {
                maybe[maybe_count++] = deltas[i];
            }
        }
        for (int sum = -40; sum <= 40; sum++) {
            bool possible = false;
            for (unsigned part = 0; part < 1u << maybe_count; part++) {
                int total = definite;
                for (unsigned i = 0; i < maybe_count; i++) {
                    total += (part >> i & 1) != 0 ? maybe[i] : 0;
                }
                possible |= total == sum;
            }
            struct fm_client read = {.verb = "read", .node = 2, .result = json_integer(sum)};
            struct fm_text lacking = {0};
            assert_int_equal(fm_workload_is_complete(&maelstrom, &read, &lacking), possible);
            assert_int_equal(lacking.length > 0, !possible);
            fm_text_deinit(&lacking);
            json_decref(read.result);
        }
        forget(&maelstrom);
    }
}

/* Acknowledged values are needed, those that may have been added are allowed, others are not. */
static void test_sets(void **state)
{
    (void)state;
    struct fm_maelstrom maelstrom = {.workload = FM_WORKLOAD_BROADCAST};
    (void)add_client(&maelstrom, "broadcast", json_integer(0), FM_CLIENT_OK);
    (void)add_client(&maelstrom, "broadcast", json_integer(1), FM_CLIENT_UNKNOWN);
    (void)add_client(&maelstrom, "broadcast", json_integer(2), FM_CLIENT_FAILED);
    static const struct {
        const char *shown;
        bool complete, holds;
    } cases[] = {{"[0]", true, true},   {"[1, 0]", true, true},  {"[]", false, true},
                 {"[1]", false, true},  {"[0, 2]", true, false}, {"[0, 7]", true, false},
                 {"[0, 0]", true, true}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_error_t error;
        struct fm_client read = {.verb = "read",
                                 .node = 2,
                                 .stage = FM_CLIENT_OK,
                                 .result = json_loads(cases[i].shown, 0, &error)};
        struct fm_text said = {0};
        assert_int_equal(fm_workload_is_complete(&maelstrom, &read, &said), cases[i].complete);
        fm_text_clear(&said);
        assert_int_equal(fm_workload_holds(&maelstrom, &read, &said), cases[i].holds);
        fm_text_deinit(&said);
        json_decref(read.result);
    }
    forget(&maelstrom);
}

/* A read of what a compare-and-set replaced, before and after its end; failed ones do not count. */
static void test_linearizable(void **state)
{
    (void)state;
    struct fm_maelstrom maelstrom = {.workload = FM_WORKLOAD_LIN_KV};
    struct fm_text broken = {0};
    struct fm_client *client = add_client(&maelstrom, "write", json_integer(3), FM_CLIENT_OK);
    client->key = json_integer(0);
    client->call = 1;
    client->end = 2;
    client = add_client(&maelstrom, "cas", json_pack("[i, i]", 3, 4), FM_CLIENT_OPEN);
    client->key = json_integer(0);
    client->call = 3;
    client = add_client(&maelstrom, "write", json_integer(1), FM_CLIENT_FAILED);
    client->key = json_integer(0);
    client->call = 4;
    client->end = 5;
    client = add_client(&maelstrom, "read", NULL, FM_CLIENT_OK);
    client->key = json_integer(0);
    client->result = json_integer(3);
    client->call = 7;
    client->end = 8;
    assert_true(fm_workload_holds(&maelstrom, client, &broken));
    maelstrom.clients.at[1].stage = FM_CLIENT_OK;
    maelstrom.clients.at[1].end = 6;
    assert_false(fm_workload_holds(&maelstrom, client, &broken));
    fm_text_clear(&broken);
    (void)json_integer_set(client->result, 4);
    assert_true(fm_workload_holds(&maelstrom, client, &broken));
    (void)json_integer_set(client->result, 1);
    assert_false(fm_workload_holds(&maelstrom, client, &broken));
    fm_text_deinit(&broken);
    forget(&maelstrom);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_linear, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sequential, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_last_write_wins, set_up, tear_down),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_linearizable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
