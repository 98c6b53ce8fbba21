/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_quota.h -- the distributor's quotas where a request would add to them. */
#pragma once

#include "api_call.h"
#include "attr.h"
#include "quota.h"

/* Refuses with 403 when there is no room for one more; `where` is the member that asks for it. */
NODISCARD int api_quota_check(struct api_call *call, enum quota quota, const char *where);

/* Counts an export in the call's write transaction, or refuses with 429 until tomorrow. */
NODISCARD int api_quota_export(struct api_call *call);
