/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of firmware/barcode: GS1 scans, links and bracketed text; dates; trade item numbers. */
#include "vector.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "gs1_date.h"
#include "gs1_scan.h"
#include "gtin.h"
#include "instore.h"

#define FIELD_MAX 4096

/* What one row of a gs1 vector says of one level. */
struct verdict {
    const char *result; /* ok, err */
    const char *kind;   /* of what was read, or the class of the error */
    char data[FIELD_MAX];
};

/* AI=value joined by |, as the vectors write it. */
static void write_elements(const struct gs1_message *m, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < m->count && n < size; i++) {
        const struct gs1_element *e = &m->elements[i];
        n += (size_t)snprintf(out + n, size - n, "%s%s=%.*s", i > 0 ? "|" : "", e->ai->digits,
                              (int)e->len, m->text + e->at);
    }
}

static void write_scan(const struct gs1_scan *scan, struct verdict *v)
{
    v->kind = gs1_scan_kind_name(scan->kind);
    if (scan->kind == GS1_SCAN_ELEMENTS || scan->kind == GS1_SCAN_LINK) {
        write_elements(&scan->message, v->data, sizeof(v->data));
        return;
    }
    int n =
        snprintf(v->data, sizeof(v->data), "%s=%.*s", scan->kind == GS1_SCAN_TEXT ? "text" : "gtin",
                 (int)scan->primary_len, scan->primary);
    if (scan->message.count > 0) {
        v->data[n++] = '|';
        write_elements(&scan->message, v->data + n, sizeof(v->data) - (size_t)n);
    }
}

static int judge(const char *mode, const char *raw, size_t len, enum gs1_level level,
                 struct verdict *v, struct diag *reterr)
{
    static char buf[FIELD_MAX];
    struct gs1_link_rules rules = {.level = level};
    struct gs1_scan scan = {.kind = GS1_SCAN_ELEMENTS};
    struct gs1_reject why = {.fault = GS1_FINE};
    int r = 0;
    if (strcmp(mode, "scan") == 0) {
        r = gs1_scan_read(raw, len, &rules, buf, &scan, &why);
    } else if (strcmp(mode, "brk") == 0) {
        r = gs1_parse_bracketed(raw, len, level, buf, &scan.message, &why);
    } else if (strcmp(mode, "dl") == 0) {
        scan.kind = GS1_SCAN_LINK;
        r = gs1_link_parse(raw, len, &rules, buf, &scan.message, &why);
        if (r == 1)
            scan = (struct gs1_scan){.kind = GS1_SCAN_TEXT, .primary = raw, .primary_len = len};
    } else {
        diag_set(reterr, 0, "unknown mode \"%.20s\"", mode);
        return -EINVAL;
    }
    v->result = r < 0 ? "err" : "ok";
    v->kind = gs1_fault_name(why.fault);
    v->data[0] = '\0';
    if (r >= 0)
        write_scan(&scan, v);
    return 0;
}

struct level_columns {
    enum gs1_level level;
    const char *result;
    const char *kind;
    const char *data;
};

static int check_gs1(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    static const struct level_columns levels[] = {
        {GS1_FULL, "full", "full_kind", "full_data"},
        {GS1_LENIENT, "lenient", "lenient_kind", "lenient_data"},
    };
    char raw[FIELD_MAX];
    size_t len = 0;
    int err = vector_unescape(csv_row_get(row, "raw"), raw, sizeof(raw), &len, reterr);
    if (err < 0)
        return err;
    bool strict = strcmp(csv_row_get(row, "strict_class"), "1") == 0;
    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        const struct level_columns *c = &levels[i];
        char data[FIELD_MAX];
        size_t data_len = 0;
        struct verdict got;
        err = vector_unescape(csv_row_get(row, c->data), data, sizeof(data), &data_len, reterr);
        if (err == 0)
            err = judge(csv_row_get(row, "mode"), raw, len, c->level, &got, reterr);
        if (err < 0)
            return err;
        bool ok = strcmp(csv_row_get(row, c->result), "ok") == 0;
        vector_expect_text(run, c->result, got.result, csv_row_get(row, c->result));
        if (ok || strict)
            vector_expect_text(run, c->kind, got.kind, csv_row_get(row, c->kind));
        if (ok)
            vector_expect_text(run, c->data, got.data, data);
    }
    return 0;
}

static int check_date(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    (void)reterr;
    const char *yymmdd = csv_row_get(row, "yymmdd");
    int32_t year = (int32_t)strtol(csv_row_get(row, "reference_year"), NULL, 10);
    int32_t day = CIVIL_NONE;
    char text[CIVIL_TEXT_SIZE];
    int err = gs1_date_read(yymmdd, strlen(yymmdd), year, &day);
    vector_expect_text(run, "expect", err < 0 ? "err" : civil_format(day, text),
                       csv_row_get(row, "expect"));
    return 0;
}

struct gtin_verdict {
    const char *result;
    const char *class;
    struct gtin gtin;
    struct instore instore;
};

static int judge_gtin(const struct csv_row *row, struct gtin_verdict *v, struct diag *reterr)
{
    const char *id = csv_row_get(row, "symbology_id");
    char data[FIELD_MAX];
    size_t len = 0;
    int err = vector_unescape(csv_row_get(row, "data"), data, sizeof(data), &len, reterr);
    if (err < 0)
        return err;
    enum gtin_fault fault = gtin_read(symbology_of(id, strlen(id))->content, data, len, &v->gtin);
    v->result = fault == GTIN_FINE ? "ok" : "err";
    v->class = fault == GTIN_FINE ? gtin_class_name(v->gtin.class) : gtin_fault_name(fault);

    const char *layout = csv_row_get(row, "instore_rule");
    if (fault != GTIN_FINE || layout[0] == '\0')
        return 0;
    struct instore_rule rule;
    err = instore_rule_parse(layout, true, &rule, reterr);
    if (err < 0)
        return err;
    if (instore_read(&rule, v->gtin.text + GTIN_LEN - INSTORE_LEN, &v->instore) == -EBADMSG)
        *v = (struct gtin_verdict){.result = "err", .class = "AMOUNT_CHECK"};
    return 0;
}

static int check_gtin(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct gtin_verdict got = {.result = "err"};
    int err = judge_gtin(row, &got, reterr);
    if (err < 0)
        return err;
    vector_expect_text(run, "result", got.result, csv_row_get(row, "result"));
    vector_expect_text(run, "class", got.class, csv_row_get(row, "class"));
    vector_expect_text(run, "gtin14", got.gtin.text, csv_row_get(row, "gtin14"));
    vector_expect_text(run, "item", got.instore.item, csv_row_get(row, "item"));
    vector_expect_text(run, "amount", got.instore.amount, csv_row_get(row, "amount"));
    return 0;
}

const struct vector_kind vector_barcode_kinds[] = {
    {.name = "gs1",
     .required =
         (const char *const[]){"id", "mode", "raw", "full", "full_kind", "full_data", "lenient",
                               "lenient_kind", "lenient_data", "strict_class", NULL},
     .check = check_gs1,
     .id = "id"},
    {.name = "gs1_dates",
     .required = (const char *const[]){"id", "reference_year", "yymmdd", "expect", NULL},
     .check = check_date,
     .id = "id"},
    {.name = "gtin",
     .required = (const char *const[]){"id", "symbology_id", "data", "result", "class", "gtin14",
                                       "instore_rule", "item", "amount", NULL},
     .check = check_gtin,
     .id = "id"},
    {.name = NULL},
};
