/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recovery.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "event_body.h"
#include "event_type.h"
#include "text.h"

static const struct {
    const char *name;
    bool final;
    unsigned to; /* 1 << state, for each that may follow */
} states[RECOVERY_STATE_COUNT] = {
#define TO(state) (1U << (state))
    [RECOVERY_DETECTED] = {"detected", false,
                           TO(RECOVERY_ASSESSED) | TO(RECOVERY_PROPOSED) | TO(RECOVERY_CLOSED)},
    [RECOVERY_ASSESSED] = {"assessed", false,
                           TO(RECOVERY_PROPOSED) | TO(RECOVERY_EXECUTING) | TO(RECOVERY_SETTLED) |
                               TO(RECOVERY_CLOSED) | TO(RECOVERY_FAILED)},
    [RECOVERY_PROPOSED] = {"proposed", false,
                           TO(RECOVERY_ASSESSED) | TO(RECOVERY_EXECUTING) | TO(RECOVERY_SETTLED) |
                               TO(RECOVERY_CLOSED)},
    [RECOVERY_EXECUTING] = {"executing", false,
                            TO(RECOVERY_ASSESSED) | TO(RECOVERY_SETTLED) | TO(RECOVERY_FAILED)},
    [RECOVERY_SETTLED] = {"settled", true, TO(RECOVERY_EXECUTING)}, /* goods left after all */
    [RECOVERY_CLOSED] = {"closed", true, TO(RECOVERY_EXECUTING)},
    [RECOVERY_FAILED] = {"failed", true, TO(RECOVERY_EXECUTING)},
#undef TO
};

const char *recovery_state_name(enum recovery_state state)
{
    assert((size_t)state < RECOVERY_STATE_COUNT);
    return states[state].name;
}

int recovery_state_parse(const char *name, enum recovery_state *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < RECOVERY_STATE_COUNT; i++)
        if (strcmp(states[i].name, name) == 0) {
            *ret = (enum recovery_state)i;
            return 0;
        }
    return -EINVAL;
}

bool recovery_state_final(enum recovery_state state)
{
    assert((size_t)state < RECOVERY_STATE_COUNT);
    return states[state].final;
}

bool recovery_may(enum recovery_state from, enum recovery_state to)
{
    assert((size_t)from < RECOVERY_STATE_COUNT && (size_t)to < RECOVERY_STATE_COUNT);
    return states[from].to & 1U << to;
}

static const char *const kinds[] = {
    [RECOVERY_DEAD] = "dead", [RECOVERY_SLOW] = "slow", [RECOVERY_EXPIRY] = "expiry"};

const char *recovery_kind_name(enum recovery_kind kind)
{
    assert((size_t)kind < ARRAY_LEN(kinds));
    return kinds[kind];
}

int recovery_kind_parse(const char *name, enum recovery_kind *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i], name) == 0) {
            *ret = (enum recovery_kind)i;
            return 0;
        }
    return -EINVAL;
}

/* ---- rows ---- */

#define COLUMNS                                                                                    \
    "case_id, kind, state, site, sku, batch, expiry_day, mrp_paise, opened_ms, changed_ms,"        \
    " closed_ms, units, risk_units, risk_paise, landed_paise, expected_paise, moved_units,"        \
    " cleared_units, returned_units, written_off_units, recovered_paise, trace"

static int read_row(struct sql_query *q, struct recovery_case *ret)
{
    struct recovery_case c = {.batch.expiry_day = (int32_t)sql_int(q, 6),
                              .batch.mrp_paise = sql_int(q, 7),
                              .opened_ms = sql_int(q, 8),
                              .changed_ms = sql_int(q, 9),
                              .closed_ms = sql_int(q, 10),
                              .units = sql_int(q, 11),
                              .risk_units = sql_int(q, 12),
                              .risk_paise = sql_int(q, 13),
                              .landed_paise = sql_int(q, 14),
                              .expected_paise = sql_int(q, 15),
                              .moved_units = sql_int(q, 16),
                              .cleared_units = sql_int(q, 17),
                              .returned_units = sql_int(q, 18),
                              .written_off_units = sql_int(q, 19),
                              .recovered_paise = sql_int(q, 20)};
    sql_copy(q, 0, c.id, sizeof(c.id));
    sql_copy(q, 3, c.site, sizeof(c.site));
    sql_copy(q, 4, c.sku, sizeof(c.sku));
    sql_copy(q, 5, c.batch.number, sizeof(c.batch.number));
    sql_copy(q, 21, c.trace, sizeof(c.trace));
    if (recovery_kind_parse(sql_text(q, 1), &c.kind) < 0 ||
        recovery_state_parse(sql_text(q, 2), &c.state) < 0)
        return -EBADMSG;
    *ret = c;
    return 0;
}

static int read_one(struct sql_query *q, struct recovery_case *ret)
{
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    return read_row(q, ret);
}

int recovery_find(struct sql *s, const char *id, struct recovery_case *ret)
{
    assert(s && id && ret);
    AUTO(sql_query) q = sql_query(s, "SELECT " COLUMNS " FROM recovery_case WHERE case_id = $1");
    sql_bind_text(q, 1, id);
    return read_one(q, ret);
}

#define OPEN " state IN ('detected', 'assessed', 'proposed', 'executing')"

int recovery_find_open(struct sql *s, const char *site, const char *sku,
                       const struct batch_key *batch, struct recovery_case *ret)
{
    assert(s && site && sku && batch && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM recovery_case WHERE site = $1 AND sku = $2"
                     " AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5 AND" OPEN
                     " ORDER BY opened_ms LIMIT 1");
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_text(q, 3, batch->number);
    sql_bind_int(q, 4, batch->expiry_day);
    sql_bind_int(q, 5, batch->mrp_paise);
    return read_one(q, ret);
}

static int insert(struct sql *s, const struct recovery_case *c)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO recovery_case(" COLUMNS ") VALUES($1, $2, $3, $4, $5, $6, $7, $8,"
                     " $9, $9, 0, $10, $11, $12, $13, 0, 0, 0, 0, 0, 0, $14)");
    sql_bind_text(q, 1, c->id);
    sql_bind_text(q, 2, recovery_kind_name(c->kind));
    sql_bind_text(q, 3, recovery_state_name(c->state));
    sql_bind_text(q, 4, c->site);
    sql_bind_text(q, 5, c->sku);
    sql_bind_text(q, 6, c->batch.number);
    sql_bind_int(q, 7, c->batch.expiry_day);
    sql_bind_int(q, 8, c->batch.mrp_paise);
    sql_bind_int(q, 9, c->opened_ms);
    sql_bind_int(q, 10, c->units);
    sql_bind_int(q, 11, c->risk_units);
    sql_bind_int(q, 12, c->risk_paise);
    sql_bind_int(q, 13, c->landed_paise);
    sql_bind_text(q, 14, c->trace);
    return sql_run(q);
}

static int update(struct sql *s, const struct recovery_case *c)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE recovery_case SET state = $2, changed_ms = $3, closed_ms = $4,"
                     " units = $5, risk_units = $6, risk_paise = $7, landed_paise = $8,"
                     " expected_paise = $9, moved_units = $10, cleared_units = $11,"
                     " returned_units = $12, written_off_units = $13, recovered_paise = $14"
                     " WHERE case_id = $1");
    sql_bind_text(q, 1, c->id);
    sql_bind_text(q, 2, recovery_state_name(c->state));
    sql_bind_int(q, 3, c->changed_ms);
    sql_bind_int(q, 4, c->closed_ms);
    sql_bind_int(q, 5, c->units);
    sql_bind_int(q, 6, c->risk_units);
    sql_bind_int(q, 7, c->risk_paise);
    sql_bind_int(q, 8, c->landed_paise);
    sql_bind_int(q, 9, c->expected_paise);
    sql_bind_int(q, 10, c->moved_units);
    sql_bind_int(q, 11, c->cleared_units);
    sql_bind_int(q, 12, c->returned_units);
    sql_bind_int(q, 13, c->written_off_units);
    sql_bind_int(q, 14, c->recovered_paise);
    return sql_run(q);
}

/* ---- events ---- */

static int tell(struct sql *s, const struct recovery_case *c, const char *type, const char *from,
                const struct recovery_by *by)
{
    char subject[EVENT_SUBJECT_SIZE], cause[EVENT_CAUSE_SIZE];
    snprintf(subject, sizeof(subject), "case:%s", c->id);
    /* One cause may move a case by several states, and one state again for another cause. */
    snprintf(cause, sizeof(cause), "%.120s>%s", by->cause, recovery_state_name(c->state));
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "case", c->id);
    event_body_text(b, "kind", recovery_kind_name(c->kind));
    event_body_text(b, "state", recovery_state_name(c->state));
    event_body_text(b, "from", from);
    event_body_text(b, "why", by->why ? by->why : "");
    event_body_text(b, "site", c->site);
    event_body_text(b, "sku", c->sku);
    event_body_text(b, "batch", c->batch.number);
    event_body_int(b, "expiryDay", c->batch.expiry_day);
    event_body_int(b, "mrpPaise", c->batch.mrp_paise);
    event_body_int(b, "units", c->units);
    event_body_int(b, "riskUnits", c->risk_units);
    event_body_int(b, "riskPaise", c->risk_paise);
    event_body_int(b, "landedPaise", c->landed_paise);
    event_body_int(b, "movedUnits", c->moved_units);
    event_body_int(b, "clearedUnits", c->cleared_units);
    event_body_int(b, "returnedUnits", c->returned_units);
    event_body_int(b, "writtenOffUnits", c->written_off_units);
    event_body_int(b, "recoveredPaise", c->recovered_paise);
    int err = event_body_append(b, s,
                                &(struct event_draft){.kind = EVENT_HAPPENED,
                                                      .type = type,
                                                      .version = 1,
                                                      .actor = by->actor,
                                                      .subject = subject,
                                                      .cause = cause,
                                                      .trace = c->trace,
                                                      .wall_ms = by->now_ms},
                                NULL);
    return err < 0 ? err : 0;
}

/* ---- changes ---- */

int recovery_open(struct sql *s, const struct recovery_case *draft, const struct recovery_by *by,
                  char ret_id[RECOVERY_ID_SIZE])
{
    assert(s && draft && by && ret_id);
    struct recovery_case c;
    int64_t number = 0;
    int err = event_next(s, &number); /* held from here: nobody else opens it meanwhile */
    if (err < 0)
        return err;
    err = recovery_find_open(s, draft->site, draft->sku, &draft->batch, &c);
    if (err == 0) {
        memcpy(ret_id, c.id, sizeof(c.id));
        return 1;
    }
    if (err != -ENOENT)
        return err;
    c = *draft;
    snprintf(c.id, sizeof(c.id), "C%" PRId64, number);
    c.state = RECOVERY_DETECTED;
    c.opened_ms = by->now_ms;
    if (!c.trace[0])
        snprintf(c.trace, sizeof(c.trace), "%s", c.id);
    err = insert(s, &c);
    if (err == 0)
        err = tell(s, &c, EVENT_CASE_OPENED, "", by);
    if (err == 0)
        memcpy(ret_id, c.id, sizeof(c.id));
    return err;
}

static int change(struct sql *s, struct recovery_case *c, enum recovery_state to,
                  const struct recovery_by *by)
{
    const char *from = recovery_state_name(c->state);
    c->state = to;
    c->changed_ms = by->now_ms;
    c->closed_ms = recovery_state_final(to) ? by->now_ms : 0;
    int err = update(s, c);
    if (err == 0)
        err =
            tell(s, c, to == RECOVERY_SETTLED ? EVENT_CASE_SETTLED : EVENT_CASE_CHANGED, from, by);
    return err;
}

int recovery_assess(struct sql *s, const struct recovery_case *figures,
                    const struct recovery_by *by)
{
    assert(s && figures && by);
    struct recovery_case c;
    int err = recovery_find(s, figures->id, &c);
    if (err < 0)
        return err;
    if (recovery_state_final(c.state))
        return -EPERM;
    c.units = figures->units;
    c.risk_units = figures->risk_units;
    c.risk_paise = figures->risk_paise;
    c.landed_paise = figures->landed_paise;
    c.expected_paise = figures->expected_paise;
    if (c.state == RECOVERY_DETECTED)
        return change(s, &c, RECOVERY_ASSESSED, by);
    c.changed_ms = by->now_ms;
    return update(s, &c);
}

int recovery_move(struct sql *s, const char *id, enum recovery_state to,
                  const struct recovery_by *by)
{
    assert(s && id && by);
    struct recovery_case c;
    int err = recovery_find(s, id, &c);
    if (err < 0)
        return err;
    if (c.state == to)
        return 1;
    return recovery_may(c.state, to) ? change(s, &c, to, by) : -EPERM;
}

int recovery_book(struct sql *s, const char *id, const struct recovery_booked *booked,
                  const struct recovery_by *by)
{
    assert(s && id && booked && by);
    struct recovery_case c;
    int err = recovery_find(s, id, &c);
    if (err < 0)
        return err;
    c.moved_units += booked->moved_units;
    c.cleared_units += booked->cleared_units;
    c.returned_units += booked->returned_units;
    c.written_off_units += booked->written_off_units;
    c.recovered_paise += booked->recovered_paise;
    c.changed_ms = by->now_ms;
    return update(s, &c);
}

static int open_proposals(struct sql *s, const char *id, int64_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*) FROM proposal WHERE case_id = $1"
                     " AND state IN ('proposed', 'approved', 'executing')");
    sql_bind_text(q, 1, id);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = sql_int(q, 0);
    return 0;
}

int recovery_conclude(struct sql *s, const char *id, const struct recovery_by *by)
{
    assert(s && id && by);
    struct recovery_case c;
    int64_t open = 0;
    int err = recovery_find(s, id, &c);
    if (err == 0)
        err = open_proposals(s, id, &open);
    if (err < 0)
        return err;
    if (open > 0)
        return 1;
    bool anything =
        c.moved_units > 0 || c.cleared_units > 0 || c.returned_units > 0 || c.written_off_units > 0;
    enum recovery_state to = anything ? RECOVERY_SETTLED : RECOVERY_ASSESSED;
    if (c.state == to || !recovery_may(c.state, to))
        return 0;
    return change(s, &c, to, by);
}

int recovery_each(struct sql *s, const struct recovery_filter *f, recovery_fn on_case,
                  void *context)
{
    assert(s && f && on_case && f->limit > 0);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM recovery_case WHERE ($1 = '' OR state = $1)"
                     " AND ($2 = 0 OR" OPEN ") AND ($3 = '' OR site = $3) AND ($4 = '' OR sku = $4)"
                     " AND case_id > $5 ORDER BY case_id LIMIT $6");
    sql_bind_text(q, 1, f->state >= 0 ? recovery_state_name((enum recovery_state)f->state) : "");
    sql_bind_int(q, 2, f->open_only);
    sql_bind_text(q, 3, f->site ? f->site : "");
    sql_bind_text(q, 4, f->sku ? f->sku : "");
    sql_bind_text(q, 5, f->after_id ? f->after_id : "");
    sql_bind_int(q, 6, f->limit);
    for (;;) {
        int got = sql_step(q);
        struct recovery_case c;
        if (got > 0)
            got = read_row(q, &c) < 0 ? -EBADMSG : 1;
        if (got <= 0)
            return got;
        got = on_case(&c, context);
        if (got != 0)
            return got;
    }
}
