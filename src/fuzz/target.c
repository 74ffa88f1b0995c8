/* Loading a target: a shared object, or an executable (exec.c).
 *
 * The table it exports is checked before anything uses it: what is missing here
 * would otherwise be a jump to NULL in some schedule. The file is hashed, because a finding's
 * choices mean something to the build they were found with only. */
#include "fuzz/target.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "fuzz/exec.h"
#include "fuzz/maelstrom.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

/* ORDER(enum fathom_fault) */
static const char *const fault_names[] = {
    "reorder",      "drop",       "duplicate",  "partition",     "crash",
    "crash-inside", "pause",      "clock-skew", "clock-jump",    "write-fail",
    "disk-full",    "torn-write", "sync-fail",  "unsynced-lost", "bit-rot",
};

enum { FAULT_COUNT = sizeof fault_names / sizeof fault_names[0] };
/* Files above this are no shared object that anybody fuzzes. */
static const size_t size_max = (size_t)1 << 31;

const char *fm_fault_name(unsigned bit)
{
    return bit < FAULT_COUNT ? fault_names[bit] : NULL;
}

bool fm_fault_parse(const char *list, uint64_t *faults, const char **word)
{
    *faults = 0;
    for (const char *at = list; *at != '\0';) {
        size_t length = strcspn(at, ",");
        *word = at;
        unsigned bit = 0;
        while (bit < FAULT_COUNT &&
               (strlen(fault_names[bit]) != length || strncmp(fault_names[bit], at, length) != 0)) {
            bit++;
        }
        if (bit < FAULT_COUNT) {
            *faults |= (uint64_t)1 << bit;
        } else if (length == 3 && strncmp(at, "all", 3) == 0) {
            *faults |= ((uint64_t)1 << FAULT_COUNT) - 1;
        } else if (length != 4 || strncmp(at, "none", 4) != 0) {
            return false;
        }
        at += length + (at[length] == ',');
    }
    return true;
}

/* What the table lacks, or NULL. */
static const char *missing_of(const struct fathom_sut *sut)
{
    return sut->name == NULL                             ? "name"
           : sut->version == NULL                        ? "version"
           : sut->start == NULL                          ? "start"
           : sut->drop == NULL                           ? "drop"
           : sut->deliver == NULL                        ? "deliver"
           : sut->timer == NULL                          ? "timer"
           : sut->customs != NULL && sut->custom == NULL ? "custom, though it names customs"
                                                         : NULL;
}

/* NULL, or what is wrong with the library. */
static char *check(struct fm_target *target)
{
    struct fm_text text = {0};
    const struct fathom_sut *(*get)(void);
    *(void **)&get = dlsym(target->library, "fathom_sut");
    if (get == NULL) {
        fm_text_printf(&text,
                       "%s: it does not export fathom_sut; a target defines "
                       "`const struct fathom_sut *fathom_sut(void)` (fathom/sut.h)",
                       target->path);
        return text.at;
    }
    const struct fathom_sut *sut = get();
    if (sut == NULL) {
        fm_text_printf(&text, "%s: fathom_sut returned NULL", target->path);
    } else if (sut->abi != FATHOM_SUT_ABI) {
        fm_text_printf(&text, "%s: made for version %u of fathom/sut.h, and this is version %u",
                       target->path, sut->abi, FATHOM_SUT_ABI);
    } else if (missing_of(sut) != NULL) {
        fm_text_printf(&text, "%s: its struct fathom_sut lacks %s", target->path, missing_of(sut));
    }
    target->sut = sut;
    return text.at;
}

/* Opens what the file is; NULL, or what is wrong. */
static char *open_file(struct fm_target *target, bool program)
{
    struct fm_text why = {0};
    char *error = NULL;
    if (program && access(target->path, X_OK) != 0) {
        fm_text_printf(&why,
                       "%s does not load: it is no shared object, and cannot be executed either "
                       "(for a script: chmod +x)",
                       target->path);
        return why.at;
    }
    if (target->workload != NULL) {
        target->maelstrom = program ? fm_maelstrom_open(target->path, target->workload) : NULL;
        if (target->maelstrom == NULL) {
            if (program) {
                fm_text_printf(&why, "there is no workload `%s` of Maelstrom", target->workload);
            } else {
                fm_text_printf(&why, "%s: a node of Maelstrom is an executable", target->path);
            }
            return why.at;
        }
        target->sut = &target->maelstrom->sut;
        return NULL;
    }
    if (program) {
        target->exec = fm_exec_open(target->path, &error);
        target->sut = target->exec == NULL ? NULL : &target->exec->sut;
        return error;
    }
    target->library = dlopen(target->path, RTLD_NOW | RTLD_LOCAL);
    if (target->library == NULL) {
        fm_text_printf(&why, "%s does not load: %s", target->path, dlerror());
        return why.at;
    }
    return check(target);
}

bool fm_target_open(struct fm_target *target, const char *path, const char *workload, char **error)
{
    struct fm_text text = {0};
    char *bytes;
    size_t size;
    *target = (struct fm_target){.workload = workload};
    if (fm_file_read(path, size_max, &bytes, &size) != FM_FILE_OK) {
        fm_text_printf(&text, "%s: no such file, or it cannot be read", path);
        *error = text.at;
        return false;
    }
    target->hash = XXH3_64bits(bytes, size);
    bool program = fm_exec_is_program(bytes, size);
    fm_memory_free(bytes);
    /* Absolute: a finding names it, and dlopen would look for a name without a slash elsewhere. */
    target->path = realpath(path, NULL);
    if (target->path == NULL) {
        fm_text_printf(&text, "%s: %s", path, strerror(errno));
        *error = text.at;
        return false;
    }
    *error = open_file(target, program);
    if (*error != NULL) {
        fm_target_close(target);
        return false;
    }
    return true;
}

uint32_t fm_target_set_patience(struct fm_target *target, uint32_t hang_ms)
{
    if (target->exec != NULL) {
        target->exec->timeout_ms = hang_ms;
    } else if (target->maelstrom != NULL) {
        target->maelstrom->timeout_ms = hang_ms;
    } else {
        return hang_ms;
    }
    return hang_ms * (FATHOM_NODES_MAX + 1); /* all nodes may start in one beat */
}

bool fm_target_has_processes(const struct fm_target *target)
{
    return target->exec != NULL || target->maelstrom != NULL;
}

void fm_target_close(struct fm_target *target)
{
    fm_exec_close(target->exec);
    fm_maelstrom_close(target->maelstrom);
    if (target->library != NULL) {
        (void)dlclose(target->library);
    }
    free(target->path);
    *target = (struct fm_target){.path = NULL};
}
