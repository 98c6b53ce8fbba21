-- SPDX-License-Identifier: GPL-3.0-or-later
-- The two of 009 over entries, with conditions that cost an insert nothing: of a list behind IN SQLite
-- makes a table anew for every row, 2 us an entry and index. Statements say it in the same words.
DROP INDEX entry_brought;
CREATE INDEX entry_brought ON entry(tenant, sku, batch, expiry_day, mrp_paise, wall_ms)
  WHERE kind = 10 OR kind = 11 OR kind = 14 OR kind = 16 OR kind = 24;
DROP INDEX entry_carried;
CREATE INDEX entry_carried ON entry(tenant, document, wall_ms)
  WHERE kind = 15 OR kind = 16 OR kind = 17 OR kind = 18 OR kind = 19 OR kind = 39;
