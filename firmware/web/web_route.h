/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_route.h -- the table of the station's HTTP routes: method and path to what is asked, who
 * may ask it, and which arguments and body it takes. Pure; it answers nothing itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "station.h"
#include "web_body.h"

#define WEB_PATH_MAX 128
#define WEB_PARAM_SIZE 33 /* the one variable segment of a path */
#define WEB_ARG_SIZE 41   /* a query argument */
#define WEB_METHODS_SIZE 32

enum web_route_id {
    ROUTE_POSTS,
    ROUTE_POST,
    ROUTE_EVENTS,
    ROUTE_COMMAND,
    ROUTE_PAIR,
    ROUTE_MESSAGES,
    ROUTE_STOCK,
    ROUTE_AT_RISK,
    ROUTE_SLOW_STOCK,
    ROUTE_RISK_TOTALS,
    ROUTE_ALERTS,
    ROUTE_ACKNOWLEDGE,
    ROUTE_SNOOZE,
    ROUTE_TASKS,
    ROUTE_SEARCH,
    ROUTE_HEALTH,
    ROUTE_REASONS,
    ROUTE_OVERRIDES,
    ROUTE_CAPTURES,
};
#define WEB_ROUTE_COUNT 19

enum web_access {
    ACCESS_OPEN,       /* any device of the warehouse's network */
    ACCESS_WORKER,     /* a screen whose worker is signed in at its post */
    ACCESS_SUPERVISOR, /* the same, and the worker is a supervisor */
};

enum web_arg { ARG_TEXT, ARG_SKU, ARG_KIND, ARG_FROM, ARG_TO };
#define WEB_ARG_COUNT 5

struct web_route {
    enum web_route_id id;
    const char *method; /* GET or POST */
    const char *path;   /* "{}" stands for one segment: 1 to 32 of A-Z a-z 0-9 - _ */
    enum web_access access;
    bool tells_stock; /* says how much there is: refused to a screen that counts blind */
    enum web_body_kind body;
    unsigned args; /* bit 1 << enum web_arg for each that may be given */
};

/* Finds the route. ret_param is "" for a path without a variable segment.
 *   -ENOENT  no such path
 *   -ENOTSUP the path takes other methods: allow (if not NULL) is then "GET", "POST", ... */
NODISCARD int web_route_find(const char *method, const char *path, char allow[WEB_METHODS_SIZE],
                             char ret_param[WEB_PARAM_SIZE], const struct web_route **ret);

/* The argument of that name if the route takes it: -EINVAL otherwise. */
NODISCARD int web_route_arg(const struct web_route *route, const char *name, enum web_arg *ret);

/* All rows, for tests and for whoever documents them. */
const struct web_route *web_routes(size_t *ret_count);
