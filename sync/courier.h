/* SPDX-License-Identifier: Apache-2.0 */
/* sync/courier.h -- one appliance's sync, wired: journal and inbox, the machines of link, the
 * transport, identity and enrolment around one event loop. It holds no rule. Whatever fails, it
 * says so in the inbox and tries again: no network, no broker, no certificate and no journal are
 * ordinary states, and the floor works through all of them. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "syncd_conf.h"

struct courier;

/* Opens what is this machine's own: inbox, key, clock.
 *   -EINVAL  *reterr: the configuration contradicts itself
 *   -EBUSY   another syncd works in this folder
 *   else     *reterr says what could not be opened */
NODISCARD int courier_open(const struct syncd_conf *conf, struct diag *reterr,
                           struct courier **ret);

/* Runs until SIGTERM or SIGINT. Returns 0, or a negative errno when the loop itself failed. */
NODISCARD int courier_run(struct courier *c);

void courier_free(struct courier *c);
DEFINE_AUTO(courier);
