/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "authority.h"
#include "certificate.h"
#include "scratch.h"

#define NOW_MS INT64_C(1800000000000) /* January 2027 */
#define DAY_MS INT64_C(86400000)

/* A root, two tenants under it, a device of the first and a broker. */
struct world {
    struct scratch scratch;
    struct key *root_key;
    struct key *acme_key;
    struct key *other_key;
    struct key *device_key;
    char root[CERTIFICATE_PEM_SIZE];
    char acme[CERTIFICATE_PEM_SIZE];
    char other[CERTIFICATE_PEM_SIZE];
    char device[CERTIFICATE_PEM_SIZE];
    char chain[2 * CERTIFICATE_PEM_SIZE]; /* device, then its tenant's authority */
};

static void must(int err)
{
    assert_int_equal(err, 0);
}

static void make_key(struct world *w, const char *name, struct key **ret)
{
    assert_int_equal(key_open(scratch_path(&w->scratch, name), ret), 1);
}

static void issue(const struct key *issuer_key, const char *issuer, enum authority_role role,
                  const char *name, const struct key *key, char ret[CERTIFICATE_PEM_SIZE])
{
    char request[CERTIFICATE_REQUEST_SIZE];
    must(certificate_request(key, name, request));
    const struct authority_order order = {.role = role,
                                          .name = name,
                                          .request = request,
                                          .from_ms = NOW_MS - DAY_MS,
                                          .to_ms = NOW_MS + 90 * DAY_MS,
                                          .hosts = {"localhost", "127.0.0.1", "::1"},
                                          .hosts_count = role == AUTHORITY_SERVER ? 3 : 0};
    must(authority_issue(issuer_key, issuer, &order, ret));
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->scratch = scratch_new();
    make_key(w, "root", &w->root_key);
    make_key(w, "acme", &w->acme_key);
    make_key(w, "other", &w->other_key);
    make_key(w, "device", &w->device_key);
    must(authority_root(w->root_key, "VyaparSahayak root", NOW_MS - 10 * DAY_MS,
                        NOW_MS + 3650 * DAY_MS, w->root));
    issue(w->root_key, w->root, AUTHORITY_TENANT, "acme", w->acme_key, w->acme);
    issue(w->root_key, w->root, AUTHORITY_TENANT, "other", w->other_key, w->other);
    issue(w->acme_key, w->acme, AUTHORITY_DEVICE, "acme.wh-1", w->device_key, w->device);
    snprintf(w->chain, sizeof(w->chain), "%s%s", w->device, w->acme);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    key_free(w->root_key);
    key_free(w->acme_key);
    key_free(w->other_key);
    key_free(w->device_key);
    scratch_remove(&w->scratch);
    free(w);
    return 0;
}

static void a_key_is_made_once_and_is_its_owners_alone(void **state)
{
    struct world *w = *state;
    const char *path = scratch_path(&w->scratch, "device");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    AUTO(key) again = NULL;
    assert_int_equal(key_open(path, &again), 0);
    uint8_t a[SHA256_SIZE];
    uint8_t b[SHA256_SIZE];
    key_fingerprint(w->device_key, a);
    key_fingerprint(again, b);
    assert_memory_equal(a, b, sizeof(a));
    key_fingerprint(w->acme_key, b);
    assert_memory_not_equal(a, b, sizeof(a));
}

static void a_key_that_others_may_read_or_that_is_none_is_refused(void **state)
{
    struct world *w = *state;
    AUTO(key) k = NULL;
    const char *path = scratch_write(&w->scratch, "bad", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(key_open(path, &k), -EPERM);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(key_open(path, &k), -EBADMSG);
    assert_int_equal(key_read(scratch_path(&w->scratch, "none"), &k), -ENOENT);
    assert_null(k);
}

static void a_request_shows_its_name_and_that_its_key_is_held(void **state)
{
    struct world *w = *state;
    char pem[CERTIFICATE_REQUEST_SIZE];
    must(certificate_request(w->device_key, "acme.wh-1", pem));
    char name[CERTIFICATE_NAME_SIZE];
    uint8_t key[SHA256_SIZE];
    uint8_t mine[SHA256_SIZE];
    must(certificate_request_read(pem, name, key));
    assert_string_equal(name, "acme.wh-1");
    key_fingerprint(w->device_key, mine);
    assert_memory_equal(key, mine, sizeof(key));
    assert_int_equal(certificate_request_read(w->root, name, key), -EBADMSG);
    assert_int_equal(certificate_request_read("", name, key), -EBADMSG);
}

static void a_request_that_was_changed_is_refused(void **state)
{
    struct world *w = *state;
    char pem[CERTIFICATE_REQUEST_SIZE];
    must(certificate_request(w->device_key, "acme.wh-1", pem));
    char name[CERTIFICATE_NAME_SIZE];
    uint8_t key[SHA256_SIZE];
    char *body = strchr(pem, '\n') + 1;
    size_t refused = 0;
    for (char *at = body; *at != '-'; at++) { /* every digit of it, one at a time */
        if (*at == '\n' || *at == '=' ||
            at[1] == '=') /* bits of the last digit stand for nothing */
            continue;
        char was = *at;
        *at = was == 'A' ? 'B' : 'A';
        assert_int_not_equal(certificate_request_read(pem, name, key), 0);
        refused++;
        *at = was;
    }
    assert_true(refused > 200);
}

static void names_that_would_be_two_are_refused(void **state)
{
    struct world *w = *state;
    static const char *const names[] = {"", " a", "a,O=b", "a=b", "a\nb", "a+b", "अ"};
    char pem[CERTIFICATE_REQUEST_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_int_equal(certificate_request(w->device_key, names[i], pem), -EINVAL);
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE];
    must(certificate_name_parse("acme.wh-1", tenant, device));
    assert_string_equal(tenant, "acme");
    assert_string_equal(device, "wh-1");
    static const char *const not_names[] = {"acme", "acme.", ".wh", "a.b.c", "A.b", "a.b/c", "a.+"};
    for (size_t i = 0; i < ARRAY_LEN(not_names); i++)
        assert_int_equal(certificate_name_parse(not_names[i], tenant, device), -EINVAL);
}

static void facts_are_what_was_ordered(void **state)
{
    struct world *w = *state;
    struct certificate_facts f;
    must(certificate_read(w->chain, &f)); /* the first one of it */
    assert_string_equal(f.name, "acme.wh-1");
    assert_string_equal(f.issuer, "acme");
    assert_false(f.authority);
    assert_int_equal(strlen(f.serial), 32);
    assert_true(f.from_ms == NOW_MS - DAY_MS);
    assert_true(f.to_ms == NOW_MS + 90 * DAY_MS + 999);
    uint8_t mine[SHA256_SIZE];
    key_fingerprint(w->device_key, mine);
    assert_memory_equal(f.key, mine, sizeof(mine));
    must(certificate_read(w->acme, &f));
    assert_true(f.authority);
}

static int check(const struct world *w, const char *chain, int64_t now_ms, bool doubtful,
                 const char *name, const char *crl)
{
    struct diag why = {0};
    const struct certificate_check c = {.chain = chain,
                                        .ca = w->root,
                                        .crl = crl,
                                        .name = name,
                                        .now_ms = now_ms,
                                        .doubtful = doubtful};
    int err = certificate_check(&c, &why);
    assert_true(err == 0 || why.text[0]);
    return err;
}

static void a_chain_leads_to_its_root_at_its_time(void **state)
{
    struct world *w = *state;
    char wrong[2 * CERTIFICATE_PEM_SIZE];
    assert_int_equal(check(w, w->chain, NOW_MS, false, NULL, NULL), 0);
    assert_int_equal(check(w, w->chain, NOW_MS, false, "acme.wh-1", NULL), 0);
    assert_int_equal(check(w, w->chain, NOW_MS, false, "acme.wh-2", NULL), -EKEYREJECTED);
    assert_int_equal(check(w, w->chain, NOW_MS + 91 * DAY_MS, false, NULL, NULL), -EKEYEXPIRED);
    assert_int_equal(check(w, w->chain, NOW_MS - 2 * DAY_MS, false, NULL, NULL), -EKEYEXPIRED);
    assert_int_equal(check(w, w->chain, 0, true, NULL, NULL), 0); /* no battery, no network yet */
    assert_int_equal(check(w, w->device, NOW_MS, false, NULL, NULL), -EKEYREJECTED);
    snprintf(wrong, sizeof(wrong), "%s%s", w->device, w->other);
    assert_int_equal(check(w, wrong, NOW_MS, false, NULL, NULL), -EKEYREJECTED);
    assert_int_equal(check(w, "no certificate", NOW_MS, false, NULL, NULL), -EBADMSG);
}

static void a_tenants_authority_cannot_make_another_one(void **state)
{
    struct world *w = *state;
    char below[CERTIFICATE_PEM_SIZE];
    char leaf[CERTIFICATE_PEM_SIZE];
    char chain[3 * CERTIFICATE_PEM_SIZE];
    AUTO(key) key = NULL;
    make_key(w, "below", &key);
    issue(w->acme_key, w->acme, AUTHORITY_TENANT, "below", key, below);
    issue(key, below, AUTHORITY_DEVICE, "acme.wh-9", w->device_key, leaf);
    snprintf(chain, sizeof(chain), "%s%s%s", leaf, below, w->acme);
    assert_int_equal(check(w, chain, NOW_MS, false, NULL, NULL), -EKEYREJECTED);
}

static void an_order_that_makes_no_sense_is_refused(void **state)
{
    struct world *w = *state;
    char request[CERTIFICATE_REQUEST_SIZE];
    char pem[CERTIFICATE_PEM_SIZE];
    must(certificate_request(w->device_key, "x", request));
    struct authority_order order = {.role = AUTHORITY_DEVICE,
                                    .name = "acme.wh-1",
                                    .request = request,
                                    .from_ms = NOW_MS,
                                    .to_ms = NOW_MS + DAY_MS};
    assert_int_equal(authority_issue(w->other_key, w->acme, &order, pem), -EPERM);
    assert_int_equal(authority_issue(w->device_key, w->device, &order, pem), -EPERM);
    order.request = w->root;
    assert_int_equal(authority_issue(w->acme_key, w->acme, &order, pem), -EBADMSG);
    order.request = request;
    order.to_ms = order.from_ms;
    assert_int_equal(authority_issue(w->acme_key, w->acme, &order, pem), -EINVAL);
    order.to_ms = NOW_MS + DAY_MS;
    order.role = AUTHORITY_SERVER; /* without a host */
    assert_int_equal(authority_issue(w->acme_key, w->acme, &order, pem), -EINVAL);
}

static void what_was_withdrawn_is_refused_and_the_rest_is_not(void **state)
{
    struct world *w = *state;
    char second[CERTIFICATE_PEM_SIZE];
    char chain[2 * CERTIFICATE_PEM_SIZE];
    issue(w->acme_key, w->acme, AUTHORITY_DEVICE, "acme.wh-2", w->device_key, second);
    snprintf(chain, sizeof(chain), "%s%s", second, w->acme);
    struct certificate_facts f;
    must(certificate_read(w->device, &f));
    struct authority_revoked revoked = {.at_ms = NOW_MS};
    strcpy(revoked.serial, f.serial);
    char *crl = NULL;
    must(authority_crl(w->acme_key, w->acme, &revoked, 1, 7, NOW_MS, NOW_MS + DAY_MS, &crl));
    assert_int_equal(check(w, w->chain, NOW_MS, false, NULL, crl), -EKEYREVOKED);
    assert_int_equal(check(w, w->chain, NOW_MS, true, NULL, crl), -EKEYREVOKED);
    assert_int_equal(check(w, chain, NOW_MS, false, NULL, crl), 0);
    free(crl);
    must(authority_crl(w->acme_key, w->acme, NULL, 0, 8, NOW_MS, NOW_MS + DAY_MS, &crl));
    assert_int_equal(check(w, w->chain, NOW_MS, false, NULL, crl), 0);
    free(crl);
    crl = NULL;
    strcpy(revoked.serial, "xyz");
    assert_int_equal(
        authority_crl(w->acme_key, w->acme, &revoked, 1, 9, NOW_MS, NOW_MS + DAY_MS, &crl),
        -EINVAL);
    assert_int_equal(authority_crl(w->other_key, w->acme, NULL, 0, 9, NOW_MS, NOW_MS + 1000, &crl),
                     -EPERM);
    assert_null(crl);
}

static void a_long_list_of_withdrawn_ones_is_whole(void **state)
{
    struct world *w = *state;
    const size_t count = 2000;
    struct authority_revoked *revoked = calloc(count, sizeof(*revoked));
    assert_non_null(revoked);
    struct certificate_facts f;
    must(certificate_read(w->device, &f));
    for (size_t i = 0; i < count; i++) {
        snprintf(revoked[i].serial, sizeof(revoked[i].serial), "ff%030zx", i);
        revoked[i].at_ms = NOW_MS;
    }
    strcpy(revoked[count - 1].serial, f.serial);
    char *crl = NULL;
    must(authority_crl(w->acme_key, w->acme, revoked, count, 1, NOW_MS, NOW_MS + DAY_MS, &crl));
    assert_int_equal(check(w, w->chain, NOW_MS, false, NULL, crl), -EKEYREVOKED);
    free(crl);
    free(revoked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made_once_and_is_its_owners_alone),
        cmocka_unit_test(a_key_that_others_may_read_or_that_is_none_is_refused),
        cmocka_unit_test(a_request_shows_its_name_and_that_its_key_is_held),
        cmocka_unit_test(a_request_that_was_changed_is_refused),
        cmocka_unit_test(names_that_would_be_two_are_refused),
        cmocka_unit_test(facts_are_what_was_ordered),
        cmocka_unit_test(a_chain_leads_to_its_root_at_its_time),
        cmocka_unit_test(a_tenants_authority_cannot_make_another_one),
        cmocka_unit_test(an_order_that_makes_no_sense_is_refused),
        cmocka_unit_test(what_was_withdrawn_is_refused_and_the_rest_is_not),
        cmocka_unit_test(a_long_list_of_withdrawn_ones_is_whole),
    };
    return cmocka_run_group_tests_name("certificate", tests, setup, teardown);
}
