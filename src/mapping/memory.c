/* What a judge remembers.
 *
 * After each event all nodes are compared with each candidate and all invariants are asked, though
 * an event changes one node. Both answers depend on little: an invariant on the variables that it
 * reads, and whether a node agrees on what it shows and on what Observed reads of it (reads.h).
 * Where these are what they were when the answer was yes, it is yes. Only that is kept: what is
 * false ends a candidate, and its reason has to be found out.
 *
 * Two places are looked at. Of each node there is its last agreement, whose values are the same
 * objects when nothing has touched them: a few words to compare. Then there is a table of digests,
 * for states that come back, in another order of events, or in another schedule. Digests have 128
 * bits and are those of states and fingerprints, which are trusted elsewhere. The table is direct
 * mapped and does not grow: what is new takes the place of what is there. */
#include "mapping/memory.h"

#include "base/arena.h"

#include <string.h>

/* Facts that are kept, a power of two: 400 KB. */
#define FACTS 16384u

void memory_init(struct memory *memory, const struct fm_mapping *mapping)
{
    uint32_t count = mapping->model->variable_count;
    memory->facts = fm_memory_calloc(FACTS, sizeof *memory->facts);
    memory->values = fm_memory_calloc(count + 3, sizeof *memory->values);
    memory->value_count = (uint32_t)__builtin_popcountll(mapping->observed_reads.whole) +
                          (uint32_t)__builtin_popcountll(mapping->observed_reads.part);
    for (uint32_t i = 0; i < FM_MEMORY_NODES; i++) {
        memory->agreements[i].parts = fm_memory_calloc(count + 1, sizeof(fm_value));
    }
}

void memory_deinit(struct memory *memory)
{
    for (uint32_t i = 0; i < FM_MEMORY_NODES; i++) {
        fm_memory_free(memory->agreements[i].parts);
    }
    fm_memory_free(memory->facts);
    fm_memory_free(memory->values);
}

void memory_forget_values(struct memory *memory)
{
    for (uint32_t i = 0; i < FM_MEMORY_NODES; i++) {
        memory->agreements[i].holds = false;
    }
}

static struct fact *fact_at(const struct memory *memory, struct fm_digest digest)
{
    return &memory->facts[digest.low % FACTS];
}

/* Whether there is a fact about the first `count` values; they are digested as a state is. */
static bool is_fact(struct memory *memory, struct fm_value_context *context, uint32_t count,
                    struct question *question)
{
    question->known = true;
    question->digest = fm_state_digest(context, memory->values, count, 0);
    const struct fact *fact = fact_at(memory, question->digest);
    question->fields = fact->fields;
    return fm_digest_equal(fact->digest, question->digest);
}

/* The value of a function of nodes at one of them; NONE when it is not such a function. */
static fm_value part_of(struct fm_value_context *context, fm_value function, int64_t node)
{
    switch ((int)fm_value_kind(function)) {
    case FM_KIND_TUPLE:
    case FM_KIND_FCN:
        return fm_fcn_lookup(context, function, fm_int(context, node));
    }
    return fm_none();
}

/* What Observed reads of the node, into memory->values from `first` on; false: it is not all
 * there. */
static bool gather(struct memory *memory, const struct fm_mapping *mapping,
                   struct fm_value_context *context, const fm_value *variables, int64_t node,
                   uint32_t first)
{
    fm_value *to = memory->values + first;
    for (uint64_t rest = mapping->observed_reads.part; rest != 0; rest &= rest - 1) {
        *to = part_of(context, variables[__builtin_ctzll(rest)], node);
        if (fm_is_none(*to++)) {
            return false;
        }
    }
    for (uint64_t rest = mapping->observed_reads.whole; rest != 0; rest &= rest - 1) {
        *to++ = variables[__builtin_ctzll(rest)];
    }
    return true;
}

static bool is_as_before(const struct memory *memory, const struct question *question,
                         const fm_value *values)
{
    const struct agreement *agreement = question->agreement;
    if (!agreement->holds || agreement->node != question->node ||
        !fm_value_same(agreement->shown, question->shown)) {
        return false;
    }
    for (uint32_t i = 0; i < memory->value_count; i++) {
        if (!fm_value_same(agreement->parts[i], values[i])) {
            return false;
        }
    }
    return true;
}

bool memory_has_agreed(struct memory *memory, const struct fm_mapping *mapping,
                       struct fm_value_context *context, const fm_value *variables,
                       struct question *question)
{
    question->known = false;
    if (!mapping->observed_reads.known ||
        !gather(memory, mapping, context, variables, question->node, 3)) {
        return false;
    }
    question->agreement = &memory->agreements[(uint64_t)question->node % FM_MEMORY_NODES];
    if (is_as_before(memory, question, memory->values + 3)) {
        question->fields = question->agreement->fields;
        return true;
    }
    memory->values[0] = fm_small(0);
    memory->values[1] = fm_int(context, question->node);
    memory->values[2] = question->shown;
    bool known = is_fact(memory, context, memory->value_count + 3, question);
    if (known) {
        memory_keep(memory, question);
    }
    return known;
}

bool memory_holds(struct memory *memory, const struct fm_mapping *mapping,
                  struct fm_value_context *context, const fm_value *variables, uint32_t invariant,
                  struct question *question)
{
    uint32_t count = 0;
    question->known = false;
    question->agreement = NULL;
    if (!mapping->invariant_reads[invariant].known) {
        return false;
    }
    memory->values[count++] = fm_small(1 + (int64_t)invariant);
    for (uint64_t rest = mapping->invariant_reads[invariant].whole; rest != 0; rest &= rest - 1) {
        memory->values[count++] = variables[__builtin_ctzll(rest)];
    }
    return is_fact(memory, context, count, question);
}

void memory_keep(struct memory *memory, const struct question *question)
{
    if (!question->known) {
        return;
    }
    *fact_at(memory, question->digest) = (struct fact){question->digest, question->fields};
    struct agreement *agreement = question->agreement;
    if (agreement != NULL) {
        agreement->holds = true;
        agreement->node = question->node;
        agreement->shown = question->shown;
        agreement->fields = question->fields;
        memcpy(agreement->parts, memory->values + 3,
               memory->value_count * sizeof *agreement->parts);
    }
}
