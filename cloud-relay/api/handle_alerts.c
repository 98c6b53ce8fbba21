/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts are the events that somebody should look at; acknowledging one is an event of its own, so
 * that the trail says who had it in hand. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_visible.h"
#include "event_type.h"

static const char id_prefix[] = "event-";
#define SCAN_MAX 2000 /* events looked at for one page */

static const struct alert_type {
    const char *type;
    const char *severity;
    const char *message;
    const char *action;
} types[] = {
    {EVENT_DEAD_STOCK_DETECTED, "high", "stock is dead", "look at its case"},
    {EVENT_COMPLIANCE_VIOLATION, "critical", "a movement breaks a rule", "mend it or reject it"},
    {EVENT_APPROVAL_WANTED, "medium", "a proposal waits for a person", "decide on it"},
    {EVENT_PROPOSAL_FAILED, "medium", "a proposal was undone", "look at its case"},
    {EVENT_TRANSFER_SHORT, "high", "sender and receiver do not agree", "count at both ends"},
    {EVENT_TRANSFER_OVERDUE, "high", "goods have not arrived in time", "ask the carrier"},
    {EVENT_LETTER_DEAD, "high", "an item was set aside", "repair or drop the dead letter"},
    {EVENT_ALERT_RAISED, "medium", "something wants attention", "look at it"}, /* says its own */
};

static const struct alert_type *type_of(const char *type)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (strncmp(types[i].type, type, strlen(types[i].type)) == 0)
            return &types[i];
    }
    return NULL;
}

static const char select_alerts[] =
    "SELECT e.seq, e.type, e.wall_ms, e.body, coalesce(a.actor, ''), coalesce(a.wall_ms, 0), e.kind"
    " FROM event e LEFT JOIN event a ON a.type = 'AlertAcknowledged' AND"
    " a.subject = 'alert:event-' || CAST(e.seq AS TEXT) WHERE e.seq < $1 AND e.kind = 'event' AND"
    " ($2 = 0 OR a.seq IS NULL) AND ($4 = 0 OR e.seq = $4) ORDER BY e.seq DESC LIMIT $3";

static struct sql_query *query_alerts(struct api_call *call, int64_t before, bool open, int64_t seq)
{
    struct sql_query *q = sql_query(call->s, select_alerts);
    sql_bind_int(q, 1, before);
    sql_bind_int(q, 2, open);
    sql_bind_int(q, 3, SCAN_MAX);
    sql_bind_int(q, 4, seq);
    return q;
}

static void add_alert(struct api_call *call, cJSON *to, struct sql_query *q,
                      const struct alert_type *type, const cJSON *body)
{
    struct http_json *b = &call->answer;
    char id[32];
    snprintf(id, sizeof(id), "%s%" PRId64, id_prefix, sql_int(q, 0));
    const char *text = api_member_text(body, "evidence", api_member_text(body, "why", ""));
    /* Only an alert of alert.h says these things of itself in our words. */
    const cJSON *own = strcmp(sql_text(q, 1), EVENT_ALERT_RAISED) == 0 ? body : NULL;
    char message[400];
    snprintf(message, sizeof(message), "%s%s%s", type->message, text[0] != '\0' ? ": " : "", text);
    http_json_text(b, to, "alertId", id);
    http_json_text(b, to, "type", api_member_text(own, "type", sql_text(q, 1)));
    http_json_text(b, to, "severity", api_member_text(own, "severity", type->severity));
    http_json_text(b, to, "site", api_event_site(body));
    http_json_text(b, to, "territory", api_event_territory(call, body));
    http_json_text(b, to, "sku", api_member_text(body, "sku", ""));
    http_json_text(b, to, "message", api_member_text(own, "message", message));
    http_json_text(b, to, "action", api_member_text(own, "action", type->action));
    http_json_instant(b, to, "at", sql_int(q, 2));
    http_json_text_or_null(b, to, "acknowledgedBy", sql_text(q, 4));
    http_json_instant(b, to, "acknowledgedAt", sql_int(q, 5));
    api_add_age(call, to, api_event_site(body));
}

/* 1 when the present row was an alert for this caller, and was added. */
static int take_row(struct api_call *call, cJSON *to_items, cJSON *to, struct sql_query *q)
{
    const struct alert_type *type = type_of(sql_text(q, 1));
    if (!type)
        return 0;
    cJSON *body = cJSON_Parse(sql_text(q, 3));
    bool visible = api_event_is_visible(call, EVENT_HAPPENED, sql_text(q, 1), body);
    if (visible)
        add_alert(call, to ? to : http_json_add_object(&call->answer, to_items, NULL), q, type,
                  body);
    cJSON_Delete(body);
    return visible;
}

int handle_list_alerts(struct api_call *call)
{
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    const char *after = api_arg(call, "after");
    int64_t left = api_arg_int(call, "limit");
    int64_t looked = 0;
    int64_t seq = 0;
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query)
    q = query_alerts(call, after[0] != '\0' ? strtoll(after, NULL, 10) : INT64_MAX,
                     api_arg_true(call, "open"), 0);
    int n = 0;
    while (left > 0 && (n = sql_step(q)) == 1) {
        seq = sql_int(q, 0);
        looked++;
        left -= take_row(call, items, NULL, q);
    }
    if (n < 0)
        return n;
    char next[24];
    snprintf(next, sizeof(next), "%" PRId64, seq);
    http_json_text_or_null(&call->answer, call->root, "next",
                           left == 0 || looked == SCAN_MAX ? next : "");
    return api_add_freshness(call, call->root, "");
}

static int answer_alert(struct api_call *call, cJSON *to, const char *id)
{
    int64_t seq = strncmp(id, id_prefix, strlen(id_prefix)) == 0
                      ? strtoll(id + strlen(id_prefix), NULL, 10)
                      : 0;
    AUTO(sql_query) q = query_alerts(call, INT64_MAX, false, seq > 0 ? seq : -1);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return n == 1 && take_row(call, NULL, to, q) == 1 ? 0 : api_absent(call, "alert", id);
}

/* An alert of alert.h has a row of its own: who escalates it looks there. */
static int close_row(struct api_call *call, const char *id)
{
    char alert[ALERT_ID_SIZE];
    {
        AUTO(sql_query)
        q = sql_query(call->s, "SELECT subject FROM event WHERE seq = $1 AND type = 'AlertRaised'");
        sql_bind_int(q, 1, strtoll(id + strlen(id_prefix), NULL, 10));
        int n = sql_step(q);
        if (n <= 0)
            return n;
        snprintf(alert, sizeof(alert), "%s", sql_text(q, 0) + strlen("alert:"));
    }
    int err = alert_acknowledge(call->s, alert, call->actor, call->now_ms);
    return err < 0 ? err : 0;
}

int handle_acknowledge_alert(struct api_call *call)
{
    const char *id = api_arg(call, "alertId");
    cJSON *was = cJSON_CreateObject();
    int err = was ? api_sites_read(call) : -ENOMEM;
    if (err == 0)
        err = answer_alert(call, was, id);
    bool known = api_member_text(was, "acknowledgedBy", "")[0] != '\0';
    cJSON_Delete(was);
    if (err < 0)
        return err;
    if (known)
        return api_refuse(call, 409, "acknowledged", "alertId", "", "somebody has it in hand");
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "alert:%s", id);
    struct api_change change = {.type = "AlertAcknowledged",
                                .subject = subject,
                                .place = "",
                                .why = api_body_text(call, "reason", ""),
                                .before = "",
                                .after = ""};
    err = api_audit(call, &change);
    if (err == 0)
        err = close_row(call, id);
    return err < 0 ? err : answer_alert(call, call->root, id);
}
