/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_handlers.h"
#include "api_metrics.h"
#include "api_state.h"
#include "runtime.h"

#define SEAT_WAIT_MS 1000

int handle_get_health(struct api_call *call)
{
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "status", "ok");
    http_json_text(b, call->root, "release", call->api->conf.release);
    http_json_instant(b, call->root, "startedAt", call->api->started_ms);
    http_json_instant(b, call->root, "asOf", call->now_ms);
    return 0;
}

int handle_get_openapi(struct api_call *call)
{
    call->text = strdup(api_openapi);
    return call->text ? 0 : -ENOMEM;
}

/* ---- metrics ---- */

struct page {
    struct api_call *call;
    FILE *out;
};

static int write_agent(const struct agent_state *state, void *context)
{
    const struct page *p = context;
    const char *tenant = p->call->who.tenant;
    fprintf(p->out, "relay_agent_up{tenant=\"%s\",agent=\"%s\"} %d\n", tenant, state->agent,
            strcmp(state->state, "running") == 0);
    fprintf(p->out, "relay_agent_handled_total{tenant=\"%s\",agent=\"%s\"} %" PRId64 "\n", tenant,
            state->agent, state->handled);
    fprintf(p->out, "relay_agent_failures{tenant=\"%s\",agent=\"%s\"} %" PRId64 "\n", tenant,
            state->agent, state->failures);
    fprintf(p->out, "relay_agent_behind{tenant=\"%s\",agent=\"%s\"} %" PRId64 "\n", tenant,
            state->agent, state->behind);
    return 0;
}

/* One number a row: name, first label's value. */
static const struct {
    const char *name;
    const char *label;
    const char *select;
} gauges[] = {
    {"relay_outbox_messages", "state",
     "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"},
    {"relay_dead_letters", "state",
     "SELECT state, count(*) FROM dead_letter GROUP BY state ORDER BY state"},
    {"relay_cases", "state",
     "SELECT state, count(*) FROM recovery_case GROUP BY state ORDER BY state"},
    {"relay_journal_entries", "device",
     "SELECT device, CAST(sum(wm) AS BIGINT) FROM watermark GROUP BY device ORDER BY device"},
    {"relay_device_queue", "device",
     "SELECT d.device, CASE WHEN d.head > coalesce(w.wm, 0) THEN d.head - coalesce(w.wm, 0) ELSE 0"
     " END FROM device d LEFT JOIN watermark w ON w.device = d.device AND w.epoch = d.epoch ORDER"
     " BY d.device"},
    {"relay_wire_bytes_total", "device",
     "SELECT device, CAST(sum(wire_bytes) AS BIGINT) FROM watermark GROUP BY device ORDER BY"
     " device"},
    {"relay_events", "kind", "SELECT kind, count(*) FROM event GROUP BY kind ORDER BY kind"},
};

static int write_gauges(const struct page *p)
{
    for (size_t i = 0; i < ARRAY_LEN(gauges); i++) {
        AUTO(sql_query) q = sql_query(p->call->s, gauges[i].select);
        int n = 0;
        while ((n = sql_step(q)) == 1)
            fprintf(p->out, "%s{tenant=\"%s\",%s=\"%s\"} %" PRId64 "\n", gauges[i].name,
                    p->call->who.tenant, gauges[i].label, sql_text(q, 0), sql_int(q, 1));
        if (n < 0)
            return n;
    }
    return 0;
}

/* A tenant whose store cannot be read now says so, and the page goes on. */
static void write_tenant(const char *tenant, void *context)
{
    struct page *p = context;
    struct api_call *call = p->call;
    snprintf(call->who.tenant, sizeof(call->who.tenant), "%s", tenant);
    int err = api_seat_take(call->api->seats, tenant, SEAT_WAIT_MS, &call->seat);
    if (err == 0) {
        call->s = call->seat.s;
        err = sql_begin(call->s, SQL_READ);
        if (err == 0)
            err = write_gauges(p);
        if (err == 0)
            err = agent_state_each(call->s, write_agent, p);
        api_seat_give(call->api->seats, &call->seat);
        call->s = NULL;
    }
    fprintf(p->out, "relay_store_up{tenant=\"%s\"} %d\n", tenant, err == 0);
    call->who.tenant[0] = '\0';
}

int handle_get_metrics(struct api_call *call)
{
    char *text = NULL;
    size_t len = 0;
    struct page p = {.call = call, .out = open_memstream(&text, &len)};
    if (!p.out)
        return -ENOMEM;
    size_t count = 0;
    api_metrics_write(call->api->metrics, api_document_routes(call->api->document, &count), p.out);
    api_metrics_write_process(p.out);
    api_seats_each(call->api->seats, write_tenant, &p);
    if (fclose(p.out) != 0) {
        free(text);
        return -ENOMEM;
    }
    call->text = text;
    call->type = "text/plain; version=0.0.4; charset=utf-8";
    return 0;
}
