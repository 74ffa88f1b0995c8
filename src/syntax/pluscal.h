/* PlusCal in comments: is there an algorithm, is it translated, is the translation as it was made?
 * Private to the syntax layer. */
#ifndef FM_SYNTAX_PLUSCAL_H
#define FM_SYNTAX_PLUSCAL_H

#include "syntax/parse.h"

struct fm_pluscal_checksum {
    bool given;
    uint32_t value;
    uint32_t begin, end; /* bytes in the source: its digits */
};

struct fm_pluscal_scan {
    struct fm_pluscal_info info;
    uint32_t comment_end;                 /* of the comment that holds the algorithm */
    uint32_t body_begin;                  /* after the line of BEGIN TRANSLATION; 0: not seen */
    uint32_t body_end;                    /* the line of END TRANSLATION; 0: not seen */
    uint32_t body_tokens;                 /* tokens read when BEGIN TRANSLATION was seen */
    struct fm_pluscal_checksum pcal, tla; /* in the line of BEGIN TRANSLATION */
};

/* Looks at one comment of a module, bytes begin .. end - 1; `token_count` tokens were read before.
 * */
void fm_pluscal_comment(struct fm_pluscal_scan *scan, const struct fm_source *source,
                        struct fm_span comment, uint32_t token_count);
/* The checksums in the line of BEGIN TRANSLATION, which are the bytes begin .. end - 1. */
void fm_pluscal_checksums(const struct fm_source *source, uint32_t begin, uint32_t end,
                          struct fm_pluscal_checksum *pcal, struct fm_pluscal_checksum *tla);
uint32_t fm_pluscal_crc(uint32_t crc, const char *bytes, size_t length);
struct fm_pcal_algorithm;
/* That of a lowered algorithm. */
uint32_t fm_pluscal_algorithm_checksum(const struct fm_pcal_algorithm *algorithm);

/* Settles `info` and reports what the user should know. Leaves nothing in the arena. */
void fm_pluscal_finish(struct fm_pluscal_scan *scan, const struct fm_source *source,
                       const struct fm_parse *parse);

#endif
