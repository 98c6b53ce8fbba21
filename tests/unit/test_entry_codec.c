/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "entry_codec.h"

/* A map of kind (7) alone, as RFC 8949 writes it: a1 07 0d. */
static const uint8_t picked_alone[] = {0xa1, 0x07, 0x0d};

static void an_entry_is_a_map_of_what_is_there(void **state)
{
    (void)state;
    struct entry e = entry_new(ENTRY_PICKED);
    uint8_t buf[ENTRY_ENCODED_MAX];
    assert_int_equal(entry_encode(&e, buf), sizeof(picked_alone));
    assert_memory_equal(buf, picked_alone, sizeof(picked_alone));
}

static void known_bytes_stay_as_they_are(void **state)
{
    (void)state;
    struct entry e = entry_new(ENTRY_ADJUSTED);
    e.seq = 300;
    strcpy(e.sku, "S1");
    e.qty = -25;
    e.batch.expiry_day = -1;
    e.scan[0] = 0x1d;
    e.scan_len = 1;
    static const uint8_t want[] = {
        0xa6,                   /* six pairs */
        0x01, 0x19, 0x01, 0x2c, /* seq: 300 */
        0x07, 0x15,             /* kind: 21 */
        0x0b, 0x62, 'S',  '1',  /* sku */
        0x0d, 0x20,             /* expiry_day: -1 */
        0x15, 0x38, 0x18,       /* qty: -25 */
        0x18, 0x27, 0x41, 0x1d, /* scan */
    };
    uint8_t buf[ENTRY_ENCODED_MAX];
    assert_int_equal(entry_encode(&e, buf), sizeof(want));
    assert_memory_equal(buf, want, sizeof(want));
}

static void the_fullest_entry_fits_and_comes_back(void **state)
{
    (void)state;
    struct entry e = entry_new(ENTRY_PICKED);
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count; i++) {
        char *at = (char *)&e + fields[i].offset;
        switch (fields[i].type) {
        case ENTRY_FIELD_I32:
            *(int32_t *)at = INT32_MIN + 1;
            break;
        case ENTRY_FIELD_I64:
            *(int64_t *)at = INT64_MIN;
            break;
        case ENTRY_FIELD_CODE:
        case ENTRY_FIELD_TEXT:
            memset(at, 'x', fields[i].size - 1);
            at[fields[i].size - 1] = '\0';
            break;
        case ENTRY_FIELD_BYTES:
            memset(at, 0xff, fields[i].size);
            *(uint16_t *)((char *)&e + fields[i].len_offset) = (uint16_t)fields[i].size;
            break;
        }
    }
    uint8_t buf[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(&e, buf);
    struct entry back;
    assert_int_equal(entry_decode(buf, len, &back), 0);
    uint8_t again[ENTRY_ENCODED_MAX];
    assert_int_equal(entry_encode(&back, again), len);
    assert_memory_equal(again, buf, len);
}

struct bad {
    const char *name;
    uint8_t bytes[12];
    size_t len;
    int err;
};

static struct bad bads[] = {
    {"nothing", {0}, 0, -EBADMSG},
    {"not a map", {0x83, 1, 2, 3}, 4, -EBADMSG},
    {"a map that is cut", {0xa2, 0x07, 0x0d}, 3, -EBADMSG},
    {"a byte too many", {0xa1, 0x07, 0x0d, 0x00}, 4, -EBADMSG},
    {"a longer head than needed", {0xa1, 0x07, 0x18, 0x0d}, 4, -EBADMSG},
    {"columns out of order", {0xa2, 0x15, 0x01, 0x07, 0x0d}, 5, -EBADMSG},
    {"a column twice", {0xa2, 0x07, 0x0d, 0x07, 0x0d}, 5, -EBADMSG},
    {"a text where a number belongs", {0xa1, 0x07, 0x61, 'x'}, 4, -EBADMSG},
    {"a number where a text belongs", {0xa1, 0x0b, 0x01}, 3, -EBADMSG},
    {"a number that no 32 bits hold", {0xa1, 0x07, 0x1b, 0, 0, 0, 1, 0, 0, 0, 0}, 11, -EBADMSG},
    {"a text with a NUL", {0xa1, 0x0b, 0x62, 'x', 0}, 5, -EBADMSG},
    {"a float", {0xa1, 0x07, 0xf9, 0x3c, 0x00}, 5, -EBADMSG},
    {"an absent value that was written", {0xa2, 0x07, 0x0d, 0x15, 0x00}, 5, -EBADMSG},
    {"a map of endless length", {0xbf, 0x07, 0x0d, 0xff}, 4, -EBADMSG},
    {"a map that claims to be huge",
     {0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
     9,
     -EBADMSG},
    {"a column of a newer release", {0xa2, 0x07, 0x0d, 0x18, 0x63, 0x01}, 6, -EPROTO},
};

static void bad_bytes_are_refused(void **state)
{
    const struct bad *b = *state;
    struct entry e = entry_new(ENTRY_MOVED);
    assert_int_equal(entry_decode(b->bytes, b->len, &e), b->err);
    assert_int_equal(e.kind, ENTRY_MOVED);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(bads) + 3];
    size_t n = 0;
    for (; n < ARRAY_LEN(bads); n++)
        tests[n] = (struct CMUnitTest){bads[n].name, bad_bytes_are_refused, NULL, NULL, &bads[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_entry_is_a_map_of_what_is_there);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(known_bytes_stay_as_they_are);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_fullest_entry_fits_and_comes_back);
    return cmocka_run_group_tests_name("entry_codec", tests, NULL, NULL);
}
