# table.awk - tables out of the rows that bench/rivals/run collects.
#
# SPDX-License-Identifier: MIT

# The median of what was measured, or nothing.
function median(way, corpus, name,    n, i, k, kept, list) {
    n = count[way, corpus, name]
    for (i = 1; i <= n; i++) {
        list[i] = value[way, corpus, name, i]
    }
    for (i = 2; i <= n; i++) {
        kept = list[i]
        for (k = i - 1; k > 0 && list[k] > kept; k--) {
            list[k + 1] = list[k]
        }
        list[k + 1] = kept
    }
    return n == 0 ? "" : n % 2 ? list[(n + 1) / 2] \
        : (list[n / 2] + list[n / 2 + 1]) / 2
}

function number(x) {
    return x == "" ? sprintf("%10s", "-") \
        : sprintf("%10.*f", x < 10 ? 2 : x < 100 ? 1 : 0, x)
}

function table(way, title, columns, names,
               c, n, i, k, column, name, ours, pass, ns) {
    c = split(columns, column, " ")
    n = split(names, name, " ")
    for (pass = 1; pass <= 2; pass++) {
        printf "\n%-24s", pass == 1 ? title ", ns/event" \
            : "times as long as libsse"
        for (k = 1; k <= c; k++) {
            printf "%10s", column[k]
        }
        print ""
        for (i = pass; i <= n; i++) {
            printf "%-24s", name[i]
            for (k = 1; k <= c; k++) {
                ours = median(way, column[k], name[1])
                ns = median(way, column[k], name[i])
                if (ns != "") {
                    ns = pass == 1 ? ns / units[column[k]] : ns / ours
                }
                printf "%s", number(ns)
            }
            print ""
        }
    }
}

$1 == "size" { units[$2] = $3 }
$1 == "read" || $1 == "write" {
    value[$1, $2, $3, ++count[$1, $2, $3]] = $4
}
END {
    table("read", "parsers", \
        "openai anthropic tiny multiline big heartbeat crlf full", \
        "libsse memchr getline bytewise bufio.Scanner " \
        "eventsource-parser/text eventsource-parser undici")
    table("write", "writers", "openai anthropic tiny multiline big full", \
        "libsse memcpy eventsource-encoder")
}
