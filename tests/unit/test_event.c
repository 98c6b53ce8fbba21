/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_case.h"

#include <errno.h>

#include "event.h"
#include "event_type.h"

static struct event_draft draft(const char *cause)
{
    return (struct event_draft){.kind = EVENT_HAPPENED,
                                .type = EVENT_CASE_OPENED,
                                .version = 1,
                                .actor = "agent:analysis",
                                .subject = "case:C1",
                                .cause = cause,
                                .trace = "t1",
                                .body = "{\"case\":\"C1\"}",
                                .wall_ms = 1000};
}

static int64_t say(struct sql *s, const struct event_draft *d)
{
    int64_t seq = 0;
    assert_int_equal(event_append(s, d, &seq), 0);
    return seq;
}

static void numbers_rise_without_a_gap(void **state)
{
    AUTO(sql) s = relay_open(*state, "rise");
    relay_begin(s, SQL_WRITE);
    int64_t next = 0;
    for (int64_t i = 1; i <= 5; i++) {
        char cause[32];
        snprintf(cause, sizeof(cause), "day:%d", (int)i);
        struct event_draft d = draft(cause);
        assert_int_equal(event_next(s, &next), 0);
        assert_int_equal(next, i);
        assert_int_equal(say(s, &d), i);
    }
    relay_commit(s);
}

static void is_said_once_per_type_subject_and_cause(void **state)
{
    AUTO(sql) s = relay_open(*state, "once");
    relay_begin(s, SQL_WRITE);
    struct event_draft d = draft("entry:wh-01:1:7");
    assert_int_equal(say(s, &d), 1);
    int64_t seq = 0;
    d.wall_ms = 2000;
    d.body = "{\"other\":true}";
    assert_int_equal(event_append(s, &d, &seq), 1);
    assert_int_equal(seq, 1);
    d.subject = "case:C2";
    assert_int_equal(say(s, &d), 2);
    d.type = EVENT_CASE_CHANGED;
    assert_int_equal(say(s, &d), 3);
    relay_commit(s);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(event_append(s, &d, &seq), 1);
    assert_int_equal(seq, 3);
    relay_commit(s);
}

static void refuses_texts_that_are_not_right(void **state)
{
    AUTO(sql) s = relay_open(*state, "texts");
    relay_begin(s, SQL_WRITE);
    char longer[EVENT_CAUSE_SIZE + 1];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    struct event_draft d = draft(longer);
    assert_int_equal(event_append(s, &d, NULL), -EINVAL);
    d = draft("");
    assert_int_equal(event_append(s, &d, NULL), -EINVAL);
    d = draft("day:1");
    d.body = "[1]";
    assert_int_equal(event_append(s, &d, NULL), -EINVAL);
    d.body = "{\"a\":\"\x01\"}";
    assert_int_equal(event_append(s, &d, NULL), -EINVAL);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM event"), 0);
}

static int keep_seq(const struct event *e, void *context)
{
    int64_t *sum = context;
    *sum = *sum * 10 + e->seq;
    return 0;
}

static int64_t walk(struct sql *s, const struct event_filter *f)
{
    int64_t seqs = 0;
    assert_int_equal(event_each(s, f, keep_seq, &seqs), 0);
    return seqs;
}

static void is_read_by_actor_subject_type_time_and_position(void **state)
{
    AUTO(sql) s = relay_open(*state, "read");
    relay_begin(s, SQL_WRITE);
    struct event_draft d = draft("day:1");
    say(s, &d);
    d.actor = "user:meera";
    d.wall_ms = 2000;
    d.cause = "day:2";
    say(s, &d);
    d.subject = "case:C2";
    d.wall_ms = 3000;
    say(s, &d);
    d.type = EVENT_CASE_CHANGED;
    d.wall_ms = 4000;
    say(s, &d);
    assert_int_equal(walk(s, &(struct event_filter){.limit = 9}), 1234);
    assert_int_equal(walk(s, &(struct event_filter){.limit = 2}), 12);
    assert_int_equal(walk(s, &(struct event_filter){.after_seq = 2, .limit = 9}), 34);
    assert_int_equal(walk(s, &(struct event_filter){.before_seq = 3, .limit = 9}), 12);
    assert_int_equal(walk(s, &(struct event_filter){.newest_first = true, .limit = 3}), 432);
    assert_int_equal(walk(s, &(struct event_filter){.actor = "user:meera", .limit = 9}), 234);
    assert_int_equal(walk(s, &(struct event_filter){.subject = "case:C1", .limit = 9}), 12);
    assert_int_equal(
        walk(s, &(struct event_filter){.subject = "case:C2", .newest_first = true, .limit = 9}),
        43);
    assert_int_equal(walk(s, &(struct event_filter){.type = EVENT_CASE_OPENED, .limit = 9}), 123);
    assert_int_equal(walk(s, &(struct event_filter){.from_ms = 2000, .to_ms = 3000, .limit = 9}),
                     23);
}

static void many(struct sql *s, int n)
{
    relay_begin(s, SQL_WRITE);
    for (int i = 0; i < n; i++) {
        char cause[32];
        snprintf(cause, sizeof(cause), "day:%d", i);
        struct event_draft d = draft(cause);
        say(s, &d);
    }
    relay_commit(s);
}

static void its_chain_holds(void **state)
{
    AUTO(sql) s = relay_open(*state, "chain");
    many(s, 1100);
    struct event_verdict v;
    assert_int_equal(event_verify(s, &v), 0);
    assert_int_equal(v.checked, 1100);
    assert_int_equal(v.broken_seq, 0);
}

static const char *const tamperings[] = {
    "UPDATE event SET body = '{}' WHERE seq = 7",
    "UPDATE event SET actor = 'user:nobody' WHERE seq = 7",
    "UPDATE event SET wall_ms = wall_ms + 1 WHERE seq = 7",
    "UPDATE event SET kind = 'audit' WHERE seq = 7",
    "DELETE FROM event WHERE seq = 7",
    /* What stands before the end of one field must not pass for the start of the next. */
    "UPDATE event SET cause = 'day:6,', trace = '1' WHERE seq = 7",
};

static void every_tampering_is_seen_where_it_is(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(tamperings); i++) {
        char tenant[32];
        snprintf(tenant, sizeof(tenant), "tamper-%zu", i);
        AUTO(sql) s = relay_open(*state, tenant);
        many(s, 10);
        relay_begin(s, SQL_WRITE);
        relay_run(s, tamperings[i]);
        relay_commit(s);
        struct event_verdict v;
        assert_int_equal(event_verify(s, &v), -EBADMSG);
        assert_int_equal(v.checked, 6);
        assert_int_equal(v.broken_seq, 7);
    }
}

static void two_tenants_never_share_a_chain(void **state)
{
    AUTO(sql) a = relay_open(*state, "one-tenant");
    AUTO(sql) b = relay_open(*state, "other-tenant");
    many(a, 1);
    many(b, 1);
    struct event_verdict va, vb;
    assert_int_equal(event_verify(a, &va), 0);
    assert_int_equal(event_verify(b, &vb), 0);
    assert_memory_not_equal(va.head, vb.head, sizeof(va.head));
}

static int keep_body(const struct event *e, void *context)
{
    snprintf(context, 256, "%s|%s", event_kind_name(e->kind), e->body);
    return 0;
}

static void an_audit_record_says_who_where_and_why(void **state)
{
    AUTO(sql) s = relay_open(*state, "audit");
    relay_begin(s, SQL_WRITE);
    struct diag why = {0};
    struct audit_record r = {.type = "PriceChanged",
                             .who = "user:meera",
                             .where = "WH-P",
                             .device = "console",
                             .why = "near expiry",
                             .subject = "sku:SOAP",
                             .before = "{ \"paise\": 9007199254740993 }",
                             .after = "4500",
                             .cause = "request:1",
                             .wall_ms = 5};
    int64_t seq = 0;
    assert_int_equal(audit_append(s, &r, &why, &seq), 0);
    char text[256] = "";
    assert_int_equal(event_each(s, &(struct event_filter){.limit = 1}, keep_body, text), 0);
    assert_string_equal(text,
                        "audit|{\"where\":\"WH-P\",\"device\":\"console\",\"why\":\"near expiry\","
                        "\"before\":{\"paise\":9007199254740993},\"after\":4500}");
    r.cause = "request:2";
    r.why = "";
    assert_int_equal(audit_append(s, &r, &why, &seq), -EINVAL);
    assert_non_null(strstr(why.text, "why"));
    r.why = "x";
    r.after = "{";
    assert_int_equal(audit_append(s, &r, &why, &seq), -EINVAL);
}

static const struct relay_test tests[] = {
    {"numbers rise without a gap", numbers_rise_without_a_gap},
    {"is said once per type, subject and cause", is_said_once_per_type_subject_and_cause},
    {"refuses texts that are not right", refuses_texts_that_are_not_right},
    {"is read by actor, subject, type, time and position",
     is_read_by_actor_subject_type_time_and_position},
    {"its chain holds", its_chain_holds},
    {"every tampering is seen where it is", every_tampering_is_seen_where_it_is},
    {"two tenants never share a chain", two_tenants_never_share_a_chain},
    {"an audit record says who, where and why", an_audit_record_says_who_where_and_why},
};

int main(void)
{
    return relay_run_tests("event", tests, ARRAY_LEN(tests));
}
