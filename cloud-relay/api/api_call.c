/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_call.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"

const char *api_arg(const struct api_call *call, const char *name)
{
    for (size_t i = 0; i < call->route->params_count; i++) {
        const struct api_param *p = &call->route->params[i];
        if (strcmp(p->name, name) != 0)
            continue;
        if (call->values[i][0] != '\0')
            return call->values[i];
        return p->preset ? p->preset : "";
    }
    assert(false && "the route has no such parameter");
    return "";
}

int64_t api_arg_int(const struct api_call *call, const char *name)
{
    return strtoll(api_arg(call, name), NULL, 10); /* the gate has checked it */
}

bool api_arg_true(const struct api_call *call, const char *name)
{
    return strcmp(api_arg(call, name), "true") == 0;
}

int32_t api_arg_day(const struct api_call *call, const char *name)
{
    int32_t day = CIVIL_NONE;
    return civil_parse(api_arg(call, name), &day) < 0 ? CIVIL_NONE : day;
}

const char *api_member_text(const cJSON *object, const char *name, const char *otherwise)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(m) ? m->valuestring : otherwise;
}

int64_t api_member_int(const cJSON *object, const char *name, int64_t otherwise)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(m) ? (int64_t)m->valuedouble : otherwise;
}

int32_t api_member_day(const cJSON *object, const char *name)
{
    int32_t day = CIVIL_NONE;
    return civil_parse(api_member_text(object, name, ""), &day) < 0 ? CIVIL_NONE : day;
}

const char *api_body_text(const struct api_call *call, const char *name, const char *otherwise)
{
    return api_member_text(call->body, name, otherwise);
}

int64_t api_body_int(const struct api_call *call, const char *name, int64_t otherwise)
{
    return api_member_int(call->body, name, otherwise);
}

int32_t api_body_day(const struct api_call *call, const char *name)
{
    return api_member_day(call->body, name);
}

int api_refuse(struct api_call *call, unsigned status, const char *word, const char *where,
               const char *allowed, const char *fmt, ...)
{
    call->status = status;
    call->word = word;
    snprintf(call->fault.where, sizeof(call->fault.where), "%s", where);
    snprintf(call->fault.allowed, sizeof(call->fault.allowed), "%s", allowed);
    va_list args;
    va_start(args, fmt);
    vsnprintf(call->fault.detail, sizeof(call->fault.detail), fmt, args);
    va_end(args);
    return API_REFUSED;
}

int api_absent(struct api_call *call, const char *what, const char *id)
{
    return api_refuse(call, 404, "not_found", what, "", "there is no such %s: %.64s", what, id);
}

int api_forbidden(struct api_call *call, const char *what, const char *id)
{
    return api_refuse(call, 403, "territory", what, "what lies in your territories",
                      "the %s %.64s is not in your territories", what, id);
}

bool api_sees_value(const struct api_call *call)
{
    return (1U << call->who.role & (1U << ROLE_OWNER | 1U << ROLE_MANAGER | 1U << ROLE_PROCUREMENT |
                                    1U << ROLE_AUDITOR)) != 0;
}

int api_catalogue(struct api_call *call, const struct catalogue_index **ret)
{
    struct diag why = {.line = 0};
    int err = call->catalogue_read   ? 0
              : call->seat.catalogue ? catalogue_index_refresh(call->seat.catalogue, call->s, &why)
                                     : catalogue_index_open(call->s, &why, &call->seat.catalogue);
    if (err < 0)
        return err;
    call->catalogue_read = true;
    *ret = call->seat.catalogue;
    return 0;
}

int api_audit(struct api_call *call, const struct api_change *change)
{
    char device[HTTP_PEER_SIZE];
    struct audit_record record = {
        .type = change->type,
        .who = call->actor,
        .where = change->place,
        .device = http_peer(call->request, device),
        .why = change->why,
        .subject = change->subject,
        .before = change->before,
        .after = change->after,
        .cause = call->cause,
        .trace = call->trace,
        .wall_ms = call->now_ms,
    };
    struct diag why = {.line = 0};
    int err = audit_append(call->s, &record, &why, NULL);
    return err < 0 ? err : 0;
}
