/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_document.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define ROUTES_MAX 128
#define NAME_SIZE 32

struct api_document {
    cJSON *root;
    struct api_route routes[ROUTES_MAX];
    size_t count;
};

static const char *const role_names[API_ROLE_COUNT] = {
    [ROLE_OWNER] = "owner", [ROLE_MANAGER] = "manager",       [ROLE_PROCUREMENT] = "procurement",
    [ROLE_FIELD] = "field", [ROLE_TECHNICIAN] = "technician", [ROLE_AUDITOR] = "auditor",
    [ROLE_AGENT] = "agent",
};

const char *api_role_name(enum api_role role)
{
    return role_names[role];
}

int api_role_parse(const char *name, enum api_role *ret)
{
    assert(name && ret);
    for (unsigned i = 0; i < API_ROLE_COUNT; i++) {
        if (strcmp(role_names[i], name) == 0) {
            *ret = (enum api_role)i;
            return 0;
        }
    }
    return -EINVAL;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *value = member(object, name);
    return cJSON_IsString(value) ? value->valuestring : "";
}

static int read_roles(const cJSON *operation, struct api_route *route, struct diag *reterr)
{
    const cJSON *name = NULL;
    cJSON_ArrayForEach(name, member(operation, "x-roles"))
    {
        enum api_role role;
        if (!cJSON_IsString(name) || api_role_parse(name->valuestring, &role) < 0) {
            diag_set(reterr, 0, "%s: an unknown role", route->id);
            return -EINVAL;
        }
        route->roles |= 1U << role;
    }
    return 0;
}

static int read_security(const cJSON *operation, struct api_route *route, struct diag *reterr)
{
    static const char *const scopes[] = {"self", "site", "tenant"};
    const cJSON *security = member(operation, "security");
    if (security) {
        const cJSON *first = cJSON_GetArrayItem(security, 0);
        bool provider = first && (member(first, "provider") || member(first, "gateway"));
        route->security = !first ? SECURITY_NONE : provider ? SECURITY_PROVIDER : SECURITY_METRICS;
        return 0;
    }
    for (unsigned i = 0; i < ARRAY_LEN(scopes); i++) {
        if (strcmp(text_of(operation, "x-scope"), scopes[i]) == 0) {
            route->scope = (enum api_scope)i;
            int err = read_roles(operation, route, reterr);
            if (err == 0 && route->roles == 0)
                break;
            return err;
        }
    }
    diag_set(reterr, 0, "%s: nobody may ask, or it has no scope", route->id);
    return -EINVAL;
}

static int read_place(const char *in, enum api_place *ret)
{
    static const char *const places[] = {"path", "query", "header"};
    for (unsigned i = 0; i < ARRAY_LEN(places); i++) {
        if (strcmp(in, places[i]) == 0) {
            *ret = (enum api_place)i;
            return 0;
        }
    }
    return -EINVAL;
}

static void read_preset(const cJSON *root, struct api_param *p)
{
    const cJSON *schema = api_schema_resolve(root, p->schema);
    const cJSON *preset = schema ? member(schema, "default") : NULL;
    if (!preset)
        return;
    if (cJSON_IsString(preset))
        p->preset = preset->valuestring;
    else if (cJSON_IsNumber(preset))
        snprintf(p->preset_text, sizeof(p->preset_text), "%.0f", preset->valuedouble);
    else
        snprintf(p->preset_text, sizeof(p->preset_text), cJSON_IsTrue(preset) ? "true" : "false");
}

static int read_params(const cJSON *root, const cJSON *operation, struct api_route *route,
                       struct diag *reterr)
{
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, member(operation, "parameters"))
    {
        const cJSON *param = api_schema_resolve(root, one);
        if (!param || route->params_count == API_PARAMS_MAX) {
            diag_set(reterr, 0, "%s: parameters", route->id);
            return -EINVAL;
        }
        struct api_param *p = &route->params[route->params_count++];
        p->name = text_of(param, "name");
        p->required = cJSON_IsTrue(member(param, "required"));
        p->schema = member(param, "schema");
        if (read_place(text_of(param, "in"), &p->place) < 0 || !p->schema) {
            diag_set(reterr, 0, "%s: parameter %s", route->id, p->name);
            return -EINVAL;
        }
        int err = api_schema_known(root, p->schema, reterr);
        if (err < 0)
            return err;
        read_preset(root, p);
        if (p->place == PLACE_HEADER && strcmp(p->name, "Idempotency-Key") == 0)
            route->keyed = true;
    }
    return 0;
}

static int read_body(const cJSON *root, const cJSON *operation, struct api_route *route,
                     struct diag *reterr)
{
    const cJSON *max = member(operation, "x-body-max");
    route->body_max = cJSON_IsNumber(max) ? (size_t)max->valuedouble : API_BODY_MAX;
    const cJSON *body = member(operation, "requestBody");
    if (!body)
        return 0;
    route->own_body = cJSON_IsTrue(member(operation, "x-own-body"));
    route->media = member(body, "content");
    const cJSON *first = route->media ? route->media->child : NULL;
    bool json = first && !first->next && strcmp(first->string, "application/json") == 0;
    route->body = first && (json || route->own_body) ? member(first, "schema") : NULL;
    if (!route->body) {
        diag_set(reterr, 0, "%s: a body without a schema", route->id);
        return -EINVAL;
    }
    return api_schema_known(root, route->body, reterr);
}

static int read_operation(struct api_document *d, const char *path, const cJSON *operation,
                          const struct api_handler *handlers, size_t n, struct diag *reterr)
{
    if (d->count == ROUTES_MAX) {
        diag_set(reterr, 0, "more than %d operations", ROUTES_MAX);
        return -EINVAL;
    }
    struct api_route *route = &d->routes[d->count++];
    route->id = text_of(operation, "operationId");
    route->path = path;
    for (size_t i = 0; operation->string[i] != '\0' && i + 1 < sizeof(route->method); i++)
        route->method[i] = (char)toupper((unsigned char)operation->string[i]);
    route->writes = strcmp(route->method, "GET") != 0;
    route->exports = cJSON_IsTrue(member(operation, "x-export"));
    route->keeps = !cJSON_IsTrue(member(operation, "x-secret-answer"));
    const cJSON *responses = member(operation, "responses");
    route->success = member(responses, "201") ? 201 : 200;
    int err = read_security(operation, route, reterr);
    if (err == 0)
        err = read_params(d->root, operation, route, reterr);
    if (err == 0)
        err = read_body(d->root, operation, route, reterr);
    if (err < 0)
        return err;
    for (size_t i = 0; i < n && !route->fn; i++) {
        if (strcmp(handlers[i].id, route->id) == 0)
            route->fn = handlers[i].fn;
    }
    if (!route->fn) {
        diag_set(reterr, 0, "the operation %s has no handler", route->id);
        return -EINVAL;
    }
    return 0;
}

static int check_handlers(const struct api_document *d, const struct api_handler *handlers,
                          size_t n, struct diag *reterr)
{
    for (size_t i = 0; i < n; i++) {
        size_t found = 0;
        for (size_t j = 0; j < d->count; j++)
            found += strcmp(handlers[i].id, d->routes[j].id) == 0;
        if (found != 1) {
            diag_set(reterr, 0, "the handler %s has %zu operations", handlers[i].id, found);
            return -EINVAL;
        }
    }
    return 0;
}

int api_document_open(const char *text, const struct api_handler *handlers, size_t handlers_count,
                      struct diag *reterr, struct api_document **ret)
{
    assert(text && handlers && ret);

    AUTO(api_document) d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    d->root = cJSON_Parse(text);
    const cJSON *paths = member(d->root, "paths");
    if (!paths) {
        diag_set(reterr, 0, "the document is not JSON with paths");
        return -EINVAL;
    }
    const cJSON *path = NULL;
    cJSON_ArrayForEach(path, paths)
    {
        const cJSON *operation = NULL;
        cJSON_ArrayForEach(operation, path)
        {
            int err = read_operation(d, path->string, operation, handlers, handlers_count, reterr);
            if (err < 0)
                return err;
        }
    }
    int err = check_handlers(d, handlers, handlers_count, reterr);
    if (err < 0)
        return err;
    for (size_t i = 0; i < d->count; i++) { /* the routes stand still now */
        for (size_t j = 0; j < d->routes[i].params_count; j++) {
            struct api_param *p = &d->routes[i].params[j];
            if (!p->preset && p->preset_text[0] != '\0')
                p->preset = p->preset_text;
        }
    }
    *ret = TAKE(d);
    return 0;
}

void api_document_free(struct api_document *d)
{
    if (!d)
        return;
    cJSON_Delete(d->root);
    free(d);
}

const cJSON *api_document_root(const struct api_document *d)
{
    assert(d);
    return d->root;
}

const struct api_route *api_document_routes(const struct api_document *d, size_t *ret_count)
{
    assert(d && ret_count);
    *ret_count = d->count;
    return d->routes;
}

int api_route_param(const struct api_route *route, enum api_place place, const char *name)
{
    assert(route && name);
    for (size_t i = 0; i < route->params_count; i++) {
        if (route->params[i].place == place && strcmp(route->params[i].name, name) == 0)
            return (int)i;
    }
    return -ENOENT;
}

/* Walks path and pattern together; what stands for "{name}" goes to its value. */
static bool matches(const struct api_route *route, const char *path,
                    char values[API_PARAMS_MAX][API_VALUE_SIZE])
{
    const char *p = route->path;
    while (*p != '\0') {
        if (*p != '{') {
            if (*p++ != *path++)
                return false;
            continue;
        }
        size_t name_len = strcspn(p + 1, "}");
        size_t len = strcspn(path, "/");
        char name[NAME_SIZE];
        if (len == 0 || text_copy_n(name, sizeof(name), p + 1, name_len) < 0)
            return false;
        int at = api_route_param(route, PLACE_PATH, name);
        if (at < 0 || text_copy_n(values[at], API_VALUE_SIZE, path, len) < 0)
            return false;
        p += name_len + 2;
        path += len;
    }
    return *path == '\0';
}

int api_document_find(const struct api_document *d, const char *method, const char *path,
                      char values[API_PARAMS_MAX][API_VALUE_SIZE], char allow[API_ALLOW_SIZE],
                      const struct api_route **ret)
{
    assert(d && method && path && values && allow && ret);

    size_t len = 0;
    allow[0] = '\0';
    for (size_t i = 0; i < d->count; i++) {
        const struct api_route *route = &d->routes[i];
        memset(values, 0, API_PARAMS_MAX * sizeof(values[0]));
        if (!matches(route, path, values))
            continue;
        if (strcmp(route->method, method) == 0) {
            *ret = route;
            return 0;
        }
        int n =
            snprintf(allow + len, API_ALLOW_SIZE - len, "%s%s", len > 0 ? ", " : "", route->method);
        len += n > 0 && (size_t)n < API_ALLOW_SIZE - len ? (size_t)n : 0;
    }
    return len > 0 ? -ENOTSUP : -ENOENT;
}
