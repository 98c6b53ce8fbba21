/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_place.h -- where goods are supplied, and with that which taxes are due: CGST with SGST
 * (or UTGST), or IGST. Goods only, no services; imports and exports are the caller's. Pure.
 * IGST Act 2017: sections 7 and 8 (inter-state, intra-state), 10 (place of supply of goods). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

enum gst_place_route {
    GST_PLACE_REGULAR,         /* the goods go to the buyer, or wait for him where they are */
    GST_PLACE_BILL_TO_SHIP_TO, /* the buyer directs them to another party */
};

enum gst_place_recipient {
    GST_PLACE_REGISTERED,
    GST_PLACE_UNREGISTERED,
    GST_PLACE_SEZ, /* special economic zone: always inter-state */
};

enum gst_place_kind {
    GST_PLACE_INTRA, /* CGST and SGST or UTGST, half the rate each */
    GST_PLACE_INTER, /* IGST */
};

struct gst_place_input {
    int32_t document_day;
    uint8_t supplier_state;
    uint8_t bill_to_state;  /* needed when the route is bill-to, ship-to */
    uint8_t delivery_state; /* where movement ends; without movement, where the goods are */
    uint8_t recorded_state; /* of the unregistered buyer's address on the invoice; 0: none */
    enum gst_place_route route;
    enum gst_place_recipient recipient;
    bool supplier_in_sez;
};

struct gst_place {
    uint8_t state;
    enum gst_place_kind kind;
    bool union_territory; /* the second half is UTGST; documents carry it in the SGST field */
};

/* -EINVAL when the supplier's state, or the one that decides, is not a state code. */
NODISCARD int gst_place_of_supply(const struct gst_place_input *in, struct gst_place *ret);

/* "INTRA" or "INTER". Static. */
const char *gst_place_kind_name(enum gst_place_kind kind);
