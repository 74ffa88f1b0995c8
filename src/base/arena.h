/* Arenas: memory by lifetime.
 *
 * An arena is a chain of chunks that is bump-allocated and freed as a whole, or back to a mark.
 * Ownership: whoever made the arena frees it; everything allocated in it dies with it. One thread
 * at a time. Running out of memory never returns: the handler of fm_memory_set_handler decides
 * (the evaluator raises a diagnostic, a program without one aborts). */
#ifndef FM_BASE_ARENA_H
#define FM_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The alignment of every allocation, bytes: value words keep tags in the low 3 bits. */
#define FM_ARENA_ALIGN 16u

struct fm_arena_chunk;

/* Public so that allocation inlines; touch the fields only through the functions. */
struct fm_arena {
    char *next;                   /* first free byte of the newest chunk */
    char *end;                    /* one past its last byte */
    struct fm_arena_chunk *chunk; /* newest chunk, linked to the older ones */
    struct fm_arena_chunk *spare; /* one released chunk kept for reuse, or NULL */
    size_t chunk_size;            /* size of the next chunk, bytes; doubles up to 64 MiB */
    size_t held;                  /* bytes obtained from the system */
    const char *name;             /* said in out-of-memory messages; static lifetime */
};

struct fm_arena_mark {
    struct fm_arena_chunk *chunk;
    char *next;
};

void fm_arena_init(struct fm_arena *arena, const char *name);
/* Frees everything; the arena may be used again afterwards. */
void fm_arena_deinit(struct fm_arena *arena);
/* Forgets every allocation, keeps one chunk. */
void fm_arena_reset(struct fm_arena *arena);

/* Slow path of fm_arena_alloc. */
void *fm_arena_grow(struct fm_arena *arena, size_t size);

/* Uninitialized memory of `size` bytes, aligned to FM_ARENA_ALIGN; never NULL. */
static inline void *fm_arena_alloc(struct fm_arena *arena, size_t size)
{
    size_t rounded = (size + (FM_ARENA_ALIGN - 1u)) & ~(size_t)(FM_ARENA_ALIGN - 1u);
    /* Strictly greater, so that an empty arena never answers with its NULL, not even to size 0. */
    if (rounded >= size && (size_t)(arena->end - arena->next) > rounded) {
        void *result = arena->next;
        arena->next += rounded;
        return result;
    }
    return fm_arena_grow(arena, size);
}

/* Zeroed memory for count items of `size` bytes; the product is checked. */
void *fm_arena_calloc(struct fm_arena *arena, size_t count, size_t size);
void *fm_arena_copy(struct fm_arena *arena, const void *bytes, size_t size);
/* NUL-terminated copy of `length` bytes. */
char *fm_arena_strndup(struct fm_arena *arena, const char *text, size_t length);
/* NUL-terminated formatted text. */
char *fm_arena_printf(struct fm_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct fm_arena_mark fm_arena_mark(const struct fm_arena *arena);
/* Frees what was allocated since the mark. Marks nest. */
void fm_arena_release(struct fm_arena *arena, struct fm_arena_mark mark);
/* Whether the pointer leads into what was allocated since the mark; a zero mark: ever. */
bool fm_arena_is_since(const struct fm_arena *arena, struct fm_arena_mark mark,
                       const void *pointer);

/* malloc and friends of the project: never NULL, and counted by the failure injection of tests. */
void *fm_memory_alloc(size_t size);
void *fm_memory_calloc(size_t count, size_t size);
void *fm_memory_resize(void *block, size_t size);
void fm_memory_free(void *block);
/* Address space that the system backs where it is touched; never NULL. Freed by fm_memory_unreserve
 * with the same size. */
void *fm_memory_reserve(size_t size);
void fm_memory_unreserve(void *block, size_t size);

/* What to do when the system refuses memory: called with the size asked for, on the thread that
 * asked, and must not return. Per thread; NULL restores abort with a message. `closure` is passed
 * on. */
typedef void fm_memory_handler(void *closure, size_t size);
void fm_memory_set_handler(fm_memory_handler *handler, void *closure);
/* The present one and its closure: for code that must undo something first and then pass on. */
fm_memory_handler *fm_memory_handler_now(void **closure);
/* What a refusal does: for handlers that pass on to the one before, after setting it again. */
_Noreturn void fm_memory_refuse(size_t size);

/* Tests: the n-th allocation from now on this thread fails (1 is the next); 0 turns it off. */
void fm_memory_fail_after(uint64_t n);

#endif
