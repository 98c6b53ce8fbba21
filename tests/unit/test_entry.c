/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "entry.h"
#include "reason.h"
#include "stock_effect.h"

static struct entry picked(void)
{
    struct entry e = entry_new(ENTRY_PICKED);
    strcpy(e.sku, "BISC-80");
    strcpy(e.batch.number, "B1");
    e.batch.expiry_day = 20800;
    strcpy(e.bin, "A-01");
    e.qty = 12;
    return e;
}

static void a_complete_entry_passes(void **state)
{
    (void)state;
    struct entry e = picked();
    struct diag why = {0};
    assert_int_equal(entry_check(&e, &why), 0);
}

/* Each spoils a good entry in one way and names a part of the message that must come. */
struct fault {
    const char *name;
    void (*spoil)(struct entry *e);
    int err;
    const char *want;
};

static void no_sku(struct entry *e)
{
    e->sku[0] = '\0';
}

static void no_qty(struct entry *e)
{
    e->qty = 0;
}

static void negative_qty(struct entry *e)
{
    e->qty = -1;
}

static void huge_qty(struct entry *e)
{
    e->qty = INT64_MAX;
}

static void foreign_field(struct entry *e)
{
    e->score = 3;
}

static void control_character(struct entry *e)
{
    strcpy(e->note, "a\nb");
}

static void broken_utf8(struct entry *e)
{
    strcpy(e->note, "a\xE0\xA4");
}

static void overlong_utf8(struct entry *e)
{
    strcpy(e->note, "\xC0\xAF");
}

static void code_with_blank_end(struct entry *e)
{
    strcpy(e->bin, "A ");
}

static void code_in_hindi(struct entry *e)
{
    strcpy(e->document, "\xE0\xA4\x95");
}

static void unterminated(struct entry *e)
{
    memset(e->bin, 'x', sizeof(e->bin));
}

static void impossible_day(struct entry *e)
{
    e->batch.expiry_day = 1000000;
}

static void impossible_status(struct entry *e)
{
    e->status = STOCK_STATUS_COUNT;
}

static void newer_kind(struct entry *e)
{
    e->kind = ENTRY_KIND_MAX - 1;
}

static void wild_kind(struct entry *e)
{
    e->kind = -5;
}

static void newer_version(struct entry *e)
{
    e->version = 2;
}

static void long_scan(struct entry *e)
{
    e->scan_len = ENTRY_SCAN_SIZE;
}

static struct fault faults[] = {
    {"a movement without its SKU", no_sku, -EINVAL, "picked: sku is missing"},
    {"a movement without its quantity", no_qty, -EINVAL, "picked: qty is missing"},
    {"a negative movement", negative_qty, -EINVAL, "qty = -1: more than 0"},
    {"a quantity beyond all warehouses", huge_qty, -EINVAL, "picked: qty ="},
    {"a field of another kind", foreign_field, -EINVAL, "score does not belong there"},
    {"a control character in a text", control_character, -EINVAL, "note: UTF-8"},
    {"a cut UTF-8 character", broken_utf8, -EINVAL, "note: UTF-8"},
    {"an overlong UTF-8 character", overlong_utf8, -EINVAL, "note: UTF-8"},
    {"a code that ends in a blank", code_with_blank_end, -EINVAL, "bin: printable"},
    {"a code that is not ASCII", code_in_hindi, -EINVAL, "document: printable"},
    {"a text without its end", unterminated, -EINVAL, "bin: at most 16"},
    {"a day beyond the calendar", impossible_day, -EINVAL, "expiry_day = 1000000"},
    {"a status that does not exist", impossible_status, -EINVAL, "status = 4: 0 to 3"},
    {"more bytes than a scan has", long_scan, -EINVAL, "scan has 513 bytes"},
    {"a kind of a newer release", newer_kind, -EPROTO, "newer release"},
    {"a kind that is no number of ours", wild_kind, -EPROTO, "newer release"},
    {"a version of a newer release", newer_version, -EPROTO, "newer release"},
};

static void fault_is_named(void **state)
{
    const struct fault *f = *state;
    struct entry e = picked();
    f->spoil(&e);
    struct diag why = {0};
    assert_int_equal(entry_check(&e, &why), f->err);
    assert_non_null(strstr(why.text, f->want));
}

static void every_kind_has_a_name_that_parses_back(void **state)
{
    (void)state;
    int kinds = 0;
    for (int32_t k = 0; k < ENTRY_KIND_MAX; k++) {
        const char *name = entry_kind_name(k);
        if (!name)
            continue;
        enum entry_kind back = 0;
        assert_int_equal(entry_kind_parse(name, &back), 0);
        assert_int_equal((int)back, k);
        kinds++;
    }
    assert_int_equal(kinds, 31);
    enum entry_kind untouched = ENTRY_MOVED;
    assert_int_equal(entry_kind_parse("nonsense", &untouched), -EINVAL);
    assert_int_equal((int)untouched, ENTRY_MOVED);
}

static void fields_ascend_and_none_shares_its_bytes(void **state)
{
    (void)state;
    size_t count = 0;
    const struct entry_field *f = entry_fields(&count);
    assert_int_equal(count, 39);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(f[i].id, i + 1);
        assert_ptr_equal(entry_field_of(f[i].id), &f[i]);
    }
    assert_null(entry_field_of(0));
    assert_null(entry_field_of(40));
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++) {
            assert_true(f[i].offset != f[k].offset);
            assert_string_not_equal(f[i].name, f[k].name);
        }
}

struct effect_row {
    const char *name;
    enum entry_kind kind;
    int64_t qty, observed, expected;
    int32_t status, status_to;
    const char *bin_to;
    size_t count;
    struct stock_effect want[STOCK_EFFECTS_MAX];
    enum stock_account account;
};

static struct effect_row effect_rows[] = {
    {"a receipt adds", ENTRY_RECEIVED, 5, 0, 0, 0, 0, "", 1, {{"A", 0, 5}}, ACCOUNT_RECEIVED},
    {"a pick takes", ENTRY_PICKED, 5, 0, 0, 0, 0, "", 1, {{"A", 0, -5}}, ACCOUNT_SOLD},
    {"a return lands in its status",
     ENTRY_RETURNED,
     5,
     0,
     0,
     STOCK_QUARANTINE,
     0,
     "",
     1,
     {{"A", STOCK_QUARANTINE, 5}},
     ACCOUNT_RETURNED},
    {"a move takes and adds",
     ENTRY_MOVED,
     5,
     0,
     0,
     0,
     0,
     "B",
     2,
     {{"A", 0, -5}, {"B", 0, 5}},
     ACCOUNT_INTERNAL},
    {"a move to the same bin is nothing",
     ENTRY_MOVED,
     5,
     0,
     0,
     0,
     0,
     "A",
     0,
     {{0}},
     ACCOUNT_INTERNAL},
    {"a restatement changes the status",
     ENTRY_RESTATED,
     5,
     0,
     0,
     STOCK_SELLABLE,
     STOCK_EXPIRED,
     "",
     2,
     {{"A", STOCK_SELLABLE, -5}, {"A", STOCK_EXPIRED, 5}},
     ACCOUNT_INTERNAL},
    {"a count that finds less takes",
     ENTRY_COUNTED,
     0,
     7,
     10,
     0,
     0,
     "",
     1,
     {{"A", 0, -3}},
     ACCOUNT_ADJUSTED},
    {"a count that agrees is nothing",
     ENTRY_COUNTED,
     0,
     7,
     7,
     0,
     0,
     "",
     0,
     {{0}},
     ACCOUNT_ADJUSTED},
    {"an adjustment carries its sign",
     ENTRY_ADJUSTED,
     -4,
     0,
     0,
     0,
     0,
     "",
     1,
     {{"A", 0, -4}},
     ACCOUNT_ADJUSTED},
    {"what was lost on the way never enters",
     ENTRY_LOST,
     4,
     0,
     0,
     0,
     0,
     "",
     0,
     {{0}},
     ACCOUNT_NONE},
    {"an alert moves nothing", ENTRY_ALERTED, 4, 0, 0, 0, 0, "", 0, {{0}}, ACCOUNT_NONE},
};

static void effect_row(void **state)
{
    const struct effect_row *r = *state;
    struct entry e = entry_new(r->kind);
    strcpy(e.bin, "A");
    strcpy(e.bin_to, r->bin_to);
    e.qty = r->qty;
    e.observed = r->observed;
    e.expected = r->expected;
    e.status = r->status;
    e.status_to = r->status_to;
    struct stock_effect got[STOCK_EFFECTS_MAX];
    assert_int_equal(stock_effects(&e, got), r->count);
    for (size_t i = 0; i < r->count; i++) {
        assert_string_equal(got[i].bin, r->want[i].bin);
        assert_int_equal(got[i].status, r->want[i].status);
        assert_int_equal(got[i].delta, r->want[i].delta);
    }
    assert_int_equal(stock_account(&e), r->account);
}

static void reasons_belong_to_their_kind(void **state)
{
    (void)state;
    assert_true(reason_find(ENTRY_DISPOSED, "expired")->reverses_credit);
    assert_false(reason_find(ENTRY_SENT_BACK, "expired")->reverses_credit);
    assert_null(reason_find(ENTRY_DISPOSED, "stolen"));
    size_t all = 0;
    for (int k = 1; k < ENTRY_KIND_MAX; k++) {
        size_t count = 0;
        const struct reason *list = reason_list((enum entry_kind)k, &count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal((int)list[i].kind, k); /* rows of a kind stand together */
            assert_ptr_equal(reason_find((enum entry_kind)k, list[i].code), &list[i]);
        }
        all += count;
    }
    assert_true(all > 0);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(faults) + ARRAY_LEN(effect_rows) + 4];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        tests[n++] = (struct CMUnitTest){faults[i].name, fault_is_named, NULL, NULL, &faults[i]};
    for (size_t i = 0; i < ARRAY_LEN(effect_rows); i++)
        tests[n++] =
            (struct CMUnitTest){effect_rows[i].name, effect_row, NULL, NULL, &effect_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_complete_entry_passes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_kind_has_a_name_that_parses_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(fields_ascend_and_none_shares_its_bytes);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(reasons_belong_to_their_kind);
    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
