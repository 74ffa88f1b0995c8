/* Warnings of the temporal part.
 *
 * They are read off the letters of the graph: a letter is one thing that all atoms together say of
 * some step, so a connective of atoms is true somewhere when it is true of a letter. There are few
 * letters, the graph itself is not looked at, and the search pays nothing.
 *
 * A property is vacuous (Beer, Ben-David, Eisner, Rodeh, 1997) when a left
 * side of it, F in F ~> G or [](F => G), is true in no reachable state: it holds, and tells nothing
 * of the system. Such parts are looked for where the property needs them: behind conjunctions, []
 * and <>, and behind further left sides. Under a quantifier a part is written once and stands in
 * the formula many times, and that one of these is empty is no news: \A p, q : (p # q /\ F) ~> G
 * has one such for each p. So the parts of one place in the text count together, over all
 * properties. A left side that is itself temporal is not judged.
 *
 * [](F => G) where F and G are predicates of states is an invariant, as in TLC, and is judged by
 * the search, which looks at states one by one and remembers nothing: no warning. */
#include "liveness/warnings.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"

#include <string.h>

/* A place in the text where something is promised. */
struct place {
    const struct fm_temporal *first; /* of the parts that are written here, in order */
    const char *property;
    uint32_t count;
    bool is_used; /* the left side of some part can hold */
};

struct warnings {
    const struct fm_graph *graph;
    const struct fm_temporals *temporals;
    struct fm_arena *arena;
    struct fm_map by_node; /* struct place */
    FM_VEC(struct place *) places;
    FM_VEC(const char *) lines;
};

/* --- letters --- */

/* What a formula without temporal operators says of a step; *knows false: it has some. */
static bool holds_on(const struct fm_temporal *formula, const uint64_t *words, bool *knows)
{
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
        return true;
    case FM_TEMPORAL_FALSE:
        return false;
    case FM_TEMPORAL_ATOM:
        return (words[formula->atom / 64] >> (formula->atom % 64) & 1) != 0;
    case FM_TEMPORAL_NOT:
        return !holds_on(formula->kids[0], words, knows);
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR: {
        bool is_and = formula->op == FM_TEMPORAL_AND;
        for (uint32_t i = 0; i < formula->count; i++) {
            if (holds_on(formula->kids[i], words, knows) != is_and) {
                return !is_and;
            }
        }
        return is_and;
    }
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        break;
    }
    *knows = false;
    return true;
}

/* Whether some step of the graph satisfies it, as far as that is known. */
static bool can_hold(const struct fm_graph *graph, const struct fm_temporal *formula)
{
    for (uint32_t i = 0; i < fm_graph_letter_count(graph); i++) {
        bool knows = true;
        if (holds_on(formula, fm_graph_letter_words_of(graph, i), &knows) || !knows) {
            return true;
        }
    }
    return false;
}

static void warn(struct warnings *warnings, const char *line)
{
    for (uint32_t i = 0; i < warnings->lines.count; i++) {
        if (strcmp(warnings->lines.at[i], line) == 0) {
            return;
        }
    }
    fm_vec_push(&warnings->lines, line);
}

/* --- properties --- */

static void note_promise(struct warnings *warnings, const struct fm_temporal *promise,
                         const char *property)
{
    struct place *place = fm_map_get(&warnings->by_node, promise->node);
    if (place == NULL) {
        place = fm_arena_calloc(warnings->arena, 1, sizeof *place);
        place->first = promise;
        place->property = property;
        fm_map_put(&warnings->by_node, promise->node, place);
        fm_vec_push(&warnings->places, place);
    }
    place->count++;
    if (!place->is_used) {
        place->is_used = can_hold(warnings->graph, promise->given);
    }
}

/* The promises that the property needs. No deeper than formulas are built. */
static void note_promises(struct warnings *warnings, const struct fm_temporal *formula,
                          const char *property)
{
    switch (formula->op) {
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        for (uint32_t i = 0; i < formula->count; i++) {
            note_promises(warnings, formula->kids[i], property);
        }
        return;
    case FM_TEMPORAL_OR:
        if (formula->origin == FM_ORIGIN_PROMISE) {
            note_promise(warnings, formula, property);
            note_promises(warnings, formula->kids[1], property);
        }
        return;
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
    case FM_TEMPORAL_ATOM:
    case FM_TEMPORAL_NOT:
        return;
    }
}

/* A property that became TRUE without a look at a state, all parts of it. */
static void warn_of_constants(struct warnings *warnings, const char *property)
{
    const struct fm_temporals *temporals = warnings->temporals;
    for (uint32_t i = 0; i < temporals->property_count; i++) {
        if (strcmp(temporals->properties[i].name, property) == 0 &&
            temporals->properties[i].formula->op != FM_TEMPORAL_TRUE) {
            return;
        }
    }
    warn(warnings, fm_arena_printf(warnings->arena,
                                   "%s says nothing: the constants make it true of every behavior",
                                   property));
}

static void warn_of_place(struct warnings *warnings, const struct place *place)
{
    const char *line = fm_arena_printf(
        warnings->arena, "%s says nothing: %s is never true, the left side of %s", place->property,
        place->first->given->text, place->first->text);
    if (place->count > 1) {
        line = fm_arena_printf(warnings->arena, "%s, nor for %u other value%s", line,
                               place->count - 1, place->count == 2 ? "" : "s");
    }
    warn(warnings, line);
}

static void warn_of_properties(struct warnings *warnings)
{
    const struct fm_temporals *temporals = warnings->temporals;
    for (uint32_t i = 0; i < temporals->property_count; i++) {
        const struct fm_temporal_property *property = &temporals->properties[i];
        if (property->formula->op == FM_TEMPORAL_TRUE) {
            warn_of_constants(warnings, property->name);
        }
        note_promises(warnings, property->formula, property->name);
    }
    for (uint32_t i = 0; i < warnings->places.count; i++) {
        if (!warnings->places.at[i]->is_used) {
            warn_of_place(warnings, warnings->places.at[i]);
        }
    }
}

/* --- fairness --- */

static void warn_of_fairness(struct warnings *warnings)
{
    const struct fm_temporals *temporals = warnings->temporals;
    for (uint32_t i = 0; i < temporals->condition_count; i++) {
        const struct fm_fairness *condition = &temporals->conditions[i];
        const struct fm_temporal enabled = {.op = FM_TEMPORAL_ATOM, .atom = condition->enabled};
        if (!can_hold(warnings->graph, &enabled)) {
            warn(warnings,
                 fm_arena_printf(warnings->arena, "%s asks for nothing: %s is never enabled",
                                 condition->formula->text, condition->action));
        }
    }
}

const char *const *fm_liveness_warnings(const struct fm_graph *graph,
                                        const struct fm_temporals *temporals,
                                        struct fm_arena *arena, uint32_t *count)
{
    struct warnings warnings = {.graph = graph, .temporals = temporals, .arena = arena};
    warn_of_properties(&warnings);
    warn_of_fairness(&warnings);
    const char **lines = fm_arena_copy(arena, warnings.lines.at,
                                       warnings.lines.count * sizeof *lines);
    *count = warnings.lines.count;
    fm_map_deinit(&warnings.by_node);
    fm_vec_deinit(&warnings.places);
    fm_vec_deinit(&warnings.lines);
    return lines;
}
