/* The cache of compiled code (cache.h).
 *
 * What makes an entry valid is its name: the hash over the emitted text, the runtime's text, the
 * compiler (path, size, time of its last change), its flags and the version of Fathom. An entry of
 * another version has another name, so nothing is ever migrated or invalidated; old entries are
 * files that may be deleted at any time.
 *
 * The hash behind the shared object finds truncated, altered and renamed files. It is no defence
 * against who may write to the directory: that is what owner and mode are for. A directory that
 * others may write to, or that belongs to somebody else, is not used at all, and the reason is said
 * once.
 *
 * Using an entry sets its time of change, so the oldest ones are those used longest ago. Whoever
 * enters one removes the oldest until the rest fit. Removing a file that somebody has loaded, or is
 * about to load, costs that process a compilation at most.
 *
 * A process that is killed leaves its compiler's directory behind. The kernel gives up its lock,
 * and the next process that compiles removes the directory. One made moments ago may not be locked
 * yet: it is left alone. */
#include "native/cache.h"

#include "base/arena.h"
#include "base/file.h"

#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

/* Bytes of the largest entry that is looked at: far above any unit that is emitted. */
#define ENTRY_MAX ((size_t)1 << 30)
#define MAGIC "fmnative"
/* Characters of a key in an entry's name, and what follows. */
#define KEY_LENGTH 32u
#define CODE_ENDING ".so"
#define SHAPES_ENDING ".shapes"
/* MiB of entries that are kept when nobody says how many. */
#define SIZE_MIB 256u
/* Seconds after which a directory without its lock, or a temporary file, is somebody's leavings. */
#define YOUNG_SECONDS 60
/* Refused texts that are kept. */
#define REFUSED_KEPT 8u

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

/* Whether the directory, which is there, may be used. */
static bool is_usable(const char *name, struct fm_text *why)
{
    struct stat status;
    if (lstat(name, &status) != 0) {
        fm_text_printf(why, "no cache: %s: %s", name, strerror(errno));
    } else if (!S_ISDIR(status.st_mode)) {
        fm_text_printf(why, "no cache: %s is no directory", name);
    } else if (status.st_uid != geteuid() || (status.st_mode & 077u) != 0) {
        fm_text_printf(why, "no cache: %s is not private to this user (chmod 700)", name);
    } else if (access(name, W_OK | X_OK) != 0) {
        fm_text_printf(why, "no cache: %s: %s", name, strerror(errno));
    } else {
        return true;
    }
    return false;
}

bool fm_cache_open(const char *directory, struct fm_text *path, struct fm_text *why)
{
    fm_text_clear(path);
    if (!find_name(directory, path, why)) {
        return false;
    }
    if (make_directories(path->at) != 0) {
        fm_text_printf(why, "no cache: %s: %s", fm_text_string(path), strerror(errno));
        return false;
    }
    return is_usable(fm_text_string(path), why);
}

bool fm_cache_find(const char *directory, struct fm_text *path)
{
    struct fm_text why = {NULL, 0, 0};
    fm_text_clear(path);
    bool usable = find_name(directory, path, &why) && is_usable(fm_text_string(path), &why);
    fm_text_deinit(&why);
    return usable;
}

static void put_path(const char *directory, struct fm_cache_key key, const char *ending,
                     struct fm_text *path)
{
    fm_text_clear(path);
    fm_text_printf(path, "%s/%016" PRIx64 "%016" PRIx64 "%s", directory, key.high, key.low, ending);
}

void fm_cache_path(const char *directory, struct fm_cache_key key, struct fm_text *path)
{
    put_path(directory, key, CODE_ENDING, path);
}

void fm_cache_shapes_path(const char *directory, struct fm_cache_key key, struct fm_text *path)
{
    put_path(directory, key, SHAPES_ENDING, path);
}

/* --- entries --- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static struct trailer trailer_of(const char *path, const char *bytes, size_t size)
{
    struct {
        uint64_t low, high;
        char name[40];
    } both = {0};
    XXH128_hash_t digest = XXH3_128bits(bytes, size);
    both.low = digest.low64;
    both.high = digest.high64;
    strncpy(both.name, base_name(path), sizeof both.name - 1);
    digest = XXH3_128bits(&both, sizeof both);
    struct trailer trailer = {MAGIC, digest.low64, digest.high64};
    return trailer;
}

char *fm_cache_read(const char *path, size_t *size)
{
    char *bytes = NULL;
    struct stat status;
    *size = 0;
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
        return NULL;
    }
    if (fm_file_read(path, ENTRY_MAX, &bytes, size) != FM_FILE_OK) {
        return NULL;
    }
    if (*size > sizeof(struct trailer)) {
        *size -= sizeof(struct trailer);
        struct trailer expected = trailer_of(path, bytes, *size);
        if (memcmp(bytes + *size, &expected, sizeof expected) == 0) {
            return bytes;
        }
    }
    fm_memory_free(bytes);
    return NULL;
}

bool fm_cache_is_intact(const char *path)
{
    size_t size;
    char *bytes = fm_cache_read(path, &size);
    bool intact = bytes != NULL;
    fm_memory_free(bytes);
    return intact;
}

int fm_cache_write(const char *path, const char *bytes, size_t size)
{
    struct trailer trailer = trailer_of(path, bytes, size);
    struct fm_text whole = {NULL, 0, 0};
    fm_text_add(&whole, bytes, size);
    fm_text_add(&whole, (const char *)&trailer, sizeof trailer);
    struct stat there;
    if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        (void)unlink(path); /* fm_file_write would write where a link leads */
    }
    int result = fm_file_write(path, whole.at, whole.length);
    int saved = errno;
    fm_text_deinit(&whole);
    errno = saved;
    return result;
}

int fm_cache_store(const char *path, const char *shared_object)
{
    char *bytes = NULL;
    size_t size = 0;
    if (fm_file_read(shared_object, ENTRY_MAX, &bytes, &size) != FM_FILE_OK) {
        return -1;
    }
    int result = fm_cache_write(path, bytes, size);
    int saved = errno;
    fm_memory_free(bytes);
    errno = saved;
    return result;
}

void fm_cache_touch(const char *path)
{
    (void)utimensat(AT_FDCWD, path, NULL, 0);
}

/* --- directories of compilers --- */

int fm_cache_lock(const char *work)
{
    struct fm_text path = {NULL, 0, 0};
    fm_text_printf(&path, "%s/lock", work);
    int fd = open(fm_text_string(&path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    fm_text_deinit(&path);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int saved = errno;
        (void)close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* Objects and temporary files of compilers that were killed have names of their own: everything in
 * the directory goes. */
int fm_cache_remove_work(const char *work, bool keep_texts)
{
    DIR *listing = opendir(work);
    const struct dirent *entry;
    if (listing == NULL) {
        return -1;
    }
    while ((entry = readdir(listing)) != NULL) {
        size_t length = strlen(entry->d_name);
        bool is_text = length > 2 && entry->d_name[length - 2] == '.' &&
                       strchr("ch", entry->d_name[length - 1]) != NULL;
        if (entry->d_name[0] != '.' && !(keep_texts && is_text)) {
            (void)unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    (void)closedir(listing);
    return keep_texts ? 0 : rmdir(work);
}

/* Whether the process that the directory belongs to is gone: nobody holds its lock. A directory
 * without one is left alone unless it is empty. */
static bool is_abandoned(const char *work)
{
    struct fm_text path = {NULL, 0, 0};
    fm_text_printf(&path, "%s/lock", work);
    int fd = open(fm_text_string(&path), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    fm_text_deinit(&path);
    if (fd < 0) {
        (void)rmdir(work);
        return false;
    }
    bool abandoned = flock(fd, LOCK_EX | LOCK_NB) == 0;
    (void)close(fd);
    return abandoned;
}

/* --- tidying --- */

struct found {
    const char *path;
    uint64_t size;
    struct timespec time;
};

struct tidying {
    struct fm_arena arena;
    FM_VEC(struct found) entries, refused;
    uint64_t size; /* of the entries */
};

static uint64_t size_max(void)
{
    const char *text = getenv("FATHOM_CACHE_SIZE");
    char *end = NULL;
    unsigned long long mib = text == NULL || text[0] < '0' || text[0] > '9'
                                 ? SIZE_MIB
                                 : strtoull(text, &end, 10);
    if ((end != NULL && *end != '\0') || mib > UINT64_MAX >> 20) {
        mib = SIZE_MIB;
    }
    return (uint64_t)mib << 20;
}

static bool has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* What follows an entry's name, or NULL when it is none. */
static const char *behind_entry(const char *name)
{
    static const char *const endings[] = {CODE_ENDING, SHAPES_ENDING};
    for (size_t i = 0; i < sizeof endings / sizeof *endings && strlen(name) > KEY_LENGTH; i++) {
        if (has_prefix(name + KEY_LENGTH, endings[i])) {
            return name + KEY_LENGTH + strlen(endings[i]);
        }
    }
    return NULL;
}

static void look_at(struct tidying *tidying, const char *directory, const char *name)
{
    struct stat status;
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "%s/%s", directory, name);
    const char *path = fm_text_string(&text);
    if (lstat(path, &status) != 0 || status.st_uid != geteuid()) {
        fm_text_deinit(&text);
        return;
    }
    struct found found = {NULL, (uint64_t)status.st_size, status.st_mtim};
    bool is_young = time(NULL) - status.st_mtim.tv_sec < YOUNG_SECONDS;
    const char *behind = S_ISREG(status.st_mode) ? behind_entry(name) : NULL;
    if (behind != NULL && behind[0] == '\0') {
        found.path = fm_arena_strndup(&tidying->arena, path, strlen(path));
        tidying->size += found.size;
        fm_vec_push(&tidying->entries, found);
    } else if (behind != NULL && behind[0] == '.' && !is_young) {
        (void)unlink(path); /* fm_file_write's, of a dead process */
    } else if (S_ISDIR(status.st_mode) && has_prefix(name, "rejected-")) {
        found.path = fm_arena_strndup(&tidying->arena, path, strlen(path));
        fm_vec_push(&tidying->refused, found);
    } else if (S_ISDIR(status.st_mode) && has_prefix(name, "build-") && !is_young &&
               is_abandoned(path)) {
        (void)fm_cache_remove_work(path, false);
    }
    fm_text_deinit(&text);
}

/* The oldest first. */
static int compare_times(const void *left, const void *right)
{
    const struct timespec *a = &((const struct found *)left)->time;
    const struct timespec *b = &((const struct found *)right)->time;
    if (a->tv_sec != b->tv_sec) {
        return a->tv_sec < b->tv_sec ? -1 : 1;
    }
    return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

static void sort_by_time(struct found *list, uint32_t count)
{
    if (count != 0) {
        qsort(list, count, sizeof *list, compare_times);
    }
}

static void remove_oldest(struct tidying *tidying, const char *kept)
{
    uint64_t most = size_max();
    sort_by_time(tidying->entries.at, tidying->entries.count);
    for (uint32_t i = 0; i < tidying->entries.count && tidying->size > most; i++) {
        const struct found *entry = &tidying->entries.at[i];
        if (strcmp(entry->path, kept) != 0 && unlink(entry->path) == 0) {
            tidying->size -= entry->size;
        }
    }
    sort_by_time(tidying->refused.at, tidying->refused.count);
    for (uint32_t i = 0; i + REFUSED_KEPT < tidying->refused.count; i++) {
        (void)fm_cache_remove_work(tidying->refused.at[i].path, false);
    }
}

void fm_cache_tidy(const char *directory, const char *path)
{
    struct tidying tidying = {0};
    DIR *listing = opendir(directory);
    const struct dirent *entry;
    if (listing == NULL) {
        return;
    }
    fm_arena_init(&tidying.arena, "cache");
    while ((entry = readdir(listing)) != NULL) {
        look_at(&tidying, directory, entry->d_name);
    }
    (void)closedir(listing);
    remove_oldest(&tidying, path);
    fm_vec_deinit(&tidying.entries);
    fm_vec_deinit(&tidying.refused);
    fm_arena_deinit(&tidying.arena);
}
