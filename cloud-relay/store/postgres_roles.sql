-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the operator of PostgreSQL runs once, in the relay's empty database and as its superuser:
--   psql -d relay -f postgres_roles.sql
-- relay_owner owns the tables: it migrates them and creates tenants (sql_tenant_create), and row-level
-- security holds for it too. relay is what the daemons are: it reads and writes the rows of the tenant
-- that its connection names, and can neither create tenants nor change tables. Give both a way to log
-- in (pg_hba.conf). Connections are direct or pooled by session: the tenant is a setting of the
-- session. The setting relay.partitions of the database, made before the first tenant, chooses how
-- many partitions tables that grow have (default 16).
CREATE ROLE relay_owner LOGIN;
CREATE ROLE relay LOGIN;
CREATE SCHEMA AUTHORIZATION relay_owner;
GRANT USAGE ON SCHEMA relay_owner TO relay;
ALTER ROLE relay SET search_path = relay_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE relay_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO relay;
