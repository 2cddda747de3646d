/*
 * dates.h - dates as people write them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_DATES_H
#define CHAT_OFFLINE_DATES_H

#include "offline/span.h"

/**
 * Finds the first date: "14 October 2026", "October 14th, 2026", "Oct. 14",
 * "7-11 December 2026", "2026-10-14", "14.10.2026", "10/14/2026".
 *
 * @param date  Out: the date as it stands; nothing if there is none.
 * @return Where it stands; text.len if nowhere.
 */
size_t date_find(struct span text, struct span *date);

/** Not 0 for the name of a month, or a short form of it. */
int date_is_month(struct span word);

#endif /* CHAT_OFFLINE_DATES_H */
