/* Replays a corpus through a fuzz entry, without libFuzzer.
 *
 * usage: replay_NAME FILE_OR_DIRECTORY...
 * Every file is given once to LLVMFuzzerTestOneInput; a crash is the failure. An empty corpus is a
 * failure too, because then nothing was tested. Directories are not searched recursively. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what, const char *path)
{
    (void)fprintf(stderr, "replay: %s: ", path);
    perror(what);
    exit(1);
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("open", path);
    }
    /* Exactly as long as the input, so that the address sanitizer sees a read past its end. */
    uint8_t *data = malloc(size > 0 ? size : 1);
    if (data == NULL || fread(data, 1, size, file) != size) {
        fail("read", path);
    }
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static unsigned replay_path(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        fail("stat", path);
    }
    if (S_ISREG(status.st_mode)) {
        replay_file(path, (size_t)status.st_size);
        return 1;
    }
    DIR *directory = opendir(path);
    if (directory == NULL) {
        fail("opendir", path);
    }
    unsigned count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        char name[4096];
        int length = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof name || stat(name, &status) != 0) {
            fail("stat", entry->d_name);
        }
        if (S_ISREG(status.st_mode)) {
            replay_file(name, (size_t)status.st_size);
            count++;
        }
    }
    (void)closedir(directory);
    return count;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    for (int i = 1; i < argc; i++) {
        count += replay_path(argv[i]);
    }
    if (count == 0) {
        (void)fprintf(stderr, "replay: no input files\n");
        return 1;
    }
    (void)printf("%u inputs replayed\n", count);
    return 0;
}
