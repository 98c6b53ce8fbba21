/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL: one database for all tenants, row-level security by the session's setting
 * relay.tenant. The only file that knows libpq. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_tables.h"
#include "sql_binary.h"
#include "sql_engine.h"
#include "text.h"

#define STATEMENTS_MAX 512 /* kept prepared; more are parsed each time */
#define WORDS_SIZE 256

/* A statement of the server's side, by the address of its text. */
struct statement {
    const char *text;
    bool ready; /* on the present connection */
    int n;
    Oid types[]; /* n of them: what it was first given */
};

struct postgres_query {
    struct sql_query base; /* first */
    const char *text;
    int n; /* the highest place with a value */
    Oid types[SQL_PLACES_MAX];
    const char *values[SQL_PLACES_MAX];
    int lens[SQL_PLACES_MAX];
    unsigned char numbers[SQL_PLACES_MAX][8];
    PGresult *result;
    int row;
    struct postgres_query *next; /* of those that wait for use */
};

struct postgres {
    struct sql base; /* first: a struct sql * is a struct postgres * */
    char *conninfo;
    PGconn *conn;
    bool warned; /* by the server, since it was last set to false */
    char words[WORDS_SIZE];
    struct postgres_query *idle;
    struct statement *statements[STATEMENTS_MAX]; /* open addressing */
};

static struct postgres *postgres_of(struct sql *s)
{
    return (struct postgres *)s;
}

static struct postgres_query *query_in(struct sql_query *q)
{
    return (struct postgres_query *)q;
}

/* Codes of appendix A of PostgreSQL's manual, by their beginnings; the first that fits. */
static int err_of(const char *sqlstate)
{
    static const struct {
        const char *code;
        int err;
    } map[] = {
        {"23505", -EEXIST},    /* unique_violation */
        {"23", -EINVAL},       /* other integrity constraints */
        {"40001", -EBUSY},     /* serialization_failure */
        {"40P01", -EBUSY},     /* deadlock_detected */
        {"55P03", -EBUSY},     /* lock_not_available: lock_timeout */
        {"55006", -EBUSY},     /* object_in_use */
        {"25006", -EROFS},     /* read_only_sql_transaction, of a standby too */
        {"25P02", -ECANCELED}, /* in_failed_sql_transaction */
        {"42501", -EPERM},     /* insufficient_privilege, row-level security too */
        {"22", -EINVAL},       /* data exceptions */
        {"21", -EINVAL},       /* cardinality: DO UPDATE of one row twice */
        {"53100", -ENOSPC},    /* disk_full */
        {"53200", -ENOMEM},    /* out_of_memory */
        {"54", -EMSGSIZE},     /* program limits */
        {"XX00", -EBADMSG},    /* internal_error, data and index corrupted */
    };
    for (size_t i = 0; sqlstate && i < ARRAY_LEN(map); i++)
        if (strncmp(sqlstate, map[i].code, strlen(map[i].code)) == 0)
            return map[i].err;
    return -EIO;
}

static void note_words(struct postgres *p, const char *words)
{
    text_cut(p->words, sizeof(p->words), words);
    p->words[strcspn(p->words, "\n")] = '\0';
}

void sql_postgres_say(struct sql *s, const char *words)
{
    note_words(postgres_of(s), words);
}

/* The answer's meaning: 0 or an error, with its words kept. */
static int judge(struct postgres *p, const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        return 0;
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_COPY_BOTH:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        break;
    }
    const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    note_words(p, primary ? primary : PQerrorMessage(p->conn));
    if (PQstatus(p->conn) != CONNECTION_OK)
        return -EIO;
    return result ? err_of(PQresultErrorField(result, PG_DIAG_SQLSTATE)) : -ENOMEM;
}

/* Statements without values; several may stand in one text. */
static int run_text(struct sql *s, const char *text)
{
    struct postgres *p = postgres_of(s);
    PGresult *result = PQexec(p->conn, text);
    int err = judge(p, result);
    PQclear(result);
    return err;
}

static void on_notice(void *context, const PGresult *result)
{
    struct postgres *p = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!severity || strcmp(severity, "WARNING") != 0)
        return;
    p->warned = true;
    note_words(p, primary ? primary : severity);
}

/* ---- connecting */

static int set_up(struct postgres *p, const char *tenant)
{
    /* force_generic_plan: plans of sixteen partitions are made once and pruned when they run.
     * synchronous_commit may be stricter than "on", but not off: a commit is durable. */
    static const char setup[] =
        "SELECT set_config('relay.tenant', $1, false), set_config('lock_timeout', $2, false),"
        " set_config('plan_cache_mode', 'force_generic_plan', false),"
        " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
        " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)"
        " FROM pg_roles WHERE rolname = current_user AND NOT rolsuper AND NOT rolbypassrls";
    char timeout[32];
    snprintf(timeout, sizeof(timeout), "%d", SQL_BUSY_MS);
    const char *values[] = {tenant, timeout};
    PGresult *result = PQexecParams(p->conn, setup, ARRAY_LEN(values), NULL, values, NULL, NULL, 0);
    int err = judge(p, result);
    if (err == 0 && PQntuples(result) != 1) {
        note_words(p, "the role is a superuser or bypasses row-level security");
        err = -EPERM;
    }
    PQclear(result);
    return err;
}

static int connect_to(struct postgres *p, const char *tenant)
{
    /* What stands before dbname can be overruled by the address, what stands behind cannot. */
    const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                "dbname",          "client_encoding",  NULL};
    const char *const values[] = {"5", "20000", "relayd", p->conninfo, "UTF8", NULL};
    PQfinish(p->conn);
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (p->statements[i])
            p->statements[i]->ready = false;
    p->conn = PQconnectdbParams(keys, values, 1);
    if (!p->conn)
        return -ENOMEM;
    PQsetNoticeReceiver(p->conn, on_notice, p);
    if (PQstatus(p->conn) == CONNECTION_OK)
        return set_up(p, tenant);
    note_words(p, PQerrorMessage(p->conn));
    return -EIO;
}

/* ---- transactions */

static int postgres_begin(struct sql *s, enum sql_mode mode)
{
    static const char *const begin[] = {
        [SQL_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [SQL_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    struct postgres *p = postgres_of(s);
    int err = PQstatus(p->conn) == CONNECTION_OK ? run_text(s, begin[mode]) : -EIO;
    if (PQstatus(p->conn) == CONNECTION_OK)
        return err;
    err = connect_to(p, s->tenant); /* the server may have gone long ago */
    return err < 0 ? err : run_text(s, begin[mode]);
}

static int postgres_commit(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    p->warned = false;
    PGresult *result = PQexec(p->conn, "COMMIT");
    int err = judge(p, result);
    if (err == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        err = -ECANCELED; /* the server rolled a failed transaction back */
    if (err == 0 && p->warned)
        err = -EIO; /* "canceling wait for synchronous replication": it stands here alone */
    PQclear(result);
    return err;
}

static void postgres_rollback(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    if (PQstatus(p->conn) == CONNECTION_OK && PQtransactionStatus(p->conn) != PQTRANS_IDLE)
        PQclear(PQexec(p->conn, "ROLLBACK"));
}

static int postgres_save(struct sql *s)
{
    return run_text(s, "SAVEPOINT unit");
}

static int postgres_save_keep(struct sql *s)
{
    return run_text(s, "RELEASE unit");
}

static int postgres_save_undo(struct sql *s)
{
    return run_text(s, "ROLLBACK TO unit; RELEASE unit");
}

/* ---- statements */

static struct sql_query *postgres_query(struct sql *s, const char *text)
{
    struct postgres *p = postgres_of(s);
    struct postgres_query *q = p->idle;
    if (q)
        p->idle = q->next;
    else
        q = malloc(sizeof(*q));
    if (!q)
        return NULL;
    q->base = (struct sql_query){.sql = s};
    q->text = text;
    q->n = 0;
    q->result = NULL;
    q->row = -1;
    return &q->base;
}

static void postgres_query_free(struct sql_query *base)
{
    struct postgres_query *q = query_in(base);
    struct postgres *p = postgres_of(base->sql);
    PQclear(q->result);
    q->next = p->idle;
    p->idle = q;
}

static void bind(struct sql_query *base, int at, Oid type, const void *bytes, size_t len)
{
    struct postgres_query *q = query_in(base);
    for (; q->n < at; q->n++) { /* places without a value so far: NULL of any type */
        q->types[q->n] = 0;
        q->values[q->n] = NULL;
        q->lens[q->n] = 0;
    }
    q->types[at - 1] = type;
    q->values[at - 1] = bytes;
    q->lens[at - 1] = (int)len;
}

static void postgres_bind_int(struct sql_query *q, int at, int64_t value)
{
    unsigned char *number = query_in(q)->numbers[at - 1];
    sql_binary_put_int(value, number);
    bind(q, at, SQL_OID_INT8, number, 8);
}

static void postgres_bind_text(struct sql_query *q, int at, const char *value)
{
    bind(q, at, SQL_OID_TEXT, value, strlen(value));
}

static void postgres_bind_bytes(struct sql_query *q, int at, const void *bytes, size_t len)
{
    bind(q, at, SQL_OID_BYTEA, bytes, len);
}

static void postgres_bind_null(struct sql_query *q, int at, enum sql_type type)
{
    bind(q, at, sql_binary_oid(type), NULL, 0);
}

static int postgres_bind_texts(struct sql_query *q, int at, const char *const *texts, size_t n,
                               void **ret_held)
{
    const struct sql_column column = {.type = SQL_TEXT, .texts = texts};
    size_t len = sql_binary_array_size(&column, n);
    if (len > INT32_MAX)
        return -EMSGSIZE;
    unsigned char *array = malloc(len);
    if (!array)
        return -ENOMEM;
    sql_binary_put_array(&column, n, array);
    bind(q, at, sql_binary_array_oid(SQL_TEXT), array, len);
    *ret_held = array;
    return 0;
}

/* The place of the statement kept under that text, or a free one, or NULL when all are taken. */
static struct statement **slot(struct postgres *p, const char *text)
{
    size_t at = ((uintptr_t)text >> 3) % STATEMENTS_MAX;
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        struct statement **found = &p->statements[(at + i) % STATEMENTS_MAX];
        if (!*found || (*found)->text == text)
            return found;
    }
    return NULL;
}

/* The statement for values of these types. NULL when it is sent as text each time: one text too
 * many, values of other types than at first, no memory. */
static struct statement *statement_of(struct postgres *p, const char *text, const Oid *types, int n,
                                      char name[32])
{
    struct statement **place = slot(p, text);
    if (!place)
        return NULL;
    struct statement *st = *place;
    size_t size = (size_t)n * sizeof(*types);
    if (!st) {
        st = malloc(sizeof(*st) + size);
        if (!st)
            return NULL;
        *st = (struct statement){.text = text, .n = n};
        memcpy(st->types, types, size);
        *place = st;
    }
    snprintf(name, 32, "s%td", place - p->statements);
    return st->n == n && memcmp(st->types, types, size) == 0 ? st : NULL;
}

static int prepare(struct postgres *p, struct statement *st, const char *name)
{
    PGresult *result = PQprepare(p->conn, name, st->text, st->n, st->types);
    int err = judge(p, result);
    PQclear(result);
    st->ready = err == 0;
    return err;
}

/* Values and answer are binary. */
static int execute(struct postgres *p, const char *text, const Oid *types,
                   const char *const *values, const int *lens, int n, PGresult **ret)
{
    int binary[SQL_PLACES_MAX];
    for (int i = 0; i < n; i++)
        binary[i] = 1;
    char name[32];
    struct statement *st = statement_of(p, text, types, n, name);
    int err = st && !st->ready ? prepare(p, st, name) : 0;
    if (err < 0)
        return err;
    PGresult *result = st ? PQexecPrepared(p->conn, name, n, values, lens, binary, 1)
                          : PQexecParams(p->conn, text, n, types, values, lens, binary, 1);
    err = judge(p, result);
    if (err < 0) {
        PQclear(result);
        return err;
    }
    *ret = result;
    return 0;
}

static int postgres_step(struct sql_query *base)
{
    struct postgres_query *q = query_in(base);
    if (!q->result) {
        int err = execute(postgres_of(base->sql), q->text, q->types, q->values, q->lens, q->n,
                          &q->result);
        if (err < 0)
            return err;
    }
    q->row++;
    return q->row < PQntuples(q->result);
}

static int64_t changes_of(PGresult *result)
{
    /* "" for what changes nothing; SELECT counts its rows. */
    bool selects = strncmp(PQcmdStatus(result), "SELECT", 6) == 0;
    return selects ? 0 : strtoll(PQcmdTuples(result), NULL, 10);
}

static int64_t postgres_changes(struct sql_query *base)
{
    PGresult *result = query_in(base)->result;
    return result ? changes_of(result) : 0;
}

static void note(struct sql_query *q, int err)
{
    if (q->err == 0)
        q->err = err;
}

static bool postgres_null(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    return PQgetisnull(q->result, q->row, column) == 1;
}

static int64_t postgres_int(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    int64_t value = 0;
    if (!postgres_null(base, column))
        note(base,
             sql_binary_get_int(PQftype(q->result, column), PQgetvalue(q->result, q->row, column),
                                (size_t)PQgetlength(q->result, q->row, column), &value));
    return value;
}

static const char *postgres_text(struct sql_query *base, int column)
{
    const struct postgres_query *q = query_in(base);
    Oid type = PQftype(q->result, column);
    if (type != SQL_OID_TEXT && type != SQL_OID_VARCHAR && type != SQL_OID_NAME) {
        note(base, -EBADMSG);
        return "";
    }
    return PQgetvalue(q->result, q->row, column); /* with a NUL behind it; "" for NULL */
}

static const void *postgres_bytes(struct sql_query *base, int column, size_t *ret_len)
{
    const struct postgres_query *q = query_in(base);
    *ret_len = 0;
    if (PQftype(q->result, column) != SQL_OID_BYTEA) {
        note(base, -EBADMSG);
        return "";
    }
    *ret_len = (size_t)PQgetlength(q->result, q->row, column);
    return PQgetvalue(q->result, q->row, column);
}

/* ---- many rows */

static void postgres_insert_rows(FILE *out, const struct sql_column *columns, size_t n_columns)
{
    static const char *const types[] = {
        [SQL_INT] = "bigint", [SQL_TEXT] = "text", [SQL_BYTES] = "bytea"};
    fputs("SELECT * FROM unnest(", out);
    for (size_t c = 0; c < n_columns; c++)
        fprintf(out, "%s$%zu::%s[]", c == 0 ? "" : ",", c + 1, types[columns[c].type]);
    fputs(")", out);
}

static int64_t postgres_insert(struct sql *s, const char *text, const struct sql_column *columns,
                               size_t n_columns, size_t n_rows)
{
    Oid types[SQL_PLACES_MAX];
    const char *values[SQL_PLACES_MAX];
    int lens[SQL_PLACES_MAX];
    size_t total = 0;
    for (size_t c = 0; c < n_columns; c++) {
        size_t len = sql_binary_array_size(&columns[c], n_rows);
        total += len;
        if (total > INT32_MAX)
            return -EMSGSIZE;
        types[c] = sql_binary_array_oid(columns[c].type);
        lens[c] = (int)len;
    }
    unsigned char *all = malloc(total);
    if (!all)
        return -ENOMEM;
    unsigned char *at = all;
    for (size_t c = 0; c < n_columns; at += lens[c], c++) {
        sql_binary_put_array(&columns[c], n_rows, at);
        values[c] = (const char *)at;
    }
    PGresult *result = NULL;
    int err = execute(postgres_of(s), text, types, values, lens, (int)n_columns, &result);
    free(all);
    int64_t changed = err < 0 ? err : changes_of(result);
    PQclear(result);
    return changed;
}

/* ---- one answer: for what is asked once */

int sql_postgres_ask(struct sql *s, const char *text, const char *value, char *dst, size_t size)
{
    struct postgres *p = postgres_of(s);
    PGresult *result = PQexecParams(p->conn, text, value ? 1 : 0, NULL, &value, NULL, NULL, 0);
    int err = judge(p, result);
    if (err == 0 && (PQntuples(result) == 0 || PQgetisnull(result, 0, 0)))
        err = -ENODATA;
    if (err == 0 && text_copy(dst, size, PQgetvalue(result, 0, 0)) < 0)
        err = -EBADMSG;
    PQclear(result);
    return err;
}

static int postgres_lock(struct sql *s, const char *name)
{
    char nothing[8];
    return sql_postgres_ask(s, "SELECT '' FROM pg_advisory_xact_lock(hashtextextended($1, 0))",
                            name, nothing, sizeof(nothing));
}

/* "remote_write" is not enough: the standby's machine could still lose it. */
static int postgres_standby(struct sql *s)
{
    char answer[8];
    int err =
        sql_postgres_ask(s,
                         "SELECT CASE WHEN current_setting('synchronous_standby_names') <> ''"
                         " AND current_setting('synchronous_commit') IN ('on', 'remote_apply')"
                         " THEN 'yes' ELSE 'no' END",
                         NULL, answer, sizeof(answer));
    return err < 0 ? err : strcmp(answer, "yes") == 0;
}

/* ---- opening */

static const char *postgres_words(struct sql *s)
{
    return postgres_of(s)->words;
}

static void postgres_free(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    while (p->idle) {
        struct postgres_query *q = p->idle;
        p->idle = q->next;
        free(q);
    }
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        free(p->statements[i]);
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
    .run_text = run_text,
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
        err = p->conninfo ? connect_to(p, tenant) : -ENOMEM;
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
    int got = judge(p, result);
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
