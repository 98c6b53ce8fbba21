/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retailers: who they are is the parties document; how to reach them, and whether one may, are rows
 * of the store. Addresses never go into the audit trail, which is for ever. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "answer_outlet.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"
#include "contact.h"
#include "outbox.h"
#include "outlet_credit.h"
#include "text.h"

#define CONTACTS_MAX 10
#define CONSENTS_MAX 200

static int find_outlet(struct api_call *call, const char *id, const struct catalogue_party **ret)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    const struct catalogue_party *party = catalogue_index_party(catalogue, id);
    if (!party || party->kind != PARTY_OUTLET)
        return api_absent(call, "outlet", id);
    if (!api_territory_is_ours(call, party->territory))
        return api_forbidden(call, "outlet", id);
    *ret = party;
    return 0;
}

static bool is_wanted(const struct api_call *call, const struct catalogue_party *party)
{
    const char *text = api_arg(call, "text");
    const char *territory = api_arg(call, "territory");
    return party->kind == PARTY_OUTLET && strcmp(party->party, api_arg(call, "after")) > 0 &&
           api_territory_is_ours(call, party->territory) &&
           (territory[0] == '\0' || strcmp(territory, party->territory) == 0) &&
           (text[0] == '\0' || strcasestr(party->name, text) || strcasestr(party->party, text));
}

int handle_list_outlets(struct api_call *call)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = api_sites_read(call);
    if (err < 0)
        return err;
    int64_t left = api_arg_int(call, "limit");
    const char *next = "";
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    size_t count = 0;
    const struct catalogue_party *parties = catalogue_index_parties(catalogue, &count);
    for (size_t i = 0; i < count && left > 0; i++) {
        if (!is_wanted(call, &parties[i]))
            continue;
        err = answer_outlet(call, http_json_add_object(&call->answer, items, NULL), &parties[i]);
        if (err < 0)
            return err;
        if (--left == 0)
            next = parties[i].party;
    }
    http_json_text_or_null(&call->answer, call->root, "next", next);
    return api_add_freshness(call, call->root, "");
}

static const char select_contacts[] =
    "SELECT channel, address, language, state, changed_ms FROM contact WHERE party = $1 AND"
    " ($2 = '' OR channel = $2) ORDER BY channel LIMIT $3";
static const struct api_column contact_columns[] = {
    {"channel", FIELD_TEXT}, {"address", FIELD_TEXT},      {"language", FIELD_TEXT},
    {"state", FIELD_TEXT},   {"changedAt", FIELD_INSTANT},
};
static const char select_consents[] =
    "SELECT c.channel, c.purpose, c.status, c.version, c.at_ms, c.source, c.language FROM consent c"
    " WHERE c.party = $1 AND c.version = (SELECT max(n.version) FROM consent n WHERE"
    " n.party = c.party AND n.channel = c.channel AND n.purpose = c.purpose) AND ($2 = '' OR"
    " (c.channel = $2 AND c.purpose = $3)) ORDER BY c.channel, c.purpose LIMIT $4";
static const struct api_column consent_columns[] = {
    {"channel", FIELD_TEXT},  {"purpose", FIELD_TEXT}, {"status", FIELD_TEXT},
    {"version", FIELD_INT},   {"at", FIELD_INSTANT},   {"source", FIELD_TEXT},
    {"language", FIELD_TEXT},
};

static struct sql_query *query_contacts(struct api_call *call, const char *party,
                                        const char *channel)
{
    struct sql_query *q = sql_query(call->s, select_contacts);
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel);
    sql_bind_int(q, 3, CONTACTS_MAX);
    return q;
}

static struct sql_query *query_consents(struct api_call *call, const char *party,
                                        const char *channel, const char *purpose)
{
    struct sql_query *q = sql_query(call->s, select_consents);
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel);
    sql_bind_text(q, 3, purpose);
    sql_bind_int(q, 4, CONSENTS_MAX);
    return q;
}

int handle_get_outlet(struct api_call *call)
{
    const char *id = api_arg(call, "outlet");
    const struct catalogue_party *party = NULL;
    int err = find_outlet(call, id, &party);
    if (err == 0)
        err = api_sites_read(call);
    if (err == 0)
        err = answer_outlet(call, http_json_add_object(&call->answer, call->root, "outlet"), party);
    if (err < 0)
        return err;
    AUTO(sql_query) contacts = query_contacts(call, id, "");
    err = api_rows_into(call, call->root, "contacts", contacts, contact_columns,
                        ARRAY_LEN(contact_columns));
    if (err < 0)
        return err;
    AUTO(sql_query) consents = query_consents(call, id, "", "");
    err = api_rows_into(call, call->root, "consents", consents, consent_columns,
                        ARRAY_LEN(consent_columns));
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

static int audit_outlet(struct api_call *call, const char *type, const char *id, const char *where,
                        const char *after)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "party:%s", id);
    struct api_change change = {.type = type,
                                .subject = subject,
                                .place = where,
                                .why = "asked for",
                                .before = "",
                                .after = after};
    return api_audit(call, &change);
}

int handle_put_contact(struct api_call *call)
{
    const char *id = api_arg(call, "outlet");
    const char *channel = api_arg(call, "channel");
    const char *address = api_body_text(call, "address", "");
    const struct catalogue_party *party = NULL;
    struct contact contact = {.state = "active"};
    int err = find_outlet(call, id, &party);
    if (err == 0)
        err = channel_parse(channel, &contact.channel);
    if (err < 0)
        return err;
    snprintf(contact.party, sizeof(contact.party), "%s", id);
    snprintf(contact.language, sizeof(contact.language), "%s", api_body_text(call, "language", ""));
    bool fits = text_copy(contact.address, sizeof(contact.address),
                          address + (address[0] == '+')) == 0; /* as people write numbers */
    err = fits ? contact_set(call->s, &contact, call->now_ms) : -EINVAL;
    if (err == -EINVAL)
        return api_refuse(call, 422, "address", "address",
                          contact.channel == CHANNEL_EMAIL ? "name@host"
                                                           : "91 and ten digits, as 919812345678",
                          "it is no address of this channel");
    if (err < 0)
        return err;
    AUTO(sql_query) now = query_contacts(call, id, channel);
    int n = sql_step(now);
    if (n != 1)
        return n < 0 ? n : -EIO;
    err = api_row(call, call->root, now, contact_columns, ARRAY_LEN(contact_columns));
    return err < 0 ? err : audit_outlet(call, "ContactChanged", id, party->territory, "");
}

int handle_delete_contact(struct api_call *call)
{
    static const char delete[] = "DELETE FROM contact WHERE party = $1 AND channel = $2";
    const char *id = api_arg(call, "outlet");
    const struct catalogue_party *party = NULL;
    int err = find_outlet(call, id, &party);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, delete);
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, api_arg(call, "channel"));
    err = sql_run(q);
    if (err < 0)
        return err;
    if (sql_changes(q) == 0)
        return api_absent(call, "contact", api_arg(call, "channel"));
    return audit_outlet(call, "ContactErased", id, party->territory, "");
}

int handle_create_consent(struct api_call *call)
{
    const char *id = api_arg(call, "outlet");
    const char *channel = api_body_text(call, "channel", "");
    const char *purpose = api_body_text(call, "purpose", "");
    const struct catalogue_party *party = NULL;
    struct consent_record record = {
        .party = id,
        .source = api_body_text(call, "source", ""),
        .text_shown = api_body_text(call, "textShown", ""),
        .language = api_body_text(call, "language", ""),
        .evidence = api_body_text(call, "evidence", call->cause),
        .at_ms = call->now_ms,
    };
    int err = find_outlet(call, id, &party);
    if (err == 0)
        err = channel_parse(channel, &record.channel);
    if (err == 0)
        err = purpose_parse(purpose, &record.purpose);
    if (err == 0)
        err = consent_status_parse(api_body_text(call, "status", ""), &record.status);
    if (err == 0)
        err = consent_append(call->s, &record);
    if (err == 0 && record.status == CONSENT_WITHDRAWN)
        err = outbox_call_off(call->s, id, record.channel, record.purpose, call->now_ms);
    if (err < 0)
        return err;
    AUTO(sql_query) now = query_consents(call, id, channel, purpose);
    int n = sql_step(now);
    if (n != 1)
        return n < 0 ? n : -EIO;
    err = api_row(call, call->root, now, consent_columns, ARRAY_LEN(consent_columns));
    char after[96];
    snprintf(after, sizeof(after), "{\"channel\":\"%s\",\"purpose\":\"%s\",\"status\":\"%s\"}",
             channel, purpose, api_body_text(call, "status", ""));
    return err < 0 ? err : audit_outlet(call, "ConsentRecorded", id, party->territory, after);
}

static const char select_history[] =
    "SELECT CAST(o.day AS TEXT) || '|' || o.sku || '|' || o.site, o.outlet, o.sku, o.day, o.units,"
    " o.returned, o.value_paise, s.territory, o.site FROM outlet_sale o JOIN site s ON"
    " s.site = o.site WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND"
    " o.outlet = $3 AND ($4 = '' OR o.sku = $4) AND o.day >= $5 AND o.day <= $6 AND (o.day < $7 OR"
    " (o.day = $7 AND o.sku || '|' || o.site > $8)) ORDER BY o.day DESC, o.sku || '|' || o.site"
    " LIMIT $2";
static const struct api_column history_columns[] = {
    {"key", FIELD_KEY},          {"retailerId", FIELD_TEXT}, {"sku", FIELD_TEXT},
    {"date", FIELD_DAY},         {"quantity", FIELD_INT},    {"returned", FIELD_INT},
    {"valuePaise", FIELD_VALUE}, {"territory", FIELD_TEXT},  {"site", FIELD_TEXT},
};

int handle_list_sales_history(struct api_call *call)
{
    const char *id = api_arg(call, "id");
    const struct catalogue_party *party = NULL;
    struct api_page page;
    int err = find_outlet(call, id, &party);
    if (err == 0)
        err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    int32_t to = api_arg_day(call, "toDate");
    AUTO(sql_query) q = sql_query(call->s, select_history);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_text(q, 3, id);
    sql_bind_text(q, 4, api_arg(call, "sku"));
    sql_bind_int(q, 5, api_arg_day(call, "fromDate"));
    sql_bind_int(q, 6, to == CIVIL_NONE ? INT32_MAX : to);
    sql_bind_int(q, 7, page.number);
    sql_bind_text(q, 8, page.id);
    http_json_text(&call->answer, call->root, "retailerId", id);
    err = api_rows(call, q, history_columns, ARRAY_LEN(history_columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

static void write_credit(const struct outlet_credit *c, char *ret, size_t size)
{
    snprintf(ret, size,
             "{\"version\":%" PRId64 ",\"outstandingPaise\":%" PRId64 ",\"limitPaise\":%" PRId64
             ",\"overdueDays\":%" PRId64 "}",
             c->version, c->outstanding_paise, c->limit_paise, c->overdue_days);
}

static int audit_credit(struct api_call *call, const char *id, const char *where,
                        const struct outlet_credit *was, const struct outlet_credit *now)
{
    char subject[EVENT_SUBJECT_SIZE];
    char before[160] = "";
    char after[160];
    snprintf(subject, sizeof(subject), "party:%s", id);
    if (was->version > 0)
        write_credit(was, before, sizeof(before));
    write_credit(now, after, sizeof(after));
    struct api_change change = {.type = "CreditChanged",
                                .subject = subject,
                                .place = where,
                                .why = api_body_text(call, "reason", ""),
                                .before = before,
                                .after = after};
    return api_audit(call, &change);
}

int handle_put_credit(struct api_call *call)
{
    const char *id = api_arg(call, "outlet");
    const struct catalogue_party *party = NULL;
    struct outlet_credit was = {.version = 0};
    struct outlet_credit now = {.outstanding_paise = api_body_int(call, "outstandingPaise", 0),
                                .limit_paise = api_body_int(call, "limitPaise", 0),
                                .overdue_days = api_body_int(call, "overdueDays", 0),
                                .day = api_body_day(call, "asOfDate"),
                                .made_ms = call->now_ms};
    int err = find_outlet(call, id, &party);
    if (err < 0)
        return err;
    if (now.day > civil_ist_day(call->now_ms))
        return api_refuse(call, 422, "date", "asOfDate", "today or before",
                          "no book says what will be");
    int unknown = outlet_credit_find(call->s, id, &was);
    if (unknown < 0 && unknown != -ENOENT)
        return unknown;
    int same = outlet_credit_put(call->s, id, &now, call->actor);
    if (same < 0)
        return same;
    err = outlet_credit_find(call->s, id, &now);
    if (err == 0 && same == 0)
        err = audit_credit(call, id, party->territory, &was, &now);
    if (err == 0)
        answer_credit(call, call->root, &now);
    return err;
}

static const char select_answers[] =
    "SELECT CAST(c.made_ms AS TEXT) || '|' || c.campaign_id, c.campaign_id, c.state, c.site, c.sku,"
    " t.arm, t.channel, coalesce((SELECT o.state FROM outbox o WHERE o.party = t.party AND o.cause"
    " = 'campaign:' || c.campaign_id AND o.purpose = 'marketing' ORDER BY o.made_ms DESC,"
    " o.message_id DESC LIMIT 1), ''), t.ordered_units, t.units, t.value_paise, c.made_ms, c.site"
    " FROM campaign_target t JOIN campaign c ON c.campaign_id = t.campaign_id JOIN site s ON s.site"
    " = c.site WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND t.party = $3"
    " AND (c.made_ms < $4 OR (c.made_ms = $4 AND c.campaign_id > $5)) ORDER BY c.made_ms DESC,"
    " c.campaign_id LIMIT $2";
static const struct api_column answer_columns[] = {
    {"key", FIELD_KEY},
    {"campaignId", FIELD_TEXT},
    {"state", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"sku", FIELD_TEXT},
    {"arm", FIELD_TEXT},
    {"channel", FIELD_TEXT},
    {"message", FIELD_TEXT_OR_NULL},
    {"orderedUnits", FIELD_INT},
    {"units", FIELD_INT},
    {"valuePaise", FIELD_INT},
    {"madeAt", FIELD_INSTANT},
    {"siteDataAgeSeconds", FIELD_AGE},
};

int handle_list_answers(struct api_call *call)
{
    const char *id = api_arg(call, "outlet");
    const struct catalogue_party *party = NULL;
    struct api_page page;
    int err = find_outlet(call, id, &party);
    if (err == 0)
        err = api_page_read(call, &page);
    if (err == 0)
        err = api_sites_read(call);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_answers);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_text(q, 3, id);
    sql_bind_int(q, 4, page.number);
    sql_bind_text(q, 5, page.id);
    err = api_rows(call, q, answer_columns, ARRAY_LEN(answer_columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}
