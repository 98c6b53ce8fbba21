/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_tax.h"

#include <assert.h>
#include <errno.h>

#include "decimal.h"

#define PAISE_PER_RUPEE 100

/* Millionths of a unit times millionths of a rupee, per paisa: 10^6 * 10^6 / 100. */
#define MICRO_PRODUCT_PER_PAISA INT64_C(10000000000)

/* Room for any sum of a line's parts: 1/16 of the range, some 5.7 million crore rupees. */
#define AMOUNT_MAX (INT64_MAX / 16)

static bool rate_ok(int32_t ppm)
{
    return ppm >= 0 && ppm <= GST_TAX_RATE_PPM_MAX;
}

static int share(int64_t value, int64_t part, int64_t whole, int64_t *ret)
{
    int64_t v = 0;
    int err = decimal_muldiv(value, part, whole, &v);
    if (err < 0)
        return err;
    if (v > AMOUNT_MAX)
        return -ERANGE;
    *ret = v;
    return 0;
}

int gst_tax_on(int64_t taxable_paise, int32_t gst_ppm, int32_t cess_ppm, enum gst_place_kind kind,
               struct gst_tax *ret)
{
    assert(ret);
    if (taxable_paise < 0 || !rate_ok(gst_ppm) || !rate_ok(cess_ppm))
        return -EINVAL;

    struct gst_tax tax = {0};
    int err = kind == GST_PLACE_INTER
                  ? share(taxable_paise, gst_ppm, GST_TAX_PPM_ONE, &tax.igst_paise)
                  : share(taxable_paise, gst_ppm, 2 * GST_TAX_PPM_ONE, &tax.cgst_paise);
    if (err < 0)
        return err;
    tax.sgst_paise = tax.cgst_paise;
    err = share(taxable_paise, cess_ppm, GST_TAX_PPM_ONE, &tax.cess_paise);
    if (err < 0)
        return err;
    *ret = tax;
    return 0;
}

int64_t gst_tax_sum(const struct gst_tax *tax)
{
    assert(tax);
    return tax->cgst_paise + tax->sgst_paise + tax->igst_paise + tax->cess_paise;
}

/* What is left of the gross after both discounts, and the discount itself. */
static int discount(const struct gst_tax_line_input *in, struct gst_tax_line *line)
{
    int64_t percent = 0;
    int err = share(line->gross_paise, in->discount_ppm, GST_TAX_PPM_ONE, &percent);
    if (err < 0)
        return err;
    if (in->discount_paise > line->gross_paise - percent)
        return -EINVAL;
    line->discount_paise = percent + in->discount_paise;
    return 0;
}

int gst_tax_line(const struct gst_tax_line_input *in, struct gst_tax_line *ret)
{
    assert(in && ret);
    if (in->quantity_micro < 0 || in->unit_price_microrupees < 0 || in->discount_paise < 0 ||
        in->discount_ppm < 0 || in->discount_ppm > GST_TAX_PPM_ONE || !rate_ok(in->gst_ppm) ||
        !rate_ok(in->cess_ppm))
        return -EINVAL;

    struct gst_tax_line line = {0};
    int err = share(in->quantity_micro, in->unit_price_microrupees, MICRO_PRODUCT_PER_PAISA,
                    &line.gross_paise);
    if (err < 0)
        return err;
    err = discount(in, &line);
    if (err < 0)
        return err;

    int64_t net = line.gross_paise - line.discount_paise;
    int64_t with_tax_ppm = GST_TAX_PPM_ONE + in->gst_ppm + in->cess_ppm;
    err = share(net, GST_TAX_PPM_ONE, in->price_includes_tax ? with_tax_ppm : GST_TAX_PPM_ONE,
                &line.taxable_paise);
    if (err < 0)
        return err;
    err = gst_tax_on(line.taxable_paise, in->gst_ppm, in->cess_ppm, in->kind, &line.tax);
    if (err < 0)
        return err;
    line.total_paise = line.taxable_paise + gst_tax_sum(&line.tax);
    *ret = line;
    return 0;
}

static bool add(int64_t *sum, int64_t amount)
{
    return !__builtin_add_overflow(*sum, amount, sum);
}

int gst_tax_invoice(const struct gst_tax_line *lines, size_t count, struct gst_tax_invoice *ret)
{
    assert((lines || count == 0) && ret);
    struct gst_tax_invoice sum = {0};
    for (size_t i = 0; i < count; i++) {
        const struct gst_tax_line *l = &lines[i];
        assert(l->total_paise >= 0);
        if (!add(&sum.taxable_paise, l->taxable_paise) ||
            !add(&sum.tax.cgst_paise, l->tax.cgst_paise) ||
            !add(&sum.tax.sgst_paise, l->tax.sgst_paise) ||
            !add(&sum.tax.igst_paise, l->tax.igst_paise) ||
            !add(&sum.tax.cess_paise, l->tax.cess_paise) || !add(&sum.total_paise, l->total_paise))
            return -ERANGE;
    }

    int64_t paise = sum.total_paise % PAISE_PER_RUPEE;
    sum.round_off_paise = paise * 2 >= PAISE_PER_RUPEE ? PAISE_PER_RUPEE - paise : -paise;
    sum.payable_paise = sum.total_paise;
    if (!add(&sum.payable_paise, sum.round_off_paise))
        return -ERANGE;
    *ret = sum;
    return 0;
}
