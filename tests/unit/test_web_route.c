/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "web_route.h"

struct row {
    const char *name;
    const char *method, *path;
    int want; /* enum web_route_id, or a negative errno */
    const char *param;
};

static struct row rows[] = {
    {"the posts", "GET", "/api/v1/posts", ROUTE_POSTS, ""},
    {"one post", "GET", "/api/v1/posts/dock-1", ROUTE_POST, "dock-1"},
    {"the events of a post", "GET", "/api/v1/posts/dock-1/events", ROUTE_EVENTS, "dock-1"},
    {"a command", "POST", "/api/v1/posts/A_9/commands", ROUTE_COMMAND, "A_9"},
    {"an alert is seen", "POST", "/api/v1/alerts/17/acknowledge", ROUTE_ACKNOWLEDGE, "17"},
    {"stock that does not sell", "GET", "/api/v1/slow-stock", ROUTE_SLOW_STOCK, ""},
    {"what stock at risk adds up to", "GET", "/api/v1/risk-totals", ROUTE_RISK_TOTALS, ""},
    {"a report", "GET", "/api/v1/reports/overrides", ROUTE_OVERRIDES, ""},
    {"a method that the path does not take", "POST", "/api/v1/posts", -ENOTSUP, ""},
    {"a method nobody takes", "DELETE", "/api/v1/posts/dock-1", -ENOTSUP, ""},
    {"no such path", "GET", "/api/v1/post", -ENOENT, ""},
    {"another version", "GET", "/api/v2/posts", -ENOENT, ""},
    {"a slash behind", "GET", "/api/v1/posts/", -ENOENT, ""},
    {"an empty segment", "GET", "/api/v1/posts//events", -ENOENT, ""},
    {"a way up", "GET", "/api/v1/posts/../events", -ENOENT, ""},
    {"a segment with a blank", "GET", "/api/v1/posts/a b", -ENOENT, ""},
    {"a segment that is as long as may be", "GET", "/api/v1/posts/abcdefghijabcdefghijabcdefghij12",
     ROUTE_POST, "abcdefghijabcdefghijabcdefghij12"},
    {"a segment that is longer", "GET", "/api/v1/posts/abcdefghijabcdefghijabcdefghij123", -ENOENT,
     ""},
};

static void find_row(void **state)
{
    const struct row *r = *state;
    char param[WEB_PARAM_SIZE] = "";
    char allow[WEB_METHODS_SIZE] = "";
    const struct web_route *route = NULL;
    int err = web_route_find(r->method, r->path, allow, param, &route);
    assert_int_equal(route ? (int)route->id : err, r->want);
    assert_string_equal(param, r->param);
    assert_int_equal(allow[0] != '\0', err == -ENOTSUP);
}

/* Whoever adds a row to the table gets it tested with these. */
static void every_route_finds_itself(void **state)
{
    (void)state;
    size_t count = 0;
    const struct web_route *routes = web_routes(&count);
    for (size_t i = 0; i < count; i++) {
        char path[WEB_PATH_MAX];
        const char *hole = strstr(routes[i].path, "{}");
        if (hole)
            snprintf(path, sizeof(path), "%.*sx1%s", (int)(hole - routes[i].path), routes[i].path,
                     hole + 2);
        else
            snprintf(path, sizeof(path), "%s", routes[i].path);
        char param[WEB_PARAM_SIZE] = "";
        const struct web_route *route = NULL;
        assert_int_equal(web_route_find(routes[i].method, path, NULL, param, &route), 0);
        assert_ptr_equal(route, &routes[i]);
        assert_int_equal((int)routes[i].id, (int)i);
    }
}

static void what_tells_stock_or_writes_needs_a_worker(void **state)
{
    (void)state;
    size_t count = 0;
    const struct web_route *routes = web_routes(&count);
    for (size_t i = 0; i < count; i++) {
        bool writes = strcmp(routes[i].method, "POST") == 0;
        bool signs_in = routes[i].id == ROUTE_COMMAND || routes[i].id == ROUTE_PAIR;
        if (routes[i].tells_stock || (writes && !signs_in))
            assert_int_not_equal(routes[i].access, ACCESS_OPEN);
        assert_int_equal(writes, routes[i].body != BODY_NONE);
    }
}

static void an_argument_belongs_to_its_route(void **state)
{
    (void)state;
    char param[WEB_PARAM_SIZE];
    const struct web_route *stock = NULL;
    const struct web_route *tasks = NULL;
    assert_int_equal(web_route_find("GET", "/api/v1/stock", NULL, param, &stock), 0);
    assert_int_equal(web_route_find("GET", "/api/v1/tasks", NULL, param, &tasks), 0);
    enum web_arg arg = ARG_TO;
    assert_int_equal(web_route_arg(stock, "sku", &arg), 0);
    assert_int_equal(arg, ARG_SKU);
    assert_int_equal(web_route_arg(stock, "kind", &arg), -EINVAL);
    assert_int_equal(web_route_arg(tasks, "sku", &arg), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, find_row, NULL, NULL, &rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_route_finds_itself);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_tells_stock_or_writes_needs_a_worker);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_argument_belongs_to_its_route);
    return cmocka_run_group_tests_name("web_route", tests, NULL, NULL);
}
