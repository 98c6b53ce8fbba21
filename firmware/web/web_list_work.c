/* SPDX-License-Identifier: Apache-2.0 */
/* Posts, what there is to do, alerts, and codes that wait for their SKU. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "master.h"
#include "message.h"
#include "task_list.h"
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
        http_json_text(&rows->json, row, "post", view.post);
        http_json_text_or_null(&rows->json, row, "worker_name", view.worker_name);
        http_json_text_or_null(&rows->json, row, "flow", view.flow);
        http_json_bool(&rows->json, row, "in_use", view.worker[0] != '\0');
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
        http_json_text(&rows->json, row, "code", list[i].code);
        http_json_text(&rows->json, row, "en", list[i].english);
        http_json_text(&rows->json, row, "hi", list[i].hindi);
    }
    return 0;
}

static int on_task(const struct task *task, void *context)
{
    struct web_rows *rows = context;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_party party = {.name = ""};
    err = task->party[0] != '\0' ? master_party(rows->floor->journal, task->party, &party) : 0;
    if (err < 0)
        return err;
    struct http_json *json = &rows->json;
    http_json_text(json, row, "flow", task_kind_name(task->kind));
    http_json_text(json, row, "command", task->command);
    http_json_text_or_null(json, row, "document", task->document);
    http_json_text_or_null(json, row, "party", party.name[0] != '\0' ? party.name : task->party);
    http_json_day(json, row, "due", task->due_day);
    http_json_number(json, row, "lines", task->lines);
    http_json_number(json, row, "open", task->lines - task->closed);
    http_json_text_or_null(json, row, "bin", task->bin);
    return 0;
}

int web_list_tasks(struct web_rows *rows)
{
    return task_list_each(rows->floor->journal, rows->floor->conf, on_task, rows);
}

static int on_alert(const struct journal_alert *a, void *context)
{
    struct web_rows *rows = context;
    if (a->snoozed_until != CIVIL_NONE && a->snoozed_until >= rows->today)
        return 0;
    if (rows->floor->detect && !detect_alert_stands(rows->floor->detect, &a->alert))
        return 0;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct http_json *json = &rows->json;
    http_json_number(json, row, "seq", a->alert.seq);
    http_json_number(json, row, "raised_ms", a->alert.wall_ms);
    http_json_text(json, row, "reason", a->alert.reason);
    http_json_number(json, row, "threshold", a->alert.line);
    http_json_text_or_null(json, row, "note", a->alert.note);
    struct catalogue_sku product;
    err = web_list_sku(rows, row, a->alert.sku, &product);
    web_list_batch(rows, row, &a->alert.batch, a->alert.expiry_kind);
    http_json_number(json, row, "score", a->alert.score);
    http_json_number(json, row, "risk_units", a->alert.risk_units);
    http_json_number(json, row, "risk_paise", a->alert.risk_paise);
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
    http_json_number(&rows->json, row, "seq", c->seq);
    http_json_number(&rows->json, row, "at_ms", c->wall_ms);
    http_json_text(&rows->json, row, "code", text);
    http_json_number(&rows->json, row, "qty", c->qty);
    http_json_text_or_null(&rows->json, row, "bin", c->bin);
    http_json_text_or_null(&rows->json, row, "worker", c->worker);
    return 0;
}

int web_list_captures(struct web_rows *rows)
{
    return journal_captures(rows->floor->journal, on_capture, rows);
}
