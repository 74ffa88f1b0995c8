/* The TLA+ text of the standard and community modules, compiled into the binary.
 *
 * The build generates the definition from modules/ (cmake/EmbedModules.cmake), so a module is found
 * even where no file of ours is installed. Immutable and valid for the life of the process. */
#ifndef FM_MODULES_EMBEDDED_H
#define FM_MODULES_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

struct fm_embedded_module {
    const char *name; /* as in EXTENDS, without ".tla"; "interning.tsv" is no module */
    const char *text; /* UTF-8; a NUL follows it */
    size_t size;      /* bytes, without the NUL */
};

/* The table, sorted by name in the order of strcmp; `count` gets the number of rows. */
const struct fm_embedded_module *fm_embedded_modules(uint32_t *count);

#endif
