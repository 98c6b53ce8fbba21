/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relay.h -- one relayd, wired: workers that serve the tenants, and the broker's
 * connection, around one event loop. It holds no rule: it carries messages to the worker of their
 * tenant and the workers' answers to the broker. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "relayd_conf.h"

struct relay;

/* Opens everything; tenants are served, and the broker is being connected to, when it returns.
 *   -EINVAL  *reterr: the configuration contradicts itself
 *   else     *reterr says what could not be opened */
NODISCARD int relay_open(const struct relayd_conf *conf, struct diag *reterr, struct relay **ret);

/* Runs until SIGTERM or SIGINT. Returns 0, or a negative errno when the loop itself failed. */
NODISCARD int relay_run(struct relay *r);

void relay_free(struct relay *r);
DEFINE_AUTO(relay);
