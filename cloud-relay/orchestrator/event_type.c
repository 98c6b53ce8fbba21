/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event_type.h"

#include <assert.h>
#include <string.h>

static const struct event_type types[] = {
    {EVENT_INVENTORY_UPDATED, EVENT_HAPPENED, 1, "", "stock of a SKU and batch changed at a site"},
    {EVENT_DEAD_STOCK_DETECTED, EVENT_HAPPENED, 1, "",
     "a SKU at a place sells no more, once an episode"},
    {EVENT_REALLOCATION_OPPORTUNITY, EVENT_HAPPENED, 1, "proposal:", "a transfer is proposed"},
    {EVENT_REALLOCATION_EXECUTED, EVENT_HAPPENED, 1,
     "proposal:", "a transfer ended, with what it truly did"},
    {EVENT_CAMPAIGN_TRIGGERED, EVENT_HAPPENED, 1, "campaign:", "a campaign runs"},
    {EVENT_COMPLIANCE_VIOLATION, EVENT_HAPPENED, 1, "", "something planned would break a rule"},
    {EVENT_CASE_OPENED, EVENT_HAPPENED, 1, "case:", "goods will not sell in time"},
    {EVENT_CASE_CHANGED, EVENT_HAPPENED, 1, "case:", "a case has another state"},
    {EVENT_CASE_SETTLED, EVENT_HAPPENED, 1, "case:", "a case ended, with what was recovered"},
    {EVENT_PROPOSAL_MADE, EVENT_HAPPENED, 1, "proposal:", "what may be done about a case"},
    {EVENT_PROPOSAL_CHECKED, EVENT_HAPPENED, 1, "proposal:", "compliance has looked at it"},
    {EVENT_APPROVAL_WANTED, EVENT_HAPPENED, 1, "proposal:", "a person must decide, or two"},
    {EVENT_APPROVAL_GIVEN, EVENT_HAPPENED, 1, "proposal:", "one person has approved"},
    {EVENT_PROPOSAL_OVERRIDDEN, EVENT_HAPPENED, 1, "proposal:", "a person wants it otherwise"},
    {EVENT_PROPOSAL_APPROVED, EVENT_HAPPENED, 1, "proposal:", "it is to be carried out"},
    {EVENT_PROPOSAL_REJECTED, EVENT_HAPPENED, 1, "proposal:", "a person does not want it"},
    {EVENT_PROPOSAL_EXPIRED, EVENT_HAPPENED, 1,
     "proposal:", "nobody decided in time, or it was withdrawn"},
    {EVENT_PROPOSAL_STARTED, EVENT_HAPPENED, 1, "proposal:", "tasks or messages are out"},
    {EVENT_PROPOSAL_FAILED, EVENT_HAPPENED, 1, "proposal:", "nothing came of it, and it is undone"},
    {EVENT_PROPOSAL_DONE, EVENT_HAPPENED, 1, "proposal:", "it ended, predicted beside actual"},
    {EVENT_TRANSFER_LEFT, EVENT_HAPPENED, 1, "proposal:", "the goods are on their way"},
    {EVENT_TRANSFER_SHORT, EVENT_HAPPENED, 1, "proposal:", "less arrived whole than was sent"},
    {EVENT_TRANSFER_OVERDUE, EVENT_HAPPENED, 1, "proposal:", "goods should have arrived"},
    {EVENT_TRANSFER_WAITS, EVENT_HAPPENED, 1, "proposal:", "it waits for what is to go with it"},
    {EVENT_FREIGHT_ENTERED, EVENT_HAPPENED, 1,
     "proposal:", "a person entered what the way of a transfer truly cost"},
    {EVENT_CAMPAIGN_ANSWERED, EVENT_HAPPENED, 1, "campaign:", "an outlet wants some of the lot"},
    {EVENT_CAMPAIGN_MOVED, EVENT_HAPPENED, 1, "campaign:", "a campaign has another state"},
    {EVENT_SETTING_CHANGED, EVENT_AUDIT, 1, "setting:", "a rule of the tenant has another value"},
    {EVENT_SUPPLIER_TERMS_CHANGED, EVENT_AUDIT, 1,
     "supplier:", "a supplier's terms for what comes back are others"},
    {EVENT_AGENT_CHANGED, EVENT_HAPPENED, 1,
     "agent:", "an agent started, stopped, broke or is whole again"},
    {EVENT_ALERT_RAISED, EVENT_HAPPENED, 1, "alert:", "something wants attention"},
    {EVENT_ALERT_ACKNOWLEDGED, EVENT_HAPPENED, 1, "alert:", "somebody looks after it"},
    {EVENT_LETTER_DEAD, EVENT_HAPPENED, 1, "agent:", "an item was set aside"},
    {COMMAND_AGENT_START, EVENT_COMMAND, 1, "agent:", "run"},
    {COMMAND_AGENT_STOP, EVENT_COMMAND, 1, "agent:", "rest"},
    {COMMAND_AGENT_RESTART, EVENT_COMMAND, 1, "agent:", "begin anew, failures forgotten"},
    {COMMAND_PROPOSAL_APPROVE, EVENT_COMMAND, 1, "proposal:", "a person approves"},
    {COMMAND_PROPOSAL_REJECT, EVENT_COMMAND, 1, "proposal:", "a person rejects"},
    {COMMAND_PROPOSAL_OVERRIDE, EVENT_COMMAND, 1, "proposal:", "a person approves it otherwise"},
};

const struct event_type *event_type_find(const char *name)
{
    assert(name);
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

const struct event_type *event_types(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(types);
    return types;
}
