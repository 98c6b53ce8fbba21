/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "event_body.h"
#include "financial_year.h"
#include "gst_document.h"
#include "number_series.h"
#include "text.h"

/* The letter that a series of the kind begins with; the state's code follows it. */
static char letter(enum gst_document document)
{
    switch (document) {
    case GST_DOCUMENT_TAX_INVOICE:
        return 'I';
    case GST_DOCUMENT_BILL_OF_SUPPLY:
        return 'B';
    case GST_DOCUMENT_PLAIN_BILL:
        return 'P';
    case GST_DOCUMENT_DELIVERY_CHALLAN:
        return 'D';
    case GST_DOCUMENT_CREDIT_NOTE:
        return 'C';
    case GST_DOCUMENT_COMMERCIAL_CREDIT_NOTE:
        return 'M';
    }
    return 'X';
}

static int find_paper(struct sql *s, const char *document, char ret_number[DOCUMENT_NO_SIZE])
{
    AUTO(sql_query) q = sql_query(s, "SELECT number FROM paper WHERE paper_id = $1");
    sql_bind_text(q, 1, document);
    int got = sql_step(q);
    if (got > 0)
        sql_copy(q, 0, ret_number, DOCUMENT_NO_SIZE);
    return got;
}

/* The next number; on PostgreSQL the row holds off all others until this transaction ends. */
static int take_number(struct sql *s, const char *gstin, const char *kind, int32_t year,
                       int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO number_series(gstin, kind, year, next) VALUES($1, $2, $3, 2)"
                     " ON CONFLICT (tenant, gstin, kind, year) DO UPDATE"
                     " SET next = number_series.next + 1 RETURNING next - 1");
    sql_bind_text(q, 1, gstin);
    sql_bind_text(q, 2, kind);
    sql_bind_int(q, 3, year);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EIO;
    *ret = sql_int(q, 0);
    got = sql_step(q); /* to its end: it writes */
    return got < 0 ? got : 0;
}

static int number_paper(struct sql *s, const struct paper_draft *d, enum gst_document document,
                        char ret[DOCUMENT_NO_SIZE])
{
    struct number_series series = {.financial_year = financial_year_of(d->input->day), .digits = 5};
    snprintf(series.prefix, sizeof(series.prefix), "%c%.2s/", letter(document),
             d->input->from_gstin[0] ? d->input->from_gstin : "00");
    int64_t n = 0;
    int err = take_number(s, d->input->from_gstin, gst_document_name(document),
                          series.financial_year, &n);
    if (err < 0)
        return err;
    err = number_series_write(&series, (uint64_t)n, ret);
    return err == -ENAMETOOLONG ? -ENOSPC : err;
}

/* The number of the consignment that this line joins; 0: it is the first. */
static int find_consignment(struct sql *s, const struct paper_draft *d, enum gst_document document,
                            char ret_number[DOCUMENT_NO_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT a.number FROM paper a JOIN proposal p ON p.document = a.document"
                     " WHERE a.kind = $1 AND a.from_gstin = $2 AND a.day = $3"
                     " AND a.state = 'issued' AND p.action = 'transfer' AND p.from_site = $4"
                     " AND p.to_site = $5 AND NOT EXISTS (SELECT 1 FROM paper b"
                     " JOIN proposal o ON o.document = b.document WHERE b.number = a.number"
                     " AND b.kind = a.kind AND b.from_gstin = a.from_gstin"
                     " AND o.saga_step % 8 > 1 AND o.state <> 'failed') ORDER BY a.number LIMIT 1");
    sql_bind_text(q, 1, gst_document_name(document));
    sql_bind_text(q, 2, d->input->from_gstin);
    sql_bind_int(q, 3, d->input->day);
    sql_bind_text(q, 4, d->proposal->from_site);
    sql_bind_text(q, 5, d->proposal->to_site);
    int got = d->input->movement == MOVEMENT_TRANSFER ? sql_step(q) : 0;
    if (got > 0)
        sql_copy(q, 0, ret_number, DOCUMENT_NO_SIZE);
    return got;
}

static char *write_body(const struct paper_draft *d, int64_t tax_paise)
{
    const struct compliance *c = d->judged;
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "sku", d->sku);
    event_body_text(b, "name", d->name);
    event_body_text(b, "hsn", d->input->hsn);
    event_body_text(b, "batch", d->batch.number);
    event_body_int(b, "expiryDay", d->batch.expiry_day);
    event_body_int(b, "mrpPaise", d->batch.mrp_paise);
    event_body_int(b, "units", d->units);
    event_body_int(b, "taxablePaise", d->input->value_paise);
    event_body_int(b, "gstPpm", c->gst_ppm);
    event_body_bool(b, "exempt", c->exempt);
    event_body_int(b, "cgstPaise", c->gst.tax.cgst_paise);
    event_body_int(b, "sgstPaise", c->gst.tax.sgst_paise);
    event_body_int(b, "igstPaise", c->gst.tax.igst_paise);
    event_body_int(b, "taxPaise", tax_paise);
    event_body_bool(b, "supply", c->gst.supply);
    event_body_text(b, "ewayDocument",
                    c->gst.document.eway_document ? c->gst.document.eway_document : "");
    event_body_int(b, "ewaySubType", c->gst.document.eway_sub_supply);
    event_body_int(b, "ewayLimitPaise", d->input->eway_limit_paise);
    event_body_bool(b, "motorVehicle", d->input->motor_vehicle);
    event_body_int(b, "ewayDays", c->eway_days);
    event_body_text(b, "fromPincode", d->input->from_pincode);
    event_body_text(b, "toPincode", d->input->to_pincode);
    event_body_int(b, "km", d->input->km);
    event_body_text(b, "noteAwaited", c->note_awaited ? gst_document_name(c->note) : "");
    return event_body_write(b);
}

static int insert(struct sql *s, const struct paper_draft *d, enum gst_document document,
                  const char *number)
{
    int64_t tax =
        d->judged->gst_known && d->judged->gst.supply ? gst_tax_sum(&d->judged->gst.tax) : 0;
    char *body = write_body(d, tax);
    if (!body)
        return -ENOMEM;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO paper(paper_id, kind, number, document, from_gstin, to_gstin,"
                     " day, taxable_paise, tax_paise, eway, state, made_ms, body)"
                     " VALUES($1, $2, $3, $1, $4, $5, $6, $7, $8, $9, 'issued', $10, $11)");
    sql_bind_text(q, 1, d->document);
    sql_bind_text(q, 2, gst_document_name(document));
    sql_bind_text(q, 3, number);
    sql_bind_text(q, 4, d->input->from_gstin);
    sql_bind_text(q, 5, d->input->to_gstin);
    sql_bind_int(q, 6, d->input->day);
    sql_bind_int(q, 7, d->input->value_paise);
    sql_bind_int(q, 8, tax);
    sql_bind_text(q, 9, "not_required"); /* until all lines are judged together */
    sql_bind_int(q, 10, d->now_ms);
    sql_bind_text(q, 11, body);
    int err = sql_run(q);
    free(body);
    return err;
}

/* ---- the e-way bill ---- */

struct lines {
    struct compliance_document sum;
    char from_gstin[SITE_GSTIN_SIZE], to_gstin[SITE_GSTIN_SIZE];
    int64_t exempt_paise;
    size_t count;
};

static int add_line(struct sql_query *q, struct lines *all)
{
    int64_t limit = 0;
    const char *body = sql_text(q, 5);
    int err = event_body_get_int(body, "ewayLimitPaise", &limit);
    if (err < 0)
        return err;
    bool exempt = strstr(body, "\"exempt\":true") != NULL;
    int64_t taxable = sql_int(q, 3);
    text_cut(all->from_gstin, sizeof(all->from_gstin), sql_text(q, 0));
    text_cut(all->to_gstin, sizeof(all->to_gstin), sql_text(q, 1));
    all->sum.day = (int32_t)sql_int(q, 2);
    all->sum.eway_limit_paise = limit;
    all->sum.motor_vehicle = strstr(body, "\"motorVehicle\":true") != NULL;
    *(exempt ? &all->exempt_paise : &all->sum.taxable_paise) += taxable;
    all->sum.tax_paise += sql_int(q, 4);
    all->count++;
    return 0;
}

/* Lines that are still to move, of the number that this document stands under. */
static int read_lines(struct sql *s, const char *document, struct lines *all)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT b.from_gstin, b.to_gstin, b.day, b.taxable_paise, b.tax_paise, b.body"
                     " FROM paper a JOIN paper b ON b.number = a.number AND b.kind = a.kind"
                     " AND b.from_gstin = a.from_gstin WHERE a.document = $1"
                     " AND b.state <> 'cancelled'");
    sql_bind_text(q, 1, document);
    for (;;) {
        int got = sql_step(q);
        if (got > 0)
            got = add_line(q, all) < 0 ? -EBADMSG : 1;
        if (got <= 0)
            return got;
    }
}

/* Exempt goods count where nothing else stands on the document. */
static int judge_eway(struct sql *s, const char *document)
{
    struct lines all = {.sum = {.from_gstin = "", .to_gstin = ""}};
    struct eway_need need = {.required = false};
    int err = read_lines(s, document, &all);
    if (err < 0 || all.count == 0)
        return err;
    all.sum.from_gstin = all.from_gstin;
    all.sum.to_gstin = all.to_gstin;
    if (all.sum.taxable_paise == 0)
        all.sum.taxable_paise = all.exempt_paise;
    if (compliance_eway(&all.sum, &need) < 0)
        need.required = false; /* without both GSTINs nobody can say */
    AUTO(sql_query)
    q = sql_query(s, "UPDATE paper SET eway = $2 WHERE eway <> $2 AND paper_id IN (SELECT"
                     " b.paper_id FROM paper a JOIN paper b ON b.number = a.number"
                     " AND b.kind = a.kind AND b.from_gstin = a.from_gstin WHERE a.document = $1"
                     " AND b.state <> 'cancelled')");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, need.required ? "required" : "not_required");
    return sql_run(q);
}

int paper_write(struct sql *s, const struct paper_draft *d, char ret_number[DOCUMENT_NO_SIZE])
{
    assert(s && d && d->input && d->judged && ret_number);
    char number[DOCUMENT_NO_SIZE];
    int got = find_paper(s, d->document, ret_number);
    if (got != 0)
        return got;
    /* Where the way of GST is not known a person has let it pass: goods then move on a challan. */
    bool unknown = d->input->movement == MOVEMENT_TRANSFER && !d->judged->gst_known;
    enum gst_document document =
        unknown ? GST_DOCUMENT_DELIVERY_CHALLAN : d->judged->gst.document.document;
    int err = find_consignment(s, d, document, number);
    if (err == 0)
        err = number_paper(s, d, document, number);
    if (err >= 0)
        err = insert(s, d, document, number);
    if (err == 0)
        err = judge_eway(s, d->document);
    if (err == 0)
        memcpy(ret_number, number, sizeof(number));
    return err;
}

static int set_state(struct sql *s, const char *document, const char *state)
{
    AUTO(sql_query) q = sql_query(s, "UPDATE paper SET state = $2 WHERE document = $1");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, state);
    int err = sql_run(q);
    return err < 0 ? err : judge_eway(s, document);
}

int paper_cancel(struct sql *s, const char *document)
{
    assert(s && document);
    return set_state(s, document, "cancelled");
}

int paper_restore(struct sql *s, const char *document)
{
    assert(s && document);
    return set_state(s, document, "issued");
}

int paper_each(struct sql *s, const char *document, paper_fn on_paper, void *context)
{
    assert(s && document && on_paper);
    AUTO(sql_query)
    q = sql_query(s, "SELECT kind, number FROM paper WHERE document = $1 AND state <> 'cancelled'"
                     " ORDER BY paper_id");
    sql_bind_text(q, 1, document);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        got = on_paper(sql_text(q, 0), sql_text(q, 1), context);
        if (got != 0)
            return got;
    }
}
