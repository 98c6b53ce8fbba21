/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/worker.h -- a thread that serves some of the tenants: it takes their messages into
 * the store, composes what goes down, and lets their agents think. It has a connection of its own
 * to each tenant's store; others meet it through its bounded queue alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "document_ticket.h"
#include "journal_row.h"
#include "relay_clock.h"
#include "sql.h"

#define WORKER_TENANTS_MAX 1024

/* What thinks for a tenant, on its worker's thread and connection, between its messages. */
struct worker_mind {
    /* Once the tenant is served here. -EINVAL and others with *reterr. */
    int (*open)(struct sql *s, int64_t now_ms, struct diag *reterr, void **ret);
    /* One bounded step. 1: call again; 0: not before *ret_due_ms; else the store's error. */
    int (*step)(void *mind, int64_t now_ms, int64_t *ret_due_ms);
    void (*free)(void *mind); /* NULL is fine */
};

struct worker_conf {
    const char *store; /* address of store/sql.h */
    const struct relay_clock *clock;
    bool takes;                     /* role ingest */
    const struct worker_mind *mind; /* role agents; NULL: none */
    enum ingest_safe safe;
    int32_t window;
    int32_t flush_ms;
    const struct document_key *fetch_key; /* ingest.h; NULL: no API to fetch from */
    size_t queue;
    unsigned number; /* of this worker, 0 to count - 1, */
    unsigned count;  /* among so many: a tenant belongs to one of them by its name */

    /* Called from the worker's thread. Both return at once. */
    void (*reply)(const char *topic, const void *bytes, size_t len, void *context);
    void (*changed)(const char *tenant, void *context); /* something of the tenant was committed */
    void *context;
};

struct worker;

/* Copies conf, but not what it points to, and starts the thread, which opens the tenants that the
 * store holds. -ENOMEM, or -errno of threads and descriptors. */
NODISCARD int worker_open(const struct worker_conf *conf, struct worker **ret);

/* Which worker of so many serves a tenant. */
unsigned worker_of(const char *tenant, unsigned count);

/* A message for one of its tenants, from any thread. Takes bytes, which are from malloc(), when it
 * returns 0. -EAGAIN: the queue is full: drop it, the appliance has it still. */
NODISCARD int worker_give(struct worker *w, const char *tenant, const char *topic, uint8_t *bytes,
                          size_t len);

/* Something of the tenant was committed by somebody else, from any thread: its agents may have
 * work, its documents may have changed. Lost when the queue is full: it looks by itself now and
 * then. */
void worker_wake(struct worker *w, const char *tenant);

struct worker_counts {
    int64_t messages;
    int64_t entries;
    int64_t transactions;
    int64_t again;
    int64_t refused;
    int64_t dropped;
    int64_t set_aside;
    int64_t failed; /* groups that the store did not take */
};
struct worker_counts worker_counts(const struct worker *w); /* from any thread */

void worker_free(struct worker *w); /* ends the thread after what it is doing */
DEFINE_AUTO(worker);
