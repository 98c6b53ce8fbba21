/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_document.h -- the OpenAPI document as the server reads it: which routes there are, what
 * each takes, and who may ask. It is read once, at the start; what it says stands nowhere else. It
 * answers nothing. */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "api_schema.h"
#include "attr.h"
#include "diag.h"

#define API_PARAMS_MAX 12
#define API_VALUE_SIZE 257 /* of a parameter */
#define API_BODY_MAX (64 << 10)

enum api_role {
    ROLE_OWNER,
    ROLE_MANAGER,
    ROLE_PROCUREMENT,
    ROLE_FIELD,
    ROLE_TECHNICIAN,
    ROLE_AUDITOR,
    ROLE_AGENT,
};
#define API_ROLE_COUNT 7
const char *api_role_name(enum api_role role); /* static */
NODISCARD int api_role_parse(const char *name, enum api_role *ret);

enum api_scope {
    SCOPE_SELF,   /* about the caller alone */
    SCOPE_SITE,   /* rows and effects are limited to the caller's territories */
    SCOPE_TENANT, /* for callers whose territories are not limited */
};

enum api_security {
    SECURITY_BEARER,
    SECURITY_NONE,
    SECURITY_METRICS,
    SECURITY_PROVIDER, /* its handler checks the signature of the body */
};

enum api_place { PLACE_PATH, PLACE_QUERY, PLACE_HEADER };

struct api_param {
    const char *name;
    enum api_place place;
    bool required;
    const char *preset; /* the default as text; NULL */
    char preset_text[24];
    const cJSON *schema;
};

struct api_call;
typedef int (*api_handler_fn)(struct api_call *call);

struct api_handler { /* by operationId */
    const char *id;
    api_handler_fn fn;
};

struct api_route {
    const char *id;
    char method[8];
    const char *path; /* "/api/v1/orders/{document}" */
    enum api_security security;
    enum api_scope scope;
    unsigned roles; /* bits 1 << enum api_role */
    bool writes;
    bool exports;       /* each answer counts against the distributor's quota */
    bool keyed;         /* takes an Idempotency-Key */
    bool keeps;         /* its answer is kept for a repetition; not with secrets in it */
    bool own_body;      /* its handler reads the body by itself */
    unsigned success;   /* 200 or 201 */
    const cJSON *body;  /* schema; NULL: takes none */
    const cJSON *media; /* of the body: members are named by what it may be */
    size_t body_max;
    struct api_param params[API_PARAMS_MAX];
    size_t params_count;
    api_handler_fn fn;
};

struct api_document;

/* Reads the document and joins it with the handlers. -EINVAL with *reterr: it is not as the server
 * needs it, an operation has no handler, or a handler no operation. */
NODISCARD int api_document_open(const char *text, const struct api_handler *handlers,
                                size_t handlers_count, struct diag *reterr,
                                struct api_document **ret);
void api_document_free(struct api_document *d); /* NULL is fine */
DEFINE_AUTO(api_document);

const cJSON *api_document_root(const struct api_document *d);
const struct api_route *api_document_routes(const struct api_document *d, size_t *ret_count);

/* One value a parameter of the route, in its order; those of the path are written. All "" before.
 *   -ENOENT   no such path
 *   -ENOTSUP  not by this method; allow has those that it takes */
#define API_ALLOW_SIZE 32
NODISCARD int api_document_find(const struct api_document *d, const char *method, const char *path,
                                char values[API_PARAMS_MAX][API_VALUE_SIZE],
                                char allow[API_ALLOW_SIZE], const struct api_route **ret);

/* Index of the parameter of that name and place; -ENOENT. */
NODISCARD int api_route_param(const struct api_route *route, enum api_place place,
                              const char *name);

/* The document's text as it stands in the binary. */
extern const char api_openapi[];
