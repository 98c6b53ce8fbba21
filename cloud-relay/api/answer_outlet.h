/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_outlet.h -- retailers as the answers show them: what they take, and what they owe to
 * whom may see rupees. Addresses are not shown here. */
#pragma once

#include "api_call.h"
#include "attr.h"
#include "catalogue.h"
#include "outlet_credit.h"

/* One into `to`, after api_sites_read(). */
NODISCARD int answer_outlet(struct api_call *call, cJSON *to, const struct catalogue_party *party);

/* Its members into `to`. */
void answer_credit(struct api_call *call, cJSON *to, const struct outlet_credit *c);
