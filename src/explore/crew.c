/* Workers wait for a phase number to rise, run the task, and report; the caller is member 0.
 *
 * A level of a search has a few phases (expand, settle, insert), each of which ends when its last
 * member is done: everything a member wrote in one phase is seen by all in the next. Short levels
 * are run by the caller alone; still, between the phases of a level and to the next level it is
 * often shorter than a wake-up takes. So who waits looks for a while before it sleeps. Helpers are
 * started at the first run, so that a model that is finished in ten milliseconds never pays for
 * threads. */
#include "explore/crew.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/file.h"
#include "base/thread.h"
#include "store/relax.h"

#include <pthread.h>
#include <stdatomic.h>

/* Looks before sleeping: 20 to 100 microseconds, about what a sleeper takes to wake up. */
#define LOOKS 1500u

struct helper {
    struct fm_crew *crew;
    struct fm_thread *thread;
    uint32_t member;
};

struct fm_crew {
    pthread_mutex_t lock;
    pthread_cond_t begin; /* the phase rose, or the crew leaves */
    pthread_cond_t end;   /* busy fell to 0 */
    void (*task)(void *closure, uint32_t member);
    void *closure;
    /* Changed under the lock; looked at without it before that is taken. */
    _Atomic uint64_t phase;
    _Atomic uint32_t busy; /* helpers still in this phase */
    bool leaving;
    uint32_t size;
    uint32_t looks;   /* before sleeping; none where members share processors */
    uint32_t started; /* helpers running */
    struct helper *helpers;
};

struct fm_crew *fm_crew_new(uint32_t size)
{
    fm_assert(size >= 1);
    struct fm_crew *crew = fm_memory_calloc(1, sizeof *crew);
    crew->size = size;
    crew->looks = size <= fm_processor_count() ? LOOKS : 0;
    crew->helpers = fm_memory_calloc(size, sizeof *crew->helpers);
    int error = pthread_mutex_init(&crew->lock, NULL);
    fm_assert(error == 0);
    error = pthread_cond_init(&crew->begin, NULL);
    fm_assert(error == 0);
    error = pthread_cond_init(&crew->end, NULL);
    fm_assert(error == 0);
    return crew;
}

static void run_helper(void *closure)
{
    const struct helper *helper = closure;
    struct fm_crew *crew = helper->crew;
    uint64_t seen = 0;
    for (;;) {
        for (uint32_t i = 0; i < crew->looks && atomic_load(&crew->phase) == seen; i++) {
            fm_cpu_relax();
        }
        pthread_mutex_lock(&crew->lock);
        while (crew->phase == seen && !crew->leaving) {
            pthread_cond_wait(&crew->begin, &crew->lock);
        }
        bool leaving = crew->leaving;
        seen = crew->phase;
        pthread_mutex_unlock(&crew->lock);
        if (leaving) {
            return;
        }
        crew->task(crew->closure, helper->member);
        pthread_mutex_lock(&crew->lock);
        if (--crew->busy == 0) {
            pthread_cond_signal(&crew->end);
        }
        pthread_mutex_unlock(&crew->lock);
    }
}

/* Only before the first phase: a helper starts with phase 0 seen. */
static bool start_helpers(struct fm_crew *crew)
{
    while (crew->started + 1 < crew->size) {
        struct helper *helper = &crew->helpers[crew->started];
        helper->crew = crew;
        helper->member = crew->started + 1;
        helper->thread = fm_thread_start(run_helper, helper, FM_THREAD_STACK_SIZE);
        if (helper->thread == NULL) {
            return false;
        }
        crew->started++;
    }
    return true;
}

bool fm_crew_run(struct fm_crew *crew, void (*task)(void *closure, uint32_t member), void *closure)
{
    if (!start_helpers(crew)) {
        return false;
    }
    pthread_mutex_lock(&crew->lock);
    crew->task = task;
    crew->closure = closure;
    crew->busy = crew->started;
    crew->phase++;
    pthread_cond_broadcast(&crew->begin);
    pthread_mutex_unlock(&crew->lock);
    task(closure, 0);
    for (uint32_t i = 0; i < crew->looks && atomic_load(&crew->busy) > 0; i++) {
        fm_cpu_relax();
    }
    pthread_mutex_lock(&crew->lock);
    while (crew->busy > 0) {
        pthread_cond_wait(&crew->end, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
    return true;
}

void fm_crew_free(struct fm_crew *crew)
{
    if (crew == NULL) {
        return;
    }
    pthread_mutex_lock(&crew->lock);
    crew->leaving = true;
    crew->phase++; /* nobody looks any longer */
    pthread_cond_broadcast(&crew->begin);
    pthread_mutex_unlock(&crew->lock);
    for (uint32_t i = 0; i < crew->started; i++) {
        fm_thread_join(crew->helpers[i].thread);
    }
    pthread_cond_destroy(&crew->end);
    pthread_cond_destroy(&crew->begin);
    pthread_mutex_destroy(&crew->lock);
    fm_memory_free(crew->helpers);
    fm_memory_free(crew);
}
