/* SPDX-License-Identifier: Apache-2.0 */
#include "courier_trouble.h"

#include <errno.h>
#include <string.h>

static const struct {
    int err;
    const char *trouble;
} of_link[] = {
    {-EHOSTUNREACH, "no_network"},  {-ENETUNREACH, "no_network"}, {-ENETDOWN, "no_network"},
    {-ECONNREFUSED, "no_broker"},   {-ETIMEDOUT, "no_broker"},    {-EBUSY, "no_broker"},
    {-EKEYREJECTED, "certificate"}, {-EACCES, COURIER_FORBIDDEN}, {-EEXIST, "twin"},
};

const char *courier_trouble_of_link(int err)
{
    for (size_t i = 0; i < ARRAY_LEN(of_link); i++)
        if (of_link[i].err == err)
            return of_link[i].trouble;
    return "lost";
}

static const char *const of_state[UPLINK_STATE_COUNT] = {
    [UPLINK_SCHEMA] = "schema",
    [UPLINK_FORK] = "fork",
    [UPLINK_ROLLBACK] = "rollback",
    [UPLINK_SHORT] = "short",
};

const char *courier_trouble_of_state(enum uplink_state state)
{
    return of_state[state] ? of_state[state] : "";
}

bool courier_trouble_is_of_state(const char *trouble)
{
    for (size_t i = 0; i < UPLINK_STATE_COUNT; i++)
        if (of_state[i] && strcmp(of_state[i], trouble) == 0)
            return true;
    return false;
}

const char *courier_trouble_of_enrolment(int err, enum enrolment_refusal why)
{
    if (err == -EIO || (err == -EACCES && why == ENROLMENT_BUSY))
        return "no_network";
    if (err == -EACCES && why != ENROLMENT_MALFORMED)
        return why == ENROLMENT_MISMATCH ? COURIER_MISMATCH : "claim";
    return "certificate";
}
