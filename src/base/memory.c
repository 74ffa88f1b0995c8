/* Memory from the system, and what happens when there is none.
 *
 * Everything that allocates goes through here, so that one rule holds: an allocation never returns
 * NULL. When the system refuses, the handler registered by the running thread decides: the
 * evaluator unwinds to its innermost protected call and reports what was held, a command prints its
 * partial results and ends. Without a handler the process aborts with one line, for nothing else is
 * right.
 *
 * Tests make the n-th allocation fail (fm_memory_fail_after), in the manner of Lua's memerr tests:
 * with n = 1, 2, 3, ... every path behind a refusal is walked. Handler and counter are per thread;
 * they are the only state here. */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static _Thread_local fm_memory_handler *thread_handler;
static _Thread_local void *thread_closure;
static _Thread_local uint64_t thread_fail_after;

_Noreturn void fm_memory_refuse(size_t size)
{
    if (thread_handler != NULL) {
        thread_handler(thread_closure, size);
    }
    fprintf(stderr, "fathom: out of memory: %zu more bytes were refused\n", size);
    abort();
}

/* Whether the failure injection strikes now. */
static int injected(void)
{
    return thread_fail_after != 0 && --thread_fail_after == 0;
}

void fm_memory_set_handler(fm_memory_handler *handler, void *closure)
{
    thread_handler = handler;
    thread_closure = closure;
}

fm_memory_handler *fm_memory_handler_now(void **closure)
{
    *closure = thread_closure;
    return thread_handler;
}

void fm_memory_fail_after(uint64_t n)
{
    thread_fail_after = n;
}

void *fm_memory_alloc(size_t size)
{
    void *block = injected() ? NULL : malloc(size == 0 ? 1 : size);
    if (block == NULL) {
        fm_memory_refuse(size);
    }
    return block;
}

void *fm_memory_calloc(size_t count, size_t size)
{
    void *block = injected() ? NULL : calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
    if (block == NULL) {
        fm_memory_refuse(size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size);
    }
    return block;
}

void *fm_memory_resize(void *block, size_t size)
{
    void *result = injected() ? NULL : realloc(block, size == 0 ? 1 : size);
    if (result == NULL) {
        fm_memory_refuse(size);
    }
    return result;
}

void fm_memory_free(void *block)
{
    free(block);
}

void *fm_memory_reserve(size_t size)
{
    void *block = injected() ? MAP_FAILED
                             : mmap(NULL, size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (block == MAP_FAILED) {
        fm_memory_refuse(size);
    }
    return block;
}

void fm_memory_unreserve(void *block, size_t size)
{
    if (block != NULL) {
        (void)munmap(block, size);
    }
}
