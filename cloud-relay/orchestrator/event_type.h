/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/event_type.h -- the types of messages that this release speaks, with the version of
 * each body. A consumer that meets a newer version sets it aside (dead_letter); nothing is lost.
 * Questions are not messages here: they are requests of the API, answered at once. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct event_type {
    const char *name;
    enum event_kind kind;
    int32_t version;     /* this release writes it, and reads it and all before */
    const char *subject; /* what its subject begins with, as "case:" */
    const char *meaning;
};

const struct event_type *event_type_find(const char *name); /* NULL: not of this release */
const struct event_type *event_types(size_t *ret_count);

/* The six of the mission (domain_event.h). */
#define EVENT_INVENTORY_UPDATED "InventoryUpdated"
#define EVENT_DEAD_STOCK_DETECTED "DeadStockDetected"
#define EVENT_REALLOCATION_OPPORTUNITY "ReallocationOpportunity"
#define EVENT_REALLOCATION_EXECUTED "ReallocationExecuted"
#define EVENT_CAMPAIGN_TRIGGERED "CampaignTriggered"
#define EVENT_COMPLIANCE_VIOLATION "ComplianceViolation"

/* Cases (recovery.h). body: {"case", "state", "from", "why", ...} */
#define EVENT_CASE_OPENED "CaseOpened"
#define EVENT_CASE_CHANGED "CaseChanged"
#define EVENT_CASE_SETTLED "CaseSettled"

/* Proposals (proposals.h). subject "proposal:ID"; body: {"proposal", "case", "action", ...} */
#define EVENT_PROPOSAL_MADE "ProposalMade"       /* compliance looks at it */
#define EVENT_PROPOSAL_CHECKED "ProposalChecked" /* compliance has spoken */
#define EVENT_APPROVAL_WANTED "ApprovalWanted"   /* a person, or two, must decide */
#define EVENT_APPROVAL_GIVEN "ApprovalGiven"     /* one of them has */
#define EVENT_PROPOSAL_OVERRIDDEN "ProposalOverridden"
#define EVENT_PROPOSAL_APPROVED "ProposalApproved" /* whoever carries out this action begins */
#define EVENT_PROPOSAL_REJECTED "ProposalRejected"
#define EVENT_PROPOSAL_EXPIRED "ProposalExpired"
#define EVENT_PROPOSAL_STARTED "ProposalStarted" /* lines or a campaign are out */
#define EVENT_PROPOSAL_FAILED "ProposalFailed"   /* undone: the case is open again */
#define EVENT_PROPOSAL_DONE "ProposalDone"       /* done or partial */

/* Transfers under way (transfer_saga.h). subject "proposal:ID" */
#define EVENT_TRANSFER_LEFT "TransferLeft"
#define EVENT_TRANSFER_SHORT "TransferShort" /* sender and receiver do not agree: both see it */
#define EVENT_TRANSFER_OVERDUE "TransferOverdue"
#define EVENT_TRANSFER_WAITS "TransferWaits" /* for what is to go with it (consignment.h) */

/* Campaigns (channels, liquidation). subject "campaign:ID"; CampaignTriggered stands above. body:
 * {"campaign", "party", ...} */
#define EVENT_CAMPAIGN_ANSWERED "CampaignAnswered" /* an outlet wants some of it */
#define EVENT_CAMPAIGN_MOVED "CampaignMoved"       /* drafted, running, paused, stopped, done */

#define EVENT_FREIGHT_ENTERED "FreightEntered" /* what its way truly cost, by its paper */

#define EVENT_SETTING_CHANGED "SettingChanged"
#define EVENT_SUPPLIER_TERMS_CHANGED "SupplierTermsChanged" /* subject "supplier:CODE" */
#define EVENT_AGENT_CHANGED "AgentChanged" /* started, stopped, restarted, broken, whole again */
#define EVENT_LETTER_DEAD "LetterDead"     /* an item was set aside: letter, agent, reason */

/* Alerts (alert.h). subject "alert:ID" */
#define EVENT_ALERT_RAISED "AlertRaised"
#define EVENT_ALERT_ACKNOWLEDGED "AlertAcknowledged"

/* Commands. */
#define COMMAND_AGENT_START "agent.start"
#define COMMAND_AGENT_STOP "agent.stop"
#define COMMAND_AGENT_RESTART "agent.restart"
#define COMMAND_PROPOSAL_APPROVE "proposal.approve"
#define COMMAND_PROPOSAL_REJECT "proposal.reject"
#define COMMAND_PROPOSAL_OVERRIDE "proposal.override"
