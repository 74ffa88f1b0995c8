/* Values as JSON, as TLC's Json module writes them.
 *
 * Sequences and sets are arrays, records and other functions objects; a key that is no string is
 * printed as TLA+ text ("<<1, 2>>"), model values are strings. There is no way back for those, and
 * none for sets. The empty function is the empty sequence, so it is an array. */
#include "value/order.h"
#include "value/print.h"
#include "value/raise.h"
#include "value/view.h"

static void print_json(struct fm_value_context *context, fm_value v, struct fm_text *out);

static void print_array(struct fm_value_context *context, const struct fm_elements *elements,
                        struct fm_text *out)
{
    fm_text_putc(out, '[');
    for (uint64_t i = 0; i < elements->count; i++) {
        if (i > 0) {
            fm_text_putc(out, ',');
        }
        print_json(context, fm_elements_get(elements, i), out);
    }
    fm_text_putc(out, ']');
}

static void print_key(struct fm_value_context *context, fm_value key, struct fm_text *out)
{
    if (fm_value_tag(key) == FM_TAG_STRING) {
        fm_text_json_string(out, fm_value_symbol(key)->text, fm_value_symbol(key)->length);
        return;
    }
    struct fm_arena_mark mark = fm_arena_mark(context->arena);
    size_t start = out->length;
    fm_value_print(context, key, out);
    size_t length = out->length - start;
    const char *text = fm_arena_strndup(context->arena, out->at + start, length);
    out->length = start;
    out->at[start] = '\0';
    fm_text_json_string(out, text, length);
    fm_arena_release(context->arena, mark);
}

static void print_object(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    struct fm_graph graph = fm_graph_of(v);
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < graph.count; i++) {
        if (i > 0) {
            fm_text_putc(out, ',');
        }
        print_key(context, fm_elements_get(&graph.keys, i), out);
        fm_text_putc(out, ':');
        print_json(context, graph.values[i], out);
    }
    fm_text_putc(out, '}');
}

static void print_composite(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    fm_value_check_depth(context);
    if (fm_value_is_function(v)) {
        v = fm_fcn_explicit(context, v);
        if (fm_value_kind(v) == FM_KIND_TUPLE) {
            struct fm_elements elements = {fm_as_array(v)->elements, 0, fm_value_object(v)->count};
            print_array(context, &elements, out);
        } else {
            print_object(context, v, out);
        }
        return;
    }
    if (!fm_value_is_set(v) || !fm_set_can_enumerate(context, v)) {
        fm_value_raise(context, FM_CODE_4019, "%s cannot be written as JSON",
                       fm_value_describe(context, v));
    }
    struct fm_elements elements = fm_value_kind(v) == FM_KIND_INTERVAL
                                      ? fm_elements_of(v)
                                      : fm_elements_of(fm_set_explicit(context, v));
    print_array(context, &elements, out);
}

static void print_json(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    switch (fm_value_tag(v)) {
    case FM_TAG_INT:
        fm_int_print(v, out);
        return;
    case FM_TAG_BOOL:
        fm_text_puts(out, fm_is_true(v) ? "true" : "false");
        return;
    case FM_TAG_STRING:
    case FM_TAG_MODEL:
        fm_text_json_string(out, fm_value_symbol(v)->text, fm_value_symbol(v)->length);
        return;
    case FM_TAG_OBJECT:
        if (fm_is_int(v)) {
            fm_int_print(v, out);
        } else {
            print_composite(context, v, out);
        }
        return;
    case FM_TAG_NONE:
        break;
    }
    fm_unreachable();
}

void fm_value_print_json(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    print_json(context, v, out);
}
