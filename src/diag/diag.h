/* Diagnostics: collected, never printed here; the command renders them as text or JSON.
 *
 * Every diagnostic has a stable code from codes.def, which also fixes its severity, and every code
 * has a fixture in tests/diag. At most one hint. Reports go on after errors, so that one run shows
 * all errors of a file; a ceiling keeps junk input from producing a flood. Not thread safe. */
#ifndef FM_DIAG_DIAG_H
#define FM_DIAG_DIAG_H

#include "base/text.h"
#include "diag/source.h"

#include <stdbool.h>
#include <stdint.h>

/* Errors kept of one run; later ones are only counted. */
#define FM_DIAG_ERRORS_MAX 100u

enum fm_severity { FM_SEVERITY_ERROR, FM_SEVERITY_WARNING, FM_SEVERITY_NOTE };

enum fm_code {
#define FM_CODE(number, severity, title) FM_CODE_##number = number,
#include "diag/codes.def"
#undef FM_CODE
};

struct fm_diag {
    enum fm_code code;
    enum fm_severity severity;
    struct fm_span span;      /* may have no place */
    const char *message;      /* one line, no full stop */
    const char *hint;         /* or NULL */
    struct fm_span hint_span; /* "defined at": printed after the hint when it has a place */
};

struct fm_diags;

struct fm_diags *fm_diags_new(struct fm_sources *sources);
void fm_diags_free(struct fm_diags *diags);

/* Adds one; the message is formatted and copied. The result may be given to fm_diag_hint, and is
 * never NULL. A repetition of code and span is dropped. */
struct fm_diag *fm_diag_report(struct fm_diags *diags, enum fm_code code, struct fm_span span,
                               const char *format, ...) __attribute__((format(printf, 4, 5)));
void fm_diag_hint(struct fm_diags *diags, struct fm_diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void fm_diag_hint_at(struct fm_diags *diags, struct fm_diag *diag, struct fm_span span,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

uint32_t fm_diags_count(const struct fm_diags *diags);
uint32_t fm_diags_errors(const struct fm_diags *diags); /* dropped ones included */
const struct fm_diag *fm_diags_at(const struct fm_diags *diags, uint32_t index);
struct fm_sources *fm_diags_sources(const struct fm_diags *diags);

/* Renders one as STYLE shows it: place, severity, code, message, source line, carets, hint. */
void fm_diag_render(const struct fm_diags *diags, const struct fm_diag *diag, struct fm_text *out);
/* {"code":"FM2014","severity":"error","message":...,"path":...,"line":...,...} */
void fm_diag_render_json(const struct fm_diags *diags, const struct fm_diag *diag,
                         struct fm_text *out);
const char *fm_severity_name(enum fm_severity severity);
/* The code's title in the table, for `fathom help codes`. */
const char *fm_code_title(enum fm_code code);

/* The nearest of `count` names to `name` by edit distance (at most a third of its length), or NULL.
 */
const char *fm_diag_nearest(const char *name, const char *const *names, uint32_t count);

#endif
