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
 * once. c->action is set before each call: guards that fail say by it what is to be redone.
 *
 * A dry run takes instances one by one as far as they are not too many: shapes are better for
 * knowing that only process 1 stores a string. What an instance stores is of the shape that was
 * found for it, whichever function it stands in; the guards of a conversion cost little. */
#include "native/writer.h"

#include <string.h>

/* Instances up to which each is tried as a function of its own, and bytes of C of all of them. */
#define SINGLE_MAX 12u
#define SINGLE_TEXT ((size_t)24 << 10)
/* Bytes of C of instances that cannot be one function. */
#define INSTANCES_TEXT ((size_t)128 << 10)
/* Instances up to which a dry run takes each. */
#define DRY_MAX 64u
/* Calls in a loop over instances at most. */
#define PERIOD_MAX 64u

struct group {
    struct fm_emit_writer *writer;
    uint32_t *actions;
    uint32_t count;
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

/* Calls of the interpreter in what was just written. */
static uint32_t count_sites(const struct fm_emit *emit)
{
    uint32_t count = 0;
    const char *at = emit->body.length != 0 ? emit->body.at : "";
    while ((at = strstr(at, "c->site(c, ")) != NULL) {
        count++;
        at++;
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
        attempt.sites = count_sites(emit);
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

static void note(const struct group *group, uint32_t count, uint32_t first_site, bool emitted)
{
    struct fm_emit *emit = group->writer->emit;
    const struct fm_action *action = &emit->model->actions[group->actions[0]];
    const char *many = group->count == 1 ? ""
                       : count == group->count
                           ? fm_emit_format(emit, ", %u instances", count)
                           : fm_emit_format(emit, ", %u of %u instances", count, group->count);
    fm_emit_note_add(emit, "action", action->name, many, action->node->span, first_site, emitted);
}

/* Each instance is a function, the first of which was tried. */
static void take_each(const struct group *group, struct attempt first, uint32_t first_site)
{
    struct fm_emit *emit = group->writer->emit;
    uint32_t emitted = 0;
    const char *reason = emit->reason;
    for (uint32_t i = 0; i < group->count; i++) {
        struct attempt attempt = i == 0 ? first : try_actions(group->writer, &group->actions[i], 1);
        if (attempt.emitted) {
            emitted++;
            take(group->writer, &attempt);
        } else if (i != 0) {
            reason = emit->reason;
        }
    }
    if (emitted != 0) {
        note(group, emitted, first_site, true);
    }
    if (emitted != group->count) {
        emit->reason = reason;
        note(group, group->count - emitted, first_site, false);
    }
}

static size_t text_of_each(const struct group *group, const struct attempt *first)
{
    return first->emitted ? first->function.size * group->count : 0;
}

/* Many instances: together, unless an instance alone leaves less to the interpreter. */
static void emit_many(const struct group *group, uint32_t first_site)
{
    struct fm_emit_writer *writer = group->writer;
    struct attempt all = try_actions(writer, group->actions, group->count);
    if (all.emitted && all.sites == 0) {
        take(writer, &all);
        note(group, group->count, first_site, true);
        return;
    }
    struct attempt first = try_actions(writer, group->actions, 1);
    bool better = first.emitted && first.sites < all.sites &&
                  text_of_each(group, &first) <= INSTANCES_TEXT;
    if (all.emitted && !better) {
        take(writer, &all);
        note(group, group->count, first_site, true);
        return;
    }
    take_each(group, first, first_site);
}

/* A few instances: each alone, unless that is much text and all together leave no more to the
 * interpreter. */
static void emit_few(const struct group *group, uint32_t first_site)
{
    struct fm_emit_writer *writer = group->writer;
    struct attempt first = try_actions(writer, group->actions, 1);
    if (group->count > 1 && text_of_each(group, &first) > SINGLE_TEXT) {
        struct attempt all = try_actions(writer, group->actions, group->count);
        if (all.emitted && all.sites <= first.sites &&
            all.function.size < text_of_each(group, &first)) {
            take(writer, &all);
            note(group, group->count, first_site, true);
            return;
        }
    }
    take_each(group, first, first_site);
}

static void emit_group(const struct group *group)
{
    const struct fm_emit *emit = group->writer->emit;
    uint32_t first_site = emit->sites.count;
    uint32_t single_max = emit->stores != NULL ? DRY_MAX : SINGLE_MAX;
    if (group->count > single_max) {
        emit_many(group, first_site);
    } else {
        emit_few(group, first_site);
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

/* The call of one action; `step` is what is to be added to its instance, "" for nothing. */
static void write_call(struct fm_emit_writer *writer, struct fm_emit_member member,
                       const char *step)
{
    struct fm_emit *emit = writer->emit;
    if (member.function == FM_EMIT_NOWHERE) {
        fm_emit_line(emit, "c->interpret_action(c, c->action);");
    } else if (is_instance(member)) {
        fm_emit_line(emit, "%s(c, &p, %uu%s);", writer->functions.at[member.function].name,
                     member.instance, step);
    } else {
        fm_emit_line(emit, "%s(c, &p);", writer->functions.at[member.function].name);
    }
    fm_emit_open(emit, "if (c->stopped)");
    fm_emit_line(emit, "return;");
    fm_emit_close(emit, "");
}

static void write_successors(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    fm_emit_line(emit, "static void successors(struct fm_nrt *c, const void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct parent p;");
    fm_emit_line(emit, "parent_init(c, state_, &p);");
    uint32_t times;
    for (uint32_t i = 0; i < emit->model->action_count;) {
        uint32_t period = best_period(writer, i, &times);
        if (times > 1) {
            fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", times);
        }
        for (uint32_t j = 0; j < period; j++) {
            const char *step = times == 1    ? ""
                               : period == 1 ? " + k"
                                             : fm_emit_format(emit, " + k * %u", period);
            fm_emit_line(emit, "c->action = %uu%s;", i + j, step);
            write_call(writer, writer->actions[i + j], times > 1 ? " + k" : "");
        }
        if (times > 1) {
            fm_emit_close(emit, "");
        }
        i += times * period;
    }
    fm_emit_close(emit, "\n");
}

static void write_action_by_index(struct fm_emit_writer *writer)
{
    struct fm_emit *emit = writer->emit;
    uint32_t count = emit->model->action_count;
    fm_emit_line(emit, "static void action(struct fm_nrt *c, uint32_t index, const void *state_)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "static const struct { uint32_t function, instance; } actions[] = {");
    for (uint32_t i = 0; i < count; i++) {
        fm_emit_line(emit, "    {%uu, %uu},", writer->actions[i].function,
                     writer->actions[i].instance);
    }
    fm_emit_line(emit, "    {%uu, %uu},", FM_EMIT_NOWHERE, FM_EMIT_NOWHERE);
    fm_emit_line(emit, "};");
    fm_emit_line(emit, "struct parent p;");
    fm_emit_line(emit, "parent_init(c, state_, &p);");
    fm_emit_line(emit, "c->action = index;");
    fm_emit_open(emit, "switch (actions[index].function)");
    uint32_t done = 0; /* functions below have their case */
    for (uint32_t i = 0; i < count; i++) {
        struct fm_emit_member member = writer->actions[i];
        if (member.function != FM_EMIT_NOWHERE && member.function >= done) {
            done = member.function + 1;
            fm_emit_line(emit, "case %u: %s(c, &p%s); return;", member.function,
                         writer->functions.at[member.function].name,
                         is_instance(member) ? ", actions[index].instance" : "");
        }
    }
    fm_emit_close(emit, "");
    fm_emit_line(emit, "c->interpret_action(c, index);");
    fm_emit_close(emit, "\n");
}

void fm_emit_all_successors(struct fm_emit_writer *writer)
{
    write_successors(writer);
    write_action_by_index(writer);
}
