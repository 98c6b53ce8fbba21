/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "barcode.h"
#include "civil.h"
#include "zpl_label.h"
#include "zpl_read.h"

static const struct zpl_read_field *field_of(const struct zpl_read *label, const char *text)
{
    for (size_t i = 0; i < label->count; i++)
        if (strcmp(label->fields[i].text, text) == 0)
            return &label->fields[i];
    return NULL;
}

static int32_t day(const char *text)
{
    int32_t d = CIVIL_NONE;
    assert_int_equal(civil_parse(text, &d), 0);
    return d;
}

static struct barcode_facts facts_of(const char *scan)
{
    struct barcode_settings settings = {0};
    struct frame_counts counts = {0};
    struct gs1_reject reject;
    struct barcode_facts facts;
    assert_int_equal(
        barcode_read(scan, strlen(scan), &settings, day("2026-11-21"), &facts, &counts, &reject),
        0);
    return facts;
}

/* Facts, to an element string, to a label, to what a scanner sends, to facts: the same. */
static void round_trip(enum zpl_symbol symbol, enum gs1_form form, const char *batch_no)
{
    char scan[64];
    char payload[256];
    size_t len = 0;
    struct gs1_reject reject;
    snprintf(scan, sizeof(scan),
             "]d2011890103086527217261231"
             "10%s",
             batch_no);
    struct barcode_facts meant = facts_of(scan);
    assert_int_equal(
        barcode_facts_compose(&meant, form, GS1_FULL, payload, sizeof(payload), &len, &reject), 0);

    char buf[4096];
    struct zpl_read label = {0};
    struct zpl_batch batch = {.sku_name = "Parle-G ^XZ 70 g",
                              .batch = batch_no,
                              .mfg_day = day("2026-07-01"),
                              .exp_day = day("2026-12-31"),
                              .mrp_paise = 4500,
                              .quantity = 24,
                              .quantity_unit = "pcs",
                              .symbol = symbol,
                              .payload = payload};
    int n = zpl_batch_label(&zpl_50x30_203dpi, &batch, 3, buf, sizeof(buf));
    assert_true(n > 0);
    assert_int_equal(zpl_read(buf, (size_t)n, &label), 0);
    assert_int_equal(label.copies, 3);
    assert_non_null(field_of(&label, "Parle-G ^XZ 70 g"));
    assert_non_null(field_of(&label, "MFG 01-JUL-2026"));
    assert_non_null(field_of(&label, "EXP 31-DEC-2026"));
    assert_non_null(field_of(&label, "MRP Rs 45.00"));
    assert_non_null(field_of(&label, "Qty 24 pcs"));

    const char *scanned = NULL;
    for (size_t i = 0; i < label.count; i++)
        if (label.fields[i].kind != ZPL_READ_TEXT)
            scanned = label.fields[i].text;
    assert_non_null(scanned);
    struct barcode_facts got = facts_of(scanned);
    assert_string_equal(got.gtin14, "18901030865272");
    assert_string_equal(got.batch, batch_no);
    assert_memory_equal(got.dates, meant.dates, sizeof(got.dates));
}

static void a_batch_label_is_read_again_from_its_datamatrix(void **state)
{
    (void)state;
    round_trip(ZPL_GS1_DATAMATRIX, GS1_RAW, "AB12");
    round_trip(ZPL_GS1_DATAMATRIX, GS1_RAW, "A_1(b)/2");
}

static void a_batch_label_is_read_again_from_its_bars(void **state)
{
    (void)state;
    round_trip(ZPL_GS1_128, GS1_BRACKETED, "AB12");
    round_trip(ZPL_GS1_128, GS1_BRACKETED, "A_1/2");
}

static void a_clearance_price_never_exceeds_the_mrp(void **state)
{
    (void)state;
    char buf[4096];
    struct zpl_read label = {0};
    struct zpl_clearance c = {.sku_name = "Parle-G",
                              .offer = "CLR-7",
                              .price_paise = 4501,
                              .mrp_paise = 4500,
                              .until_day = CIVIL_NONE,
                              .payload = "OFFER:CLR-7"};
    assert_int_equal(zpl_clearance_label(&zpl_50x30_203dpi, &c, 1, buf, sizeof(buf)), -ERANGE);
    c.price_paise = -1;
    assert_int_equal(zpl_clearance_label(&zpl_50x30_203dpi, &c, 1, buf, sizeof(buf)), -ERANGE);
    c.price_paise = 4500;
    int n = zpl_clearance_label(&zpl_50x30_203dpi, &c, 1, buf, sizeof(buf));
    assert_true(n > 0);
    assert_int_equal(zpl_read(buf, (size_t)n, &label), 0);
    assert_non_null(field_of(&label, "Rs 45.00"));
    assert_non_null(field_of(&label, "]d1OFFER:CLR-7"));
}

static void a_name_in_devanagari_comes_as_a_bitmap(void **state)
{
    (void)state;
    static const uint8_t bits[] = {0xff, 0x81, 0xff};
    const struct zpl_bitmap bitmap = {bits, 8, 3};
    char buf[4096];
    struct zpl_read label = {0};
    struct zpl_batch batch = {.sku_name = "\xe0\xa4\xaa\xe0\xa4\xbe",
                              .batch = "1",
                              .mfg_day = CIVIL_NONE,
                              .exp_day = CIVIL_NONE,
                              .quantity_unit = "pcs",
                              .symbol = ZPL_DATAMATRIX,
                              .payload = "1"};
    assert_int_equal(zpl_batch_label(&zpl_50x30_203dpi, &batch, 1, buf, sizeof(buf)), -ENOTSUP);
    batch.sku_bitmap = &bitmap;
    int n = zpl_batch_label(&zpl_50x30_203dpi, &batch, 1, buf, sizeof(buf));
    assert_true(n > 0);
    assert_int_equal(zpl_read(buf, (size_t)n, &label), 0);
    assert_non_null(field_of(&label, "1x3"));
}

static void cards_carry_their_title_and_what_they_do(void **state)
{
    (void)state;
    for (unsigned card = ZPL_COMMAND_CARD; card <= ZPL_BADGE; card++) {
        char buf[4096];
        struct zpl_read label = {0};
        int n = zpl_card_label(&zpl_50x30_203dpi, (enum zpl_card)card, "A-03-2", "undo last", NULL,
                               "VS:UNDO", buf, sizeof(buf));
        assert_true(n > 0);
        assert_int_equal(zpl_read(buf, (size_t)n, &label), 0);
        assert_non_null(field_of(&label, "A-03-2"));
        assert_non_null(field_of(&label, "undo last"));
        assert_non_null(field_of(&label, "]d1VS:UNDO"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_label_is_read_again_from_its_datamatrix),
        cmocka_unit_test(a_batch_label_is_read_again_from_its_bars),
        cmocka_unit_test(a_clearance_price_never_exceeds_the_mrp),
        cmocka_unit_test(a_name_in_devanagari_comes_as_a_bitmap),
        cmocka_unit_test(cards_carry_their_title_and_what_they_do),
    };
    return cmocka_run_group_tests_name("zpl_label", tests, NULL, NULL);
}
