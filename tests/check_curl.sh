# check_curl.sh - nothing of libcurl is used that release 7.68 does not have,
# unless the preprocessor asks for the release first.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

work=$TMPDIR/curl
mkdir "$work"
cd "$TOP" || exit 1
sed '/^#/d' tests/abi/curl.txt | LC_ALL=C sort >"$work/known"

# Each name that is no include guard, behind `*` if it stands between an #if
# with LIBCURL_VERSION_NUM and its #endif.
awk '
FNR == 1 { depth = guard = 0 }
/^#if/ { depth++; if (/LIBCURL_VERSION_NUM/ && !guard) guard = depth }
/^#endif/ { if (depth == guard) guard = 0; depth-- }
!/_H$/ && !/LIBCURL_VERSION_NUM/ {
    while (match($0, /(^|[^A-Za-z0-9_])CURL[A-Z0-9]*_[A-Z0-9_]+/)) {
        name = substr($0, RSTART, RLENGTH)
        sub(/^[^C]/, "", name)
        print (guard ? "* " : "- ") name
        $0 = substr($0, RSTART + RLENGTH)
    }
}' adapters/curl/*.[ch] include/sse/curl.h tools/sse/*.[ch] \
    examples/common/curl_*.[ch] examples/*.c examples/chat/*/*.[ch] |
    grep -v -e CURL_CA_BUNDLE -e '_H$' | LC_ALL=C sort -u >"$work/used"

is "$(awk 'NR == FNR { known[$1]; next } !($2 in known) { print $2 }' \
    "$work/known" "$work/used")" '' 'the release of each name is known'
is "$(awk 'NR == FNR { since[$1] = $2; next }
    {
        split(since[$2], part, ".")
        if ($1 == "-" && part[1] * 10000 + part[2] * 100 + part[3] > 76800)
            print $2, since[$2]
    }' "$work/known" "$work/used")" '' \
    'what came after 7.68.0 stands behind a question for the release'
is "$(awk 'NR == FNR { used[$2]; next } !($1 in used) { print $1 }' \
    "$work/used" "$work/known")" '' 'the list names nothing that is not used'
done_testing
