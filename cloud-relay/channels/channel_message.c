/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_message.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"

static const char *const channels[CHANNEL_COUNT] = {"whatsapp", "sms", "email"};
static const char *const purposes[PURPOSE_COUNT] = {"marketing", "transaction", "alert"};
static const char *const states[MESSAGE_STATE_COUNT] = {"queued", "sending", "sent",    "delivered",
                                                        "read",   "failed",  "blocked", "dead"};
static const char *const receipts[RECEIPT_STATUS_COUNT] = {"sent", "delivered", "read", "failed"};
static const char *const consents[] = {"none", "granted", "withdrawn"};

static int find_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    return -EINVAL;
}

const char *channel_name(enum message_channel channel)
{
    assert((size_t)channel < ARRAY_LEN(channels));
    return channels[channel];
}

int channel_parse(const char *name, enum message_channel *ret)
{
    int at = find_word(channels, ARRAY_LEN(channels), name);
    if (at >= 0)
        *ret = (enum message_channel)at;
    return at < 0 ? at : 0;
}

int channel_after(enum message_channel channel, enum message_channel *ret)
{
    if (channel == CHANNEL_EMAIL)
        return -ENOENT;
    *ret = channel == CHANNEL_WHATSAPP ? CHANNEL_SMS : CHANNEL_EMAIL;
    return 0;
}

const char *purpose_name(enum message_purpose purpose)
{
    assert((size_t)purpose < ARRAY_LEN(purposes));
    return purposes[purpose];
}

int purpose_parse(const char *name, enum message_purpose *ret)
{
    int at = find_word(purposes, ARRAY_LEN(purposes), name);
    if (at >= 0)
        *ret = (enum message_purpose)at;
    return at < 0 ? at : 0;
}

const char *message_state_name(enum message_state state)
{
    assert((size_t)state < ARRAY_LEN(states));
    return states[state];
}

int message_state_parse(const char *name, enum message_state *ret)
{
    int at = find_word(states, ARRAY_LEN(states), name);
    if (at >= 0)
        *ret = (enum message_state)at;
    return at < 0 ? at : 0;
}

const char *receipt_status_name(enum receipt_status status)
{
    assert((size_t)status < ARRAY_LEN(receipts));
    return receipts[status];
}

int receipt_status_parse(const char *name, enum receipt_status *ret)
{
    int at = find_word(receipts, ARRAY_LEN(receipts), name);
    if (at >= 0)
        *ret = (enum receipt_status)at;
    return at < 0 ? at : 0;
}

const char *consent_status_name(enum consent_status status)
{
    assert((size_t)status < ARRAY_LEN(consents));
    return consents[status];
}

int consent_status_parse(const char *name, enum consent_status *ret)
{
    int at = find_word(consents, ARRAY_LEN(consents), name);
    if (at >= 0)
        *ret = (enum consent_status)at;
    return at < 0 ? at : 0;
}

/* How much a state says of what the provider did; the greater holds. */
static int rank_of(enum message_state state)
{
    static const int ranks[MESSAGE_STATE_COUNT] = {
        [MESSAGE_QUEUED] = 0, [MESSAGE_SENDING] = 0,   [MESSAGE_DEAD] = 0, [MESSAGE_SENT] = 1,
        [MESSAGE_FAILED] = 2, [MESSAGE_DELIVERED] = 3, [MESSAGE_READ] = 4, [MESSAGE_BLOCKED] = 5};
    return ranks[state];
}

enum message_state message_merge(enum message_state now, enum receipt_status status)
{
    static const enum message_state says[RECEIPT_STATUS_COUNT] = {
        [RECEIPT_SENT] = MESSAGE_SENT,
        [RECEIPT_DELIVERED] = MESSAGE_DELIVERED,
        [RECEIPT_READ] = MESSAGE_READ,
        [RECEIPT_FAILED] = MESSAGE_FAILED};
    assert((size_t)now < ARRAY_LEN(states) && (size_t)status < ARRAY_LEN(says));
    return rank_of(says[status]) > rank_of(now) ? says[status] : now;
}

/* ---- the decision ---- */

#define MINUTE_MS INT64_C(60000)

/* In minutes of the Indian day; 0 and 1440: any hour. */
static const struct {
    int64_t from_min, to_min;
} promotional[CHANNEL_COUNT] = {
    [CHANNEL_WHATSAPP] = {9 * 60, 21 * 60},
    [CHANNEL_SMS] = {10 * 60 + 5, 20 * 60 + 45},
    [CHANNEL_EMAIL] = {0, 1440},
};

int64_t quiet_until_ms(enum message_channel channel, enum message_purpose purpose, int64_t now_ms)
{
    assert((size_t)channel < CHANNEL_COUNT);
    if (purpose != PURPOSE_MARKETING)
        return now_ms;
    int32_t today = civil_ist_day(now_ms);
    int64_t start = civil_ist_start_ms(today);
    int64_t opens = start + promotional[channel].from_min * MINUTE_MS;
    int64_t closes = start + promotional[channel].to_min * MINUTE_MS;
    if (now_ms < opens)
        return opens;
    return now_ms < closes ? now_ms : opens + CIVIL_MS_PER_DAY;
}

static struct send_decision blocked(const char *why, const char *detail)
{
    struct send_decision d = {.verdict = SEND_BLOCKED};
    snprintf(d.why, sizeof(d.why), "%s%s%.60s", why, detail[0] ? ": " : "", detail);
    return d;
}

static struct send_decision later(int64_t until_ms, const char *why)
{
    struct send_decision d = {.verdict = SEND_LATER, .until_ms = until_ms};
    snprintf(d.why, sizeof(d.why), "%s", why);
    return d;
}

bool consent_allows(enum consent_status consent, enum message_purpose purpose)
{
    return purpose == PURPOSE_MARKETING ? consent == CONSENT_GRANTED : consent != CONSENT_WITHDRAWN;
}

struct send_decision send_judge(const struct send_facts *f)
{
    assert(f && f->called_off && f->contact_state && f->variable_fault);
    if (f->called_off[0])
        return blocked("called_off", f->called_off);
    if (f->superseded)
        return blocked("arrived_before", "");
    if (f->held)
        return later(f->now_ms + SEND_HELD_MS, "held");
    if (strcmp(f->contact_state, "active") != 0)
        return blocked("suppressed", f->contact_state[0] ? f->contact_state : "no_contact");
    if (!consent_allows(f->consent, f->purpose))
        return blocked("no_consent", consent_status_name(f->consent));
    int64_t opens = quiet_until_ms(f->channel, f->purpose, f->now_ms);
    if (opens > f->now_ms)
        return later(opens, "quiet_hours");
    if (f->purpose == PURPOSE_MARKETING && f->sent_week >= f->week_cap)
        return blocked("frequency_cap", "");
    if (!f->template_found)
        return blocked("template", "missing");
    if (!f->template_approved)
        return blocked("template", "not_approved");
    if (!f->category_fits)
        return blocked("template", "category");
    if (f->variable_fault[0])
        return blocked("variable", f->variable_fault);
    if (f->quota_until_ms > f->now_ms)
        return later(f->quota_until_ms, "quota");
    if (f->channel == CHANNEL_WHATSAPP && f->last_to_user_ms > 0 &&
        f->now_ms - f->last_to_user_ms < SEND_USER_GAP_MS)
        return later(f->last_to_user_ms + SEND_USER_GAP_MS, "user_gap");
    return (struct send_decision){.verdict = SEND_NOW};
}
