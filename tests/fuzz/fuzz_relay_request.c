/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A path finds at most one route, whose parameters are pieces of it; and a body that a route's
 * schema takes is, written out and read again, taken again. First byte: path or body; of a body the
 * second chooses the route. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api_document.h"
#include "api_handlers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct api_document *document(void)
{
    static struct api_document *d; /* for the life of the process */
    size_t count = 0;
    const struct api_handler *handlers = api_handlers(&count);
    if (!d && api_document_open(api_openapi, handlers, count, NULL, &d) < 0)
        abort();
    return d;
}

static void find_path(const char *path)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    char values[API_PARAMS_MAX][API_VALUE_SIZE];
    char allow[API_ALLOW_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        const struct api_route *route = NULL;
        if (api_document_find(document(), methods[i], path, values, allow, &route) < 0)
            continue;
        if (strcmp(route->method, methods[i]) != 0)
            abort();
        for (size_t p = 0; p < route->params_count; p++) {
            bool in_path = route->params[p].place == PLACE_PATH;
            if (in_path != (values[p][0] != '\0') || strchr(values[p], '/') ||
                !strstr(path, values[p]))
                abort();
            struct api_fault fault;
            const cJSON *root = api_document_root(document());
            if (in_path &&
                api_schema_check_text(root, route->params[p].schema, values[p],
                                      route->params[p].name, &fault) < 0 &&
                fault.detail[0] == '\0')
                abort();
        }
    }
}

static void check_body(size_t choice, const char *text, size_t len)
{
    size_t count = 0;
    const struct api_route *routes = api_document_routes(document(), &count);
    const struct api_route *route = &routes[choice % count];
    cJSON *json = route->body ? cJSON_ParseWithLength(text, len) : NULL;
    const cJSON *root = api_document_root(document());
    struct api_fault fault;
    if (json && api_schema_check(root, route->body, json, "", &fault) == 0) {
        char *again = cJSON_PrintUnformatted(json);
        cJSON *copy = again ? cJSON_Parse(again) : NULL;
        if (!copy || api_schema_check(root, route->body, copy, "", &fault) < 0)
            abort();
        cJSON_Delete(copy);
        free(again);
    } else if (json && fault.detail[0] == '\0') {
        abort();
    }
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    char *text = strndup((const char *)data + 2, size - 2);
    if (!text)
        return 0;
    if (data[0] % 2 == 0)
        find_path(text);
    else
        check_body(data[1], text, strlen(text));
    free(text);
    return 0;
}
