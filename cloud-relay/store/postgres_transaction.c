/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions on PostgreSQL, their locks, and whether a standby takes part in them. */
#include "postgres_engine.h"

#include <errno.h>
#include <string.h>

#include "postgres_tables.h"

int postgres_begin(struct sql *s, enum sql_mode mode)
{
    static const char *const begin[] = {
        [SQL_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [SQL_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    struct postgres *p = postgres_of(s);
    int err = PQstatus(p->conn) == CONNECTION_OK ? postgres_run_text(s, begin[mode]) : -EIO;
    if (PQstatus(p->conn) == CONNECTION_OK)
        return err;
    err = postgres_connect(p, s->tenant); /* the server may have gone long ago */
    return err < 0 ? err : postgres_run_text(s, begin[mode]);
}

int postgres_commit(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    p->warned = false;
    PGresult *result = PQexec(p->conn, "COMMIT");
    int err = postgres_judge(p, result);
    if (err == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        err = -ECANCELED; /* the server rolled a failed transaction back */
    if (err == 0 && p->warned)
        err = -EIO; /* "canceling wait for synchronous replication": it stands here alone */
    PQclear(result);
    return err;
}

void postgres_rollback(struct sql *s)
{
    struct postgres *p = postgres_of(s);
    if (PQstatus(p->conn) == CONNECTION_OK && PQtransactionStatus(p->conn) != PQTRANS_IDLE)
        PQclear(PQexec(p->conn, "ROLLBACK"));
}

int postgres_save(struct sql *s)
{
    return postgres_run_text(s, "SAVEPOINT unit");
}

int postgres_save_keep(struct sql *s)
{
    return postgres_run_text(s, "RELEASE unit");
}

int postgres_save_undo(struct sql *s)
{
    return postgres_run_text(s, "ROLLBACK TO unit; RELEASE unit");
}

int postgres_lock(struct sql *s, const char *name)
{
    char nothing[8];
    return sql_postgres_ask(s, "SELECT '' FROM pg_advisory_xact_lock(hashtextextended($1, 0))",
                            name, nothing, sizeof(nothing));
}

/* "remote_write" is not enough: the standby's machine could still lose it. */
int postgres_standby(struct sql *s)
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
