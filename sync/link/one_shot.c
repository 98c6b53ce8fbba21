/* SPDX-License-Identifier: Apache-2.0 */
#include "one_shot.h"

#include <assert.h>

enum one_shot_verdict one_shot_judge(const struct one_shot *command, bool stored, int64_t wall_ms,
                                     enum clock_trust trust)
{
    assert(command);
    if (stored)
        return ONE_SHOT_DONE;
    /* A doubtful clock may be behind the time, never ahead of it: what it calls expired, is. */
    if (wall_ms >= command->expires_ms)
        return ONE_SHOT_EXPIRED;
    return trust <= CLOCK_TRUST_DOUBTFUL ? ONE_SHOT_UNSURE : ONE_SHOT_DO;
}

bool one_shot_forgettable(int64_t expires_ms, int64_t wall_ms, enum clock_trust trust)
{
    return trust > CLOCK_TRUST_DOUBTFUL && wall_ms - ONE_SHOT_KEEP_MS >= expires_ms;
}
