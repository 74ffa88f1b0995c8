/* What changed inside of a value.
 *
 * A step of a distributed system changes one field of one node's record and one message of a set;
 * printed whole, the variables before and after look alike. So the change is looked for: functions,
 * records and sequences with one domain are compared place by place, and as long as exactly one
 * place differs the search goes on inside of it, building the path `[c1].phase` on the way. A few
 * places that differ are listed. Sequences that grew or shrank at an end, and sets, say what was
 * added and removed. Everything else says what it was.
 *
 * Values are compared by digest, because equality proper is an error between values of different
 * kinds, and a trace may hold those. Whatever does not fit on a line is "changed": the values
 * themselves stand beside it. */
#include "explore/difference.h"

#include "value/order.h"
#include "value/set.h"

#include <string.h>

/* Bytes of one value that is repeated in a difference. */
#define BRIEF_MAX 48u
/* Bytes of the whole. */
#define LINE_MAX_BYTES 120u
/* Places of one value that are listed. */
#define PLACES_MAX 3u
/* Nesting followed: deeper paths are longer than the values. */
#define DEPTH_MAX 6u
/* Elements of a set or places of a function that are compared; larger ones are "changed". */
#define ELEMENTS_MAX 4096u

struct difference {
    struct fm_value_context *context;
    struct fm_text *out;
    bool long_winded; /* something did not fit */
};

static bool same(struct difference *difference, fm_value a, fm_value b)
{
    return fm_value_same(a, b) || fm_digest_equal(fm_value_digest(difference->context, a),
                                                  fm_value_digest(difference->context, b));
}

/* The value, when it is short. */
static void add_brief(struct difference *difference, fm_value value, struct fm_text *out)
{
    size_t begin = out->length;
    fm_value_print(difference->context, value, out);
    if (out->length - begin > BRIEF_MAX) {
        difference->long_winded = true;
    }
}

static void add_path(struct difference *difference, fm_value key, struct fm_text *path)
{
    const char *name = fm_value_tag(key) == FM_TAG_STRING ? fm_value_symbol(key)->text : NULL;
    if (name != NULL && name[0] != '\0' &&
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
            strlen(name)) {
        fm_text_printf(path, ".%s", name);
        return;
    }
    fm_text_putc(path, '[');
    add_brief(difference, key, path);
    fm_text_putc(path, ']');
}

static void add_separator(struct difference *difference)
{
    if (difference->out->length > 0) {
        fm_text_puts(difference->out, "; ");
    }
}

static void add_former(struct difference *difference, const struct fm_text *path, fm_value old)
{
    add_separator(difference);
    if (path->length > 0) {
        fm_text_printf(difference->out, "%s ", fm_text_string(path));
    }
    fm_text_puts(difference->out, "was ");
    add_brief(difference, old, difference->out);
}

static bool is_plain_set(fm_value value)
{
    return fm_value_kind(value) == FM_KIND_SET || fm_value_kind(value) == FM_KIND_INTERVAL;
}

static bool has_element(struct difference *difference, const fm_value *elements, uint32_t count,
                        fm_value element)
{
    for (uint32_t i = 0; i < count; i++) {
        if (same(difference, elements[i], element)) {
            return true;
        }
    }
    return false;
}

/* "added {a, b}": elements of `more` that `less` lacks. */
static uint32_t add_lacking(struct difference *difference, const char *word, fm_value more,
                            fm_value less)
{
    uint32_t more_count, less_count, found = 0;
    const fm_value *mores = fm_set_elements(difference->context, more, &more_count);
    const fm_value *lesses = fm_set_elements(difference->context, less, &less_count);
    struct fm_text text = {NULL, 0, 0};
    for (uint32_t i = 0; i < more_count && text.length < LINE_MAX_BYTES; i++) {
        if (!has_element(difference, lesses, less_count, mores[i])) {
            fm_text_puts(&text, found++ == 0 ? "" : ", ");
            add_brief(difference, mores[i], &text);
        }
    }
    if (found > 0) {
        fm_text_printf(difference->out, "%s {%s}", word, fm_text_string(&text));
    }
    fm_text_deinit(&text);
    return found;
}

static void add_sets(struct difference *difference, const struct fm_text *path, fm_value old,
                     fm_value new)
{
    uint32_t old_count, new_count;
    (void)fm_set_elements(difference->context, old, &old_count);
    (void)fm_set_elements(difference->context, new, &new_count);
    if ((uint64_t)old_count * new_count > ELEMENTS_MAX) {
        difference->long_winded = true;
        return;
    }
    add_separator(difference);
    if (path->length > 0) {
        fm_text_printf(difference->out, "%s ", fm_text_string(path));
    }
    size_t begin = difference->out->length;
    if (add_lacking(difference, "added", new, old) > 0) {
        fm_text_puts(difference->out, ", ");
    }
    if (add_lacking(difference, "removed", old, new) == 0 && difference->out->length > begin) {
        difference->out->length -= strlen(", ");
        difference->out->at[difference->out->length] = '\0';
    }
}

/* A sequence that grew by one at its end, or shrank by one at its beginning; false when neither. */
static bool add_sequences(struct difference *difference, const struct fm_text *path, fm_value old,
                          fm_value new)
{
    const fm_value *olds, *news;
    uint32_t old_count, new_count;
    if (!fm_sequence_view(difference->context, old, &olds, &old_count) ||
        !fm_sequence_view(difference->context, new, &news, &new_count)) {
        return false;
    }
    bool grew = new_count == old_count + 1;
    bool shrank = old_count == new_count + 1;
    uint32_t common = grew ? old_count : new_count;
    for (uint32_t i = 0; i < common && (grew || shrank); i++) {
        grew = grew && same(difference, olds[i], news[i]);
        shrank = shrank && same(difference, olds[i + 1], news[i]);
    }
    if (!grew && !shrank) {
        return false;
    }
    add_separator(difference);
    if (path->length > 0) {
        fm_text_printf(difference->out, "%s ", fm_text_string(path));
    }
    fm_text_puts(difference->out, grew ? "appended " : "lost its first, ");
    add_brief(difference, grew ? news[common] : olds[0], difference->out);
    return true;
}

static void add_values(struct difference *difference, struct fm_text *path, fm_value old,
                       fm_value new, uint32_t depth);

/* Functions with one domain: the places that differ. false when there are too many. */
static bool add_places(struct difference *difference, struct fm_text *path, fm_value old,
                       fm_value new, uint32_t depth)
{
    struct fm_value_context *context = difference->context;
    uint32_t count, found = 0;
    fm_value places[PLACES_MAX];
    const fm_value *keys = fm_set_elements(context, fm_fcn_domain(context, old), &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!same(difference, fm_fcn_apply(context, old, keys[i]),
                  fm_fcn_apply(context, new, keys[i]))) {
            if (found == PLACES_MAX) {
                return false;
            }
            places[found++] = keys[i];
        }
    }
    for (uint32_t i = 0; i < found; i++) {
        size_t length = path->length;
        add_path(difference, places[i], path);
        add_values(difference, path, fm_fcn_apply(context, old, places[i]),
                   fm_fcn_apply(context, new, places[i]), depth + 1);
        path->length = length;
        path->at[length] = '\0';
    }
    return true;
}

static void add_values(struct difference *difference, struct fm_text *path, fm_value old,
                       fm_value new, uint32_t depth)
{
    struct fm_value_context *context = difference->context;
    if (is_plain_set(old) && is_plain_set(new)) {
        add_sets(difference, path, old, new);
        return;
    }
    if (fm_value_is_function(old) && fm_value_is_function(new) && depth < DEPTH_MAX &&
        fm_fcn_size(context, old) <= ELEMENTS_MAX) {
        if (add_sequences(difference, path, old, new)) {
            return;
        }
        bool places = fm_fcn_size(context, old) == fm_fcn_size(context, new) &&
                      same(difference, fm_fcn_domain(context, old), fm_fcn_domain(context, new));
        if (places && add_places(difference, path, old, new, depth)) {
            return;
        }
    }
    add_former(difference, path, old);
}

void fm_difference_add(struct fm_value_context *context, fm_value old, fm_value new,
                       struct fm_text *out)
{
    struct fm_text text = {NULL, 0, 0};
    struct fm_text path = {NULL, 0, 0};
    struct difference difference = {.context = context, .out = &text};
    if (!same(&difference, old, new)) {
        fm_text_puts(&path, "");
        add_values(&difference, &path, old, new, 0);
        bool fits = !difference.long_winded && text.length <= LINE_MAX_BYTES;
        fm_text_puts(out, fits ? fm_text_string(&text) : "changed");
    }
    fm_text_deinit(&path);
    fm_text_deinit(&text);
}
