/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_credit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const struct {
    const char *name;
    bool reverses;
} events[] = {
    [GST_CREDIT_EXPIRED_DESTROYED] = {"EXPIRED_DESTROYED", true},
    [GST_CREDIT_WRITTEN_OFF] = {"WRITTEN_OFF", true},
    [GST_CREDIT_LOST] = {"LOST", true},
    [GST_CREDIT_STOLEN] = {"STOLEN", true},
    [GST_CREDIT_FREE_SAMPLE] = {"FREE_SAMPLE", true},
    [GST_CREDIT_GIFT] = {"GIFT", true},
    [GST_CREDIT_SCHEME_FREE_WITH_PAID] = {"SCHEME_FREE_WITH_PAID", false},
    [GST_CREDIT_SOLD_BELOW_COST] = {"SOLD_BELOW_COST", false},
    [GST_CREDIT_RETURNED_TO_SUPPLIER] = {"RETURNED_TO_SUPPLIER", false},
};

const char *gst_credit_event_name(enum gst_credit_event event)
{
    assert((size_t)event < ARRAY_LEN(events));
    return events[event].name;
}

int gst_credit_event_parse(const char *name, enum gst_credit_event *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < ARRAY_LEN(events); i++)
        if (strcmp(name, events[i].name) == 0) {
            *ret = (enum gst_credit_event)i;
            return 0;
        }
    return -EINVAL;
}

bool gst_credit_event_reverses(enum gst_credit_event event)
{
    assert((size_t)event < ARRAY_LEN(events));
    return events[event].reverses;
}

int gst_credit_reversal(const struct gst_credit_input *in, struct gst_tax *ret)
{
    assert(in && ret);
    /* The purchase line once more: the same arithmetic gives the same tax to the paisa. */
    struct gst_tax_line purchase;
    int err = gst_tax_line(
        &(struct gst_tax_line_input){.quantity_micro = in->quantity_micro,
                                     .unit_price_microrupees = in->unit_cost_microrupees,
                                     .gst_ppm = in->gst_ppm,
                                     .cess_ppm = in->cess_ppm,
                                     .kind = in->purchase_kind},
        &purchase);
    if (err < 0)
        return err;
    bool reverse = in->claimed && gst_credit_event_reverses(in->event);
    *ret = reverse ? purchase.tax : (struct gst_tax){0};
    return 0;
}
