/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_transfer.h"

#include <assert.h>

#include "decimal.h"

#define RESALE_PERCENT 90 /* rule 28, first proviso */
#define COST_PERCENT 110  /* rule 30 */

static int allow(struct gst_transfer *t, int64_t value_paise, int64_t percent)
{
    if (value_paise == GST_TRANSFER_UNKNOWN)
        return 0;
    int err = decimal_muldiv(value_paise, percent, 100, &t->allowed_paise[t->allowed_count]);
    if (err == 0)
        t->allowed_count++;
    return err;
}

static int value(const struct gst_transfer_input *in, struct gst_transfer *t)
{
    if (in->recipient_full_credit || !t->same_person) {
        t->value_rule = GST_TRANSFER_ANY_VALUE;
        t->value_ok = true;
        return 0;
    }
    t->value_rule = GST_TRANSFER_LISTED_VALUE;
    bool market = in->market_paise != GST_TRANSFER_UNKNOWN;
    int err = market ? allow(t, in->market_paise, 100) : allow(t, in->cost_paise, COST_PERCENT);
    if (err == 0)
        err = allow(t, in->resale_paise, RESALE_PERCENT);
    for (size_t i = 0; err == 0 && i < t->allowed_count; i++)
        t->value_ok = t->value_ok || in->declared_paise == t->allowed_paise[i];
    return err;
}

static enum gst_document_movement movement(const struct gst_transfer *t)
{
    if (!t->supply)
        return GST_DOCUMENT_OWN_TRANSFER;
    return t->same_person ? GST_DOCUMENT_BRANCH_TRANSFER : GST_DOCUMENT_SALE;
}

int gst_transfer_judge(const struct gst_transfer_input *in, struct gst_transfer *ret)
{
    assert(in && ret);
    struct gst_transfer t = {.same_person = gstin_same_person(&in->from, &in->to),
                             .supply = !gstin_same_registration(&in->from, &in->to)};
    t.document = gst_document_choose(movement(&t), GST_DOCUMENT_REGULAR, in->exempt);
    if (!t.supply) {
        t.value_rule = GST_TRANSFER_NO_SUPPLY;
        t.value_ok = true;
        *ret = t;
        return 0;
    }

    bool inter = in->from.state != in->to.state || in->from_sez || in->to_sez;
    t.kind = inter ? GST_PLACE_INTER : GST_PLACE_INTRA;
    int err = value(in, &t);
    if (err == 0 && t.document.taxed)
        err = gst_tax_on(in->declared_paise, in->gst_ppm, in->cess_ppm, t.kind, &t.tax);
    if (err < 0)
        return err;
    *ret = t;
    return 0;
}
