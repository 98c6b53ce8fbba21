/* SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civil.h"
#include "message.h"
#include "text.h"

/* ---- what the site knows ---- */

static const char catalogue[] =
    "sku,name,name_hi,unit,expiry_kind,shelf_life_days,receipt_permille,outlet_days,needs,cost,"
    "price,mrp,volume_ml,instore_item,piece_units,piece_gtin,case_units,case_gtin\n"
    "BISC,Biscuit 100 g,बिस्कुट 100 ग्राम,piece,best_before,180,600,30,batch+expiry+mrp,8.00,9.00,"
    "10.00,200,,1,8901234000014,24,18901234000011\n"
    "TEA,Tea 250 g,चाय 250 ग्राम,piece,best_before,365,600,60,batch+expiry,90.00,100.00,120.00,500,,"
    "1,8901234000021,12,18901234000028\n"
    "SOAP,Soap,साबुन,piece,use_by,0,0,0,,20.00,22.00,25.00,150,,1,8901234000038,,\n"
    "DAL,Dal loose,खुली दाल,g,use_by,0,0,0,,100.00,120.00,0,1000,2100123,1000,,,\n";

static const char parties[] = "party,kind,name,min_life_days\n"
                              "OUT1,outlet,Corner shop,\n"
                              "OUT2,outlet,Market hall,100\n"
                              "SUP1,supplier,Maker,\n"
                              "SITE2,site,Nashik,\n";

static const char bins[] = "bin,kind,volume_ml,walk\n"
                           "DOCK,dock,,0\n"
                           "QUAR,quarantine,,0\n"
                           "SCRAP,scrap,,0\n"
                           "A1,rack,20000,1\n"
                           "A2,rack,20000,2\n"
                           "B1,rack,50000,3\n"
                           "C1,rack,50000,4\n"
                           "D1,rack,50000,5\n";

static const char workers[] =
    "worker,name,pin_hash,role,language\n"
    "MEENA,Meena," /* PIN 1234 */
    "$y$j75$Zr5bQhTzGqWm1kVxP2yN4/$zNtSiIWcVIlUv339Tmm1qOwy65wVJGAnWGv0kkHpo9A,supervisor,en\n"
    "ANIL,Anil," /* PIN 4321 */
    "$y$j75$k8sLmN0pQrStUvWxYzAb1/$/F/s6zEf056hebKZSwIN70VZb76xAduyZ2sGiND5IM0,staff,en\n"
    "RAVI,Ravi,,staff,hi\n";

static const char orders[] = "document,kind,line,party,sku,qty,due,batch,expiry,mrp,received\n"
                             "SO1,sale,1,OUT1,BISC,24,2026-06-16,,,,\n"
                             "SO1,sale,2,OUT1,TEA,12,2026-06-16,,,,\n"
                             "SO2,sale,1,OUT2,BISC,10,2026-06-16,,,,\n"
                             "PO1,purchase,1,SUP1,BISC,48,,,,,\n"
                             "PO1,purchase,2,SUP1,TEA,24,,,,,\n"
                             "TO1,transfer_out,1,SITE2,BISC,40,,,,,\n"
                             "TI1,transfer_in,1,SITE2,BISC,24,,X1,2026-11-30,10.00,2026-06-01\n"
                             "TI1,transfer_in,2,SITE2,TEA,12,,X2,2027-01-31,,\n";

static const struct {
    const char *sku, *batch, *expiry;
    int64_t mrp_paise, qty;
    const char *bin;
    enum stock_status status;
} opening[] = {
    {"BISC", "B0", "2026-05-31", 1000, 6, "A1", STOCK_SELLABLE},
    {"BISC", "B1", "2026-06-20", 1000, 12, "A1", STOCK_SELLABLE},
    {"BISC", "B2", "2026-08-31", 1000, 30, "A1", STOCK_SELLABLE},
    {"BISC", "B3", "2026-11-30", 1200, 48, "A2", STOCK_SELLABLE},
    {"TEA", "T1", "2027-03-31", 12000, 24, "B1", STOCK_SELLABLE},
    {"TEA", "T2", "2027-03-31", 12000, 10, "B1", STOCK_HOLD},
    {"SOAP", "", "", 0, 50, "C1", STOCK_SELLABLE},
    {"DAL", "D1", "2026-12-31", 0, 25000, "C1", STOCK_SELLABLE},
};

void floor_apply(struct floor *f, enum document_type type, const char *body)
{
    struct diag why = {0};
    int err = master_apply(f->journal, &f->now, type, 1, body, strlen(body), &why);
    if (err < 0)
        print_error("%s line %d: %s\n", document_name(type), why.line, why.text);
    assert_int_equal(err, 0);
}

static void put_opening_stock(struct floor *f)
{
    struct diag why = {0};
    for (size_t i = 0; i < ARRAY_LEN(opening); i++) {
        struct entry e = entry_new(ENTRY_OPENING);
        int64_t seq = 0;
        strcpy(e.sku, opening[i].sku);
        strcpy(e.batch.number, opening[i].batch);
        if (opening[i].expiry[0])
            assert_int_equal(civil_parse(opening[i].expiry, &e.batch.expiry_day), 0);
        e.batch.mrp_paise = opening[i].mrp_paise;
        strcpy(e.bin, opening[i].bin);
        e.status = (int32_t)opening[i].status;
        e.qty = opening[i].qty;
        e.value_paise = opening[i].qty * 100;
        assert_int_equal(journal_append(f->journal, &f->now, &e, 1, &why, &seq), 0);
    }
}

static void open_journal(struct floor *f)
{
    struct journal_conf conf = {.path = f->path,
                                .site = "PUNE",
                                .vfs = f->vfs,
                                .disk_reserve_bytes = f->disk_reserve_bytes};
    strcpy(conf.origin.tenant, "tenant");
    strcpy(conf.origin.device, "device");
    conf.origin.epoch = 1;
    struct journal_opening opened;
    struct diag why = {0};
    int err = journal_open(&conf, &f->now, &opened, &why, &f->journal);
    if (err < 0)
        print_error("%s\n", why.text);
    assert_int_equal(err, 0);
}

static void open_station(struct floor *f)
{
    struct diag why = {0};
    int err = station_open(&f->conf, f->journal, &why, &f->station);
    if (err < 0)
        print_error("%s\n", why.text);
    assert_int_equal(err, 0);
}

static void sign_in(struct floor *f, const char *post, const char *worker)
{
    char command[64];
    snprintf(command, sizeof(command), "worker:%s", worker);
    floor_command(f, post, command);
    assert_string_equal(f->last.message.code, "signed_in");
}

void floor_open(struct floor *f)
{
    floor_open_on(f, NULL);
}

void floor_open_on(struct floor *f, const char *vfs)
{
    *f = (struct floor){.vfs = vfs, .now = {.mono_ms = 1000, .boot = 1, .trust = CLOCK_NTP}};
    int32_t day = 0;
    assert_int_equal(civil_parse("2026-06-15", &day), 0);
    f->now.wall_ms = civil_ist_start_ms(day) + 36000000;
    strcpy(f->folder, "/tmp/station_floor_XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/journal.db", f->folder);
    open_journal(f);
    floor_apply(f, DOCUMENT_CATALOGUE, catalogue);
    floor_apply(f, DOCUMENT_PARTIES, parties);
    floor_apply(f, DOCUMENT_BINS, bins);
    floor_apply(f, DOCUMENT_WORKERS, workers);
    floor_apply(f, DOCUMENT_ORDERS, orders);
    put_opening_stock(f);
    assert_int_equal(journal_commit(f->journal), 0);

    f->conf.posts_count = 2;
    for (size_t i = 0; i < f->conf.posts_count; i++) {
        strcpy(f->conf.posts[i].post, i == 0 ? "P1" : "P2");
        strcpy(f->conf.posts[i].dock_bin, "DOCK");
        strcpy(f->conf.posts[i].quarantine_bin, "QUAR");
    }
    f->conf.repeat_ms = 700;
    f->conf.repeat_count_ms = 250;
    f->conf.recount_permille = 100;
    struct diag why;
    assert_int_equal(instore_rule_parse("21IIIIIWWWWWK", false, &f->conf.barcode.instore[0], &why),
                     0);
    f->conf.barcode.instore_count = 1;
    open_station(f);
    sign_in(f, "P1", "MEENA");
    sign_in(f, "P2", "ANIL");
}

void floor_close(struct floor *f)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    station_free(f->station);
    journal_free(f->journal);
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", f->path, tails[i]);
        unlink(path);
    }
    rmdir(f->folder);
}

void floor_stop(struct floor *f)
{
    station_free(f->station);
    journal_free(f->journal);
    f->station = NULL;
    f->journal = NULL;
}

void floor_start(struct floor *f)
{
    f->holding = false;
    f->now.boot++;
    f->now.mono_ms = 1000;
    open_journal(f);
    open_station(f);
}

/* ---- inputs ---- */

static void commit(struct floor *f)
{
    (void)station_commit(f->station);
    while (station_answer(f->station, &f->last) > 0)
        ;
}

static void give(struct floor *f, struct station_input *in)
{
    f->now.mono_ms += STORY_STEP_MS;
    f->now.wall_ms += STORY_STEP_MS;
    assert_int_equal(station_input(f->station, in, &f->now), 0);
    if (!f->holding)
        commit(f);
}

static struct station_input input_at(const char *post, enum station_input_kind kind)
{
    struct station_input in = {.kind = kind};
    strcpy(in.post, post);
    snprintf(in.device, sizeof(in.device), "%s-%s", kind == INPUT_WEIGHT ? "scale" : "scanner",
             post);
    return in;
}

void floor_command(struct floor *f, const char *post, const char *command)
{
    struct station_input in = input_at(post, INPUT_COMMAND);
    text_cut(in.command, sizeof(in.command), command);
    give(f, &in);
}

void floor_scan(struct floor *f, const char *post, const uint8_t *bytes, size_t len)
{
    struct station_input in = input_at(post, INPUT_SCAN);
    assert_true(len <= sizeof(in.bytes));
    memcpy(in.bytes, bytes, len);
    in.len = (uint16_t)len;
    in.separator = f->separator;
    give(f, &in);
}

void floor_weigh(struct floor *f, const char *post, int64_t grams)
{
    struct station_input in = input_at(post, INPUT_WEIGHT);
    in.grams = grams;
    in.len = (uint16_t)snprintf((char *)in.bytes, sizeof(in.bytes), "ST,NT,%+" PRId64 "g", grams);
    give(f, &in);
}

/* ---- what came of it ---- */

struct text {
    char buf[2048];
};

static void put(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void put(struct text *t, const char *fmt, ...)
{
    size_t used = strlen(t->buf);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->buf + used, sizeof(t->buf) - used, fmt, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(t->buf) - used);
}

static void put_entry(struct text *t, const struct entry *e)
{
    put(t, "%s%s", t->buf[0] ? "; " : "", entry_kind_name(e->kind));
    if (e->kind == ENTRY_COUNTED)
        put(t, " %" PRId64 "/%" PRId64, e->observed, e->expected);
    if (e->kind == ENTRY_WEIGHED)
        put(t, " %" PRId64 "g", e->amount);
    if (e->qty != 0)
        put(t, " %" PRId64, e->qty);
    if (e->batch.number[0])
        put(t, " %s", e->batch.number);
    if (e->bin[0])
        put(t, " @%s", e->bin);
    if (e->bin_to[0])
        put(t, ">%s", e->bin_to);
    if (e->kind == ENTRY_RESTATED)
        put(t, " [%s>%s]", stock_status_name((enum stock_status)e->status),
            stock_status_name((enum stock_status)e->status_to));
    else if (e->status != STOCK_SELLABLE)
        put(t, " [%s]", stock_status_name((enum stock_status)e->status));
    if (e->reason[0])
        put(t, " !%s", e->reason);
    if (e->document[0] && e->kind != ENTRY_PRINTED)
        put(t, " #%s", e->document);
    if (e->line != 0)
        put(t, "/%" PRId32, e->line);
    if (e->proposed[0])
        put(t, " instead of %s", e->proposed);
    if (e->witness[0])
        put(t, " before %s", e->witness);
}

struct collected {
    struct text *text;
    int64_t left;
};

static int on_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct collected *c = context;
    put_entry(c->text, e);
    return --c->left == 0;
}

static void put_answer_entries(struct floor *f, struct text *t)
{
    struct collected c = {t, f->last.entries};
    if (f->last.entries > 0)
        assert_true(journal_read(f->journal, f->last.first_seq, on_entry, &c) >= 0);
}

static const char *tone_name(enum station_tone tone)
{
    static const char *const names[] = {
        [TONE_NONE] = "none",           [TONE_ACCEPT] = "accept", [TONE_REJECT] = "reject",
        [TONE_ATTENTION] = "attention", [TONE_NOTED] = "noted",
    };
    return names[tone];
}

/* ---- the notation ---- */

static const char *post_of(const char **in)
{
    if (strncmp(*in, "P1 ", 3) == 0) {
        *in += 3;
        return "P1";
    }
    if (strncmp(*in, "P2 ", 3) != 0)
        return "P1";
    *in += 3;
    return "P2";
}

static void scan_text(struct floor *f, const char *post, const char *text)
{
    uint8_t bytes[ENTRY_SCAN_SIZE];
    size_t len = 0;
    for (const char *c = text; *c; c++)
        bytes[len++] = *c == '~' ? 0x1D : (uint8_t)*c;
    floor_scan(f, post, bytes, len);
}

static struct station_view look(struct floor *f, const char *post)
{
    struct station_view v;
    assert_int_equal(station_view(f->station, post, f->now.mono_ms, &v), 0);
    return v;
}

static void put_item(struct text *t, const struct station_item *i)
{
    put(t, "%s %s", i->sku, i->qty_text);
    if (i->batch.number[0])
        put(t, " %s", i->batch.number);
    if (i->bin[0])
        put(t, " @%s", i->bin);
}

static void put_screen(struct floor *f, const char *post, const char *part, struct text *t)
{
    struct station_view v = look(f, post);
    if (strcmp(part, "?prompt") == 0)
        put(t, "%s", v.prompt.code);
    else if (strcmp(part, "?text") == 0)
        (void)message_text(&v.prompt, v.language, t->buf, sizeof(t->buf));
    else if (strcmp(part, "?answer") == 0)
        (void)message_text(&v.answer, v.language, t->buf, sizeof(t->buf));
    else if (strcmp(part, "?item") == 0 && v.has_item)
        put_item(t, &v.item);
    else if (strcmp(part, "?target") == 0 && v.has_target)
        put_item(t, &v.target);
    else if (strcmp(part, "?progress") == 0)
        put(t, "%" PRId32 "/%" PRId32, v.done, v.total);
    else if (strcmp(part, "?doubtful") == 0)
        put(t, "%s", v.clock_doubtful ? "yes" : "no");
    else if (strcmp(part, "?choices") == 0)
        for (size_t i = 0; i < v.choices_count; i++)
            put(t, "%s%s", i ? " " : "", v.choices[i].command);
}

struct stock_wanted {
    char sku[32], batch[32], bin[32], status[32];
    int64_t qty;
};

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct stock_wanted *w = context;
    bool any = strcmp(w->batch, "*") == 0;
    if (strcmp(lot->bin, w->bin) == 0 && (any || strcmp(lot->batch.key.number, w->batch) == 0) &&
        strcmp(stock_status_name(lot->status), w->status) == 0)
        w->qty += lot->qty;
    return 0;
}

static void put_stock(struct floor *f, const char *what, struct text *t)
{
    struct stock_wanted w = {.qty = 0};
    assert_int_equal(sscanf(what, "= %31s %31s %31s %31s", w.sku, w.batch, w.bin, w.status), 4);
    if (strcmp(w.batch, "-") == 0)
        w.batch[0] = '\0';
    assert_int_equal(journal_lots(f->journal, w.sku, on_lot, &w), 0);
    put(t, "%" PRId64, w.qty);
}

/* What is no input. True when it was done. */
static bool control(struct floor *f, const char *in)
{
    if (in[0] == '+') {
        int64_t ms = strtoll(in + 1, NULL, 10);
        f->now.mono_ms += ms;
        f->now.wall_ms += ms;
    } else if (strncmp(in, "day +", 5) == 0) {
        int64_t ms = strtoll(in + 5, NULL, 10) * CIVIL_MS_PER_DAY;
        f->now.mono_ms += ms;
        f->now.wall_ms += ms;
    } else if (strcmp(in, "cut") == 0) {
        floor_stop(f);
        floor_start(f);
    } else if (strcmp(in, "hold") == 0) {
        f->holding = true;
    } else if (strcmp(in, "commit") == 0) {
        f->holding = false;
        commit(f);
    } else if (strncmp(in, "separator ", 10) == 0) {
        f->separator = in[10];
    } else if (strcmp(in, "clock doubtful") == 0) {
        f->now.trust = CLOCK_RESTORED;
    } else {
        return false;
    }
    return true;
}

struct line {
    char in[256], says[256], entries[512];
    bool has_says;
};

static void trim(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        text[--len] = '\0';
    memmove(text, text + strspn(text, " "), len - strspn(text, " ") + 1);
}

/* Takes one field of a line up to the bar or the line's end. */
static const char *take_field(const char *from, const char *end, char *ret, size_t size)
{
    const char *bar = memchr(from, '|', (size_t)(end - from));
    const char *to = bar ? bar : end;
    assert_int_equal(text_copy_n(ret, size, from, (size_t)(to - from)), 0);
    trim(ret);
    return bar ? bar + 1 : end;
}

static struct line line_at(const char *from, const char *end)
{
    struct line l = {.has_says = memchr(from, '|', (size_t)(end - from)) != NULL};
    from = take_field(from, end, l.in, sizeof(l.in));
    from = take_field(from, end, l.says, sizeof(l.says));
    take_field(from, end, l.entries, sizeof(l.entries));
    return l;
}

static void put_in(struct floor *f, const char *post, const char *in)
{
    if (in[0] == '<')
        scan_text(f, post, in + 1);
    else if (strncmp(in, "kg ", 3) == 0)
        floor_weigh(f, post, strtoll(in + 3, NULL, 10));
    else
        floor_command(f, post, in);
}

void floor_do(struct floor *f, const char *in)
{
    const char *post = post_of(&in);
    if (!control(f, in))
        put_in(f, post, in);
}

static void play(struct floor *f, const char *in, struct text *says, struct text *entries)
{
    const char *post = post_of(&in);
    if (control(f, in))
        return;
    if (in[0] == '=') {
        put_stock(f, in, says);
        return;
    }
    if (in[0] == '?') {
        put_screen(f, post, in, says);
        return;
    }
    put_in(f, post, in);
    if (f->holding)
        return;
    put(says, "%s %s", tone_name(f->last.tone), f->last.message.code);
    put_answer_entries(f, entries);
}

static void play_line(struct floor *f, const struct line *l)
{
    struct text says = {{0}};
    struct text entries = {{0}};
    play(f, l->in, &says, &entries);
    if (!l->has_says)
        return;
    bool right = strcmp(says.buf, l->says) == 0 && strcmp(entries.buf, l->entries) == 0;
    if (!right)
        print_error("%s\n  says    %s\n  wanted  %s\n  booked  %s\n  wanted  %s\n", l->in, says.buf,
                    l->says, entries.buf, l->entries);
    assert_true(right);
}

static void play_story(void **state)
{
    const struct story *s = *state;
    struct floor f;
    floor_open(&f);
    for (const char *from = s->script; *from;) {
        const char *end = strchr(from, '\n');
        assert_non_null(end);
        struct line l = line_at(from, end);
        play_line(&f, &l);
        from = end + 1;
    }
    floor_assert_balanced(&f);
    floor_close(&f);
}

static int on_balance(const struct journal_balance *b, void *context)
{
    (void)context;
    assert_int_equal(b->computed, b->held);
    return 0;
}

void floor_assert_balanced(struct floor *f)
{
    assert_int_equal(journal_balances(f->journal, on_balance, NULL), 0);
}

int floor_run(const char *group, const struct story *stories, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof(*tests));
    if (!tests)
        return -1;
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){stories[i].name, play_story, NULL, NULL,
                                       (void *)(uintptr_t)&stories[i]};
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    return failed;
}
