/* Minimizing findings: fewer choices, fewer faults, fewer nodes, the same signature. */
#ifndef FM_FUZZ_MINIMIZE_H
#define FM_FUZZ_MINIMIZE_H

#include "fuzz/finding.h"

struct fm_minimize_options {
    const struct fathom_sut *sut;
    /* The mapping that judges a world of so many nodes: where a model judged the finding, of its
     * number, and NULL of numbers that it is not for; NULL of all where none did. */
    struct fm_mapping *(*mapping_for)(void *mappings, unsigned nodes);
    void *mappings;
    bool keep_nodes; /* all of them: then it is 1-minimal but for nodes */
    uint32_t hang_ms;
    /* Called now and then with how many choices are left; may be NULL. */
    void (*progress)(void *closure, uint32_t choices, uint32_t runs);
    void *closure;
};

enum fm_minimize_result {
    FM_MINIMIZE_DONE,
    FM_MINIMIZE_GONE, /* the finding does not occur any more: *finding has what occurs instead */
    FM_MINIMIZE_ERROR /* errno: the system makes no process */
};

/* Shrinks the finding in place, with *runs runs. Afterwards it is 1-minimal: without any one of its
 * choices, faults or nodes the signature is another. */
enum fm_minimize_result fm_minimize(struct fm_finding *finding,
                                    const struct fm_minimize_options *options, uint32_t *runs);

#endif
