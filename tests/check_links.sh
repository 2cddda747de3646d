# check_links.sh - what programs link: a client without the server, and both
# clients side by side.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc} nm=${NM:-nm} san=${SAN_FLAGS:-}
cd "$TMPDIR" || exit 1

# compile NAME LIBRARIES...: the program, linked with the archives alone.
compile() {
    name=$1
    shift
    # Flags are meant to split.
    # shellcheck disable=SC2086
    $cc -std=c99 $san -pthread -I"$TOP/include" -o "$name" "$name.c" "$@" \
        2>errors
}

cat >client.c <<'END'
#include <sse/sock.h>
static int on_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    return SSE_GO;
}
int main(void)
{
    sse_client_config config;
    sse_client_config_init(&config);
    config.url = "https://127.0.0.1/";
    config.on_event = on_event;
    return sse_client_run(&config) == SSE_ERR_TRANSPORT ? 0 : 1;
}
END
sock=$BUILD/lib/libsse-sock.a core=$BUILD/lib/libsse.a
if compile client "$sock" "$core"; then
    ok 'a program with the client alone links'
    succeeds 'and runs' ./client
    is "$($nm client | awk '{ print $NF }' | grep -E \
        '^sse_(server|request|stream)_|^sse_priv_(server|conn|request|reply|head_|wri)')" \
        '' 'it holds nothing of the server'
    like "$($nm client | awk '{ print $NF }' | grep -c '^sse_client_')" \
        '[1-9]*' 'but the client'
else
    not_ok 'a program with the client alone links'
    note "$(cat errors)"
fi

# The rules both share are in both archives, under the same names.
if [ ! -f "$BUILD/lib/libsse-curl.a" ]; then
    skip 'both clients in one program' 'libsse-curl was not built'
    done_testing
fi
cat >both.c <<'END'
#include <sse/curl.h>
#include <sse/sock.h>
static int on_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    return SSE_GO;
}
int main(void)
{
    sse_client_config sock;
    sse_curl_config curl;
    sse_client_config_init(&sock);
    sse_curl_config_init(&curl);
    sock.url = curl.url = "nonsense://127.0.0.1/";
    sock.on_event = curl.on_event = on_event;
    CURL *easy = curl_easy_init();
    const int bad = sse_client_run(&sock) != SSE_ERR_INVALID ||
                    sse_curl_run(easy, &curl) != SSE_ERR_INVALID;
    curl_easy_cleanup(easy);
    return bad;
}
END
curl=$BUILD/lib/libsse-curl.a
curl_libs=$(cd "$TOP" && CC=$cc FLAGS=$san PKG_CONFIG=${PKG_CONFIG:-pkg-config} \
    scripts/probe "$TMPDIR/probe" libcurl libs)
for order in "$sock $curl" "$curl $sock"; do
    # shellcheck disable=SC2086
    if compile both $order "$core" $curl_libs; then
        ok "both clients link: $(basename "${order% *}") first"
        succeeds 'and run' ./both
    else
        not_ok "both clients link: $(basename "${order% *}") first"
        note "$(cat errors)"
    fi
done
done_testing
