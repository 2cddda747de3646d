/*
 * replay.c - the subcommand `sse replay`, and replaying to standard output.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "replay.h"

#include "say.h"
#include "stop.h"
#include "tool.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t replay_now_us(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Waits, unless a signal or a reader that leaves cuts it short. */
static void rest(struct out *out, uint64_t wait_us)
{
    struct pollfd fds[2] = {{stop_fd(), POLLIN, 0}, {out->fd, 0, 0}};
    const uint64_t most_us = 3600 * (uint64_t)1000000;
    const uint64_t us = wait_us < most_us ? wait_us : most_us;
    if (us >= 2000) {
        if (poll(fds, 2, (int)(us / 1000)) > 0) {
            (void)out_check(out);
        }
    } else {
        const struct timespec time = {0, (long)us * 1000};
        (void)nanosleep(&time, NULL);
    }
}

static const char *text_of(const struct tape *tape, const struct player *player,
                           enum plan_end end)
{
    if (end == PLAN_CUT) {
        return player->limit == player->plan->len && tape->end == TAPE_CUT
                   ? "the recorded connection was cut here"
                   : "cut, as asked for";
    }
    if (end == PLAN_RESET) {
        return "reset, as asked for";
    }
    return player->limit < player->plan->len ? "ended, as asked for"
                                             : "end of the stream";
}

static int to_output(const struct replay_options *options,
                     const struct tape *tape, const struct plan *plan)
{
    static struct out out;
    struct player player;
    struct player_next next;
    memset(&player, 0, sizeof player);
    out_init(&out, STDOUT_FILENO);
    player.speed = options->speed;
    player.loop = options->loop;
    player.faults = 1;
    player_begin(&player, plan, 0, replay_now_us());
    for (;;) {
        if (stop_asked() != 0) {
            say("interrupted");
            return TOOL_SIGNAL + stop_asked();
        }
        if (out.state != OUT_OPEN) {
            say("%s%s",
                out.state == OUT_FAILED ? "writing the output: " : "",
                out_reason(&out));
            return out_exit(&out);
        }
        switch (player_next(&player, replay_now_us(), &next)) {
        case PLAYER_WAIT:
            rest(&out, next.wait_us);
            break;
        case PLAYER_BYTES:
            out_put(&out, next.bytes, next.len);
            (void)out_flush(&out);
            player_took(&player, next.len);
            break;
        case PLAYER_OVER:
            say("%s", text_of(tape, &player, next.end));
            return TOOL_OK;
        }
    }
}

static int replay(const struct replay_options *options)
{
    struct tape tape;
    struct plan plan;
    int code = TOOL_FAILED;
    memset(&plan, 0, sizeof plan);
    memset(&tape, 0, sizeof tape);
    tape.status = 200;
    if ((options->source == NULL || tape_read(&tape, options->source) == 0) &&
        plan_make(&plan, &tape, &options->wish) == 0) {
        code = options->listens ? replay_serve(options, &tape, &plan)
                                : to_output(options, &tape, &plan);
    } else if (stop_asked() != 0) {
        code = TOOL_SIGNAL + stop_asked();
    }
    plan_free(&plan);
    tape_free(&tape);
    return code;
}

static int run(int argc, char *const *argv)
{
    struct replay_options options;
    int code = TOOL_USAGE;
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    switch (replay_options_read(&options, argc, argv)) {
    case REPLAY_READ_HELP:
        code = tool_print(replay_help);
        break;
    case REPLAY_READ_OK:
        code = replay(&options);
        break;
    case REPLAY_READ_USAGE:
        break;
    }
    replay_options_free(&options);
    return code;
}

const struct tool_command tool_replay = {
    "replay", "repeat a stream at its own pace, with faults", replay_help,
    run};
