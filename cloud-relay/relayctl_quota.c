/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: how much of the relay a distributor may use. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "quota.h"
#include "relayctl.h"

struct order {
    const char *name, *value, *reason;
};

static int set(struct sql *s, void *context, struct diag *why)
{
    const struct order *o = context;
    char name[SETTING_NAME_SIZE];
    char cause[96];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    snprintf(name, sizeof(name), "quota.%.40s", o->name);
    snprintf(cause, sizeof(cause), "relayctl:%.32s:%" PRId64 ".%09ld", o->name, (int64_t)now.tv_sec,
             now.tv_nsec); /* each order is one of its own */
    struct setting_change change = {.name = name,
                                    .scope = "",
                                    .value = o->value,
                                    .by = "relayctl",
                                    .reason = o->reason,
                                    .cause = cause,
                                    .wall_ms = now_ms};
    return setting_change(s, &change, why);
}

int ctl_quota_set(const struct ctl *c, char **words, int count)
{
    (void)count;
    struct order o = {words[1], words[2], words[3]};
    return ctl_with(c->store, words[0], SQL_WRITE, set, &o);
}

static int list(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    AUTO(setting_book) settings = NULL;
    int err = setting_book_read(s, &settings);
    puts("quota,used,allowed,unit");
    for (int i = 0; err == 0 && i < QUOTA_COUNT; i++) {
        const struct quota_row *row = quota_row((enum quota)i);
        struct quota_use use;
        err = quota_read(s, settings, (enum quota)i, (int64_t)time(NULL) * 1000, &use);
        if (err == 0)
            printf("%s,%" PRId64 ",%" PRId64 ",%s\n", row->name, use.used, use.allowed, row->unit);
    }
    return err;
}

int ctl_quota_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, list, NULL);
}
