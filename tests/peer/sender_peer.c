/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sender_peer -- the product's outbox and sender over one tenant's store, for tests against the
 * provider double (board/host/provider.py): it does what lines on its input say, and answers each
 * by a line.
 *
 *   sender_peer STORE TENANT WHATSAPP_URL SMS_URL SMTP_URL
 *
 *   setup N                      templates, and N outlets with consent on all channels  "ok"
 *   queue KEY CHANNEL PARTY      an offer                                              "ok" "known"
 *   run NOW_MS                   sends until nothing is due at that time               "due MS"
 *   hook CHANNEL SIGNATURE BODY  a callback, signed with "secret"                      "ok"
 * "refused" sql STATEMENT                writes what no command of ours does                   "ok"
 *   count                        "queued N sending N sent N ..." */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_offer.h"
#include "sender.h"
#include "text.h"
#include "webhook.h"

#define STATEMENTS_MAX 64

struct peer {
    struct sql *s;
    char *statements[STATEMENTS_MAX]; /* the store knows a statement by its text's address */
    size_t statements_count;
    struct sender *sender;
    int64_t now_ms;
};

/* A peer that cannot go on is a test that failed. */
static void must(int err, const char *what)
{
    if (err >= 0)
        return;
    fprintf(stderr, "sender_peer: %s: %s\n", what, strerror(-err));
    exit(1);
}

static void setup(struct peer *p, int outlets)
{
    must(sql_begin(p->s, SQL_WRITE), "begin");
    must(message_template_seed(p->s, 1), "templates");
    for (int n = 1; n <= outlets; n++)
        must(channel_offer_outlet(p->s, n), "outlet");
    must(sql_commit(p->s), "commit");
    puts("ok");
}

static void queue(struct peer *p, char *args)
{
    char *key = strtok(args, " ");
    char *channel = strtok(NULL, " ");
    char *party = strtok(NULL, " ");
    enum message_channel by = CHANNEL_SMS;
    must(key && channel && party ? channel_parse(channel, &by) : -EINVAL, "queue");
    struct outbox_draft d = channel_offer_draft(key, by, party, "demo");
    must(sql_begin(p->s, SQL_WRITE), "begin");
    int known = outbox_queue(p->s, &d, CHANNEL_NOON, NULL);
    must(known, "queue");
    must(sql_commit(p->s), "commit");
    puts(known ? "known" : "ok");
}

static void run(struct peer *p, int64_t now_ms)
{
    int64_t due = 0;
    int did = 1;
    while (did == 1 || due == now_ms) {
        did = sender_step(p->sender, now_ms, &due);
        must(did, "step");
    }
    printf("due %" PRId64 "\n", due);
}

static int take(const struct webhook_item *item, void *context)
{
    struct peer *p = context;
    int err = webhook_take(p->s, item, CHANNEL_NOON);
    return err < 0 ? err : 0;
}

static void hook(struct peer *p, char *args)
{
    char *channel = strtok(args, " ");
    char *signature = strtok(NULL, " ");
    char *body = strtok(NULL, "");
    if (!body || !webhook_signed("secret", body, strlen(body), signature)) {
        puts("refused");
        return;
    }
    must(sql_begin(p->s, SQL_WRITE), "begin");
    must(strcmp(channel, "sms") == 0 ? sms_webhook_read(body, strlen(body), take, p)
                                     : whatsapp_webhook_read(body, strlen(body), take, p),
         "hook");
    must(sql_commit(p->s), "commit");
    puts("ok");
}

static void count(struct peer *p)
{
    int64_t counts[MESSAGE_STATE_COUNT];
    must(sql_begin(p->s, SQL_READ), "begin");
    must(outbox_count(p->s, "", counts), "count");
    sql_rollback(p->s);
    for (int i = 0; i < MESSAGE_STATE_COUNT; i++)
        printf("%s%s %" PRId64, i ? " " : "", message_state_name((enum message_state)i), counts[i]);
    puts("");
}

static void write_row(struct peer *p, const char *statement)
{
    must(p->statements_count < STATEMENTS_MAX ? 0 : -ENOSPC, "statements");
    char *text = strdup(statement);
    must(text ? 0 : -ENOMEM, "statement");
    p->statements[p->statements_count++] = text;
    must(sql_begin(p->s, SQL_WRITE), "begin");
    {
        AUTO(sql_query) q = sql_query(p->s, text);
        must(sql_run(q), text);
    }
    must(sql_commit(p->s), "commit");
    puts("ok");
}

static void obey(struct peer *p, char *line)
{
    char *args = line + strcspn(line, " ");
    if (*args)
        *args++ = '\0';
    if (strcmp(line, "setup") == 0)
        setup(p, atoi(args));
    else if (strcmp(line, "queue") == 0)
        queue(p, args);
    else if (strcmp(line, "run") == 0)
        run(p, strtoll(args, NULL, 10));
    else if (strcmp(line, "hook") == 0)
        hook(p, args);
    else if (strcmp(line, "sql") == 0)
        write_row(p, args);
    else if (strcmp(line, "count") == 0)
        count(p);
    else
        must(-EINVAL, line);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fputs("usage: sender_peer STORE TENANT WHATSAPP_URL SMS_URL SMTP_URL\n", stderr);
        return 2;
    }
    struct peer p = {0};
    struct diag why = {0};
    static struct channel_account account;
    must(conf_defaults(&channel_account_table, &account, &why), why.text);
    const struct {
        char *to;
        size_t size;
        const char *value;
    } texts[] = {
        {account.whatsapp.url, sizeof(account.whatsapp.url), argv[3]},
        {account.whatsapp.number, sizeof(account.whatsapp.number), "5566"},
        {account.sms.url, sizeof(account.sms.url), argv[4]},
        {account.sms.entity, sizeof(account.sms.entity), "1101000000000000001"},
        {account.sms.header, sizeof(account.sms.header), "EXAMPL"},
        {account.email.url, sizeof(account.email.url), argv[5]},
        {account.email.from, sizeof(account.email.from), "offers@example.in"},
        {account.email.unsubscribe, sizeof(account.email.unsubscribe), "u@example.in"},
        {account.secrets[SECRET_WHATSAPP_TOKEN], CHANNEL_SECRET_SIZE, "token"},
        {account.secrets[SECRET_SMS_KEY], CHANNEL_SECRET_SIZE, "key"},
        {account.secrets[SECRET_UNSUBSCRIBE], CHANNEL_SECRET_SIZE, "secret"},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        must(text_copy(texts[i].to, texts[i].size, texts[i].value), texts[i].value);
    /* The test's clock stands still: what goes in one second is not what it is about. */
    account.whatsapp.per_second = account.sms.per_second = account.email.per_second =
        CHANNEL_ACCOUNT_RATE_MAX;
    struct sender_conf conf = {.account = &account,
                               .public_url = "https://relay.example",
                               .timeout_ms = SENDER_TIMEOUT_MS};
    must(sql_tenant_create(argv[1], argv[2], &why), why.text);
    must(sql_open(argv[1], argv[2], &why, &p.s), why.text);
    must(sender_open(&conf, p.s, &why, &p.sender), why.text);
    char *line = NULL;
    size_t size = 0;
    puts("ready");
    fflush(stdout);
    while (getline(&line, &size, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        obey(&p, line);
    }
    free(line);
    sender_free(p.sender);
    sql_free(p.s);
    for (size_t i = 0; i < p.statements_count; i++)
        free(p.statements[i]);
    return 0;
}
