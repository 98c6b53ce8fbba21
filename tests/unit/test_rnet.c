/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "file_text.h"
#include "rnet.h"

#define HEAD "p rnet 2 1 1\nd 0 10\nd 1 20.5\nl 9 0 1 3 2500 84164 100\n"

struct row {
    const char *name;
    const char *text;
    int line;
    const char *words;
};

static struct row rows[] = {
    {"an empty text", "", 0, "lacks a p record"},
    {"another format", "p cnf 1 2\n", 1, "rnet"},
    {"two heads", "p rnet 1 0 0\np rnet 1 0 0\n", 2, "once"},
    {"a site before the head", "d 0 1\n", 1, "before the p record"},
    {"a record of no kind", "p rnet 1 0 0\nx 1\n", 2, "one of"},
    {"a site beyond the last", "p rnet 1 0 0\nd 1 5\n", 2, "field 1"},
    {"a site twice", "p rnet 1 0 0\nd 0 5\nd 0 6\n", 3, "already"},
    {"a site without room", "p rnet 1 0 0\n", 1, "lacks the room"},
    {"a room of seven decimals", "p rnet 1 0 0\nd 0 5.1234567\n", 2, "number"},
    {"a lane too many", HEAD "l 10 0 1 3 2500 84164 100\n", 5, "more lanes"},
    {"a lane that weighs nothing", "p rnet 2 1 0\nl 9 0 1 3 0 1 0\n", 2, "field 5"},
    {"a network missing", HEAD, 4, "lacks a network"},
    {"a node before any network", HEAD "n 0 1\n", 5, "before any s record"},
    {"an arc of no lane", HEAD "s 1 2.5 2 1\na 0 1 3 4 8\n", 6, "no such lane"},
    {"an arc too many", HEAD "s 1 2.5 2 1\na 0 1 3 4 9\na 0 1 3 4 9\n", 7, "more arcs"},
    {"an arc missing", HEAD "s 1 2.5 2 2\na 0 1 3 4 9\n", 6, "lacks an arc"},
    {"an arc of four fields", HEAD "s 1 2.5 2 1\na 0 1 3 4\n", 6, "fields"},
    {"more nodes than arcs join", HEAD "s 1 2.5 900 1\n", 5, "more nodes"},
    {"a line without end", HEAD "s 1 2.5 2 1 1 1 1 1 1 1 1\n", 5, "longer"},
};

static void refused_row(void **state)
{
    const struct row *r = *state;
    struct diag why = {0};
    struct rnet *got = NULL;
    assert_int_equal(rnet_read(r->text, strlen(r->text), &got, &why), -EINVAL);
    assert_null(got);
    assert_int_equal(why.line, r->line);
    assert_non_null(strstr(why.text, r->words));
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(file_text("tests/data/rnet/rnet-20x40-s1.txt", RNET_FILE_MAX, &text, &len), 0);
    AUTO(rnet) r = NULL;
    assert_int_equal(rnet_read(text, len, &r, NULL), 0);
    free(text);
    const struct plan_problem *p = rnet_problem(r);
    assert_int_equal(plan_check(p, NULL), 0);
    assert_int_equal(p->sites, 20);
    assert_int_equal(p->room_mg[0], 461921000);
    assert_int_equal(p->lane[0].id, 38);
    assert_int_equal(p->sku[0].case_mg, 15793800);

    char *again = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&again, &size);
    assert_non_null(out);
    rnet_write(p, out);
    fclose(out);
    AUTO(rnet) back = NULL;
    assert_int_equal(rnet_read(again, size, &back, NULL), 0);
    free(again);
    const struct plan_problem *q = rnet_problem(back);
    assert_int_equal(plan_arcs(p), plan_arcs(q));
    assert_memory_equal(p->arc_lane, q->arc_lane, plan_arcs(p) * sizeof(*p->arc_lane));
    assert_memory_equal(p->room_mg, q->room_mg, p->sites * sizeof(*p->room_mg));
    for (size_t a = 0; a < plan_arcs(p); a++)
        assert_true(p->arc[a].cost == q->arc[a].cost && p->arc[a].capacity == q->arc[a].capacity);
}

static void the_known_instance_is_solved_to_its_optimum(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    assert_int_equal(file_text("tests/data/rnet/rnet-20x40-s1.txt", RNET_FILE_MAX, &text, &len), 0);
    AUTO(rnet) r = NULL;
    assert_int_equal(rnet_read(text, len, &r, NULL), 0);
    free(text);
    struct plan_limits limits = {.bound_rounds = 100, .search_rounds = 10, .nodes = 500};
    AUTO(plan) plan = NULL;
    assert_int_equal(plan_solve(rnet_problem(r), &limits, &plan, NULL), 0);
    assert_int_equal(plan_verify(rnet_problem(r), plan, NULL), 0);
    assert_int_equal(plan->value_paise, 67835310);
    assert_true(plan_gap_ppm(plan) < 1000);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, refused_row, NULL, NULL, &rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_written_reads_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_known_instance_is_solved_to_its_optimum);
    return cmocka_run_group_tests_name("rnet", tests, NULL, NULL);
}
