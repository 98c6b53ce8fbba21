/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>

#include "event.h"
#include "event_type.h"

const char *alert_severity_name(enum alert_severity severity)
{
    static const char *const names[] = {"low", "medium", "high", "critical"};
    assert((size_t)severity < ARRAY_LEN(names));
    return names[severity];
}

static int tell(struct sql *s, const struct alert *a, const char *actor, cJSON *body)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "alert:%.150s", a->id);
    char *text = cJSON_PrintUnformatted(body);
    if (!text)
        return -ENOMEM;
    struct event_draft draft = {.kind = EVENT_HAPPENED,
                                .type = EVENT_ALERT_RAISED,
                                .version = 1,
                                .actor = actor,
                                .subject = subject,
                                .cause = a->cause,
                                .trace = a->trace,
                                .body = text,
                                .wall_ms = a->at_ms};
    int err = event_append(s, &draft, NULL);
    cJSON_free(text);
    return err < 0 ? err : 0;
}

static int insert(struct sql *s, const struct alert *a)
{
    AUTO(sql_query)
    q = sql_query(s,
                  "INSERT INTO alert(alert_id, type, severity, site, sku, message, action, cause,"
                  " trace, acknowledged_by, at_ms, acknowledged_ms)"
                  " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, 0)"
                  " ON CONFLICT(tenant, alert_id) DO NOTHING");
    const char *const texts[] = {a->id,     a->type,  alert_severity_name(a->severity),
                                 a->site,   a->sku,   a->message,
                                 a->action, a->cause, a->trace};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sql_bind_text(q, 1 + (int)i, texts[i]);
    sql_bind_int(q, 10, a->at_ms);
    int err = sql_run(q);
    return err < 0 ? err : sql_changes(q) == 0;
}

int alert_raise(struct sql *s, const struct alert *a, const char *actor)
{
    assert(s && a && a->id && actor);
    int known = insert(s, a);
    if (known != 0)
        return known;
    cJSON *body = cJSON_CreateObject();
    bool built = body && cJSON_AddStringToObject(body, "alertId", a->id) &&
                 cJSON_AddStringToObject(body, "type", a->type) &&
                 cJSON_AddStringToObject(body, "severity", alert_severity_name(a->severity)) &&
                 cJSON_AddStringToObject(body, "site", a->site) &&
                 cJSON_AddStringToObject(body, "sku", a->sku) &&
                 cJSON_AddStringToObject(body, "message", a->message) &&
                 cJSON_AddStringToObject(body, "action", a->action);
    int err = built ? tell(s, a, actor, body) : -ENOMEM;
    cJSON_Delete(body);
    return err;
}

int alert_acknowledge(struct sql *s, const char *id, const char *by, int64_t now_ms)
{
    assert(s && id && by);
    AUTO(sql_query)
    q = sql_query(s, "SELECT acknowledged_ms FROM alert WHERE alert_id = $1");
    sql_bind_text(q, 1, id);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    if (sql_int(q, 0) != 0)
        return 1;
    AUTO(sql_query)
    set = sql_query(s, "UPDATE alert SET acknowledged_by = $2, acknowledged_ms = $3"
                       " WHERE alert_id = $1");
    sql_bind_text(set, 1, id);
    sql_bind_text(set, 2, by);
    sql_bind_int(set, 3, now_ms);
    return sql_run(set);
}
