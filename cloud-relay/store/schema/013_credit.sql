-- SPDX-License-Identifier: GPL-3.0-or-later
-- What outlets owe, as the distributor's books say it: entered over the API, append-only, the newest
-- version holds. limit_paise 0: none was agreed. overdue_days: of the oldest bill that is due.
CREATE TABLE outlet_credit(@tenant@, party TEXT NOT NULL, version BIGINT NOT NULL,
  outstanding_paise BIGINT NOT NULL, limit_paise BIGINT NOT NULL, overdue_days BIGINT NOT NULL,
  day BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by TEXT NOT NULL,
  PRIMARY KEY(tenant, party, version));
