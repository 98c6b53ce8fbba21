-- SPDX-License-Identifier: GPL-3.0-or-later
-- The letter by which an outlet names one of several offers: of those that are open to one address
-- no two have the same (channels/campaign.h). '': none was given yet.
ALTER TABLE campaign_target ADD COLUMN word TEXT NOT NULL DEFAULT '';
