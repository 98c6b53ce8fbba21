/* SPDX-License-Identifier: Apache-2.0 */
/* What a post reads and says, without a journal: commands, sentences, quantities, the draft. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "command.h"
#include "draft.h"
#include "flow.h"
#include "message.h"
#include "reason.h"
#include "utf8.h"
#include "words.h"

static int32_t day(const char *text)
{
    int32_t d = CIVIL_NONE;
    assert_int_equal(civil_parse(text, &d), 0);
    return d;
}

static const struct command_row {
    const char *text;
    int err;
    enum verb verb;
    int64_t number;
    const char *day;
} commands[] = {
    {"ok", 0, VERB_OK, 0, NULL},
    {"ok:", 0, VERB_OK, 0, NULL},
    {"ok:1", -EINVAL, VERB_OK, 0, NULL},
    {"", -ENOENT, VERB_OK, 0, NULL},
    {"OK", -ENOENT, VERB_OK, 0, NULL},
    {"qty:12", 0, VERB_QTY, 12, NULL},
    {"qty:0", 0, VERB_QTY, 0, NULL},
    {"qty:-1", -EINVAL, VERB_QTY, 0, NULL},
    {"qty:1.5", -EINVAL, VERB_QTY, 0, NULL},
    {"qty:1000000001", -EINVAL, VERB_QTY, 0, NULL},
    {"qty:99999999999999999999", -EINVAL, VERB_QTY, 0, NULL},
    {"qty", -EINVAL, VERB_QTY, 0, NULL},
    {"packs:0", -EINVAL, VERB_PACKS, 0, NULL},
    {"mrp:120", 0, VERB_MRP, 12000, NULL},
    {"mrp:9.50", 0, VERB_MRP, 950, NULL},
    {"mrp:9.505", -EINVAL, VERB_MRP, 0, NULL},
    {"expiry:2026-12-31", 0, VERB_EXPIRY, 0, "2026-12-31"},
    {"expiry:261231", 0, VERB_EXPIRY, 0, "2026-12-31"},
    {"expiry:280200", 0, VERB_EXPIRY, 0, "2028-02-29"},
    {"expiry:02/27", 0, VERB_EXPIRY, 0, "2027-02-28"},
    {"expiry:13/26", -EINVAL, VERB_EXPIRY, 0, NULL},
    {"expiry:2026-02-30", -EINVAL, VERB_EXPIRY, 0, NULL},
    {"expiry:tomorrow", -EINVAL, VERB_EXPIRY, 0, NULL},
    {"made:990101", 0, VERB_MADE, 0, "1999-01-01"},
    {"status:hold", 0, VERB_STATUS, STOCK_HOLD, NULL},
    {"status:good", -EINVAL, VERB_STATUS, 0, NULL},
    {"print:labels:3", 0, VERB_PRINT, 3, NULL},
    {"print:labels:501", -EINVAL, VERB_PRINT, 0, NULL},
    {"print:3", -EINVAL, VERB_PRINT, 0, NULL},
    {"batch: A", -EINVAL, VERB_BATCH, 0, NULL},
    {"batch:123456789012345678901", -EINVAL, VERB_BATCH, 0, NULL},
    {"batch:A:B", 0, VERB_BATCH, 0, NULL},
    {"note:\xE0\xA4\xAE\xE0\xA4\xBE\xE0\xA4\xB2", 0, VERB_NOTE, 0, NULL},
    {"note:\xE0\xA4", -EINVAL, VERB_NOTE, 0, NULL},
    {"note:a\x01", -EINVAL, VERB_NOTE, 0, NULL},
};

static void commands_are_read_by_one_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const struct command_row *r = &commands[i];
        struct command c;
        int err = command_parse(r->text, day("2026-06-15"), &c);
        if (err != r->err)
            print_error("%s\n", r->text);
        assert_int_equal(err, r->err);
        if (err < 0)
            continue;
        assert_int_equal(c.verb, r->verb);
        if (!r->day)
            assert_int_equal(c.number, r->number);
        else
            assert_int_equal(c.day, day(r->day));
    }
}

/* Every {n} of one language stands in the other too. */
static void assert_same_parts(const struct message *m)
{
    for (char n = '0'; n <= '9'; n++) {
        const char part[] = {'{', n, '}', '\0'};
        bool english = strstr(m->english, part) != NULL;
        bool hindi = strstr(m->hindi, part) != NULL;
        if (english != hindi)
            print_error("%s: %s\n", m->code, part);
        assert_int_equal(english, hindi);
        assert_true(n < '0' + STATION_ARGS_MAX || !english);
    }
}

static void every_sentence_is_sorted_whole_and_in_both_languages(void **state)
{
    (void)state;
    size_t count = 0;
    const struct message *m = message_list(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(m[i - 1].code, m[i].code) < 0);
        assert_true(strlen(m[i].code) < STATION_CODE_SIZE);
        assert_true(m[i].english[0] && m[i].hindi[0]);
        assert_true(utf8_is_clean(m[i].english) && utf8_is_clean(m[i].hindi));
        assert_ptr_equal(message_find(m[i].code), &m[i]);
        assert_same_parts(&m[i]);
    }
    assert_null(message_find("nonsense"));
}

static void every_flow_and_every_reason_has_its_words(void **state)
{
    (void)state;
    size_t count = 0;
    const struct flow *const *flows = flow_list(&count);
    for (size_t i = 0; i < count; i++) {
        char code[64];
        snprintf(code, sizeof(code), "flow_%s", flows[i]->name);
        assert_non_null(message_find(code));
        assert_ptr_equal(flow_find(flows[i]->name), flows[i]);
    }
    assert_true(count <= STATION_CHOICES_MAX);
    for (int kind = 1; kind < ENTRY_KIND_MAX; kind++) {
        size_t n = 0;
        const struct reason *reasons = reason_list((enum entry_kind)kind, &n);
        for (size_t i = 0; i < n; i++) {
            char code[64];
            snprintf(code, sizeof(code), "reason_%s", reasons[i].code);
            if (!message_find(code))
                print_error("%s\n", code);
            assert_non_null(message_find(code));
        }
        assert_true(n + 1 <= STATION_CHOICES_MAX);
    }
}

static void a_message_is_put_together_and_cut_at_a_letter(void **state)
{
    (void)state;
    struct station_message m = {.code = "wrong_product", .args = {"A", "B"}};
    char text[64];
    assert_string_equal(message_text(&m, "en", text, sizeof(text)), "This is A. In hand is B.");
    (void)message_text(&m, "hi", text, 8);
    assert_true(strlen(text) < 8 && utf8_is_clean(text));
    m.code[0] = '\0';
    assert_string_equal(message_text(&m, "en", text, sizeof(text)), "");
}

static struct catalogue_sku biscuit(void)
{
    struct catalogue_sku p = {.sku = "BISC", .unit = UNIT_PIECE, .shelf_life_days = 180};
    p.batch_policy = CATALOGUE_NEEDS_BATCH | CATALOGUE_NEEDS_EXPIRY;
    p.packs[0] = (struct catalogue_pack){.level = PACK_PIECE, .units = 1};
    p.packs[1] = (struct catalogue_pack){.level = PACK_CASE, .units = 24};
    p.packs_count = 2;
    return p;
}

static void quantities_read_in_packs_and_weights(void **state)
{
    (void)state;
    struct catalogue_sku p = biscuit();
    struct catalogue_sku dal = {.unit = UNIT_GRAM};
    char buf[STATION_ARG_SIZE];
    assert_string_equal(words_qty(&p, 51, false, buf), "2 cases + 3 pieces");
    assert_string_equal(words_qty(&p, 25, false, buf), "1 case + 1 piece");
    assert_string_equal(words_qty(&p, 0, false, buf), "0 pieces");
    assert_string_equal(words_qty(&p, -25, false, buf), "-(1 case + 1 piece)");
    assert_string_equal(words_qty(&p, 51, true, buf), "2 पेटी + 3 नग");
    assert_string_equal(words_qty(&dal, 999, false, buf), "999 g");
    assert_string_equal(words_qty(&dal, 1250, false, buf), "1.250 kg");
    struct batch_key key = {.number = "B1", .expiry_day = day("2026-12-31"), .mrp_paise = 1050};
    assert_string_equal(words_batch(&key, false, buf), "B1, 2026-12-31, MRP 10.50");
    key = (struct batch_key){.expiry_day = CIVIL_NONE};
    assert_string_equal(words_batch(&key, false, buf), "no batch");
}

static void packs_replace_what_the_last_scan_added(void **state)
{
    (void)state;
    struct catalogue_sku p = biscuit();
    struct draft d = draft_new();
    assert_int_equal(draft_packs(&d, 2), -ENOENT);
    assert_int_equal(draft_take(&d, &p, 1, 1), 0);
    assert_int_equal(draft_take(&d, &p, 0, 1), 0);
    assert_int_equal(d.qty, 25);
    assert_int_equal(draft_packs(&d, 6), 0);
    assert_int_equal(d.qty, 30);
    assert_int_equal(draft_packs(&d, 2), 0);
    assert_int_equal(d.qty, 26);
    assert_int_equal(draft_packs(&d, INT64_MAX), -ERANGE);
    assert_int_equal(draft_take(&d, &p, 1, DRAFT_QTY_MAX), -ERANGE);
    assert_int_equal(d.qty, 26);
    struct catalogue_sku other = p;
    strcpy(other.sku, "TEA");
    assert_int_equal(draft_take(&d, &other, 0, 1), -EEXIST);
}

static void the_order_of_parts_does_not_matter(void **state)
{
    (void)state;
    struct goods parts[3] = {goods_new(), goods_new(), goods_new()};
    strcpy(parts[0].batch, "B1");
    parts[1].expiry_day = day("2026-12-31");
    parts[2].mrp_paise = 1000;
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct draft d = draft_new();
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(draft_merge(&d, &parts[orders[i][k]]), 0);
        int32_t kind = 0;
        struct batch_key key = draft_key(&d, &kind);
        assert_string_equal(key.number, "B1");
        assert_int_equal(key.expiry_day, day("2026-12-31"));
        assert_int_equal(key.mrp_paise, 1000);
    }
}

static void a_conflict_changes_nothing_until_it_is_settled(void **state)
{
    (void)state;
    struct draft d = draft_new();
    struct goods g = goods_new();
    strcpy(g.batch, "B1");
    g.expiry_day = day("2026-12-31");
    assert_int_equal(draft_merge(&d, &g), 0);
    struct goods blank = goods_new();
    assert_int_equal(draft_merge(&d, &blank), 0);
    assert_int_equal(d.key.expiry_day, day("2026-12-31"));
    strcpy(g.batch, "B2");
    g.expiry_day = day("2027-01-31");
    assert_int_equal(draft_merge(&d, &g), -EEXIST);
    assert_string_equal(d.key.number, "B1");
    draft_settle(&d, false);
    assert_string_equal(d.key.number, "B1");
    assert_int_equal(draft_merge(&d, &g), -EEXIST);
    draft_settle(&d, true);
    assert_string_equal(d.key.number, "B2"); /* all of the later reading */
    assert_int_equal(d.key.expiry_day, day("2027-01-31"));
}

static void manufacture_stands_for_the_expiry(void **state)
{
    (void)state;
    struct catalogue_sku p = biscuit();
    struct draft d = draft_new();
    struct goods g = goods_new();
    enum draft_part missing = DRAFT_MRP;
    assert_int_equal(draft_take(&d, &p, 0, 1), 0);
    assert_int_equal(draft_missing(&d, &missing), 1);
    assert_int_equal(missing, DRAFT_BATCH);
    strcpy(g.batch, "B1");
    assert_int_equal(draft_merge(&d, &g), 0);
    assert_int_equal(draft_missing(&d, &missing), 1);
    assert_int_equal(missing, DRAFT_EXPIRY);
    g.made_day = day("2026-06-01");
    assert_int_equal(draft_merge(&d, &g), 0);
    assert_int_equal(draft_missing(&d, &missing), 0);
    int32_t kind = 0;
    assert_int_equal(draft_key(&d, &kind).expiry_day, day("2026-11-28"));
    assert_int_equal(kind, EXPIRY_COMPUTED);
    assert_int_equal(draft_dates_check(&d, day("2026-06-15")), 0);
    assert_int_equal(draft_dates_check(&d, day("2026-05-31")), -ERANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_read_by_one_table),
        cmocka_unit_test(every_sentence_is_sorted_whole_and_in_both_languages),
        cmocka_unit_test(every_flow_and_every_reason_has_its_words),
        cmocka_unit_test(a_message_is_put_together_and_cut_at_a_letter),
        cmocka_unit_test(quantities_read_in_packs_and_weights),
        cmocka_unit_test(packs_replace_what_the_last_scan_added),
        cmocka_unit_test(the_order_of_parts_does_not_matter),
        cmocka_unit_test(a_conflict_changes_nothing_until_it_is_settled),
        cmocka_unit_test(manufacture_stands_for_the_expiry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
