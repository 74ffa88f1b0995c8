/* Values as the bytes of TLC's value streams: IOSerialize and IODeserialize. */
#ifndef FM_MODULES_SERIALIZE_H
#define FM_MODULES_SERIALIZE_H

#include "base/text.h"
#include "modules/argument.h"

/* Model values in the order in which TLC numbers them: that of the configuration. */
struct fm_model_numbers {
    const fm_value *at;
    uint32_t count;
};

/* Appends the value. FALSE when it, or part of it, has no form in the stream; *part is that part.
 * `models` NULL: model values have none. */
bool fm_serialize_value(struct fm_native_context *context, const struct fm_model_numbers *models,
                        fm_value v, struct fm_text *out, fm_value *part);
/* Reads one value; raises FM4210 when the bytes are damaged. `path` is for messages. */
fm_value fm_serialize_read(struct fm_native_context *context, const struct fm_model_numbers *models,
                           const char *path, const uint8_t *bytes, size_t size);

#endif
