-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows of 0 are looked for among the SKUs that a transaction has touched. An index over them kept
-- PostgreSQL from changing a row's quantity where it lies (its condition names that column), so that
-- each change wrote the row's long key anew.
DROP INDEX stock_zero;
