/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relayctl: claims, by which appliances are let in. A code is printed once, when it is made: the
 * store has its digest alone. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_claim.h"
#include "event.h"
#include "relayctl.h"

#define HOUR_MS INT64_C(3600000)
#define HOURS_PRESET 72 /* as the API's */
#define HOURS_MAX 720

static const char actor[] = "operator:relayctl";

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* In the trail, as what is done over the API. */
static int audit(struct sql *s, const char *type, const char *device, const char *site,
                 const char *why, struct diag *reterr)
{
    char subject[EVENT_SUBJECT_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    snprintf(subject, sizeof(subject), "device:%s", device);
    snprintf(cause, sizeof(cause), "relayctl:%s:%s:%" PRId64, type, device, now_ms());
    struct audit_record record = {.type = type,
                                  .who = actor,
                                  .where = site,
                                  .device = "",
                                  .why = why,
                                  .subject = subject,
                                  .before = "",
                                  .after = "",
                                  .cause = cause,
                                  .wall_ms = now_ms()};
    int err = audit_append(s, &record, reterr, NULL);
    return err < 0 ? err : 0;
}

struct order {
    char **words;
    int count;
    int64_t hours;
};

static int check_site(struct sql *s, const char *site, struct diag *why)
{
    AUTO(sql_query) q = sql_query(s, "SELECT site FROM site WHERE site = $1");
    sql_bind_text(q, 1, site);
    int got = sql_step(q);
    if (got == 0)
        diag_set(why, 0, "site \"%.40s\" is not known", site);
    return got < 0 ? got : got == 0 ? -ENOENT : 0;
}

static int create(struct sql *s, void *context, struct diag *why)
{
    const struct order *o = context;
    struct origin origin = {.epoch = 1};
    char code[CLAIM_CODE_SIZE];
    snprintf(origin.tenant, sizeof(origin.tenant), "%s", o->words[0]);
    if (snprintf(origin.device, sizeof(origin.device), "%s", o->words[1]) >=
        (int)sizeof(origin.device)) {
        diag_set(why, 0, "device \"%.40s\": at most 32 bytes", o->words[1]);
        return -EINVAL;
    }
    int err = origin_check(&origin, why);
    if (err == 0)
        err = check_site(s, o->words[2], why);
    struct claim claim = {.device = o->words[1],
                          .site = o->words[2],
                          .made_ms = now_ms(),
                          .expires_ms = now_ms() + o->hours * HOUR_MS,
                          .made_by = actor};
    if (err == 0)
        err = claim_make(s, o->words[0], &claim, code);
    if (err == 0)
        err = audit(s, "ClaimMade", claim.device, claim.site, "an appliance is to be let in", why);
    if (err == 0)
        puts(code);
    return err;
}

int ctl_claim_create(const struct ctl *c, char **words, int count)
{
    char *end = NULL;
    struct order o = {words, count, HOURS_PRESET};
    struct diag why = {.line = 0};
    if (count > 3)
        o.hours = strtoll(words[3], &end, 10);
    if (end && (end == words[3] || *end != '\0' || o.hours < 1 || o.hours > HOURS_MAX)) {
        diag_set(&why, 0, "hours \"%.20s\": 1 to %d", words[3], HOURS_MAX);
        return ctl_complain(words[0], &why, -EINVAL);
    }
    return ctl_with(c->store, words[0], SQL_WRITE, create, &o);
}

static int print(const struct claim_state *claim, void *context)
{
    (void)context;
    printf("%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,%s\n", claim->device, claim->site,
           claim->made_ms, claim->expires_ms, claim->used_ms, claim->made_by,
           claim->used_ms > 0              ? "used"
           : claim->expires_ms <= now_ms() ? "over"
                                           : "open");
    return 0;
}

static int list(struct sql *s, void *context, struct diag *why)
{
    (void)context;
    (void)why;
    puts("device,site,made_ms,expires_ms,used_ms,made_by,state");
    return claim_each(s, print, NULL);
}

int ctl_claim_list(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_READ, list, NULL);
}

static int revoke(struct sql *s, void *context, struct diag *why)
{
    char **words = context;
    int ended = claim_revoke(s, words[1], now_ms());
    if (ended == 0)
        diag_set(why, 0, "device \"%.40s\" has no open claim", words[1]);
    if (ended <= 0)
        return ended < 0 ? ended : -ENOENT;
    int err = audit(s, "ClaimRevoked", words[1], "", "an operator's command", why);
    if (err == 0)
        printf("%d\n", ended);
    return err;
}

int ctl_claim_revoke(const struct ctl *c, char **words, int count)
{
    (void)count;
    return ctl_with(c->store, words[0], SQL_WRITE, revoke, words);
}
