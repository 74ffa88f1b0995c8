/* Executables as targets.
 *
 * The world calls a function of the table, as it does with a target that is a shared object; here
 * the function writes an event as one line to the node's process, waits for one line, and calls the
 * services that the line asks for:
 *
 *     world ---- deliver(state, 2, "...") ----> exec.c ---- {"event": "deliver", ...} ----> node
 *     world <--- fathom_send, fathom_timer ---- exec.c <--- {"effects": [...]} ------------ node
 *
 * So everything above and below stays as it is: choices, faults, the judge, replay, minimizing. A
 * crash is kill -9, and the next start is another process, which is given the files that survived.
 * What is the same in every run is what follows from the lines: they carry the node's time, and a
 * number to draw others from.
 *
 * A process that ends, is late or answers nonsense is a finding about its node, and the schedule
 * ends; the campaign goes on, since the process of the worker is none of the target's.
 *
 * Starting an interpreter takes longer than a schedule of a hundred events. A node that says
 * `restarts` promises to forget everything when it is given the event `start` again; its process is
 * kept for the next start of any node, and a crash is then a start without a kill. */
#include "fuzz/exec.h"

#include "base/arena.h"
#include "fuzz/target.h"

#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Without --hang. */
static const uint32_t timeout_ms_usual = 5000;
/* JavaScript's numbers are exact up to 2^53. */
static const uint64_t random_bound = UINT64_C(1) << 53;
/* Bytes of an answer that are shown, and of a name. */
enum { SHOWN_MAX = 100, NAME_MAX_SIZE = 60 };

bool fm_exec_is_program(const char *bytes, size_t size)
{
    Elf64_Ehdr head;
    if (size < sizeof head || memcmp(bytes, ELFMAG, SELFMAG) != 0) {
        return true;
    }
    memcpy(&head, bytes, sizeof head);
    for (unsigned i = 0; i < head.e_phnum; i++) {
        Elf64_Phdr part;
        size_t at = head.e_phoff + (size_t)i * head.e_phentsize;
        if (head.e_phoff > size || at + sizeof part > size) {
            return false;
        }
        memcpy(&part, bytes + at, sizeof part);
        if (part.p_type == PT_INTERP) {
            return true;
        }
    }
    return head.e_type == ET_EXEC;
}

/* The beginning of an answer, between quotation marks. */
static void show_line(const struct fm_text *line, struct fm_text *out)
{
    size_t length = line->length < SHOWN_MAX ? line->length : SHOWN_MAX;
    fm_text_printf(out, "\"%.*s%s\"", (int)length, fm_text_string(line),
                   line->length > length ? "..." : "");
}

/* The object in the line, or NULL with *wrong; `event`: what it answers. */
static json_t *read_answer(const struct fm_text *line, const char *event, struct fm_text *wrong)
{
    json_error_t error;
    json_t *answer = json_loadb(fm_text_string(line), line->length,
                                JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (answer == NULL) {
        fm_text_printf(wrong, "answered %s with ", event);
        show_line(line, wrong);
        fm_text_printf(wrong, ", which is no line of JSON: %s", error.text);
    } else if (!json_is_object(answer)) {
        fm_text_printf(wrong, "answered %s with ", event);
        show_line(line, wrong);
        fm_text_puts(wrong, ", where an object is needed");
        json_decref(answer);
        answer = NULL;
    }
    return answer;
}

/* Asks, and reads what comes back; NULL: *verdict and *wrong say why. */
static json_t *exchange(struct fm_process *process, const struct fm_text *line, const char *event,
                        uint32_t timeout_ms, enum fm_world_verdict *verdict, struct fm_text *wrong)
{
    struct fm_text answer = {0};
    json_t *read = NULL;
    if (fm_process_has_more(process)) {
        fm_text_printf(wrong, "wrote more than one line before %s", event);
        *verdict = FM_WORLD_GARBLED;
        return NULL;
    }
    switch (fm_process_ask(process, line, timeout_ms, &answer)) {
    case FM_PROCESS_LINE:
        *verdict = FM_WORLD_GARBLED;
        read = read_answer(&answer, event, wrong);
        break;
    case FM_PROCESS_LATE:
        *verdict = FM_WORLD_LATE;
        fm_text_printf(wrong, "did not answer %s within %u ms", event, timeout_ms);
        break;
    case FM_PROCESS_ENDED:
        *verdict = FM_WORLD_EXITED;
        fm_text_printf(wrong, "in %s ", event);
        fm_process_bury(process, wrong);
        break;
    case FM_PROCESS_LONG:
        *verdict = FM_WORLD_GARBLED;
        fm_text_printf(wrong, "answered %s with a line of more than %zu bytes", event,
                       FM_PROCESS_LINE_MAX);
        break;
    }
    fm_text_deinit(&answer);
    return read;
}

static void judge(struct fm_exec_node *node, enum fm_world_verdict verdict,
                  const struct fm_text *wrong)
{
    struct fm_text text = {0};
    fm_text_printf(&text, "node %u %s", fathom_id(node->self), wrong->at);
    fm_node_judge(node->self, verdict, text.at);
    node->broken = true;
    fm_text_deinit(&text);
}

/* Completes an event's line, and does what the node answers. */
static void ask(struct fm_exec_node *node, const char *event, struct fm_text *rest)
{
    struct fm_text line = {0}, wrong = {0};
    enum fm_world_verdict verdict = FM_WORLD_GARBLED;
    json_t *answer = NULL, *effects = NULL, *observed = NULL;
    json_error_t error;
    if (!node->broken) {
        fm_text_printf(&line, "{\"event\": \"%s\", \"now\": %llu, \"random\": %llu%s}\n", event,
                       (unsigned long long)fathom_now(node->self),
                       (unsigned long long)fathom_random(node->self, random_bound),
                       fm_text_string(rest));
        answer = exchange(&node->process, &line, event, node->exec->timeout_ms, &verdict, &wrong);
    }
    if (answer != NULL) {
        if (json_unpack_ex(answer, &error, JSON_STRICT, "{s?o, s?o}", "effects", &effects,
                           "observe", &observed) != 0) {
            fm_text_printf(&wrong,
                           "answered %s with an object that is not one of `effects` and "
                           "`observe`: %s",
                           event, error.text);
        } else if (effects != NULL && !json_is_array(effects)) {
            fm_text_printf(&wrong, "answered %s with `effects` that are no list", event);
        } else if (observed != NULL && !json_is_object(observed)) {
            fm_text_printf(&wrong, "answered %s with `observe`, which is no object", event);
        } else {
            fm_text_printf(&wrong, "answered %s with ", event);
            size_t length = wrong.length;
            if (fm_exec_effects(node, effects, &wrong) && wrong.length == length) {
                fm_text_clear(&wrong);
            }
            json_decref(node->observed);
            node->observed = json_incref(observed);
        }
        json_decref(answer);
    }
    if (wrong.length > 0) {
        judge(node, verdict, &wrong);
    }
    fm_text_deinit(&line);
    fm_text_deinit(&wrong);
    fm_text_deinit(rest);
}

static void *start(struct fathom_node *self, bool first)
{
    struct fm_exec *exec = (struct fm_exec *)(uintptr_t)fm_node_sut(self); /* its first field */
    struct fm_exec_node *node = fm_memory_calloc(1, sizeof *node);
    node->self = self;
    node->exec = exec;
    /* Node 1 starts those of all others, so that interpreters load beside each other. */
    unsigned wanted = first && fathom_id(self) == 1 ? fathom_nodes(self) : 1;
    bool fine = true;
    while (fine && exec->idle_count < wanted) {
        fine = fm_process_start(&exec->idle[exec->idle_count], exec->path);
        exec->idle_count += fine;
    }
    if (exec->idle_count > 0) {
        node->process = exec->idle[--exec->idle_count];
    } else {
        fm_node_judge(self, FM_WORLD_HARNESS, "the system makes no process for a node");
        fm_memory_free(node);
        return NULL;
    }
    struct fm_text rest = {0};
    fm_text_printf(&rest, ", \"node\": %u, \"nodes\": %u, \"first\": %s, \"files\": {",
                   fathom_id(self), fathom_nodes(self), first ? "true" : "false");
    const char *name;
    struct fathom_bytes bytes;
    for (uint32_t i = 0; fm_node_file(self, i, &name, &bytes); i++) {
        fm_text_puts(&rest, i == 0 ? "" : ", ");
        fm_text_json_string(&rest, name, strlen(name));
        fm_text_puts(&rest, ": ");
        fm_exec_content(bytes, &rest);
    }
    fm_text_putc(&rest, '}');
    ask(node, "start", &rest);
    return node;
}

static void drop(void *state)
{
    struct fm_exec_node *node = state;
    struct fm_exec *exec = node->exec;
    if (exec->restarts && !node->broken && exec->idle_count < FATHOM_NODES_MAX) {
        exec->idle[exec->idle_count++] = node->process;
    } else {
        fm_process_kill(&node->process);
    }
    json_decref(node->observed);
    fm_vec_deinit(&node->operations);
    fm_memory_free(node);
}

static void deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct fm_text rest = {0};
    fm_text_printf(&rest, ", \"from\": %u, \"message\": ", from);
    fm_text_add(&rest, message.data, message.size); /* as fm_exec_dump made it */
    ask(state, "deliver", &rest);
}

static void timer(void *state, uint64_t number)
{
    struct fm_text rest = {0};
    fm_text_printf(&rest, ", \"timer\": %llu", (unsigned long long)number);
    ask(state, "timer", &rest);
}

static void done(void *state, uint64_t number, enum fathom_status status)
{
    static const char *const words[] = {"ok", "failed", "full", "unreachable"}; /* ORDER(status) */
    const struct fm_exec_node *node = state;
    uint32_t i = 0;
    while (i < node->operations.count && node->operations.at[i].number != number) {
        i++;
    }
    if (i < node->operations.count) {
        struct fm_text rest = {0};
        fm_text_printf(&rest, ", \"operation\": %u, \"do\": \"%s\", \"status\": \"%s\"", i + 1,
                       node->operations.at[i].what, words[status]);
        ask(state, "done", &rest);
    }
}

static void client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct fm_text rest = {0};
    fm_text_printf(&rest, ", \"request\": %llu, \"payload\": ", (unsigned long long)request);
    fm_text_json_string(&rest, payload.data, payload.size);
    ask(state, "request", &rest);
}

static void custom(void *state, const char *kind, unsigned argument)
{
    struct fm_text rest = {0};
    fm_text_puts(&rest, ", \"kind\": ");
    fm_text_json_string(&rest, kind, strlen(kind));
    fm_text_printf(&rest, ", \"argument\": %u", argument);
    ask(state, "custom", &rest);
}

static void observe(const void *state, struct fathom_record *record)
{
    const struct fm_exec_node *node = state;
    fm_exec_fill(record, node->observed);
}

static void describe(struct fathom_bytes message, struct fathom_record *record)
{
    json_error_t error;
    json_t *value = json_loadb(message.data, message.size, JSON_DECODE_ANY, &error);
    if (json_is_object(value)) {
        fm_exec_fill(record, value);
    } else {
        json_t *wrapped = json_pack("{s:O*}", "value", value);
        fm_exec_fill(record, wrapped);
        json_decref(wrapped);
    }
    json_decref(value);
}

/* A name that can be a part of a file's. */
static bool is_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr("-_.+", name[i]) == NULL) {
            return false;
        }
    }
    return length > 0 && length <= NAME_MAX_SIZE && name[0] != '.';
}

static bool read_customs(struct fm_exec *exec, json_t *customs)
{
    size_t count = json_array_size(customs);
    exec->customs = fm_memory_calloc(count + 1, sizeof *exec->customs);
    for (size_t i = 0; i < count; i++) {
        exec->customs[i] = json_string_value(json_array_get(customs, i));
        if (exec->customs[i] == NULL) {
            return false;
        }
    }
    exec->sut.customs = exec->customs;
    exec->sut.custom = custom;
    return json_is_array(customs);
}

/* Who the target says it is. */
static bool read_hello(struct fm_exec *exec, struct fm_text *wrong)
{
    const char *slash = strrchr(exec->path, '/'), *word = NULL, *survives = "none";
    json_t *customs = NULL;
    json_error_t error;
    int clients = 0, restarts = 0;
    json_int_t round_ms = 0;
    struct fathom_sut *sut = &exec->sut;
    sut->name = slash == NULL ? exec->path : slash + 1;
    sut->version = "-";
    if (json_unpack_ex(exec->hello, &error, JSON_STRICT, "{s?s, s?s, s?s, s?o, s?b, s?b, s?I}",
                       "name", &sut->name, "version", &sut->version, "survives", &survives,
                       "customs", &customs, "clients", &clients, "restarts", &restarts, "round_ms",
                       &round_ms) != 0) {
        fm_text_printf(wrong, "answered hello with an object that cannot be read: %s", error.text);
    } else if (!is_name(sut->name)) {
        fm_text_printf(wrong,
                       "is named `%s`: `name` is to have 1 to %d letters, digits or -_.+, "
                       "since findings are files of that name",
                       sut->name, NAME_MAX_SIZE);
    } else if (!fm_fault_parse(survives, &sut->contract, &word)) {
        fm_text_printf(wrong, "answered hello with `survives`, in which there is no fault `%.*s`",
                       (int)strcspn(word, ","), word);
    } else if (customs != NULL && !read_customs(exec, customs)) {
        fm_text_puts(wrong, "answered hello with `customs`, which is no list of strings");
    } else if (round_ms < 0 || round_ms > UINT32_MAX) {
        fm_text_puts(wrong, "answered hello with `round_ms` out of range");
    }
    sut->round_ms = (uint32_t)round_ms;
    sut->client = clients ? client : NULL;
    exec->restarts = restarts != 0;
    return wrong->length == 0;
}

static bool say_hello(struct fm_exec *exec, struct fm_text *wrong)
{
    struct fm_process process;
    struct fm_text line = {0};
    enum fm_world_verdict verdict;
    if (!fm_process_start(&process, exec->path)) {
        fm_text_printf(wrong, "cannot be started: %s", strerror(errno));
        return false;
    }
    fm_text_puts(&line, "{\"event\": \"hello\"}\n");
    exec->hello = exchange(&process, &line, "hello", exec->timeout_ms, &verdict, wrong);
    fm_process_kill(&process);
    fm_text_deinit(&line);
    return exec->hello != NULL && read_hello(exec, wrong);
}

struct fm_exec *fm_exec_open(const char *path, char **error)
{
    struct fm_exec *exec = fm_memory_calloc(1, sizeof *exec);
    struct fm_text wrong = {0};
    exec->path = path;
    exec->timeout_ms = timeout_ms_usual;
    exec->sut = (struct fathom_sut){.abi = FATHOM_SUT_ABI,
                                    .start = start,
                                    .drop = drop,
                                    .deliver = deliver,
                                    .timer = timer,
                                    .done = done,
                                    .observe = observe,
                                    .describe = describe};
    if (!say_hello(exec, &wrong)) {
        struct fm_text text = {0};
        fm_text_printf(&text, "%s: it %s", path, wrong.at);
        *error = text.at;
        fm_exec_close(exec);
        exec = NULL;
    }
    fm_text_deinit(&wrong);
    return exec;
}

void fm_exec_close(struct fm_exec *exec)
{
    if (exec != NULL) {
        while (exec->idle_count > 0) {
            fm_process_kill(&exec->idle[--exec->idle_count]);
        }
        json_decref(exec->hello);
        fm_memory_free(exec->customs);
        fm_memory_free(exec);
    }
}
