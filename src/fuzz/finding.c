/* The text of a finding.
 *
 * Lines of the header come in one order, each once, so that reading is a
 * walk along a table and a file that was cut off is noticed; people may edit the choices (their
 * number is in the header, and must agree). The signature is for the reader's eye: it is made anew
 * from verdict and reason. */
#include "fuzz/finding.h"

#include "fuzz/target.h"

#include <ctype.h>
#include <inttypes.h>
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
    fm_text_printf(
        out, "%s\ntarget: %s\npath: %s\ntarget hash: %016" PRIx64 "\nnodes: %u\nseed: %" PRIu64,
        first_line, finding->target, finding->path, finding->target_hash, finding->nodes,
        finding->seed);
    fm_text_puts(out, "\nfaults:");
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((finding->faults >> bit & 1) != 0) {
            fm_text_printf(out, " %s", fm_fault_name(bit));
        }
    }
    fm_text_printf(out, "\nverdict: %s\nsignature: ", fm_fuzz_verdict_word(outcome->verdict));
    fm_finding_signature(outcome, out);
    fm_text_printf(out, "\nreason: %s\nevent hash: %016" PRIx64 "\nchoices: %u\n", outcome->reason,
                   outcome->hash, finding->choices.count);
    for (uint32_t i = 0; i < finding->choices.count; i++) {
        fm_choice_print(&finding->choices.at[i], out);
        fm_text_putc(out, '\n');
    }
}

/* The text being read, line by line. */
struct lines {
    const char *at;
    char line[512]; /* the present one; longer ones do not occur */
    uint32_t number;
    const char *wrong;
};

static bool next_line(struct lines *lines)
{
    size_t length = strcspn(lines->at, "\n");
    lines->number++;
    if (*lines->at == '\0') {
        lines->wrong = "the file ends too early";
        return false;
    }
    if (length >= sizeof lines->line || lines->at[length] != '\n') {
        lines->wrong = "the line is too long, or has no end";
        return false;
    }
    memcpy(lines->line, lines->at, length);
    lines->line[length] = '\0';
    lines->at += length + 1;
    return true;
}

/* The text behind "NAME:" and a blank in the next line, or NULL. */
static const char *next_value(struct lines *lines, const char *name)
{
    size_t length = strlen(name);
    if (lines->wrong != NULL || !next_line(lines)) {
        return NULL;
    }
    if (strncmp(lines->line, name, length) != 0 || lines->line[length] != ':') {
        lines->wrong = "another line of the header is expected here";
        return NULL;
    }
    return lines->line + length + 1 + (lines->line[length + 1] == ' ');
}

static uint64_t next_number(struct lines *lines, const char *name, int base, uint64_t max)
{
    const char *value = next_value(lines, name);
    if (value == NULL) {
        return 0;
    }
    char *end;
    unsigned long long number = strtoull(value, &end, base);
    if (!isxdigit((unsigned char)*value) || *end != '\0' || number > max) {
        lines->wrong = "a number that fits is expected";
    }
    return number;
}

static uint64_t next_faults(struct lines *lines)
{
    const char *value = next_value(lines, "faults");
    uint64_t faults = 0;
    if (value == NULL) {
        return 0;
    }
    char list[sizeof lines->line];
    (void)snprintf(list, sizeof list, "%s", value);
    for (char *at = list; *at != '\0'; at++) {
        *at = *at == ' ' ? ',' : *at;
    }
    const char *word;
    if (!fm_fault_parse(list, &faults, &word)) {
        lines->wrong = "there is no such fault";
    }
    return faults;
}

static void read_outcome(struct lines *lines, struct fm_outcome *outcome)
{
    const char *word = next_value(lines, "verdict");
    unsigned verdict = 0;
    while (word != NULL && verdict < FM_FUZZ_VERDICT_COUNT &&
           strcmp(word, fm_fuzz_verdict_word((enum fm_fuzz_verdict)verdict)) != 0) {
        verdict++;
    }
    if (verdict == FM_FUZZ_VERDICT_COUNT) {
        lines->wrong = "there is no such verdict";
        return;
    }
    outcome->verdict = (enum fm_fuzz_verdict)verdict;
    (void)next_value(lines, "signature");
    const char *reason = next_value(lines, "reason");
    (void)snprintf(outcome->reason, sizeof outcome->reason, "%s", reason == NULL ? "" : reason);
    outcome->hash = next_number(lines, "event hash", 16, UINT64_MAX);
}

static void read_choices(struct lines *lines, struct fm_finding *finding)
{
    uint64_t count = next_number(lines, "choices", 10, FM_SCHEDULE_MAX);
    for (uint64_t i = 0; i < count && lines->wrong == NULL && next_line(lines); i++) {
        struct fm_choice choice;
        lines->wrong = fm_choice_parse(lines->line, &choice);
        fm_vec_push(&finding->choices, choice);
    }
    if (lines->wrong == NULL && *lines->at != '\0') {
        lines->number++;
        lines->wrong = "there are more lines than the header says choices";
    }
    finding->outcome.steps = (uint32_t)count;
}

bool fm_finding_parse(const char *text, struct fm_finding *finding, const char **wrong,
                      uint32_t *line)
{
    struct lines lines = {.at = text};
    *finding = (struct fm_finding){.nodes = 0};
    if (!next_line(&lines) || strcmp(lines.line, first_line) != 0) {
        lines.wrong = "this is no finding: the first line is not `fathom finding 1`";
    }
    const char *target = next_value(&lines, "target");
    (void)snprintf(finding->target, sizeof finding->target, "%s", target == NULL ? "" : target);
    const char *path = next_value(&lines, "path");
    (void)snprintf(finding->path, sizeof finding->path, "%s", path == NULL ? "" : path);
    finding->target_hash = next_number(&lines, "target hash", 16, UINT64_MAX);
    finding->nodes = (unsigned)next_number(&lines, "nodes", 10, FATHOM_NODES_MAX);
    finding->seed = next_number(&lines, "seed", 10, UINT64_MAX);
    finding->faults = next_faults(&lines);
    read_outcome(&lines, &finding->outcome);
    read_choices(&lines, finding);
    if (lines.wrong == NULL && finding->nodes == 0) {
        lines.wrong = "there is no node";
    }
    *wrong = lines.wrong;
    *line = lines.number;
    if (lines.wrong != NULL) {
        fm_finding_deinit(finding);
    }
    return lines.wrong == NULL;
}
