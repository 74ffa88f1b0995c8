/* The world, driven by a target that does a little of everything: what is counted applies and
 * nothing else does, runs repeat, and disks, clocks and crashes do what fathom/sut.h says. */
#include "base/random.h"
#include "sim/world.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_FAULTS ((uint64_t)(FATHOM_BIT_ROT << 1) - 1)

/* A node appends what clients send, tells the others, and answers when its disk is done. */
struct scribe {
    struct fathom_node *node;
    uint64_t operation[64], request[64]; /* appends under way, and for whom */
    unsigned pending, heard, ticks;
    uint64_t last_now, last_status;
};

static struct fathom_bytes bytes_of(const char *text)
{
    return (struct fathom_bytes){.data = text, .size = strlen(text)};
}

static void *scribe_start(struct fathom_node *node, bool first)
{
    struct scribe *scribe = calloc(1, sizeof *scribe);
    scribe->node = node;
    struct fathom_bytes boots = fathom_read(node, "boots");
    char text[32];
    assert_int_equal(first, boots.size == 0 && fathom_read(node, "log").size == 0);
    (void)snprintf(text, sizeof text, "%zu",
                   first ? (size_t)1 : (size_t)atoi((const char *)boots.data) + 1);
    fathom_put(node, "boots", bytes_of(text));
    fathom_timer(node, 1, 100);
    fathom_timer(node, 2, 50 + fathom_random(node, 100));
    return scribe;
}

static void scribe_drop(void *state)
{
    struct scribe *scribe = state;
    fathom_put(scribe->node, "log", bytes_of("a service called in drop has no effect"));
    free(scribe);
}

static void scribe_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct scribe *scribe = state;
    scribe->heard++;
    if (message.size > 0 && *(const char *)message.data == 'r') {
        (void)fathom_send_tracked(scribe->node, from, bytes_of("ok"));
    }
}

static void scribe_timer(void *state, uint64_t timer)
{
    struct scribe *scribe = state;
    uint64_t now = fathom_now(scribe->node);
    assert_true(now >= scribe->last_now);
    scribe->last_now = now;
    scribe->ticks++;
    fathom_timer(scribe->node, timer, 100);
    if (timer == 2) {
        fathom_cancel(scribe->node, 3);
        (void)fathom_sync(scribe->node, "log");
    }
}

static void scribe_done(void *state, uint64_t operation, enum fathom_status status)
{
    struct scribe *scribe = state;
    scribe->last_status = status;
    if (scribe->pending > 0 && scribe->operation[0] == operation) {
        fathom_reply(scribe->node, scribe->request[0],
                     status == FATHOM_OK ? FATHOM_REPLY_OK : FATHOM_REPLY_FAIL, bytes_of(""));
        scribe->pending--;
        memmove(scribe->operation, scribe->operation + 1, sizeof(uint64_t) * scribe->pending);
        memmove(scribe->request, scribe->request + 1, sizeof(uint64_t) * scribe->pending);
    }
}

static void scribe_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct scribe *scribe = state;
    if (scribe->pending == 64) {
        return;
    }
    scribe->request[scribe->pending] = request;
    scribe->operation[scribe->pending++] = fathom_append(scribe->node, "log", payload,
                                                         FATHOM_BUFFERED);
    for (unsigned to = 1; to <= fathom_nodes(scribe->node); to++) {
        if (to != fathom_id(scribe->node)) {
            fathom_send(scribe->node, to, payload);
        }
    }
}

static void scribe_custom(void *state, const char *kind, unsigned argument)
{
    struct scribe *scribe = state;
    if (strcmp(kind, "greet") == 0) {
        fathom_send(scribe->node, argument, bytes_of("r"));
    } else if (strcmp(kind, "sync") == 0) {
        (void)fathom_sync(scribe->node, "log");
    } else if (strcmp(kind, "twice") == 0) {
        fathom_reply(scribe->node, 0, FATHOM_REPLY_OK, bytes_of(""));
        fathom_reply(scribe->node, 0, FATHOM_REPLY_OK, bytes_of(""));
    } else if (strcmp(kind, "far") == 0) {
        fathom_send(scribe->node, 99, bytes_of(""));
    } else {
        fathom_breach(scribe->node, "%s %u", kind, argument);
    }
}

static void scribe_observe(const void *state, struct fathom_record *record)
{
    const struct scribe *scribe = state;
    fathom_set_int(record, "heard", scribe->heard);
    fathom_set_bool(record, "busy", scribe->pending > 0);
    struct fathom_bytes log = fathom_read(scribe->node, "log");
    fathom_set_text(fathom_set_record(record, "disk"), "log", log.data);
}

static const char *const customs[] = {"greet", "sync", NULL};
static const char *const bad_customs[] = {"twice", "far", "breach", NULL};

static const struct fathom_sut scribes = {
    .abi = FATHOM_SUT_ABI,
    .name = "scribes",
    .version = "1",
    .start = scribe_start,
    .drop = scribe_drop,
    .deliver = scribe_deliver,
    .timer = scribe_timer,
    .done = scribe_done,
    .client = scribe_client,
    .customs = customs,
    .custom = scribe_custom,
    .observe = scribe_observe,
};

static struct fm_world *make_world(uint64_t seed, uint64_t faults)
{
    struct fm_world_options options = {.sut = &scribes, .nodes = 3, .seed = seed, .faults = faults};
    return fm_world_new(&options);
}

/* Any choice that applies, or none; amounts and the like drawn too. */
static struct fm_choice draw(struct fm_world *world, struct fm_random *random)
{
    for (;;) {
        enum fm_choice_kind kind = (enum fm_choice_kind)fm_random_below(random, FM_CHOICE_COUNT);
        uint32_t count = fm_world_count(world, kind);
        if (count == 0) {
            continue;
        }
        struct fm_choice choice = fm_world_choice(world, kind,
                                                  (uint32_t)fm_random_below(random, count));
        if (kind == FM_CHOICE_TICK || kind == FM_CHOICE_JUMP) {
            choice.amount = 1 + (uint32_t)fm_random_below(random, 300);
        } else if (kind == FM_CHOICE_CUSTOM) {
            choice.amount = 1 + (uint32_t)fm_random_below(random, 3);
        } else if (kind == FM_CHOICE_CRASH) {
            choice.kept = (uint16_t)fm_random_below(random, 3);
            choice.position = (uint16_t)fm_random_below(random, 2);
            choice.amount = (uint32_t)fm_random_below(random, 5);
        } else if (kind == FM_CHOICE_ROT) {
            continue; /* "boots" would be no number any more */
        }
        bool runs = kind <= FM_CHOICE_START && kind != FM_CHOICE_TICK;
        if (runs && fm_random_below(random, 8) == 0) {
            choice.cut = (uint8_t)fm_random_below(random, 4);
        }
        return choice;
    }
}

static struct fm_choice make(const char *line)
{
    struct fm_choice choice;
    const char *wrong = fm_choice_parse(line, &choice);
    if (wrong != NULL) {
        fail_msg("%s: %s", line, wrong);
    }
    return choice;
}

static bool apply(struct fm_world *world, const char *line)
{
    struct fm_choice choice = make(line);
    return fm_world_apply(world, &choice);
}

static void run(struct fm_world *world, const struct fm_choice *choices, unsigned count)
{
    fm_world_begin(world);
    for (unsigned i = 0; i < count; i++) {
        assert_true(fm_world_apply(world, &choices[i]));
    }
}

/* Random schedules run again, by the same world after another schedule and by another one. */
static void test_repeats(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 2);
    struct fm_world *one = make_world(7, ALL_FAULTS), *two = make_world(7, ALL_FAULTS);
    struct fm_choice choices[120];
    uint64_t last = 0;
    for (int round = 0; round < 200; round++) {
        fm_world_begin(one);
        for (unsigned i = 0; i < 120; i++) {
            choices[i] = draw(one, &random);
            assert_true(fm_world_apply(one, &choices[i]));
        }
        uint64_t hash = fm_world_hash(one);
        assert_int_equal(fm_world_verdict(one), FM_WORLD_FINE);
        assert_true(hash != last);
        last = hash;
        run(two, choices, 120);
        assert_true(fm_world_hash(two) == hash);
        run(one, choices, 119);
        assert_true(fm_world_hash(one) != hash);
    }
    fm_world_free(one);
    fm_world_free(two);
}

/* On many states: a choice applies if and only if it is one of those counted. */
static void test_counted_applies(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 3);
    unsigned tried[FM_CHOICE_COUNT] = {0}, applied[FM_CHOICE_COUNT] = {0};
    for (int round = 0; round < 60; round++) {
        uint64_t faults = round % 3 == 0 ? ALL_FAULTS : fm_random_next(&random) & ALL_FAULTS;
        struct fm_world *world = make_world(1, faults);
        struct fm_choice choices[60];
        fm_world_begin(world);
        unsigned length = (unsigned)fm_random_below(&random, 60);
        for (unsigned i = 0; i < length; i++) {
            choices[i] = draw(world, &random);
            if (!fm_world_apply(world, &choices[i])) {
                i--; /* cut short where that fault is off */
            }
        }
        for (unsigned n = 0; n < FM_CHOICE_COUNT * 3u * 3u * 3u; n++) {
            struct fm_choice choice = fm_choice_make(n % FM_CHOICE_COUNT);
            const struct fm_choice_row *row = &fm_choice_table()[choice.kind];
            unsigned rest = n / FM_CHOICE_COUNT;
            choice.node = row->place == FM_PLACE_NOWHERE ? 0 : (uint8_t)(1 + rest % 3);
            choice.peer = row->place == FM_PLACE_CHANNEL ? (uint8_t)(1 + rest / 3 % 3) : 0;
            choice.position = (uint16_t)(rest / 9);
            bool counted = false;
            for (uint32_t i = 0; i < fm_world_count(world, choice.kind); i++) {
                struct fm_choice one = fm_world_choice(world, choice.kind, i);
                counted |= memcmp(&one, &choice, sizeof one) == 0;
            }
            if (row->position == NULL || choice.kind == FM_CHOICE_DISK ||
                choice.kind == FM_CHOICE_CRASH) {
                if (choice.position != 0) {
                    continue; /* not a place among several */
                }
            }
            choice.amount = row->amount == NULL || choice.kind == FM_CHOICE_CRASH ? 0 : 1;
            bool does = fm_world_apply(world, &choice);
            if (choice.kind == FM_CHOICE_ROT && !does) {
                continue; /* an empty file has no bits */
            }
            assert_int_equal(does, counted);
            tried[choice.kind]++;
            applied[choice.kind] += does;
            run(world, choices, length);
        }
        fm_world_free(world);
    }
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        assert_true(applied[kind] > 0);
        assert_true(kind == FM_CHOICE_TICK || kind == FM_CHOICE_ROT || applied[kind] < tried[kind]);
    }
}

struct seen {
    struct fm_text log, kinds;
    unsigned node;
};

static void note(void *closure, const struct fm_happening *happening)
{
    struct seen *seen = closure;
    if (happening->kind == FM_HAPPENED_STATE && happening->node == seen->node) {
        fm_text_clear(&seen->log);
        fm_text_puts(
            &seen->log,
            fm_record_find(fm_record_find(happening->record, "disk")->record, "log")->text);
    }
}

/* The log of node 1 after the lines, which all apply, and a start. */
static void expect_log(const char *const *lines, const char *expected)
{
    struct seen seen = {.node = 1};
    struct fm_world_watch watch = {note, &seen};
    struct fm_world *world = make_world(1, ALL_FAULTS);
    fm_world_set_watch(world, &watch);
    fm_world_begin(world);
    for (; *lines != NULL; lines++) {
        if (!apply(world, *lines)) {
            fail_msg("%s does not apply", *lines);
        }
    }
    assert_true(apply(world, "start 1"));
    assert_string_equal(fm_text_string(&seen.log), expected);
    fm_world_free(world);
    fm_text_deinit(&seen.log);
}

#define EXPECT_LOG(expected, ...) expect_log((const char *const[]){__VA_ARGS__, NULL}, expected)

static void test_disk(void **state)
{
    (void)state;
    EXPECT_LOG("", "request 1", "request 1", "crash 1");
    EXPECT_LOG("r0", "request 1", "request 1", "crash 1 kept=1");
    EXPECT_LOG("r0r1", "request 1", "request 1", "crash 1 kept=9");
    EXPECT_LOG("r0r", "request 1", "request 1", "crash 1 kept=1 torn=1");
    EXPECT_LOG("r0", "request 1", "disk 1", "request 1", "crash 1");
    EXPECT_LOG("", "request 1", "disk 1", "request 1", "crash 1 lost=1");
    EXPECT_LOG("r1", "request 1", "disk 1 status=1", "request 1", "disk 1", "crash 1");
    EXPECT_LOG("r1", "request 1", "disk 1 status=2", "request 1", "disk 1", "crash 1");
}

static void test_sync(void **state)
{
    (void)state;
    EXPECT_LOG("r0", "request 1", "disk 1", "custom 1 kind=1 argument=1", "disk 1", "request 1",
               "disk 1", "crash 1 lost=1");
    EXPECT_LOG("", "request 1", "disk 1", "custom 1 kind=1 argument=1", "disk 1 status=1",
               "crash 1 lost=1");
    /* The next sync succeeds, and what the first lost stays lost: the text ends where zeros begin.
     */
    EXPECT_LOG("", "request 1", "disk 1", "custom 1 kind=1 argument=1", "disk 1 status=1",
               "custom 1 kind=1 argument=1", "disk 1", "crash 1 lost=1");
    EXPECT_LOG("r0", "request 1", "disk 1", "custom 1 kind=1 argument=1", "disk 1 status=1",
               "custom 1 kind=1 argument=1", "disk 1", "crash 1");
}

/* A request to node 1 has three effects: the append, and messages to 2 and 3. */
static void test_cut_short(void **state)
{
    (void)state;
    static const char *const lines[] = {"request 1 cut=0", "request 1 cut=1", "request 1 cut=2",
                                        "request 1 cut=3"};
    for (unsigned i = 0; i < 4; i++) {
        struct fm_world *world = make_world(1, ALL_FAULTS);
        fm_world_begin(world);
        assert_true(apply(world, lines[i]));
        assert_int_equal(fm_world_count(world, FM_CHOICE_DELIVER), i < 2 ? 0 : i - 1);
        assert_int_equal(fm_world_count(world, FM_CHOICE_START), 1);
        assert_false(apply(world, "request 1"));
        assert_true(apply(world, "start 1"));
        /* While it starts, too. */
        assert_true(apply(world, "crash 1"));
        assert_true(apply(world, "start 1 cut=1"));
        assert_int_equal(fm_world_count(world, FM_CHOICE_START), 1);
        assert_false(apply(world, "heal cut=1"));
        fm_world_free(world);
    }
}

static void test_network(void **state)
{
    (void)state;
    struct fm_world *world = make_world(1, ALL_FAULTS);
    fm_world_begin(world);
    assert_true(apply(world, "custom 1 argument=2"));
    assert_true(apply(world, "cut 1>2"));
    assert_false(apply(world, "deliver 1>2"));
    assert_false(apply(world, "cut 1>2"));
    assert_true(apply(world, "custom 2 argument=1"));
    assert_true(apply(world, "deliver 2>1"));
    /* Its tracked answer met the partition. */
    assert_int_equal(fm_world_count(world, FM_CHOICE_SENT), 1);
    assert_false(apply(world, "deliver 1>2 position=1"));
    assert_true(apply(world, "heal"));
    assert_false(apply(world, "heal"));
    assert_true(apply(world, "duplicate 1>2"));
    assert_true(apply(world, "deliver 1>2 position=1"));
    assert_true(apply(world, "drop 1>2"));
    assert_false(apply(world, "drop 1>2"));
    assert_true(apply(world, "isolate 3"));
    assert_true(apply(world, "custom 3 argument=3"));
    assert_true(apply(world, "deliver 3>3"));
    assert_true(apply(world, "custom 3 argument=2"));
    assert_false(apply(world, "deliver 3>2"));
    fm_world_free(world);

    world = make_world(1, 0);
    fm_world_begin(world);
    assert_true(apply(world, "custom 1 argument=2"));
    assert_true(apply(world, "custom 1 argument=2"));
    static const char *const off[] = {
        "drop 1>2",    "duplicate 1>2",          "cut 1>2", "isolate 1",      "crash 1", "pause 1",
        "jump 1 ms=1", "deliver 1>2 position=1", "rot 1",   "request 1 cut=1"};
    for (unsigned i = 0; i < sizeof off / sizeof off[0]; i++) {
        assert_false(apply(world, off[i]));
    }
    assert_true(apply(world, "request 1"));
    assert_false(apply(world, "disk 1 status=1"));
    assert_false(apply(world, "disk 1 status=2"));
    assert_true(apply(world, "disk 1"));
    uint64_t asked, answered;
    fm_world_requests(world, &asked, &answered);
    assert_int_equal(asked, 1);
    assert_int_equal(answered, 1);
    fm_world_free(world);
}

/* The times at which choices find the world. */
static void note_time(void *closure, const struct fm_happening *happening)
{
    *(uint64_t *)closure = happening->time_us;
}

static void test_clock(void **state)
{
    (void)state;
    uint64_t time = 0;
    struct fm_world_watch watch = {note_time, &time};
    struct fm_world *world = make_world(1, ALL_FAULTS & ~(uint64_t)FATHOM_CLOCK_SKEW);
    fm_world_set_watch(world, &watch);
    fm_world_begin(world);
    assert_true(apply(world, "timer 1"));
    uint64_t first = time;
    assert_in_range(first, 50000, 100000);
    assert_true(apply(world, "tick ms=1000"));
    assert_int_equal(time, first + 1000000);
    /* Overdue by now: no time passes. */
    assert_true(apply(world, "timer 2"));
    assert_int_equal(time, first + 1000000);
    /* Set again for 100 ms from now, and due at once after a jump of its clock. */
    assert_true(apply(world, "timer 2"));
    assert_true(apply(world, "jump 2 ms=100000"));
    assert_true(apply(world, "timer 2 position=1"));
    assert_int_equal(time, first + 1000000);
    assert_true(apply(world, "pause 3"));
    assert_false(apply(world, "timer 3"));
    assert_false(apply(world, "pause 3"));
    assert_true(apply(world, "resume 3"));
    assert_true(apply(world, "timer 3"));
    fm_world_free(world);
}

static void expect_verdict(const char *custom, enum fm_world_verdict verdict, const char *reason)
{
    struct fathom_sut bad = scribes;
    bad.customs = bad_customs;
    struct fm_world_options options = {.sut = &bad, .nodes = 3, .seed = 1};
    struct fm_world *world = fm_world_new(&options);
    fm_world_begin(world);
    assert_true(apply(world, "request 2"));
    assert_true(apply(world, custom));
    unsigned node;
    assert_int_equal(fm_world_verdict(world), verdict);
    assert_string_equal(fm_world_reason(world, &node), reason);
    assert_int_equal(node, 2);
    fm_world_begin(world);
    assert_int_equal(fm_world_verdict(world), FM_WORLD_FINE);
    fm_world_free(world);
}

static void *start_never(struct fathom_node *node, bool first)
{
    (void)node;
    (void)first;
    return NULL;
}

static void test_verdicts(void **state)
{
    (void)state;
    expect_verdict("custom 2 argument=1", FM_WORLD_BREACH, "request 0 is answered twice");
    expect_verdict("custom 2 kind=1 argument=1", FM_WORLD_HARNESS,
                   "a message to node 99, which does not exist");
    expect_verdict("custom 2 kind=2 argument=3", FM_WORLD_BREACH, "breach 3");
    struct fathom_sut dead = scribes;
    dead.start = start_never;
    struct fm_world_options options = {.sut = &dead, .nodes = 2};
    struct fm_world *world = fm_world_new(&options);
    fm_world_begin(world);
    assert_int_equal(fm_world_verdict(world), FM_WORLD_REFUSED);
    fm_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats),   cmocka_unit_test(test_counted_applies),
        cmocka_unit_test(test_disk),      cmocka_unit_test(test_sync),
        cmocka_unit_test(test_cut_short), cmocka_unit_test(test_network),
        cmocka_unit_test(test_clock),     cmocka_unit_test(test_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
