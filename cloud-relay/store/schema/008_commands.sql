-- SPDX-License-Identifier: GPL-3.0-or-later
-- One-shot commands to appliances: no state, done at most once and not after expires_ms. What became
-- of one is an entry of the appliance's journal: task_done of document "cmd-N".
CREATE TABLE command(@tenant@, command BIGINT NOT NULL, device TEXT NOT NULL, what TEXT NOT NULL,
  made_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL, made_by TEXT NOT NULL,
  PRIMARY KEY(tenant, command));
