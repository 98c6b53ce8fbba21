/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supplier_terms.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_body.h"
#include "event_type.h"
#include "text.h"
#include "utf8.h"

#define COLUMNS                                                                                    \
    "supplier, brand, version, returnable, window_from_days, window_to_days, quota_permille,"      \
    " quota_units, quota_paise, credit_permille, freight_ours, freight_paise_kg,"                  \
    " least_claim_paise, route, made_ms, made_by, reason"

static void read_row(struct sql_query *q, struct supplier_terms_row *ret)
{
    *ret =
        (struct supplier_terms_row){.terms = {.version = sql_int(q, 2),
                                              .returnable = sql_int(q, 3) != 0,
                                              .window_from_days = (int32_t)sql_int(q, 4),
                                              .window_to_days = (int32_t)sql_int(q, 5),
                                              .quota_permille = sql_int(q, 6),
                                              .quota_units = sql_int(q, 7),
                                              .quota_paise = sql_int(q, 8),
                                              .credit_permille = sql_int(q, 9),
                                              .freight_ours = sql_int(q, 10) != 0,
                                              .freight_paise_kg = sql_int(q, 11),
                                              .least_claim_paise = sql_int(q, 12),
                                              .supplied = strcmp(sql_text(q, 13), "supply") == 0},
                                    .made_ms = sql_int(q, 14)};
    sql_copy(q, 0, ret->terms.supplier, sizeof(ret->terms.supplier));
    sql_copy(q, 1, ret->terms.brand, sizeof(ret->terms.brand));
    sql_copy(q, 15, ret->made_by, sizeof(ret->made_by));
    sql_copy(q, 16, ret->reason, sizeof(ret->reason));
}

int supplier_terms_find(struct sql *s, const char *supplier, const char *brand,
                        struct supplier_terms *ret)
{
    assert(s && supplier && brand && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM supplier_terms WHERE supplier = $1"
                     " AND (brand = $2 OR brand = '') ORDER BY brand DESC, version DESC LIMIT 1");
    sql_bind_text(q, 1, supplier);
    sql_bind_text(q, 2, brand);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    struct supplier_terms_row row;
    read_row(q, &row);
    *ret = row.terms;
    return 1;
}

int supplier_terms_each(struct sql *s, const char *supplier, bool in_force,
                        supplier_terms_fn on_row, void *context)
{
    assert(s && supplier && on_row);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM supplier_terms AS t WHERE ($1 = '' OR supplier = $1)"
                     " AND ($2 = 0 OR version = (SELECT max(u.version) FROM supplier_terms AS u"
                     " WHERE u.supplier = t.supplier AND u.brand = t.brand))"
                     " ORDER BY supplier, brand, version DESC");
    sql_bind_text(q, 1, supplier);
    sql_bind_int(q, 2, in_force);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct supplier_terms_row row;
        read_row(q, &row);
        got = on_row(&row, context);
        if (got != 0)
            return got;
    }
}

/* ---- changing ---- */

static int check_ranges(const struct supplier_terms *t, struct diag *reterr)
{
    const struct {
        const char *name;
        int64_t value, least, most;
    } ranges[] = {
        {"window_from_days", t->window_from_days, -SUPPLIER_TERMS_DAYS_MAX,
         SUPPLIER_TERMS_DAYS_MAX},
        {"window_to_days", t->window_to_days, t->window_from_days, SUPPLIER_TERMS_DAYS_MAX},
        {"quota_permille", t->quota_permille, 0, 1000},
        {"quota_units", t->quota_units, 0, SUPPLIER_TERMS_UNITS_MAX},
        {"quota_paise", t->quota_paise, 0, SUPPLIER_TERMS_PAISE_MAX},
        {"credit_permille", t->credit_permille, 0, 1000},
        {"freight_paise_kg", t->freight_paise_kg, 0, SUPPLIER_TERMS_KG_PAISE_MAX},
        {"least_claim_paise", t->least_claim_paise, 0, SUPPLIER_TERMS_PAISE_MAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most) {
            diag_set(reterr, 0, "%s = %" PRId64 ": allowed is %" PRId64 " to %" PRId64,
                     ranges[i].name, ranges[i].value, ranges[i].least, ranges[i].most);
            return -EINVAL;
        }
    return 0;
}

static int check(const struct supplier_terms_change *c, struct diag *reterr)
{
    if (!c->reason[0] || strlen(c->reason) >= SUPPLIER_TERMS_REASON_SIZE ||
        !utf8_is_clean(c->reason)) {
        diag_set(reterr, 0, "a change needs its reason, of at most %d bytes",
                 SUPPLIER_TERMS_REASON_SIZE - 1);
        return -EINVAL;
    }
    if (!c->terms.supplier[0] || !utf8_is_clean(c->terms.brand)) {
        diag_set(reterr, 0, "terms name their supplier and a brand, or none for all of them");
        return -EINVAL;
    }
    return check_ranges(&c->terms, reterr);
}

/* JSON, for the trail; "" in *ret for no terms. */
static int write_terms(const struct supplier_terms *t, char **ret)
{
    if (t->version == 0) {
        *ret = calloc(1, 1);
        return *ret ? 0 : -ENOMEM;
    }
    AUTO(event_body) b = event_body_new();
    event_body_int(b, "version", t->version);
    event_body_bool(b, "returnable", t->returnable);
    event_body_int(b, "windowFromDays", t->window_from_days);
    event_body_int(b, "windowToDays", t->window_to_days);
    event_body_int(b, "quotaPermille", t->quota_permille);
    event_body_int(b, "quotaUnits", t->quota_units);
    event_body_int(b, "quotaPaise", t->quota_paise);
    event_body_int(b, "creditPermille", t->credit_permille);
    event_body_text(b, "freightBy", t->freight_ours ? "distributor" : "supplier");
    event_body_int(b, "freightPaisePerKg", t->freight_paise_kg);
    event_body_int(b, "leastClaimPaise", t->least_claim_paise);
    event_body_text(b, "route", t->supplied ? "supply" : "credit_note");
    *ret = event_body_write(b);
    return *ret ? 0 : -ENOMEM;
}

static int tell(struct sql *s, const struct supplier_terms_change *c, const char *before,
                const char *after)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "supplier:%s", c->terms.supplier);
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "brand", c->terms.brand);
    event_body_text(b, "why", c->reason);
    event_body_raw(b, "before", before);
    event_body_raw(b, "after", after);
    return event_body_append(b, s,
                             &(struct event_draft){.kind = EVENT_AUDIT,
                                                   .type = EVENT_SUPPLIER_TERMS_CHANGED,
                                                   .version = 1,
                                                   .actor = c->by,
                                                   .subject = subject,
                                                   .cause = c->cause,
                                                   .trace = "",
                                                   .wall_ms = c->wall_ms},
                             NULL);
}

static int insert(struct sql *s, const struct supplier_terms_change *c, int64_t version)
{
    const struct supplier_terms *t = &c->terms;
    AUTO(sql_query)
    q = sql_query(s,
                  "INSERT INTO supplier_terms(" COLUMNS ") VALUES($1, $2, $3, $4, $5, $6, $7, $8,"
                  " $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    const int64_t numbers[] = {
        version,           t->returnable,       t->window_from_days, t->window_to_days,
        t->quota_permille, t->quota_units,      t->quota_paise,      t->credit_permille,
        t->freight_ours,   t->freight_paise_kg, t->least_claim_paise};
    sql_bind_text(q, 1, t->supplier);
    sql_bind_text(q, 2, t->brand);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        sql_bind_int(q, (int)i + 3, numbers[i]);
    sql_bind_text(q, 14, t->supplied ? "supply" : "credit_note");
    sql_bind_int(q, 15, c->wall_ms);
    sql_bind_text(q, 16, c->by);
    sql_bind_text(q, 17, c->reason);
    return sql_run(q);
}

static bool equal(const struct supplier_terms *a, const struct supplier_terms *b)
{
    return a->returnable == b->returnable && a->window_from_days == b->window_from_days &&
           a->window_to_days == b->window_to_days && a->quota_permille == b->quota_permille &&
           a->quota_units == b->quota_units && a->quota_paise == b->quota_paise &&
           a->credit_permille == b->credit_permille && a->freight_ours == b->freight_ours &&
           a->freight_paise_kg == b->freight_paise_kg &&
           a->least_claim_paise == b->least_claim_paise && a->supplied == b->supplied;
}

/* Those of exactly this brand; version 0: none yet. */
static int find_own(struct sql *s, const struct supplier_terms *of, struct supplier_terms *ret)
{
    int got = supplier_terms_find(s, of->supplier, of->brand, ret);
    if (got < 0)
        return got;
    if (got == 0 || strcmp(ret->brand, of->brand) != 0)
        *ret = (struct supplier_terms){.version = 0};
    return 0;
}

int supplier_terms_change(struct sql *s, const struct supplier_terms_change *c, struct diag *reterr)
{
    assert(s && c && c->by && c->reason && c->cause);
    struct supplier_terms before, after = c->terms;
    char *was = NULL, *is = NULL;
    int64_t held = 0;
    int err = check(c, reterr);
    if (err == 0)
        err = event_next(s, &held); /* no other version is made meanwhile */
    if (err == 0)
        err = find_own(s, &c->terms, &before);
    if (err < 0)
        return err;
    if (before.version > 0 && equal(&before, &after))
        return 1;
    after.version = before.version + 1;
    err = write_terms(&before, &was);
    if (err == 0)
        err = write_terms(&after, &is);
    if (err == 0)
        err = insert(s, c, after.version);
    if (err == 0)
        err = tell(s, c, was, is);
    free(was);
    free(is);
    return err < 0 ? err : 0;
}
