/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers from both ends: what left, what arrived whole or damaged, what was not in the load. */
#include "projection_part.h"

#include <string.h>

enum { KEY_EXPIRY, KEY_MRP, SENT, ARRIVED, DAMAGED, LOST, SENT_MS, ARRIVED_MS };
enum { KEY_DOCUMENT, KEY_SKU, KEY_BATCH, FROM_SITE, TO_SITE };

/* Of the site at one end, what was scanned there (told_ms > 0) holds against what the other end was
 * told; of two of a kind the greater name, so that no order counts. */
static const char *site_of(const char *a, bool a_told, const char *b, bool b_told)
{
    if (a_told != b_told)
        return a_told ? a : b;
    return strcmp(b, a) > 0 ? b : a;
}

static void merge_transit(struct tally_row *row, const struct tally_row *more)
{
    int64_t *a = row->ints;
    const int64_t *b = more->ints;
    row->texts[FROM_SITE] =
        site_of(row->texts[FROM_SITE], a[SENT_MS] > 0, more->texts[FROM_SITE], b[SENT_MS] > 0);
    row->texts[TO_SITE] =
        site_of(row->texts[TO_SITE], a[ARRIVED_MS] > 0, more->texts[TO_SITE], b[ARRIVED_MS] > 0);
    for (int i = SENT; i <= LOST; i++)
        a[i] += b[i];
    for (int i = SENT_MS; i <= ARRIVED_MS; i++)
        a[i] = b[i] > a[i] ? b[i] : a[i];
}

const struct tally_table projection_transit_table = {
    .name = "transit",
    .texts = {"document", "sku", "batch", "from_site", "to_site"},
    .ints = {"expiry_day", "mrp_paise", "sent", "arrived", "damaged", "lost", "sent_ms",
             "arrived_ms"},
    .key_texts = 3,
    .key_ints = 2,
    .conflict =
        "ON CONFLICT (tenant, document, sku, batch, expiry_day, mrp_paise) DO UPDATE SET"
        " from_site = CASE WHEN (excluded.sent_ms > 0) = (transit.sent_ms > 0)"
        " THEN CASE WHEN excluded.from_site > transit.from_site THEN excluded.from_site"
        " ELSE transit.from_site END"
        " WHEN excluded.sent_ms > 0 THEN excluded.from_site ELSE transit.from_site END,"
        " to_site = CASE WHEN (excluded.arrived_ms > 0) = (transit.arrived_ms > 0)"
        " THEN CASE WHEN excluded.to_site > transit.to_site THEN excluded.to_site"
        " ELSE transit.to_site END"
        " WHEN excluded.arrived_ms > 0 THEN excluded.to_site ELSE transit.to_site END,"
        " sent = transit.sent + excluded.sent, arrived = transit.arrived + excluded.arrived,"
        " damaged = transit.damaged + excluded.damaged, lost = transit.lost + excluded.lost,"
        " sent_ms = CASE WHEN excluded.sent_ms > transit.sent_ms THEN excluded.sent_ms"
        " ELSE transit.sent_ms END,"
        " arrived_ms = CASE WHEN excluded.arrived_ms > transit.arrived_ms THEN excluded.arrived_ms"
        " ELSE transit.arrived_ms END",
    .rows = "SELECT document, sku, batch, from_site, to_site, expiry_day, mrp_paise, sent, arrived,"
            " damaged, lost, sent_ms, arrived_ms FROM transit"
            " ORDER BY document, sku, batch, expiry_day, mrp_paise",
    .merge = merge_transit,
};

static int apply(struct projection *f, const struct projection_movement *m)
{
    const struct entry *e = m->e;
    bool left = e->kind == ENTRY_DISPATCHED;
    if (!left && e->kind != ENTRY_ARRIVED && e->kind != ENTRY_LOST)
        return 0;
    bool lost = e->kind == ENTRY_LOST;
    bool damaged = e->kind == ENTRY_ARRIVED && strcmp(e->reason, "damaged") == 0;
    struct tally_row row = {.texts = {[KEY_DOCUMENT] = e->document,
                                      [KEY_SKU] = e->sku,
                                      [KEY_BATCH] = e->batch.number,
                                      [FROM_SITE] = left ? m->from->site : e->party,
                                      [TO_SITE] = left ? e->party : m->from->site},
                            .ints = {[KEY_EXPIRY] = e->batch.expiry_day,
                                     [KEY_MRP] = e->batch.mrp_paise,
                                     [SENT] = left ? m->units : 0,
                                     [ARRIVED] = left || lost ? 0 : m->units,
                                     [DAMAGED] = damaged ? m->units : 0,
                                     [LOST] = lost ? m->units : 0,
                                     [SENT_MS] = left ? e->wall_ms : 0,
                                     [ARRIVED_MS] = left ? 0 : e->wall_ms}};
    return projection_add(f, PROJECTION_TRANSIT, &row);
}

const struct projection_part projection_transit = {.name = "transit", .version = 1, .apply = apply};
