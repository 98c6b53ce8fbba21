-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a distributor has used of a quota on an Indian civil day: messages that went out, exports.
-- The other quotas are counted where the things stand (orchestrator/quota.h).
CREATE TABLE usage_day(@tenant@, what TEXT NOT NULL, day BIGINT NOT NULL, used BIGINT NOT NULL,
  PRIMARY KEY(tenant, what, day));
