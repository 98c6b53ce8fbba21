/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lease.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct lease {
    struct sql *s;
    const char *work;
    int fd;  /* of the file; -1: on PostgreSQL */
    int got; /* the last answer */
    int64_t checked_ms;
};

#define SQLITE "sqlite:"

static int open_file(const char *address, const char *tenant, const char *work)
{
    char path[512];
    int n = snprintf(path, sizeof(path), "%s/%s.%s.lease", address + strlen(SQLITE), tenant, work);
    if (n < 0 || (size_t)n >= sizeof(path))
        return -ENAMETOOLONG;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    return fd < 0 ? -errno : fd;
}

int lease_open(const char *address, const char *work, struct sql *s, struct lease **ret)
{
    assert(address && work && s && ret);
    AUTO(lease) l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    *l = (struct lease){.s = s, .work = work, .fd = -1, .checked_ms = -LEASE_CHECK_MS};
    if (strncmp(address, SQLITE, strlen(SQLITE)) == 0) {
        l->fd = open_file(address, sql_tenant(s), work);
        if (l->fd < 0)
            return l->fd;
    }
    *ret = TAKE(l);
    return 0;
}

void lease_free(struct lease *l)
{
    if (l && l->fd >= 0)
        close(l->fd);
    free(l);
}

static int hold_file(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 1;
    return errno == EWOULDBLOCK ? 0 : -errno;
}

/* Asked anew each time, because the session may have been another's since: taken only where this
 * session does not hold it yet, as such locks count. */
static const char try[] =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
    " AND pid = pg_backend_pid() AND granted AND objsubid = 1"
    " AND ((CAST(classid AS BIGINT) << 32) | CAST(objid AS BIGINT)) = hashtextextended($1, 7))"
    " THEN 1 WHEN pg_try_advisory_lock(hashtextextended($1, 7)) THEN 1 ELSE 0 END";

static int hold_session(struct sql *s, const char *work)
{
    char name[96];
    snprintf(name, sizeof(name), "%s/%s", sql_tenant(s), work);
    int err = sql_begin(s, SQL_READ);
    if (err < 0)
        return err;
    int got = 0;
    {
        AUTO(sql_query) q = sql_query(s, try);
        sql_bind_text(q, 1, name);
        got = sql_step(q);
        got = got > 0 ? sql_int(q, 0) != 0 : got;
    }
    sql_rollback(s);
    return got;
}

int lease_hold(struct lease *l, int64_t mono_ms)
{
    assert(l);
    if (mono_ms < l->checked_ms + LEASE_CHECK_MS)
        return l->got;
    int got = l->fd >= 0 ? hold_file(l->fd) : hold_session(l->s, l->work);
    if (got < 0)
        return got;
    l->got = got;
    l->checked_ms = mono_ms;
    return got;
}
