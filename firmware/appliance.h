/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/appliance.h -- one warehouse's appliance, wired: devices, station, journal, detection
 * and screen around one event loop. It holds no rule of the business: it carries inputs to the
 * station, commits once for all that arrived together, and then lets lamps, screens and printers
 * speak. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "stationd_conf.h"

struct appliance;

/* Opens everything; the screen is served and scanners are awaited when it returns. A new appliance
 * whose configuration names no distributor waits here for its enrolment.
 *   -ECANCELED  SIGTERM or SIGINT ended that
 *   -EINVAL  *reterr: the configuration contradicts itself or the documents in force
 *   else     *reterr says what could not be opened */
NODISCARD int appliance_open(const struct stationd_conf *conf, struct diag *reterr,
                             struct appliance **ret);

/* Runs until SIGTERM or SIGINT, and ends cleanly: what was answered is durable. Returns 0, or a
 * negative errno when the loop itself failed. */
NODISCARD int appliance_run(struct appliance *a);

void appliance_free(struct appliance *a);
DEFINE_AUTO(appliance);
