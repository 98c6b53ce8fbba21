/* SPDX-License-Identifier: Apache-2.0 */
/* Batches that are foreseen from the entries before them: writer and reader know the same or say
 * so. */
#include "batch_entries.h"

#include <errno.h>
#include <stdlib.h>

#include "wire.h"

#define BEFORE 700
#define AFTER 100

struct pair {
    struct batch_encoder *x;
    struct batch_decoder *y;
    struct batch_context *known; /* of the reader */
    struct origin origin;
    struct entry entries[BEFORE + AFTER];
    const uint8_t *bytes; /* what was encoded last: the encoder's */
    size_t len;
};

static int meet(void **state)
{
    struct pair *p = calloc(1, sizeof(*p));
    assert_non_null(p);
    assert_int_equal(batch_encoder_new(&p->x), 0);
    assert_int_equal(batch_decoder_new(&p->y), 0);
    assert_int_equal(batch_context_new(&p->known), 0);
    struct scan_stream stream = scan_stream(78);
    p->origin = stream.origin;
    batch_entries_fill(&stream, p->entries, ARRAY_LEN(p->entries));
    *state = p;
    return 0;
}

static int part(void **state)
{
    struct pair *p = *state;
    batch_encoder_free(p->x);
    batch_decoder_free(p->y);
    batch_context_free(p->known);
    free(p);
    return 0;
}

static void know(struct batch_context *k, const struct pair *p, int from, int to)
{
    batch_context_begin(k, p->entries[from].seq);
    for (int i = from; i < to; i++)
        batch_context_add(k, &p->entries[i]);
}

static void encode(struct pair *p, int from, int count)
{
    const struct batch_head head = {.wire = WIRE_VERSION,
                                    .origin = p->origin,
                                    .session = 65537,
                                    .first_seq = p->entries[from].seq,
                                    .count = count,
                                    .has_prev = true,
                                    .prev = {1, 2, 3, 4, 5, 6, 7, 8}};
    assert_int_equal(
        batch_encode(p->x, BATCH_PREDICTED, &head, &p->entries[from], &p->bytes, &p->len), 0);
}

static void expect(struct pair *p, int from)
{
    struct batch_head head;
    const struct entry *want = &p->entries[from];
    assert_int_equal(batch_decode_known(p->y, p->known, p->bytes, p->len, &head,
                                        batch_entries_expect, &want, NULL),
                     0);
    assert_true(head.has_prev);
    assert_int_equal(head.prev[7], 8);
    assert_ptr_equal(want, &p->entries[from] + head.count);
}

static void what_is_known_needs_not_be_said(void **state)
{
    struct pair *p = *state;
    encode(p, BEFORE, 64);
    size_t alone = p->len;
    know(batch_encoder_context(p->x), p, 100, BEFORE);
    encode(p, BEFORE, 64);
    assert_true(2 * p->len < alone);

    struct batch_head head;
    assert_int_equal(batch_peek(p->bytes, p->len, &head), 1);
    assert_int_equal(head.context, BEFORE - 100);
    assert_int_equal(head.first_seq, p->entries[BEFORE].seq);
    know(p->known, p, 100, BEFORE);
    expect(p, BEFORE);
    /* Both stand behind it now. */
    encode(p, BEFORE + 64, 1);
    assert_true(p->len < 100);
    expect(p, BEFORE + 64);
}

static void a_batch_says_what_it_needs(void **state)
{
    struct pair *p = *state;
    know(batch_encoder_context(p->x), p, 0, BEFORE);
    encode(p, BEFORE, 10);
    struct batch_head head = {.count = 0};
    struct diag why = {0};
    assert_int_equal(batch_decode(p->y, p->bytes, p->len, &head, NULL, NULL, &why), -ENODATA);
    assert_int_equal(head.context, BEFORE);
    assert_non_null(strstr(why.text, "the 700 entries before"));
    /* One too few, and one too many. */
    know(p->known, p, 1, BEFORE);
    assert_int_equal(batch_decode_known(p->y, p->known, p->bytes, p->len, &head, NULL, NULL, NULL),
                     -ENODATA);
    know(p->known, p, 0, BEFORE + 1);
    assert_int_equal(batch_decode_known(p->y, p->known, p->bytes, p->len, &head, NULL, NULL, NULL),
                     -ENODATA);
    know(p->known, p, 0, BEFORE);
    expect(p, BEFORE);
}

/* So that what is sent again in other pieces can be read. */
static void a_context_does_not_depend_on_the_cut(void **state)
{
    struct pair *p = *state;
    for (int at = 0; at < BEFORE; at += 70) { /* learnt by decoding */
        encode(p, at, 70);
        expect(p, at);
    }
    know(batch_encoder_context(p->x), p, 0, BEFORE); /* learnt one by one */
    encode(p, BEFORE, AFTER);
    expect(p, BEFORE);
}

static void what_was_decoded_is_known_or_nothing_is(void **state)
{
    struct pair *p = *state;
    know(batch_encoder_context(p->x), p, 0, BEFORE);
    encode(p, BEFORE, 64);
    for (size_t i = 0; i < 100; i++) { /* whether it is broken or other entries */
        uint8_t changed[2048];
        assert_true(p->len <= sizeof(changed));
        memcpy(changed, p->bytes, p->len);
        changed[p->len - 1 - i] ^= (uint8_t)(i + 1);
        know(p->known, p, 0, BEFORE);
        struct batch_head head;
        int err = batch_decode_known(p->y, p->known, changed, p->len, &head, NULL, NULL, NULL);
        assert_true(err == 0 || err == -EBADMSG);
        assert_int_equal(batch_context_next(p->known), err < 0 ? 0 : p->entries[BEFORE + 64].seq);
    }
    know(p->known, p, 0, BEFORE);
    expect(p, BEFORE);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, meet, part)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_known_needs_not_be_said),        TEST(a_batch_says_what_it_needs),
        TEST(a_context_does_not_depend_on_the_cut),   TEST(what_was_decoded_is_known_or_nothing_is),
        cmocka_unit_test(a_context_begins_at_a_step),
    };
    return cmocka_run_group_tests_name("batch_context", tests, NULL, NULL);
}
