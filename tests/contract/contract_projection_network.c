/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What folds hold over a network of sites, on every engine: the same as arrays that know no SQL, in
 * every order of journals. */
#include "projection_desk.h"

#include "rng.h"

#define SITES 3
#define SKUS 3
#define BINS 2
#define STEPS 150

static const char *const site_names[SITES] = {"nagpur", "pune", "indore"};
static const char *const device_names[SITES] = {"wh-1", "wh-2", "wh-3"};
static const char *const skus[SKUS] = {"TEA", "SOAP", "RICE"};
static const char *const bins[BINS] = {"A-01", "A-02"};

struct network {
    struct pen pens[SITES];
    int64_t stock[SITES][SKUS][BINS][STOCK_STATUS_COUNT];
    int64_t brought; /* opened, received, returned */
    int64_t gone;    /* sold, disposed, sent back */
    int64_t adjusted;
    int64_t sent;
    int64_t arrived;
    int64_t lost;
};

/* One unit of work at one lot. */
struct deed {
    enum entry_kind kind;
    int site, sku, bin, status;
    int to; /* bin of ENTRY_MOVED */
    int64_t qty;
};

static struct deed draw_deed(struct rng *r)
{
    static const enum entry_kind kinds[] = {ENTRY_RECEIVED,   ENTRY_RECEIVED, ENTRY_PICKED,
                                            ENTRY_RETURNED,   ENTRY_MOVED,    ENTRY_RESTATED,
                                            ENTRY_COUNTED,    ENTRY_ADJUSTED, ENTRY_DISPOSED,
                                            ENTRY_DISPATCHED, ENTRY_ARRIVED,  ENTRY_LOST};
    struct deed d;
    d.kind = kinds[rng_below(r, ARRAY_LEN(kinds))];
    d.site = (int)rng_below(r, SITES);
    d.sku = (int)rng_below(r, SKUS);
    d.bin = (int)rng_below(r, BINS);
    d.status = (int)rng_below(r, STOCK_STATUS_COUNT);
    d.to = (int)rng_below(r, BINS);
    d.qty = 1 + (int64_t)rng_below(r, 20);
    if (d.kind == ENTRY_ADJUSTED)
        d.qty = d.qty == 10 ? 1 : d.qty - 10;
    return d;
}

/* What the appliance writes of it; `held` lay there before. */
static void say_deed(struct entry *e, const struct deed *d, int64_t held)
{
    const char *other = site_names[(d->site + 1) % SITES];
    strcpy(e->bin, bins[d->bin]);
    e->status = d->status;
    switch ((int)d->kind) {
    case ENTRY_RECEIVED:
        e->value_paise = d->qty * 100;
        break;
    case ENTRY_RETURNED:
        strcpy(e->reason, "not_sold");
        strcpy(e->party, "OUT-1");
        break;
    case ENTRY_PICKED:
        strcpy(e->party, "OUT-1");
        break;
    case ENTRY_DISPOSED:
        strcpy(e->reason, "expired");
        break;
    case ENTRY_MOVED:
        strcpy(e->bin_to, bins[d->to]);
        break;
    case ENTRY_RESTATED:
        strcpy(e->reason, "damaged");
        e->status_to = STOCK_QUARANTINE;
        break;
    case ENTRY_COUNTED:
        e->qty = 0;
        e->expected = held;
        e->observed = d->qty;
        break;
    case ENTRY_ADJUSTED:
        strcpy(e->reason, "found");
        break;
    case ENTRY_DISPATCHED:
        strcpy(e->party, other);
        break;
    case ENTRY_ARRIVED:
        strcpy(e->party, other);
        if (d->status == STOCK_QUARANTINE)
            strcpy(e->reason, "damaged");
        break;
    default: /* ENTRY_LOST, which lies nowhere */
        strcpy(e->reason, "short");
        memset(e->bin, 0, sizeof(e->bin));
        e->status = 0;
    }
}

/* The same, done to the model. */
static void do_deed(struct network *n, const struct deed *d)
{
    int64_t *lot = &n->stock[d->site][d->sku][d->bin][d->status];
    switch ((int)d->kind) {
    case ENTRY_RECEIVED:
    case ENTRY_RETURNED:
        n->brought += d->qty;
        *lot += d->qty;
        break;
    case ENTRY_PICKED:
    case ENTRY_DISPOSED:
        n->gone += d->qty;
        *lot -= d->qty;
        break;
    case ENTRY_MOVED:
        *lot -= d->qty;
        n->stock[d->site][d->sku][d->to][d->status] += d->qty;
        break;
    case ENTRY_RESTATED:
        *lot -= d->qty;
        n->stock[d->site][d->sku][d->bin][STOCK_QUARANTINE] += d->qty;
        break;
    case ENTRY_COUNTED:
        n->adjusted += d->qty - *lot;
        *lot = d->qty;
        break;
    case ENTRY_ADJUSTED:
        n->adjusted += d->qty;
        *lot += d->qty;
        break;
    case ENTRY_DISPATCHED:
        n->sent += d->qty;
        *lot -= d->qty;
        break;
    case ENTRY_ARRIVED:
        n->arrived += d->qty;
        *lot += d->qty;
        break;
    default: /* ENTRY_LOST */
        n->lost += d->qty;
    }
}

static void live(struct rng *r, struct network *n, int step)
{
    struct deed d = draw_deed(r);
    struct entry *e = write_entry(&n->pens[d.site], d.kind, DAY0 + step / 8, skus[d.sku], d.qty);
    bool travels = d.kind == ENTRY_DISPATCHED || d.kind == ENTRY_ARRIVED || d.kind == ENTRY_LOST;
    snprintf(e->document, sizeof(e->document), "%s-%d", travels ? "T" : "D", (int)rng_below(r, 6));
    say_deed(e, &d, n->stock[d.site][d.sku][d.bin][d.status]);
    do_deed(n, &d);
}

static int64_t stored_qty(struct sql *s, int site, int sku, int bin, int status)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT qty FROM stock WHERE site = $1 AND sku = $2 AND bin = $3"
                     " AND status = $4");
    sql_bind_text(q, 1, site_names[site]);
    sql_bind_text(q, 2, skus[sku]);
    sql_bind_text(q, 3, bins[bin]);
    sql_bind_int(q, 4, status);
    int got = sql_step(q);
    assert_in_range(got, 0, 1);
    return got ? sql_int(q, 0) : 0;
}

static void assert_holds(struct desk *d, const struct network *n)
{
    relay_begin(d->s, SQL_READ);
    int64_t on_hand = 0;
    for (int a = 0; a < SITES; a++)
        for (int b = 0; b < SKUS; b++)
            for (int c = 0; c < BINS; c++)
                for (int e = 0; e < STOCK_STATUS_COUNT; e++) {
                    on_hand += n->stock[a][b][c][e];
                    assert_int_equal(stored_qty(d->s, a, b, c, e), n->stock[a][b][c][e]);
                }
    sql_rollback(d->s);
    /* Over the network: nothing appears, nothing vanishes. */
    int64_t in_transit =
        number(d->s, "SELECT coalesce(CAST(sum(sent - arrived - lost) AS BIGINT), 0) FROM transit");
    assert_int_equal(in_transit, n->sent - n->arrived - n->lost);
    assert_int_equal(n->brought + n->adjusted, n->gone + on_hand + in_transit + n->lost);
    assert_int_equal(number(d->s, "SELECT coalesce(CAST(sum(qty) AS BIGINT), 0) FROM stock"),
                     on_hand);
    assert_int_equal(number(d->s, "SELECT count(*) FROM"
                                  " (SELECT site, sku, batch, expiry_day, mrp_paise,"
                                  " sum(qty) AS units FROM account GROUP BY site, sku, batch,"
                                  " expiry_day, mrp_paise) a WHERE a.units <>"
                                  " (SELECT coalesce(sum(s.qty), 0) FROM stock s"
                                  " WHERE s.site = a.site AND s.sku = a.sku)"),
                     0);
}

static void journals_may_come_in_any_order_and_give_the_same_rows(void **state)
{
    (void)relay_case_of(state); /* skips before anything is to be freed */
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct network *n = calloc(1, sizeof(*n));
        struct rng r = rng_seed(seed);
        for (int i = 0; i < SITES; i++)
            n->pens[i] = (struct pen){.device = device_names[i], .site = site_names[i], .epoch = 1};
        for (int step = 0; step < STEPS; step++)
            live(&r, n, step);
        uint8_t digests[3][SHA256_SIZE];
        for (int run = 0; run < 3; run++) {
            struct desk d = desk_open(state);
            for (int i = 0; i < SITES; i++)
                n->pens[i].shipped = 0;
            for (size_t shipped = 0; shipped < STEPS;) {
                struct pen *p = &n->pens[rng_below(&r, SITES)];
                size_t before = p->shipped;
                assert_int_equal(ship(&d, p, run ? 1 + rng_below(&r, 40) : STEPS, false), 0);
                shipped += p->shipped - before;
            }
            assert_holds(&d, n);
            assert_int_equal(projection_digest(d.s, digests[run]), 0);
            assert_rebuilds_to_the_same(&d);
            desk_close(&d);
        }
        assert_memory_equal(digests[0], digests[1], SHA256_SIZE);
        assert_memory_equal(digests[0], digests[2], SHA256_SIZE);
        free(n);
    }
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(journals_may_come_in_any_order_and_give_the_same_rows),
};

int main(void)
{
    return relay_cases_run("projection_network", promises, ARRAY_LEN(promises));
}
