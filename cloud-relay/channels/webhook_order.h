/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/webhook_order.h -- to which offer an outlet's answer belongs, and the question where
 * that cannot be told; webhook_take()'s alone. It promises nothing: whoever reads CampaignAnswered
 * does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "sql.h"
#include "webhook.h"

/* Whether a button of ours was pressed. */
bool webhook_is_order(const struct webhook_item *item);

/* In a write transaction. 0: CampaignAnswered or a question was written. 1: known before, of nobody
 * that was offered anything, or asked often enough today. */
NODISCARD int webhook_take_order(struct sql *s, const struct webhook_item *item,
                                 const struct reply *said, int64_t now_ms);
