/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/transfer_steps.h -- the steps in which a proposal becomes a transfer or another
 * outcome, and what is seen of it. */
#pragma once

#include "relay_world.h"

#include "transfer_saga.h"

/* A case, a proposal for `units` to that site, and all that agents do with it by themselves. */
static inline void begin(struct world *w, const char *to, int64_t units,
                         char case_id[RECOVERY_ID_SIZE], char id[PROPOSAL_ID_SIZE])
{
    world_case(w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", to, units);
    world_propose(w, &p, id);
    world_settle(w);
}

static inline void expect_state(struct world *w, const char *id, enum proposal_state state)
{
    struct proposal p = world_proposal(w, id);
    if (p.state != state)
        fail_msg("%s is %s (%s; %s), not %s", id, proposal_state_name(p.state), p.compliance,
                 p.decided_reason, proposal_state_name(state));
}

static inline void expect_case(struct world *w, const char *id, enum recovery_state state)
{
    assert_string_equal(recovery_state_name(world_find_case(w, id).state),
                        recovery_state_name(state));
}

static inline int64_t lines(struct world *w, const char *kind, const char *state)
{
    relay_begin(w->s, SQL_READ);
    int64_t n = 0;
    {
        AUTO(sql_query)
        q = sql_query(w->s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM order_line"
                            " WHERE kind = $1 AND state = $2");
        sql_bind_text(q, 1, kind);
        sql_bind_text(q, 2, state);
        assert_int_equal(sql_step(q), 1);
        n = sql_int(q, 0);
    }
    sql_rollback(w->s);
    return n;
}

static inline int64_t said(struct world *w, const char *type)
{
    relay_begin(w->s, SQL_READ);
    int64_t n = 0;
    {
        AUTO(sql_query) q = sql_query(w->s, "SELECT count(*) FROM event WHERE type = $1");
        sql_bind_text(q, 1, type);
        assert_int_equal(sql_step(q), 1);
        n = sql_int(q, 0);
    }
    sql_rollback(w->s);
    return n;
}

static inline int keep_body(const struct event *e, void *context)
{
    snprintf(context, 1024, "%s", e->body);
    return 0;
}

static inline const char *last_said(struct world *w, const char *type, char body[1024])
{
    body[0] = '\0';
    relay_begin(w->s, SQL_READ);
    struct event_filter f = {.type = type, .newest_first = true, .limit = 1};
    assert_int_equal(event_each(w->s, &f, keep_body, body), 0);
    sql_rollback(w->s);
    return body;
}

static inline int64_t free_units(struct world *w)
{
    int64_t n = 0;
    struct batch_key b = world_batch("B1");
    relay_begin(w->s, SQL_READ);
    assert_int_equal(transfer_free_units(w->s, "PUNE", "BISC", &b, &n), 0);
    sql_rollback(w->s);
    return n;
}
