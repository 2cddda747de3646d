/*
 * flags.c - reading a command line by a table.
 *
 * SPDX-License-Identifier: MIT
 */
#include "flags.h"

#include "near.h"
#include "say.h"

#include <stddef.h>
#include <string.h>

void flags_init(struct flags *flags, const char *command,
                const struct flag *table, int argc, char *const *argv)
{
    flags->command = command;
    flags->table = table;
    flags->argc = argc;
    flags->argv = argv;
    flags->at = 0;
    flags->only_operands = 0;
    flags->letters = NULL;
}

const char *flags_name(const struct flags *flags, int id)
{
    for (const struct flag *flag = flags->table; flag->name != NULL; flag++) {
        if (flag->id == id) {
            return flag->name;
        }
    }
    return "a flag";
}

static int missing_value(const struct flags *flags, const char *name)
{
    say("%s: %s needs a value; `sse %s --help` says which", flags->command,
        name, flags->command);
    return FLAGS_ERROR;
}

static int unknown(const struct flags *flags, const char *text, int len)
{
    for (const struct flag *flag = flags->table; flag->name != NULL; flag++) {
        if (len > 3 && near_word(text, (size_t)len, flag->name,
                                 strlen(flag->name))) {
            say("%s: there is no flag %.*s; did you mean %s?", flags->command,
                len, text, flag->name);
            return FLAGS_ERROR;
        }
    }
    say("%s: there is no flag %.*s; `sse %s --help` lists the flags",
        flags->command, len, text, flags->command);
    return FLAGS_ERROR;
}

/* The value behind a flag: the next argument. */
static int take_value(struct flags *flags, const struct flag *flag,
                      const char **value)
{
    if (flags->at >= flags->argc) {
        return missing_value(flags, flag->name);
    }
    *value = flags->argv[flags->at++];
    return flag->id;
}

static int long_flag(struct flags *flags, const char *text,
                     const char **value)
{
    const char *const equals = strchr(text, '=');
    const size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    for (const struct flag *flag = flags->table; flag->name != NULL; flag++) {
        if (strlen(flag->name) != len || memcmp(flag->name, text, len) != 0) {
            continue;
        }
        if (!flag->takes_value) {
            if (equals != NULL) {
                say("%s: %s takes no value", flags->command, flag->name);
                return FLAGS_ERROR;
            }
            return flag->id;
        }
        if (equals != NULL) {
            *value = equals + 1;
            return flag->id;
        }
        return take_value(flags, flag, value);
    }
    return unknown(flags, text, (int)len);
}

static int short_flag(struct flags *flags, const char **value)
{
    const char *const text = flags->letters;
    for (const struct flag *flag = flags->table; flag->name != NULL; flag++) {
        if (flag->letter != *text) {
            continue;
        }
        flags->letters = text[1] != '\0' ? text + 1 : NULL;
        if (!flag->takes_value) {
            return flag->id;
        }
        if (flags->letters != NULL) {
            *value = flags->letters;
            flags->letters = NULL;
            return flag->id;
        }
        return take_value(flags, flag, value);
    }
    const char shown[3] = {'-', *text, '\0'};
    return unknown(flags, shown, 2);
}

int flags_next(struct flags *flags, const char **value)
{
    *value = NULL;
    if (flags->letters != NULL) {
        return short_flag(flags, value);
    }
    if (!flags->only_operands && flags->at < flags->argc &&
        strcmp(flags->argv[flags->at], "--") == 0) {
        flags->only_operands = 1;
        flags->at++;
    }
    if (flags->at >= flags->argc) {
        return FLAGS_END;
    }
    const char *const text = flags->argv[flags->at++];
    /* `-` alone is an operand: standard input. */
    if (flags->only_operands || text[0] != '-' || text[1] == '\0') {
        *value = text;
        return FLAGS_OPERAND;
    }
    if (text[1] != '-') {
        flags->letters = text + 1;
        return short_flag(flags, value);
    }
    return long_flag(flags, text, value);
}

int flags_number(const struct flags *flags, int id, const char *value,
                 uint64_t least, uint64_t most, uint64_t *number)
{
    uint64_t n = 0;
    int good = *value != '\0';
    for (const char *at = value; good && *at != '\0'; at++) {
        const unsigned digit = (unsigned)(unsigned char)*at - '0';
        good = digit <= 9 && n <= (UINT64_MAX - digit) / 10;
        n = good ? n * 10 + digit : n;
    }
    if (!good || n < least || n > most) {
        say("%s: %s wants a whole number from %llu to %llu, not \"%s\"",
            flags->command, flags_name(flags, id), (unsigned long long)least,
            (unsigned long long)most, value);
        return -1;
    }
    *number = n;
    return 0;
}
