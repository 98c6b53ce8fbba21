/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sender.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "email.h"
#include "file_text.h"
#include "outbox.h"
#include "whatsapp.h"

#define SECRET_SIZE 1025
#define URL_SIZE 513

struct lane { /* one channel */
    bool on;
    bool repeatable;
    struct rate rate;
    char secret[SECRET_SIZE]; /* token, key or password */
    bool pending;             /* an answer that is not written yet */
    struct outbox_message message;
    struct send_outcome outcome;
};

struct sender {
    struct sql *s;
    struct sender_conf conf;
    struct lane lanes[CHANNEL_COUNT];
    char unsubscribe_secret[SECRET_SIZE];
};

struct sender_conf sender_conf_default(void)
{
    return (struct sender_conf){.whatsapp = {"", "v23.0", "", "", 80},
                                .sms = {"", "", {SMS_OURS, "", "", ""}, 20},
                                .email = {"", "", "", "", "", "", "", 10},
                                .timeout_ms = 20000};
}

static int read_secret(const char *path, char ret[SECRET_SIZE], struct diag *reterr)
{
    char *text = NULL;
    if (path[0] == '\0')
        return 0;
    size_t len = 0;
    int err = file_text(path, SECRET_SIZE - 1, &text, &len);
    if (err < 0) {
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
        return -EINVAL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    snprintf(ret, SECRET_SIZE, "%s", text);
    free(text);
    return 0;
}

static int open_lane(struct lane *l, const char *url, int64_t per_second, bool repeatable,
                     const char *secret_path, struct diag *reterr)
{
    l->on = url[0] != '\0';
    l->repeatable = repeatable;
    l->rate.per_second = per_second;
    if (!l->on)
        return 0;
    if (per_second < 1 || per_second > SENDER_RATE_MAX) {
        diag_set(reterr, 0, "%s: 1 to %d messages a second", url, SENDER_RATE_MAX);
        return -EINVAL;
    }
    return read_secret(secret_path, l->secret, reterr);
}

int sender_open(const struct sender_conf *conf, struct sql *s, struct diag *reterr,
                struct sender **ret)
{
    assert(conf && s && ret);
    if (conf->timeout_ms < 1 || conf->timeout_ms >= OUTBOX_LEASE_MS) {
        diag_set(reterr, 0, "timeout: 1 to %d ms", OUTBOX_LEASE_MS - 1);
        return -EINVAL;
    }
    AUTO(sender) made = calloc(1, sizeof(*made));
    if (!made)
        return -ENOMEM;
    made->s = s;
    made->conf = *conf;
    int err = open_lane(&made->lanes[CHANNEL_WHATSAPP], conf->whatsapp.url,
                        conf->whatsapp.per_second, false, conf->whatsapp.token_path, reterr);
    if (err == 0)
        err = open_lane(&made->lanes[CHANNEL_SMS], conf->sms.url, conf->sms.per_second,
                        sms_repeatable(conf->sms.sender.vendor), conf->sms.key_path, reterr);
    if (err == 0)
        err = open_lane(&made->lanes[CHANNEL_EMAIL], conf->email.url, conf->email.per_second, false,
                        conf->email.password_path, reterr);
    if (err == 0 && conf->email.url[0])
        err = read_secret(conf->email.secret_path, made->unsubscribe_secret, reterr);
    if (err == 0)
        *ret = TAKE(made);
    return err;
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
                                         struct http_answer *a)
{
    (void)now_ms;
    char url[URL_SIZE];
    char header[SECRET_SIZE + 32];
    snprintf(url, sizeof(url), "%s/%s/%s/messages", n->conf.whatsapp.url, n->conf.whatsapp.version,
             n->conf.whatsapp.phone_number_id);
    snprintf(header, sizeof(header), "Authorization: Bearer %s", l->secret);
    int err = post(n, url, header, whatsapp_write(&l->message), a);
    return err < 0 ? without_answer(err) : whatsapp_answer(a);
}

static struct send_outcome send_sms(struct sender *n, struct lane *l, int64_t now_ms,
                                    struct http_answer *a)
{
    (void)now_ms;
    char header[SECRET_SIZE + 32];
    snprintf(header, sizeof(header), "authkey: %s", l->secret);
    int err = post(n, n->conf.sms.url, header, sms_write(&n->conf.sms.sender, &l->message), a);
    return err < 0 ? without_answer(err) : sms_answer(n->conf.sms.sender.vendor, a);
}

static struct send_outcome send_email(struct sender *n, struct lane *l, int64_t now_ms,
                                      struct http_answer *a)
{
    struct email_sender from = {.from = n->conf.email.from,
                                .unsubscribe_url = n->conf.email.unsubscribe_url,
                                .unsubscribe_mail = n->conf.email.unsubscribe_mail,
                                .secret = n->unsubscribe_secret};
    char *text = email_write(&from, &l->message, now_ms);
    if (!text)
        return without_answer(-ENOMEM);
    struct smtp_mail mail = {.url = n->conf.email.url,
                             .from = n->conf.email.from,
                             .to = l->message.address,
                             .text = text,
                             .user = n->conf.email.user,
                             .password = l->secret,
                             .ca = n->conf.ca,
                             .timeout_ms = n->conf.timeout_ms};
    int err = smtp_send(&mail, a);
    free(text);
    return err < 0 ? without_answer(err) : email_answer(&l->message, &from, a);
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

static int write_pending(struct sender *n, struct lane *l, int64_t now_ms)
{
    int err = sql_begin(n->s, SQL_WRITE);
    if (err == 0)
        err = finish(n->s, outbox_settle(n->s, &l->message, &l->outcome, now_ms));
    if (err >= 0)
        l->pending = false;
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

int sender_step(struct sender *n, int64_t now_ms, int64_t *ret_due_ms)
{
    assert(n && ret_due_ms);
    int64_t due = INT64_MAX;
    int did = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        int64_t lane_due = INT64_MAX;
        int got = n->lanes[i].on ? step_lane(n, (enum message_channel)i, now_ms, &lane_due) : 0;
        if (got < 0)
            return got;
        did |= got;
        due = lane_due < due ? lane_due : due;
    }
    *ret_due_ms = due;
    return did;
}
