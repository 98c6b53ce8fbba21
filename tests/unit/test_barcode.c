/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "barcode.h"
#include "civil.h"

#define GS "\x1d"
#define TODAY 20778 /* 2026-11-21 */

static const struct barcode_settings settings = {
    .instore = {{"21IIIIIWWWWWK", false},
                {"22IIIIIPPPPPK", false},
                {"23IIIIINNNNNK", false},
                {"29IIIIIVPPPPK", true}},
    .instore_count = 4,
    .parse_plain_code128 = true,
    .usual_batch_len = 12,
};

static int read_with(const struct barcode_settings *s, const char *bytes, int32_t today,
                     struct barcode_facts *ret, struct gs1_reject *why)
{
    struct frame_counts counts = {.n = {0}};
    return barcode_read(bytes, strlen(bytes), s, today, ret, &counts, why);
}

static struct barcode_facts read_good(const char *bytes)
{
    struct barcode_facts f = barcode_facts_none();
    struct gs1_reject why;
    assert_int_equal(read_with(&settings, bytes, TODAY, &f, &why), 0);
    return f;
}

struct scan_row {
    const char *name;
    const char *bytes;
    enum barcode_kind kind;
    const char *facts; /* what describe() writes */
};

static struct scan_row scan_rows[] = {
    {"a case label gives number, batch and use-by day",
     "]C1010890110700003517270228"
     "10AB12",
     BARCODE_ELEMENTS, "gtin=08901107000035 batch=AB12 use_by=2027-02-28"},
    {"day 00 is the last of its month", "]d201089011070000351527020010A", BARCODE_ELEMENTS,
     "gtin=08901107000035 batch=A best_before=2027-02-28"},
    {"the five dates stay apart",
     "]d20108901107000035"
     "11260101"
     "13260102"
     "15260103"
     "16260104"
     "17260105",
     BARCODE_ELEMENTS,
     "gtin=08901107000035 made=2026-01-01 packed=2026-01-02 best_before=2026-01-03 "
     "sell_by=2026-01-04 use_by=2026-01-05"},
    {"an expiry with a time gives its day", "]d2010890110700003570032612311830", BARCODE_ELEMENTS,
     "gtin=08901107000035 use_by=2026-12-31"},
    {"a pallet gives its code, content and count",
     "]C100189043873238291901"
     "0218901107000001"
     "3724",
     BARCODE_ELEMENTS, "sscc=189043873238291901 content=18901107000001 contained=24"},
    {"a weighed case gives exact grams",
     "]e00198901107000038"
     "3102001250",
     BARCODE_ELEMENTS, "gtin=98901107000038 weight=12500"},
    {"a weight finer than grams is left out and said",
     "]e00198901107000038"
     "3105001251",
     BARCODE_ELEMENTS, "gtin=98901107000038 warnings=4"},
    {"a price gives exact paise",
     "]e00198901107000038"
     "3103001250"
     "39211234",
     BARCODE_ELEMENTS, "gtin=98901107000038 weight=1250 price=12340"},
    {"a retail symbol gives the number", "]E08901107000035", BARCODE_GTIN, "gtin=08901107000035"},
    {"UPC-A without identifier is the same product", "036000291452", BARCODE_GTIN,
     "gtin=00036000291452"},
    {"a case symbol gives the case's number", "]I118901107000032", BARCODE_GTIN,
     "gtin=18901107000032"},
    {"a case symbol with a wrong check digit is only text", "]I118901107000033", BARCODE_TEXT,
     "text=18901107000033"},
    {"a composite adds its batch to the number", "]E08901107000035|]e010AB12", BARCODE_GTIN,
     "gtin=08901107000035 batch=AB12"},
    {"a scale label gives item and grams", "]E02101041094244", BARCODE_INSTORE,
     "instore=2101041 weight=9424"},
    {"a price label gives item and paise", "]E02277092038428", BARCODE_INSTORE,
     "instore=2277092 price=3842"},
    {"a wrong verifier is refused where it is configured", "]E02924070404897", BARCODE_NOTHING,
     "AMOUNT_CHECK"},
    {"an in-store number without a rule stays a number", "]E02058416043812", BARCODE_GTIN,
     "gtin=02058416043812"},
    {"a Digital Link gives the same facts",
     "]Q1https://id.gs1.org/01/08901107000035/10/AB12?17=270228", BARCODE_LINK,
     "gtin=08901107000035 batch=AB12 use_by=2027-02-28"},
    {"a maker's own web address is text", "]Q1https://brand.example/win", BARCODE_TEXT,
     "text=https://brand.example/win"},
    {"a link with a wrong check digit is refused", "]Q1https://id.gs1.org/01/08901107000036",
     BARCODE_NOTHING, "CHECK_DIGIT 01"},
    {"a payment code is text", "]Q1upi://pay?pa=a@b", BARCODE_TEXT, "text=upi://pay?pa=a@b"},
    {"a command card is text", "]C0CMD:COUNT", BARCODE_TEXT, "text=CMD:COUNT"},
    {"a bin label without identifier is text", "BIN:A-01-03", BARCODE_TEXT, "text=BIN:A-01-03"},
    {"an element string without identifier is marked as inferred",
     "010890110700003517270228"
     "10AB12",
     BARCODE_INFERRED,
     "gtin=08901107000035 batch=AB12 use_by=2027-02-28 text=01089011070000351727022810AB12"},
    {"a lone batch without identifier is text", "10AB12", BARCODE_TEXT, "text=10AB12"},
    {"an element string in plain Code 128 is marked as inferred", "]C00108901107000035",
     BARCODE_INFERRED, "gtin=08901107000035 text=0108901107000035"},
    {"brackets that were keyed in are read", "(01)08901107000035(10)ab12345", BARCODE_INFERRED,
     "gtin=08901107000035 batch=ab12345 text=(01)08901107000035(10)ab12345"},
    {"a terminator and separators as words are mended", "]C1{GS}10AB12{GS}0108901107000035\r\n",
     BARCODE_ELEMENTS, "gtin=08901107000035 batch=AB12"},
    {"a batch that ends in an expiry is suspect",
     "]C101089011070000351012"
     "17261231",
     BARCODE_ELEMENTS, "gtin=08901107000035 batch=1217261231 warnings=1"},
    {"a batch that holds an expiry and a serial is suspect", "]J1011890362342356210E17430911211C",
     BARCODE_ELEMENTS, "gtin=18903623423562 batch=E17430911211C warnings=1"},
    {"a batch longer than usual is suspect", "]C1010890110700003510ABCDEFGHIJKLM", BARCODE_ELEMENTS,
     "gtin=08901107000035 batch=ABCDEFGHIJKLM warnings=1"},
    {"17 without a date behind it is no suspicion",
     "]C101089011070000351012"
     "17269931",
     BARCODE_ELEMENTS, "gtin=08901107000035 batch=1217269931"},
    {"an element string that breaks a rule is refused", "]C10108901107000036", BARCODE_NOTHING,
     "CHECK_DIGIT 01"},
    {"nothing but a terminator is refused", "\r\n", BARCODE_NOTHING, "EMPTY"},
};

static void write_text(char *out, size_t size, const char *name, const char *value)
{
    size_t n = strlen(out);
    if (value[0] != '\0')
        snprintf(out + n, size - n, "%s%s=%s", n > 0 ? " " : "", name, value);
}

static void write_number(char *out, size_t size, const char *name, int64_t value, int64_t none)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)value);
    write_text(out, size, name, value == none ? "" : text);
}

static void describe(const struct barcode_facts *f, char *out, size_t size)
{
    static const char *const dates[] = {"made", "packed", "best_before", "sell_by", "use_by"};
    out[0] = '\0';
    write_text(out, size, "sscc", f->sscc);
    write_text(out, size, "gtin", f->gtin14);
    write_text(out, size, "content", f->content_gtin14);
    write_text(out, size, "batch", f->batch);
    write_text(out, size, "serial", f->serial);
    write_text(out, size, "instore", f->instore);
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++) {
        char day[CIVIL_TEXT_SIZE];
        write_text(out, size, dates[i], civil_format(f->dates[i].day, day));
    }
    write_number(out, size, "count", f->variable_count, BARCODE_NONE);
    write_number(out, size, "contained", f->contained_count, BARCODE_NONE);
    write_number(out, size, "weight", f->net_weight_g, BARCODE_NONE);
    write_number(out, size, "price", f->price_paise, BARCODE_NONE);
    write_text(out, size, "text", f->text);
    write_number(out, size, "warnings", f->warnings, 0);
    write_number(out, size, "conflicts", f->conflicts, 0);
}

static void scan_row(void **state)
{
    const struct scan_row *r = *state;
    struct barcode_facts f = barcode_facts_none();
    struct gs1_reject why = {.fault = GS1_FINE};
    char got[1024];
    int err = read_with(&settings, r->bytes, TODAY, &f, &why);
    if (err < 0)
        snprintf(got, sizeof(got), "%s%s%s", gs1_fault_name(why.fault), why.ai ? " " : "",
                 why.ai ? why.ai->digits : "");
    else
        describe(&f, got, sizeof(got));
    assert_string_equal(got, r->facts);
    assert_int_equal(f.kind, r->kind); /* untouched when refused */
}

struct merge_row {
    const char *name;
    const char *symbols[3];
    const char *facts;
};

static struct merge_row merge_rows[] = {
    {"number, batch and expiry may come as three symbols",
     {"]E08901107000035", "]C110AB12", "]C117270228"},
     "gtin=08901107000035 batch=AB12 use_by=2027-02-28"},
    {"a symbol without expiry leaves the known one alone",
     {"]C1010890110700003517270228", "]C110AB12", "]E08901107000035"},
     "gtin=08901107000035 batch=AB12 use_by=2027-02-28"},
    {"day 00 and the last day of the month do not differ",
     {"]C117270200", "]C117270228", "]E08901107000035"},
     "gtin=08901107000035 use_by=2027-02-28"},
};

static void merge_row(void **state)
{
    const struct merge_row *r = *state;
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct barcode_facts f = barcode_facts_none();
        for (size_t k = 0; k < 3; k++) {
            struct barcode_facts more = read_good(r->symbols[orders[i][k]]);
            assert_int_equal(barcode_facts_merge(&f, &more), 0);
        }
        char got[1024];
        describe(&f, got, sizeof(got));
        assert_string_equal(got, r->facts);
    }
}

static void a_different_expiry_is_marked_and_does_not_overwrite(void **state)
{
    (void)state;
    struct barcode_facts f = read_good("]C1010890110700003517270228");
    struct barcode_facts later = read_good("]C11727033110B");
    unsigned expiry = (unsigned)BARCODE_FIELD_DATES << BARCODE_USE_BY;
    char got[1024];
    assert_int_equal(barcode_facts_merge(&f, &later), expiry);
    assert_int_equal(f.conflicts, expiry);
    describe(&f, got, sizeof(got));
    assert_string_equal(got, "gtin=08901107000035 batch=B use_by=2027-02-28 conflicts=32768");
}

static void a_date_read_without_a_clock_gets_its_day_later(void **state)
{
    (void)state;
    struct barcode_facts f = barcode_facts_none();
    struct gs1_reject why;
    assert_int_equal(read_with(&settings, "]C1010890110700003517270200", CIVIL_NONE, &f, &why), 0);
    assert_int_equal(f.dates[BARCODE_USE_BY].day, CIVIL_NONE);
    assert_string_equal(f.dates[BARCODE_USE_BY].yymmdd, "270200");
    barcode_facts_settle(&f, TODAY);
    char day[CIVIL_TEXT_SIZE];
    assert_string_equal(civil_format(f.dates[BARCODE_USE_BY].day, day), "2027-02-28");
}

static struct barcode_facts label(void)
{
    struct barcode_facts f = barcode_facts_none();
    memcpy(f.gtin14, "08901107000035", GTIN_SIZE);
    memcpy(f.batch, "A(1)", 5);
    f.dates[BARCODE_MADE].day = TODAY;
    f.dates[BARCODE_USE_BY].day = TODAY + 100;
    f.net_weight_g = 12500;
    f.price_paise = 9950;
    return f;
}

static void a_label_reads_back_as_the_facts_it_was_made_of(void **state)
{
    (void)state;
    struct barcode_facts f = label();
    struct gs1_reject why;
    char raw[3 + BARCODE_ELEMENTS_SIZE] = "]C1";
    char text[BARCODE_ELEMENTS_SIZE];
    size_t len = 0;
    assert_int_equal(
        barcode_facts_compose(&f, GS1_BRACKETED, GS1_FULL, text, sizeof(text), &len, &why), 0);
    assert_string_equal(text, "(01)08901107000035(11)261121(17)270301(3103)012500(3922)9950"
                              "(10)A\\(1)");
    assert_int_equal(
        barcode_facts_compose(&f, GS1_RAW, GS1_FULL, raw + 3, sizeof(raw) - 3, &len, &why), 0);
    assert_string_equal(raw, "]C10108901107000035112611211727030131030125003922"
                             "9950" GS "10A(1)");
    struct barcode_facts again = read_good(raw);
    assert_int_equal(barcode_facts_merge(&again, &f), 0);
    char want[1024];
    char got[1024];
    describe(&f, want, sizeof(want));
    describe(&again, got, sizeof(got));
    assert_string_equal(got, want);
}

static void a_label_that_would_break_a_rule_is_not_made(void **state)
{
    (void)state;
    char out[BARCODE_ELEMENTS_SIZE];
    size_t len = 4711;
    struct gs1_reject why;
    struct barcode_facts f = label();
    memcpy(f.batch, "A" GS "21B", 6); /* a separator would smuggle in another element */
    assert_int_equal(barcode_facts_compose(&f, GS1_RAW, GS1_FULL, out, sizeof(out), &len, &why),
                     -EINVAL);
    assert_string_equal(why.ai->digits, "10");
    f = label();
    f.gtin14[13] = '6';
    assert_int_equal(barcode_facts_compose(&f, GS1_RAW, GS1_FULL, out, sizeof(out), &len, &why),
                     -EINVAL);
    assert_int_equal(why.fault, GS1_CHECK_DIGIT);
    f = label();
    f.net_weight_g = 1234567;
    assert_int_equal(barcode_facts_compose(&f, GS1_RAW, GS1_FULL, out, sizeof(out), &len, &why),
                     -ERANGE);
    f = barcode_facts_none();
    assert_int_equal(barcode_facts_compose(&f, GS1_RAW, GS1_FULL, out, sizeof(out), &len, &why),
                     -EINVAL);
    assert_int_equal(why.fault, GS1_EMPTY);
    assert_int_equal(len, 4711);
}

static void a_frame_longer_than_the_bound_is_refused(void **state)
{
    (void)state;
    char bytes[FRAME_MAX + 1];
    memset(bytes, 'A', sizeof(bytes));
    struct barcode_facts f;
    struct frame_counts counts = {.n = {0}};
    struct gs1_reject why;
    assert_int_equal(barcode_read(bytes, FRAME_MAX, &settings, TODAY, &f, &counts, &why), 0);
    assert_int_equal(strlen(f.text), FRAME_MAX);
    assert_int_equal(barcode_read(bytes, FRAME_MAX + 1, &settings, TODAY, &f, &counts, &why),
                     -EBADMSG);
    assert_int_equal(why.fault, GS1_TOO_LONG);
}

static void mending_is_counted_by_its_kind(void **state)
{
    (void)state;
    static const char bytes[] = "]C1" GS "10A~21B{GS}240C\xE2\x90\x9D"
                                "241D\xEF\x9C\x8B\t \r";
    static const uint32_t want[FRAME_CHANGES] = {
        [FRAME_TERMINATOR] = 3,        [FRAME_SEPARATOR_CHAR] = 1,    [FRAME_SEPARATOR_WORD] = 1,
        [FRAME_SEPARATOR_SYMBOL] = 1,  [FRAME_SEPARATOR_PRIVATE] = 1, [FRAME_LEADING_SEPARATOR] = 1,
        [FRAME_TRAILING_SEPARATOR] = 1};
    struct frame_rules rules = {.separator = '~'};
    struct frame_counts counts = {.n = {0}};
    char buf[FRAME_MAX];
    size_t len = 0;
    assert_int_equal(frame_mend(bytes, sizeof(bytes) - 1, &rules, buf, &len, &counts), 0);
    static const char mended[] = "]C110A" GS "21B" GS "240C" GS "241D";
    assert_int_equal(len, sizeof(mended) - 1);
    assert_memory_equal(buf, mended, len);
    for (size_t i = 0; i < FRAME_CHANGES; i++)
        assert_int_equal(counts.n[i], want[i]);
}

struct layout_row {
    const char *name;
    const char *layout;
    int err;
};

static struct layout_row layout_rows[] = {
    {"item, weight and check digit make a layout", "21IIIIIWWWWWK", 0},
    {"a verifier may stand between", "29IIIIIVPPPPK", 0},
    {"a layout of 12 characters is refused", "21IIIIWWWWWK", -EINVAL},
    {"a layout without prefix is refused", "IIIIIIIWWWWWK", -EINVAL},
    {"a layout without check digit is refused", "21IIIIIWWWWWW", -EINVAL},
    {"two amounts are refused", "21IIIIIWWPPPK", -EINVAL},
    {"a divided item is refused", "21IIIWWWWWIIK", -EINVAL},
    {"two verifiers are refused", "21IIIIVVWWWWK", -EINVAL},
    {"an unknown letter is refused", "21IIIIIXWWWWK", -EINVAL},
    {"a check digit in the middle is refused", "21IIIKIWWWWWK", -EINVAL},
};

static void layout_row(void **state)
{
    const struct layout_row *r = *state;
    struct instore_rule rule;
    struct diag why = {0};
    assert_int_equal(instore_rule_parse(r->layout, false, &rule, &why), r->err);
    assert_true(r->err == 0 || why.text[0] != '\0');
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(a_different_expiry_is_marked_and_does_not_overwrite),
        cmocka_unit_test(a_date_read_without_a_clock_gets_its_day_later),
        cmocka_unit_test(a_label_reads_back_as_the_facts_it_was_made_of),
        cmocka_unit_test(a_label_that_would_break_a_rule_is_not_made),
        cmocka_unit_test(a_frame_longer_than_the_bound_is_refused),
        cmocka_unit_test(mending_is_counted_by_its_kind),
    };
    struct CMUnitTest tests[ARRAY_LEN(scan_rows) + ARRAY_LEN(merge_rows) + ARRAY_LEN(layout_rows) +
                            ARRAY_LEN(others)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(scan_rows); i++)
        tests[n++] = (struct CMUnitTest){scan_rows[i].name, scan_row, NULL, NULL, &scan_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(merge_rows); i++)
        tests[n++] = (struct CMUnitTest){merge_rows[i].name, merge_row, NULL, NULL, &merge_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(layout_rows); i++)
        tests[n++] =
            (struct CMUnitTest){layout_rows[i].name, layout_row, NULL, NULL, &layout_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("barcode", tests, NULL, NULL);
}
