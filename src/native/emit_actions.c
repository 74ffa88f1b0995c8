/* All actions: instances that are alike, and calling everything in order.
 *
 * The split of the next-state relation makes one action of each combination of constants. Known
 * constants make good code: an index is a literal, a test is decided. But text grows with their
 * number, and compiling is what emitted code costs. So few instances of little text are functions
 * of their own, and others are one function that finds its constants in tables (emit_action.c).
 * What can be emitted only with constants known, or would leave parts to the interpreter that
 * instances do not, is written out for each instance where that is not too much text.
 *
 * Successors come in the order of the split, which goes through \E first and through the
 * disjunction below it next: A(1), B(1), A(2), B(2). So actions of several formulas take turns,
 * and what is looked for are runs that repeat: a loop over instances whose body calls each formula
 * once. c->action is set before a call where somebody will ask for it.
 *
 * A dry run takes instances one by one as far as they are not too many: shapes are better for
 * knowing that only process 1 stores a string. What an instance stores is of the shape that was
 * found for it, whichever function it stands in; the guards of a conversion cost little. */
#include "native/writer.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

/* Instances up to which each is tried as a function of its own, and bytes of C of all of them. */
#define SINGLE_MAX 12u
#define SINGLE_TEXT ((size_t)24 << 10)
/* Bytes of C of instances that cannot be one function. */
#define INSTANCES_TEXT ((size_t)256 << 10)
/* Instances up to which a dry run takes each. */
#define DRY_MAX 64u
/* Calls in a loop over instances at most, and in all: beyond, a table says what to call. */
#define PERIOD_MAX 64u
#define CALLS_MAX 256u

struct group {
    struct fm_emit_writer *writer;
    uint32_t *actions;
    uint32_t count;
    uint32_t first_site, first_function; /* before it was tried */
    size_t first_byte;                   /* of the prelude */
};

/* One try to emit instances of a group. */
struct attempt {
    const uint32_t *actions;
    uint32_t count;
    const char *name;
    bool emitted;
    uint32_t sites; /* calls of the interpreter in it */
    struct fm_emit_function function;
};

static void write_action(struct fm_emit *emit, void *closure)
{
    const struct attempt *attempt = closure;
    fm_emit_action(emit, attempt->actions, attempt->count, attempt->name);
}

/* Calls of the interpreter in the text; `keep`: their sites are not dropped. */
static uint32_t find_sites(struct fm_emit *emit, const char *text, bool keep)
{
    static const char call[] = "c->site(c, ";
    uint32_t count = 0;
    while ((text = strstr(text, call)) != NULL) {
        text += sizeof call - 1;
        unsigned long number = strtoul(text, NULL, 10);
        fm_assert(number < emit->sites.count);
        emit->sites.at[number].is_dropped = emit->sites.at[number].is_dropped && !keep;
        count++;
    }
    return count;
}

static struct attempt try_actions(struct fm_emit_writer *writer, const uint32_t *actions,
                                  uint32_t count)
{
    struct fm_emit *emit = writer->emit;
    const struct fm_symbol *name = emit->model->actions[actions[0]].name;
    struct attempt attempt = {.actions = actions, .count = count};
    fm_emit_function_begin(writer);
    attempt.name = fm_emit_name(emit, name->text);
    attempt.emitted = fm_emit_try(emit, write_action, &attempt);
    if (attempt.emitted) {
        attempt.sites = find_sites(emit, fm_text_string(&emit->body), false);
        attempt.function = fm_emit_function_end(writer, attempt.name,
                                                fm_emit_action_head(emit, attempt.name, count));
    }
    return attempt;
}

static void take(struct fm_emit_writer *writer, const struct attempt *attempt)
{
    uint32_t function = fm_emit_function_add(writer, attempt->function);
    writer->unit->emitted_actions += attempt->count;
    for (uint32_t i = 0; i < attempt->count; i++) {
        writer->actions[attempt->actions[i]] = (struct fm_emit_member){
            function, attempt->count > 1 ? i : FM_EMIT_NOWHERE};
    }
}

/* --- groups --- */

/* Sites of functions that were not taken are no news; helpers are not asked who calls them. */
static void drop_sites(const struct group *group)
{
    struct fm_emit *emit = group->writer->emit;
    for (uint32_t i = group->first_site; i < emit->sites.count; i++) {
        emit->sites.at[i].is_dropped = true;
    }
    (void)find_sites(emit, fm_text_string(&emit->prelude) + group->first_byte, true);
    for (uint32_t i = group->first_function; i < group->writer->functions.count; i++) {
        (void)find_sites(emit, group->writer->functions.at[i].text, true);
    }
}

/* What became of so many instances. */
static void note(const struct group *group, uint32_t count, bool emitted)
{
    struct fm_emit *emit = group->writer->emit;
    const struct fm_action *action = &emit->model->actions[group->actions[0]];
    const char *name = fm_emit_note_name(action->name);
    if (count != group->count) {
        name = fm_emit_format(emit, "%s, %u of %u instances", name, count, group->count);
    } else if (count > 1) {
        name = fm_emit_format(emit, "%s, %u instances", name, count);
    }
    fm_emit_note_add(emit, "action", name, action->node->span, group->first_site, emitted);
}

static void take_all(const struct group *group, const struct attempt *all)
{
    take(group->writer, all);
    drop_sites(group);
    note(group, group->count, true);
}

/* Each instance is a function, the first of which was tried. */
static void take_each(const struct group *group, struct attempt first)
{
    struct fm_emit *emit = group->writer->emit;
    uint32_t emitted = 0;
    size_t size = 0;
    const char *reason = emit->reason;
    for (uint32_t i = 0; i < group->count; i++) {
        if (group->count > SINGLE_MAX && size > INSTANCES_TEXT && emit->stores == NULL) {
            reason = "one function for all instances was refused, and for each would be too much";
            break;
        }
        struct attempt attempt = i == 0 ? first : try_actions(group->writer, &group->actions[i], 1);
        if (attempt.emitted) {
            emitted++;
            size += attempt.function.size;
            take(group->writer, &attempt);
        } else if (i != 0) {
            reason = emit->reason;
        }
    }
    if (emitted != 0) {
        drop_sites(group);
        note(group, emitted, true);
    }
    if (emitted != group->count) {
        emit->reason = reason;
        note(group, group->count - emitted, false);
    }
}

static size_t text_of_each(const struct group *group, const struct attempt *first)
{
    return first->emitted ? first->function.size * group->count : 0;
}

/* Many instances: together, unless an instance alone leaves less to the interpreter. */
static void emit_many(const struct group *group)
{
    struct fm_emit_writer *writer = group->writer;
    struct attempt all = try_actions(writer, group->actions, group->count);
    if (all.emitted && all.sites == 0) {
        take_all(group, &all);
        return;
    }
    struct attempt first = try_actions(writer, group->actions, 1);
    bool better = first.emitted && first.sites < all.sites &&
                  text_of_each(group, &first) <= INSTANCES_TEXT;
    if (all.emitted && !better) {
        take_all(group, &all);
        return;
    }
    take_each(group, first);
}

/* A few instances: each alone, unless that is much text and all together leave no more to the
 * interpreter. */
static void emit_few(const struct group *group)
{
    struct fm_emit_writer *writer = group->writer;
    struct attempt first = try_actions(writer, group->actions, 1);
    bool dry = writer->emit->stores != NULL;
    if (group->count > 1 && !dry && text_of_each(group, &first) > SINGLE_TEXT) {
        struct attempt all = try_actions(writer, group->actions, group->count);
        if (all.emitted && all.sites <= first.sites &&
            all.function.size < text_of_each(group, &first)) {
            take_all(group, &all);
            return;
        }
    }
    take_each(group, first);
}

static void emit_group(struct group *group)
{
    const struct fm_emit *emit = group->writer->emit;
    group->first_site = emit->sites.count;
    group->first_function = group->writer->functions.count;
    group->first_byte = emit->prelude.length;
    uint32_t single_max = emit->stores != NULL ? DRY_MAX : SINGLE_MAX;
    if (group->count > single_max) {
        emit_many(group);
    } else {
        emit_few(group);
    }
}

/* groups[i] with its actions, in order of their first ones; how many. */
static uint32_t find_groups(struct fm_emit_writer *writer, struct group *groups)
{
    struct fm_emit *emit = writer->emit;
    uint32_t count = emit->model->action_count, found = 0;
    uint32_t *of = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *of);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t k = 0;
        while (k < found && !fm_emit_actions_are_alike(emit, groups[k].actions[0], i)) {
            k++;
        }
        of[i] = k;
        if (k == found) {
            uint32_t *first = fm_arena_alloc(&emit->arena, sizeof *first);
            *first = i;
            groups[found++] = (struct group){.writer = writer, .actions = first};
        }
        groups[k].count++;
    }
    for (uint32_t k = 0; k < found; k++) {
        groups[k].actions = fm_arena_alloc(&emit->arena, groups[k].count * sizeof(uint32_t));
        groups[k].count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        groups[of[i]].actions[groups[of[i]].count++] = i;
    }
    return found;
}

void fm_emit_all_actions(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    uint32_t count = emit->model->action_count;
    writer->actions = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *writer->actions);
    for (uint32_t i = 0; i < count; i++) {
        writer->actions[i] = (struct fm_emit_member){FM_EMIT_NOWHERE, FM_EMIT_NOWHERE};
    }
    struct group *groups = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *groups);
    uint32_t group_count = find_groups(writer, groups);
    for (uint32_t k = 0; k < group_count; k++) {
        emit_group(&groups[k]);
    }
}

/* --- all successors --- */

static bool is_instance(struct fm_emit_member member)
{
    return member.instance != FM_EMIT_NOWHERE;
}

/* How often the actions from `first` on repeat with that period: the next instance each time. */
static uint32_t repetitions(const struct fm_emit_writer *writer, uint32_t first, uint32_t period)
{
    uint32_t count = writer->emit->model->action_count;
    uint32_t n = 1;
    for (; count - first >= (n + 1) * period; n++) {
        for (uint32_t j = 0; j < period; j++) {
            struct fm_emit_member a = writer->actions[first + j];
            struct fm_emit_member b = writer->actions[first + n * period + j];
            bool interpreted = a.function == FM_EMIT_NOWHERE && b.function == a.function;
            if (!interpreted &&
                (!is_instance(a) || b.function != a.function || b.instance != a.instance + n)) {
                return n;
            }
        }
    }
    return n;
}

/* The period whose repetitions cover most from there on; 1 when nothing repeats. */
static uint32_t best_period(const struct fm_emit_writer *writer, uint32_t first, uint32_t *times)
{
    uint32_t left = writer->emit->model->action_count - first;
    uint32_t best = 1;
    *times = repetitions(writer, first, 1);
    for (uint32_t period = 2; period <= left / 2 && period <= PERIOD_MAX; period++) {
        uint32_t n = repetitions(writer, first, period);
        if (n > 1 && n * period > *times * best) {
            best = period;
            *times = n;
        }
    }
    return best;
}

/* The call of one action in a loop over k, or outside of one. */
static void write_call(struct fm_emit_writer *writer, struct fm_emit_member member, bool looped)
{
    struct fm_emit *emit = writer->emit;
    if (member.function == FM_EMIT_NOWHERE) {
        fm_emit_line(emit, "interpret_action(c);");
    } else if (is_instance(member)) {
        fm_emit_line(emit, "%s(c, &p, %s%u);", writer->functions.at[member.function].name,
                     looped ? "k + " : "", member.instance);
    } else {
        fm_emit_line(emit, "%s(c, &p);", writer->functions.at[member.function].name);
    }
}

/* Whether somebody asks which action is at work: the function of several instances, or the
 * interpreter when it is called in its place or for a constraint. */
static bool is_action_asked(const struct fm_emit_writer *writer, struct fm_emit_member member)
{
    const struct fm_program *program = writer->emit->program;
    bool asked = member.function == FM_EMIT_NOWHERE || is_instance(member);
    for (uint32_t i = 0; i < program->constraint_count && !asked; i++) {
        asked = writer->constraints[i] == FM_EMIT_NOWHERE;
    }
    for (uint32_t i = 0; i < program->action_constraint_count && !asked; i++) {
        asked = writer->action_constraints[i] == FM_EMIT_NOWHERE;
    }
    return asked;
}

/* A run of actions: once, or in a loop. */
static void write_run(struct fm_emit_writer *writer, uint32_t first, uint32_t period,
                      uint32_t times)
{
    struct fm_emit *emit = writer->emit;
    if (times > 1) {
        fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", times);
    }
    for (uint32_t j = 0; j < period; j++) {
        bool is_asked = is_action_asked(writer, writer->actions[first + j]);
        if (is_asked && times > 1) {
            fm_emit_line(emit, "c->action = %u + k * %u;", first + j, period);
        } else if (is_asked) {
            fm_emit_line(emit, "c->action = %u;", first + j);
        }
        write_call(writer, writer->actions[first + j], times > 1);
    }
    if (times > 1) {
        fm_emit_close(emit, "");
    }
}

/* Calls to be written for all actions; more than the maximum when they are many. */
static uint32_t count_calls(const struct fm_emit_writer *writer)
{
    uint32_t calls = 0, times;
    for (uint32_t i = 0; i < writer->emit->model->action_count && calls <= CALLS_MAX;) {
        uint32_t period = best_period(writer, i, &times);
        calls += period;
        i += period * times;
    }
    return calls;
}

bool fm_emit_calls_each_once(const struct fm_emit_writer *writer)
{
    bool *is_called = fm_arena_calloc(&writer->emit->arena, writer->functions.count + 1,
                                      sizeof *is_called);
    uint32_t times;
    if (count_calls(writer) > CALLS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < writer->emit->model->action_count;) {
        uint32_t period = best_period(writer, i, &times);
        for (uint32_t j = i; j < i + period; j++) {
            uint32_t function = writer->actions[j].function;
            if (function != FM_EMIT_NOWHERE && is_called[function]) {
                return false;
            }
            if (function != FM_EMIT_NOWHERE) {
                is_called[function] = true;
            }
        }
        i += period * times;
    }
    return true;
}

static void write_successors(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    uint32_t count = emit->model->action_count;
    fm_emit_line(emit, "static void successors(struct fm_nrt *c, const void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct parent p;");
    fm_emit_line(emit, "parent_init(c, state_, &p);");
    if (count_calls(writer) > CALLS_MAX) {
        fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", count);
        fm_emit_line(emit, "c->action = k;");
        fm_emit_line(emit, "call_action(c, &p);");
        fm_emit_close(emit, "");
    } else {
        uint32_t times;
        for (uint32_t i = 0; i < count;) {
            uint32_t period = best_period(writer, i, &times);
            write_run(writer, i, period, times);
            i += times * period;
        }
    }
    fm_emit_close(emit, "\n");
}

/* The action whose number is c->action. Cold, so that what is short is inlined into the other calls
 * and not into these. */
static void write_call_action(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    uint32_t count = emit->model->action_count;
    fm_emit_line(emit,
                 "static FM_NRT_COLD void call_action(struct fm_nrt *c, const struct parent *p)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "static const struct { uint32_t function, instance; } actions[] = {");
    for (uint32_t i = 0; i < count; i++) {
        fm_emit_line(emit, "    {%uu, %uu},", writer->actions[i].function,
                     writer->actions[i].instance);
    }
    fm_emit_line(emit, "    {%uu, 0u},", FM_EMIT_NOWHERE);
    fm_emit_line(emit, "};");
    fm_emit_open(emit, "switch (actions[c->action].function)");
    bool *is_done = fm_arena_calloc(&emit->arena, writer->functions.count + 1, sizeof *is_done);
    for (uint32_t i = 0; i < count; i++) {
        struct fm_emit_member member = writer->actions[i];
        if (member.function != FM_EMIT_NOWHERE && !is_done[member.function]) {
            is_done[member.function] = true;
            fm_emit_line(emit, "case %u: %s(c, p%s); return;", member.function,
                         writer->functions.at[member.function].name,
                         is_instance(member) ? ", actions[c->action].instance" : "");
        }
    }
    fm_emit_close(emit, "");
    fm_emit_line(emit, "interpret_action(c);");
    fm_emit_close(emit, "\n");
}

/* The action whose number is c->action, by the interpreter. */
static void write_interpret_action(struct fm_emit *emit)
{
    fm_emit_line(emit, "static void interpret_action(struct fm_nrt *c)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "c->interpret_action(c, c->action);");
    fm_emit_open(emit, "if (c->stopped)");
    fm_emit_line(emit, "fm_nrt_fail(c);");
    fm_emit_close(emit, "");
    fm_emit_close(emit, "\n");
}

static void write_apply(struct fm_emit *emit)
{
    fm_emit_line(emit, "static void apply(struct fm_nrt *c, const void *state_, uint32_t action)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct parent p;");
    fm_emit_line(emit, "parent_init(c, state_, &p);");
    fm_emit_line(emit, "c->action = action;");
    fm_emit_line(emit, "call_action(c, &p);");
    fm_emit_close(emit, "\n");
}

void fm_emit_all_successors(struct fm_emit_writer *writer)
{
    write_interpret_action(writer->emit);
    write_call_action(writer);
    write_successors(writer);
    write_apply(writer->emit);
}
