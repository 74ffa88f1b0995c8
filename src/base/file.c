/* The door to the operating system: files, clocks, memory of the process.
 *
 * Reading takes the size from the file itself but trusts only what it reads, so pipes and /proc
 * work. Writing goes to a temporary name in the same directory, is synced, and renamed over the
 * target: a reader sees the old file or the new one. What is no regular file (a device, a pipe, a
 * symbolic link) is written in place: it is not for us to replace. Everything reports errno;
 * nothing here prints.
 */
#include "base/file.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Bytes asked for at a time when the size is not known. */
#define READ_STEP ((size_t)64 << 10)

static enum fm_file_result read_open(int fd, size_t size_max, char **text, size_t *size)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return FM_FILE_ERROR;
    }
    if (S_ISDIR(status.st_mode)) {
        return FM_FILE_DIRECTORY;
    }
    if (S_ISREG(status.st_mode) && (uintmax_t)status.st_size > size_max) {
        return FM_FILE_TOO_LARGE;
    }
    size_t capacity = S_ISREG(status.st_mode) ? (size_t)status.st_size + 2 : READ_STEP;
    size_t used = 0;
    char *block = fm_memory_alloc(capacity);
    for (;;) {
        if (capacity - used < 2) {
            capacity *= 2;
            block = fm_memory_resize(block, capacity);
        }
        ssize_t got = read(fd, block + used, capacity - used - 1);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 || used + (size_t)got > size_max) {
            int saved = errno;
            fm_memory_free(block);
            errno = saved;
            return got < 0 ? FM_FILE_ERROR : FM_FILE_TOO_LARGE;
        }
        used += (size_t)got;
    }
    block[used] = '\0';
    *text = block;
    *size = used;
    return FM_FILE_OK;
}

enum fm_file_result fm_file_read(const char *path, size_t size_max, char **text, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT || errno == ENOTDIR ? FM_FILE_MISSING : FM_FILE_ERROR;
    }
    enum fm_file_result result = read_open(fd, size_max, text, size);
    int saved = errno;
    close(fd);
    errno = saved;
    return result;
}

static int write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return -1;
        }
        bytes += put;
        size -= (size_t)put;
    }
    /* Devices and pipes cannot be synced. */
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP ? 0 : -1;
}

static int write_in_place(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    int written = write_all(fd, bytes, size);
    int saved = errno;
    int closed = close(fd);
    if (written != 0) {
        errno = saved;
    }
    return written != 0 || closed != 0 ? -1 : 0;
}

int fm_file_write(const char *path, const void *bytes, size_t size)
{
    struct stat there;
    bool exists = lstat(path, &there) == 0;
    if (exists && !S_ISREG(there.st_mode)) {
        return write_in_place(path, bytes, size);
    }
    size_t length = strlen(path);
    char *temporary = fm_memory_alloc(length + 8);
    memcpy(temporary, path, length);
    memcpy(temporary + length, ".XXXXXX", 8);
    int result = -1;
    int fd = mkstemp(temporary);
    if (fd < 0) {
        goto free_name;
    }
    mode_t mode = exists ? there.st_mode & 07777 : 0644;
    int written = fchmod(fd, mode) == 0 ? write_all(fd, bytes, size) : -1;
    int closed = close(fd);
    if (written != 0 || closed != 0 || rename(temporary, path) != 0) {
        int saved = errno;
        unlink(temporary);
        errno = saved;
        goto free_name;
    }
    result = 0;
free_name:
    fm_memory_free(temporary);
    return result;
}

bool fm_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t fm_clock_monotonic_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t fm_clock_calendar_ns(void)
{
    return clock_ns(CLOCK_REALTIME);
}

/* The beginning of a file of /proc as text; false when it cannot be read. */
static bool read_status(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t got = read(fd, text, size - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

uint64_t fm_memory_resident(void)
{
    char line[128];
    if (!read_status("/proc/self/statm", line, sizeof line)) {
        return 0;
    }
    char *after;
    (void)strtoull(line, &after, 10);
    return strtoull(after, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* VmHWM begins with the program. The peak that getrusage tells began earlier: exec keeps that of
 * the program before, so what a large process starts would seem as large. */
uint64_t fm_memory_resident_max(void)
{
    char text[4096];
    const char *line = NULL;
    if (read_status("/proc/self/status", text, sizeof text)) {
        line = strstr(text, "\nVmHWM:");
    }
    if (line != NULL) {
        return strtoull(line + strlen("\nVmHWM:"), NULL, 10) * 1024u;
    }
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * 1024u : 0;
}

/* The counter behind "RssAnon" of /proc/self/status lags by up to 64 pages a processor. */
uint64_t fm_memory_own(void)
{
    static const char *const fields[] = {"\nAnonymous:", "\nSwap:"};
    char text[4096];
    if (!read_status("/proc/self/smaps_rollup", text, sizeof text)) {
        return 0;
    }
    uint64_t kib = 0;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const char *line = strstr(text, fields[i]);
        kib += line == NULL ? 0 : strtoull(line + strlen(fields[i]), NULL, 10);
    }
    return kib * 1024u;
}

uint32_t fm_processor_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        int count = CPU_COUNT(&set);
        return count > 0 ? (uint32_t)count : 1;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (uint32_t)online : 1;
}
