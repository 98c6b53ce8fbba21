/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All agents of the release together, from a scan to lines that go down: what a day at the relay is
 * made of. */
#include "relay_world.h"

#include "alert.h"

#define DAYS 45

/* A fresh runtime with every agent. */
static struct world all_agents(void **state, const char *tenant)
{
    struct world w = world_new(state, tenant);
    size_t count = 0;
    const struct agent *const *agents = agents_all(&count);
    runtime_free(w.r);
    world_runtime(&w, agents, count);
    return w;
}

static void sell(struct world *w, const char *device, const char *site, const char *batch,
                 int64_t qty)
{
    struct entry e = world_entry(ENTRY_PICKED, "BISC", batch, qty);
    snprintf(e.party, sizeof(e.party), "SHOP-1");
    world_scan(w, device, site, &e);
}

/* Days in which NASHIK sells 8 a day and buys as much, and PUNE, with 100 on hand, sells nothing.
 */
static void six_weeks(struct world *w)
{
    world_set(w, "season.days", "0"); /* biscuits would wait for a festival */
    world_set(w, "dead.days", "40");
    world_stock(w, "wh-p", "PUNE", "BISC", "B1", 500);
    world_stock(w, "wh-n", "NASHIK", "BISC", "N1", 24);
    for (int d = 0; d < DAYS; d++) {
        world_stock(w, "wh-n", "NASHIK", "BISC", "N1", 8);
        sell(w, "wh-n", "NASHIK", "N1", 8);
        w->now_ms += CIVIL_MS_PER_DAY;
    }
    world_settle(w);
}

static void stock_that_dies_here_is_sent_to_where_it_sells(void **state)
{
    struct world w = all_agents(state, "chain");
    six_weeks(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event"
                                      " WHERE type = 'DeadStockDetected'"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM recovery_case WHERE site = 'PUNE'"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM proposal WHERE action = 'transfer'"
                                      " AND from_site = 'PUNE' AND to_site = 'NASHIK'"),
                     1);
    assert_true(world_number(&w, "SELECT units FROM proposal WHERE action = 'transfer'") > 50);
    assert_true(world_number(&w, "SELECT gain_paise FROM proposal WHERE action = 'transfer'") > 0);
    assert_true(world_number(&w, "SELECT bid_milli_paise - ask_milli_paise FROM proposal"
                                 " WHERE action = 'transfer'") > 0);
    /* within one GSTIN and the agent's limits: lines are down at both ends */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE site = 'PUNE'"
                                      " AND kind = 'transfer_out' AND state = 'open'"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE site = 'NASHIK'"
                                      " AND kind = 'transfer_in' AND state = 'open'"),
                     1);
    world_free(&w);
}

static void what_a_site_offers_stands_beside_who_asks_for_it(void **state)
{
    struct world w = all_agents(state, "board");
    world_set(&w, "transfer.freight_budget_paise", "100"); /* it may be wanted, and not be moved */
    six_weeks(&w);
    assert_int_equal(world_number(&w,
                                  "SELECT count(*) FROM market_lot WHERE site = 'PUNE' AND"
                                  " sku = 'BISC' AND batch = 'B1' AND units > 0 AND"
                                  " best_site = 'NASHIK' AND best_milli_paise >"
                                  " reserve_milli_paise AND bids LIKE"
                                  " '[{\"site\":\"NASHIK\",\"bidMilliPaise\":%\"leadDays\":1}%'"),
                     1);
    sell(&w, "wh-p", "PUNE", "B1", 600); /* sold after all: another plan has nothing to offer */
    world_settle(&w);
    world_stock(&w, "wh-p", "PUNE", "BISC", "B2", 500);
    world_days(&w, 45);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM market_lot WHERE batch = 'B1'"), 0);
    world_free(&w);
}

/* Goods of which most will not sell in time. */
static void bring_short_dated(struct world *w, const char *batch)
{
    struct entry e = world_entry(ENTRY_OPENING, "BISC", batch, 300);
    e.batch.expiry_day = WORLD_DAY + DAYS + 70;
    e.value_paise = 300 * 800;
    world_scan(w, "wh-p", "PUNE", &e);
    world_settle(w);
}

static int64_t proposals_for(struct world *w, const char *batch)
{
    relay_begin(w->s, SQL_READ);
    AUTO(sql_query) q = sql_query(w->s, "SELECT count(*) FROM proposal WHERE batch = $1");
    sql_bind_text(q, 1, batch);
    assert_int_equal(sql_step(q), 1);
    int64_t n = sql_int(q, 0);
    sql_query_free(TAKE(q));
    sql_rollback(w->s);
    return n;
}

static void a_new_case_is_decided_within_half_a_minute_of_its_scan(void **state)
{
    struct world w = all_agents(state, "soon");
    six_weeks(&w);
    w.now_ms += 60000; /* the six weeks' plan is behind us, and not a quarter of an hour ago */
    world_settle(&w);
    int64_t first = proposals_for(&w, "B1");
    for (int i = 0; i < 3; i++) { /* also right behind the plan for the one before */
        char batch[ENTRY_BATCH_SIZE];
        snprintf(batch, sizeof(batch), "S%d", i);
        bring_short_dated(&w, batch);
        assert_int_equal(proposals_for(&w, batch), 0); /* it waits for others of its group */
        w.now_ms += 30000;
        world_settle(&w);
        assert_true(proposals_for(&w, batch) > 0);
        assert_int_equal(proposals_for(&w, "B1"), first); /* no other is made anew */
    }
    world_free(&w);
}

/* The same six weeks, with a rupee to spend, and with enough. */
static void a_budget_bounds_what_is_proposed(void **state)
{
    static const char transfers[] = "SELECT count(*) FROM proposal WHERE action = 'transfer'";
    struct world w = all_agents(state, "budget");
    world_set(&w, "transfer.freight_budget_paise", "100");
    world_set(&w, "campaign.discount_max_permille", "0"); /* moved or held, nothing else */
    six_weeks(&w);
    assert_int_equal(world_number(&w, transfers), 0);
    world_set(&w, "transfer.freight_budget_paise", "100000000");
    world_set(&w, "autonomy.on", "false");
    world_days(&w, 1);
    assert_int_equal(world_number(&w, transfers), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM proposal WHERE action = 'transfer'"
                                      " AND inputs LIKE '%\"salesPermille\":1000%'"
                                      " AND limits LIKE '%\"freightBudgetLeftPaise\":100000000,%'"),
                     1);
    world_free(&w);
}

/* What a site sold before it had an appliance, as its document tells it. */
static void tell_history(struct world *w, const char *device)
{
    char body[2048];
    int len = snprintf(body, sizeof(body), "sku,day,units\n");
    for (int32_t day = WORLD_DAY - 60; day < WORLD_DAY; day++) {
        char date[CIVIL_TEXT_SIZE];
        len += snprintf(body + len, sizeof(body) - (size_t)len, "BISC,%s,8\n",
                        civil_format(day, date));
    }
    relay_begin(w->s, SQL_WRITE);
    {
        AUTO(sql_query)
        q = sql_query(w->s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by,"
                            " bytes, body) VALUES($1, 'history', 1, $2, 0, 'user:x', 0, $2)");
        sql_bind_text(q, 1, device);
        sql_bind_bytes(q, 2, body, (size_t)len);
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w->s);
}

static void a_road_for_nothing(struct world *w)
{
    relay_begin(w->s, SQL_WRITE);
    {
        AUTO(sql_query)
        q = sql_query(w->s, "UPDATE lane SET paise_a_truck = 0, paise_a_kg = 0");
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w->s);
}

/* The first day of a network: documents are there before every site has opened. */
static void a_site_whose_stock_nobody_has_told_is_not_taken_for_empty(void **state)
{
    static const char to_nashik[] =
        "SELECT count(*) FROM proposal WHERE action = 'transfer' AND to_site = 'NASHIK'";
    struct world w = all_agents(state, "opening");
    world_set(&w, "season.days", "0");
    world_set(&w, "dead.days", "31");
    world_set(&w, "campaign.discount_max_permille", "0"); /* moved or held, nothing else */
    world_set(&w, "transfer.least_gain_paise", "0");
    world_set(&w, "transfer.least_gain_permille", "0");
    a_road_for_nothing(&w); /* so that the little which any new article may sell is worth the way */
    world_stock(&w, "wh-p", "PUNE", "BISC", "B1", 500);
    tell_history(&w, "wh-n");
    world_days(&w, 3);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM recovery_case WHERE site = 'PUNE'"), 1);
    assert_true(world_number(&w, "SELECT mean_1 FROM forecast_score WHERE site = 'NASHIK'") > 0);
    assert_int_equal(world_number(&w, to_nashik), 0);
    world_stock(&w, "wh-n", "NASHIK", "BISC", "N1", 8); /* it has opened, nearly sold out */
    world_days(&w, 2);
    assert_int_equal(world_number(&w, to_nashik), 1);
    world_free(&w);
}

static void every_change_of_stock_is_told_once_with_its_balance(void **state)
{
    struct world w = all_agents(state, "told");
    world_settle(&w);
    sell(&w, "wh-p", "PUNE", "B1", 30);
    sell(&w, "wh-p", "PUNE", "B1", 20);
    world_settle(&w);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'InventoryUpdated'"),
                     3);
    assert_int_equal(world_number(&w, "SELECT qty FROM told_balance WHERE site = 'PUNE'"), 50);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'InventoryUpdated'"
                                      " AND body LIKE '%\"change\":-30,\"balance\":70%'"),
                     1);
    world_free(&w);
}

static void more_taken_than_there_is_raises_an_alert_once(void **state)
{
    struct world w = all_agents(state, "negative");
    sell(&w, "wh-p", "PUNE", "B1", 130);
    sell(&w, "wh-p", "PUNE", "B1", 1);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM alert WHERE type = 'negative_stock'"
                                      " AND severity = 'high' AND site = 'PUNE'"),
                     1);
    relay_begin(w.s, SQL_WRITE);
    char id[ALERT_ID_SIZE];
    {
        AUTO(sql_query) q = sql_query(w.s, "SELECT alert_id FROM alert WHERE type = $1");
        sql_bind_text(q, 1, "negative_stock");
        assert_int_equal(sql_step(q), 1);
        sql_copy(q, 0, id, sizeof(id));
    }
    assert_int_equal(alert_acknowledge(w.s, id, "user:meera", w.now_ms), 0);
    assert_int_equal(alert_acknowledge(w.s, id, "user:meera", w.now_ms), 1);
    assert_int_equal(alert_acknowledge(w.s, "no such", "user:meera", w.now_ms), -ENOENT);
    relay_commit(w.s);
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM event WHERE type = 'AlertAcknowledged'"), 0);
    world_free(&w);
}

/* As ingest keeps an entry ahead of its turn. */
static void tell_ahead(struct world *w, const char *device, const struct entry *e)
{
    uint8_t body[ENTRY_ENCODED_MAX];
    relay_begin(w->s, SQL_WRITE);
    AUTO(sql_query)
    q = sql_query(w->s, "INSERT INTO early(device, epoch, seq, came_ms, kind, told, body)"
                        " VALUES($1, 1, $2, $3, $4, 0, $5)");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, e->seq);
    sql_bind_int(q, 3, w->now_ms);
    sql_bind_int(q, 4, e->kind);
    sql_bind_bytes(q, 5, body, entry_encode(e, body));
    assert_int_equal(sql_run(q), 0);
    sql_query_free(TAKE(q));
    relay_commit(w->s);
}

static struct entry blocked(const char *batch)
{
    struct entry e = world_entry(ENTRY_RESTATED, "BISC", batch, 5);
    e.status_to = STOCK_HOLD;
    snprintf(e.reason, sizeof(e.reason), "recall");
    snprintf(e.worker, sizeof(e.worker), "W1");
    return e;
}

static struct entry refused(int32_t version)
{
    struct entry e = entry_new(ENTRY_REFUSED);
    snprintf(e.reason, sizeof(e.reason), "document");
    snprintf(e.document, sizeof(e.document), "orders");
    snprintf(e.note, sizeof(e.note), "line 2: no such SKU");
    e.line = version;
    return e;
}

static struct entry warned(int32_t days)
{
    struct entry e = entry_new(ENTRY_ALERTED);
    snprintf(e.reason, sizeof(e.reason), "expiry");
    snprintf(e.sku, sizeof(e.sku), "BISC");
    e.batch = world_batch("B1");
    e.qty = 40;
    e.line = days;
    return e;
}

/* Whether it came ahead or not, and however often: one alert, and one event of it. */
static void what_is_told_ahead_of_its_turn_alerts_at_once_and_once(void **state)
{
    static const char alerts[] =
        "SELECT count(*) FROM alert WHERE type IN ('lot_blocked', 'document_refused', 'expiry')";
    static const char events[] = "SELECT count(*) FROM event WHERE type = 'AlertRaised'";
    static const char balance[] = "SELECT CAST(sum(qty) AS BIGINT) FROM told_balance";
    struct world w = all_agents(state, "ahead");
    world_settle(&w);
    struct entry items[] = {warned(7), refused(3), blocked("B1")};
    int64_t stocked = world_number(&w, balance);
    int64_t raised = world_number(&w, events);
    int64_t wm = world_number(&w, "SELECT wm FROM watermark WHERE device = 'wh-p'");
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        items[i].seq = wm + 1 + (int64_t)i;
        items[i].wall_ms = w.now_ms;
        tell_ahead(&w, "wh-p", &items[i]);
    }
    world_settle(&w);
    assert_int_equal(world_number(&w, alerts), 3);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM alert WHERE type = 'lot_blocked'"
                                      " AND severity = 'high' AND site = 'PUNE' AND sku = 'BISC'"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM early WHERE told = 0"), 0);
    assert_int_equal(world_number(&w, "SELECT wm FROM watermark WHERE device = 'wh-p'"), wm);
    assert_int_equal(world_number(&w, balance), stocked); /* it is not there yet */
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        world_scan(&w, "wh-p", "PUNE", &items[i]); /* and now they come in their turn */
    world_settle(&w);
    assert_int_equal(world_number(&w, alerts), 3);
    assert_int_equal(world_number(&w, events), raised + 3);
    struct entry second = blocked("B1"); /* of the same batch, in another bin */
    world_scan(&w, "wh-p", "PUNE", &second);
    struct entry other = refused(4);
    world_scan(&w, "wh-p", "PUNE", &other); /* never told ahead */
    world_settle(&w);
    assert_int_equal(world_number(&w, alerts), 4);
    world_free(&w);
}

static void stock_that_the_books_do_not_explain_raises_an_alert_once(void **state)
{
    static const char alerts[] = "SELECT count(*) FROM alert WHERE type = 'stock_not_conserved'";
    static const char taken[] = "UPDATE stock SET qty = qty - 3 WHERE site = 'PUNE'";
    struct world w = all_agents(state, "conserved");
    world_settle(&w);
    world_days(&w, 1);
    assert_int_equal(world_number(&w, alerts), 0);
    relay_begin(w.s, SQL_WRITE);
    {
        AUTO(sql_query) q = sql_query(w.s, taken);
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w.s);
    world_days(&w, 2);
    int64_t raised = world_number(&w, alerts);
    assert_true(raised > 0);
    world_days(&w, 1);
    assert_int_equal(world_number(&w, alerts), raised);
    world_free(&w);
}

static void a_quota_that_is_reached_raises_an_alert_a_day_and_refuses_no_entry(void **state)
{
    static const char reached[] = "SELECT count(*) FROM alert WHERE type = 'quota_reached'";
    static const char mark[] =
        "INSERT INTO watermark(device, epoch, wm, head_hash, safe, session, fork_seq,"
        " entries_bytes, wire_bytes, batches, first_ms, last_ms) VALUES('wh-q', 1, 900, $1, 0, 1,"
        " 0, 90000, 9000, 1, 0, 0)";
    struct world w = all_agents(state, "quota");
    relay_begin(w.s, SQL_WRITE);
    {
        AUTO(sql_query) q = sql_query(w.s, mark);
        sql_bind_bytes(q, 1, "head", 4);
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w.s);
    world_set(&w, "quota.entries", "1000");
    world_days(&w, 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM alert WHERE type = 'quota_near'"
                                      " AND severity = 'medium'") > 0,
                     1);
    assert_int_equal(world_number(&w, reached), 0);
    world_set(&w, "quota.entries", "500");
    world_days(&w, 2);
    int64_t raised = world_number(&w, reached);
    assert_in_range(raised, 2, 3); /* once on each day that was touched */
    int64_t told = world_number(&w, "SELECT count(*) FROM event WHERE type = 'InventoryUpdated'");
    sell(&w, "wh-p", "PUNE", "B1", 1);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'InventoryUpdated'"),
                     told + 1);
    world_free(&w);
}

static void a_case_closes_when_its_stock_sells_after_all(void **state)
{
    struct world w = all_agents(state, "closes");
    world_set(&w, "transfer.radius_km", "1"); /* nobody else may have it */
    world_set(&w, "campaign.discount_max_permille", "0");
    six_weeks(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM recovery_case WHERE state = 'closed'"),
                     0);
    sell(&w, "wh-p", "PUNE", "B1", 600);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM recovery_case WHERE site = 'PUNE'"
                                      " AND state NOT IN ('closed', 'settled')"),
                     0);
    world_free(&w);
}

/* There is no outlet that could be written to: asked for every quarter of an hour it would only
 * fail again. */
static void an_offer_that_nobody_could_be_asked_for_rests(void **state)
{
    static const char offers[] = "SELECT count(*) FROM proposal WHERE action = 'campaign'";
    struct world w = all_agents(state, "rests");
    world_set(&w, "transfer.radius_km", "1");
    world_set(&w, "autonomy.discount_permille", "1000");
    world_set(&w, "campaign.days", "6");
    six_weeks(&w);
    int64_t made = world_number(&w, offers);
    assert_true(made > 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM proposal WHERE action = 'campaign'"
                                      " AND state <> 'failed'"),
                     0);
    world_days(&w, 4);
    assert_int_equal(world_number(&w, offers), made);
    world_days(&w, 4);
    assert_int_equal(world_number(&w, offers), made + 1);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"a budget bounds what is proposed", a_budget_bounds_what_is_proposed},
    {"stock that dies here is sent to where it sells",
     stock_that_dies_here_is_sent_to_where_it_sells},
    {"what a site offers stands beside who asks for it",
     what_a_site_offers_stands_beside_who_asks_for_it},
    {"a new case is decided within half a minute of its scan",
     a_new_case_is_decided_within_half_a_minute_of_its_scan},
    {"a site whose stock nobody has told is not taken for empty",
     a_site_whose_stock_nobody_has_told_is_not_taken_for_empty},
    {"every change of stock is told once, with its balance",
     every_change_of_stock_is_told_once_with_its_balance},
    {"more taken than there is raises an alert once",
     more_taken_than_there_is_raises_an_alert_once},
    {"what is told ahead of its turn alerts at once, and once",
     what_is_told_ahead_of_its_turn_alerts_at_once_and_once},
    {"stock that the books do not explain raises an alert, once",
     stock_that_the_books_do_not_explain_raises_an_alert_once},
    {"a quota that is reached raises an alert a day, and refuses no entry",
     a_quota_that_is_reached_raises_an_alert_a_day_and_refuses_no_entry},
    {"a case closes when its stock sells after all", a_case_closes_when_its_stock_sells_after_all},
    {"an offer that nobody could be asked for rests",
     an_offer_that_nobody_could_be_asked_for_rests},
};

int main(void)
{
    return relay_run_tests("agents", tests, ARRAY_LEN(tests));
}
