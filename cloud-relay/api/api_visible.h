/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_visible.h -- which events a caller may see outside the audit trail: those of his
 * territories, and of the types that his role works with. */
#pragma once

#include <stdbool.h>

#include "api_call.h"

/* After api_sites_read(). body: the event's, parsed; NULL is as an empty one. */
bool api_event_is_visible(const struct api_call *call, enum event_kind kind, const char *type,
                          const cJSON *body);

/* The site or territory that an event is about; "" when it names none. */
const char *api_event_site(const cJSON *body);
const char *api_event_territory(const struct api_call *call, const cJSON *body);
