#!/bin/sh
# amalgam.sh - joins the core into two files, sse.h and sse.c, for those who
# would rather add two files to a program than a library:
#
#     libsse/amalgam.sh DIRECTORY
#
# SSE_PREFIX, defined where sse.h is included and where sse.c is compiled, goes
# in front of every name a linker sees: -DSSE_PREFIX=my_ makes sse_parser_init
# my_sse_parser_init, so that two copies live in one program.
#
# SPDX-License-Identifier: MIT
set -eu
: "${1:?"usage: amalgam.sh DIRECTORY"}"
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^#define SSE_VERSION_[A-Z]* *\([0-9]\{1,\}\)$/\1/p' \
    include/sse/version.h | paste -sd. -)

# Names with external linkage: what public headers mark, what private ones
# declare without `static`.
public=$(for header in version status parser writer source replay utf8; do
    awk '/^SSE_API/ { on = 1 } on { print } /;/ { on = 0 }' \
        "include/sse/$header.h"
done | tr '\n' ' ' | tr ';' '\n' |
    sed -n 's/^[^(]*[ *]\(sse_[a-z0-9_]*\)(.*/\1/p' | sort -u)
private=$(cat libsse/*.h | grep -vE '^(static|SSE_PRIV_INLINE|#| |typedef)' |
    grep -oE 'sse_priv_[a-z0-9_]+(\(|\[|;)' | tr -d '([;' | sort -u)

renames() {
    echo '#ifdef SSE_PREFIX'
    echo "#ifndef $1"
    echo "#define $1"
    echo '#define SSE_JOIN_(a, b) a##b'
    echo '#define SSE_JOIN(a, b) SSE_JOIN_(a, b)'
    echo '#endif'
    for name in $2; do
        echo "#define $name SSE_JOIN(SSE_PREFIX, $name)"
    done
    echo '#endif'
}

# Puts files together: each local header once, where it is first asked for.
# Around each .c file its own names get the file's in front.
join() {
    awk -v headers="$1" '
    function base(path) {
        sub(/.*\//, "", path)
        return path
    }
    function expand(path,    line, name) {
        if (seen[path]++) {
            return
        }
        print "/* ---- " path " ---- */"
        while ((getline line < path) > 0) {
            if (line ~ /^#include <sse\//) {
                name = line
                gsub(/^#include <|>.*/, "", name)
                if (headers) {
                    expand("include/" name)
                }
            } else if (line ~ /^#include "/) {
                name = line
                gsub(/^#include "|".*/, "", name)
                expand("libsse/" name)
            } else {
                print line
            }
        }
        close(path)
    }
    # What a file defines for itself: functions and objects that are static,
    # types, enumerators and macros.
    function collect(path,    line, name) {
        count = 0
        macros = 0
        while ((getline line < path) > 0) {
            name = ""
            if (line ~ /^(TARGET |SSE_PRIV_INLINE |static )/ &&
                line !~ /^static inline void sse_priv_/) {
                name = line
                sub(/[\[(=;].*/, "", name)
                sub(/ *$/, "", name)
                sub(/.*[ *]/, "", name)
            } else if (line ~ /^typedef struct [a-z_]+ \{/) {
                name = line
                sub(/^typedef struct /, "", name)
                sub(/ .*/, "", name)
            } else if (line ~ /^    [A-Z_]+ = /) {
                name = line
                sub(/^ */, "", name)
                sub(/ .*/, "", name)
            } else if (line ~ /^#define [A-Za-z_]+/) {
                macro = line
                sub(/^#define /, "", macro)
                sub(/[( ].*/, "", macro)
                own_macro[++macros] = macro
            }
            if (name != "" && name !~ /^sse_priv_/ && name ~ /^[A-Za-z_]/) {
                own[++count] = name
            }
        }
        close(path)
    }
    BEGIN {
        for (i = 1; i < ARGC; i++) {
            path = ARGV[i]
            if (path !~ /\.c$/) {
                expand(path)
                continue
            }
            collect(path)
            file = base(path)
            sub(/\.c$/, "", file)
            for (k = 1; k <= count; k++) {
                print "#define " own[k] " sse_own_" file "_" own[k]
            }
            expand(path)
            for (k = 1; k <= count; k++) {
                print "#undef " own[k]
            }
            for (k = 1; k <= macros; k++) {
                print "#undef " own_macro[k]
            }
        }
    }' "$@"
}

licence() {
    echo "/* libsse $version, all of it in sse.h and sse.c."
    echo ' *'
    sed 's/^/ * /; s/ *$//' LICENSE
    echo ' */'
}

{
    licence
    echo '#ifndef SSE_AMALGAM_H'
    echo '#define SSE_AMALGAM_H'
    echo '#ifndef SSE_STATIC'
    echo '#define SSE_STATIC'
    echo '#endif'
    renames SSE_JOIN_PUBLIC "$public"
    join 1 include/sse/sse.h
    echo '#endif /* SSE_AMALGAM_H */'
} >"$out/sse.h.part"
{
    licence
    echo '#include "sse.h"'
    echo '#include <stddef.h>'
    echo '#include <stdint.h>'
    echo '#include <string.h>'
    # In C++, gcc takes its own vector headers for careless.
    echo '#if defined(__cplusplus) && defined(__GNUC__) && !defined(__clang__)'
    echo '#pragma GCC diagnostic push'
    echo '#pragma GCC diagnostic ignored "-Wuninitialized"'
    echo '#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"'
    echo '#endif'
    renames SSE_JOIN_PUBLIC "$private"
    # Headers first: some are included for one kind of machine alone.
    join 0 $(ls libsse/*.h | LC_ALL=C sort) $(ls libsse/*.c | LC_ALL=C sort)
    echo '#if defined(__cplusplus) && defined(__GNUC__) && !defined(__clang__)'
    echo '#pragma GCC diagnostic pop'
    echo '#endif'
} >"$out/sse.c.part"
mv "$out/sse.h.part" "$out/sse.h"
mv "$out/sse.c.part" "$out/sse.c"
