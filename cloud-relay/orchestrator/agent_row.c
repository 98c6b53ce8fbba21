/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent_row.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "event_body.h"
#include "event_type.h"

int agent_row_register(struct sql *s, const char *agent, int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO agent(agent, state, wanted, started_ms, heartbeat_ms, ran_ms,"
                     " due_ms, restarts, failures, retry_ms, handled, last_error, stuck_on, tries)"
                     " VALUES($1, 'starting', 'running', $2, $2, 0, 0, 0, 0, 0, 0, '', '', 0)"
                     " ON CONFLICT (tenant, agent) DO NOTHING");
    sql_bind_text(q, 1, agent);
    sql_bind_int(q, 2, now_ms);
    int err = sql_run(q);
    if (err < 0)
        return err;
    return sql_changes(q) > 0 ? 0 : 1;
}

int agent_row_read(struct sql *s, const char *agent, struct agent_row *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT state, wanted, heartbeat_ms, ran_ms, due_ms, restarts, failures,"
                     " retry_ms, handled, last_error, stuck_on, tries FROM agent WHERE agent = $1");
    sql_bind_text(q, 1, agent);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret = (struct agent_row){.heartbeat_ms = sql_int(q, 2),
                              .ran_ms = sql_int(q, 3),
                              .due_ms = sql_int(q, 4),
                              .restarts = sql_int(q, 5),
                              .failures = sql_int(q, 6),
                              .retry_ms = sql_int(q, 7),
                              .handled = sql_int(q, 8),
                              .tries = sql_int(q, 11)};
    sql_copy(q, 0, ret->state, sizeof(ret->state));
    sql_copy(q, 1, ret->wanted, sizeof(ret->wanted));
    sql_copy(q, 9, ret->last_error, sizeof(ret->last_error));
    sql_copy(q, 10, ret->stuck_on, sizeof(ret->stuck_on));
    return 0;
}

int agent_row_write(struct sql *s, const char *agent, const struct agent_row *row)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE agent SET state = $2, heartbeat_ms = $3, ran_ms = $4, due_ms = $5,"
                     " restarts = $6, failures = $7, retry_ms = $8, handled = $9, last_error = $10,"
                     " stuck_on = $11, tries = $12 WHERE agent = $1");
    sql_bind_text(q, 1, agent);
    sql_bind_text(q, 2, row->state);
    sql_bind_int(q, 3, row->heartbeat_ms);
    sql_bind_int(q, 4, row->ran_ms);
    sql_bind_int(q, 5, row->due_ms);
    sql_bind_int(q, 6, row->restarts);
    sql_bind_int(q, 7, row->failures);
    sql_bind_int(q, 8, row->retry_ms);
    sql_bind_int(q, 9, row->handled);
    sql_bind_text(q, 10, row->last_error);
    sql_bind_text(q, 11, row->stuck_on);
    sql_bind_int(q, 12, row->tries);
    return sql_run(q);
}

int agent_row_tell(struct sql *s, const char *agent, const char *state, const char *why,
                   int64_t now_ms)
{
    char subject[EVENT_SUBJECT_SIZE], cause[EVENT_CAUSE_SIZE], actor[EVENT_ACTOR_SIZE];
    int64_t last = 0;
    int err = event_last(s, &last);
    if (err < 0)
        return err;
    snprintf(subject, sizeof(subject), "agent:%s", agent);
    snprintf(actor, sizeof(actor), "agent:%s", agent);
    snprintf(cause, sizeof(cause), "state:%s:%" PRId64, state, last);
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "agent", agent);
    event_body_text(b, "state", state);
    event_body_text(b, "why", why);
    err = event_body_append(b, s,
                            &(struct event_draft){.kind = EVENT_HAPPENED,
                                                  .type = EVENT_AGENT_CHANGED,
                                                  .version = 1,
                                                  .actor = actor,
                                                  .subject = subject,
                                                  .cause = cause,
                                                  .trace = "",
                                                  .wall_ms = now_ms},
                            NULL);
    return err < 0 ? err : 0;
}

int agent_position_read(struct sql *s, const char *agent, const char *source, int64_t *ret_seq)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq FROM position WHERE consumer = $1 AND source = $2");
    sql_bind_text(q, 1, agent);
    sql_bind_text(q, 2, source);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_seq = got > 0 ? sql_int(q, 0) : 0;
    return 0;
}

int agent_position_write(struct sql *s, const char *agent, const char *source, int64_t seq)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO position(consumer, source, seq) VALUES($1, $2, $3)"
                     " ON CONFLICT (tenant, consumer, source) DO UPDATE SET seq = excluded.seq");
    sql_bind_text(q, 1, agent);
    sql_bind_text(q, 2, source);
    sql_bind_int(q, 3, seq);
    return sql_run(q);
}

/* ---- for people ---- */

int agent_command(struct sql *s, const struct agent_order *o)
{
    static const struct {
        const char *type;
        const char *update;
    } commands[] = {
        [AGENT_START] = {COMMAND_AGENT_START,
                         "UPDATE agent SET wanted = 'running' WHERE agent = $1"},
        [AGENT_STOP] = {COMMAND_AGENT_STOP, "UPDATE agent SET wanted = 'stopped' WHERE agent = $1"},
        [AGENT_RESTART] = {COMMAND_AGENT_RESTART,
                           "UPDATE agent SET wanted = 'running', state = 'starting', failures = 0,"
                           " retry_ms = 0 WHERE agent = $1"},
    };
    assert(s && o && (size_t)o->command < ARRAY_LEN(commands));
    struct agent_row row;
    int err = agent_row_read(s, o->agent, &row);
    if (err < 0)
        return err;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "agent:%s", o->agent);
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "agent", o->agent);
    event_body_text(b, "reason", o->reason);
    err = event_body_append(b, s,
                            &(struct event_draft){.kind = EVENT_COMMAND,
                                                  .type = commands[o->command].type,
                                                  .version = 1,
                                                  .actor = o->by,
                                                  .subject = subject,
                                                  .cause = o->cause,
                                                  .trace = "",
                                                  .wall_ms = o->wall_ms},
                            NULL);
    if (err != 0)
        return err;
    AUTO(sql_query) q = sql_query(s, commands[o->command].update);
    sql_bind_text(q, 1, o->agent);
    return sql_run(q);
}

/* What an agent has a position in, and how far that has grown. */
static const char STATES[] =
    "SELECT agent, state, wanted, started_ms, heartbeat_ms, ran_ms, due_ms, restarts, failures,"
    " retry_ms, handled, last_error,"
    " CAST((SELECT coalesce(sum(w.wm - p.seq), 0) FROM position AS p, watermark AS w"
    "  WHERE p.consumer = a.agent AND p.source = w.device || ':' || CAST(w.epoch AS TEXT))"
    " + (SELECT coalesce(sum((SELECT coalesce(max(e.seq), 0) FROM event AS e) - p.seq), 0)"
    "  FROM position AS p WHERE p.consumer = a.agent AND p.source = 'event') AS BIGINT)"
    " FROM agent AS a ORDER BY agent";

int agent_state_each(struct sql *s, agent_state_fn on_agent, void *context)
{
    assert(s && on_agent);
    AUTO(sql_query) q = sql_query(s, STATES);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct agent_state a = {.started_ms = sql_int(q, 3),
                                .heartbeat_ms = sql_int(q, 4),
                                .ran_ms = sql_int(q, 5),
                                .due_ms = sql_int(q, 6),
                                .restarts = sql_int(q, 7),
                                .failures = sql_int(q, 8),
                                .retry_ms = sql_int(q, 9),
                                .handled = sql_int(q, 10),
                                .behind = sql_int(q, 12)};
        sql_copy(q, 0, a.agent, sizeof(a.agent));
        sql_copy(q, 1, a.state, sizeof(a.state));
        sql_copy(q, 2, a.wanted, sizeof(a.wanted));
        sql_copy(q, 11, a.last_error, sizeof(a.last_error));
        got = on_agent(&a, context);
        if (got != 0)
            return got;
    }
}
