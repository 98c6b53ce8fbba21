/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite: a file a tenant. The file's tables take rows of its own tenant only (CHECK). */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "sql_engine.h"
#include "text.h"

#define PATH_SIZE 4096
/* A relay's tables are written all over: the appliance's cache would read the same pages again. */
#define CACHE "PRAGMA cache_size=-16384" /* KiB */
#define SUFFIX ".db"

struct sqlite_query {
    struct sql_query base; /* first */
    struct query *query;
    struct sqlite_query *next; /* of those that wait for use */
};

struct sqlite {
    struct sql base; /* first: a struct sql * is a struct sqlite * */
    struct db *db;
    struct sqlite_query *idle;
};

static struct sqlite *sqlite_of(struct sql *s)
{
    return (struct sqlite *)s;
}

static struct query *query_in(struct sql_query *q)
{
    return ((struct sqlite_query *)q)->query;
}

static int sqlite_begin(struct sql *s, enum sql_mode mode)
{
    struct db *db = sqlite_of(s)->db;
    db_end_walks(db);
    return mode == SQL_READ ? db_begin_read(db) : db_begin(db);
}

static int sqlite_commit(struct sql *s)
{
    db_end_walks(sqlite_of(s)->db);
    return db_commit(sqlite_of(s)->db);
}

static void sqlite_rollback(struct sql *s)
{
    db_rollback(sqlite_of(s)->db);
}

static int sqlite_save(struct sql *s)
{
    return db_save(sqlite_of(s)->db);
}

static int sqlite_save_keep(struct sql *s)
{
    return db_save_keep(sqlite_of(s)->db);
}

static int sqlite_save_undo(struct sql *s)
{
    /* SQLite ends a transaction by itself when the disk is full or fails. */
    struct db *db = sqlite_of(s)->db;
    return db_in_transaction(db) ? db_save_undo(db) : -ECANCELED;
}

static int sqlite_lock(struct sql *s, const char *name)
{
    (void)s;
    (void)name;
    return 0; /* there is one write transaction at a time */
}

static struct sql_query *sqlite_query(struct sql *s, const char *text)
{
    struct sqlite *l = sqlite_of(s);
    struct sqlite_query *q = l->idle;
    if (q)
        l->idle = q->next;
    else
        q = calloc(1, sizeof(*q));
    if (!q)
        return NULL;
    *q = (struct sqlite_query){.base = {.sql = s}, .query = query_of(l->db, text)};
    if (s->mode == SQL_READ && query_writes(q->query))
        q->base.err = -EROFS;
    return &q->base;
}

static void sqlite_query_free(struct sql_query *base)
{
    struct sqlite_query *q = (struct sqlite_query *)base;
    struct sqlite *l = sqlite_of(base->sql);
    query_free(q->query);
    q->next = l->idle;
    l->idle = q;
}

static void sqlite_bind_int(struct sql_query *q, int at, int64_t value)
{
    query_int(query_in(q), query_place(query_in(q), at), value);
}

static void sqlite_bind_text(struct sql_query *q, int at, const char *value)
{
    query_text(query_in(q), query_place(query_in(q), at), value);
}

static void sqlite_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len)
{
    query_blob(query_in(q), query_place(query_in(q), at), bytes, len);
}

static void sqlite_bind_null(struct sql_query *q, int at, enum sql_type type)
{
    (void)type;
    query_null(query_in(q), query_place(query_in(q), at));
}

static void write_json_text(FILE *f, const char *text)
{
    fputc('"', f);
    for (const char *c = text; *c; c++)
        if (*c == '"' || *c == '\\')
            fprintf(f, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            fprintf(f, "\\u%04x", (unsigned int)*c);
        else
            fputc(*c, f);
    fputc('"', f);
}

static int sqlite_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n,
                             void **ret_held)
{
    char *list = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&list, &len);
    if (!f)
        return -ENOMEM;
    fputc('[', f);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            fputc(',', f);
        write_json_text(f, texts[i]);
    }
    fputc(']', f);
    bool bad = ferror(f) != 0;
    if (fclose(f) != 0 || bad) {
        free(list);
        return -ENOMEM;
    }
    *ret_held = list;
    sqlite_bind_text(q, at, list);
    return 0;
}

static int sqlite_step(struct sql_query *q)
{
    /* A statement of a transaction that SQLite has ended would be one of its own. */
    return db_in_transaction(sqlite_of(q->sql)->db) ? query_step(query_in(q)) : -ECANCELED;
}

static int64_t sqlite_changes(struct sql_query *q)
{
    return query_changes(query_in(q));
}

static int64_t sqlite_int(struct sql_query *q, int column)
{
    return query_get_int(query_in(q), column);
}

static bool sqlite_null(struct sql_query *q, int column)
{
    return query_get_null(query_in(q), column);
}

static void note_reading(struct sql_query *q)
{
    if (q->err == 0)
        q->err = query_get_failed(query_in(q));
}

static const char *sqlite_text(struct sql_query *q, int column)
{
    const char *text = query_get_text(query_in(q), column, NULL);
    note_reading(q);
    return text;
}

static const void *sqlite_bytes(struct sql_query *q, int column, size_t *ret_len)
{
    const void *bytes = query_get_blob(query_in(q), column, ret_len);
    note_reading(q);
    return bytes;
}

static void sqlite_insert_rows(FILE *out, const struct sql_column *columns, size_t n_columns)
{
    (void)columns;
    fputs("VALUES(?", out);
    for (size_t c = 1; c < n_columns; c++)
        fputs(",?", out);
    fputs(")", out);
}

static void bind_column(struct query *q, int at, const struct sql_column *c, size_t row)
{
    switch (c->type) {
    case SQL_INT:
        query_int(q, at, c->ints[row]);
        return;
    case SQL_TEXT:
        if (c->texts[row])
            query_text(q, at, c->texts[row]);
        else
            query_null(q, at);
        return;
    case SQL_BYTES:
        if (c->bytes[row])
            query_blob(q, at, c->bytes[row], c->lens[row]);
        else
            query_null(q, at);
        return;
    }
}

static int64_t sqlite_insert(struct sql *s, const char *text, const struct sql_column *columns,
                             size_t n_columns, size_t n_rows)
{
    if (s->mode == SQL_READ)
        return -EROFS;
    struct db *db = sqlite_of(s)->db;
    if (!db_in_transaction(db))
        return -ECANCELED;
    int64_t changed = 0;
    AUTO(query) q = query_of(db, text);
    for (size_t row = 0; row < n_rows; row++) {
        query_again(q);
        for (size_t c = 0; c < n_columns; c++)
            bind_column(q, (int)c + 1, &columns[c], row);
        int err = query_run(q);
        if (err < 0)
            return err;
        changed += query_changes(q);
    }
    return changed;
}

static int sqlite_run_text(struct sql *s, const char *text)
{
    return db_exec(sqlite_of(s)->db, text);
}

static int sqlite_version(struct sql *s, int64_t *ret)
{
    return db_number(sqlite_of(s)->db, "PRAGMA user_version", ret);
}

static int sqlite_set_version(struct sql *s, int64_t version)
{
    char text[64];
    snprintf(text, sizeof(text), "PRAGMA user_version=%d", (int)version);
    return db_exec(sqlite_of(s)->db, text);
}

static const char *sqlite_words(struct sql *s)
{
    return db_words(sqlite_of(s)->db);
}

static void sqlite_free(struct sql *s)
{
    struct sqlite *l = sqlite_of(s);
    while (l->idle) {
        struct sqlite_query *q = l->idle;
        l->idle = q->next;
        free(q);
    }
    db_free(l->db);
    free(l);
}

static const struct sql_ops sqlite_ops = {
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .save = sqlite_save,
    .save_keep = sqlite_save_keep,
    .save_undo = sqlite_save_undo,
    .lock = sqlite_lock,
    .query = sqlite_query,
    .query_free = sqlite_query_free,
    .bind_int = sqlite_bind_int,
    .bind_text = sqlite_bind_text,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .bind_texts = sqlite_bind_texts,
    .step = sqlite_step,
    .changes = sqlite_changes,
    .get_int = sqlite_int,
    .get_null = sqlite_null,
    .get_text = sqlite_text,
    .get_bytes = sqlite_bytes,
    .insert = sqlite_insert,
    .insert_rows = sqlite_insert_rows,
    .run_text = sqlite_run_text,
    .version = sqlite_version,
    .set_version = sqlite_set_version,
    .words = sqlite_words,
    .free = sqlite_free,
};

/* The tenant's file, made empty and readable by its owner only when it may be created. One that is
 * there is never opened here: closing any descriptor of a file drops all POSIX locks that this
 * process holds on it, SQLite's among them, and another process would then take the log of its
 * other connections for abandoned and delete it (sqlite.org, "How To Corrupt", section 2.2). */
static int claim_file(const char *folder, const char *path, bool create, struct diag *reterr)
{
    if (create && mkdir(folder, 0700) < 0 && errno != EEXIST) {
        diag_set(reterr, 0, "%.90s: %s", folder, strerror(errno));
        return -errno;
    }
    int fd = create ? open(path, O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL, 0600) : -1;
    if (fd >= 0) {
        close(fd);
        return 0;
    }
    if ((!create || errno == EEXIST) && faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0)
        return 0;
    int err = -errno;
    diag_set(reterr, 0, "%.90s: %s", path, strerror(-err));
    return err;
}

int sql_sqlite_open(const char *place, const char *tenant, bool create, struct diag *reterr,
                    struct sql **ret)
{
    char path[PATH_SIZE];
    int len = snprintf(path, sizeof(path), "%s/%s" SUFFIX, place, tenant);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        diag_set(reterr, 0, "the store's folder has too long a name");
        return -EINVAL;
    }
    int err = claim_file(place, path, create, reterr);
    if (err < 0)
        return err;
    struct sqlite *l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    l->base.ops = &sqlite_ops;
    l->base.broken = (struct sql_query){.sql = &l->base, .err = -ENOMEM};
    AUTO(sql) s = &l->base;
    err = text_copy(s->tenant, sizeof(s->tenant), tenant);
    /* The tenant's name is of a-z, 0-9 and - (sql.c): it can stand in a statement. */
    snprintf(s->dialect.tenant, sizeof(s->dialect.tenant),
             "tenant TEXT NOT NULL DEFAULT '%s' CHECK(tenant = '%s')", tenant, tenant);
    s->dialect.bytes = "BLOB";
    s->dialect.text = "TEXT";
    s->dialect.spread = " WITHOUT ROWID";
    s->dialect.list_open = "(SELECT value AS text FROM json_each(";
    s->dialect.list_close = "))";
    s->dialect.tenant_last = true;
    if (err == 0)
        err = db_open(path, NULL, DB_OWN, &l->db);
    if (err == 0)
        err = db_exec(l->db, CACHE);
    if (err < 0) {
        diag_set(reterr, 0, "%.90s: %s", path, strerror(-err));
        return err;
    }
    db_busy_wait(l->db, SQL_BUSY_MS);
    *ret = TAKE(s);
    return 0;
}

static int is_database(const struct dirent *e)
{
    const char *dot = strrchr(e->d_name, '.');
    return dot && dot != e->d_name && strcmp(dot, SUFFIX) == 0;
}

/* By the names before the suffix, as sql_tenants() promises: "a" before "a-b". */
static int by_tenant(const struct dirent **a, const struct dirent **b)
{
    size_t a_len = strlen((*a)->d_name) - strlen(SUFFIX);
    size_t b_len = strlen((*b)->d_name) - strlen(SUFFIX);
    int order = memcmp((*a)->d_name, (*b)->d_name, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int sql_sqlite_tenants(const char *place, sql_tenant_fn on_tenant, void *context,
                       struct diag *reterr)
{
    struct dirent **found = NULL;
    int n = scandir(place, &found, is_database, by_tenant);
    if (n < 0) {
        int err = -errno;
        diag_set(reterr, 0, "%.90s: %s", place, strerror(-err));
        return err;
    }
    int got = 0;
    for (int i = 0; i < n; i++) {
        *strrchr(found[i]->d_name, '.') = '\0';
        if (got == 0 && sql_check_tenant(found[i]->d_name, NULL) == 0)
            got = on_tenant(found[i]->d_name, context);
        free(found[i]);
    }
    free(found);
    return got;
}
