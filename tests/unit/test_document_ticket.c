/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "document_ticket.h"

#define NOW_S 1800000000

static const struct document_ticket OURS = {"acme", "wh-1", "catalogue", 7, NOW_S + 60};

static struct document_key key_of(const char *secret)
{
    return document_key(secret, strlen(secret));
}

static void a_ticket_says_what_it_was_given_for(void **state)
{
    (void)state;
    struct document_key key = key_of("a secret of the relay");
    char text[DOCUMENT_TICKET_SIZE];
    struct document_ticket got;
    document_ticket_write(&key, &OURS, text);
    assert_int_equal(document_ticket_read(&key, text, NOW_S + 60, &got), 0);
    assert_string_equal(got.tenant, "acme");
    assert_string_equal(got.device, "wh-1");
    assert_string_equal(got.type, "catalogue");
    assert_int_equal(got.version, 7);
    assert_int_equal(document_ticket_read(&key, text, NOW_S + 61, &got), -ETIME);
}

static void the_longest_names_fit(void **state)
{
    (void)state;
    struct document_key key = key_of("x");
    struct document_ticket longest = {.version = CONTROL_NUMBER_MAX,
                                      .expires_s = CONTROL_NUMBER_MAX};
    memset(longest.tenant, 'a', sizeof(longest.tenant) - 1);
    memset(longest.device, 'b', sizeof(longest.device) - 1);
    memset(longest.type, 'c', sizeof(longest.type) - 1);
    char text[DOCUMENT_TICKET_SIZE];
    struct document_ticket got;
    document_ticket_write(&key, &longest, text);
    assert_int_equal(document_ticket_read(&key, text, NOW_S, &got), 0);
    assert_string_equal(got.device, longest.device);
}

static void a_ticket_that_was_changed_anywhere_is_none(void **state)
{
    (void)state;
    struct document_key key = key_of("a secret of the relay");
    struct document_key other = key_of("another secret");
    char text[DOCUMENT_TICKET_SIZE];
    struct document_ticket got;
    document_ticket_write(&key, &OURS, text);
    assert_int_equal(document_ticket_read(&other, text, NOW_S, &got), -EBADMSG);
    for (size_t i = 0; text[i] != '\0'; i++) {
        char changed[DOCUMENT_TICKET_SIZE];
        strcpy(changed, text);
        changed[i] = changed[i] == '1' ? '2' : '1';
        assert_int_equal(document_ticket_read(&key, changed, NOW_S, &got), -EBADMSG);
        strcpy(changed, text);
        changed[i] = '\0'; /* cut off */
        assert_int_equal(document_ticket_read(&key, changed, NOW_S, &got), -EBADMSG);
    }
}

static void what_was_never_a_ticket_is_none(void **state)
{
    (void)state;
    struct document_key key = key_of("a secret of the relay");
    static char endless[2 * DOCUMENT_TICKET_SIZE];
    memset(endless, '1', sizeof(endless) - 1);
    endless[1] = ':';
    const char *const rows[] = {"", "1:", "1::::::", "2:acme:wh-1:catalogue:7:1:", endless};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct document_ticket got;
        assert_int_equal(document_ticket_read(&key, rows[i], NOW_S, &got), -EBADMSG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_says_what_it_was_given_for),
        cmocka_unit_test(the_longest_names_fit),
        cmocka_unit_test(a_ticket_that_was_changed_anywhere_is_none),
        cmocka_unit_test(what_was_never_a_ticket_is_none),
    };
    return cmocka_run_group_tests_name("document_ticket", tests, NULL, NULL);
}
