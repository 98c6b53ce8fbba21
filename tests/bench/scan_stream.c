/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_stream.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "civil.h"

#define FIRST_DAY 20700 /* 2026-09-04 */

static int64_t draw(struct scan_stream *s, int64_t from, int64_t to)
{
    return from + (int64_t)rng_below(&s->rng, (uint64_t)(to - from + 1));
}

static void write_text(char *at, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void write_text(char *at, size_t size, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(at, size, fmt, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < size);
}

static int32_t today(const struct scan_stream *s)
{
    return civil_ist_day(s->wall_ms);
}

/* Makers print a letter for the month, two digits of the year and a count of the shift. */
static void make_batch(struct scan_stream *s, struct stream_batch *b, int32_t life_days,
                       int64_t mrp_paise)
{
    b->made_day = today(s) - (int32_t)draw(s, 5, life_days * 6 / 10);
    b->expiry_day = b->made_day + life_days;
    struct civil_date made = civil_date(b->made_day);
    write_text(b->number, sizeof(b->number), "%c%02d%04d", (char)('A' + made.month - 1),
               (int)made.year % 100, (int)draw(s, 100, 2999));
    b->mrp_paise = mrp_paise;
}

static void make_sku(struct scan_stream *s, int i)
{
    static const char *const families[] = {"BIS", "TEA", "SOA", "OIL", "NOO", "SPI", "MIL", "JUI",
                                           "PAS", "DET", "SHA", "SNA", "ATT", "RIC", "COF", "GHE"};
    static const int32_t lives[] = {90, 180, 270, 365, 540, 730};
    static const int64_t prices[] = {500, 1000, 2000, 3000, 4500, 5500, 7200, 9900, 12000, 24500};
    struct stream_sku *k = &s->skus[i];
    int family = (int)((int64_t)i * (int64_t)ARRAY_LEN(families) / STREAM_SKUS);
    write_text(k->sku, sizeof(k->sku), "%s-%03d", families[family], i % 1000);
    int64_t item = draw(s, 0, 9) + 10 * (i % 40); /* of a maker's range, with its check digit */
    write_text(k->gtin, sizeof(k->gtin), "0890%05d%05d", 1030 + 37 * (i / 40), (int)item);
    int64_t mrp = prices[draw(s, 0, ARRAY_LEN(prices) - 1)];
    k->cost_paise = mrp * draw(s, 72, 84) / 100;
    k->case_units = draw(s, 1, 4) * 12;
    int32_t life = lives[draw(s, 0, ARRAY_LEN(lives) - 1)];
    for (int b = 0; b < STREAM_BATCHES; b++) {
        make_batch(s, &k->batches[b], life, mrp);
        write_text(k->batches[b].bin, ENTRY_BIN_SIZE, "%c-%02d", 'A' + i / 40, i % 40 / 2 + 1);
    }
}

struct scan_stream scan_stream(uint64_t seed)
{
    static const char *const tenants[] = {"acme", "shree-balaji", "gupta-traders", "nova-fmcg"};
    struct scan_stream s = {.rng = rng_seed(seed), .wall_ms = civil_ist_start_ms(FIRST_DAY)};
    strcpy(s.origin.tenant, tenants[seed % ARRAY_LEN(tenants)]);
    write_text(s.origin.device, sizeof(s.origin.device), "wh-%02d", (int)(seed % 40) + 1);
    s.origin.epoch = 1;
    s.wall_ms += CIVIL_MS_PER_DAY * draw(&s, 0, 300) + 9 * 3600000 + draw(&s, 0, 600000);
    s.boot = draw(&s, 1, 40);
    s.booted_ms = s.wall_ms - draw(&s, 100000, 100000000);
    s.seq = draw(&s, 1000, 400000);
    s.orders = draw(&s, 1000, 90000);
    s.deliveries = draw(&s, 100, 3000);
    for (int i = 0; i < STREAM_SKUS; i++)
        make_sku(&s, i);
    return s;
}

/* Few SKUs sell often: the k-th most popular as 1 / (k + 2), over a fixed shuffle of the bins. */
static int popular(struct scan_stream *s)
{
    double sum = 0;
    for (int k = 1; k <= STREAM_SKUS; k++)
        sum += 1.0 / (k + 2);
    double at = rng_unit(&s->rng) * sum;
    int k = 0;
    while (++k < STREAM_SKUS && at >= 1.0 / (k + 2))
        at -= 1.0 / (k + 2);
    return (k - 1) * 131 % STREAM_SKUS;
}

/* What an order takes, in the order of the bins. */
static void draw_lines(struct scan_stream *s)
{
    for (int32_t n = 0; n < s->paper.lines; n++) {
        int sku = popular(s);
        int32_t i = n;
        for (; i > 0 && s->paper.skus[i - 1] > sku; i--)
            s->paper.skus[i] = s->paper.skus[i - 1];
        s->paper.skus[i] = sku;
    }
}

static void begin_paper(struct scan_stream *s)
{
    static const char *const workers[] = {"imran", "asha", "meera", "ravi", "sunita"};
    bool delivery = draw(s, 0, 99) < 9;
    s->paper.kind = delivery ? ENTRY_RECEIVED : ENTRY_PICKED;
    s->paper.line = 0;
    s->paper.lines = (int32_t)draw(s, 3, delivery ? 12 : STREAM_LINES_MAX);
    draw_lines(s);
    if (delivery) {
        write_text(s->paper.document, ENTRY_DOCUMENT_SIZE, "PO-%06d", (int)++s->deliveries);
        write_text(s->paper.party, ENTRY_PARTY_SIZE, "SUP-%02d", (int)draw(s, 1, 20));
    } else {
        write_text(s->paper.document, ENTRY_DOCUMENT_SIZE, "SO-%07d", (int)++s->orders);
        write_text(s->paper.party, ENTRY_PARTY_SIZE, "OUT-%05d", (int)draw(s, 1, 900));
    }
    strcpy(s->paper.worker, workers[draw(s, 0, ARRAY_LEN(workers) - 1)]);
    write_text(s->paper.device, ENTRY_DEVICE_SIZE, "%s-%d", delivery ? "dock" : "scanner",
               delivery ? 1 : (int)draw(s, 1, 3));
}

static void set_goods(struct entry *e, const struct stream_sku *k, const struct stream_batch *b,
                      int64_t qty)
{
    strcpy(e->sku, k->sku);
    strcpy(e->batch.number, b->number);
    e->batch.expiry_day = b->expiry_day;
    e->batch.mrp_paise = b->mrp_paise;
    e->expiry_kind = EXPIRY_BEST_BEFORE;
    e->made_day = b->made_day;
    e->qty = qty;
    e->value_paise = k->cost_paise * qty;
}

/* What the scanner read: a GS1 code with everything in three of five, else the plain EAN. */
static void set_scan(struct scan_stream *s, struct entry *e, const char *gtin)
{
    struct civil_date d = civil_date(e->batch.expiry_day);
    char text[64];
    if (draw(s, 0, 4) < 3)
        snprintf(text, sizeof(text), "]C101%s15%02d%02d%02d10%s", gtin, (int)d.year % 100,
                 (int)d.month, (int)d.day, e->batch.number);
    else
        snprintf(text, sizeof(text), "]E0%s", gtin + 1);
    e->scan_len = (uint16_t)strlen(text);
    memcpy(e->scan, text, e->scan_len);
}

static void set_paper(const struct scan_stream *s, struct entry *e)
{
    strcpy(e->document, s->paper.document);
    strcpy(e->party, s->paper.party);
    strcpy(e->worker, s->paper.worker);
    strcpy(e->device, s->paper.device);
    e->line = s->paper.line;
}

static struct entry line_entry(struct scan_stream *s)
{
    if (s->paper.line == s->paper.lines)
        begin_paper(s);
    struct stream_sku *k = &s->skus[s->paper.skus[s->paper.line++]];
    struct entry e = entry_new(s->paper.kind);
    if (s->paper.kind == ENTRY_RECEIVED) {
        struct stream_batch *b = &k->batches[draw(s, 0, STREAM_BATCHES - 1)];
        make_batch(s, b, b->expiry_day - b->made_day, b->mrp_paise);
        set_goods(&e, k, b, k->case_units * draw(s, 1, 10));
        strcpy(e.bin, "DOCK");
    } else { /* first to expire: mostly the one batch */
        struct stream_batch *b = &k->batches[draw(s, 0, 9) < 8 ? 0 : 1];
        set_goods(&e, k, b, draw(s, 0, 2) ? draw(s, 1, 12) : k->case_units);
        strcpy(e.bin, b->bin);
    }
    set_paper(s, &e);
    set_scan(s, &e, k->gtin);
    return e;
}

static struct entry moved_entry(struct scan_stream *s)
{
    struct stream_sku *k = &s->skus[popular(s)];
    struct stream_batch *b = &k->batches[draw(s, 0, STREAM_BATCHES - 1)];
    struct entry e = entry_new(ENTRY_MOVED);
    set_goods(&e, k, b, k->case_units);
    strcpy(e.worker, "asha");
    strcpy(e.device, "dock-1");
    strcpy(e.bin, "DOCK");
    strcpy(e.bin_to, b->bin);
    e.scan_len = (uint16_t)snprintf((char *)e.scan, 32, "VB*%s", b->bin);
    return e;
}

static struct entry counted_entry(struct scan_stream *s)
{
    struct stream_sku *k = &s->skus[popular(s)];
    struct entry e = entry_new(ENTRY_COUNTED);
    set_goods(&e, k, &k->batches[0], 0);
    strcpy(e.worker, "meera");
    strcpy(e.device, "screen-count");
    strcpy(e.bin, k->batches[0].bin);
    e.expected = draw(s, 1, 400);
    e.observed = draw(s, 0, 9) ? e.expected : e.expected - 1;
    return e;
}

static struct entry returned_entry(struct scan_stream *s)
{
    static const char *const reasons[] = {"near_expiry", "damaged", "not_ordered"};
    struct stream_sku *k = &s->skus[popular(s)];
    struct entry e = entry_new(ENTRY_RETURNED);
    set_goods(&e, k, &k->batches[1], draw(s, 1, 6));
    strcpy(e.worker, "ravi");
    strcpy(e.device, "dock-1");
    strcpy(e.bin, "QUAR");
    e.status = STOCK_QUARANTINE;
    write_text(e.party, sizeof(e.party), "OUT-%05d", (int)draw(s, 1, 900));
    strcpy(e.reason, reasons[draw(s, 0, ARRAY_LEN(reasons) - 1)]);
    set_scan(s, &e, k->gtin);
    return e;
}

static struct entry weighed_entry(struct scan_stream *s)
{
    struct entry e = entry_new(ENTRY_WEIGHED);
    strcpy(e.worker, "meera");
    strcpy(e.device, "scale-1");
    e.amount = draw(s, 200, 40000);
    e.scan_len = (uint16_t)snprintf((char *)e.scan, 32, "S S %6d.%03d kg\r\n",
                                    (int)(e.amount / 1000), (int)(e.amount % 1000));
    return e;
}

/* A batch changed its state of risk by the entry before; an alert may come with it. */
static struct entry flagged_entry(struct scan_stream *s)
{
    struct stream_sku *k = &s->skus[popular(s)];
    struct entry e = entry_new(ENTRY_FLAGGED);
    set_goods(&e, k, &k->batches[0], draw(s, 5, 300));
    e.expiry_kind = 0;
    e.made_day = CIVIL_NONE;
    strcpy(e.reason, "at_risk");
    e.score = (int32_t)draw(s, 20, 100);
    e.risk_units = draw(s, 0, 80);
    e.risk_paise = e.risk_units * k->cost_paise + draw(s, 0, 9999);
    if (draw(s, 0, 1)) {
        s->follows = entry_new(ENTRY_ALERTED);
        strcpy(s->follows.sku, e.sku);
        s->follows.batch = e.batch;
        s->follows.qty = e.qty;
        s->follows.line = 30;
        strcpy(s->follows.reason, "expiry");
        s->follows.score = e.score;
        s->follows.risk_units = e.risk_units;
        s->follows.risk_paise = e.risk_paise;
    }
    return e;
}

static struct entry draw_entry(struct scan_stream *s)
{
    static const struct {
        int64_t permille;
        struct entry (*make)(struct scan_stream *s);
    } mix[] = {
        {60, moved_entry},   {40, counted_entry}, {15, returned_entry},
        {20, weighed_entry}, {25, flagged_entry}, {1000, line_entry},
    };
    int64_t at = draw(s, 0, 999);
    for (size_t i = 0; i + 1 < ARRAY_LEN(mix); i++) {
        if (at < mix[i].permille)
            return mix[i].make(s);
        at -= mix[i].permille;
    }
    return line_entry(s);
}

struct entry scan_stream_next(struct scan_stream *s)
{
    struct entry e = s->follows;
    if (e.kind == 0) {
        e = draw_entry(s);
        s->wall_ms += draw(s, 0, 14) ? draw(s, 1500, 9000) : draw(s, 10000, 90000);
        e.rest = s->follows.kind != 0;
    } else {
        s->follows.kind = 0;
    }
    e.seq = s->seq++;
    e.wall_ms = s->wall_ms;
    e.mono_ms = s->wall_ms - s->booted_ms;
    e.boot = s->boot;
    e.trust = CLOCK_RELAY;
    return e;
}
