/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch: a transfer's lines leave for another site. */
#include "issue.h"

static const struct issue kind = {
    .order = ORDER_TRANSFER_OUT,
    .entry = ENTRY_DISPATCHED,
    .receiver_wants_life = false,
    .booked = "dispatched",
};

const struct flow flow_dispatch = {
    .name = "dispatch",
    .counts_singly = true,
    .issue = &kind,
    .goods = issue_goods,
    .command = issue_command,
    .weight = issue_weight,
    .next = issue_next,
    .view = issue_view,
};
