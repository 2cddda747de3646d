/*
 * crowd.c - see crowd.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "crowd.h"

int crowd_on_event(const sse_event *event, void *user)
{
    struct crowd *const crowd = (struct crowd *)user;
    (void)event;
    crowd->events++;
    crowd->changed(crowd);
    return SSE_GO;
}

void crowd_on_state(sse_source_state state, const sse_action *action,
                    void *user)
{
    struct crowd *const crowd = (struct crowd *)user;
    if (state == SSE_SOURCE_OPEN) {
        crowd->opened++;
    } else if (state == SSE_SOURCE_CLOSED) {
        crowd->ended++;
    } else if (state == SSE_SOURCE_CONNECTING && action->attempt > 1) {
        crowd->reconnects++;
    }
    crowd->changed(crowd);
}
