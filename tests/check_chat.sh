# check_chat.sh - what docs/chat.md promises is held by tests that are there.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

page=$TOP/docs/chat.md

# Test files stand in backquotes with their folder; behind each, in quotation
# marks, what one of its tests is called, up to the next file.
awk -F '|' '/^\|/ {
    cell = $(NF - 1)
    while (match(cell, /`(net|web|chat)\/[a-z_.]*`|"[^"]*"/)) {
        word = substr(cell, RSTART + 1, RLENGTH - 2)
        if (substr(cell, RSTART, 1) == "`") {
            file = word
            print file
        } else {
            print file "\t" word
        }
        cell = substr(cell, RSTART + RLENGTH)
    }
}' "$page" >"$TMPDIR/named"

is "$(cut -f 1 "$TMPDIR/named" | sort -u | while read -r file; do
    [ -f "$TOP/tests/$file" ] || echo "$file"
done)" '' 'each test file is there'

# A name that is broken over two lines in the source is looked for without.
is "$(grep "	" "$TMPDIR/named" | while IFS='	' read -r file name; do
    tr -s ' \n' '  ' <"$TOP/tests/$file" | grep -qF -- "$name" ||
        echo "$file: $name"
done)" '' 'each test is called that'

folders='base\|http\|llm\|offline\|page\|service\|store'
is "$(grep -o "\`\($folders\)/[a-z_-]*\.[a-z]*\`" "$page" |
    tr -d '`' | sort -u | while read -r file; do
    [ -f "$TOP/examples/chat/$file" ] || echo "$file"
done)" '' 'each source file is there'

count=$(grep -c '^| [0-9]* | ' "$page")
is "$count" 33 'each point of the starting guide has a row'

# Every fault that the offline upstream knows stands in the table.
is "$(sed -n '/names\[\] = {/,/};/p' "$TOP/examples/chat/offline/mishap.c" |
    grep -o '"[a-z-]\+"' | tr -d '"' | while read -r fault; do
    grep -q "\`$fault\`" "$page" || echo "$fault"
done)" '' 'each fault has a row'
done_testing
