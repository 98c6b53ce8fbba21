/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_account.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"
#include "sms.h"
#include "text.h"

#define PATH_SIZE 512

static const char ini[] = "channels.ini";

#define AT(field) offsetof(struct channel_account, field)
#define SIZE(field) sizeof(((struct channel_account *)0)->field)

/* clang-format off */
#define TEXT(section, key, preset, help)                                                           \
    {#section, #key, CONF_TEXT, 0, SIZE(section.key), preset, AT(section.key), help, NULL}
#define RATE(section, preset)                                                                      \
    {#section, "per_second", CONF_INT, 1, CHANNEL_ACCOUNT_RATE_MAX, preset,                        \
     AT(section.per_second), "Messages a second at most.", NULL}
/* clang-format on */

static const struct conf_key keys[] = {
    TEXT(whatsapp, url, "", "Base of the WhatsApp Cloud API, as https://graph.facebook.com."),
    TEXT(whatsapp, version, "v23.0", "Version of it."),
    TEXT(whatsapp, number, "", "Id of the distributor's number there."),
    RATE(whatsapp, "80"),
    TEXT(sms, url, "", "Where SMS are posted to."),
    {"sms", "vendor", CONF_CHOICE, 0, 0, "ours", AT(sms.vendor),
     "Whose words are spoken there: our contract's, which takes a message id once, or a vendor's.",
     sms_vendor_names},
    TEXT(sms, user, "", "API key (Exotel) or user id (Gupshup) that sms.key belongs to."),
    TEXT(sms, entity, "", "DLT id of the principal entity."),
    TEXT(sms, header, "", "Registered header."),
    RATE(sms, "20"),
    TEXT(email, url, "", "Submission server, as smtp://mail.example.in:587."),
    TEXT(email, from, "", "Address that mails come from."),
    TEXT(email, user, "", "Name to sign in with; empty: none."),
    TEXT(email, unsubscribe, "", "Address that takes the token of an unsubscribe behind a plus."),
    RATE(email, "10"),
};

const struct conf_table channel_account_table = {keys, ARRAY_LEN(keys)};

/* ---- reading ---- */

static int read_secrets(const char *folder, const char *tenant, struct channel_account *a,
                        struct diag *reterr)
{
    for (int i = 0; i < CHANNEL_SECRET_COUNT; i++) {
        int err =
            channel_secret_read(folder, tenant, (enum channel_secret)i, a->secrets[i], reterr);
        if (err < 0 && err != -ENOENT)
            return err;
    }
    return 0;
}

int channel_account_read(const char *folder, const char *tenant, struct channel_account *ret,
                         struct diag *reterr)
{
    assert(folder && tenant && ret);
    char path[PATH_SIZE];
    struct channel_account *a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    int err = conf_defaults(&channel_account_table, a, reterr);
    if (err == 0)
        err = channel_secret_path(folder, tenant, ini, path, sizeof(path));
    if (err == 0 && folder[0] && access(path, F_OK) == 0)
        err = conf_read_file(&channel_account_table, path, a, reterr);
    if (err == 0)
        err = read_secrets(folder, tenant, a, reterr);
    if (err == 0)
        memcpy(ret, a, sizeof(*a));
    channel_account_wipe(a);
    free(a);
    return err;
}

void channel_account_wipe(struct channel_account *a)
{
    explicit_bzero(a, sizeof(*a));
}

const char *channel_account_lack(const struct channel_account *a, enum message_channel channel)
{
    assert(a && (size_t)channel < CHANNEL_COUNT);
    const struct {
        enum message_channel channel;
        const char *name;
        const char *value;
    } wanted[] = {
        {CHANNEL_WHATSAPP, "whatsapp.url", a->whatsapp.url},
        {CHANNEL_WHATSAPP, "whatsapp.number", a->whatsapp.number},
        {CHANNEL_WHATSAPP, "whatsapp.token", a->secrets[SECRET_WHATSAPP_TOKEN]},
        {CHANNEL_SMS, "sms.url", a->sms.url},
        {CHANNEL_SMS, "sms.user",
         sms_has_user((enum sms_vendor)a->sms.vendor) ? a->sms.user : "none is wanted"},
        {CHANNEL_SMS, "sms.key", a->secrets[SECRET_SMS_KEY]},
        {CHANNEL_EMAIL, "email.url", a->email.url},
        {CHANNEL_EMAIL, "email.from", a->email.from},
        {CHANNEL_EMAIL, "email.unsubscribe", a->email.unsubscribe},
        {CHANNEL_EMAIL, "email.password",
         a->email.user[0] ? a->secrets[SECRET_EMAIL_PASSWORD] : "none is wanted"},
        {CHANNEL_EMAIL, "unsubscribe.secret", a->secrets[SECRET_UNSUBSCRIBE]},
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        if (wanted[i].channel == channel && wanted[i].value[0] == '\0')
            return wanted[i].name;
    return "";
}

/* ---- writing ---- */

/* relayctl may be run by root, and relayd by somebody else: files are the folder's owner's. */
static int give(const char *folder, const char *path)
{
    struct stat st;
    if (stat(folder, &st) < 0)
        return -errno;
    return geteuid() == 0 && chown(path, st.st_uid, st.st_gid) < 0 ? -errno : 0;
}

static int make_folder(const char *folder, const char *tenant, struct diag *reterr)
{
    char path[PATH_SIZE];
    int err = channel_secret_path(folder, tenant, "", path, sizeof(path));
    if (err < 0) {
        diag_set(reterr, 0, "tenant \"%.40s\": 1 to 32 of a-z, 0-9 and -", tenant);
        return err;
    }
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        err = -errno;
    if (err == 0)
        err = give(folder, path);
    if (err < 0)
        diag_set(reterr, 0, "%s: %s", path, strerror(-err));
    return err;
}

static int put_file(const char *folder, const char *tenant, const char *name, const char *text)
{
    char path[PATH_SIZE];
    int err = channel_secret_path(folder, tenant, name, path, sizeof(path));
    if (err == 0)
        err = file_replace(path, text, strlen(text), FILE_MODE_SECRET);
    return err == 0 ? give(folder, path) : err;
}

static int set_secret(const char *folder, const char *tenant, enum channel_secret secret,
                      const char *value, struct diag *reterr)
{
    char path[PATH_SIZE];
    char line[CHANNEL_SECRET_SIZE + 1];
    const char *name = channel_secret_name(secret);
    if (value[0] && (!text_is_code(value) || strlen(value) >= CHANNEL_SECRET_SIZE)) {
        diag_set(reterr, 0, "%s: one line of 1 to 1024 printable characters is wanted", name);
        return -EINVAL;
    }
    int err = channel_secret_path(folder, tenant, name, path, sizeof(path));
    if (err == 0 && !value[0])
        return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
    snprintf(line, sizeof(line), "%s\n", value);
    if (err == 0)
        err = put_file(folder, tenant, name, line);
    explicit_bzero(line, sizeof(line));
    return err;
}

static int set_key(const char *folder, const char *tenant, const char *key, const char *value,
                   struct channel_account *a, struct diag *reterr)
{
    char section[CHANNEL_ACCOUNT_WORD_SIZE] = "";
    char *text = NULL;
    size_t len = 0;
    size_t dot = strcspn(key, ".");
    bool fits = text_copy_n(section, sizeof(section), key, dot) == 0;
    const char *name = fits && key[dot] == '.' ? key + dot + 1 : ""; /* "": no such key */
    int err = channel_account_read(folder, tenant, a, reterr);
    if (err == 0)
        err = conf_set(&channel_account_table, section, name, value, a, reterr);
    FILE *out = err == 0 ? open_memstream(&text, &len) : NULL;
    if (err == 0 && !out)
        err = -ENOMEM;
    if (out) {
        conf_print(&channel_account_table, a, out);
        err = fclose(out) != 0 ? -ENOMEM : put_file(folder, tenant, ini, text);
    }
    free(text);
    return err;
}

int channel_account_set(const char *folder, const char *tenant, const char *key, const char *value,
                        struct diag *reterr)
{
    assert(folder && tenant && key && value);
    enum channel_secret secret;
    struct channel_account *a = calloc(1, sizeof(*a));
    int err = a ? make_folder(folder, tenant, reterr) : -ENOMEM;
    if (err == 0)
        err = channel_secret_parse(key, &secret) == 0
                  ? set_secret(folder, tenant, secret, value, reterr)
                  : set_key(folder, tenant, key, value, a, reterr);
    if (err < 0 && reterr && reterr->text[0] == '\0')
        diag_set(reterr, 0, "%s of %.32s: %s", key, tenant, strerror(-err));
    if (a)
        channel_account_wipe(a);
    free(a);
    return err;
}
