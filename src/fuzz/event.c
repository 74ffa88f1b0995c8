/* From happenings to the record that a mapping reads: docs/fuzzing.md lists its fields.
 *
 * A record has what the event's kind has: the message of a delivery, the file of a completed
 * operation. Effects are a sequence in the order in which they occurred; timers are left out of it,
 * since when one fires is an event of its own. Messages are in the words of the target's
 * `describe`, the only form in which a specification can read them. */
#include "fuzz/event.h"

#include "base/arena.h"
#include "value/set.h"

#include <stdio.h>
#include <string.h>

/* Fields of a record of ours at most. */
#define FIELDS_MAX 16u

static const char *const operation_words[] = {"append", "truncate", "replace", "sync"};
static const char *const status_words[] = {"ok", "failed", "full", "unreachable"};
static const char *const outcome_words[] = {"ok", "fail", "unknown"};

struct building {
    struct fm_value_context *context;
    struct fm_symbols *symbols;
    const struct fathom_sut *sut;
};

struct fields {
    const struct fm_symbol *names[FIELDS_MAX];
    fm_value values[FIELDS_MAX];
    uint32_t count;
};

static fm_value text_value(const struct building *building, const char *text)
{
    return fm_string_of(building->context, text, strlen(text));
}

static void add(const struct building *building, struct fields *fields, const char *name,
                fm_value value)
{
    fields->names[fields->count] = fm_symbol_intern(building->symbols, name, strlen(name));
    fields->values[fields->count++] = value;
}

static void add_text(const struct building *building, struct fields *fields, const char *name,
                     const char *text)
{
    add(building, fields, name, text_value(building, text));
}

static void add_number(const struct building *building, struct fields *fields, const char *name,
                       uint64_t number)
{
    add(building, fields, name, fm_int(building->context, (int64_t)number));
}

static fm_value record_value(const struct building *building, const struct fathom_record *record);

static fm_value field_value(const struct building *building, const struct fm_field *field)
{
    switch (field->kind) {
    case FM_FIELD_INT:
        return fm_int(building->context, field->integer);
    case FM_FIELD_BOOL:
        return fm_bool(field->integer != 0);
    case FM_FIELD_TEXT:
        return text_value(building, field->text);
    case FM_FIELD_RECORD:
    case FM_FIELD_LIST:
        return record_value(building, field->record);
    }
    return fm_none();
}

/* A record, or the sequence that a list is. Names before `extra` are added in front. */
static fm_value joined_value(const struct building *building, const struct fields *extra,
                             const struct fathom_record *record)
{
    struct fm_arena *arena = building->context->arena;
    uint32_t first = extra == NULL ? 0 : extra->count, count = first;
    const struct fm_symbol **names = fm_arena_alloc(arena,
                                                    (first + record->count + 1) * sizeof *names);
    fm_value *values = fm_arena_alloc(arena, (first + record->count + 1) * sizeof *values);
    for (uint32_t i = 0; i < first; i++) {
        names[i] = extra->names[i];
        values[i] = extra->values[i];
    }
    for (const struct fm_field *field = record->first; field != NULL; field = field->next) {
        if (field->name != NULL) {
            names[count] = fm_symbol_intern(building->symbols, field->name, strlen(field->name));
        }
        values[count++] = field_value(building, field);
    }
    return record->is_list ? fm_tuple(building->context, values, count)
                           : fm_record(building->context, names, values, count);
}

static fm_value record_value(const struct building *building, const struct fathom_record *record)
{
    return joined_value(building, NULL, record);
}

static void add_message(const struct building *building, struct fields *fields,
                        struct fathom_bytes bytes)
{
    const char *misuse = NULL;
    if (building->sut->describe == NULL) {
        return;
    }
    struct fathom_record *record = fm_record_new(building->context->arena, &misuse);
    building->sut->describe(bytes, record);
    add(building, fields, "msg", record_value(building, record));
}

/* --- effects --- */

static fm_value fields_value(const struct building *building, const struct fields *fields)
{
    return fm_record(building->context, fields->names, fields->values, fields->count);
}

/* NONE for what no mapping is told. */
static fm_value effect_value(const struct building *building, const struct fm_happening *happening)
{
    struct fields fields = {.count = 0};
    switch (happening->kind) {
    case FM_HAPPENED_SEND:
        add_text(building, &fields, "kind", "send");
        add_number(building, &fields, "to", happening->peer);
        add_text(building, &fields, "status", status_words[happening->status]);
        add_message(building, &fields, happening->data);
        break;
    case FM_HAPPENED_DISK:
        add_text(building, &fields, "kind", operation_words[happening->status]);
        add_text(building, &fields, "file", happening->name);
        add_number(building, &fields, "op", happening->number);
        break;
    case FM_HAPPENED_PUT:
        add_text(building, &fields, "kind", "put");
        add_text(building, &fields, "file", happening->name);
        break;
    case FM_HAPPENED_REPLY:
        add_text(building, &fields, "kind", "reply");
        add_number(building, &fields, "request", happening->number);
        add_text(building, &fields, "outcome", outcome_words[happening->status]);
        break;
    case FM_HAPPENED_EVENT:
        add_text(building, &fields, "kind", "event");
        add_text(building, &fields, "name", happening->name);
        return joined_value(building, &fields, happening->record);
    case FM_HAPPENED_CHOICE:
    case FM_HAPPENED_TIMER:
    case FM_HAPPENED_CANCEL:
    case FM_HAPPENED_CRASH:
    case FM_HAPPENED_STATE:
    case FM_HAPPENED_END:
        return fm_none();
    }
    return fields_value(building, &fields);
}

static fm_value effects_value(const struct building *building, const struct fm_events *events)
{
    fm_value *values = fm_arena_alloc(building->context->arena,
                                      (events->parts.count + 1) * sizeof *values);
    uint32_t count = 0;
    for (uint32_t i = 1; i < events->parts.count; i++) {
        values[count] = effect_value(building, &events->parts.at[i]);
        count += fm_is_none(values[count]) ? 0 : 1;
    }
    return fm_tuple(building->context, values, count);
}

/* --- the event itself --- */

/* The operation of the disk that completed. */
static fm_value operation_value(const struct building *building, const struct fm_events *events,
                                const struct fm_happening *happening)
{
    struct fields fields = {.count = 0};
    add_number(building, &fields, "op", happening->number);
    add_text(building, &fields, "status", status_words[happening->status]);
    for (uint32_t i = events->operations.count; i > 0; i--) {
        const struct fm_happening *begun = &events->operations.at[i - 1];
        if (begun->number == happening->number) {
            add_text(building, &fields, "file", begun->name);
            add_text(building, &fields, "do", operation_words[begun->status]);
            break;
        }
    }
    return fields_value(building, &fields);
}

/* The fields that depend on the kind of the event. */
static void add_choice(const struct building *building, const struct fm_events *events,
                       struct fields *fields)
{
    const struct fm_happening *happening = &events->parts.at[0];
    const struct fm_choice *choice = &events->choice;
    switch ((enum fm_choice_kind)choice->kind) {
    case FM_CHOICE_DELIVER:
    case FM_CHOICE_DROP:
    case FM_CHOICE_DUPLICATE:
        add_number(building, fields, "from", choice->node);
        add_message(building, fields, happening->data);
        break;
    case FM_CHOICE_CUT:
        add_number(building, fields, "from", choice->node);
        break;
    case FM_CHOICE_TIMER:
        add_number(building, fields, "timer", happening->number);
        break;
    case FM_CHOICE_REQUEST:
        add_number(building, fields, "request", happening->number);
        break;
    case FM_CHOICE_DISK:
        add(building, fields, "disk", operation_value(building, events, happening));
        break;
    case FM_CHOICE_SENT:
        add_number(building, fields, "op", happening->number);
        add_text(building, fields, "status", status_words[happening->status]);
        break;
    case FM_CHOICE_CUSTOM:
        add_text(building, fields, "kind", happening->name);
        add_number(building, fields, "argument", choice->amount);
        break;
    case FM_CHOICE_START:
        add(building, fields, "first", fm_bool(happening->status != 0));
        break;
    case FM_CHOICE_CRASH:
        add_number(building, fields, "kept", choice->kept);
        add_number(building, fields, "torn", choice->amount);
        add(building, fields, "lost", fm_bool(choice->position != 0));
        break;
    case FM_CHOICE_TICK:
    case FM_CHOICE_ISOLATE:
    case FM_CHOICE_HEAL:
    case FM_CHOICE_PAUSE:
    case FM_CHOICE_RESUME:
    case FM_CHOICE_JUMP:
    case FM_CHOICE_ROT:
    case FM_CHOICE_COUNT:
        break;
    }
}

/* "deliver AppendEntries": the word, and what tells one such event from another. */
static const char *name_of(const struct building *building, const struct fm_events *events,
                           const struct fields *fields)
{
    struct fm_arena *arena = building->context->arena;
    const char *word = fm_choice_table()[events->choice.kind].word;
    for (uint32_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->names[i]->text, "msg") != 0) {
            continue;
        }
        fm_value type = fm_fcn_lookup(building->context, fields->values[i],
                                      text_value(building, "type"));
        return fm_value_tag(type) == FM_TAG_STRING
                   ? fm_arena_printf(arena, "%s %s", word, fm_value_symbol(type)->text)
                   : word;
    }
    return events->choice.kind == FM_CHOICE_CUSTOM
               ? fm_arena_printf(arena, "%s %s", word, events->parts.at[0].name)
               : word;
}

static bool has_crashed(const struct fm_events *events)
{
    for (uint32_t i = 1; i < events->parts.count; i++) {
        if (events->parts.at[i].kind == FM_HAPPENED_CRASH) {
            return true;
        }
    }
    return false;
}

static bool records_equal(const struct fathom_record *a, const struct fathom_record *b);

static bool fields_equal(const struct fm_field *a, const struct fm_field *b)
{
    if (a->kind != b->kind || (a->name == NULL) != (b->name == NULL) ||
        (a->name != NULL && strcmp(a->name, b->name) != 0)) {
        return false;
    }
    switch (a->kind) {
    case FM_FIELD_INT:
    case FM_FIELD_BOOL:
        return a->integer == b->integer;
    case FM_FIELD_TEXT:
        return strcmp(a->text, b->text) == 0;
    case FM_FIELD_RECORD:
    case FM_FIELD_LIST:
        return records_equal(a->record, b->record);
    }
    return false;
}

/* With their fields in the same order. */
static bool records_equal(const struct fathom_record *a, const struct fathom_record *b)
{
    const struct fm_field *one = a->first, *other = b->first;
    if (a->is_list != b->is_list || a->count != b->count) {
        return false;
    }
    for (; one != NULL; one = one->next, other = other->next) {
        if (!fields_equal(one, other)) {
            return false;
        }
    }
    return true;
}

/* What a node shows; the value of before when it shows what it did. */
static fm_value shown_value(const struct building *building, struct fm_events *events,
                            unsigned node)
{
    const struct fathom_record *record = events->shown[node], *before = events->valued[node];
    if (before == NULL || (before != record && !records_equal(before, record))) {
        events->values[node] = record_value(building, record);
    }
    events->valued[node] = record;
    return events->values[node];
}

static void fill_shown(const struct building *building, struct fm_events *events,
                       struct fm_judge_event *event)
{
    struct fm_shown *shown = fm_arena_alloc(building->context->arena,
                                            FATHOM_NODES_MAX * sizeof *shown);
    event->shown = shown;
    for (unsigned i = 0; i < events->nodes; i++) {
        if (events->shown[i] != NULL) {
            shown[event->shown_count++] = (struct fm_shown){(int64_t)i + 1,
                                                            shown_value(building, events, i)};
        }
    }
}

void fm_events_take(struct fm_events *events, struct fm_judge *judge, struct fm_judge_event *event)
{
    struct building building = {fm_judge_values(judge), fm_judge_symbols(judge), events->sut};
    if (events->generation != fm_judge_generation(judge)) {
        events->generation = fm_judge_generation(judge);
        memset(events->valued, 0, sizeof events->valued);
    }
    struct fields *fields = fm_arena_calloc(building.context->arena, 1, sizeof *fields);
    unsigned node = fm_events_node(events);
    add_text(&building, fields, "ev", fm_choice_table()[events->choice.kind].word);
    if (node != 0) {
        add_number(&building, fields, "node", node);
    }
    add_choice(&building, events, fields);
    add(&building, fields, "crashed", fm_bool(has_crashed(events)));
    add(&building, fields, "effects", effects_value(&building, events));
    *event = (struct fm_judge_event){.names = fields->names, .values = fields->values};
    fill_shown(&building, events, event);
    for (uint32_t i = 0; i < event->shown_count; i++) {
        if (event->shown[i].node == (int64_t)node) {
            add(&building, fields, "obs", event->shown[i].record);
        }
    }
    event->count = fields->count;
    event->name = name_of(&building, events, fields);
}

/* --- collecting --- */

void fm_events_deinit(struct fm_events *events)
{
    fm_vec_deinit(&events->parts);
    fm_vec_deinit(&events->operations);
}

void fm_events_begin(struct fm_events *events)
{
    events->parts.count = 0;
    events->operations.count = 0;
    memset(events->shown, 0, sizeof events->shown);
    memset(events->valued, 0, sizeof events->valued);
}

unsigned fm_events_node(const struct fm_events *events)
{
    const struct fm_choice *choice = &events->choice;
    switch (fm_choice_table()[choice->kind].place) {
    case FM_PLACE_CHANNEL:
        return choice->peer;
    case FM_PLACE_NODE:
        return choice->node;
    case FM_PLACE_NOWHERE:
        break;
    }
    return 0;
}

bool fm_events_add(struct fm_events *events, const struct fm_happening *happening)
{
    switch (happening->kind) {
    case FM_HAPPENED_CHOICE:
        events->parts.count = 0;
        events->choice = *happening->choice;
        break;
    case FM_HAPPENED_DISK:
        fm_vec_push(&events->operations, *happening);
        break;
    case FM_HAPPENED_STATE:
        events->shown[happening->node - 1] = happening->record;
        break;
    case FM_HAPPENED_CRASH:
        events->shown[happening->node - 1] = NULL;
        break;
    case FM_HAPPENED_SEND:
    case FM_HAPPENED_TIMER:
    case FM_HAPPENED_CANCEL:
    case FM_HAPPENED_PUT:
    case FM_HAPPENED_REPLY:
    case FM_HAPPENED_EVENT:
        break;
    case FM_HAPPENED_END:
        return true;
    }
    fm_vec_push(&events->parts, *happening);
    return false;
}
