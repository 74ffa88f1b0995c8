/* A crash's place.
 *
 * Hits of one bug die of one place, whatever event led there, so the place is their signature;
 * offsets into a shared object are the same in each process, addresses are not. The handler runs on
 * a stack of its own, since the other may be used up, and walks what backtrace gives: frames of
 * libc (abort, free) and of the program are passed over. When the heap or the stack is broken
 * enough to fail in here, the default action takes the process, and there is no place.
 *
 * backtrace and dladdr are not on the list of functions that are safe in handlers: both may
 * allocate the first time, so both are called once beforehand. Names of functions come from dladdr:
 * those that the object exports. */
#include "fuzz/crash.h"

#include "base/arena.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES_MAX = 64, STACK_SIZE = 64 * 1024 };

static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};

/* The object's name without its folder. */
static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Whether frames of that object tell nothing. */
static int is_passed_over(const Dl_info *info)
{
    Dl_info own;
    const char *name = base_of(info->dli_fname);
    return strncmp(name, "libc.", 5) == 0 || strncmp(name, "ld-linux", 8) == 0 ||
           strncmp(name, "libasan", 7) == 0 ||
           (dladdr(signals, &own) != 0 && own.dli_fbase == info->dli_fbase);
}

static void note_place(int number)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    for (int i = 0; i < count; i++) {
        Dl_info info;
        char line[200];
        if (dladdr(frames[i], &info) == 0 || info.dli_fname == NULL || is_passed_over(&info)) {
            continue;
        }
        int length = info.dli_sname != NULL
                         ? snprintf(line, sizeof line, "\nat %s %s\n", base_of(info.dli_fname),
                                    info.dli_sname)
                         : snprintf(line, sizeof line, "\nat %s+0x%lx\n", base_of(info.dli_fname),
                                    (unsigned long)((char *)frames[i] - (char *)info.dli_fbase));
        (void)!write(STDERR_FILENO, line, (size_t)length);
        break;
    }
    (void)raise(number); /* the default action, by SA_RESETHAND */
}

void fm_crash_watch(void)
{
    void *frames[2];
    Dl_info info;
    (void)backtrace(frames, 2);
    (void)dladdr(signals, &info);
    stack_t stack = {.ss_sp = fm_memory_alloc(STACK_SIZE), .ss_size = STACK_SIZE};
    (void)sigaltstack(&stack, NULL);
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction action = {.sa_handler = note_place,
                                   .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER)};
        (void)sigaction(signals[i], &action, NULL);
    }
}
