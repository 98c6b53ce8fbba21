/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain_event.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "event_type.h"
#include "sha256.h"
#include "text.h"

#define EXACT_MAX (INT64_C(1) << 53) /* cJSON reads numbers as doubles */

/* ---- the fields, as the mission names them ---- */

enum field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_FLAG, FIELD_LIST, FIELD_OBJECT };

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    size_t size;                /* FIELD_TEXT */
    const struct field *fields; /* FIELD_OBJECT: ended by a row without a name */
};

#define OF(type, field) offsetof(struct type, field)
#define TEXT_OF(name, type, field)                                                                 \
    {                                                                                              \
        name, FIELD_TEXT, OF(type, field), sizeof(((struct type *)0)->field), NULL                 \
    }
#define NUMBER_OF(name, type, field)                                                               \
    {                                                                                              \
        name, FIELD_NUMBER, OF(type, field), 0, NULL                                               \
    }
#define LIST_OF(name, type, field)                                                                 \
    {                                                                                              \
        name, FIELD_LIST, OF(type, field), 0, NULL                                                 \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, FIELD_TEXT, 0, 0, NULL                                                               \
    }

static const struct field impact[] = {NUMBER_OF("carrying", domain_impact, carrying_paise),
                                      NUMBER_OF("opportunity", domain_impact, opportunity_paise),
                                      NUMBER_OF("disposal", domain_impact, disposal_paise),
                                      NUMBER_OF("transport", domain_impact, transport_paise),
                                      NUMBER_OF("total", domain_impact, total_paise),
                                      END};

static const struct field recommendation[] = {
    TEXT_OF("recommendationId", domain_recommendation, recommendation_id),
    TEXT_OF("sourceSku", domain_recommendation, source_sku),
    TEXT_OF("sourceTerritory", domain_recommendation, source_territory),
    TEXT_OF("targetTerritory", domain_recommendation, target_territory),
    NUMBER_OF("quantity", domain_recommendation, quantity),
    NUMBER_OF("transportationCost", domain_recommendation, transportation_cost_paise),
    NUMBER_OF("expectedRevenue", domain_recommendation, expected_revenue_paise),
    NUMBER_OF("urgencyScore", domain_recommendation, urgency_score),
    TEXT_OF("complianceStatus", domain_recommendation, compliance_status),
    END};

static const struct field inventory_updated[] = {
    TEXT_OF("distributorId", domain_event, distributor_id),
    TEXT_OF("sku", domain_event, inventory_updated.sku),
    TEXT_OF("territory", domain_event, inventory_updated.territory),
    TEXT_OF("batch", domain_event, inventory_updated.batch),
    NUMBER_OF("change", domain_event, inventory_updated.change),
    NUMBER_OF("balance", domain_event, inventory_updated.balance),
    TEXT_OF("cause", domain_event, inventory_updated.cause),
    END};

static const struct field dead_stock_detected[] = {
    TEXT_OF("distributorId", domain_event, distributor_id),
    TEXT_OF("sku", domain_event, dead_stock_detected.sku),
    TEXT_OF("territory", domain_event, dead_stock_detected.territory),
    NUMBER_OF("deadStockScore", domain_event, dead_stock_detected.dead_stock_score),
    NUMBER_OF("daysWithoutMovement", domain_event, dead_stock_detected.days_without_movement),
    {"financialImpact", FIELD_OBJECT, OF(domain_event, dead_stock_detected.financial_impact), 0,
     impact},
    LIST_OF("recommendedActions", domain_event, dead_stock_detected.recommended_actions),
    END};

static const struct field reallocation_opportunity[] = {
    TEXT_OF("recommendationId", domain_event,
            reallocation_opportunity.recommendation.recommendation_id),
    {"recommendation", FIELD_OBJECT, OF(domain_event, reallocation_opportunity.recommendation), 0,
     recommendation},
    END};

static const struct field reallocation_executed[] = {
    TEXT_OF("recommendationId", domain_event, reallocation_executed.recommendation_id),
    TEXT_OF("executionStatus", domain_event, reallocation_executed.execution_status),
    NUMBER_OF("actualQuantity", domain_event, reallocation_executed.actual_quantity),
    NUMBER_OF("actualCost", domain_event, reallocation_executed.actual_cost_paise),
    LIST_OF("complianceDocuments", domain_event, reallocation_executed.compliance_documents),
    END};

static const struct field campaign_triggered[] = {
    TEXT_OF("campaignId", domain_event, campaign_triggered.campaign_id),
    LIST_OF("skus", domain_event, campaign_triggered.skus),
    LIST_OF("targetRetailers", domain_event, campaign_triggered.target_retailers),
    LIST_OF("channels", domain_event, campaign_triggered.channels), END};

static const struct field compliance_violation[] = {
    TEXT_OF("rule", domain_event, compliance_violation.rule),
    TEXT_OF("subject", domain_event, compliance_violation.subject),
    TEXT_OF("severity", domain_event, compliance_violation.severity),
    {"blocking", FIELD_FLAG, OF(domain_event, compliance_violation.blocking), 0, NULL},
    TEXT_OF("evidence", domain_event, compliance_violation.evidence),
    END};

static const struct {
    const char *name;
    const struct field *fields;
} types[DOMAIN_EVENT_TYPE_COUNT] = {
    [DOMAIN_INVENTORY_UPDATED] = {EVENT_INVENTORY_UPDATED, inventory_updated},
    [DOMAIN_DEAD_STOCK_DETECTED] = {EVENT_DEAD_STOCK_DETECTED, dead_stock_detected},
    [DOMAIN_REALLOCATION_OPPORTUNITY] = {EVENT_REALLOCATION_OPPORTUNITY, reallocation_opportunity},
    [DOMAIN_REALLOCATION_EXECUTED] = {EVENT_REALLOCATION_EXECUTED, reallocation_executed},
    [DOMAIN_CAMPAIGN_TRIGGERED] = {EVENT_CAMPAIGN_TRIGGERED, campaign_triggered},
    [DOMAIN_COMPLIANCE_VIOLATION] = {EVENT_COMPLIANCE_VIOLATION, compliance_violation},
};

const char *domain_event_name(enum domain_event_type type)
{
    assert((size_t)type < DOMAIN_EVENT_TYPE_COUNT);
    return types[type].name;
}

/* ---- writing ---- */

static bool put_list(cJSON *o, const char *name, const struct domain_list *list)
{
    cJSON *array = cJSON_AddArrayToObject(o, name);
    for (size_t i = 0; array && i < list->count; i++) {
        cJSON *item = cJSON_CreateString(list->texts[i]);
        if (!cJSON_AddItemToArray(array, item)) {
            cJSON_Delete(item);
            return false;
        }
    }
    return array;
}

static bool put_number(cJSON *o, const char *name, int64_t n)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, n);
    return cJSON_AddRawToObject(o, name, text);
}

static bool put_fields(cJSON *o, const struct field *f, const void *from)
{
    bool ok = true;
    for (; ok && f->name; f++) {
        const void *at = (const char *)from + f->offset;
        switch (f->type) {
        case FIELD_TEXT:
            ok = *(const char *)at ? cJSON_AddStringToObject(o, f->name, at)
                                   : cJSON_AddNullToObject(o, f->name);
            break;
        case FIELD_NUMBER:
            ok = put_number(o, f->name, *(const int64_t *)at);
            break;
        case FIELD_FLAG:
            ok = cJSON_AddBoolToObject(o, f->name, *(const bool *)at);
            break;
        case FIELD_LIST:
            ok = put_list(o, f->name, at);
            break;
        case FIELD_OBJECT: {
            cJSON *inner = cJSON_AddObjectToObject(o, f->name);
            ok = inner && put_fields(inner, f->fields, at);
            break;
        }
        }
    }
    return ok;
}

#define STAMP_SIZE 48

static const char *stamp_text(int64_t ms, char buf[STAMP_SIZE])
{
    int64_t day = ms / CIVIL_MS_PER_DAY - (ms % CIVIL_MS_PER_DAY < 0);
    int64_t rest = ms - day * CIVIL_MS_PER_DAY;
    char date[CIVIL_TEXT_SIZE];
    snprintf(buf, STAMP_SIZE, "%sT%02d:%02d:%02d.%03dZ", civil_format((int32_t)day, date),
             (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60),
             (int)(rest % 1000));
    return buf;
}

char *domain_event_write(const struct domain_event *e)
{
    assert(e && (size_t)e->type < DOMAIN_EVENT_TYPE_COUNT);
    char stamp[STAMP_SIZE];
    cJSON *o = cJSON_CreateObject();
    bool ok = o && cJSON_AddStringToObject(o, "eventId", e->event_id) &&
              cJSON_AddStringToObject(o, "timestamp", stamp_text(e->timestamp_ms, stamp)) &&
              put_fields(o, types[e->type].fields, e);
    char *text = ok ? cJSON_PrintUnformatted(o) : NULL;
    cJSON_Delete(o);
    return text;
}

/* ---- reading ---- */

static int bad(struct diag *reterr, const char *name, const char *want)
{
    diag_set(reterr, 0, "%s: %s", name, want);
    return -EBADMSG;
}

static int take_list(const cJSON *v, const char *name, struct domain_list *ret, struct diag *reterr)
{
    if (!cJSON_IsArray(v))
        return bad(reterr, name, "a list of texts");
    size_t count = (size_t)cJSON_GetArraySize(v);
    if (count > DOMAIN_EVENT_LIST_MAX)
        return bad(reterr, name, "a list of at most 5000");
    if (count == 0)
        return 0;
    char **texts = calloc(count, sizeof(*texts));
    if (!texts)
        return -ENOMEM;
    *ret = (struct domain_list){(const char *const *)texts, count};
    const cJSON *item;
    cJSON_ArrayForEach(item, v)
    {
        if (!cJSON_IsString(item))
            return bad(reterr, name, "a list of texts");
        *texts = strdup(item->valuestring);
        if (!*texts++)
            return -ENOMEM;
    }
    return 0;
}

static int take_number(const cJSON *v, const char *name, int64_t *ret, struct diag *reterr)
{
    double n = v->valuedouble;
    if (!cJSON_IsNumber(v) || n < -(double)EXACT_MAX || n > (double)EXACT_MAX ||
        n != (double)(int64_t)n)
        return bad(reterr, name, "a whole number below 2^53");
    *ret = (int64_t)n;
    return 0;
}

static int take_text(const cJSON *v, const char *name, char *ret, size_t size, struct diag *reterr)
{
    if (cJSON_IsNull(v))
        return 0;
    if (!cJSON_IsString(v) || text_copy(ret, size, v->valuestring) < 0)
        return bad(reterr, name, "a text that is not too long");
    return 0;
}

static int take_fields(const cJSON *o, const struct field *f, void *to, struct diag *reterr)
{
    int err = 0;
    for (; err == 0 && f->name; f++) {
        void *at = (char *)to + f->offset;
        const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, f->name);
        if (!v)
            return bad(reterr, f->name, "missing");
        switch (f->type) {
        case FIELD_TEXT:
            err = take_text(v, f->name, at, f->size, reterr);
            break;
        case FIELD_NUMBER:
            err = take_number(v, f->name, at, reterr);
            break;
        case FIELD_FLAG:
            if (!cJSON_IsBool(v))
                return bad(reterr, f->name, "true or false");
            *(bool *)at = cJSON_IsTrue(v);
            break;
        case FIELD_LIST:
            err = take_list(v, f->name, at, reterr);
            break;
        case FIELD_OBJECT:
            err = cJSON_IsObject(v) ? take_fields(v, f->fields, at, reterr)
                                    : bad(reterr, f->name, "an object");
            break;
        }
    }
    return err;
}

static int read_stamp(const char *text, int64_t *ret_ms)
{
    char date[11];
    int32_t day = 0;
    int h = 0, m = 0, s = 0, ms = 0, end = 0;
    if (strlen(text) != 24 ||
        sscanf(text, "%10[0-9-]T%2d:%2d:%2d.%3dZ%n", date, &h, &m, &s, &ms, &end) != 5 ||
        end != 24 || civil_parse(date, &day) < 0 || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 ||
        s > 59 || ms < 0)
        return -EBADMSG;
    *ret_ms = day * CIVIL_MS_PER_DAY + ((h * 60 + m) * 60 + s) * INT64_C(1000) + ms;
    return 0;
}

static int take_event(const cJSON *o, struct domain_event *e, struct diag *reterr)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(o, "eventId");
    const cJSON *stamp = cJSON_GetObjectItemCaseSensitive(o, "timestamp");
    if (!cJSON_IsString(id) || text_copy(e->event_id, sizeof(e->event_id), id->valuestring) < 0)
        return bad(reterr, "eventId", "a text of at most 32 characters");
    if (!cJSON_IsString(stamp) || read_stamp(stamp->valuestring, &e->timestamp_ms) < 0)
        return bad(reterr, "timestamp", "as 2026-11-21T09:10:11.123Z");
    return take_fields(o, types[e->type].fields, e, reterr);
}

static int find_type(const char *name, enum domain_event_type *ret)
{
    for (size_t i = 0; i < DOMAIN_EVENT_TYPE_COUNT; i++)
        if (strcmp(types[i].name, name) == 0) {
            *ret = (enum domain_event_type)i;
            return 0;
        }
    return -EPROTO;
}

int domain_event_read(const char *type, int32_t version, const char *json, struct diag *reterr,
                      struct domain_event **ret)
{
    assert(type && json && ret);
    enum domain_event_type t;
    if (find_type(type, &t) < 0 || version < 1 || version > DOMAIN_EVENT_VERSION) {
        diag_set(reterr, 0, "version %d of %s is not known", (int)version, type);
        return -EPROTO;
    }
    AUTO(domain_event) e = calloc(1, sizeof(*e));
    if (!e)
        return -ENOMEM;
    e->type = t;
    cJSON *o = cJSON_ParseWithOpts(json, NULL, true);
    int err = cJSON_IsObject(o) ? take_event(o, e, reterr) : bad(reterr, type, "not a JSON object");
    cJSON_Delete(o);
    if (err == 0)
        *ret = TAKE(e);
    return err;
}

static void free_lists(const struct field *f, void *of)
{
    for (; f->name; f++) {
        if (f->type != FIELD_LIST)
            continue;
        struct domain_list *list = (void *)((char *)of + f->offset);
        for (size_t i = 0; i < list->count; i++)
            free((void *)(uintptr_t)list->texts[i]);
        free((void *)(uintptr_t)list->texts);
    }
}

void domain_event_free(struct domain_event *e)
{
    if (!e)
        return;
    free_lists(types[e->type].fields, e);
    free(e);
}

/* ---- into the journal ---- */

static void give_id(struct domain_event *e, const char *tenant, const struct domain_event_origin *o)
{
    char text[DOMAIN_WORD_SIZE + EVENT_TYPE_SIZE + EVENT_SUBJECT_SIZE + EVENT_CAUSE_SIZE + 8];
    char hex[SHA256_HEX_SIZE];
    uint8_t digest[SHA256_SIZE];
    int n = snprintf(text, sizeof(text), "%s\n%s\n%s\n%s\n", tenant, domain_event_name(e->type),
                     o->subject, o->cause);
    sha256(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1, digest);
    snprintf(e->event_id, sizeof(e->event_id), "%.32s", sha256_hex(digest, hex));
}

int domain_event_append(struct sql *s, struct domain_event *e, const struct domain_event_origin *o,
                        int64_t *ret_seq)
{
    assert(s && e && o);
    e->timestamp_ms = o->wall_ms;
    text_cut(e->distributor_id, sizeof(e->distributor_id), sql_tenant(s));
    give_id(e, sql_tenant(s), o);
    char *body = domain_event_write(e);
    if (!body)
        return -ENOMEM;
    int err = event_append(s,
                           &(struct event_draft){.kind = EVENT_HAPPENED,
                                                 .type = domain_event_name(e->type),
                                                 .version = DOMAIN_EVENT_VERSION,
                                                 .actor = o->actor,
                                                 .subject = o->subject,
                                                 .cause = o->cause,
                                                 .trace = o->trace ? o->trace : "",
                                                 .body = body,
                                                 .wall_ms = o->wall_ms},
                           ret_seq);
    free(body);
    return err;
}
