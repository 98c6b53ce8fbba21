-- SPDX-License-Identifier: GPL-3.0-or-later
-- Entries that were told ahead of their turn (lane 1), until the ledger has passed them: no part of a
-- journal, never folded. `told`: an agent has seen it. A few rows a device, mostly none.
CREATE TABLE early(@tenant@, device TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
  came_ms BIGINT NOT NULL, kind BIGINT NOT NULL, told BIGINT NOT NULL, body @bytes@ NOT NULL,
  PRIMARY KEY(tenant, device, epoch, seq));
