/* Sequence diagrams of schedules: a lane for each node, time from top to bottom, messages as
 * arrows. An SVG file, or a page that needs nothing else. */
#ifndef FM_FUZZ_DIAGRAM_H
#define FM_FUZZ_DIAGRAM_H

#include "fuzz/finding.h"
#include "fuzz/trace.h"

struct fm_diagram {
    const struct fm_finding *finding;
    const struct fm_trace *trace;
    const struct fm_outcome *outcome;
    const char *explanation; /* of the judge, lines; "": none */
    bool same;               /* it ended as the finding says */
};

/* Both append; nothing that the target says can end up as markup. */
void fm_diagram_svg(const struct fm_diagram *diagram, struct fm_text *out);
void fm_diagram_html(const struct fm_diagram *diagram, struct fm_text *out);

#endif
