/* Steps as bytes.
 *
 * The steps of a state stand together: how many bytes they take, then for each the distance of its
 * target from its source and its letter, numbers of seven bits a byte, the lowest first. Targets
 * are mostly near in a breadth-first order, and letters few. Of every SPAN-th state the place is
 * kept; the others are reached by passing over those before.
 *
 * Letters are found by an open-addressing table of their numbers. Memory comes as pages that grow
 * without being copied. */
#include "liveness/graph.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"

#include <errno.h>
#include <string.h>

#define SPAN 8u
/* Bytes of one number, of one step. */
#define NUMBER_MAX 10u
#define STEP_MAX (2 * NUMBER_MAX)
#define PAGES_FIRST ((size_t)1 << 16)

struct fm_graph {
    uint32_t letter_words;
    struct fm_pages bytes;   /* of all steps */
    struct fm_pages places;  /* uint64_t: of every SPAN-th state */
    struct fm_pages letters; /* uint64_t: letter_words each */
    struct fm_pages slots;   /* uint32_t: number of a letter + 1, 0 is empty */
    struct fm_pages line;    /* the steps of one state, being written */
    uint64_t used;           /* of `bytes` */
    uint64_t state_count, step_count, initial_count;
    uint32_t letter_count;
};

/* Room for at least `size` bytes. */
static bool reserve(struct fm_pages *pages, size_t size)
{
    if (size <= pages->size) {
        return true;
    }
    size_t wanted = pages->size < PAGES_FIRST ? PAGES_FIRST : pages->size + pages->size / 2;
    wanted = wanted < size ? size : wanted;
    return pages->at == NULL ? fm_pages_map(pages, wanted) : fm_pages_resize(pages, wanted);
}

struct fm_graph *fm_graph_new(uint32_t atom_count)
{
    struct fm_graph *graph = fm_memory_alloc(sizeof *graph);
    *graph = (struct fm_graph){.letter_words = atom_count == 0 ? 1 : (atom_count + 63) / 64};
    if (!reserve(&graph->bytes, 1) || !reserve(&graph->places, 1) || !reserve(&graph->letters, 1) ||
        !reserve(&graph->slots, 1)) {
        int saved = errno;
        fm_graph_free(graph);
        errno = saved;
        return NULL;
    }
    return graph;
}

void fm_graph_free(struct fm_graph *graph)
{
    if (graph == NULL) {
        return;
    }
    fm_pages_unmap(&graph->bytes);
    fm_pages_unmap(&graph->places);
    fm_pages_unmap(&graph->letters);
    fm_pages_unmap(&graph->slots);
    fm_pages_unmap(&graph->line);
    fm_memory_free(graph);
}

/* --- letters --- */

uint32_t fm_graph_letter_words(const struct fm_graph *graph)
{
    return graph->letter_words;
}

const uint64_t *fm_graph_letter_words_of(const struct fm_graph *graph, uint32_t letter)
{
    fm_assert(letter < graph->letter_count);
    return (const uint64_t *)graph->letters.at + (size_t)letter * graph->letter_words;
}

static uint64_t hash_of(const struct fm_graph *graph, const uint64_t *words)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < graph->letter_words; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

/* The slot of the letter, or the empty one where it belongs. */
static uint32_t *slot_of(const struct fm_graph *graph, const uint64_t *words)
{
    uint32_t *slots = graph->slots.at;
    uint64_t mask = 1;
    while (mask * 2 <= graph->slots.size / sizeof *slots) {
        mask *= 2;
    }
    mask--;
    uint64_t at = hash_of(graph, words) & mask;
    while (slots[at] != 0 && memcmp(fm_graph_letter_words_of(graph, slots[at] - 1), words,
                                    graph->letter_words * sizeof *words) != 0) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

/* Twice the slots. */
static bool grow_slots(struct fm_graph *graph)
{
    struct fm_pages old = graph->slots;
    struct fm_pages grown = {0};
    if (!fm_pages_map(&grown, old.size * 2)) {
        return false;
    }
    graph->slots = grown;
    for (uint32_t i = 0; i < graph->letter_count; i++) {
        *slot_of(graph, fm_graph_letter_words_of(graph, i)) = i + 1;
    }
    fm_pages_unmap(&old);
    return true;
}

bool fm_graph_letter(struct fm_graph *graph, const uint64_t *words, uint32_t *letter)
{
    uint32_t *slot = slot_of(graph, words);
    if (*slot != 0) {
        *letter = *slot - 1;
        return true;
    }
    size_t size = graph->letter_words * sizeof *words;
    if (!reserve(&graph->letters, (graph->letter_count + (size_t)1) * size)) {
        return false;
    }
    if ((graph->letter_count + (size_t)1) * 2 * sizeof *slot > graph->slots.size) {
        if (!grow_slots(graph)) {
            return false;
        }
        slot = slot_of(graph, words);
    }
    memcpy((uint64_t *)graph->letters.at + (size_t)graph->letter_count * graph->letter_words, words,
           size);
    *letter = graph->letter_count++;
    *slot = graph->letter_count;
    return true;
}

uint32_t fm_graph_letter_count(const struct fm_graph *graph)
{
    return graph->letter_count;
}

/* --- steps --- */

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    while (number >= 128) {
        *at++ = (uint8_t)(number | 128);
        number >>= 7;
    }
    *at++ = (uint8_t)number;
    return at;
}

/* A distance of either sign: small ones become small numbers. */
static uint64_t number_of_distance(uint64_t from, uint64_t to)
{
    return to >= from ? (to - from) << 1 : (from - to) << 1 | 1;
}

bool fm_graph_add(struct fm_graph *graph, const struct fm_graph_step *steps, uint32_t count)
{
    uint64_t from = graph->state_count;
    if (!reserve(&graph->line, (size_t)count * STEP_MAX + 1) ||
        !reserve(&graph->places, (from / SPAN + 1) * sizeof(uint64_t))) {
        return false;
    }
    uint8_t *end = graph->line.at;
    for (uint32_t i = 0; i < count; i++) {
        end = put_number(end, number_of_distance(from, steps[i].to));
        end = put_number(end, steps[i].letter);
    }
    size_t size = (size_t)(end - (uint8_t *)graph->line.at);
    if (!reserve(&graph->bytes, graph->used + NUMBER_MAX + size)) {
        return false;
    }
    if (from % SPAN == 0) {
        ((uint64_t *)graph->places.at)[from / SPAN] = graph->used;
    }
    uint8_t *at = put_number((uint8_t *)graph->bytes.at + graph->used, size);
    memcpy(at, graph->line.at, size);
    graph->used = (uint64_t)(at + size - (uint8_t *)graph->bytes.at);
    graph->state_count++;
    graph->step_count += count;
    return true;
}

void fm_graph_set_initial(struct fm_graph *graph, uint64_t count)
{
    graph->initial_count = count;
}

uint64_t fm_graph_state_count(const struct fm_graph *graph)
{
    return graph->state_count;
}

uint64_t fm_graph_step_count(const struct fm_graph *graph)
{
    return graph->step_count;
}

uint64_t fm_graph_initial_count(const struct fm_graph *graph)
{
    return graph->initial_count;
}

uint64_t fm_graph_bytes(const struct fm_graph *graph)
{
    return graph->bytes.size + graph->places.size + graph->letters.size + graph->slots.size +
           graph->line.size;
}

void fm_graph_begin(const struct fm_graph *graph, uint64_t from, struct fm_graph_cursor *cursor)
{
    fm_assert(from < graph->state_count);
    const uint8_t *at = (const uint8_t *)graph->bytes.at +
                        ((const uint64_t *)graph->places.at)[from / SPAN];
    uint64_t size;
    at = fm_graph_number(at, &size);
    for (uint64_t i = from % SPAN; i > 0; i--) {
        at = fm_graph_number(at + size, &size);
    }
    *cursor = (struct fm_graph_cursor){.graph = graph, .from = from, .next = at, .end = at + size};
}
