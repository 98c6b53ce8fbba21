/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of GST: numbers, documents, transfers, credit. Tax is in vector_gst_tax.c. */
#include "vector.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "document_no.h"
#include "financial_year.h"
#include "gst_credit.h"
#include "gst_credit_note.h"
#include "gst_document.h"
#include "gst_records.h"
#include "gst_transfer.h"
#include "gstin.h"
#include "irn.h"
#include "sha256.h"
#include "vector_field.h"

#define PAISE_PLACES 2
#define TYPED_MAX 256

static void expect_flag(const struct csv_row *row, struct vector_run *run, const char *column,
                        bool got)
{
    vector_expect_text(run, column, got ? "Y" : "N", csv_row_get(row, column));
}

/* --- gstin */

static int check_gstin(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    (void)reterr;
    struct gstin g = {0};
    enum gstin_reason reason = gstin_read(csv_row_get(row, "gstin"), &g);
    char state[4] = "";
    if (reason == GSTIN_OK || reason == GSTIN_LEGACY_STATE)
        snprintf(state, sizeof(state), "%02u", g.state);
    vector_expect_text(run, "expected", gstin_verdict_name(reason), csv_row_get(row, "expected"));
    vector_expect_text(run, "reason", gstin_reason_name(reason), csv_row_get(row, "reason"));
    vector_expect_text(run, "state_code", state, csv_row_get(row, "state_code"));
    vector_expect_text(run, "pan", g.pan, csv_row_get(row, "pan"));
    return 0;
}

/* --- invoice_no and irn */

static int check_invoice_no(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    const char *no = csv_row_get(row, "doc_no");
    enum document_no_fault fault = document_no_check(no);
    char key[TYPED_MAX];
    int err = document_no_key(no, key, sizeof(key));
    if (err < 0)
        return vector_field_refuse(row, "doc_no", err, reterr);
    bool rule46 = fault == DOCUMENT_NO_OK || fault == DOCUMENT_NO_FIRST_CHARACTER;
    vector_expect_text(run, "rule46_ok", rule46 ? "ok" : "bad", csv_row_get(row, "rule46_ok"));
    vector_expect_text(run, "irp_ok", fault == DOCUMENT_NO_OK ? "ok" : "bad",
                       csv_row_get(row, "irp_ok"));
    vector_expect_text(run, "uniqueness_key", key, csv_row_get(row, "uniqueness_key"));
    return 0;
}

static int check_irn(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    int32_t day = 0;
    int err = vector_field_day(row, "doc_date", &day, reterr);
    enum irn_document document = IRN_INVOICE;
    if (err == 0 && irn_document_parse(csv_row_get(row, "doc_type"), &document) < 0)
        err = vector_field_refuse(row, "doc_type", -EINVAL, reterr);
    if (err < 0)
        return err;
    char text[IRN_TEXT_SIZE];
    err = irn_text(csv_row_get(row, "supplier_gstin"), day, document, csv_row_get(row, "doc_no"),
                   text);
    if (err < 0) {
        diag_set(reterr, csv_row_line(row), "supplier_gstin or doc_no is malformed");
        return err;
    }

    char year[FINANCIAL_YEAR_SIZE];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    sha256(text, strlen(text), digest);
    vector_expect_text(run, "financial_year", financial_year_format(financial_year_of(day), year),
                       csv_row_get(row, "financial_year"));
    vector_expect_text(run, "hash_input", text, csv_row_get(row, "hash_input"));
    vector_expect_text(run, "irn", sha256_hex(digest, hex), csv_row_get(row, "irn"));
    return 0;
}

/* --- stock_transfer */

static int get_paise_if_known(const struct csv_row *row, const char *column, int64_t *ret,
                              struct diag *reterr)
{
    *ret = GST_TRANSFER_UNKNOWN;
    return *csv_row_get(row, column) ? vector_field_paise(row, column, ret, reterr) : 0;
}

static int get_gstin(const struct csv_row *row, const char *column, struct gstin *ret,
                     struct diag *reterr)
{
    enum gstin_reason reason = gstin_read(csv_row_get(row, column), ret);
    return reason == GSTIN_OK || reason == GSTIN_LEGACY_STATE
               ? 0
               : vector_field_refuse(row, column, -EINVAL, reterr);
}

static int read_transfer(const struct csv_row *row, struct gst_transfer_input *ret,
                         struct diag *reterr)
{
    *ret = (struct gst_transfer_input){.cost_paise = GST_TRANSFER_UNKNOWN};
    int err = get_gstin(row, "from_gstin", &ret->from, reterr);
    if (err == 0)
        err = get_gstin(row, "to_gstin", &ret->to, reterr);
    if (err == 0)
        err = vector_field_flag(row, "recipient_full_itc", &ret->recipient_full_credit, reterr);
    if (err == 0)
        err = get_paise_if_known(row, "open_market_value", &ret->market_paise, reterr);
    if (err == 0)
        err = vector_field_paise(row, "declared_value", &ret->declared_paise, reterr);
    if (err == 0)
        err = get_paise_if_known(row, "recipient_resale_price", &ret->resale_paise, reterr);
    if (err == 0)
        err = vector_field_ppm(row, "gst_rate", &ret->gst_ppm, reterr);
    return err;
}

static const char *allowed_text(const struct gst_transfer *t, char *buf, size_t size)
{
    if (t->value_rule == GST_TRANSFER_NO_SUPPLY)
        return "n/a";
    if (t->value_rule == GST_TRANSFER_ANY_VALUE)
        return "any declared value";
    buf[0] = '\0';
    for (size_t i = 0; i < t->allowed_count; i++) {
        char amount[DECIMAL_TEXT_SIZE];
        size_t len = strlen(buf);
        snprintf(buf + len, size - len, "%s%s", i > 0 ? " or " : "",
                 decimal_format(t->allowed_paise[i], PAISE_PLACES, amount));
    }
    return buf;
}

static int check_transfer(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct gst_transfer_input in;
    int err = read_transfer(row, &in, reterr);
    struct gst_transfer t;
    if (err == 0)
        err = gst_transfer_judge(&in, &t);
    if (err < 0)
        return err;

    const char *kind = "NONE";
    if (t.supply)
        kind = t.kind == GST_PLACE_INTER ? "IGST" : "CGST_SGST";
    char allowed[2 * DECIMAL_TEXT_SIZE];
    char sub_supply[4];
    snprintf(sub_supply, sizeof(sub_supply), "%u", t.document.eway_sub_supply);
    expect_flag(row, run, "exp_same_person", t.same_person);
    expect_flag(row, run, "exp_value_ok", t.value_ok);
    vector_expect_text(run, "exp_document", gst_document_name(t.document.document),
                       csv_row_get(row, "exp_document"));
    vector_expect_text(run, "exp_tax_kind", kind, csv_row_get(row, "exp_tax_kind"));
    vector_expect_text(run, "exp_allowed_values", allowed_text(&t, allowed, sizeof(allowed)),
                       csv_row_get(row, "exp_allowed_values"));
    vector_expect_text(run, "exp_ewb_doc_type", t.document.eway_document,
                       csv_row_get(row, "exp_ewb_doc_type"));
    vector_expect_text(run, "exp_ewb_sub_supply", sub_supply,
                       csv_row_get(row, "exp_ewb_sub_supply"));
    return vector_field_expect(
        row, run, &(struct vector_field_amount){"exp_tax", gst_tax_sum(&t.tax)}, 1, reterr);
}

/* --- itc_reversal, credit_note, retention */

static int check_reversal(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    static const char *const kinds[] = {[GST_PLACE_INTRA] = "INTRA", [GST_PLACE_INTER] = "INTER"};
    struct gst_credit_input in = {0};
    int kind = 0;
    int err = 0;
    if (gst_credit_event_parse(csv_row_get(row, "event"), &in.event) < 0)
        err = vector_field_refuse(row, "event", -EINVAL, reterr);
    if (err == 0)
        err = vector_field_number(row, "qty", GST_TAX_MICRO_PLACES, &in.quantity_micro, reterr);
    if (err == 0)
        err = vector_field_number(row, "unit_taxable_cost", GST_TAX_MICRO_PLACES,
                                  &in.unit_cost_microrupees, reterr);
    if (err == 0)
        err = vector_field_ppm(row, "gst_rate", &in.gst_ppm, reterr);
    if (err == 0)
        err = vector_field_choice(row, "purchase_kind", kinds, ARRAY_LEN(kinds), &kind, reterr);
    if (err == 0)
        err = vector_field_flag(row, "itc_claimed", &in.claimed, reterr);
    in.purchase_kind = (enum gst_place_kind)kind;
    struct gst_tax reverse = {0};
    if (err == 0)
        err = gst_credit_reversal(&in, &reverse);
    if (err < 0)
        return err;
    const struct vector_field_amount columns[] = {
        {"exp_reverse_cgst", reverse.cgst_paise},
        {"exp_reverse_sgst", reverse.sgst_paise},
        {"exp_reverse_igst", reverse.igst_paise},
        {"exp_total", gst_tax_sum(&reverse)},
    };
    return vector_field_expect(row, run, columns, ARRAY_LEN(columns), reterr);
}

static int read_note(const struct csv_row *row, struct gst_credit_note_input *ret,
                     struct diag *reterr)
{
    static const char *const regimes[] = {
        [GST_CREDIT_NOTE_BEFORE] = "BEFORE", [GST_CREDIT_NOTE_AFTER] = "AFTER"};
    int regime = GST_CREDIT_NOTE_BEFORE; /* the default of the setting */
    int err = vector_field_day(row, "invoice_date", &ret->invoice_day, reterr);
    if (err == 0)
        err = vector_field_day(row, "credit_note_date", &ret->note_day, reterr);
    if (err == 0)
        err = vector_field_day_if_known(row, "annual_return_filed_on",
                                        &ret->annual_return_filed_day, reterr);
    if (err == 0 && gst_credit_note_ground_parse(csv_row_get(row, "reason"), &ret->ground) < 0)
        err = vector_field_refuse(row, "reason", -EINVAL, reterr);
    if (err == 0 && *csv_row_get(row, "s15_3_regime"))
        err =
            vector_field_choice(row, "s15_3_regime", regimes, ARRAY_LEN(regimes), &regime, reterr);
    if (err == 0)
        err = vector_field_flag(row, "agreed_before_supply", &ret->agreed_before_supply, reterr);
    if (err == 0)
        err = vector_field_flag(row, "recipient_reversed_itc", &ret->recipient_reversed_credit,
                                reterr);
    ret->regime = (enum gst_credit_note_regime)regime;
    return err;
}

static int check_note(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct gst_credit_note_input in = {0};
    int err = read_note(row, &in, reterr);
    if (err < 0)
        return err;
    struct gst_credit_note note = gst_credit_note_judge(&in);
    char day[CIVIL_TEXT_SIZE];
    vector_expect_text(run, "exp_last_date", civil_format(note.last_day, day),
                       csv_row_get(row, "exp_last_date"));
    vector_expect_text(run, "exp_note_kind", gst_document_name(gst_document_of_note(&note)),
                       csv_row_get(row, "exp_note_kind"));
    expect_flag(row, run, "exp_reduces_output_tax", note.reason == GST_CREDIT_NOTE_OK);
    vector_expect_text(run, "exp_reason", gst_credit_note_reason_name(note.reason),
                       csv_row_get(row, "exp_reason"));
    return 0;
}

static int check_retention(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    int32_t day = 0;
    int err = vector_field_day(row, "document_date", &day, reterr);
    if (err < 0)
        return err;
    char year[FINANCIAL_YEAR_SIZE];
    char text[CIVIL_TEXT_SIZE];
    vector_expect_text(run, "financial_year", financial_year_format(financial_year_of(day), year),
                       csv_row_get(row, "financial_year"));
    vector_expect_text(run, "annual_return_due",
                       civil_format(gst_records_annual_return_due_day(day), text),
                       csv_row_get(row, "annual_return_due"));
    vector_expect_text(run, "exp_keep_until", civil_format(gst_records_keep_until_day(day), text),
                       csv_row_get(row, "exp_keep_until"));
    return 0;
}

const struct vector_kind vector_gst_kinds[] = {
    {.name = "gstin",
     .required = (const char *const[]){"gstin", "expected", "reason", "state_code", "pan", NULL},
     .check = check_gstin,
     .id = "gstin"},
    {.name = "invoice_no",
     .required = (const char *const[]){"doc_no", "rule46_ok", "irp_ok", "uniqueness_key", NULL},
     .check = check_invoice_no,
     .id = "doc_no"},
    {.name = "irn",
     .required = (const char *const[]){"supplier_gstin", "doc_date", "doc_type", "doc_no",
                                       "financial_year", "hash_input", "irn", NULL},
     .check = check_irn,
     .id = "doc_no"},
    {.name = "stock_transfer",
     .required =
         (const char *const[]){"case_id", "from_gstin", "to_gstin", "recipient_full_itc",
                               "open_market_value", "declared_value", "recipient_resale_price",
                               "gst_rate", "exp_same_person", "exp_document", "exp_tax_kind",
                               "exp_value_ok", "exp_allowed_values", "exp_tax", "exp_ewb_doc_type",
                               "exp_ewb_sub_supply", NULL},
     .check = check_transfer,
     .id = "case_id"},
    {.name = "itc_reversal",
     .required = (const char *const[]){"case_id", "event", "qty", "unit_taxable_cost", "gst_rate",
                                       "purchase_kind", "itc_claimed", "exp_reverse_cgst",
                                       "exp_reverse_sgst", "exp_reverse_igst", "exp_total", NULL},
     .check = check_reversal,
     .id = "case_id"},
    {.name = "credit_note",
     .required =
         (const char *const[]){"case_id", "invoice_date", "credit_note_date", "reason",
                               "s15_3_regime", "agreed_before_supply", "recipient_reversed_itc",
                               "annual_return_filed_on", "exp_last_date", "exp_note_kind",
                               "exp_reduces_output_tax", "exp_reason", NULL},
     .check = check_note,
     .id = "case_id"},
    {.name = "retention",
     .required = (const char *const[]){"document_date", "financial_year", "annual_return_due",
                                       "exp_keep_until", NULL},
     .check = check_retention,
     .id = "document_date"},
    {0},
};
