/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "control.h"

#define HEX32 "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
#define BYTES32                                                                                    \
    {                                                                                              \
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
            26, 27, 28, 29, 30, 31, 32                                                             \
    }

struct good {
    const char *name;
    const char *text; /* as version 1 of the contract wrote it: it stays readable for ever */
    struct control message;
};

static struct good goods[] = {
    {"hello",
     "{\"m\":\"hello\",\"ten\":\"acme\",\"dev\":\"wh-1\",\"ep\":2,\"s\":65537,\"floor\":10,"
     "\"head\":42,\"hash\":\"" HEX32 "\",\"fw\":\"0.1.0\",\"schema\":1,\"wire\":[1,3],"
     "\"have\":{\"catalogue\":7,\"orders\":0}}",
     {.kind = CONTROL_HELLO,
      .session = 65537,
      .hello = {.origin = {"acme", "wh-1", 2},
                .floor = 10,
                .head = 42,
                .hash = BYTES32,
                .release = "0.1.0",
                .schema = 1,
                .wire = {1, 3},
                .have = {{"catalogue", 7}, {"orders", 0}},
                .have_count = 2}}},
    {"resume",
     "{\"m\":\"resume\",\"s\":65537,\"wm\":40,\"safe\":39,\"now\":1792780200000,\"wire\":1,"
     "\"window\":8,\"flush_ms\":1000,\"want\":{\"catalogue\":[8,\"" HEX32 "\",123456]}}",
     {.kind = CONTROL_RESUME,
      .session = 65537,
      .resume = {.wm = 40,
                 .safe = 39,
                 .now_ms = 1792780200000,
                 .wire = 1,
                 .window = 8,
                 .flush_ms = 1000,
                 .want = {{"catalogue", 8, BYTES32, 123456}},
                 .want_count = 1}}},
    {"resume that wants nothing",
     "{\"m\":\"resume\",\"s\":0,\"wm\":0,\"safe\":0,\"now\":0,\"wire\":1,\"window\":1,"
     "\"flush_ms\":0,\"want\":{}}",
     {.kind = CONTROL_RESUME, .resume = {.wire = 1, .window = 1}}},
    {"resume of a relay that keeps entries ahead of their turn",
     "{\"m\":\"resume\",\"s\":0,\"wm\":0,\"safe\":0,\"now\":0,\"wire\":2,\"window\":1,"
     "\"flush_ms\":0,\"early\":64,\"want\":{}}",
     {.kind = CONTROL_RESUME, .resume = {.wire = 2, .window = 1, .early = 64}}},
    {"ack",
     "{\"m\":\"ack\",\"s\":65537,\"wm\":42,\"safe\":40}",
     {.kind = CONTROL_ACK, .session = 65537, .ack = {42, 40}}},
    {"nack",
     "{\"m\":\"nack\",\"s\":65537,\"wm\":42,\"why\":\"quota\",\"retry_ms\":30000}",
     {.kind = CONTROL_NACK, .session = 65537, .nack = {42, NACK_QUOTA, 30000}}},
    {"get",
     "{\"m\":\"get\",\"ten\":\"acme\",\"dev\":\"wh-1\",\"ep\":4294967295,\"s\":65537,"
     "\"type\":\"orders\",\"version\":18,\"from\":17,\"at\":3}",
     {.kind = CONTROL_GET,
      .session = 65537,
      .get = {{"acme", "wh-1", UINT32_MAX}, "orders", 18, 17, 3, 0}}},
    {"get, where HTTPS will do",
     "{\"m\":\"get\",\"ten\":\"acme\",\"dev\":\"wh-1\",\"ep\":1,\"s\":65537,"
     "\"type\":\"orders\",\"version\":18,\"from\":0,\"at\":0,\"fetch\":1}",
     {.kind = CONTROL_GET, .session = 65537, .get = {{"acme", "wh-1", 1}, "orders", 18, 0, 0, 1}}},
    {"fetch",
     "{\"m\":\"fetch\",\"s\":65537,\"type\":\"catalogue\",\"version\":7,\"bytes\":400000,"
     "\"ticket\":\"1.acme.wh-1.aa\"}",
     {.kind = CONTROL_FETCH,
      .session = 65537,
      .fetch = {"catalogue", 7, 400000, "1.acme.wh-1.aa"}}},
    {"command",
     "{\"m\":\"command\",\"s\":65537,\"id\":9007199254740991,\"expires\":1792780200000,"
     "\"what\":\"reboot\"}",
     {.kind = CONTROL_COMMAND,
      .session = 65537,
      .command = {CONTROL_NUMBER_MAX, 1792780200000, "reboot"}}},
};

static void a_message_is_written_and_read_back(void **state)
{
    const struct good *g = *state;
    char buf[CONTROL_MAX];
    size_t len = control_write(&g->message, buf);
    assert_int_equal(len, strlen(g->text));
    assert_memory_equal(buf, g->text, len);

    struct control back;
    struct diag why = {0};
    assert_int_equal(control_read(g->text, len, &back, &why), 0);
    assert_int_equal(back.kind, g->message.kind);
    char again[CONTROL_MAX];
    assert_int_equal(control_write(&back, again), len);
    assert_memory_equal(again, buf, len);
}

struct odd {
    const char *name;
    const char *text;
    int err;
    const char *words; /* that the diagnosis holds */
};

#define ACK(rest) "{\"m\":\"ack\",\"s\":1,\"wm\":2," rest "}"

static struct odd odds[] = {
    {"members of a newer release are passed over",
     ACK("\"safe\":1,\"lanes\":[{\"n\":1}],\"x\":null"), 0, ""},
    {"blanks do not matter", " { \"m\" : \"ack\",\n\"s\":1, \"wm\":2, \"safe\":1 } \n", 0, ""},
    {"a whole number may be written with an exponent", ACK("\"safe\":1e0"), 0, ""},
    {"a NACK with a reason of a newer release is read",
     "{\"m\":\"nack\",\"s\":1,\"wm\":2,\"why\":\"moon\",\"retry_ms\":5}", 0, ""},
    {"a message of a newer release is told apart", "{\"m\":\"sing\",\"s\":1}", -EPROTO, "sing"},
    {"nothing", "", -EBADMSG, "not JSON"},
    {"no object", "[1]", -EBADMSG, "object"},
    {"cut", "{\"m\":\"ack\",\"s\":1,\"wm\":2,\"saf", -EBADMSG, "not JSON at byte"},
    {"something behind it", ACK("\"safe\":1") "x", -EBADMSG, "not JSON at byte"},
    {"no kind", "{\"s\":1}", -EBADMSG, "m: is missing"},
    {"a kind that is no text", "{\"m\":1}", -EBADMSG, "m: a text"},
    {"a member is missing", "{\"m\":\"ack\",\"s\":1,\"safe\":2}", -EBADMSG, "wm: is missing"},
    {"a member stands there twice", ACK("\"wm\":2,\"safe\":1"), -EBADMSG, "wm: stands there twice"},
    {"a text where a number belongs", ACK("\"safe\":\"1\""), -EBADMSG, "safe: a whole number"},
    {"a fraction", ACK("\"safe\":1.5"), -EBADMSG, "safe: a whole number"},
    {"a negative number", ACK("\"safe\":-1"), -EBADMSG, "safe: a whole number from 0"},
    {"a number beyond 2^53", ACK("\"safe\":9007199254740992"), -EBADMSG, "safe: a whole number"},
    {"a number beyond all doubles", ACK("\"safe\":1e999"), -EBADMSG, "safe: a whole number"},
    {"a NUL in a name", "{\"m\":\"ack\\u0000\",\"s\":1,\"wm\":2,\"safe\":1}", -EBADMSG, "a NUL"},
    {"nested deeper than any message", ACK("\"safe\":1,\"x\":[[[[1]]]]"), -EBADMSG, "nested"},
    {"brackets in a text do not nest", ACK("\"safe\":1,\"x\":\"[[[[[[\\\"[[\""), 0, ""},
    {"a tenant in capitals",
     "{\"m\":\"get\",\"ten\":\"Acme\",\"dev\":\"d\",\"ep\":1,\"s\":1,\"type\":\"o\",\"version\":1,"
     "\"from\":0,\"at\":0}",
     -EBADMSG, "ten: a text"},
    {"a document's name too long",
     "{\"m\":\"get\",\"ten\":\"acme\",\"dev\":\"d\",\"ep\":1,\"s\":1,"
     "\"type\":\"abcdefghijklmnopq\",\"version\":1,\"from\":0,\"at\":0}",
     -EBADMSG, "type: a text of 1 to 16"},
    {"version 0 of a document",
     "{\"m\":\"get\",\"ten\":\"acme\",\"dev\":\"d\",\"ep\":1,\"s\":1,\"type\":\"o\",\"version\":0,"
     "\"from\":0,\"at\":0}",
     -EBADMSG, "version: a whole number from 1"},
    {"a command that would need escapes",
     "{\"m\":\"command\",\"s\":1,\"id\":1,\"expires\":1,\"what\":\"re\\\"boot\"}", -EBADMSG,
     "what: a text"},
    {"a window of none",
     "{\"m\":\"resume\",\"s\":0,\"wm\":0,\"safe\":0,\"now\":0,\"wire\":1,\"window\":0,"
     "\"flush_ms\":0,\"want\":{}}",
     -EBADMSG, "window: a whole number from 1"},
    {"a digest with a digit too few",
     "{\"m\":\"resume\",\"s\":0,\"wm\":0,\"safe\":0,\"now\":0,\"wire\":1,\"window\":1,"
     "\"flush_ms\":0,\"want\":{\"orders\":[1,\"00\",5]}}",
     -EBADMSG, "want: 64 hexadecimal digits"},
    {"a document wanted twice",
     "{\"m\":\"resume\",\"s\":0,\"wm\":0,\"safe\":0,\"now\":0,\"wire\":1,\"window\":1,"
     "\"flush_ms\":0,\"want\":{\"orders\":[1,\"" HEX32 "\",5],\"orders\":[2,\"" HEX32 "\",5]}}",
     -EBADMSG, "orders: stands there twice"},
};

static void text_from_outside_is_read_or_refused(void **state)
{
    const struct odd *o = *state;
    struct control c = {.session = -7};
    struct diag why = {0};
    assert_int_equal(control_read(o->text, strlen(o->text), &c, &why), o->err);
    if (o->err < 0) {
        assert_int_equal(c.session, -7);
        assert_non_null(strstr(why.text, o->words));
    }
}

static void an_unknown_reason_is_not_taken_for_a_known_one(void **state)
{
    (void)state;
    static const char text[] = "{\"m\":\"nack\",\"s\":1,\"wm\":2,\"why\":\"moon\",\"retry_ms\":5}";
    struct control c;
    assert_int_equal(control_read(text, strlen(text), &c, NULL), 0);
    assert_int_equal(c.nack.why, NACK_OTHER);
}

static void the_largest_messages_fit(void **state)
{
    (void)state;
    struct control resume = {.kind = CONTROL_RESUME,
                             .session = CONTROL_NUMBER_MAX,
                             .resume = {.wm = CONTROL_NUMBER_MAX,
                                        .safe = CONTROL_NUMBER_MAX,
                                        .now_ms = CONTROL_NUMBER_MAX,
                                        .wire = WIRE_VERSION_MAX,
                                        .window = CONTROL_WINDOW_MAX,
                                        .flush_ms = CONTROL_INTERVAL_MAX,
                                        .early = CONTROL_EARLY_MAX,
                                        .want_count = CONTROL_DOCUMENTS_MAX}};
    for (int i = 0; i < CONTROL_DOCUMENTS_MAX; i++) {
        struct control_want *w = &resume.resume.want[i];
        memset(w->type, 'a' + i, sizeof(w->type) - 1);
        w->version = w->bytes = CONTROL_NUMBER_MAX;
    }
    char buf[CONTROL_MAX];
    size_t len = control_write(&resume, buf);
    struct control back;
    assert_int_equal(control_read(buf, len, &back, NULL), 0);
    assert_int_equal(back.resume.want_count, CONTROL_DOCUMENTS_MAX);
    assert_string_equal(back.resume.want[15].type, "pppppppppppppppp");
}

static void too_long_a_message_is_refused_before_it_is_read(void **state)
{
    (void)state;
    char text[CONTROL_MAX + 1];
    memset(text, ' ', sizeof(text));
    memcpy(text, "{}", 2);
    struct control c;
    assert_int_equal(control_read(text, sizeof(text), &c, NULL), -EBADMSG);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(goods) + ARRAY_LEN(odds) + 3];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(goods); i++)
        tests[n++] = (struct CMUnitTest){goods[i].name, a_message_is_written_and_read_back, NULL,
                                         NULL, &goods[i]};
    for (size_t i = 0; i < ARRAY_LEN(odds); i++)
        tests[n++] = (struct CMUnitTest){odds[i].name, text_from_outside_is_read_or_refused, NULL,
                                         NULL, &odds[i]};
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(an_unknown_reason_is_not_taken_for_a_known_one);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_largest_messages_fit);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(too_long_a_message_is_refused_before_it_is_read);
    return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
