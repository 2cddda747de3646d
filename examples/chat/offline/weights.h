/*
 * weights.h - percentages that say how much something counts.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_WEIGHTS_H
#define CHAT_OFFLINE_WEIGHTS_H

#include "offline/span.h"

/** What weights are told in. */
enum weight_unit {
    WEIGHT_PERCENT, /* "25%", "12.5 %", "25 percent"; up to 100 */
    WEIGHT_POINTS   /* "25 points", "25 pts", "25 marks"; up to 999 */
};

struct weight {
    size_t at;    /* where its number stands */
    size_t end;   /* behind its sign */
    double value;
};

/**
 * Finds the next weight.  Ranges ("80-89%"), limits ("90% and more", "at least
 * 50%") and larger numbers are none.
 *
 * @param from  Where to begin.
 * @return not 0 if there is one.
 */
int weight_find(struct span text, enum weight_unit unit, size_t from,
                struct weight *weight);

/** Reads a cell of a table that holds a weight and nothing else, its sign
 *  allowed but not needed.  @return not 0 if it is one. */
int weight_read(struct span cell, enum weight_unit unit, double *value);

#endif /* CHAT_OFFLINE_WEIGHTS_H */
