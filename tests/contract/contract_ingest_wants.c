/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ingest promises of the way down, on every engine: documents, plans and commands are told to
 * whoever should have them. */
#include "ingest_desk.h"

#include <inttypes.h>

#include "commands.h"
#include "document_delta.h"
#include "documents.h"
#include "plan_document.h"

static void a_hello_is_answered_with_where_to_go_on_and_what_to_have(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 20);
    static const char body[] = "bin,kind\nDOCK,dock\n";
    static const char own[] = "bin,kind\nDOCK,dock\nA-01,rack\n";
    const struct document all = {"*", DOCUMENT_BINS, body, sizeof(body) - 1, "user:test"};
    const struct document mine = {"wh-2", DOCUMENT_BINS, own, sizeof(own) - 1, "user:test"};
    struct diag why = {0};
    int64_t version = 0;
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(documents_publish(d.s, &all, NOW_MS, &why, &version), 0);
    assert_int_equal(documents_publish(d.s, &all, NOW_MS, &why, &version), 1);
    assert_int_equal(version, 1);
    assert_int_equal(documents_publish(d.s, &mine, NOW_MS, &why, &version), 0);
    relay_commit(d.s);
    deliver_batch(&d, v, 1, 10);
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    assert_int_equal(d.answers.last.kind, CONTROL_RESUME);
    assert_int_equal(d.answers.last.resume.wm, 10);
    assert_int_equal(d.answers.last.resume.want_count, 1);
    assert_string_equal(d.answers.last.resume.want[0].type, "bins");
    assert_int_equal(d.answers.last.resume.want[0].bytes, sizeof(own) - 1);
    assert_int_equal(number(&d, "SELECT head FROM device WHERE device = 'wh-2'"), 20);

    struct control get = {.kind = CONTROL_GET, .session = 65537};
    get.get = (struct control_get){.origin = v->origin, .version = version};
    strcpy(get.get.type, "bins");
    p = said(v, &get);
    deliver(&d, &p, 1);
    struct chunk c;
    assert_int_equal(chunk_decode(d.answers.chunk, d.answers.chunk_len, &c, &why), 0);
    assert_int_equal(c.total, 1);
    char *got = NULL;
    size_t got_len = 0;
    assert_int_equal(document_unpack(c.data, c.data_len, NULL, 0, sha256, &got, &got_len, &why), 0);
    assert_int_equal(got_len, sizeof(own) - 1);
    assert_memory_equal(got, own, got_len);
    free(got);
    free(v);
    desk_close(&d);
}

/* Of so many bytes, which no packing makes small. */
static char *new_bins(size_t len, size_t seed, size_t *ret_len)
{
    char *body = calloc(1, len + 64);
    assert_non_null(body);
    uint64_t state = 88172645463325252U + seed;
    size_t n = (size_t)sprintf(body, "bin,kind\nDOCK,dock\n");
    for (int row = 0; n < len; row++) {
        state ^= state << 13; /* Marsaglia's xorshift */
        state ^= state >> 7;
        state ^= state << 17;
        n += (size_t)sprintf(body + n, "%04X-%010" PRIX64 ",rack\n", (unsigned)row,
                             state & 0xffffffffff);
    }
    *ret_len = n;
    return body;
}

/* 64 kB is the rule, 128 kB is what messages can carry at all. */
static void a_large_document_is_offered_to_whoever_can_fetch_it(void **state)
{
    static const struct {
        size_t bytes;
        bool key;      /* the relay has an API */
        int32_t fetch; /* the device knows its URL */
        bool chunk;
        bool offer;
    } rows[] = {
        {60000, true, 1, true, false},    {300000, true, 1, false, true},
        {300000, true, 0, true, false},   {300000, false, 1, true, false},
        {900000, true, 1, false, true},   {900000, true, 0, false, false},
        {900000, false, 1, false, false},
    };
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    const struct document_key key = document_key("0123456789abcdef0123456789abcdef", 32);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        open_ingest(&d, INGEST_SAFE_BACKUP, rows[i].key ? &key : NULL);
        size_t len = 0;
        char *body = new_bins(rows[i].bytes, i, &len);
        const struct document bins = {"*", DOCUMENT_BINS, body, len, "user:test"};
        struct diag why = {0};
        int64_t version = 0;
        relay_begin(d.s, SQL_WRITE);
        assert_int_equal(documents_publish(d.s, &bins, NOW_MS, &why, &version), 0);
        relay_commit(d.s);
        free(body);
        struct control get = {.kind = CONTROL_GET, .session = 65537};
        get.get =
            (struct control_get){.origin = v->origin, .version = version, .fetch = rows[i].fetch};
        strcpy(get.get.type, "bins");
        d.answers = (struct answers){.count = 0};
        struct parcel p = said(v, &get);
        deliver(&d, &p, 1);
        assert_int_equal(d.answers.chunk_len > 0, rows[i].chunk);
        assert_int_equal(d.answers.count, rows[i].chunk || rows[i].offer);
        if (!rows[i].offer)
            continue;
        struct document_ticket ticket;
        assert_int_equal(d.answers.last.kind, CONTROL_FETCH);
        assert_int_equal(d.answers.last.fetch.version, version);
        assert_int_equal(document_ticket_read(&key, d.answers.last.fetch.ticket, 0, &ticket), 0);
        assert_string_equal(ticket.device, "wh-2");
        assert_string_equal(ticket.type, "bins");
        assert_int_equal(ticket.version, version);
    }
    free(v);
    desk_close(&d);
}

/* ---- plans ---- */

static void add_order_line(struct desk *d, const char *document, const char *kind,
                           const char *party)
{
    AUTO(sql_query)
    q = sql_query(d->s,
                  "INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day,"
                  " batch, expiry_day, mrp_paise, received_day, price_paise, state, made_ms,"
                  " cause) VALUES($1, 1, 'pune', $2, $3, 'TEA', 12, 20010, 'B1', 20100, 1000,"
                  " 19990, 0, 'open', 1, 'test')");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, kind);
    sql_bind_text(q, 3, party);
    assert_int_equal(sql_run(q), 0);
}

static void change(struct desk *d, const char *statement)
{
    relay_begin(d->s, SQL_WRITE);
    relay_run(d->s, statement);
    relay_commit(d->s);
}

/* How many plans are made anew. */
static int plans_made(struct desk *d)
{
    struct diag why = {0};
    int made = plan_documents(d->s, NOW_MS, &why);
    if (made < 0)
        fail_msg("%s: %s", why.text, sql_words(d->s));
    return made;
}

static void a_device_is_told_when_its_plan_changes(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 5);
    const struct ingest_listener listener = {on_reply, on_alarm, &d.answers};
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    assert_int_equal(d.answers.last.resume.want_count, 0);
    assert_int_equal(plans_made(&d), 0);
    relay_begin(d.s, SQL_WRITE);
    add_order_line(&d, "T-1", "transfer_out", "nagpur");
    relay_commit(d.s);
    assert_int_equal(plans_made(&d), 1);
    assert_int_equal(plans_made(&d), 0); /* it has not changed */
    d.answers = (struct answers){.count = 0};
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 1);
    assert_int_equal(d.answers.last.resume.want_count, 1);
    assert_string_equal(d.answers.last.resume.want[0].type, "plan");
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 1); /* it was told */
    change(&d, "UPDATE order_line SET state = 'cancelled'");
    assert_int_equal(plans_made(&d), 1); /* an empty one */
    free(v);
    desk_close(&d);
}

/* It would refuse a plan with a write-off as a whole. */
static void a_site_of_an_older_release_gets_no_tasks_that_it_refuses(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 5);
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    relay_begin(d.s, SQL_WRITE);
    add_order_line(&d, "T-1", "transfer_out", "nagpur");
    relay_commit(d.s);
    change(&d, "UPDATE device SET release = '0.1.9'");
    assert_int_equal(plans_made(&d), 1);
    relay_begin(d.s, SQL_WRITE);
    add_order_line(&d, "T-2", "write_off", "pune");
    relay_commit(d.s);
    assert_int_equal(plans_made(&d), 0);
    change(&d, "UPDATE device SET release = '0.2.0'");
    assert_int_equal(plans_made(&d), 1);
    change(&d, "UPDATE device SET release = '1.0'");
    change(&d, "UPDATE order_line SET due_day = 20011 WHERE document = 'T-2'");
    assert_int_equal(plans_made(&d), 1);
    free(v);
    desk_close(&d);
}

/* ---- commands ---- */

static void a_command_is_said_once_a_session_until_its_answer_is_here(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    const struct ingest_listener listener = {on_reply, on_alarm, &d.answers};
    struct command late = {.device = "wh-2", .what = "restart", .expires_ms = NOW_MS};
    struct command c = {.device = "wh-2", .what = "restart", .expires_ms = NOW_MS + 1};
    struct command strange = {.device = "wh-9", .what = "restart", .expires_ms = NOW_MS + 1};
    struct command no_code = {.device = "wh-2", .what = "a\"b", .expires_ms = NOW_MS + 1};
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(commands_add(d.s, &late, NOW_MS - 9, "test"), 0);
    assert_int_equal(commands_add(d.s, &c, NOW_MS - 9, "test"), 0);
    assert_int_equal(c.id, 2);
    assert_int_equal(commands_add(d.s, &strange, NOW_MS, "test"), -ENOENT); /* it is revoked */
    assert_int_equal(commands_add(d.s, &no_code, NOW_MS, "test"), -EINVAL);
    relay_commit(d.s);
    for (int session = 0; session < 2; session++) {
        struct parcel p = hello(v);
        deliver(&d, &p, 1);
        d.answers = (struct answers){.count = 0};
        assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
        assert_int_equal(d.answers.count, 1);
        assert_int_equal(d.answers.last.kind, CONTROL_COMMAND);
        assert_int_equal(d.answers.last.command.id, 2); /* the other is too late */
        assert_string_equal(d.answers.last.command.what, "restart");
        assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
        assert_int_equal(d.answers.count, 1);
    }
    struct entry *e = add(v, ENTRY_TASK_DONE, 0);
    e->qty = 1;
    strcpy(e->document, "cmd-2");
    strcpy(e->reason, "done");
    chain(v);
    deliver_batch(&d, v, 1, v->count);
    assert_acked(&d, v->count);
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    d.answers = (struct answers){.count = 0};
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 0);
    free(v);
    desk_close(&d);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(a_hello_is_answered_with_where_to_go_on_and_what_to_have),
    cmocka_unit_test(a_large_document_is_offered_to_whoever_can_fetch_it),
    cmocka_unit_test(a_device_is_told_when_its_plan_changes),
    cmocka_unit_test(a_site_of_an_older_release_gets_no_tasks_that_it_refuses),
    cmocka_unit_test(a_command_is_said_once_a_session_until_its_answer_is_here),
};

int main(void)
{
    return relay_cases_run("ingest_wants", promises, ARRAY_LEN(promises));
}
