/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_place.h"

#include <assert.h>
#include <errno.h>

#include "states.h"

/* 2023-10-01: section 10(1)(ca), inserted by the IGST (Amendment) Act 2023, begins. Before, an
 * unregistered buyer was treated like any other. */
#define RECORDED_ADDRESS_FROM_DAY 19631

static uint8_t deciding_state(const struct gst_place_input *in)
{
    if (in->recipient == GST_PLACE_UNREGISTERED && in->document_day >= RECORDED_ADDRESS_FROM_DAY)
        return in->recorded_state != 0 ? in->recorded_state : in->supplier_state;
    if (in->route == GST_PLACE_BILL_TO_SHIP_TO)
        return in->bill_to_state;
    return in->delivery_state;
}

int gst_place_of_supply(const struct gst_place_input *in, struct gst_place *ret)
{
    assert(in && ret);
    uint8_t code = deciding_state(in);
    const struct states_row *state = states_find(code);
    if (!state || !states_find(in->supplier_state))
        return -EINVAL;

    bool sez = in->recipient == GST_PLACE_SEZ || in->supplier_in_sez;
    bool intra = code == in->supplier_state && !sez;
    *ret = (struct gst_place){.state = code,
                              .kind = intra ? GST_PLACE_INTRA : GST_PLACE_INTER,
                              .union_territory = intra && state->kind == STATES_UT_NO_LEGISLATURE};
    return 0;
}

const char *gst_place_kind_name(enum gst_place_kind kind)
{
    switch (kind) {
    case GST_PLACE_INTRA:
        return "INTRA";
    case GST_PLACE_INTER:
        return "INTER";
    }
    return "unknown";
}
