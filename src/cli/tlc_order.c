/* The order of variables in TLC's states.
 *
 * TLC prints variables as SANY's context enumerates them
 * (tla2sany.semantic.Context.getVariableDecls, ModuleNode.getVariableDecls): a java.util.Hashtable,
 * whose order is that of String.hashCode modulo the size of the table. The size follows from the
 * number of names that the root module sees: 11 at first, 2n + 1 when three quarters are full.
 * Names are those of the language (BuiltInOperators), and what the root declares, defines, extends
 * and instantiates.
 *
 * The enumeration goes from the last bucket to the first, ModuleNode turns it round. Two variables
 * of one bucket stand in the order in which they were put there, turned round by each growth that
 * they went through together; we take that of their declarations. */
#include "cli/tlc_report.h"

#include "base/arena.h"

#include <stdlib.h>

/* Names of the language in SANY's table. */
#define BUILTIN_COUNT 72u
/* java.util.Hashtable: buckets at the beginning. */
#define BUCKETS_MIN 11u

struct place {
    uint32_t bucket;
    uint32_t index;
};

/* String.hashCode without its sign; names are ASCII. */
static uint32_t hash_name(const char *name)
{
    uint32_t hash = 0;
    for (; *name != '\0'; name++) {
        hash = 31u * hash + (unsigned char)*name;
    }
    return hash & 0x7fffffffu;
}

static uint32_t bucket_count(uint32_t names)
{
    uint32_t buckets = BUCKETS_MIN;
    /* The name after the threshold makes it grow. */
    while (names > buckets * 3 / 4) {
        buckets = 2 * buckets + 1;
    }
    return buckets;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *first = a, *second = b;
    if (first->bucket != second->bucket) {
        return first->bucket < second->bucket ? -1 : 1;
    }
    return first->index < second->index ? -1 : first->index > second->index;
}

uint32_t *fm_tlc_variable_order(const struct fm_report *report)
{
    const struct fm_program *program = report->program;
    uint32_t count = program->variable_count;
    uint32_t buckets = bucket_count(BUILTIN_COUNT + report->loaded->symbol_count);
    struct place *places = fm_memory_alloc((count + 1) * sizeof *places);
    uint32_t *order = fm_memory_alloc((count + 1) * sizeof *order);
    for (uint32_t i = 0; i < count; i++) {
        places[i] = (struct place){hash_name(program->variables[i].name->text) % buckets, i};
    }
    qsort(places, count, sizeof *places, compare_places);
    for (uint32_t i = 0; i < count; i++) {
        order[i] = places[i].index;
    }
    fm_memory_free(places);
    return order;
}
