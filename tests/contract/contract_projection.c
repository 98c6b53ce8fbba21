/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each fold holds, on every engine. */
#include "projection_desk.h"

#include "stock_effect.h"

static void stock_follows_the_entries_and_holds_no_zero(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100)->value_paise = 5000;
    strcpy(write_entry(p, ENTRY_MOVED, DAY0, "TEA", 40)->bin_to, "A-02");
    write_entry(p, ENTRY_PICKED, DAY0 + 1, "TEA", 60);
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT count(*) FROM stock"), 1);
    assert_int_equal(number(d.s, "SELECT qty FROM stock WHERE bin = 'A-02'"), 40);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 2"), 100);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 3"), -60);
    assert_int_equal(number(d.s, "SELECT in_units FROM lot"), 100);
    assert_int_equal(number(d.s, "SELECT in_paise FROM lot"), 5000);
    assert_int_equal(number(d.s, "SELECT last_moved_day FROM lot"), DAY0 + 1);
    assert_int_equal(number(d.s, "SELECT units FROM demand"), 60);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void age_comes_along_with_goods_that_arrive(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    struct entry *e = write_entry(p, ENTRY_ARRIVED, DAY0, "TEA", 10);
    strcpy(e->document, "T-1");
    e->due_day = DAY0 - 30;
    e->expiry_kind = EXPIRY_BEST_BEFORE;
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 1); /* says nothing of the kind of date */
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT received_day FROM lot"), DAY0 - 30);
    assert_int_equal(number(d.s, "SELECT expiry_kind FROM lot"), EXPIRY_BEST_BEFORE);
    free(p);
    desk_close(&d);
}

static void an_undone_pick_takes_demand_sales_and_line_back(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100);
    struct entry *e = write_entry(p, ENTRY_PICKED, DAY0, "TEA", 30);
    strcpy(e->document, "SO-1");
    strcpy(e->party, "OUT-1");
    e->line = 1;
    e->value_paise = 3000;
    e = write_entry(p, ENTRY_ADJUSTED, DAY0 + 2, "TEA", 30);
    strcpy(e->reason, "keying_error");
    e->corrects = 2;
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT units FROM demand WHERE day = 20000"), 0);
    assert_int_equal(number(d.s, "SELECT units FROM outlet_sale"), 0);
    assert_int_equal(number(d.s, "SELECT value_paise FROM outlet_sale"), 0);
    assert_int_equal(number(d.s, "SELECT qty FROM line_done WHERE kind = 13"), 0);
    assert_int_equal(number(d.s, "SELECT qty FROM stock"), 100);
    e = write_entry(p, ENTRY_ADJUSTED, DAY0 + 2, "TEA", -30); /* undoes the undoing */
    strcpy(e->reason, "keying_error");
    e->corrects = 3;
    ship_all(&d, p);
    assert_int_equal(number(d.s, "SELECT units FROM demand WHERE day = 20000"), 30);
    assert_int_equal(number(d.s, "SELECT value_paise FROM outlet_sale"), 3000);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void days_of_sellable_stock_are_spans_that_join(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 10);
    write_entry(p, ENTRY_PICKED, DAY0 + 2, "TEA", 10);
    write_entry(p, ENTRY_RECEIVED, DAY0 + 3, "TEA", 10); /* the next day: one span */
    write_entry(p, ENTRY_PICKED, DAY0 + 4, "TEA", 10);
    write_entry(p, ENTRY_RECEIVED, DAY0 + 9, "TEA", 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(ship(&d, p, 1, false), 0); /* levels are read back between */
    assert_int_equal(number(d.s, "SELECT count(*) FROM stocked"), 2);
    assert_int_equal(number(d.s, "SELECT to_day FROM stocked WHERE from_day = 20000"), DAY0 + 4);
    assert_int_equal(number(d.s, "SELECT to_day FROM stocked WHERE from_day = 20009"), INT32_MAX);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static void both_ends_of_a_transfer_join_whichever_comes_first(void **state)
{
    uint8_t digests[2][SHA256_SIZE];
    for (int order = 0; order < 2; order++) {
        struct desk d = desk_open(state);
        struct pen *from = calloc(1, sizeof(*from));
        struct pen *to = calloc(1, sizeof(*to));
        *from = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
        *to = (struct pen){.device = "wh-2", .site = "pune", .epoch = 1};
        write_entry(from, ENTRY_RECEIVED, DAY0, "TEA", 100);
        struct entry *e = write_entry(from, ENTRY_DISPATCHED, DAY0, "TEA", 50);
        strcpy(e->document, "T-1");
        strcpy(e->party, "pune");
        e = write_entry(to, ENTRY_ARRIVED, DAY0 + 2, "TEA", 40);
        strcpy(e->document, "T-1");
        strcpy(e->party, "nagpur");
        e = write_entry(to, ENTRY_ARRIVED, DAY0 + 2, "TEA", 6);
        strcpy(e->document, "T-1");
        strcpy(e->reason, "damaged");
        e->status = STOCK_QUARANTINE;
        e = write_entry(to, ENTRY_LOST, DAY0 + 2, "TEA", 3);
        strcpy(e->document, "T-1");
        strcpy(e->reason, "short");
        memset(e->bin, 0, sizeof(e->bin));
        ship_all(&d, order ? to : from);
        ship_all(&d, order ? from : to);
        assert_int_equal(number(d.s, "SELECT sent FROM transit"), 50);
        assert_int_equal(number(d.s, "SELECT arrived FROM transit"), 46);
        assert_int_equal(number(d.s, "SELECT damaged FROM transit"), 6);
        assert_int_equal(number(d.s, "SELECT lost FROM transit"), 3);
        assert_int_equal(number(d.s, "SELECT count(*) FROM transit WHERE from_site = 'nagpur'"
                                     " AND to_site = 'pune'"),
                         1);
        assert_int_equal(projection_digest(d.s, digests[order]), 0);
        assert_rebuilds_to_the_same(&d);
        free(from);
        free(to);
        desk_close(&d);
    }
    assert_memory_equal(digests[0], digests[1], SHA256_SIZE);
}

static void a_new_epoch_replaces_the_stock_of_the_old_one(void **state)
{
    struct desk d = desk_open(state);
    struct pen *old = calloc(1, sizeof(*old));
    struct pen *new = calloc(1, sizeof(*new));
    *old = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    *new = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 2};
    write_entry(old, ENTRY_RECEIVED, DAY0, "TEA", 100);
    write_entry(old, ENTRY_PICKED, DAY0 + 1, "TEA", 30);
    write_entry(new, ENTRY_OPENING, DAY0 + 5, "TEA", 65);
    ship_all(&d, old);
    assert_int_equal(ship(&d, new, ENTRIES_MAX, true), 0);
    assert_int_equal(number(d.s, "SELECT CAST(sum(qty) AS BIGINT) FROM stock"), 65);
    assert_int_equal(number(d.s, "SELECT CAST(sum(qty) AS BIGINT) FROM account"), 65);
    assert_int_equal(number(d.s, "SELECT qty FROM account WHERE account = 9"), -70);
    assert_int_equal(number(d.s, "SELECT units FROM demand"), 30); /* it was sold */
    assert_int_equal(number(d.s, "SELECT count(*) FROM stocked"), 1);
    assert_rebuilds_to_the_same(&d);
    free(old);
    free(new);
    desk_close(&d);
}

static void an_entry_beyond_the_limits_is_refused_and_the_rest_goes_on(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", PROJECTION_UNITS_MAX);
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", PROJECTION_UNITS_MAX + 1);
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 1)->value_paise = PROJECTION_PAISE_MAX + 1;
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 1)->bin[0] = '\0'; /* entry_check() */
    write_entry(p, ENTRY_PICKED, DAY0, "TEA", 5);
    assert_int_equal(ship(&d, p, ENTRIES_MAX, false), 3);
    assert_int_equal(number(d.s, "SELECT qty FROM stock"), PROJECTION_UNITS_MAX - 5);
    assert_rebuilds_to_the_same(&d);
    free(p);
    desk_close(&d);
}

static int sum_stock(const struct tally_table *table, const struct tally_row *row, void *context)
{
    int64_t *sum = context;
    if (strcmp(table->name, "stock") == 0)
        *sum += row->ints[3];
    return 0;
}

static void a_replay_shows_a_day_of_the_past(void **state)
{
    struct desk d = desk_open(state);
    struct pen *p = calloc(1, sizeof(*p));
    *p = (struct pen){.device = "wh-1", .site = "nagpur", .epoch = 1};
    write_entry(p, ENTRY_RECEIVED, DAY0, "TEA", 100);
    write_entry(p, ENTRY_PICKED, DAY0 + 1, "TEA", 30);
    write_entry(p, ENTRY_PICKED, DAY0 + 2, "TEA", 20);
    ship_all(&d, p);
    static const struct {
        struct projection_until until;
        int64_t units;
    } rows[] = {
        {{.wall_ms = INT64_MAX}, 50},
        {{.wall_ms = (DAY0 + 2) * CIVIL_MS_PER_DAY - CIVIL_IST_OFFSET_MS - 1}, 70},
        {{.wall_ms = INT64_MAX, .device = "wh-1", .epoch = 1, .seq = 1}, 100},
        {{.wall_ms = INT64_MAX, .device = "wh-2", .epoch = 1, .seq = 1}, 50},
        {{.wall_ms = 0}, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t units = 0;
        assert_int_equal(projection_replay(d.s, &rows[i].until, sum_stock, &units), 0);
        assert_int_equal(units, rows[i].units);
    }
    free(p);
    desk_close(&d);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(stock_follows_the_entries_and_holds_no_zero),
    cmocka_unit_test(age_comes_along_with_goods_that_arrive),
    cmocka_unit_test(an_undone_pick_takes_demand_sales_and_line_back),
    cmocka_unit_test(days_of_sellable_stock_are_spans_that_join),
    cmocka_unit_test(both_ends_of_a_transfer_join_whichever_comes_first),
    cmocka_unit_test(a_new_epoch_replaces_the_stock_of_the_old_one),
    cmocka_unit_test(an_entry_beyond_the_limits_is_refused_and_the_rest_goes_on),
    cmocka_unit_test(a_replay_shows_a_day_of_the_past),
};

int main(void)
{
    return relay_cases_run("projection", promises, ARRAY_LEN(promises));
}
