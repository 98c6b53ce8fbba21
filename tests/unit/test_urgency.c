/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "urgency.h"

struct row {
    const char *name;
    enum entry_kind kind;
    const char *reason;
    int32_t status_to;
    enum entry_urgency want;
};

static struct row rows[] = {
    {"an alert goes ahead", ENTRY_ALERTED, "expiry", 0, ENTRY_EARLY},
    {"any alert goes ahead", ENTRY_ALERTED, "dead_stock", 0, ENTRY_EARLY},
    {"a refused document goes ahead", ENTRY_REFUSED, "document", 0, ENTRY_EARLY},
    {"a refused scan gathers", ENTRY_REFUSED, "short_life", 0, ENTRY_GATHERS},
    {"a recalled lot goes ahead", ENTRY_RESTATED, "recall", STOCK_HOLD, ENTRY_EARLY},
    {"a doubtful lot goes ahead", ENTRY_RESTATED, "damaged", STOCK_QUARANTINE, ENTRY_EARLY},
    {"a released lot gathers", ENTRY_RESTATED, "inspected_good", STOCK_SELLABLE, ENTRY_GATHERS},
    {"an expired lot gathers: its alert went", ENTRY_RESTATED, "expired", STOCK_EXPIRED,
     ENTRY_GATHERS},
    {"goods that leave flush", ENTRY_DISPATCHED, "", 0, ENTRY_FLUSHES},
    {"goods that arrive flush", ENTRY_ARRIVED, "", 0, ENTRY_FLUSHES},
    {"a short load flushes, it needs its transfer", ENTRY_LOST, "short", 0, ENTRY_FLUSHES},
    {"a document in force flushes", ENTRY_APPLIED, "", 0, ENTRY_FLUSHES},
    {"a task that ended flushes", ENTRY_TASK_DONE, "not_found", 0, ENTRY_FLUSHES},
    {"a sale gathers", ENTRY_PICKED, "", 0, ENTRY_GATHERS},
    {"a count gathers", ENTRY_COUNTED, "", 0, ENTRY_GATHERS},
};

static void is_as_urgent(void **state)
{
    const struct row *r = *state;
    struct entry e = entry_new(r->kind);
    strcpy(e.reason, r->reason);
    e.status_to = r->status_to;
    assert_int_equal(entry_urgency(&e), r->want);
}

static void a_kind_of_a_newer_release_gathers(void **state)
{
    (void)state;
    struct entry e = entry_new(ENTRY_ALERTED);
    e.kind = ENTRY_KIND_MAX - 1;
    assert_int_equal(entry_urgency(&e), ENTRY_GATHERS);
}

int main(void)
{
    struct CMUnitTest tests[1 + ARRAY_LEN(rows)] = {
        cmocka_unit_test(a_kind_of_a_newer_release_gathers)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[1 + i] = (struct CMUnitTest){rows[i].name, is_as_urgent, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("urgency", tests, NULL, NULL);
}
