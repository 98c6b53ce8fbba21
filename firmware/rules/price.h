/* SPDX-License-Identifier: Apache-2.0 */
/* rules/price.h -- between what a selling price must lie: not above the MRP printed on the batch,
 * and not below what the goods bring without a sale. It proposes no price. Pure; one pack as
 * printed is the unit of everything.
 * Legal Metrology (Packaged Commodities) Rules 2011, rule 18(2): the MRP includes all taxes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

#define PRICE_NO_MRP 0 /* nothing is printed: no ceiling */

/* What becomes of the goods if they are not sold at the price. */
enum price_alternative {
    PRICE_RETURN,  /* to the supplier, for his credit */
    PRICE_DESTROY, /* with disposal cost and credit reversal */
};

struct price_input {
    int64_t price_microrupees; /* before tax, or with it */
    bool price_includes_tax;
    int32_t gst_ppm; /* parts per million: 5 percent is 50000 */
    int32_t cess_ppm;
    int64_t mrp_paise;          /* of the batch; PRICE_NO_MRP */
    int64_t selling_cost_paise; /* freight, handling, campaign: what a sale still costs */
    bool returnable;
    int64_t return_claim_paise; /* the supplier pays, without tax */
    int64_t return_cost_paise;
    int64_t disposal_cost_paise;
    int64_t credit_reversal_paise;
};

enum price_verdict {
    PRICE_OK,
    PRICE_ABOVE_MRP,   /* illegal; told before the other */
    PRICE_BELOW_FLOOR, /* the alternative brings more */
};

/* The judgement with what led to it. */
struct price {
    enum price_verdict verdict;
    enum price_alternative alternative;
    int64_t alternative_paise; /* negative when it costs */
    int64_t floor_paise;    /* least price before tax: alternative + selling cost, never below 0 */
    int64_t ceiling_paise;  /* greatest price before tax, rounded down; INT64_MAX without MRP */
    int64_t with_tax_paise; /* the asked price with tax, rounded up */
    int64_t before_tax_paise; /* the asked price before tax, rounded down */
};

/* The ceiling is exact: a price with tax that passes the MRP by any fraction of a paisa is above
 * it.
 *   -EINVAL  an amount is negative or a rate out of the range of rules/gst_tax.h
 *   -ERANGE  an amount does not fit */
NODISCARD int price_judge(const struct price_input *in, struct price *ret);

const char *price_verdict_name(enum price_verdict verdict);             /* static; on the wire */
const char *price_alternative_name(enum price_alternative alternative); /* static; on the wire */
