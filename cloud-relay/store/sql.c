/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sql.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migration.h"
#include "sql_engine.h"
#include "text.h"

/* Addresses by how they begin. */
static const struct engine {
    const char *scheme;
    int (*open)(const char *place, const char *tenant, bool create, struct diag *reterr,
                struct sql **ret);
    int (*tenants)(const char *place, sql_tenant_fn on_tenant, void *context, struct diag *reterr);
} engines[] = {
    {"sqlite:", sql_sqlite_open, sql_sqlite_tenants},
    {"postgres:", sql_postgres_open, sql_postgres_tenants},
};

static const struct engine *engine_of(const char *address, const char **ret_place,
                                      struct diag *reterr)
{
    for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
        size_t len = strlen(engines[i].scheme);
        if (strncmp(address, engines[i].scheme, len) == 0 && address[len] != '\0') {
            *ret_place = address + len;
            return &engines[i];
        }
    }
    /* The address may hold a password: it is not repeated. */
    diag_set(reterr, 0, "a store's address is sqlite:FOLDER or postgres:CONNINFO");
    return NULL;
}

int sql_check_tenant(const char *tenant, struct diag *reterr)
{
    struct origin o = {.device = "any", .epoch = 1};
    if (text_copy(o.tenant, sizeof(o.tenant), tenant) < 0) {
        diag_set(reterr, 0, "tenant \"%.40s...\": 1 to 32 of a-z, 0-9 and -", tenant);
        return -EINVAL;
    }
    return origin_check(&o, reterr);
}

/* Whether the tenant is there, or makes it so. */
static int admit(struct sql *s, bool create, struct diag *reterr)
{
    if (!s->ops->admit)
        return 0;
    int err = sql_begin(s, create ? SQL_WRITE : SQL_READ);
    if (err == 0)
        err = s->ops->admit(s, create);
    if (err < 0) {
        diag_set(reterr, 0, "tenant %s: %.100s", s->tenant, sql_words(s));
        return err;
    }
    return sql_commit(s);
}

static int open_tenant(const char *address, const char *tenant, bool create, struct diag *reterr,
                       struct sql **ret)
{
    const char *place = NULL;
    const struct engine *e = engine_of(address, &place, reterr);
    if (!e)
        return -EINVAL;
    int err = sql_check_tenant(tenant, reterr);
    if (err < 0)
        return err;
    AUTO(sql) s = NULL;
    err = e->open(place, tenant, create, reterr, &s);
    if (err == 0)
        err = migration_run(s, store_migrations, store_migrations_count, create, reterr);
    if (err == 0)
        err = admit(s, create, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(s);
    return 0;
}

int sql_open(const char *address, const char *tenant, struct diag *reterr, struct sql **ret)
{
    assert(address && tenant && ret);
    return open_tenant(address, tenant, false, reterr, ret);
}

int sql_tenant_create(const char *address, const char *tenant, struct diag *reterr)
{
    assert(address && tenant);
    AUTO(sql) s = NULL;
    return open_tenant(address, tenant, true, reterr, &s);
}

int sql_tenants(const char *address, sql_tenant_fn on_tenant, void *context, struct diag *reterr)
{
    assert(address && on_tenant);
    const char *place = NULL;
    const struct engine *e = engine_of(address, &place, reterr);
    return e ? e->tenants(place, on_tenant, context, reterr) : -EINVAL;
}

void sql_free(struct sql *s)
{
    if (!s)
        return;
    sql_rollback(s);
    for (size_t i = 0; i < SQL_INSERTS_MAX; i++)
        free(s->inserts[i]);
    for (size_t i = 0; i < SQL_LIST_QUERIES_MAX; i++)
        free(s->list_queries[i].ready);
    s->ops->free(s);
}

const char *sql_tenant(const struct sql *s)
{
    assert(s);
    return s->tenant;
}

const char *sql_words(struct sql *s)
{
    assert(s);
    return s->ops->words(s);
}

/* An error leaves the transaction good for nothing but its end, on both engines. */
static int judge(struct sql *s, int err)
{
    if (err < 0)
        s->failed = true;
    return err;
}

int sql_begin(struct sql *s, enum sql_mode mode)
{
    assert(s);
    sql_rollback(s);
    int err = s->ops->begin(s, mode);
    if (err < 0)
        return err;
    s->mode = mode;
    s->open = true;
    s->transaction++;
    return 0;
}

static void end(struct sql *s)
{
    s->open = false;
    s->saved = false;
    s->failed = false;
}

int sql_commit(struct sql *s)
{
    assert(s && s->open && !s->saved);
    int err = s->failed ? -ECANCELED : s->ops->commit(s);
    if (err < 0)
        s->ops->rollback(s);
    end(s);
    return err;
}

void sql_rollback(struct sql *s)
{
    assert(s);
    if (!s->open)
        return;
    s->ops->rollback(s);
    end(s);
}

bool sql_in_transaction(const struct sql *s)
{
    assert(s);
    return s->open;
}

int sql_save(struct sql *s)
{
    assert(s && s->open && s->mode == SQL_WRITE && !s->saved);
    if (s->failed)
        return -ECANCELED;
    int err = judge(s, s->ops->save(s));
    s->saved = err == 0;
    return err;
}

int sql_save_keep(struct sql *s)
{
    assert(s && s->saved);
    if (s->failed)
        return -ECANCELED;
    int err = judge(s, s->ops->save_keep(s));
    s->saved = err < 0;
    return err;
}

int sql_save_undo(struct sql *s)
{
    assert(s && s->saved);
    int err = s->ops->save_undo(s);
    s->saved = false;
    s->failed = err < 0;
    return err;
}

int sql_lock(struct sql *s, const char *name)
{
    assert(s && name && s->open && s->mode == SQL_WRITE);
    char key[ORIGIN_TENANT_SIZE + SQL_LOCK_NAME_MAX];
    int len = snprintf(key, sizeof(key), "%s/%s", s->tenant, name);
    assert(len > 0 && (size_t)len < sizeof(key));
    return s->failed ? -ECANCELED : judge(s, s->ops->lock(s, key));
}

int sql_standby(struct sql *s)
{
    assert(s && s->open && s->mode == SQL_WRITE);
    if (s->failed)
        return -ECANCELED;
    return s->ops->standby ? judge(s, s->ops->standby(s)) : 0;
}

struct sql_query *sql_query(struct sql *s, const char *text)
{
    assert(s && text && s->open);
    struct sql_query *q = s->ops->query(s, text);
    if (!q)
        return &s->broken;
    q->transaction = s->transaction;
    return q;
}

static bool is_broken(const struct sql_query *q)
{
    return q == &q->sql->broken;
}

void sql_query_free(struct sql_query *q)
{
    if (!q || is_broken(q))
        return;
    for (size_t i = 0; i < q->lists_count; i++)
        free(q->lists[i]);
    q->sql->ops->query_free(q);
}

void sql_bind_int(struct sql_query *q, int at, int64_t value)
{
    assert(q && at >= 1 && at <= SQL_PLACES_MAX);
    if (!is_broken(q))
        q->sql->ops->bind_int(q, at, value);
}

void sql_bind_text(struct sql_query *q, int at, const char *value)
{
    assert(q && at >= 1 && at <= SQL_PLACES_MAX && value);
    if (!is_broken(q))
        q->sql->ops->bind_text(q, at, value);
}

void sql_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len)
{
    assert(q && at >= 1 && at <= SQL_PLACES_MAX && (bytes || len == 0) && len <= INT32_MAX);
    if (!is_broken(q))
        q->sql->ops->bind_bytes(q, at, bytes ? bytes : "", len);
}

static void bind_null(struct sql_query *q, int at, enum sql_type type)
{
    assert(q && at >= 1 && at <= SQL_PLACES_MAX);
    if (!is_broken(q))
        q->sql->ops->bind_null(q, at, type);
}

void sql_bind_null_int(struct sql_query *q, int at)
{
    bind_null(q, at, SQL_INT);
}

void sql_bind_null_text(struct sql_query *q, int at)
{
    bind_null(q, at, SQL_TEXT);
}

void sql_bind_null_bytes(struct sql_query *q, int at)
{
    bind_null(q, at, SQL_BYTES);
}

void sql_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n)
{
    assert(q && at >= 1 && at <= SQL_PLACES_MAX && (texts || n == 0) && n <= INT32_MAX);
    assert(q->lists_count < SQL_LISTS_MAX);
    if (is_broken(q))
        return;
    int err = q->sql->ops->bind_texts(q, at, texts, n, &q->lists[q->lists_count]);
    if (err == 0)
        q->lists_count++;
    else if (q->err == 0)
        q->err = err;
}

int sql_step(struct sql_query *q)
{
    assert(q);
    struct sql *s = q->sql;
    if (s->failed || !s->open || (!is_broken(q) && q->transaction != s->transaction))
        return -ECANCELED;
    if (q->done)
        return 0;
    if (q->err == 0) {
        int got = s->ops->step(q);
        q->done = got == 0;
        if (got >= 0)
            return got;
        q->err = got;
    }
    return judge(s, q->err);
}

int sql_run(struct sql_query *q)
{
    int got = sql_step(q);
    while (got > 0)
        got = sql_step(q);
    return got;
}

int64_t sql_changes(struct sql_query *q)
{
    assert(q);
    return is_broken(q) ? 0 : q->sql->ops->changes(q);
}

int64_t sql_int(struct sql_query *q, int column)
{
    assert(q && !is_broken(q));
    return q->sql->ops->get_int(q, column);
}

bool sql_null(struct sql_query *q, int column)
{
    assert(q && !is_broken(q));
    return q->sql->ops->get_null(q, column);
}

const char *sql_text(struct sql_query *q, int column)
{
    assert(q && !is_broken(q));
    return q->sql->ops->get_text(q, column);
}

const void *sql_bytes(struct sql_query *q, int column, size_t *ret_len)
{
    assert(q && !is_broken(q) && ret_len);
    return q->sql->ops->get_bytes(q, column, ret_len);
}

void sql_copy(struct sql_query *q, int column, char *dst, size_t size)
{
    const char *text = sql_text(q, column);
    if (text_copy(dst, size, text) == 0)
        return;
    if (size > 0)
        dst[0] = '\0';
    if (q->err == 0)
        q->err = -EBADMSG;
}
