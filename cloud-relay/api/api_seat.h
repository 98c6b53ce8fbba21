/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_seat.h -- the connections of the API to its tenants' stores: a bounded number each,
 * opened when first needed, each used by one request at a time. A connection never changes its
 * tenant. */
#pragma once

#include <stddef.h>

#include "attr.h"
#include "catalogue_index.h"
#include "queue.h"
#include "sql.h"

#define API_TENANTS_MAX 1024
#define API_STREAMS_MAX 64 /* event streams of a tenant */

struct api_seats;
struct api_tenant;

struct api_seat {
    struct api_tenant *tenant;
    struct sql *s;                     /* open */
    struct catalogue_index *catalogue; /* as of its last refresh; NULL before the first */
};

/* address: borrowed. */
NODISCARD int api_seats_open(const char *address, int per_tenant, struct api_seats **ret);
void api_seats_free(struct api_seats *p); /* all seats were given back; NULL is fine */
DEFINE_AUTO(api_seats);

/* Waits up to wait_ms for a free one.
 *   -ENOENT  the store has no such tenant, or it is no tenant's name
 *   -EBUSY   none came free
 *   else     as sql_open() */
NODISCARD int api_seat_take(struct api_seats *p, const char *tenant, int wait_ms,
                            struct api_seat *ret);
/* Rolls back what is open. */
void api_seat_give(struct api_seats *p, struct api_seat *seat);

/* A queue of one item, put into when api_seats_wake() is called for the tenant. -EBUSY: too many
 * streams; -ENOENT: no seat of that tenant was ever taken. */
NODISCARD int api_seats_listen(struct api_seats *p, const char *tenant, struct queue *bell);
void api_seats_unlisten(struct api_seats *p, const char *tenant, const struct queue *bell);
void api_seats_wake(struct api_seats *p, const char *tenant);

/* The tenants that were asked for so far. */
typedef void (*api_tenant_fn)(const char *tenant, void *context);
void api_seats_each(struct api_seats *p, api_tenant_fn on_tenant, void *context);
