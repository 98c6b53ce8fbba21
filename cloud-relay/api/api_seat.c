/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_seat.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "origin.h"

struct api_tenant {
    char name[ORIGIN_TENANT_SIZE];
    struct queue *seats; /* of struct api_seat; those never used have no connection yet */
    struct queue *bells[API_STREAMS_MAX];
    size_t bells_count;
};

/* What the threads share. It lies in a queue of one item: who takes it may look and change. */
struct shared {
    struct api_tenant *tenants[API_TENANTS_MAX];
    size_t count;
};

struct api_seats {
    const char *address;
    size_t per_tenant;
    struct shared *shared; /* to be freed; reached through `turn` */
    struct queue *turn;
};

int api_seats_open(const char *address, int per_tenant, struct api_seats **ret)
{
    assert(address && per_tenant > 0 && ret);
    AUTO(api_seats) p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    p->address = address;
    p->per_tenant = (size_t)per_tenant;
    p->shared = calloc(1, sizeof(*p->shared));
    if (!p->shared)
        return -ENOMEM;
    int err = queue_open(1, sizeof(p->shared), &p->turn);
    if (err == 0)
        err = queue_put(p->turn, &p->shared);
    if (err < 0)
        return err;
    *ret = TAKE(p);
    return 0;
}

static void seat_close(struct api_seat *seat)
{
    catalogue_index_free(seat->catalogue);
    sql_free(seat->s);
}

static void tenant_free(struct api_tenant *t)
{
    struct api_seat seat;
    while (t->seats && queue_take(t->seats, &seat) == 1)
        seat_close(&seat);
    queue_free(t->seats);
    free(t);
}

void api_seats_free(struct api_seats *p)
{
    if (!p)
        return;
    for (size_t i = 0; p->shared && i < p->shared->count; i++)
        tenant_free(p->shared->tenants[i]);
    queue_free(p->turn);
    free(p->shared);
    free(p);
}

static struct shared *take_turn(struct api_seats *p)
{
    struct shared *shared = NULL;
    int n = queue_take_wait(p->turn, &shared, -1);
    assert(n == 1);
    return shared;
}

static void end_turn(struct api_seats *p, struct shared *shared)
{
    int err = queue_put(p->turn, &shared);
    assert(err == 0);
}

static struct api_tenant *find(const struct shared *shared, const char *tenant)
{
    for (size_t i = 0; i < shared->count; i++) {
        if (strcmp(shared->tenants[i]->name, tenant) == 0)
            return shared->tenants[i];
    }
    return NULL;
}

/* A tenant with its seats, all still without a connection but the first. */
static int tenant_make(const struct api_seats *p, const char *name, struct sql *s,
                       struct api_tenant **ret)
{
    struct api_tenant *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    snprintf(t->name, sizeof(t->name), "%s", name);
    int err = queue_open(p->per_tenant, sizeof(struct api_seat), &t->seats);
    for (size_t i = 0; i < p->per_tenant && err == 0; i++) {
        struct api_seat seat = {.tenant = t, .s = i == 0 ? s : NULL};
        err = queue_put(t->seats, &seat);
    }
    if (err < 0) {
        queue_free(t->seats);
        free(t);
        return err;
    }
    *ret = t;
    return 0;
}

/* Names come from outside: only one that the store has is remembered. */
static int add_tenant(struct api_seats *p, const char *name, struct api_tenant **ret)
{
    AUTO(sql) s = NULL;
    int err = sql_open(p->address, name, NULL, &s);
    if (err < 0)
        return err == -EINVAL ? -ENOENT : err;
    struct shared *shared = take_turn(p);
    struct api_tenant *t = find(shared, name); /* another request may have been faster */
    if (!t && shared->count == API_TENANTS_MAX)
        err = -EBUSY;
    else if (!t)
        err = tenant_make(p, name, s, &t);
    if (err == 0 && find(shared, name) == NULL) {
        shared->tenants[shared->count++] = t;
        s = NULL; /* it lies in the first seat */
    }
    end_turn(p, shared);
    if (err == 0)
        *ret = t;
    return err;
}

int api_seat_take(struct api_seats *p, const char *tenant, int wait_ms, struct api_seat *ret)
{
    assert(p && tenant && ret);
    struct shared *shared = take_turn(p);
    struct api_tenant *t = find(shared, tenant);
    end_turn(p, shared);
    int err = t ? 0 : add_tenant(p, tenant, &t);
    if (err < 0)
        return err;
    struct api_seat seat;
    if (queue_take_wait(t->seats, &seat, wait_ms) != 1)
        return -EBUSY;
    if (!seat.s) {
        err = sql_open(p->address, tenant, NULL, &seat.s);
        if (err < 0) {
            seat.s = NULL;
            api_seat_give(p, &seat);
            return err;
        }
    }
    *ret = seat;
    return 0;
}

void api_seat_give(struct api_seats *p, struct api_seat *seat)
{
    assert(p && seat && seat->tenant);
    if (seat->s)
        sql_rollback(seat->s);
    int err = queue_put(seat->tenant->seats, seat);
    assert(err == 0);
}

int api_seats_listen(struct api_seats *p, const char *tenant, struct queue *bell)
{
    assert(p && tenant && bell);
    struct shared *shared = take_turn(p);
    struct api_tenant *t = find(shared, tenant);
    int err = !t ? -ENOENT : t->bells_count == API_STREAMS_MAX ? -EBUSY : 0;
    if (err == 0)
        t->bells[t->bells_count++] = bell;
    end_turn(p, shared);
    return err;
}

void api_seats_unlisten(struct api_seats *p, const char *tenant, const struct queue *bell)
{
    assert(p && tenant && bell);
    struct shared *shared = take_turn(p);
    struct api_tenant *t = find(shared, tenant);
    for (size_t i = 0; t && i < t->bells_count; i++) {
        if (t->bells[i] == bell) {
            t->bells[i] = t->bells[--t->bells_count];
            break;
        }
    }
    end_turn(p, shared);
}

void api_seats_wake(struct api_seats *p, const char *tenant)
{
    assert(p && tenant);
    struct shared *shared = take_turn(p);
    struct api_tenant *t = find(shared, tenant);
    int ring = 1;
    for (size_t i = 0; t && i < t->bells_count; i++) {
        if (queue_put(t->bells[i], &ring) == -EAGAIN)
            continue; /* it rings already */
    }
    end_turn(p, shared);
}

void api_seats_each(struct api_seats *p, api_tenant_fn on_tenant, void *context)
{
    assert(p && on_tenant);
    struct shared *shared = take_turn(p);
    size_t count = shared->count;
    end_turn(p, shared);
    for (size_t i = 0; i < count; i++) /* entries stand still, and are never taken away */
        on_tenant(p->shared->tenants[i]->name, context);
}
