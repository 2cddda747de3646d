# check_conformance.sh - docs/conformance.md names nothing that is not there.
#
# SPDX-License-Identifier: MIT
#
# In the tables of that file a word in backquotes is a file if it has a slash,
# a function of the file named before it if it ends with (), a function of the
# test program named before it if it begins with test_, and otherwise, in the
# last column, a vector.  Text in double quotes in the last column is the name
# of a row of the test program named before it.
. "$(dirname "$0")/support/tap.sh"

table=$TOP/docs/conformance.md
cases=$TOP/tests/cases
claimed=$TMPDIR/claimed
named=$TMPDIR/named
: >"$claimed"
: >"$named"

# has_vectors PATTERN: also notes which.
has_vectors() {
    # The pattern is meant to be one.
    # shellcheck disable=SC2086
    set -- "$cases"/$1.sse
    [ -f "$1" ] && printf '%s\n' "$@" >>"$claimed"
}

# is_defined NAME: a line of $file begins its definition, and is no prototype.
is_defined() {
    grep -E "^[a-z].*[ *]$1\\(" "$TOP/$file" | grep -qv ';$'
}

# One word or text of a row; `file` is the latest file named in its cell.
holds() {
    case $1 in
    path) file=$2 && echo "$2" >>"$named" && [ -f "$TOP/$2" ] ;;
    function) [ -n "$file" ] && is_defined "$2" ;;
    test) [ -n "$file" ] && grep -qw "$2" "$TOP/$file" ;;
    row) [ -n "$file" ] && grep -qF "\"$2\"" "$TOP/$file" ;;
    *) has_vectors "$2" ;;
    esac
}

# Each row as a line CLAUSE and then a line KIND WORD for each thing it names.
rows() {
    awk -F ' *[|] *' '
    function put(kind, word) { printf "%s\t%s\n", kind, word; things++ }
    function cell(text, last,   word, kind) {
        print "cell\t-"
        while (match(text, last ? "`[^`]*`|\"[^\"]*\"" : "`[^`]*`")) {
            kind = substr(text, RSTART, 1)
            word = substr(text, RSTART + 1, RLENGTH - 2)
            text = substr(text, RSTART + RLENGTH)
            if (kind == "\"") put("row", word)
            else if (word ~ /\//) put("path", word)
            else if (word ~ /^[a-z_0-9]+\(\)$/)
                put("function", substr(word, 1, length(word) - 2))
            else if (last && word ~ /^test_/) put("test", word)
            else if (last) put("vector", word)
        }
    }
    /^\|/ && !/^\|-/ && $2 != "Clause" {
        printf "clause\t%s\n", NF == 5 ? $2 : "not three columns: " $0
        things = 0; cell($3, 0); here = things
        things = 0; cell($4, 1)
        if (here == 0 || things == 0) print "empty\t-"
    }' "$table"
}

tab=$(printf '\t')
clause=
missing=
finish_row() {
    [ -z "$clause" ] || is "$missing" '' "$clause"
}
rows >"$TMPDIR/rows"
while IFS=$tab read -r kind word; do
    case $kind in
    clause)
        finish_row
        clause=$word missing=
        ;;
    cell) file= ;;
    empty) missing="$missing nothing is named;" ;;
    *) holds "$kind" "$word" || missing="$missing $kind $word;" ;;
    esac
done <"$TMPDIR/rows"
finish_row

ls "$cases"/*.sse >"$TMPDIR/vectors"
is "$(sort -u "$claimed" | comm -3 - "$TMPDIR/vectors" | head)" '' \
    "every one of $(grep -c . "$TMPDIR/vectors") vectors is named by a row"

# Outside the tables: files, and functions of the public headers.
lost=
for word in $(grep -v '^|' "$table" | grep -o '`[^` ]*`' | tr -d '`'); do
    case $word in
    libsse/* | include/* | adapters/* | tests/* | fuzz/* | docs/*)
        [ -e "$TOP/$word" ] || lost="$lost $word" ;;
    sse_*'()')
        grep -qw "${word%??}" "$TOP"/include/sse/*.h || lost="$lost $word" ;;
    esac
done
is "$lost" '' 'what the text names is there too'

silent=
for file in $(cd "$TOP" && grep -l 'HTML Standard' libsse/*.c); do
    grep -qx "$file" "$named" || silent="$silent $file"
done
is "$silent" '' 'every file that cites the standard is named'
done_testing
