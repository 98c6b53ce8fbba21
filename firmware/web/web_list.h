/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_list.h -- what the station knows, as JSON lists: stock, work to do, alerts, reports. It
 * reads journal and documents; who may ask was decided before (web_gate.h). The routes:
 *
 *   posts              [{post, worker_name, flow, in_use}]
 *   messages           [{code, en, hi}]                        sentences with {0} to {3}
 *   stock              [{sku, name, name_hi, qty, qty_text, batches, expiry, days_left}]
 *   stock?sku=S        [{batch, expiry, mrp_paise, bin, status, qty, qty_text, days_left, ...}]
 *   search?text=T      [{sku, name, name_hi, brand}]
 *   tasks              [{flow, document, party, due, lines, open}]
 *   alerts             [{seq, raised, reason, sku, name, batch, days_left, ...}] newest first
 *   at-risk            [{sku, batch, score, risk_units, risk_paise, ...}] by rupees, largest first
 *   slow-stock         [{sku, status, idle_days, score, landed_paise, impact, ...}] by rupees, too
 *   risk-totals        [{category, skus, dead_skus, risk_paise, impact, ...}] and their sum, "all"
 *   captures           [{seq, at, code, qty, bin, worker}]
 *   reports/reasons    [{reason, worker, entries, qty, value_paise}]
 *   reports/overrides  the same for FEFO overrides (EXP-12)
 *   health             {release, clock, journal, devices}
 *
 * Lists are {"rows": [...], "more": bool}: at most WEB_ROWS_MAX, and whether some were left out.
 * Only messages are always whole. */
#pragma once

#include "catalogue.h"
#include "http_json.h"
#include "web.h"
#include "web_exchange.h"

#define WEB_ROWS_MAX 200   /* so that a list does not hold up the loop's scans */
#define WEB_REPORT_DAYS 30 /* when no span is given */

/* The answer to a list route. */
struct web_reply web_list(const struct web_request *r, const struct web_floor *floor);

/* One list each, for web_list(): fills rows. 0, -ENOSPC when there are more rows, -EINVAL for an
 * argument that makes no sense, else the journal's error. */
struct web_rows {
    struct http_json json;
    cJSON *rows;
    size_t count;
    size_t max;
    int32_t today;
    const struct web_floor *floor;
    const struct web_request *request;
};
NODISCARD int web_list_stock(struct web_rows *rows);
NODISCARD int web_list_at_risk(struct web_rows *rows);
NODISCARD int web_list_slow_stock(struct web_rows *rows);
NODISCARD int web_list_risk_totals(struct web_rows *rows);
NODISCARD int web_list_search(struct web_rows *rows);
NODISCARD int web_list_posts(struct web_rows *rows);
NODISCARD int web_list_tasks(struct web_rows *rows);
NODISCARD int web_list_alerts(struct web_rows *rows);
NODISCARD int web_list_captures(struct web_rows *rows);
NODISCARD int web_list_messages(struct web_rows *rows);
NODISCARD int web_list_reasons(struct web_rows *rows);
NODISCARD int web_list_overrides(struct web_rows *rows);

/* The next row, an object; -ENOSPC when the list is full. */
NODISCARD int web_list_row(struct web_rows *rows, cJSON **ret_row);

/* sku, name and name_hi into a row; *ret is zero when the catalogue does not know the SKU. */
NODISCARD int web_list_sku(struct web_rows *rows, cJSON *row, const char *sku,
                           struct catalogue_sku *ret);

/* batch, expiry, expiry_kind, mrp_paise and days_left into a row. */
void web_list_batch(struct web_rows *rows, cJSON *row, const struct batch_key *key,
                    int32_t expiry_kind);

/* expiry and days_left; both null without a date. */
void web_list_expiry(struct web_rows *rows, cJSON *row, int32_t expiry_day);

/* qty in base units, and qty_text and qty_text_hi in packs where the product is known. */
void web_list_qty(struct web_rows *rows, cJSON *row, const struct catalogue_sku *product,
                  int64_t qty);

char *web_health_json(const struct web_floor *floor);
