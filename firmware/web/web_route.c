/* SPDX-License-Identifier: Apache-2.0 */
#include "web_route.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

static const struct web_route routes[] = {
    {ROUTE_POSTS, "GET", "/api/v1/posts", ACCESS_OPEN, false, BODY_NONE, 0},
    {ROUTE_POST, "GET", "/api/v1/posts/{}", ACCESS_OPEN, false, BODY_NONE, 0},
    {ROUTE_EVENTS, "GET", "/api/v1/posts/{}/events", ACCESS_OPEN, false, BODY_NONE, 0},
    /* Signing in is a command too, so the route is open; web.c lets nothing else through. */
    {ROUTE_COMMAND, "POST", "/api/v1/posts/{}/commands", ACCESS_OPEN, false, BODY_COMMAND, 0},
    {ROUTE_PAIR, "POST", "/api/v1/posts/{}/pair", ACCESS_OPEN, false, BODY_EMPTY, 0},
    {ROUTE_MESSAGES, "GET", "/api/v1/messages", ACCESS_OPEN, false, BODY_NONE, 0},
    {ROUTE_STOCK, "GET", "/api/v1/stock", ACCESS_WORKER, true, BODY_NONE,
     1U << ARG_SKU | 1U << ARG_TEXT},
    {ROUTE_AT_RISK, "GET", "/api/v1/at-risk", ACCESS_WORKER, true, BODY_NONE, 0},
    {ROUTE_SLOW_STOCK, "GET", "/api/v1/slow-stock", ACCESS_WORKER, true, BODY_NONE, 0},
    {ROUTE_RISK_TOTALS, "GET", "/api/v1/risk-totals", ACCESS_WORKER, true, BODY_NONE, 0},
    {ROUTE_ALERTS, "GET", "/api/v1/alerts", ACCESS_WORKER, true, BODY_NONE, 0},
    {ROUTE_ACKNOWLEDGE, "POST", "/api/v1/alerts/{}/acknowledge", ACCESS_WORKER, false, BODY_EMPTY,
     0},
    {ROUTE_SNOOZE, "POST", "/api/v1/alerts/{}/snooze", ACCESS_WORKER, false, BODY_SNOOZE, 0},
    {ROUTE_TASKS, "GET", "/api/v1/tasks", ACCESS_WORKER, false, BODY_NONE, 0},
    {ROUTE_SEARCH, "GET", "/api/v1/search", ACCESS_WORKER, false, BODY_NONE, 1U << ARG_TEXT},
    {ROUTE_HEALTH, "GET", "/api/v1/health", ACCESS_OPEN, false, BODY_NONE, 0},
    {ROUTE_REASONS, "GET", "/api/v1/reports/reasons", ACCESS_SUPERVISOR, true, BODY_NONE,
     1U << ARG_KIND | 1U << ARG_FROM | 1U << ARG_TO},
    {ROUTE_OVERRIDES, "GET", "/api/v1/reports/overrides", ACCESS_SUPERVISOR, true, BODY_NONE,
     1U << ARG_FROM | 1U << ARG_TO},
    {ROUTE_CAPTURES, "GET", "/api/v1/captures", ACCESS_WORKER, true, BODY_NONE, 0},
};
static_assert(ARRAY_LEN(routes) == WEB_ROUTE_COUNT, "a route without a row");

static const char *const arg_names[WEB_ARG_COUNT] = {
    [ARG_TEXT] = "text", [ARG_SKU] = "sku", [ARG_KIND] = "kind",
    [ARG_FROM] = "from", [ARG_TO] = "to",
};

const struct web_route *web_routes(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(routes);
    return routes;
}

/* Length of the segment at p that may stand for "{}", 0 when it may not. */
static size_t segment(const char *p)
{
    size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return n < WEB_PARAM_SIZE && (p[n] == '/' || p[n] == '\0') ? n : 0;
}

static bool matches(const char *pattern, const char *path, char ret_param[WEB_PARAM_SIZE])
{
    const char *hole = strstr(pattern, "{}");
    if (!hole) {
        ret_param[0] = '\0';
        return strcmp(pattern, path) == 0;
    }
    size_t before = (size_t)(hole - pattern);
    if (strncmp(pattern, path, before) != 0)
        return false;
    size_t n = segment(path + before);
    if (n == 0 || strcmp(hole + 2, path + before + n) != 0)
        return false;
    return text_copy_n(ret_param, WEB_PARAM_SIZE, path + before, n) == 0;
}

int web_route_find(const char *method, const char *path, char allow[WEB_METHODS_SIZE],
                   char ret_param[WEB_PARAM_SIZE], const struct web_route **ret)
{
    assert(method && path && ret_param && ret);

    const struct web_route *other = NULL;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        char param[WEB_PARAM_SIZE];
        if (!matches(routes[i].path, path, param))
            continue;
        if (strcmp(method, routes[i].method) == 0) {
            memcpy(ret_param, param, sizeof(param));
            *ret = &routes[i];
            return 0;
        }
        other = &routes[i];
    }
    if (!other)
        return -ENOENT;
    if (allow)
        snprintf(allow, WEB_METHODS_SIZE, "%s", other->method);
    return -ENOTSUP;
}

int web_route_arg(const struct web_route *route, const char *name, enum web_arg *ret)
{
    assert(route && name && ret);
    for (unsigned i = 0; i < WEB_ARG_COUNT; i++) {
        if ((route->args & 1U << i) != 0 && strcmp(name, arg_names[i]) == 0) {
            *ret = (enum web_arg)i;
            return 0;
        }
    }
    return -EINVAL;
}
