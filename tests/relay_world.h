/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/relay_world.h -- a distributor with three sites, goods, and the agents that move cases on:
 * what tests of proposals and transfers play in. Scans go through the real projection. */
#pragma once

#include "relay_entries.h"

#include <errno.h>

#include "agents.h"
#include "event.h"
#include "event_type.h"
#include "projection.h"
#include "proposals.h"
#include "runtime.h"
#include "setting.h"

#define WORLD_DAY 20800 /* 2026-12-13 */
#define WORLD_EXPIRY (WORLD_DAY + 120)
#define WORLD_MRP INT64_C(1000)

struct world {
    struct sql *s;
    struct projection *f;
    struct runtime *r;
    int64_t now_ms;
    int requests;
};

static inline void world_site(struct sql *s, const char *site, const char *territory,
                              const char *gstin, int state, const char *pin, const char *device)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO site(site, name, territory, gstin, state, pincode, latitude_e6,"
                     " longitude_e6, receive_kg) VALUES($1, $1, $2, $3, $4, $5, 0, 0, 0)");
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, territory);
    sql_bind_text(q, 3, gstin);
    sql_bind_int(q, 4, state);
    sql_bind_text(q, 5, pin);
    assert_int_equal(sql_run(q), 0);
    relay_device(s, device, site);
}

static inline void world_lane(struct sql *s, const char *from, const char *to, int km, int lead)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO lane(from_site, to_site, km, lead_days, paise_a_kg,"
                     " paise_a_truck, kg_a_truck, trucks, least_kg, open)"
                     " VALUES($1, $2, $3, $4, 100, 50000, 2500, 3, 0, 1)");
    sql_bind_text(q, 1, from);
    sql_bind_text(q, 2, to);
    sql_bind_int(q, 3, km);
    sql_bind_int(q, 4, lead);
    assert_int_equal(sql_run(q), 0);
}

static inline void world_catalogue(struct sql *s)
{
    static const char body[] = "sku,name,category,hsn,unit,expiry_kind,shelf_life_days,outlet_days,"
                               "cost,price,mrp,piece_units\n"
                               "BISC,Biscuits,biscuits,19053100,piece,best_before,180,30,8,9,10,1\n"
                               "NOHSN,Soap,soap,,piece,best_before,720,30,40,45,60,1\n";
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                     " body) VALUES('*', 'catalogue', 1, $1, 0, 'user:x', 0, $1)");
    sql_bind_bytes(q, 1, body, sizeof(body) - 1);
    assert_int_equal(sql_run(q), 0);
}

/* Everything that agents can do by now. */
static inline void world_settle(struct world *w)
{
    int64_t due = 0;
    int did = 1;
    for (int i = 0; did == 1; i++) {
        did = runtime_step(w->r, w->now_ms, &due);
        if (did < 0)
            fail_msg("runtime_step: %s: %s", strerror(-did), sql_words(w->s));
        assert_true(i < 5000);
    }
    relay_begin(w->s, SQL_READ);
    int64_t dead = relay_number(w->s, "SELECT count(*) FROM dead_letter");
    AUTO(sql_query) q = sql_query(w->s, "SELECT reason FROM dead_letter LIMIT 1");
    if (dead > 0 && sql_step(q) == 1)
        fail_msg("dead letter: %s", sql_text(q, 0));
    AUTO(sql_query) e = sql_query(w->s, "SELECT last_error FROM agent WHERE failures > 0");
    if (sql_step(e) == 1)
        fail_msg("agent: %s", sql_text(e, 0));
    sql_query_free(TAKE(q));
    sql_query_free(TAKE(e));
    sql_rollback(w->s);
}

/* Who moves cases on, without those who find cases and make proposals: tests do that here. */
static const struct agent *const world_movers[] = {&agent_compliance, &agent_orchestrator};

static inline void world_runtime(struct world *w, const struct agent *const *agents, size_t count)
{
    struct runtime_conf conf = runtime_conf_default();
    struct diag why = {0};
    conf.heartbeat_ms = INT64_C(1) << 60;
    int err = runtime_open(w->s, agents, count, &conf, w->now_ms, &why, &w->r);
    if (err < 0)
        fail_msg("runtime_open: %s: %s", strerror(-err), why.text);
}

/* One scan: stored, projected and committed, as ingest does it; agents have not seen it yet. */
static inline void world_scan(struct world *w, const char *device, const char *site,
                              struct entry *e)
{
    struct diag why = {0};
    e->wall_ms = w->now_ms;
    relay_begin(w->s, SQL_WRITE);
    relay_entry(w->s, device, 1, e);
    struct projection_source from = {.device = device, .site = site, .epoch = 1};
    int err = projection_entry(w->f, w->s, &from, e, &why);
    if (err == 0)
        err = projection_write(w->f, w->s);
    if (err < 0)
        fail_msg("scan: %s: %s %s", strerror(-err), why.text, sql_words(w->s));
    relay_commit(w->s);
}

static inline struct batch_key world_batch(const char *number)
{
    struct batch_key b = {.expiry_day = WORLD_EXPIRY, .mrp_paise = WORLD_MRP};
    snprintf(b.number, sizeof(b.number), "%s", number);
    return b;
}

static inline struct entry world_entry(enum entry_kind kind, const char *sku, const char *batch,
                                       int64_t qty)
{
    struct entry e = entry_new(kind);
    snprintf(e.sku, sizeof(e.sku), "%s", sku);
    e.batch = world_batch(batch);
    e.qty = qty;
    snprintf(e.bin, sizeof(e.bin), "A1");
    return e;
}

static inline void world_stock(struct world *w, const char *device, const char *site,
                               const char *sku, const char *batch, int64_t qty)
{
    struct entry e = world_entry(ENTRY_OPENING, sku, batch, qty);
    e.value_paise = qty * 800;
    e.due_day = WORLD_DAY - 30;
    world_scan(w, device, site, &e);
}

/* Of the test's state, so that a skip leaves nothing behind. */
static inline struct world world_new(void **state, const char *tenant)
{
    struct world w = {.s = relay_open(*state, tenant),
                      .now_ms = civil_ist_start_ms(WORLD_DAY) + 36000000};
    assert_int_equal(projection_open(&w.f), 0);
    relay_begin(w.s, SQL_WRITE);
    world_site(w.s, "PUNE", "west", "27AAPFU0939F1ZV", 27, "411001", "wh-p");
    world_site(w.s, "NASHIK", "west", "27AAPFU0939F1ZV", 27, "422001", "wh-n");
    world_site(w.s, "DELHI", "north", "07AAPFU0939F1ZX", 7, "110020", "wh-d");
    world_lane(w.s, "PUNE", "NASHIK", 210, 1);
    world_lane(w.s, "NASHIK", "PUNE", 210, 1);
    world_lane(w.s, "PUNE", "DELHI", 1420, 5);
    world_catalogue(w.s);
    relay_commit(w.s);
    assert_in_range(projection_ensure(w.s), 0, 1);
    world_runtime(&w, world_movers, ARRAY_LEN(world_movers));
    world_stock(&w, "wh-p", "PUNE", "BISC", "B1", 100);
    return w;
}

static inline void world_free(struct world *w)
{
    runtime_free(w->r);
    projection_free(w->f);
    sql_free(w->s);
}

static inline void world_days(struct world *w, int days)
{
    for (int i = 0; i < days; i++) {
        w->now_ms += CIVIL_MS_PER_DAY;
        world_settle(w);
    }
}

static inline void world_set(struct world *w, const char *name, const char *value)
{
    char cause[32];
    struct diag why = {0};
    snprintf(cause, sizeof(cause), "request:%d", ++w->requests);
    relay_begin(w->s, SQL_WRITE);
    int err = setting_change(w->s,
                             &(struct setting_change){.name = name,
                                                      .scope = "",
                                                      .value = value,
                                                      .by = "user:meera",
                                                      .reason = "test",
                                                      .cause = cause,
                                                      .wall_ms = w->now_ms},
                             &why);
    if (err < 0)
        fail_msg("%s: %s", name, why.text);
    relay_commit(w->s);
}

/* ---- cases and proposals ---- */

static inline void world_case(struct world *w, const char *sku, const char *batch,
                              char id[RECOVERY_ID_SIZE])
{
    struct recovery_case c = {.kind = RECOVERY_EXPIRY,
                              .batch = world_batch(batch),
                              .units = 100,
                              .risk_units = 60,
                              .risk_paise = 48000,
                              .landed_paise = 80000};
    snprintf(c.site, sizeof(c.site), "PUNE");
    snprintf(c.sku, sizeof(c.sku), "%s", sku);
    struct recovery_by by = {"agent:analysis", "day:1", "60 of 100 will not sell in time",
                             w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    assert_in_range(recovery_open(w->s, &c, &by, id), 0, 1);
    relay_commit(w->s);
}

static inline struct proposal world_draft(const char *case_id, const char *sku, const char *batch,
                                          const char *to, int64_t units)
{
    struct proposal p = {.action = PROPOSAL_TRANSFER,
                         .batch = world_batch(batch),
                         .units = units,
                         .cost_paise = 20000,
                         .revenue_paise = units * 900,
                         .gain_paise = units * 300,
                         .landed_paise = units * 800,
                         .urgency = 70,
                         .rank = 1};
    snprintf(p.case_id, sizeof(p.case_id), "%s", case_id);
    snprintf(p.sku, sizeof(p.sku), "%s", sku);
    snprintf(p.from_site, sizeof(p.from_site), "PUNE");
    snprintf(p.to_site, sizeof(p.to_site), "%s", to);
    snprintf(p.reason, sizeof(p.reason), "it sells there");
    snprintf(p.inputs, sizeof(p.inputs), "{}");
    return p;
}

/* What proposal_make() answers. */
static inline int world_try(struct world *w, const struct proposal *draft,
                            char id[PROPOSAL_ID_SIZE])
{
    char cause[32];
    struct diag why = {0};
    AUTO(setting_book) book = NULL;
    snprintf(cause, sizeof(cause), "plan:%d", ++w->requests);
    struct proposal_by by = {"agent:reallocation", cause, "", w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    assert_int_equal(setting_book_read(w->s, &book), 0);
    int err = proposal_make(w->s, draft, book, &by, &why, id);
    if (err >= 0)
        relay_commit(w->s);
    else
        sql_rollback(w->s);
    return err;
}

static inline void world_propose(struct world *w, const struct proposal *draft,
                                 char id[PROPOSAL_ID_SIZE])
{
    int err = world_try(w, draft, id);
    if (err != 0)
        fail_msg("proposal_make: %s", strerror(-err));
}

static inline int world_decide(struct world *w, const char *id, enum proposal_decision decision,
                               const char *by, int64_t units, struct diag *why)
{
    char cause[32];
    AUTO(setting_book) book = NULL;
    snprintf(cause, sizeof(cause), "request:%d", ++w->requests);
    struct proposal_said said = {.decision = decision,
                                 .by = by,
                                 .reason = "I know the place",
                                 .units = units,
                                 .cause = cause,
                                 .now_ms = w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    assert_int_equal(setting_book_read(w->s, &book), 0);
    int err = proposal_decide(w->s, id, &said, book, why);
    if (err >= 0)
        relay_commit(w->s);
    else
        sql_rollback(w->s);
    return err;
}

static inline struct proposal world_proposal(struct world *w, const char *id)
{
    struct proposal p;
    relay_begin(w->s, SQL_READ);
    assert_int_equal(proposal_find(w->s, id, &p), 0);
    sql_rollback(w->s);
    return p;
}

static inline struct recovery_case world_find_case(struct world *w, const char *id)
{
    struct recovery_case c;
    relay_begin(w->s, SQL_READ);
    assert_int_equal(recovery_find(w->s, id, &c), 0);
    sql_rollback(w->s);
    return c;
}

static inline int64_t world_number(struct world *w, const char *text)
{
    relay_begin(w->s, SQL_READ);
    int64_t n = relay_number(w->s, text);
    sql_rollback(w->s);
    return n;
}

/* ---- scans of a transfer ---- */

static inline void world_out(struct world *w, enum entry_kind kind, const char *document,
                             int64_t qty, const char *reason)
{
    struct entry e = world_entry(kind, "BISC", "B1", qty);
    snprintf(e.document, sizeof(e.document), "%s", document);
    e.line = 1;
    if (kind == ENTRY_TASK_DONE) {
        e.bin[0] = '\0';
        e.batch = (struct batch_key){.expiry_day = CIVIL_NONE};
    }
    snprintf(e.party, sizeof(e.party), "NASHIK");
    snprintf(e.reason, sizeof(e.reason), "%s", reason);
    world_scan(w, "wh-p", "PUNE", &e);
}

static inline void world_in(struct world *w, enum entry_kind kind, const char *document,
                            int64_t qty, const char *reason)
{
    struct entry e = world_entry(kind, "BISC", "B1", qty);
    snprintf(e.document, sizeof(e.document), "%s", document);
    e.line = 1;
    if (kind == ENTRY_LOST)
        e.bin[0] = '\0';
    snprintf(e.party, sizeof(e.party), "PUNE");
    snprintf(e.reason, sizeof(e.reason), "%s", reason);
    if (strcmp(reason, "damaged") == 0 && kind == ENTRY_ARRIVED)
        e.status = STOCK_QUARANTINE;
    world_scan(w, "wh-n", "NASHIK", &e);
}
