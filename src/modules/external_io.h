/* Files for the IO operators of modules: reading and writing with errors that name the operator.
 *
 * Paths are taken as they are: relative ones start at the working directory, as TLC's do. */
#ifndef FM_MODULES_EXTERNAL_IO_H
#define FM_MODULES_EXTERNAL_IO_H

#include "base/text.h"
#include "modules/argument.h"

/* Reads the whole file into the context's arena, a NUL behind it. Raises FM4209 unless it exists;
 * where `missing` is not NULL, sets it and returns NULL instead when there is no such file. */
const char *fm_native_read_file(struct fm_native_context *context, const char *operator_name,
                                const char *path, size_t *size, bool *missing);
/* Writes the text (open flags as of open(2)) and ends its construction. Raises FM4209 on failure.
 */
void fm_native_write_file(struct fm_native_context *context, const char *operator_name,
                          const char *path, int flags, struct fm_native_text *text);
/* Makes the folders of the path; raises FM4209. */
void fm_native_make_parents(struct fm_native_context *context, const char *operator_name,
                            const char *path);
/* The elements of a sequence as lines of JSON; the sequence is the argument at `place`. TRUE. */
fm_value fm_json_write_lines(struct fm_native_context *context, struct fm_argument place,
                             fm_value values, const char *path, int flags);
/* Java's String.format for string arguments: %s, %2$s, width, `-`, precision, %%, %n, %S. Raises
 * FM4210 for anything else. The result is in the arena. */
const char *fm_native_format(struct fm_native_context *context, const char *operator_name,
                             const char *template_text, const char *const *arguments,
                             uint32_t count);

#endif
