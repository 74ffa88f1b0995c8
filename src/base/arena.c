/* Arenas: chains of chunks, newest first.
 *
 * A chunk is one block from the system with a header that links to the older chunk. Allocation
 * bumps a pointer in the newest chunk; a request that does not fit starts a new chunk of at least
 * twice the size of the last (up to a ceiling), so the number of chunks stays logarithmic for small
 * arenas and linear with a small constant for large ones. What is left of the old chunk is wasted,
 * at most the size of the request.
 *
 * A mark is the newest chunk and its free pointer; releasing frees the chunks made since. One chunk
 * is kept as a spare instead of going back to the system: a loop of mark, allocate, release that
 * crosses a chunk's end each time would otherwise call malloc in every round.
 *
 * Invariants: next <= end; both point into chunk, or all three are NULL in an empty arena. */
#include "base/arena.h"

#include "base/assert.h"
#include "base/format.h"

#include <stdarg.h>
#include <string.h>

/* First chunk, bytes: small, because many arenas hold little. */
#define CHUNK_SIZE_FIRST ((size_t)4 << 10)
/* Largest chunk that doubling reaches, bytes; a larger request gets a chunk of its own size. */
#define CHUNK_SIZE_MAX ((size_t)64 << 20)
/* Bytes of a printed text that needs no second pass. */
#define PRINT_ROOM 192u

struct fm_arena_chunk {
    struct fm_arena_chunk *older;
    size_t size; /* of the whole block, header included */
};

_Static_assert(sizeof(struct fm_arena_chunk) % FM_ARENA_ALIGN == 0, "payload must be aligned");

void fm_arena_init(struct fm_arena *arena, const char *name)
{
    *arena = (struct fm_arena){.chunk_size = CHUNK_SIZE_FIRST, .name = name};
}

static void free_chunk(struct fm_arena *arena, struct fm_arena_chunk *chunk)
{
    arena->held -= chunk->size;
    fm_memory_free(chunk);
}

/* Keeps the larger of the chunk and the present spare. */
static void retire_chunk(struct fm_arena *arena, struct fm_arena_chunk *chunk)
{
    if (arena->spare == NULL) {
        arena->spare = chunk;
    } else if (arena->spare->size < chunk->size) {
        free_chunk(arena, arena->spare);
        arena->spare = chunk;
    } else {
        free_chunk(arena, chunk);
    }
}

static void use_chunk(struct fm_arena *arena, struct fm_arena_chunk *chunk)
{
    chunk->older = arena->chunk;
    arena->chunk = chunk;
    arena->next = (char *)(chunk + 1);
    arena->end = (char *)chunk + chunk->size;
}

void fm_arena_deinit(struct fm_arena *arena)
{
    fm_arena_release(arena, (struct fm_arena_mark){NULL, NULL});
    if (arena->spare != NULL) {
        free_chunk(arena, arena->spare);
        arena->spare = NULL;
    }
    arena->chunk_size = CHUNK_SIZE_FIRST;
}

void fm_arena_reset(struct fm_arena *arena)
{
    fm_arena_release(arena, (struct fm_arena_mark){NULL, NULL});
}

void *fm_arena_grow(struct fm_arena *arena, size_t size)
{
    size_t header = sizeof(struct fm_arena_chunk);
    fm_assert(size < SIZE_MAX - 2 * header);
    size_t need = ((size + (FM_ARENA_ALIGN - 1u)) & ~(size_t)(FM_ARENA_ALIGN - 1u)) + header;
    struct fm_arena_chunk *chunk = arena->spare;
    if (chunk != NULL && chunk->size >= need) {
        arena->spare = NULL;
    } else {
        size_t chunk_size = need > arena->chunk_size ? need : arena->chunk_size;
        chunk = fm_memory_alloc(chunk_size);
        chunk->size = chunk_size;
        arena->held += chunk_size;
        if (arena->chunk_size < CHUNK_SIZE_MAX) {
            arena->chunk_size *= 2;
        }
    }
    use_chunk(arena, chunk);
    void *result = arena->next;
    arena->next += need - header;
    return result;
}

void *fm_arena_calloc(struct fm_arena *arena, size_t count, size_t size)
{
    fm_assert(size == 0 || count <= SIZE_MAX / size);
    void *result = fm_arena_alloc(arena, count * size);
    return memset(result, 0, count * size);
}

void *fm_arena_copy(struct fm_arena *arena, const void *bytes, size_t size)
{
    void *result = fm_arena_alloc(arena, size);
    return size == 0 ? result : memcpy(result, bytes, size);
}

char *fm_arena_strndup(struct fm_arena *arena, const char *text, size_t length)
{
    char *result = fm_arena_alloc(arena, length + 1);
    if (length != 0) {
        memcpy(result, text, length);
    }
    result[length] = '\0';
    return result;
}

char *fm_arena_printf(struct fm_arena *arena, const char *format, ...)
{
    char text[PRINT_ROOM];
    va_list arguments;
    va_start(arguments, format);
    int length = fm_format(text, sizeof text, format, arguments);
    va_end(arguments);
    fm_assert(length >= 0);
    if ((size_t)length < sizeof text) {
        return fm_arena_strndup(arena, text, (size_t)length);
    }
    char *result = fm_arena_alloc(arena, (size_t)length + 1);
    va_start(arguments, format);
    (void)fm_format(result, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return result;
}

struct fm_arena_mark fm_arena_mark(const struct fm_arena *arena)
{
    return (struct fm_arena_mark){arena->chunk, arena->next};
}

void fm_arena_release(struct fm_arena *arena, struct fm_arena_mark mark)
{
    while (arena->chunk != mark.chunk) {
        struct fm_arena_chunk *chunk = arena->chunk;
        fm_assert(chunk != NULL);
        arena->chunk = chunk->older;
        retire_chunk(arena, chunk);
    }
    arena->next = mark.next;
    arena->end = mark.chunk == NULL ? NULL : (char *)mark.chunk + mark.chunk->size;
}

bool fm_arena_is_since(const struct fm_arena *arena, struct fm_arena_mark mark, const void *pointer)
{
    const char *at = pointer;
    for (const struct fm_arena_chunk *chunk = arena->chunk; chunk != NULL; chunk = chunk->older) {
        if (at >= (const char *)chunk && at < (const char *)chunk + chunk->size) {
            return chunk != mark.chunk || at >= mark.next;
        }
        if (chunk == mark.chunk) {
            return false;
        }
    }
    return false;
}
