/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "domain_event.h"
#include "event_type.h"

static const char *const words[] = {"SOAP", "TEA", "a \"quoted\" word"};
static const struct domain_list list = {words, 3};

/* One of each, every field filled. */
static struct domain_event sample(enum domain_event_type type)
{
    struct domain_event e = {.type = type,
                             .event_id = "0123456789abcdef0123456789abcdef",
                             .timestamp_ms = 1795252211123};
    switch (type) {
    case DOMAIN_INVENTORY_UPDATED:
        snprintf(e.distributor_id, sizeof(e.distributor_id), "demo");
        e.inventory_updated =
            (struct inventory_updated){"SOAP", "pune", "B1", -12, 88, "entry:wh-01:1:7"};
        break;
    case DOMAIN_DEAD_STOCK_DETECTED:
        snprintf(e.distributor_id, sizeof(e.distributor_id), "demo");
        e.dead_stock_detected =
            (struct dead_stock_detected){"SOAP", "pune", 91, 120, {10, 20, 30, 40, 100}, list};
        break;
    case DOMAIN_REALLOCATION_OPPORTUNITY:
        e.reallocation_opportunity = (struct reallocation_opportunity){
            {"P7", "SOAP", "pune", "nashik", 48, 25000, 480000, 77, "requires_review"}};
        break;
    case DOMAIN_REALLOCATION_EXECUTED:
        e.reallocation_executed = (struct reallocation_executed){"P7", "partial", 40, 26000, list};
        break;
    case DOMAIN_CAMPAIGN_TRIGGERED:
        e.campaign_triggered = (struct campaign_triggered){"K3", list, list, list};
        break;
    case DOMAIN_COMPLIANCE_VIOLATION:
        e.compliance_violation = (struct compliance_violation){"hsn_missing", "proposal:P7",
                                                               "critical", true, "no HSN for SOAP"};
        break;
    }
    return e;
}

/* mission.md, domain events: exactly these. */
static const char *const fields[DOMAIN_EVENT_TYPE_COUNT] = {
    [DOMAIN_INVENTORY_UPDATED] =
        "eventId timestamp distributorId sku territory batch change balance cause ",
    [DOMAIN_DEAD_STOCK_DETECTED] =
        "eventId timestamp distributorId sku territory deadStockScore daysWithoutMovement "
        "financialImpact recommendedActions ",
    [DOMAIN_REALLOCATION_OPPORTUNITY] = "eventId timestamp recommendationId recommendation ",
    [DOMAIN_REALLOCATION_EXECUTED] =
        "eventId timestamp recommendationId executionStatus actualQuantity actualCost "
        "complianceDocuments ",
    [DOMAIN_CAMPAIGN_TRIGGERED] = "eventId timestamp campaignId skus targetRetailers channels ",
    [DOMAIN_COMPLIANCE_VIOLATION] = "eventId timestamp rule subject severity blocking evidence ",
};

static void names_of(const char *json, char *ret, size_t size)
{
    cJSON *o = cJSON_Parse(json);
    const cJSON *v;
    size_t n = 0;
    cJSON_ArrayForEach(v, o)
    {
        n += (size_t)snprintf(ret + n, size - n, "%s ", v->string);
    }
    cJSON_Delete(o);
}

static void each_has_exactly_the_fields_of_the_mission(void **state)
{
    (void)state;
    for (int t = 0; t < DOMAIN_EVENT_TYPE_COUNT; t++) {
        struct domain_event e = sample((enum domain_event_type)t);
        char *json = domain_event_write(&e);
        char names[512] = "";
        names_of(json, names, sizeof(names));
        assert_string_equal(names, fields[t]);
        free(json);
        assert_non_null(event_type_find(domain_event_name(e.type)));
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    for (int t = 0; t < DOMAIN_EVENT_TYPE_COUNT; t++) {
        struct domain_event e = sample((enum domain_event_type)t);
        char *json = domain_event_write(&e);
        struct diag why = {0};
        AUTO(domain_event) back = NULL;
        assert_int_equal(domain_event_read(domain_event_name(e.type), 1, json, &why, &back), 0);
        char *again = domain_event_write(back);
        assert_string_equal(json, again);
        assert_int_equal(back->timestamp_ms, e.timestamp_ms);
        free(json);
        free(again);
    }
}

static void a_time_is_written_as_utc(void **state)
{
    (void)state;
    struct domain_event e = sample(DOMAIN_CAMPAIGN_TRIGGERED);
    e.timestamp_ms = 1795252211123;
    char *json = domain_event_write(&e);
    assert_non_null(strstr(json, "\"timestamp\":\"2026-11-21T09:10:11.123Z\""));
    free(json);
}

static void a_newer_version_is_set_aside(void **state)
{
    (void)state;
    struct diag why = {0};
    AUTO(domain_event) e = NULL;
    assert_int_equal(domain_event_read("InventoryUpdated", 2, "{}", &why, &e), -EPROTO);
    assert_int_equal(domain_event_read("SomethingElse", 1, "{}", &why, &e), -EPROTO);
    assert_null(e);
}

static const struct {
    const char *json;
    const char *words;
} bad[] = {
    {"[]", "not a JSON object"},
    {"{\"eventId\":\"1\"", "not a JSON object"},
    {"{\"eventId\":\"1\",\"timestamp\":\"yesterday\"}", "timestamp"},
    {"{\"eventId\":\"1\",\"timestamp\":\"2026-13-21T09:10:11.123Z\"}", "timestamp"},
    {"{\"eventId\":\"1\",\"timestamp\":\"2026-11-21T09:10:11.123Z\"}", "campaignId: missing"},
    {"{\"eventId\":\"1\",\"timestamp\":\"2026-11-21T09:10:11.123Z\",\"campaignId\":\"K\","
     "\"skus\":[1],\"targetRetailers\":[],\"channels\":[]}",
     "skus: a list of texts"},
    {"{\"eventId\":\"1\",\"timestamp\":\"2026-11-21T09:10:11.123Z\",\"campaignId\":7,"
     "\"skus\":[],\"targetRetailers\":[],\"channels\":[]}",
     "campaignId: a text"},
};

static void what_is_malformed_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct diag why = {0};
        AUTO(domain_event) e = NULL;
        assert_int_equal(domain_event_read("CampaignTriggered", 1, bad[i].json, &why, &e),
                         -EBADMSG);
        assert_non_null(strstr(why.text, bad[i].words));
        assert_null(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_exactly_the_fields_of_the_mission),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(a_time_is_written_as_utc),
        cmocka_unit_test(a_newer_version_is_set_aside),
        cmocka_unit_test(what_is_malformed_is_told),
    };
    return cmocka_run_group_tests_name("domain_event", tests, NULL, NULL);
}
