/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of GST: numbers, tax, documents, transfers, credit. */
#include "vector.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "document_no.h"
#include "financial_year.h"
#include "gst_credit.h"
#include "gst_credit_note.h"
#include "gst_document.h"
#include "gst_place.h"
#include "gst_records.h"
#include "gst_tax.h"
#include "gst_transfer.h"
#include "gstin.h"
#include "irn.h"
#include "sha256.h"
#include "states.h"

#define PAISE_PLACES 2
#define TYPED_MAX 256
#define PATH_SIZE 4096
#define INVOICE_LINES_MAX 1000 /* of the e-invoice schema */

/* --- reading fields; each says in *reterr which column it could not read. An empty field is zero,
 * no, or not known. */

static int refuse(const struct csv_row *row, const char *column, int err, struct diag *reterr)
{
    diag_set(reterr, csv_row_line(row), "%s cannot be \"%.40s\"", column, csv_row_get(row, column));
    return err;
}

static int get_number(const struct csv_row *row, const char *column, unsigned places, int64_t *ret,
                      struct diag *reterr)
{
    const char *text = csv_row_get(row, column);
    int err = decimal_parse(*text ? text : "0", places, ret);
    return err < 0 ? refuse(row, column, err, reterr) : 0;
}

static int get_paise(const struct csv_row *row, const char *column, int64_t *ret,
                     struct diag *reterr)
{
    return get_number(row, column, PAISE_PLACES, ret, reterr);
}

static int get_paise_if_known(const struct csv_row *row, const char *column, int64_t *ret,
                              struct diag *reterr)
{
    *ret = GST_TRANSFER_UNKNOWN;
    return *csv_row_get(row, column) ? get_paise(row, column, ret, reterr) : 0;
}

/* A percentage as parts per million. */
static int get_ppm(const struct csv_row *row, const char *column, int32_t *ret, struct diag *reterr)
{
    int64_t ppm = 0;
    int err = get_number(row, column, GST_TAX_PPM_PLACES, &ppm, reterr);
    if (err == 0 && (ppm < 0 || ppm > GST_TAX_RATE_PPM_MAX))
        err = refuse(row, column, -ERANGE, reterr);
    if (err == 0)
        *ret = (int32_t)ppm;
    return err;
}

static int get_flag(const struct csv_row *row, const char *column, bool *ret, struct diag *reterr)
{
    const char *text = csv_row_get(row, column);
    *ret = strcmp(text, "Y") == 0;
    return *ret || strcmp(text, "N") == 0 || !*text ? 0 : refuse(row, column, -EINVAL, reterr);
}

static int get_day(const struct csv_row *row, const char *column, int32_t *ret, struct diag *reterr)
{
    int err = civil_parse(csv_row_get(row, column), ret);
    return err < 0 ? refuse(row, column, err, reterr) : 0;
}

static int get_day_if_known(const struct csv_row *row, const char *column, int32_t *ret,
                            struct diag *reterr)
{
    *ret = CIVIL_NONE;
    return *csv_row_get(row, column) ? get_day(row, column, ret, reterr) : 0;
}

static int get_state(const struct csv_row *row, const char *column, uint8_t *ret,
                     struct diag *reterr)
{
    *ret = 0;
    const char *text = csv_row_get(row, column);
    int err = *text ? states_parse(text, ret) : 0;
    return err < 0 ? refuse(row, column, err, reterr) : 0;
}

/* The index of the field among names. */
static int get_choice(const struct csv_row *row, const char *column, const char *const names[],
                      size_t count, int *ret, struct diag *reterr)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(csv_row_get(row, column), names[i]) == 0) {
            *ret = (int)i;
            return 0;
        }
    return refuse(row, column, -EINVAL, reterr);
}

static int expect_paise(const struct csv_row *row, struct vector_run *run, const char *column,
                        int64_t got, struct diag *reterr)
{
    int64_t want = 0;
    int err = get_paise(row, column, &want, reterr);
    if (err == 0)
        vector_expect_int(run, column, got, want);
    return err;
}

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

/* --- gst_tax and gst_invoice */

static int read_place(const struct csv_row *row, struct gst_place *ret, struct diag *reterr)
{
    static const char *const routes[] = {
        [GST_PLACE_REGULAR] = "REGULAR", [GST_PLACE_BILL_TO_SHIP_TO] = "BILL_TO_SHIP_TO"};
    static const char *const recipients[] = {
        [GST_PLACE_REGISTERED] = "REG", [GST_PLACE_UNREGISTERED] = "URP", [GST_PLACE_SEZ] = "SEZ"};
    struct gst_place_input in = {0};
    int route = 0;
    int recipient = 0;
    int err = get_day(row, "doc_date", &in.document_day, reterr);
    if (err == 0)
        err = get_choice(row, "txn_type", routes, ARRAY_LEN(routes), &route, reterr);
    if (err == 0)
        err = get_choice(row, "recipient_type", recipients, ARRAY_LEN(recipients), &recipient,
                         reterr);
    if (err == 0)
        err = get_state(row, "supplier_state", &in.supplier_state, reterr);
    if (err == 0)
        err = get_state(row, "bill_to_state", &in.bill_to_state, reterr);
    if (err == 0)
        err = get_state(row, "delivery_state", &in.delivery_state, reterr);
    if (err == 0)
        err = get_state(row, "recipient_address_state", &in.recorded_state, reterr);
    if (err < 0)
        return err;
    in.route = (enum gst_place_route)route;
    in.recipient = (enum gst_place_recipient)recipient;
    err = gst_place_of_supply(&in, ret);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "the states give no place of supply");
    return err;
}

static int read_line(const struct csv_row *row, struct gst_place *ret_place,
                     struct gst_tax_line *ret_line, struct diag *reterr)
{
    int err = read_place(row, ret_place, reterr);
    struct gst_tax_line_input in = {.kind = ret_place->kind};
    if (err == 0)
        err = get_number(row, "qty", GST_TAX_MICRO_PLACES, &in.quantity_micro, reterr);
    if (err == 0)
        err =
            get_number(row, "unit_price", GST_TAX_MICRO_PLACES, &in.unit_price_microrupees, reterr);
    if (err == 0)
        err = get_flag(row, "price_includes_tax", &in.price_includes_tax, reterr);
    if (err == 0)
        err = get_ppm(row, "discount_pct", &in.discount_ppm, reterr);
    if (err == 0)
        err = get_paise(row, "discount_amt", &in.discount_paise, reterr);
    if (err == 0)
        err = get_ppm(row, "gst_rate", &in.gst_ppm, reterr);
    if (err == 0)
        err = get_ppm(row, "cess_rate", &in.cess_ppm, reterr);
    if (err < 0)
        return err;
    err = gst_tax_line(&in, ret_line);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "the line's amounts are not possible");
    return err;
}

struct paise_column {
    const char *column;
    int64_t got;
};

static int expect_paise_columns(const struct csv_row *row, struct vector_run *run,
                                const struct paise_column *columns, size_t count,
                                struct diag *reterr)
{
    int err = 0;
    for (size_t i = 0; err == 0 && i < count; i++)
        err = expect_paise(row, run, columns[i].column, columns[i].got, reterr);
    return err;
}

static void expect_place(const struct csv_row *row, struct vector_run *run,
                         const struct gst_place *place)
{
    char state[4];
    snprintf(state, sizeof(state), "%02u", place->state);
    vector_expect_text(run, "exp_place_of_supply", state, csv_row_get(row, "exp_place_of_supply"));
    vector_expect_text(run, "exp_kind", gst_place_kind_name(place->kind),
                       csv_row_get(row, "exp_kind"));
}

static int check_tax(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct gst_place place = {0};
    struct gst_tax_line line = {0};
    int err = read_line(row, &place, &line, reterr);
    if (err < 0)
        return err;
    expect_place(row, run, &place);
    const struct paise_column columns[] = {
        {"exp_gross", line.gross_paise},     {"exp_discount", line.discount_paise},
        {"exp_taxable", line.taxable_paise}, {"exp_cgst", line.tax.cgst_paise},
        {"exp_sgst", line.tax.sgst_paise},   {"exp_igst", line.tax.igst_paise},
        {"exp_cess", line.tax.cess_paise},   {"exp_line_total", line.total_paise},
    };
    return expect_paise_columns(row, run, columns, ARRAY_LEN(columns), reterr);
}

static const char *const tax_columns[] = {"case_id",
                                          "doc_date",
                                          "txn_type",
                                          "supplier_state",
                                          "bill_to_state",
                                          "delivery_state",
                                          "recipient_type",
                                          "recipient_address_state",
                                          "qty",
                                          "unit_price",
                                          "price_includes_tax",
                                          "discount_pct",
                                          "discount_amt",
                                          "gst_rate",
                                          "cess_rate",
                                          "exp_place_of_supply",
                                          "exp_kind",
                                          "exp_gross",
                                          "exp_discount",
                                          "exp_taxable",
                                          "exp_cgst",
                                          "exp_sgst",
                                          "exp_igst",
                                          "exp_cess",
                                          "exp_line_total",
                                          NULL};

/* The lines of one invoice, gathered from the neighbouring file. */
struct gathering {
    const char *case_id;
    struct gst_place place;
    struct gst_tax_line *lines;
    size_t count;
};

static int gather_line(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct gathering *g = context;
    if (strcmp(csv_row_get(row, "case_id"), g->case_id) != 0)
        return 0;
    if (g->count == INVOICE_LINES_MAX) {
        diag_set(reterr, csv_row_line(row), "an invoice has at most %d lines", INVOICE_LINES_MAX);
        return -E2BIG;
    }
    struct gst_place place = {0};
    int err = read_line(row, &place, &g->lines[g->count], reterr);
    if (err < 0)
        return err;
    if (g->count > 0 && (place.state != g->place.state || place.kind != g->place.kind)) {
        diag_set(reterr, csv_row_line(row), "the lines of %.20s have several places of supply",
                 g->case_id);
        return -EINVAL;
    }
    g->place = place;
    g->count++;
    return 0;
}

/* .../gst_invoice_x.csv has its lines in .../gst_tax_x.csv. */
static int lines_path(const char *invoice_path, char *path, size_t size, struct diag *reterr)
{
    static const char from[] = "gst_invoice";
    const char *slash = strrchr(invoice_path, '/');
    const char *at = strstr(slash ? slash : invoice_path, from);
    int len = at ? snprintf(path, size, "%.*sgst_tax%s", (int)(at - invoice_path), invoice_path,
                            at + strlen(from))
                 : -1;
    if (len >= 0 && (size_t)len < size)
        return 0;
    diag_set(reterr, 0,
             "the lines are looked for in the file named gst_tax... beside one named "
             "gst_invoice...; this name is another");
    return -EINVAL;
}

static int gather(const char *invoice_path, struct gathering *g, struct diag *reterr)
{
    char path[PATH_SIZE];
    int err = lines_path(invoice_path, path, sizeof(path), reterr);
    if (err < 0)
        return err;
    struct diag why = {0};
    err = csv_table_read_file(path, tax_columns, gather_line, g, &why);
    if (err < 0)
        diag_set(reterr, 0, "its lines: %.140s", why.text);
    else if (g->count == 0) {
        diag_set(reterr, 0, "no line of it is in %.120s", path);
        err = -ENOENT;
    }
    return err;
}

static int expect_invoice(const struct csv_row *row, struct vector_run *run,
                          const struct gathering *g, struct diag *reterr)
{
    struct gst_tax_invoice sum = {0};
    int err = gst_tax_invoice(g->lines, g->count, &sum);
    if (err < 0)
        return err;
    expect_place(row, run, &g->place);
    const struct paise_column columns[] = {
        {"exp_taxable", sum.taxable_paise},     {"exp_cgst", sum.tax.cgst_paise},
        {"exp_sgst", sum.tax.sgst_paise},       {"exp_igst", sum.tax.igst_paise},
        {"exp_cess", sum.tax.cess_paise},       {"exp_total_before_round", sum.total_paise},
        {"exp_round_off", sum.round_off_paise}, {"exp_payable", sum.payable_paise},
    };
    return expect_paise_columns(row, run, columns, ARRAY_LEN(columns), reterr);
}

static int check_invoice(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct gathering g = {.case_id = csv_row_get(row, "case_id"),
                          .lines = calloc(INVOICE_LINES_MAX, sizeof(*g.lines))};
    if (!g.lines)
        return -ENOMEM;
    int err = gather(vector_run_path(run), &g, reterr);
    if (err == 0)
        err = expect_invoice(row, run, &g, reterr);
    free(g.lines);
    return err;
}

/* --- invoice_no and irn */

static int check_invoice_no(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    const char *no = csv_row_get(row, "doc_no");
    enum document_no_fault fault = document_no_check(no);
    char key[TYPED_MAX];
    int err = document_no_key(no, key, sizeof(key));
    if (err < 0)
        return refuse(row, "doc_no", err, reterr);
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
    int err = get_day(row, "doc_date", &day, reterr);
    enum irn_document document = IRN_INVOICE;
    if (err == 0 && irn_document_parse(csv_row_get(row, "doc_type"), &document) < 0)
        err = refuse(row, "doc_type", -EINVAL, reterr);
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

static int get_gstin(const struct csv_row *row, const char *column, struct gstin *ret,
                     struct diag *reterr)
{
    enum gstin_reason reason = gstin_read(csv_row_get(row, column), ret);
    return reason == GSTIN_OK || reason == GSTIN_LEGACY_STATE
               ? 0
               : refuse(row, column, -EINVAL, reterr);
}

static int read_transfer(const struct csv_row *row, struct gst_transfer_input *ret,
                         struct diag *reterr)
{
    *ret = (struct gst_transfer_input){.cost_paise = GST_TRANSFER_UNKNOWN};
    int err = get_gstin(row, "from_gstin", &ret->from, reterr);
    if (err == 0)
        err = get_gstin(row, "to_gstin", &ret->to, reterr);
    if (err == 0)
        err = get_flag(row, "recipient_full_itc", &ret->recipient_full_credit, reterr);
    if (err == 0)
        err = get_paise_if_known(row, "open_market_value", &ret->market_paise, reterr);
    if (err == 0)
        err = get_paise(row, "declared_value", &ret->declared_paise, reterr);
    if (err == 0)
        err = get_paise_if_known(row, "recipient_resale_price", &ret->resale_paise, reterr);
    if (err == 0)
        err = get_ppm(row, "gst_rate", &ret->gst_ppm, reterr);
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
    return expect_paise(row, run, "exp_tax", gst_tax_sum(&t.tax), reterr);
}

/* --- itc_reversal, credit_note, retention */

static int check_reversal(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    static const char *const kinds[] = {[GST_PLACE_INTRA] = "INTRA", [GST_PLACE_INTER] = "INTER"};
    struct gst_credit_input in = {0};
    int kind = 0;
    int err = 0;
    if (gst_credit_event_parse(csv_row_get(row, "event"), &in.event) < 0)
        err = refuse(row, "event", -EINVAL, reterr);
    if (err == 0)
        err = get_number(row, "qty", GST_TAX_MICRO_PLACES, &in.quantity_micro, reterr);
    if (err == 0)
        err = get_number(row, "unit_taxable_cost", GST_TAX_MICRO_PLACES, &in.unit_cost_microrupees,
                         reterr);
    if (err == 0)
        err = get_ppm(row, "gst_rate", &in.gst_ppm, reterr);
    if (err == 0)
        err = get_choice(row, "purchase_kind", kinds, ARRAY_LEN(kinds), &kind, reterr);
    if (err == 0)
        err = get_flag(row, "itc_claimed", &in.claimed, reterr);
    in.purchase_kind = (enum gst_place_kind)kind;
    struct gst_tax reverse = {0};
    if (err == 0)
        err = gst_credit_reversal(&in, &reverse);
    if (err < 0)
        return err;
    const struct paise_column columns[] = {
        {"exp_reverse_cgst", reverse.cgst_paise},
        {"exp_reverse_sgst", reverse.sgst_paise},
        {"exp_reverse_igst", reverse.igst_paise},
        {"exp_total", gst_tax_sum(&reverse)},
    };
    return expect_paise_columns(row, run, columns, ARRAY_LEN(columns), reterr);
}

static int read_note(const struct csv_row *row, struct gst_credit_note_input *ret,
                     struct diag *reterr)
{
    static const char *const regimes[] = {
        [GST_CREDIT_NOTE_BEFORE] = "BEFORE", [GST_CREDIT_NOTE_AFTER] = "AFTER"};
    int regime = GST_CREDIT_NOTE_BEFORE; /* the default of the setting */
    int err = get_day(row, "invoice_date", &ret->invoice_day, reterr);
    if (err == 0)
        err = get_day(row, "credit_note_date", &ret->note_day, reterr);
    if (err == 0)
        err =
            get_day_if_known(row, "annual_return_filed_on", &ret->annual_return_filed_day, reterr);
    if (err == 0 && gst_credit_note_ground_parse(csv_row_get(row, "reason"), &ret->ground) < 0)
        err = refuse(row, "reason", -EINVAL, reterr);
    if (err == 0 && *csv_row_get(row, "s15_3_regime"))
        err = get_choice(row, "s15_3_regime", regimes, ARRAY_LEN(regimes), &regime, reterr);
    if (err == 0)
        err = get_flag(row, "agreed_before_supply", &ret->agreed_before_supply, reterr);
    if (err == 0)
        err = get_flag(row, "recipient_reversed_itc", &ret->recipient_reversed_credit, reterr);
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
    int err = get_day(row, "document_date", &day, reterr);
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
    {.name = "gst_tax", .required = tax_columns, .check = check_tax, .id = "case_id"},
    {.name = "gst_invoice",
     .required =
         (const char *const[]){"case_id", "exp_place_of_supply", "exp_kind", "exp_taxable",
                               "exp_cgst", "exp_sgst", "exp_igst", "exp_cess",
                               "exp_total_before_round", "exp_round_off", "exp_payable", NULL},
     .check = check_invoice,
     .id = "case_id"},
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
