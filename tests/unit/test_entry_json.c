/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "entry_json.h"

static void a_line_says_names_and_dates(void **state)
{
    (void)state;
    struct entry e = entry_new(ENTRY_RESTATED);
    e.seq = INT64_C(9007199254740993); /* 2^53 + 1: a double would lose the last digit */
    strcpy(e.sku, "S\"1");
    assert_int_equal(civil_parse("2026-11-08", &e.batch.expiry_day), 0);
    e.expiry_kind = EXPIRY_BEST_BEFORE;
    e.status_to = STOCK_EXPIRED;
    e.qty = -3;
    memcpy(e.scan, "a\x1d\\", 3);
    e.scan_len = 3;
    e.sha256[31] = 0xab;
    e.sha256_len = ENTRY_SHA256_SIZE;
    char *line = entry_json(&e);
    assert_non_null(line);
    assert_string_equal(line, "{\"seq\":9007199254740993,\"kind\":\"restated\",\"sku\":\"S\\\"1\","
                              "\"expiry_day\":\"2026-11-08\",\"expiry_kind\":\"best_before\","
                              "\"status_to\":\"expired\",\"qty\":-3,\"sha256\":"
                              "\"00000000000000000000000000000000000000000000000000000000000000ab\""
                              ",\"scan\":\"a\\\\x1d\\\\x5c\"}");
    free(line);
}

static void a_kind_of_a_newer_release_stays_a_number(void **state)
{
    (void)state;
    struct entry e = entry_new((enum entry_kind)(ENTRY_KIND_MAX - 1));
    char *line = entry_json(&e);
    assert_non_null(line);
    assert_string_equal(line, "{\"kind\":63}");
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_names_and_dates),
        cmocka_unit_test(a_kind_of_a_newer_release_stays_a_number),
    };
    return cmocka_run_group_tests_name("entry_json", tests, NULL, NULL);
}
