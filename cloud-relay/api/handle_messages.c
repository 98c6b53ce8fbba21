/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people send to outlets, and its templates. A broadcast becomes rows of the outbox, one an
 * outlet, keyed so that no repetition sends twice; sending is the channels'. An outlet without a
 * contact, or without a consent for the purpose, is refused by name and nothing is queued for it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "contact.h"
#include "outbox.h"
#include "text.h"

struct broadcast {
    enum message_channel channel;
    const char *template;
    enum message_purpose purpose;
    char variables[OUTBOX_VARIABLES_MAX + 1];
    int64_t queued, refused;
};

/* "" when it may be queued, else why not; *ret_language is the contact's. The channels judge once
 * more before they send. */
static int why_not(struct api_call *call, const struct broadcast *b, const char *party,
                   char ret_language[8], const char **ret)
{
    const struct catalogue_party *known = catalogue_index_party(call->seat.catalogue, party);
    *ret = !known || known->kind != PARTY_OUTLET ? "there is no such outlet"
           : !api_territory_is_ours(call, known->territory)
               ? "the outlet is not in your territories"
               : "";
    if ((*ret)[0] != '\0')
        return 0;
    struct contact contact;
    enum consent_status consent = CONSENT_NONE;
    int err = contact_find(call->s, party, b->channel, &contact);
    if (err == -ENOENT || (err == 0 && strcmp(contact.state, "active") != 0)) {
        *ret = err == 0 ? "nothing is sent to this contact any more" : "no contact on this channel";
        return 0;
    }
    if (err == 0)
        err = consent_now(call->s, party, b->channel, b->purpose, &consent);
    if (err < 0)
        return err;
    snprintf(ret_language, 8, "%s", contact.language);
    if (!consent_allows(consent, b->purpose)) {
        *ret = "no consent for this purpose";
        return 0;
    }
    struct message_template template;
    err = message_template_find(call->s, b->template, b->channel, ret_language, &template);
    if (err == -ENOENT || (err == 0 && !template.approved))
        *ret = "the template is not approved in the outlet's language";
    return err == -ENOENT ? 0 : err;
}

static int queue(struct api_call *call, const struct broadcast *b, const char *party,
                 const char *language, char ret_id[OUTBOX_ID_SIZE], bool *ret_new)
{
    char key[EVENT_CAUSE_SIZE + ENTRY_PARTY_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    const char *campaign = api_body_text(call, "campaignId", "");
    snprintf(key, sizeof(key), "%s:%s", call->cause, party);
    snprintf(cause, sizeof(cause), "campaign:%s", campaign);
    struct outbox_draft draft = {
        .key = key,
        .channel = b->channel,
        .purpose = b->purpose,
        .party = party,
        .template = b->template,
        .language = language,
        .variables = b->variables,
        .rank = OUTBOX_RANK_PERSON,
        .cause = campaign[0] != '\0' ? cause : call->cause,
        .trace = call->trace,
    };
    int n = outbox_queue(call->s, &draft, call->now_ms, ret_id);
    *ret_new = n == 0;
    return n < 0 ? n : 0;
}

static int send_one(struct api_call *call, struct broadcast *b, cJSON *rows, const char *party)
{
    const char *why = "";
    char language[8] = "en";
    char id[OUTBOX_ID_SIZE] = "";
    bool is_new = false;
    int err = why_not(call, b, party, language, &why);
    if (err == 0 && why[0] == '\0')
        err = queue(call, b, party, language, id, &is_new);
    if (err < 0)
        return err;
    cJSON *to = http_json_add_object(&call->answer, rows, NULL);
    http_json_text(&call->answer, to, "retailerId", party);
    http_json_text(&call->answer, to, "result",
                   why[0] != '\0' ? "refused"
                   : is_new       ? "queued"
                                  : "known");
    http_json_text_or_null(&call->answer, to, "messageId", id);
    http_json_text_or_null(&call->answer, to, "why", why);
    b->queued += why[0] == '\0' && is_new;
    b->refused += why[0] != '\0';
    return 0;
}

static int broadcast(struct api_call *call, enum message_channel channel)
{
    struct broadcast b = {.channel = channel, .template = api_body_text(call, "template", "")};
    const struct catalogue_index *catalogue = NULL;
    int err = purpose_parse(api_body_text(call, "purpose", ""), &b.purpose);
    if (err == 0)
        err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    cJSON *variables = cJSON_GetObjectItemCaseSensitive(call->body, "variables");
    snprintf(b.variables, sizeof(b.variables), "{}");
    if (variables && !cJSON_PrintPreallocated(variables, b.variables, sizeof(b.variables), false))
        return api_refuse(call, 422, "too_long", "variables", "at most 4000 bytes",
                          "the variables are too long");
    cJSON *rows = http_json_add_array(&call->answer, call->root, "rows");
    const cJSON *party = NULL;
    cJSON_ArrayForEach(party, cJSON_GetObjectItemCaseSensitive(call->body, "retailers"))
    {
        err = send_one(call, &b, rows, party->valuestring);
        if (err < 0)
            return err;
    }
    http_json_number(&call->answer, call->root, "queued", b.queued);
    http_json_number(&call->answer, call->root, "refused", b.refused);
    char subject[EVENT_SUBJECT_SIZE];
    char after[96];
    snprintf(subject, sizeof(subject), "template:%s", b.template);
    snprintf(after, sizeof(after), "{\"queued\":%" PRId64 ",\"refused\":%" PRId64 "}", b.queued,
             b.refused);
    struct api_change change = {.type = "BroadcastQueued",
                                .subject = subject,
                                .place = "",
                                .why = purpose_name(b.purpose),
                                .before = "",
                                .after = after};
    return api_audit(call, &change);
}

int handle_broadcast_whatsapp(struct api_call *call)
{
    return broadcast(call, CHANNEL_WHATSAPP);
}

int handle_create_sms_campaign(struct api_call *call)
{
    return broadcast(call, CHANNEL_SMS);
}

int handle_send_email(struct api_call *call)
{
    return broadcast(call, CHANNEL_EMAIL);
}

/* ---- templates ---- */

static const char select_templates[] =
    "SELECT t.template, t.channel, t.language, t.version, t.category, t.provider_name, t.body,"
    " t.variables, t.approved, t.made_ms FROM template t WHERE t.version = (SELECT max(n.version)"
    " FROM template n WHERE n.template = t.template AND n.channel = t.channel AND"
    " n.language = t.language) AND ($1 = '' OR (t.template = $1 AND t.channel = $2 AND"
    " t.language = $3)) ORDER BY t.template, t.channel, t.language LIMIT 1000";
static const struct api_column template_columns[] = {
    {"template", FIELD_TEXT},  {"channel", FIELD_TEXT},   {"language", FIELD_TEXT},
    {"version", FIELD_INT},    {"category", FIELD_TEXT},  {"providerName", FIELD_TEXT},
    {"body", FIELD_TEXT},      {"variables", FIELD_TEXT}, {"approved", FIELD_BOOL},
    {"madeAt", FIELD_INSTANT},
};

int handle_list_templates(struct api_call *call)
{
    AUTO(sql_query) q = sql_query(call->s, select_templates);
    for (int at = 1; at <= 3; at++)
        sql_bind_text(q, at, "");
    return api_rows(call, q, template_columns, ARRAY_LEN(template_columns), 0);
}

static int read_template(struct api_call *call, struct message_template *ret)
{
    struct message_template t = {
        .approved = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call->body, "approved"))};
    const struct {
        char *to;
        size_t size;
        const char *text;
        const char *where;
    } texts[] = {
        {t.name, sizeof(t.name), api_arg(call, "template"), "template"},
        {t.language, sizeof(t.language), api_body_text(call, "language", ""), "language"},
        {t.category, sizeof(t.category), api_body_text(call, "category", ""), "category"},
        {t.provider_name, sizeof(t.provider_name), api_body_text(call, "providerName", ""),
         "providerName"},
        {t.body, sizeof(t.body), api_body_text(call, "body", ""), "body"},
        {t.variables, sizeof(t.variables), api_body_text(call, "variables", ""), "variables"},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char allowed[32];
        snprintf(allowed, sizeof(allowed), "at most %zu bytes", texts[i].size - 1);
        if (text_copy(texts[i].to, texts[i].size, texts[i].text) < 0)
            return api_refuse(call, 422, "too_long", texts[i].where, allowed, "it is too long");
    }
    *ret = t;
    return 0;
}

int handle_put_template(struct api_call *call)
{
    const char *name = api_arg(call, "template");
    struct message_template template;
    enum message_channel channel;
    int err = channel_parse(api_body_text(call, "channel", ""), &channel);
    if (err == 0)
        err = read_template(call, &template);
    if (err == 0)
        err = message_template_put(call->s, channel, &template, call->now_ms);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select_templates);
    sql_bind_text(q, 1, name);
    sql_bind_text(q, 2, api_body_text(call, "channel", ""));
    sql_bind_text(q, 3, api_body_text(call, "language", ""));
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    err = api_row(call, call->root, q, template_columns, ARRAY_LEN(template_columns));
    if (err < 0)
        return err;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "template:%s", name);
    struct api_change change = {.type = "TemplateChanged",
                                .subject = subject,
                                .place = "",
                                .why = "registered with its provider",
                                .before = "",
                                .after = ""};
    return api_audit(call, &change);
}

/* ---- what was sent ---- */

static const char select_messages[] =
    "SELECT CAST(made_ms AS TEXT) || '|' || message_id, message_id, channel, purpose, party,"
    " template, language, state, why, attempts, cause, made_ms, changed_ms FROM outbox WHERE"
    " (made_ms < $2 OR (made_ms = $2 AND message_id > $3)) AND ($4 = '' OR state = $4) AND"
    " ($5 = '' OR channel = $5) ORDER BY made_ms DESC, message_id LIMIT $1";
static const struct api_column message_columns[] = {
    {"key", FIELD_KEY},           {"messageId", FIELD_TEXT}, {"channel", FIELD_TEXT},
    {"purpose", FIELD_TEXT},      {"party", FIELD_TEXT},     {"template", FIELD_TEXT},
    {"language", FIELD_TEXT},     {"state", FIELD_TEXT},     {"why", FIELD_TEXT},
    {"attempts", FIELD_INT},      {"cause", FIELD_TEXT},     {"madeAt", FIELD_INSTANT},
    {"changedAt", FIELD_INSTANT},
};
#define MESSAGE_PARTY 4

static bool is_ours(struct api_call *call, const char *party)
{
    const struct catalogue_party *known = catalogue_index_party(call->seat.catalogue, party);
    return call->who.territories[0] == '\0' ||
           (known && api_territory_is_ours(call, known->territory));
}

int handle_list_messages(struct api_call *call)
{
    const struct catalogue_index *catalogue = NULL;
    struct api_page page;
    int err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_messages);
    sql_bind_int(q, 1, limit);
    sql_bind_int(q, 2, page.number);
    sql_bind_text(q, 3, page.id);
    sql_bind_text(q, 4, api_arg(call, "state"));
    sql_bind_text(q, 5, api_arg(call, "channel"));
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    char next[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        count++;
        snprintf(next, sizeof(next), "%s", sql_text(q, 0));
        if (!is_ours(call, sql_text(q, MESSAGE_PARTY)))
            continue;
        err = api_row(call, http_json_add_object(&call->answer, items, NULL), q, message_columns,
                      ARRAY_LEN(message_columns));
        if (err < 0)
            return err;
    }
    http_json_text_or_null(&call->answer, call->root, "next", count == limit ? next : "");
    return n;
}
