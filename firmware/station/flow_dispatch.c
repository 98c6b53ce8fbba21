/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch: a transfer's lines leave for another site. */
#include "issue.h"

static const struct issue kind = {
    .order = ORDER_TRANSFER_OUT,
    .entry = ENTRY_DISPATCHED,
    .receiver_wants_life = false,
    .booked = "dispatched",
};

static int goods(struct step *s, const struct goods *g)
{
    return issue_goods(s, &kind, g);
}

static int command(struct step *s, const struct command *c)
{
    return issue_command(s, &kind, c);
}

static int weight(struct step *s, int64_t grams)
{
    return issue_weight(s, &kind, grams);
}

static int next(struct step *s)
{
    return issue_next(s, &kind);
}

static int view(struct step *s, struct station_view *v)
{
    return issue_view(s, &kind, v);
}

const struct flow flow_dispatch = {
    .name = "dispatch",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .weight = weight,
    .next = next,
    .view = view,
};
