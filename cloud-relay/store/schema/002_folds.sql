-- SPDX-License-Identifier: GPL-3.0-or-later
-- Folds: what follows from the entries alone (projection.h of ingest). All of them can be dropped and made
-- again, to the same rows. A place is a site; stock of a site is that of the newest epoch of each of
-- its appliances, because a new epoch begins with an opening of its own.

-- Units of a batch in one bin in one status, and the appliance whose journal moves what lies there.
-- Rows of 0 are deleted; negative ones are shown. (007_stock.sql drops stock_zero.)
CREATE TABLE stock(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, status BIGINT NOT NULL, bin TEXT NOT NULL,
  device TEXT NOT NULL, qty BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, batch, expiry_day, mrp_paise, status, bin, device))@spread@;
CREATE INDEX stock_zero ON stock(tenant) WHERE qty = 0;

-- What is known of a batch at a site. received_day: when its goods first came to the distributor,
-- so that age survives transfers. cost = in_paise / in_units, over what came in with a value.
-- `brought`: 1 when an entry that brings goods has told the facts. last_moved_day: when units last
-- came, left or moved; counts and adjustments are no movement.
CREATE TABLE lot(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, expiry_kind BIGINT NOT NULL,
  made_day BIGINT NOT NULL, received_day BIGINT NOT NULL, in_units BIGINT NOT NULL,
  in_paise BIGINT NOT NULL, last_moved_day BIGINT NOT NULL, brought BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, batch, expiry_day, mrp_paise))@spread@;

-- The conservation equation of contract/stock_effect.h, by site and batch: net units an account,
-- signed as they change the stock: the accounts of a batch add up to its stock. What an old epoch
-- held is booked out as adjusted when the new one begins.
CREATE TABLE account(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, account BIGINT NOT NULL, qty BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, batch, expiry_day, mrp_paise, account))@spread@;

-- Sold units of a day, and the days of sellable stock: a zero without stock is no evidence.
-- from_day..to_day are spans of days on which an appliance of the site had sellable stock (to_day
-- 2147483647: still). With several appliances spans overlap: a day counts when any span has it.
CREATE TABLE demand(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, day BIGINT NOT NULL,
  units BIGINT NOT NULL, returned BIGINT NOT NULL, PRIMARY KEY(tenant, site, sku, day))@spread@;
CREATE TABLE stocked(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, from_day BIGINT NOT NULL,
  device TEXT NOT NULL, to_day BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, from_day, device))@spread@;

-- What an outlet took of a SKU on a day, and what it sent back.
CREATE TABLE outlet_sale(@tenant@, outlet TEXT NOT NULL, sku TEXT NOT NULL, day BIGINT NOT NULL,
  site TEXT NOT NULL, units BIGINT NOT NULL, returned BIGINT NOT NULL, value_paise BIGINT NOT NULL,
  PRIMARY KEY(tenant, outlet, sku, day, site))@spread@;

-- Transfers by batch, from both ends: in transit = sent - arrived - lost. Either end may come first.
-- damaged are part of arrived. What the scans of an end say of its site holds against what the other
-- end was told. A batch that was read otherwise at the other end stands in a row of its own.
CREATE TABLE transit(@tenant@, document TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, from_site TEXT NOT NULL,
  to_site TEXT NOT NULL, sent BIGINT NOT NULL, arrived BIGINT NOT NULL, damaged BIGINT NOT NULL,
  lost BIGINT NOT NULL, sent_ms BIGINT NOT NULL, arrived_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, document, sku, batch, expiry_day, mrp_paise))@spread@;

-- Units booked for a line of a document, by kind of entry: what of an order is done.
CREATE TABLE line_done(@tenant@, document TEXT NOT NULL, line BIGINT NOT NULL, kind BIGINT NOT NULL,
  site TEXT NOT NULL, qty BIGINT NOT NULL, last_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, document, line, kind, site))@spread@;

-- Which folds are there, and of which version of their rules.
CREATE TABLE fold(@tenant@, name TEXT NOT NULL, version BIGINT NOT NULL,
  PRIMARY KEY(tenant, name));
