/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "inbox.h"
#include "scratch.h"

struct desk {
    struct scratch scratch;
    struct inbox *owner;
};

static int setup(void **state)
{
    struct desk *d = calloc(1, sizeof(*d));
    assert_non_null(d);
    d->scratch = scratch_new();
    struct diag why = {0};
    assert_int_equal(inbox_open(scratch_path(&d->scratch, "inbox.db"), NULL, &why, &d->owner), 0);
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct desk *d = *state;
    inbox_free(d->owner);
    scratch_remove(&d->scratch);
    free(d);
    return 0;
}

static struct inbox *reader(struct desk *d)
{
    struct diag why = {0};
    struct inbox *x = NULL;
    assert_int_equal(inbox_open_readonly(scratch_path(&d->scratch, "inbox.db"), NULL, &why, &x), 0);
    return x;
}

static void lives_are_counted_through_restarts(void **state)
{
    struct desk *d = *state;
    for (int64_t want = 1; want <= 3; want++) {
        int64_t life = 0;
        assert_int_equal(inbox_begin_life(d->owner, &life), 0);
        assert_true(life == want);
        inbox_free(d->owner);
        struct diag why = {0};
        assert_int_equal(inbox_open(scratch_path(&d->scratch, "inbox.db"), NULL, &why, &d->owner),
                         0);
    }
}

static void a_reader_sees_what_was_put_and_is_told_once(void **state)
{
    struct desk *d = *state;
    AUTO(inbox) r = reader(d);
    assert_int_equal(inbox_changed(r), 1);
    assert_int_equal(inbox_changed(r), 0);
    assert_int_equal(inbox_put(d->owner, "orders", 3, "a,b\n", 4), 0);
    assert_int_equal(inbox_changed(r), 1);
    assert_int_equal(inbox_changed(r), 0);
    struct inbox_document doc;
    char *body = NULL;
    assert_int_equal(inbox_body(r, "orders", &doc, &body), 1);
    assert_string_equal(body, "a,b\n");
    assert_true(doc.version == 3 && doc.bytes == 4);
    free(body);
    assert_int_equal(inbox_body(r, "bins", &doc, &body), 0);
    assert_int_equal(inbox_put(r, "orders", 4, "x", 1), -EROFS);
    assert_int_equal(inbox_put(d->owner, "orders", 4, "", 0), 0);
    struct inbox_document all[INBOX_DOCUMENTS_MAX];
    assert_int_equal(inbox_documents(r, all), 1);
    assert_true(all[0].version == 4 && all[0].bytes == 0);
}

static void a_document_replaces_its_part(void **state)
{
    struct desk *d = *state;
    struct inbox_part p = {.type = "orders", .version = 7, .base = 0, .total = 6};
    assert_int_equal(inbox_part_add(d->owner, &p, "abc", 3), 0);
    p.got = 3;
    assert_int_equal(inbox_part_add(d->owner, &p, "def", 3), 0);
    struct inbox_part all[INBOX_DOCUMENTS_MAX];
    assert_int_equal(inbox_parts(d->owner, all), 1);
    assert_true(all[0].got == 6 && all[0].version == 7);
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(inbox_part_bytes(d->owner, "orders", &bytes, &len), 1);
    assert_int_equal(len, 6);
    assert_memory_equal(bytes, "abcdef", 6);
    free(bytes);
    p.got = 0; /* another version begins: what was there goes */
    p.version = 8;
    assert_int_equal(inbox_part_add(d->owner, &p, "x", 1), 0);
    assert_int_equal(inbox_part_bytes(d->owner, "orders", &bytes, &len), 1);
    assert_int_equal(len, 1);
    free(bytes);
    assert_int_equal(inbox_put(d->owner, "orders", 8, "whole", 5), 0);
    assert_int_equal(inbox_parts(d->owner, all), 0);
    assert_int_equal(inbox_part_bytes(d->owner, "orders", &bytes, &len), 0);
}

static void the_number_of_documents_is_bounded(void **state)
{
    struct desk *d = *state;
    char type[INBOX_TYPE_SIZE];
    for (int i = 0; i < INBOX_DOCUMENTS_MAX; i++) {
        snprintf(type, sizeof(type), "type-%d", i);
        assert_int_equal(inbox_put(d->owner, type, 1, "x", 1), 0);
    }
    assert_int_equal(inbox_put(d->owner, "one-more", 1, "x", 1), -ENOSPC);
    assert_int_equal(inbox_put(d->owner, "type-3", 2, "y", 1), 0);
}

static void anchors_are_numbered_and_the_last_one_stays(void **state)
{
    struct desk *d = *state;
    struct inbox_anchor a = {.boot_id = "b", .mono_ms = 5, .wall_ms = 7, .error_ms = 1};
    struct inbox_anchor got;
    assert_int_equal(inbox_anchor(d->owner, &got), 0);
    assert_int_equal(inbox_anchor_put(d->owner, &a), 0);
    a.wall_ms = 9;
    assert_int_equal(inbox_anchor_put(d->owner, &a), 0);
    assert_int_equal(inbox_anchor(d->owner, &got), 1);
    assert_true(got.number == 2 && got.wall_ms == 9 && got.mono_ms == 5);
    assert_string_equal(got.boot_id, "b");
}

static void enrolment_and_link_are_read_back(void **state)
{
    struct desk *d = *state;
    const struct enrolment_grant grant = {.origin = {"acme", "wh-1", 2},
                                          .shard = 7,
                                          .site = "Nagpur",
                                          .brokers = {"a:8883"},
                                          .brokers_count = 1,
                                          .certificate = "-----BEGIN CERTIFICATE-----\n",
                                          .ca = "-----BEGIN CERTIFICATE-----\n",
                                          .now_ms = 5};
    struct enrolment_grant back;
    assert_int_equal(inbox_enrolment(d->owner, &back), 0);
    assert_int_equal(inbox_enrol(d->owner, &grant), 0);
    assert_int_equal(inbox_enrolment(d->owner, &back), 1);
    assert_memory_equal(&back, &grant, sizeof(grant));
    const struct inbox_link link = {.state = "sending", .acked = 5, .safe = 3, .trouble = "x"};
    struct inbox_link seen;
    assert_int_equal(inbox_link(d->owner, &seen), 0);
    assert_int_equal(inbox_link_put(d->owner, &link), 0);
    AUTO(inbox) r = reader(d);
    assert_int_equal(inbox_link(r, &seen), 1);
    assert_memory_equal(&seen, &link, sizeof(link));
}

static void commands_are_kept_once_and_the_newest_of_them(void **state)
{
    struct desk *d = *state;
    struct inbox_command all[INBOX_COMMANDS_MAX];
    for (int64_t id = 1; id <= 40; id++) {
        struct inbox_command c = {.id = id, .expires_ms = id * 10, .what = "restart"};
        assert_int_equal(inbox_command_put(d->owner, &c), 0);
        c.expires_ms = 1;
        assert_int_equal(inbox_command_put(d->owner, &c), 0); /* said again */
    }
    assert_int_equal(inbox_commands(d->owner, all), INBOX_COMMANDS_MAX);
    assert_int_equal(all[0].id, 40 - INBOX_COMMANDS_MAX + 1);
    assert_int_equal(all[0].expires_ms, all[0].id * 10);
    assert_string_equal(all[INBOX_COMMANDS_MAX - 1].what, "restart");
}

static const char *const older[] = {"DROP TABLE secured; DROP TABLE command; PRAGMA user_version=1",
                                    "DROP TABLE secured; PRAGMA user_version=2"};

static void go_on_with(struct desk *d, const char *spoil)
{
    const char *path = scratch_path(&d->scratch, "inbox.db");
    int64_t life = 0;
    assert_int_equal(inbox_begin_life(d->owner, &life), 0);
    inbox_free(d->owner);
    d->owner = NULL;
    struct db *db = NULL;
    assert_int_equal(db_open(path, NULL, DB_OWN, &db), 0);
    assert_int_equal(db_exec(db, spoil), 0);
    db_free(db);
    struct inbox *early = NULL;
    assert_int_equal(inbox_open_readonly(path, NULL, NULL, &early), -ENOENT); /* its owner first */
    assert_int_equal(inbox_open(path, NULL, NULL, &d->owner), 0);
    int64_t next = 0;
    assert_int_equal(inbox_begin_life(d->owner, &next), 0);
    assert_int_equal(next, life + 1);
    struct inbox_command c = {.id = 1, .what = "unlock"};
    assert_int_equal(inbox_command_put(d->owner, &c), 0);
    struct inbox_secured none;
    assert_int_equal(inbox_secured(d->owner, &none), 0);
    struct inbox_secured s = {.seq = 70, .hash = {1, 2, 3}};
    assert_int_equal(inbox_secured_put(d->owner, &s), 0);
    s.seq = 71;
    assert_int_equal(inbox_secured_put(d->owner, &s), 0);
    struct inbox_secured got = {0};
    assert_int_equal(inbox_secured(d->owner, &got), 1);
    assert_memory_equal(&got, &s, sizeof(s));
}

static void an_inbox_of_a_release_before_is_gone_on_with(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(older); i++)
        go_on_with(*state, older[i]);
}

static void what_is_no_inbox_is_left_as_it_is(void **state)
{
    struct desk *d = *state;
    struct diag why = {0};
    struct inbox *x = NULL;
    assert_int_equal(inbox_open_readonly(scratch_path(&d->scratch, "none"), NULL, &why, &x),
                     -ENOENT);
    const char *path = scratch_write(&d->scratch, "text", "this is a text of somebody");
    assert_int_equal(inbox_open(path, NULL, &why, &x), -EBADMSG);
    assert_true(why.text[0]);
    assert_null(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lives_are_counted_through_restarts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_sees_what_was_put_and_is_told_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_document_replaces_its_part, setup, teardown),
        cmocka_unit_test_setup_teardown(the_number_of_documents_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(anchors_are_numbered_and_the_last_one_stays, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(enrolment_and_link_are_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(commands_are_kept_once_and_the_newest_of_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_inbox_of_a_release_before_is_gone_on_with, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_no_inbox_is_left_as_it_is, setup, teardown),
    };
    return cmocka_run_group_tests_name("inbox", tests, NULL, NULL);
}
