/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "zpl.h"
#include "zpl_read.h"

static const struct zpl_media media = {400, 240};

struct text_row {
    const char *name;
    const char *text;
    int err;
};

static struct text_row text_rows[] = {
    {"plain text", "Parle-G 70 g", 0},
    {"a text that looks like commands", "^XZ^XA~HS\\5E", 0},
    {"accents and the rupee sign", "Caf\xc3\xa9 \xe2\x82\xb9 45", 0},
    {"no text", "", 0},
    {"Devanagari needs a bitmap", "\xe0\xa4\xaa\xe0\xa4\xbe", -ENOTSUP},
    {"a control character", "two\nlines", -EINVAL},
    {"half a character", "caf\xc3", -EINVAL},
    {"a longer form of a slash", "\xc0\xaf", -EINVAL},
    {"a surrogate", "\xed\xa0\x80", -EINVAL},
};

static void text_row(void **state)
{
    const struct text_row *r = *state;
    char buf[1024];
    struct zpl_read got = {0};
    struct zpl z = zpl_start(buf, sizeof(buf), &media);
    zpl_text(&z, 16, 24, 28, r->text);
    int len = zpl_finish(&z, 1);
    if (r->err) {
        assert_int_equal(len, r->err);
        return;
    }
    assert_true(len > 0);
    assert_int_equal(zpl_read(buf, (size_t)len, &got), 0);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.fields[0].text, r->text);
    assert_int_equal(got.fields[0].x, 16);
    assert_int_equal(got.width_dots, 400);
}

struct symbol_row {
    const char *name;
    enum zpl_symbol symbol;
    const char *payload;
    const char *in_label; /* what must stand there to the byte; NULL: refused */
    const char *scanned;
};

static struct symbol_row symbol_rows[] = {
    {"a GS1 DataMatrix begins with FNC1", ZPL_GS1_DATAMATRIX, "01189010308652721726123110AB12",
     "^BXN,5,200,,,,_^FH\\^FD_101189010308652721726123110AB12^FS",
     "]d201189010308652721726123110AB12"},
    {"FNC1 behind a variable element", ZPL_GS1_DATAMATRIX,
     "10AB_12\x1d"
     "17261231",
     "^FD_110AB__12_117261231^FS",
     "]d210AB_12\x1d"
     "17261231"},
    {"outside of set 82", ZPL_GS1_DATAMATRIX, "10AB^12", NULL, NULL},
    {"GS1-128 leaves brackets and FNC1 to the printer", ZPL_GS1_128,
     "(01)18901030865272(17)261231(10)AB12",
     "^BY5,3,60^BCN,60,Y,N,N,D^FD(01)18901030865272(17)261231(10)AB12^FS",
     "]C101189010308652721726123110AB12"},
    {"a variable element that is not last", ZPL_GS1_128, "(10)AB12(17)261231",
     "^FD(10)AB12>8(17)261231^FS",
     "]C110AB12\x1d"
     "17261231"},
    {"without brackets", ZPL_GS1_128, "0118901030865272", NULL, NULL},
    {"a bracket in the data", ZPL_GS1_128, "(10)AB(12", NULL, NULL},
    {"an escape of the printer's in the data", ZPL_GS1_128, "(10)AB>12", NULL, NULL},
    {"too long for GS1-128", ZPL_GS1_128,
     "(01)18901030865272(10)ABCDEFGHIJKLMNOPQRST(21)ABCDEFGHIJKLMNOP", NULL, NULL},
    {"a plain code of ours", ZPL_DATAMATRIX, "CMD_UNDO^1", "^FDCMD__UNDO\\5E1^FS", "]d1CMD_UNDO^1"},
    {"no payload", ZPL_DATAMATRIX, "", NULL, NULL},
};

static void symbol_row(void **state)
{
    const struct symbol_row *r = *state;
    char buf[1024];
    struct zpl_read got = {0};
    struct zpl z = zpl_start(buf, sizeof(buf), &media);
    zpl_symbol(&z, r->symbol, 16, 24, 5, 60, r->payload);
    int len = zpl_finish(&z, 1);
    if (!r->in_label) {
        assert_int_equal(len, -EINVAL);
        return;
    }
    assert_true(len > 0);
    assert_non_null(strstr(buf, r->in_label));
    assert_int_equal(zpl_read(buf, (size_t)len, &got), 0);
    assert_string_equal(got.fields[0].text, r->scanned);
}

static void a_bitmap_is_sent_in_hexadecimal(void **state)
{
    (void)state;
    static const uint8_t bits[] = {0xff, 0x80, 0x01, 0x00};
    char buf[256];
    struct zpl_read got = {0};
    struct zpl z = zpl_start(buf, sizeof(buf), &media);
    zpl_bitmap(&z, 8, 8, &(struct zpl_bitmap){bits, 9, 2});
    int len = zpl_finish(&z, 1);
    assert_true(len > 0);
    assert_non_null(strstr(buf, "^GFA,4,4,2,FF800100^FS"));
    assert_int_equal(zpl_read(buf, (size_t)len, &got), 0);
    assert_int_equal(got.fields[0].kind, ZPL_READ_BITMAP);
    assert_string_equal(got.fields[0].text, "2x2");
}

static void every_buffer_that_is_too_small_is_told(void **state)
{
    (void)state;
    char buf[256];
    int whole = 0;
    for (size_t size = sizeof(buf); size > 0; size--) {
        struct zpl z = zpl_start(buf, size, &media);
        zpl_text(&z, 16, 24, 28, "Parle-G");
        int len = zpl_finish(&z, 1);
        if (size == sizeof(buf))
            whole = len;
        assert_int_equal(len, size > (size_t)whole ? whole : -ENOSPC);
    }
}

static void copies_are_bounded(void **state)
{
    (void)state;
    char buf[256];
    struct zpl z = zpl_start(buf, sizeof(buf), &media);
    assert_int_equal(zpl_finish(&z, 0), -EINVAL);
    z = zpl_start(buf, sizeof(buf), &media);
    assert_int_equal(zpl_finish(&z, ZPL_COPIES_MAX + 1), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(text_rows) + ARRAY_LEN(symbol_rows) + 3];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(text_rows); i++)
        tests[n++] = (struct CMUnitTest){text_rows[i].name, text_row, NULL, NULL, &text_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(symbol_rows); i++)
        tests[n++] =
            (struct CMUnitTest){symbol_rows[i].name, symbol_row, NULL, NULL, &symbol_rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_bitmap_is_sent_in_hexadecimal);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_buffer_that_is_too_small_is_told);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(copies_are_bounded);
    return cmocka_run_group_tests_name("zpl", tests, NULL, NULL);
}
