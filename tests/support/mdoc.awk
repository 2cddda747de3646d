# mdoc.awk - takes a manual page apart for tests/check_docs.sh.
#
# SPDX-License-Identifier: MIT
#
#   awk -v page=NAME.SECTION -v dir=DIR -f mdoc.awk PAGE
#
# Prints `name NAME`, `function NAME` (in the synopsis), `xref NAME SECTION`,
# `code FILE` and `session FILE`.  Writes DIR/PAGE.synopsis.c, the
# functions of the synopsis behind the headers it names; each example in C as
# DIR/NAME.c, as its first line calls itself; and each session, which begins
# with a dollar, as for fences.awk.

# The words of a macro line, quotation marks taken off.
function words(line,    n, c, i, quoted, word) {
    n = 0
    word = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") {
            quoted = !quoted
        } else if (c == " " && !quoted) {
            if (word != "") arg[++n] = word
            word = ""
        } else {
            word = word c
        }
    }
    if (word != "") arg[++n] = word
    arg[n + 1] = arg[n + 2] = ""
    return n
}

function rest(from, n,    text, i) {
    text = arg[from]
    for (i = from + 1; i <= n; i++) text = text " " arg[i]
    return text
}

# A declaration of the synopsis is complete.
function declare(type, name, parameters) {
    if (name !~ /^\(/) print "function " name
    print type " " name "(" parameters ");" >synopsis
}

# As the page is shown.
function shown(line) {
    gsub(/\\\(aq/, "'", line)
    gsub(/\\\(dq/, "\"", line)
    gsub(/\\&/, "", line)
    gsub(/\\-/, "-", line)
    gsub(/\\e/, "\\", line)
    return line
}

function put_example(    file, i) {
    if (line[1] ~ /^\$ /) {
        file = dir "/" page "." ++sessions
        for (i = 1; i <= lines; i++) print line[i] >(file ".session")
        close(file ".session")
        print "session " page "." sessions
    } else if (page ~ /\.3$/) {
        file = line[1]
        sub(/^\/\* /, "", file)
        sub(/\.c .*/, "", file)
        for (i = 1; i <= lines; i++) print line[i] >(dir "/" file ".c")
        close(dir "/" file ".c")
        print "code " file
    }
}

BEGIN { synopsis = dir "/" page ".synopsis.c" }

/^\.Sh / { section = substr($0, 5) }
/^\.Bd -literal/ { lines = 0; literal = 1; next }
/^\.Ed/ {
    if (literal && section == "EXAMPLES") put_example()
    literal = 0
    next
}
literal { line[++lines] = shown($0); next }
!/^\./ { next }

{
    n = words($0)
    for (i = 1; i <= n; i++) {
        if (arg[i] == ".Xr" || arg[i] == "Xr")
            print "xref " arg[i + 1] " " arg[i + 2]
    }
}
section == "NAME" && arg[1] == ".Nm" { print "name " arg[2] }
section != "SYNOPSIS" { next }
arg[1] == ".In" { print "#include <" arg[2] ">" >synopsis }
arg[1] == ".Ft" { type = rest(2, n) }
arg[1] == ".Fn" {
    parameters = arg[3]
    for (i = 4; i <= n; i++) parameters = parameters ", " arg[i]
    declare(type, arg[2], parameters)
}
arg[1] == ".Fo" { opened = arg[2]; parameters = "" }
arg[1] == ".Fa" {
    parameters = parameters (parameters == "" ? "" : ", ") rest(2, n)
}
arg[1] == ".Fc" { declare(type, opened, parameters) }
