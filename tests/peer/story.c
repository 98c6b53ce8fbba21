/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "civil.h"

#define COST_PAISE 800

/* seq of the day's deliveries and sales; the site opens first, with a little stock. */
enum { OPENED_SEQ = 1, STOCK_SEQ = 2, FIRST_DAY_SEQ = 3 };

static struct entry goods(enum entry_kind kind, const char *batch, int32_t expiry_day, int64_t qty)
{
    struct entry e = entry_new(kind);
    snprintf(e.worker, sizeof(e.worker), "asha");
    snprintf(e.device, sizeof(e.device), "scanner-1");
    snprintf(e.sku, sizeof(e.sku), "BISC");
    snprintf(e.batch.number, sizeof(e.batch.number), "%s", batch);
    e.batch.expiry_day = expiry_day;
    e.batch.mrp_paise = 1000;
    snprintf(e.bin, sizeof(e.bin), "A-01");
    e.qty = qty;
    e.value_paise = qty * COST_PAISE;
    return e;
}

static struct entry placed(struct entry e, int64_t seq, int64_t wall_ms)
{
    e.seq = seq;
    e.wall_ms = wall_ms;
    e.mono_ms = seq * 1000;
    e.boot = 1;
    e.trust = CLOCK_NTP;
    return e;
}

static struct entry opened(int32_t day, const char *name)
{
    struct entry e = entry_new(ENTRY_OPENED);
    snprintf(e.note, sizeof(e.note), "%s", name);
    return placed(e, OPENED_SEQ, civil_ist_start_ms(day - STORY_DAYS) + 28800000);
}

static struct entry sells(int32_t day, int64_t scan_ms, int64_t seq)
{
    (void)scan_ms;
    int32_t at = day - STORY_DAYS + (int32_t)((seq - FIRST_DAY_SEQ) / 2);
    bool out = (seq - FIRST_DAY_SEQ) % 2 == 1;
    if (seq == OPENED_SEQ)
        return opened(day, "sells");
    if (seq == STOCK_SEQ)
        return placed(goods(ENTRY_OPENING, "N1", day + 200, 24), seq,
                      civil_ist_start_ms(day - STORY_DAYS) + 30000000);
    struct entry e = goods(out ? ENTRY_PICKED : ENTRY_RECEIVED, "N1", day + 200, 8);
    snprintf(e.party, sizeof(e.party), out ? "SHOP-1" : "SUP-1");
    return placed(e, seq, civil_ist_start_ms(at) + (out ? 40000000 : 36000000));
}

static struct entry dies(int32_t day, int64_t scan_ms, int64_t seq)
{
    if (seq == OPENED_SEQ)
        return opened(day, "dies");
    if (seq == STOCK_SEQ)
        return placed(goods(ENTRY_OPENING, "B1", day + 300, 10), seq,
                      civil_ist_start_ms(day - STORY_DAYS) + 30000000);
    struct entry e = goods(ENTRY_RECEIVED, "S1", day + 70, 300);
    snprintf(e.party, sizeof(e.party), "SUP-1");
    return placed(e, seq, scan_ms);
}

const struct story *story_find(const char *name)
{
    static const struct story stories[] = {
        {"sells", FIRST_DAY_SEQ - 1 + INT64_C(2) * STORY_DAYS, sells},
        {"dies", STORY_SURPLUS_SEQ, dies},
    };
    for (size_t i = 0; i < ARRAY_LEN(stories); i++)
        if (strcmp(stories[i].name, name) == 0)
            return &stories[i];
    return NULL;
}
