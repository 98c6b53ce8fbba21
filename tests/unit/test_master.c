/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_case.h"

#include <errno.h>

#include "master.h"

static char *file_text(const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "tests/data/master/%s.csv", name);
    FILE *in = fopen(path, "re");
    assert_non_null(in);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    size_t n = fread(text, 1, 65535, in);
    assert_true(n > 0);
    fclose(in);
    return text;
}

static int apply_text(struct journal_case *c, enum document_type type, int32_t version,
                      const char *text)
{
    return master_apply(c->j, &c->now, type, version, text, strlen(text), &c->why);
}

static int setup(void **state)
{
    case_setup(state);
    struct journal_case *c = *state;
    for (int type = 0; type < DOCUMENT_TYPE_COUNT; type++) {
        char *text = file_text(document_name((enum document_type)type));
        int err = apply_text(c, (enum document_type)type, 3, text);
        if (err < 0)
            print_error("%s: line %d: %s\n", document_name((enum document_type)type), c->why.line,
                        c->why.text);
        assert_int_equal(err, 0);
        free(text);
    }
    assert_int_equal(journal_commit(c->j), 0);
    return 0;
}

static void a_sku_is_found_by_code_by_gtin_and_by_item_number(void **state)
{
    struct journal_case *c = *state;
    struct catalogue_sku s;
    assert_int_equal(master_sku(c->j, "BISC-80", &s), 1);
    assert_string_equal(s.name, "Glucose Biscuits, 80 g");
    assert_string_equal(s.hsn, "1905");
    assert_int_equal(s.cost_paise, 780);
    assert_int_equal(s.mrp_paise, 1000);
    assert_int_equal(s.expiry_kind, EXPIRY_BEST_BEFORE);
    assert_int_equal(s.batch_policy,
                     CATALOGUE_NEEDS_BATCH | CATALOGUE_NEEDS_EXPIRY | CATALOGUE_NEEDS_MRP);
    assert_int_equal(s.packs_count, 3);
    assert_int_equal(s.packs[1].units, 12);
    size_t pack = 99;
    assert_int_equal(master_gtin(c->j, "18901234567897", &s, &pack), 1);
    assert_string_equal(s.sku, "BISC-80");
    assert_int_equal(pack, 2);
    assert_int_equal(s.packs[pack].level, PACK_CASE);
    assert_int_equal(s.packs[pack].units, 144);
    assert_int_equal(master_gtin(c->j, "08901234500026", &s, &pack), 1);
    assert_string_equal(s.sku, "UHT-1L");
    assert_int_equal(pack, 0);
    assert_int_equal(master_instore(c->j, "41094", &s), 1);
    assert_string_equal(s.sku, "PANEER");
    assert_int_equal(s.unit, UNIT_GRAM);
    assert_int_equal(master_sku(c->j, "NONE", &s), 0);
    assert_int_equal(master_gtin(c->j, "00000000000000", &s, &pack), 0);
    assert_int_equal(master_instore(c->j, "1", &s), 0);
}

static void a_case_without_inner_packs_stands_second(void **state)
{
    struct journal_case *c = *state;
    struct catalogue_sku s;
    assert_int_equal(master_sku(c->j, "TEA-250", &s), 1);
    assert_int_equal(s.packs_count, 2);
    assert_int_equal(s.packs[1].level, PACK_CASE);
    assert_int_equal(s.packs[1].units, 24);
}

static void parties_bins_and_workers_are_found(void **state)
{
    struct journal_case *c = *state;
    struct catalogue_party p;
    assert_int_equal(master_party(c->j, "OUT-002", &p), 1);
    assert_string_equal(p.name, "Fresh Mart, Dharampeth");
    assert_int_equal(p.kind, PARTY_OUTLET);
    assert_int_equal(p.min_life_days, 45);
    struct catalogue_bin b;
    assert_int_equal(master_bin(c->j, "QUAR", &b), 1);
    assert_int_equal(b.kind, BIN_QUARANTINE);
    struct catalogue_worker w;
    assert_int_equal(master_worker(c->j, "W02", &w), 1);
    assert_int_equal(w.role, 1);
    assert_string_equal(w.language, "en");
    assert_int_equal(master_worker(c->j, "W99", &w), 0);
}

struct lines {
    int n;
    char text[8][64];
};

static int on_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_order_line *o = record;
    struct lines *l = context;
    snprintf(l->text[l->n++], sizeof(l->text[0]), "%s/%d", o->document, (int)o->line);
    return l->n == 4 ? 5 : 0;
}

static void orders_come_by_due_day_document_and_line(void **state)
{
    struct journal_case *c = *state;
    struct lines l = {0};
    assert_int_equal(master_orders(c->j, on_line, &l), 5); /* it stopped the walk */
    assert_string_equal(l.text[0], "PO-501/1");
    assert_string_equal(l.text[1], "SO-1001/1");
    assert_string_equal(l.text[2], "SO-1001/2");
    assert_string_equal(l.text[3], "OF-7/1"); /* the plan's stand among them */
    l.n = 0;
    assert_int_equal(master_order(c->j, "SO-1001", on_line, &l), 0);
    assert_int_equal(l.n, 2);
    assert_int_equal(master_order(c->j, "nothing", on_line, &l), 0);
    assert_int_equal(l.n, 2);
}

static void a_document_of_orders_and_plan_is_the_plans(void **state)
{
    struct journal_case *c = *state;
    char *header = file_text("orders");
    *strchr(header, '\n') = '\0';
    char plan[256];
    snprintf(plan, sizeof(plan), "%s\nSO-1001,sale,7,OUT-001,BISC-80,24,2026-11-02,,,,\n", header);
    free(header);
    assert_int_equal(apply_text(c, DOCUMENT_PLAN, 4, plan), 0);
    struct lines l = {0};
    assert_int_equal(master_order(c->j, "SO-1001", on_line, &l), 0);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.text[0], "SO-1001/7");
    l.n = 0;
    assert_int_equal(master_orders(c->j, on_line, &l), 0);
    assert_int_equal(l.n, 3);
    assert_string_equal(l.text[1], "SO-1001/7");
}

static void search_looks_into_code_names_and_brand(void **state)
{
    struct journal_case *c = *state;
    struct catalogue_sku s[3];
    assert_int_equal(master_search(c->j, "tea", s, 3), 1);
    assert_string_equal(s[0].sku, "TEA-250");
    assert_int_equal(master_search(c->j, "gOMATA", s, 3), 1);
    assert_string_equal(s[0].sku, "UHT-1L");
    assert_int_equal(master_search(c->j, "पनीर", s, 3), 1);
    assert_string_equal(s[0].sku, "PANEER");
    assert_int_equal(master_search(c->j, "", s, 3), 3);
    assert_int_equal(master_search(c->j, "no such", s, 3), 0);
}

static void applying_is_an_entry_with_version_and_digest(void **state)
{
    struct journal_case *c = *state;
    assert_int_equal(journal_head(c->j), 1 + DOCUMENT_TYPE_COUNT);
    int32_t version = 0;
    assert_int_equal(master_version(c->j, DOCUMENT_BINS, &version), 0);
    assert_int_equal(version, 3);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    struct catalogue_bin b;
    assert_int_equal(master_bin(c->j, "A-01", &b), 1);
    case_sound(c->j);
}

static void the_same_version_again_does_nothing(void **state)
{
    struct journal_case *c = *state;
    char *text = file_text("bins");
    assert_int_equal(apply_text(c, DOCUMENT_BINS, 3, text), -EEXIST);
    assert_int_equal(journal_pending(c->j), 0);
    text[strlen(text) - 2] = '7'; /* the same version with other bytes is taken */
    assert_int_equal(apply_text(c, DOCUMENT_BINS, 3, text), 0);
    free(text);
    assert_int_equal(journal_commit(c->j), 0);
}

static void a_newer_document_replaces_the_whole(void **state)
{
    struct journal_case *c = *state;
    assert_int_equal(
        apply_text(c, DOCUMENT_CATALOGUE, 4, "unit,sku,name,extra\ng,NEW,New thing,x\n"), 0);
    assert_int_equal(journal_commit(c->j), 0);
    struct catalogue_sku s;
    size_t pack = 0;
    assert_int_equal(master_sku(c->j, "NEW", &s), 1);
    assert_int_equal(s.packs_count, 1);
    assert_int_equal(s.packs[0].units, 1);
    assert_int_equal(master_sku(c->j, "TEA-250", &s), 0);
    assert_int_equal(master_gtin(c->j, "18901234567897", &s, &pack), 0);
    assert_int_equal(master_instore(c->j, "41094", &s), 0);
    struct catalogue_bin b; /* the others stand */
    assert_int_equal(master_bin(c->j, "A-01", &b), 1);
}

struct refusal {
    const char *name;
    enum document_type type;
    const char *text;
    int line;
    const char *want;
};

static struct refusal refusals[] = {
    {"a SKU that appears twice", DOCUMENT_CATALOGUE,
     "sku,name,unit\nA,a,piece\nB,b,piece\nA,c,piece\n", 4, "\"A\" appears twice"},
    {"a GTIN that two SKUs have", DOCUMENT_CATALOGUE,
     "sku,name,unit,piece_gtin\nA,a,piece,8901234567890\nB,b,piece,08901234567890\n", 3,
     "gtin = \"08901234567890\": another pack or SKU has it already"},
    {"a GTIN that two packs of a SKU have", DOCUMENT_CATALOGUE,
     "sku,name,unit,piece_gtin,case_units,case_gtin\nA,a,piece,8901234567890,12,8901234567890\n", 2,
     "another pack or SKU has it already"},
    {"an item number that two SKUs have", DOCUMENT_CATALOGUE,
     "sku,name,unit,instore_item\nA,a,g,77\nB,b,g,77\n", 3, "instore_item = \"77\""},
    {"a line of an order that appears twice", DOCUMENT_ORDERS,
     "document,kind,line,party,sku,qty\nS,sale,1,P,A,1\nS,sale,2,P,A,1\nS,sale,1,P,B,1\n", 4,
     "document \"S\", line 1 appears twice"},
    {"a row that is not right behind others that are", DOCUMENT_BINS,
     "bin,kind\nX1,rack\nX2,shelf\n", 3, "kind = \"shelf\": dock, rack, quarantine, scrap"},
};

static void refused_and_the_document_before_stands(void **state)
{
    const struct refusal *r = *state;
    void *s = NULL;
    setup(&s);
    struct journal_case *c = s;
    int64_t head = journal_head(c->j);
    assert_int_equal(apply_text(c, r->type, 9, r->text), -EINVAL);
    assert_int_equal(c->why.line, r->line);
    assert_non_null(strstr(c->why.text, r->want));
    assert_int_equal(journal_pending(c->j), 0);
    assert_int_equal(journal_head(c->j), head);
    int32_t version = 0;
    assert_int_equal(master_version(c->j, r->type, &version), 0);
    assert_int_equal(version, 3);
    struct catalogue_sku sku;
    struct catalogue_bin bin;
    assert_int_equal(master_sku(c->j, "TEA-250", &sku), 1);
    assert_int_equal(master_sku(c->j, "A", &sku), 0);
    assert_int_equal(master_bin(c->j, "A-02", &bin), 1);
    assert_int_equal(master_bin(c->j, "X1", &bin), 0);
    case_sound(c->j);
    case_teardown(&s);
}

static void a_refusal_leaves_what_waits_for_its_commit(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 5);
    case_append(c, &e, 1);
    assert_int_equal(apply_text(c, DOCUMENT_BINS, 9, "bin\n"), -EINVAL);
    assert_int_equal(journal_pending(c->j), 1);
    assert_int_equal(journal_commit(c->j), 0);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 5);
    assert_int_equal(apply_text(c, DOCUMENT_BINS, 0, "bin,kind\n"), -EINVAL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, case_teardown)

int main(void)
{
    const struct CMUnitTest fixed[] = {
        TEST(a_sku_is_found_by_code_by_gtin_and_by_item_number),
        TEST(a_case_without_inner_packs_stands_second),
        TEST(parties_bins_and_workers_are_found),
        TEST(orders_come_by_due_day_document_and_line),
        TEST(a_document_of_orders_and_plan_is_the_plans),
        TEST(search_looks_into_code_names_and_brand),
        TEST(applying_is_an_entry_with_version_and_digest),
        TEST(the_same_version_again_does_nothing),
        TEST(a_newer_document_replaces_the_whole),
        TEST(a_refusal_leaves_what_waits_for_its_commit),
    };
    struct CMUnitTest tests[ARRAY_LEN(fixed) + ARRAY_LEN(refusals)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        tests[n++] = (struct CMUnitTest){refusals[i].name, refused_and_the_document_before_stands,
                                         NULL, NULL, &refusals[i]};
    return cmocka_run_group_tests_name("master", tests, NULL, NULL);
}
