/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "hmac.h"

/* RFC 4231, test cases 1, 2, 3 and 6. */
struct row {
    const char *name;
    const char *key;
    size_t key_len;
    char key_byte; /* key is this, key_len times, when key is NULL */
    const char *text;
    size_t text_len;
    char text_byte;
    const char *want;
};

static const struct row rows[] = {
    {"a key of twenty bytes", NULL, 20, 0x0b, "Hi There", 8, 0,
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"a key that is shorter than the digest", "Jefe", 4, 0, "what do ya want for nothing?", 28, 0,
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"key and text together longer than a block", NULL, 20, (char)0xaa, NULL, 50, (char)0xdd,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"a key that is longer than a block", NULL, 131, (char)0xaa,
     "Test Using Larger Than Block-Size Key - Hash Key First", 54, 0,
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
};

static void vector_row(void **state)
{
    const struct row *r = *state;
    char key[160];
    char text[160];
    memset(key, r->key_byte, sizeof(key));
    memset(text, r->text_byte, sizeof(text));
    if (r->key)
        memcpy(key, r->key, r->key_len);
    if (r->text)
        memcpy(text, r->text, r->text_len);
    uint8_t got[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    hmac_sha256(key, r->key_len, text, r->text_len, got);
    assert_string_equal(sha256_hex(got, hex), r->want);
}

static void one_bit_makes_a_difference(void **state)
{
    (void)state;
    uint8_t a[SHA256_SIZE] = {1, 2, 3};
    uint8_t b[SHA256_SIZE] = {1, 2, 3};
    assert_true(hmac_equal(a, b, sizeof(a)));
    for (size_t i = 0; i < sizeof(a) * 8; i++) {
        b[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(hmac_equal(a, b, sizeof(a)));
        b[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, vector_row, NULL, NULL, (void *)&rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(one_bit_makes_a_difference);
    return cmocka_run_group_tests_name("hmac", tests, NULL, NULL);
}
