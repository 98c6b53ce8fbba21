/* SPDX-License-Identifier: Apache-2.0 */
/* link/one_shot.h -- commands that are no state (restart, unlock): done at most once, and not after
 * their time. The caller stores the id in the transaction of the effect, before what cannot be
 * rolled back. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clock_trust.h"

#define ONE_SHOT_KEEP_MS 86400000 /* how long beyond its time an id is kept */

struct one_shot {
    int64_t id;
    int64_t expires_ms; /* UTC */
};

enum one_shot_verdict {
    ONE_SHOT_DO,      /* store the id, do it */
    ONE_SHOT_DONE,    /* its id is stored: answer as done */
    ONE_SHOT_EXPIRED, /* too late: say so */
    ONE_SHOT_UNSURE,  /* this clock cannot tell: keep it until the time is known */
};

/* stored: whether the id is. wall_ms and trust: this appliance's clock. */
enum one_shot_verdict one_shot_judge(const struct one_shot *command, bool stored, int64_t wall_ms,
                                     enum clock_trust trust);

/* Whether a stored id may be forgotten: its command would be refused as expired from now on. */
bool one_shot_forgettable(int64_t expires_ms, int64_t wall_ms, enum clock_trust trust);
