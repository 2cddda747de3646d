# layout.awk - from a public header, a C program that prints its layout.
#
# SPDX-License-Identifier: MIT
#
#   cat HEADER... | awk -f layout.awk >layout.c
#
# Prints one line for each struct with visible members and for each member:
# `sse_event size 80`, `sse_event.type 0 8` (offset and size, in bytes).  Reads
# the declarations as they are written here: `typedef struct NAME {` on a line
# of its own, plain members, arrays and function pointers, and the last line
# `} NAME;`.

BEGIN {
    print "#include <stddef.h>\n#include <stdio.h>\n#include <sse/sse.h>"
    for (i = 1; i < ARGC; i++) {
        header = ARGV[i]
        sub(/.*\//, "", header)
        printf "#include <sse/%s>\n", header
    }
    print "int main(void)\n{"
}

# Comments, on one line or on several.
{
    text = $0
    if (in_comment) {
        if (text !~ /\*\//) next
        sub(/^.*\*\//, "", text)
        in_comment = 0
    }
    gsub(/\/\*([^*]|\*[^\/])*\*\//, "", text)
    if (text ~ /\/\*/) {
        sub(/\/\*.*/, "", text)
        in_comment = 1
    }
}

text ~ /^typedef struct [a-z_0-9]+ \{ *$/ {
    split(text, words, " ")
    name = words[3]
    printf "    printf(\"%s size %%lu\\n\", (unsigned long)sizeof(%s));\n", \
        name, name
    body = ""
    inside = 1
    next
}

inside && text ~ /^\} [a-z_0-9]+;/ {
    count = split(body, members, ";")
    for (i = 1; i <= count; i++) {
        member(members[i])
    }
    inside = 0
    next
}

inside {
    body = body " " text
}

END {
    print "    return 0;\n}"
}

function member(declaration,    names, n, k)
{
    if (declaration ~ /\( *\* *[a-z_0-9]+ *\)/) {
        # A pointer to a function: what stands in its first parentheses.
        sub(/^[^(]*\( *\* */, "", declaration)
        sub(/ *\).*/, "", declaration)
        one(declaration)
        return
    }
    n = split(declaration, names, ",")
    for (k = 1; k <= n; k++) {
        sub(/\[.*/, "", names[k])
        sub(/ *$/, "", names[k])
        sub(/.*[ *]/, "", names[k])
        if (names[k] != "") one(names[k])
    }
}

function one(field)
{
    printf "    printf(\"%s.%s %%lu %%lu\\n\", (unsigned long)offsetof(%s, %s),\n", \
        name, field, name, field
    printf "           (unsigned long)sizeof(((%s *)0)->%s));\n", name, field
}
