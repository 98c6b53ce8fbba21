/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "chain.h"

static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    uint8_t d[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    sha256("abc", 3, d); /* FIPS 180-2 appendix B.1 */
    assert_string_equal(sha256_hex(d, hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256(NULL, 0, d);
    assert_string_equal(sha256_hex(d, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_pair("a", 1, "bc", 2, d);
    assert_string_equal(sha256_hex(d, hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void journals_that_differ_in_one_part_begin_differently(void **state)
{
    (void)state;
    const struct origin a = {"t", "d", 1};
    const struct origin b[] = {{"t2", "d", 1}, {"t", "d2", 1}, {"t", "d", 2}, {"td", "", 1}};
    struct chain_head h = chain_genesis(&a);
    for (size_t i = 0; i < sizeof(b) / sizeof(b[0]); i++) {
        struct chain_head other = chain_genesis(&b[i]);
        assert_memory_not_equal(h.hash, other.hash, SHA256_SIZE);
    }
}

static void every_entry_and_its_order_count(void **state)
{
    (void)state;
    const struct origin o = {"t", "d", 1};
    struct chain_head h0 = chain_genesis(&o);
    struct chain_head ab = chain_next(&h0, "a", 1);
    ab = chain_next(&ab, "b", 1);
    struct chain_head ba = chain_next(&h0, "b", 1);
    ba = chain_next(&ba, "a", 1);
    assert_memory_not_equal(ab.hash, ba.hash, SHA256_SIZE);
}

static void names_are_those_of_topics(void **state)
{
    (void)state;
    struct diag why = {0};
    struct origin o = {"acme-foods", "wh-01", 1};
    assert_int_equal(origin_check(&o, &why), 0);
    o.epoch = 0;
    assert_int_equal(origin_check(&o, &why), -EINVAL);
    assert_non_null(strstr(why.text, "epoch"));
    o = (struct origin){"Acme", "wh-01", 1};
    assert_int_equal(origin_check(&o, &why), -EINVAL);
    assert_non_null(strstr(why.text, "tenant \"Acme\""));
    o = (struct origin){"acme", "", 1};
    assert_int_equal(origin_check(&o, &why), -EINVAL);
    assert_non_null(strstr(why.text, "device"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(journals_that_differ_in_one_part_begin_differently),
        cmocka_unit_test(every_entry_and_its_order_count),
        cmocka_unit_test(names_are_those_of_topics),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
