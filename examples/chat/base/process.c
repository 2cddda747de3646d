/*
 * process.c - what this process uses, where the system tells (Linux).
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "base/process.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

int64_t process_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int64_t count = -1; /* without the folder's own */
    if (folder == NULL) {
        return -1;
    }
    for (struct dirent *one = readdir(folder); one != NULL;
         one = readdir(folder)) {
        count += one->d_name[0] != '.';
    }
    (void)closedir(folder);
    return count;
}

int64_t process_memory(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long whole = 0;
    long resident = 0;
    if (file == NULL) {
        return -1;
    }
    int got = fscanf(file, "%ld %ld", &whole, &resident);
    (void)fclose(file);
    return got == 2 ? (int64_t)resident * sysconf(_SC_PAGESIZE) : -1;
}
