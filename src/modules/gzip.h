/* Gzip files (RFC 1952) without a library: enough to exchange IOSerialize's files with TLC.
 *
 * Writing stores (RFC 1951 3.2.4) instead of compressing; every reader of gzip accepts that.
 * Reading takes everything. Memory of the results is fm_memory_alloc'ed text. */
#ifndef FM_MODULES_GZIP_H
#define FM_MODULES_GZIP_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* Appends the bytes as one gzip member. */
void fm_gzip_store(const void *bytes, size_t size, struct fm_text *out);
/* Appends what a gzip file contains; at most size_max bytes. NULL, or what is wrong with the input.
 */
const char *fm_gzip_read(const uint8_t *bytes, size_t size, size_t size_max, struct fm_text *out);

#endif
