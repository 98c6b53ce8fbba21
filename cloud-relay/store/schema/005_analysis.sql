-- SPDX-License-Identifier: GPL-3.0-or-later
-- What analysis works with. All of it can be made again from documents and folds.

-- Sales before the journals began, day by day: the rows of the history documents in force.
CREATE TABLE history(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, day BIGINT NOT NULL,
  units BIGINT NOT NULL, PRIMARY KEY(tenant, site, sku, day))@spread@;

-- SKUs at sites whose stock has changed since they were scored.
CREATE TABLE rescore(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, since_ms BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku))@spread@;

-- What many histories teach about each: "pool", and "season:STATE:CATEGORY". body is that of one
-- release on one kind of machine: another one makes it anew.
CREATE TABLE fit(@tenant@, name TEXT NOT NULL, day BIGINT NOT NULL, body @bytes@ NOT NULL,
  PRIMARY KEY(tenant, name))@spread@;

-- How good the forecasts of a SKU at a site have been, against the naive one; and its demand in the
-- spans of days ahead (1 to 21, 22 to 45, 46 to 90) as negative binomials, by 1000.
CREATE TABLE forecast_score(@tenant@, site TEXT NOT NULL, sku TEXT NOT NULL, day BIGINT NOT NULL,
  method TEXT NOT NULL, life TEXT NOT NULL, units_milli BIGINT NOT NULL,
  error_permille BIGINT NOT NULL, origins BIGINT NOT NULL, season_permille BIGINT NOT NULL,
  stock_out_permille BIGINT NOT NULL, return_permille BIGINT NOT NULL,
  mean_1 BIGINT NOT NULL, shape_1 BIGINT NOT NULL, mean_2 BIGINT NOT NULL, shape_2 BIGINT NOT NULL,
  mean_3 BIGINT NOT NULL, shape_3 BIGINT NOT NULL,
  PRIMARY KEY(tenant, site, sku))@spread@;
