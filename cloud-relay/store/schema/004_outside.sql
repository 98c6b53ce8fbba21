-- SPDX-License-Identifier: GPL-3.0-or-later
-- People, campaigns, messages, and requests from outside.

-- How to reach an outlet. Personal data: read by channels only, erased on request.
CREATE TABLE contact(@tenant@, party TEXT NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL,
  language TEXT NOT NULL, state TEXT NOT NULL, changed_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, party, channel));
CREATE INDEX contact_address ON contact(tenant, channel, address);

-- The consent ledger, append-only: the newest row of party, channel and purpose holds.
CREATE TABLE consent(@tenant@, party TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL,
  version BIGINT NOT NULL, status TEXT NOT NULL, at_ms BIGINT NOT NULL, source TEXT NOT NULL,
  text_shown TEXT NOT NULL, language TEXT NOT NULL, evidence TEXT NOT NULL,
  PRIMARY KEY(tenant, party, channel, purpose, version));

-- state: draft, approved, running, paused (with `why`), stopped, done. The offer is for a lot.
CREATE TABLE campaign(@tenant@, campaign_id TEXT NOT NULL, proposal_id TEXT NOT NULL,
  state TEXT NOT NULL, why TEXT NOT NULL, site TEXT NOT NULL, sku TEXT NOT NULL, batch TEXT NOT NULL,
  expiry_day BIGINT NOT NULL, mrp_paise BIGINT NOT NULL, units BIGINT NOT NULL,
  sold_units BIGINT NOT NULL, price_paise BIGINT NOT NULL, floor_paise BIGINT NOT NULL,
  ceiling_paise BIGINT NOT NULL, discount_permille BIGINT NOT NULL, template TEXT NOT NULL,
  channels TEXT NOT NULL, holdout_permille BIGINT NOT NULL, start_day BIGINT NOT NULL,
  end_day BIGINT NOT NULL, made_ms BIGINT NOT NULL, decided_by TEXT NOT NULL,
  decided_ms BIGINT NOT NULL, PRIMARY KEY(tenant, campaign_id));

-- Who is offered it. arm: offer, holdout. Units and rupees are what they then took of the lot.
CREATE TABLE campaign_target(@tenant@, campaign_id TEXT NOT NULL, party TEXT NOT NULL,
  arm TEXT NOT NULL, channel TEXT NOT NULL, score BIGINT NOT NULL, expected_units BIGINT NOT NULL,
  reason TEXT NOT NULL, ordered_units BIGINT NOT NULL, units BIGINT NOT NULL,
  value_paise BIGINT NOT NULL, PRIMARY KEY(tenant, campaign_id, party));

CREATE TABLE template(@tenant@, template TEXT NOT NULL, channel TEXT NOT NULL, language TEXT NOT NULL,
  version BIGINT NOT NULL, category TEXT NOT NULL, provider_name TEXT NOT NULL, body TEXT NOT NULL,
  variables TEXT NOT NULL, approved BIGINT NOT NULL, made_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, template, channel, language, version));

-- What must leave the relay (channels/outbox.h). The idempotency key is unique for ever: no message
-- goes out twice. state: queued, sending, sent, delivered, read, failed, blocked (with `why`), dead.
-- `rank`: the lower goes first. `sent_ms`: of the last durable mark before a request; 0: none yet.
CREATE TABLE outbox(@tenant@, message_id TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  channel TEXT NOT NULL, purpose TEXT NOT NULL, party TEXT NOT NULL, template TEXT NOT NULL,
  language TEXT NOT NULL, variables TEXT NOT NULL, state TEXT NOT NULL, rank BIGINT NOT NULL,
  attempts BIGINT NOT NULL, due_ms BIGINT NOT NULL, made_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL, lease_ms BIGINT NOT NULL, provider_id TEXT NOT NULL,
  why TEXT NOT NULL, cause TEXT NOT NULL, sent_ms BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY(tenant, message_id))@spread@;
CREATE INDEX outbox_party ON outbox(tenant, party, sent_ms);
CREATE UNIQUE INDEX outbox_once ON outbox(tenant, idempotency_key);
CREATE INDEX outbox_due ON outbox(tenant, state, due_ms);
CREATE INDEX outbox_provider ON outbox(tenant, channel, provider_id);

-- Callbacks of providers, each (channel, provider_id, status) once.
CREATE TABLE receipt(@tenant@, channel TEXT NOT NULL, provider_id TEXT NOT NULL, status TEXT NOT NULL,
  at_ms BIGINT NOT NULL, code TEXT NOT NULL, came_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, channel, provider_id, status));

-- A channel that rests until until_ms, and why, for all to see; resumed by time or by a person.
CREATE TABLE channel_pause(@tenant@, channel TEXT NOT NULL, why TEXT NOT NULL,
  from_ms BIGINT NOT NULL, until_ms BIGINT NOT NULL, PRIMARY KEY(tenant, channel));

-- Users: yescrypt hashes only. role: owner, manager, procurement, field, technician, auditor, agent.
-- territories: joined by "+"; "": all.
CREATE TABLE account_user(@tenant@, user_name TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  territories TEXT NOT NULL, password_hash TEXT NOT NULL, state TEXT NOT NULL,
  failures BIGINT NOT NULL, locked_until_ms BIGINT NOT NULL, token_version BIGINT NOT NULL,
  made_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL, PRIMARY KEY(tenant, user_name));

-- What a user wants to hear of, and when: minutes of the Indian day; the same twice: no quiet hours.
CREATE TABLE notify_preference(@tenant@, user_name TEXT NOT NULL, least_severity TEXT NOT NULL,
  channel TEXT NOT NULL, quiet_from_min BIGINT NOT NULL, quiet_to_min BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL, PRIMARY KEY(tenant, user_name));

-- Answers of writes by their Idempotency-Key, so that a repetition gets the same answer.
CREATE TABLE request(@tenant@, user_name TEXT NOT NULL, idempotency_key TEXT NOT NULL,
  body_sha256 @bytes@ NOT NULL, status BIGINT NOT NULL, answer TEXT NOT NULL, made_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, user_name, idempotency_key));
