-- SPDX-License-Identifier: GPL-3.0-or-later
-- From a scan to what it led to, and back (api/trace_link.h). Indexes over entries hold the few kinds
-- that bring goods or carry out a document of the relay's, and not the many that sell: what a sale has
-- to do with an offer is a row of its own. InventoryUpdated, of which there is one a movement, is found
-- by its type and subject.
CREATE INDEX entry_brought ON entry(tenant, sku, batch, expiry_day, mrp_paise, wall_ms)
  WHERE kind IN (10, 11, 14, 16, 24);
CREATE INDEX entry_carried ON entry(tenant, document, wall_ms)
  WHERE kind IN (15, 16, 17, 18, 19, 39);
CREATE INDEX entry_applied ON entry(tenant, device, document, line) WHERE kind = 4;
CREATE INDEX event_cause ON event(tenant, cause) WHERE type <> 'InventoryUpdated';
CREATE INDEX proposal_document ON proposal(tenant, document);
CREATE INDEX order_cause ON order_line(tenant, cause);
CREATE INDEX paper_document ON paper(tenant, document);
CREATE INDEX campaign_proposal ON campaign(tenant, proposal_id);

-- trace: of the case or request that the message is sent for.
ALTER TABLE outbox ADD COLUMN trace TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_cause ON outbox(tenant, cause, made_ms);

-- The entries by which an outlet took goods of a campaign, or gave them back: what its figures are
-- the sum of. Written by who reads the entry, from this version on.
CREATE TABLE campaign_take(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
  campaign_id TEXT NOT NULL, party TEXT NOT NULL, document TEXT NOT NULL, line BIGINT NOT NULL,
  units BIGINT NOT NULL, value_paise BIGINT NOT NULL, wall_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, device, epoch, seq));
CREATE INDEX campaign_take_of ON campaign_take(tenant, campaign_id, wall_ms);
