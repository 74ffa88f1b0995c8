/* libFuzzer entry of IODeserialize: any bytes as a value file, packed or not. What was read as a
 * value must be writable, and reading that must give an equal value; anything else ends in an
 * error. */
#include "base/assert.h"
#include "modules/gzip.h"
#include "modules/serialize.h"

#include <setjmp.h>
#include <stdlib.h>

/* Unpacked bytes looked at: a small file can grow a thousandfold. */
#define UNPACKED_MAX ((size_t)1 << 20)

struct door {
    jmp_buf back;
};

static void raise_error(struct fm_value_context *context, struct fm_value_error error)
{
    (void)error;
    struct door *door = context->owner;
    longjmp(door->back, 1);
}

static void read_and_write(struct fm_native_context *context, const uint8_t *bytes, size_t size)
{
    fm_value v = fm_serialize_read(context, NULL, "fuzz", bytes, size);
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value part = fm_none();
    if (fm_serialize_value(context, NULL, v, text.out, &part)) {
        size_t length = 0;
        const char *copy = fm_native_text_take(context, &text, &length);
        fm_value again = fm_serialize_read(context, NULL, "again", (const uint8_t *)copy, length);
        fm_assert(fm_value_equal(context->values, v, again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fm_symbols *symbols = fm_symbols_new();
    struct fm_arena arena;
    fm_arena_init(&arena, "fuzz");
    struct door door;
    struct fm_value_context values = {
        .arena = &arena,
        .symbols = symbols,
        .owner = &door,
        .raise = raise_error,
        .set_size_max = 100000,
    };
    struct fm_native_context context = {.values = &values};
    struct fm_text unpacked = {0};
    const char *error = fm_gzip_read(data, size, UNPACKED_MAX, &unpacked);
    if (setjmp(door.back) == 0) {
        if (error == NULL) {
            read_and_write(&context, (const uint8_t *)fm_text_string(&unpacked), unpacked.length);
        } else {
            read_and_write(&context, data, size);
        }
    }
    fm_text_deinit(&unpacked);
    fm_text_deinit(&context.scratch);
    fm_arena_deinit(&arena);
    fm_symbols_free(symbols);
    return 0;
}
