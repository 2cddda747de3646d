/*
 * unit_heads.h - lines such as "Unit 3: Streaming to the browser".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_UNIT_HEADS_H
#define CHAT_OFFLINE_UNIT_HEADS_H

#include "offline/span.h"

struct unit_head {
    int family;  /* 0: unit, module...; 1: week, lecture..., which count time */
    long number; /* -1 when untold */
    struct span title;
};

/** Reads the head of a unit.  @param heading  Not 0 if the line is one, which
 *  needs no mark between number and title.  @return not 0 if it is one. */
int unit_head_read(struct span text, int heading, struct unit_head *head);

/** Reads "3", "3-4", "III" or "three".  @return its bytes; 0 for none. */
size_t unit_number_read(struct span text, long *number);

#endif /* CHAT_OFFLINE_UNIT_HEADS_H */
