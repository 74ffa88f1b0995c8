/* Building emitted C (build.h).
 *
 * The texts and the runtime's headers are written into a temporary directory of this run, private
 * to the user; the compiler runs there, each text is a process of its own, as many at a time as
 * there are processors, and a last one links. The shared object is entered into the cache and
 * loaded. Then the temporary directory is removed: what is loaded stays mapped. What was refused
 * is kept, as `rejected-XXXXXX`.
 *
 * The key (cache.h) is the hash over the version of Fathom, the flags, the compiler's path, size
 * and time of change, the runtime and the texts. The compiler's output for one key is taken to be
 * one program.
 *
 * Compilers run in process groups of their own, with TMPDIR inside the temporary directory: ending
 * them early is one signal to each group, and what they had begun to write goes with the directory.
 * Neither posix_spawn nor anything here changes signal handlers. The child is reaped under the lock
 * that guards its number, so that no signal can reach another process.
 *
 * Without optimization there is nothing to gain over the interpreter worth a compiler; -O2 it is,
 * without vectors of two words: digests come apart into them and back, slower than by themselves.
 * Warnings are off: what is emitted is held to compile by tests, and unused labels or variables in
 * it are no news to anybody. -fwrapv and -fno-strict-aliasing are not needed: emitted code
 * overflows only through builtins and copies bytes by memcpy. */
#include "native/build.h"

#include "base/file.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/vec.h"
#include "native/cache.h"
#include "native/runtime/fathom_native.h"
#include "native/runtime_text.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Stack of the thread that waits for compilers, bytes. */
#define STACK_SIZE ((size_t)1 << 20)
/* Bytes of a compiler's messages that are looked at; the first line of them is said. */
#define MESSAGES_MAX ((size_t)1 << 16)
/* Bytes that a compiler needs at least where it works. */
#define ROOM_MIN ((unsigned long)1 << 20)
/* Compilers at a time: more than a link job can be short of. */
#define PROCESSES_MAX 16u

static const char *const flags[] = {"-std=gnu17", "-O2", "-fno-tree-slp-vectorize", "-fPIC", "-w"};
#define FLAG_COUNT (sizeof flags / sizeof *flags)
/* Flags of machine_flags at most. */
#define MACHINE_FLAGS_MAX 4u

struct fm_build {
    struct fm_arena arena;
    char *const *texts;
    const size_t *sizes;
    uint32_t count;
    const char *compiler;     /* path */
    struct fm_text directory; /* of the cache; "" when there is none */
    struct fm_text entry;     /* path in the cache */
    struct fm_text work;      /* the temporary directory, "" before it is made */
    struct fm_text refusal;   /* the first line of a compiler that refused */
    int lock_file;            /* of the temporary directory, or -1 */
    struct fm_text remark, message;
    struct fm_thread *thread;
    _Atomic(enum fm_build_state) state;
    double seconds;
    void *handle;
    struct fm_nrt_code code; /* a copy */

    pthread_mutex_t lock; /* guards what follows */
    pid_t running[PROCESSES_MAX];
    bool cancelled;
};

/* Instructions of this processor that the compiler may use: digests and sets count and find bits.
 * Named one by one rather than by -march=native, so that the flags, and with them the cache's key,
 * say what the code needs. (Vector instructions gain nothing measurable on packed states.) */
static uint32_t machine_flags(const char *names[MACHINE_FLAGS_MAX])
{
    uint32_t count = 0;
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("popcnt")) {
        names[count++] = "-mpopcnt";
    }
    if (__builtin_cpu_supports("bmi")) {
        names[count++] = "-mbmi";
    }
    if (__builtin_cpu_supports("bmi2")) {
        names[count++] = "-mbmi2";
    }
    if (__builtin_cpu_is("amdfam17h") || __builtin_cpu_is("amdfam15h")) {
        names[count++] = "-DFM_NRT_SLOW_PEXT"; /* microcode, a step for each bit */
    }
#else
    (void)names;
#endif
    return count;
}

static void __attribute__((format(printf, 3, 4)))
end(struct fm_build *build, enum fm_build_state state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fm_text_clear(&build->message);
    fm_text_vprintf(&build->message, format, arguments);
    va_end(arguments);
    atomic_store(&build->state, state);
}

/* --- the compiler --- */

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* The path of the program as a shell would find it, or NULL. */
static const char *find_program(struct fm_arena *arena, const char *name)
{
    if (strchr(name, '/') != NULL) {
        return is_program(name) ? fm_arena_strndup(arena, name, strlen(name)) : NULL;
    }
    const char *list = getenv("PATH");
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ":");
        const char *path = fm_arena_printf(arena, "%.*s/%s", (int)length, list, name);
        if (length != 0 && is_program(path)) {
            return path;
        }
        list += length + (list[length] == ':');
    }
    return NULL;
}

static bool find_compiler(struct fm_build *build, const char *name)
{
    const char *variable = getenv("FATHOM_CC");
    if (name == NULL) {
        name = variable != NULL && variable[0] != '\0' ? variable : "cc";
    }
    build->compiler = find_program(&build->arena, name);
    if (build->compiler == NULL) {
        end(build, FM_BUILD_FAILED, "no compiler: `%s` was not found", name);
    }
    return build->compiler != NULL;
}

static struct fm_cache_key key_of(const struct fm_build *build)
{
    struct fm_text parts = {NULL, 0, 0};
    struct stat status;
    memset(&status, 0, sizeof status);
    (void)stat(build->compiler, &status);
    fm_cache_key_add(&parts, FM_VERSION, strlen(FM_VERSION));
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        fm_cache_key_add(&parts, flags[i], strlen(flags[i]));
    }
    const char *machine[MACHINE_FLAGS_MAX];
    for (uint32_t i = 0, n = machine_flags(machine); i < n; i++) {
        fm_cache_key_add(&parts, machine[i], strlen(machine[i]));
    }
    fm_cache_key_add(&parts, build->compiler, strlen(build->compiler));
    fm_cache_key_add(&parts, &status.st_size, sizeof status.st_size);
    fm_cache_key_add(&parts, &status.st_mtim.tv_sec, sizeof status.st_mtim.tv_sec);
    fm_cache_key_add(&parts, &status.st_mtim.tv_nsec, sizeof status.st_mtim.tv_nsec);
    uint32_t count;
    const struct fm_runtime_file *files = fm_runtime_files(&count);
    for (uint32_t i = 0; i < count; i++) {
        fm_cache_key_add(&parts, files[i].name, strlen(files[i].name));
        fm_cache_key_add(&parts, files[i].text, files[i].size);
    }
    for (uint32_t i = 0; i < build->count; i++) {
        fm_cache_key_add(&parts, build->texts[i], build->sizes[i]);
    }
    struct fm_cache_key key = fm_cache_key_of(&parts);
    fm_text_deinit(&parts);
    return key;
}

/* --- processes --- */

static pid_t spawn(struct fm_build *build, char *const *arguments, char *const *environment,
                   const char *messages)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = -1;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return -1;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        goto destroy_actions;
    }
    int error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    error |= posix_spawn_file_actions_addopen(&actions, 1, messages, O_WRONLY | O_CREAT | O_APPEND,
                                              0600);
    error |= posix_spawn_file_actions_adddup2(&actions, 1, 2);
    error |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    error |= posix_spawnattr_setpgroup(&attributes, 0);
    if (error == 0) {
        error = posix_spawn(&pid, build->compiler, &actions, &attributes, arguments, environment);
        errno = error;
    }
    if (error != 0) {
        pid = -1;
    }
    posix_spawnattr_destroy(&attributes);
destroy_actions:
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/* Waits for the process in the place; its exit status, or -1 when a signal ended it. */
static int reap(struct fm_build *build, uint32_t place)
{
    pid_t pid = build->running[place];
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    int status = -1;
    pthread_mutex_lock(&build->lock);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    build->running[place] = 0;
    pthread_mutex_unlock(&build->lock);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct command {
    char *const *arguments;
    const char *messages; /* file */
};

/* Starts the command in the place; false when it cannot be, or nothing is to be started any more.
 */
static bool start(struct fm_build *build, const struct command *command, char *const *environment,
                  uint32_t place)
{
    pthread_mutex_lock(&build->lock);
    pid_t pid = -1;
    errno = ECANCELED;
    if (!build->cancelled) {
        pid = spawn(build, command->arguments, environment, command->messages);
    }
    build->running[place] = pid > 0 ? pid : 0;
    pthread_mutex_unlock(&build->lock);
    return pid > 0;
}

/* Runs all commands, some at a time: the index of the first that failed, or count. *error is errno
 * when it could not be started, 0 when it ran and failed. */
static uint32_t run_all(struct fm_build *build, const struct command *commands, uint32_t count,
                        char *const *environment, int *error)
{
    uint32_t width = fm_processor_count();
    width = width > PROCESSES_MAX ? PROCESSES_MAX : width;
    uint32_t failed = count, started = 0;
    *error = 0;
    for (uint32_t done = 0; done < started || (started < count && failed == count);) {
        if (started < count && started - done < width && failed == count) {
            if (!start(build, &commands[started], environment, started % width)) {
                *error = errno;
                failed = started;
                continue;
            }
            started++;
            continue;
        }
        if (reap(build, done % width) != 0 && failed == count) {
            failed = done;
        }
        done++;
    }
    return failed;
}

static char *const *make_environment(struct fm_build *build)
{
    uint32_t count = 0;
    while (environ[count] != NULL) {
        count++;
    }
    char **copy = fm_arena_alloc(&build->arena, (count + 3) * sizeof *copy);
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (strncmp(environ[i], "TMPDIR=", 7) != 0 && strncmp(environ[i], "LC_ALL=", 7) != 0) {
            copy[used++] = environ[i];
        }
    }
    copy[used++] = fm_arena_printf(&build->arena, "TMPDIR=%s", fm_text_string(&build->work));
    copy[used++] = fm_arena_printf(&build->arena, "LC_ALL=C");
    copy[used] = NULL;
    return copy;
}

/* --- the temporary directory --- */

static const char *work_path(struct fm_build *build, const char *name)
{
    return fm_arena_printf(&build->arena, "%s/%s", fm_text_string(&build->work), name);
}

static const char *piece_name(struct fm_build *build, const char *folder, uint32_t i,
                              const char *ending)
{
    return fm_arena_printf(&build->arena, "%s/unit%u.%s", folder, i, ending);
}

static bool write_file(const char *path, const char *text, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool written = true;
    while (size > 0 && written) {
        ssize_t put = write(fd, text, size);
        if (put > 0) {
            text += put;
            size -= (size_t)put;
        }
        written = put > 0 || (put < 0 && errno == EINTR);
    }
    int saved = errno;
    bool closed = close(fd) == 0;
    errno = written ? errno : saved;
    return written && closed;
}

static bool make_work(struct fm_build *build)
{
    const char *base = getenv("TMPDIR");
    if (build->directory.length != 0) {
        base = fm_text_string(&build->directory);
    }
    if (base == NULL || base[0] != '/') {
        base = "/tmp";
    }
    fm_text_printf(&build->work, "%s/build-XXXXXX", base);
    if (mkdtemp(build->work.at) == NULL) {
        int saved = errno;
        fm_text_clear(&build->work);
        errno = saved;
        return false;
    }
    build->lock_file = fm_cache_lock(fm_text_string(&build->work));
    if (build->lock_file < 0) {
        return false;
    }
    uint32_t count;
    const struct fm_runtime_file *files = fm_runtime_files(&count);
    bool written = true;
    for (uint32_t i = 0; i < count && written; i++) {
        written = write_file(work_path(build, files[i].name), files[i].text, files[i].size);
    }
    for (uint32_t i = 0; i < build->count && written; i++) {
        written = write_file(piece_name(build, fm_text_string(&build->work), i, "c"),
                             build->texts[i], build->sizes[i]);
    }
    return written;
}

/* What was refused is kept, under a name that says so. */
static void remove_work(struct fm_build *build, bool keep_texts)
{
    static const char old_name[] = "build-XXXXXX", new_name[] = "rejected-";
    const char *folder = fm_text_string(&build->work);
    if (folder[0] == '\0') {
        return;
    }
    if (fm_cache_remove_work(folder, keep_texts) != 0) {
        fm_text_printf(&build->remark, "%s%s was not removed: %s",
                       build->remark.length == 0 ? "" : "; ", folder, strerror(errno));
    }
    if (build->lock_file >= 0) {
        (void)close(build->lock_file);
        build->lock_file = -1;
    }
    if (keep_texts) {
        size_t parent = build->work.length - (sizeof old_name - 1);
        const char *kept = fm_arena_printf(&build->arena, "%.*s%s%s", (int)parent, folder, new_name,
                                           folder + build->work.length - 6);
        if (rename(folder, kept) == 0) {
            fm_text_clear(&build->work);
            fm_text_puts(&build->work, kept);
        }
    }
}

/* --- compiling --- */

static char *const *arguments_for(struct fm_build *build, uint32_t piece, bool shared)
{
    const char *folder = fm_text_string(&build->work);
    char **arguments = fm_arena_alloc(&build->arena,
                                      (FLAG_COUNT + MACHINE_FLAGS_MAX + 8) * sizeof *arguments);
    uint32_t used = 0;
    arguments[used++] = fm_arena_printf(&build->arena, "%s", build->compiler);
    for (size_t i = 0; i < FLAG_COUNT; i++) {
        arguments[used++] = fm_arena_printf(&build->arena, "%s", flags[i]);
    }
    const char *machine[MACHINE_FLAGS_MAX];
    for (uint32_t i = 0, n = machine_flags(machine); i < n; i++) {
        arguments[used++] = fm_arena_printf(&build->arena, "%s", machine[i]);
    }
    arguments[used++] = fm_arena_printf(&build->arena, "-I%s", folder);
    arguments[used++] = fm_arena_printf(&build->arena, shared ? "-shared" : "-c");
    arguments[used++] = fm_arena_printf(&build->arena, "-o");
    arguments[used++] = fm_arena_printf(&build->arena, "%s",
                                        shared ? work_path(build, "unit.so")
                                               : piece_name(build, folder, piece, "o"));
    arguments[used++] = fm_arena_printf(&build->arena, "%s", piece_name(build, folder, piece, "c"));
    arguments[used] = NULL;
    return arguments;
}

static char *const *link_arguments(struct fm_build *build)
{
    char **arguments = fm_arena_alloc(&build->arena, (build->count + 5) * sizeof *arguments);
    uint32_t used = 0;
    arguments[used++] = fm_arena_printf(&build->arena, "%s", build->compiler);
    arguments[used++] = fm_arena_printf(&build->arena, "-shared");
    arguments[used++] = fm_arena_printf(&build->arena, "-o");
    arguments[used++] = fm_arena_printf(&build->arena, "%s", work_path(build, "unit.so"));
    for (uint32_t i = 0; i < build->count; i++) {
        arguments[used++] = fm_arena_printf(
            &build->arena, "%s", piece_name(build, fm_text_string(&build->work), i, "o"));
    }
    arguments[used] = NULL;
    return arguments;
}

/* The first line of a compiler's messages that tells of an error. */
static void add_first_error(const char *path, struct fm_text *out)
{
    char *text = NULL;
    size_t size = 0;
    if (fm_file_read(path, MESSAGES_MAX, &text, &size) != FM_FILE_OK) {
        return;
    }
    const char *at = strstr(text, "error");
    at = at == NULL ? text : at;
    while (at > text && at[-1] != '\n') {
        at--;
    }
    fm_text_printf(out, ": %.*s", (int)strcspn(at, "\n"), at);
    fm_memory_free(text);
}

/* Compiles; false with the end said. */
static bool compile(struct fm_build *build)
{
    uint32_t count = build->count;
    struct command *commands = fm_arena_alloc(&build->arena, (count + 1) * sizeof *commands);
    char *const *environment = make_environment(build);
    for (uint32_t i = 0; i < count; i++) {
        commands[i] = (struct command){
            arguments_for(build, i, count == 1),
            piece_name(build, fm_text_string(&build->work), i, "messages")};
    }
    commands[count] = (struct command){link_arguments(build), work_path(build, "link.messages")};
    int error = 0;
    uint32_t failed = run_all(build, commands, count, environment, &error);
    if (failed == count && count > 1) {
        failed += run_all(build, &commands[count], 1, environment, &error);
    }
    if (failed == (count > 1 ? count + 1 : count)) {
        return true;
    }
    if (error != 0) {
        end(build, FM_BUILD_FAILED, "no compiler: %s: %s", build->compiler, strerror(error));
        return false;
    }
    add_first_error(commands[failed].messages, &build->refusal);
    end(build, FM_BUILD_REJECTED, "%s refused what was emitted", build->compiler);
    return false;
}

/* A compiler that cannot make a library from one empty function is broken, and says nothing about
 * what was emitted. */
static bool compiler_works(struct fm_build *build)
{
    static const char probe[] = "int fathom_probe(void)\n{\n    return 0;\n}\n";
    const char *source = work_path(build, "probe.c");
    const char *object = work_path(build, "probe.so");
    const char *messages = work_path(build, "probe.messages");
    char *arguments[] = {
        fm_arena_printf(&build->arena, "%s", build->compiler),
        fm_arena_printf(&build->arena, "-shared"),
        fm_arena_printf(&build->arena, "-fPIC"),
        fm_arena_printf(&build->arena, "-o"),
        fm_arena_printf(&build->arena, "%s", object),
        fm_arena_printf(&build->arena, "%s", source),
        NULL,
    };
    struct command command = {arguments, messages};
    int error = 0;
    bool works = write_file(source, probe, sizeof probe - 1) &&
                 run_all(build, &command, 1, make_environment(build), &error) == 1 &&
                 fm_file_exists(object);
    if (!works) {
        struct fm_text line = {NULL, 0, 0};
        add_first_error(messages, &line);
        end(build, FM_BUILD_FAILED, "the compiler %s does not work%s", build->compiler,
            fm_text_string(&line));
        fm_text_deinit(&line);
    }
    (void)unlink(source);
    (void)unlink(object);
    (void)unlink(messages);
    return works;
}

/* The loader maps memory behind the back of the thread sanitizer, which takes what stood at the
 * same address before for a race: the table is read here, unwatched, and nowhere else. */
__attribute__((no_sanitize("thread"))) static void copy_code(struct fm_build *build,
                                                             const struct fm_nrt_code *code)
{
    const volatile char *from = (const volatile char *)code;
    char *to = (char *)&build->code;
    for (size_t i = 0; i < sizeof build->code; i++) {
        to[i] = from[i];
    }
}

static bool load(struct fm_build *build, const char *path)
{
    build->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (build->handle == NULL) {
        end(build, FM_BUILD_REJECTED, "the compiled code cannot be loaded: %s", dlerror());
        return false;
    }
    const struct fm_nrt_code *code = dlsym(build->handle, "fathom_native_code");
    if (code != NULL) {
        copy_code(build, code);
    }
    if (build->code.version != FM_NRT_VERSION) {
        end(build, FM_BUILD_REJECTED, "the compiled code is no `fathom_native_code` of version %u",
            FM_NRT_VERSION);
        return false;
    }
    return true;
}

static void remark_errno(struct fm_build *build, const char *what)
{
    fm_text_printf(&build->remark, "%s%s: %s", build->remark.length == 0 ? "" : "; ", what,
                   strerror(errno));
}

/* Goes on without the cache, as errno says. */
static void leave_cache(struct fm_build *build)
{
    remark_errno(build, "no cache: its directory cannot be written");
    remove_work(build, false);
    fm_text_clear(&build->work);
    fm_text_clear(&build->directory);
    fm_text_clear(&build->entry);
}

/* The cache's directory may be full: then the system's place for temporary files. */
static bool make_work_somewhere(struct fm_build *build)
{
    if (make_work(build)) {
        return true;
    }
    if (build->directory.length != 0) {
        leave_cache(build);
        if (make_work(build)) {
            return true;
        }
    }
    end(build, FM_BUILD_FAILED, "no directory for temporary files: %s", strerror(errno));
    return false;
}

/* Whether there is no room left where the compiler works: what it says then is no news about what
 * was emitted. */
static bool is_full(const struct fm_build *build)
{
    struct statvfs status;
    return build->work.length != 0 && statvfs(fm_text_string(&build->work), &status) == 0 &&
           (status.f_bavail < ROOM_MIN / status.f_frsize ||
            (status.f_files != 0 && status.f_favail == 0));
}

/* Compiles in the cache's directory or, when that gets full, elsewhere. */
static bool compile_somewhere(struct fm_build *build)
{
    if (!make_work_somewhere(build)) {
        return false;
    }
    bool compiled = compile(build);
    if (!compiled && build->directory.length != 0 && is_full(build)) {
        errno = ENOSPC;
        leave_cache(build);
        atomic_store(&build->state, FM_BUILD_RUNNING);
        fm_text_clear(&build->refusal);
        compiled = make_work_somewhere(build) && compile(build);
    }
    if (!compiled && is_full(build)) {
        end(build, FM_BUILD_FAILED, "no room for the compiler in %s", fm_text_string(&build->work));
    }
    return compiled;
}

static void compile_and_load(struct fm_build *build)
{
    uint64_t begin_ns = fm_clock_monotonic_ns();
    bool compiled = compile_somewhere(build);
    bool rejected = !compiled && atomic_load(&build->state) == FM_BUILD_REJECTED;
    pthread_mutex_lock(&build->lock);
    bool cancelled = build->cancelled;
    pthread_mutex_unlock(&build->lock);
    if (rejected && cancelled) {
        end(build, FM_BUILD_FAILED, "ended early");
        rejected = false;
    } else if (rejected && !compiler_works(build)) {
        rejected = false;
    }
    bool loaded = false;
    const char *path = work_path(build, "unit.so");
    if (compiled && !fm_file_exists(path)) {
        end(build, FM_BUILD_FAILED, "the compiler %s does not work: it makes no file",
            build->compiler);
    } else if (compiled) {
        build->seconds = (double)(fm_clock_monotonic_ns() - begin_ns) / 1e9;
        loaded = load(build, path);
        rejected = !loaded;
    }
    if (loaded && build->entry.length != 0 &&
        fm_cache_store(fm_text_string(&build->entry), path) != 0) {
        remark_errno(build, "the cache was not written");
    }
    remove_work(build, rejected);
    if (build->directory.length != 0) {
        fm_cache_tidy(fm_text_string(&build->directory), fm_text_string(&build->entry));
    }
    if (loaded) {
        end(build, FM_BUILD_READY, "compiled in %.2f s", build->seconds);
    } else if (rejected) {
        fm_text_printf(&build->message, ", kept in %s%s", fm_text_string(&build->work),
                       fm_text_string(&build->refusal));
    }
}

static void run_build(void *closure)
{
    compile_and_load(closure);
}

/* --- the build's life --- */

static void copy_texts(struct fm_build *build, const char *const *texts, uint32_t count)
{
    char **copies = fm_arena_alloc(&build->arena, (count + 1) * sizeof *copies);
    size_t *sizes = fm_arena_alloc(&build->arena, (count + 1) * sizeof *sizes);
    for (uint32_t i = 0; i < count; i++) {
        sizes[i] = strlen(texts[i]);
        copies[i] = fm_arena_strndup(&build->arena, texts[i], sizes[i]);
    }
    build->texts = copies;
    build->sizes = sizes;
    build->count = count;
}

struct fm_build *fm_build_new(const struct fm_build_options *options, const char *const *texts,
                              uint32_t count)
{
    struct fm_build *build = fm_memory_calloc(1, sizeof *build);
    fm_arena_init(&build->arena, "emitted code");
    pthread_mutex_init(&build->lock, NULL);
    atomic_store(&build->state, FM_BUILD_RUNNING);
    build->lock_file = -1;
    copy_texts(build, texts, count);
    if (!find_compiler(build, options->compiler)) {
        return build;
    }
    if (fm_cache_open(options->cache_directory, &build->directory, &build->remark)) {
        fm_cache_path(fm_text_string(&build->directory), key_of(build), &build->entry);
        const char *path = fm_text_string(&build->entry);
        if (fm_cache_is_intact(path) && load(build, path)) {
            fm_cache_touch(path);
            end(build, FM_BUILD_READY, "from the cache");
            return build;
        }
        atomic_store(&build->state, FM_BUILD_RUNNING);
    } else {
        fm_text_clear(&build->directory);
    }
    return build;
}

bool fm_build_needs_compiler(const struct fm_build *build)
{
    return build->thread == NULL && atomic_load(&build->state) == FM_BUILD_RUNNING;
}

void fm_build_start(struct fm_build *build)
{
    if (!fm_build_needs_compiler(build)) {
        return;
    }
    build->thread = fm_thread_start(run_build, build, STACK_SIZE);
    if (build->thread == NULL) {
        end(build, FM_BUILD_FAILED, "no thread for the compiler: %s", strerror(errno));
    }
}

static void join(struct fm_build *build)
{
    if (build->thread != NULL) {
        fm_thread_join(build->thread);
        build->thread = NULL;
    }
}

enum fm_build_state fm_build_wait(struct fm_build *build)
{
    join(build);
    return atomic_load(&build->state);
}

const struct fm_nrt_code *fm_build_code(const struct fm_build *build)
{
    return &build->code;
}

double fm_build_seconds(const struct fm_build *build)
{
    return build->seconds;
}

const char *fm_build_message(const struct fm_build *build)
{
    return fm_text_string(&build->message);
}

const char *fm_build_remark(const struct fm_build *build)
{
    return build->remark.length == 0 ? NULL : fm_text_string(&build->remark);
}

void fm_build_cancel(struct fm_build *build)
{
    pthread_mutex_lock(&build->lock);
    build->cancelled = true;
    for (uint32_t i = 0; i < PROCESSES_MAX; i++) {
        if (build->running[i] > 0) {
            (void)kill(-build->running[i], SIGTERM);
        }
    }
    pthread_mutex_unlock(&build->lock);
}

void fm_build_free(struct fm_build *build)
{
    if (build == NULL) {
        return;
    }
    fm_build_cancel(build);
    join(build);
    if (build->handle != NULL) {
        (void)dlclose(build->handle);
    }
    fm_text_deinit(&build->directory);
    fm_text_deinit(&build->entry);
    fm_text_deinit(&build->work);
    fm_text_deinit(&build->refusal);
    fm_text_deinit(&build->remark);
    fm_text_deinit(&build->message);
    pthread_mutex_destroy(&build->lock);
    fm_arena_deinit(&build->arena);
    fm_memory_free(build);
}
