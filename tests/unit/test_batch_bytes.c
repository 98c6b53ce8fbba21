/* SPDX-License-Identifier: Apache-2.0 */
/* Batches that were written by hand, by others and by newer releases, byte by byte. */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "batch.h"

/* Columns of one picked entry: what stands in batch_column.h, a row a part. */
/* clang-format off */
static const uint8_t by_hand[] = {
    BATCH_COLUMNS, 0x85,                                 /* a list of five parts */
    0xa8, 1, 1,                                          /* the head: wire 1 */
    2, 0x64, 'a', 'c', 'm', 'e',                         /* tenant */
    3, 0x64, 'w', 'h', '-', '1',                         /* device */
    4, 1, 5, 7, 6, 0x18, 42, 7, 1,                       /* epoch, session, first_seq, count */
    8, 0x58, 32, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,  /* head_hash */
    9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
    0x82, 13, 0x43, 0, 8, 0x20,                          /* its shape: picked, sku (11), qty (21) */
    0x81, 0,                                             /* its one entry */
    0xa2, 11, 0x84, 1, 0x81, 1, 0x80, 0x81, 3,           /* a new sku of 3 bytes */
    21, 0x82, 0, 0x81, 12,                               /* qty 12 */
    0x43, 'T', 'E', 'A',                                 /* its text */
};
/* clang-format on */

static int keep_entry(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    (void)raw;
    (void)raw_len;
    if (context)
        *(struct entry *)context = *e;
    return 0;
}

/* What batch_decode() answers; *ret_entry, which may be NULL, is the last entry. */
static int decode(const uint8_t *bytes, size_t len, struct batch_head *ret_head,
                  struct entry *ret_entry, struct diag *reterr)
{
    AUTO(batch_decoder) y = NULL;
    assert_int_equal(batch_decoder_new(&y), 0);
    return batch_decode(y, bytes, len, ret_head, keep_entry, ret_entry, reterr);
}

static void known_bytes_are_read(void **state)
{
    (void)state;
    struct batch_head head;
    struct entry e;
    struct diag why = {0};
    assert_int_equal(decode(by_hand, sizeof(by_hand), &head, &e, &why), 0);
    assert_string_equal(head.origin.device, "wh-1");
    assert_int_equal(head.first_seq, 42);
    assert_int_equal(e.seq, 42);
    assert_int_equal(e.kind, ENTRY_PICKED);
    assert_string_equal(e.sku, "TEA");
    assert_int_equal(e.qty, 12);
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
    uint8_t bytes[sizeof(by_hand)];
    memcpy(bytes, by_hand, sizeof(bytes));
    bytes[c->at] = c->to;
    struct batch_head head;
    struct entry e = {.seq = -1};
    struct diag why = {0};
    assert_int_equal(decode(bytes, sizeof(bytes), &head, &e, &why), c->err);
    assert_int_equal(e.seq, -1);
    if (!strstr(why.text, c->words))
        fail_msg("\"%s\" says nothing of \"%s\"", why.text, c->words);
}

/* A newer appliance, an older relay: the column is named and the head told, so that the relay can
 * answer NACK schema and the device keeps its entries. */
static void a_column_of_a_newer_release_is_named(void **state)
{
    (void)state;
    uint8_t bytes[sizeof(by_hand) + 3];
    memcpy(bytes, by_hand, HEAD + 2);
    static const uint8_t columns[] = {0x46, 0, 8, 0x20, 0, 0, 1 << 5}; /* 45 besides */
    memcpy(bytes + HEAD + 2, columns, sizeof(columns));
    memcpy(bytes + HEAD + 9, by_hand + HEAD + 6, sizeof(by_hand) - HEAD - 6);
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(decode(bytes, sizeof(bytes), &head, NULL, &why), -EPROTO);
    assert_string_equal(why.text, "column 45 is of a newer release");
    assert_int_equal(head.session, 7);
}

static void a_frame_that_claims_to_be_huge_is_refused(void **state)
{
    (void)state;
    /* A zstd frame (RFC 8878, section 3.1.1) whose content size field says 4 GiB - 1. */
    static const uint8_t bomb[] = {BATCH_ZSTD, 0,    0x28, 0xb5, 0x2f, 0xfd, 0xa0,
                                   0xff,       0xff, 0xff, 0xff, 0x03, 0,    0};
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(decode(bomb, sizeof(bomb), &head, NULL, &why), -EBADMSG);
    assert_non_null(strstr(why.text, "at most 1048576"));
}

static void a_dictionary_of_a_newer_release_is_named(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {BATCH_ZSTD, 99, 0x28, 0xb5, 0x2f, 0xfd};
    struct batch_head head;
    struct diag why = {0};
    assert_int_equal(decode(bytes, sizeof(bytes), &head, NULL, &why), -EPROTO);
    assert_string_equal(why.text, "dictionary 99 is of a newer release");
}

static const struct CMUnitTest others[] = {
    cmocka_unit_test(known_bytes_are_read),
    cmocka_unit_test(a_column_of_a_newer_release_is_named),
    cmocka_unit_test(a_frame_that_claims_to_be_huge_is_refused),
    cmocka_unit_test(a_dictionary_of_a_newer_release_is_named),
};

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(changes) + ARRAY_LEN(others)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        tests[n++] =
            (struct CMUnitTest){changes[i].name, a_changed_byte_is_named, NULL, NULL, &changes[i]};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("batch_bytes", tests, NULL, NULL);
}
