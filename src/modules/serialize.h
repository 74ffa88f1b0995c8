/* Values as the bytes of TLC's value streams: IOSerialize and IODeserialize. */
#ifndef FM_MODULES_SERIALIZE_H
#define FM_MODULES_SERIALIZE_H

#include "base/text.h"
#include "modules/argument.h"

/* Appends the value. FALSE when it, or part of it, has no form in the stream; *part is that part.
 */
bool fm_serialize_value(struct fm_native_context *context, fm_value v, struct fm_text *out,
                        fm_value *part);
/* Reads one value; raises FM4210 when the bytes are damaged. `path` is for messages. */
fm_value fm_serialize_read(struct fm_native_context *context, const char *path,
                           const uint8_t *bytes, size_t size);

#endif
