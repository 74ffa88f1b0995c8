/* The picture of a witness: a lane for each process, a bar from the call to the end of each
 * operation.
 *
 * Time is not to scale: only the order of events matters, so each event has a column. The
 * operations that have no order are coloured, the one whose end leaves none more than the others;
 * weakened ones on the same data stand beside in grey; an end that is not known is dashed. The
 * pointer shows the lines of the file. */
#include "history/history.h"

#include "base/vec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN = 90, LANE = 46, LEFT = 100, TOP = 40, BAR = 26 };

struct picture {
    const struct fm_history *history;
    const struct fm_linearity_result *result;
    FM_VEC(uint64_t) places; /* of events, in order */
    FM_VEC(int64_t) processes;
    struct fm_text *out;
};

static int compare_places(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static int compare_processes(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void note(struct picture *picture, const struct fm_operation *operation)
{
    fm_vec_push(&picture->places, operation->call);
    if (operation->end != FM_NEVER) {
        fm_vec_push(&picture->places, operation->end);
    }
    for (uint32_t i = 0; i < picture->processes.count; i++) {
        if (picture->processes.at[i] == operation->process) {
            return;
        }
    }
    fm_vec_push(&picture->processes, operation->process);
}

/* Events before the place. */
static uint32_t column_of(const struct picture *picture, uint64_t place)
{
    uint32_t column = 0;
    while (column < picture->places.count && picture->places.at[column] < place) {
        column++;
    }
    return column;
}

static uint32_t lane_of(const struct picture *picture, int64_t process)
{
    uint32_t lane = 0;
    while (picture->processes.at[lane] != process) {
        lane++;
    }
    return lane;
}

static void draw(struct picture *picture, const struct fm_operation *operation, const char *class)
{
    bool is_open = operation->end == FM_NEVER;
    uint32_t from = column_of(picture, operation->call);
    uint32_t to = is_open ? picture->places.count : column_of(picture, operation->end);
    uint32_t x = LEFT + from * COLUMN;
    uint32_t y = TOP + lane_of(picture, operation->process) * LANE;
    struct fm_text text = {0};
    fm_operation_print(picture->history, operation, &text);
    fm_text_printf(picture->out, "<g class=\"%s%s\"><title>", class, is_open ? " open" : "");
    fm_text_xml(picture->out, fm_text_string(&text));
    fm_text_printf(picture->out, " (line %u", operation->line);
    if (operation->end_line != 0 && operation->end_line != operation->line) {
        fm_text_printf(picture->out, ", ends in line %u", operation->end_line);
    }
    fm_text_printf(picture->out,
                   ")</title><rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"4\"/>"
                   "<text x=\"%u\" y=\"%u\">",
                   x, y, (to - from) * COLUMN, BAR, x + 6, y + 17);
    fm_text_xml(picture->out, fm_text_string(&text));
    fm_text_puts(picture->out, "</text></g>\n");
    fm_text_deinit(&text);
}

static void draw_all(struct picture *picture)
{
    const struct fm_linearity_result *result = picture->result;
    uint32_t width = LEFT + picture->places.count * COLUMN + COLUMN;
    uint32_t height = TOP + picture->processes.count * LANE + 10;
    fm_text_printf(picture->out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
                   "font-family=\"sans-serif\" font-size=\"12\">\n"
                   "<style>rect{stroke:#555}text{fill:#111}.witness rect{fill:#f7c6c0}"
                   ".at rect{fill:#e66}.other rect{fill:#eee}.other text{fill:#777}"
                   ".open rect{stroke-dasharray:4 3}</style>\n"
                   "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\" stroke=\"none\"/>\n"
                   "<text x=\"10\" y=\"20\">These operations have no order%s.</text>\n",
                   width, height,
                   result->from == 0 ? "" : ", whatever the object held when they began");
    for (uint32_t i = 0; i < picture->processes.count; i++) {
        fm_text_printf(picture->out, "<text x=\"10\" y=\"%u\">process %" PRId64 "</text>\n",
                       TOP + i * LANE + 17, picture->processes.at[i]);
    }
    for (uint32_t i = 0; i < result->other_count; i++) {
        draw(picture, result->others[i], "other");
    }
    for (uint32_t i = 0; i < result->witness_count; i++) {
        draw(picture, result->witness[i], result->witness[i] == result->at ? "at" : "witness");
    }
    fm_text_puts(picture->out, "</svg>\n");
}

void fm_history_timeline(const struct fm_history *history, const struct fm_linearity_result *result,
                         struct fm_text *svg)
{
    struct picture picture = {.history = history, .result = result, .out = svg};
    for (uint32_t i = 0; i < result->witness_count; i++) {
        note(&picture, result->witness[i]);
    }
    for (uint32_t i = 0; i < result->other_count; i++) {
        note(&picture, result->others[i]);
    }
    if (picture.places.count > 0) {
        qsort(picture.places.at, picture.places.count, sizeof(uint64_t), compare_places);
        qsort(picture.processes.at, picture.processes.count, sizeof(int64_t), compare_processes);
    }
    draw_all(&picture);
    fm_vec_deinit(&picture.places);
    fm_vec_deinit(&picture.processes);
}
