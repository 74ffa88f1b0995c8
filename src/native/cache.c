/* The cache of compiled code (cache.h).
 *
 * What makes an entry valid is its name: the hash over the emitted text, the runtime's text, the
 * compiler (path, size, time of its last change), its flags and the version of Fathom. An entry of
 * another version has another name, so nothing is ever migrated or invalidated; old entries are
 * files that may be deleted at any time.
 *
 * The content hash behind the shared object finds truncated and altered files. It is no defence
 * against who may write to the directory: that is what owner and mode are for. A directory that
 * others may write to, or that belongs to somebody else, is not used at all, and the reason is said
 * once. */
#include "native/cache.h"

#include "base/arena.h"
#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* Bytes of the largest entry that is looked at: far above any unit that is emitted. */
#define ENTRY_MAX ((size_t)1 << 30)
#define MAGIC "fmnative"

/* Behind the shared object. */
struct trailer {
    char magic[8];
    uint64_t low, high;
};
_Static_assert(sizeof(struct trailer) == 24, "drawn in docs/formats.md");

/* --- keys --- */

void fm_cache_key_add(struct fm_text *parts, const void *bytes, size_t size)
{
    fm_text_add(parts, (const char *)&size, sizeof size);
    fm_text_add(parts, bytes, size);
}

struct fm_cache_key fm_cache_key_of(const struct fm_text *parts)
{
    XXH128_hash_t digest = XXH3_128bits(parts->at, parts->length);
    return (struct fm_cache_key){digest.low64, digest.high64};
}

/* --- the directory --- */

static bool find_name(const char *given, struct fm_text *path, struct fm_text *why)
{
    const char *own = getenv("FATHOM_CACHE");
    const char *base = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (given != NULL || (own != NULL && own[0] != '\0')) {
        fm_text_puts(path, given != NULL ? given : own);
    } else if (base != NULL && base[0] == '/') {
        fm_text_printf(path, "%s/fathom", base);
    } else if (home != NULL && home[0] == '/') {
        fm_text_printf(path, "%s/.cache/fathom", home);
    } else {
        fm_text_puts(why, "no cache: neither FATHOM_CACHE nor HOME names a directory");
        return false;
    }
    return true;
}

/* Makes the directories above as they are usually made, and the last one private. */
static int make_directories(char *path)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            int made = mkdir(path, 0777);
            *at = '/';
            if (made != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS) {
                return -1;
            }
        }
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -1;
}

bool fm_cache_open(const char *directory, struct fm_text *path, struct fm_text *why)
{
    struct stat status;
    fm_text_clear(path);
    if (!find_name(directory, path, why)) {
        return false;
    }
    const char *name = fm_text_string(path);
    if (make_directories(path->at) != 0 || lstat(name, &status) != 0) {
        fm_text_printf(why, "no cache: %s: %s", name, strerror(errno));
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        fm_text_printf(why, "no cache: %s is no directory", name);
        return false;
    }
    if (status.st_uid != geteuid() || (status.st_mode & 077u) != 0) {
        fm_text_printf(why, "no cache: %s is not private to this user (chmod 700)", name);
        return false;
    }
    if (access(name, W_OK | X_OK) != 0) {
        fm_text_printf(why, "no cache: %s: %s", name, strerror(errno));
        return false;
    }
    return true;
}

void fm_cache_path(const char *directory, struct fm_cache_key key, struct fm_text *path)
{
    fm_text_clear(path);
    fm_text_printf(path, "%s/%016" PRIx64 "%016" PRIx64 ".so", directory, key.high, key.low);
}

/* --- entries --- */

static struct trailer trailer_of(const char *bytes, size_t size)
{
    XXH128_hash_t digest = XXH3_128bits(bytes, size);
    struct trailer trailer = {MAGIC, digest.low64, digest.high64};
    return trailer;
}

bool fm_cache_is_intact(const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
        return false;
    }
    if (fm_file_read(path, ENTRY_MAX, &bytes, &size) != FM_FILE_OK) {
        return false;
    }
    bool intact = false;
    if (size > sizeof(struct trailer)) {
        size_t length = size - sizeof(struct trailer);
        struct trailer expected = trailer_of(bytes, length);
        intact = memcmp(bytes + length, &expected, sizeof expected) == 0;
    }
    fm_memory_free(bytes);
    return intact;
}

int fm_cache_store(const char *path, const char *shared_object)
{
    char *bytes = NULL;
    size_t size = 0;
    if (fm_file_read(shared_object, ENTRY_MAX, &bytes, &size) != FM_FILE_OK) {
        return -1;
    }
    struct trailer trailer = trailer_of(bytes, size);
    struct fm_text whole = {NULL, 0, 0};
    fm_text_add(&whole, bytes, size);
    fm_text_add(&whole, (const char *)&trailer, sizeof trailer);
    int result = fm_file_write(path, whole.at, whole.length);
    int saved = errno;
    fm_text_deinit(&whole);
    fm_memory_free(bytes);
    errno = saved;
    return result;
}
