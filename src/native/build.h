/* Building emitted C: the compiler runs in the background, what it made is loaded from the cache.
 *
 * A build has a thread of its own. Its owner polls, or waits; freeing it before the end kills the
 * compilers it started and leaves no file behind, except one: emitted C that the compiler refused
 * is our mistake and stays, under the name that fm_build_message tells. */
#ifndef FM_NATIVE_BUILD_H
#define FM_NATIVE_BUILD_H

#include <stdbool.h>
#include <stdint.h>

struct fm_nrt_code; /* native/runtime/fathom_native.h */
struct fm_build;

struct fm_build_options {
    const char *cache_directory; /* NULL: as native.h says */
    const char *compiler;        /* NULL: FATHOM_CC, cc */
};

/* ORDER(build) */
enum fm_build_state {
    FM_BUILD_RUNNING, /* or not begun */
    FM_BUILD_READY,
    FM_BUILD_FAILED,  /* no compiler, no disk, ...: the message says what */
    FM_BUILD_REJECTED /* the compiler, or the loader, refused what was emitted */
};

/* The texts are C files that see the runtime's headers; they are linked together. Copied. A build
 * that is in the cache is READY at once, one without a compiler has FAILED. Never NULL. */
struct fm_build *fm_build_new(const struct fm_build_options *options, const char *const *texts,
                              uint32_t count);
/* Whether only a compiler can make it: it is neither READY nor FAILED yet, nor begun. */
bool fm_build_needs_compiler(const struct fm_build *build);
/* Begins with what needs a compiler; a build that does not is left as it is. */
void fm_build_start(struct fm_build *build);
/* Its end, when it was started. */
enum fm_build_state fm_build_wait(struct fm_build *build);
/* Of a READY build; valid until it is freed. */
const struct fm_nrt_code *fm_build_code(const struct fm_build *build);
/* What the compiler took, seconds; 0 when the cache had it. */
double fm_build_seconds(const struct fm_build *build);
/* Once it is no longer running: "compiled in 0.35 s", "from the cache", or what went wrong, one
 * line; lives as long as the build. */
const char *fm_build_message(const struct fm_build *build);
/* Something to be said once although the build went well (the cache cannot be used); or NULL. */
const char *fm_build_remark(const struct fm_build *build);
/* Ends it early, from any thread, while another may be waiting: the state is FAILED soon. */
void fm_build_cancel(struct fm_build *build);
void fm_build_free(struct fm_build *build);

#endif
