/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_entries.h"

#include <errno.h>
#include <stdlib.h>

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
    batch_entries_fill(&stream, f->entries, n);
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

static void expect_round_trip(struct fixture *f, enum batch_format format)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    assert_int_equal(batch_encode(f->x, format, &f->head, f->entries, &bytes, &len), 0);
    struct batch_head back;
    const struct entry *want = f->entries;
    struct diag why = {0};
    assert_int_equal(batch_decode(f->y, bytes, len, &back, batch_entries_expect, &want, &why), 0);
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

static const struct CMUnitTest others[] = {
    cmocka_unit_test(any_entries_fit_and_come_back),
    cmocka_unit_test(entries_that_are_not_the_heads_are_not_encoded),
    cmocka_unit_test(an_older_wire_has_no_prediction),
    cmocka_unit_test(every_cut_is_refused),
    cmocka_unit_test(the_caller_can_stop),
};

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(sizes) + ARRAY_LEN(others)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        tests[n++] = (struct CMUnitTest){sizes[i].name, a_batch_comes_back_byte_for_byte, NULL,
                                         NULL, &sizes[i]};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
