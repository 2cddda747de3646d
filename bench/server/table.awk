# table.awk - medians of what bench/server/run measured, beside the goals.
# Lines are SERVER RUN FIGURE VALUE.  It fails if ours was wrong.
#
# SPDX-License-Identifier: MIT

{
    key = $1 SUBSEP $2 SUBSEP $3
    value[key, ++count[key]] = $4
}

function median(server, run, figure,    key, n, i, k, v, list) {
    key = server SUBSEP run SUBSEP figure
    n = count[key]
    if (n == 0) {
        return ""
    }
    for (i = 1; i <= n; i++) {
        v = value[key, i] + 0
        for (k = i; k > 1 && list[k - 1] > v; k--) {
            list[k] = list[k - 1]
        }
        list[k] = v
    }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function show(number, digits) {
    return number == "" ? "-" : sprintf("%." digits "f", number)
}

# One line: a name, a goal, and a figure of each server.
function line(name, goal, run, figure, digits, factor,    i, text, v) {
    text = sprintf("%-40s %-14s", name, goal)
    for (i = 1; i <= n_servers; i++) {
        v = median(server[i], run, figure)
        text = text sprintf(" %12s", v == "" ? "-" : show(v * factor, digits))
    }
    print text
}

# The same as a multiple of the first server's, which is the floor.
function ratio(name, goal, run, figure,    i, text, v, first) {
    text = sprintf("%-40s %-14s", name, goal)
    first = median(server[1], run, figure)
    for (i = 1; i <= n_servers; i++) {
        v = median(server[i], run, figure)
        text = text sprintf(" %12s",
            v == "" || first + 0 == 0 ? "-" : show(v / first, 2))
    }
    print text
}

# What the stall adds: of delay as a ratio, of memory for each who stalls.
function stall(    i, text, calm, v) {
    text = sprintf("%-40s %-14s", "5 last delivery p99, stalled / not", \
        "<= 1.1")
    for (i = 1; i <= n_servers; i++) {
        calm = median(server[i], "calm", "last_p99_ms")
        v = median(server[i], "stall", "last_p99_ms")
        v = calm + 0 == 0 || v == "" ? "" : v / calm
        text = text sprintf(" %12s", show(v, 2))
    }
    print text
    text = sprintf("%-40s %-14s", "  KiB for each stalled peer", "<= 128")
    for (i = 1; i <= n_servers; i++) {
        v = more(server[i], "stall")
        v = v == "" ? "" : (v - more(server[i], "calm")) / 100
        text = text sprintf(" %12s", show(v, 1))
    }
    print text
}

# Memory that a load took, of the kernel and of the process, in KiB.
function more(server, run,    v) {
    v = median(server, run, "kernel_more_kib")
    return v == "" ? "" : v + median(server, run, "user_more_kib")
}

END {
    n_servers = split(servers, server, " ")
    text = sprintf("%-40s %-14s", "medians of " runs " runs", "goal")
    for (i = 1; i <= n_servers; i++) {
        text = text sprintf(" %12s", server[i])
    }
    print text
    if (rows ~ /1/) {
        line("1 deliveries/s under pressure (millions)", ">= 2.5", \
            "pressure", "per_second", 3, 1e-6)
        ratio("  against the floor", ">= 8", "pressure", "per_second")
        line("  last delivery p99, ms", "<= 40", "pressure", \
            "last_p99_ms", 1, 1)
        line("  CPU us/delivery", "", "pressure", "cpu_us", 2, 1)
    }
    if (rows ~ /2/) {
        line("2 CPU us/delivery, 10,000 subscribers", "", "many", "cpu_us", \
            2, 1)
        ratio("  against the floor", "<= 1.0", "many", "cpu_us")
        line("  last delivery p99, ms", "<= 70", "many", "last_p99_ms", 1, 1)
        line("  last delivery p50, ms", "", "many", "last_p50_ms", 1, 1)
        line("  CPU of an event to all, ms", "", "many", "cpu_us", 1, 10)
        line("  CPU us/delivery, a client that sleeps", "", "asleep", \
            "cpu_us", 2, 1)
        ratio("  against the floor", "<= 1.0", "asleep", "cpu_us")
        line("  last delivery p99, ms", "<= 70", "asleep", "last_p99_ms", 1, 1)
    }
    if (rows ~ /3/) {
        line("3 CPU us/event, 1,000 private streams", "", "streams", \
            "cpu_us", 2, 1)
        ratio("  against the floor", "<= 1.05", "streams", "cpu_us")
    }
    if (rows ~ /4/) {
        line("4 user bytes for an idle subscriber", "<= 128", "idle", \
            "idle_bytes", 0, 1)
    }
    if (rows ~ /5/) {
        stall()
        line("  last delivery p99 without a stall, ms", "", "calm", \
            "last_p99_ms", 1, 1)
    }
    if (rows ~ /6/) {
        line("6 CPU us/stream, connect to end", "", "short", \
            "stream_cpu_us", 1, 1)
        ratio("  against the floor", "<= 1.25", "short", "stream_cpu_us")
    }
    for (i = 1; i <= n_servers; i++) {
        for (name in count) {
            split(name, part, SUBSEP)
            if (part[1] == server[i] && part[3] == "wrong") {
                print "WRONG: " part[1] ", " part[2] ": events lost, " \
                    "doubled, late or refused in " count[name] " run(s)"
                failed = failed || server[i] == "serve"
            }
        }
    }
    exit failed
}
