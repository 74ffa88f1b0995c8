/* The table of natives: the rows of all module families, found by module, name and arity.
 *
 * Look-up happens while a program is closed, once for each definition of a library module that the
 * specification uses: a few hundred times a run. A walk over all rows that compares the arity and
 * the name first costs about a microsecond, so there is neither a hash table nor a sorted copy, and
 * nothing to initialize; the tables are constants of the binary.
 *
 * Spellings: rows carry the canonical ASCII spelling of syntax/operators.def. */
#include "modules/native.h"

#include "modules/argument.h"

#include <string.h>

/* Keys of TLCGet that do not ask for what changes while the search goes on. "config" is not among
 * them: the number of workers is part of it. */
static const struct {
    const char *key;
    uint32_t impure;
} known_keys[] = {
    {"level", 0}, /* the search goes level by level, so a state has one */
    {"revision", 0}, {"spec", 0}, {"action", FM_IMPURE_TRACE}, {"duration", FM_IMPURE_CLOCK},
};

/* Operators without an override in TLC whose value can be a formula, or be applied as one. */
static const struct {
    const char *module, *name;
} solved_by_text[] = {
    {"Folds", "MapThenFoldSet"},       {"Apalache", "ApaFoldSet"},
    {"Apalache", "ApaFoldSeqLeft"},    {"Apalache", "Repeat"},
    {"Relation", "TransitiveClosure"}, {"Relation", "ReflexiveTransitiveClosure"},
    {"Relation", "IsConnected"},
};

/* Operators that judge no arguments in TLC: texts, and methods whose parameters have the types of
 * values. Found by trying each with a wrong argument. */
static const char *const unjudging[] = {
    "+",
    "-",
    "*",
    "\\div",
    "%",
    "^",
    "-.",
    "..",
    "shiftR",
    "ToSet",
    "Last",
    "Cons",
    "FlattenSeq",
    "Prefixes",
    "Remove",
    "Max",
    "Min",
    "FoldSet",
    "ReduceSet",
    "SumSet",
    "ProductSet",
    "Range",
    "Injection",
    "Bijection",
    "ExistsInjection",
    "SumFunction",
    "SetAsFun",
    "Repeat",
    "ApaFoldSet",
    "ApaFoldSeqLeft",
    "BagAdd",
    "BagRemove",
    "SumBag",
    "RandomElement",
    "TLCGet",
    "ProductBag",
    "ExistsSurjection",
    "ExistsBijection",
    "SumFunctionOnSet",
    "MapThenSumSet",
};

typedef struct fm_native_rows family_fn(void);

/* The most common modules come first. */
static family_fn *const families[] = {
    fm_natives_naturals,      fm_natives_sequences,    fm_natives_finitesets,
    fm_natives_tlc,           fm_natives_bags,         fm_natives_functions,
    fm_natives_finitesetsext, fm_natives_sequencesext, fm_natives_tlcext,
    fm_natives_randomization, fm_natives_bagsext,      fm_natives_bitwise,
    fm_natives_csv,           fm_natives_graphics,     fm_natives_graphs,
    fm_natives_ioutils,       fm_natives_json,         fm_natives_statistics,
    fm_natives_vectorclocks,
};

#define FAMILY_COUNT (sizeof families / sizeof families[0])

uint32_t fm_native_count(void)
{
    uint32_t count = 0;
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        count += families[i]().count;
    }
    return count;
}

const struct fm_native *fm_native_at(uint32_t index)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        struct fm_native_rows rows = families[i]();
        if (index < rows.count) {
            return &rows.at[index];
        }
        index -= rows.count;
    }
    return NULL;
}

const struct fm_native *fm_native_find(const char *module, const char *name, uint32_t arity)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        struct fm_native_rows rows = families[i]();
        for (uint32_t j = 0; j < rows.count; j++) {
            const struct fm_native *row = &rows.at[j];
            if (row->arity == arity && strcmp(row->name, name) == 0 &&
                strcmp(row->module, module) == 0) {
                return row;
            }
        }
    }
    return NULL;
}

bool fm_native_is_solved_by_text(const struct fm_native *row)
{
    for (size_t i = 0; i < sizeof solved_by_text / sizeof solved_by_text[0]; i++) {
        if (strcmp(row->name, solved_by_text[i].name) == 0 &&
            strcmp(row->module, solved_by_text[i].module) == 0) {
            return true;
        }
    }
    return false;
}

bool fm_native_judges_arguments(const struct fm_native *row)
{
    for (size_t i = 0; i < sizeof unjudging / sizeof unjudging[0]; i++) {
        if (strcmp(row->name, unjudging[i]) == 0) {
            return false;
        }
    }
    return !fm_native_is_solved_by_text(row);
}

uint32_t fm_native_impurity(const struct fm_native *row, const char *key)
{
    if (key == NULL || strcmp(row->name, "TLCGet") != 0) {
        return row->impure;
    }
    if (strncmp(key, "-D", 2) == 0) {
        return 0; /* given on the command line */
    }
    for (size_t i = 0; i < sizeof known_keys / sizeof known_keys[0]; i++) {
        if (strcmp(key, known_keys[i].key) == 0) {
            return known_keys[i].impure;
        }
    }
    return row->impure;
}
