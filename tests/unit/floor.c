/* SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civil.h"
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

void floor_commit(struct floor *f)
{
    (void)station_commit(f->station);
    while (station_answer(f->station, &f->last) > 0)
        ;
}

void floor_wait(struct floor *f, int64_t ms)
{
    f->now.mono_ms += ms;
    f->now.wall_ms += ms;
}

static void give(struct floor *f, struct station_input *in)
{
    floor_wait(f, FLOOR_STEP_MS);
    assert_int_equal(station_input(f->station, in, &f->now), 0);
    if (!f->holding)
        floor_commit(f);
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
