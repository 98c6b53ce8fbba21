/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_problem.h -- faults as RFC 9457 has them, from what a call was refused with or from an
 * errno of the store. */
#pragma once

#include "api_call.h"

/* What went wrong, when no one refused: errno to status. */
void api_problem_of(struct api_call *call, int err);

/* Text from malloc(), or NULL: no memory. */
char *api_problem_text(const struct api_call *call);
