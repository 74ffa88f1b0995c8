/* The symbol table: spelling to symbol, index to symbol, and TLC's ranks.
 *
 * Look-ups are rare after parsing (strings made at run time only), so one mutex guards the hash
 * index and the arena. Reading by index is wait-free, because decoding states does it all the time:
 * symbols stand in blocks of 2^k pointers that are never moved, published with release order before
 * the count.
 *
 * Hashes are XXH3 128 of the spelling with a fixed seed: they enter state fingerprints, which must
 * agree across runs, tiers and machines. */
#include "base/symbol.h"

#include "base/arena.h"
#include "base/assert.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <xxhash.h>

/* Block b holds 2^(b + BLOCK_BITS_FIRST) symbols: 23 blocks reach 2^32. */
#define BLOCK_BITS_FIRST 10u
#define BLOCK_COUNT 23u
#define SLOTS_FIRST 4096u

struct fm_symbols {
    pthread_mutex_t mutex;
    struct fm_arena arena;
    _Atomic(const struct fm_symbol **) blocks[BLOCK_COUNT];
    _Atomic uint32_t count;
    uint32_t *slots; /* index + 1, 0 is empty */
    uint32_t slot_count;
    uint32_t rank_last;
};

/* Block number and place in it of an index: block sizes double, so both come from the top bit. */
static uint32_t block_of(uint32_t index, uint32_t *place)
{
    uint64_t shifted = (uint64_t)index + (UINT64_C(1) << BLOCK_BITS_FIRST);
    uint32_t top = 63u - (uint32_t)__builtin_clzll(shifted);
    *place = (uint32_t)(shifted - (UINT64_C(1) << top));
    return top - BLOCK_BITS_FIRST;
}

struct fm_symbols *fm_symbols_new(void)
{
    struct fm_symbols *symbols = fm_memory_calloc(1, sizeof *symbols);
    pthread_mutex_init(&symbols->mutex, NULL);
    fm_arena_init(&symbols->arena, "symbols");
    symbols->slot_count = SLOTS_FIRST;
    symbols->slots = fm_memory_calloc(SLOTS_FIRST, sizeof *symbols->slots);
    return symbols;
}

void fm_symbols_free(struct fm_symbols *symbols)
{
    if (symbols == NULL) {
        return;
    }
    for (uint32_t i = 0; i < BLOCK_COUNT; i++) {
        const struct fm_symbol **block = atomic_load(&symbols->blocks[i]);
        fm_memory_free(block);
    }
    fm_arena_deinit(&symbols->arena);
    fm_memory_free(symbols->slots);
    pthread_mutex_destroy(&symbols->mutex);
    fm_memory_free(symbols);
}

const struct fm_symbol *fm_symbol_at(const struct fm_symbols *symbols, uint32_t index)
{
    uint32_t place;
    uint32_t block = block_of(index, &place);
    /* Acquire pairs with the release in publish: whoever holds an index sees the symbol behind it.
     */
    const struct fm_symbol **at = atomic_load_explicit(&symbols->blocks[block],
                                                       memory_order_acquire);
    return at[place];
}

uint32_t fm_symbols_count(const struct fm_symbols *symbols)
{
    return atomic_load(&symbols->count);
}

static const struct fm_symbol *find_locked(struct fm_symbols *symbols, const char *text,
                                           size_t length, XXH128_hash_t hash)
{
    uint32_t mask = symbols->slot_count - 1;
    for (uint32_t slot = (uint32_t)hash.low64 & mask; symbols->slots[slot] != 0;
         slot = (slot + 1) & mask) {
        const struct fm_symbol *symbol = fm_symbol_at(symbols, symbols->slots[slot] - 1);
        if (symbol->hash_low == hash.low64 && symbol->length == length &&
            memcmp(symbol->text, text, length) == 0) {
            return symbol;
        }
    }
    return NULL;
}

static void index_symbol(struct fm_symbols *symbols, const struct fm_symbol *symbol)
{
    uint32_t mask = symbols->slot_count - 1;
    uint32_t slot = (uint32_t)symbol->hash_low & mask;
    while (symbols->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    symbols->slots[slot] = symbol->index + 1;
}

static void grow_index(struct fm_symbols *symbols)
{
    uint32_t *slots = fm_memory_calloc((size_t)symbols->slot_count * 2, sizeof *slots);
    fm_memory_free(symbols->slots);
    symbols->slots = slots;
    symbols->slot_count *= 2;
    uint32_t count = atomic_load(&symbols->count);
    for (uint32_t i = 0; i < count; i++) {
        index_symbol(symbols, fm_symbol_at(symbols, i));
    }
}

/* Everything that can be refused comes first: a refusal leaves the table as it was. */
static void publish(struct fm_symbols *symbols, const struct fm_symbol *symbol)
{
    if (((uint64_t)symbol->index + 1) * 2 > symbols->slot_count) {
        grow_index(symbols);
    }
    uint32_t place;
    uint32_t block = block_of(symbol->index, &place);
    const struct fm_symbol **at = atomic_load(&symbols->blocks[block]);
    if (at == NULL) {
        size_t size = (size_t)1 << (block + BLOCK_BITS_FIRST);
        at = fm_memory_calloc(size, sizeof *at);
        at[place] = symbol;
        atomic_store(&symbols->blocks[block], at);
    } else {
        at[place] = symbol;
    }
    atomic_store(&symbols->count, symbol->index + 1);
    index_symbol(symbols, symbol);
}

/* What to undo when memory is refused while the table is locked. */
struct guard {
    struct fm_symbols *symbols;
    fm_memory_handler *handler;
    void *closure;
};

static void on_refusal(void *closure, size_t size)
{
    const struct guard *guard = closure;
    pthread_mutex_unlock(&guard->symbols->mutex);
    fm_memory_set_handler(guard->handler, guard->closure);
    fm_memory_refuse(size);
}

static const struct fm_symbol *make_symbol(struct fm_symbols *symbols, const char *text,
                                           size_t length, XXH128_hash_t hash)
{
    struct fm_symbol *made = fm_arena_calloc(&symbols->arena, 1,
                                             sizeof(struct fm_symbol) + length + 1);
    made->hash_low = hash.low64;
    made->hash_high = hash.high64;
    made->index = atomic_load(&symbols->count);
    made->length = (uint32_t)length;
    if (length != 0) {
        memcpy(made->text, text, length);
    }
    publish(symbols, made);
    return made;
}

const struct fm_symbol *fm_symbol_intern(struct fm_symbols *symbols, const char *text,
                                         size_t length)
{
    fm_assert(length < UINT32_MAX);
    XXH128_hash_t hash = XXH3_128bits(text, length);
    pthread_mutex_lock(&symbols->mutex);
    const struct fm_symbol *found = find_locked(symbols, text, length, hash);
    if (found == NULL) {
        struct guard guard = {.symbols = symbols};
        guard.handler = fm_memory_handler_now(&guard.closure);
        fm_memory_set_handler(on_refusal, &guard);
        found = make_symbol(symbols, text, length, hash);
        fm_memory_set_handler(guard.handler, guard.closure);
    }
    pthread_mutex_unlock(&symbols->mutex);
    return found;
}

const struct fm_symbol *fm_symbol_of(struct fm_symbols *symbols, const char *text)
{
    return fm_symbol_intern(symbols, text, strlen(text));
}

const struct fm_symbol *fm_symbol_find(struct fm_symbols *symbols, const char *text, size_t length)
{
    XXH128_hash_t hash = XXH3_128bits(text, length);
    pthread_mutex_lock(&symbols->mutex);
    const struct fm_symbol *found = find_locked(symbols, text, length, hash);
    pthread_mutex_unlock(&symbols->mutex);
    return found;
}

uint32_t fm_symbol_rank(struct fm_symbols *symbols, const struct fm_symbol *symbol)
{
    uint32_t rank = atomic_load(&symbol->rank);
    if (rank != 0) {
        return rank;
    }
    pthread_mutex_lock(&symbols->mutex);
    rank = atomic_load(&symbol->rank);
    if (rank == 0) {
        rank = ++symbols->rank_last;
        /* The symbol is ours and lives in our arena: only the outside sees it as constant. */
        union {
            const struct fm_symbol *shown;
            struct fm_symbol *own;
        } view = {.shown = symbol};
        atomic_store(&view.own->rank, rank);
    }
    pthread_mutex_unlock(&symbols->mutex);
    return rank;
}
