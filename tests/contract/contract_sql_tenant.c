/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sql.h promises of addresses and of the making of tenants, kept by every engine. */
#include "sql_hands.h"

static void a_tenant_must_have_been_created(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    struct diag why = {0};
    struct sql *s = NULL;
    assert_int_equal(sql_open(b->address, "nobody", &why, &s), -ENOENT);
    assert_true(strlen(why.text) > 0);
    assert_null(s);
    assert_int_equal(sql_open(b->address, "nobody", NULL, &s), -ENOENT);
    assert_int_equal(sql_tenant_create(b->owner, "somebody", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "somebody", NULL), 0);
    assert_int_equal(sql_open(b->address, "somebody", NULL, &s), 0);
    assert_string_equal(sql_tenant(s), "somebody");
    sql_free(s);
}

static void a_tenants_name_is_never_a_path_or_a_statement(void **state)
{
    static const char *const evil[] = {
        "",  "..",           "../keeps", "a/b",      "a.b",
        "A", "a b",          "a'b",      "a\"",      "a;drop table entry",
        "*", "a' OR '1'='1", "$1",       "\xC3\xA4", "0123456789012345678901234567890123",
    };
    const struct relay_case *b = relay_case_of(state);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
        struct diag why = {0};
        struct sql *s = NULL;
        assert_int_equal(sql_open(b->address, evil[i], &why, &s), -EINVAL);
        assert_true(strlen(why.text) > 0);
        assert_int_equal(sql_tenant_create(b->owner, evil[i], &why), -EINVAL);
    }
}

struct names {
    char all[4096];
    int stop_after;
};

static int on_name(const char *tenant, void *context)
{
    struct names *n = context;
    strncat(n->all, tenant, sizeof(n->all) - strlen(n->all) - 1);
    strncat(n->all, " ", sizeof(n->all) - strlen(n->all) - 1);
    return --n->stop_after == 0 ? 42 : 0;
}

static void tenants_are_listed_in_order(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    assert_int_equal(sql_tenant_create(b->owner, "list", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "list0", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "list-b", NULL), 0);
    struct names n = {0};
    assert_int_equal(sql_tenants(b->address, on_name, &n, NULL), 0);
    assert_non_null(strstr(n.all, "list list-b list0 "));
    struct names one = {.stop_after = 1};
    assert_int_equal(sql_tenants(b->address, on_name, &one, NULL), 42);
    assert_int_equal(strcspn(one.all, " "), strlen(one.all) - 1);
}

static void *create_one(void *context)
{
    struct hand *h = context;
    h->err = sql_tenant_create(h->store->owner, h->tenant, NULL);
    return NULL;
}

static void many_may_create_one_tenant_at_once(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    struct hand hands[6];
    for (size_t i = 0; i < ARRAY_LEN(hands); i++)
        hands[i] = (struct hand){.store = b, .tenant = "race"};
    hands_work(hands, ARRAY_LEN(hands), create_one);
    hands_succeeded(hands, ARRAY_LEN(hands));
    AUTO(sql) s = relay_again(b, "race");
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
}

static void an_address_must_name_an_engine(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "sqlite", "sqlite:", "oracle:x", "/tmp"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct diag why = {0};
        struct sql *s = NULL;
        assert_int_equal(sql_open(wrong[i], "a", &why, &s), -EINVAL);
        assert_non_null(strstr(why.text, "sqlite:FOLDER"));
        assert_int_equal(sql_tenants(wrong[i], on_name, NULL, &why), -EINVAL);
    }
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(a_tenant_must_have_been_created),
    cmocka_unit_test(a_tenants_name_is_never_a_path_or_a_statement),
    cmocka_unit_test(tenants_are_listed_in_order),
    cmocka_unit_test(many_may_create_one_tenant_at_once),
    cmocka_unit_test(an_address_must_name_an_engine),
};

int main(void)
{
    return relay_cases_run("sql_tenant", promises, ARRAY_LEN(promises));
}
