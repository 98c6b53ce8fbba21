-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the relay itself says and decides.

-- The relay's own journal: commands, domain events and audit records, hash-chained:
-- hash(n) = SHA-256(hash(n-1) || the row's text as event.h writes it). Nothing is ever changed.
-- kind: command, event, audit. `subject` is what it is about ("case:C17", "sku:...", "user:..."),
-- `cause` what led to it ("entry:DEVICE:EPOCH:SEQ", "event:N", "request:..."): once per cause.
CREATE TABLE event(@tenant@, seq BIGINT NOT NULL, wall_ms BIGINT NOT NULL, kind TEXT NOT NULL,
  type TEXT NOT NULL, version BIGINT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,
  cause TEXT NOT NULL, trace TEXT NOT NULL, body TEXT NOT NULL, hash @bytes@ NOT NULL,
  PRIMARY KEY(tenant, seq))@spread@;
CREATE UNIQUE INDEX event_once ON event(tenant, type, subject, cause);
CREATE INDEX event_subject ON event(tenant, subject, seq);

-- How far a consumer has read: source "event", or "DEVICE:EPOCH" of a journal. Moves in the
-- transaction of what was decided.
CREATE TABLE position(@tenant@, consumer TEXT NOT NULL, source TEXT NOT NULL, seq BIGINT NOT NULL,
  PRIMARY KEY(tenant, consumer, source));

-- Agents as they run: state starting, running, stopped, broken (its breaker is open until
-- retry_ms), failures since the last good run; `stuck_on` the item that its last step failed on,
-- and how often: after so many tries it goes to dead_letter.
CREATE TABLE agent(@tenant@, agent TEXT NOT NULL, state TEXT NOT NULL, wanted TEXT NOT NULL,
  started_ms BIGINT NOT NULL, heartbeat_ms BIGINT NOT NULL, ran_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL, restarts BIGINT NOT NULL, failures BIGINT NOT NULL,
  retry_ms BIGINT NOT NULL, handled BIGINT NOT NULL, last_error TEXT NOT NULL,
  stuck_on TEXT NOT NULL, tries BIGINT NOT NULL,
  PRIMARY KEY(tenant, agent));

CREATE TABLE timer(@tenant@, timer TEXT NOT NULL, due_ms BIGINT NOT NULL, consumer TEXT NOT NULL,
  subject TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY(tenant, timer));
CREATE INDEX timer_due ON timer(tenant, due_ms);

-- A tenant's rules, by name and scope ("", "category:...", "territory:...", "agent:..."), each
-- change a version; the newest holds.
CREATE TABLE setting(@tenant@, name TEXT NOT NULL, scope TEXT NOT NULL, version BIGINT NOT NULL,
  value TEXT NOT NULL, made_ms BIGINT NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(tenant, name, scope, version));

-- The newest score of each SKU at each site, and of each batch: made by analysis, read by screens.
-- waits_for: the festival that keeps stock from being called dead; "": none.
CREATE TABLE sku_score(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, day BIGINT NOT NULL,
  status BIGINT NOT NULL, in_episode BIGINT NOT NULL, score BIGINT NOT NULL,
  factor_idle BIGINT NOT NULL, factor_velocity BIGINT NOT NULL, factor_no_sale BIGINT NOT NULL,
  units BIGINT NOT NULL, landed_paise BIGINT NOT NULL, rate_milli BIGINT NOT NULL,
  idle_days BIGINT NOT NULL, no_sale_permille BIGINT NOT NULL, carrying_paise BIGINT NOT NULL,
  opportunity_paise BIGINT NOT NULL, disposal_paise BIGINT NOT NULL, transport_paise BIGINT NOT NULL,
  blocked_ml BIGINT NOT NULL, risk_units BIGINT NOT NULL, risk_paise BIGINT NOT NULL,
  waits_for TEXT NOT NULL, PRIMARY KEY(tenant, site, sku))@spread@;
CREATE TABLE lot_score(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, day BIGINT NOT NULL, units BIGINT NOT NULL,
  state BIGINT NOT NULL, score BIGINT NOT NULL, at_risk_units BIGINT NOT NULL,
  unsold_milli BIGINT NOT NULL, landed_paise BIGINT NOT NULL, total_paise BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku, batch, expiry_day, mrp_paise))@spread@;

-- A case: one batch (or SKU: batch "", expiry -2147483648, mrp 0) at a site that will not sell in
-- time, from detection to settlement. state: detected, assessed, proposed, executing, settled,
-- closed (gone by itself), failed. Money as found, and as truly recovered.
CREATE TABLE recovery_case(@tenant@, case_id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
  site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL, expiry_day BIGINT NOT NULL,
  mrp_paise BIGINT NOT NULL, opened_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
  closed_ms BIGINT NOT NULL, units BIGINT NOT NULL, risk_units BIGINT NOT NULL,
  risk_paise BIGINT NOT NULL, landed_paise BIGINT NOT NULL, expected_paise BIGINT NOT NULL,
  moved_units BIGINT NOT NULL, cleared_units BIGINT NOT NULL, returned_units BIGINT NOT NULL,
  written_off_units BIGINT NOT NULL, recovered_paise BIGINT NOT NULL, trace TEXT NOT NULL,
  PRIMARY KEY(tenant, case_id));
CREATE INDEX case_lot ON recovery_case(tenant, site, sku, state);

-- What may be done about it. action: transfer, campaign, supplier_return, write_off, hold. state:
-- proposed, approved, rejected, expired, executing, done, partial, failed. A transfer is also the
-- mission's ReallocationRecommendation. Prices are those of the planner's market, a base unit by
-- 1000. `inputs` names the versions that it was decided on, `alternative` the next best and its
-- value, `limits` what binds. landed_paise and discount_permille are what the limits of the agent in
-- made_by are held against.
CREATE TABLE proposal(@tenant@, proposal_id TEXT NOT NULL, case_id TEXT NOT NULL,
  action TEXT NOT NULL, state TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, from_site TEXT NOT NULL,
  to_site TEXT NOT NULL, units BIGINT NOT NULL, made_by TEXT NOT NULL, made_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL, landed_paise BIGINT NOT NULL, discount_permille BIGINT NOT NULL,
  cost_paise BIGINT NOT NULL, revenue_paise BIGINT NOT NULL, gain_paise BIGINT NOT NULL,
  ask_milli_paise BIGINT NOT NULL, bid_milli_paise BIGINT NOT NULL, urgency BIGINT NOT NULL,
  rank BIGINT NOT NULL, compliance TEXT NOT NULL, reason TEXT NOT NULL, alternative TEXT NOT NULL,
  limits TEXT NOT NULL, inputs TEXT NOT NULL, decided_by TEXT NOT NULL, decided_ms BIGINT NOT NULL,
  decided_reason TEXT NOT NULL, document TEXT NOT NULL, done_units BIGINT NOT NULL,
  actual_cost_paise BIGINT NOT NULL, actual_revenue_paise BIGINT NOT NULL, saga_step BIGINT NOT NULL,
  PRIMARY KEY(tenant, proposal_id));
CREATE INDEX proposal_state ON proposal(tenant, state, made_ms);
CREATE INDEX proposal_case ON proposal(tenant, case_id);
CREATE INDEX proposal_goods ON proposal(tenant, sku, batch);

-- Lines that go down to a site in its plan (contract/catalogue.h); the site's own orders come from
-- its own business and are not here. price: agreed for a piece pack before tax, 0 for the usual one.
-- state: open, done, cancelled. `cause` is the proposal, request or feed that they come from.
CREATE TABLE order_line(@tenant@, document TEXT NOT NULL, line BIGINT NOT NULL, site TEXT NOT NULL,
  kind TEXT NOT NULL, party TEXT NOT NULL, sku TEXT NOT NULL, qty BIGINT NOT NULL,
  due_day BIGINT NOT NULL, batch TEXT NOT NULL, expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL,
  received_day BIGINT NOT NULL, price_paise BIGINT NOT NULL, state TEXT NOT NULL,
  made_ms BIGINT NOT NULL, cause TEXT NOT NULL, PRIMARY KEY(tenant, document, site, line));
CREATE INDEX order_site ON order_line(tenant, site, state);

-- Papers of goods that move: delivery challan or tax invoice, e-way bill need. body is JSON.
CREATE TABLE paper(@tenant@, paper_id TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL,
  document TEXT NOT NULL, from_gstin TEXT NOT NULL, to_gstin TEXT NOT NULL, day BIGINT NOT NULL,
  taxable_paise BIGINT NOT NULL, tax_paise BIGINT NOT NULL, eway TEXT NOT NULL, state TEXT NOT NULL,
  made_ms BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(tenant, paper_id));
CREATE TABLE number_series(@tenant@, gstin TEXT NOT NULL, kind TEXT NOT NULL, year BIGINT NOT NULL,
  next BIGINT NOT NULL, PRIMARY KEY(tenant, gstin, kind, year));

-- Lanes between sites: what the planner may use. Without a row, km follows from the map.
CREATE TABLE lane(@tenant@, from_site TEXT NOT NULL, to_site TEXT NOT NULL, km BIGINT NOT NULL,
  lead_days BIGINT NOT NULL, paise_a_kg BIGINT NOT NULL, paise_a_truck BIGINT NOT NULL,
  kg_a_truck BIGINT NOT NULL, trucks BIGINT NOT NULL, least_kg BIGINT NOT NULL,
  open BIGINT NOT NULL, PRIMARY KEY(tenant, from_site, to_site));
