/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_handlers.h -- every operation of the document and the function that does it, a file a
 * subject. Each answers 0 with call->answer filled, or a negative errno. */
#pragma once

#include <stddef.h>

#include "api_call.h"

const struct api_handler *api_handlers(size_t *ret_count);

/* handle_access.c */
int handle_login(struct api_call *call);
int handle_refresh(struct api_call *call);
int handle_logout(struct api_call *call);
int handle_get_me(struct api_call *call);
int handle_put_password(struct api_call *call);
/* handle_usage.c */
int handle_get_usage(struct api_call *call);
/* handle_users.c */
int handle_list_users(struct api_call *call);
int handle_create_user(struct api_call *call);
int handle_put_user(struct api_call *call);
/* handle_tenant.c */
int handle_get_distributor(struct api_call *call);
int handle_list_settings(struct api_call *call);
int handle_put_setting(struct api_call *call);
int handle_list_setting_history(struct api_call *call);
/* handle_sites.c */
int handle_list_sites(struct api_call *call);
int handle_put_site(struct api_call *call);
int handle_list_lanes(struct api_call *call);
int handle_put_lane(struct api_call *call);
/* handle_suppliers.c */
int handle_list_suppliers(struct api_call *call);
int handle_get_supplier_terms(struct api_call *call);
int handle_put_supplier_terms(struct api_call *call);
/* handle_documents.c */
int handle_list_documents(struct api_call *call);
int handle_get_document(struct api_call *call);
int handle_put_document(struct api_call *call);
int handle_list_catalogue(struct api_call *call);
/* handle_devices.c */
int handle_list_devices(struct api_call *call);
int handle_get_device(struct api_call *call);
int handle_revoke_device(struct api_call *call);
int handle_list_claims(struct api_call *call);
int handle_create_claim(struct api_call *call);
/* handle_enrolment.c */
int handle_enrol(struct api_call *call);
/* handle_fetch.c */
int handle_fetch_document(struct api_call *call);
/* handle_inventory.c */
int handle_list_inventory(struct api_call *call);
/* handle_totals.c */
int handle_get_totals(struct api_call *call);
/* handle_stock.c */
int handle_list_transfers(struct api_call *call);
int handle_get_conservation(struct api_call *call);
/* handle_outlets.c */
int handle_list_outlets(struct api_call *call);
int handle_get_outlet(struct api_call *call);
int handle_list_answers(struct api_call *call);
int handle_put_credit(struct api_call *call);
int handle_put_contact(struct api_call *call);
int handle_delete_contact(struct api_call *call);
int handle_create_consent(struct api_call *call);
int handle_list_sales_history(struct api_call *call);
/* handle_sales.c */
int handle_create_sales(struct api_call *call);
/* handle_orders.c */
int handle_list_orders(struct api_call *call);
int handle_create_order(struct api_call *call);
int handle_get_order(struct api_call *call);
int handle_cancel_order(struct api_call *call);
/* handle_cases.c */
int handle_list_cases(struct api_call *call);
int handle_get_case(struct api_call *call);
/* handle_trace.c */
int handle_get_case_trace(struct api_call *call);
int handle_get_entry_trace(struct api_call *call);
/* handle_proposals.c */
int handle_list_proposals(struct api_call *call);
int handle_get_proposal(struct api_call *call);
int handle_decide_proposal(struct api_call *call);
int handle_put_reallocation(struct api_call *call);
int handle_list_approvals(struct api_call *call);
/* handle_forecasts.c */
int handle_get_forecasts(struct api_call *call);
/* handle_outcomes.c */
int handle_put_true_cost(struct api_call *call);
int handle_list_outcomes(struct api_call *call);
/* handle_market.c */
int handle_list_market_lots(struct api_call *call);
/* handle_network.c */
int handle_get_network(struct api_call *call);
/* handle_recovery.c */
int handle_get_recovery(struct api_call *call);
/* handle_campaigns.c */
int handle_list_campaigns(struct api_call *call);
int handle_create_campaign(struct api_call *call);
int handle_get_campaign(struct api_call *call);
int handle_decide_campaign(struct api_call *call);
int handle_get_analytics(struct api_call *call);
/* handle_campaign_plan.c */
int handle_get_campaign_plan(struct api_call *call);
/* handle_messages.c */
int handle_broadcast_whatsapp(struct api_call *call);
int handle_create_sms_campaign(struct api_call *call);
int handle_send_email(struct api_call *call);
int handle_list_templates(struct api_call *call);
int handle_put_template(struct api_call *call);
int handle_list_messages(struct api_call *call);
/* handle_callbacks.c */
int handle_subscribe_whatsapp(struct api_call *call);
int handle_take_whatsapp(struct api_call *call);
int handle_take_sms(struct api_call *call);
int handle_take_sms_report(struct api_call *call);
int handle_take_email(struct api_call *call);
/* handle_unsubscribe.c */
int handle_show_unsubscribe(struct api_call *call);
int handle_unsubscribe(struct api_call *call);
/* handle_compliance.c */
int handle_check_compliance(struct api_call *call);
int handle_list_papers(struct api_call *call);
int handle_get_regulatory(struct api_call *call);
/* handle_audit.c */
int handle_create_audit(struct api_call *call);
int handle_list_audit(struct api_call *call);
int handle_verify_audit(struct api_call *call);
/* handle_alerts.c */
int handle_list_alerts(struct api_call *call);
int handle_acknowledge_alert(struct api_call *call);
/* handle_running.c */
int handle_list_agents(struct api_call *call);
int handle_command_agent(struct api_call *call);
int handle_list_dead_letters(struct api_call *call);
int handle_decide_dead_letter(struct api_call *call);
/* handle_events.c */
int handle_stream_events(struct api_call *call);
/* handle_health.c */
int handle_get_health(struct api_call *call);
int handle_get_openapi(struct api_call *call);
int handle_get_metrics(struct api_call *call);
