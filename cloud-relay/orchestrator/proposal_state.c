/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a proposal may be and become: its actions, its states and the ways between them. */
#include "proposals.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const char *const actions[PROPOSAL_ACTION_COUNT] = {
    [PROPOSAL_TRANSFER] = "transfer",
    [PROPOSAL_CAMPAIGN] = "campaign",
    [PROPOSAL_SUPPLIER_RETURN] = "supplier_return",
    [PROPOSAL_WRITE_OFF] = "write_off",
    [PROPOSAL_HOLD] = "hold",
};

const char *proposal_action_name(enum proposal_action action)
{
    assert((size_t)action < PROPOSAL_ACTION_COUNT);
    return actions[action];
}

int proposal_action_parse(const char *name, enum proposal_action *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < PROPOSAL_ACTION_COUNT; i++)
        if (strcmp(actions[i], name) == 0) {
            *ret = (enum proposal_action)i;
            return 0;
        }
    return -EINVAL;
}

enum movement proposal_movement(enum proposal_action action)
{
    static const enum movement movements[PROPOSAL_ACTION_COUNT] = {
        [PROPOSAL_TRANSFER] = MOVEMENT_TRANSFER,
        [PROPOSAL_CAMPAIGN] = MOVEMENT_SALE,
        [PROPOSAL_SUPPLIER_RETURN] = MOVEMENT_SUPPLIER_RETURN,
        [PROPOSAL_WRITE_OFF] = MOVEMENT_DISPOSAL,
        [PROPOSAL_HOLD] = MOVEMENT_SALE,
    };
    assert((size_t)action < PROPOSAL_ACTION_COUNT);
    return movements[action];
}

static const struct {
    const char *name;
    unsigned to; /* 1 << state, for each that may follow */
} states[PROPOSAL_STATE_COUNT] = {
#define TO(state) (1U << (state))
    [PROPOSAL_PROPOSED] = {"proposed",
                           TO(PROPOSAL_APPROVED) | TO(PROPOSAL_REJECTED) | TO(PROPOSAL_EXPIRED)},
    [PROPOSAL_APPROVED] = {"approved", TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_EXPIRED) |
                                           TO(PROPOSAL_FAILED) | TO(PROPOSAL_DONE)},
    [PROPOSAL_REJECTED] = {"rejected", 0},
    [PROPOSAL_EXPIRED] = {"expired", 0},
    [PROPOSAL_EXECUTING] = {"executing",
                            TO(PROPOSAL_DONE) | TO(PROPOSAL_PARTIAL) | TO(PROPOSAL_FAILED)},
    /* Scans that come late correct what was concluded without them. */
    [PROPOSAL_DONE] = {"done", TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_PARTIAL) | TO(PROPOSAL_FAILED)},
    [PROPOSAL_PARTIAL] = {"partial",
                          TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_DONE) | TO(PROPOSAL_FAILED)},
    [PROPOSAL_FAILED] = {"failed",
                         TO(PROPOSAL_EXECUTING) | TO(PROPOSAL_DONE) | TO(PROPOSAL_PARTIAL)},
#undef TO
};

const char *proposal_state_name(enum proposal_state state)
{
    assert((size_t)state < PROPOSAL_STATE_COUNT);
    return states[state].name;
}

int proposal_state_parse(const char *name, enum proposal_state *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < PROPOSAL_STATE_COUNT; i++)
        if (strcmp(states[i].name, name) == 0) {
            *ret = (enum proposal_state)i;
            return 0;
        }
    return -EINVAL;
}

bool proposal_state_open(enum proposal_state state)
{
    return state == PROPOSAL_PROPOSED || state == PROPOSAL_APPROVED || state == PROPOSAL_EXECUTING;
}

bool proposal_may(enum proposal_state from, enum proposal_state to)
{
    assert((size_t)from < PROPOSAL_STATE_COUNT && (size_t)to < PROPOSAL_STATE_COUNT);
    return states[from].to & 1U << to;
}
