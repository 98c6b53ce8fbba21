/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "notice.h"

/* Entries of a notice, in the bytes of their own. */
struct desk {
    uint8_t raw[NOTICE_ENTRIES_MAX + 1][ENTRY_ENCODED_MAX];
    struct notice n;
    uint8_t bytes[NOTICE_MAX];
    size_t len;
};

static struct entry alert_of(int64_t seq)
{
    struct entry e = entry_new(ENTRY_ALERTED);
    e.seq = seq;
    e.wall_ms = 1700000000000 + seq % 1000;
    strcpy(e.reason, "expiry");
    strcpy(e.sku, "TEA");
    return e;
}

static void lay(struct desk *d, const struct entry *e)
{
    uint8_t *raw = d->raw[d->n.count];
    d->n.entries[d->n.count] = (struct notice_entry){raw, entry_encode(e, raw)};
    d->n.count++;
}

static struct desk *desk_of(size_t count)
{
    static struct desk d;
    d = (struct desk){
        .n = {.origin = {.tenant = "acme", .device = "wh-1", .epoch = 3}, .session = 65537}};
    for (size_t i = 0; i < count; i++) {
        struct entry e = alert_of((int64_t)i * 100 + 7);
        lay(&d, &e);
    }
    d.len = notice_write(&d.n, d.bytes);
    return &d;
}

struct seen {
    int64_t seqs[NOTICE_ENTRIES_MAX];
    size_t count;
    const struct desk *d;
    int stop;
};

static int see(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct seen *s = context;
    assert_int_equal(raw_len, s->d->n.entries[s->count].len);
    assert_memory_equal(raw, s->d->n.entries[s->count].bytes, raw_len);
    s->seqs[s->count++] = e->seq;
    return s->stop;
}

static void what_was_written_is_read_to_the_byte(void **state)
{
    (void)state;
    for (size_t count = 1; count <= NOTICE_ENTRIES_MAX; count++) {
        struct desk *d = desk_of(count);
        struct seen s = {.d = d};
        struct notice got;
        assert_int_equal(notice_read(d->bytes, d->len, &got, see, &s, NULL), 0);
        assert_int_equal(s.count, count);
        assert_int_equal(s.seqs[count - 1], (int64_t)(count - 1) * 100 + 7);
        assert_string_equal(got.origin.tenant, "acme");
        assert_string_equal(got.origin.device, "wh-1");
        assert_int_equal(got.origin.epoch, 3);
        assert_int_equal(got.session, 65537);
    }
}

static void the_largest_entries_fit(void **state)
{
    (void)state;
    struct desk *d = desk_of(1);
    d->n.count = 0;
    for (size_t i = 0; i < NOTICE_ENTRIES_MAX; i++) {
        struct entry e = alert_of(((int64_t)1 << 52) + (int64_t)i);
        memset(e.note, 'x', sizeof(e.note) - 1);
        memset(e.document, 'x', sizeof(e.document) - 1);
        lay(d, &e);
    }
    d->len = notice_write(&d->n, d->bytes);
    assert_in_range(d->len, 1, NOTICE_MAX);
    struct notice got;
    assert_int_equal(notice_read(d->bytes, d->len, &got, NULL, NULL, NULL), 0);
    assert_int_equal(got.count, NOTICE_ENTRIES_MAX);
}

static void cut_anywhere_it_hands_out_nothing(void **state)
{
    (void)state;
    struct desk *d = desk_of(3);
    for (size_t len = 0; len < d->len; len++) {
        struct seen s = {.d = d};
        struct notice got;
        assert_int_equal(notice_read(d->bytes, len, &got, see, &s, NULL), -EBADMSG);
        assert_int_equal(s.count, 0);
    }
}

static void more_behind_it_is_refused(void **state)
{
    (void)state;
    struct desk *d = desk_of(1);
    struct notice got;
    d->bytes[d->len] = 0;
    assert_int_equal(notice_read(d->bytes, d->len + 1, &got, NULL, NULL, NULL), -EBADMSG);
}

static void entries_out_of_order_are_refused(void **state)
{
    (void)state;
    static const int64_t orders[][2] = {{9, 9}, {9, 8}, {0, 1}};
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct desk *d = desk_of(1);
        struct seen s = {.d = d};
        struct notice got;
        d->n.count = 0;
        for (size_t k = 0; k < 2; k++) {
            struct entry e = alert_of(orders[i][k]);
            lay(d, &e);
        }
        d->len = notice_write(&d->n, d->bytes);
        assert_int_equal(notice_read(d->bytes, d->len, &got, see, &s, NULL), -EBADMSG);
        assert_int_equal(s.count, 0);
    }
}

static void an_entry_without_sense_or_of_a_newer_release_is_refused(void **state)
{
    (void)state;
    struct desk *d = desk_of(1);
    struct notice got;
    struct entry e = alert_of(500);
    e.reason[0] = '\0'; /* an alert of nothing */
    lay(d, &e);
    d->len = notice_write(&d->n, d->bytes);
    assert_int_equal(notice_read(d->bytes, d->len, &got, NULL, NULL, NULL), -EBADMSG);
    d = desk_of(1);
    e = alert_of(500);
    e.kind = ENTRY_KIND_MAX - 1;
    lay(d, &e);
    d->len = notice_write(&d->n, d->bytes);
    assert_int_equal(notice_read(d->bytes, d->len, &got, NULL, NULL, NULL), -EPROTO);
}

static void a_word_of_the_reader_stops_it(void **state)
{
    (void)state;
    struct desk *d = desk_of(3);
    struct seen s = {.d = d, .stop = -EIO};
    struct notice got;
    assert_int_equal(notice_read(d->bytes, d->len, &got, see, &s, NULL), -EIO);
    assert_int_equal(s.count, 1);
}

static void keys_of_a_newer_release_are_passed_over(void **state)
{
    (void)state;
    struct desk *d = desk_of(2);
    static const uint8_t more[] = {6, 0x82, 1, 0x61, 'x'}; /* 6: [1, "x"] */
    assert_int_equal(d->bytes[1], 0xa5);                   /* a map of five pairs */
    d->bytes[1]++;
    memcpy(d->bytes + d->len, more, sizeof(more));
    struct seen s = {.d = d};
    struct notice got;
    assert_int_equal(notice_read(d->bytes, d->len + sizeof(more), &got, see, &s, NULL), 0);
    assert_int_equal(s.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_to_the_byte),
        cmocka_unit_test(the_largest_entries_fit),
        cmocka_unit_test(cut_anywhere_it_hands_out_nothing),
        cmocka_unit_test(more_behind_it_is_refused),
        cmocka_unit_test(entries_out_of_order_are_refused),
        cmocka_unit_test(an_entry_without_sense_or_of_a_newer_release_is_refused),
        cmocka_unit_test(a_word_of_the_reader_stops_it),
        cmocka_unit_test(keys_of_a_newer_release_are_passed_over),
    };
    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
