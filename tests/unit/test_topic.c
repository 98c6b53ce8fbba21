/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "topic.h"
#include "wire.h"

#define LONGEST "abcdefghijklmnopqrstuvwxyz-01234"

struct good {
    const char *name;
    const char *text;
    struct topic topic;
};

static struct good goods[] = {
    {"HELLO goes up", "u/17/acme.wh-1/h", {TOPIC_HELLO, 17, "acme", "wh-1"}},
    {"entries go up", "u/0/acme.wh-1/e", {TOPIC_ENTRIES, 0, "acme", "wh-1"}},
    {"notices go up", "u/9/acme.wh-1/n", {TOPIC_NOTICE, 9, "acme", "wh-1"}},
    {"control goes down", "d/acme.wh-1/c", {TOPIC_CONTROL, 0, "acme", "wh-1"}},
    {"chunks go down", "d/acme.wh-1/d", {TOPIC_CHUNKS, 0, "acme", "wh-1"}},
    {"presence stands alone", "p/acme.wh-1", {TOPIC_PRESENCE, 0, "acme", "wh-1"}},
    {"the longest names fit",
     "u/255/" LONGEST "." LONGEST "/e",
     {TOPIC_ENTRIES, 255, LONGEST, LONGEST}},
};

static void a_topic_reads_back_as_written(void **state)
{
    const struct good *g = *state;
    char buf[TOPIC_SIZE];
    assert_string_equal(topic_format(&g->topic, buf), g->text);
    struct topic back;
    assert_int_equal(topic_parse(g->text, &back), 0);
    assert_int_equal(back.kind, g->topic.kind);
    assert_int_equal(back.shard, g->topic.shard);
    assert_string_equal(back.tenant, g->topic.tenant);
    assert_string_equal(back.device, g->topic.device);
}

struct bad {
    const char *name;
    const char *text;
};

static struct bad bads[] = {
    {"refused: nothing", ""},
    {"refused: another first level", "x/acme.wh-1/c"},
    {"refused: a shard too large", "u/256/acme.wh-1/h"},
    {"refused: a shard with a zero in front", "u/01/acme.wh-1/h"},
    {"refused: a shard with a sign", "u/-1/acme.wh-1/h"},
    {"refused: no shard", "u//acme.wh-1/h"},
    {"refused: a shard where none belongs", "d/1/acme.wh-1/c"},
    {"refused: no tenant", "d/.wh-1/c"},
    {"refused: no device", "d/acme./c"},
    {"refused: no point", "d/acme/c"},
    {"refused: a second point", "d/acme.wh.1/c"},
    {"refused: capitals", "d/Acme.wh-1/c"},
    {"refused: a wildcard as device", "d/acme.+/c"},
    {"refused: a name too long", "d/" LONGEST "5.wh-1/c"},
    {"refused: an unknown last level", "u/1/acme.wh-1/c"},
    {"refused: no last level", "d/acme.wh-1"},
    {"refused: a slash at the end", "p/acme.wh-1/"},
    {"refused: a level too many", "u/1/acme.wh-1/e/x"},
};

static void another_topic_is_refused(void **state)
{
    const struct bad *b = *state;
    struct topic t = {.shard = 7};
    assert_int_equal(topic_parse(b->text, &t), -EBADMSG);
    assert_int_equal(t.shard, 7);
}

static void topic_certificate_and_payload_name_one_device(void **state)
{
    (void)state;
    struct topic t = {TOPIC_ENTRIES, 3, "acme", "wh-1"};
    struct origin same = {"acme", "wh-1", 9};
    struct origin other_device = {"acme", "wh-2", 9};
    struct origin other_tenant = {"acne", "wh-1", 9};
    struct diag why = {0};
    assert_int_equal(topic_check(&t, "acme.wh-1", &same, &why), 0);
    assert_int_equal(topic_check(&t, NULL, &same, &why), 0);
    assert_int_equal(topic_check(&t, "acme.wh-1", NULL, &why), 0);
    assert_int_equal(topic_check(&t, "acme.wh-2", &same, &why), -EACCES);
    assert_string_equal(why.text, "the topic is of acme.wh-1, the certificate of acme.wh-2");
    assert_int_equal(topic_check(&t, NULL, &other_device, &why), -EACCES);
    assert_string_equal(why.text, "the topic is of acme.wh-1, the payload of acme.wh-2");
    assert_int_equal(topic_check(&t, "acme.wh-1", &other_tenant, &why), -EACCES);
}

static void filters_cover_their_topics(void **state)
{
    (void)state;
    char buf[TOPIC_SIZE];
    assert_string_equal(topic_filter_device("acme", "wh-1", buf), "d/acme.wh-1/#");
    assert_string_equal(topic_filter_device(LONGEST, LONGEST, buf), "d/" LONGEST "." LONGEST "/#");
    assert_string_equal(topic_filter_shard(255, buf), "u/255/+/#");
    assert_string_equal(topic_filter_shard(-1, buf), "u/+/+/#");
}

/* The version matrix: each release reads its own wire and the two before, so any two that are at
 * most two apart agree on the older one's, and any others say so instead of guessing. */
static void releases_two_apart_agree_on_the_older_wire(void **state)
{
    (void)state;
    for (int device = 1; device <= 8; device++)
        for (int relay = 1; relay <= 8; relay++) {
            int older = device < relay ? device : relay;
            int newer = device < relay ? relay : device;
            int want = newer - older <= WIRE_BEFORE ? older : -EPROTO;
            assert_int_equal(wire_choose(wire_range(device), wire_range(relay)), want);
        }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(goods) + ARRAY_LEN(bads) + 3];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(goods); i++)
        tests[n++] = (struct CMUnitTest){goods[i].name, a_topic_reads_back_as_written, NULL, NULL,
                                         &goods[i]};
    for (size_t i = 0; i < ARRAY_LEN(bads); i++)
        tests[n++] =
            (struct CMUnitTest){bads[i].name, another_topic_is_refused, NULL, NULL, &bads[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(topic_certificate_and_payload_name_one_device);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(filters_cover_their_topics);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(releases_two_apart_agree_on_the_older_wire);
    return cmocka_run_group_tests_name("topic", tests, NULL, NULL);
}
