/* Traces.
 *
 * The target runs in a process that may die, and a trace is wanted most when it does. So the child
 * turns each happening into an item at once, the target's words included (only there is the
 * target's memory what `describe` and `observe` expect), and writes it to a file in memory; the
 * parent reads what is there when the child is gone. An item is a frame with its sizes, then
 *
 *     name, data, and for each field: name's size, value's size (4 bytes each), name, value
 *
 * Both are the same program, so a frame is the struct as it stands. A child that dies inside of
 * write leaves half an item, and one with broken memory may leave anything: what does not fit ends
 * the trace.
 *
 * EVENTs get their fields after the service that made them returned: an item of theirs waits for
 * the next happening, and when fields come later still, they are sent again behind the event. */
#include "fuzz/trace.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Traces above this are cut off there: nobody reads them. */
static const off_t trace_size_max = (off_t)1 << 30;

void fm_tracer_init(struct fm_tracer *tracer, const struct fathom_sut *sut)
{
    *tracer = (struct fm_tracer){.sut = sut};
    fm_arena_init(&tracer->arena, "trace");
}

void fm_tracer_deinit(struct fm_tracer *tracer)
{
    fm_arena_deinit(&tracer->arena);
    fm_vec_deinit(&tracer->events);
    fm_vec_deinit(&tracer->told);
}

static void add_fields(struct fm_tracer *tracer, const struct fathom_record *record,
                       struct fm_trace_item *item)
{
    struct fm_trace_field *fields = fm_arena_calloc(&tracer->arena, record->count + 1,
                                                    sizeof *fields);
    struct fm_text text = {0};
    for (const struct fm_field *field = record->first; field != NULL; field = field->next) {
        fm_text_clear(&text);
        fm_record_json_value(field, &text);
        struct fm_trace_field *to = &fields[item->field_count++];
        to->name = field->name == NULL ? "" : field->name;
        to->json = fm_arena_strndup(&tracer->arena, text.at, text.length);
    }
    fm_text_deinit(&text);
    item->fields = fields;
}

/* Whether the data is a message, which the target can put in words. */
static bool is_message(const struct fm_happening *happening)
{
    if (happening->kind == FM_HAPPENED_SEND) {
        return true;
    }
    return happening->kind == FM_HAPPENED_CHOICE &&
           (happening->choice->kind == FM_CHOICE_DELIVER ||
            happening->choice->kind == FM_CHOICE_DROP ||
            happening->choice->kind == FM_CHOICE_DUPLICATE);
}

static void give(struct fm_tracer *tracer, const struct fm_happening *happening, bool amended)
{
    const char *misuse = NULL;
    struct fm_trace_item item = {
        .kind = happening->kind,
        .choice = happening->choice == NULL ? fm_choice_make(FM_CHOICE_TICK) : *happening->choice,
        .node = happening->node,
        .peer = happening->peer,
        .step = happening->step,
        .drains = happening->drains,
        .status = happening->status,
        .number = happening->number,
        .time_us = happening->time_us,
        .name = happening->name,
        .data = happening->data,
        .amended = amended,
    };
    if (happening->record != NULL) {
        add_fields(tracer, happening->record, &item);
    } else if (is_message(happening) && tracer->sut->describe != NULL) {
        struct fathom_record *record = fm_record_new(&tracer->arena, &misuse);
        tracer->sut->describe(happening->data, record);
        add_fields(tracer, record, &item);
    }
    tracer->item(tracer->closure, &item);
    fm_arena_reset(&tracer->arena);
}

static void give_held(struct fm_tracer *tracer)
{
    if (tracer->held) {
        tracer->held = false;
        fm_vec_push(&tracer->told, fm_vec_last(&tracer->events).record->count);
        give(tracer, &fm_vec_last(&tracer->events), false);
    }
}

/* The event is over: EVENTs that got fields since are told again. */
static void end_event(struct fm_tracer *tracer)
{
    for (uint32_t i = 0; i < tracer->events.count; i++) {
        if (tracer->events.at[i].record->count > tracer->told.at[i]) {
            give(tracer, &tracer->events.at[i], true);
        }
    }
    tracer->events.count = tracer->told.count = 0;
}

void fm_tracer_happened(void *closure, const struct fm_happening *happening)
{
    struct fm_tracer *tracer = closure;
    give_held(tracer);
    if (happening->kind == FM_HAPPENED_END || happening->kind == FM_HAPPENED_CHOICE) {
        end_event(tracer);
    }
    if (happening->kind == FM_HAPPENED_EVENT) {
        struct fm_happening kept = *happening;
        kept.number = ++tracer->event_number;
        fm_vec_push(&tracer->events, kept);
        tracer->held = true;
    } else if (happening->kind != FM_HAPPENED_END) {
        give(tracer, happening, false);
    }
}

struct frame {
    struct fm_trace_item item; /* its pointers mean nothing to the reader */
    uint32_t name_size;        /* 0: none; else one more than its bytes */
    uint32_t data_size;
};

struct writer {
    int file;
    struct fm_text text;
    bool silent; /* the target's standard output goes nowhere */
};

static void add_size(struct fm_text *text, size_t size)
{
    uint32_t number = (uint32_t)size;
    fm_text_add(text, (const char *)&number, sizeof number);
}

static void write_item(void *closure, const struct fm_trace_item *item)
{
    struct writer *writer = closure;
    if (!writer->silent) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(nowhere, STDOUT_FILENO);
        writer->silent = true;
    }
    struct frame frame;
    memset(&frame, 0, sizeof frame);
    frame.item = *item;
    frame.name_size = item->name == NULL ? 0 : (uint32_t)strlen(item->name) + 1;
    frame.data_size = (uint32_t)item->data.size;
    struct fm_text *text = &writer->text;
    fm_text_clear(text);
    fm_text_add(text, (const char *)&frame, sizeof frame);
    if (item->name != NULL) {
        fm_text_puts(text, item->name);
    }
    if (item->data.size > 0) {
        fm_text_add(text, item->data.data, item->data.size);
    }
    for (uint32_t i = 0; i < item->field_count; i++) {
        add_size(text, strlen(item->fields[i].name));
        add_size(text, strlen(item->fields[i].json));
        fm_text_puts(text, item->fields[i].name);
        fm_text_puts(text, item->fields[i].json);
    }
    for (size_t done = 0; done < text->length;) {
        ssize_t got = write(writer->file, text->at + done, text->length - done);
        if (got <= 0) {
            _exit(1); /* no memory is left for the trace */
        }
        done += (size_t)got;
    }
}

/* The bytes that are left to read. */
struct reader {
    const char *at;
    size_t left;
    struct fm_arena *arena;
};

/* The next `size` bytes, or NULL at the end. */
static const char *take(struct reader *reader, size_t size)
{
    if (size > reader->left) {
        return NULL;
    }
    const char *bytes = reader->at;
    reader->at += size;
    reader->left -= size;
    return bytes;
}

static const char *take_text(struct reader *reader, size_t size)
{
    const char *bytes = take(reader, size);
    return bytes == NULL ? NULL : fm_arena_strndup(reader->arena, bytes, size);
}

static bool read_fields(struct reader *reader, struct fm_trace_item *item)
{
    if (item->fields == NULL) {
        return true; /* there were none, not even none in a record */
    }
    if (item->field_count > reader->left) {
        return false;
    }
    struct fm_trace_field *fields = fm_arena_calloc(reader->arena, item->field_count + 1,
                                                    sizeof *fields);
    item->fields = fields;
    for (uint32_t i = 0; i < item->field_count; i++) {
        uint32_t sizes[2];
        const char *bytes = take(reader, sizeof sizes);
        if (bytes == NULL) {
            return false;
        }
        memcpy(sizes, bytes, sizeof sizes);
        fields[i].name = take_text(reader, sizes[0]);
        fields[i].json = fields[i].name == NULL ? NULL : take_text(reader, sizes[1]);
        if (fields[i].json == NULL) {
            return false;
        }
    }
    return true;
}

static bool read_item(struct reader *reader, struct fm_trace_item *item)
{
    struct frame frame;
    const char *bytes = take(reader, sizeof frame);
    if (bytes == NULL) {
        return false;
    }
    memcpy(&frame, bytes, sizeof frame);
    *item = frame.item;
    item->name = NULL;
    item->data = (struct fathom_bytes){"", 0};
    if (frame.name_size > 0) {
        item->name = take_text(reader, frame.name_size - 1);
    }
    const char *data = take(reader, frame.data_size);
    if ((frame.name_size > 0 && item->name == NULL) || data == NULL ||
        item->kind > FM_HAPPENED_END || item->choice.kind >= FM_CHOICE_COUNT) {
        return false;
    }
    item->data = (struct fathom_bytes){fm_arena_copy(reader->arena, data, frame.data_size),
                                       frame.data_size};
    return read_fields(reader, item);
}

/* The item of the same EVENT gets the fields. */
static void amend(struct fm_trace *trace, const struct fm_trace_item *item)
{
    for (uint32_t i = trace->items.count; i > 0; i--) {
        struct fm_trace_item *old = &trace->items.at[i - 1];
        if (old->kind == FM_HAPPENED_EVENT && old->number == item->number) {
            old->fields = item->fields;
            old->field_count = item->field_count;
            return;
        }
    }
}

static void read_items(int file, struct fm_trace *trace)
{
    struct stat status;
    if (fstat(file, &status) != 0 || status.st_size == 0) {
        return;
    }
    size_t size = (size_t)(status.st_size < trace_size_max ? status.st_size : trace_size_max);
    const char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) {
        return;
    }
    struct reader reader = {bytes, size, &trace->arena};
    struct fm_trace_item item;
    while (read_item(&reader, &item)) {
        if (item.amended) {
            amend(trace, &item);
        } else {
            fm_vec_push(&trace->items, item);
        }
    }
    (void)munmap((void *)(uintptr_t)bytes, size);
}

void fm_trace_deinit(struct fm_trace *trace)
{
    fm_vec_deinit(&trace->items);
    fm_arena_deinit(&trace->arena);
}

bool fm_trace_run(const struct fm_schedule *schedule, const struct fm_run_options *options,
                  struct fm_trace *trace, struct fm_outcome *outcome)
{
    struct writer writer = {.file = memfd_create("fathom-trace", MFD_CLOEXEC)};
    struct fm_tracer tracer;
    struct fm_world_watch watch = {fm_tracer_happened, &tracer};
    struct fm_run_options own = *options;
    own.watch = &watch;
    *trace = (struct fm_trace){.items = {.at = NULL}};
    fm_arena_init(&trace->arena, "trace");
    if (writer.file < 0) {
        return false;
    }
    fm_tracer_init(&tracer, schedule->sut);
    tracer.item = write_item;
    tracer.closure = &writer;
    bool fine = fm_run_isolated(schedule, &own, outcome);
    int error = errno;
    if (fine) {
        read_items(writer.file, trace);
    }
    fm_tracer_deinit(&tracer);
    fm_text_deinit(&writer.text);
    (void)close(writer.file);
    errno = error;
    return fine;
}
