/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/channel_account.h -- with whose accounts one tenant's messages go out: what is no secret
 * of them stands in FOLDER/TENANT/channels.ini, a table of base/conf.h; what is, in the files of
 * channel_secret.h beside it. A channel that lacks something is off for that tenant: its messages
 * are held, and never go by another's account. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "channel_message.h"
#include "channel_secret.h"
#include "conf.h"
#include "diag.h"

#define CHANNEL_ACCOUNT_TEXT_SIZE 188 /* a line of an INI file is at most 199 bytes */
#define CHANNEL_ACCOUNT_WORD_SIZE 68
#define CHANNEL_ACCOUNT_RATE_MAX 100 /* messages a second */

struct channel_account {
    struct {
        char url[CHANNEL_ACCOUNT_TEXT_SIZE];
        char version[16];
        char number[CHANNEL_ACCOUNT_WORD_SIZE];
        int64_t per_second;
    } whatsapp;
    struct {
        char url[CHANNEL_ACCOUNT_TEXT_SIZE];
        int vendor;                           /* enum sms_vendor */
        char user[CHANNEL_ACCOUNT_WORD_SIZE]; /* where the vendor wants one besides the key */
        char entity[CHANNEL_ACCOUNT_WORD_SIZE];
        char header[CHANNEL_ACCOUNT_WORD_SIZE];
        int64_t per_second;
    } sms;
    struct {
        char url[CHANNEL_ACCOUNT_TEXT_SIZE];
        char from[CHANNEL_ACCOUNT_TEXT_SIZE];
        char user[CHANNEL_ACCOUNT_WORD_SIZE];
        char unsubscribe[CHANNEL_ACCOUNT_TEXT_SIZE];
        int64_t per_second;
    } email;
    char secrets[CHANNEL_SECRET_COUNT][CHANNEL_SECRET_SIZE]; /* "": none */
};

/* What stands in the INI file. */
extern const struct conf_table channel_account_table;

/* Reads both, blocking for the disk. A tenant without a folder has an account that lacks all.
 *   -EINVAL -EPERM ...  *reterr: what of the file or of a secret is not right */
NODISCARD int channel_account_read(const char *folder, const char *tenant,
                                   struct channel_account *ret, struct diag *reterr);
void channel_account_wipe(struct channel_account *a);

/* The first key or secret that this channel lacks, as relayctl names it ("sms.url"); "": it is
 * ready. Static. */
const char *channel_account_lack(const struct channel_account *a, enum message_channel channel);

/* Changes one key of the INI file, or one secret; makes the folder when there is none. The files
 * belong to whom FOLDER belongs to, and to nobody else. A value of "" takes a secret away.
 *   -ENOENT  no such key        -EINVAL  the value is not allowed, or no tenant's name
 *   -errno   of the disk                                             each with *reterr */
NODISCARD int channel_account_set(const char *folder, const char *tenant, const char *key,
                                  const char *value, struct diag *reterr);
