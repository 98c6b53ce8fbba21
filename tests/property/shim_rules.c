/* SPDX-License-Identifier: Apache-2.0 */
/* The pure rules, flat. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "barcode.h"
#include "dead_stock.h"
#include "expiry_risk.h"
#include "fefo.h"
#include "financial_impact.h"
#include "pack.h"
#include "shim.h"
#include "text.h"

#define SERIES_MAX 400

static struct dead_stock_terms terms_of(const int64_t t[6])
{
    struct dead_stock_terms terms = dead_stock_terms_default();
    terms.grace_days = (uint32_t)t[0];
    terms.slow_days = (uint32_t)t[1];
    terms.dead_days = (uint32_t)t[2];
    terms.dead_velocity_milli = t[3];
    terms.recovered_velocity_milli = t[4];
    terms.window_days = (uint32_t)t[5];
    assert(dead_stock_terms_check(&terms) == 0);
    return terms;
}

static struct dead_stock_facts facts_of(const int64_t f[4])
{
    return (struct dead_stock_facts){.on_hand_units = f[0],
                                     .movement = {.age_days = (uint32_t)f[1],
                                                  .idle_days = (uint32_t)f[2],
                                                  .velocity_milli = f[3],
                                                  .earlier_milli = -1}};
}

int shim_dead_meets(const int64_t facts[4], const int64_t terms[6])
{
    struct dead_stock_facts f = facts_of(facts);
    struct dead_stock_terms t = terms_of(terms);
    return dead_stock_meets_thresholds(&f, &t);
}

const char *shim_dead_status(const int64_t facts[4], const int64_t terms[6])
{
    struct dead_stock_facts f = facts_of(facts);
    struct dead_stock_terms t = terms_of(terms);
    struct dead_stock_state before = {.status = DEAD_STOCK_ACTIVE};
    return dead_stock_status_name(dead_stock_next(before, &f, &t).state.status);
}

void shim_expiry(const int64_t *sold, uint32_t n, const int64_t batch[7], int64_t ret[8])
{
    assert(n <= SERIES_MAX);
    double y[SERIES_MAX];
    double work[SERIES_MAX];
    uint32_t days = demand_in_stock(sold, NULL, n, y);
    struct demand_pool pool = demand_pool_vague();
    struct demand d = demand_fit(y, days, &pool, work);
    struct expiry_terms terms = expiry_terms_default();
    struct expiry_batch b = {.units = batch[0],
                             .days_to_expiry = (int32_t)batch[1],
                             .refuse_days = (int32_t)batch[2],
                             .landed_paise = batch[3],
                             .credit_paise = batch[4],
                             .disposal_paise = batch[5]};
    struct expiry_risk r = expiry_risk_batch(&d, 1, &terms, &b, batch[6]);
    int64_t out[8] = {r.score,          r.at_risk_units,  r.unsold_milli, r.landed_paise,
                      r.carrying_paise, r.disposal_paise, r.credit_paise, r.total_paise};
    memcpy(ret, out, sizeof(out));
}

static void put_impact(const struct financial_impact *i, int64_t ret[7])
{
    int64_t out[7] = {i->carrying_paise,  i->opportunity_paise, i->disposal_paise,
                      i->transport_paise, i->total_paise,       i->blocked_ml,
                      i->blocked_pallets};
    memcpy(ret, out, sizeof(out));
}

static struct financial_impact get_impact(const int64_t v[7])
{
    return (struct financial_impact){v[0], v[1], v[2], v[3], v[4], v[5], v[6]};
}

void shim_impact(const int64_t stock[4], const int64_t rates[6], int64_t ret[7])
{
    struct financial_impact_stock s = {stock[0], stock[1], stock[2], (int32_t)stock[3]};
    struct financial_impact_rates r = {(uint32_t)rates[0], (uint32_t)rates[1], rates[2],
                                       rates[3],           (uint32_t)rates[4], rates[5]};
    struct financial_impact i = financial_impact(&s, &r);
    put_impact(&i, ret);
}

void shim_impact_add(const int64_t a[7], const int64_t b[7], int64_t ret[7])
{
    struct financial_impact i = financial_impact_add(get_impact(a), get_impact(b));
    put_impact(&i, ret);
}

static struct pack_sizes packs_of(const int64_t *units, uint32_t count)
{
    struct pack_sizes p = {.count = count};
    for (uint32_t i = 0; i < count && i < PACK_SIZES_MAX; i++)
        p.sizes[i] = (struct pack_size){"pack", "packs", units[i]};
    return p;
}

int shim_pack_check(const int64_t *units, uint32_t count)
{
    struct pack_sizes p = packs_of(units, count);
    return pack_check(&p);
}

int shim_pack_total(const int64_t *units, uint32_t count, const int64_t *counts, int64_t *ret)
{
    struct pack_sizes p = packs_of(units, count);
    return pack_total(&p, counts, ret);
}

void shim_pack_split(const int64_t *units, uint32_t count, int64_t total, int64_t *ret_counts)
{
    struct pack_sizes p = packs_of(units, count);
    pack_split(&p, total, ret_counts);
}

int shim_fefo(const int64_t *lots, uint32_t count, const int64_t request[5], int64_t *ret_lots,
              int64_t *ret_units, int64_t ret[5])
{
    struct fefo_lot all[64];
    struct fefo_line lines[64];
    assert(count <= ARRAY_LEN(all));
    for (uint32_t i = 0; i < count; i++, lots += 4)
        all[i] =
            (struct fefo_lot){.id = i,
                              .goods = {.made_day = CIVIL_NONE, .expiry_day = (int32_t)lots[0]},
                              .received_day = (int32_t)lots[1],
                              .batch = "",
                              .status = (enum stock_status)lots[2],
                              .free_units = lots[3]};
    struct fefo_request r = {.wanted_units = request[0],
                             .movement = MOVEMENT_SALE,
                             .today = (int32_t)request[1],
                             .delivery_day = (int32_t)request[2],
                             .min = {.days = (int32_t)request[3]},
                             .fewest_lots = request[4] != 0};
    struct fefo_result got;
    int err = fefo_allocate(all, count, &r, lines, &got);
    if (err < 0)
        return err;
    for (size_t i = 0; i < got.lines; i++) {
        ret_lots[i] = (int64_t)lines[i].lot;
        ret_units[i] = lines[i].units;
    }
    int64_t out[5] = {(int64_t)got.lines, got.allocated_units, got.short_units, got.blocked_units,
                      got.short_life_units};
    memcpy(ret, out, sizeof(out));
    return 0;
}

/* Barcodes. */

static const struct {
    const char *name;
    size_t offset;
    size_t size; /* 0: an int64_t */
} facts_fields[] = {
    {"gtin14", offsetof(struct barcode_facts, gtin14), GTIN_SIZE},
    {"batch", offsetof(struct barcode_facts, batch), BARCODE_BATCH_SIZE},
    {"serial", offsetof(struct barcode_facts, serial), BARCODE_SERIAL_SIZE},
    {"made", offsetof(struct barcode_facts, dates[BARCODE_MADE].yymmdd), GS1_DATE_LEN + 1},
    {"packed", offsetof(struct barcode_facts, dates[BARCODE_PACKED].yymmdd), GS1_DATE_LEN + 1},
    {"best_before", offsetof(struct barcode_facts, dates[BARCODE_BEST_BEFORE].yymmdd),
     GS1_DATE_LEN + 1},
    {"sell_by", offsetof(struct barcode_facts, dates[BARCODE_SELL_BY].yymmdd), GS1_DATE_LEN + 1},
    {"use_by", offsetof(struct barcode_facts, dates[BARCODE_USE_BY].yymmdd), GS1_DATE_LEN + 1},
    {"count", offsetof(struct barcode_facts, variable_count), 0},
    {"weight_g", offsetof(struct barcode_facts, net_weight_g), 0},
    {"price_paise", offsetof(struct barcode_facts, price_paise), 0},
};

static int set_fact(struct barcode_facts *f, const char *line, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(facts_fields); i++) {
        size_t n = strlen(facts_fields[i].name);
        if (len <= n || memcmp(line, facts_fields[i].name, n) != 0 || line[n] != '=')
            continue;
        char *at = (char *)f + facts_fields[i].offset;
        if (facts_fields[i].size > 0)
            return text_copy_n(at, facts_fields[i].size, line + n + 1, len - n - 1);
        *(int64_t *)(void *)at = strtoll(line + n + 1, NULL, 10);
        return 0;
    }
    return -ENOENT;
}

int shim_compose(const char *facts, int bracketed, char *buf, size_t size)
{
    struct barcode_facts f = barcode_facts_none();
    while (*facts) {
        size_t len = strcspn(facts, "\n");
        int err = set_fact(&f, facts, len);
        if (err < 0)
            return err;
        facts += len + (facts[len] == '\n');
    }
    size_t len = 0;
    struct gs1_reject why;
    int err = barcode_facts_compose(&f, bracketed ? GS1_BRACKETED : GS1_RAW, GS1_LENIENT, buf, size,
                                    &len, &why);
    return err < 0 ? err : (int)len;
}

int shim_read(const char *bytes, size_t len, int32_t today, char *buf, size_t size)
{
    struct barcode_settings settings = {.parse_plain_code128 = true};
    struct barcode_facts f = barcode_facts_none();
    struct frame_counts counts = {{0}};
    struct gs1_reject why;
    int err = barcode_read(bytes, len, &settings, today, &f, &counts, &why);
    if (err < 0)
        return err;
    size_t used = 0;
    for (size_t i = 0; i < ARRAY_LEN(facts_fields); i++) {
        const char *at = (const char *)&f + facts_fields[i].offset;
        int64_t number = facts_fields[i].size > 0 ? 0 : *(const int64_t *)(const void *)at;
        int n = 0;
        if (facts_fields[i].size > 0)
            n = snprintf(buf + used, size - used, "%s=%s\n", facts_fields[i].name, at);
        else if (number != BARCODE_NONE)
            n = snprintf(buf + used, size - used, "%s=%" PRId64 "\n", facts_fields[i].name, number);
        if (n < 0 || (size_t)n >= size - used)
            return -ENOSPC;
        used += (size_t)n;
    }
    return 0;
}
