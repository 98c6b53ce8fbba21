/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A campaign from its approval to what truly was sold: messages out, answers in, scans, settlement.
 */
#include "relay_world.h"

#include "campaign.h"
#include "channel_offer.h"
#include "webhook.h"

#define OUTLETS 20
#define TARGETS "SELECT count(*) FROM campaign_target WHERE arm = "

static void lay_parties(struct sql *s)
{
    char body[8192];
    int len = snprintf(body, sizeof(body), "party,kind,name,territory,min_life_days\n");
    for (int i = 1; i <= OUTLETS; i++)
        len += snprintf(body + len, sizeof(body) - (size_t)len, "OUT-%d,outlet,Shop %d,%s,%d\n", i,
                        i, i == 2 ? "north" : "west", i == 3 ? 150 : 0);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                     " body) VALUES('*', 'parties', 1, $1, 0, 'user:x', 0, $1)");
    sql_bind_bytes(q, 1, body, (size_t)len);
    assert_int_equal(sql_run(q), 0);
}

static struct entry buy(struct world *w, int outlet, int64_t qty, const char *document)
{
    struct entry e = world_entry(ENTRY_PICKED, "BISC", "B1", qty);
    snprintf(e.party, sizeof(e.party), "OUT-%d", outlet);
    snprintf(e.document, sizeof(e.document), "%s", document);
    e.line = document[0] ? 1 : 0;
    world_scan(w, "wh-p", "PUNE", &e);
    return e;
}

/* As the station's undo books it: the entry turned around. */
static void undo(struct world *w, const struct entry *done)
{
    struct entry e = *done;
    e.kind = ENTRY_ADJUSTED;
    e.corrects = done->seq;
    snprintf(e.reason, sizeof(e.reason), "keying_error");
    world_scan(w, "wh-p", "PUNE", &e);
}

/* PUNE has 1,000 of B1; all shops but the last two have bought it. */
static struct world market(void **state, const char *tenant)
{
    struct world w = world_new(state, tenant);
    relay_begin(w.s, SQL_WRITE);
    lay_parties(w.s);
    assert_int_equal(message_template_seed(w.s, 1), 0);
    for (int i = 1; i <= OUTLETS; i++)
        assert_in_range(channel_offer_outlet(w.s, i), 0, 1);
    relay_commit(w.s);
    world_stock(&w, "wh-p", "PUNE", "BISC", "B1", 1900);
    for (int i = 1; i <= OUTLETS - 2; i++)
        buy(&w, i, 52, "");
    static const struct agent *const agents[] = {&agent_compliance, &agent_orchestrator,
                                                 &agent_liquidation};
    runtime_free(w.r);
    world_runtime(&w, agents, ARRAY_LEN(agents));
    return w;
}

static void approve(struct world *w, int64_t units, char id[PROPOSAL_ID_SIZE])
{
    char case_id[RECOVERY_ID_SIZE];
    struct diag why = {0};
    world_case(w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", "", units);
    p.action = PROPOSAL_CAMPAIGN;
    p.discount_permille = 300;
    world_propose(w, &p, id);
    world_settle(w);
    if (world_proposal(w, id).state == PROPOSAL_PROPOSED &&
        world_decide(w, id, PROPOSAL_APPROVE, "user:meera", 0, &why) < 0)
        fail_msg("%s", why.text);
    world_settle(w);
}

static struct campaign the_campaign(struct world *w)
{
    struct campaign c = {.id = ""};
    relay_begin(w->s, SQL_READ);
    int err = campaign_next(w->s, 0x3f, "", &c);
    sql_rollback(w->s);
    if (err < 0)
        fail_msg("no campaign");
    return c;
}

/* The n-th outlet of an arm, by name. */
static int member(struct world *w, const char *arm, int n)
{
    relay_begin(w->s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(w->s, "SELECT party FROM campaign_target WHERE arm = $1 ORDER BY party");
    sql_bind_text(q, 1, arm);
    for (int i = 0; i <= n; i++)
        assert_int_equal(sql_step(q), 1);
    int number = atoi(sql_text(q, 0) + 4);
    sql_query_free(TAKE(q));
    sql_rollback(w->s);
    return number;
}

static void answer(struct world *w, const struct campaign *c, int outlet, const char *text)
{
    struct webhook_item i = {.kind = WEBHOOK_REPLY, .channel = CHANNEL_WHATSAPP};
    snprintf(i.from, sizeof(i.from), "9198%08d", outlet);
    snprintf(i.id, sizeof(i.id), "wamid.in%d", ++w->requests);
    snprintf(i.text, sizeof(i.text), "%s", text);
    snprintf(i.payload, sizeof(i.payload), "ORDER:%s:OUT-%d", c->id, outlet);
    relay_begin(w->s, SQL_WRITE);
    assert_int_equal(webhook_take(w->s, &i, w->now_ms), 0);
    relay_commit(w->s);
    world_settle(w);
}

static void an_approved_campaign_goes_to_fitting_outlets_once(void **state)
{
    struct world w = market(state, "fitting");
    char id[PROPOSAL_ID_SIZE];
    approve(&w, 200, id);
    struct campaign c = the_campaign(&w);
    assert_int_equal(c.state, CAMPAIGN_RUNNING);
    assert_int_equal(world_proposal(&w, id).state, PROPOSAL_EXECUTING);
    /* 9 rupees less the first step of the ladder; the MRP of 10 leaves 9.52 before 5 % tax. */
    assert_int_equal(c.price_paise, 810);
    assert_int_equal(c.discount_permille, 100);
    assert_int_equal(c.ceiling_paise, 900);
    /* Another territory, too little life at delivery, and two that never sold such goods. */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM campaign_target"), OUTLETS - 4);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM campaign_target WHERE party IN"
                                      " ('OUT-2', 'OUT-3', 'OUT-19', 'OUT-20')"),
                     0);
    int64_t offers = world_number(&w, TARGETS "'offer'");
    assert_true(offers < OUTLETS - 4); /* somebody is held out */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM outbox"), offers);
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM event WHERE type = 'CampaignTriggered'"), 1);
    world_days(&w, 1);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM outbox"), offers);
    world_free(&w);
}

/* All that is known of them is today's 52: as if it were four weeks'. */
static void an_outlet_that_is_new_to_us_is_offered_what_it_sells(void **state)
{
    struct world w = market(state, "known");
    char id[PROPOSAL_ID_SIZE];
    approve(&w, 900, id);
    assert_int_equal(world_number(&w, "SELECT min(expected_units) FROM campaign_target"),
                     52 * 21 / 28);
    world_free(&w);
}

static void orders_are_never_more_than_lies_there(void **state)
{
    struct world w = market(state, "promises");
    char id[PROPOSAL_ID_SIZE];
    approve(&w, 10, id);
    struct campaign c = the_campaign(&w);
    answer(&w, &c, member(&w, "offer", 0), "YES 4");
    answer(&w, &c, member(&w, "offer", 0), "YES 1000");
    answer(&w, &c, member(&w, "offer", 1), "YES");
    answer(&w, &c, member(&w, "offer", 2), "YES");
    answer(&w, &c, member(&w, "holdout", 0), "YES 2");
    assert_int_equal(world_number(&w, "SELECT CAST(sum(qty) AS BIGINT) FROM order_line"), 10);
    c = the_campaign(&w);
    assert_int_equal(c.state, CAMPAIGN_PAUSED);
    assert_string_equal(c.why, CAMPAIGN_EXHAUSTED);
    /* What was still to go out is called off. */
    relay_begin(w.s, SQL_WRITE);
    struct outbox_message m;
    int64_t due = 0;
    assert_int_equal(outbox_next(w.s, CHANNEL_WHATSAPP, NULL, w.now_ms, &m, &due), 1);
    assert_int_equal(m.purpose, PURPOSE_TRANSACTION); /* the confirmations */
    while (outbox_next(w.s, CHANNEL_WHATSAPP, NULL, w.now_ms + 60000, &m, &due) == 1)
        assert_int_equal(m.purpose, PURPOSE_TRANSACTION);
    assert_true(relay_number(w.s, "SELECT count(*) FROM outbox WHERE"
                                  " why = 'called_off: stock_promised'") > 0);
    relay_commit(w.s);
    world_free(&w);
}

static void it_settles_with_what_was_scanned(void **state)
{
    struct world w = market(state, "settles");
    char id[PROPOSAL_ID_SIZE];
    char document[CAMPAIGN_ID_SIZE + 3];
    approve(&w, 100, id);
    struct campaign c = the_campaign(&w);
    int first = member(&w, "offer", 0);
    int second = member(&w, "offer", 1);
    answer(&w, &c, first, "YES 5");
    snprintf(document, sizeof(document), "%s-1", c.id);
    buy(&w, first, 5, document);
    buy(&w, second, 3, ""); /* at the usual price */
    buy(&w, member(&w, "holdout", 0), 2, "");
    buy(&w, 19, 2, ""); /* was not asked */
    world_settle(&w);
    struct campaign_figures f;
    relay_begin(w.s, SQL_READ);
    assert_int_equal(campaign_figures(w.s, c.id, &f), 0);
    sql_rollback(w.s);
    assert_int_equal(f.offer.units, 8);
    assert_int_equal(f.offer.buyers, 2);
    assert_int_equal(f.offer.value_paise, 5 * 810 + 3 * 900);
    assert_int_equal(f.holdout.units, 2);
    assert_int_equal(f.lift_permille, 2000 / f.offer.outlets - 1000 / f.holdout.outlets);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE state = 'done'"), 1);
    world_days(&w, 14);
    assert_int_equal(the_campaign(&w).state, CAMPAIGN_DONE);
    struct proposal p = world_proposal(&w, id);
    assert_int_equal(p.state, PROPOSAL_PARTIAL);
    assert_int_equal(p.done_units, 8);
    assert_int_equal(p.actual_revenue_paise, 5 * 810 + 3 * 900);
    struct recovery_case found = world_find_case(&w, p.case_id);
    assert_int_equal(found.state, RECOVERY_SETTLED);
    assert_int_equal(found.cleared_units, 8);
    world_free(&w);
}

static void a_pick_that_is_undone_is_sold_no_more(void **state)
{
    struct world w = market(state, "undone");
    char id[PROPOSAL_ID_SIZE];
    char document[CAMPAIGN_ID_SIZE + 3];
    approve(&w, 100, id);
    struct campaign c = the_campaign(&w);
    int outlet = member(&w, "offer", 0);
    answer(&w, &c, outlet, "YES 5");
    snprintf(document, sizeof(document), "%s-1", c.id);
    struct entry picked = buy(&w, outlet, 5, document);
    world_settle(&w);
    assert_int_equal(the_campaign(&w).sold_units, 5);
    undo(&w, &picked);
    world_settle(&w);
    assert_int_equal(the_campaign(&w).sold_units, 0);
    assert_int_equal(world_number(&w, "SELECT CAST(sum(units) AS BIGINT) FROM campaign_target"), 0);
    assert_int_equal(
        world_number(&w, "SELECT CAST(sum(value_paise) AS BIGINT) FROM campaign_target"), 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE state = 'open'"), 1);
    buy(&w, outlet, 5, document);
    world_settle(&w);
    assert_int_equal(the_campaign(&w).sold_units, 5);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE state = 'done'"), 1);
    world_free(&w);
}

static void a_person_stops_it_and_nothing_more_goes_out(void **state)
{
    struct world w = market(state, "stopped");
    char id[PROPOSAL_ID_SIZE];
    approve(&w, 100, id);
    struct campaign c = the_campaign(&w);
    answer(&w, &c, member(&w, "offer", 0), "YES 5");
    relay_begin(w.s, SQL_WRITE);
    struct campaign_by by = {"user:meera", "request:stop", w.now_ms};
    assert_int_equal(campaign_move(w.s, c.id, CAMPAIGN_STOPPED, "recalled", &by), 0);
    relay_commit(w.s);
    w.now_ms += 120000;
    world_settle(&w);
    assert_int_equal(world_proposal(&w, id).state, PROPOSAL_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE state = 'cancelled'"),
                     1);
    world_free(&w);
}

/* What the API writes for a person: no proposal, no limits, a price of his own. */
static void a_persons_own_campaign_runs_and_ends_too(void **state)
{
    struct world w = market(state, "person");
    struct campaign c = {.id = "K7",
                         .state = CAMPAIGN_APPROVED,
                         .site = "PUNE",
                         .sku = "BISC",
                         .batch = world_batch("B1"),
                         .units = 12,
                         .price_paise = 750,
                         .template = TEMPLATE_OFFER,
                         .channels = "whatsapp",
                         .start_day = WORLD_DAY + 1,
                         .end_day = WORLD_DAY + 5,
                         .decided_by = "user:meera"};
    struct campaign_target t = {.party = "OUT-5", .channel = "whatsapp", .reason = "named"};
    relay_begin(w.s, SQL_WRITE);
    assert_int_equal(campaign_insert(w.s, &c), 0);
    assert_int_equal(campaign_target_insert(w.s, c.id, &t), 0);
    relay_commit(w.s);
    world_settle(&w);
    assert_int_equal(the_campaign(&w).state, CAMPAIGN_APPROVED); /* it begins tomorrow */
    world_days(&w, 1);
    assert_int_equal(the_campaign(&w).state, CAMPAIGN_RUNNING);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM outbox"), 1);
    answer(&w, &c, 5, "YES 9");
    assert_int_equal(world_number(&w, "SELECT qty FROM order_line"), 9);
    assert_int_equal(world_number(&w, "SELECT price_paise FROM order_line"), 750);
    relay_begin(w.s, SQL_WRITE);
    relay_run(w.s, "UPDATE campaign SET state = 'stopped'");
    relay_commit(w.s);
    world_days(&w, 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE state = 'cancelled'"),
                     1);
    world_free(&w);
}

static void less_life_makes_the_price_fall_to_the_next_step(void **state)
{
    struct world w = market(state, "ages");
    char id[PROPOSAL_ID_SIZE];
    world_set(&w, "campaign.days", "90");
    approve(&w, 100, id);
    int64_t offers = world_number(&w, TARGETS "'offer'");
    assert_int_equal(the_campaign(&w).price_paise, 810);
    world_days(&w, 62); /* 58 of 180 days: under 33 % */
    struct campaign c = the_campaign(&w);
    assert_int_equal(c.price_paise, 720);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM outbox"), 2 * offers);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'PriceChanged'"), 1);
    world_free(&w);
}

static void nothing_is_offered_when_nobody_fits(void **state)
{
    struct world w = market(state, "nobody");
    char id[PROPOSAL_ID_SIZE];
    relay_begin(w.s, SQL_WRITE);
    relay_run(w.s, "UPDATE contact SET state = 'unreachable'");
    relay_commit(w.s);
    approve(&w, 100, id);
    assert_int_equal(world_proposal(&w, id).state, PROPOSAL_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM campaign"), 0);
    world_free(&w);
}

int main(void)
{
    static const struct relay_test tests[] = {
        {"an approved campaign goes to fitting outlets, once",
         an_approved_campaign_goes_to_fitting_outlets_once},
        {"an outlet that is new to us is offered what it sells",
         an_outlet_that_is_new_to_us_is_offered_what_it_sells},
        {"orders are never more than lies there", orders_are_never_more_than_lies_there},
        {"it settles with what was scanned", it_settles_with_what_was_scanned},
        {"a pick that is undone is sold no more", a_pick_that_is_undone_is_sold_no_more},
        {"a person stops it, and nothing more goes out",
         a_person_stops_it_and_nothing_more_goes_out},
        {"a person's own campaign runs and ends too", a_persons_own_campaign_runs_and_ends_too},
        {"less life makes the price fall to the next step",
         less_life_makes_the_price_fall_to_the_next_step},
        {"nothing is offered when nobody fits", nothing_is_offered_when_nobody_fits},
    };
    return relay_run_tests("liquidation", tests, ARRAY_LEN(tests));
}
