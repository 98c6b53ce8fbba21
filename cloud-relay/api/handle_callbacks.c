/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What providers call back. Nobody signs in here: a body is believed by the signature of its raw
 * bytes, under the secret that one distributor shares with one provider, or, of a gateway that
 * signs nothing, by the key in the URL that it was given; before a byte of it is read. All items of
 * a body are one transaction, so that what is told again is wholly known or wholly new. Neither
 * bodies nor signatures are logged. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_gate.h"
#include "api_handlers.h"
#include "api_metrics.h"
#include "api_state.h"
#include "channel_secret.h"
#include "log.h"
#include "webhook.h"

#define SEAT_WAIT_MS 3000
#define TRIES_MAX 3 /* of a transaction that waited for another in vain */

struct source { /* one provider's callbacks */
    enum message_channel channel;
    enum channel_secret secret;
    int (*read)(const char *body, size_t len, webhook_fn on_item, void *context);
    const char
        *vendor; /* who signs nothing, and shows the key of his URL; "": the body is signed */
};

/* "" where the tenant has none; one that cannot be used is said in the log. */
static int read_secret(const struct api_call *call, enum channel_secret which,
                       char ret[CHANNEL_SECRET_SIZE])
{
    struct diag why = {.line = 0};
    const char *folder = call->api->conf.channels_folder;
    ret[0] = '\0';
    int err = channel_secret_read(folder ? folder : "", api_arg(call, "tenant"), which, ret, &why);
    if (err < 0 && err != -ENOENT)
        log_line(LOG_LEVEL_ERROR, "api: callbacks are refused: %s", why.text);
    return err == -ENOMEM ? err : 0;
}

/* Alike for a wrong signature or key, a tenant without a secret, and none at all: nobody can ask
 * who is there. */
static int unsigned_body(struct api_call *call, const struct source *from)
{
    api_metrics_callback(call->api->metrics, from->channel, CALLBACK_REFUSED);
    bool keyed = from->vendor[0] != '\0';
    return api_refuse(call, 401, keyed ? "key" : "signature", keyed ? "key" : "X-Hub-Signature-256",
                      keyed ? "the URL that this distributor gave to the gateway"
                            : "sha256= and the HMAC-SHA256 of the raw body",
                      "the body is not shown to be of this distributor's provider");
}

static int check_origin(struct api_call *call, const struct source *from)
{
    char secret[CHANNEL_SECRET_SIZE];
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    int err = read_secret(call, from->secret, secret);
    bool is_signed =
        from->vendor[0]
            ? webhook_keyed(secret, api_arg(call, "tenant"), from->vendor, api_arg(call, "key"))
            : webhook_signed(secret, body, len, http_header(call->request, "X-Hub-Signature-256"));
    explicit_bzero(secret, sizeof(secret));
    if (err < 0)
        return err;
    return is_signed ? 0 : unsigned_body(call, from);
}

/* ---- what it says ---- */

/* A mail to the address of a token: 1 where it is none of ours, or one of long ago. */
static int take_token(struct api_call *call, const char *token)
{
    char secret[CHANNEL_SECRET_SIZE];
    int err = read_secret(call, SECRET_UNSUBSCRIBE, secret);
    if (err == 0)
        err = unsubscribe_take(call->s, secret, token, call->now_ms);
    explicit_bzero(secret, sizeof(secret));
    return err == -EPERM || err == -ETIME ? 1 : err;
}

static int on_item(const struct webhook_item *item, void *context)
{
    struct api_call *call = context;
    int known = item->kind == WEBHOOK_UNSUBSCRIBE ? take_token(call, item->payload)
                                                  : webhook_take(call->s, item, call->now_ms);
    call->wrote |= known == 0;
    return known < 0 ? known : 0;
}

static int take_once(struct api_call *call, const struct source *from)
{
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    call->wrote = false;
    int err = sql_begin(call->s, SQL_WRITE);
    if (err == 0)
        err = from->read(body, len, on_item, call);
    if (err == 0)
        err = sql_commit(call->s);
    if (err < 0)
        sql_rollback(call->s);
    return err;
}

static int take(struct api_call *call, const struct source *from)
{
    const char *tenant = api_arg(call, "tenant");
    int err = check_origin(call, from);
    if (err == 0)
        err = api_gate_callback(call, tenant);
    if (err == 0)
        err = api_seat_take(call->api->seats, tenant, SEAT_WAIT_MS, &call->seat);
    if (err < 0)
        return err == -ENOENT ? unsigned_body(call, from) : err;
    call->s = call->seat.s;
    snprintf(call->who.tenant, sizeof(call->who.tenant), "%s", tenant);
    err = take_once(call, from);
    for (int i = 1; i < TRIES_MAX && err == -EBUSY; i++)
        err = take_once(call, from);
    api_seat_give(call->api->seats, &call->seat);
    call->s = NULL;
    if (err == -EBADMSG) {
        api_metrics_callback(call->api->metrics, from->channel, CALLBACK_MALFORMED);
        return api_refuse(call, 400, "malformed", "", "what the provider's documents show",
                          "the body is not of this provider's form");
    }
    if (err == 0)
        api_metrics_callback(call->api->metrics, from->channel, CALLBACK_TAKEN);
    return err;
}

int handle_take_whatsapp(struct api_call *call)
{
    static const struct source whatsapp = {CHANNEL_WHATSAPP, SECRET_WHATSAPP_APP,
                                           whatsapp_webhook_read, ""};
    return take(call, &whatsapp);
}

int handle_take_sms(struct api_call *call)
{
    static const struct source sms = {CHANNEL_SMS, SECRET_SMS_CALLBACK, sms_webhook_read, ""};
    return take(call, &sms);
}

int handle_take_sms_report(struct api_call *call)
{
    static const struct source gateways[] = {
        {CHANNEL_SMS, SECRET_SMS_CALLBACK, msg91_webhook_read, "msg91"},
        {CHANNEL_SMS, SECRET_SMS_CALLBACK, exotel_webhook_read, "exotel"},
        {CHANNEL_SMS, SECRET_SMS_CALLBACK, gupshup_webhook_read, "gupshup"},
    };
    for (size_t i = 0; i < ARRAY_LEN(gateways); i++)
        if (strcmp(gateways[i].vendor, api_arg(call, "vendor")) == 0)
            return take(call, &gateways[i]);
    return -EINVAL; /* the document lets no other pass */
}

int handle_take_email(struct api_call *call)
{
    static const struct source email = {CHANNEL_EMAIL, SECRET_EMAIL_CALLBACK, email_webhook_read,
                                        ""};
    return take(call, &email);
}

int handle_subscribe_whatsapp(struct api_call *call)
{
    char secret[CHANNEL_SECRET_SIZE];
    int err = read_secret(call, SECRET_WHATSAPP_VERIFY, secret);
    int refused =
        webhook_subscribe(api_arg(call, "hub.mode"), api_arg(call, "hub.verify_token"), secret);
    explicit_bzero(secret, sizeof(secret));
    if (err < 0)
        return err;
    if (refused < 0)
        return api_refuse(call, 403, "verify_token", "hub.verify_token", "",
                          "the token is not this distributor's");
    call->text = strdup(api_arg(call, "hub.challenge"));
    call->type = "text/plain; charset=utf-8";
    return call->text ? 0 : -ENOMEM;
}
