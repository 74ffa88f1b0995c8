/* Registers and statistics: TLCGet, TLCSet, Trace.
 *
 * Registers belong to a worker, as in TLC: a non-negative integer or a string that begins with "s:"
 * is a key. What is set outside of the workers (in an ASSUME, a POSTCONDITION, a constant
 * definition) is set for all of them, those opened later included. A register's value is copied
 * into an arena of its own, two in turn: the new value may be made of the old one. Small values
 * (integers, strings, Booleans) stay in the word. The model's lock guards writing, and reading the
 * registers of other workers (TLCGet("all")).
 *
 * Named keys ask the explorer (struct fm_run) or the model. "level" is that of the current state; 0
 * in Init, ASSUME and POSTCONDITION. Records have the fields that TLC's have. */
#include "eval/registers.h"

#include "semantics/load.h"
#include "value/raise.h"

#include <string.h>

struct fm_register {
    fm_value key; /* a small integer or a string */
    fm_value value;
    struct fm_arena arenas[2];
    uint32_t turn; /* which arena holds the value */
};

struct fm_registers {
    FM_VEC(struct fm_register) at;
};

/* Date and count of commits of the TLC revision whose behaviour is followed (tlaplus/tlaplus at
 * cc6b616): specifications compare them. */
#define TLC_TIMESTAMP 1777481289
#define TLC_COMMITS 8881
#define TLC_DATE "2026-04-29T16:48:09.0Z"
#define NAMED_PREFIX "s:"
#define PROPERTY_PREFIX "-D"

struct fm_registers *fm_registers_new(void)
{
    return fm_memory_calloc(1, sizeof(struct fm_registers));
}

void fm_registers_free(struct fm_registers *registers)
{
    for (uint32_t i = 0; i < registers->at.count; i++) {
        fm_arena_deinit(&registers->at.at[i].arenas[0]);
        fm_arena_deinit(&registers->at.at[i].arenas[1]);
    }
    fm_vec_deinit(&registers->at);
    fm_memory_free(registers);
}

static struct fm_register *find(const struct fm_registers *registers, fm_value key)
{
    for (uint32_t i = 0; i < registers->at.count; i++) {
        if (fm_value_same(registers->at.at[i].key, key)) {
            return &registers->at.at[i];
        }
    }
    return NULL;
}

static void store(struct fm_value_context *context, struct fm_registers *registers, fm_value key,
                  fm_value value)
{
    struct fm_register *at = find(registers, key);
    if (at == NULL) {
        struct fm_register fresh = {.key = key};
        fm_arena_init(&fresh.arenas[0], "register");
        fm_arena_init(&fresh.arenas[1], "register");
        fm_vec_push(&registers->at, fresh);
        at = &fm_vec_last(&registers->at);
    }
    uint32_t turn = 1 - at->turn;
    fm_arena_reset(&at->arenas[turn]);
    struct fm_arena *arena = context->arena;
    context->arena = &at->arenas[turn];
    at->value = fm_value_freeze(context, fm_value_copy(context, value));
    context->arena = arena;
    at->turn = turn;
}

void fm_registers_copy(struct fm_engine *engine, const struct fm_registers *from)
{
    for (uint32_t i = 0; i < from->at.count; i++) {
        store(&engine->values, engine->registers, from->at.at[i].key, from->at.at[i].value);
    }
}

/* --- helpers --- */

static fm_value string_of(struct fm_engine *engine, const char *text)
{
    return fm_string_of(&engine->values, text, strlen(text));
}

static fm_value record_of(struct fm_engine *engine, const char *const *names,
                          const fm_value *values, uint32_t count)
{
    const struct fm_symbol *symbols[16];
    for (uint32_t i = 0; i < count; i++) {
        symbols[i] = fm_symbol_of(engine->values.symbols, names[i]);
    }
    return fm_record(&engine->values, symbols, values, count);
}

static fm_value statistic(struct fm_engine *engine, const char *key)
{
    const struct fm_run *run = engine->model->model.run;
    uint64_t value = 0;
    if (run != NULL && run->own_statistic != NULL &&
        run->own_statistic(run->owner, engine, key, &value)) {
        return fm_int(&engine->values, (int64_t)value);
    }
    if (run == NULL || run->statistic == NULL || !run->statistic(run->owner, key, &value)) {
        value = 0;
    }
    return fm_int(&engine->values, (int64_t)value);
}

static uint32_t worker_count(const struct fm_engine *engine)
{
    const struct fm_run *run = engine->model->model.run;
    return run != NULL && run->worker_count != 0 ? run->worker_count : 1;
}

/* How often each action was taken on the way to the state: a record by their names. */
static fm_value count_actions(struct fm_engine *engine)
{
    const struct fm_run *run = engine->model->model.run;
    const struct fm_model *model = &engine->model->model;
    const uint32_t *walked;
    uint32_t count = run->actions(run->owner, engine, &walked);
    uint32_t level = engine->state != NULL ? engine->state->level : 0;
    const struct fm_symbol **names = fm_arena_alloc(engine->values.arena,
                                                    (level + 1) * sizeof *names);
    fm_value *values = fm_arena_alloc(engine->values.arena, (level + 1) * sizeof *values);
    uint32_t used = 0;
    for (uint32_t i = 1; i < level && i <= count; i++) {
        /* The last one may be a successor of what was walked. */
        uint32_t action = i < count ? walked[i] : engine->state->action;
        const struct fm_symbol *name = action < model->action_count ? model->actions[action].name
                                                                    : NULL;
        name = name == NULL ? engine->model->action_name : name;
        uint32_t at = 0;
        while (at < used && names[at] != name) {
            at++;
        }
        if (at == used) {
            names[used] = name;
            values[used++] = fm_small(0);
        }
        values[at] = fm_small(fm_small_get(values[at]) + 1);
    }
    return fm_record(&engine->values, names, values, used);
}

/* The fields of TLC's simulator; what it does not count is -1 there too. */
static fm_value get_simulation_statistics(struct fm_engine *engine)
{
    static const char *const names[] = {"traces",    "duration",      "generated",     "behavior",
                                        "worker",    "distinct",      "retries",       "actions",
                                        "levelmean", "levelvariance", "distinctvalues"};
    static const char *const behavior_names[] = {"actions", "id"};
    const fm_value behavior[] = {count_actions(engine), statistic(engine, "id")};
    const fm_value values[] = {
        statistic(engine, "traces"),
        statistic(engine, "duration"),
        statistic(engine, "generated"),
        record_of(engine, behavior_names, behavior, 2),
        fm_small(engine->outside_workers ? 0 : (int64_t)engine->number),
        fm_small(-1),
        fm_small(-1),
        fm_record(&engine->values, NULL, NULL, 0),
        statistic(engine, "levelmean"),
        statistic(engine, "levelvariance"),
        fm_small(-1),
    };
    return record_of(engine, names, values, 11);
}

static bool is_simulation(const struct fm_engine *engine)
{
    return engine->model->model.run != NULL && engine->model->model.run->own_statistic != NULL;
}

static fm_value get_statistics(struct fm_engine *engine)
{
    if (is_simulation(engine)) {
        return get_simulation_statistics(engine);
    }
    static const char *const names[] = {"queue",    "distinct", "initial", "generated",
                                        "diameter", "duration", "worker"};
    fm_value values[7];
    for (uint32_t i = 0; i < 6; i++) {
        values[i] = statistic(engine, names[i]);
    }
    values[6] = fm_small(engine->outside_workers ? 0 : (int64_t)engine->number);
    return record_of(engine, names, values, 7);
}

static fm_value decimal_string(struct fm_engine *engine, uint64_t number)
{
    struct fm_text text = {0};
    fm_text_printf(&text, "%lld", (long long)number);
    fm_value result = string_of(engine, fm_text_string(&text));
    fm_text_deinit(&text);
    return result;
}

/* TLC's number without an end is that of a machine word cut to 32 bits: -1. */
static fm_value get_simulation_configuration(struct fm_engine *engine)
{
    static const char *const names[] = {"mode", "depth",  "traces",  "deadlock", "seed",
                                        "aril", "worker", "install", "sched"};
    const struct fm_run *run = engine->model->model.run;
    const fm_value values[] = {
        string_of(engine, run->mode),
        fm_int(&engine->values, run->depth_max),
        run->behaviours_max == UINT64_MAX ? fm_small(-1)
                                          : fm_int(&engine->values, (int64_t)run->behaviours_max),
        fm_bool(run->deadlock),
        decimal_string(engine, run->seed),
        decimal_string(engine, run->aril),
        fm_small(worker_count(engine)),
        string_of(engine, ""),
        string_of(engine, "Random"),
    };
    return record_of(engine, names, values, 9);
}

static fm_value get_configuration(struct fm_engine *engine)
{
    if (is_simulation(engine)) {
        return get_simulation_configuration(engine);
    }
    static const char *const names[] = {"mode", "deadlock",    "worker",
                                        "seed", "fingerprint", "install"};
    const struct fm_run *run = engine->model->model.run;
    const struct fm_program *program = engine->model->model.program;
    const fm_value values[] = {
        string_of(engine, run != NULL && run->mode != NULL ? run->mode : "bfs"),
        fm_bool(run != NULL ? run->deadlock : program->check_deadlock),
        fm_small(worker_count(engine)),
        decimal_string(engine, run != NULL ? run->seed : engine->model->options.random_seed),
        decimal_string(engine, engine->model->options.fingerprint_seed),
        string_of(engine, ""),
    };
    return record_of(engine, names, values, 6);
}

static fm_value get_revision(struct fm_engine *engine)
{
    static const char *const names[] = {"count", "timestamp", "date", "tag", "calver"};
    const fm_value values[] = {fm_small(TLC_COMMITS), fm_small(TLC_TIMESTAMP),
                               string_of(engine, TLC_DATE), string_of(engine, "fathom"),
                               string_of(engine, FM_VERSION)};
    return record_of(engine, names, values, 5);
}

static fm_value location_record(struct fm_engine *engine, struct fm_span span,
                                const struct fm_symbol *module)
{
    static const char *const names[] = {"beginLine", "beginColumn", "endLine", "endColumn",
                                        "module"};
    struct fm_place place = fm_source_place(fm_diags_sources(engine->model->model.session->diags),
                                            span);
    const fm_value values[] = {fm_small(place.line), fm_small(place.column),
                               fm_small(place.end_line), fm_small(place.end_column),
                               string_of(engine, module != NULL ? module->text : "")};
    return record_of(engine, names, values, 5);
}

static fm_value action_record(struct fm_engine *engine, uint32_t index)
{
    static const char *const names[] = {"name", "location", "context", "parameters"};
    if (index >= engine->model->model.action_count) {
        fm_value unknown[] = {string_of(engine, "UnnamedAction"),
                              location_record(engine, fm_span_none(), NULL)};
        return record_of(engine, names, unknown, 2);
    }
    const struct fm_action *action = &engine->model->model.actions[index];
    fm_value values[] = {string_of(engine, action->name->text),
                         location_record(engine, action->span, action->module), fm_none(),
                         fm_none()};
    if (action->argument_count == 0) {
        return record_of(engine, names, values, 2);
    }
    values[2] = fm_record(&engine->values, action->argument_names, action->arguments,
                          action->argument_count);
    fm_value *parameters = fm_arena_alloc(engine->values.arena,
                                          action->argument_count * sizeof *parameters);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        parameters[i] = fm_string(&engine->values, action->argument_names[i]);
    }
    values[3] = fm_tuple(&engine->values, parameters, action->argument_count);
    return record_of(engine, names, values, 4);
}

static fm_value named_set(struct fm_engine *engine, const struct fm_formula *formulas,
                          uint32_t count)
{
    static const char *const names[] = {"name", "location"};
    fm_value *elements = fm_arena_alloc(engine->values.arena, (count + 1) * sizeof *elements);
    for (uint32_t i = 0; i < count; i++) {
        fm_value values[] = {
            string_of(engine, formulas[i].name->text),
            location_record(engine, formulas[i].node->span,
                            formulas[i].def != NULL ? formulas[i].def->module : NULL)};
        elements[i] = record_of(engine, names, values, 2);
    }
    return fm_set(&engine->values, elements, count);
}

static fm_value get_specification(struct fm_engine *engine)
{
    static const char *const names[] = {
        "inits",          "actions",          "temporals", "invariants",        "impliedinits",
        "impliedactions", "impliedtemporals", "variables", "actionconstraints", "constraints"};
    static const char *const variable_names[] = {"name", "location"};
    const struct fm_program *program = engine->model->model.program;
    uint32_t action_count = engine->model->model.action_count;
    uint32_t variable_count = program->variable_count;
    uint32_t room = action_count > variable_count ? action_count : variable_count;
    fm_value *elements = fm_arena_alloc(engine->values.arena, (room + 1) * sizeof *elements);
    fm_value values[10];
    values[0] = named_set(engine, program->inits, program->init_count);
    for (uint32_t i = 0; i < action_count; i++) {
        elements[i] = action_record(engine, i);
    }
    values[1] = fm_set(&engine->values, elements, action_count);
    values[2] = named_set(engine, program->fairness, program->fairness_count);
    values[3] = named_set(engine, program->invariants, program->invariant_count);
    values[4] = named_set(engine, program->implied_inits, program->implied_init_count);
    values[5] = named_set(engine, program->implied_actions, program->implied_action_count);
    values[6] = named_set(engine, program->temporals, program->temporal_count);
    for (uint32_t i = 0; i < variable_count; i++) {
        fm_value fields[] = {fm_string(&engine->values, program->variables[i].name),
                             location_record(engine, program->variables[i].span, program->root)};
        elements[i] = record_of(engine, variable_names, fields, 2);
    }
    values[7] = fm_set(&engine->values, elements, variable_count);
    values[8] = named_set(engine, program->action_constraints, program->action_constraint_count);
    values[9] = named_set(engine, program->constraints, program->constraint_count);
    return record_of(engine, names, values, 10);
}

static fm_value get_level(const struct fm_engine *engine)
{
    if (engine->constant_level) {
        return fm_small(0);
    }
    if (engine->state != NULL) {
        return fm_small(engine->state->level);
    }
    return fm_small((int64_t)engine->level + (engine->primed ? 1 : 0));
}

static fm_value get_action(struct fm_engine *engine)
{
    return action_record(engine, engine->state != NULL ? engine->state->action : engine->action);
}

/* Every worker's value of the register. */
static fm_value gather(struct fm_engine *engine, fm_value key)
{
    uint32_t count = 0;
    for (const struct fm_engine *at = engine->model->engines; at != NULL; at = at->next_engine) {
        count++;
    }
    fm_value *values = fm_arena_alloc(engine->values.arena, (count + 1) * sizeof *values);
    uint32_t used = 0;
    for (const struct fm_engine *at = engine->model->engines; at != NULL; at = at->next_engine) {
        const struct fm_register *found = find(at->registers, key);
        if (found != NULL) {
            values[used++] = fm_value_copy(&engine->values, found->value);
        }
    }
    return fm_tuple(&engine->values, values, used);
}

static fm_value get_all(struct fm_engine *engine, bool named)
{
    struct fm_engine *first = engine->model->engines != NULL ? engine->model->engines : engine;
    pthread_mutex_lock(&engine->model->lock);
    uint32_t room = first->registers->at.count, used = 0;
    fm_value *keys = fm_arena_alloc(engine->values.arena, (room + 1) * sizeof *keys);
    for (uint32_t i = 0; i < room; i++) {
        fm_value key = first->registers->at.at[i].key;
        if ((fm_value_tag(key) == FM_TAG_STRING) == named) {
            keys[used++] = key;
        }
    }
    fm_value domain = fm_set(&engine->values, keys, used);
    uint32_t count;
    const fm_value *sorted = fm_set_elements(&engine->values, domain, &count);
    fm_value *values = fm_arena_alloc(engine->values.arena, (count + 1) * sizeof *values);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = gather(engine, sorted[i]);
    }
    pthread_mutex_unlock(&engine->model->lock);
    return fm_fcn(&engine->values, domain, values, count);
}

static fm_value get_property(struct fm_engine *engine, const char *key)
{
    size_t length = strlen(key + 2);
    for (uint32_t i = 0; i < engine->model->options.system_property_count; i++) {
        const char *property = engine->model->options.system_properties[i];
        if (strncmp(property, key + 2, length) == 0 && property[length] == '=') {
            return string_of(engine, property + length + 1);
        }
    }
    /* Action composition is always on, behind a switch in TLC. */
    if (strcmp(key + 2, "tlc2.tool.impl.Tool.cdot") == 0) {
        return string_of(engine, "true");
    }
    return string_of(engine, key);
}

/* NONE when nothing was stored: TLCGet raises then, TLCGetOrDefault takes the default. */
static fm_value get_register(struct fm_engine *engine, fm_value key)
{
    const struct fm_register *found = find(engine->registers, key);
    return found == NULL ? fm_none() : fm_value_copy(&engine->values, found->value);
}

fm_value fm_registers_get(struct fm_native_context *context, fm_value key)
{
    static const char *const statistics[] = {"diameter", "generated", "distinct", "queue",
                                             "duration"};
    struct fm_engine *engine = context->owner;
    if (fm_is_small(key) && fm_small_get(key) >= 0) {
        return get_register(engine, key);
    }
    if (fm_value_tag(key) != FM_TAG_STRING) {
        fm_eval_raise(engine, NULL, FM_CODE_4315,
                      "the argument of TLCGet must be a natural number or a string, but it is %s",
                      fm_eval_kind(engine, key));
    }
    const char *name = fm_value_symbol(key)->text;
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        if (strcmp(name, statistics[i]) == 0) {
            return statistic(engine, name);
        }
    }
    if (strcmp(name, "level") == 0) {
        engine->reads |= FM_READ_STATE;
        return get_level(engine);
    }
    if (strcmp(name, "stats") == 0) {
        return get_statistics(engine);
    }
    if (strcmp(name, "config") == 0) {
        return get_configuration(engine);
    }
    if (strcmp(name, "revision") == 0) {
        return get_revision(engine);
    }
    if (strcmp(name, "spec") == 0) {
        return get_specification(engine);
    }
    if (strcmp(name, "action") == 0) {
        return get_action(engine);
    }
    if (strcmp(name, "all") == 0 || strcmp(name, "all:named") == 0) {
        return get_all(engine, name[3] != '\0');
    }
    if (strncmp(name, NAMED_PREFIX, strlen(NAMED_PREFIX)) == 0) {
        return get_register(engine, key);
    }
    if (strncmp(name, PROPERTY_PREFIX, strlen(PROPERTY_PREFIX)) == 0) {
        return get_property(engine, name);
    }
    fm_eval_raise(engine, NULL, FM_CODE_4315, "TLCGet(\"%s\"): there is no such key", name);
}

/* --- writing --- */

static void set_register(struct fm_engine *engine, fm_value key, fm_value value)
{
    pthread_mutex_lock(&engine->model->lock);
    store(&engine->values, engine->registers, key, value);
    if (engine->outside_workers) {
        for (struct fm_engine *at = engine->model->engines; at != NULL; at = at->next_engine) {
            if (at != engine) {
                store(&engine->values, at->registers, key, value);
            }
        }
        if (engine->model->setup != engine && engine->model->setup != NULL) {
            store(&engine->values, engine->model->setup->registers, key, value);
        }
    }
    pthread_mutex_unlock(&engine->model->lock);
}

void fm_registers_set(struct fm_native_context *context, fm_value key, fm_value value)
{
    struct fm_engine *engine = context->owner;
    const struct fm_run *run = engine->model->model.run;
    bool is_string = fm_value_tag(key) == FM_TAG_STRING;
    const char *name = is_string ? fm_value_symbol(key)->text : "";
    if ((fm_is_small(key) && fm_small_get(key) >= 0) ||
        strncmp(name, NAMED_PREFIX, strlen(NAMED_PREFIX)) == 0) {
        /* Copying may fail: not under the lock. */
        set_register(engine, key,
                     fm_value_freeze(&engine->values, fm_value_copy(&engine->values, value)));
        return;
    }
    if (strcmp(name, "exit") == 0) {
        if (fm_is_true(value) && run != NULL && run->request_exit != NULL) {
            run->request_exit(run->owner);
        }
        return;
    }
    if (strcmp(name, "pause") == 0) {
        if (fm_is_true(value)) {
            fm_eval_raise(engine, NULL, FM_CODE_4318,
                          "TLCSet(\"pause\", TRUE) waits at a terminal, which is not supported");
        }
        return;
    }
    fm_eval_raise(engine, NULL, FM_CODE_4316,
                  "the first argument of TLCSet must be a natural number, \"exit\", \"pause\" or a "
                  "string that begins with \"s:\", but it is %s",
                  fm_eval_kind(engine, key));
}

void fm_registers_print(struct fm_native_context *context, const char *text)
{
    struct fm_engine *engine = context->owner;
    const struct fm_run *run = engine->model->model.run;
    if (run != NULL && run->print != NULL) {
        run->print(run->owner, text);
    }
}

/* --- traces --- */

fm_value fm_registers_state_record(struct fm_engine *engine, const fm_value *variables)
{
    const struct fm_program *program = engine->model->model.program;
    const struct fm_symbol **names = fm_arena_alloc(engine->values.arena,
                                                    (engine->variable_count + 1) * sizeof *names);
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        names[i] = program->variables[i].name;
    }
    return fm_record(&engine->values, names, variables, engine->variable_count);
}

fm_value fm_registers_trace(struct fm_engine *engine, const struct fm_expr *code)
{
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        if (fm_is_none(engine->s[i])) {
            fm_eval_raise_unassigned(engine, code, i, engine->primed);
        }
    }
    const struct fm_run *run = engine->model->model.run;
    const uint8_t **states = NULL;
    uint32_t count = 0;
    if (run != NULL && run->trace != NULL && !engine->constant_level) {
        count = run->trace(run->owner, engine, engine->values.arena, &states);
    }
    uint32_t level = engine->state != NULL ? engine->state->level : count;
    fm_value *records = fm_arena_alloc(engine->values.arena, (count + 2) * sizeof *records);
    uint32_t used = 0;
    /* The path ends with the state being expanded; what is looked at may be a successor of it. */
    for (; used < count && used + 1 < level; used++) {
        const uint8_t *bytes = states[used];
        if (run->plain != NULL) {
            bytes = run->plain(run->plain_closure, &engine->values, bytes);
        }
        fm_value *variables = fm_arena_alloc(engine->values.arena,
                                             (engine->variable_count + 1) * sizeof *variables);
        for (uint32_t i = 0; i < engine->variable_count; i++) {
            variables[i] = fm_value_decode(&engine->values, &bytes);
        }
        records[used] = fm_registers_state_record(engine, variables);
    }
    records[used++] = fm_registers_state_record(engine, engine->s);
    return fm_tuple(&engine->values, records, used);
}

fm_value fm_registers_counter_example(struct fm_engine *engine)
{
    static const char *const names[] = {"action", "state"};
    const fm_value values[] = {fm_set_empty(), fm_set_empty()};
    return record_of(engine, names, values, 2);
}
