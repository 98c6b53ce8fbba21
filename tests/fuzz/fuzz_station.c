/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever staff scan, key and weigh at two posts, in any order and with power cuts between: what
 * the fold holds is what the entries say, every screen is well-formed and offers only commands that
 * exist, and a blind count never shows what it expects. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "fault_vfs.h"
#include "floor_story.h"
#include "message.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECRET_UNITS 7919 /* expected in bin D1; no input below says this number */
#define SECRET "7919"
#define STEPS_MAX 120

static const char *const inputs[] = {
    "flow:receive",
    "flow:put_away",
    "flow:pick",
    "flow:count",
    "flow:dispatch",
    "flow:arrive",
    "flow:return",
    "flow:look",
    "flow:weigh",
    "flow:bind",
    "flow:correct",
    "flow:dispose",
    "flow:send_back",
    "flow:home",
    "ok",
    "cancel",
    "undo",
    "skip",
    "again",
    "short",
    "sign_out",
    "worker:MEENA",
    "worker:ANIL",
    "worker:RAVI",
    "language:hi",
    "language:en",
    "qty:0",
    "qty:1",
    "qty:5",
    "qty:24",
    "qty:100000",
    "packs:1",
    "packs:3",
    "batch:B1",
    "batch:B9",
    "batch:X1",
    "expiry:2026-12-31",
    "expiry:06/26",
    "expiry:2030-01-01",
    "made:2026-06-01",
    "mrp:10",
    "mrp:12.50",
    "reason:expired",
    "reason:damaged",
    "reason:blocked",
    "reason:not_found",
    "reason:inspected_good",
    "note:photo 1",
    "bin:A1",
    "bin:A2",
    "bin:B1",
    "bin:C1",
    "bin:D1",
    "bin:DOCK",
    "bin:QUAR",
    "bin:ZZ",
    "document:SO1",
    "document:SO2",
    "document:PO1",
    "document:TO1",
    "document:TI1",
    "line:1",
    "pick_batch:1",
    "pick_batch:2",
    "witness:ANIL",
    "damaged:2",
    "status:hold",
    "status:sellable",
    "status:quarantine",
    "print:labels:2",
    "sku:BISC",
    "sku:DAL",
    "<]E08901234000014",
    "<]I118901234000011",
    "<]E08901234000021",
    "<]I118901234000028",
    "<]E08901234000038",
    "<]E08901234000090",
    "<]E02100123005000",
    "<]C1011890123400001115261211"
    "10N1",
    "<]C1010890123400001410B0",
    "<]C1010890123400001410B2",
    "<]C1011890123400001110B3",
    "<]C1011890123400001110X1",
    "<]C1010890123400002110T2",
    "<]C10118901234000011"
    "10AB1217261211",
    "<]C110B2~17260831",
    "<VW*ANIL",
    "<VB*A2",
    "<VS*ok",
    "<junk",
    "kg 250",
    "kg 0",
    "+100",
    "day +20",
    "cut",
    "clock doubtful",
};

static void check_text(const char *text)
{
    if (!utf8_is_clean(text))
        abort();
}

static void check_message(const struct station_message *m)
{
    check_text(m->code);
    if (m->code[0] && !message_find(m->code))
        abort();
    for (size_t i = 0; i < STATION_ARGS_MAX; i++)
        check_text(m->args[i]);
}

static void check_item(const struct station_item *i)
{
    check_text(i->name);
    check_text(i->name_hi);
    check_text(i->qty_text);
    check_text(i->batch.number);
}

static bool tells(const struct station_message *m)
{
    for (size_t i = 0; i < STATION_ARGS_MAX; i++)
        if (strstr(m->args[i], SECRET))
            return true;
    return false;
}

/* All that a counting post shows of its work; the bookings before it are no secret. */
static void check_blind(const struct station_view *v)
{
    bool told = tells(&v->prompt) || tells(&v->answer) || v->item.qty == SECRET_UNITS ||
                v->target.qty == SECRET_UNITS || strstr(v->item.qty_text, SECRET) ||
                strstr(v->target.qty_text, SECRET);
    for (size_t i = 0; i < v->choices_count; i++)
        told |= tells(&v->choices[i].label) || strstr(v->choices[i].command, SECRET);
    if (told)
        abort();
}

static void check_screen(struct floor *f, const char *post)
{
    struct station_view v;
    struct command c;
    if (station_view(f->station, post, f->now.mono_ms, &v) < 0)
        abort();
    check_message(&v.prompt);
    check_message(&v.answer);
    check_text(v.worker_name);
    check_item(&v.item);
    check_item(&v.target);
    if (v.choices_count > STATION_CHOICES_MAX || v.recent_count > STATION_RECENT_MAX)
        abort();
    for (size_t i = 0; i < v.choices_count; i++) {
        check_message(&v.choices[i].label);
        if (command_parse(v.choices[i].command, 20000, &c) < 0)
            abort();
    }
    if (strcmp(v.flow, "count") == 0)
        check_blind(&v);
}

static void put_secret(struct floor *f)
{
    struct entry e = entry_new(ENTRY_OPENING);
    struct diag why;
    int64_t seq = 0;
    strcpy(e.sku, "SOAP");
    strcpy(e.bin, "D1");
    e.qty = SECRET_UNITS;
    if (journal_append(f->journal, &f->now, &e, 1, &why, &seq) < 0 ||
        journal_commit(f->journal) < 0)
        abort();
}

/* Bytes 0..: one input each; the highest bit chooses the post. 127: a scan of the bytes that
 * follow, with their number in front. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool installed;
    struct floor f;
    if (!installed)
        fault_vfs_install(); /* files in memory: no fault is asked for */
    installed = true;
    fault_vfs_clear();
    floor_open_on(&f, FAULT_VFS);
    put_secret(&f);
    for (size_t i = 0, steps = 0; i < size && steps < STEPS_MAX; i++, steps++) {
        const char *post = data[i] & 0x80 ? "P2" : "P1";
        uint8_t what = data[i] & 0x7f;
        if (what == 127 && i + 1 < size) {
            size_t len = data[i + 1] < size - i - 2 ? data[i + 1] : size - i - 2;
            floor_scan(&f, post, &data[i + 2], len);
            i += 1 + len;
        } else {
            char line[128];
            snprintf(line, sizeof(line), "%s %s", post, inputs[what % ARRAY_LEN(inputs)]);
            floor_story_do(&f, line);
        }
        check_screen(&f, "P1");
        check_screen(&f, "P2");
    }
    floor_assert_balanced(&f);
    floor_close(&f);
    return 0;
}
