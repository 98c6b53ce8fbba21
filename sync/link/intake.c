/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

/* What each verdict says to the device, and to people. */
static const struct verdict_row {
    const char *name;
    enum intake_reply reply;
    enum link_why why; /* INTAKE_REPLY_NACK */
    bool alarms;
} verdicts[INTAKE_VERDICT_COUNT] = {
    [INTAKE_RESUME] = {.name = "resume", .reply = INTAKE_REPLY_RESUME},
    [INTAKE_LACKING] = {.name = "lacking", .reply = INTAKE_REPLY_RESUME, .alarms = true},
    [INTAKE_TAKE] = {.name = "take", .reply = INTAKE_REPLY_ACK},
    [INTAKE_AGAIN] = {.name = "again", .reply = INTAKE_REPLY_ACK},
    [INTAKE_GAP] = {.name = "gap", .reply = INTAKE_REPLY_NACK, .why = LINK_WHY_GAP},
    [INTAKE_FORK] = {.name = "fork",
                     .reply = INTAKE_REPLY_NACK,
                     .why = LINK_WHY_FORK,
                     .alarms = true},
    [INTAKE_ROLLBACK] = {.name = "rollback",
                         .reply = INTAKE_REPLY_NACK,
                         .why = LINK_WHY_FORK,
                         .alarms = true},
    [INTAKE_HELD] = {.name = "held", .reply = INTAKE_REPLY_NACK, .why = LINK_WHY_FORK},
    [INTAKE_SCHEMA] = {.name = "schema", .reply = INTAKE_REPLY_NACK, .why = LINK_WHY_SCHEMA},
    [INTAKE_QUOTA] = {.name = "quota", .reply = INTAKE_REPLY_NACK, .why = LINK_WHY_QUOTA},
    [INTAKE_MALFORMED] = {.name = "malformed", .reply = INTAKE_REPLY_NONE},
};

const char *intake_verdict_name(enum intake_verdict verdict)
{
    return (size_t)verdict < ARRAY_LEN(verdicts) ? verdicts[verdict].name : "unknown";
}

bool intake_verdict_alarms(enum intake_verdict verdict)
{
    return (size_t)verdict < ARRAY_LEN(verdicts) && verdicts[verdict].alarms;
}

static bool same_head(const struct chain_head *a, const struct chain_head *b)
{
    return memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

/* safe is never beyond wm, whatever a backup's date says. */
static int64_t safe_of(const struct intake_row *row)
{
    return row->safe < row->wm ? row->safe : row->wm;
}

static int32_t window_of(const struct intake_conf *conf)
{
    return conf->window > 0 && conf->window < LINK_BATCHES_MAX ? conf->window : LINK_BATCHES_MAX;
}

static int32_t retry_of(const struct intake_conf *conf, enum intake_verdict verdict)
{
    if (verdict == INTAKE_QUOTA)
        return conf->quota_retry_ms > 0 ? conf->quota_retry_ms : INTAKE_RETRY_MS;
    return verdict == INTAKE_SCHEMA ? INTAKE_RETRY_MS : 0;
}

struct intake_answer intake_refuse(const struct intake_row *row, const struct intake_conf *conf,
                                   int64_t s, enum intake_verdict verdict)
{
    assert(row && conf && (size_t)verdict < ARRAY_LEN(verdicts));
    struct intake_answer a = {.verdict = verdict, .reply = verdicts[verdict].reply};
    if (a.reply == INTAKE_REPLY_NACK)
        a.send.nack = (struct link_nack){.s = s,
                                         .wm = row->wm,
                                         .why = (int32_t)verdicts[verdict].why,
                                         .retry_ms = retry_of(conf, verdict)};
    return a;
}

static bool schema_is_read(const struct intake_conf *conf, int32_t schema)
{
    return schema >= conf->schema_oldest && schema <= conf->schema_newest;
}

/* --- HELLO */

static enum intake_verdict judge_hello(const struct intake_row *row, const struct intake_conf *conf,
                                       const struct link_hello *hello)
{
    if (hello->s <= 0 || hello->head < 0 || hello->floor < 1 || hello->floor - 1 > hello->head)
        return INTAKE_MALFORMED;
    if (row->hold != INTAKE_OPEN)
        return INTAKE_HELD;
    if (hello->head == row->wm && !same_head(&hello->head_hash, &row->head))
        return INTAKE_FORK;
    /* Entries up to wm came in session row->s or before. A later session has them, or lost them; an
     * earlier one is a HELLO that was overtaken, and its RESUME will be dropped there. */
    if (hello->head < row->wm && hello->s > row->s)
        return INTAKE_ROLLBACK;
    if (!schema_is_read(conf, hello->schema))
        return INTAKE_SCHEMA;
    if (conf->quota_retry_ms > 0)
        return INTAKE_QUOTA;
    return hello->floor > row->wm + 1 ? INTAKE_LACKING : INTAKE_RESUME;
}

struct intake_answer intake_hello(const struct intake_row *row, const struct intake_conf *conf,
                                  const struct link_hello *hello, int64_t now_ms)
{
    assert(row && conf && hello);
    struct intake_answer a = intake_refuse(row, conf, hello->s, judge_hello(row, conf, hello));
    if (a.reply == INTAKE_REPLY_RESUME)
        a.send.resume = (struct link_resume){.s = hello->s,
                                             .wm = row->wm,
                                             .safe = safe_of(row),
                                             .now_ms = now_ms,
                                             .window = window_of(conf),
                                             .flush_ms = conf->flush_ms,
                                             .early = conf->early};
    return a;
}

/* --- batches */

static int64_t last_of(const struct link_batch *batch)
{
    return batch->first_seq + batch->n - 1;
}

static bool batch_is_sound(const struct link_batch *batch)
{
    return batch->s > 0 && batch->first_seq > 0 && batch->n > 0 && batch->n <= LINK_ENTRIES_MAX &&
           batch->first_seq <= INT64_MAX - LINK_ENTRIES_MAX;
}

static enum intake_verdict judge_batch(const struct intake_row *row, const struct intake_conf *conf,
                                       const struct link_batch *batch)
{
    if (!batch_is_sound(batch))
        return INTAKE_MALFORMED;
    if (row->hold != INTAKE_OPEN)
        return INTAKE_HELD;
    if (last_of(batch) == row->wm && !same_head(&batch->head, &row->head))
        return INTAKE_FORK;
    if (last_of(batch) <= row->wm)
        return INTAKE_AGAIN;
    if (batch->first_seq > row->wm + 1)
        return INTAKE_GAP;
    if (batch->first_seq == row->wm + 1 && !same_head(&batch->prev, &row->head))
        return INTAKE_FORK;
    if (!schema_is_read(conf, batch->schema))
        return INTAKE_SCHEMA;
    return conf->quota_retry_ms > 0 ? INTAKE_QUOTA : INTAKE_TAKE;
}

struct intake_answer intake_batch(const struct intake_row *row, const struct intake_conf *conf,
                                  const struct link_batch *batch)
{
    assert(row && conf && batch);
    struct intake_answer a = intake_refuse(row, conf, batch->s, judge_batch(row, conf, batch));
    if (a.verdict == INTAKE_TAKE) {
        a.from = row->wm + 1;
        a.to = last_of(batch);
    }
    return a;
}

struct intake_answer intake_chained(const struct intake_row *row, const struct intake_conf *conf,
                                    const struct link_batch *batch, const struct chain_head *at_wm,
                                    const struct chain_head *at_end)
{
    assert(row && conf && batch && at_wm && at_end);
    if (!same_head(at_end, &batch->head))
        return intake_refuse(row, conf, batch->s, INTAKE_MALFORMED);
    struct intake_answer a = intake_batch(row, conf, batch);
    if (a.verdict == INTAKE_TAKE && !same_head(at_wm, &row->head))
        return intake_refuse(row, conf, batch->s, INTAKE_FORK);
    return a;
}

struct intake_row intake_advance(const struct intake_row *row, const struct link_batch *batch)
{
    assert(row && batch && batch->first_seq <= row->wm + 1 && last_of(batch) > row->wm);
    struct intake_row next = *row;
    next.wm = last_of(batch);
    next.head = batch->head;
    if (batch->s > next.s)
        next.s = batch->s;
    return next;
}

bool intake_keeps(const struct intake_row *row, const struct intake_conf *conf, int64_t seq,
                  int64_t kept)
{
    assert(row && conf && conf->early <= LINK_EARLY_MAX);
    return row->hold == INTAKE_OPEN && conf->quota_retry_ms <= 0 && seq > row->wm &&
           kept < conf->early;
}

void intake_secured(struct intake_row *row, int64_t safe)
{
    assert(row);
    if (safe > row->safe)
        row->safe = safe;
    row->safe = safe_of(row);
}

/* --- acknowledging */

void intake_owe(struct intake_pace *pace, int64_t s)
{
    assert(pace);
    if (s > pace->owed) /* a batch of an earlier session was doubled or late: nobody waits for it */
        pace->owed = s;
}

int intake_ack_due(struct intake_pace *pace, const struct intake_row *row,
                   const struct intake_conf *conf, int64_t now_ms, struct link_ack *ret_ack,
                   int64_t *ret_due_ms)
{
    assert(pace && row && conf && ret_ack && ret_due_ms);
    *ret_due_ms = INT64_MAX;
    if (pace->owed == 0)
        return 0;
    bool window_used =
        window_of(conf) == LINK_BATCHES_MAX && row->wm - pace->wm >= LINK_ENTRIES_MAX / 2;
    if (pace->sent_ms > 0 && now_ms < pace->sent_ms + INTAKE_ACK_MS && !window_used) {
        *ret_due_ms = pace->sent_ms + INTAKE_ACK_MS;
        return 0;
    }
    *ret_ack = (struct link_ack){.s = pace->owed, .wm = row->wm, .safe = safe_of(row)};
    *pace = (struct intake_pace){.sent_ms = now_ms, .wm = row->wm};
    return 1;
}
