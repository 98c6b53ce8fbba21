/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What dead_letter.h promises, kept by every engine. */
#include "sql_hands.h"

#include "dead_letter.h"

#define ROUNDS 40

static void dead_letters_are_numbered_and_decided_once(void **state)
{
    AUTO(sql) s = relay_open(*state, "letters");
    const struct dead_letter letter = {.source = "ingest",
                                       .device = "kol-1",
                                       .epoch = 2,
                                       .seq = 7,
                                       .reason = "another hash",
                                       .body = "\0bytes",
                                       .len = 6};
    relay_begin(s, SQL_WRITE);
    int64_t first = 0;
    int64_t second = 0;
    assert_int_equal(dead_letter_put(s, &letter, 1000, &first), 0);
    assert_int_equal(dead_letter_put(s, &letter, 1001, &second), 0);
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
    assert_int_equal(dead_letter_decide(s, second, "repaired", "asha", 2000), 0);
    assert_int_equal(dead_letter_decide(s, second, "dropped", "asha", 2001), -ENOENT);
    assert_int_equal(dead_letter_decide(s, 99, "dropped", "asha", 2001), -ENOENT);
    relay_commit(s);
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT letter, state, body FROM dead_letter ORDER BY letter");
    assert_int_equal(sql_step(q), 1);
    assert_string_equal(sql_text(q, 1), "open");
    size_t len = 0;
    assert_memory_equal(sql_bytes(q, 2, &len), letter.body, letter.len);
    assert_int_equal(len, letter.len);
    assert_int_equal(sql_step(q), 1);
    assert_int_equal(sql_int(q, 0), 2);
    assert_string_equal(sql_text(q, 1), "repaired");
}

static void *number_rounds(void *context)
{
    struct hand *h = context;
    struct sql *s = NULL;
    h->err = sql_open(h->store->address, h->tenant, NULL, &s);
    for (int done = 0; done < ROUNDS && h->err == 0; done++) {
        const struct dead_letter letter = {.source = h->first, .device = "", .reason = ""};
        int64_t number = 0;
        h->err = sql_begin(s, SQL_WRITE);
        if (h->err == 0)
            h->err = dead_letter_put(s, &letter, 0, &number);
        if (h->err == 0)
            h->err = sql_commit(s);
    }
    sql_free(s);
    return NULL;
}

/* sql_lock() keeps their writers apart. */
static void letters_put_at_once_have_each_a_number_of_its_own(void **state)
{
    AUTO(sql) s = relay_open(*state, "locks");
    struct hand hands[] = {{.store = *state, .tenant = "locks", .first = "a"},
                           {.store = *state, .tenant = "locks", .first = "b"},
                           {.store = *state, .tenant = "locks", .first = "c"}};
    hands_work(hands, ARRAY_LEN(hands), number_rounds);
    hands_succeeded(hands, ARRAY_LEN(hands));
    relay_begin(s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*), min(letter), max(letter) FROM dead_letter");
    assert_int_equal(sql_step(q), 1);
    assert_int_equal(sql_int(q, 0), 3 * ROUNDS);
    assert_int_equal(sql_int(q, 1), 1);
    assert_int_equal(sql_int(q, 2), 3 * ROUNDS);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(dead_letters_are_numbered_and_decided_once),
    cmocka_unit_test(letters_put_at_once_have_each_a_number_of_its_own),
};

int main(void)
{
    return relay_cases_run("dead_letter", promises, ARRAY_LEN(promises));
}
