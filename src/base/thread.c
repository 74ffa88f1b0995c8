/* Threads with large mapped stacks.
 *
 * The evaluator recurses as the specification does, so its threads get a gigabyte of address space
 * for their stacks; pages are touched only as deep as the recursion really goes. Each thread knows
 * the lower end of its stack, and fm_stack_left is one subtraction: the evaluator asks before it
 * descends and turns exhaustion into a diagnostic instead of a signal. */
#include "base/thread.h"

#include "base/arena.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

/* Budget on threads that were not started here, bytes: well under the usual 8 MiB. */
#define FOREIGN_STACK_SIZE ((size_t)512 << 10)

struct fm_thread {
    pthread_t handle;
    void (*run)(void *closure);
    void *closure;
    size_t stack_size;
};

/* Lowest usable address of this thread's stack; 0 until it is known. */
static _Thread_local uintptr_t stack_low;

static uintptr_t stack_pointer(void)
{
    return (uintptr_t)__builtin_frame_address(0);
}

/* Lower end of the running thread's stack. Asked of the C library and not computed from the size,
 * because thread-local storage lives in the same block: under the thread sanitizer it takes most of
 * a megabyte. */
static uintptr_t own_stack_low(size_t stack_size)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        (void)pthread_attr_getstack(&attributes, &low, &size);
        pthread_attr_destroy(&attributes);
    }
    return low != NULL ? (uintptr_t)low : stack_pointer() - stack_size / 2;
}

static void *thread_main(void *closure)
{
    const struct fm_thread *thread = closure;
    stack_low = own_stack_low(thread->stack_size);
    thread->run(thread->closure);
    return NULL;
}

struct fm_thread *fm_thread_start(void (*run)(void *closure), void *closure, size_t stack_size)
{
    struct fm_thread *thread = fm_memory_alloc(sizeof *thread);
    *thread = (struct fm_thread){.run = run, .closure = closure, .stack_size = stack_size};
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        error = pthread_attr_setstacksize(&attributes, stack_size);
        if (error == 0) {
            error = pthread_create(&thread->handle, &attributes, thread_main, thread);
        }
        pthread_attr_destroy(&attributes);
    }
    if (error != 0) {
        fm_memory_free(thread);
        errno = error;
        return NULL;
    }
    return thread;
}

void fm_thread_join(struct fm_thread *thread)
{
    pthread_join(thread->handle, NULL);
    fm_memory_free(thread);
}

int fm_thread_call(void (*run)(void *closure), void *closure)
{
    struct fm_thread *thread = fm_thread_start(run, closure, FM_THREAD_STACK_SIZE);
    if (thread == NULL) {
        return -1;
    }
    fm_thread_join(thread);
    return 0;
}

size_t fm_stack_left(void)
{
    uintptr_t here = stack_pointer();
    if (stack_low == 0) {
        stack_low = here - FOREIGN_STACK_SIZE;
    }
    return here > stack_low ? here - stack_low : 0;
}
