/* A node's process.
 *
 * Two pipes and a file in memory:
 *
 *     fathom --- in ---> standard input   node
 *            <-- out --- standard output
 *                        error stream --> errors, of which the last line is read when it dies
 *
 * Our ends do not block, so that a node which does not read, or writes without end, cannot hold the
 * caller for longer than it wants to wait. The node gets nothing else that is open here: a pipe of
 * the campaign that some node still holds would never be seen closed. It is killed by the kernel
 * when the thread that started it is no more (PR_SET_PDEATHSIG), since workers are killed as well;
 * and it has a process group of its own, so that ^C on a terminal reaches the campaign alone, and
 * what it starts is killed with it.
 *
 * A node that logs gets a new page when it wrote more than `errors_max`: campaigns are long. */
#include "fuzz/process.h"

#include "base/file.h"
#include "fuzz/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes of an error stream that are kept, about. */
static const off_t errors_max = 1 << 20;

/* In the child: becomes the program. Nothing here allocates, other threads may have held locks. */
_Noreturn static void become(const char *path, const int *ends, int errors, pid_t parent)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1); /* it died before it could be told of */
    }
    (void)dup2(ends[0], STDIN_FILENO);
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)dup2(errors, STDERR_FILENO);
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
    (void)execl(path, path, (char *)NULL);
    const char *why = strerrordesc_np(errno);
    (void)!write(STDERR_FILENO, "it cannot be executed: ", 23);
    (void)!write(STDERR_FILENO, why, strlen(why));
    _exit(127);
}

static void close_all(const int *ends, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (ends[i] >= 0) {
            (void)close(ends[i]);
        }
    }
}

bool fm_process_start(struct fm_process *process, const char *path)
{
    int ends[5] = {-1, -1, -1, -1, -1}; /* its input: to read, to write; its output; errors */
    (void)signal(SIGPIPE, SIG_IGN);
    *process = (struct fm_process){.errors = -1};
    if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(ends + 2, O_CLOEXEC) != 0 ||
        (ends[4] = fm_run_stream()) < 0) {
        close_all(ends, 5);
        return false;
    }
    int theirs[2] = {ends[0], ends[3]};
    pid_t parent = getpid();
    process->id = fork();
    if (process->id == 0) {
        become(path, theirs, ends[4], parent);
    }
    close_all(theirs, 2);
    process->in = ends[1];
    process->out = ends[2];
    process->errors = ends[4];
    (void)fcntl(process->in, F_SETFL, O_NONBLOCK);
    (void)fcntl(process->out, F_SETFL, O_NONBLOCK);
    if (process->id < 0) {
        process->id = 0;
        int ours[3] = {ends[1], ends[2], ends[4]};
        close_all(ours, 3);
        return false;
    }
    (void)setpgid(process->id, process->id); /* whoever comes first */
    return true;
}

bool fm_process_take_line(struct fm_process *process, struct fm_text *line)
{
    struct fm_text *got = &process->got;
    const char *end = got->length == 0 ? NULL : memchr(got->at, '\n', got->length);
    if (end == NULL) {
        return false;
    }
    size_t length = (size_t)(end - got->at);
    fm_text_clear(line);
    fm_text_add(line, got->at, length);
    memmove(got->at, got->at + length + 1, got->length - length - 1);
    got->length -= length + 1;
    got->at[got->length] = '\0';
    return true;
}

bool fm_process_read(struct fm_process *process)
{
    char bytes[65536];
    while (process->got.length <= FM_PROCESS_LINE_MAX) {
        ssize_t count = read(process->out, bytes, sizeof bytes);
        if (count <= 0) {
            return count < 0 && (errno == EAGAIN || errno == EINTR);
        }
        fm_text_add(&process->got, bytes, (size_t)count);
    }
    return true;
}

bool fm_process_has_more(struct fm_process *process)
{
    (void)fm_process_read(process);
    return process->got.length > 0;
}

static void trim_errors(struct fm_process *process)
{
    if (lseek(process->errors, 0, SEEK_CUR) > errors_max) {
        (void)!ftruncate(process->errors, 0);
        (void)lseek(process->errors, 0, SEEK_SET);
    }
}

enum fm_process_result fm_process_ask(struct fm_process *process, const struct fm_text *text,
                                      uint32_t timeout_ms, struct fm_text *line)
{
    uint64_t end_ns = fm_clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000;
    size_t written = 0;
    trim_errors(process);
    for (;;) {
        if (written < text->length) {
            ssize_t count = write(process->in, text->at + written, text->length - written);
            if (count < 0 && errno != EAGAIN && errno != EINTR) {
                return FM_PROCESS_ENDED;
            }
            written += count > 0 ? (size_t)count : 0;
        }
        if (line == NULL ? written == text->length : fm_process_take_line(process, line)) {
            return FM_PROCESS_LINE;
        }
        if (process->got.length > FM_PROCESS_LINE_MAX) {
            return FM_PROCESS_LONG;
        }
        uint64_t now_ns = fm_clock_monotonic_ns();
        if (now_ns >= end_ns) {
            return FM_PROCESS_LATE;
        }
        struct pollfd doors[] = {
            {.fd = process->out, .events = POLLIN},
            {.fd = written < text->length ? process->in : -1, .events = POLLOUT},
        };
        (void)poll(doors, 2, (int)((end_ns - now_ns) / 1000000) + 1);
        if (doors[0].revents != 0 && !fm_process_read(process) &&
            (line == NULL || !memchr(fm_text_string(&process->got), '\n', process->got.length))) {
            return FM_PROCESS_ENDED;
        }
    }
}

static void forget(struct fm_process *process)
{
    int ours[3] = {process->in, process->out, process->errors};
    close_all(ours, 3);
    fm_text_deinit(&process->got);
    *process = (struct fm_process){.errors = -1};
}

void fm_process_kill(struct fm_process *process)
{
    if (process->id != 0) {
        (void)kill(-process->id, SIGKILL);
        (void)kill(process->id, SIGKILL);
        (void)waitpid(process->id, NULL, 0);
        forget(process);
    }
}

void fm_process_bury(struct fm_process *process, struct fm_text *out)
{
    int status = 0;
    struct fm_last_words words;
    /* Its output is closed; it has a second to end by itself before that is what it is told. */
    bool gone = false;
    for (unsigned i = 0; i < 1000 && !gone; i++) {
        gone = waitpid(process->id, &status, WNOHANG) == process->id;
        if (!gone) {
            (void)usleep(1000);
        }
    }
    if (!gone) {
        (void)kill(process->id, SIGKILL);
        (void)waitpid(process->id, &status, 0);
        fm_text_puts(out, "closed its output");
    } else if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        fm_text_printf(out, "died of SIG%s", name == NULL ? "?" : name);
    } else {
        fm_text_printf(out, "exited with status %d", WEXITSTATUS(status));
    }
    (void)kill(-process->id, SIGKILL); /* what it started */
    fm_run_last_words(process->errors, &words);
    if (words.line[0] != '\0') {
        fm_text_printf(out, ": %s", words.line);
    }
    forget(process);
}
