/*
 * weights.h - percentages that say how much something counts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_WEIGHTS_H
#define CHAT_OFFLINE_WEIGHTS_H

#include "offline/span.h"

struct weight {
    size_t at;    /* where its number stands */
    size_t end;   /* behind its sign */
    double value; /* 0 to 100 */
};

/**
 * Finds the next weight: "25%", "12.5 %", "25 percent".  Ranges ("80-89%"),
 * limits ("90% and more", "at least 50%") and numbers beyond 100 are none.
 *
 * @param from  Where to begin.
 * @return not 0 if there is one.
 */
int weight_find(struct span text, size_t from, struct weight *weight);

/** Reads a cell of a table that holds a weight and nothing else, its sign
 *  allowed but not needed.  @return not 0 if it is one. */
int weight_read(struct span cell, double *value);

#endif /* CHAT_OFFLINE_WEIGHTS_H */
