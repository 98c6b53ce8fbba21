/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting, what the server's answers and warnings mean, and what is asked once. */
#include "postgres_engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_tables.h"
#include "text.h"

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

void postgres_note_words(struct postgres *p, const char *words)
{
    text_cut(p->words, sizeof(p->words), words);
    p->words[strcspn(p->words, "\n")] = '\0';
}

void sql_postgres_say(struct sql *s, const char *words)
{
    postgres_note_words(postgres_of(s), words);
}

int postgres_judge(struct postgres *p, const PGresult *result)
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
    postgres_note_words(p, primary ? primary : PQerrorMessage(p->conn));
    if (PQstatus(p->conn) != CONNECTION_OK)
        return -EIO;
    return result ? err_of(PQresultErrorField(result, PG_DIAG_SQLSTATE)) : -ENOMEM;
}

int postgres_run_text(struct sql *s, const char *text)
{
    struct postgres *p = postgres_of(s);
    PGresult *result = PQexec(p->conn, text);
    int err = postgres_judge(p, result);
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
    postgres_note_words(p, primary ? primary : severity);
}

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
    int err = postgres_judge(p, result);
    if (err == 0 && PQntuples(result) != 1) {
        postgres_note_words(p, "the role is a superuser or bypasses row-level security");
        err = -EPERM;
    }
    PQclear(result);
    return err;
}

int postgres_connect(struct postgres *p, const char *tenant)
{
    /* What stands before dbname can be overruled by the address, what stands behind cannot. */
    const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                "dbname",          "client_encoding",  NULL};
    const char *const values[] = {"5", "20000", "relayd", p->conninfo, "UTF8", NULL};
    PQfinish(p->conn);
    postgres_statements_lost(p);
    p->conn = PQconnectdbParams(keys, values, 1);
    if (!p->conn)
        return -ENOMEM;
    PQsetNoticeReceiver(p->conn, on_notice, p);
    if (PQstatus(p->conn) == CONNECTION_OK)
        return set_up(p, tenant);
    postgres_note_words(p, PQerrorMessage(p->conn));
    return -EIO;
}

/* ---- one answer: for what is asked once ---- */

int sql_postgres_ask(struct sql *s, const char *text, const char *value, char *dst, size_t size)
{
    struct postgres *p = postgres_of(s);
    PGresult *result = PQexecParams(p->conn, text, value ? 1 : 0, NULL, &value, NULL, NULL, 0);
    int err = postgres_judge(p, result);
    if (err == 0 && (PQntuples(result) == 0 || PQgetisnull(result, 0, 0)))
        err = -ENODATA;
    if (err == 0 && text_copy(dst, size, PQgetvalue(result, 0, 0)) < 0)
        err = -EBADMSG;
    PQclear(result);
    return err;
}
