/* The history file of the repl: FATHOM_HISTORY, or ~/.fathom_history; none when FATHOM_HISTORY is
 * empty, or when there is no HOME either.
 *
 * It is plain text, a line each, the oldest first, readable by its owner only. A line is appended
 * as soon as it is entered, in one write, so that nothing is lost when the program is ended, and
 * sessions that run beside each other mix their lines and lose none. Once there are twice as many
 * lines as the editor remembers, the older ones go when the next session begins; a line that
 * another session enters in that moment goes with them. libedit's own format was rejected: it is
 * written as a whole at the end, over what other sessions wrote. */
#include "cli/recall.h"

#include "base/arena.h"
#include "base/file.h"
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes of a file that is read: far more than lines that somebody types. */
#define SIZE_MAX_BYTES (16u << 20)

static bool find_path(struct fm_text *path)
{
    const char *own = getenv("FATHOM_HISTORY");
    const char *home = getenv("HOME");
    if (own != NULL) {
        fm_text_puts(path, own);
        return own[0] != '\0';
    }
    if (home == NULL || home[0] != '/') {
        return false;
    }
    fm_text_printf(path, "%s/.fathom_history", home);
    return true;
}

static void complain(const struct fm_recall *recall, const char *why)
{
    (void)fprintf(stderr, "fathom repl: lines are not kept: %s: %s\n", recall->path.at, why);
}

static uint32_t count_lines(const char *text)
{
    uint32_t count = 0;
    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n')) {
        count++;
    }
    return count;
}

static const char *skip_lines(const char *text, uint32_t count)
{
    for (; count > 0; count--) {
        text = strchr(text, '\n') + 1;
    }
    return text;
}

static void enter_lines(History *remembered, char *lines)
{
    HistEvent event;
    for (char *end = strchr(lines, '\n'); end != NULL; end = strchr(lines, '\n')) {
        *end = '\0';
        if (lines[0] != '\0') {
            (void)history(remembered, &event, H_ENTER, lines);
        }
        lines = end + 1;
    }
}

/* False: the file is there and cannot be used. */
static bool read_lines(struct fm_recall *recall, History *remembered, uint32_t max)
{
    char *text;
    size_t size;
    enum fm_file_result result = fm_file_read(recall->path.at, SIZE_MAX_BYTES, &text, &size);
    if (result != FM_FILE_OK) {
        if (result != FM_FILE_MISSING) {
            complain(recall, fm_cli_file_reason(result));
        }
        return result == FM_FILE_MISSING;
    }
    uint32_t count = count_lines(text);
    size_t skipped = (size_t)(skip_lines(text, count > max ? count - max : 0) - text);
    bool good = count <= 2 * max ||
                fm_file_write(recall->path.at, text + skipped, size - skipped) == 0;
    if (!good) {
        complain(recall, strerror(errno));
    }
    enter_lines(remembered, text + skipped);
    fm_memory_free(text);
    return good;
}

void fm_recall_open(struct fm_recall *recall, History *remembered, uint32_t max)
{
    *recall = (struct fm_recall){.file = -1};
    if (!find_path(&recall->path) || !read_lines(recall, remembered, max)) {
        return;
    }
    recall->file = open(recall->path.at, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (recall->file < 0) {
        complain(recall, strerror(errno));
    }
}

void fm_recall_add(struct fm_recall *recall, const char *line)
{
    if (recall->file < 0) {
        return;
    }
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "%s\n", line);
    ssize_t written = write(recall->file, text.at, text.length);
    if (written != (ssize_t)text.length) {
        complain(recall, written < 0 ? strerror(errno) : "it is full");
        (void)close(recall->file);
        recall->file = -1;
    }
    fm_text_deinit(&text);
}

void fm_recall_close(struct fm_recall *recall)
{
    if (recall->file >= 0) {
        (void)close(recall->file);
    }
    fm_text_deinit(&recall->path);
}
