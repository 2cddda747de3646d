/*
 * load_proc.c - what a server's process and the kernel use.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int slurp(const char *path, char *text, size_t cap)
{
    FILE *const file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    const size_t n = fread(text, 1, cap - 1, file);
    text[n] = '\0';
    (void)fclose(file);
    return n > 0;
}

/* utime and stime of all threads, in seconds. */
double load_cpu_s(int pid)
{
    char path[64];
    char text[4096];
    unsigned long user = 0;
    unsigned long system = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (pid == 0 || !slurp(path, text, sizeof text)) {
        return 0;
    }
    const char *const end = strrchr(text, ')');
    if (end == NULL ||
        sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
               &user, &system) != 2) {
        return 0;
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* Memory that the process alone holds, or its share of what it does not. */
double load_user_kib(int pid)
{
    char path[64];
    char text[4096];
    (void)snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    if (pid == 0 || !slurp(path, text, sizeof text)) {
        return 0;
    }
    const char *const at = strstr(text, "\nPss:");
    return at != NULL ? strtod(at + 5, NULL) : 0;
}

/* Memory of all TCP sockets of the machine: counted in pages. */
double load_kernel_kib(void)
{
    char text[4096];
    if (!slurp("/proc/net/sockstat", text, sizeof text)) {
        return 0;
    }
    const char *const tcp = strstr(text, "TCP:");
    const char *const at = tcp != NULL ? strstr(tcp, " mem ") : NULL;
    return at != NULL
               ? strtod(at + 5, NULL) * (double)sysconf(_SC_PAGESIZE) / 1024
               : 0;
}
