/* SPDX-License-Identifier: Apache-2.0 */
/* tests/property/shim.h -- the product as flat calls for ctypes: numbers, texts and tables instead
 * of records, so that no layout has to be written down twice. It decides nothing. Texts that are
 * returned are borrowed until the next call on the same object; tables are lines of fields between
 * tabs, which no code can contain. Errors are negative errno; shim_why() has the words. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* --- one site: its journal, and what is opened over it */
struct shim;

int shim_open(const char *path, int64_t wall_ms, struct shim **ret);
void shim_close(struct shim *s);
const char *shim_why(const struct shim *s);

/* Appends one unit: a line an entry, "kind<TAB>field=value..." with the names of entry.h. */
int shim_append(struct shim *s, int64_t wall_ms, const char *unit, int64_t *ret_seq);
int shim_commit(struct shim *s);
void shim_rollback(struct shim *s);
int shim_apply(struct shim *s, int64_t wall_ms, const char *type, int32_t version,
               const char *body);

int64_t shim_head(const struct shim *s);
int64_t shim_verified(struct shim *s); /* entries whose chain is good, from the first on */
int shim_digest(struct shim *s, uint8_t ret[32]);
int shim_rebuild(struct shim *s);

const char *shim_entries(struct shim *s, int64_t from_seq); /* a line of JSON each */
const char *shim_lots(struct shim *s);     /* sku number expiry_day mrp_paise bin status qty */
const char *shim_balances(struct shim *s); /* sku number expiry_day mrp_paise computed held, then
                                              the accounts from ACCOUNT_OPENING on */
/* reason worker entries qty value_paise */
const char *shim_reasons(struct shim *s, const char *kind, int32_t from_day, int32_t to_day);
const char *shim_life(struct shim *s, const char *sku); /* sellable on_hand */

/* terms: grace, slow, dead days, dead and recovered velocity by 1000, window days. */
int shim_detect_open(struct shim *s, int32_t today, const int64_t terms[6]);
int shim_detect_sweep(struct shim *s, int32_t today, int64_t wall_ms);
int shim_detect_sku(struct shim *s, const char *sku, int64_t wall_ms);
/* sku category status units landed age idle velocity score risk_units risk_paise, then carrying
 * opportunity disposal transport total */
const char *shim_detect_skus(struct shim *s);
/* sku number expiry_day mrp_paise days_left units landed score risk_units risk_paise */
const char *shim_detect_batches(struct shim *s, const char *sku);
/* skus batches dead slow landed risk_units risk_paise, the impact as above, blocked ml and pallets
 */
const char *shim_detect_total(struct shim *s, const char *category_or_null);

/* --- the station over the journal: posts P1 and P2, dock bin DOCK, quarantine bin QUAR */
int shim_station_open(struct shim *s);
/* kind: "scan" with the scanner's bytes, "command", "weight" with grams as text. */
int shim_station_input(struct shim *s, int64_t wall_ms, const char *post, const char *kind,
                       const char *text);
/* Ends the group: a line an answer: post tone message first_seq entries. */
const char *shim_station_commit(struct shim *s);
/* worker flow keypad-prefix target-sku target-batch target-bin, then each choice's command */
const char *shim_station_view(struct shim *s, const char *post, int64_t wall_ms);

/* --- rules */
/* facts: on hand, age, idle days, velocity by 1000. 1 when they meet terms (as above). */
int shim_dead_meets(const int64_t facts[4], const int64_t terms[6]);
/* The status that follows, from active. */
const char *shim_dead_status(const int64_t facts[4], const int64_t terms[6]);

/* One batch under the demand that `sold` of n in-stock days shows, by default terms.
 * batch: units, days to expiry, refuse days, landed, credit, disposal paise, units ahead.
 * ret: score, at risk units, unsold by 1000, landed, carrying, disposal, credit, total paise. */
void shim_expiry(const int64_t *sold, uint32_t n, const int64_t batch[7], int64_t ret[8]);

/* stock: landed paise, g, ml, days. rates: as in the header. ret: the seven numbers. */
void shim_impact(const int64_t stock[4], const int64_t rates[6], int64_t ret[7]);
void shim_impact_add(const int64_t a[7], const int64_t b[7], int64_t ret[7]);

/* units: base units of each size, largest first. */
int shim_pack_check(const int64_t *units, uint32_t count);
int shim_pack_total(const int64_t *units, uint32_t count, const int64_t *counts, int64_t *ret);
void shim_pack_split(const int64_t *units, uint32_t count, int64_t total, int64_t *ret_counts);

/* lots: expiry day, received day, status, free units each; request: wanted, today, delivery day,
 * least days, fewest lots. ret: lines, allocated, short, blocked, short of life. */
int shim_fefo(const int64_t *lots, uint32_t count, const int64_t request[5], int64_t *ret_lots,
              int64_t *ret_units, int64_t ret[5]);

/* --- barcode: facts as "name=value" lines, both ways */
int shim_compose(const char *facts, int bracketed, char *buf, size_t size);
int shim_read(const char *bytes, size_t len, int32_t today, char *buf, size_t size);

/* --- the relay's planner */
/* facts: km, expected sales by 1000, units, days left, life. ret: proximity, velocity, urgency and
 * score in ppm. */
void shim_rank(const int64_t facts[5], const int64_t weights[3], int64_t ret[4]);

/* Plans an rnet text. limits: rounds of the bound, of the search, nodes. ret: value, alone, bound;
 * cases by arc, trucks by lane. */
int shim_plan(const char *text, const int64_t limits[3], int64_t ret[3], int64_t *ret_cases,
              int64_t *ret_trucks);

/* One SKU whose lots may go, for nothing, where lanes lead: from_to has two sites a lane. Fills
 * cases that end at each site, and returns on how many arcs something moves. */
int shim_spread(uint32_t sites, const int64_t *on_hand, const double *mean, const double *shape,
                uint32_t lots, const int64_t *lot_site, const int64_t *lot_cases, uint32_t lanes,
                const int64_t *from_to, int64_t *ret_arrived);
