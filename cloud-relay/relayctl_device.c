/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: tenants, sites and appliances. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_table.h"
#include "decimal.h"
#include "origin.h"
#include "relayctl.h"
#include "topic.h"
#include "worker.h"

int ctl_tenant_add(const struct ctl *c, char **words, int count)
{
    (void)count;
    struct diag why = {0};
    int err = sql_tenant_create(c->store, words[0], &why);
    return err < 0 ? ctl_complain(words[0], &why, err) : 0;
}

static int print_tenant(const char *tenant, void *context)
{
    (void)context;
    puts(tenant);
    return 0;
}

int ctl_tenant_list(const struct ctl *c, char **words, int count)
{
    (void)words;
    (void)count;
    struct diag why = {0};
    int err = sql_tenants(c->store, print_tenant, NULL, &why);
    return err < 0 ? ctl_complain("tenants", &why, err) : 0;
}

/* ---- sites ---- */

static const char *const site_texts[] = {"site", "name", "territory", "gstin", "pincode", NULL};

static int put_site(const struct csv_row *row, void *context, struct diag *reterr)
{
    static const struct {
        const char *column;
        unsigned places;
    } numbers[] = {{"state", 0}, {"latitude", 6}, {"longitude", 6}, {"receive_kg", 0}};
    AUTO(sql_query)
    q = sql_query(context,
                  "INSERT INTO site(site, name, territory, gstin, pincode, state, latitude_e6,"
                  " longitude_e6, receive_kg) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                  " ON CONFLICT (tenant, site) DO UPDATE SET name = excluded.name,"
                  " territory = excluded.territory, gstin = excluded.gstin,"
                  " pincode = excluded.pincode, state = excluded.state,"
                  " latitude_e6 = excluded.latitude_e6, longitude_e6 = excluded.longitude_e6,"
                  " receive_kg = excluded.receive_kg");
    for (int i = 0; site_texts[i]; i++)
        sql_bind_text(q, i + 1, csv_row_get(row, site_texts[i]));
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        const char *text = csv_row_get(row, numbers[i].column);
        int64_t value = 0;
        if (decimal_parse(text[0] ? text : "0", numbers[i].places, &value) < 0) {
            diag_set(reterr, csv_row_line(row), "%s \"%.20s\" is no number", numbers[i].column,
                     text);
            return -EINVAL;
        }
        sql_bind_int(q, (int)i + 6, value);
    }
    return sql_run(q);
}

static int put_sites(struct sql *s, void *context, struct diag *why)
{
    static const char *const required[] = {"site",       "name",  "territory", "gstin",
                                           "pincode",    "state", "latitude",  "longitude",
                                           "receive_kg", NULL};
    return csv_table_read_file(context, required, put_site, s, why);
}

int ctl_site_put(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, put_sites, words[1]);
}

/* ---- appliances ---- */

static int add_device(struct sql *s, void *context, struct diag *why)
{
    char **words = context;
    struct origin origin = {.epoch = 1};
    snprintf(origin.tenant, sizeof(origin.tenant), "%s", words[0]);
    if (snprintf(origin.device, sizeof(origin.device), "%s", words[1]) >=
        (int)sizeof(origin.device)) {
        diag_set(why, 0, "device \"%.40s\": at most 32 bytes", words[1]);
        return -EINVAL;
    }
    int err = origin_check(&origin, why);
    if (err < 0)
        return err;
    int64_t shard = topic_shard(words[0]);
    {
        AUTO(sql_query) q = sql_query(s, "SELECT site FROM site WHERE site = $1");
        sql_bind_text(q, 1, words[2]);
        int got = sql_step(q);
        if (got <= 0) {
            diag_set(why, 0, "site \"%.40s\" is not known", words[2]);
            return got < 0 ? got : -ENOENT;
        }
    }
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO device(device, site, shard, epoch, state, certificate, release,"
                     " wire, head, floor, last_heard_ms, skew_ms, facts)"
                     " VALUES($1, $2, $3, 1, 'claimed', '', '', 0, 0, 0, 0, 0, '')");
    sql_bind_text(q, 1, words[1]);
    sql_bind_text(q, 2, words[2]);
    sql_bind_int(q, 3, shard);
    err = sql_run(q);
    if (err == -EEXIST)
        diag_set(why, 0, "device \"%.40s\" is known already", words[1]);
    if (err == 0)
        printf("shard=%" PRId64 " epoch=1\n", shard);
    return err;
}

int ctl_device_add(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, add_device, words);
}

static int list_devices(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    AUTO(sql_query)
    q = sql_query(s, "SELECT d.device, d.site, d.shard, d.epoch, d.state, coalesce(w.wm, 0),"
                     " coalesce(w.safe, 0), coalesce(w.fork_seq, 0), d.last_heard_ms, d.floor,"
                     " (SELECT count(*) FROM early n WHERE n.device = d.device) FROM device d"
                     " LEFT JOIN watermark w ON w.device = d.device AND w.epoch = d.epoch"
                     " ORDER BY d.device");
    puts("device,site,shard,epoch,state,wm,safe,fork_seq,last_heard_ms,floor,early");
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        printf("%s,", sql_text(q, 0));
        printf("%s,%" PRId64 ",%" PRId64 ",", sql_text(q, 1), sql_int(q, 2), sql_int(q, 3));
        printf("%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",", sql_text(q, 4),
               sql_int(q, 5), sql_int(q, 6), sql_int(q, 7), sql_int(q, 8), sql_int(q, 9));
        printf("%" PRId64 "\n", sql_int(q, 10));
    }
    return got;
}

int ctl_device_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, list_devices, NULL);
}

/* Runs a statement about one device, which must change something. */
static int change_device(struct sql *s, const char *text, const char *device, struct diag *why)
{
    AUTO(sql_query) q = sql_query(s, text);
    sql_bind_text(q, 1, device);
    int err = sql_run(q);
    if (err == 0 && sql_changes(q) == 0) {
        diag_set(why, 0, "device \"%.40s\": nothing of it is so", device);
        err = -ENOENT;
    }
    return err;
}

static int new_epoch(struct sql *s, void *context, struct diag *why)
{
    char **words = context;
    int err = change_device(
        s, "UPDATE device SET epoch = epoch + 1 WHERE device = $1 AND state <> 'revoked'", words[1],
        why);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(s, "SELECT epoch FROM device WHERE device = $1");
    sql_bind_text(q, 1, words[1]);
    err = sql_step(q);
    if (err > 0)
        printf("epoch=%" PRId64 "\n", sql_int(q, 0));
    return err < 0 ? err : 0;
}

int ctl_device_epoch(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, new_epoch, words);
}

static int revoke(struct sql *s, void *context, struct diag *why)
{
    char **words = context;
    return change_device(s, "UPDATE device SET state = 'revoked' WHERE device = $1", words[1], why);
}

int ctl_device_revoke(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, revoke, words);
}

static int release(struct sql *s, void *context, struct diag *why)
{
    char **words = context;
    return change_device(s, "UPDATE watermark SET fork_seq = 0 WHERE device = $1 AND fork_seq > 0",
                         words[1], why);
}

int ctl_device_release(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, release, words);
}
