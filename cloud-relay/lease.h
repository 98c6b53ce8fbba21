/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/lease.h -- which of several relayd serves a tenant. On PostgreSQL it is an advisory
 * lock of the very session that commits, so that whoever has lost it has lost its session too; on
 * SQLite a lock on a file beside the tenant's. It only keeps two from doing the same work: that
 * they cannot both store it is ensured by ingest's own lock within each transaction. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "sql.h"

#define LEASE_CHECK_MS 5000 /* how long an answer holds */

struct lease;

/* address: of store/sql.h. work: a word; processes that do different work hold leases of their own.
 * Borrowed. -ENOMEM, or -errno of the file. */
NODISCARD int lease_open(const char *address, const char *work, struct sql *s, struct lease **ret);
void lease_free(struct lease *l); /* gives it back */
DEFINE_AUTO(lease);

/* 1: held, 0: another has it; or an error of the store. Outside of transactions. */
NODISCARD int lease_hold(struct lease *l, int64_t mono_ms);
