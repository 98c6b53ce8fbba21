/* SPDX-License-Identifier: Apache-2.0 */
#include "uplink.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>

#include "backoff.h"

enum phase {
    PHASE_DOWN,
    PHASE_GREET,   /* HELLO goes out at due_ms */
    PHASE_GREETED, /* its RESUME is awaited; the next HELLO goes out at due_ms */
    PHASE_OPEN,    /* entries may go */
};

/* Boots of one life, and lives before the numbers come again: together below LINK_BOOT_MAX. */
#define BOOTS_BITS 17
#define EPOCHS_APART ((UINT32_C(1) << 20) - 1)
#define HELLOS_MAX ((INT64_C(1) << LINK_SESSION_BITS) - 1)

static int64_t min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

const char *uplink_state_name(enum uplink_state state)
{
    static const char *const names[UPLINK_STATE_COUNT] = {
        [UPLINK_OFFLINE] = "offline", [UPLINK_GREETING] = "greeting", [UPLINK_SYNCED] = "synced",
        [UPLINK_SENDING] = "sending", [UPLINK_PAUSED] = "paused",     [UPLINK_SCHEMA] = "schema",
        [UPLINK_FORK] = "fork",       [UPLINK_ROLLBACK] = "rollback", [UPLINK_SHORT] = "short",
    };
    return (size_t)state < ARRAY_LEN(names) ? names[state] : "unknown";
}

/* --- what is under way */

/* Everything behind the acknowledged is to be sent again. */
static void forget_sent(struct uplink *u)
{
    u->batches = 0;
    u->next = u->acked + 1;
    u->answer_ms = UPLINK_NEVER_MS;
}

static void drop_acked_batches(struct uplink *u)
{
    int gone = 0;
    while (gone < u->batches && u->batch_last[gone] <= u->acked)
        gone++;
    for (int i = gone; i < u->batches; i++)
        u->batch_last[i - gone] = u->batch_last[i];
    u->batches -= gone;
    u->next = max_i64(u->next, u->acked + 1);
}

static int64_t patience_ms(const struct uplink *u)
{
    return UPLINK_PATIENCE_MS + 4 * u->rtt_ms;
}

/* --- greeting */

static void greet(struct uplink *u, int64_t due_ms)
{
    u->phase = PHASE_GREET;
    u->due_ms = due_ms;
    forget_sent(u);
}

static void greet_later(struct uplink *u, int64_t now_ms)
{
    greet(u, now_ms + backoff_ms(&u->rng, u->attempt));
    u->attempt++;
}

/* Stops sending. Asks again after wait_ms or more: half of it on top is jitter. */
static void halt(struct uplink *u, enum uplink_state trouble, int64_t wait_ms, int64_t now_ms)
{
    u->trouble = trouble;
    greet(u, now_ms + wait_ms + (int64_t)rng_below(&u->rng, (uint64_t)(wait_ms / 2 + 1)));
}

static int64_t bounded_pause_ms(int32_t retry_ms)
{
    return min_i64(max_i64(retry_ms, BACKOFF_MIN_MS), UPLINK_PAUSE_MAX_MS);
}

int64_t uplink_first_boot(uint32_t epoch)
{
    return ((int64_t)(epoch & EPOCHS_APART) << BOOTS_BITS) + 1;
}

void uplink_start(struct uplink *u, const struct uplink_conf *conf,
                  const struct uplink_journal *journal)
{
    assert(u && conf && journal);
    assert(conf->boot > 0 && conf->boot <= LINK_BOOT_MAX);
    assert(conf->flush_entries > 0 && conf->flush_ms >= 0 && conf->refresh_ms > 0);
    assert(journal->head >= 0 && journal->floor >= 1 && journal->floor <= journal->head + 1);
    *u = (struct uplink){.conf = *conf,
                         .rng = rng_seed(conf->seed),
                         .phase = PHASE_DOWN,
                         .trouble = UPLINK_SYNCED,
                         .boot = conf->boot,
                         .floor = journal->floor,
                         .head = journal->head,
                         .acked = max_i64(min_i64(journal->acked, journal->head), 0),
                         .turned_back = -1,
                         .window = LINK_BATCHES_MAX,
                         .flush_ms = conf->flush_ms,
                         .last_ack_ms = UPLINK_NEVER_MS};
    u->safe = max_i64(min_i64(journal->safe, u->acked), 0);
    forget_sent(u);
}

void uplink_link_up(struct uplink *u, int64_t now_ms)
{
    assert(u);
    u->attempt = 0;
    greet(u, now_ms + (int64_t)rng_below(&u->rng, UPLINK_SPREAD_MS + 1));
}

void uplink_link_down(struct uplink *u, int64_t now_ms)
{
    assert(u);
    (void)now_ms;
    u->phase = PHASE_DOWN;
    u->s = 0; /* no answer of the lost session counts any more */
    forget_sent(u);
}

void uplink_appended(struct uplink *u, int64_t head, bool urgent, int64_t now_ms)
{
    assert(u && head >= u->head);
    if (u->next > u->head && head > u->head)
        u->gather_ms = now_ms;
    u->head = head;
    if (urgent)
        u->urgent = head;
}

void uplink_trimmed(struct uplink *u, int64_t floor)
{
    assert(u && floor >= u->floor && floor <= u->head + 1);
    u->floor = floor;
}

void uplink_renew(struct uplink *u, int64_t boot)
{
    assert(u && boot > u->boot && boot <= LINK_BOOT_MAX);
    u->boot = boot;
    u->hellos = 0;
}

/* --- what the relay says */

/* More is stored there than was ever written here. Up to this journal's head the two still agree,
 * or not; nothing of it counts as acknowledged by this. */
static int rolled_back(struct uplink *u, int64_t now_ms)
{
    halt(u, UPLINK_ROLLBACK, UPLINK_HALTED_MS, now_ms);
    return 1;
}

/* wm is known to be stored: the acknowledged moves to it, back as well. */
static void settle(struct uplink *u, int64_t wm, int64_t safe, int64_t now_ms)
{
    bool progress = wm > u->acked;
    u->acked = wm;
    u->safe = safe;
    if (wm >= u->ahead_last)
        u->ahead = 0;
    if (progress)
        u->last_ack_ms = now_ms;
    if (progress || wm == u->head) /* a relay that only greets is asked ever more seldom */
        u->attempt = 0;
}

int uplink_resume(struct uplink *u, const struct link_resume *resume, int64_t now_ms)
{
    assert(u && resume);
    /* One answer a session: a second of the same number may be older than what was done since. */
    if (u->phase != PHASE_GREETED || resume->s != u->s)
        return 0;
    if (resume->wm < 0 || resume->safe < 0 || resume->safe > resume->wm)
        return -EBADMSG;
    if (resume->wm > u->head)
        return rolled_back(u, now_ms);
    if (resume->wm + 1 < u->floor) {
        halt(u, UPLINK_SHORT, UPLINK_HALTED_MS, now_ms);
        return 1;
    }
    u->phase = PHASE_OPEN;
    u->trouble = UPLINK_SYNCED;
    u->turned_back = -1;
    u->window = resume->window > 0 ? min_i64(resume->window, LINK_BATCHES_MAX) : LINK_BATCHES_MAX;
    /* The tariff's interval is a floor: a relay may slow this link down, never make it dearer. */
    u->flush_ms = max_i64(u->conf.flush_ms, min_i64(resume->flush_ms, UPLINK_FLUSH_MAX_MS));
    u->rtt_ms = now_ms - u->hello_ms;
    u->paused_ms = now_ms;
    u->refresh_ms = now_ms + u->conf.refresh_ms;
    u->gather_ms = now_ms - u->flush_ms; /* what gathered without a link has waited long enough */
    u->room = max_i64(min_i64(resume->early, LINK_EARLY_MAX), 0);
    u->look = 0; /* a relay may have lost what it was told */
    u->ahead = 0;
    settle(u, resume->wm, resume->safe, now_ms);
    u->pace_ms = now_ms;
    u->pace_seq = u->acked;
    forget_sent(u);
    return 1;
}

int uplink_ack(struct uplink *u, const struct link_ack *ack, int64_t now_ms)
{
    assert(u && ack);
    if (u->phase != PHASE_OPEN || ack->s != u->s || ack->wm < u->acked)
        return 0;
    if (ack->safe < 0 || ack->safe > ack->wm)
        return -EBADMSG;
    if (ack->wm > u->head)
        return rolled_back(u, now_ms);
    bool progress = ack->wm > u->acked;
    settle(u, ack->wm, max_i64(u->safe, ack->safe), now_ms);
    drop_acked_batches(u);
    u->refresh_ms = now_ms + u->conf.refresh_ms;
    if (u->batches == 0)
        u->answer_ms = UPLINK_NEVER_MS;
    else if (progress)
        u->answer_ms = now_ms + patience_ms(u);
    return 1;
}

static int go_back(struct uplink *u, const struct link_nack *nack, int64_t now_ms)
{
    if (u->phase != PHASE_OPEN || nack->wm == u->turned_back)
        return 0; /* every batch behind a gap is answered so: the first has turned us back */
    if (nack->wm < u->acked) { /* overtaken, or the relay was restored: HELLO tells which */
        greet(u, now_ms + backoff_ms(&u->rng, 0));
        return 1;
    }
    settle(u, nack->wm, u->safe, now_ms);
    forget_sent(u);
    u->turned_back = nack->wm;
    u->gather_ms = now_ms - u->flush_ms;
    return 1;
}

static int take_pause(struct uplink *u, const struct link_nack *nack, int64_t now_ms)
{
    int64_t pause_ms = bounded_pause_ms(nack->retry_ms);
    if (u->phase == PHASE_GREETED) {
        halt(u, UPLINK_PAUSED, pause_ms, now_ms);
        return 1;
    }
    u->paused_ms = now_ms + pause_ms;
    forget_sent(u);
    u->gather_ms = now_ms - u->flush_ms;
    return 1;
}

int uplink_nack(struct uplink *u, const struct link_nack *nack, int64_t now_ms)
{
    assert(u && nack);
    if ((u->phase != PHASE_GREETED && u->phase != PHASE_OPEN) || nack->s != u->s)
        return 0;
    if (nack->wm < 0)
        return -EBADMSG;
    switch (nack->why) {
    case LINK_WHY_GAP:
        return nack->wm > u->head ? rolled_back(u, now_ms) : go_back(u, nack, now_ms);
    case LINK_WHY_QUOTA:
        return take_pause(u, nack, now_ms);
    case LINK_WHY_FORK:
        halt(u, UPLINK_FORK, UPLINK_HALTED_MS, now_ms);
        return 1;
    case LINK_WHY_SCHEMA:
        halt(u, UPLINK_SCHEMA, bounded_pause_ms(nack->retry_ms), now_ms);
        return 1;
    default: /* a reason of a newer relay: whatever it is, this batch was not taken */
        halt(u, UPLINK_PAUSED, bounded_pause_ms(nack->retry_ms), now_ms);
        return 1;
    }
}

/* --- what to do */

static struct uplink_action wait_until(int64_t until_ms)
{
    return (struct uplink_action){.step = UPLINK_WAIT, .until_ms = until_ms};
}

static struct uplink_action next_hello(const struct uplink *u, int64_t now_ms)
{
    if (now_ms < u->due_ms)
        return wait_until(u->due_ms);
    if (u->hellos == HELLOS_MAX)
        return (struct uplink_action){.step = UPLINK_RENEW};
    return (struct uplink_action){.step = UPLINK_HELLO,
                                  .s = u->boot << LINK_SESSION_BITS | (u->hellos + 1),
                                  .floor = u->floor,
                                  .head = u->head};
}

/* How many entries go now; 0 and *ret_until_ms when they are to gather, or to wait for an ACK. */
static int64_t batch_size(const struct uplink *u, int64_t now_ms, int64_t *ret_until_ms)
{
    int64_t waiting = u->head - u->next + 1;
    int64_t room = LINK_ENTRIES_MAX - (u->next - 1 - u->acked);
    *ret_until_ms = UPLINK_NEVER_MS;
    if (waiting == 0 || u->batches >= u->window)
        return 0;
    /* Not a few entries at a time into a window that opens bit by bit. */
    if (room < min_i64(waiting, u->conf.flush_entries) && u->batches > 0)
        return 0;
    int64_t flush_ms = u->gather_ms + u->flush_ms;
    if (waiting < u->conf.flush_entries && u->urgent < u->next && now_ms < flush_ms) {
        *ret_until_ms = flush_ms;
        return 0;
    }
    return min_i64(waiting, room);
}

/* Only behind a long backlog, while something of it was not looked at and the relay has room. */
static bool may_tell(const struct uplink *u)
{
    return u->conf.early_behind > 0 && u->head - u->acked > u->conf.early_behind &&
           max_i64(u->look, u->acked + 1) <= u->head && u->ahead < u->room;
}

static struct uplink_action next_notice(const struct uplink *u)
{
    int64_t first = max_i64(u->look, u->acked + 1);
    return (struct uplink_action){.step = UPLINK_NOTICE,
                                  .s = u->s,
                                  .first_seq = first,
                                  .last_seq = min_i64(u->head, first + UPLINK_LOOK_MAX - 1),
                                  .n = u->room - u->ahead};
}

static struct uplink_action next_batch(const struct uplink *u, int64_t now_ms)
{
    if (now_ms < u->paused_ms)
        return wait_until(u->paused_ms);
    if (may_tell(u))
        return next_notice(u);
    int64_t until_ms;
    int64_t n = batch_size(u, now_ms, &until_ms);
    if (n > 0)
        return (struct uplink_action){
            .step = UPLINK_BATCH, .s = u->s, .first_seq = u->next, .n = n};
    return wait_until(min_i64(until_ms, u->batches > 0 ? u->answer_ms : u->refresh_ms));
}

struct uplink_action uplink_next(struct uplink *u, int64_t now_ms)
{
    assert(u);
    if (u->phase == PHASE_OPEN && now_ms >= u->answer_ms)
        greet_later(u, now_ms);
    else if (u->phase == PHASE_OPEN && u->batches == 0 && now_ms >= u->refresh_ms)
        greet(u, now_ms);
    if (u->phase == PHASE_DOWN)
        return wait_until(UPLINK_NEVER_MS);
    return u->phase == PHASE_OPEN ? next_batch(u, now_ms) : next_hello(u, now_ms);
}

static void hello_sent(struct uplink *u, const struct uplink_action *action, int64_t now_ms)
{
    assert(u->phase == PHASE_GREET || u->phase == PHASE_GREETED);
    u->hellos++;
    u->s = action->s;
    u->phase = PHASE_GREETED;
    u->hello_ms = now_ms;
    u->due_ms = now_ms + backoff_ms(&u->rng, u->attempt);
    u->attempt++;
}

static void batch_sent(struct uplink *u, const struct uplink_action *action, int64_t now_ms)
{
    assert(u->phase == PHASE_OPEN && u->batches < LINK_BATCHES_MAX);
    assert(action->first_seq == u->next && action->n > 0);
    assert(action->first_seq + action->n - 1 <= u->head);
    u->next = action->first_seq + action->n;
    u->batch_last[u->batches++] = u->next - 1;
    if (u->answer_ms == UPLINK_NEVER_MS)
        u->answer_ms = now_ms + patience_ms(u);
}

void uplink_sent(struct uplink *u, const struct uplink_action *action, int64_t now_ms)
{
    assert(u && action && (action->step == UPLINK_HELLO || action->step == UPLINK_BATCH));
    if (action->step == UPLINK_HELLO)
        hello_sent(u, action, now_ms);
    else
        batch_sent(u, action, now_ms);
}

void uplink_noticed(struct uplink *u, const struct uplink_action *action, int64_t looked, int64_t n)
{
    assert(u && action && action->step == UPLINK_NOTICE && u->phase == PHASE_OPEN);
    assert(looked >= action->first_seq && looked <= action->last_seq && looked <= u->head);
    assert(n >= 0 && n <= action->n);
    u->look = looked + 1;
    u->ahead += n;
    if (n > 0)
        u->ahead_last = looked;
}

int64_t uplink_deletable(const struct uplink *u)
{
    assert(u);
    return min_i64(u->safe, u->acked);
}

/* --- what to show */

static enum uplink_state state_of(const struct uplink *u, int64_t now_ms)
{
    if (u->phase == PHASE_DOWN)
        return UPLINK_OFFLINE;
    if (u->trouble != UPLINK_SYNCED)
        return u->trouble;
    if (u->phase != PHASE_OPEN)
        return UPLINK_GREETING;
    if (now_ms < u->paused_ms)
        return UPLINK_PAUSED;
    return u->acked == u->head ? UPLINK_SYNCED : UPLINK_SENDING;
}

static int64_t left_ms(const struct uplink *u, int64_t now_ms)
{
    int64_t done = u->acked - u->pace_seq;
    int64_t took_ms = now_ms - u->pace_ms;
    if (u->acked == u->head)
        return 0;
    if (u->phase != PHASE_OPEN || done <= 0 || took_ms <= 0)
        return UPLINK_NEVER_MS;
    return (u->head - u->acked) * took_ms / done;
}

struct uplink_status uplink_status(const struct uplink *u, int64_t now_ms)
{
    assert(u);
    int64_t retry_ms = UPLINK_NEVER_MS;
    if (u->phase == PHASE_GREET || u->phase == PHASE_GREETED)
        retry_ms = u->due_ms;
    else if (u->phase == PHASE_OPEN && now_ms < u->paused_ms)
        retry_ms = u->paused_ms;
    return (struct uplink_status){.state = state_of(u, now_ms),
                                  .acked = u->acked,
                                  .safe = u->safe,
                                  .backlog = u->head - u->acked,
                                  .oldest_seq = u->acked < u->head ? u->acked + 1 : 0,
                                  .last_ack_ms = u->last_ack_ms,
                                  .left_ms = left_ms(u, now_ms),
                                  .retry_ms = retry_ms,
                                  .unanswered = u->attempt,
                                  .rtt_ms = u->rtt_ms};
}
