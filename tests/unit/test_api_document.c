/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api_document.h"
#include "api_handlers.h"

static struct api_document *read_ours(void)
{
    size_t count = 0;
    const struct api_handler *handlers = api_handlers(&count);
    struct diag why = {.line = 0};
    struct api_document *d = NULL;
    if (api_document_open(api_openapi, handlers, count, &why, &d) < 0)
        fail_msg("%s", why.text);
    return d;
}

struct row {
    const char *name, *method, *path;
    int err;
    const char *found; /* operation, or what is allowed */
    const char *value; /* of its first parameter of the path */
};

static struct row rows[] = {
    {"a path without variables", "GET", "/api/v1/inventory/current", 0, "listInventory", NULL},
    {"a variable in the middle", "PUT", "/api/v1/inventory/TEA 250/reallocation", 0,
     "putReallocation", "TEA 250"},
    {"the mission's own roots", "POST", "/whatsapp/v1/messages/broadcast", 0, "broadcastWhatsapp",
     NULL},
    {"a campaign's analytics", "GET", "/campaigns/K1/analytics", 0, "getAnalytics", "K1"},
    {"two variables", "PUT", "/api/v1/lanes/A/B", 0, "putLane", "A"},
    {"a word before a variable of the same place", "PUT", "/api/v1/me/password", 0, "putPassword",
     NULL},
    {"another method", "DELETE", "/api/v1/orders", -ENOTSUP, "GET, POST", NULL},
    {"an empty variable", "GET", "/api/v1/orders/", -ENOENT, "", NULL},
    {"too deep", "GET", "/api/v1/orders/SO-1/x", -ENOENT, "", NULL},
    {"not deep enough", "GET", "/api/v1", -ENOENT, "", NULL},
    {"nothing", "GET", "", -ENOENT, "", NULL},
    {"a variable beyond its size", "GET",
     "/api/v1/orders/"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     -ENOENT, "", NULL},
};

static void find_row(void **state)
{
    const struct row *r = *state;
    AUTO(api_document) d = read_ours();
    char values[API_PARAMS_MAX][API_VALUE_SIZE];
    char allow[API_ALLOW_SIZE];
    const struct api_route *route = NULL;
    assert_int_equal(api_document_find(d, r->method, r->path, values, allow, &route), r->err);
    if (r->err < 0) {
        assert_string_equal(allow, r->found);
        return;
    }
    assert_string_equal(route->id, r->found);
    for (size_t i = 0; i < route->params_count && r->value; i++) {
        if (route->params[i].place == PLACE_PATH) {
            assert_string_equal(values[i], r->value);
            break;
        }
    }
}

static void every_write_of_a_user_takes_a_key(void **state)
{
    (void)state;
    AUTO(api_document) d = read_ours();
    size_t count = 0;
    const struct api_route *routes = api_document_routes(d, &count);
    for (size_t i = 0; i < count; i++) {
        bool wanted = routes[i].writes && routes[i].security == SECURITY_BEARER;
        if (routes[i].keyed != wanted)
            fail_msg("%s", routes[i].id);
        if (routes[i].security == SECURITY_BEARER)
            assert_true(routes[i].roles != 0);
    }
}

static void an_operation_without_a_handler_is_refused(void **state)
{
    (void)state;
    size_t count = 0;
    const struct api_handler *handlers = api_handlers(&count);
    struct diag why = {.line = 0};
    AUTO(api_document) d = NULL;
    assert_int_equal(api_document_open(api_openapi, handlers, count - 1, &why, &d), -EINVAL);
    assert_non_null(strstr(why.text, handlers[count - 1].id));
    assert_null(d);
}

static void a_handler_without_an_operation_is_refused(void **state)
{
    (void)state;
    size_t count = 0;
    const struct api_handler *ours = api_handlers(&count);
    struct api_handler *more = calloc(count + 1, sizeof(*more));
    assert_non_null(more);
    memcpy(more, ours, count * sizeof(*more));
    more[count] = (struct api_handler){"noSuchOperation", ours[0].fn};
    struct diag why = {.line = 0};
    AUTO(api_document) d = NULL;
    int err = api_document_open(api_openapi, more, count + 1, &why, &d);
    free(more);
    assert_int_equal(err, -EINVAL);
    assert_non_null(strstr(why.text, "noSuchOperation"));
}

static void a_document_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"paths\":{\"/x\":{\"get\":{\"operationId\":\"getHealth\",\"responses\":{}}}}}",
        ("{\"paths\":{\"/x\":{\"get\":{\"operationId\":\"getHealth\",\"x-scope\":\"self\","
         "\"x-roles\":[\"king\"],\"responses\":{}}}}}"),
    };
    size_t count = 0;
    const struct api_handler *handlers = api_handlers(&count);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct diag why = {.line = 0};
        AUTO(api_document) d = NULL;
        assert_int_equal(api_document_open(texts[i], handlers, count, &why, &d), -EINVAL);
        assert_true(why.text[0] != '\0');
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 4];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, find_row, NULL, NULL, &rows[i]};
    struct CMUnitTest *more = tests + ARRAY_LEN(rows);
    more[0] = (struct CMUnitTest)cmocka_unit_test(every_write_of_a_user_takes_a_key);
    more[1] = (struct CMUnitTest)cmocka_unit_test(an_operation_without_a_handler_is_refused);
    more[2] = (struct CMUnitTest)cmocka_unit_test(a_handler_without_an_operation_is_refused);
    more[3] = (struct CMUnitTest)cmocka_unit_test(a_document_that_is_none_is_refused);
    return cmocka_run_group_tests_name("api_document", tests, NULL, NULL);
}
