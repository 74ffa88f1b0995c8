/* The fingerprint table and what workers waited for, in words and as JSON.
 *
 * A table that was never doubled is not worth a line: small models have none. What its lines look
 * like, and the counters of contention, are for --verbose and for JSON; docs/scaling.md says how to
 * read them. */
#include "cli/message.h"
#include "cli/report.h"

#include <inttypes.h>
#include <stdio.h>

#define SECONDS(ns) ((double)(ns) / 1e9)

struct number {
    char at[32];
};

static const char *real_of(struct number *number, int digits, double real)
{
    (void)snprintf(number->at, sizeof number->at, "%.*f", digits, real);
    return number->at;
}

static const char *count_of(struct number *number, uint64_t count)
{
    (void)snprintf(number->at, sizeof number->at, "%" PRIu64, count);
    return number->at;
}

static double share_of(uint64_t part, uint64_t all)
{
    return all == 0 ? 0 : 100 * (double)part / (double)all;
}

static void add_growths(const struct fm_check_result *result, struct fm_text *out)
{
    const struct fm_check_memory *memory = &result->memory;
    const struct fm_check_table *table = &result->table;
    struct number bits, log2, taken, growths, all, most;
    struct fm_text bytes = {NULL, 0, 0};
    fm_report_bytes(&bytes, memory->growth_bytes_max);
    fm_say(out, FM_MESSAGE_TABLE, count_of(&bits, table->kept_bits),
           count_of(&log2, table->slots_log2),
           real_of(&taken, 0, share_of(table->entries, (uint64_t)1 << table->slots_log2)),
           count_of(&growths, memory->table_growths), real_of(&all, 3, SECONDS(memory->growth_ns)),
           real_of(&most, 3, SECONDS(memory->growth_ns_max)), fm_text_string(&bytes));
    fm_text_deinit(&bytes);
}

static void add_lines(const struct fm_check_table *table, struct fm_text *out)
{
    struct number home, entries, mean, most;
    fm_say(out, FM_MESSAGE_TABLE_READ, real_of(&home, 1, share_of(table->home, table->entries)),
           count_of(&entries, table->entries), real_of(&mean, 2, table->lines_mean),
           count_of(&most, table->lines_max));
}

static void add_contention(const struct fm_check_contention *contention, struct fm_text *out)
{
    struct number levels, parts, waits, ahead, dropped, turn_waits, idle;
    fm_say(out, FM_MESSAGE_CONTENTION, count_of(&levels, contention->shared_levels),
           count_of(&parts, contention->parts), count_of(&waits, contention->part_waits),
           count_of(&ahead, contention->ahead), count_of(&dropped, contention->dropped),
           count_of(&turn_waits, contention->turn_waits),
           real_of(&idle, 3, SECONDS(contention->idle_ns)));
}

static void add_exact(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_native_report *native = report->native;
    struct number bits, strangers;
    if (report->result->table.exact_bits != 0 && native != NULL) {
        fm_say(out, FM_MESSAGE_EXACT, count_of(&bits, report->result->table.exact_bits),
               count_of(&strangers, native->strangers));
    } else if (report->options->exact) {
        fm_say(out, FM_MESSAGE_NOT_EXACT,
               native != NULL && native->not_exact != NULL ? native->not_exact
                                                           : "there is no emitted code");
    }
}

void fm_report_table(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    add_exact(report, out);
    if (result->memory.table_growths > 0) {
        add_growths(result, out);
    }
    if (report->options->verbose && result->table.entries > 0) {
        add_lines(&result->table, out);
        if (result->contention.shared_levels > 0) {
            add_contention(&result->contention, out);
        }
    }
}

void fm_report_table_json(const struct fm_check_result *result, struct fm_text *out)
{
    const struct fm_check_table *table = &result->table;
    const struct fm_check_memory *memory = &result->memory;
    const struct fm_check_contention *contention = &result->contention;
    fm_text_printf(
        out,
        ",\"table\":{\"exact_bits\":%" PRIu32 ",\"slots_log2\":%" PRIu32 ",\"kept_bits\":%" PRIu32
        ",\"entries\":%" PRIu64 ",\"home\":%" PRIu64 ",\"lines_mean\":%.6g,\"lines_max\":%" PRIu32
        ",\"growths\":%" PRIu32 ",\"growth_seconds\":%.6g,\"growth_seconds_max\":%.6g,"
        "\"growth_bytes_max\":%" PRIu64 "}",
        table->exact_bits, table->slots_log2, table->kept_bits, table->entries, table->home,
        table->lines_mean, table->lines_max, memory->table_growths, SECONDS(memory->growth_ns),
        SECONDS(memory->growth_ns_max), memory->growth_bytes_max);
    fm_text_printf(out,
                   ",\"contention\":{\"shared_levels\":%" PRIu64 ",\"parts\":%" PRIu64
                   ",\"part_waits\":%" PRIu64 ",\"ahead\":%" PRIu64 ",\"dropped\":%" PRIu64
                   ",\"turn_waits\":%" PRIu64 ",\"idle_seconds\":%.6g}",
                   contention->shared_levels, contention->parts, contention->part_waits,
                   contention->ahead, contention->dropped, contention->turn_waits,
                   SECONDS(contention->idle_ns));
}
