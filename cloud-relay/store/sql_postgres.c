/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL: one database for all tenants, row-level security by the session's setting
 * relay.tenant. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_engine.h"
#include "postgres_tables.h"
#include "text.h"

static const char *postgres_words(struct sql *s)
{
    return postgres_of(s)->words;
}

static void postgres_free(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    postgres_statements_free(p);
    PQfinish(p->conn);
    free(p->conninfo);
    free(p);
}

static const struct sql_ops postgres_ops = {
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .save = postgres_save,
    .save_keep = postgres_save_keep,
    .save_undo = postgres_save_undo,
    .lock = postgres_lock,
    .standby = postgres_standby,
    .query = postgres_query,
    .query_free = postgres_query_free,
    .bind_int = postgres_bind_int,
    .bind_text = postgres_bind_text,
    .bind_bytes = postgres_bind_bytes,
    .bind_null = postgres_bind_null,
    .bind_texts = postgres_bind_texts,
    .step = postgres_step,
    .changes = postgres_changes,
    .get_int = postgres_int,
    .get_null = postgres_null,
    .get_text = postgres_text,
    .get_bytes = postgres_bytes,
    .insert = postgres_insert,
    .insert_rows = postgres_insert_rows,
    .run_text = postgres_run_text,
    .store_made = postgres_tables_store_made,
    .version = postgres_tables_version,
    .set_version = postgres_tables_set_version,
    .table_made = postgres_tables_made,
    .admit = postgres_tables_admit,
    .words = postgres_words,
    .free = postgres_free,
};

int sql_postgres_open(const char *place, const char *tenant, bool create, struct diag *reterr,
                      struct sql **ret)
{
    (void)create; /* the tenant is a row: admit() */
    struct postgres *p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    p->base.ops = &postgres_ops;
    p->base.broken = (struct sql_query){.sql = &p->base, .err = -ENOMEM};
    p->base.dialect = (struct sql_dialect){
        .tenant = "tenant TEXT COLLATE \"C\" NOT NULL DEFAULT current_setting('relay.tenant')",
        .bytes = "BYTEA",
        .text = "TEXT COLLATE \"C\"",
        .spread = " PARTITION BY HASH(tenant)",
        .list_open = "(SELECT unnest(",
        .list_close = "::text[]) COLLATE \"C\" AS text)",
    };
    AUTO(sql) s = &p->base;
    int err = text_copy(s->tenant, sizeof(s->tenant), tenant);
    p->conninfo = strdup(place);
    if (err == 0)
        err = p->conninfo ? postgres_connect(p, tenant) : -ENOMEM;
    if (err < 0) {
        diag_set(reterr, 0, "PostgreSQL: %.140s", p->words);
        return err;
    }
    *ret = TAKE(s);
    return 0;
}

static int list_tenants(struct postgres *p, sql_tenant_fn on_tenant, void *context)
{
    int64_t version = 0;
    int err = postgres_tables_version(&p->base, &version);
    if (err == 0 && version == 0)
        err = -ENOENT;
    if (err < 0)
        return err;
    PGresult *result = PQexec(p->conn, "SELECT tenant FROM tenant_register ORDER BY tenant");
    int got = postgres_judge(p, result);
    for (int i = 0; got == 0 && i < PQntuples(result); i++)
        got = on_tenant(PQgetvalue(result, i, 0), context);
    PQclear(result);
    return got;
}

int sql_postgres_tenants(const char *place, sql_tenant_fn on_tenant, void *context,
                         struct diag *reterr)
{
    AUTO(sql) s = NULL;
    int err = sql_postgres_open(place, "*", false, reterr, &s);
    if (err < 0)
        return err;
    err = list_tenants(postgres_of(s), on_tenant, context);
    if (err < 0)
        diag_set(reterr, 0, "the tenants of the store: %.120s",
                 err == -ENOENT ? "there is no store" : sql_words(s));
    return err;
}
