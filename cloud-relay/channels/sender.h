/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/sender.h -- takes what waits in one tenant's outbox to its providers. It blocks for the
 * length of a request, so it runs in a thread of its own with a store connection of its own; it
 * decides nothing that outbox.h does not, and holds nothing in memory that a crash would lose but
 * the answer that it is about to write (which outbox_recover() stands in for). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "rate.h"
#include "sms.h"
#include "sql.h"

/* All texts are borrowed for the sender's life. A channel whose url is "" is off: its messages stay
 * queued. Secrets are files of one line, read when the sender is opened. */
struct sender_conf {
    struct {
        const char *url; /* "https://graph.facebook.com" */
        const char *version;
        const char *phone_number_id;
        const char *token_path;
        int64_t per_second; /* 80 */
    } whatsapp;
    struct {
        const char *url; /* the whole of it */
        const char *key_path;
        struct sms_sender sender;
        int64_t per_second;
    } sms;
    struct {
        const char *url; /* "smtp://mail.example:587" */
        const char *from;
        const char *user; /* "": none */
        const char *password_path;
        const char *unsubscribe_url;
        const char *unsubscribe_mail;
        const char *secret_path;
        int64_t per_second;
    } email;
    const char *ca;  /* file; NULL: the system's */
    long timeout_ms; /* of one request; shorter than OUTBOX_LEASE_MS */
};
struct sender_conf sender_conf_default(void); /* everything off; 80, 20 and 10 a second; 20 s */

#define SENDER_RATE_MAX RATE_MAX /* of per_second */

struct sender;

/* The connection is borrowed and used by nobody else meanwhile. -EINVAL *reterr: a rate, a timeout,
 * or a secret's file that cannot be read. */
NODISCARD int sender_open(const struct sender_conf *conf, struct sql *s, struct diag *reterr,
                          struct sender **ret);
void sender_free(struct sender *sender); /* NULL is fine */
DEFINE_AUTO(sender);

/* Sends at most one message a channel, or writes what came of the last.
 *   1   something was done: call again        0   nothing to do until *ret_due_ms, or until
 *                                                 something is queued
 *   -EBUSY -EIO ...  the store: call again later; an answer that could not be written is kept */
NODISCARD int sender_step(struct sender *sender, int64_t now_ms, int64_t *ret_due_ms);
