/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of GST: tax of invoice lines, and totals of invoices. */
#include "gst_tax.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gst_place.h"
#include "vector.h"
#include "vector_field.h"

#define PATH_SIZE 4096
#define INVOICE_LINES_MAX 1000 /* of the e-invoice schema */

static int read_place(const struct csv_row *row, struct gst_place *ret, struct diag *reterr)
{
    static const char *const routes[] = {
        [GST_PLACE_REGULAR] = "REGULAR", [GST_PLACE_BILL_TO_SHIP_TO] = "BILL_TO_SHIP_TO"};
    static const char *const recipients[] = {
        [GST_PLACE_REGISTERED] = "REG", [GST_PLACE_UNREGISTERED] = "URP", [GST_PLACE_SEZ] = "SEZ"};
    struct gst_place_input in = {0};
    int route = 0;
    int recipient = 0;
    int err = vector_field_day(row, "doc_date", &in.document_day, reterr);
    if (err == 0)
        err = vector_field_choice(row, "txn_type", routes, ARRAY_LEN(routes), &route, reterr);
    if (err == 0)
        err = vector_field_choice(row, "recipient_type", recipients, ARRAY_LEN(recipients),
                                  &recipient, reterr);
    if (err == 0)
        err = vector_field_state(row, "supplier_state", &in.supplier_state, reterr);
    if (err == 0)
        err = vector_field_state(row, "bill_to_state", &in.bill_to_state, reterr);
    if (err == 0)
        err = vector_field_state(row, "delivery_state", &in.delivery_state, reterr);
    if (err == 0)
        err = vector_field_state(row, "recipient_address_state", &in.recorded_state, reterr);
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
        err = vector_field_number(row, "qty", GST_TAX_MICRO_PLACES, &in.quantity_micro, reterr);
    if (err == 0)
        err = vector_field_number(row, "unit_price", GST_TAX_MICRO_PLACES,
                                  &in.unit_price_microrupees, reterr);
    if (err == 0)
        err = vector_field_flag(row, "price_includes_tax", &in.price_includes_tax, reterr);
    if (err == 0)
        err = vector_field_ppm(row, "discount_pct", &in.discount_ppm, reterr);
    if (err == 0)
        err = vector_field_paise(row, "discount_amt", &in.discount_paise, reterr);
    if (err == 0)
        err = vector_field_ppm(row, "gst_rate", &in.gst_ppm, reterr);
    if (err == 0)
        err = vector_field_ppm(row, "cess_rate", &in.cess_ppm, reterr);
    if (err < 0)
        return err;
    err = gst_tax_line(&in, ret_line);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "the line's amounts are not possible");
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
    const struct vector_field_amount columns[] = {
        {"exp_gross", line.gross_paise},     {"exp_discount", line.discount_paise},
        {"exp_taxable", line.taxable_paise}, {"exp_cgst", line.tax.cgst_paise},
        {"exp_sgst", line.tax.sgst_paise},   {"exp_igst", line.tax.igst_paise},
        {"exp_cess", line.tax.cess_paise},   {"exp_line_total", line.total_paise},
    };
    return vector_field_expect(row, run, columns, ARRAY_LEN(columns), reterr);
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
    const struct vector_field_amount columns[] = {
        {"exp_taxable", sum.taxable_paise},     {"exp_cgst", sum.tax.cgst_paise},
        {"exp_sgst", sum.tax.sgst_paise},       {"exp_igst", sum.tax.igst_paise},
        {"exp_cess", sum.tax.cess_paise},       {"exp_total_before_round", sum.total_paise},
        {"exp_round_off", sum.round_off_paise}, {"exp_payable", sum.payable_paise},
    };
    return vector_field_expect(row, run, columns, ARRAY_LEN(columns), reterr);
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

const struct vector_kind vector_gst_tax_kinds[] = {
    {.name = "gst_tax", .required = tax_columns, .check = check_tax, .id = "case_id"},
    {.name = "gst_invoice",
     .required =
         (const char *const[]){"case_id", "exp_place_of_supply", "exp_kind", "exp_taxable",
                               "exp_cgst", "exp_sgst", "exp_igst", "exp_cess",
                               "exp_total_before_round", "exp_round_off", "exp_payable", NULL},
     .check = check_invoice,
     .id = "case_id"},
    {0},
};
