/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_request.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "api_state.h"
#include "civil.h"
#include "sha256.h"
#include "text.h"

#define KEPT_MS (30 * CIVIL_MS_PER_DAY)
#define FORGOTTEN_AT_ONCE 20

/* The trace of a W3C traceparent header ("00-<32 hex>-<16 hex>-<2 hex>"), or one of our own. */
static int read_trace(struct api_call *call)
{
    static const char hex[] = "0123456789abcdef";
    const char *parent = http_header(call->request, "traceparent");
    if (strlen(parent) == 55 && strspn(parent + 3, hex) == 32 && parent[35] == '-') {
        memcpy(call->trace, parent + 3, 32);
        call->trace[32] = '\0';
        return 0;
    }
    unsigned char bits[16];
    if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        return -EIO;
    for (size_t i = 0; i < sizeof(bits); i++)
        snprintf(call->trace + 2 * i, 3, "%02x", bits[i]);
    return 0;
}

static int check_value(struct api_call *call, size_t at)
{
    const struct api_param *p = &call->route->params[at];
    if (api_schema_check_text(api_document_root(call->api->document), p->schema, call->values[at],
                              p->name, &call->fault) == 0)
        return 0;
    struct api_fault fault = call->fault;
    return api_refuse(call, 400, "malformed", fault.where, fault.allowed, "%s", fault.detail);
}

static int take_arg(const char *name, const char *value, void *context)
{
    struct api_call *call = context;
    int at = api_route_param(call->route, PLACE_QUERY, name);
    if (at < 0 || !value || value[0] == '\0' || call->values[at][0] != '\0' ||
        text_copy(call->values[at], API_VALUE_SIZE, value) < 0) {
        char where[64];
        snprintf(where, sizeof(where), "%.60s", name);
        return api_refuse(call, 400, "malformed", where, "",
                          "an argument is unknown, doubled, empty or too long");
    }
    return 0;
}

static int read_params(struct api_call *call)
{
    int err = http_args(call->request, take_arg, call);
    for (size_t i = 0; i < call->route->params_count && err == 0; i++) {
        const struct api_param *p = &call->route->params[i];
        if (p->place == PLACE_HEADER &&
            text_copy(call->values[i], API_VALUE_SIZE, http_header(call->request, p->name)) < 0)
            return api_refuse(call, 400, "malformed", p->name, "", "the header is too long");
        if (call->values[i][0] != '\0')
            err = check_value(call, i);
        else if (p->required)
            err = api_refuse(call, 400, "malformed", p->name, "", "it is missing");
    }
    return err;
}

/* Whether the body is of a media type that the document names. */
static bool is_taken(const struct api_call *call)
{
    const char *type = http_header(call->request, "Content-Type");
    const cJSON *media = NULL;
    cJSON_ArrayForEach(media, call->route->media)
    {
        if (strncasecmp(type, media->string, strlen(media->string)) == 0)
            return true;
    }
    return false;
}

int api_request_head(struct api_call *call)
{
    assert(call);
    int err = read_trace(call);
    if (err < 0)
        return err;
    const char *method = http_method(call->request);
    char allow[API_ALLOW_SIZE];
    err = api_document_find(call->api->document, method, http_path(call->request), call->values,
                            allow, &call->route);
    if (err == -ENOENT)
        return api_refuse(call, 404, "no_route", "", "/api/v1/openapi.json",
                          "there is no such path");
    if (err == -ENOTSUP)
        return api_refuse(call, 405, "method", "", allow, "not by this method");
    if (call->route->writes && !http_origin_is_ours(call->request))
        return api_refuse(call, 403, "foreign_origin", "Origin", "", "a page from elsewhere");
    if (call->route->body && !is_taken(call))
        return api_refuse(call, 415, "media_type", "Content-Type",
                          call->route->media->child->string, "the body is of another media type");
    http_set_body_max(call->request, call->route->body ? call->route->body_max : 0);
    return 0;
}

static int parse(struct api_call *call, const char *text, size_t len, cJSON **ret)
{
    /* cJSON ends its texts with a NUL, so an escaped one would cut them without a word. */
    if (memchr(text, '\0', len) || memmem(text, len, "\\u0000", 6))
        return api_refuse(call, 400, "malformed", "", "", "the body holds a NUL");
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text, len, &end, false);
    while (json && end < text + len && strchr(" \t\r\n", *end))
        end++;
    if (!cJSON_IsObject(json) || end != text + len) {
        cJSON_Delete(json);
        return api_refuse(call, 400, "malformed", "", "one JSON object",
                          "the body is not one JSON object");
    }
    *ret = json;
    return 0;
}

int api_request_body(struct api_call *call, cJSON **ret)
{
    assert(call && ret);
    *ret = NULL;
    int err = read_params(call);
    if (err < 0)
        return err;
    size_t len = 0;
    const char *text = http_body(call->request, &len);
    if (http_body_too_long(call->request)) {
        char allowed[48];
        snprintf(allowed, sizeof(allowed), "at most %zu bytes",
                 call->route->body ? call->route->body_max : 0);
        return api_refuse(call, 413, "too_long", "", allowed, "the body is too long");
    }
    if (!call->route->body || call->route->own_body)
        return 0;
    cJSON *json = NULL;
    err = parse(call, text, len, &json);
    if (err < 0)
        return err;
    struct api_fault fault;
    if (api_schema_check(api_document_root(call->api->document), call->route->body, json, "",
                         &fault) < 0) {
        cJSON_Delete(json);
        return api_refuse(call, 400, "malformed", fault.where, fault.allowed, "%s", fault.detail);
    }
    *ret = json;
    return 0;
}

/* What was asked: operation, path and body. Under the server's secret, because bodies may hold a
 * password, and a bare digest of one could be guessed at. */
static void digest_of(const struct api_call *call, uint8_t ret[SHA256_SIZE])
{
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    uint8_t inner[SHA256_SIZE];
    const char *path = http_path(call->request);
    uint8_t asked[SHA256_SIZE];
    sha256_pair(call->route->id, strlen(call->route->id) + 1, path, strlen(path), asked);
    sha256_pair(asked, sizeof(asked), body, len, inner);
    sha256_pair(call->api->secret.bytes, call->api->secret.len, inner, sizeof(inner), ret);
}

static const char select_request[] =
    "SELECT body_sha256, status, answer FROM request WHERE user_name = $1 AND idempotency_key = $2";

int api_request_known(struct api_call *call, unsigned *ret_status, char **ret_answer)
{
    assert(call && ret_status && ret_answer);
    const char *key = api_arg(call, "Idempotency-Key");
    snprintf(call->cause, sizeof(call->cause), "request:%s:%s", call->who.user, key);
    AUTO(sql_query) q = sql_query(call->s, select_request);
    sql_bind_text(q, 1, call->who.user);
    sql_bind_text(q, 2, key);
    int n = sql_step(q);
    if (n <= 0)
        return n;
    size_t len = 0;
    const void *kept = sql_bytes(q, 0, &len);
    uint8_t digest[SHA256_SIZE];
    digest_of(call, digest);
    if (len != sizeof(digest) || memcmp(kept, digest, len) != 0)
        return api_refuse(call, 422, "key_used", "Idempotency-Key", "a new key",
                          "the key was used for another request");
    if (!call->route->keeps)
        return api_refuse(call, 409, "answered", "Idempotency-Key", "a new key",
                          "it was done, and its answer is shown only once");
    char *answer = strdup(sql_text(q, 2));
    if (!answer)
        return -ENOMEM;
    *ret_status = (unsigned)sql_int(q, 1);
    *ret_answer = answer;
    return 1;
}

static const char insert_request[] =
    "INSERT INTO request(user_name, idempotency_key, body_sha256, status, answer, made_ms)"
    " VALUES($1, $2, $3, $4, $5, $6)";

int api_request_keep(struct api_call *call, unsigned status, const char *answer)
{
    assert(call && answer);
    uint8_t digest[SHA256_SIZE];
    digest_of(call, digest);
    AUTO(sql_query) q = sql_query(call->s, insert_request);
    sql_bind_text(q, 1, call->who.user);
    sql_bind_text(q, 2, api_arg(call, "Idempotency-Key"));
    sql_bind_bytes(q, 3, digest, sizeof(digest));
    sql_bind_int(q, 4, status);
    sql_bind_text(q, 5, call->route->keeps ? answer : "");
    sql_bind_int(q, 6, api_real_ms());
    int err = sql_run(q);
    return err == -EEXIST ? -EBUSY : err; /* the same request is just being done: look again */
}

static const char delete_requests[] =
    "DELETE FROM request WHERE made_ms < $1 AND idempotency_key IN"
    " (SELECT idempotency_key FROM request WHERE made_ms < $1 ORDER BY made_ms LIMIT $2)";

int api_request_forget(struct sql *s, int64_t now_ms)
{
    assert(s);
    AUTO(sql_query) q = sql_query(s, delete_requests);
    sql_bind_int(q, 1, now_ms - KEPT_MS);
    sql_bind_int(q, 2, FORGOTTEN_AT_ONCE);
    return sql_run(q);
}
