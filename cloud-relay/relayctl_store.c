/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: documents, chains and projections. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive.h"
#include "civil.h"
#include "documents.h"
#include "file_text.h"
#include "journal_check.h"
#include "projection.h"
#include "relay_clock.h"
#include "relayctl.h"

/* ---- documents ---- */

struct put {
    struct document d;
    int64_t version;
};

static int put_document(struct sql *s, void *context, struct diag *why)
{
    struct put *p = context;
    static const struct relay_clock system_clock = {.lapsed = false};
    int same = documents_publish(s, &p->d, relay_clock_wall_ms(&system_clock), why, &p->version);
    return same < 0 ? same : 0;
}

int ctl_document_put(const struct ctl *c, char **words, int count)
{
    struct put p = {
        .d = {.scope = count > 3 ? words[3] : DOCUMENTS_EVERYBODY, .made_by = "user:relayctl"}};
    struct diag why = {0};
    char *body = NULL;
    int err = document_parse(words[1], &p.d.type);
    if (err < 0) {
        diag_set(&why, 0, "no document of that type");
        return ctl_complain(words[1], &why, err);
    }
    err = file_text(words[2], CATALOGUE_BODY_MAX, &body, &p.d.len);
    if (err < 0)
        return ctl_complain(words[2], NULL, err);
    p.d.body = body;
    err = ctl_with(c->store, words[0], SQL_WRITE, put_document, &p);
    if (err == 0)
        printf("version=%" PRId64 "\n", p.version);
    free(body);
    return err;
}

static int list_documents(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    AUTO(sql_query)
    q = sql_query(s, "SELECT scope, type, max(version) FROM document GROUP BY scope, type"
                     " ORDER BY scope, type");
    puts("scope,type,version");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        printf("%s,", sql_text(q, 0));
        printf("%s,%" PRId64 "\n", sql_text(q, 1), sql_int(q, 2));
    }
    return got;
}

int ctl_document_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, list_documents, NULL);
}

/* ---- chains ---- */

static int print_verdict(const struct journal_verdict *v, void *context)
{
    int *broken = context;
    *broken += v->broken_seq > 0;
    if (v->broken_seq > 0)
        printf("%s,%" PRId64 ",%" PRId64 ",broken at %" PRId64 "\n", v->device, v->epoch, v->wm,
               v->broken_seq);
    else
        printf("%s,%" PRId64 ",%" PRId64 ",holds\n", v->device, v->epoch, v->wm);
    return 0;
}

static int verify(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    int broken = 0;
    puts("device,epoch,wm,chain");
    int err = journals_check(s, print_verdict, &broken);
    if (err == 0 && broken > 0) {
        diag_set(why, 0, "%d chains do not hold", broken);
        err = -EBADMSG;
    }
    return err;
}

int ctl_store_verify(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, verify, NULL);
}

#define SECURED_MAX 4096 /* journals of a tenant */

struct secured {
    struct journal_verdict *verdicts;
    size_t count;
};

static int keep_verdict(const struct journal_verdict *v, void *context)
{
    struct secured *k = context;
    if (k->count == SECURED_MAX)
        return -ENOSPC;
    k->verdicts[k->count++] = *v;
    return 0;
}

static int check_backup(struct sql *s, void *context, struct diag *why)
{
    (void)why;
    return journals_check(s, keep_verdict, context);
}

/* What the backup holds whole, and the live store still agrees with. */
static int secure(struct sql *s, void *context, struct diag *why)
{
    (void)why;
    const struct secured *k = context;
    for (size_t i = 0; i < k->count; i++) {
        int64_t safe = 0;
        int err = journal_secure(s, &k->verdicts[i], &safe);
        if (err < 0)
            return err;
        printf("%s,%" PRId64 ",%" PRId64 "\n", k->verdicts[i].device, k->verdicts[i].epoch, safe);
    }
    return 0;
}

int ctl_store_secured(const struct ctl *c, char **words, int count)
{
    (void)count;
    struct secured k = {.verdicts = calloc(SECURED_MAX, sizeof(*k.verdicts))};
    int err = k.verdicts ? ctl_with(words[1], words[0], SQL_READ, check_backup, &k) : -ENOMEM;
    if (err == 0) {
        puts("device,epoch,safe");
        err = ctl_with(c->store, words[0], SQL_WRITE, secure, &k);
    }
    free(k.verdicts);
    return err;
}

/* ---- projections ---- */

static int digest(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    uint8_t sum[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    int err = projection_digest(s, sum);
    if (err == 0)
        puts(sha256_hex(sum, hex));
    return err;
}

int ctl_store_digest(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, digest, NULL);
}

int ctl_store_rebuild(const struct ctl *c, char **words, int count)
{
    (void)count;
    AUTO(sql) s = NULL;
    struct diag why = {0};
    int err = sql_open(c->store, words[0], &why, &s);
    if (err == 0)
        err = projection_rebuild(s);
    return err < 0 ? ctl_complain(words[0], &why, err) : 0;
}

/* ---- the archive ---- */

struct mending {
    int64_t differing;
    int short_ones; /* journals that the archive does not reach the end of */
};

static int tell_archive(const struct archive_verdict *v, void *context)
{
    struct mending *m = context;
    m->differing += v->differing;
    m->short_ones += v->archived < v->wm;
    printf("%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n", v->device, v->epoch,
           v->wm, v->archived, v->differing, v->first_seq);
    return 0;
}

static const char archive_header[] = "device,epoch,wm,archived,differing,first";

static int compare_archive(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    struct mending m = {.differing = 0};
    puts(archive_header);
    int err = archive_check(s, tell_archive, &m);
    if (err == 0 && (m.differing > 0 || m.short_ones > 0)) {
        diag_set(why, 0,
                 "%" PRId64 " rows are not what the archive says; of %d journals it has not all",
                 m.differing, m.short_ones);
        err = -EBADMSG;
    }
    return err;
}

int ctl_store_compare(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, compare_archive, NULL);
}

static int restore_entries(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    struct mending m = {.differing = 0};
    puts(archive_header);
    int err = archive_restore(s, tell_archive, &m);
    return err == 0 ? projection_rebuild(s) : err;
}

int ctl_store_restore(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, restore_entries, NULL);
}

/* ---- as it was ---- */

struct replaying {
    const char *table;
    struct projection_until until;
    bool told; /* the header */
};

static int print_row(const struct tally_table *table, const struct tally_row *row, void *context)
{
    struct replaying *r = context;
    if (strcmp(table->name, r->table) != 0)
        return 0;
    size_t texts = tally_texts(table);
    size_t ints = tally_ints(table);
    for (size_t i = 0; !r->told && i < texts + ints; i++)
        printf("%s%s", i ? "," : "", i < texts ? table->texts[i] : table->ints[i - texts]);
    if (!r->told)
        putchar('\n');
    r->told = true;
    for (size_t i = 0; i < texts; i++)
        printf("%s%s", i ? "," : "", row->texts[i]);
    for (size_t i = 0; i < ints; i++)
        printf(",%" PRId64, row->ints[i]);
    putchar('\n');
    return 0;
}

static int replay(struct sql *s, void *context, struct diag *why)
{
    (void)why;
    struct replaying *r = context;
    return projection_replay(s, &r->until, print_row, r);
}

int ctl_store_replay(const struct ctl *c, char **words, int count)
{
    (void)count;
    int32_t day = 0;
    int err = civil_parse(words[2], &day);
    if (err < 0)
        return ctl_complain(words[2], NULL, err);
    struct replaying r = {.table = words[1], .until = {.wall_ms = civil_ist_start_ms(day + 1) - 1}};
    return ctl_with(c->store, words[0], SQL_READ, replay, &r);
}
