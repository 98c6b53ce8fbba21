/* SPDX-License-Identifier: Apache-2.0 */
/* Picking: an order's lines for an outlet, on the walking round. */
#include "issue.h"

static const struct issue kind = {
    .order = ORDER_SALE,
    .entry = ENTRY_PICKED,
    .receiver_wants_life = true,
    .booked = "picked",
};

const struct flow flow_pick = {
    .name = "pick",
    .counts_singly = true,
    .issue = &kind,
    .goods = issue_goods,
    .command = issue_command,
    .weight = issue_weight,
    .next = issue_next,
    .view = issue_view,
};
