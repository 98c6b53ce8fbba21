/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: a tenant's accounts with providers. Secrets are read from standard input, since a
 * command line can be seen by others, and are never shown. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_account.h"
#include "relayctl.h"
#include "sms.h"
#include "webhook.h"

/* 0: *ret is a line of standard input without its end. */
static int read_line(char ret[CHANNEL_SECRET_SIZE], struct diag *reterr)
{
    ret[0] = '\0';
    if (!fgets(ret, CHANNEL_SECRET_SIZE, stdin)) {
        diag_set(reterr, 0, "its value is wanted on standard input");
        return -EINVAL;
    }
    size_t len = strcspn(ret, "\n");
    if (ret[len] == '\0' && !feof(stdin)) {
        diag_set(reterr, 0, "a secret has at most %d bytes", CHANNEL_SECRET_SIZE - 2);
        return -EINVAL;
    }
    ret[len] = '\0';
    return 0;
}

int ctl_channel_set(const struct ctl *c, char **words, int count)
{
    struct diag why = {.line = 0};
    char line[CHANNEL_SECRET_SIZE];
    enum channel_secret secret;
    bool is_secret = channel_secret_parse(words[1], &secret) == 0;
    int err = 0;
    if (is_secret == (count > 2)) {
        diag_set(&why, 0,
                 is_secret ? "it is secret: write it to standard input" : "and its value?");
        err = -EINVAL;
    }
    if (err == 0 && is_secret)
        err = read_line(line, &why);
    if (err == 0)
        err =
            channel_account_set(c->channels, words[0], words[1], is_secret ? line : words[2], &why);
    if (is_secret)
        explicit_bzero(line, sizeof(line));
    return err < 0 ? ctl_complain(words[1], &why, err) : 0;
}

/* Reads the account, hands it to `show`, and wipes it. */
static int with_account(const struct ctl *c, const char *tenant,
                        int (*show)(const struct channel_account *a))
{
    struct diag why = {.line = 0};
    struct channel_account *a = calloc(1, sizeof(*a));
    int err = a ? channel_account_read(c->channels, tenant, a, &why) : -ENOMEM;
    int shown = err == 0 ? show(a) : 0;
    if (a)
        channel_account_wipe(a);
    free(a);
    return err < 0 ? ctl_complain(tenant, &why, err) : shown;
}

static int show_list(const struct channel_account *a)
{
    conf_print(&channel_account_table, a, stdout);
    puts("\n# Secrets, files of their own.");
    for (int i = 0; i < CHANNEL_SECRET_COUNT; i++)
        printf("# %s: %s\n", channel_secret_name((enum channel_secret)i),
               a->secrets[i][0] ? "set" : "not set");
    return 0;
}

int ctl_channel_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return with_account(c, words[0], show_list);
}

static int show_check(const struct channel_account *a)
{
    static const enum channel_secret callbacks[CHANNEL_COUNT] = {
        [CHANNEL_WHATSAPP] = SECRET_WHATSAPP_APP,
        [CHANNEL_SMS] = SECRET_SMS_CALLBACK,
        [CHANNEL_EMAIL] = SECRET_EMAIL_CALLBACK};
    int lacking = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        const char *lack = channel_account_lack(a, (enum message_channel)i);
        const char *secret = a->secrets[callbacks[i]];
        printf("%s: %s%s; callbacks %s%s\n", channel_name((enum message_channel)i),
               lack[0] ? "messages are held, for want of " : "can be sent on", lack,
               secret[0] ? "are taken" : "are refused, for want of ",
               secret[0] ? "" : channel_secret_name(callbacks[i]));
        lacking += lack[0] != '\0';
    }
    return lacking > 0 ? -ENOENT : 0;
}

int ctl_channel_check(const struct ctl *c, char **words, int count)
{
    (void)count;
    return with_account(c, words[0], show_check);
}

int ctl_channel_reports(const struct ctl *c, char **words, int count)
{
    (void)count;
    struct diag why = {.line = 0};
    char secret[CHANNEL_SECRET_SIZE] = "";
    int err = channel_secret_read(c->channels, words[0], SECRET_SMS_CALLBACK, secret, &why);
    if (err == -ENOENT)
        diag_set(&why, 0, "%.32s has no sms.callback_secret", words[0]);
    for (int i = SMS_OURS + 1; err == 0 && i < SMS_VENDOR_COUNT; i++) {
        char key[WEBHOOK_KEY_SIZE];
        webhook_key(secret, words[0], sms_vendor_names[i], key);
        printf("/webhooks/v1/sms/%s/%s?key=%s\n", words[0], sms_vendor_names[i], key);
    }
    explicit_bzero(secret, sizeof(secret));
    return err < 0 ? ctl_complain(words[0], &why, err) : 0;
}
