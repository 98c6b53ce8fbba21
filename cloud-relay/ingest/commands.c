/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "text.h"

static int check_device(struct sql *s, const char *device)
{
    AUTO(sql_query) q = sql_query(s, "SELECT state FROM device WHERE device = $1");
    sql_bind_text(q, 1, device);
    int got = sql_step(q);
    return got < 0 ? got : got == 0 || strcmp(sql_text(q, 0), "revoked") == 0 ? -ENOENT : 0;
}

static int next_id(struct sql *s, int64_t *ret)
{
    AUTO(sql_query) q = sql_query(s, "SELECT coalesce(max(command), 0) + 1 FROM command");
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EIO;
    *ret = sql_int(q, 0);
    return 0;
}

int commands_add(struct sql *s, struct command *command, int64_t now_ms, const char *made_by)
{
    assert(s && command && made_by);
    if (!text_is_code(command->what) || strpbrk(command->what, "\"\\"))
        return -EINVAL;
    int err = check_device(s, command->device);
    if (err == 0)
        err = sql_lock(s, "command");
    if (err == 0)
        err = next_id(s, &command->id);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO command(command, device, what, made_ms, expires_ms, made_by)"
                     " VALUES($1, $2, $3, $4, $5, $6)");
    sql_bind_int(q, 1, command->id);
    sql_bind_text(q, 2, command->device);
    sql_bind_text(q, 3, command->what);
    sql_bind_int(q, 4, now_ms);
    sql_bind_int(q, 5, command->expires_ms);
    sql_bind_text(q, 6, made_by);
    return sql_run(q);
}

int commands_pending(struct sql *s, int64_t now_ms, struct command ret[COMMANDS_AT_ONCE])
{
    assert(s && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT c.command, c.device, c.what, c.expires_ms FROM command c"
                     " WHERE c.expires_ms > $1 AND NOT EXISTS (SELECT 1 FROM line_done l"
                     " WHERE l.document = 'cmd-' || CAST(c.command AS TEXT) AND l.kind = $2)"
                     " ORDER BY c.command LIMIT $3");
    sql_bind_int(q, 1, now_ms);
    sql_bind_int(q, 2, ENTRY_TASK_DONE);
    sql_bind_int(q, 3, COMMANDS_AT_ONCE);
    int n = 0;
    int got = 0;
    while (n < COMMANDS_AT_ONCE && (got = sql_step(q)) > 0) {
        struct command *c = &ret[n++];
        *c = (struct command){.id = sql_int(q, 0), .expires_ms = sql_int(q, 3)};
        sql_copy(q, 1, c->device, sizeof(c->device));
        sql_copy(q, 2, c->what, sizeof(c->what));
    }
    return got < 0 ? got : n;
}
