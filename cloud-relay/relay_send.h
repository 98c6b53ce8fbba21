/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relay_send.h -- the thread in which this relayd sends what waits in its tenants'
 * outboxes, with store connections of its own: a request to a provider may block it, and nobody
 * else. Two relayd that send for one tenant send nothing twice, but share no rate. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "relay_clock.h"
#include "relayd_conf.h"

struct relay_send;

/* Borrows conf and clock for its life. A tenant's account is looked at anew every few seconds. */
NODISCARD int relay_send_open(const struct relayd_conf *conf, const struct relay_clock *clock,
                              struct diag *reterr, struct relay_send **ret);

/* Waits for the request under way. NULL is fine. */
void relay_send_free(struct relay_send *n);
DEFINE_AUTO(relay_send);
