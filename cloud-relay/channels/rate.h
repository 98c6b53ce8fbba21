/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/rate.h -- at most so many in any second: the instants of the last ones. Pure; a process
 * that starts anew begins with an empty window. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RATE_MAX 100
#define RATE_WINDOW_MS 1000

struct rate {
    int64_t per_second;   /* 1 to RATE_MAX */
    int64_t at[RATE_MAX]; /* the last per_second instants, a ring */
    size_t next;
    size_t count;
};

/* From when another one may go, at or after now_ms. */
int64_t rate_free_ms(const struct rate *r, int64_t now_ms);
void rate_take(struct rate *r, int64_t now_ms);
