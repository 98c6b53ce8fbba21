/* SPDX-License-Identifier: Apache-2.0 */
/* Posts, what there is to do, alerts, and codes that wait for their SKU. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "master.h"
#include "message.h"
#include "web_list.h"

int web_list_posts(struct web_rows *rows)
{
    const struct station_conf *conf = rows->floor->conf;
    for (size_t i = 0; i < conf->posts_count; i++) {
        struct station_view view;
        int err = station_view(rows->floor->station, conf->posts[i].post, rows->floor->now.mono_ms,
                               &view);
        cJSON *row = NULL;
        if (err == 0)
            err = web_list_row(rows, &row);
        if (err < 0)
            return err;
        web_json_text(&rows->json, row, "post", view.post);
        web_json_text_or_null(&rows->json, row, "worker_name", view.worker_name);
        web_json_text_or_null(&rows->json, row, "flow", view.flow);
        web_json_bool(&rows->json, row, "in_use", view.worker[0] != '\0');
    }
    return 0;
}

int web_list_messages(struct web_rows *rows)
{
    size_t count = 0;
    const struct message *list = message_list(&count);
    rows->max = count;
    for (size_t i = 0; i < count; i++) {
        cJSON *row = NULL;
        int err = web_list_row(rows, &row);
        if (err < 0)
            return err;
        web_json_text(&rows->json, row, "code", list[i].code);
        web_json_text(&rows->json, row, "en", list[i].english);
        web_json_text(&rows->json, row, "hi", list[i].hindi);
    }
    return 0;
}

/* Which flow works on which orders, and what says how much of a line is done. */
static const struct {
    const char *flow;
    enum entry_kind done_by;
} order_work[] = {
    [ORDER_SALE] = {"pick", ENTRY_PICKED},
    [ORDER_PURCHASE] = {"receive", ENTRY_RECEIVED},
    [ORDER_TRANSFER_OUT] = {"dispatch", ENTRY_DISPATCHED},
    [ORDER_TRANSFER_IN] = {"arrive", ENTRY_ARRIVED},
};

/* The document whose lines come one after the other. */
struct task {
    struct web_rows *rows;
    struct catalogue_order_line first;
    int64_t lines, open;
};

static int end_task(struct task *t)
{
    if (t->open == 0)
        return 0;
    cJSON *row = NULL;
    int err = web_list_row(t->rows, &row);
    if (err < 0)
        return err;
    struct catalogue_party party = {.name = ""};
    err = master_party(t->rows->floor->journal, t->first.party, &party);
    if (err < 0)
        return err;
    struct web_json *json = &t->rows->json;
    web_json_text(json, row, "flow", order_work[t->first.kind].flow);
    web_json_text(json, row, "document", t->first.document);
    web_json_text_or_null(json, row, "party", party.name[0] != '\0' ? party.name : t->first.party);
    web_json_day(json, row, "due", t->first.due_day);
    web_json_number(json, row, "lines", t->lines);
    web_json_number(json, row, "open", t->open);
    return 0;
}

static int on_order_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_order_line *line = record;
    struct task *t = context;
    if (strcmp(t->first.document, line->document) != 0) {
        int err = end_task(t);
        if (err < 0)
            return err;
        *t = (struct task){.rows = t->rows, .first = *line};
    }
    int64_t done = 0;
    int err = journal_line_done(t->rows->floor->journal, line->document, line->line,
                                order_work[line->kind].done_by, &done);
    if (err < 0)
        return err;
    t->lines++;
    t->open += done < line->qty;
    return 0;
}

int web_list_tasks(struct web_rows *rows)
{
    struct task t = {.rows = rows};
    int err = master_each(rows->floor->journal, DOCUMENT_ORDERS, on_order_line, &t);
    return err < 0 ? err : end_task(&t);
}

static int on_alert(const struct journal_alert *a, void *context)
{
    struct web_rows *rows = context;
    if (a->snoozed_until != CIVIL_NONE && a->snoozed_until >= rows->today)
        return 0;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct web_json *json = &rows->json;
    web_json_number(json, row, "seq", a->alert.seq);
    web_json_number(json, row, "raised_ms", a->alert.wall_ms);
    web_json_text(json, row, "reason", a->alert.reason);
    web_json_number(json, row, "threshold", a->alert.line);
    web_json_text_or_null(json, row, "note", a->alert.note);
    struct catalogue_sku product;
    err = web_list_sku(rows, row, a->alert.sku, &product);
    web_list_batch(rows, row, &a->alert.batch, a->alert.expiry_kind);
    web_json_number(json, row, "score", a->alert.score);
    web_json_number(json, row, "risk_units", a->alert.risk_units);
    web_json_number(json, row, "risk_paise", a->alert.risk_paise);
    return err;
}

int web_list_alerts(struct web_rows *rows)
{
    return journal_alerts(rows->floor->journal, on_alert, rows);
}

/* Bytes of a scan as text: what is not printable ASCII becomes <XX>. */
static void scan_text(const uint8_t *scan, size_t len, char *buf, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < len && at + sizeof("<XX>") <= size; i++)
        at += (size_t)snprintf(buf + at, size - at,
                               scan[i] > ' ' && scan[i] < 0x7f ? "%c" : "<%02X>", scan[i]);
    buf[at] = '\0';
}

static int on_capture(const struct journal_capture *c, void *context)
{
    struct web_rows *rows = context;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    char text[4 * sizeof(c->scan) + 1];
    scan_text(c->scan, c->scan_len, text, sizeof(text));
    web_json_number(&rows->json, row, "seq", c->seq);
    web_json_number(&rows->json, row, "at_ms", c->wall_ms);
    web_json_text(&rows->json, row, "code", text);
    web_json_number(&rows->json, row, "qty", c->qty);
    web_json_text_or_null(&rows->json, row, "bin", c->bin);
    web_json_text_or_null(&rows->json, row, "worker", c->worker);
    return 0;
}

int web_list_captures(struct web_rows *rows)
{
    return journal_captures(rows->floor->journal, on_capture, rows);
}
