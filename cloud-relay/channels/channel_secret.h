/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/channel_secret.h -- the secrets of one tenant's accounts with its providers: files of
 * one line, FOLDER/TENANT/NAME, that their owner alone may read. They are never in the store, so
 * that no backup, query or export of it holds one; and no tenant's secret is looked for in
 * another's folder. Whoever reads one wipes it. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "diag.h"

enum channel_secret {
    SECRET_WHATSAPP_TOKEN,  /* what we send with */
    SECRET_WHATSAPP_APP,    /* the app's, that signs what comes back */
    SECRET_WHATSAPP_VERIFY, /* what Meta shows when the webhook is set up */
    SECRET_SMS_KEY,
    SECRET_SMS_CALLBACK, /* signs reports and replies */
    SECRET_EMAIL_PASSWORD,
    SECRET_EMAIL_CALLBACK, /* signs the mails that our mail server hands over */
    SECRET_UNSUBSCRIBE,    /* signs the links in our mails */
};
#define CHANNEL_SECRET_COUNT 8
#define CHANNEL_SECRET_SIZE 1025

/* The file's name and the word of relayctl: "whatsapp.token". Static. */
const char *channel_secret_name(enum channel_secret secret);
NODISCARD int channel_secret_parse(const char *name, enum channel_secret *ret); /* -EINVAL */

/* FOLDER/TENANT/NAME. -EINVAL: no tenant's name, or too long. */
NODISCARD int channel_secret_path(const char *folder, const char *tenant, const char *name,
                                  char *ret, size_t size);

/* Blocks for the disk.
 *   -ENOENT  the tenant has none (also with folder "")
 *   -EPERM   others than its owner may read or write the file
 *   -EINVAL  it is empty, too long, or no printable text         each with *reterr but -ENOENT */
NODISCARD int channel_secret_read(const char *folder, const char *tenant,
                                  enum channel_secret secret, char ret[CHANNEL_SECRET_SIZE],
                                  struct diag *reterr);
