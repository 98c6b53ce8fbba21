/* SPDX-License-Identifier: Apache-2.0 */
/* sync/courier_trouble.h -- what keeps the link from working, as codes that the screen puts into
 * plain words (ui/src/words.ts) and stationd passes on. They never change their meaning. */
#pragma once

#include <stdbool.h>

#include "enrolment.h"
#include "uplink.h"

#define COURIER_UNCLAIMED "unclaimed" /* no claim code and no certificate: commissioning is due */
#define COURIER_MISMATCH "mismatch"   /* the certificate is of another appliance than the journal */
#define COURIER_FORBIDDEN "forbidden" /* the broker does not allow what this appliance must do */

/* All static. "" where nothing is wrong. */
const char *courier_trouble_of_link(int err);
const char *courier_trouble_of_state(enum uplink_state state);
bool courier_trouble_is_of_state(const char *trouble);
const char *courier_trouble_of_enrolment(int err, enum enrolment_refusal why);
