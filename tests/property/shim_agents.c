/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The relay for properties: a tenant's store with its agents, driven from Python. Rows of a world
 * are laid in as SQL; what comes of them is made by the product alone. */
#include "shim_agents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents.h"
#include "proposals.h"
#include "runtime.h"
#include "setting.h"
#include "sql.h"

struct agents_shim {
    struct sql *s;
    struct runtime *r;
    struct diag why;
    char *answer;
    char *statements[256]; /* their addresses are keys: they live as long as the connection */
    size_t count;
    int requests;
};

static const char *keep(struct agents_shim *h, const char *text)
{
    for (size_t i = 0; i < h->count; i++)
        if (strcmp(h->statements[i], text) == 0)
            return h->statements[i];
    if (h->count == ARRAY_LEN(h->statements))
        abort(); /* a property that makes ever new statements */
    h->statements[h->count] = strdup(text);
    return h->statements[h->count++];
}

int agents_shim_open(const char *folder, const char *tenant, int64_t now_ms,
                     struct agents_shim **ret)
{
    char address[512];
    struct agents_shim *h = calloc(1, sizeof(*h));
    if (!h)
        return -ENOMEM;
    snprintf(address, sizeof(address), "sqlite:%s", folder);
    int err = sql_tenant_create(address, tenant, &h->why);
    if (err >= 0)
        err = sql_open(address, tenant, &h->why, &h->s);
    /* Without those who find cases and make proposals: the property does that. */
    static const struct agent *const movers[] = {&agent_compliance, &agent_orchestrator};
    struct runtime_conf conf = runtime_conf_default();
    if (err >= 0)
        err = runtime_open(h->s, movers, ARRAY_LEN(movers), &conf, now_ms, &h->why, &h->r);
    *ret = h;
    return err;
}

void agents_shim_close(struct agents_shim *h)
{
    if (!h)
        return;
    runtime_free(h->r);
    sql_free(h->s);
    for (size_t i = 0; i < h->count; i++)
        free(h->statements[i]);
    free(h->answer);
    free(h);
}

const char *agents_shim_why(struct agents_shim *h)
{
    return h->why.text;
}

int agents_shim_run(struct agents_shim *h, const char *text)
{
    int err = sql_begin(h->s, SQL_WRITE);
    if (err < 0)
        return err;
    struct sql_query *q = sql_query(h->s, keep(h, text));
    err = sql_run(q);
    sql_query_free(q);
    if (err == 0)
        return sql_commit(h->s);
    snprintf(h->why.text, sizeof(h->why.text), "%s", sql_words(h->s));
    sql_rollback(h->s);
    return err;
}

/* The first column of all rows, a line each. */
const char *agents_shim_lines(struct agents_shim *h, const char *text)
{
    free(h->answer);
    h->answer = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&h->answer, &len);
    if (!out || sql_begin(h->s, SQL_READ) < 0)
        abort();
    struct sql_query *q = sql_query(h->s, keep(h, text));
    while (sql_step(q) > 0)
        fprintf(out, "%s\n", sql_text(q, 0));
    sql_query_free(q);
    sql_rollback(h->s);
    fclose(out);
    return h->answer;
}

int agents_shim_set(struct agents_shim *h, const char *name, const char *scope, const char *value,
                    int64_t now_ms)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "request:%d", ++h->requests);
    struct setting_change c = {name, scope, value, "user:meera", "property", cause, now_ms};
    int err = sql_begin(h->s, SQL_WRITE);
    if (err == 0)
        err = setting_change(h->s, &c, &h->why);
    if (err >= 0)
        return sql_commit(h->s);
    sql_rollback(h->s);
    return err;
}

int agents_shim_propose(struct agents_shim *h, const char *sku, const char *batch,
                        int32_t expiry_day, const char *from, const char *to, int64_t units,
                        int64_t landed_paise, int64_t now_ms, char *ret_id)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "plan:%d", ++h->requests);
    struct proposal p = {.action = PROPOSAL_TRANSFER,
                         .units = units,
                         .landed_paise = landed_paise,
                         .batch = {.expiry_day = expiry_day}};
    snprintf(p.sku, sizeof(p.sku), "%s", sku);
    snprintf(p.batch.number, sizeof(p.batch.number), "%s", batch);
    snprintf(p.from_site, sizeof(p.from_site), "%s", from);
    snprintf(p.to_site, sizeof(p.to_site), "%s", to);
    struct proposal_by by = {"agent:reallocation", cause, "", now_ms};
    struct setting_book *book = NULL;
    int err = sql_begin(h->s, SQL_WRITE);
    if (err == 0)
        err = setting_book_read(h->s, &book);
    if (err == 0)
        err = proposal_make(h->s, &p, book, &by, &h->why, ret_id);
    setting_book_free(book);
    if (err >= 0)
        return sql_commit(h->s);
    sql_rollback(h->s);
    return err;
}

int agents_shim_approve(struct agents_shim *h, const char *id, const char *by, int64_t now_ms)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "request:%d", ++h->requests);
    struct proposal_said said = {.decision = PROPOSAL_APPROVE,
                                 .by = by,
                                 .reason = "property",
                                 .cause = cause,
                                 .now_ms = now_ms};
    struct setting_book *book = NULL;
    int err = sql_begin(h->s, SQL_WRITE);
    if (err == 0)
        err = setting_book_read(h->s, &book);
    if (err == 0)
        err = proposal_decide(h->s, id, &said, book, &h->why);
    setting_book_free(book);
    if (err >= 0) {
        int committed = sql_commit(h->s);
        return committed < 0 ? committed : err;
    }
    sql_rollback(h->s);
    return err;
}

int agents_shim_settle(struct agents_shim *h, int64_t now_ms)
{
    int64_t due = 0;
    int did = 1;
    for (int i = 0; did == 1 && i < 10000; i++)
        did = runtime_step(h->r, now_ms, &due);
    return did;
}
