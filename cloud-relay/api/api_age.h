/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_age.h -- how old each site's data is, and which sites a caller may see: the territories
 * of a user are looked at here and nowhere else. An appliance whose newest entry is here and that
 * was heard a second ago has data of that second; one with a queue has data of its newest entry
 * here. */
#pragma once

#include "api_call.h"
#include "attr.h"

/* Reads the sites of the caller's territories, ascending, once a request. */
NODISCARD int api_sites_read(struct api_call *call);

/* NULL: there is no such site, or not for this caller. After api_sites_read(). */
const struct api_site *api_site_find(const struct api_call *call, const char *site);

/* Whether the caller's territories hold that one. */
bool api_territory_is_ours(const struct api_call *call, const char *territory);

/* Adds "siteDataAgeSeconds" of that site; null for one that never spoke or is not known. */
void api_add_age(struct api_call *call, cJSON *to, const char *site);

/* Adds "asOf" and the greatest "siteDataAgeSeconds" of the caller's sites (of `site` alone, when it
 * is not ""). */
NODISCARD int api_add_freshness(struct api_call *call, cJSON *to, const char *site);
