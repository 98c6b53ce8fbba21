/* SPDX-License-Identifier: Apache-2.0 */
/* The appliance's and the relay's side of documents against each other, with a break wherever one
 * can come. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "pull.h"
#include "shelf.h"
#include "text.h"

#define TYPE "catalogue"

/* A document of len bytes, and what the relay has of it. "Packed" is the body itself here, and a
 * delta is its second half: how they are packed is not this module's. */
struct source {
    uint8_t body[300000];
    struct shelf_delta deltas[2];
    struct shelf_document shelf;
    struct pull_want want;
};

static struct source *new_source(int64_t version, int64_t len)
{
    struct source *s = calloc(1, sizeof(*s));
    assert_non_null(s);
    for (int64_t i = 0; i < len; i++)
        s->body[i] = (uint8_t)(i * 7 + version);
    s->shelf = (struct shelf_document){.version = version, .bytes = len};
    s->want = (struct pull_want){.type = TYPE, .version = version, .bytes = len};
    sha256(s->body, (size_t)len, s->want.sha256);
    return s;
}

/* The appliance's storage of the part, as a file: pull_chunk() says what is written. */
struct part {
    uint8_t bytes[300000];
    struct pull_chunk last;
};

static int receive(struct pull *p, struct part *part, const struct source *s,
                   const struct pull_chunk *c, int64_t now_ms)
{
    int err = pull_chunk(p, c, now_ms);
    if (err == 1) {
        int64_t skipped = c->base == PULL_BASE_SNAPSHOT ? 0 : s->shelf.bytes - c->total;
        memcpy(part->bytes + c->offset, s->body + skipped + c->offset, (size_t)c->len);
        part->last = *c;
    }
    return err;
}

static void offer(struct pull *p, const struct source *s, int64_t now_ms)
{
    struct pull_offer o = {TYPE, s->shelf.version, s->shelf.bytes};
    assert_int_equal(pull_offered(p, &o, now_ms), 1);
}

/* The next bytes of a fetch that is under way. */
static int fetch_piece(struct pull *p, struct part *part, const struct source *s, int64_t now_ms)
{
    struct pull_chunk c = {.type = TYPE,
                           .version = s->shelf.version,
                           .total = s->shelf.bytes,
                           .offset = p->items[0].got};
    c.len = c.total - c.offset < PULL_CHUNK_MAX ? c.total - c.offset : PULL_CHUNK_MAX;
    return receive(p, part, s, &c, now_ms);
}

/* Does the next thing, with the relay's answer. False when there is nothing to do. */
static bool step(struct pull *p, struct part *part, const struct source *s, int64_t now_ms)
{
    struct pull_action a = pull_next(p, now_ms);
    if (a.step == PULL_GET) {
        pull_sent(p, &a, now_ms);
        struct shelf_answer answer = shelf_answer(&s->shelf, &a.get);
        if (answer.verdict == SHELF_CHUNK)
            assert_int_equal(receive(p, part, s, &answer.chunk, now_ms), 1);
        else if (answer.verdict == SHELF_ELSEWHERE && !a.get.by_messages)
            offer(p, s, now_ms);
    } else if (a.step == PULL_FETCH) {
        pull_sent(p, &a, now_ms);
        assert_int_equal(fetch_piece(p, part, s, now_ms), 1);
    }
    return a.step != PULL_WAIT;
}

static void start(struct pull *p, int64_t have)
{
    pull_start(p, 1);
    assert_int_equal(pull_know(p, TYPE, 1, have), 0);
    pull_link_up(p);
}

static void a_snapshot_comes_piece_by_piece(void **state)
{
    (void)state;
    struct source *s = new_source(3, 20000);
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 0); /* said again with each RESUME */
    int pieces = 0;
    while (pull_next(&p, 0).step == PULL_GET && step(&p, part, s, 0))
        pieces++;
    assert_int_equal(pieces, 3);
    struct pull_action a = pull_next(&p, 0);
    assert_int_equal(a.step, PULL_FINISH);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 20000, 0), 1);
    assert_int_equal(p.items[0].have, 3);
    assert_int_equal(pull_next(&p, 0).step, PULL_WAIT);
    free(part);
    free(s);
}

static void a_delta_comes_where_it_is_worth_it(void **state)
{
    (void)state;
    static const struct {
        int64_t have;
        int64_t delta_bytes;
        int64_t want_base;
    } rows[] = {{2, 10000, 2}, {2, 10001, 0}, {1, 10000, 0}, {0, 10000, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct source *s = new_source(3, 20000);
        s->deltas[0] = (struct shelf_delta){2, rows[i].delta_bytes};
        s->shelf.deltas = s->deltas;
        s->shelf.delta_count = 1;
        struct pull_get get = {.type = TYPE, .have = rows[i].have, .version = 3};
        get.base = PULL_BASE_ANY;
        struct shelf_answer a = shelf_answer(&s->shelf, &get);
        assert_string_equal(shelf_verdict_name(a.verdict), "chunk");
        assert_int_equal(a.chunk.base, rows[i].want_base);
        assert_int_equal(a.chunk.total, rows[i].want_base ? 10000 : 20000);
        free(s);
    }
}

static void a_delta_that_leads_elsewhere_is_replaced_by_the_snapshot(void **state)
{
    (void)state;
    struct source *s = new_source(3, 20000);
    struct part *part = calloc(1, sizeof(*part));
    s->deltas[0] = (struct shelf_delta){2, 5000};
    s->shelf.deltas = s->deltas;
    s->shelf.delta_count = 1;
    struct pull p;
    start(&p, 2);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_true(step(&p, part, s, 0));
    assert_int_equal(pull_next(&p, 0).step, PULL_FINISH);
    assert_int_equal(pull_next(&p, 0).get.base, 2);
    assert_int_equal(pull_finish(&p, TYPE, NULL, 0, 0), -EBADMSG); /* it did not unpack */
    struct pull_action a = pull_next(&p, 0);
    assert_int_equal(a.step, PULL_WAIT); /* not at once */
    a = pull_next(&p, a.until_ms);
    assert_int_equal(a.get.base, PULL_BASE_SNAPSHOT);
    int64_t now_ms = 10000;
    while (pull_next(&p, now_ms).step == PULL_GET)
        step(&p, part, s, now_ms);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 20000, now_ms), 1);
    free(part);
    free(s);
}

static void after_a_power_cut_it_goes_on_where_it_stopped(void **state)
{
    (void)state;
    struct source *s = new_source(3, 50000);
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    int gets = 0;
    while (pull_next(&p, 0).step == PULL_GET) {
        step(&p, part, s, 0);
        gets++;
        start(&p, 0); /* a cut behind every piece */
        assert_int_equal(pull_keep(&p, &part->last), 0);
        assert_int_equal(pull_next(&p, 0).step, PULL_WAIT); /* its digest is not known yet */
        assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    }
    assert_int_equal(gets, 7);
    assert_int_equal(pull_next(&p, 0).step, PULL_FINISH);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 50000, 0), 1);
    free(part);
    free(s);
}

static void a_newer_version_on_the_way_replaces_the_part(void **state)
{
    (void)state;
    struct source *s = new_source(3, 50000);
    struct source *newer = new_source(4, 50000);
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_true(step(&p, part, s, 0));
    struct pull_chunk late = part->last;
    late.offset += late.len;
    assert_int_equal(pull_wanted(&p, &newer->want, 0), 1);
    assert_int_equal(pull_chunk(&p, &late, 0), 0);
    assert_int_equal(pull_next(&p, 0).get.offset, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 0); /* an overtaken RESUME */
    while (pull_next(&p, 0).step == PULL_GET)
        step(&p, part, newer, 0);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 50000, 0), 1);
    assert_int_equal(p.items[0].have, 4);
    free(part);
    free(newer);
    free(s);
}

static void doubled_and_overtaken_pieces_are_dropped(void **state)
{
    (void)state;
    struct source *s = new_source(3, 50000);
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_true(step(&p, part, s, 0));
    struct pull_chunk c = part->last;
    c.offset = 2 * PULL_CHUNK_MAX; /* one is missing in between */
    assert_int_equal(pull_chunk(&p, &c, 0), 0);
    c.offset = PULL_CHUNK_MAX;
    assert_int_equal(pull_chunk(&p, &c, 0), 1);
    assert_int_equal(pull_chunk(&p, &c, 0), 0);
    c.len = 5; /* only the last piece is short */
    assert_int_equal(pull_chunk(&p, &c, 0), -EBADMSG);
    free(part);
    free(s);
}

static void silence_is_asked_again_later(void **state)
{
    (void)state;
    struct source *s = new_source(3, 2000);
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    struct pull_action a = pull_next(&p, 0);
    pull_sent(&p, &a, 0);
    a = pull_next(&p, 0);
    assert_int_equal(a.step, PULL_WAIT);
    assert_true(a.until_ms == PULL_ANSWER_MS);
    a = pull_next(&p, a.until_ms);
    assert_int_equal(a.step, PULL_WAIT);
    assert_true(a.until_ms > PULL_ANSWER_MS);
    assert_int_equal(pull_next(&p, a.until_ms).step, PULL_GET);
    free(s);
}

static void a_piece_that_was_not_stored_begins_afresh(void **state)
{
    (void)state;
    struct source *s = new_source(3, 70000);
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_true(step(&p, part, s, 0));
    assert_true(step(&p, part, s, 0));
    pull_failed(&p, TYPE, 0); /* the disk was full */
    struct pull_action a = pull_next(&p, 0);
    assert_int_equal(a.step, PULL_WAIT);
    int64_t now_ms = a.until_ms;
    a = pull_next(&p, now_ms);
    assert_int_equal(a.step, PULL_GET);
    assert_int_equal(a.get.offset, 0);
    while (pull_next(&p, now_ms).step == PULL_GET)
        step(&p, part, s, now_ms);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 70000, now_ms), 1);
    free(part);
    free(s);
}

/* GET, the offer, and the first piece of the fetch. */
static struct source *begin_fetch(struct pull *p, struct part *part)
{
    struct source *s = new_source(3, 300000);
    start(p, 0);
    assert_int_equal(pull_wanted(p, &s->want, 0), 1);
    assert_int_equal(pull_next(p, 0).step, PULL_GET); /* a delta might have done */
    assert_true(step(p, part, s, 0));
    assert_int_equal(pull_next(p, 0).step, PULL_FETCH);
    assert_true(step(p, part, s, 0));
    assert_int_equal(p->items[0].got, PULL_CHUNK_MAX);
    return s;
}

/* The next time that there is something to do. */
static struct pull_action wait_for_action(struct pull *p, int64_t *now_ms)
{
    struct pull_action a = pull_next(p, *now_ms);
    while (a.step == PULL_WAIT) {
        *now_ms = a.until_ms;
        a = pull_next(p, *now_ms);
    }
    return a;
}

static void what_is_too_large_for_messages_is_fetched(void **state)
{
    (void)state;
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    struct source *s = begin_fetch(&p, part);
    int pieces = 1;
    while (pull_next(&p, 0).step == PULL_WAIT) {
        assert_int_equal(fetch_piece(&p, part, s, 0), 1);
        pieces++;
    }
    assert_int_equal(pieces, 37);
    assert_int_equal(pull_next(&p, 0).step, PULL_FINISH);
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 300000, 0), 1);
    free(part);
    free(s);
}

static void a_fetch_that_broke_off_goes_on_where_it_was(void **state)
{
    (void)state;
    for (int told = 0; told <= 1; told++) { /* by the transport, or by silence */
        struct part *part = calloc(1, sizeof(*part));
        struct pull p;
        struct source *s = begin_fetch(&p, part);
        if (told)
            pull_broke_off(&p, TYPE, 0);
        int64_t now_ms = 0;
        struct pull_action a = wait_for_action(&p, &now_ms);
        assert_true(told ? now_ms < PULL_FETCH_MS : now_ms >= PULL_FETCH_MS);
        assert_int_equal(a.step, PULL_GET); /* for another ticket */
        assert_int_equal(a.get.offset, PULL_CHUNK_MAX);
        assert_false(a.get.by_messages); /* something came */
        assert_true(step(&p, part, s, now_ms));
        a = pull_next(&p, now_ms);
        assert_int_equal(a.step, PULL_FETCH);
        assert_int_equal(a.get.offset, PULL_CHUNK_MAX);
        free(part);
        free(s);
    }
}

static void after_a_power_cut_a_fetch_goes_on_where_it_stopped(void **state)
{
    (void)state;
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    struct source *s = begin_fetch(&p, part);
    start(&p, 0);
    assert_int_equal(pull_keep(&p, &part->last), 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_true(step(&p, part, s, 0));
    struct pull_action a = pull_next(&p, 0);
    assert_int_equal(a.step, PULL_FETCH);
    assert_int_equal(a.get.offset, PULL_CHUNK_MAX);
    free(part);
    free(s);
}

static void where_nothing_can_be_fetched_messages_are_asked_for(void **state)
{
    (void)state;
    struct source *s = new_source(3, 100000); /* a relay that would rather have it fetched */
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    int64_t now_ms = 0;
    struct pull_action a = pull_next(&p, now_ms);
    assert_false(a.get.by_messages);
    pull_sent(&p, &a, now_ms);
    offer(&p, s, now_ms);
    a = pull_next(&p, now_ms);
    assert_int_equal(a.step, PULL_FETCH);
    pull_sent(&p, &a, now_ms);
    pull_broke_off(&p, TYPE, now_ms);
    a = wait_for_action(&p, &now_ms);
    assert_true(a.get.by_messages);
    while (pull_next(&p, now_ms).step == PULL_GET)
        assert_true(step(&p, part, s, now_ms));
    assert_int_equal(pull_finish(&p, TYPE, part->bytes, 100000, now_ms), 1);
    free(part);
    free(s);
}

static void what_messages_cannot_carry_either_is_offered_again(void **state)
{
    (void)state;
    struct part *part = calloc(1, sizeof(*part));
    struct pull p;
    struct source *s = begin_fetch(&p, part);
    pull_failed(&p, TYPE, 0);
    int64_t now_ms = 0;
    struct pull_action a = wait_for_action(&p, &now_ms);
    pull_sent(&p, &a, now_ms);
    offer(&p, s, now_ms);
    a = pull_next(&p, now_ms);
    pull_sent(&p, &a, now_ms);
    pull_broke_off(&p, TYPE, now_ms); /* nothing of it came */
    a = wait_for_action(&p, &now_ms);
    assert_true(a.get.by_messages);
    pull_sent(&p, &a, now_ms); /* and no answer */
    a = wait_for_action(&p, &now_ms);
    assert_int_equal(a.step, PULL_GET);
    assert_false(a.get.by_messages);
    free(part);
    free(s);
}

static void an_offer_of_something_else_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        struct pull_offer offer;
        int want;
    } rows[] = {
        {{TYPE, 3, 0}, -EBADMSG},    {{TYPE, 3, (int64_t)PULL_BODY_MAX + 1}, -EBADMSG},
        {{TYPE, 2, 300000}, 0},      {{TYPE, 4, 300000}, 0},
        {{"weather", 3, 300000}, 0},
    };
    struct source *s = new_source(3, 300000);
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(pull_offered(&p, &rows[i].offer, 0), rows[i].want);
    assert_int_equal(pull_next(&p, 0).step, PULL_GET);
    offer(&p, s, 0);
    struct pull_offer again = {TYPE, 3, 300000};
    assert_int_equal(pull_offered(&p, &again, 0), 0); /* it is being fetched */
    free(s);
}

static void the_lower_rank_goes_first(void **state)
{
    (void)state;
    struct source *s = new_source(3, 2000);
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_know(&p, "orders", 0, 0), 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_int_equal(text_copy(s->want.type, sizeof(s->want.type), "orders"), 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    assert_string_equal(pull_next(&p, 0).get.type, "orders");
    free(s);
}

static void what_a_newer_relay_wants_besides_is_ignored(void **state)
{
    (void)state;
    struct source *s = new_source(3, 2000);
    struct pull p;
    start(&p, 5);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 0); /* what is here is newer */
    assert_int_equal(text_copy(s->want.type, sizeof(s->want.type), "weather"), 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), -ENOENT);
    free(s);
}

static void one_version_has_one_content(void **state)
{
    (void)state;
    struct source *s = new_source(3, 2000);
    struct pull p;
    start(&p, 0);
    assert_int_equal(pull_wanted(&p, &s->want, 0), 1);
    s->want.sha256[0] ^= 1;
    assert_int_equal(pull_wanted(&p, &s->want, 0), -EEXIST);
    s->want.version = 0;
    assert_int_equal(pull_wanted(&p, &s->want, 0), -EBADMSG);
    free(s);
}

struct shelf_row {
    const char *name;
    struct pull_get get;
    int64_t bytes;
    const char *want;
    int64_t offset;
};

static struct shelf_row shelf_rows[] = {
    {"shelf: the version is here already", {TYPE, 3, 3, -1, 0, false}, 20000, "nothing", 0},
    {"shelf: a later one is there", {TYPE, 4, 5, -1, 0, false}, 20000, "nothing", 0},
    {"shelf: another version is in force", {TYPE, 1, 2, -1, 0, false}, 20000, "want", 0},
    {"shelf: a body that was begun goes on", {TYPE, 0, 3, 0, 8192, false}, 20000, "chunk", 8192},
    {"shelf: a delta that is gone begins afresh", {TYPE, 2, 3, 2, 8192, false}, 20000, "chunk", 0},
    {"shelf: behind the end begins afresh", {TYPE, 0, 3, 0, 24576, false}, 20000, "chunk", 0},
    {"shelf: too large for messages", {TYPE, 0, 3, -1, 0, false}, 200000, "elsewhere", 0},
    {"shelf: an offset that no piece has", {TYPE, 0, 3, 0, 77, false}, 20000, "malformed", 0},
    {"shelf: an offset of nothing", {TYPE, 0, 3, -1, 8192, false}, 20000, "malformed", 0},
    {"shelf: no version", {TYPE, 0, 0, -1, 0, false}, 20000, "malformed", 0},
};

static void get_is_answered(void **state)
{
    const struct shelf_row *r = *state;
    struct shelf_document d = {.version = 3, .bytes = r->bytes};
    struct shelf_answer a = shelf_answer(&d, &r->get);
    assert_string_equal(shelf_verdict_name(a.verdict), r->want);
    if (a.verdict == SHELF_CHUNK)
        assert_int_equal(a.chunk.offset, r->offset);
}

int main(void)
{
    const struct CMUnitTest pulls[] = {
        cmocka_unit_test(a_snapshot_comes_piece_by_piece),
        cmocka_unit_test(a_delta_comes_where_it_is_worth_it),
        cmocka_unit_test(a_delta_that_leads_elsewhere_is_replaced_by_the_snapshot),
        cmocka_unit_test(after_a_power_cut_it_goes_on_where_it_stopped),
        cmocka_unit_test(a_newer_version_on_the_way_replaces_the_part),
        cmocka_unit_test(doubled_and_overtaken_pieces_are_dropped),
        cmocka_unit_test(silence_is_asked_again_later),
        cmocka_unit_test(a_piece_that_was_not_stored_begins_afresh),
        cmocka_unit_test(what_is_too_large_for_messages_is_fetched),
        cmocka_unit_test(a_fetch_that_broke_off_goes_on_where_it_was),
        cmocka_unit_test(after_a_power_cut_a_fetch_goes_on_where_it_stopped),
        cmocka_unit_test(where_nothing_can_be_fetched_messages_are_asked_for),
        cmocka_unit_test(what_messages_cannot_carry_either_is_offered_again),
        cmocka_unit_test(an_offer_of_something_else_changes_nothing),
        cmocka_unit_test(the_lower_rank_goes_first),
        cmocka_unit_test(what_a_newer_relay_wants_besides_is_ignored),
        cmocka_unit_test(one_version_has_one_content),
    };
    struct CMUnitTest tests[ARRAY_LEN(pulls) + ARRAY_LEN(shelf_rows)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(pulls); i++)
        tests[n++] = pulls[i];
    for (size_t i = 0; i < ARRAY_LEN(shelf_rows); i++)
        tests[n++] =
            (struct CMUnitTest){shelf_rows[i].name, get_is_answered, NULL, NULL, &shelf_rows[i]};
    return cmocka_run_group_tests_name("pull", tests, NULL, NULL);
}
