/* From a divergence to the harm it does. */
#ifndef FM_FUZZ_ESCALATE_H
#define FM_FUZZ_ESCALATE_H

#include "fuzz/finding.h"

#include <signal.h>

/* Ways in which a schedule is gone on with. */
#define FM_SUFFIXES_MAX 10000u

struct fm_escalate_options {
    const struct fathom_sut *sut;
    struct fm_mapping *mapping;
    uint64_t faults;  /* of the campaign: those that suffixes may use */
    uint32_t horizon; /* choices of a suffix at most */
    uint32_t hang_ms;
    const volatile sig_atomic_t *stop; /* not 0: the caller wants the end; may be NULL */
};

enum fm_escalate_result {
    FM_ESCALATE_HARM, /* *harm is a finding: a property breaks behind the divergence */
    FM_ESCALATE_NONE,
    FM_ESCALATE_ERROR /* errno: the system makes no process */
};

/* Goes on with the finding's schedule behind its end in random ways until a property of the target
 * breaks. *harm names the divergence too; it is freed with fm_finding_deinit. */
enum fm_escalate_result fm_escalate(const struct fm_finding *finding,
                                    const struct fm_escalate_options *options,
                                    struct fm_finding *harm);

#endif
