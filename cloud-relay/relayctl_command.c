/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: one-shot commands to appliances. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "commands.h"
#include "decimal.h"
#include "relayctl.h"
#include "text.h"

#define HOURS 24
#define HOURS_MAX 720
#define HOUR_MS INT64_C(3600000)

struct order {
    struct command command;
    int64_t now_ms;
};

static int add(struct sql *s, void *context, struct diag *why)
{
    struct order *o = context;
    int err = commands_add(s, &o->command, o->now_ms, "relayctl");
    if (err == -ENOENT)
        diag_set(why, 0, "%s: no such appliance, or a revoked one", o->command.device);
    return err;
}

int ctl_command_add(const struct ctl *c, char **words, int count)
{
    struct order o = {.now_ms = (int64_t)time(NULL) * 1000};
    int64_t hours = HOURS;
    struct diag why = {0};
    int err = text_copy(o.command.device, sizeof(o.command.device), words[1]);
    if (err == 0)
        err = text_copy(o.command.what, sizeof(o.command.what), words[2]);
    if (err == 0 && count > 3)
        err = decimal_parse(words[3], 0, &hours);
    if (err < 0 || hours < 1 || hours > HOURS_MAX) {
        diag_set(&why, 0, "a device, a word, and 1 to %d hours", HOURS_MAX);
        return ctl_complain("command", &why, -EINVAL);
    }
    o.command.expires_ms = o.now_ms + hours * HOUR_MS;
    err = ctl_with(c->store, words[0], SQL_WRITE, add, &o);
    if (err == 0)
        printf("command=%" PRId64 "\n", o.command.id);
    return err;
}

static int list(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    AUTO(sql_query)
    q = sql_query(s, "SELECT c.command, c.device, c.what, c.expires_ms, coalesce(e.reason, '')"
                     " FROM command c LEFT JOIN entry e ON e.device = c.device AND e.kind = $1"
                     " AND e.document = 'cmd-' || CAST(c.command AS TEXT) ORDER BY c.command");
    sql_bind_int(q, 1, ENTRY_TASK_DONE);
    puts("command,device,what,expires_ms,answer");
    int got = 0;
    while ((got = sql_step(q)) > 0)
        printf("%" PRId64 ",%s,%s,%" PRId64 ",%s\n", sql_int(q, 0), sql_text(q, 1), sql_text(q, 2),
               sql_int(q, 3), sql_text(q, 4));
    return got;
}

int ctl_command_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, list, NULL);
}
