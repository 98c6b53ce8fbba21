-- SPDX-License-Identifier: GPL-3.0-or-later
-- What suppliers take back, what a transfer truly cost, and what each site offers.

-- A fold (002_folds.sql): what came from a supplier by batch and day, and what went back to him.
-- Values are landed cost.
CREATE TABLE supply(@tenant@, supplier TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, day BIGINT NOT NULL, units BIGINT NOT NULL,
  paise BIGINT NOT NULL, back_units BIGINT NOT NULL, back_paise BIGINT NOT NULL,
  PRIMARY KEY(tenant, supplier, sku, batch, expiry_day, mrp_paise, day))@spread@;
CREATE INDEX supply_sku ON supply(tenant, sku, batch);

-- A supplier's terms for goods that come back, by brand ("": all that have no row of their own); each
-- change is a version, the newest holds. The window is in days from the printed date, a minus
-- before it; quotas are of the last 92 days, 0: none; route: credit_note, supply (we invoice).
CREATE TABLE supplier_terms(@tenant@, supplier TEXT NOT NULL, brand TEXT NOT NULL,
  version BIGINT NOT NULL, returnable BIGINT NOT NULL, window_from_days BIGINT NOT NULL,
  window_to_days BIGINT NOT NULL, quota_permille BIGINT NOT NULL, quota_units BIGINT NOT NULL,
  quota_paise BIGINT NOT NULL, credit_permille BIGINT NOT NULL, freight_ours BIGINT NOT NULL,
  freight_paise_kg BIGINT NOT NULL, least_claim_paise BIGINT NOT NULL, route TEXT NOT NULL,
  made_ms BIGINT NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(tenant, supplier, brand, version));

-- What the way of a transfer cost by its paper; a correction is a version, the newest holds.
CREATE TABLE true_cost(@tenant@, proposal_id TEXT NOT NULL, version BIGINT NOT NULL,
  freight_paise BIGINT NOT NULL, handling_paise BIGINT NOT NULL, paper TEXT NOT NULL,
  made_ms BIGINT NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(tenant, proposal_id, version));

-- Surplus lots as the last plan that looked at them priced them, a base unit by 1000: reserve is what
-- one more is worth where it lies. bids: JSON, the best first. promised: what that plan proposed.
CREATE TABLE market_lot(@tenant@, case_id TEXT NOT NULL, site TEXT NOT NULL, sku TEXT NOT NULL,
  batch TEXT NOT NULL, expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, units BIGINT NOT NULL,
  promised_units BIGINT NOT NULL, reserve_milli_paise BIGINT NOT NULL,
  best_milli_paise BIGINT NOT NULL, best_site TEXT NOT NULL, priced_ms BIGINT NOT NULL,
  bids TEXT NOT NULL, PRIMARY KEY(tenant, case_id));
