/* Shapes of earlier runs.
 *
 * Looking at states and closing shapes takes most of the time before emitted code is there, when
 * the cache has the code itself. What comes of it is a few shapes, one for each variable: they are
 * kept in the cache beside the code, and a later run on the same input goes on from them. When a
 * search leaves its shapes (widen.c), the wider ones are kept, and the next run begins with those.
 *
 * The key is the hash over what shapes follow from: every text that was read (modules, also those
 * that we bring along, and the configuration), what the command line adds, and this program. It
 * need not be perfect. What may differ behind one key (the environment, files that a constant is
 * read from) makes shapes that fit badly, never wrong ones: code is still emitted from this run's
 * program for whatever shapes there are, the key of the code is that text, and values that leave
 * their shape are guarded against, as always.
 *
 * An entry also says whether the search was so short that its sample was all of it: who does not
 * ask for code then looks at states as if there were no entry. With --exact nothing is recalled:
 * what fingerprints are may depend on the input only, not on what happened to be run before. */
#include "native/recall.h"

#include "native/shape_store.h"

#include <string.h>
#include <sys/stat.h>

/* Of the bytes of an entry: to be raised when they mean something else. */
#define FORMAT 1u

/* Before the shapes. */
struct head {
    uint32_t is_short, variable_count;
    struct fm_cache_key prints; /* what the shapes print as, hashed */
};

static void add_number(struct fm_text *parts, uint64_t n)
{
    fm_cache_key_add(parts, &n, sizeof n);
}

static void add_program(struct fm_text *parts)
{
    struct stat self;
    memset(&self, 0, sizeof self);
    (void)stat("/proc/self/exe", &self);
    fm_cache_key_add(parts, FM_VERSION, strlen(FM_VERSION));
    add_number(parts, FORMAT);
    add_number(parts, (uint64_t)self.st_size);
    add_number(parts, (uint64_t)self.st_mtim.tv_sec);
    add_number(parts, (uint64_t)self.st_mtim.tv_nsec);
}

static void add_formulas(struct fm_text *parts, const struct fm_formula *at, uint32_t count)
{
    add_number(parts, count);
    for (uint32_t i = 0; i < count; i++) {
        fm_cache_key_add(parts, at[i].name->text, at[i].name->length);
    }
}

static struct fm_cache_key key_of(const struct native_model *model)
{
    const struct fm_program *program = model->model.program;
    const struct fm_sources *sources = fm_diags_sources(program->diags);
    struct fm_text parts = {NULL, 0, 0};
    add_program(&parts);
    for (uint32_t i = 1; i <= fm_sources_count(sources); i++) {
        const struct fm_source *source = fm_source_get(sources, i);
        fm_cache_key_add(&parts, source->text, source->size);
    }
    add_formulas(&parts, program->invariants, program->invariant_count);
    add_number(&parts, model->options.sample);
    add_number(&parts, model->context.set_size_max);
    add_number(&parts, model->model.has_symmetry);
    add_number(&parts, fm_eval_has_shortcut(model->inner));
    struct fm_cache_key key = fm_cache_key_of(&parts);
    fm_text_deinit(&parts);
    return key;
}

/* The entry's path, "" when there is no cache. */
static void find_entry(const struct native_model *model, struct fm_cache_key key,
                       struct fm_text *path)
{
    struct fm_text directory = {NULL, 0, 0};
    if (fm_cache_find(model->options.cache_directory, &directory)) {
        fm_cache_shapes_path(fm_text_string(&directory), key, path);
    }
    fm_text_deinit(&directory);
}

static struct fm_cache_key prints_of(struct fm_shapes *shapes,
                                     const struct fm_shape *const *variables, uint32_t count)
{
    struct fm_text all = {NULL, 0, 0};
    for (uint32_t i = 0; i < count; i++) {
        fm_shape_print(shapes, variables[i], &all);
        fm_text_printf(&all, " of %u\n", variables[i]->bits);
    }
    struct fm_cache_key key = fm_cache_key_of(&all);
    fm_text_deinit(&all);
    return key;
}

/* --- recalling --- */

struct recalling {
    struct native_model *model;
    const struct fm_shape **variables;
    struct fm_shape_reader reader;
    struct fm_cache_key prints;
    bool succeeded;
};

static void run_recall(struct fm_engine *engine, void *closure)
{
    struct recalling *at = closure;
    struct native_model *model = at->model;
    uint32_t count = model->model.variable_count;
    (void)engine;
    for (uint32_t i = 0; i < count; i++) {
        at->variables[i] = fm_shape_read(model->shapes, &at->reader);
        if (at->reader.failed) {
            return;
        }
    }
    struct fm_cache_key prints = prints_of(model->shapes, at->variables, count);
    at->succeeded = at->reader.at == at->reader.end && prints.low == at->prints.low &&
                    prints.high == at->prints.high;
    (void)fm_native_bounds_new(model); /* wider shapes jump as far as if they had been inferred */
}

static bool recall_entry(struct native_model *model, const char *bytes, size_t size,
                         struct native_recalled *recalled)
{
    struct head head;
    if (size < sizeof head) {
        return false;
    }
    memcpy(&head, bytes, sizeof head);
    if (head.variable_count != model->model.variable_count) {
        return false;
    }
    recalled->is_short = head.is_short != 0;
    struct recalling at = {
        .model = model,
        .variables = recalled->variables,
        .reader = {.at = bytes + sizeof head, .end = bytes + size},
        .prints = head.prints,
    };
    return fm_eval_guard(model->engine, run_recall, &at) && at.succeeded;
}

bool fm_native_recall(struct native_model *model, struct native_recalled *recalled)
{
    struct fm_text path = {NULL, 0, 0};
    size_t size = 0;
    char *bytes = NULL;
    if (!model->options.exact) {
        recalled->key = key_of(model);
        find_entry(model, recalled->key, &path);
    }
    if (path.length != 0) {
        bytes = fm_cache_read(fm_text_string(&path), &size);
    }
    bool succeeded = bytes != NULL && recall_entry(model, bytes, size, recalled);
    if (succeeded) {
        fm_cache_touch(fm_text_string(&path));
    }
    fm_memory_free(bytes);
    fm_text_deinit(&path);
    return succeeded;
}

/* --- remembering --- */

struct remembering {
    struct native_model *model;
    struct fm_text bytes;
    bool is_short, succeeded;
};

static void run_remember(struct fm_engine *engine, void *closure)
{
    struct remembering *at = closure;
    struct native_model *model = at->model;
    const struct fm_layout *layout = model->layout;
    (void)engine;
    struct head head = {
        .is_short = at->is_short,
        .variable_count = layout->variable_count,
        .prints = prints_of(model->shapes, layout->variables, layout->variable_count),
    };
    fm_text_add(&at->bytes, (const char *)&head, sizeof head);
    at->succeeded = true;
    for (uint32_t i = 0; i < layout->variable_count && at->succeeded; i++) {
        at->succeeded = fm_shape_write(&model->context, layout->variables[i], &at->bytes);
    }
}

void fm_native_remember(struct native_model *model, const struct native_recalled *recalled,
                        bool is_short)
{
    struct remembering at = {.model = model, .is_short = is_short};
    struct fm_text path = {NULL, 0, 0};
    if (model->options.exact) {
        return;
    }
    find_entry(model, recalled->key, &path);
    if (path.length != 0 && fm_eval_guard(model->engine, run_remember, &at) && at.succeeded) {
        /* Where there is no room the next run looks at states again. */
        (void)fm_cache_write(fm_text_string(&path), at.bytes.at, at.bytes.length);
    }
    fm_text_deinit(&at.bytes);
    fm_text_deinit(&path);
}
