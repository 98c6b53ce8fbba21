/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/tenancy.h -- what a worker has of one tenant: its store, its ingest, its agents. Not
 * thread-safe: it belongs to its worker's thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest.h"
#include "worker.h"

#define TENANCY_LOOK_MS 5000       /* how often it looks for what others have committed */
#define TENANCY_RETRY_MIN_MS 1000  /* until a store that failed is tried again: twice as long */
#define TENANCY_RETRY_MAX_MS 15000 /* each time, to at most this */

struct tenancy;

/* Opens nothing yet: the store is opened when it is needed, and again when it failed. -ENOMEM. */
NODISCARD int tenancy_open(const struct worker_conf *conf, const char *tenant,
                           struct tenancy **ret);
void tenancy_free(struct tenancy *t);
DEFINE_AUTO(tenancy);

const char *tenancy_name(const struct tenancy *t);

/* Stores and answers, up to INGEST_GROUP_MAX of them. 0 also when another relayd serves the tenant;
 * else the store's error: they were not taken. */
NODISCARD int tenancy_take(struct tenancy *t, const struct ingest_message *messages, size_t n);

/* What is due besides: acknowledgements, documents, agents; a bounded step of each. Returns when to
 * call again, by relay_clock_steady_ms(). */
int64_t tenancy_step(struct tenancy *t);

void tenancy_wake(struct tenancy *t); /* others have committed something: the next step looks */

struct ingest_counts tenancy_counts(const struct tenancy *t);
