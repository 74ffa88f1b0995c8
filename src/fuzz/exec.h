/* Executables as targets: a table of fathom/sut.h's functions, behind which each node is a process
 * that reads a line of JSON an event and answers with a line of effects (docs/executables.md).
 *
 * The table can be used by several processes that fork from the one that opened it, as targets that
 * are loaded are; nodes belong to the world that started them. */
#ifndef FM_FUZZ_EXEC_H
#define FM_FUZZ_EXEC_H

#include "base/vec.h"
#include "fuzz/process.h"
#include "sim/world.h"

#include <jansson.h>

struct fm_exec {
    struct fathom_sut sut; /* the first: a node's world finds the rest behind it */
    const char *path;      /* the caller's */
    json_t *hello;         /* its answer: texts of the table are in it */
    const char **customs;  /* or NULL */
    bool restarts;         /* a process can be started again: it forgets everything */
    uint32_t timeout_ms;   /* for one answer */
    struct fm_process idle[FATHOM_NODES_MAX];
    unsigned idle_count;
};

/* What a node began whose end it is told. */
struct fm_exec_operation {
    uint64_t number; /* the world's */
    char what[12];   /* the effect's word */
};

/* A node that is up. */
struct fm_exec_node {
    struct fathom_node *self;
    struct fm_exec *exec;
    struct fm_process process;
    json_t *observed; /* what it showed last, or NULL */
    bool broken;      /* its process is gone, or answers nonsense */
    FM_VEC(struct fm_exec_operation) operations;
};

/* Whether the file is to be executed, and not loaded: no shared object, or one with an interpreter,
 * as programs have. `bytes`: how it begins. */
bool fm_exec_is_program(const char *bytes, size_t size);
/* Starts it once and asks who it is; the path is borrowed, and has a slash in it. NULL: *error says
 * what is wrong, to be freed with fm_memory_free. */
struct fm_exec *fm_exec_open(const char *path, char **error);
void fm_exec_close(struct fm_exec *exec);

/* exec_effects.c: lets the effects of an answer happen. False: *wrong says what cannot be read. */
bool fm_exec_effects(struct fm_exec_node *node, json_t *effects, struct fm_text *wrong);
/* The object's fields as those of a record. */
void fm_exec_fill(struct fathom_record *record, json_t *object);
/* Appends the value as JSON on one line. */
void fm_exec_dump(json_t *value, struct fm_text *out);
/* A file's content as a value: a string, or {"hex": ...} where it is no text. */
void fm_exec_content(struct fathom_bytes bytes, struct fm_text *out);

#endif
