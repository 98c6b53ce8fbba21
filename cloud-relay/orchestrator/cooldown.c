/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cooldown.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "agent.h"
#include "timer.h"

/* The orchestrator is rung, has nothing to do for it, and with that the rest is over. */
#define WHAT "cooldown"

static void name_lot(char name[TIMER_NAME_SIZE], const char *what, const char *site,
                     const char *sku, const struct batch_key *b)
{
    snprintf(name, TIMER_NAME_SIZE, "cool:%s:%s:%s:%s:%d:%" PRId64, what, site, sku, b->number,
             (int)b->expiry_day, b->mrp_paise);
}

static void name_lane(char name[TIMER_NAME_SIZE], const char *from, const char *to, const char *sku)
{
    snprintf(name, TIMER_NAME_SIZE, "cool:lane:%s:%s:%s", from, to, sku);
}

static int until(struct sql *s, const char *name, int64_t *ret_until_ms)
{
    int64_t due = 0;
    int err = timer_due(s, name, &due);
    if (err < 0 && err != -ENOENT)
        return err;
    *ret_until_ms = due;
    return 0;
}

static int rest(struct sql *s, const char *name, const char *subject, int64_t until_ms)
{
    int64_t before = 0;
    int err = until(s, name, &before);
    if (err < 0 || before >= until_ms)
        return err;
    return timer_set(s, name, agent_orchestrator.name, subject, WHAT, until_ms);
}

int cooldown_lot(struct sql *s, const char *site, const char *sku, const struct batch_key *batch,
                 int64_t *ret_until_ms)
{
    assert(s && site && sku && batch && ret_until_ms);
    char name[TIMER_NAME_SIZE];
    name_lot(name, "lot", site, sku, batch);
    return until(s, name, ret_until_ms);
}

int cooldown_offer(struct sql *s, const char *site, const char *sku, const struct batch_key *batch,
                   int64_t *ret_until_ms)
{
    assert(s && site && sku && batch && ret_until_ms);
    char name[TIMER_NAME_SIZE];
    name_lot(name, "offer", site, sku, batch);
    return until(s, name, ret_until_ms);
}

int cooldown_not_offered(struct sql *s, const char *site, const char *sku,
                         const struct batch_key *batch, int64_t until_ms)
{
    assert(s && site && sku && batch);
    char name[TIMER_NAME_SIZE];
    name_lot(name, "offer", site, sku, batch);
    return rest(s, name, sku, until_ms);
}

int cooldown_lane(struct sql *s, const char *from_site, const char *to_site, const char *sku,
                  int64_t *ret_until_ms)
{
    assert(s && from_site && to_site && sku && ret_until_ms);
    char name[TIMER_NAME_SIZE];
    name_lane(name, from_site, to_site, sku);
    return until(s, name, ret_until_ms);
}

int cooldown_moved(struct sql *s, const char *from_site, const char *to_site, const char *sku,
                   const struct batch_key *batch, int64_t until_ms)
{
    assert(s && from_site && to_site && sku && batch);
    char name[TIMER_NAME_SIZE];
    name_lot(name, "lot", from_site, sku, batch);
    int err = rest(s, name, sku, until_ms);
    if (err == 0) {
        name_lot(name, "lot", to_site, sku, batch);
        err = rest(s, name, sku, until_ms);
    }
    if (err == 0) {
        name_lane(name, to_site, from_site, sku);
        err = rest(s, name, sku, until_ms);
    }
    return err;
}

int cooldown_refused(struct sql *s, const char *from_site, const char *to_site, const char *sku,
                     int64_t until_ms)
{
    assert(s && from_site && to_site && sku);
    char name[TIMER_NAME_SIZE];
    name_lane(name, from_site, to_site, sku);
    return rest(s, name, sku, until_ms);
}
