/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_password.h"
#include "api_token.h"

static const struct api_secret ours = {.bytes = "0123456789abcdef0123456789abcdef", .len = 32};
static const struct api_secret theirs = {.bytes = "fedcba9876543210fedcba9876543210", .len = 32};

static void write_one(char text[API_TOKEN_SIZE])
{
    struct api_token token = {.kind = TOKEN_ACCESS,
                              .tenant = "acme",
                              .user = "asha@shop.in",
                              .version = 4,
                              .expires_s = 2000};
    assert_int_equal(api_token_write(&ours, &token, text), 0);
}

static void a_token_reads_back(void **state)
{
    (void)state;
    char text[API_TOKEN_SIZE];
    struct api_token got;
    write_one(text);
    assert_int_equal(api_token_read(&ours, text, TOKEN_ACCESS, 1999, &got), 0);
    assert_string_equal(got.tenant, "acme");
    assert_string_equal(got.user, "asha@shop.in");
    assert_int_equal(got.version, 4);
}

static void a_token_ends_with_its_second(void **state)
{
    (void)state;
    char text[API_TOKEN_SIZE];
    struct api_token got;
    write_one(text);
    assert_int_equal(api_token_read(&ours, text, TOKEN_ACCESS, 2000, &got), -ETIME);
}

static void a_token_of_another_kind_or_secret_is_none(void **state)
{
    (void)state;
    char text[API_TOKEN_SIZE];
    struct api_token got = {.version = 77};
    write_one(text);
    assert_int_equal(api_token_read(&ours, text, TOKEN_REFRESH, 0, &got), -EBADMSG);
    assert_int_equal(api_token_read(&theirs, text, TOKEN_ACCESS, 0, &got), -EBADMSG);
    assert_int_equal(got.version, 77); /* written on success alone */
}

static void every_changed_byte_is_seen(void **state)
{
    (void)state;
    char text[API_TOKEN_SIZE];
    write_one(text);
    size_t len = strlen(text);
    const char *last = strrchr(text, '.');
    for (size_t i = 0; i < len; i++) {
        char other[API_TOKEN_SIZE];
        struct api_token got;
        memcpy(other, text, len + 1);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        /* The last character of a signature has two bits that mean nothing. */
        if (strcmp(other, text) == 0 || &text[i] == last + strlen(last) - 1)
            continue;
        assert_int_equal(api_token_read(&ours, other, TOKEN_ACCESS, 0, &got), -EBADMSG);
    }
}

static void an_unsigned_token_is_none(void **state)
{
    (void)state;
    /* {"alg":"none"} {"use":"access","ten":"acme","sub":"owner","ver":1,"exp":9999999999} */
    static const char none[] =
        "eyJhbGciOiJub25lIn0."
        "eyJ1c2UiOiJhY2Nlc3MiLCJ0ZW4iOiJhY21lIiwic3ViIjoib3duZXIiLCJ2ZXIiOjEsImV4cCI6OTk5OTk5OTk5"
        "OX0.";
    struct api_token got;
    assert_int_equal(api_token_read(&ours, none, TOKEN_ACCESS, 0, &got), -EBADMSG);
    assert_int_equal(api_token_read(&ours, "", TOKEN_ACCESS, 0, &got), -EBADMSG);
    assert_int_equal(api_token_read(&ours, "a.b.c", TOKEN_ACCESS, 0, &got), -EBADMSG);
}

static void a_password_is_known_by_its_hash(void **state)
{
    (void)state;
    char hash[API_HASH_SIZE];
    char other[API_HASH_SIZE];
    assert_int_equal(api_password_hash("correct horse", hash), 0);
    assert_int_equal(api_password_hash("correct horse", other), 0);
    assert_memory_equal(hash, "$y$", 3);
    assert_string_not_equal(hash, other); /* each has a salt of its own */
    assert_true(api_password_holds("correct horse", hash));
    assert_false(api_password_holds("correct horsf", hash));
    assert_false(api_password_holds("", hash));
}

static void nobody_has_no_password(void **state)
{
    (void)state;
    assert_false(api_password_holds("", ""));
    assert_false(api_password_holds("anything", ""));
    assert_false(api_password_holds("anything", "*"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_reads_back),
        cmocka_unit_test(a_token_ends_with_its_second),
        cmocka_unit_test(a_token_of_another_kind_or_secret_is_none),
        cmocka_unit_test(every_changed_byte_is_seen),
        cmocka_unit_test(an_unsigned_token_is_none),
        cmocka_unit_test(a_password_is_known_by_its_hash),
        cmocka_unit_test(nobody_has_no_password),
    };
    return cmocka_run_group_tests_name("api_token", tests, NULL, NULL);
}
