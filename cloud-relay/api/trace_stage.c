/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace_stage.h"

#include <assert.h>

#include "attr.h"
#include "entry_kind_sql.h"

#define BEHIND(number, id)                                                                         \
    " AND (" number " > $1 OR (" number " = $1 AND " id " > $2)) ORDER BY " number ", " id         \
    " LIMIT $3"
/* Events have numbers of their own, and no id. */
#define BEHIND_EVENT " AND e.seq > $1 AND $2 >= '' ORDER BY e.seq LIMIT $3"
#define EVENT_COLUMNS                                                                              \
    "SELECT e.seq, '', e.wall_ms, e.type, '', e.actor, '', '', '', 0, 0, '', e.seq, e.trace,"      \
    " e.cause, '', 0, 0, e.body FROM "
#define ENTRY_ID "e.device || ':' || CAST(e.epoch AS TEXT) || ':' || CAST(e.seq AS TEXT)"
#define ENTRY_COLUMNS                                                                              \
    "SELECT e.wall_ms, " ENTRY_ID ", e.wall_ms, CAST(e.kind AS TEXT), '', e.worker,"               \
    " coalesce((SELECT d.site FROM device d WHERE d.device = e.device), ''), e.document, e.party," \
    " e.qty, e.value_paise, e.reason, 0, '', '', e.device, e.epoch, e.seq, '' FROM "

/* In the words of entry_brought and entry_carried (schema/014_plain_conditions.sql): SQLite takes a
 * partial index for no others. */
#define BROUGHT                                                                                    \
    "(e.kind = " SQL_OPENING " OR e.kind = " SQL_RECEIVED " OR e.kind = " SQL_RETURNED             \
    " OR e.kind = " SQL_ARRIVED " OR e.kind = " SQL_CORRECTED_IN ")"
#define CARRIED                                                                                    \
    "(e.kind = " SQL_DISPATCHED " OR e.kind = " SQL_ARRIVED " OR e.kind = " SQL_LOST               \
    " OR e.kind = " SQL_SENT_BACK " OR e.kind = " SQL_DISPOSED " OR e.kind = " SQL_TASK_DONE ")"

/* C: the case; S K B X M: site, SKU, batch, expiry and MRP of its goods. */
static const struct trace_stage of_case[] = {
    {"brought", "SKBXM",
     ENTRY_COLUMNS "entry e WHERE EXISTS (SELECT 1 FROM device d WHERE d.device = e.device AND"
                   " d.site = $4) AND e.sku = $5 AND e.batch = $6 AND e.expiry_day = $7 AND"
                   " e.mrp_paise = $8 AND " BROUGHT BEHIND("e.wall_ms", ENTRY_ID),
     false},
    {"found", "SK",
     EVENT_COLUMNS "event e WHERE e.type = 'DeadStockDetected' AND e.subject = 'sku:' || $4 ||"
                   " ':' || $5" BEHIND_EVENT,
     false},
    {"case", "C",
     EVENT_COLUMNS "event e WHERE e.subject = 'case:' || $4 AND e.type IN ('CaseOpened',"
                   " 'CaseChanged')" BEHIND_EVENT,
     false},
    {"proposal", "C",
     "SELECT p.made_ms, p.proposal_id, p.made_ms, p.action, p.state, p.made_by, p.from_site,"
     " p.document, p.to_site, p.units, p.gain_paise, p.reason, 0, p.case_id, '', '', 0, 0, ''"
     " FROM proposal p WHERE p.case_id = $4" BEHIND("p.made_ms", "p.proposal_id"),
     false},
    {"decision", "C",
     EVENT_COLUMNS "proposal p JOIN event e ON e.subject = 'proposal:' || p.proposal_id WHERE"
                   " p.case_id = $4 AND e.type IN ('ProposalChecked', 'ApprovalWanted',"
                   " 'ApprovalGiven', 'ProposalOverridden', 'ProposalApproved',"
                   " 'ProposalRejected', 'ProposalExpired', 'ProposalFailed')" BEHIND_EVENT,
     false},
    {"campaign", "C",
     "SELECT k.made_ms, k.campaign_id, k.made_ms, k.channels, k.state, k.decided_by, k.site,"
     " k.campaign_id, '', k.units, k.price_paise, k.why, coalesce((SELECT min(t.seq) FROM event t"
     " WHERE t.type = 'CampaignTriggered' AND t.subject = 'campaign:' || k.campaign_id), 0),"
     " p.case_id, 'proposal:' || p.proposal_id, '', 0, 0, '' FROM proposal p JOIN campaign k ON"
     " k.proposal_id = p.proposal_id WHERE p.case_id = $4" BEHIND("k.made_ms", "k.campaign_id"),
     false},
    {"message", "C",
     "SELECT m.made_ms, m.message_id, m.made_ms, m.channel, m.state, '', '', k.campaign_id,"
     " m.party, 0, 0, m.why, 0, m.trace, m.cause, '', 0, 0, '' FROM proposal p JOIN campaign k ON"
     " k.proposal_id = p.proposal_id JOIN outbox m ON m.cause = 'campaign:' || k.campaign_id"
     " WHERE p.case_id = $4" BEHIND("m.made_ms", "m.message_id"),
     true},
    {"answer", "C",
     EVENT_COLUMNS "proposal p JOIN campaign k ON k.proposal_id = p.proposal_id JOIN event e ON"
                   " e.subject = 'campaign:' || k.campaign_id WHERE p.case_id = $4 AND"
                   " e.type = 'CampaignAnswered'" BEHIND_EVENT,
     true},
#define LINE_ID "o.document || '|' || o.site || '|' || CAST(o.line AS TEXT)"
#define LINES                                                                                      \
    "proposal p LEFT JOIN campaign k ON k.proposal_id = p.proposal_id JOIN order_line o ON"        \
    " o.cause IN (p.proposal_id, 'campaign:' || coalesce(k.campaign_id, ''))"
    {"line", "C",
     "SELECT o.made_ms, " LINE_ID ", o.made_ms, o.kind, o.state, '', o.site, o.document, o.party,"
     " o.qty, o.price_paise, '', 0, p.case_id, o.cause, '', 0, 0, '' FROM " LINES
     " WHERE p.case_id = $4" BEHIND("o.made_ms", LINE_ID),
     false},
/* The plan that first held the line, where the versions that are kept still show which it was; and
 * the entry by which the appliance says that it, or the next, took effect. */
#define PLAN_ID "d.device || ':plan:' || CAST(v.version AS TEXT)"
#define PLAN_KEY PLAN_ID " || '|' || " LINE_ID " || '|' || CAST(coalesce(a.epoch, 0) AS TEXT)"
    {"plan", "C",
     "SELECT v.made_ms, " PLAN_KEY ", v.made_ms, 'plan', CASE WHEN a.seq IS NULL THEN '' ELSE"
     " 'applied' END, v.made_by, o.site, o.document, '', o.qty, 0, " PLAN_ID ", 0, p.case_id,"
     " o.cause, coalesce(a.device, ''), coalesce(a.epoch, 0), coalesce(a.seq, 0), '' FROM " LINES
     " JOIN device d ON d.site = o.site JOIN document v ON v.scope = d.device AND v.type = 'plan'"
     " AND v.version = (SELECT min(w.version) FROM document w WHERE w.scope = d.device AND"
     " w.type = 'plan' AND w.made_ms >= o.made_ms) LEFT JOIN entry a ON a.device = d.device AND"
     " a.kind = " SQL_APPLIED
     " AND a.document = 'plan' AND a.line = (SELECT min(b.line) FROM entry b WHERE"
     " b.device = d.device AND b.kind = " SQL_APPLIED
     " AND b.document = 'plan' AND b.line >= v.version) WHERE"
     " p.case_id = $4 AND (v.version = 1 OR EXISTS (SELECT 1 FROM document u WHERE"
     " u.scope = d.device AND u.type = 'plan' AND u.version = v.version - 1))" BEHIND("v.made_ms",
                                                                                      PLAN_KEY),
     false},
    {"paper", "C",
     "SELECT a.made_ms, a.paper_id, a.made_ms, a.kind, a.state, '', p.from_site, a.number,"
     " a.to_gstin, 0, a.taxable_paise, a.eway, 0, p.case_id, 'proposal:' || p.proposal_id, '', 0,"
     " 0, '' FROM proposal p JOIN paper a ON a.document = p.document WHERE p.case_id = $4 AND"
     " p.document <> ''" BEHIND("a.made_ms", "a.paper_id"),
     false},
    {"carried", "C",
     ENTRY_COLUMNS "proposal p JOIN entry e ON e.document = p.document AND " CARRIED
                   " WHERE p.case_id = $4 AND p.document <> ''" BEHIND("e.wall_ms", ENTRY_ID),
     false},
    {"sold", "C",
     "SELECT e.wall_ms, " ENTRY_ID ", e.wall_ms, '" SQL_PICKED
     "', '', '', k.site, e.document, e.party,"
     " e.units, e.value_paise, '', 0, p.case_id, 'campaign:' || k.campaign_id, e.device, e.epoch,"
     " e.seq, '' FROM proposal p JOIN campaign k ON k.proposal_id = p.proposal_id JOIN"
     " campaign_take e ON e.campaign_id = k.campaign_id WHERE p.case_id = $4" BEHIND("e.wall_ms",
                                                                                     ENTRY_ID),
     true},
    {"settled", "C",
     EVENT_COLUMNS "(SELECT 'proposal:' || p.proposal_id AS subject FROM proposal p WHERE"
                   " p.case_id = $4 UNION ALL SELECT 'case:' || r.case_id FROM recovery_case r"
                   " WHERE r.case_id = $4) x JOIN event e ON e.subject = x.subject WHERE e.type IN"
                   " ('ProposalDone', 'ReallocationExecuted', 'CaseSettled')" BEHIND_EVENT,
     false},
};

/* V P Q: device, epoch and sequence; D: its document; E: "entry:DEVICE:EPOCH:SEQ", and goods as
 * above. Causes may end in ">STATE". */
#define CAUSED(c)                                                                                  \
    "e.cause IN (" c ", " c " || '>detected', " c " || '>assessed', " c " || '>proposed', " c      \
    " || '>executing', " c " || '>settled', " c " || '>closed', " c " || '>failed', " c            \
    " || '>draft', " c " || '>approved', " c " || '>running', " c " || '>paused', " c              \
    " || '>stopped', " c " || '>done', " c " || '>settle')"
#define HOPS "24" /* as agents allow (agent_take.c) */
static const struct trace_stage of_entry[] = {
    {"booked", "SKE",
     EVENT_COLUMNS "event e WHERE e.type = 'InventoryUpdated' AND e.subject = 'sku:' || $4 || ':'"
                   " || $5 AND e.cause = $6" BEHIND_EVENT,
     false},
    {"followed", "E",
     "WITH RECURSIVE follows(seq, hops) AS (SELECT e.seq, 1 FROM event e WHERE"
     " e.type <> 'InventoryUpdated' AND " CAUSED(
         "$4") " UNION SELECT e.seq, f.hops + 1 FROM"
               " follows f JOIN event e ON e.type <> 'InventoryUpdated' AND " CAUSED(
                   "('event:' || CAST(f.seq AS TEXT))") " WHERE f.hops < " HOPS ") " EVENT_COLUMNS
                                                        "event e WHERE e.seq IN (SELECT seq FROM "
                                                        "follows)" BEHIND_EVENT,
     false},
    {"case", "SKBXM",
     "SELECT r.opened_ms, r.case_id, r.opened_ms, r.kind, r.state, '', r.site, '', '', "
     "r.risk_units,"
     " r.risk_paise, '', 0, r.trace, '', '', 0, 0, '' FROM recovery_case r WHERE r.site = $4 AND"
     " r.sku = $5 AND r.batch = $6 AND r.expiry_day = $7 AND r.mrp_paise = $8" BEHIND("r.opened_ms",
                                                                                      "r.case_id"),
     false},
    {"line", "D",
     "SELECT o.made_ms, " LINE_ID ", o.made_ms, o.kind, o.state, '', o.site, o.document, o.party,"
     " o.qty, o.price_paise, '', 0, '', o.cause, '', 0, 0, '' FROM order_line o WHERE"
     " o.document = $4 AND o.document <> ''" BEHIND("o.made_ms", LINE_ID),
     false},
    {"proposal", "D",
     "SELECT p.made_ms, p.proposal_id, p.made_ms, p.action, p.state, p.made_by, p.from_site,"
     " p.document, p.to_site, p.units, p.gain_paise, p.reason, 0, p.case_id, '', '', 0, 0, ''"
     " FROM proposal p WHERE p.document = $4 AND p.document <> ''" BEHIND("p.made_ms",
                                                                          "p.proposal_id"),
     false},
    {"paper", "D",
     "SELECT a.made_ms, a.paper_id, a.made_ms, a.kind, a.state, '', '', a.number, a.to_gstin, 0,"
     " a.taxable_paise, a.eway, 0, '', '', '', 0, 0, '' FROM paper a WHERE a.document = $4 AND"
     " a.document <> ''" BEHIND("a.made_ms", "a.paper_id"),
     false},
    {"campaign", "VPQ",
     "SELECT k.made_ms, k.campaign_id, k.made_ms, k.channels, k.state, k.decided_by, k.site,"
     " k.campaign_id, t.party, t.units, t.value_paise, k.why, 0, coalesce(p.case_id, ''),"
     " k.proposal_id, '', 0, 0, '' FROM campaign_take t JOIN campaign k ON"
     " k.campaign_id = t.campaign_id LEFT JOIN proposal p ON p.proposal_id = k.proposal_id WHERE"
     " t.device = $4 AND t.epoch = $5 AND t.seq = $6" BEHIND("k.made_ms", "k.campaign_id"),
     true},
    {"message", "VPQ",
     "SELECT m.made_ms, m.message_id, m.made_ms, m.channel, m.state, '', '', t.campaign_id,"
     " m.party, 0, 0, m.why, 0, m.trace, m.cause, '', 0, 0, '' FROM campaign_take t JOIN outbox m"
     " ON m.cause = 'campaign:' || t.campaign_id AND m.party = t.party WHERE t.device = $4 AND"
     " t.epoch = $5 AND t.seq = $6" BEHIND("m.made_ms", "m.message_id"),
     true},
};

static void bind_place(struct sql_query *q, int at, char letter, const struct trace_subject *x)
{
    const struct {
        char letter;
        const char *text; /* NULL: a number */
        int64_t number;
    } places[] = {
        {'C', x->case_id, 0},          {'E', x->cause, 0},
        {'S', x->at->site, 0},         {'K', x->at->sku, 0},
        {'B', x->at->batch.number, 0}, {'X', NULL, x->at->batch.expiry_day},
        {'D', x->at->document, 0},     {'M', NULL, x->at->batch.mrp_paise},
        {'V', x->at->device, 0},       {'P', NULL, x->at->epoch},
        {'Q', NULL, x->at->seq},
    };
    size_t i = 0;
    while (i < ARRAY_LEN(places) && places[i].letter != letter)
        i++;
    assert(i < ARRAY_LEN(places));
    if (places[i].text)
        sql_bind_text(q, at, places[i].text);
    else
        sql_bind_int(q, at, places[i].number);
}

void trace_stage_bind(const struct trace_stage *stage, struct sql_query *q,
                      const struct trace_subject *x)
{
    assert(stage && q && x);
    for (size_t i = 0; stage->places[i] != '\0'; i++)
        bind_place(q, 4 + (int)i, stage->places[i], x);
}

struct trace_stages trace_stages_of_case(void)
{
    return (struct trace_stages){of_case, ARRAY_LEN(of_case)};
}

struct trace_stages trace_stages_of_entry(void)
{
    return (struct trace_stages){of_entry, ARRAY_LEN(of_entry)};
}
