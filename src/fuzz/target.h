/* Targets: shared objects that export fathom_sut (fathom/sut.h), executables (fuzz/exec.h),
 * and nodes of Maelstrom (fuzz/maelstrom.h). */
#ifndef FM_FUZZ_TARGET_H
#define FM_FUZZ_TARGET_H

#include "fathom/sut.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_exec;
struct fm_maelstrom;

struct fm_target {
    char *path;                     /* absolute */
    void *library;                  /* of dlopen, or NULL */
    struct fm_exec *exec;           /* an executable, or NULL */
    struct fm_maelstrom *maelstrom; /* one that is a node of Maelstrom, or NULL */
    const char *workload;           /* of these: the caller's */
    const struct fathom_sut *sut;
    uint64_t hash; /* XXH3 of the file: a finding belongs to one build */
};

/* Loads the shared object, or asks the executable who it is, unless it is a node of Maelstrom:
 * `workload`, borrowed, or NULL. False: *error says why, to be freed
 * with fm_memory_free, and the target is empty. No code of a shared object runs but fathom_sut and
 * what the loader runs. */
bool fm_target_open(struct fm_target *target, const char *path, const char *workload, char **error);
/* How long an event may take before it counts as a hang. Returns how long whoever watches over a
 * process that runs the target is to wait: nodes that are executables are waited for one by one,
 * and what they do not answer is a finding of the world. */
uint32_t fm_target_set_patience(struct fm_target *target, uint32_t hang_ms);
/* Whether its nodes are processes: nothing that they do stays in the one that drives them. */
bool fm_target_has_processes(const struct fm_target *target);
void fm_target_close(struct fm_target *target);

/* The names of faults in a mask, separated by blanks, in static memory per bit: the n-th bit's, or
 * NULL behind the last. */
const char *fm_fault_name(unsigned bit);
/* Bits of a list such as "drop,duplicate", "all", "none"; false: a word is unknown, *word tells
 * which. */
bool fm_fault_parse(const char *list, uint64_t *faults, const char **word);

#endif
