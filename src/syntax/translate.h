/* Translations of PlusCal algorithms, put into the text of their file. */
#ifndef FM_SYNTAX_TRANSLATE_H
#define FM_SYNTAX_TRANSLATE_H

#include "syntax/parse.h"
#include "syntax/pcal_ast.h"

struct fm_translation {
    uint32_t source;  /* the file's text with the translation: a new source of the map */
    const char *name; /* of the algorithm */
    uint32_t added;   /* labels, those of the two lists; memory of the parse's arena */
    const char *const *added_labels;
    const struct fm_span *added_at; /* the statements that were given them */
    uint32_t line_count;            /* of the translation */
};

/* Translates the algorithm of a source. `keyword` is its place (fm_pluscal_info), or none: then it
 * is looked for in the whole text, as pcal.trans does. False after errors, all reported.
 *
 * A translation between BEGIN TRANSLATION and END TRANSLATION is replaced, and the checksums in the
 * first of these lines are renewed where there are some; otherwise the three go below the comment
 * that holds the algorithm. */
bool fm_pluscal_translate(const struct fm_parse *parse, uint32_t source, struct fm_span keyword,
                          const struct fm_pcal_options *options, struct fm_translation *result);

/* Notes in the source what the bytes of `body` stand for, if they are the translation of the
 * lowered algorithm. */
void fm_pluscal_note(const struct fm_parse *parse, struct fm_span body,
                     const struct fm_pcal_algorithm *algorithm);

#endif
