/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_document.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "documents.h"

struct body {
    char *text;
    size_t len;
    size_t room;
    size_t lines;
};

static int add_row(struct body *b, const char *row, size_t len)
{
    if (b->len + len + 1 > CATALOGUE_BODY_MAX)
        return -EFBIG;
    if (b->len + len + 1 > b->room) {
        size_t room = (b->room ? b->room * 2 : 4096) + len + 1;
        char *text = realloc(b->text, room);
        if (!text)
            return -ENOMEM;
        b->text = text;
        b->room = room;
    }
    memcpy(b->text + b->len, row, len);
    b->text[b->len + len] = '\n';
    b->len += len + 1;
    return 0;
}

static int order_kind(const char *name, enum order_kind *ret)
{
    for (int i = 0; i < ORDER_KIND_COUNT; i++)
        if (strcmp(name, order_kind_name((enum order_kind)i)) == 0) {
            *ret = (enum order_kind)i;
            return 0;
        }
    return -EINVAL;
}

static int read_line(struct sql_query *q, struct catalogue_order_line *ret, struct diag *reterr)
{
    struct catalogue_order_line l = {.line = (int32_t)sql_int(q, 1),
                                     .qty = sql_int(q, 5),
                                     .due_day = (int32_t)sql_int(q, 6),
                                     .batch.expiry_day = (int32_t)sql_int(q, 8),
                                     .batch.mrp_paise = sql_int(q, 9),
                                     .received_day = (int32_t)sql_int(q, 10)};
    sql_copy(q, 0, l.document, sizeof(l.document));
    sql_copy(q, 3, l.party, sizeof(l.party));
    sql_copy(q, 4, l.sku, sizeof(l.sku));
    sql_copy(q, 7, l.batch.number, sizeof(l.batch.number));
    if (order_kind(sql_text(q, 2), &l.kind) < 0) {
        diag_set(reterr, 0, "line %" PRId32 " of %s: a kind that no site knows", l.line,
                 l.document);
        return -EINVAL;
    }
    *ret = l;
    return 0;
}

/* Whether a release is that one or a later one; "" (never heard of) is not. */
static bool is_since(const char *release, const char *first)
{
    while (*release) {
        char *r = NULL;
        char *f = NULL;
        long have = strtol(release, &r, 10);
        long need = strtol(first, &f, 10);
        if (r == release || have != need)
            return r != release && have > need;
        release = *r == '.' ? r + 1 : r;
        first = *f == '.' ? f + 1 : f;
        if (*first == '\0')
            return true;
        if (*r != '.')
            return false;
    }
    return false;
}

static int compose(struct sql *s, const char *site, bool removals, struct body *b,
                   struct diag *reterr)
{
    char row[CATALOGUE_ROW_MAX];
    int err = add_row(b, row, catalogue_write_header(DOCUMENT_PLAN, row));
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "SELECT document, line, kind, party, sku, qty, due_day, batch, expiry_day,"
                     " mrp_paise, received_day FROM order_line WHERE site = $1 AND state = 'open'"
                     " AND ($2 = 1 OR kind NOT IN ('supplier_return', 'write_off'))"
                     " ORDER BY document, line");
    sql_bind_text(q, 1, site);
    sql_bind_int(q, 2, removals);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        struct catalogue_order_line line;
        err = read_line(q, &line, reterr);
        if (err == 0)
            err = add_row(b, row, catalogue_write(DOCUMENT_PLAN, &line, row));
        if (err < 0)
            return err;
        b->lines++;
    }
    return got;
}

static int has_plan(struct sql *s, const char *device)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT version FROM document WHERE scope = $1 AND type = 'plan' LIMIT 1");
    sql_bind_text(q, 1, device);
    return sql_step(q);
}

/* 1 when there is a new version. */
static int publish(struct sql *s, const char *device, const char *site, bool removals,
                   int64_t now_ms, struct diag *reterr)
{
    struct body b = {0};
    int64_t version = 0;
    int err = compose(s, site, removals, &b, reterr);
    int had = err < 0 || b.lines > 0 ? err : has_plan(s, device);
    if (had > 0 || (err == 0 && b.lines > 0)) {
        const struct document d = {.scope = device,
                                   .type = DOCUMENT_PLAN,
                                   .body = b.text,
                                   .len = b.len,
                                   .made_by = "relay"};
        int same = documents_publish(s, &d, now_ms, reterr, &version);
        had = same < 0 ? same : same == 0;
    }
    free(b.text);
    return had;
}

static int publish_all(struct sql *s, int64_t now_ms, struct diag *reterr)
{
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT device, site, release FROM device WHERE state <> 'revoked' ORDER BY device");
    int published = 0;
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        char device[ENTRY_DEVICE_SIZE] = "";
        char site[ENTRY_DEVICE_SIZE] = "";
        sql_copy(q, 0, device, sizeof(device));
        sql_copy(q, 1, site, sizeof(site));
        bool removals = is_since(sql_text(q, 2), CATALOGUE_REMOVALS_SINCE);
        int is_new = publish(s, device, site, removals, now_ms, reterr);
        if (is_new < 0)
            return is_new;
        published += is_new;
    }
    return got < 0 ? got : published;
}

int plan_documents(struct sql *s, int64_t now_ms, struct diag *reterr)
{
    assert(s);
    int err = sql_begin(s, SQL_WRITE);
    if (err < 0)
        return err;
    int published = publish_all(s, now_ms, reterr);
    if (published > 0)
        err = sql_commit(s);
    sql_rollback(s);
    return published > 0 && err < 0 ? err : published;
}
