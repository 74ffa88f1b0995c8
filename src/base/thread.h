/* Threads with large mapped stacks, and a barrier. Evaluation recurses on the C stack, so its depth
 * is limited by bytes: fm_stack_left tells how many remain before the guard page. */
#ifndef FM_BASE_THREAD_H
#define FM_BASE_THREAD_H

#include <stddef.h>
#include <stdint.h>

/* Stack of an evaluating thread, bytes: mapped, so only what is touched costs memory. */
#define FM_THREAD_STACK_SIZE ((size_t)1 << 30)

struct fm_thread;

/* Starts `run(closure)`; NULL with errno set when the system refuses. */
struct fm_thread *fm_thread_start(void (*run)(void *closure), void *closure, size_t stack_size);
/* Waits for the end and frees the thread. */
void fm_thread_join(struct fm_thread *thread);
/* Runs on a thread of its own with a large stack and waits for it; 0, or -1 with errno. */
int fm_thread_call(void (*run)(void *closure), void *closure);
/* Bytes of stack left on this thread; on a thread not started here a conservative 512 KiB budget
 * counted from the first call. */
size_t fm_stack_left(void);

#endif
