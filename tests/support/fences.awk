# fences.awk - takes the examples out of a text in Markdown for
# tests/check_docs.sh.
#
# SPDX-License-Identifier: MIT
#
#   awk -v page=FILE -v dir=DIR -f fences.awk FILE
#
# Prints `code NAME` for each block marked c that is a whole program, which is
# written as DIR/NAME.c, NAME being what its first line calls it; `part NAME`
# for any other block marked c, with the headers that every reader has by then
# in front of it; `session NAME` for each block marked console, written as
# DIR/NAME.session; `link TARGET` for each relative link; and `long NUMBER` for
# a line of text beyond 80 columns.

function put(name, head,    i) {
    file = dir "/" name
    printf "%s", head >file
    for (i = 1; i <= lines; i++) print line[i] >file
    close(file)
}

function put_code(    i, whole, name) {
    for (i = 1; i <= lines; i++) whole += line[i] ~ /^int main\(/
    name = line[1]
    if (name !~ /^\/\* [a-z_0-9]*\.c /) {
        name = page "." ++blocks
    } else {
        sub(/^\/\* /, "", name)
        sub(/\.c .*/, "", name)
    }
    put(name ".c", whole ? "" : "#include <sse/sse.h>\n#include <stdio.h>\n" \
        "#include <stdlib.h>\n#include <string.h>\n")
    print (whole ? "code " : "part ") name
}

/^```/ && !fenced { fenced = 1; kind = substr($0, 4); lines = 0; next }
/^```/ {
    fenced = 0
    if (kind == "c") put_code()
    if (kind == "console") {
        name = page "." ++sessions
        put(name ".session", "")
        print "session " name
    }
    next
}
fenced { line[++lines] = $0; next }
{
    text = $0
    while (match(text, /\]\([^)]*\)/)) {
        target = substr(text, RSTART + 2, RLENGTH - 3)
        sub(/#.*/, "", target)
        if (target != "" && target !~ /:/) print "link " target
        text = substr(text, RSTART + RLENGTH)
    }
    if (length($0) > 80 && $0 !~ /^\|/ && $0 !~ /\]\(/)
        print "long " FNR
}
