/* SPDX-License-Identifier: Apache-2.0 */
/* journal/schema.h -- the tables that are the truth (entries, origin, documents) and the steps that
 * bring an older file up to them. Folds are no part of it: they are thrown away and made anew. */
#pragma once

#include <stdbool.h>

#include "db.h"
#include "diag.h"

#define SCHEMA_VERSION 3
#define SCHEMA_APPLICATION_ID 0x56594A31 /* "VYJ1": what file(1) sees */

/* Runs the steps that are missing, each in a transaction of its own. *ret_from is the version that
 * was found; 0: a new file.
 *   -EPROTO   written by a newer release
 *   -EBADMSG  a database, but no journal */
NODISCARD int schema_upgrade(struct db *db, int32_t *ret_from, struct diag *reterr);

/* 0 when it is a journal of this release's schema, and changes nothing.
 *   -EPROTO   of a newer or an older release
 *   -EBADMSG  a database, but no journal */
NODISCARD int schema_check(struct db *db, struct diag *reterr);
