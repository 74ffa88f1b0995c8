/* Writes, folders and programs on behalf of a specification.
 *
 * A program is started by posix_spawnp, which is safe in a process with many threads where fork is
 * not. Its two outputs are read together by poll: a program that fills one pipe while we wait on
 * the other would otherwise stop for ever. Its input is /dev/null.
 *
 * An append is one write(2) of one buffer to a descriptor with O_APPEND; POSIX makes that atomic
 * among writers of one machine. Only a short write (disk full, signal) continues with a second one.
 */
#include "base/external.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes read from a pipe at a time: what Linux pipes hold. */
#define PIPE_STEP 65536u
/* Permissions before the umask, as any program creates files and folders. */
#define FILE_MODE 0666
#define FOLDER_MODE 0777
/* What shells report for a program that a signal ended. */
#define SIGNAL_EXIT 128

int fm_external_write(const char *path, int flags, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | flags, FILE_MODE);
    if (fd < 0) {
        return -1;
    }
    const char *at = bytes;
    int result = 0;
    while (size > 0 && result == 0) {
        ssize_t put = write(fd, at, size);
        if (put >= 0) {
            at += put;
            size -= (size_t)put;
        } else if (errno != EINTR) {
            result = -1;
        }
    }
    int saved = errno;
    if (close(fd) != 0 && result == 0) {
        return -1;
    }
    errno = saved;
    return result;
}

int fm_external_make_parents(const char *path)
{
    size_t length = strlen(path);
    char *part = fm_memory_alloc(length + 1);
    memcpy(part, path, length + 1);
    int result = 0;
    for (size_t i = 1; i < length && result == 0; i++) {
        if (part[i] != '/') {
            continue;
        }
        part[i] = '\0';
        if (mkdir(part, FOLDER_MODE) != 0 && errno != EEXIST) {
            result = -1;
        }
        part[i] = '/';
    }
    int saved = errno;
    fm_memory_free(part);
    errno = saved;
    return result;
}

extern char **environ;

const char *const *fm_external_environment(void)
{
    return (const char *const *)environ;
}

static size_t key_length(const char *entry)
{
    return strcspn(entry, "=");
}

static bool is_changed(const char *entry, const char *const *changes)
{
    size_t length = key_length(entry);
    for (size_t i = 0; changes[i] != NULL; i++) {
        if (key_length(changes[i]) == length && strncmp(entry, changes[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* The environment with the changes; the caller frees the array, not the texts. */
static const char **changed_environment(const char *const *changes)
{
    size_t old = 0;
    size_t new = 0;
    while (environ[old] != NULL) {
        old++;
    }
    while (changes[new] != NULL) {
        new ++;
    }
    const char **result = fm_memory_calloc(old + new + 1, sizeof *result);
    size_t count = 0;
    for (size_t i = 0; i < old; i++) {
        if (!is_changed(environ[i], changes)) {
            result[count++] = environ[i];
        }
    }
    memcpy(result + count, changes, new * sizeof *changes);
    return result;
}

/* Starts the program with its outputs on two pipes. An error number, 0 when started. */
static int start(const char *const *argv, const char *const *environment, const int *pipes,
                 pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
    }
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, pipes[3], STDERR_FILENO);
    }
    if (error == 0) {
        /* The prototype lacks const for historical reasons; nothing is written to the arrays. */
        error = posix_spawnp(child, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv,
                             (char *const *)(uintptr_t)environment);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Reads once; false when this end is closed. */
static bool drain(int fd, struct fm_text *into)
{
    char buffer[PIPE_STEP];
    ssize_t got = read(fd, buffer, sizeof buffer);
    if (got > 0) {
        fm_text_add(into, buffer, (size_t)got);
    }
    return got > 0 || (got < 0 && errno == EINTR);
}

static void read_outputs(int out, int error, struct fm_external_outcome *outcome)
{
    struct pollfd ends[2] = {{.fd = out, .events = POLLIN}, {.fd = error, .events = POLLIN}};
    struct fm_text *texts[2] = {&outcome->out, &outcome->error};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (poll(ends, 2, -1) < 0 && errno != EINTR) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            if (ends[i].fd >= 0 && ends[i].revents != 0 && !drain(ends[i].fd, texts[i])) {
                ends[i].fd = -1;
            }
        }
    }
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNAL_EXIT + WTERMSIG(status);
}

static void close_all(int *pipes, int count)
{
    for (int i = 0; i < count; i++) {
        if (pipes[i] >= 0) {
            close(pipes[i]);
            pipes[i] = -1;
        }
    }
}

int fm_external_run(const char *const *argv, const char *const *changes,
                    struct fm_external_outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    int pipes[4] = {-1, -1, -1, -1}; /* read and write end of the output, of the error output */
    if (pipe2(pipes, O_CLOEXEC) != 0) {
        return -1;
    }
    if (pipe2(pipes + 2, O_CLOEXEC) != 0) {
        close_all(pipes, 2);
        return -1;
    }
    const char **environment = changes == NULL ? NULL : changed_environment(changes);
    pid_t child = -1;
    int error = start(argv, environment != NULL ? environment : fm_external_environment(), pipes,
                      &child);
    fm_memory_free(environment);
    close_all(pipes + 1, 1);
    close_all(pipes + 3, 1);
    if (error == 0) {
        read_outputs(pipes[0], pipes[2], outcome);
        outcome->exit_value = wait_for(child);
    }
    close_all(pipes, 4);
    errno = error;
    return error == 0 ? 0 : -1;
}
