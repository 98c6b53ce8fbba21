/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "true_cost.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"
#include "event_body.h"
#include "event_type.h"
#include "proposal_row.h"
#include "text.h"
#include "transfer_saga.h"
#include "utf8.h"

#define PPM 1000000

int true_cost_find(struct sql *s, const char *proposal_id, struct true_cost *ret)
{
    assert(s && proposal_id && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT version, freight_paise, handling_paise, paper FROM true_cost"
                     " WHERE proposal_id = $1 ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, proposal_id);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    *ret = (struct true_cost){
        .version = sql_int(q, 0), .freight_paise = sql_int(q, 1), .handling_paise = sql_int(q, 2)};
    sql_copy(q, 3, ret->paper, sizeof(ret->paper));
    return 1;
}

int64_t true_cost_predicted(int64_t cost_paise, const char *inputs)
{
    assert(inputs);
    int64_t ppm = PPM, paise = 0;
    if (event_body_get_int(inputs, "freightPpm", &ppm) < 0 || ppm < 0 || ppm > PPM)
        ppm = PPM;
    return decimal_muldiv(cost_paise, ppm, PPM, &paise) < 0 ? cost_paise : paise;
}

int true_cost_of(struct sql *s, const struct proposal *p, int64_t *ret_paise)
{
    assert(s && p && ret_paise);
    struct true_cost c;
    int got = true_cost_find(s, p->id, &c);
    if (got < 0)
        return got;
    *ret_paise = p->cost_paise;
    if (got > 0)
        *ret_paise +=
            c.freight_paise + c.handling_paise - true_cost_predicted(p->cost_paise, p->inputs);
    return 0;
}

/* ---- entering ---- */

static bool amount_ok(int64_t paise)
{
    return paise >= 0 && paise <= TRUE_COST_PAISE_MAX;
}

static bool equal(const struct true_cost *c, const struct true_cost_said *said)
{
    return c->version > 0 && c->freight_paise == said->freight_paise &&
           c->handling_paise == said->handling_paise && strcmp(c->paper, said->paper) == 0;
}

static int check(const struct true_cost_said *said, bool corrects, struct diag *reterr)
{
    const char *fault = NULL;
    if (!amount_ok(said->freight_paise) || !amount_ok(said->handling_paise))
        fault = "freight and handling: 0 to a hundred crore rupees";
    else if (!said->paper[0] || strlen(said->paper) >= TRUE_COST_PAPER_SIZE ||
             !utf8_is_clean(said->paper))
        fault = "the number of its paper, of at most 32 bytes";
    else if (strlen(said->reason) >= TRUE_COST_REASON_SIZE || !utf8_is_clean(said->reason))
        fault = "reason: at most 160 bytes of plain text";
    else if (corrects && !said->reason[0])
        fault = "what stands already is corrected with a reason";
    diag_set(reterr, 0, "%s", fault ? fault : "");
    return fault ? -EINVAL : 0;
}

/* Freight is owed for what has left. */
static bool has_left(const struct proposal *p)
{
    if (p->state == PROPOSAL_DONE || p->state == PROPOSAL_PARTIAL)
        return true;
    bool on_way = p->state == PROPOSAL_EXECUTING || p->state == PROPOSAL_FAILED;
    return on_way && (p->saga_step & TRANSFER_STEP_MASK) > TRANSFER_LINES &&
           (p->state == PROPOSAL_EXECUTING || p->actual_cost_paise > 0);
}

static int insert(struct sql *s, const char *id, int64_t version, const struct true_cost_said *said)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO true_cost(proposal_id, version, freight_paise, handling_paise,"
                     " paper, made_ms, made_by, reason) VALUES($1, $2, $3, $4, $5, $6, $7, $8)");
    sql_bind_text(q, 1, id);
    sql_bind_int(q, 2, version);
    sql_bind_int(q, 3, said->freight_paise);
    sql_bind_int(q, 4, said->handling_paise);
    sql_bind_text(q, 5, said->paper);
    sql_bind_int(q, 6, said->now_ms);
    sql_bind_text(q, 7, said->by);
    sql_bind_text(q, 8, said->reason);
    return sql_run(q);
}

static int tell(struct sql *s, const struct proposal *p, const struct true_cost *before,
                const struct true_cost_said *said)
{
    struct proposal_by by = {.actor = said->by, .cause = said->cause, .now_ms = said->now_ms};
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "paper", said->paper);
    event_body_int(b, "freightPaise", said->freight_paise);
    event_body_int(b, "handlingPaise", said->handling_paise);
    event_body_int(b, "predictedPaise", true_cost_predicted(p->cost_paise, p->inputs));
    event_body_int(b, "version", before->version + 1);
    event_body_text(b, "beforePaper", before->paper);
    event_body_int(b, "beforeFreightPaise", before->freight_paise);
    event_body_int(b, "beforeHandlingPaise", before->handling_paise);
    event_body_int(b, "actualCostPaise", p->actual_cost_paise);
    event_body_text(b, "why", said->reason);
    int err = proposal_say(s, p, b, EVENT_FREIGHT_ENTERED, &by);
    return err < 0 ? err : 0;
}

/* What has ended already was booked with what was known of it then. */
static int correct(struct sql *s, struct proposal *p, int64_t known_paise)
{
    int64_t now_paise = 0;
    int err = true_cost_of(s, p, &now_paise);
    if (err < 0 || p->state == PROPOSAL_EXECUTING)
        return err;
    p->actual_cost_paise += now_paise - known_paise;
    return proposal_row_update(s, p);
}

int true_cost_enter(struct sql *s, const char *id, const struct true_cost_said *said,
                    struct diag *reterr)
{
    assert(s && id && said && said->paper && said->reason && said->by && said->cause);
    struct proposal p;
    struct true_cost before = {.version = 0};
    int64_t held = 0, known = 0;
    int err = event_next(s, &held); /* nobody else enters or ends it meanwhile */
    if (err == 0)
        err = proposal_find(s, id, &p);
    if (err == -ENOENT || (err == 0 && p.action != PROPOSAL_TRANSFER)) {
        diag_set(reterr, 0, "there is no transfer %.32s", id);
        return -ENOENT;
    }
    int got = err == 0 ? true_cost_find(s, id, &before) : err;
    if (got < 0)
        return got;
    err = check(said, got > 0 && !equal(&before, said), reterr);
    if (err < 0)
        return err;
    if (!has_left(&p)) {
        diag_set(reterr, 0, "nothing of it has left yet");
        return -EPERM;
    }
    if (equal(&before, said))
        return 1;
    err = true_cost_of(s, &p, &known);
    if (err == 0)
        err = insert(s, id, before.version + 1, said);
    if (err == 0)
        err = correct(s, &p, known);
    return err < 0 ? err : tell(s, &p, &before, said);
}
