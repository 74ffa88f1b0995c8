/* Targets: shared objects that export fathom_sut (fathom/sut.h). */
#ifndef FM_FUZZ_TARGET_H
#define FM_FUZZ_TARGET_H

#include "fathom/sut.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_target {
    char *path;    /* absolute */
    void *library; /* of dlopen */
    const struct fathom_sut *sut;
    uint64_t hash; /* XXH3 of the file: a finding belongs to one build */
};

/* Loads the shared object. False: *error says why, to be freed with fm_memory_free, and the target
 * is empty. No code of the system runs but fathom_sut and what the loader runs. */
bool fm_target_open(struct fm_target *target, const char *path, char **error);
void fm_target_close(struct fm_target *target);

/* The names of faults in a mask, separated by blanks, in static memory per bit: the n-th bit's, or
 * NULL behind the last. */
const char *fm_fault_name(unsigned bit);
/* Bits of a list such as "drop,duplicate", "all", "none"; false: a word is unknown, *word tells
 * which. */
bool fm_fault_parse(const char *list, uint64_t *faults, const char **word);

#endif
