/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "enrolment.h"

#define PEM "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"

struct row {
    const char *name;
    const char *text;
    int want;
    const char *words; /* part of what is said */
};

static struct row requests[] = {
    {"a first claim", "{\"v\":1,\"claim\":\"K7QF\",\"csr\":\"" PEM "\"}", 0, NULL},
    {"a renewal", "{\"v\":1,\"certificate\":\"" PEM "\",\"csr\":\"" PEM "\"}", 0, NULL},
    {"a member of a later release is passed over",
     "{\"v\":1,\"claim\":\"K\",\"csr\":\"" PEM "\",\"tpm\":{\"x\":1}}", 0, NULL},
    {"another version", "{\"v\":2,\"claim\":\"K\",\"csr\":\"" PEM "\"}", -EPROTO, "version 1"},
    {"no version", "{\"claim\":\"K\",\"csr\":\"" PEM "\"}", -EINVAL, "v: "},
    {"no request", "{\"v\":1,\"claim\":\"K\"}", -EINVAL, "csr: is missing"},
    {"neither claim nor certificate", "{\"v\":1,\"csr\":\"" PEM "\"}", -EINVAL, "either"},
    {"both claim and certificate",
     "{\"v\":1,\"claim\":\"K\",\"certificate\":\"" PEM "\",\"csr\":\"" PEM "\"}", -EINVAL,
     "either"},
    {"a doubled claim", "{\"v\":1,\"claim\":\"K\",\"claim\":\"L\",\"csr\":\"" PEM "\"}", -EINVAL,
     "twice"},
    {"a request that is no PEM", "{\"v\":1,\"claim\":\"K\",\"csr\":\"MIIB\"}", -EINVAL, "PEM"},
    {"an epoch of zero", "{\"v\":1,\"claim\":\"K\",\"csr\":\"" PEM "\",\"epoch\":0}", -EINVAL,
     "epoch: "},
    {"an epoch with a fraction", "{\"v\":1,\"claim\":\"K\",\"csr\":\"" PEM "\",\"epoch\":1.5}",
     -EINVAL, "epoch: "},
    {"a line end in a claim", "{\"v\":1,\"claim\":\"K\\n\",\"csr\":\"" PEM "\"}", -EINVAL,
     "claim: "},
    {"a hidden NUL", "{\"v\":1,\"claim\":\"K\\u0000\",\"csr\":\"" PEM "\"}", -EINVAL, "NUL"},
    {"facts that are no object", "{\"v\":1,\"claim\":\"K\",\"csr\":\"" PEM "\",\"facts\":[]}",
     -EINVAL, "facts"},
    {"text behind the object", "{\"v\":1,\"claim\":\"K\",\"csr\":\"" PEM "\"} x", -EINVAL, "one"},
    {"no object", "[]", -EINVAL, "one JSON object"},
};

static void request_row(void **state)
{
    const struct row *r = *state;
    struct diag why = {0};
    struct enrolment_request request = {.epoch = 77};
    assert_int_equal(enrolment_request_read(r->text, strlen(r->text), &why, &request), r->want);
    if (r->want == 0)
        return;
    assert_non_null(strstr(why.text, r->words));
    assert_int_equal(request.epoch, 77); /* left alone */
}

#define GRANT(brokers, shard, tenant)                                                              \
    "{\"v\":1,\"tenant\":\"" tenant "\",\"device\":\"wh-1\",\"epoch\":3,\"shard\":" shard          \
    ",\"site\":\"Pune\",\"brokers\":" brokers ",\"certificate\":\"" PEM "\",\"ca\":\"" PEM         \
    "\",\"now\":1768214400000}"

static struct row grants[] = {
    {"a grant", GRANT("[\"a.in:8883\",\"[::1]:1883\"]", "255", "acme"), 0, NULL},
    {"a shard beyond the last", GRANT("[\"a.in:8883\"]", "256", "acme"), -EINVAL, "shard"},
    {"no broker", GRANT("[]", "0", "acme"), -EINVAL, "brokers"},
    {"five brokers", GRANT("[\"a:1\",\"a:2\",\"a:3\",\"a:4\",\"a:5\"]", "0", "acme"), -EINVAL,
     "brokers"},
    {"a broker without a port", GRANT("[\"a.in\"]", "0", "acme"), -EINVAL, "brokers"},
    {"a broker with a blank", GRANT("[\"a b:1\"]", "0", "acme"), -EINVAL, "brokers"},
    {"a tenant that no topic may hold", GRANT("[\"a:1\"]", "0", "acme/+"), -EINVAL, "tenant"},
};

static void grant_row(void **state)
{
    const struct row *r = *state;
    struct diag why = {0};
    struct enrolment_grant g = {.shard = 77};
    assert_int_equal(enrolment_grant_read(r->text, strlen(r->text), &why, &g), r->want);
    if (r->want < 0) {
        assert_non_null(strstr(why.text, r->words));
        assert_int_equal(g.shard, 77);
        return;
    }
    assert_string_equal(g.brokers[1], "[::1]:1883");
    assert_int_equal(g.brokers_count, 2);
    assert_int_equal(g.shard, 255);
    assert_true(g.now_ms == INT64_C(1768214400000));
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    const struct enrolment_request r = {.claim = "K7QF-93XM",
                                        .csr = "-----BEGIN CERTIFICATE REQUEST-----\nx\n",
                                        .name = "acme.wh-1",
                                        .epoch = UINT32_MAX,
                                        .serial = "S\"1",
                                        .release = "0.1.0"};
    char *text = enrolment_request_write(&r);
    assert_non_null(text);
    struct diag why = {0};
    struct enrolment_request r_back;
    assert_int_equal(enrolment_request_read(text, strlen(text), &why, &r_back), 0);
    assert_memory_equal(&r_back, &r, sizeof(r));
    free(text);

    const struct enrolment_grant g = {.origin = {"acme", "wh-1", 2},
                                      .shard = 9,
                                      .site = "नागपुर",
                                      .brokers = {"a:1", "b:2"},
                                      .brokers_count = 2,
                                      .certificate = "-----BEGIN CERTIFICATE-----\nx\n",
                                      .ca = "-----BEGIN CERTIFICATE-----\ny\n",
                                      .now_ms = 1768214400000};
    text = enrolment_grant_write(&g);
    assert_non_null(text);
    struct enrolment_grant g_back;
    assert_int_equal(enrolment_grant_read(text, strlen(text), &why, &g_back), 0);
    assert_memory_equal(&g_back, &g, sizeof(g));
    free(text);
}

static void every_refusal_is_read_back_and_a_new_one_means_later(void **state)
{
    (void)state;
    struct diag why = {0};
    char words[ENROLMENT_WORDS_SIZE];
    for (size_t i = 0; i < ENROLMENT_REFUSAL_COUNT; i++) {
        char *text = enrolment_refusal_write((enum enrolment_refusal)i, "in words");
        assert_non_null(text);
        enum enrolment_refusal got = ENROLMENT_REFUSAL_COUNT;
        assert_int_equal(enrolment_refusal_read(text, strlen(text), &why, &got, words), 0);
        assert_int_equal(got, i);
        assert_string_equal(words, "in words");
        assert_in_range(enrolment_refusal_status(got), 400, 599);
        free(text);
    }
    static const char other[] = "{\"error\":\"moon_phase\"}";
    enum enrolment_refusal got = ENROLMENT_MALFORMED;
    assert_int_equal(enrolment_refusal_read(other, strlen(other), &why, &got, words), 0);
    assert_int_equal(got, ENROLMENT_BUSY);
    assert_string_equal(words, "");
    assert_int_equal(enrolment_refusal_read("{}", 2, &why, &got, words), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(requests) + ARRAY_LEN(grants) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(requests); i++)
        tests[n++] = (struct CMUnitTest){requests[i].name, request_row, NULL, NULL, &requests[i]};
    for (size_t i = 0; i < ARRAY_LEN(grants); i++)
        tests[n++] = (struct CMUnitTest){grants[i].name, grant_row, NULL, NULL, &grants[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_written_is_read_back);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(every_refusal_is_read_back_and_a_new_one_means_later);
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
