/* One schedule.
 *
 * A target is somebody's C code: it may crash, exit, hang or write over our memory. What must
 * survive that runs it in a child process and knows it through two doors: a page of shared memory,
 * in which the child counts the choice it is at, and the way it ends. The last line that it wrote
 * on its error stream (an assertion, a sanitizer's summary) becomes part of the reason. */
#include "fuzz/run.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/thread.h"
#include "fuzz/crash.h"
#include "fuzz/oracle.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a process that runs a target beside a judge, bytes: evaluation recurses. */
#define STACK_SIZE ((size_t)64 << 20)

/* Runs of a schedule that leave the same behind, each, if it is a leak: more than malloc keeps free
 * blocks of one size in a thread's cache (7), which count as used. Others end with the second. */
#define LEAK_RUNS 10u

static const struct {
    const char *word, *text;
} verdicts[] = {
#define FM_FUZZ_VERDICT(id, word, text) {word, text},
#include "fuzz/verdicts.def"
#undef FM_FUZZ_VERDICT
};

const char *fm_fuzz_verdict_word(enum fm_fuzz_verdict verdict)
{
    return verdicts[verdict].word;
}

const char *fm_fuzz_verdict_text(enum fm_fuzz_verdict verdict)
{
    return verdicts[verdict].text;
}

bool fm_fuzz_verdict_ends(enum fm_fuzz_verdict verdict)
{
    return verdict == FM_FUZZ_HARNESS || verdict == FM_FUZZ_MAPPING;
}

/* Runs until the memory that a world keeps for later has been allocated. */
static const unsigned warm_runs = 4;

/* A reason is one line, whatever the target wrote. */
static void make_line(char *text)
{
    for (; *text != '\0'; text++) {
        *text = (unsigned char)*text < ' ' ? ' ' : *text;
    }
}

void fm_run_begin(struct fm_world *world, struct fm_oracle *oracle)
{
    if (oracle != NULL) {
        fm_oracle_begin(oracle);
    }
    fm_world_begin(world);
}

bool fm_run_goes_on(const struct fm_world *world, struct fm_oracle *oracle)
{
    return fm_world_verdict(world) == FM_WORLD_FINE &&
           (oracle == NULL || fm_oracle_goes_on(oracle));
}

bool fm_outcome_is_beyond(const struct fm_outcome *outcome)
{
    return outcome->divergence[0] != '\0' && outcome->verdict < FM_FUZZ_IMPOSSIBLE;
}

/* What the judge found: the outcome, unless the world found something too. */
static void note_divergence(struct fm_oracle *oracle, struct fm_outcome *outcome)
{
    struct fm_outcome judged = *outcome;
    fm_oracle_judge(oracle, &judged);
    make_line(judged.reason);
    (void)snprintf(outcome->divergence, sizeof outcome->divergence, "%s: %s",
                   fm_fuzz_verdict_word(judged.verdict), judged.reason);
    if (outcome->diverged == 0) {
        outcome->diverged = outcome->steps;
    }
    if (outcome->verdict == FM_FUZZ_FINE) {
        outcome->verdict = judged.verdict;
        outcome->node = judged.node;
        memcpy(outcome->reason, judged.reason, sizeof outcome->reason);
    }
}

void fm_run_judge(const struct fm_world *world, struct fm_oracle *oracle,
                  struct fm_outcome *outcome)
{
    outcome->verdict = (enum fm_fuzz_verdict)fm_world_verdict(world);
    outcome->hash = fm_world_hash(world);
    (void)snprintf(outcome->reason, sizeof outcome->reason, "%s",
                   fm_world_reason(world, &outcome->node));
    if (oracle != NULL && !fm_oracle_agrees(oracle)) {
        note_divergence(oracle, outcome);
    }
    make_line(outcome->reason);
}

void fm_run_choices(struct fm_world *world, struct fm_oracle *oracle,
                    const struct fm_choice *choices, uint32_t count, struct fm_beat *beat,
                    struct fm_outcome *outcome)
{
    *outcome = (struct fm_outcome){.verdict = FM_FUZZ_FINE};
    fm_run_begin(world, oracle);
    for (uint32_t i = 0; i < count && fm_run_goes_on(world, oracle); i++) {
        outcome->steps++;
        if (beat != NULL) {
            atomic_store_explicit(&beat->choices, outcome->steps, memory_order_relaxed);
        }
        outcome->applied += fm_world_apply(world, &choices[i]);
        if (outcome->diverged == 0 && oracle != NULL && !fm_oracle_agrees(oracle)) {
            outcome->diverged = outcome->steps;
        }
    }
    if (fm_run_goes_on(world, oracle)) {
        outcome->drained = fm_world_drain(world, beat == NULL ? NULL : &beat->drained);
    }
    fm_run_judge(world, oracle, outcome);
    fm_world_end(world);
}

void fm_run_on_stack(void (*run)(void *closure), void *closure)
{
    struct fm_thread *thread = fm_thread_start(run, closure, STACK_SIZE);
    if (thread == NULL) {
        (void)fprintf(stderr, "no thread: %s\n", strerror(errno));
        _exit(1);
    }
    fm_thread_join(thread);
}

/* Bytes of the heap in use, 0 where malloc does not tell. */
static uint64_t heap_size(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

void fm_run_leaks(struct fm_world *world, const struct fm_choice *choices, uint32_t count,
                  struct fm_beat *beat, struct fm_outcome *outcome)
{
    uint64_t before = 0, growth = 0;
    for (unsigned i = 0; i < LEAK_RUNS; i++) {
        fm_run_choices(world, NULL, choices, count, beat, outcome);
        uint64_t size = heap_size();
        bool grows = size > before && (i < 2 || size - before == growth);
        if (outcome->verdict != FM_FUZZ_FINE || (i > 0 && !grows)) {
            return;
        }
        growth = size - before;
        before = size;
    }
    outcome->verdict = FM_FUZZ_LEAK;
    (void)snprintf(outcome->reason, sizeof outcome->reason, "the schedule leaves %llu bytes behind",
                   (unsigned long long)growth);
}

void fm_run_fill_heap(uint8_t byte)
{
    (void)mallopt(M_PERTURB, byte);
    /* Never freed, for every block is to stand elsewhere; nor left out by a compiler. */
    void *volatile block = malloc(12345);
    (void)block;
}

void fm_run_unstable(struct fm_outcome *outcome)
{
    outcome->verdict = FM_FUZZ_UNSTABLE;
    outcome->node = 0;
    outcome->hash = 0; /* of this run, and of no other */
    (void)snprintf(outcome->reason, sizeof outcome->reason, "other effects with another heap");
}

/* Which event a process was at. */
static const char *place_of(const struct fm_choice *choices, const struct fm_outcome *outcome)
{
    return outcome->drained > 0  ? "the drain"
           : outcome->steps == 0 ? "start"
                                 : fm_choice_table()[choices[outcome->steps - 1].kind].word;
}

void fm_run_came(const struct fm_beat *beat, struct fm_outcome *outcome)
{
    *outcome = (struct fm_outcome){.verdict = FM_FUZZ_FINE,
                                   .steps = atomic_load(&beat->choices),
                                   .drained = atomic_load(&beat->drained)};
    outcome->applied = outcome->steps;
}

void fm_run_died(int status, const struct fm_choice *choices, const struct fm_last_words *words,
                 struct fm_outcome *outcome)
{
    char how[64];
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        (void)snprintf(how, sizeof how, "SIG%s", name == NULL ? "?" : name);
    } else {
        (void)snprintf(how, sizeof how, "exit with status %d", WEXITSTATUS(status));
    }
    outcome->verdict = FM_FUZZ_CRASH;
    (void)snprintf(outcome->reason, sizeof outcome->reason, "%.40s%s%.79s, in %.20s%s%.90s", how,
                   words->place[0] == '\0' ? "" : " ", words->place, place_of(choices, outcome),
                   words->line[0] == '\0' ? "" : ": ", words->line);
    make_line(outcome->reason);
}

void fm_run_hung(const struct fm_choice *choices, uint32_t hang_ms, struct fm_outcome *outcome)
{
    outcome->verdict = FM_FUZZ_HANG;
    (void)snprintf(outcome->reason, sizeof outcome->reason, "%s did not return within %u ms",
                   place_of(choices, outcome), hang_ms);
}

int fm_run_stream(void)
{
    return memfd_create("fathom-errors", MFD_CLOEXEC);
}

/* Copies the last line of text[0 .. *end) that is not empty, and moves *end before it. */
static void take_line(const char *text, size_t *end, char *line, size_t size)
{
    while (*end > 0 && (text[*end - 1] == '\n' || text[*end - 1] == '\0')) {
        --*end;
    }
    size_t start = *end;
    while (start > 0 && text[start - 1] != '\n') {
        start--;
    }
    size_t kept = *end - start < size - 1 ? *end - start : size - 1;
    memcpy(line, text + start, kept);
    line[kept] = '\0';
    *end = start;
}

void fm_run_last_words(int stream, struct fm_last_words *words)
{
    char tail[2048];
    off_t length = lseek(stream, 0, SEEK_END);
    off_t from = length > (off_t)sizeof tail ? length - (off_t)sizeof tail : 0;
    ssize_t got = length < 0 ? 0 : pread(stream, tail, sizeof tail, from);
    size_t end = got > 0 ? (size_t)got : 0;
    words->place[0] = '\0';
    take_line(tail, &end, words->line, sizeof words->line);
    if (strncmp(words->line, "at ", 3) == 0) {
        memcpy(words->place, words->line, sizeof words->place);
        words->place[sizeof words->place - 1] = '\0';
        take_line(tail, &end, words->line, sizeof words->line);
    }
    (void)!ftruncate(stream, 0); /* the next process in its place starts with nothing said */
    (void)lseek(stream, 0, SEEK_SET);
}

/* What parent and child share. */
struct door {
    struct fm_beat beat;
    bool ended; /* the target may exit with status 0 before */
    struct fm_outcome outcome;
    struct fm_explained explained;
};

struct child {
    const struct fm_schedule *schedule;
    const struct fm_run_options *options;
    struct door *door;
};

/* The world's own memory grows in its first schedules, and then no more. */
static void measure(struct fm_world *world, const struct fm_schedule *schedule,
                    struct fm_beat *beat, struct fm_outcome *outcome)
{
    for (unsigned i = 0; i < warm_runs; i++) {
        fm_run_choices(world, NULL, schedule->choices, schedule->count, beat, outcome);
    }
    fm_run_leaks(world, schedule->choices, schedule->count, beat, outcome);
}

static void run_in_child(void *closure)
{
    const struct child *child = closure;
    const struct fm_schedule *schedule = child->schedule;
    const struct fm_run_options *run = child->options;
    struct fm_oracle *oracle = NULL;
    struct fm_world_options options = {.sut = schedule->sut,
                                       .nodes = schedule->nodes,
                                       .seed = schedule->seed,
                                       .faults = schedule->faults,
                                       .rounds = schedule->rounds};
    fm_crash_watch();
    if (schedule->heap == FM_HEAP_FILLED) {
        fm_run_fill_heap(schedule->fill);
    }
    struct fm_world *world = fm_world_new(&options);
    fm_world_set_watch(world, run->watch);
    if (schedule->mapping != NULL) {
        oracle = fm_oracle_new(schedule->mapping, world, schedule->sut, run->watch);
        fm_oracle_go_beyond(oracle, schedule->beyond);
    }
    struct fm_outcome *outcome = &child->door->outcome;
    if (schedule->heap == FM_HEAP_MEASURED) {
        measure(world, schedule, &child->door->beat, outcome);
    } else {
        fm_run_choices(world, oracle, schedule->choices, schedule->count, &child->door->beat,
                       outcome);
    }
    if (oracle != NULL && run->explained != NULL && !fm_oracle_agrees(oracle)) {
        (void)snprintf(child->door->explained.text, sizeof child->door->explained.text, "%s",
                       fm_oracle_explanation(oracle));
    }
    (void)fflush(stdout);
    child->door->ended = true;
    _exit(0);
}

bool fm_run_wait(pid_t child, const struct fm_beat *beat, uint32_t hang_ms, int *status)
{
    uint64_t before = 0;
    uint64_t since = fm_clock_monotonic_ns();
    for (useconds_t pause_us = 50;;) {
        if (waitpid(child, status, WNOHANG) == child) {
            return false;
        }
        uint64_t now = (uint64_t)atomic_load(&beat->choices) + atomic_load(&beat->drained);
        uint64_t time = fm_clock_monotonic_ns();
        if (now != before) {
            before = now;
            since = time;
        } else if (time - since > (uint64_t)hang_ms * 1000000) {
            (void)kill(child, SIGKILL);
            (void)waitpid(child, status, 0);
            return true;
        }
        (void)usleep(pause_us);
        pause_us = pause_us < 5000 ? pause_us * 2 : pause_us;
    }
}

bool fm_run_isolated(const struct fm_schedule *schedule, const struct fm_run_options *options,
                     struct fm_outcome *outcome)
{
    struct door *door = mmap(NULL, sizeof *door, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                             -1, 0);
    int stream = fm_run_stream();
    pid_t child = -1;
    if (door != MAP_FAILED && stream >= 0) {
        (void)fflush(stdout);
        child = fork();
        if (child == 0) {
            struct child own = {schedule, options, door};
            (void)dup2(stream, STDERR_FILENO);
            fm_run_on_stack(run_in_child, &own);
        }
    }
    int error = errno;
    if (child > 0) {
        int status;
        struct fm_last_words words;
        bool hung = fm_run_wait(child, &door->beat, options->hang_ms, &status);
        fm_run_last_words(stream, &words);
        if (!hung && door->ended) {
            *outcome = door->outcome;
        } else {
            fm_run_came(&door->beat, outcome);
        }
        if (options->explained != NULL) {
            *options->explained = door->explained;
        }
        if (hung) {
            fm_run_hung(schedule->choices, options->hang_ms, outcome);
        } else if (!door->ended) {
            fm_run_died(status, schedule->choices, &words, outcome);
        }
    }
    if (stream >= 0) {
        (void)close(stream);
    }
    if (door != MAP_FAILED) {
        (void)munmap(door, sizeof *door);
    }
    errno = error;
    return child > 0;
}
