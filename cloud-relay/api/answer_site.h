/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_site.h -- a site as the answers show it. */
#pragma once

#include "api_call.h"
#include "api_rows.h"

#define ANSWER_SITE_COLUMNS 10
extern const struct api_column answer_site_columns[ANSWER_SITE_COLUMNS];

/* The site of that name, or all when it is "", as far as they are in the caller's territories; by
 * name, at most 2,000. For api_row() and its like, with the columns above. */
struct sql_query *answer_sites(struct api_call *call, const char *site);
