/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chunk.h"
#include "document_delta.h"
#include "sha256.h"

#define ROWS 1000
#define BODY_MAX 65536

/* A catalogue of some kind: row `gone` is missing, row `other` changed, `more` rows come. */
static size_t make_body(char body[BODY_MAX], int gone, int other, int more)
{
    size_t n = (size_t)snprintf(body, BODY_MAX, "sku,name,mrp\n");
    for (int i = 0; i < ROWS + more; i++)
        if (i != gone)
            n += (size_t)snprintf(body + n, BODY_MAX - n, "SKU-%04d,Thing number %d,%d\n", i, i,
                                  i == other ? 999999 : i * 7919 % 1000);
    return n;
}

struct pair {
    const char *name;
    int gone;
    int other;
    int more;
};

static struct pair pairs[] = {
    {"nothing changed", -1, -1, 0}, {"a row is gone", 500, -1, 0},     {"a row changed", -1, 3, 0},
    {"rows came", -1, -1, 20},      {"all of it at once", 0, 999, 20},
};

static void a_delta_gives_the_new_body(void **state)
{
    const struct pair *p = *state;
    static char old_body[BODY_MAX];
    static char body[BODY_MAX];
    size_t old_len = make_body(old_body, -1, -1, 0);
    size_t len = make_body(body, p->gone, p->other, p->more);
    struct packed delta = {0};
    struct packed snapshot = {0};
    assert_int_equal(document_delta(old_body, old_len, body, len, sha256, &delta), 0);
    assert_int_equal(document_snapshot(body, len, sha256, &snapshot), 0);
    assert_true(document_delta_is_worth(delta.len, snapshot.len));
    assert_in_range(delta.len, 65, 400);

    const struct packed *both[] = {&delta, &snapshot};
    for (size_t i = 0; i < ARRAY_LEN(both); i++) {
        char *back = NULL;
        size_t back_len = 0;
        struct diag why = {0};
        assert_int_equal(document_unpack(both[i]->bytes, both[i]->len, old_body, old_len, sha256,
                                         &back, &back_len, &why),
                         0);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, body, len);
        assert_int_equal(back[len], '\0');
        free(back);
    }
    free(delta.bytes);
    free(snapshot.bytes);
}

struct packing {
    char old_body[BODY_MAX];
    size_t old_len;
    char body[BODY_MAX];
    size_t len;
    struct packed delta;
};

static void set_up(struct packing *p)
{
    p->old_len = make_body(p->old_body, -1, -1, 0);
    p->len = make_body(p->body, 7, 8, 1);
    assert_int_equal(document_delta(p->old_body, p->old_len, p->body, p->len, sha256, &p->delta),
                     0);
}

/* What is unpacked is the very body, or nothing. */
static int unpack(const struct packing *p, size_t len, struct diag *why)
{
    char *body = NULL;
    size_t body_len = 0;
    int err = document_unpack(p->delta.bytes, len, p->old_body, p->old_len, sha256, &body,
                              &body_len, why);
    if (err == 0) {
        assert_int_equal(body_len, p->len);
        assert_memory_equal(body, p->body, body_len);
    }
    free(body);
    return err;
}

static void a_delta_from_another_version_is_told_apart(void **state)
{
    (void)state;
    static struct packing p;
    set_up(&p);
    struct diag why = {0};
    p.old_body[100] ^= 1;
    assert_int_equal(unpack(&p, p.delta.len, &why), -ESTALE);
    assert_string_equal(why.text, "packed document: a delta from another version");
    char *body = NULL;
    size_t len = 0;
    assert_int_equal(
        document_unpack(p.delta.bytes, p.delta.len, NULL, 0, sha256, &body, &len, &why), -ESTALE);
    free(p.delta.bytes);
}

static void broken_bytes_never_give_another_body(void **state)
{
    (void)state;
    static struct packing p;
    set_up(&p);
    size_t refused = 0;
    for (size_t at = 0; at < p.delta.len; at++) {
        p.delta.bytes[at] ^= 0x10;
        refused += unpack(&p, p.delta.len, NULL) < 0; /* some bits of a frame mean nothing */
        p.delta.bytes[at] ^= 0x10;
        assert_int_equal(unpack(&p, at, NULL), -EBADMSG); /* cut there */
    }
    assert_in_range(refused, p.delta.len - 3, p.delta.len);
    assert_int_equal(unpack(&p, p.delta.len, NULL), 0);
    free(p.delta.bytes);
}

static void a_delta_beyond_half_the_snapshot_is_not_worth_it(void **state)
{
    (void)state;
    assert_true(document_delta_is_worth(500, 1000));
    assert_false(document_delta_is_worth(501, 1000));
}

static void an_empty_body_is_packed_too(void **state)
{
    (void)state;
    struct packed p = {0};
    assert_int_equal(document_snapshot("", 0, sha256, &p), 0);
    char *body = NULL;
    size_t len = 1;
    assert_int_equal(document_unpack(p.bytes, p.len, NULL, 0, sha256, &body, &len, NULL), 0);
    assert_int_equal(len, 0);
    free(body);
    free(p.bytes);
}

static void chunks_make_the_whole_again(void **state)
{
    (void)state;
    static uint8_t whole[CHUNK_TOTAL_MAX * CHUNK_DATA_MAX];
    for (size_t i = 0; i < sizeof(whole); i++)
        whole[i] = (uint8_t)(i * 31 + i / 256);
    static const size_t lens[] = {1, CHUNK_DATA_MAX, CHUNK_DATA_MAX + 1, sizeof(whole)};
    for (size_t k = 0; k < ARRAY_LEN(lens); k++) {
        size_t got = 0;
        for (int32_t i = 0; i < chunk_total(lens[k]); i++) {
            struct chunk c = {.wire = WIRE_VERSION, .session = 9, .type = "orders", .version = 18};
            sha256(whole, lens[k], c.sha256);
            chunk_cut(whole, lens[k], i, &c);
            uint8_t bytes[CHUNK_MAX];
            size_t len = chunk_encode(&c, bytes);
            struct chunk back;
            struct diag why = {0};
            assert_int_equal(chunk_decode(bytes, len, &back, &why), 0);
            assert_string_equal(back.type, "orders");
            assert_int_equal(back.number, i);
            assert_int_equal(back.bytes, lens[k]);
            assert_memory_equal(back.sha256, c.sha256, sizeof(c.sha256));
            assert_memory_equal(back.data, whole + got, back.data_len);
            got += back.data_len;
        }
        assert_int_equal(got, lens[k]);
    }
    assert_int_equal(chunk_total(sizeof(whole) + 1), 0);
    assert_int_equal(chunk_total(0), 0);
}

struct spoilt {
    const char *name;
    struct chunk chunk; /* one that its sender should not have made */
    int err;
    const char *words;
};

static const uint8_t some[CHUNK_DATA_MAX];

static struct spoilt spoilts[] = {
    {"a wire version of a newer release",
     {.wire = WIRE_VERSION + 1,
      .type = "o",
      .version = 1,
      .total = 1,
      .bytes = 5,
      .data = some,
      .data_len = 5},
     -EPROTO,
     "wire version 3"},
    {"a chunk behind the last",
     {.wire = 1,
      .type = "o",
      .version = 1,
      .number = 1,
      .total = 1,
      .bytes = 5,
      .data = some,
      .data_len = 5},
     -EBADMSG,
     "number or total"},
    {"a chunk shorter than it should be",
     {.wire = 1, .type = "o", .version = 1, .total = 1, .bytes = 5, .data = some, .data_len = 4},
     -EBADMSG,
     "do not fit"},
    {"a total that the bytes do not make",
     {.wire = 1, .type = "o", .version = 1, .total = 2, .bytes = 5, .data = some, .data_len = 5},
     -EBADMSG,
     "do not fit"},
    {"a name in capitals",
     {.wire = 1, .type = "O", .version = 1, .total = 1, .bytes = 5, .data = some, .data_len = 5},
     -EBADMSG,
     "type"},
    {"no name",
     {.wire = 1, .type = "", .version = 1, .total = 1, .bytes = 5, .data = some, .data_len = 5},
     -EBADMSG,
     "type"},
};

static void a_spoilt_chunk_is_refused(void **state)
{
    const struct spoilt *s = *state;
    uint8_t bytes[CHUNK_MAX];
    size_t len = chunk_encode(&s->chunk, bytes);
    struct chunk c = {.session = -1};
    struct diag why = {0};
    assert_int_equal(chunk_decode(bytes, len, &c, &why), s->err);
    assert_non_null(strstr(why.text, s->words));
    assert_int_equal(c.session, -1);
    for (size_t cut = 0; cut < len; cut++)
        assert_true(chunk_decode(bytes, cut, &c, NULL) < 0);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(pairs) + ARRAY_LEN(spoilts) + 5];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        tests[n++] =
            (struct CMUnitTest){pairs[i].name, a_delta_gives_the_new_body, NULL, NULL, &pairs[i]};
    for (size_t i = 0; i < ARRAY_LEN(spoilts); i++)
        tests[n++] = (struct CMUnitTest){spoilts[i].name, a_spoilt_chunk_is_refused, NULL, NULL,
                                         &spoilts[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_delta_from_another_version_is_told_apart);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(broken_bytes_never_give_another_body);
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(a_delta_beyond_half_the_snapshot_is_not_worth_it);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_empty_body_is_packed_too);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(chunks_make_the_whole_again);
    return cmocka_run_group_tests_name("document_delta", tests, NULL, NULL);
}
