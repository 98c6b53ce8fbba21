/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_call.h -- one request as its handler sees it: who asks, what, on which connection; and
 * how it answers. The gate has been passed, parameters and body are as the document wants them, and
 * a transaction is open: a write's when the route writes. For the handlers of this folder. */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "api.h"
#include "api_document.h"
#include "api_seat.h"
#include "api_token.h"
#include "attr.h"
#include "event.h"
#include "http_json.h"
#include "http_server.h"
#include "sql.h"

#define API_TERRITORIES_SIZE 2200 /* 64 names, joined */
#define API_TRACE_SIZE 33
#define API_NO_AGE (-1)

struct api_who {
    char tenant[ORIGIN_TENANT_SIZE];
    char user[API_USER_SIZE];
    enum api_role role;
    char territories[API_TERRITORIES_SIZE]; /* "+A+B+"; "": all */
    int64_t version;
    int64_t expires_s; /* of the token */
};

struct api_site { /* a site within the caller's territories, with the age of its data */
    char site[ENTRY_PARTY_SIZE];
    char name[CATALOGUE_NAME_SIZE];
    char territory[CATALOGUE_WORD_SIZE];
    int64_t age_s; /* API_NO_AGE: no appliance of it ever spoke */
};

struct api_call {
    struct api *api;
    struct http_request *request;
    const struct api_route *route;
    char values[API_PARAMS_MAX][API_VALUE_SIZE];
    const cJSON *body; /* NULL: the route takes none */

    struct api_seat seat;
    struct sql *s; /* seat.s */
    struct api_who who;
    int64_t now_ms;               /* the relay's time */
    char actor[EVENT_ACTOR_SIZE]; /* "user:NAME" */
    char cause[EVENT_CAUSE_SIZE]; /* "request:NAME:KEY" */
    char trace[API_TRACE_SIZE];

    struct http_json answer; /* an object */
    cJSON *root;             /* answer.root, or NULL after a failed allocation */

    /* What api_refuse() said; status 0: nothing. */
    unsigned status;
    const char *word;
    struct api_fault fault;
    int retry_s;

    struct api_site *sites; /* api_age.h */
    size_t sites_count;
    bool sites_read;
    bool catalogue_read;

    /* A handler whose answer is no JSON object built above. */
    char *text;          /* taken */
    size_t text_len;     /* 0: up to its NUL */
    const char *type;    /* static; NULL: application/json */
    unsigned own_status; /* 0: as the document says */
    bool form;           /* `text` is a page with a form */
    char range[64];      /* Content-Range of it; "": the answer is whole */
    bool streams;        /* the answer is `stream` */
    struct http_stream stream;
    bool wrote; /* committed: the tenant's worker and streams are told */
};

/* The text of a parameter, its default, or "". The name must be one of the route's. */
const char *api_arg(const struct api_call *call, const char *name);
int64_t api_arg_int(const struct api_call *call, const char *name); /* 0 when absent */
bool api_arg_true(const struct api_call *call, const char *name);
int32_t api_arg_day(const struct api_call *call, const char *name); /* CIVIL_NONE when absent */

/* Members of the body; absent ones are `otherwise`. */
const char *api_body_text(const struct api_call *call, const char *name, const char *otherwise);
int64_t api_body_int(const struct api_call *call, const char *name, int64_t otherwise);
int32_t api_body_day(const struct api_call *call, const char *name); /* CIVIL_NONE */
/* The same for any object. */
const char *api_member_text(const cJSON *object, const char *name, const char *otherwise);
int64_t api_member_int(const cJSON *object, const char *name, int64_t otherwise);
int32_t api_member_day(const cJSON *object, const char *name);

/* Ends the request with a problem: word stays the same for ever ("not_found"), where and allowed
 * may be "". Returns -ECANCELED, for the handler to pass on: nothing of it happens. */
#define API_REFUSED (-ECANCELED)
int api_refuse(struct api_call *call, unsigned status, const char *word, const char *where,
               const char *allowed, const char *fmt, ...) PRINTF_LIKE(6, 7);

/* Usual ones. */
int api_absent(struct api_call *call, const char *what, const char *id);    /* 404 */
int api_forbidden(struct api_call *call, const char *what, const char *id); /* 403: territory */

/* Whether the caller may see rupees of stock (x-roles of the document decide about routes; this
 * about members of answers that others may see too). */
bool api_sees_value(const struct api_call *call);

/* The catalogue in force, refreshed at most once a request. */
NODISCARD int api_catalogue(struct api_call *call, const struct catalogue_index **ret);

/* Appends an audit record of this request: who, when, where, why, with before and after (JSON
 * values, or "" for none). place: site or territory, or "". */
struct api_change {
    const char *type; /* "OrderCreated" ... */
    const char *subject;
    const char *place;
    const char *why;
    const char *before;
    const char *after;
};
NODISCARD int api_audit(struct api_call *call, const struct api_change *change);
