-- SPDX-License-Identifier: GPL-3.0-or-later
-- What both tenants of api_host have: the same ids, other figures (@n) and names (@t). @w is now.
INSERT INTO site(site, name, territory, gstin, state, pincode, latitude_e6, longitude_e6, receive_kg) VALUES
 ('WH-1', '@t Nagpur', 'North', '27AAPFU0939F1ZV', 27, '440001', 21145800, 79088200, 0),
 ('WH-2', '@t Pune', 'South', '27AAPFU0939F1ZV', 27, '411001', 18520400, 73856700, 5000);
INSERT INTO device(device, site, shard, epoch, state, certificate, release, wire, head, floor, last_heard_ms, skew_ms, facts) VALUES
 ('wh-1', 'WH-1', 3, 1, 'active', '', '@t-1.0', 1, 3, 0, @w, 12, ''),
 ('wh-2', 'WH-2', 3, 1, 'claimed', '', '@t-1.0', 1, 0, 0, 0, 0, '');
INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin, device, qty) VALUES
 ('WH-1', 'BISC-80', 'L1', 21000, 1000, 0, 'A-01', 'wh-1', 100 * @n),
 ('WH-1', 'BISC-80', 'L2', 21100, 1000, 1, 'QUAR', 'wh-1', 5 * @n),
 ('WH-2', 'TEA-250', 'T1', 21200, 12500, 0, 'A-01', 'wh-2', 40 * @n);
INSERT INTO lot(site, sku, batch, expiry_day, mrp_paise, expiry_kind, made_day, received_day, in_units, in_paise, last_moved_day, brought) VALUES
 ('WH-1', 'BISC-80', 'L1', 21000, 1000, 1, 20400, 20500, 200, 140000, 20600, 1),
 ('WH-1', 'BISC-80', 'L2', 21100, 1000, 1, 20400, 20500, 200, 140000, 20600, 1),
 ('WH-2', 'TEA-250', 'T1', 21200, 12500, 1, 20400, 20500, 100, 920000, 20600, 1);
INSERT INTO account(site, sku, batch, expiry_day, mrp_paise, account, qty) VALUES
 ('WH-1', 'BISC-80', 'L1', 21000, 1000, 1, 110 * @n),
 ('WH-1', 'BISC-80', 'L1', 21000, 1000, 3, -10 * @n),
 ('WH-1', 'BISC-80', 'L2', 21100, 1000, 2, 5 * @n),
 ('WH-2', 'TEA-250', 'T1', 21200, 12500, 2, 30 * @n),
 ('WH-2', 'TEA-250', 'T1', 21200, 12500, 6, 10 * @n),
 ('WH-1', 'TEA-250', 'T1', 21200, 12500, 1, 16 * @n),
 ('WH-1', 'TEA-250', 'T1', 21200, 12500, 5, -16 * @n);
INSERT INTO transit(document, sku, batch, expiry_day, mrp_paise, from_site, to_site, sent, arrived, damaged, lost, sent_ms, arrived_ms) VALUES
 ('TR-1', 'TEA-250', 'T1', 21200, 12500, 'WH-1', 'WH-2', 16 * @n, 10 * @n, 0, 2 * @n, @w - 90000, @w - 80000);
INSERT INTO transit(document, sku, batch, expiry_day, mrp_paise, from_site, to_site, sent, arrived, damaged, lost, sent_ms, arrived_ms) VALUES
 ('TR-2', 'TEA-250', 'T9', 21200, 12500, 'WH-1', 'WH-2', 0, 0, 0, 0, 1795242600000, 0);
INSERT INTO outlet_sale(outlet, sku, day, site, units, returned, value_paise) VALUES
 ('OUT-001', 'BISC-80', 20600, 'WH-1', 6 * @n, 1, 4200 * @n),
 ('OUT-001', 'BISC-80', 20610, 'WH-1', 4 * @n, 0, 2800 * @n),
 ('OUT-002', 'TEA-250', 20610, 'WH-2', 3 * @n, 0, 27600 * @n);
INSERT INTO sku_score(site, sku, day, status, in_episode, score, factor_idle, factor_velocity, factor_no_sale, units, landed_paise, rate_milli, idle_days, no_sale_permille, carrying_paise, opportunity_paise, disposal_paise, transport_paise, blocked_ml, risk_units, risk_paise, waits_for) VALUES
 ('WH-1', 'BISC-80', 20620, 2, 1, 90, 40, 15, 35, 105, 73500 * @n, 100, 95, 800, 10, 20, 30, 40, 25200, 90 * @n, 63000 * @n, ''),
 ('WH-2', 'TEA-250', 20620, 0, 0, 10, 0, 5, 5, 40, 368000 * @n, 2000, 3, 10, 1, 2, 3, 4, 36000, 0, 0, '');
INSERT INTO forecast_score(site, sku, day, method, life, units_milli, error_permille, origins, season_permille, stock_out_permille, return_permille, mean_1, shape_1, mean_2, shape_2, mean_3, shape_3) VALUES
 ('WH-1', 'BISC-80', 20620, 'ses', 'regular', 1000, 500, 5, 1000, 10, 0, 21000, 5000, 24000, 5000, 45000, 5000),
 ('WH-1', 'TEA-250', 20620, 'ses', 'regular', 200, 500, 5, 1000, 10, 0, 4207, 900, 4811, 900, 9001, 900),
 ('WH-2', 'TEA-250', 20620, 'ses', 'regular', 3000, 500, 5, 1000, 10, 0, 63011, 8000, 72000, 8000, 135000, 8000);
INSERT INTO lot_score(site, sku, batch, expiry_day, mrp_paise, day, units, state, score, at_risk_units, unsold_milli, landed_paise, total_paise) VALUES
 ('WH-1', 'BISC-80', 'L1', 21000, 1000, 20620, 100, 1, 88, 85 * @n, 85000, 70000, 60000 * @n);
INSERT INTO recovery_case(case_id, kind, state, site, sku, batch, expiry_day, mrp_paise, opened_ms, changed_ms, closed_ms, units, risk_units, risk_paise, landed_paise, expected_paise, moved_units, cleared_units, returned_units, written_off_units, recovered_paise, trace) VALUES
 ('C1', 'expiry', 'proposed', 'WH-1', 'BISC-80', 'L1', 21000, 1000, @w - 5000, @w - 4000, 0, 100, 85 * @n, 60000 * @n, 70000, 30000, 0, 0, 0, 0, 0, '@t'),
 ('C3', 'dead', 'assessed', 'WH-2', 'TEA-250', 'T1', 21200, 12500, @w - 7000, @w - 4000, 0, 40, 10 * @n, 90000 * @n, 92000, 0, 0, 0, 0, 0, 0, '@t'),
 ('C2', 'dead', 'settled', 'WH-2', 'TEA-250', '', -2147483648, 0, @w - 9000, @w - 4000, @w - 3000, 40, 10 * @n, 90000 * @n, 92000, 50000, 5, 4, 1, 0, 80000 * @n, '@t');
INSERT INTO proposal(proposal_id, case_id, action, state, sku, batch, expiry_day, mrp_paise, from_site, to_site, units, made_ms, expires_ms, cost_paise, revenue_paise, gain_paise, ask_milli_paise, bid_milli_paise, urgency, rank, compliance, reason, alternative, limits, inputs, decided_by, decided_ms, decided_reason, document, done_units, actual_cost_paise, actual_revenue_paise, saga_step, made_by, landed_paise, discount_permille) VALUES
 ('P1', 'C1', 'transfer', 'proposed', 'BISC-80', 'L1', 21000, 1000, 'WH-1', 'WH-2', 60, @w - 3000, @w + 86400000, 5000 * @n, 50000 * @n, 30000 * @n, 400000, 700000, 80, 1, 'compliant', '@t sells there', '{}', '{}', '{}', '', 0, '', '', 0, 0, 0, 0, 'agent:reallocation', 42000, 0),
 ('P2', 'C1', 'transfer', 'proposed', 'BISC-80', 'L1', 21000, 1000, 'WH-1', 'WH-2', 20, @w - 2000, @w + 86400000, 5000, 50000, 30000, 400000, 700000, 80, 2, 'compliant', '@t sells there', '{}', '{}', '{}', '', 0, '', '', 0, 0, 0, 0, 'agent:reallocation', 42000, 0),
 ('P3', 'C2', 'transfer', 'done', 'TEA-250', 'T1', 21200, 12500, 'WH-2', 'WH-1', 5, @w - 8000, @w, 500, 50000, 30000, 0, 0, 80, 1, 'compliant', '@t', '{}', '{}', '{}', 'agent:reallocation', @w - 7000, '', 'TR-1', 5, 450, 60000 * @n, 5, 'agent:reallocation', 42000, 0);
INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day, batch, expiry_day, mrp_paise, received_day, price_paise, state, made_ms, cause) VALUES
 ('SO-1', 1, 'WH-1', 'sale', 'OUT-001', 'BISC-80', 24, 20630, '', -2147483648, 0, -2147483648, 840, 'open', @w, '@t'),
 ('SO-2', 1, 'WH-2', 'sale', 'OUT-002', 'TEA-250', 6, 20630, '', -2147483648, 0, -2147483648, 840, 'open', @w, '@t'),
 ('TR-1', 1, 'WH-1', 'transfer_out', 'WH-2', 'TEA-250', 16, 20630, 'T1', 21200, 12500, 20500, 0, 'done', @w, 'P3');
INSERT INTO line_done(document, line, kind, site, qty, last_ms) VALUES ('SO-1', 1, 13, 'WH-1', 10, @w);
INSERT INTO contact(party, channel, address, language, state, changed_ms) VALUES
 ('OUT-001', 'whatsapp', '+91981234567@n', 'en', 'active', @w),
 ('OUT-002', 'sms', '+91987654321@n', 'en', 'active', @w);
INSERT INTO consent(party, channel, purpose, version, status, at_ms, source, text_shown, language, evidence) VALUES
 ('OUT-001', 'whatsapp', 'marketing', 1, 'granted', @w, '@t form', 'yes', 'en', ''),
 ('OUT-002', 'sms', 'marketing', 1, 'withdrawn', @w, '@t form', 'no', 'en', '');
INSERT INTO template(template, channel, language, version, category, provider_name, body, variables, approved, made_ms) VALUES
 ('offer', 'whatsapp', 'en', 1, 'marketing', '@t_offer', '@t offers', 'name', 1, @w),
 ('offer', 'sms', 'en', 1, 'marketing', '@t_offer', '@t offers', 'name', 1, @w);
INSERT INTO campaign(campaign_id, proposal_id, state, why, site, sku, batch, expiry_day, mrp_paise, units, sold_units, price_paise, floor_paise, ceiling_paise, discount_permille, template, channels, holdout_permille, start_day, end_day, made_ms, decided_by, decided_ms) VALUES
 ('K1', '', 'draft', '@t', 'WH-1', 'BISC-80', 'L1', 21000, 1000, 50, 3, 700, 500, 840, 166, 'offer', 'whatsapp,sms', 100, 20620, 20640, @w - 1000, '', 0),
 ('K2', '', 'running', '@t', 'WH-2', 'TEA-250', 'T1', 21200, 12500, 50, 3, 9000, 8000, 10150, 113, 'offer', 'sms', 100, 20620, 40000, @w - 2000, 'user:owner', @w);
INSERT INTO campaign_target(campaign_id, party, arm, channel, score, expected_units, reason, ordered_units, units, value_paise) VALUES
 ('K1', 'OUT-001', 'offer', 'whatsapp', 50, 10, '@t', 3, 3, 2100 * @n),
 ('K1', 'OUT-002', 'holdout', '', 50, 10, '@t', 0, 0, 0),
 ('K2', 'OUT-002', 'offer', 'sms', 50, 40, '@t', 0, 0, 0);
INSERT INTO outbox(message_id, idempotency_key, channel, purpose, party, template, language, variables, state, rank, attempts, due_ms, made_ms, changed_ms, lease_ms, provider_id, why, cause) VALUES
 ('M1', 'k1', 'whatsapp', 'marketing', 'OUT-001', 'offer', 'en', '{"name":"@t"}', 'read', 50, 1, @w, @w, @w, 0, '@t', '', 'campaign:K1'),
 ('M2', 'k2', 'sms', 'marketing', 'OUT-002', 'offer', 'en', '{}', 'queued', 50, 0, @w, @w, @w, 0, '', '', 'campaign:K2');
INSERT INTO paper(paper_id, kind, number, document, from_gstin, to_gstin, day, taxable_paise, tax_paise, eway, state, made_ms, body) VALUES
 ('D1', 'delivery_challan', '@t/1', 'TR-1', '27AAPFU0939F1ZV', '27AAPFU0939F1ZV', 20620, 10000 * @n, 0, 'not_required', 'issued', @w, '{}'),
 ('D2', 'tax_invoice', '@t/2', 'TR-2', '27AAPFU0939F1ZV', '29AAPFU0939F1ZV', 20620, 6000000 * @n, 300000, 'required', 'issued', @w - 1, '{"km":850}'),
 ('D3', 'tax_invoice', '@t/3', 'TR-3', '27AAPFU0939F1ZV', '29AAPFU0939F1ZV', 20620, 6000000 * @n, 300000, 'required', 'issued', @w - 2, '{"km":850}');
INSERT INTO agent(agent, state, wanted, started_ms, heartbeat_ms, ran_ms, due_ms, restarts, failures, retry_ms, handled, last_error, stuck_on, tries) VALUES
 ('analysis', 'running', 'running', @w, @w, @w, 0, 0, 0, 0, 10 * @n, '', '', 0);
INSERT INTO lane(from_site, to_site, km, lead_days, paise_a_kg, paise_a_truck, kg_a_truck, trucks, least_kg, open) VALUES
 ('WH-1', 'WH-2', 700 + @n, 2, 300, 250000, 9000, 3, 0, 1);
INSERT INTO dead_letter(letter, made_ms, source, device, epoch, seq, reason, body, state, decided_by, decided_ms) VALUES
 (1, @w, 'agent:analysis', '', 0, 5, '@t failed', '', 'open', '', 0),
 (2, @w, 'fold', 'wh-1', 1, 2, '@t failed', '', 'open', '', 0);
INSERT INTO market_lot(case_id, site, sku, batch, expiry_day, mrp_paise, units, promised_units, reserve_milli_paise, best_milli_paise, best_site, priced_ms, bids) VALUES
 ('C1', 'WH-1', 'BISC-80', 'L1', 21000, 1000, 85 * @n, 60, 400000, 650000, 'WH-2', @w - 3000, '[{"site":"WH-2","bidMilliPaise":700000,"transportMilliPaise":50000,"leadDays":2}]'),
 ('C3', 'WH-2', 'TEA-250', 'T1', 21200, 12500, 8 * @n, 0, 9000000, 0, '', @w - 3000, '[]');
INSERT INTO supply(supplier, sku, batch, expiry_day, mrp_paise, day, units, paise, back_units, back_paise) VALUES
 ('SUP-01', 'BISC-80', 'L1', 21000, 1000, @w / 86400000 - 10, 200, 140000 * @n, 10 * @n, 7000 * @n);
