-- SPDX-License-Identifier: GPL-3.0-or-later
-- The appliances' journals as they came, and what is known of each appliance.
--
-- How these files are read (schema.h): a statement ends with ";" at the end of a line. @tenant@ is
-- the tenant column with its default; @bytes@ the engine's type for bytes; @spread@, behind a table
-- that grows with the entries, hash partitions by tenant where the engine has them. TEXT compares by
-- bytes on both.
-- Integers are BIGINT. Days are Indian civil days since 1970-01-01; -2147483648: no date.

-- Sites of the distributor: warehouses with an appliance, one place on the map each. `receive_kg`
-- is what the dock can take in a day (0: no limit).
CREATE TABLE site(@tenant@, site TEXT NOT NULL, name TEXT NOT NULL, territory TEXT NOT NULL,
  gstin TEXT NOT NULL, state BIGINT NOT NULL, pincode TEXT NOT NULL,
  latitude_e6 BIGINT NOT NULL, longitude_e6 BIGINT NOT NULL, receive_kg BIGINT NOT NULL,
  PRIMARY KEY(tenant, site));

-- state: claimed (has a certificate), active (has spoken), revoked. `epoch` is the newest one given.
CREATE TABLE device(@tenant@, device TEXT NOT NULL, site TEXT NOT NULL, shard BIGINT NOT NULL,
  epoch BIGINT NOT NULL, state TEXT NOT NULL, certificate TEXT NOT NULL,
  release TEXT NOT NULL, wire BIGINT NOT NULL, head BIGINT NOT NULL, floor BIGINT NOT NULL,
  last_heard_ms BIGINT NOT NULL, skew_ms BIGINT NOT NULL, facts TEXT NOT NULL,
  PRIMARY KEY(tenant, device));

-- One claim code lets one appliance in, once. Only its SHA-256 is kept.
CREATE TABLE claim(@tenant@, code_sha256 @bytes@ NOT NULL, device TEXT NOT NULL, site TEXT NOT NULL,
  made_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL, used_ms BIGINT NOT NULL,
  made_by TEXT NOT NULL, PRIMARY KEY(tenant, code_sha256));

-- The dedupe table: everything up to wm is here, without a gap. Never expires. `session` is that of
-- the batch that moved wm last. `fork_seq` > 0: the same seq came with another hash; what came is in
-- dead_letter.
CREATE TABLE watermark(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, wm BIGINT NOT NULL,
  head_hash @bytes@ NOT NULL, safe BIGINT NOT NULL, session BIGINT NOT NULL, fork_seq BIGINT NOT NULL,
  entries_bytes BIGINT NOT NULL, wire_bytes BIGINT NOT NULL, batches BIGINT NOT NULL,
  first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, device, epoch));

-- The columns that questions are asked by, and the canonical bytes, which the chain covers. `came_ms`
-- is the relay's time of the commit.
CREATE TABLE entry(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
  wall_ms BIGINT NOT NULL, came_ms BIGINT NOT NULL, kind BIGINT NOT NULL, worker TEXT NOT NULL,
  sku TEXT NOT NULL, batch TEXT NOT NULL, expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL,
  qty BIGINT NOT NULL, value_paise BIGINT NOT NULL, document TEXT NOT NULL, line BIGINT NOT NULL,
  party TEXT NOT NULL, reason TEXT NOT NULL, body @bytes@ NOT NULL,
  PRIMARY KEY(tenant, device, epoch, seq))@spread@;

-- Batches as they came on the wire, for ever: what a rebuild, an audit or an upgrade reads.
CREATE TABLE archive(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, first_seq BIGINT NOT NULL,
  entries BIGINT NOT NULL, came_ms BIGINT NOT NULL, head_hash @bytes@ NOT NULL,
  body @bytes@ NOT NULL, PRIMARY KEY(tenant, device, epoch, first_seq))@spread@;

-- What could not be taken in, with its reason: a batch of a fork, an entry that a fold refuses, an
-- event that an agent failed on. state: open, repaired, dropped.
CREATE TABLE dead_letter(@tenant@, letter BIGINT NOT NULL, made_ms BIGINT NOT NULL,
  source TEXT NOT NULL, device TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
  reason TEXT NOT NULL, body @bytes@ NOT NULL, state TEXT NOT NULL, decided_by TEXT NOT NULL,
  decided_ms BIGINT NOT NULL, PRIMARY KEY(tenant, letter));

-- The relay's time as an appliance saw it: corrected time = wall + (mono - mono of the anchor).
CREATE TABLE anchor(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, boot BIGINT NOT NULL,
  mono_ms BIGINT NOT NULL, relay_ms BIGINT NOT NULL, error_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, device, epoch, boot, mono_ms));

-- Documents that go down; the relay is their only writer. scope: a device, or "*" for all devices
-- that have none of their own. The newest version of a scope and type is wanted; the last 50 are
-- kept, for deltas. Master data (catalogue, parties, bins, workers, history) is these documents.
CREATE TABLE document(@tenant@, scope TEXT NOT NULL, type TEXT NOT NULL, version BIGINT NOT NULL,
  sha256 @bytes@ NOT NULL, made_ms BIGINT NOT NULL, made_by TEXT NOT NULL, bytes BIGINT NOT NULL,
  body @bytes@ NOT NULL, PRIMARY KEY(tenant, scope, type, version));

-- What each appliance says it has in force: a fold of its `applied` entries.
CREATE TABLE applied(@tenant@, device TEXT NOT NULL, type TEXT NOT NULL, version BIGINT NOT NULL,
  sha256 @bytes@ NOT NULL, wall_ms BIGINT NOT NULL, PRIMARY KEY(tenant, device, type));
