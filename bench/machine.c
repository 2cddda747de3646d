/*
 * machine.c - what a figure was measured on.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

#if defined(__clang__)
#define NAME "clang"
#define MAJOR TEXT(__clang_major__)
#define MINOR TEXT(__clang_minor__) "." TEXT(__clang_patchlevel__)
#elif defined(__GNUC__)
#define NAME "gcc"
#define MAJOR TEXT(__GNUC__)
#define MINOR TEXT(__GNUC_MINOR__) "." TEXT(__GNUC_PATCHLEVEL__)
#else
#define NAME "cc"
#define MAJOR "0"
#define MINOR "0"
#endif

const char *machine_compiler(void)
{
    return NAME " " MAJOR "." MINOR;
}

const char *machine_compiler_key(void)
{
    return NAME "-" MAJOR;
}

/* The first line of /proc/cpuinfo that names a model. */
static int read_model(char *dst, size_t cap)
{
    FILE *const file = fopen("/proc/cpuinfo", "r");
    if (file == NULL) {
        return 0;
    }
    char line[512];
    int found = 0;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        const char *const colon = strchr(line, ':');
        if (colon != NULL && strncmp(line, "model name", 10) == 0) {
            snprintf(dst, cap, "%s", colon + 1 + strspn(colon + 1, " \t"));
            dst[strcspn(dst, "\n")] = '\0';
            found = dst[0] != '\0';
        }
    }
    fclose(file);
    return found;
}

const char *machine_cpu(void)
{
    static char model[128];
    if (model[0] == '\0' && !read_model(model, sizeof model)) {
        struct utsname names;
        snprintf(model, sizeof model, "%s",
                 uname(&names) == 0 ? names.machine : "unknown");
    }
    for (char *at = model; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || *at < ' ' || *at > '~') {
            *at = ' ';
        }
    }
    return model;
}

/* Bytes of a cache by its number, 0 if the system does not tell.  sysconf()
 * counts the caches of processors that are elsewhere as well. */
static size_t read_cache(int number)
{
    char name[64];
    snprintf(name, sizeof name,
             "/sys/devices/system/cpu/cpu0/cache/index%d/size", number);
    FILE *const file = fopen(name, "r");
    if (file == NULL) {
        return 0;
    }
    unsigned kib = 0;
    char unit = '\0';
    const int count = fscanf(file, "%u%c", &kib, &unit);
    fclose(file);
    return count == 2 && unit == 'K' ? (size_t)kib * 1024 : 0;
}

size_t machine_cache(void)
{
    size_t most = (size_t)2 << 20;
    for (int number = 0; number < 5; number++) {
        const size_t size = read_cache(number);
        most = size > most ? size : most;
    }
    return most;
}
