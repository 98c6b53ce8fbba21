/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "batch_memory.h"
#include "rng.h"

static struct batch_memory *memory_new(void)
{
    struct batch_memory *m = malloc(sizeof(*m));
    assert_non_null(m);
    memset(m, 0xa5, sizeof(*m)); /* begin() leaves nothing of what was there */
    batch_memory_begin(m);
    return m;
}

static struct memory_row row_of(int64_t kind, int64_t sku, int64_t batch, int64_t document)
{
    struct memory_row r = {.shape = 0};
    r.values[COLUMN_KIND] = kind;
    r.values[COLUMN_SKU] = sku;
    r.values[COLUMN_BATCH] = batch;
    r.values[COLUMN_DOCUMENT] = document;
    return r;
}

static uint16_t learn(struct batch_memory *m, enum memory_domain domain, const char *text)
{
    return batch_memory_learn(m, domain, (const uint8_t *)text, strlen(text));
}

static uint16_t find(const struct batch_memory *m, enum memory_domain domain, const char *text)
{
    return batch_memory_find(m, domain, (const uint8_t *)text, strlen(text));
}

/* ---- rows ---- */

static void an_empty_memory_has_nothing(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    struct memory_row r = row_of(13, 1, 1, 1);
    assert_null(batch_memory_row(m, 0));
    assert_null(batch_memory_row(m, 1));
    for (int k = 0; k < MEMORY_KEY_COUNT; k++)
        assert_int_equal(batch_memory_latest(m, (enum memory_key)k, &r), 0);
    assert_int_equal(find(m, DOMAIN_SKU, "TEA"), 0);
    assert_int_equal(batch_memory_find_shape(m, 13, 5), 0);
    free(m);
}

static void old_rows_give_way_to_new_ones(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    for (uint32_t n = 1; n <= 3 * MEMORY_ROWS + 5; n++) {
        struct memory_row r = row_of(13, n, 0, 0);
        batch_memory_add(m, &r);
        assert_int_equal(m->count, n);
        assert_int_equal(batch_memory_row(m, n)->values[COLUMN_SKU], n);
        assert_null(batch_memory_row(m, n + 1));
        uint32_t oldest = n > MEMORY_ROWS ? n - MEMORY_ROWS + 1 : 1;
        assert_int_equal(batch_memory_row(m, oldest)->values[COLUMN_SKU], oldest);
        assert_null(batch_memory_row(m, oldest - 1));
    }
    free(m);
}

struct key_row {
    const char *name;
    enum memory_key key;
    int64_t row[4]; /* kind, sku, batch, document of the one that asks */
    uint32_t want;  /* among the four below */
};

/* 1: kind 13, sku 1, batch 1, document 1   2: 13 1 2 0   3: 12 2 1 1   4: 12 0 1 0 */
static struct key_row key_rows[] = {
    {"by order: the last", BY_ORDER, {99, 0, 0, 0}, 4},
    {"by kind: the last of it", BY_KIND, {13, 0, 0, 0}, 2},
    {"by kind: none of another", BY_KIND, {11, 1, 1, 1}, 0},
    {"by SKU: the last of it", BY_SKU, {99, 1, 0, 0}, 2},
    {"by SKU: who has none shares it with none", BY_SKU, {12, 0, 1, 0}, 0},
    {"by batch: of the same SKU", BY_BATCH, {99, 1, 1, 0}, 1},
    {"by batch: not of another SKU's of that number", BY_BATCH, {99, 2, 2, 0}, 0},
    {"by batch: none without a batch", BY_BATCH, {99, 1, 0, 0}, 0},
    {"by document: the last of it", BY_DOCUMENT, {99, 0, 0, 1}, 3},
    {"by nothing: none", BY_NONE, {13, 1, 1, 1}, 0},
};

static void the_latest_with_a_key_is_found(void **state)
{
    const struct key_row *k = *state;
    static const int64_t before[][4] = {{13, 1, 1, 1}, {13, 1, 2, 0}, {12, 2, 1, 1}, {12, 0, 1, 0}};
    struct batch_memory *m = memory_new();
    for (size_t i = 0; i < ARRAY_LEN(before); i++) {
        struct memory_row r = row_of(before[i][0], before[i][1], before[i][2], before[i][3]);
        batch_memory_add(m, &r);
    }
    struct memory_row r = row_of(k->row[0], k->row[1], k->row[2], k->row[3]);
    assert_int_equal(batch_memory_latest(m, k->key, &r), k->want);
    batch_memory_add(m, &r);
    assert_int_equal(r.before[k->key], k->want); /* and it is noted in the row */
    assert_int_equal(batch_memory_row(m, 5)->before[k->key], k->want);
    free(m);
}

static void a_row_that_gave_way_is_no_ones_latest(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    struct memory_row rare = row_of(13, 7, 7, 7);
    batch_memory_add(m, &rare);
    for (int i = 0; i < MEMORY_ROWS - 1; i++) {
        struct memory_row r = row_of(12, 1, 0, 0);
        batch_memory_add(m, &r);
        assert_int_equal(batch_memory_latest(m, BY_SKU, &rare), 1);
    }
    struct memory_row r = row_of(12, 1, 0, 0);
    batch_memory_add(m, &r);
    for (int k = BY_KIND; k < MEMORY_KEY_COUNT; k++)
        assert_int_equal(batch_memory_latest(m, (enum memory_key)k, &rare), 0);
    free(m);
}

/* Keys that fall on one place may hide each other, and are never taken for each other. */
static void what_is_found_has_that_key(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    struct rng rng = rng_seed(3);
    int found = 0;
    for (int i = 0; i < 3000; i++) {
        struct memory_row r = row_of((int64_t)rng_below(&rng, 20), (int64_t)rng_below(&rng, 300),
                                     (int64_t)rng_below(&rng, 5), (int64_t)rng_below(&rng, 900));
        uint32_t sku = batch_memory_latest(m, BY_SKU, &r);
        uint32_t batch = batch_memory_latest(m, BY_BATCH, &r);
        uint32_t document = batch_memory_latest(m, BY_DOCUMENT, &r);
        const struct memory_row *same = batch_memory_row(m, batch);
        if (sku)
            assert_int_equal(batch_memory_row(m, sku)->values[COLUMN_SKU], r.values[COLUMN_SKU]);
        if (batch)
            assert_true(same->values[COLUMN_SKU] == r.values[COLUMN_SKU] &&
                        same->values[COLUMN_BATCH] == r.values[COLUMN_BATCH]);
        if (document)
            assert_int_equal(batch_memory_row(m, document)->values[COLUMN_DOCUMENT],
                             r.values[COLUMN_DOCUMENT]);
        found += sku != 0;
        batch_memory_add(m, &r);
    }
    assert_true(found > 1500);
    free(m);
}

/* ---- texts ---- */

static void a_text_is_kept_once_a_domain(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    uint16_t tea = learn(m, DOMAIN_SKU, "TEA");
    uint16_t soap = learn(m, DOMAIN_SKU, "SOAP");
    uint16_t bin = learn(m, DOMAIN_BIN, "TEA");
    assert_true(tea != 0 && soap != 0 && bin != 0 && tea != soap && tea != bin);
    assert_int_equal(learn(m, DOMAIN_SKU, "TEA"), tea);
    assert_int_equal(find(m, DOMAIN_SKU, "SOAP"), soap);
    assert_int_equal(find(m, DOMAIN_BIN, "SOAP"), 0);
    assert_int_equal(find(m, DOMAIN_SKU, "TE"), 0);
    assert_int_equal(m->word_count, 3);
    assert_int_equal(m->words[soap].index, 1); /* counted within the domain */
    assert_int_equal(m->words[bin].index, 0);
    assert_int_equal(m->of_index[DOMAIN_SKU][1], soap);
    assert_int_equal(m->newest[DOMAIN_SKU], soap);
    size_t len = 0;
    assert_memory_equal(batch_memory_text(m, soap, &len), "SOAP", 4);
    assert_int_equal(len, 4);
    free(m);
}

static void the_empty_text_and_bytes_of_any_value_are_texts(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    static const uint8_t zeros[3] = {0};
    uint16_t none = batch_memory_learn(m, DOMAIN_NOTE, zeros, 0);
    uint16_t one = batch_memory_learn(m, DOMAIN_NOTE, zeros, 1);
    uint16_t three = batch_memory_learn(m, DOMAIN_NOTE, zeros, 3);
    assert_true(none != 0 && one != 0 && three != 0 && one != three && none != one);
    assert_int_equal(batch_memory_find(m, DOMAIN_NOTE, zeros, 1), one);
    assert_int_equal(batch_memory_find(m, DOMAIN_NOTE, zeros, 2), 0);
    free(m);
}

static void a_full_memory_learns_no_word_and_forgets_none(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    char text[16];
    for (int i = 1; i < MEMORY_WORDS; i++) {
        snprintf(text, sizeof(text), "w%d", i);
        assert_int_equal(learn(m, DOMAIN_BIN, text), i);
    }
    assert_int_equal(learn(m, DOMAIN_BIN, "one more"), 0);
    assert_int_equal(find(m, DOMAIN_BIN, "one more"), 0);
    assert_int_equal(m->word_count, MEMORY_WORDS - 1);
    for (int i = 1; i < MEMORY_WORDS; i++) {
        snprintf(text, sizeof(text), "w%d", i);
        assert_int_equal(learn(m, DOMAIN_BIN, text), i); /* known ones are still known */
    }
    free(m);
}

static void a_text_that_does_not_fit_leaves_the_room_to_shorter_ones(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    uint8_t *large = calloc(1, MEMORY_TEXT);
    assert_non_null(large);
    assert_int_equal(batch_memory_learn(m, DOMAIN_SCAN, large, MEMORY_TEXT - 4), 1);
    assert_int_equal(learn(m, DOMAIN_SKU, "SUGAR"), 0);
    assert_int_equal(learn(m, DOMAIN_SKU, "TEA"), 2);
    assert_int_equal(learn(m, DOMAIN_SKU, "S"), 3);
    assert_int_equal(m->texts_len, MEMORY_TEXT);
    assert_int_equal(learn(m, DOMAIN_SKU, "Z"), 0);
    assert_int_equal(batch_memory_learn(m, DOMAIN_SKU, large, 0), 4); /* nothing always fits */
    size_t len = 0;
    assert_memory_equal(batch_memory_text(m, 2, &len), "TEA", 3);
    free(large);
    free(m);
}

static void words_of_one_bucket_are_told_apart(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    char text[16];
    int shared = 0;
    for (int i = 1; i <= 1500; i++) {
        snprintf(text, sizeof(text), "%d", i * 7919);
        learn(m, DOMAIN_DOCUMENT, text);
    }
    for (int i = 1; i <= 1500; i++) {
        snprintf(text, sizeof(text), "%d", i * 7919);
        assert_int_equal(find(m, DOMAIN_DOCUMENT, text), i);
        shared += m->words[i].next != 0;
    }
    assert_true(shared > 100); /* there were such */
    free(m);
}

/* ---- shapes ---- */

static void shapes_are_kept_until_there_is_no_room(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    for (uint16_t s = 1; s < MEMORY_SHAPES; s++)
        assert_int_equal(batch_memory_learn_shape(m, s % 5, s), s);
    assert_int_equal(batch_memory_learn_shape(m, 1, 999), 0);
    assert_int_equal(batch_memory_find_shape(m, 1, 999), 0);
    assert_int_equal(batch_memory_learn_shape(m, 3, 3), 3);
    assert_int_equal(batch_memory_find_shape(m, 4, 3), 0); /* of another kind */
    assert_int_equal(m->shape_count, MEMORY_SHAPES - 1);
    free(m);
}

static void what_came_behind_a_shape_is_noted(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    static const uint16_t shapes[] = {1, 2, 1, 0, 2};
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct memory_row r = row_of(13, 1, 0, 0);
        r.shape = shapes[i];
        batch_memory_add(m, &r);
    }
    assert_int_equal(m->after_shape[1], 4); /* row 4 came behind row 3 */
    assert_int_equal(m->after_shape[2], 3);
    assert_int_equal(m->after_shape[0], 5); /* also behind one that was not remembered */
    free(m);
}

static void begun_again_it_is_as_new(void **state)
{
    (void)state;
    struct batch_memory *m = memory_new();
    struct batch_memory *fresh = memory_new();
    struct memory_row r = row_of(13, 1, 2, 3);
    learn(m, DOMAIN_SKU, "TEA");
    batch_memory_learn_shape(m, 13, 77);
    batch_memory_add(m, &r);
    batch_memory_begin(m);
    assert_memory_equal(m, fresh, sizeof(*m));
    free(fresh);
    free(m);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(an_empty_memory_has_nothing),
        cmocka_unit_test(old_rows_give_way_to_new_ones),
        cmocka_unit_test(a_row_that_gave_way_is_no_ones_latest),
        cmocka_unit_test(what_is_found_has_that_key),
        cmocka_unit_test(a_text_is_kept_once_a_domain),
        cmocka_unit_test(the_empty_text_and_bytes_of_any_value_are_texts),
        cmocka_unit_test(a_full_memory_learns_no_word_and_forgets_none),
        cmocka_unit_test(a_text_that_does_not_fit_leaves_the_room_to_shorter_ones),
        cmocka_unit_test(words_of_one_bucket_are_told_apart),
        cmocka_unit_test(shapes_are_kept_until_there_is_no_room),
        cmocka_unit_test(what_came_behind_a_shape_is_noted),
        cmocka_unit_test(begun_again_it_is_as_new),
    };
    struct CMUnitTest tests[ARRAY_LEN(key_rows) + ARRAY_LEN(others)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(key_rows); i++)
        tests[n++] = (struct CMUnitTest){key_rows[i].name, the_latest_with_a_key_is_found, NULL,
                                         NULL, &key_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("batch_memory", tests, NULL, NULL);
}
