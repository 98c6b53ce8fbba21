/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "postgres_tables.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "origin.h"
#include "sql_engine.h"

#define PARTITIONS 16
#define PARTITIONS_MAX 64

int postgres_tables_version(struct sql *s, int64_t *ret)
{
    char text[64];
    int err = sql_postgres_ask(s, "SELECT to_regclass('schema_version')", NULL, text, sizeof(text));
    if (err == 0)
        err = sql_postgres_ask(s, "SELECT max(version) FROM schema_version", NULL, text,
                               sizeof(text));
    if (err < 0 && err != -ENODATA)
        return err;
    *ret = err == 0 ? strtoll(text, NULL, 10) : 0;
    return 0;
}

/* The register of tenants: a session sees its own, and "*", which is no tenant, sees all. Only the
 * role that migrates, the tables' owner, may add to it. */
int postgres_tables_store_made(struct sql *s)
{
    return s->ops->run_text(
        s, "CREATE TABLE schema_version(version BIGINT NOT NULL);"
           "ALTER TABLE schema_version ENABLE ROW LEVEL SECURITY;"
           "ALTER TABLE schema_version FORCE ROW LEVEL SECURITY;"
           "CREATE POLICY read ON schema_version FOR SELECT USING (true);"
           "CREATE POLICY migrate ON schema_version TO CURRENT_USER USING (true);"
           "CREATE TABLE tenant_register(tenant TEXT COLLATE \"C\" PRIMARY KEY);"
           "ALTER TABLE tenant_register ENABLE ROW LEVEL SECURITY;"
           "ALTER TABLE tenant_register FORCE ROW LEVEL SECURITY;"
           "CREATE POLICY read ON tenant_register FOR SELECT"
           " USING (current_setting('relay.tenant') IN (tenant, '*'));"
           "CREATE POLICY create_tenant ON tenant_register FOR INSERT TO CURRENT_USER"
           " WITH CHECK (tenant = current_setting('relay.tenant'))");
}

int postgres_tables_set_version(struct sql *s, int64_t version)
{
    char text[128];
    snprintf(text, sizeof(text), "INSERT INTO schema_version(version) VALUES(%" PRId64 ")",
             version);
    return s->ops->run_text(s, text);
}

/* Partitions have row-level security without a policy: no row can be reached but by way of the
 * table, whose policy holds then. */
static void write_partitions(FILE *f, const char *table, int n)
{
    for (int i = 0; i < n; i++)
        fprintf(f,
                "CREATE TABLE %s_%02d PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d);"
                "ALTER TABLE %s_%02d ENABLE ROW LEVEL SECURITY;"
                "ALTER TABLE %s_%02d FORCE ROW LEVEL SECURITY;",
                table, i, table, n, i, table, i, table, i);
}

/* How many, by the setting relay.partitions of the database or the role; it holds for the tables
 * that are made under it. */
static int partitions_wanted(struct sql *s, int *ret)
{
    char text[16];
    int err = sql_postgres_ask(s, "SELECT nullif(current_setting('relay.partitions', true), '')",
                               NULL, text, sizeof(text));
    if (err == -ENODATA) {
        *ret = PARTITIONS;
        return 0;
    }
    long n = err == 0 ? strtol(text, NULL, 10) : 0;
    if (err == 0 && (n < 1 || n > PARTITIONS_MAX)) {
        sql_postgres_say(s, "relay.partitions is not a number from 1 to 64");
        err = -EINVAL;
    }
    if (err == 0)
        *ret = (int)n;
    return err;
}

int postgres_tables_made(struct sql *s, const char *table, bool spread)
{
    int partitions = 0;
    int err = spread ? partitions_wanted(s, &partitions) : 0;
    if (err < 0)
        return err;
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    if (!f)
        return -ENOMEM;
    write_partitions(f, table, partitions);
    fprintf(f,
            "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;"
            "ALTER TABLE %s FORCE ROW LEVEL SECURITY;"
            "CREATE POLICY own ON %s USING (tenant = current_setting('relay.tenant'))"
            " WITH CHECK (tenant = current_setting('relay.tenant'))",
            table, table, table);
    bool bad = ferror(f) != 0;
    err = fclose(f) != 0 || bad ? -ENOMEM : s->ops->run_text(s, text);
    free(text);
    return err;
}

int postgres_tables_admit(struct sql *s, bool create)
{
    char found[ORIGIN_TENANT_SIZE];
    int err = sql_postgres_ask(s, "SELECT tenant FROM tenant_register WHERE tenant = $1", s->tenant,
                               found, sizeof(found));
    if (err == -ENODATA && create) {
        err =
            sql_postgres_ask(s,
                             "INSERT INTO tenant_register(tenant) VALUES($1) ON CONFLICT DO NOTHING"
                             " RETURNING tenant",
                             s->tenant, found, sizeof(found));
        return err == -ENODATA ? 0 : err; /* another was faster */
    }
    if (err == -ENODATA) {
        sql_postgres_say(s, "there is no such tenant");
        return -ENOENT;
    }
    return err;
}
