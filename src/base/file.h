/* Files, the clock and memory of the process: the only door to the operating system's file calls.
 */
#ifndef FM_BASE_FILE_H
#define FM_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fm_file_result {
    FM_FILE_OK,
    FM_FILE_MISSING,   /* no such file */
    FM_FILE_DIRECTORY, /* it is a directory */
    FM_FILE_TOO_LARGE, /* above size_max */
    FM_FILE_ERROR      /* errno says why */
};

/* Reads the whole file into a block the caller frees with fm_memory_free; a NUL follows the text.
 */
enum fm_file_result fm_file_read(const char *path, size_t size_max, char **text, size_t *size);
/* Writes next to the path and renames, so that the file is whole or untouched. 0, or -1 with errno.
 */
int fm_file_write(const char *path, const void *bytes, size_t size);
bool fm_file_exists(const char *path);

/* Nanoseconds of a clock that never jumps, and of the calendar (since 1970). */
uint64_t fm_clock_monotonic_ns(void);
uint64_t fm_clock_calendar_ns(void);
/* Resident memory of the process now and at its peak, bytes; 0 where the system does not tell. */
uint64_t fm_memory_resident(void);
uint64_t fm_memory_resident_max(void);
/* Of the resident and swapped memory what is the process's own: without pages of files, which the
 * system maps and drops as it likes. Exact, so it walks all mappings: some 50 microseconds in a
 * small process, more in a large one. Bytes; 0 where the system does not tell. */
uint64_t fm_memory_own(void);
/* Processors this process may use; at least 1. */
uint32_t fm_processor_count(void);

#endif
