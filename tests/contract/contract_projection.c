/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What folds hold, on every engine: against arrays that know no SQL, in every order of journals. */
#include "relay_case.h"

#include <errno.h>
#include <stdlib.h>

#include "civil.h"
#include "entry_codec.h"
#include "entry_rows.h"
#include "projection.h"
#include "rng.h"
#include "stock_effect.h"

#define DAY0 20000
#define ENTRIES_MAX 400

/* A journal that a test writes. */
struct pen {
    const char *device;
    const char *site;
    int64_t epoch;
    struct entry entries[ENTRIES_MAX];
    size_t count;
    size_t shipped;
};

struct desk {
    struct sql *s;
    struct projection *f;
    struct entry_rows *rows;
};

static int tenants; /* so that every desk has one of its own */

static struct desk desk_open(void **state)
{
    const struct relay_case *c = relay_case_of(state);
    char tenant[32];
    snprintf(tenant, sizeof(tenant), "row-%d", ++tenants);
    struct desk d = {.s = relay_open(c, tenant)};
    assert_int_equal(projection_open(&d.f), 0);
    assert_int_equal(entry_rows_open(&d.rows), 0);
    assert_int_equal(projection_ensure(d.s), 1); /* an empty store lacks every fold */
    assert_int_equal(projection_ensure(d.s), 0);
    return d;
}

static void desk_close(struct desk *d)
{
    projection_free(d->f);
    entry_rows_free(d->rows);
    sql_free(d->s);
}

static int64_t number(struct sql *s, const char *text)
{
    relay_begin(s, SQL_READ);
    int64_t n = relay_number(s, text);
    sql_rollback(s);
    return n;
}

static struct entry *write_entry(struct pen *p, enum entry_kind kind, int32_t day, const char *sku,
                                 int64_t qty)
{
    assert_true(p->count < ENTRIES_MAX);
    struct entry *e = &p->entries[p->count++];
    *e = entry_new(kind);
    e->seq = (int64_t)p->count;
    e->wall_ms = civil_ist_start_ms(day) + e->seq;
    strcpy(e->sku, sku);
    strcpy(e->batch.number, "B1");
    e->batch.expiry_day = DAY0 + 100;
    e->qty = qty;
    strcpy(e->bin, "A-01");
    return e;
}

static void introduce(struct desk *d, const struct pen *p)
{
    AUTO(sql_query)
    q = sql_query(d->s,
                  "INSERT INTO device(device, site, shard, epoch, state, certificate, release,"
                  " wire, head, floor, last_heard_ms, skew_ms, facts)"
                  " VALUES($1, $2, 0, $3, 'active', '', '', 1, 0, 0, 0, 0, '')"
                  " ON CONFLICT (tenant, device) DO UPDATE SET epoch = excluded.epoch");
    sql_bind_text(q, 1, p->device);
    sql_bind_text(q, 2, p->site);
    sql_bind_int(q, 3, p->epoch);
    assert_int_equal(sql_run(q), 0);
    AUTO(sql_query)
    w = sql_query(d->s, "INSERT INTO watermark(device, epoch, wm, head_hash, safe, session,"
                        " fork_seq, entries_bytes, wire_bytes, batches, first_ms, last_ms)"
                        " VALUES($1, $2, 1, $3, 0, 0, 0, 0, 0, 0, 0, 0)"
                        " ON CONFLICT (tenant, device, epoch) DO NOTHING");
    sql_bind_text(w, 1, p->device);
    sql_bind_int(w, 2, p->epoch);
    sql_bind_bytes(w, 3, "", 0);
    assert_int_equal(sql_run(w), 0);
}

/* The next n entries of a journal, in a transaction of their own. Returns how many were refused. */
static int ship(struct desk *d, struct pen *p, size_t n, bool new_epoch)
{
    int refused = 0;
    struct projection_source from = {.device = p->device, .site = p->site, .epoch = p->epoch};
    relay_begin(d->s, SQL_WRITE);
    introduce(d, p);
    n = n < p->count - p->shipped ? n : p->count - p->shipped;
    for (size_t i = 0; i < n; i++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        const struct entry *e = &p->entries[p->shipped + i];
        assert_int_equal(entry_rows_add(d->rows, e, raw, entry_encode(e, raw)), 0);
    }
    assert_int_equal(entry_rows_belong(d->rows, 0, p->device, p->epoch, 1), 0);
    assert_int_equal(entry_rows_write(d->rows, d->s), 0);
    entry_rows_forget(d->rows);
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &p->entries[p->shipped + i];
        if (e->seq == 1 && new_epoch)
            assert_int_equal(projection_new_epoch(d->f, d->s, &from, civil_ist_day(e->wall_ms)), 0);
        struct diag why = {0};
        int err = projection_entry(d->f, d->s, &from, e, &why);
        assert_true(err == 0 || (err == -EINVAL && why.text[0] != '\0'));
        refused += err < 0;
    }
    int err = projection_write(d->f, d->s);
    if (err < 0)
        fail_msg("projection_write: %s: %s", strerror(-err), sql_words(d->s));
    relay_commit(d->s);
    p->shipped += n;
    return refused;
}

static void ship_all(struct desk *d, struct pen *p)
{
    assert_int_equal(ship(d, p, ENTRIES_MAX, false), 0);
}

static void assert_rebuilds_to_the_same(struct desk *d)
{
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(projection_digest(d->s, before), 0);
    int err = projection_rebuild(d->s);
    if (err < 0)
        fail_msg("projection_rebuild: %s: %s", strerror(-err), sql_words(d->s));
    assert_int_equal(projection_digest(d->s, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}

/* ---- one fold at a time ---- */

static void stock_follows_the_entries_and_holds_no_zero(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100)->value_paise = 5000;
    strcpy(write_entry(p, ENTRY_MOVED, DAY0, "TEA", 40)->bin_to, "A-02");
    write_entry(p, ENTRY_PICKED, DAY0 + 1, "TEA", 60);
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT count(*) FROM stock"), 1);
    assert_int_equal(number(d.s, "SELECT qty FROM stock WHERE bin = 'A-02'"), 40);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 2"), 100);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 3"), -60);
    assert_int_equal(number(d.s, "SELECT in_units FROM lot"), 100);
    assert_int_equal(number(d.s, "SELECT in_paise FROM lot"), 5000);
    assert_int_equal(number(d.s, "SELECT last_moved_day FROM lot"), DAY0 + 1);
    assert_int_equal(number(d.s, "SELECT units FROM demand"), 60);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void age_comes_along_with_goods_that_arrive(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    struct entry *e = write_entry(p, ENTRY_ARRIVED, DAY0, "TEA", 10);
    strcpy(e->document, "T-1");
    e->due_day = DAY0 - 30;
    e->expiry_kind = EXPIRY_BEST_BEFORE;
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 1); /* says nothing of the kind of date */
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT received_day FROM lot"), DAY0 - 30);
    assert_int_equal(number(d.s, "SELECT expiry_kind FROM lot"), EXPIRY_BEST_BEFORE);
    free(p);
    desk_close(&d);
}

static void an_undone_pick_takes_demand_sales_and_line_back(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100);
    struct entry *e = write_entry(p, ENTRY_PICKED, DAY0, "TEA", 30);
    strcpy(e->document, "SO-1");
    strcpy(e->party, "OUT-1");
    e->line = 1;
    e->value_paise = 3000;
    e = write_entry(p, ENTRY_ADJUSTED, DAY0 + 2, "TEA", 30);
    strcpy(e->reason, "keying_error");
    e->corrects = 2;
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT units FROM demand WHERE day = 20000"), 0);
    assert_int_equal(number(d.s, "SELECT units FROM outlet_sale"), 0);
    assert_int_equal(number(d.s, "SELECT value_paise FROM outlet_sale"), 0);
    assert_int_equal(number(d.s, "SELECT qty FROM line_done WHERE kind = 13"), 0);
    assert_int_equal(number(d.s, "SELECT qty FROM stock"), 100);
    e = write_entry(p, ENTRY_ADJUSTED, DAY0 + 2, "TEA", -30); /* undoes the undoing */
    strcpy(e->reason, "keying_error");
    e->corrects = 3;
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT units FROM demand WHERE day = 20000"), 30);
    assert_int_equal(number(d.s, "SELECT value_paise FROM outlet_sale"), 3000);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void days_of_sellable_stock_are_spans_that_join(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 10);
    write_entry(p, ENTRY_PICKED, DAY0 + 2, "TEA", 10);
    write_entry(p, ENTRY_RECEIVED, DAY0 + 3, "TEA", 10); /* the next day: one span */
    write_entry(p, ENTRY_PICKED, DAY0 + 4, "TEA", 10);
    write_entry(p, ENTRY_RECEIVED, DAY0 + 9, "TEA", 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(ship(&d, p, 1, false), 0); /* levels are read back between */
    assert_int_equal(number(d.s, "SELECT count(*) FROM stocked"), 2);
    assert_int_equal(number(d.s, "SELECT to_day FROM stocked WHERE from_day = 20000"), DAY0 + 4);
    assert_int_equal(number(d.s, "SELECT to_day FROM stocked WHERE from_day = 20009"), INT32_MAX);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void both_ends_of_a_transfer_join_whichever_comes_first(void **state)
{
    uint8_t digests[2][SHA256_SIZE];
    for (int order = 0; order < 2; order++) {
        struct desk d = desk_open(state);
        struct pen *from = calloc(1, sizeof(*from));
        struct pen *to = calloc(1, sizeof(*to));
        *from = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
        *to = (struct pen){.device = "wh-2", .site = "pune", .epoch = 1};
        write_entry(from, ENTRY_RECEIVED, DAY0, "TEA", 100);
        struct entry *e = write_entry(from, ENTRY_DISPATCHED, DAY0, "TEA", 50);
        strcpy(e->document, "T-1");
        strcpy(e->party, "pune");
        e = write_entry(to, ENTRY_ARRIVED, DAY0 + 2, "TEA", 40);
        strcpy(e->document, "T-1");
        strcpy(e->party, "nagpur");
        e = write_entry(to, ENTRY_ARRIVED, DAY0 + 2, "TEA", 6);
        strcpy(e->document, "T-1");
        strcpy(e->reason, "damaged");
        e->status = STOCK_QUARANTINE;
        e = write_entry(to, ENTRY_LOST, DAY0 + 2, "TEA", 3);
        strcpy(e->document, "T-1");
        strcpy(e->reason, "short");
        memset(e->bin, 0, sizeof(e->bin));
        ship_all(&d, order ? to : from);
        ship_all(&d, order ? from : to);
        assert_int_equal(number(d.s, "SELECT sent FROM transit"), 50);
        assert_int_equal(number(d.s, "SELECT arrived FROM transit"), 46);
        assert_int_equal(number(d.s, "SELECT damaged FROM transit"), 6);
        assert_int_equal(number(d.s, "SELECT lost FROM transit"), 3);
        assert_int_equal(number(d.s, "SELECT count(*) FROM transit WHERE from_site = 'nagpur'"
                                     " AND to_site = 'pune'"),
                         1);
        assert_int_equal(projection_digest(d.s, digests[order]), 0);
        assert_rebuilds_to_the_same(&d);
        free(from);
        free(to);
        desk_close(&d);
    }
    assert_memory_equal(digests[0], digests[1], SHA256_SIZE);
}

static void a_new_epoch_replaces_the_stock_of_the_old_one(void **state)
{
    struct desk d = desk_open(state);
    struct pen *old = calloc(1, sizeof(*old));
    struct pen *new = calloc(1, sizeof(*new));
    *old = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    *new = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 2};
    write_entry(old, ENTRY_RECEIVED, DAY0, "TEA", 100);
    write_entry(old, ENTRY_PICKED, DAY0 + 1, "TEA", 30);
    write_entry(new, ENTRY_OPENING, DAY0 + 5, "TEA", 65);
    ship_all(&d, old);
    assert_int_equal(ship(&d, new, ENTRIES_MAX, true), 0);
    assert_int_equal(number(d.s, "SELECT CAST(sum(qty) AS BIGINT) FROM stock"), 65);
    assert_int_equal(number(d.s, "SELECT CAST(sum(qty) AS BIGINT) FROM account"), 65);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 9"), -70);
    assert_int_equal(number(d.s, "SELECT units FROM demand"), 30); /* it was sold */
    assert_int_equal(number(d.s, "SELECT count(*) FROM stocked"), 1);
    assert_rebuilds_to_the_same(&d);
    free(old);
    free(new);
    desk_close(&d);
}

static void an_entry_beyond_the_limits_is_refused_and_the_rest_goes_on(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", PROJECTION_UNITS_MAX);
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", PROJECTION_UNITS_MAX + 1);
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 1)->value_paise = PROJECTION_PAISE_MAX + 1;
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 1)->bin[0] = '\0'; /* entry_check() */
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 5);
    assert_int_equal(ship(&d, p, ENTRIES_MAX, false), 3);
    assert_int_equal(number(d.s, "SELECT qty FROM stock"), PROJECTION_UNITS_MAX - 5);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static int sum_stock(const struct tally_table *table, const struct tally_row *row, void *context)
{
    int64_t *sum = context;
    if (strcmp(table->name, "stock") == 0)
        *sum += row->ints[3];
    return 0;
}

static void a_replay_shows_a_day_of_the_past(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100);
    write_entry(p, ENTRY_PICKED, DAY0 + 1, "TEA", 30);
    write_entry(p, ENTRY_PICKED, DAY0 + 2, "TEA", 20);
    ship_all(&d, p);
    static const struct {
        struct projection_until until;
        int64_t units;
    } rows[] = {
        {{.wall_ms = INT64_MAX}, 50},
        {{.wall_ms = (DAY0 + 2) * CIVIL_MS_PER_DAY - CIVIL_IST_OFFSET_MS - 1}, 70},
        {{.wall_ms = INT64_MAX, .device = "wh-1", .epoch = 1, .seq = 1}, 100},
        {{.wall_ms = INT64_MAX, .device = "wh-2", .epoch = 1, .seq = 1}, 50},
        {{.wall_ms = 0}, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t units = 0;
        assert_int_equal(projection_replay(d.s, &rows[i].until, sum_stock, &units), 0);
        assert_int_equal(units, rows[i].units);
    }
    free(p);
    desk_close(&d);
}

/* ---- a network of sites ---- */

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

/* One random unit of work, done to the model as it is said in words. */
static void live(struct rng *r, struct network *n, int step)
{
    int site = (int)rng_below(r, SITES);
    int sku = (int)rng_below(r, SKUS);
    int bin = (int)rng_below(r, BINS);
    int to = (int)rng_below(r, BINS);
    int status = (int)rng_below(r, STOCK_STATUS_COUNT);
    int other = (site + 1) % SITES;
    int64_t qty = 1 + (int64_t)rng_below(r, 20);
    int32_t day = DAY0 + step / 8;
    int64_t *lot = &n->stock[site][sku][bin][status];
    struct pen *p = &n->pens[site];
    static const enum entry_kind kinds[] = {ENTRY_RECEIVED,   ENTRY_RECEIVED, ENTRY_PICKED,
                                            ENTRY_RETURNED,   ENTRY_MOVED,    ENTRY_RESTATED,
                                            ENTRY_COUNTED,    ENTRY_ADJUSTED, ENTRY_DISPOSED,
                                            ENTRY_DISPATCHED, ENTRY_ARRIVED,  ENTRY_LOST};
    enum entry_kind kind = kinds[rng_below(r, ARRAY_LEN(kinds))];
    struct entry *e = write_entry(p, kind, day, skus[sku], qty);
    strcpy(e->bin, bins[bin]);
    e->status = status;
    snprintf(e->document, sizeof(e->document), "%s-%d",
             kind == ENTRY_DISPATCHED || kind == ENTRY_ARRIVED || kind == ENTRY_LOST ? "T" : "D",
             (int)rng_below(r, 6));
    switch ((int)kind) {
    case ENTRY_RECEIVED:
        e->value_paise = qty * 100;
        n->brought += qty;
        *lot += qty;
        break;
    case ENTRY_RETURNED:
        strcpy(e->reason, "not_sold");
        strcpy(e->party, "OUT-1");
        n->brought += qty;
        *lot += qty;
        break;
    case ENTRY_PICKED:
        strcpy(e->party, "OUT-1");
        n->gone += qty;
        *lot -= qty;
        break;
    case ENTRY_DISPOSED:
        strcpy(e->reason, "expired");
        n->gone += qty;
        *lot -= qty;
        break;
    case ENTRY_MOVED:
        strcpy(e->bin_to, bins[to]);
        *lot -= qty;
        n->stock[site][sku][to][status] += qty;
        break;
    case ENTRY_RESTATED:
        strcpy(e->reason, "damaged");
        e->status_to = STOCK_QUARANTINE;
        *lot -= qty;
        n->stock[site][sku][bin][STOCK_QUARANTINE] += qty;
        break;
    case ENTRY_COUNTED:
        e->qty = 0;
        e->expected = *lot;
        e->observed = qty;
        n->adjusted += qty - *lot;
        *lot = qty;
        break;
    case ENTRY_ADJUSTED:
        e->qty = qty - 10;
        e->qty += e->qty == 0;
        strcpy(e->reason, "found");
        n->adjusted += e->qty;
        *lot += e->qty;
        break;
    case ENTRY_DISPATCHED:
        strcpy(e->party, site_names[other]);
        n->sent += qty;
        *lot -= qty;
        break;
    case ENTRY_ARRIVED:
        strcpy(e->party, site_names[other]);
        if (status == STOCK_QUARANTINE)
            strcpy(e->reason, "damaged");
        n->arrived += qty;
        *lot += qty;
        break;
    default: /* ENTRY_LOST */
        strcpy(e->reason, "short");
        memset(e->bin, 0, sizeof(e->bin));
        e->status = 0;
        n->lost += qty;
    }
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
    cmocka_unit_test(stock_follows_the_entries_and_holds_no_zero),
    cmocka_unit_test(age_comes_along_with_goods_that_arrive),
    cmocka_unit_test(an_undone_pick_takes_demand_sales_and_line_back),
    cmocka_unit_test(days_of_sellable_stock_are_spans_that_join),
    cmocka_unit_test(both_ends_of_a_transfer_join_whichever_comes_first),
    cmocka_unit_test(a_new_epoch_replaces_the_stock_of_the_old_one),
    cmocka_unit_test(an_entry_beyond_the_limits_is_refused_and_the_rest_goes_on),
    cmocka_unit_test(a_replay_shows_a_day_of_the_past),
    cmocka_unit_test(journals_may_come_in_any_order_and_give_the_same_rows),
};

int main(void)
{
    return relay_cases_run("projection", promises, ARRAY_LEN(promises));
}
