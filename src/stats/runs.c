/* Reading a table of runs, and counting what rare species it has.
 *
 * Names become symbols, and what is known of a symbol stands in an array at its index: of a
 * species, for each arm, in how many runs it was and in which last. From these the counts of
 * struct fm_species follow at the end, in one pass. A run whose seed an earlier line of the arm has
 * is that run again: it adds nothing to what is known, unless it differs from it. Then the test is
 * not a function of its seed, and no bound holds that takes runs for the runs of one generator. */
#include "stats/runs.h"

#include <string.h>

static const char *const names[] = {
#define COLUMN(name, text) text,
    FM_RUNS_COLUMNS
#undef COLUMN
};

struct field {
    const char *at;
    size_t length;
};

/* Of a species in an arm. */
struct shown {
    uint64_t runs, last;
};

/* Of an arm. */
struct tally {
    FM_VEC(struct shown) shown; /* by species */
    FM_VEC(uint32_t) from;      /* by run: the seed of the corpus */
};

/* Of a seed: the line it was first seen in. */
struct origin {
    uint32_t line;
    const char *at;
    size_t length;
};

struct reading {
    struct fm_runs *runs;
    struct fm_text *wrong;
    uint32_t line;
    uint32_t columns[FM_RUNS_COLUMN_COUNT]; /* of the table, in its order */
    uint32_t column_count;
    const struct fm_symbol *build;
    struct fm_symbols *species; /* a name space of its own, and so have seeds */
    struct fm_symbols *seeds;
    struct fm_symbols *corpus;
    FM_VEC(struct tally) tallies;  /* by arm */
    FM_VEC(struct origin) origins; /* by seed */
};

/* --- lines and fields --- */

static bool next_line(const char **at, const char *end, struct field *line)
{
    if (*at == end) {
        return false;
    }
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    line->at = *at;
    line->length = (size_t)((stop == NULL ? end : stop) - *at);
    *at = stop == NULL ? end : stop + 1;
    if (line->length > 0 && line->at[line->length - 1] == '\r') {
        line->length--;
    }
    return true;
}

/* Cuts the next part off in front of the separator; false when nothing is left. */
static bool next_part(struct field *rest, char separator, struct field *part)
{
    if (rest->at == NULL) {
        return false;
    }
    const char *stop = memchr(rest->at, separator, rest->length);
    part->at = rest->at;
    part->length = stop == NULL ? rest->length : (size_t)(stop - rest->at);
    rest->length -= part->length + (stop == NULL ? 0 : 1);
    rest->at = stop == NULL ? NULL : stop + 1;
    return true;
}

static bool is_text(struct field field, const char *text)
{
    return field.length == strlen(text) && memcmp(field.at, text, field.length) == 0;
}

static bool read_header(struct reading *reading, struct field line)
{
    struct field part;
    while (next_part(&line, '\t', &part)) {
        uint32_t column = 0;
        while (column < FM_RUNS_COLUMN_COUNT && !is_text(part, names[column])) {
            column++;
        }
        if (column == FM_RUNS_COLUMN_COUNT || reading->runs->has[column]) {
            fm_text_printf(reading->wrong, "%s column '%.*s'; columns are",
                           column == FM_RUNS_COLUMN_COUNT ? "unknown" : "a second",
                           (int)(part.length < 40 ? part.length : 40), part.at);
            for (uint32_t i = 0; i < FM_RUNS_COLUMN_COUNT; i++) {
                fm_text_printf(reading->wrong, "%s %s", i == 0 ? "" : ",", names[i]);
            }
            return false;
        }
        reading->runs->has[column] = true;
        reading->columns[reading->column_count++] = column;
    }
    if (!reading->runs->has[FM_RUNS_FAILED]) {
        fm_text_puts(reading->wrong, "no column 'failed'");
        return false;
    }
    return true;
}

static bool split(struct reading *reading, struct field line, struct field *fields)
{
    struct field part;
    uint32_t count = 0;
    while (next_part(&line, '\t', &part)) {
        if (count < reading->column_count) {
            fields[reading->columns[count]] = part;
        }
        count++;
    }
    if (count != reading->column_count) {
        fm_text_printf(reading->wrong, "%u fields where the first line names %u", count,
                       reading->column_count);
        return false;
    }
    return true;
}

static bool read_choices(struct reading *reading, struct field field, uint64_t *choices)
{
    *choices = 0;
    for (size_t i = 0; i < field.length; i++) {
        if (field.at[i] < '0' || field.at[i] > '9' || *choices > UINT64_MAX / 20) {
            fm_text_printf(reading->wrong, "'%.*s' choices are no number of choices",
                           (int)(field.length < 40 ? field.length : 40), field.at);
            return false;
        }
        *choices = *choices * 10 + (uint64_t)(field.at[i] - '0');
    }
    return true;
}

static bool is_failed(struct field field)
{
    return field.length > 0 && !is_text(field, "0") && !is_text(field, "-");
}

/* --- runs --- */

static struct fm_runs_arm *arm_of(struct reading *reading, struct field field)
{
    struct fm_runs *runs = reading->runs;
    const struct fm_symbol *name = runs->has[FM_RUNS_ARM]
                                       ? fm_symbol_intern(runs->symbols, field.at, field.length)
                                       : fm_symbol_of(runs->symbols, "random");
    for (uint32_t i = 0; i < runs->arms.count; i++) {
        if (runs->arms.at[i].name == name) {
            return &runs->arms.at[i];
        }
    }
    fm_vec_push(&runs->arms, (struct fm_runs_arm){.name = name});
    fm_vec_push(&reading->tallies, (struct tally){0});
    return &fm_vec_last(&runs->arms);
}

/* Whether the line is a run that was not there yet. What a run is counts, not who chose it. */
static bool is_new_run(struct reading *reading, const struct field *fields, struct field line)
{
    if (!reading->runs->has[FM_RUNS_SEED]) {
        return true;
    }
    struct field seed = fields[FM_RUNS_SEED];
    uint32_t index = fm_symbol_intern(reading->seeds, seed.at, seed.length)->index;
    while (reading->origins.count <= index) {
        fm_vec_push(&reading->origins, (struct origin){0});
    }
    struct origin *origin = &reading->origins.at[index];
    if (origin->line == 0) {
        *origin = (struct origin){reading->line, line.at, line.length};
        return true;
    }
    bool same = origin->length == line.length && memcmp(origin->at, line.at, line.length) == 0;
    if (!same && reading->runs->first_seed_line == 0) {
        reading->runs->first_seed_line = origin->line;
        reading->runs->second_seed_line = reading->line;
    }
    return false;
}

static void show(struct reading *reading, struct fm_runs_arm *arm, struct field species)
{
    struct tally *tally = &reading->tallies.at[arm - reading->runs->arms.at];
    struct field name;
    while (next_part(&species, ' ', &name)) {
        if (name.length == 0) {
            continue;
        }
        uint32_t index = fm_symbol_intern(reading->species, name.at, name.length)->index;
        while (tally->shown.count <= index) {
            fm_vec_push(&tally->shown, (struct shown){0});
        }
        struct shown *shown = &tally->shown.at[index];
        arm->species.seen += shown->runs == 0;
        shown->runs += shown->last != arm->runs || shown->runs == 0;
        shown->last = arm->runs;
    }
}

static void come_from(struct reading *reading, struct fm_runs_arm *arm, struct field from)
{
    struct tally *tally = &reading->tallies.at[arm - reading->runs->arms.at];
    uint32_t index = fm_symbol_intern(reading->corpus, from.at, from.length)->index;
    while (arm->seeds.count <= index) {
        fm_vec_push(&arm->seeds, (struct fm_species_seed){0});
    }
    arm->seeds.at[index].runs++;
    fm_vec_push(&tally->from, index);
}

static bool take_run(struct reading *reading, struct field line)
{
    struct fm_runs *runs = reading->runs;
    struct field fields[FM_RUNS_COLUMN_COUNT] = {{NULL, 0}};
    uint64_t choices = 0;
    if (!split(reading, line, fields) ||
        !read_choices(reading, fields[FM_RUNS_CHOICES], &choices)) {
        return false;
    }
    if (runs->has[FM_RUNS_BUILD]) {
        struct field build = fields[FM_RUNS_BUILD];
        const struct fm_symbol *symbol = fm_symbol_intern(runs->symbols, build.at, build.length);
        reading->build = reading->build == NULL ? symbol : reading->build;
        if (symbol != reading->build && runs->other_build_line == 0) {
            runs->other_build_line = reading->line;
        }
    }
    struct fm_runs_arm *arm = arm_of(reading, fields[FM_RUNS_ARM]);
    arm->lines++;
    if (!is_new_run(reading, fields, line)) {
        return true;
    }
    arm->ends_failed = is_failed(fields[FM_RUNS_FAILED]);
    arm->failures += arm->ends_failed;
    arm->choices += choices;
    show(reading, arm, fields[FM_RUNS_SHOWS]);
    if (runs->has[FM_RUNS_FROM]) {
        come_from(reading, arm, fields[FM_RUNS_FROM]);
    }
    fm_vec_push(&arm->grown, arm->species.seen);
    arm->runs++;
    return true;
}

/* --- counts --- */

static void count_rare(struct reading *reading, uint32_t number)
{
    struct fm_runs_arm *arm = &reading->runs->arms.at[number];
    const struct tally *tally = &reading->tallies.at[number];
    bool *own = fm_memory_calloc(arm->runs + 1, sizeof *own);
    arm->species.runs = arm->runs;
    for (uint32_t i = 0; i < tally->shown.count; i++) {
        const struct shown *shown = &tally->shown.at[i];
        arm->species.once += shown->runs == 1;
        arm->species.twice += shown->runs == 2;
        if (shown->runs == 1 && !own[shown->last]) {
            own[shown->last] = true;
            arm->species.singleton_runs++;
            if (tally->from.count > 0) {
                arm->seeds.at[tally->from.at[shown->last]].singleton_runs++;
            }
        }
    }
    fm_memory_free(own);
    for (uint32_t i = 0; i < arm->seeds.count; i++) {
        arm->seeds.at[i].chosen = (double)arm->seeds.at[i].runs / (double)arm->runs;
    }
}

static bool read_all(struct reading *reading, const char *text, size_t size)
{
    const char *at = text;
    struct field line;
    reading->line = 1;
    if (!next_line(&at, text + size, &line) || line.length == 0) {
        fm_text_puts(reading->wrong, "the first line must name the columns");
        return false;
    }
    if (!read_header(reading, line)) {
        return false;
    }
    while (next_line(&at, text + size, &line)) {
        reading->line++;
        if (line.length > 0 && !take_run(reading, line)) {
            return false;
        }
    }
    if (reading->runs->arms.count == 0) {
        fm_text_puts(reading->wrong, "no runs");
        return false;
    }
    return true;
}

bool fm_runs_read(struct fm_runs *runs, const char *text, size_t size, struct fm_text *wrong,
                  uint32_t *line)
{
    *runs = (struct fm_runs){.symbols = fm_symbols_new()};
    struct reading reading = {.runs = runs,
                              .wrong = wrong,
                              .species = fm_symbols_new(),
                              .seeds = fm_symbols_new(),
                              .corpus = fm_symbols_new()};
    bool done = read_all(&reading, text, size);
    for (uint32_t i = 0; i < reading.tallies.count; i++) {
        if (done) {
            count_rare(&reading, i);
        }
        fm_vec_deinit(&reading.tallies.at[i].shown);
        fm_vec_deinit(&reading.tallies.at[i].from);
    }
    runs->species = fm_symbols_count(reading.species);
    *line = reading.line;
    fm_vec_deinit(&reading.tallies);
    fm_vec_deinit(&reading.origins);
    fm_symbols_free(reading.species);
    fm_symbols_free(reading.seeds);
    fm_symbols_free(reading.corpus);
    return done;
}

void fm_runs_deinit(struct fm_runs *runs)
{
    for (uint32_t i = 0; i < runs->arms.count; i++) {
        fm_vec_deinit(&runs->arms.at[i].seeds);
        fm_vec_deinit(&runs->arms.at[i].grown);
    }
    fm_vec_deinit(&runs->arms);
    fm_symbols_free(runs->symbols);
}
