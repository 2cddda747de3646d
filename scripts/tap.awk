# tap.awk - reads the TAP of one test program and says how it went.
#
# SPDX-License-Identifier: MIT
#
# Variables: name, status (exit status of the program), limit, begin, end
# (seconds), err (file with its stderr), sum (file to write).  Prints a line
# for the program and, if it failed, what it had to say.  The file gets a line
# `skip NAME WHY` for each skipped point and one `sum PASSED FAILED SKIPPED
# SECONDS NAME`, with tabs between.

function problem(text)
{
    problems = problems "         " text "\n"
    failed++
}

/^1\.\.[0-9]+/ {
    # cmocka prints one plan for each group of a program.
    plan += substr($1, 4)
    planned = 1
    if ($0 ~ /^1\.\.0 *#/) {
        skipped++
        skips = skips "skip\t" name "\t" substr($0, index($0, "#") + 1) "\n"
    }
    next
}

/^(not )?ok( |$)/ {
    points++
    telling = 0
    place = match($0, /# *[Ss][Kk][Ii][Pp]/)
    if (place > 0) {
        skipped++
        skips = skips "skip\t" name "\t" $0 "\n"
    } else if ($1 == "ok") {
        passed++
    } else {
        failed++
        telling = 1
        problems = problems "         " $0 "\n"
    }
    next
}

/^Bail out!/ {
    problem($0)
    next
}

/^#/ && telling {
    problems = problems "           " $0 "\n"
}

END {
    points += 0
    if (status == 124 || status == 137) {
        problem("ended after " limit " s")
    } else if (status > 128) {
        problem("died of signal " (status - 128))
    } else if (!planned) {
        problem("no plan; exit status " status)
    } else if (points != plan) {
        problem("planned " plan " results, gave " points)
    } else if (status != 0 && failed == 0) {
        problem("all passed, yet the exit status is " status)
    } else if (status == 0 && failed > 0) {
        problem("failed, yet the exit status is 0")
    }
    seconds = end - begin
    out = sprintf("  %s   %-42s %6d %8.2f s\n", failed ? "FAIL" : "PASS", \
        name, points, seconds)
    if (failed) {
        out = out problems
        while ((getline line <err) > 0) {
            tail[++lines] = line
        }
        for (at = lines > 60 ? lines - 59 : 1; at <= lines; at++) {
            out = out "         | " tail[at] "\n"
        }
    }
    printf "%s", out
    printf "%ssum\t%d\t%d\t%d\t%.3f\t%s\n", skips, passed, failed, skipped, \
        seconds, name >sum
}
