-- SPDX-License-Identifier: Apache-2.0
-- Rows that ingest and agents would have written, for three sites. A statement ends with ";" at the
-- end of a line; its first place is now in ms, its second today.

INSERT INTO site(site, name, territory, gstin, state, pincode, latitude_e6, longitude_e6, receive_kg) VALUES
  ('IND', 'Indore', 'Malwa', '23AAPFU0939F1Z3', 23, '452001', 22719600, 75857700, 6000),
  ('NAG', 'Nagpur', 'Vidarbha', '27AAPFU0939F1ZV', 27, '440001', 21145800, 79088200, 12000),
  ('PUN', 'Pune', 'Pune', '27AAPFU0939F1ZV', 27, '411001', 18520400, 73856700, 9000);

INSERT INTO lane(from_site, to_site, km, lead_days, paise_a_kg, paise_a_truck, kg_a_truck, trucks, least_kg, open) VALUES
  ('NAG', 'PUN', 712, 3, 420, 2850000, 9000, 2, 0, 1),
  ('PUN', 'NAG', 712, 3, 420, 2850000, 9000, 2, 0, 1),
  ('NAG', 'IND', 455, 2, 330, 1960000, 9000, 2, 0, 1),
  ('IND', 'NAG', 455, 2, 330, 1960000, 9000, 2, 0, 1),
  ('PUN', 'IND', 590, 2, 380, 2310000, 9000, 2, 0, 1);

-- What lies where: batch, days to its expiry, units, units at risk, sold a day (milli), days without
-- a sale, score, status of the SKU there.
CREATE TEMP TABLE held(site TEXT, sku TEXT, batch TEXT, days BIGINT, units BIGINT, risk BIGINT,
  rate BIGINT, idle BIGINT, score BIGINT, status BIGINT, cost BIGINT, mrp BIGINT);
INSERT INTO held(site, sku, batch, days, units, risk, rate, idle, score, status) VALUES
  ('NAG', 'OIL-MUS1', 'KM2207', 34, 1480, 960, 9100, 1, 78, 1),
  ('NAG', 'CHI-55', 'CH1182', 27, 5200, 3100, 42000, 0, 64, 0),
  ('NAG', 'GHE-500', 'GK0931', 61, 620, 214, 3900, 2, 58, 1),
  ('NAG', 'SHA-180', 'VN7730', 410, 940, 0, 0, 122, 86, 2),
  ('NAG', 'BIS-GLU80', 'SU5521', 118, 14400, 0, 210000, 0, 4, 0),
  ('NAG', 'TEA-250', 'BG3310', 240, 880, 0, 14800, 0, 6, 0),
  ('NAG', 'JUI-1', 'RS1409', 44, 310, 0, 17500, 0, 9, 0),
  ('NAG', 'MIL-1', 'GO6614', 38, 420, 0, 24200, 0, 11, 0),
  ('NAG', 'ATT-5', 'AN9004', 71, 260, 0, 11800, 0, 8, 0),
  ('NAG', 'NOO-70', 'CT4402', 150, 1900, 0, 88000, 0, 5, 0),
  ('PUN', 'MIL-1', 'GO6602', 16, 1260, 870, 19800, 1, 91, 1),
  ('PUN', 'MIL-1', 'GO6614', 38, 640, 122, 19800, 1, 47, 1),
  ('PUN', 'JUI-1', 'RS1377', 24, 1890, 1240, 21300, 1, 83, 1),
  ('PUN', 'ATT-5', 'AN8995', 29, 640, 188, 13100, 2, 55, 1),
  ('PUN', 'OIL-MUS1', 'KM2240', 190, 240, 0, 39400, 0, 3, 0),
  ('PUN', 'CHI-55', 'CH1201', 92, 700, 0, 96000, 0, 4, 0),
  ('PUN', 'GHE-500', 'GK0958', 170, 120, 0, 11600, 0, 5, 0),
  ('PUN', 'RIC-5', 'AN7120', 380, 460, 0, 8800, 0, 6, 0),
  ('PUN', 'SOA-125', 'VN5512', 700, 2200, 0, 30100, 0, 7, 0),
  ('PUN', 'SHA-180', 'VN7741', 640, 180, 0, 12400, 0, 6, 0),
  ('PUN', 'NAM-200', 'CT3302', 21, 1140, 402, 31000, 0, 60, 0),
  ('IND', 'RIC-5', 'AN7101', 300, 720, 96, 0, 96, 81, 2),
  ('IND', 'TEA-250', 'BG3298', 58, 1320, 540, 9400, 3, 69, 1),
  ('IND', 'SOA-125', 'VN5460', 520, 3600, 0, 2100, 64, 52, 1),
  ('IND', 'OIL-MUS1', 'KM2233', 160, 190, 0, 28800, 0, 4, 0),
  ('IND', 'CHI-55', 'CH1199', 80, 380, 0, 51000, 0, 6, 0),
  ('IND', 'MIL-1', 'GO6611', 33, 160, 0, 22700, 0, 8, 0),
  ('IND', 'JUI-1', 'RS1401', 66, 240, 0, 26900, 0, 7, 0),
  ('IND', 'NAM-200', 'CT3340', 88, 210, 0, 24000, 0, 5, 0),
  ('IND', 'BIS-CRM120', 'SU6012', -2, 96, 96, 12000, 2, 100, 1);
UPDATE held SET
  cost = CASE sku WHEN 'OIL-MUS1' THEN 13800 WHEN 'CHI-55' THEN 1620 WHEN 'GHE-500' THEN 26500
    WHEN 'SHA-180' THEN 10400 WHEN 'BIS-GLU80' THEN 780 WHEN 'BIS-CRM120' THEN 1560
    WHEN 'TEA-250' THEN 9200 WHEN 'JUI-1' THEN 7200 WHEN 'MIL-1' THEN 5800 WHEN 'ATT-5' THEN 21500
    WHEN 'NOO-70' THEN 1080 WHEN 'RIC-5' THEN 52000 WHEN 'SOA-125' THEN 3100 ELSE 3900 END,
  mrp = CASE sku WHEN 'OIL-MUS1' THEN 16500 WHEN 'CHI-55' THEN 2000 WHEN 'GHE-500' THEN 32500
    WHEN 'SHA-180' THEN 14000 WHEN 'BIS-GLU80' THEN 1000 WHEN 'BIS-CRM120' THEN 2000
    WHEN 'TEA-250' THEN 12500 WHEN 'JUI-1' THEN 9500 WHEN 'MIL-1' THEN 7000 WHEN 'ATT-5' THEN 25500
    WHEN 'NOO-70' THEN 1400 WHEN 'RIC-5' THEN 64000 WHEN 'SOA-125' THEN 4200 ELSE 5000 END;

INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin, device, qty)
  SELECT site, sku, batch, $2 + days, mrp, CASE WHEN days < 0 THEN 3 ELSE 0 END, 'A-01-1',
  lower(site) || '-1', units FROM held;
INSERT INTO lot(site, sku, batch, expiry_day, mrp_paise, expiry_kind, made_day, received_day,
  in_units, in_paise, last_moved_day, brought)
  SELECT site, sku, batch, $2 + days, mrp, 1, $2 + days - 180, $2 - 40, units + 400,
  (units + 400) * cost, $2 - idle, 1 FROM held;
INSERT INTO sku_score(site, sku, day, status, in_episode, score, factor_idle, factor_velocity,
  factor_no_sale, units, landed_paise, rate_milli, idle_days, no_sale_permille, carrying_paise,
  opportunity_paise, disposal_paise, transport_paise, blocked_ml, risk_units, risk_paise, waits_for)
  SELECT site, sku, $2, max(status), CASE WHEN max(status) > 0 THEN 1 ELSE 0 END, max(score),
  max(score) * 4 / 10, max(score) * 2 / 10, max(score) - max(score) * 4 / 10 - max(score) * 2 / 10,
  sum(units), sum(units * cost), max(rate), min(idle),
  max(score) * 8, sum(risk * cost) / 20, sum(risk * cost) / 30, sum(risk) * 40, sum(risk) * 60,
  sum(units) * 900, sum(risk), sum(risk * cost), '' FROM held GROUP BY site, sku;
INSERT INTO lot_score(site, sku, batch, expiry_day, mrp_paise, day, units, state, score,
  at_risk_units, unsold_milli, landed_paise, total_paise)
  SELECT site, sku, batch, $2 + days, mrp, $2, units, CASE WHEN risk > 0 THEN 1 ELSE 0 END, score,
  risk, risk * 1000, units * cost, risk * cost FROM held;
INSERT INTO demand(site, sku, day, units, returned)
  SELECT h.site, h.sku, $2 - d.n, h.rate / 1000, 0 FROM held h,
  (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) d
  WHERE h.rate > 0 GROUP BY h.site, h.sku, d.n;
INSERT INTO outlet_sale(outlet, sku, day, site, units, returned, value_paise) VALUES
  ('OUT-001', 'OIL-MUS1', $2 - 3, 'NAG', 24, 0, 331200),
  ('OUT-004', 'OIL-MUS1', $2 - 4, 'NAG', 36, 0, 496800),
  ('OUT-002', 'MIL-1', $2 - 1, 'PUN', 48, 0, 278400),
  ('OUT-003', 'TEA-250', $2 - 2, 'IND', 12, 0, 110400);
DROP TABLE held;

-- Cases and what may be done about them.
INSERT INTO recovery_case(case_id, kind, state, site, sku, batch, expiry_day, mrp_paise, opened_ms,
  changed_ms, closed_ms, units, risk_units, risk_paise, landed_paise, expected_paise, moved_units,
  cleared_units, returned_units, written_off_units, recovered_paise, trace) VALUES
  ('C1', 'expiry', 'proposed', 'NAG', 'OIL-MUS1', 'KM2207', $2 + 34, 16500, $1 - 5400000, $1 - 3600000, 0, 1480, 960, 13248000, 20424000, 11360000, 0, 0, 0, 0, 0, 'trace-c1'),
  ('C2', 'expiry', 'proposed', 'PUN', 'MIL-1', 'GO6602', $2 + 16, 7000, $1 - 7200000, $1 - 3000000, 0, 1260, 870, 5046000, 7308000, 2140000, 0, 0, 0, 0, 0, 'trace-c2'),
  ('C3', 'expiry', 'proposed', 'PUN', 'JUI-1', 'RS1377', $2 + 24, 9500, $1 - 9000000, $1 - 2400000, 0, 1890, 1240, 8928000, 13608000, 6310000, 0, 0, 0, 0, 0, 'trace-c3'),
  ('C4', 'dead_stock', 'executing', 'NAG', 'SHA-180', '', -2147483648, 0, $1 - 345600000, $1 - 86400000, 0, 940, 940, 9776000, 9776000, 7120000, 480, 0, 0, 0, 0, 'trace-c4'),
  ('C5', 'expiry', 'settled', 'PUN', 'ATT-5', 'AN8802', $2 - 5, 25500, $1 - 2592000000, $1 - 864000000, $1 - 864000000, 410, 236, 5074000, 8815000, 3920000, 168, 40, 0, 28, 3714000, 'trace-c5'),
  ('C6', 'expiry', 'settled', 'IND', 'CHI-55', 'CH1050', $2 - 12, 2000, $1 - 3024000000, $1 - 1209600000, $1 - 1209600000, 3900, 2100, 3402000, 6318000, 2210000, 0, 1480, 600, 20, 2467000, 'trace-c6'),
  ('C7', 'expiry', 'assessed', 'NAG', 'GHE-500', 'GK0931', $2 + 61, 32500, $1 - 1800000, $1 - 1500000, 0, 620, 214, 5671000, 16430000, 0, 0, 0, 0, 0, 0, 'trace-c7'),
  ('C8', 'expiry', 'failed', 'IND', 'BIS-CRM120', 'SU6012', $2 - 2, 2000, $1 - 1728000000, $1 - 172800000, $1 - 172800000, 300, 204, 318000, 468000, 180000, 0, 0, 0, 96, 0, 'trace-c8');

INSERT INTO proposal(proposal_id, case_id, action, state, sku, batch, expiry_day, mrp_paise, from_site,
  to_site, units, made_by, made_ms, expires_ms, landed_paise, discount_permille, cost_paise,
  revenue_paise, gain_paise, ask_milli_paise, bid_milli_paise, urgency, rank, compliance, reason,
  alternative, limits, inputs, decided_by, decided_ms, decided_reason, document, done_units,
  actual_cost_paise, actual_revenue_paise, saga_step) VALUES
  ('P1', 'C1', 'transfer', 'proposed', 'OIL-MUS1', 'KM2207', $2 + 34, 16500, 'NAG', 'PUN', 600, 'agent:reallocation', $1 - 3600000, $1 + 169200000, 8280000, 0, 249000, 8760000, 6480000, 2100000, 13960000, 82, 1, 'compliant', 'Pune sells 39 a day of it and has 6 days left; Nagpur sells 9 a day and keeps 960 past their date.', '{"action":"hold","valuePaise":1260000}', '{"casePack":12,"freeUnits":960,"roomMilliPaise":1182000,"daysLeft":34}', '{"catalogue":1,"settings":7,"planGapPpm":420}', '', 0, '', '', 0, 0, 0, 0),
  ('P2', 'C1', 'transfer', 'proposed', 'OIL-MUS1', 'KM2207', $2 + 34, 16500, 'NAG', 'IND', 240, 'agent:reallocation', $1 - 3590000, $1 + 169200000, 3312000, 0, 98000, 3504000, 2560000, 2100000, 13420000, 74, 2, 'requires_review:distance', 'Indore runs out in 6 days and sells 28 a day.', '{"action":"hold","gain_paise":0}', '{"casePack":12,"freeUnits":360,"daysLeft":34}', '{"catalogue":1,"settings":7,"planGapPpm":420}', '', 0, '', '', 0, 0, 0, 0),
  ('P3', 'C2', 'transfer', 'proposed', 'MIL-1', 'GO6602', $2 + 16, 7000, 'PUN', 'IND', 320, 'agent:reallocation', $1 - 3000000, $1 + 80000000, 1856000, 0, 131000, 1984000, 1290000, 640000, 5720000, 95, 3, 'compliant', 'Sixteen days are left, two go by on the road; Indore sells 22 a day.', '{"action":"campaign","gain_paise":870000}', '{"arrival_days":14}', '{"catalogue":1,"settings":7,"planGapPpm":420}', '', 0, '', '', 0, 0, 0, 0),
  ('P4', 'C3', 'campaign', 'proposed', 'JUI-1', 'RS1377', $2 + 24, 9500, 'PUN', '', 900, 'agent:liquidation', $1 - 2400000, $1 + 80000000, 6480000, 180, 41000, 5832000, 4210000, 0, 0, 88, 4, 'compliant', 'No site needs so much of it in time; 18 outlets took it in the last season.', '{"action":"write_off","gain_paise":-410000}', '{"autonomy":"discount","floor_paise":5900}', '{"catalogue":1,"settings":7,"planGapPpm":420}', '', 0, '', '', 0, 0, 0, 0),
  ('P5', 'C4', 'transfer', 'executing', 'SHA-180', 'VN7730', $2 + 410, 14000, 'NAG', 'PUN', 480, 'agent:reallocation', $1 - 259200000, $1 - 80000000, 4992000, 0, 121000, 5568000, 4010000, 900000, 9870000, 40, 1, 'compliant', 'Nothing sold in Nagpur for 122 days; Pune sells 12 a day.', '{"action":"supplier_return","gain_paise":2100000}', '{"casePack":12,"freeUnits":360,"daysLeft":34}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'user:anita', $1 - 172800000, 'Pune asked for it', 'TR-0001', 0, 0, 0, 2),
  ('P6', 'C5', 'transfer', 'done', 'ATT-5', 'AN8802', $2 - 5, 25500, 'PUN', 'NAG', 168, 'agent:reallocation', $1 - 2505600000, $1 - 2400000000, 3612000, 0, 142000, 3796000, 3020000, 1400000, 18800000, 77, 1, 'compliant', 'Nagpur sells 12 a day and had 8 days left.', '{"action":"campaign","gain_paise":1900000}', '{}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'agent:reallocation', $1 - 2505600000, 'within its limits', 'TR-0002', 168, 139000, 3702000, 5),
  ('P7', 'C6', 'campaign', 'done', 'CHI-55', 'CH1050', $2 - 12, 2000, 'IND', '', 1500, 'agent:liquidation', $1 - 2937600000, $1 - 2900000000, 2430000, 150, 36000, 2250000, 1680000, 0, 0, 81, 1, 'compliant', 'Schools open again: chips sell in Malwa in this month.', '{"action":"hold","gain_paise":0}', '{}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'agent:liquidation', $1 - 2937600000, 'within its limits', '', 1480, 35000, 2190000, 5),
  ('P8', 'C6', 'supplier_return', 'done', 'CHI-55', 'CH1050', $2 - 12, 2000, 'IND', 'SUP-01', 600, 'agent:reallocation', $1 - 2937500000, $1 - 2900000000, 972000, 0, 88000, 680000, 412000, 0, 0, 60, 2, 'compliant', 'The supplier takes back up to 600 until 30 days before expiry.', '{"action":"write_off","gain_paise":-60000}', '{"supplier_units":600}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'user:ravi', $1 - 2900000000, 'as every quarter', 'RT-0001', 600, 91000, 640000, 5),
  ('P9', 'C3', 'transfer', 'rejected', 'JUI-1', 'RS1377', $2 + 24, 9500, 'PUN', 'NAG', 200, 'agent:reallocation', $1 - 2500000, $1 + 80000000, 1440000, 0, 260000, 1580000, 190000, 600000, 7100000, 66, 5, 'compliant', 'Nagpur has room for 200.', '{"action":"campaign","gain_paise":870000}', '{}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'user:ravi', $1 - 2000000, 'too little gain for the way', '', 0, 0, 0, 0),
  ('P10', 'C8', 'write_off', 'done', 'BIS-CRM120', 'SU6012', $2 - 2, 2000, 'IND', '', 96, 'agent:liquidation', $1 - 180000000, $1 - 160000000, 149760, 0, 4000, 0, -4000, 0, 0, 20, 1, 'compliant', 'Expired; nobody may buy it.', '{}', '{}', '{"catalogue":1,"settings":7,"planGapPpm":420}', 'user:ravi', $1 - 176000000, 'expired', 'WO-0001', 96, 4000, 0, 5);

-- Two that are small, for one decision on many; three larger ones.
INSERT INTO proposal(proposal_id, case_id, action, state, sku, batch, expiry_day, mrp_paise, from_site,
  to_site, units, made_by, made_ms, expires_ms, landed_paise, discount_permille, cost_paise,
  revenue_paise, gain_paise, ask_milli_paise, bid_milli_paise, urgency, rank, compliance, reason,
  alternative, limits, inputs, decided_by, decided_ms, decided_reason, document, done_units,
  actual_cost_paise, actual_revenue_paise, saga_step) VALUES
  ('P11', '', 'transfer', 'proposed', 'SOA-125', 'VN5460', $2 + 520, 4200, 'IND', 'PUN', 120, 'agent:reallocation', $1 - 1900000, $1 + 80000000, 372000, 0, 21000, 456000, 118000, 900000, 3700000, 34, 11, 'compliant', 'Pune sells 30 a day of it.', '{"action":"hold","valuePaise":0}', '{"casePack":24,"freeUnits":3600,"daysLeft":520}', '{"catalogue":1,"settings":7}', '', 0, '', '', 0, 0, 0, 0),
  ('P12', '', 'transfer', 'proposed', 'TEA-250', 'BG3298', $2 + 58, 12500, 'IND', 'NAG', 24, 'agent:reallocation', $1 - 1800000, $1 + 80000000, 220800, 0, 9000, 268000, 31000, 700000, 10900000, 41, 12, 'compliant', 'Nagpur sells 14 a day of it.', '{"action":"hold","valuePaise":0}', '{"casePack":12,"freeUnits":1320,"daysLeft":58}', '{"catalogue":1,"settings":7}', '', 0, '', '', 0, 0, 0, 0),
  ('P14', 'C7', 'transfer', 'proposed', 'GHE-500', 'GK0931', $2 + 61, 32500, 'NAG', 'PUN', 214, 'agent:reallocation', $1 - 1700000, $1 + 80000000, 5671000, 0, 88000, 6420000, 960000, 2100000, 29800000, 52, 13, 'compliant', 'Pune sells 11 a day of it.', '{"action":"hold","valuePaise":0}', '{"casePack":12,"freeUnits":620,"daysLeft":61}', '{"catalogue":1,"settings":7}', '', 0, '', '', 0, 0, 0, 0),
  ('P15', '', 'transfer', 'proposed', 'CHI-55', 'CH1182', $2 + 27, 2000, 'NAG', 'PUN', 3000, 'agent:reallocation', $1 - 1600000, $1 + 80000000, 4860000, 0, 92000, 5700000, 880000, 600000, 1840000, 61, 14, 'compliant', 'Pune sells 96 a day of it.', '{"action":"hold","valuePaise":0}', '{"casePack":60,"freeUnits":5200,"daysLeft":27}', '{"catalogue":1,"settings":7}', '', 0, '', '', 0, 0, 0, 0),
  ('P16', '', 'transfer', 'proposed', 'RIC-5', 'AN7101', $2 + 300, 64000, 'IND', 'PUN', 96, 'agent:reallocation', $1 - 1500000, $1 + 80000000, 4992000, 0, 71000, 5664000, 410000, 30000000, 58000000, 38, 15, 'compliant', 'Pune sells 8 a day of it.', '{"action":"hold","valuePaise":0}', '{"casePack":12,"freeUnits":720,"daysLeft":300}', '{"catalogue":1,"settings":7}', '', 0, '', '', 0, 0, 0, 0);

-- What sites are to do, and the papers of what moves.
INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day, batch, expiry_day,
  mrp_paise, received_day, price_paise, state, made_ms, cause) VALUES
  ('TR-0001', 1, 'NAG', 'transfer_out', 'PUN', 'SHA-180', 480, $2 - 1, 'VN7730', $2 + 410, 14000, $2 - 40, 0, 'done', $1 - 172800000, 'P5'),
  ('TR-0001', 1, 'PUN', 'transfer_in', 'NAG', 'SHA-180', 480, $2 - 1, 'VN7730', $2 + 410, 14000, $2 - 40, 0, 'open', $1 - 172800000, 'P5'),
  ('TR-0003', 1, 'NAG', 'transfer_out', 'IND', 'GHE-500', 96, $2 + 1, 'GK0931', $2 + 61, 32500, $2 - 40, 0, 'open', $1 - 7200000, 'P13'),
  ('K3-OUT-002', 1, 'PUN', 'sale', 'OUT-002', 'ATT-5', 12, $2 + 1, 'AN8995', $2 + 29, 25500, $2 - 40, 20300, 'open', $1 - 86400000, 'campaign:K3'),
  ('SO-7001', 1, 'NAG', 'sale', 'OUT-001', 'BIS-GLU80', 48, $2, '', -2147483648, 0, -2147483648, 0, 'open', $1 - 43200000, 'request:dms-7001');
INSERT INTO paper(paper_id, kind, number, document, from_gstin, to_gstin, day, taxable_paise,
  tax_paise, eway, state, made_ms, body) VALUES
  ('TR-0001', 'DELIVERY_CHALLAN', 'D27/26-27/00041', 'TR-0001', '27AAPFU0939F1ZV', '27AAPFU0939F1ZV', $2 - 2, 4992000, 0, 'required', 'issued', $1 - 172800000, '{}'),
  ('TR-0003', 'TAX_INVOICE', 'I27/26-27/00007', 'TR-0003', '27AAPFU0939F1ZV', '23AAPFU0939F1Z3', $2, 2544000, 305280, 'required', 'issued', $1 - 7200000, '{}');
INSERT INTO contact(party, channel, address, language, state, changed_ms) VALUES
  ('OUT-001', 'whatsapp', '+919800000001', 'hi', 'active', $1 - 5000000000),
  ('OUT-004', 'whatsapp', '+919800000004', 'en', 'active', $1 - 5000000000);
INSERT INTO outlet_credit(party, version, outstanding_paise, limit_paise, overdue_days, day, made_ms,
  made_by) VALUES ('OUT-001', 1, 4825000, 5000000, 12, 20750, $1 - 5000000000, 'user:anita');
INSERT INTO consent(party, channel, purpose, version, status, at_ms, source, text_shown, language,
  evidence) VALUES
  ('OUT-001', 'whatsapp', 'marketing', 1, 'granted', $1 - 5000000000, 'signed form', 'Offers by WhatsApp?', 'hi', ''),
  ('OUT-004', 'whatsapp', 'marketing', 1, 'granted', $1 - 5000000000, 'signed form', 'Offers by WhatsApp?', 'en', '');

INSERT INTO transit(document, sku, batch, expiry_day, mrp_paise, from_site, to_site, sent, arrived,
  damaged, lost, sent_ms, arrived_ms) VALUES
  ('TR-0001', 'SHA-180', 'VN7730', $2 + 410, 14000, 'NAG', 'PUN', 480, 0, 0, 0, $1 - 86400000, 0);

-- Campaigns, with those who are left out on purpose.
INSERT INTO campaign(campaign_id, proposal_id, state, why, site, sku, batch, expiry_day, mrp_paise,
  units, sold_units, price_paise, floor_paise, ceiling_paise, discount_permille, template, channels,
  holdout_permille, start_day, end_day, made_ms, decided_by, decided_ms) VALUES
  ('K1', 'P4', 'draft', '', 'PUN', 'JUI-1', 'RS1377', $2 + 24, 9500, 900, 0, 6480, 5900, 8000, 180, 'clear-lot', 'whatsapp,sms', 150, $2 + 1, $2 + 12, $1 - 2300000, '', 0),
  ('K2', 'P7', 'done', '', 'IND', 'CHI-55', 'CH1050', $2 - 12, 2000, 1500, 1480, 1510, 1400, 1690, 150, 'clear-lot', 'whatsapp', 150, $2 - 33, $2 - 20, $1 - 2937600000, 'agent:liquidation', $1 - 2937600000),
  ('K3', '', 'running', '', 'PUN', 'ATT-5', 'AN8995', $2 + 29, 25500, 180, 64, 20300, 19000, 23800, 100, 'clear-lot', 'whatsapp', 200, $2 - 3, $2 + 6, $1 - 259200000, 'user:ravi', $1 - 255000000);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24)
  INSERT INTO campaign_target(campaign_id, party, arm, channel, score, expected_units, reason,
  ordered_units, units, value_paise)
  SELECT k.id, 'OUT-' || substr('00' || n.i, -3), CASE WHEN n.i % 6 = 0 THEN 'holdout' ELSE 'offer' END,
  CASE WHEN n.i % 6 = 0 THEN '' ELSE 'whatsapp' END, 95 - 3 * n.i, 40 - n.i, 'took it before, pays in time',
  CASE WHEN k.id = 'K1' OR n.i % k.every <> 1 AND n.i <> 12 THEN 0 ELSE 3 * k.every END,
  CASE WHEN k.id = 'K1' OR n.i % k.every <> 1 AND n.i <> 12 THEN 0 ELSE 3 * k.every END,
  CASE WHEN k.id = 'K1' OR n.i % k.every <> 1 AND n.i <> 12 THEN 0 ELSE 3 * k.every * k.price END
  FROM n, (SELECT 'K1' AS id, 1 AS every, 6480 AS price UNION ALL SELECT 'K2', 2, 1510 UNION ALL SELECT 'K3', 4, 20300) k;
INSERT INTO template(template, channel, language, version, category, provider_name, body, variables,
  approved, made_ms) VALUES
  ('clear-lot', 'whatsapp', 'en', 1, 'marketing', 'clear_lot_en', 'Fresh stock of {{goods}} at {{price}} until {{until}}. Reply STOP to end.', 'goods,price,until', 1, $1 - 5000000000);
INSERT INTO outbox(message_id, idempotency_key, channel, purpose, party, template, language,
  variables, state, rank, attempts, due_ms, made_ms, changed_ms, lease_ms, provider_id, why, cause)
  SELECT 'M' || n.i, 'k2-' || n.i, 'whatsapp', 'marketing', 'OUT-' || substr('00' || n.i, -3), 'clear-lot', 'en',
  '{}', CASE WHEN n.i % 3 = 0 THEN 'read' ELSE 'delivered' END, 0, 1, 0, $1 - 2900000000, $1 - 2800000000, 0,
  'wamid-' || n.i, '', 'campaign:K2' FROM (WITH RECURSIVE m(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM m WHERE i < 20) SELECT i FROM m) n;

-- What runs.
INSERT INTO agent(agent, state, wanted, started_ms, heartbeat_ms, ran_ms, due_ms, restarts, failures,
  retry_ms, handled, last_error, stuck_on, tries) VALUES
  ('analysis', 'running', 'running', $1 - 90000000, $1 - 4000, $1 - 4000, 0, 0, 0, 0, 48210, '', '', 0),
  ('compliance', 'running', 'running', $1 - 90000000, $1 - 3000, $1 - 9000, 0, 0, 0, 0, 1204, '', '', 0),
  ('liquidation', 'stopped', 'stopped', $1 - 90000000, $1 - 7200000, $1 - 7200000, 0, 0, 0, 0, 311, '', '', 0),
  ('monitoring', 'running', 'running', $1 - 90000000, $1 - 2000, $1 - 2000, 0, 0, 0, 0, 48950, '', '', 0),
  ('orchestrator', 'running', 'running', $1 - 90000000, $1 - 1000, $1 - 2000, 0, 0, 0, 0, 2210, '', '', 0),
  ('reallocation', 'broken', 'running', $1 - 90000000, $1 - 600000, $1 - 600000, 0, 2, 5, $1 + 240000, 873, 'lane NAG>PUN: no answer within 10 s', 'event:31', 2);
INSERT INTO dead_letter(letter, made_ms, source, device, epoch, seq, reason, body, state, decided_by,
  decided_ms) VALUES
  (1, $1 - 4000000, 'ingest', 'ind-1', 1, 38, 'unknown kind of entry 77: written by a newer appliance', x'a1', 'open', '', 0),
  (2, $1 - 9000000, 'agent:monitoring', '', 0, 0, 'event 12: its body has no site', x'a1', 'dropped', 'user:ravi', $1 - 8000000);
INSERT INTO setting(name, scope, version, value, made_ms, made_by, reason) VALUES
  ('dead.days', '', 1, '75', $1 - 8000000000, 'user:ravi', 'the season is short'),
  ('dead.days', '', 2, '90', $1 - 2000000000, 'user:ravi', 'too many false ones');
INSERT INTO claim(code_sha256, device, site, made_ms, expires_ms, used_ms, made_by) VALUES
  (x'00', 'ind-1', 'IND', $1 - 9000000000, $1 - 8800000000, $1 - 8990000000, 'user:ravi');

-- What a supplier takes back, what one way truly cost, and what sites offer.
INSERT INTO supplier_terms(supplier, brand, version, returnable, window_from_days, window_to_days,
  quota_permille, quota_units, quota_paise, credit_permille, freight_ours, freight_paise_kg,
  least_claim_paise, route, made_ms, made_by, reason) VALUES
  ('SUP-01', '', 1, 1, -60, 30, 20, 0, 0, 700, 1, 300, 500000, 'credit_note', $1 - 5000000000, 'user:ravi', 'agreement of April'),
  ('SUP-01', '', 2, 1, -60, 30, 20, 0, 0, 650, 1, 300, 500000, 'credit_note', $1 - 900000000, 'user:ravi', 'they pay less from this quarter on');
INSERT INTO supply(supplier, sku, batch, expiry_day, mrp_paise, day, units, paise, back_units, back_paise) VALUES
  ('SUP-01', 'BIS-GLU80', 'SU5521', $2 + 118, 1000, $2 - 30, 14800, 11544000, 0, 0),
  ('SUP-01', 'CHI-55', 'CH1050', $2 - 12, 2000, $2 - 40, 3900, 6318000, 600, 972000);
INSERT INTO true_cost(proposal_id, version, freight_paise, handling_paise, paper, made_ms, made_by, reason) VALUES
  ('P6', 1, 125000, 14000, 'LR-20771', $1 - 2300000000, 'user:meena', '');
INSERT INTO market_lot(case_id, site, sku, batch, expiry_day, mrp_paise, units, promised_units,
  reserve_milli_paise, best_milli_paise, best_site, priced_ms, bids) VALUES
  ('C1', 'NAG', 'OIL-MUS1', 'KM2207', $2 + 34, 16500, 960, 840, 2100000, 13540000, 'PUN', $1 - 3600000, '[{"site":"PUN","bidMilliPaise":13960000,"transportMilliPaise":420000,"leadDays":3},{"site":"IND","bidMilliPaise":13420000,"transportMilliPaise":330000,"leadDays":2}]'),
  ('C7', 'NAG', 'GHE-500', 'GK0931', $2 + 61, 32500, 214, 0, 26100000, 0, '', $1 - 1500000, '[]');
