/* The text of a finding.
 *
 * Lines of the header come in one order, each once, those that are optional or not at all, so that
 * reading is a walk along a table and a file that was cut off is noticed. A line that is not in the
 * table is refused: what it asks for is not known, and without it the schedule may be another.
 * People may edit the choices (their number is in the header, and must agree). The signature is for
 * the reader's eye: it is made anew from verdict and reason. */
#include "fuzz/finding.h"

#include "fuzz/target.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "fathom finding 1";

void fm_finding_deinit(struct fm_finding *finding)
{
    fm_vec_deinit(&finding->choices);
}

struct fm_finding fm_finding_copy(const struct fm_finding *finding)
{
    struct fm_finding copy = *finding;
    copy.choices.at = NULL;
    copy.choices.count = copy.choices.capacity = 0;
    for (uint32_t i = 0; i < finding->choices.count; i++) {
        fm_vec_push(&copy.choices, finding->choices.at[i]);
    }
    return copy;
}

void fm_finding_signature(const struct fm_outcome *outcome, struct fm_text *out)
{
    fm_text_printf(out, "%s: ", fm_fuzz_verdict_word(outcome->verdict));
    const char *place = strstr(outcome->reason, " at ");
    if (outcome->verdict == FM_FUZZ_CRASH && place != NULL) {
        /* A place in the code says it all: the event and the last words vary. */
        fm_text_add(out, outcome->reason, strcspn(outcome->reason, ","));
        return;
    }
    for (const char *at = outcome->reason; *at != '\0'; at++) {
        bool digit = isdigit((unsigned char)*at) != 0;
        bool again = at > outcome->reason && isdigit((unsigned char)at[-1]) != 0;
        if (!digit || !again) {
            fm_text_putc(out, digit ? '#' : *at);
        }
    }
}

void fm_finding_print(const struct fm_finding *finding, struct fm_text *out)
{
    const struct fm_outcome *outcome = &finding->outcome;
    fm_text_printf(out, "%s\ntarget: %s\npath: %s", first_line, finding->target, finding->path);
    if (finding->workload[0] != '\0') {
        fm_text_printf(out, "\nmaelstrom: %s", finding->workload);
    }
    fm_text_printf(out, "\ntarget hash: %016" PRIx64, finding->target_hash);
    fm_text_printf(out, "\nworld hash: %016" PRIx64, finding->world_hash);
    if (finding->mapping[0] != '\0') {
        fm_text_printf(out,
                       "\nmapping: %s\nmapping hash: %016" PRIx64
                       "\nspecification hash: %016" PRIx64
                       "\nconfiguration: %s\nconfiguration hash: %016" PRIx64,
                       finding->mapping, finding->hashes.mapping, finding->hashes.specification,
                       finding->configuration, finding->hashes.configuration);
    }
    fm_text_printf(out, "\nnodes: %u\nseed: %" PRIu64, finding->nodes, finding->seed);
    fm_text_puts(out, "\nfaults:");
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((finding->faults >> bit & 1) != 0) {
            fm_text_printf(out, " %s", fm_fault_name(bit));
        }
    }
    if (finding->rounds > 0) {
        fm_text_printf(out, "\nrounds: %u", finding->rounds);
    }
    fm_text_printf(out, "\nverdict: %s\nsignature: ", fm_fuzz_verdict_word(outcome->verdict));
    fm_finding_signature(outcome, out);
    fm_text_printf(out, "\nreason: %s", outcome->reason);
    if (fm_outcome_is_beyond(outcome)) {
        fm_text_printf(out, "\ndivergence: %u %s", outcome->diverged, outcome->divergence);
    }
    fm_text_printf(out, "\nevent hash: %016" PRIx64 "\nchoices: %u\n", outcome->hash,
                   finding->choices.count);
    for (uint32_t i = 0; i < finding->choices.count; i++) {
        fm_choice_print(&finding->choices.at[i], out);
        fm_text_putc(out, '\n');
    }
}

/* The text being read, line by line. */
struct lines {
    const char *at;
    char line[512]; /* the present one; longer ones do not occur */
    struct fm_finding_error *error;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct lines *lines, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (lines->error->text[0] == '\0') {
        (void)vsnprintf(lines->error->text, sizeof lines->error->text, format, arguments);
    }
    va_end(arguments);
    return false;
}

static bool next_line(struct lines *lines)
{
    size_t length = strcspn(lines->at, "\n");
    lines->error->line++;
    if (*lines->at == '\0') {
        return refuse(lines, "the file ends too early");
    }
    if (length >= sizeof lines->line || lines->at[length] != '\n') {
        return refuse(lines, "the line is too long, or has no end");
    }
    memcpy(lines->line, lines->at, length);
    lines->line[length] = '\0';
    lines->at += length + 1;
    return true;
}

static bool read_number(struct lines *lines, const char *value, int base, uint64_t max,
                        uint64_t *number)
{
    char *end;
    *number = strtoull(value, &end, base);
    if (!isxdigit((unsigned char)*value) || *end != '\0' || *number > max) {
        return refuse(lines, "a number that fits is expected");
    }
    return true;
}

static bool read_target(struct lines *lines, const char *value, struct fm_finding *finding)
{
    (void)lines;
    (void)snprintf(finding->target, sizeof finding->target, "%s", value);
    return true;
}

static bool read_path(struct lines *lines, const char *value, struct fm_finding *finding)
{
    (void)lines;
    (void)snprintf(finding->path, sizeof finding->path, "%s", value);
    return true;
}

static bool read_workload(struct lines *lines, const char *value, struct fm_finding *finding)
{
    (void)lines;
    (void)snprintf(finding->workload, sizeof finding->workload, "%s", value);
    return true;
}

static bool read_target_hash(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->target_hash);
}

static bool read_world_hash(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->world_hash);
}

static bool read_nodes(struct lines *lines, const char *value, struct fm_finding *finding)
{
    uint64_t number;
    if (!read_number(lines, value, 10, FATHOM_NODES_MAX, &number)) {
        return false;
    }
    finding->nodes = (unsigned)number;
    return number > 0 || refuse(lines, "there is no node");
}

static bool read_seed(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_number(lines, value, 10, UINT64_MAX, &finding->seed);
}

static bool read_faults(struct lines *lines, const char *value, struct fm_finding *finding)
{
    char list[sizeof lines->line];
    (void)snprintf(list, sizeof list, "%s", value);
    for (char *at = list; *at != '\0'; at++) {
        *at = *at == ' ' ? ',' : *at;
    }
    const char *word;
    return fm_fault_parse(list, &finding->faults, &word) ||
           refuse(lines, "there is no fault `%.*s`", (int)strcspn(word, ","), word);
}

static bool read_rounds(struct lines *lines, const char *value, struct fm_finding *finding)
{
    uint64_t number;
    if (!read_number(lines, value, 10, FM_ROUNDS_MAX, &number)) {
        return false;
    }
    finding->rounds = (unsigned)number;
    return number > 0 || refuse(lines, "no round is no line");
}

static bool read_verdict(struct lines *lines, const char *value, struct fm_finding *finding)
{
    unsigned verdict = 0;
    while (verdict < FM_FUZZ_VERDICT_COUNT &&
           strcmp(value, fm_fuzz_verdict_word((enum fm_fuzz_verdict)verdict)) != 0) {
        verdict++;
    }
    if (verdict == FM_FUZZ_VERDICT_COUNT) {
        return refuse(lines, "there is no such verdict");
    }
    finding->outcome.verdict = (enum fm_fuzz_verdict)verdict;
    return true;
}

/* A path that a command will open: whole, or refused. */
static bool read_model_path(struct lines *lines, const char *value, char *path, size_t size)
{
    int length = snprintf(path, size, "%s", value);
    return (length > 0 && (size_t)length < size) ||
           refuse(lines, "a path is expected, of fewer than %zu bytes", size);
}

static bool read_mapping(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_model_path(lines, value, finding->mapping, sizeof finding->mapping);
}

static bool read_mapping_hash(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->hashes.mapping);
}

static bool read_specification_hash(struct lines *lines, const char *value,
                                    struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->hashes.specification);
}

static bool read_configuration(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_model_path(lines, value, finding->configuration, sizeof finding->configuration);
}

static bool read_configuration_hash(struct lines *lines, const char *value,
                                    struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->hashes.configuration);
}

/* It is made anew. */
static bool read_signature(struct lines *lines, const char *value, struct fm_finding *finding)
{
    (void)lines;
    (void)value;
    (void)finding;
    return true;
}

static bool read_reason(struct lines *lines, const char *value, struct fm_finding *finding)
{
    (void)lines;
    (void)snprintf(finding->outcome.reason, sizeof finding->outcome.reason, "%s", value);
    return true;
}

static bool read_divergence(struct lines *lines, const char *value, struct fm_finding *finding)
{
    char *end;
    unsigned long long step = strtoull(value, &end, 10);
    if (end == value || *end != ' ' || end[1] == '\0' || step > FM_SCHEDULE_MAX) {
        return refuse(lines, "a number of choices and what the model found are expected");
    }
    finding->outcome.diverged = (uint32_t)step;
    (void)snprintf(finding->outcome.divergence, sizeof finding->outcome.divergence, "%s", end + 1);
    return true;
}

static bool read_event_hash(struct lines *lines, const char *value, struct fm_finding *finding)
{
    return read_number(lines, value, 16, UINT64_MAX, &finding->outcome.hash);
}

static bool read_choices(struct lines *lines, const char *value, struct fm_finding *finding)
{
    uint64_t count;
    if (!read_number(lines, value, 10, FM_SCHEDULE_MAX, &count)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        struct fm_choice choice;
        if (!next_line(lines)) {
            return false;
        }
        const char *wrong = fm_choice_parse(lines->line, &choice);
        if (wrong != NULL) {
            return refuse(lines, "%s", wrong);
        }
        fm_vec_push(&finding->choices, choice);
    }
    finding->outcome.steps = (uint32_t)count;
    if (*lines->at != '\0') {
        lines->error->line++;
        return refuse(lines, "there are more lines than the header says choices");
    }
    return true;
}

/* The header, in its order; fm_finding_print writes the same. */
static const struct {
    const char *name;
    bool optional;
    bool (*read)(struct lines *lines, const char *value, struct fm_finding *finding);
} header[] = {
    {"target", false, read_target},
    {"path", false, read_path},
    {"maelstrom", true, read_workload},
    {"target hash", false, read_target_hash},
    {"world hash", false, read_world_hash},
    {"mapping", true, read_mapping}, /* this and the next four all or none */
    {"mapping hash", true, read_mapping_hash},
    {"specification hash", true, read_specification_hash},
    {"configuration", true, read_configuration},
    {"configuration hash", true, read_configuration_hash},
    {"nodes", false, read_nodes},
    {"seed", false, read_seed},
    {"faults", false, read_faults},
    {"rounds", true, read_rounds},
    {"verdict", false, read_verdict},
    {"signature", false, read_signature},
    {"reason", false, read_reason},
    {"divergence", true, read_divergence},
    {"event hash", false, read_event_hash},
    {"choices", false, read_choices},
};

enum { HEADER_COUNT = sizeof header / sizeof header[0] };

/* The row that the line is of, from `row` on; HEADER_COUNT, and refused, when it is not there. */
static unsigned find_row(struct lines *lines, unsigned row)
{
    size_t length = strcspn(lines->line, ":");
    unsigned found = 0;
    while (found < HEADER_COUNT && (strlen(header[found].name) != length ||
                                    strncmp(header[found].name, lines->line, length) != 0)) {
        found++;
    }
    if (found == HEADER_COUNT || lines->line[length] != ':') {
        (void)refuse(lines, "a header has no line `%.40s`", lines->line);
        return HEADER_COUNT;
    }
    for (; row < found; row++) {
        if (!header[row].optional) {
            (void)refuse(lines, "the line `%s` is expected here", header[row].name);
            return HEADER_COUNT;
        }
    }
    if (found < row) {
        (void)refuse(lines, "the line `%s` is not expected here", header[found].name);
        return HEADER_COUNT;
    }
    return found;
}

static bool read_lines(struct lines *lines, struct fm_finding *finding)
{
    if (!next_line(lines) || strcmp(lines->line, first_line) != 0) {
        lines->error->text[0] = '\0';
        return refuse(lines, "this is no finding: the first line is not `%s`", first_line);
    }
    for (unsigned row = 0; row < HEADER_COUNT; row++) {
        if (!next_line(lines)) {
            return false;
        }
        row = find_row(lines, row);
        if (row == HEADER_COUNT) {
            return false;
        }
        const char *value = lines->line + strlen(header[row].name) + 1;
        if (!header[row].read(lines, value + (*value == ' '), finding)) {
            return false;
        }
    }
    return true;
}

bool fm_finding_parse(const char *text, struct fm_finding *finding, struct fm_finding_error *error)
{
    struct lines lines = {.at = text, .error = error};
    *finding = (struct fm_finding){.nodes = 0};
    *error = (struct fm_finding_error){.line = 0};
    bool fine = read_lines(&lines, finding);
    if (fine && (finding->mapping[0] == '\0') != (finding->configuration[0] == '\0')) {
        fine = refuse(&lines, "there is a mapping without a configuration, or the other way round");
    }
    if (!fine) {
        fm_finding_deinit(finding);
    }
    return fine;
}
