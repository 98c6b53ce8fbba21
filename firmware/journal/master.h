/* SPDX-License-Identifier: Apache-2.0 */
/* journal/master.h -- the documents in force at this site (contract/catalogue.h), stored row by row
 * beside the journal and indexed for look-up. Applying one is an entry like any other. */
#pragma once

#include "catalogue.h"
#include "journal.h"

/* Replaces the document of that type, rebuilds its index and appends ENTRY_APPLIED, in the open
 * transaction: it counts when journal_commit() has succeeded. Blocks some 20 us a row. What one
 * document says of another (the SKU of an order's line) is not checked: they come in any order.
 *   -EINVAL  *reterr names line and column; the document before stays in force
 *   -EEXIST  this version, byte for byte, is in force already: nothing was done
 *   else as journal_append() */
NODISCARD int master_apply(struct journal *j, const struct journal_time *time,
                           enum document_type type, int32_t version, const char *body, size_t len,
                           struct diag *reterr);

/* Version in force, 0 when there is none. */
NODISCARD int master_version(struct journal *j, enum document_type type, int32_t *ret_version);

/* Each: 1 and *ret when found, 0 when not, negative on failure. */
NODISCARD int master_sku(struct journal *j, const char *sku, struct catalogue_sku *ret);
NODISCARD int master_party(struct journal *j, const char *party, struct catalogue_party *ret);
NODISCARD int master_bin(struct journal *j, const char *bin, struct catalogue_bin *ret);
NODISCARD int master_worker(struct journal *j, const char *worker, struct catalogue_worker *ret);

/* The SKU and pack of a GTIN in normal form (14 digits). */
NODISCARD int master_gtin(struct journal *j, const char *gtin14, struct catalogue_sku *ret,
                          size_t *ret_pack);

/* The SKU of an in-store item number, as printed by a scale. */
NODISCARD int master_instore(struct journal *j, const char *item, struct catalogue_sku *ret);

/* Adds to units[] (to_day - from_day + 1 of them) what the history in force says was sold of the
 * SKU on those days. *ret_first_day is the first day that the history knows of any SKU, or
 * CIVIL_NONE: from there to the beginning of the journal a day without a row is a day without a
 * sale. */
NODISCARD int master_history(struct journal *j, const char *sku, int32_t from_day, int32_t to_day,
                             int64_t *units, int32_t *ret_first_day);

/* Walks in ascending order of the key; the record's type is the document's; history, orders and
 * plan are not walked. on_row returns non-zero to stop; that is passed on. Its reterr
 * is NULL. */
NODISCARD int master_each(struct journal *j, enum document_type type, catalogue_row_fn on_row,
                          void *context);

/* All lines of orders and plan, by due day, document, line. A document that stands in both is the
 * plan's: its lines in orders count no more. */
NODISCARD int master_orders(struct journal *j, catalogue_row_fn on_line, void *context);

/* Lines of one document of either, by line. */
NODISCARD int master_order(struct journal *j, const char *document, catalogue_row_fn on_line,
                           void *context);

/* SKUs whose code, name, Hindi name or brand contains the text, without regard to the case of ASCII
 * letters; at most max, by code. Returns how many. */
NODISCARD int master_search(struct journal *j, const char *text, struct catalogue_sku *ret,
                            size_t max);
