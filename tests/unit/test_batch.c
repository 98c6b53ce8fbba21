/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "civil.h"
#include "scan_stream.h"
#include "wire.h"

struct fixture {
    struct batch_encoder *x;
    struct batch_decoder *y;
    struct batch_head head;
    struct entry entries[BATCH_ENTRIES_MAX];
};

static void set_up(struct fixture *f, int32_t n)
{
    f->x = NULL;
    f->y = NULL;
    assert_int_equal(batch_encoder_new(&f->x), 0);
    assert_int_equal(batch_decoder_new(&f->y), 0);
    struct scan_stream stream = scan_stream(77);
    for (int32_t i = 0; i < n; i++)
        f->entries[i] = scan_stream_next(&stream);
    f->head = (struct batch_head){.wire = WIRE_VERSION,
                                  .origin = stream.origin,
                                  .session = 65537,
                                  .first_seq = f->entries[0].seq,
                                  .count = n,
                                  .head_hash = {1, 2, 3}};
}

static void tear_down(struct fixture *f)
{
    batch_encoder_free(f->x);
    batch_decoder_free(f->y);
}

static int expect_entry(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    const struct entry **want = context;
    uint8_t bytes[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(*want, bytes);
    assert_int_equal(raw_len, len);
    assert_memory_equal(raw, bytes, len);
    assert_int_equal(e->seq, (*want)->seq);
    (*want)++;
    return 0;
}

static void expect_round_trip(struct fixture *f, enum batch_format format)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(batch_encode(f->x, format, &f->head, f->entries, &bytes, &len), 0);
    struct batch_head back;
    const struct entry *want = f->entries;
    struct diag why = {0};
    assert_int_equal(batch_decode(f->y, bytes, len, &back, expect_entry, &want, &why), 0);
    assert_ptr_equal(want, f->entries + f->head.count);
    assert_string_equal(back.origin.tenant, f->head.origin.tenant);
    assert_string_equal(back.origin.device, f->head.origin.device);
    assert_int_equal(back.origin.epoch, f->head.origin.epoch);
    assert_int_equal(back.wire, f->head.wire);
    assert_int_equal(back.session, f->head.session);
    assert_int_equal(back.first_seq, f->head.first_seq);
    assert_int_equal(back.count, f->head.count);
    assert_memory_equal(back.head_hash, f->head.head_hash, BATCH_HASH_SIZE);
}

struct size_row {
    const char *name;
    enum batch_format format;
    int32_t count;
};

static struct size_row sizes[] = {
    {"one entry by zstd", BATCH_ZSTD, 1},
    {"a batch of 64 by zstd", BATCH_ZSTD, 64},
    {"a batch of 512 by zstd", BATCH_ZSTD, 512},
    {"a batch of 512 in columns", BATCH_COLUMNS, 512},
    {"one entry in columns", BATCH_COLUMNS, 1},
    {"a batch of 64 as JSON lines", BATCH_JSON, 64},
    {"one entry, predicted", BATCH_PREDICTED, 1},
    {"a batch of 64, predicted", BATCH_PREDICTED, 64},
    {"a batch of 512, predicted", BATCH_PREDICTED, 512},
};

static void a_batch_comes_back_byte_for_byte(void **state)
{
    const struct size_row *r = *state;
    struct fixture f;
    set_up(&f, r->count);
    expect_round_trip(&f, r->format);
    tear_down(&f);
}

/* Each field at its ends, texts that share nothing, scans full of bytes that look like marks. */
static void fill_wildly(struct entry *e, struct rng *r)
{
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count; i++) {
        const struct entry_field *f = &fields[i];
        char *at = (char *)e + f->offset;
        if (f->id == 1 || rng_below(r, 4) == 0) /* seq is given */
            continue;
        uint64_t v = rng_below(r, 3) ? rng_next(r) : rng_below(r, 5);
        size_t len = (size_t)rng_below(r, f->size > 0 ? f->size : 1);
        switch (f->type) {
        case ENTRY_FIELD_I32:
            *(int32_t *)at = (int32_t)v;
            break;
        case ENTRY_FIELD_I64:
            *(int64_t *)at = (int64_t)v;
            break;
        case ENTRY_FIELD_CODE:
        case ENTRY_FIELD_TEXT:
            for (size_t k = 0; k < len; k++)
                at[k] = (char)(1 + rng_below(r, 255));
            at[len] = '\0';
            break;
        case ENTRY_FIELD_BYTES:
            for (size_t k = 0; k <= len; k++)
                at[k] = (char)(rng_below(r, 2) ? 0xf7 + rng_below(r, 5) : rng_next(r));
            *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)(len + 1);
            break;
        }
    }
}

static void any_entries_fit_and_come_back(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, BATCH_ENTRIES_MAX);
    struct rng r = rng_seed(4);
    for (int round = 0; round < 3; round++) {
        for (int32_t i = 0; i < BATCH_ENTRIES_MAX; i++) {
            f.entries[i] = entry_new(ENTRY_PICKED);
            f.entries[i].seq = f.head.first_seq + i;
            fill_wildly(&f.entries[i], &r);
        }
        expect_round_trip(&f, BATCH_COLUMNS);
        expect_round_trip(&f, BATCH_ZSTD);
        expect_round_trip(&f, BATCH_PREDICTED);
    }
    tear_down(&f);
}

static void entries_that_are_not_the_heads_are_not_encoded(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 8);
    const uint8_t *bytes = NULL;
    size_t len = 0;
    f.entries[5].seq++;
    assert_int_equal(batch_encode(f.x, BATCH_ZSTD, &f.head, f.entries, &bytes, &len), -EINVAL);
    f.entries[5].seq--;
    f.head.wire = WIRE_VERSION + 1;
    assert_int_equal(batch_encode(f.x, BATCH_ZSTD, &f.head, f.entries, &bytes, &len), -EINVAL);
    f.head.wire = WIRE_VERSION;
    f.head.count = 0;
    assert_int_equal(batch_encode(f.x, BATCH_ZSTD, &f.head, f.entries, &bytes, &len), -EINVAL);
    tear_down(&f);
}

/* Columns of one picked entry, by hand: what stands in batch_column.h, byte by byte. */
static const uint8_t by_hand[] = {
    BATCH_COLUMNS,
    0x85, /* five parts */
    0xa8,
    1,
    1, /* wire 1 */
    2,
    0x64,
    'a',
    'c',
    'm',
    'e',
    3,
    0x64,
    'w',
    'h',
    '-',
    '1', /* tenant, device */
    4,
    1,
    5,
    7,
    6,
    0x18,
    42,
    7,
    1, /* epoch, session, first_seq, count */
    8,
    0x58,
    32,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9,
    9, /* head_hash */
    0x82,
    13,
    0x43,
    0,
    8,
    0x20, /* picked, with sku (11), qty (21) */
    0x81,
    0, /* its one entry */
    0xa2,
    11,
    0x84,
    1,
    0x81,
    1,
    0x80,
    0x81,
    3, /* a new sku of 3 bytes */
    21,
    0x82,
    0,
    0x81,
    12, /* qty 12 */
    0x43,
    'T',
    'E',
    'A',
};

static int keep_entry(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)raw;
    (void)raw_len;
    *(struct entry *)context = *e;
    return 0;
}

static void known_bytes_are_read(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    struct batch_head head;
    struct entry e;
    struct diag why = {0};
    assert_int_equal(batch_decode(f.y, by_hand, sizeof(by_hand), &head, keep_entry, &e, &why), 0);
    assert_string_equal(head.origin.device, "wh-1");
    assert_int_equal(head.first_seq, 42);
    assert_int_equal(e.seq, 42);
    assert_int_equal(e.kind, ENTRY_PICKED);
    assert_string_equal(e.sku, "TEA");
    assert_int_equal(e.qty, 12);
    tear_down(&f);
}

struct change {
    const char *name;
    size_t at; /* byte of by_hand that is changed */
    uint8_t to;
    int err;
    const char *words;
};

#define HEAD 61 /* bytes of by_hand before its shapes */

static struct change changes[] = {
    {"a format of a newer release", 0, 9, -EPROTO, "format 9"},
    {"a wire version of a newer release", 4, 3, -EPROTO, "wire version 3"},
    {"epoch 0", 18, 0, -EBADMSG, "head"},
    {"a capital in the tenant", 7, 'A', -EBADMSG, "tenant"},
    {"more entries than rows", 25, 2, -EBADMSG, "rows"},
    {"no entries", 25, 0, -EBADMSG, "head"},
    {"seq as a column", HEAD + 3, 2, -EBADMSG, "cannot be"},
    {"a shape that there is not", HEAD + 7, 1, -EBADMSG, "shape"},
    {"a model of a newer release", HEAD + 11, 23, -EPROTO, "sku: model 23"},
    {"a code for a text that never came", HEAD + 13, 2, -EBADMSG, "sku"},
    {"a text longer than its bytes", HEAD + 16, 4, -EBADMSG, "sku"},
    {"a text shorter than its bytes", HEAD + 16, 2, -EBADMSG, "texts"},
    {"a text with a NUL", sizeof(by_hand) - 1, 0, -EBADMSG, "sku"},
    {"an absent number that was written", HEAD + 21, 0, -EBADMSG, "qty"},
};

static void a_changed_byte_is_named(void **state)
{
    const struct change *c = *state;
    struct fixture f;
    set_up(&f, 1);
    uint8_t bytes[sizeof(by_hand)];
    memcpy(bytes, by_hand, sizeof(bytes));
    bytes[c->at] = c->to;
    struct batch_head head;
    struct entry e = {.seq = -1};
    struct diag why = {0};
    assert_int_equal(batch_decode(f.y, bytes, sizeof(bytes), &head, keep_entry, &e, &why), c->err);
    assert_int_equal(e.seq, -1);
    if (!strstr(why.text, c->words))
        fail_msg("\"%s\" says nothing of \"%s\"", why.text, c->words);
    tear_down(&f);
}

/* A newer appliance, an older relay: the column is named and the head told, so that the relay can
 * answer NACK schema and the device keeps its entries. */
static void a_column_of_a_newer_release_is_named(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    uint8_t bytes[sizeof(by_hand) + 3];
    memcpy(bytes, by_hand, HEAD + 2);
    static const uint8_t columns[] = {0x46, 0, 8, 0x20, 0, 0, 1 << 5}; /* 45 besides */
    memcpy(bytes + HEAD + 2, columns, sizeof(columns));
    memcpy(bytes + HEAD + 9, by_hand + HEAD + 6, sizeof(by_hand) - HEAD - 6);
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(batch_decode(f.y, bytes, sizeof(bytes), &head, NULL, NULL, &why), -EPROTO);
    assert_string_equal(why.text, "column 45 is of a newer release");
    assert_int_equal(head.session, 7);
    tear_down(&f);
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 64);
    static const enum batch_format formats[] = {BATCH_COLUMNS, BATCH_ZSTD, BATCH_PREDICTED,
                                                BATCH_JSON};
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        const uint8_t *bytes = NULL;
        size_t len = 0;
        assert_int_equal(batch_encode(f.x, formats[i], &f.head, f.entries, &bytes, &len), 0);
        for (size_t cut = 0; cut < len; cut += 1 + len / 300) {
            uint8_t *part = malloc(cut > 0 ? cut : 1); /* so that a read past its end shows */
            assert_non_null(part);
            memcpy(part, bytes, cut);
            struct batch_head head;
            assert_int_equal(batch_decode(f.y, part, cut, &head, NULL, NULL, NULL), -EBADMSG);
            free(part);
        }
    }
    tear_down(&f);
}

static void a_frame_that_claims_to_be_huge_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    /* A zstd frame (RFC 8878, section 3.1.1) whose content size field says 4 GiB - 1. */
    static const uint8_t bomb[] = {BATCH_ZSTD, 0,    0x28, 0xb5, 0x2f, 0xfd, 0xa0,
                                   0xff,       0xff, 0xff, 0xff, 0x03, 0,    0};
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(batch_decode(f.y, bomb, sizeof(bomb), &head, NULL, NULL, &why), -EBADMSG);
    assert_non_null(strstr(why.text, "at most 1048576"));
    tear_down(&f);
}

static void a_dictionary_of_a_newer_release_is_named(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    static const uint8_t bytes[] = {BATCH_ZSTD, 99, 0x28, 0xb5, 0x2f, 0xfd};
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(batch_decode(f.y, bytes, sizeof(bytes), &head, NULL, NULL, &why), -EPROTO);
    assert_string_equal(why.text, "dictionary 99 is of a newer release");
    tear_down(&f);
}

/* ---- from the entries before ---- */

#define BEFORE 700
#define AFTER 100

struct pair {
    struct batch_encoder *x;
    struct batch_decoder *y;
    struct batch_context *known; /* of the reader */
    struct origin origin;
    struct entry entries[BEFORE + AFTER];
};

static void meet(struct pair *p)
{
    *p = (struct pair){.x = NULL};
    assert_int_equal(batch_encoder_new(&p->x), 0);
    assert_int_equal(batch_decoder_new(&p->y), 0);
    assert_int_equal(batch_context_new(&p->known), 0);
    struct scan_stream stream = scan_stream(78);
    p->origin = stream.origin;
    for (int i = 0; i < BEFORE + AFTER; i++)
        p->entries[i] = scan_stream_next(&stream);
}

static void part(struct pair *p)
{
    batch_encoder_free(p->x);
    batch_decoder_free(p->y);
    batch_context_free(p->known);
}

static void know(struct batch_context *k, const struct pair *p, int from, int to)
{
    batch_context_begin(k, p->entries[from].seq);
    for (int i = from; i < to; i++)
        batch_context_add(k, &p->entries[i]);
}

static void encode_part(struct pair *p, int from, int count, const uint8_t **ret, size_t *ret_len)
{
    const struct batch_head head = {.wire = WIRE_VERSION,
                                    .origin = p->origin,
                                    .session = 65537,
                                    .first_seq = p->entries[from].seq,
                                    .count = count,
                                    .has_prev = true,
                                    .prev = {1, 2, 3, 4, 5, 6, 7, 8}};
    assert_int_equal(batch_encode(p->x, BATCH_PREDICTED, &head, &p->entries[from], ret, ret_len),
                     0);
}

static void expect_part(struct pair *p, int from, const uint8_t *bytes, size_t len)
{
    struct batch_head head;
    const struct entry *want = &p->entries[from];
    assert_int_equal(
        batch_decode_known(p->y, p->known, bytes, len, &head, expect_entry, &want, NULL), 0);
    assert_true(head.has_prev);
    assert_int_equal(head.prev[7], 8);
    assert_ptr_equal(want, &p->entries[from] + head.count);
}

static void what_is_known_needs_not_be_said(void **state)
{
    (void)state;
    struct pair p;
    const uint8_t *bytes = NULL;
    size_t alone = 0;
    size_t len = 0;
    meet(&p);
    encode_part(&p, BEFORE, 64, &bytes, &alone);
    know(batch_encoder_context(p.x), &p, 100, BEFORE);
    encode_part(&p, BEFORE, 64, &bytes, &len);
    assert_true(2 * len < alone);

    struct batch_head head;
    assert_int_equal(batch_peek(bytes, len, &head), 1);
    assert_int_equal(head.context, BEFORE - 100);
    assert_int_equal(head.first_seq, p.entries[BEFORE].seq);
    know(p.known, &p, 100, BEFORE);
    expect_part(&p, BEFORE, bytes, len);
    /* Both stand behind it now. */
    encode_part(&p, BEFORE + 64, 1, &bytes, &len);
    assert_true(len < 100);
    expect_part(&p, BEFORE + 64, bytes, len);
    part(&p);
}

static void a_batch_says_what_it_needs(void **state)
{
    (void)state;
    struct pair p;
    const uint8_t *bytes = NULL;
    size_t len = 0;
    meet(&p);
    know(batch_encoder_context(p.x), &p, 0, BEFORE);
    encode_part(&p, BEFORE, 10, &bytes, &len);
    struct batch_head head = {.count = 0};
    struct diag why = {0};
    assert_int_equal(batch_decode(p.y, bytes, len, &head, NULL, NULL, &why), -ENODATA);
    assert_int_equal(head.context, BEFORE);
    assert_non_null(strstr(why.text, "the 700 entries before"));
    /* One too few, and one too many. */
    know(p.known, &p, 1, BEFORE);
    assert_int_equal(batch_decode_known(p.y, p.known, bytes, len, &head, NULL, NULL, NULL),
                     -ENODATA);
    know(p.known, &p, 0, BEFORE + 1);
    assert_int_equal(batch_decode_known(p.y, p.known, bytes, len, &head, NULL, NULL, NULL),
                     -ENODATA);
    know(p.known, &p, 0, BEFORE);
    expect_part(&p, BEFORE, bytes, len);
    part(&p);
}

/* So that what is sent again in other pieces can be read. */
static void a_context_does_not_depend_on_the_cut(void **state)
{
    (void)state;
    struct pair p;
    const uint8_t *bytes = NULL;
    size_t len = 0;
    meet(&p);
    for (int at = 0; at < BEFORE; at += 70) { /* learnt by decoding */
        encode_part(&p, at, 70, &bytes, &len);
        expect_part(&p, at, bytes, len);
    }
    know(batch_encoder_context(p.x), &p, 0, BEFORE); /* learnt one by one */
    encode_part(&p, BEFORE, AFTER, &bytes, &len);
    expect_part(&p, BEFORE, bytes, len);
    part(&p);
}

static void what_was_decoded_is_known_or_nothing_is(void **state)
{
    (void)state;
    struct pair p;
    const uint8_t *bytes = NULL;
    size_t len = 0;
    meet(&p);
    know(batch_encoder_context(p.x), &p, 0, BEFORE);
    encode_part(&p, BEFORE, 64, &bytes, &len);
    for (size_t i = 0; i < 100; i++) { /* whether it is broken or other entries */
        uint8_t changed[2048];
        assert_true(len <= sizeof(changed));
        memcpy(changed, bytes, len);
        changed[len - 1 - i] ^= (uint8_t)(i + 1);
        know(p.known, &p, 0, BEFORE);
        struct batch_head head;
        int err = batch_decode_known(p.y, p.known, changed, len, &head, NULL, NULL, NULL);
        assert_true(err == 0 || err == -EBADMSG);
        assert_int_equal(batch_context_next(p.known), err < 0 ? 0 : p.entries[BEFORE + 64].seq);
    }
    know(p.known, &p, 0, BEFORE);
    expect_part(&p, BEFORE, bytes, len);
    part(&p);
}

static void an_older_wire_has_no_prediction(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 4);
    f.head.wire = BATCH_PREDICTED_WIRE - 1;
    const uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(batch_encode(f.x, BATCH_PREDICTED, &f.head, f.entries, &bytes, &len), -EINVAL);
    expect_round_trip(&f, BATCH_ZSTD);
    tear_down(&f);
}

static void a_context_begins_at_a_step(void **state)
{
    (void)state;
    static const int64_t rows[][3] = {/* first_seq, floor, where the context begins */
                                      {1, 1, 1},         {2, 1, 1},          {512, 1, 1},
                                      {1024, 1, 1},      {1025, 1, 513},     {1536, 1, 513},
                                      {1537, 1, 1025},   {1537, 1500, 1500}, {1537, 1537, 1537},
                                      {1537, 9000, 1537}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(batch_context_start(rows[i][0], rows[i][1]), rows[i][2]);
}

static int stop_at_third(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)e;
    (void)raw;
    (void)raw_len;
    return ++*(int *)context == 3 ? -ECANCELED : 0;
}

static void the_caller_can_stop(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 8);
    const uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(batch_encode(f.x, BATCH_ZSTD, &f.head, f.entries, &bytes, &len), 0);
    struct batch_head head;
    int seen = 0;
    assert_int_equal(batch_decode(f.y, bytes, len, &head, stop_at_third, &seen, NULL), -ECANCELED);
    assert_int_equal(seen, 3);
    tear_down(&f);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(sizes) + ARRAY_LEN(changes) + 14];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        tests[n++] = (struct CMUnitTest){sizes[i].name, a_batch_comes_back_byte_for_byte, NULL,
                                         NULL, &sizes[i]};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        tests[n++] =
            (struct CMUnitTest){changes[i].name, a_changed_byte_is_named, NULL, NULL, &changes[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(any_entries_fit_and_come_back);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(entries_that_are_not_the_heads_are_not_encoded);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(known_bytes_are_read);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_column_of_a_newer_release_is_named);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_cut_is_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_frame_that_claims_to_be_huge_is_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_dictionary_of_a_newer_release_is_named);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_caller_can_stop);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_known_needs_not_be_said);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_batch_says_what_it_needs);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_context_does_not_depend_on_the_cut);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_was_decoded_is_known_or_nothing_is);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_older_wire_has_no_prediction);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_context_begins_at_a_step);
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
