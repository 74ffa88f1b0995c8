/* The cache of compiled code: shared objects by the hash of everything they were made from.
 *
 * The directory belongs to its user alone (owner and mode are checked): what lies in it is loaded
 * into the process. Beside the shared objects it holds shapes (recall.h), `KEY.shapes`, in the same
 * manner. An entry is `KEY.so`: the shared object with 24 bytes behind it, the magic
 * "fmnative" and a hash of what stands before them and of the entry's name (docs/formats.md), so
 * that an entry is loaded for its own key only. Loaders ignore what follows an ELF file's own
 * parts. One file is renamed into place whole, so runs at the same time disturb nobody.
 *
 * Entries are kept up to a size, the ones used last: FATHOM_CACHE_SIZE, in MiB. Compilers work in
 * directories `build-XXXXXX` beside the entries, whose file `lock` is locked as long as their
 * process lives; `rejected-XXXXXX` hold what a compiler refused. */
#ifndef FM_NATIVE_CACHE_H
#define FM_NATIVE_CACHE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fm_cache_key {
    uint64_t low, high;
};

/* Adds one part of what a key is made from; boundaries count. */
void fm_cache_key_add(struct fm_text *parts, const void *bytes, size_t size);
struct fm_cache_key fm_cache_key_of(const struct fm_text *parts);

/* Finds and makes the directory: the given one, or FATHOM_CACHE, XDG_CACHE_HOME/fathom,
 * ~/.cache/fathom. false: there is none to use, `why` says why, one line. */
bool fm_cache_open(const char *directory, struct fm_text *path, struct fm_text *why);
/* The same without making it, or saying why not: for who only reads. */
bool fm_cache_find(const char *directory, struct fm_text *path);
/* The path of the entry. */
void fm_cache_path(const char *directory, struct fm_cache_key key, struct fm_text *path);
/* The path of the entry that holds shapes (recall.c). */
void fm_cache_shapes_path(const char *directory, struct fm_cache_key key, struct fm_text *path);
/* Whether the file is an entry whose content is what was stored. */
bool fm_cache_is_intact(const char *path);
/* The content of an entry, to be freed with fm_memory_free; NULL when it is not intact. */
char *fm_cache_read(const char *path, size_t *size);
/* Enters the shared object, or these bytes, under the path; 0, or -1 with errno. */
int fm_cache_store(const char *path, const char *shared_object);
int fm_cache_write(const char *path, const char *bytes, size_t size);
/* The entry was used. */
void fm_cache_touch(const char *path);
/* Removes what is too much: entries used longest ago (never that of the path, which may be ""),
 * directories of compilers whose process is dead, temporary files, the oldest of what was refused.
 * Of any process at any time: what is loaded or at work stays usable. */
void fm_cache_tidy(const char *directory, const char *path);
/* Makes the lock of a compiler's directory; to be closed at the end of the work. -1 with errno. */
int fm_cache_lock(const char *work);
/* Removes the files in the folder, or all but C (`keep_texts`), and then the folder itself unless
 * texts are kept. 0, or -1 with errno. */
int fm_cache_remove_work(const char *work, bool keep_texts);

#endif
