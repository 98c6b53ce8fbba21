/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_order.h -- lines of sales and purchases, which go down to their site and are done by
 * scans. Lines of transfers are the orchestrator's. */
#pragma once

#include "api_call.h"
#include "attr.h"
#include "catalogue.h"

struct order_line {
    const char *document;
    int64_t line;
    const char *site;
    enum order_kind kind; /* ORDER_SALE, ORDER_PURCHASE */
    const char *party;
    const char *sku;
    int64_t qty;
    int32_t due_day; /* CIVIL_NONE */
    const char *batch;
    int32_t expiry_day;
    int64_t mrp_paise;
    int64_t price_paise; /* of a piece pack before tax; 0: the usual one */
    const char *cause;
};

/* -EEXIST. */
NODISCARD int order_put(struct api_call *call, const struct order_line *line);

/* Whether the document stands anywhere: 1 or 0. */
NODISCARD int order_is_known(struct sql *s, const char *document);

/* Checks that the catalogue knows the SKU and the party, of that kind, in the caller's territories.
 * API_REFUSED. where: the member that names it. */
NODISCARD int order_check_sku(struct api_call *call, const char *sku, const char *where);
NODISCARD int order_check_party(struct api_call *call, const char *party, enum party_kind kind,
                                const char *where);
