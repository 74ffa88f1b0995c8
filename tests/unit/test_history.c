/* Linearizability: random small histories of every object against trying all orders, the algorithms
 * for unique values against the search, witnesses, and what is wrong with files. */
#include "base/random.h"
#include "history/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef __SANITIZE_ADDRESS__
enum { HISTORIES = 4000 };
#else
enum { HISTORIES = 100000 };
#endif
enum { OPERATIONS_MAX = 7, PROCESSES = 3, VALUES = 3, SUMS = 20, STATE_MAX = OPERATIONS_MAX + 1 };

/* --- trying all orders: semantics of its own, over small numbers --- */

/* Numbers stand for themselves; NOTHING for null. */
enum { NOTHING = -100, SAYS_NOTHING = -200 };

struct small {
    enum fm_verb verb;
    int argument, second, result; /* result of MEMBERS: a set of bits */
    unsigned call, end;           /* end: or OPEN */
    bool open;
};

struct state {
    int value; /* of a register, of a counter; a set's bits */
    int queue[STATE_MAX];
    int length;
};

static bool act(const struct small *small, struct state *state)
{
    int result = small->result, before = state->value;
    bool any = small->open || result == SAYS_NOTHING;
    if (small->verb == FM_VERB_READ || small->verb == FM_VERB_TOTAL ||
        small->verb == FM_VERB_MEMBERS) {
        return any || result == before;
    }
    if (small->verb == FM_VERB_WRITE) {
        state->value = small->argument;
        return true;
    }
    if (small->verb == FM_VERB_CAS) {
        bool same = before == small->argument;
        state->value = same ? small->second : before;
        return small->open || same == (result != 0);
    }
    if (small->verb == FM_VERB_CONTAINS) {
        return any || result == (before >> small->argument & 1);
    }
    if (small->verb == FM_VERB_ADD || small->verb == FM_VERB_REMOVE) {
        int bit = 1 << small->argument;
        state->value = small->verb == FM_VERB_ADD ? before | bit : before & ~bit;
        return any || result == (state->value != before);
    }
    if (small->verb == FM_VERB_INCREMENT || small->verb == FM_VERB_DECREMENT ||
        small->verb == FM_VERB_ADD_AND_GET) {
        state->value += small->verb == FM_VERB_DECREMENT ? -small->argument : small->argument;
        return any || result == state->value;
    }
    if (small->verb == FM_VERB_ENQUEUE) {
        state->queue[state->length++] = small->argument;
        return true;
    }
    int out = NOTHING;
    if (state->length > 0) {
        out = state->queue[0];
        state->length--;
        memmove(state->queue, state->queue + 1, (size_t)state->length * sizeof *state->queue);
    }
    return any || out == result;
}

static bool has_order(const struct small *smalls, unsigned count, unsigned done,
                      const struct state *state)
{
    unsigned end = UINT32_MAX; /* of the operation that ends first */
    for (unsigned i = 0; i < count; i++) {
        if ((done >> i & 1) == 0 && !smalls[i].open && smalls[i].end < end) {
            end = smalls[i].end;
        }
    }
    if (end == UINT32_MAX) {
        return true;
    }
    for (unsigned i = 0; i < count; i++) {
        struct state next = *state;
        if ((done >> i & 1) == 0 && smalls[i].call < end && act(&smalls[i], &next) &&
            has_order(smalls, count, done | 1u << i, &next)) {
            return true;
        }
    }
    return false;
}

/* --- random histories --- */

static const enum fm_verb verbs_of[][4] = {
    {FM_VERB_READ, FM_VERB_WRITE, FM_VERB_WRITE, FM_VERB_READ},
    {FM_VERB_READ, FM_VERB_WRITE, FM_VERB_CAS, FM_VERB_CAS},
    {FM_VERB_ADD, FM_VERB_REMOVE, FM_VERB_CONTAINS, FM_VERB_CONTAINS},
    {FM_VERB_ADD, FM_VERB_REMOVE, FM_VERB_CONTAINS, FM_VERB_MEMBERS},
    {FM_VERB_ENQUEUE, FM_VERB_DEQUEUE, FM_VERB_ENQUEUE, FM_VERB_DEQUEUE},
    {FM_VERB_INCREMENT, FM_VERB_DECREMENT, FM_VERB_TOTAL, FM_VERB_ADD_AND_GET},
};
static const enum fm_object_kind kind_of[] = {FM_OBJECT_REGISTER, FM_OBJECT_REGISTER,
                                              FM_OBJECT_SET,      FM_OBJECT_SET,
                                              FM_OBJECT_QUEUE,    FM_OBJECT_COUNTER};

static int draw(struct fm_random *random, int limit)
{
    return (int)fm_random_below(random, (uint64_t)limit);
}

/* What the operation is told: mostly what a state that is about right would say. */
static int draw_result(struct fm_random *random, const struct small *small)
{
    switch (small->verb) { /* those without a result say nothing */
    case FM_VERB_READ:
    case FM_VERB_DEQUEUE:
        return draw(random, VALUES + 1) == 0 ? NOTHING : draw(random, VALUES);
    case FM_VERB_CAS:
    case FM_VERB_CONTAINS:
        return draw(random, 2);
    case FM_VERB_ADD:
    case FM_VERB_REMOVE:
        return draw(random, 2) == 0 ? SAYS_NOTHING : draw(random, 2);
    case FM_VERB_MEMBERS:
        return draw(random, 1 << VALUES);
    case FM_VERB_TOTAL:
    case FM_VERB_ADD_AND_GET:
        return draw(random, 6) - 1;
    case FM_VERB_GET:
    case FM_VERB_WRITE:
    case FM_VERB_PUT:
    case FM_VERB_DELETE:
    case FM_VERB_ENQUEUE:
    case FM_VERB_INCREMENT:
    case FM_VERB_DECREMENT:
    case FM_VERB_COUNT:
        break;
    }
    return SAYS_NOTHING;
}

/* Half of the results are those of some order, so that many histories have one. */
static void run_some_order(struct fm_random *random, struct small *smalls, unsigned count,
                           struct state state)
{
    unsigned done = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned end = UINT32_MAX, at;
        for (unsigned k = 0; k < count; k++) {
            if ((done >> k & 1) == 0 && smalls[k].end < end) {
                end = smalls[k].end;
            }
        }
        do {
            at = (unsigned)draw(random, (int)count);
        } while ((done >> at & 1) != 0 || smalls[at].call > end);
        done |= 1u << at;
        struct small *small = &smalls[at];
        if (small->result == SAYS_NOTHING) {
            (void)act(small, &state);
            continue;
        }
        for (int result = -SUMS; result <= SUMS; result++) {
            struct state next = state;
            small->result = result == -SUMS ? NOTHING : result;
            small->open = false;
            bool could = act(small, &next);
            small->open = small->end == UINT32_MAX - 1;
            if (could) {
                state = next;
                break;
            }
        }
    }
}

static unsigned draw_history(struct fm_random *random, unsigned object, bool unique,
                             struct small *smalls)
{
    unsigned count = 1 + (unsigned)draw(random, OPERATIONS_MAX), moment = 0, begun = 0;
    int open[PROCESSES] = {-1, -1, -1};
    for (unsigned left = count; left > 0;) {
        unsigned process = (unsigned)draw(random, PROCESSES);
        if (open[process] >= 0) {
            smalls[open[process]].end = moment++;
            open[process] = -1;
            left--;
        } else if (begun < count) {
            struct small *small = &smalls[begun];
            *small = (struct small){.verb = verbs_of[object][draw(random, 4)],
                                    .argument = unique ? (int)begun : draw(random, VALUES),
                                    .second = draw(random, VALUES),
                                    .call = moment++};
            small->result = draw_result(random, small);
            open[process] = (int)begun++;
        }
    }
    if (draw(random, 2) == 0) {
        struct state state = {.value = kind_of[object] == FM_OBJECT_REGISTER ? NOTHING : 0};
        run_some_order(random, smalls, count, state);
        if (draw(random, 2) == 0) {
            struct small *one = &smalls[draw(random, (int)count)];
            one->result = draw_result(random, one);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        smalls[i].open = draw(random, 8) == 0;
    }
    return count;
}

/* --- the same as histories --- */

static fm_datum datum(struct fm_history *history, int value)
{
    return value == NOTHING        ? FM_DATUM_NULL
           : value == SAYS_NOTHING ? FM_DATUM_NONE
                                   : fm_data_integer(&history->data, value);
}

static fm_datum result_of(struct fm_history *history, const struct small *small)
{
    bool is_flag = small->verb == FM_VERB_CAS || small->verb == FM_VERB_CONTAINS ||
                   small->verb == FM_VERB_ADD || small->verb == FM_VERB_REMOVE;
    if (small->open || small->result == SAYS_NOTHING) {
        return FM_DATUM_NONE;
    }
    if (is_flag) {
        return small->result != 0 ? FM_DATUM_TRUE : FM_DATUM_FALSE;
    }
    if (small->verb != FM_VERB_MEMBERS) {
        return datum(history, small->result);
    }
    char text[40] = "[";
    fm_datum items[VALUES];
    uint32_t count = 0;
    for (int i = 0; i < VALUES; i++) {
        if ((small->result >> i & 1) != 0) {
            items[count++] = fm_data_integer(&history->data, i);
            (void)sprintf(text + strlen(text), "%s%d", count == 1 ? "" : ",", i);
        }
    }
    (void)strcat(text, "]");
    return fm_data_text(&history->data, text, (uint32_t)strlen(text), items, count);
}

static void make_history(struct fm_history *history, enum fm_object_kind kind,
                         const struct small *smalls, unsigned count)
{
    *history = (struct fm_history){.object = kind};
    fm_arena_init(&history->arena, "test");
    fm_data_init(&history->data, &history->arena);
    history->initial = datum(history, kind == FM_OBJECT_COUNTER ? 0 : NOTHING);
    history->operations = fm_arena_alloc(&history->arena,
                                         OPERATIONS_MAX * sizeof(struct fm_operation));
    for (unsigned i = 0; i < count; i++) {
        bool has_argument = smalls[i].verb != FM_VERB_READ && smalls[i].verb != FM_VERB_TOTAL &&
                            smalls[i].verb != FM_VERB_MEMBERS && smalls[i].verb != FM_VERB_DEQUEUE;
        bool is_question = smalls[i].verb == FM_VERB_READ || smalls[i].verb == FM_VERB_TOTAL ||
                           smalls[i].verb == FM_VERB_MEMBERS || smalls[i].verb == FM_VERB_CONTAINS;
        if (smalls[i].open && is_question) {
            continue; /* as fm_history_read does */
        }
        history->operations[history->count++] = (struct fm_operation){
            .call = smalls[i].call,
            .end = smalls[i].open ? FM_NEVER : smalls[i].end,
            .verb = smalls[i].verb,
            .key = FM_DATUM_NONE,
            .argument = has_argument ? datum(history, smalls[i].argument) : FM_DATUM_NONE,
            .second = smalls[i].verb == FM_VERB_CAS ? datum(history, smalls[i].second)
                                                    : FM_DATUM_NONE,
            .result = result_of(history, &smalls[i])};
    }
}

/* Whether there is an order when only operations of the witness, but one, say what they said. */
static bool has_order_of(const struct small *smalls, unsigned count,
                         const struct fm_linearity_result *result, uint32_t without, int value)
{
    struct small weak[OPERATIONS_MAX];
    unsigned kept = 0;
    for (unsigned i = 0; i < count; i++) {
        if (!smalls[i].open && smalls[i].end < result->from) {
            continue;
        }
        weak[kept] = smalls[i];
        weak[kept].open = true;
        for (uint32_t k = 0; k < result->witness_count; k++) {
            weak[kept].open = weak[kept].open &&
                              (k == without || result->witness[k]->call != smalls[i].call);
        }
        kept++;
    }
    struct state state = {.value = value};
    return has_order(weak, kept, 0, &state);
}

/* The witness has no order, from any state where that is said; without any one of it there is one.
 */
static void check_witness(const struct small *smalls, unsigned count,
                          const struct fm_linearity_result *result, int initial)
{
    assert_true(result->witness_count > 0);
    assert_non_null(result->at);
    for (uint32_t without = 0; without <= result->witness_count; without++) {
        bool any = false;
        for (int value = -1; value < (result->from == 0 ? 0 : VALUES + 2); value++) {
            int first = result->from == 0 ? initial : value == -1 ? NOTHING : value;
            any = any || has_order_of(smalls, count, result, without, first);
        }
        assert_int_equal(any, without < result->witness_count);
    }
}

static void run_object(unsigned object, bool unique, bool no_shortcuts)
{
    unsigned have = 0, lack = 0, shortcuts = 0;
    for (unsigned seed = 0; seed < HISTORIES; seed++) {
        struct small smalls[OPERATIONS_MAX];
        struct fm_random random;
        fm_random_seed(&random, seed * 2 + unique);
        unsigned count = draw_history(&random, object, unique, smalls);
        struct fm_history history;
        make_history(&history, kind_of[object], smalls, count);
        struct state initial = {.value = kind_of[object] == FM_OBJECT_REGISTER ? NOTHING : 0};
        bool expected = has_order(smalls, count, 0, &initial);
        struct fm_linearity_options options = {.no_shortcuts = no_shortcuts,
                                               .no_witness = seed % 16 != 0};
        struct fm_linearity_result result = fm_history_check(&history, &options);
        if (result.verdict != (expected ? FM_LINEARIZABLE : FM_NOT_LINEARIZABLE)) {
            fail_msg("object %u seed %u: %d, expected %d", object, seed, (int)result.verdict,
                     expected);
        }
        if (!expected && !options.no_witness && result.minimal) {
            check_witness(smalls, count, &result, initial.value);
        }
        *(expected ? &have : &lack) += 1;
        shortcuts += (unsigned)result.shortcuts;
        fm_history_deinit(&history);
    }
    assert_true(have > HISTORIES / 10 && lack > HISTORIES / 10);
    assert_true(!no_shortcuts || shortcuts == 0);
    assert_true(!unique || no_shortcuts || shortcuts > HISTORIES / 2);
}

static void test_register(void **context)
{
    (void)context;
    run_object(0, false, true);
    run_object(0, true, true);
    run_object(0, true, false);
    run_object(0, false, false);
}

static void test_cas_register(void **context)
{
    (void)context;
    run_object(1, false, false);
}

static void test_set(void **context)
{
    (void)context;
    run_object(2, false, false);
    run_object(3, false, false);
}

static void test_queue(void **context)
{
    (void)context;
    run_object(4, false, true);
    run_object(4, true, true);
    run_object(4, true, false);
}

static void test_counter(void **context)
{
    (void)context;
    run_object(5, false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_register), cmocka_unit_test(test_cas_register),
        cmocka_unit_test(test_set),      cmocka_unit_test(test_queue),
        cmocka_unit_test(test_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
