/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_story.h"

#include <inttypes.h>
#include <string.h>

#include "task_list.h"

struct text {
    char buf[2048];
};

static int on_task(const struct task *t, void *context)
{
    struct text *text = context;
    size_t used = strlen(text->buf);
    int n = snprintf(text->buf + used, sizeof(text->buf) - used,
                     "%s %s %s%s %" PRId32 "/%" PRId32 " %" PRId64 "\n", task_kind_name(t->kind),
                     t->command, t->sku, t->bin, t->closed, t->lines, t->qty);
    assert_true(n > 0 && (size_t)n < sizeof(text->buf) - used);
    return 0;
}

static void assert_tasks(struct floor *f, const char *want)
{
    struct text text = {{0}};
    assert_int_equal(task_list_each(f->journal, &f->conf, on_task, &text), 0);
    assert_string_equal(text.buf, want);
}

static void open_documents_are_told_until_they_are_done_or_short(void **state)
{
    (void)state;
    struct floor f;
    floor_open(&f);
    assert_tasks(&f, "receive document:PO1  0/2 0\n"
                     "arrive document:TI1  0/2 0\n"
                     "dispatch document:TO1  0/1 0\n"
                     "pick document:SO1  0/2 0\n"
                     "pick document:SO2  0/1 0\n");
    floor_command(&f, "P1", "document:TO1");
    floor_command(&f, "P1", "short");
    floor_command(&f, "P1", "reason:damaged");
    floor_command(&f, "P2", "document:SO1");
    floor_command(&f, "P2", "short");
    floor_command(&f, "P2", "reason:not_found");
    assert_tasks(&f, "receive document:PO1  0/2 0\n"
                     "arrive document:TI1  0/2 0\n"
                     "pick document:SO1  1/2 0\n"
                     "pick document:SO2  0/1 0\n");
    floor_close(&f);
}

static void goods_on_the_dock_negative_lots_and_captures_are_work(void **state)
{
    (void)state;
    struct floor f;
    floor_open(&f);
    floor_command(&f, "P1", "flow:receive");
    floor_scan(&f, "P1", (const uint8_t *)"]E08901234000038", 16);
    floor_command(&f, "P1", "ok");
    floor_scan(&f, "P1", (const uint8_t *)"]E08901234000090", 16);
    floor_command(&f, "P1", "qty:7");
    struct entry e = entry_new(ENTRY_ADJUSTED); /* a negative lot, as an import may bring it */
    int64_t seq = 0;
    struct diag why;
    strcpy(e.sku, "SOAP");
    strcpy(e.bin, "A2");
    strcpy(e.reason, "missing");
    e.qty = -3;
    assert_int_equal(journal_append(f.journal, &f.now, &e, 1, &why, &seq), 0);
    assert_int_equal(journal_commit(f.journal), 0);
    assert_tasks(&f, "receive document:PO1  0/2 0\n"
                     "arrive document:TI1  0/2 0\n"
                     "dispatch document:TO1  0/1 0\n"
                     "pick document:SO1  0/2 0\n"
                     "pick document:SO2  0/1 0\n"
                     "put_away flow:put_away SOAPDOCK 0/0 1\n"
                     "count flow:count SOAPA2 0/0 -3\n"
                     "bind flow:bind QUAR 0/0 7\n");
    floor_command(&f, "P1", "flow:look");
    floor_scan(&f, "P1", (const uint8_t *)"]E08901234000038", 16);
    assert_string_equal(f.last.message.code, "look_negative"); /* shown as it is */
    floor_close(&f);
}

/* What the relay wants destroyed or sent back is a task like others, and a scan is booked on it. */
static void the_relays_removals_are_tasks_that_scans_carry_out(void **state)
{
    (void)state;
    static const char plan[] =
        "document,kind,line,party,sku,qty,due,batch,expiry,mrp,received\n"
        "T7,write_off,1,PUNE,BISC,6,2026-06-14,B0,2026-05-31,10.00,\n"
        "T8,supplier_return,1,SUP1,BISC,12,2026-06-15,B1,2026-06-20,10.00,\n";
    struct floor f;
    int64_t done = 0;
    floor_open(&f);
    floor_apply(&f, DOCUMENT_PLAN, plan);
    assert_tasks(&f, "receive document:PO1  0/2 0\n"
                     "arrive document:TI1  0/2 0\n"
                     "dispatch document:TO1  0/1 0\n"
                     "dispose document:T7  0/1 0\n"
                     "send_back document:T8  0/1 0\n"
                     "pick document:SO1  0/2 0\n"
                     "pick document:SO2  0/1 0\n");
    floor_command(&f, "P2", "document:T7"); /* ANIL is staff */
    assert_string_equal(f.last.message.code, "not_allowed");
    floor_command(&f, "P1", "document:T7");
    assert_string_equal(f.last.message.code, "document_open");
    floor_story_do(&f, "P1 <]C1010890123400001410B1"); /* another batch */
    assert_string_equal(f.last.message.code, "not_ordered");
    floor_story_do(&f, "P1 <]C1010890123400001410B0");
    floor_command(&f, "P1", "qty:7");
    assert_int_equal(f.last.tone, TONE_REJECT);
    floor_story_do(&f, "P1 <]C1010890123400001410B0");
    floor_command(&f, "P1", "qty:6");
    floor_command(&f, "P1", "ok");
    floor_command(&f, "P1", "reason:expired");
    floor_command(&f, "P1", "note:photo 17");
    floor_command(&f, "P1", "witness:ANIL");
    assert_string_equal(f.last.message.code, "disposed");
    assert_int_equal(journal_line_done(f.journal, "T7", 1, ENTRY_DISPOSED, &done), 0);
    assert_int_equal(done, 6);
    floor_command(&f, "P2", "document:T8");
    floor_story_do(&f, "P2 <]C1010890123400001410B1");
    floor_command(&f, "P2", "qty:5");
    floor_command(&f, "P2", "ok");
    floor_command(&f, "P2", "reason:near_expiry");
    assert_string_equal(f.last.message.code, "sent_back");
    assert_int_equal(journal_line_done(f.journal, "T8", 1, ENTRY_SENT_BACK, &done), 0);
    assert_int_equal(done, 5);
    assert_tasks(&f, "receive document:PO1  0/2 0\n"
                     "arrive document:TI1  0/2 0\n"
                     "dispatch document:TO1  0/1 0\n"
                     "send_back document:T8  0/1 0\n"
                     "pick document:SO1  0/2 0\n"
                     "pick document:SO2  0/1 0\n");
    floor_assert_balanced(&f);
    floor_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_documents_are_told_until_they_are_done_or_short),
        cmocka_unit_test(the_relays_removals_are_tasks_that_scans_carry_out),
        cmocka_unit_test(goods_on_the_dock_negative_lots_and_captures_are_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
