/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sender.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "email.h"
#include "outbox.h"
#include "rate.h"
#include "sms.h"
#include "webhook.h"
#include "whatsapp.h"

#define URL_SIZE 513
#define HOLD_MS 5000 /* between two looks at what waits for a channel that is off */

struct lane {         /* one channel */
    const char *lack; /* of channel_account_lack(); "": it is on */
    int64_t held_ms;  /* when it was last looked at, while it is off */
    bool repeatable;
    struct rate rate;
    bool pending; /* an answer that is not written yet */
    struct outbox_message message;
    struct send_outcome outcome;
};

struct sender {
    struct sql *s;
    struct sender_conf conf;
    struct channel_account account;
    char sms_callback[URL_SIZE];
    char unsubscribe_url[URL_SIZE];
    struct lane lanes[CHANNEL_COUNT];
};

static void open_lanes(struct sender *n)
{
    const struct channel_account *a = &n->account;
    const int64_t rates[CHANNEL_COUNT] = {[CHANNEL_WHATSAPP] = a->whatsapp.per_second,
                                          [CHANNEL_SMS] = a->sms.per_second,
                                          [CHANNEL_EMAIL] = a->email.per_second};
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        struct lane *l = &n->lanes[i];
        l->lack = channel_account_lack(a, (enum message_channel)i);
        l->rate.per_second = rates[i];
    }
    struct lane *email = &n->lanes[CHANNEL_EMAIL];
    if (email->lack[0] == '\0' && n->conf.public_url[0] == '\0')
        email->lack = "channels.url";
    n->lanes[CHANNEL_SMS].repeatable = sms_repeatable((enum sms_vendor)a->sms.vendor);
}

/* Where a vendor who signs nothing reports, the URL itself proves that it was given by us. */
static int write_urls(struct sender *n)
{
    const char *url = n->conf.public_url;
    const char *tenant = sql_tenant(n->s);
    const char *secret = n->account.secrets[SECRET_SMS_CALLBACK];
    const char *vendor = sms_vendor_names[n->account.sms.vendor];
    int sms = snprintf(n->sms_callback, URL_SIZE, "%s/webhooks/v1/sms/%s", url, tenant);
    if (n->account.sms.vendor != SMS_OURS && secret[0]) {
        char key[WEBHOOK_KEY_SIZE];
        webhook_key(secret, tenant, vendor, key);
        sms = snprintf(n->sms_callback, URL_SIZE, "%s/webhooks/v1/sms/%s/%s?key=%s", url, tenant,
                       vendor, key);
    }
    int link = snprintf(n->unsubscribe_url, URL_SIZE, "%s/u/%s/", url, tenant);
    bool reports = url[0] && (n->account.sms.vendor == SMS_OURS || secret[0]);
    if (!reports)
        n->sms_callback[0] = '\0';
    return sms >= URL_SIZE || link >= URL_SIZE ? -EINVAL : 0;
}

int sender_open(const struct sender_conf *conf, struct sql *s, struct diag *reterr,
                struct sender **ret)
{
    assert(conf && conf->account && conf->public_url && s && ret);
    if (conf->timeout_ms < 1 || conf->timeout_ms >= OUTBOX_LEASE_MS) {
        diag_set(reterr, 0, "timeout: 1 to %d ms", OUTBOX_LEASE_MS - 1);
        return -EINVAL;
    }
    AUTO(sender) made = calloc(1, sizeof(*made));
    if (!made)
        return -ENOMEM;
    made->s = s;
    made->conf = *conf;
    made->account = *conf->account;
    made->conf.account = NULL;
    if (write_urls(made) < 0) {
        diag_set(reterr, 0, "channels.url is too long");
        return -EINVAL;
    }
    open_lanes(made);
    *ret = TAKE(made);
    return 0;
}

void sender_free(struct sender *sender)
{
    if (sender)
        explicit_bzero(sender, sizeof(*sender)); /* tokens and passwords */
    free(sender);
}

/* ---- one request ---- */

static struct send_outcome without_answer(int err)
{
    /* What could not even be written, or must not be sent there, has reached nobody. */
    return (struct send_outcome){.result = err == -ETIMEDOUT ? SENT_UNKNOWN : SENT_NOTHING};
}

static int post(struct sender *n, const char *url, const char *header, char *body,
                struct http_answer *a)
{
    if (!body)
        return -ENOMEM;
    struct http_post request = {.url = url,
                                .headers = &header,
                                .headers_count = 1,
                                .body = body,
                                .ca = n->conf.ca,
                                .timeout_ms = n->conf.timeout_ms};
    int err = http_post(&request, a);
    free(body);
    return err;
}

static struct send_outcome send_whatsapp(struct sender *n, struct lane *l, int64_t now_ms,
                                         struct http_answer *answer)
{
    (void)now_ms;
    char url[URL_SIZE];
    char header[CHANNEL_SECRET_SIZE + 32];
    const struct channel_account *a = &n->account;
    snprintf(url, sizeof(url), "%s/%s/%s/messages", a->whatsapp.url, a->whatsapp.version,
             a->whatsapp.number);
    snprintf(header, sizeof(header), "Authorization: Bearer %s", a->secrets[SECRET_WHATSAPP_TOKEN]);
    int err = post(n, url, header, whatsapp_write(&l->message), answer);
    explicit_bzero(header, sizeof(header));
    return err < 0 ? without_answer(err) : whatsapp_answer(answer);
}

static struct send_outcome send_sms(struct sender *n, struct lane *l, int64_t now_ms,
                                    struct http_answer *answer)
{
    (void)now_ms;
    const struct channel_account *a = &n->account;
    const struct sms_sender sender = {.vendor = (enum sms_vendor)a->sms.vendor,
                                      .pe_id = a->sms.entity,
                                      .header = a->sms.header,
                                      .callback = n->sms_callback,
                                      .user = a->sms.user,
                                      .key = a->secrets[SECRET_SMS_KEY]};
    struct sms_request r;
    int err = sms_request_write(&sender, &l->message, &r);
    if (err < 0)
        return without_answer(err);
    const char *header = r.header;
    struct http_post request = {.url = a->sms.url,
                                .type = r.type,
                                .headers = &header,
                                .headers_count = r.header[0] != '\0',
                                .user = r.user,
                                .password = r.password,
                                .body = r.body,
                                .ca = n->conf.ca,
                                .timeout_ms = n->conf.timeout_ms};
    err = http_post(&request, answer);
    sms_request_wipe(&r);
    return err < 0 ? without_answer(err) : sms_answer(sender.vendor, answer);
}

static struct send_outcome send_email(struct sender *n, struct lane *l, int64_t now_ms,
                                      struct http_answer *answer)
{
    const struct channel_account *a = &n->account;
    struct email_sender from = {.from = a->email.from,
                                .unsubscribe_url = n->unsubscribe_url,
                                .unsubscribe_mail = a->email.unsubscribe,
                                .secret = a->secrets[SECRET_UNSUBSCRIBE]};
    char *text = email_write(&from, &l->message, now_ms);
    if (!text)
        return without_answer(-ENOMEM);
    struct smtp_mail mail = {.url = a->email.url,
                             .from = a->email.from,
                             .to = l->message.address,
                             .text = text,
                             .user = a->email.user,
                             .password = a->secrets[SECRET_EMAIL_PASSWORD],
                             .ca = n->conf.ca,
                             .timeout_ms = n->conf.timeout_ms};
    int err = smtp_send(&mail, answer);
    free(text);
    return err < 0 ? without_answer(err) : email_answer(&l->message, &from, answer);
}

typedef struct send_outcome (*send_fn)(struct sender *n, struct lane *l, int64_t now_ms,
                                       struct http_answer *a);
static const send_fn sends[CHANNEL_COUNT] = {
    [CHANNEL_WHATSAPP] = send_whatsapp, [CHANNEL_SMS] = send_sms, [CHANNEL_EMAIL] = send_email};

/* ---- a step ---- */

static int finish(struct sql *s, int err)
{
    if (err >= 0) {
        int committed = sql_commit(s);
        return committed < 0 ? committed : err;
    }
    sql_rollback(s);
    return err;
}

static void tell_outcome(const struct sender *n, const struct lane *l)
{
    static const char *const words[] = {[SENT_ACCEPTED] = "accepted",
                                        [SENT_REFUSED] = "refused",
                                        [SENT_NOTHING] = "nothing",
                                        [SENT_UNKNOWN] = "unknown"};
    if (n->conf.on_outcome)
        n->conf.on_outcome(&(struct sender_outcome){.message = l->message.id,
                                                    .channel = channel_name(l->message.channel),
                                                    .outcome = words[l->outcome.result],
                                                    .code = l->outcome.result == SENT_REFUSED
                                                                ? l->outcome.code
                                                                : "",
                                                    .cause = l->message.cause,
                                                    .trace = l->message.trace},
                           n->conf.context);
}

static int write_pending(struct sender *n, struct lane *l, int64_t now_ms)
{
    int err = sql_begin(n->s, SQL_WRITE);
    if (err == 0)
        err = finish(n->s, outbox_settle(n->s, &l->message, &l->outcome, now_ms));
    if (err >= 0) {
        l->pending = false;
        tell_outcome(n, l);
    }
    return err;
}

/* 1: l->message is marked as being sent, durably. */
static int claim(struct sender *n, enum message_channel channel, int64_t now_ms,
                 int64_t *ret_due_ms)
{
    struct lane *l = &n->lanes[channel];
    AUTO(setting_book) settings = NULL;
    int err = sql_begin(n->s, SQL_WRITE);
    if (err < 0)
        return err;
    err = setting_book_read(n->s, &settings);
    if (err == 0)
        err = outbox_recover(n->s, channel, l->repeatable, now_ms);
    if (err >= 0)
        err = outbox_next(n->s, channel, settings, now_ms, &l->message, ret_due_ms);
    return finish(n->s, err);
}

static int step_lane(struct sender *n, enum message_channel channel, int64_t now_ms,
                     int64_t *ret_due_ms)
{
    struct lane *l = &n->lanes[channel];
    if (l->pending) {
        int err = write_pending(n, l, now_ms);
        return err < 0 ? err : 1;
    }
    int64_t free_ms = rate_free_ms(&l->rate, now_ms);
    if (free_ms > now_ms) {
        *ret_due_ms = free_ms;
        return 0;
    }
    int got = claim(n, channel, now_ms, ret_due_ms);
    if (got != 1)
        return got;
    struct http_answer *answer = calloc(1, sizeof(*answer));
    if (!answer)
        return -ENOMEM; /* the lease brings it back */
    rate_take(&l->rate, now_ms);
    l->outcome = sends[channel](n, l, now_ms, answer);
    l->outcome.repeatable = l->repeatable;
    l->pending = true;
    free(answer);
    int err = write_pending(n, l, now_ms);
    return err < 0 ? err : 1;
}

/* What waits says what it waits for; looked for first, since seldom anything is new. */
static int hold_lane(struct sender *n, enum message_channel channel, int64_t now_ms,
                     int64_t *ret_due_ms)
{
    struct lane *l = &n->lanes[channel];
    *ret_due_ms = l->held_ms + HOLD_MS;
    if (l->held_ms > 0 && now_ms >= l->held_ms && now_ms < *ret_due_ms)
        return 0;
    int err = sql_begin(n->s, SQL_READ);
    int wait = err < 0 ? err : outbox_is_waiting(n->s, channel, l->lack);
    sql_rollback(n->s);
    if (wait == 1) {
        wait = sql_begin(n->s, SQL_WRITE);
        if (wait == 0)
            wait = finish(n->s, outbox_hold(n->s, channel, l->lack, now_ms));
    }
    l->held_ms = now_ms;
    *ret_due_ms = now_ms + HOLD_MS;
    return wait < 0 ? wait : 0;
}

int sender_step(struct sender *n, int64_t now_ms, int64_t *ret_due_ms)
{
    assert(n && ret_due_ms);
    int64_t due = INT64_MAX;
    int did = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        int64_t lane_due = INT64_MAX;
        bool on = n->lanes[i].lack[0] == '\0';
        int got = on ? step_lane(n, (enum message_channel)i, now_ms, &lane_due)
                     : hold_lane(n, (enum message_channel)i, now_ms, &lane_due);
        if (got < 0)
            return got;
        did |= got;
        due = lane_due < due ? lane_due : due;
    }
    *ret_due_ms = due;
    return did;
}
