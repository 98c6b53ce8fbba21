/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/site_origin.h -- who this appliance is: as configured, or, where the configuration names
 * no distributor, as its journal began, or as the relay granted it to syncd. It asks nobody. */
#pragma once

#include "enrolment.h"
#include "origin.h"
#include "stationd_conf.h"

struct site_origin {
    struct origin origin;
    char site[ENROLMENT_SITE_SIZE];
};

/*   -EAGAIN  it has no name yet: syncd has not been granted one
 *   else     errors of journal.db or inbox.db: worth another try */
NODISCARD int site_origin(const struct stationd_conf *conf, struct site_origin *ret);
