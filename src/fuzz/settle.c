/* Is a process at rest?
 *
 * A node of Maelstrom answers none, one or many lines to a line, at any time, so that nothing in
 * its output says that it is done. The kernel knows: /proc tells of each thread whether it runs,
 * waits for a device, or sleeps, and in which system call. The process is at rest when its input is
 * read up, all threads of it and of what it started sleep, and its output is empty; in this order,
 * since a thread that wrote and then fell asleep is seen by what it wrote. One thread can wake
 * another while we look from the one to the other, so what looks like rest is looked at twice.
 *
 * A thread that sleeps in read(0) wakes by input alone, and one that waits for a lock without a
 * time limit by another thread alone: where there are no others, nothing happens until the next
 * line. Everything else (poll with a time limit, a sleep) may be a timer of the node.
 *
 * Rejected: a fixed pause behind each line. It is too short on a machine under load, where the
 * answer then belongs to another event, and too long everywhere else. */
#include "fuzz/settle.h"

#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum rest { RESTS_FOR_INPUT, RESTS, RUNS };

/* Processes below a process, at most. */
static const unsigned depth_max = 8;
/* How long to wait between two looks, nanoseconds: a system call and a bit of an interpreter. */
static const long pause_ns = 30000;

/* The beginning of a file of /proc; "" when it is gone. */
static void read_start(const char *path, char *out, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? 0 : read(file, out, size - 1);
    out[count > 0 ? count : 0] = '\0';
    if (file >= 0) {
        (void)close(file);
    }
}

/* What a thread sleeps in, as its file `syscall` has it: a number, and arguments. */
static enum rest rest_of_call(const char *text)
{
    char *at;
    long number = strtol(text, &at, 10);
    unsigned long long arguments[4] = {1, 1, 1, 1};
    if (at == text) {
        return RESTS; /* it may not be read, or it runs again: the second look tells */
    }
    for (unsigned i = 0; i < 4; i++) {
        arguments[i] = strtoull(at, &at, 16);
    }
    bool input = number == SYS_read && arguments[0] == STDIN_FILENO;
    bool lock = number == SYS_futex && arguments[3] == 0;
    return input || lock ? RESTS_FOR_INPUT : RESTS;
}

static enum rest worse(enum rest one, enum rest other)
{
    return one > other ? one : other;
}

static enum rest look_at_process(pid_t id, unsigned depth);

static enum rest look_at_thread(pid_t id, const char *thread, unsigned depth)
{
    char path[96], text[512];
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)id, thread);
    read_start(path, text, sizeof text);
    const char *name = strrchr(text, ')'); /* a name may have blanks and parentheses */
    char state = name == NULL || strlen(name) < 3 ? 'Z' : name[2];
    if (state == 'R' || state == 'D') {
        return RUNS;
    }
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/syscall", (int)id, thread);
    read_start(path, text, sizeof text);
    enum rest rest = state == 'Z' ? RESTS_FOR_INPUT : rest_of_call(text);
    (void)snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)id, thread);
    read_start(path, text, sizeof text);
    char *at = text;
    for (long child = strtol(at, &at, 10); child > 0 && depth < depth_max;
         child = strtol(at, &at, 10)) {
        rest = worse(rest, worse(RESTS, look_at_process((pid_t)child, depth + 1)));
    }
    return rest;
}

static enum rest look_at_process(pid_t id, unsigned depth)
{
    char path[64];
    enum rest rest = RESTS_FOR_INPUT;
    (void)snprintf(path, sizeof path, "/proc/%d/task", (int)id);
    DIR *threads = opendir(path);
    if (threads == NULL) {
        return rest; /* it is gone: its output tells */
    }
    for (struct dirent *entry = readdir(threads); entry != NULL && rest != RUNS;
         entry = readdir(threads)) {
        if (entry->d_name[0] != '.') {
            rest = worse(rest, look_at_thread(id, entry->d_name, depth));
        }
    }
    (void)closedir(threads);
    return rest;
}

/* Bytes in a pipe. */
static int pending(int pipe)
{
    int count = 0;
    return ioctl(pipe, FIONREAD, &count) == 0 ? count : 0;
}

enum fm_settled fm_process_settle(struct fm_process *process, uint32_t timeout_ms)
{
    uint64_t end_ns = fm_clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000;
    for (;;) {
        if (!fm_process_read(process)) {
            return FM_SETTLED_ENDED;
        }
        enum rest rest = pending(process->in) > 0 ? RUNS : look_at_process(process->id, 0);
        if (rest != RUNS) {
            rest = worse(rest, look_at_process(process->id, 0));
        }
        if (rest != RUNS && pending(process->in) == 0 && pending(process->out) == 0) {
            struct pollfd door = {.fd = process->out, .events = POLLIN};
            if (poll(&door, 1, 0) == 0) { /* not closed either */
                return rest == RESTS_FOR_INPUT ? FM_SETTLED_WAITS : FM_SETTLED_SLEEPS;
            }
        }
        if (fm_clock_monotonic_ns() > end_ns || process->got.length > FM_PROCESS_LINE_MAX) {
            return FM_SETTLED_LATE;
        }
        struct pollfd door = {.fd = process->out, .events = POLLIN};
        struct timespec pause = {.tv_nsec = pause_ns};
        (void)ppoll(&door, 1, &pause, NULL);
    }
}
