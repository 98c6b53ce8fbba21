-- SPDX-License-Identifier: GPL-3.0-or-later
-- What monitoring watches, and what it and others want somebody to look at.

-- Units of a batch at a site after the entries that monitoring has told of: so that each
-- InventoryUpdated names the balance of its own moment, however far the folds are ahead.
CREATE TABLE told_balance(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, qty BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, batch, expiry_day, mrp_paise))@spread@;

-- Entries that a person made in an hour (since 1970), for surges.
CREATE TABLE pace(@tenant@, site TEXT NOT NULL, worker TEXT NOT NULL, hour BIGINT NOT NULL,
  entries BIGINT NOT NULL, PRIMARY KEY(tenant, site, worker, hour))@spread@;

-- severity: critical, high, medium, low. action: what to do, in a sentence. An alert is raised once
-- for its id, which names type, place and occasion.
CREATE TABLE alert(@tenant@, alert_id TEXT NOT NULL, type TEXT NOT NULL, severity TEXT NOT NULL,
  site TEXT NOT NULL, sku TEXT NOT NULL, message TEXT NOT NULL, action TEXT NOT NULL,
  at_ms BIGINT NOT NULL, cause TEXT NOT NULL, trace TEXT NOT NULL, acknowledged_by TEXT NOT NULL,
  acknowledged_ms BIGINT NOT NULL, PRIMARY KEY(tenant, alert_id))@spread@;
CREATE INDEX alert_open ON alert(tenant, acknowledged_ms, at_ms);
